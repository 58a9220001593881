//! Damage to the files of a journal is told from what a crash leaves.

use crate::sample::BALLAST_BYTES;
use crate::sample::cdr;
use crate::sample::grow;
use crate::sample::listed;
use crate::sample::message;
use crate::sample::snapshot;
use crate::sample::survey;
use crate::sample::tail;
use crate::sample::temporary;
use proptest::prelude::RngExt as _;
use proptest::test_runner::RngAlgorithm;
use proptest::test_runner::TestRng;
use std::fs;
use std::path::Path;
use strowger::daemon::journal::Journal;
use strowger::daemon::journal::Position;
use strowger::daemon::journal::error::JournalError;
use strowger::daemon::journal::rows::Rows;
use strowger::daemon::journal::sqlite::DATABASE;
use strowger::daemon::journal::sqlite::SqliteJournal;

const LOG: &str = "journal.db-wal";
const INDEX: &str = "journal.db-shm";

fn try_open(directory: &Path) -> Result<SqliteJournal, JournalError> {
    SqliteJournal::open_with_ballast(directory, BALLAST_BYTES)
}

fn open(directory: &Path) -> SqliteJournal {
    try_open(directory).expect("a journal")
}

const COMMITS: u64 = 30;

/// How many entries a commit has in these tests.
fn batch(number: u64) -> u64 {
    number % 5 + 1
}

/// What is left of a journal must be some first commits, whole; says how many, or how it is refused.
fn commits_left(directory: &Path) -> Result<u64, String> {
    let mut journal = match try_open(directory) {
        Err(damage @ JournalError::Corrupt(_)) => return Err(damage.to_string()),
        opened => opened.expect("a journal"),
    };
    let commits = journal.cdr_count().expect("readable");
    let entries: u64 = (0..commits).map(batch).sum();
    assert_eq!(journal.end(), Position(entries), "{commits} commits");
    assert_eq!(tail(&mut journal, 0), listed(1..entries + 1));
    Ok(commits)
}

/// The files of a journal whose process was killed after some commits.
struct Killed {
    database: Vec<u8>,
    log: Vec<u8>,
    index: Vec<u8>,
}

impl Killed {
    fn new() -> Self {
        let directory = temporary();
        let mut journal = open(directory.path());
        for number in 0..COMMITS {
            let rows = Rows {
                cdrs: vec![cdr(journal.end().0 + 1, 0)],
                ..Rows::default()
            };
            grow(&mut journal, batch(number), &rows);
        }
        let read = |name: &str| fs::read(directory.path().join(name)).expect("a file");
        Self {
            database: read(DATABASE),
            log: read(LOG),
            index: read(INDEX),
        }
    }

    /// What is left of it with this log, and with the index or without.
    fn left_of(&self, log: Option<&[u8]>, with_index: bool) -> Result<u64, String> {
        let copy = temporary();
        let write = |name: &str, bytes: &[u8]| {
            fs::write(copy.path().join(name), bytes).expect("written");
        };
        write(DATABASE, &self.database);
        if let Some(log) = log {
            write(LOG, log);
        }
        if with_index {
            write(INDEX, &self.index);
        }
        commits_left(copy.path())
    }

    /// The log with a bit of this byte turned.
    fn changed(&self, place: usize) -> Vec<u8> {
        let mut changed = self.log.clone();
        changed[place] ^= 1 << (place % 8);
        changed
    }
}

#[test]
fn a_write_ahead_log_that_was_cut_leaves_whole_commits() {
    let killed = Killed::new();
    assert_eq!(killed.left_of(Some(&killed.log), false), Ok(COMMITS));
    assert_eq!(killed.left_of(Some(&[]), false), Ok(0));
    let mut random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut seen: Vec<u64> = (0..30)
        .map(|_| {
            let cut = &killed.log[..random.random_range(0..killed.log.len())];
            killed.left_of(Some(cut), false).expect("a shorter log")
        })
        .collect();
    seen.sort_unstable();
    seen.dedup();
    assert!(seen.len() > 10, "the cuts fell everywhere: {seen:?}");
}

#[test]
fn a_damaged_write_ahead_log_is_never_taken_for_a_shorter_one() {
    let killed = Killed::new();
    let mut random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut refused = 0;
    for _ in 0..60 {
        let place = random.random_range(0..killed.log.len());
        match killed.left_of(Some(&killed.changed(place)), false) {
            Err(why) => {
                assert!(why.contains("journal.db-wal "), "{why}");
                refused += 1;
            }
            // The last commit may be one that a power cut has torn.
            Ok(left) => assert!(left + 1 >= COMMITS, "{left} left after byte {place}"),
        }
    }
    assert!(refused > 40, "only {refused} refused");
}

#[test]
fn what_the_index_counts_must_be_there() {
    let killed = Killed::new();
    assert_eq!(killed.left_of(Some(&killed.log), true), Ok(COMMITS));
    let after = |log: Option<&[u8]>| killed.left_of(log, true).expect_err("damage");
    let last = killed.log.len() - 1;
    for log in [&killed.changed(last)[..], &killed.log[..last]] {
        let why = after(Some(log));
        assert!(why.contains("and later commits were in it"), "{why}");
    }
    let damaged = |what: &str| {
        format!("the journal is damaged ({LOG} {what}): restore its directory from a copy")
    };
    assert_eq!(after(None), damaged("is missing"));
    for cut in [0, 31] {
        assert_eq!(after(Some(&killed.log[..cut])), damaged("is empty"));
    }
    assert_eq!(
        after(Some(&killed.changed(9))),
        damaged("has no readable header")
    );
    // One that was torn itself counts nothing.
    let torn = Killed {
        index: killed.index[..90].to_vec(),
        ..killed
    };
    assert!(torn.left_of(Some(&torn.log[..last]), true).is_ok());
}

