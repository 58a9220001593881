//! Who may draw, and when to stop.

use crossterm::event::KeyCode;
use crossterm::event::KeyEvent;
use crossterm::event::KeyEventKind;
use crossterm::event::KeyModifiers;
use std::env;
use std::io;
use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::signal::unix::SignalKind;
use tokio::signal::unix::signal;
use tokio::time::sleep;

/// Whether there is a terminal to draw `what` on; if not, why.
pub(in crate::cli) fn can_draw(what: &str) -> Result<(), String> {
    if !io::stdout().is_terminal() {
        Err(format!("{what} needs a terminal"))
    } else if env::var_os("TERM").is_some_and(|term| term == "dumb") {
        Err(format!("a dumb terminal cannot show {what}"))
    } else {
        Ok(())
    }
}

/// Whether a key ends a program that takes the whole terminal.
pub(in crate::cli) fn leaves(key: &KeyEvent) -> bool {
    let held = key.modifiers.contains(KeyModifiers::CONTROL);
    let leaves = match key.code {
        KeyCode::Esc | KeyCode::Char('q' | 'Q') => true,
        KeyCode::Char('c' | 'd') => held,
        _ => false,
    };
    leaves && key.kind == KeyEventKind::Press
}

/// How often it is looked whether the terminal is still there.
const LOOK: Duration = Duration::from_secs(1);
/// How long there is to give it back.
const GRACE: Duration = Duration::from_secs(1);

/// Becomes true when the system asks to end, so that the terminal is given back first, or when the terminal
/// is gone. Soon after that the program ends in any case: reading keys of a terminal that is gone may never
/// return.
pub(in crate::cli) fn stop_signals(runtime: &Runtime) -> io::Result<Arc<AtomicBool>> {
    let asked = Arc::new(AtomicBool::new(false));
    let _guard = runtime.enter();
    for kind in [
        SignalKind::terminate(),
        SignalKind::hangup(),
        SignalKind::interrupt(),
    ] {
        let (mut signal, asked) = (signal(kind)?, asked.clone());
        runtime.spawn(async move {
            signal.recv().await;
            ends(&asked).await;
        });
    }
    let gone = asked.clone();
    runtime.spawn(async move {
        while io::stdout().is_terminal() {
            sleep(LOOK).await;
        }
        ends(&gone).await;
    });
    Ok(asked)
}

async fn ends(asked: &AtomicBool) {
    asked.store(true, Ordering::Relaxed);
    sleep(GRACE).await;
    std::process::exit(0);
}
