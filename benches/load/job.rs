//! What a driver is told to do, and what it reports: JSON, in an argument and on standard output.

use super::daemon::pinned;
use super::hold;
use super::hold::Hold;
use super::surge;
use super::surge::Surge;
use serde::Deserialize;
use serde::Serialize;
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
