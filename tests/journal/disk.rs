//! What only the journal on a disk can be asked.

use crate::sample::BALLAST_BYTES;
use crate::sample::cdr;
use crate::sample::delivery;
use crate::sample::grow;
use crate::sample::listed;
use crate::sample::message;
use crate::sample::recording;
use crate::sample::snapshot;
use crate::sample::tail;
use crate::sample::temporary;
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use strowger::daemon::journal::Journal;
use strowger::daemon::journal::Position;
use strowger::daemon::journal::error::JournalError;
use strowger::daemon::journal::rows::CdrRow;
use strowger::daemon::journal::rows::Rows;
use strowger::daemon::journal::sqlite::DATABASE;
use strowger::daemon::journal::sqlite::FORMAT;
use strowger::daemon::journal::sqlite::SqliteJournal;

fn try_open(directory: &Path) -> Result<SqliteJournal, JournalError> {
    SqliteJournal::open_with_ballast(directory, BALLAST_BYTES)
}

fn open(directory: &Path) -> SqliteJournal {
    try_open(directory).expect("a journal")
}

fn database(directory: &Path) -> Connection {
    Connection::open(directory.join(DATABASE)).expect("a database")
}

/// The names of the snapshot files.
fn snapshots(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).expect("a directory");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    let names = names.map(|name| name.to_string_lossy().into_owned());
    let mut names: Vec<_> = names.filter(|name| name.starts_with("snapshot")).collect();
    names.sort();
    names
}

#[test]
fn a_journal_of_the_first_format_is_upgraded_with_everything_in_it() {
    let directory = temporary();
    let old = database(directory.path());
    old.execute_batch(include_str!("format-1.sql"))
        .expect("the old format");
    drop(old);
    let mut journal = open(directory.path());
    assert_eq!(journal.end(), Position(4));
    let entries = tail(&mut journal, 0);
    let second = r#"{"at":20,"arrived":{"call":"a2","line":"Zahnärzte"}}"#;
    assert_eq!(entries[1], (2, second.to_owned()));
    let cdrs = journal.recent_cdrs(9).expect("readable");
    let calls: Vec<_> = cdrs.iter().map(|row| row.call.as_str()).collect();
    assert_eq!(calls, ["a2", "a1"]);
    assert_eq!(cdrs[0].agent, None);
    assert_eq!(cdrs[1].agent.as_deref(), Some("eva"));
    assert_eq!((cdrs[1].talk_ms, cdrs[1].menus_version), (7000, 0));
    assert_eq!(cdrs[1].detail, None);
    let rows = Rows {
        cdrs: vec![cdr(5, 0)],
        messages: vec![message(5)],
        ..Rows::default()
    };
    grow(&mut journal, 1, &rows);
    drop(journal);
    let mut journal = open(directory.path());
    assert_eq!(journal.cdr_count(), Ok(3));
    assert_eq!(journal.messages(9), Ok(vec![message(5)]));
}

#[test]
fn a_journal_from_before_tickets_is_upgraded_with_everything_in_it() {
    let directory = temporary();
    let mut journal = open(directory.path());
    let rows = Rows {
        cdrs: vec![cdr(2, 0)],
        messages: vec![message(3)],
        ..Rows::default()
    };
    grow(&mut journal, 3, &rows);
    drop(journal);
    let old = database(directory.path());
    old.execute_batch("DROP TABLE delivery").expect("written");
    forget_recordings(&old, 3);
    drop(old);
    let mut journal = open(directory.path());
    assert_eq!(journal.end(), Position(3));
    assert_eq!(journal.cdr_count(), Ok(1));
    assert_eq!(journal.messages(9), Ok(vec![message(3)]));
    assert_eq!(journal.outstanding(), Ok(BTreeMap::new()));
    let rows = Rows {
        deliveries: vec![delivery(4, 10)],
        ..Rows::default()
    };
    grow(&mut journal, 1, &rows);
    drop(journal);
    let mut journal = open(directory.path());
    assert_eq!(journal.deliveries(9), Ok(vec![delivery(4, 10)]));
}

