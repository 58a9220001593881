//! What a disk flush takes on this machine: a kilobyte appended to a file, and flushed.

use super::times::Times;
use super::times::histogram;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::thread;
use std::thread::JoinHandle;
use std::time::Duration;
use std::time::Instant;

const PIECE_BYTES: usize = 1024;

/// Flushes over and over, for so long, with pauses.
pub(crate) fn measure(directory: &Path, long: Duration, pause: Duration) -> Times {
    let start = Instant::now();
    probe(directory, pause, || start.elapsed() < long)
}

/// Flushes on another thread until it is stopped.
#[derive(Debug)]
pub(crate) struct Probe {
    goes_on: Arc<AtomicBool>,
    thread: JoinHandle<Times>,
}

impl Probe {
    pub(crate) fn start(directory: &Path, pause: Duration) -> Self {
        let goes_on = Arc::new(AtomicBool::new(true));
        let (flag, directory) = (goes_on.clone(), directory.to_owned());
        let thread =
            thread::spawn(move || probe(&directory, pause, || flag.load(Ordering::Relaxed)));
        Self { goes_on, thread }
    }

    pub(crate) fn stop(self) -> Times {
        self.goes_on.store(false, Ordering::Relaxed);
        self.thread.join().expect("the probe ends")
    }
}

fn probe(directory: &Path, pause: Duration, goes_on: impl Fn() -> bool) -> Times {
    let path = directory.join("flush-probe");
    let mut file = File::create(&path).expect("a file for flushing");
    let piece = [b'x'; PIECE_BYTES];
    let mut times = histogram();
    while goes_on() {
        let start = Instant::now();
        file.write_all(&piece).expect("written");
        file.sync_data().expect("flushed");
        times.saturating_record(start.elapsed().as_micros() as u64);
        thread::sleep(pause);
    }
    // What cannot be deleted goes with its directory.
    std::fs::remove_file(&path).unwrap_or_default();
    Times::of(&times)
}
