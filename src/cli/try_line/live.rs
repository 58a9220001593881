//! The dial pad in real time, until somebody has heard enough.

use super::draw;
use super::pad::Pad;
use crate::cli::terminal::Screen;
use crate::cli::terminal::leaves;
use crate::cli::terminal::stop_signals;
use crate::exchange::time::Span;
use crate::report::style::Style;
use crossterm::event;
use crossterm::event::Event;
use crossterm::event::KeyCode;
use crossterm::event::KeyEvent;
use crossterm::event::KeyEventKind;
use std::io;
use std::sync::atomic::Ordering;
use std::time::Duration;
use std::time::Instant;
use tokio::runtime::Builder;

/// How often the screen is drawn: tenths of seconds are shown.
const LOOK: Duration = Duration::from_millis(50);
/// A computer that was asleep does not catch up.
const STEP_MAX: Duration = Duration::from_secs(1);

/// Plays a call until asked to leave.
pub(super) fn show(mut pad: Pad, style: Style) -> io::Result<Pad> {
    let runtime = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    let asked = stop_signals(&runtime)?;
    let mut screen = Screen::take()?;
    let mut before = Instant::now();
    while !asked.load(Ordering::Relaxed) {
        let now = Instant::now();
        let passed = now.duration_since(before).min(STEP_MAX);
        before = now;
        pad.pass(Span(passed.as_millis() as u64));
        screen.show(draw::draw(&pad, style, Screen::size()))?;
        if event::poll(LOOK)? {
            match event::read()? {
                Event::Resize(..) => screen.forget(),
                Event::Key(key) if !hear(&mut pad, &key) => break,
                _ => {}
            }
        }
    }
    drop(screen);
    runtime.shutdown_background();
    Ok(pad)
}

/// What a key of the keyboard does; false when it leaves.
fn hear(pad: &mut Pad, key: &KeyEvent) -> bool {
    if key.kind == KeyEventKind::Release {
        return true;
    }
    let typing = pad.answer.is_some();
    match key.code {
        KeyCode::Char(c) if typing && !leaves_typing(key) => pad.type_answer(c),
        KeyCode::Backspace if typing => pad.erase(),
        KeyCode::Enter if typing => pad.give_answer(),
        _ if leaves(key) => return false,
        KeyCode::Char('a') => pad.agent(),
        KeyCode::Char('h') => pad.hang_up(),
        KeyCode::Char('r') => pad.again(),
        KeyCode::Char('>') => pad.faster(),
        KeyCode::Char('<') => pad.slower(),
        KeyCode::Char(c) => {
            pad.complaint = None;
            pad.press(c);
        }
        _ => {}
    }
    true
}

/// While an answer is typed, `q` is a letter.
fn leaves_typing(key: &KeyEvent) -> bool {
    leaves(key) && !key.modifiers.is_empty()
}