/// Makes an older format of the newest: one from before conversations were recorded, and details told.
fn forget_recordings(database: &Connection, format: u32) {
    let older = "DROP TABLE recording; ALTER TABLE cdr DROP COLUMN detail; ALTER TABLE cdr DROP COLUMN consent; \
                 ALTER TABLE cdr DROP COLUMN recordings";
    database.execute_batch(older).expect("written");
    database
        .pragma_update(None, "user_version", format)
        .expect("written");
}

#[test]
fn a_journal_from_before_recordings_is_upgraded_with_everything_in_it() {
    let directory = temporary();
    let mut journal = open(directory.path());
    let rows = Rows {
        cdrs: vec![cdr(2, 0)],
        deliveries: vec![delivery(2, 10)],
        ..Rows::default()
    };
    grow(&mut journal, 2, &rows);
    drop(journal);
    let old = database(directory.path());
    forget_recordings(&old, 4);
    drop(old);
    let mut journal = open(directory.path());
    assert_eq!(journal.end(), Position(2));
    let unasked = CdrRow {
        detail: None,
        consent: None,
        recordings: 0,
        ..cdr(2, 0)
    };
    assert_eq!(journal.recent_cdrs(9), Ok(vec![unasked]));
    assert_eq!(journal.deliveries(9), Ok(vec![delivery(2, 10)]));
    let rows = Rows {
        recordings: vec![recording(3, false)],
        ..Rows::default()
    };
    grow(&mut journal, 1, &rows);
    drop(journal);
    let mut journal = open(directory.path());
    assert_eq!(journal.recordings(9), Ok(vec![recording(3, false)]));
}

#[test]
fn a_newer_format_is_refused() {
    let directory = temporary();
    drop(open(directory.path()));
    let newer = FORMAT + 1;
    database(directory.path())
        .pragma_update(None, "user_version", newer)
        .expect("written");
    let refused = JournalError::TooNew {
        found: newer,
        known: FORMAT,
    };
    assert_eq!(try_open(directory.path()).err(), Some(refused));
}

#[test]
fn what_is_no_journal_is_refused() {
    let strangers = temporary();
    database(strangers.path())
        .execute_batch("CREATE TABLE songs (title TEXT)")
        .expect("written");
    let refused = try_open(strangers.path()).err();
    assert!(
        matches!(refused, Some(JournalError::Corrupt(_))),
        "{refused:?}"
    );
    let text = temporary();
    fs::write(text.path().join(DATABASE), "not a database\n".repeat(99)).expect("written");
    let refused = try_open(text.path()).err();
    assert!(
        matches!(refused, Some(JournalError::Corrupt(_))),
        "{refused:?}"
    );
}

#[test]
fn another_writer_is_noticed_and_a_reader_is_welcome() {
    let directory = temporary();
    let mut journal = open(directory.path());
    grow(&mut journal, 2, &Rows::default());
    let other = database(directory.path());
    let count: i64 = other
        .query_row("SELECT count(*) FROM log", (), |row| row.get(0))
        .expect("readable while the journal is open");
    assert_eq!(count, 2);
    other.execute_batch("BEGIN IMMEDIATE").expect("locked");
    let busy = journal.append(Position(2), &["{}".to_owned()]);
    assert_eq!(busy, Err(JournalError::Busy));
    other
        .execute_batch("INSERT INTO log VALUES (3, '{\"entry\":3}'); COMMIT")
        .expect("written");
    let conflict = JournalError::Conflict {
        expected: Position(2),
        found: Position(3),
    };
    assert_eq!(
        journal.append(Position(2), &["{}".to_owned()]),
        Err(conflict)
    );
    assert_eq!(tail(&mut journal, 0), listed(1..4));
    assert_eq!(grow(&mut journal, 1, &Rows::default()), Position(4));
}