#[test]
fn commits_over_the_remains_of_a_killed_one_are_no_damage() {
    let killed = Killed::new();
    // Killed before the last page of a commit was written, twice.
    let mut log = killed.log.clone();
    for _ in 0..2 {
        let directory = temporary();
        let write = |name: &str, bytes: &[u8]| {
            fs::write(directory.path().join(name), bytes).expect("written");
        };
        write(DATABASE, &killed.database);
        let page = log.len() - 10;
        log[page] ^= 1;
        write(LOG, &log);
        let mut journal = open(directory.path());
        let before = journal.end();
        let end = grow(&mut journal, 1, &Rows::default());
        assert_eq!(end, before.plus(1));
        log = fs::read(directory.path().join(LOG)).expect("a log");
        let copy = temporary();
        fs::write(copy.path().join(DATABASE), &killed.database).expect("written");
        fs::write(copy.path().join(LOG), &log).expect("written");
        assert_eq!(open(copy.path()).end(), end);
    }
}

#[test]
fn a_database_that_was_cut_is_refused() {
    let directory = temporary();
    let mut journal = open(directory.path());
    let long = vec!["x".repeat(3000); 40];
    let write = |journal: &mut SqliteJournal| {
        let end = journal.end();
        journal.append(end, &long).expect("staged");
        journal.commit(&Rows::default()).expect("durable");
    };
    write(&mut journal);
    drop(journal);
    let mut journal = open(directory.path());
    write(&mut journal);
    let copy = temporary();
    for name in [DATABASE, LOG, INDEX] {
        let from = directory.path().join(name);
        fs::copy(from, copy.path().join(name)).expect("copied");
    }
    assert_eq!(open(copy.path()).end(), Position(80));
    for cut in [4096, 5 * 4096 + 1] {
        let file = fs::File::options()
            .write(true)
            .open(directory.path().join(DATABASE));
        let file = file.expect("a database");
        let length = file.metadata().expect("a length").len();
        file.set_len(length - cut).expect("cut");
        let copy = temporary();
        for name in [DATABASE, LOG, INDEX] {
            let from = directory.path().join(name);
            fs::copy(from, copy.path().join(name)).expect("copied");
        }
        let why = try_open(copy.path()).expect_err("damage").to_string();
        assert!(why.contains("journal.db is shorter than it was"), "{why}");
    }
}

#[test]
fn a_journal_without_its_database_does_not_begin_anew() {
    let directory = temporary();
    let mut journal = open(directory.path());
    grow(&mut journal, 3, &Rows::default());
    snapshot(&mut journal, "three");
    drop(journal);
    let at = |name: &str| directory.path().join(name);
    let refused = || try_open(directory.path()).expect_err("damage").to_string();
    let damaged =
        |what: &str| format!("the journal is damaged ({what}): restore its directory from a copy");
    fs::write(at(DATABASE), "").expect("written");
    let snapshot = "snapshot-3.json lies beside it";
    assert_eq!(
        refused(),
        damaged(&format!("journal.db is empty, and {snapshot}"))
    );
    fs::remove_file(at(DATABASE)).expect("deleted");
    assert_eq!(
        refused(),
        damaged(&format!("journal.db is missing, and {snapshot}"))
    );
    fs::remove_file(at("snapshot-3.json")).expect("deleted");
    assert_eq!(
        refused(),
        damaged("journal.db is missing, and ballast lies beside it")
    );
    fs::remove_file(at("ballast")).expect("deleted");
    fs::write(at(LOG), "x").expect("written");
    assert_eq!(
        refused(),
        damaged("journal.db is missing, and journal.db-wal lies beside it")
    );
    fs::remove_file(at(LOG)).expect("deleted");
    assert_eq!(open(directory.path()).end(), Position(0));
}

#[test]
fn a_journal_whose_log_is_gone_with_its_index_does_not_begin_anew() {
    // Nothing has been moved into the database yet.
    let killed = Killed::new();
    let directory = temporary();
    let at = |name: &str| directory.path().join(name);
    fs::write(at(DATABASE), &killed.database).expect("written");
    fs::write(at("ballast"), "x").expect("written");
    for _ in 0..2 {
        assert_eq!(
            try_open(directory.path()).expect_err("damage").to_string(),
            "the journal is damaged (journal.db is blank, and ballast lies beside it): restore its \
             directory from a copy"
        );
    }
    // Killed before its first commit: there was no ballast yet.
    fs::remove_file(at("ballast")).expect("deleted");
    fs::write(at(LOG), &killed.log[..100]).expect("written");
    assert_eq!(open(directory.path()).end(), Position(0));
}

#[test]
fn no_page_of_the_database_can_be_damaged_unseen() {
    const PAGE: usize = 4096;
    let directory = temporary();
    let mut journal = open(directory.path());
    let after = journal.end().0;
    let rows = Rows {
        cdrs: (1..=100).map(|number| cdr(after + 1, number)).collect(),
        messages: (1..=50).map(|more| message(after + more)).collect(),
        surveys: (1..=50).map(|more| survey(after + more, None)).collect(),
        ..Rows::default()
    };
    grow(&mut journal, 50, &rows);
    drop(journal);
    let whole = fs::read(directory.path().join(DATABASE)).expect("a database");
    for page in 0..whole.len() / PAGE {
        let mut bytes = whole.clone();
        bytes[page * PAGE..][..PAGE].fill(0xA5);
        let copy = temporary();
        fs::write(copy.path().join(DATABASE), bytes).expect("written");
        let refused = try_open(copy.path()).err();
        let is_found = matches!(refused, Some(JournalError::Corrupt(_)));
        assert!(is_found, "page {page}: {refused:?}");
    }
}
