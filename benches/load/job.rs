//! What a driver is told to do, and what it reports: JSON, in an argument and on standard output.

use super::hold;
use super::hold::Hold;
use super::surge;
use super::surge::Surge;
use serde::Deserialize;
use serde::Serialize;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;

/// The argument before a job.
const DRIVE: &str = "--drive";

/// What to do to a daemon.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Job {
    /// Hold calls and press keys.
    Hold(Hold),
    /// Offer more calls than it can take.
    Surge(Surge),
}

/// Where the daemon is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Target {
    /// Its process.
    pub(crate) pid: u32,
    /// Where it speaks JSON lines.
    pub(crate) lines: SocketAddr,
    /// A directory on its journal's disk.
    pub(crate) disk: PathBuf,
}

/// A time as it was distributed, in milliseconds.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Times {
    /// How many.
    pub(crate) count: u64,
    /// The median.
    pub(crate) p50_ms: f64,
    /// 99 of 100 took at most this.
    pub(crate) p99_ms: f64,
    /// 999 of 1000 took at most this.
    pub(crate) p999_ms: f64,
    /// The longest.
    pub(crate) max_ms: f64,
}

impl Times {
    /// The figures of a histogram of microseconds.
    pub(crate) fn of(histogram: &hdrhistogram::Histogram<u64>) -> Self {
        let ms = |quantile| histogram.value_at_quantile(quantile) as f64 / 1000.0;
        Self {
            count: histogram.len(),
            p50_ms: ms(0.5),
            p99_ms: ms(0.99),
            p999_ms: ms(0.999),
            max_ms: histogram.max() as f64 / 1000.0,
        }
    }
}

/// An empty histogram of microseconds, to three digits, up to ten minutes.
pub(crate) fn histogram() -> hdrhistogram::Histogram<u64> {
    hdrhistogram::Histogram::new_with_max(600_000_000, 3).expect("bounds that make sense")
}

/// Does the job that this process was started for, if it was.
pub(crate) fn drive() -> bool {
    let mut arguments = std::env::args().skip_while(|argument| argument != DRIVE);
    let Some(job) = arguments.nth(1) else {
        return false;
    };
    let job: Job = serde_json::from_str(&job).expect("a job");
    let report = match job {
        Job::Hold(job) => serde_json::to_string(&hold::run(&job)),
        Job::Surge(job) => serde_json::to_string(&surge::run(&job)),
    };
    println!("{}", report.expect("a report is plain data"));
    true
}

/// Has another process do a job, pinned to a core if that is possible.
pub(crate) fn give<Report: for<'a> Deserialize<'a>>(job: &Job, core: Option<usize>) -> Report {
    let job = serde_json::to_string(job).expect("a job is plain data");
    let this = std::env::current_exe().expect("this program has a path");
    let mut command = pinned(core, this.as_os_str());
    let command = command.args([DRIVE, &job]).stdout(Stdio::piped());
    let output = command
        .spawn()
        .and_then(std::process::Child::wait_with_output);
    let output = output.expect("the driver runs");
    assert!(output.status.success(), "the driver failed");
    serde_json::from_slice(&output.stdout).expect("a report")
}

/// A program on one core.
pub(crate) fn pinned(core: Option<usize>, program: &std::ffi::OsStr) -> Command {
    let Some(core) = core else {
        return Command::new(program);
    };
    let mut command = Command::new("taskset");
    command.args(["--cpu-list", &core.to_string()]).arg(program);
    command
}