#[test]
fn a_missing_entry_is_found() {
    let directory = temporary();
    let mut journal = open(directory.path());
    grow(&mut journal, 5, &Rows::default());
    drop(journal);
    database(directory.path())
        .execute("DELETE FROM log WHERE position = 3", ())
        .expect("deleted");
    let mut journal = open(directory.path());
    let missing = journal.tail(Position::START, &mut |_, _| Ok(()));
    let expected = JournalError::Corrupt("entry 3 is missing".to_owned());
    assert_eq!(missing, Err(expected));
}

#[test]
fn only_registered_snapshots_have_files_and_a_damaged_one_is_passed_over() {
    let directory = temporary();
    let mut journal = open(directory.path());
    let mut kept = Vec::new();
    for content in ["one", "two", "three"] {
        grow(&mut journal, 1, &Rows::default());
        kept.push(snapshot(&mut journal, content));
    }
    journal.tidy().expect("tidy");
    let files = ["snapshot-2.json", "snapshot-3.json"];
    assert_eq!(snapshots(directory.path()), files);
    drop(journal);
    for stray in ["snapshot-9.json", "snapshot-4.unfinished"] {
        fs::write(directory.path().join(stray), "half").expect("written");
    }
    let damaged = directory.path().join("snapshot-3.json");
    let bytes = fs::read(&damaged).expect("a snapshot");
    fs::write(&damaged, &bytes[..bytes.len() - 1]).expect("written");
    let mut journal = open(directory.path());
    assert_eq!(snapshots(directory.path()), files);
    let before = kept.swap_remove(1);
    assert_eq!(journal.newest_snapshot(), Ok(Some(before)));
    assert_eq!(tail(&mut journal, 2), listed(3..4));
    fs::write(directory.path().join("snapshot-2.json"), "").expect("written");
    let none = journal.newest_snapshot().expect_err("none").to_string();
    assert!(
        none.contains("the log begins at 2 and no snapshot"),
        "{none}"
    );
    assert!(none.contains("snapshot-2.json: "), "{none}");
}

#[test]
fn the_ballast_takes_room_while_it_is_held() {
    let directory = temporary();
    let ballast = directory.path().join("ballast");
    let length = || fs::metadata(&ballast).map(|metadata| metadata.len()).ok();
    let mut journal = open(directory.path());
    assert_eq!(length(), Some(BALLAST_BYTES));
    assert!(journal.release_ballast());
    assert_eq!(length(), None);
    drop(journal);
    drop(open(directory.path()));
    assert_eq!(length(), Some(BALLAST_BYTES));
}

#[test]
fn nothing_is_written_for_the_ballast_where_twice_its_size_is_not_free() {
    let directory = temporary();
    let ballast = directory.path().join("ballast");
    let mut journal =
        SqliteJournal::open_with_ballast(directory.path(), 1 << 60).expect("a journal");
    assert!(!ballast.exists());
    // A part of it, of a start that was killed, is let go of.
    fs::write(&ballast, "torn").expect("written");
    for _ in 0..3 {
        assert!(!journal.restore_ballast());
        assert!(
            !ballast.exists(),
            "what little room there is is left to others"
        );
    }
}

#[test]
fn tidying_keeps_the_write_ahead_log_short() {
    let directory = temporary();
    let mut journal = open(directory.path());
    let long = "x".repeat(100_000);
    for _ in 0..150 {
        let end = journal.end();
        let entry = std::slice::from_ref(&long);
        journal.append(end, entry).expect("staged");
        journal.commit(&Rows::default()).expect("durable");
        journal.tidy().expect("tidy");
    }
    let write_ahead = directory.path().join(format!("{DATABASE}-wal"));
    let length = fs::metadata(write_ahead).expect("a file").len();
    assert!(length < 6_000_000, "{length} bytes of 15 MB written");
}
