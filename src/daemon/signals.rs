//! Signals of the operating system: which ask the daemon to stop, and which it outlives.

use super::log;
use rustix::process::Resource;
use rustix::process::getrlimit;
use std::io;
use tokio::signal::unix::Signal;
use tokio::signal::unix::SignalKind;
use tokio::signal::unix::signal;

/// What ends other programs and means nothing here.
const MEANINGLESS: [(SignalKind, &str); 3] = [
    (SignalKind::hangup(), "SIGHUP"),
    (SignalKind::user_defined1(), "SIGUSR1"),
    (SignalKind::user_defined2(), "SIGUSR2"),
];

/// Has this process outlive the signals that are no request to stop. A write beyond the longest file that the
/// system allows is an error then, as on a full disk, and not the end without a word.
///
/// # Errors
/// As of the operating system.
pub fn outlive() -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()?;
    let _inside = runtime.enter();
    let too_long = SignalKind::from_raw(rustix::process::Signal::XFSZ.as_raw());
    for kind in MEANINGLESS
        .map(|(kind, _)| kind)
        .into_iter()
        .chain([too_long])
    {
        // Taken for good, whoever listens.
        drop(signal(kind)?);
    }
    if let Some(bytes) = getrlimit(Resource::Fsize).current {
        log::say(format_args!(
            "no file may be longer than {} MB (ulimit -f, LimitFSIZE): the daemon ends when the journal gets there",
            bytes / 1_000_000
        ));
    }
    Ok(())
}

/// Requests to stop.
#[derive(Debug)]
pub(super) struct Stop {
    terminate: Signal,
    interrupt: Signal,
}

impl Stop {
    pub(super) fn new() -> io::Result<Self> {
        for (kind, name) in MEANINGLESS {
            let mut heard = signal(kind)?;
            tokio::spawn(async move {
                while heard.recv().await.is_some() {
                    log::say(format_args!(
                        "{name} means nothing here: menus are taken up by `strowger publish`, SIGTERM stops"
                    ));
                }
            });
        }
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// The next one; its name.
    pub(super) async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }
}
