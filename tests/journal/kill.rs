//! A process that is killed in the middle of its work has lost nothing of which it said that it was
//! durable.

use crate::sample::BALLAST_BYTES;
use crate::sample::cdr;
use crate::sample::grow;
use crate::sample::listed;
use crate::sample::snapshot;
use crate::sample::tail;
use crate::sample::temporary;
use std::io::BufRead as _;
use std::io::BufReader;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::process::Stdio;
use strowger::daemon::journal::Journal;
use strowger::daemon::journal::rows::Rows;
use strowger::daemon::journal::sqlite::SqliteJournal;

/// Tells the process that is to be killed where to write.
const DIRECTORY: &str = "STROWGER_TEST_KILLED";
/// What it says of each commit, before the position.
const DURABLE: &str = "durable ";

fn open(directory: &Path) -> SqliteJournal {
    SqliteJournal::open_with_ballast(directory, BALLAST_BYTES).expect("a journal")
}

/// Does nothing as a test: the other test runs it in a process of its own.
#[test]
fn write_until_killed() {
    let Some(directory) = std::env::var_os(DIRECTORY) else {
        return;
    };
    let mut journal = open(Path::new(&directory));
    for number in 0..10_000_u64 {
        let rows = Rows {
            cdrs: vec![cdr(journal.end().0 + 1, 0)],
            ..Rows::default()
        };
        let end = grow(&mut journal, number % 5 + 1, &rows);
        if number % 16 == 15 {
            snapshot(&mut journal, &end.to_string());
        }
        // Not `println!`, which the test harness would keep to itself.
        writeln!(std::io::stdout(), "\n{DURABLE}{end}").expect("somebody listens");
    }
}

/// The position after which so many commits have been reported; the process is dead then.
fn killed_after(commits: usize, directory: &Path) -> u64 {
    let program = std::env::current_exe().expect("this program");
    let mut writer = Command::new(program)
        .args(["--exact", "kill::write_until_killed", "--nocapture"])
        .env(DIRECTORY, directory)
        .stdout(Stdio::piped())
        .spawn()
        .expect("a process");
    let output = BufReader::new(writer.stdout.take().expect("its output"));
    let lines = output.lines().map(|line| line.expect("text"));
    let mut durable = lines.filter_map(|line| line.strip_prefix(DURABLE)?.parse().ok());
    // Its output stays open, so that it is the kill that ends it.
    let last = durable.by_ref().take(commits).last();
    writer.kill().expect("killed");
    writer.wait().expect("dead");
    last.expect("a commit")
}

#[test]
fn nothing_durable_is_lost_to_a_kill() {
    let directory = temporary();
    for commits in [1, 7, 50, 23, 2, 90] {
        let durable = killed_after(commits, directory.path());
        let mut journal = open(directory.path());
        let end = journal.end().0;
        assert!(end >= durable, "{durable} was durable, {end} is there");
        let from = match journal.newest_snapshot().expect("readable") {
            None => 0,
            Some(snapshot) => {
                let position = snapshot.position;
                assert_eq!(snapshot.content, position.to_string().as_bytes());
                position.0
            }
        };
        assert_eq!(tail(&mut journal, from), listed(from + 1..end + 1));
    }
}
