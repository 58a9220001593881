//! Journals, entries and rows to test with.

use crate::temporary::Temporary;
use strowger::daemon::journal::Journal;
use strowger::daemon::journal::Position;
use strowger::daemon::journal::error::JournalError;
use strowger::daemon::journal::memory::Disk;
use strowger::daemon::journal::memory::MemoryJournal;
use strowger::daemon::journal::rows::CdrRow;
use strowger::daemon::journal::rows::DeliveryRow;
use strowger::daemon::journal::rows::MessageRow;
use strowger::daemon::journal::rows::Published;
use strowger::daemon::journal::rows::PublishedFile;
use strowger::daemon::journal::rows::RecordingRow;
use strowger::daemon::journal::rows::Rows;
use strowger::daemon::journal::rows::ShedRow;
use strowger::daemon::journal::rows::SurveyRow;
use strowger::daemon::journal::snapshot::Snapshot;
use strowger::daemon::journal::sqlite::SqliteJournal;

/// Little, so that tests are quick.
pub(crate) const BALLAST_BYTES: u64 = 4096;

/// Where a journal can be opened again and again.
#[derive(Debug)]
pub(crate) enum Place {
    Memory(Disk),
    Directory(Temporary),
}

impl Place {
    pub(crate) fn try_open(&self) -> Result<Box<dyn Journal>, JournalError> {
        Ok(match self {
            Self::Memory(disk) => Box::new(MemoryJournal::open(disk)?),
            Self::Directory(directory) => Box::new(SqliteJournal::open_with_ballast(
                directory.path(),
                BALLAST_BYTES,
            )?),
        })
    }

    pub(crate) fn open(&self) -> Box<dyn Journal> {
        self.try_open().expect("a journal")
    }
}

/// A directory for one test.
pub(crate) fn temporary() -> Temporary {
    Temporary::new(&std::env::temp_dir())
}

/// Runs a test in both kinds of places.
pub(crate) fn everywhere(test: impl Fn(&Place)) {
    test(&Place::Memory(Disk::default()));
    test(&Place::Directory(temporary()));
}

/// The entries with these numbers.
pub(crate) fn entries(numbers: std::ops::Range<u64>) -> Vec<String> {
    numbers
        .map(|number| format!("{{\"entry\":{number}}}"))
        .collect()
}

/// Appends and commits so many entries, each with its position in it.
pub(crate) fn grow(journal: &mut dyn Journal, count: u64, rows: &Rows) -> Position {
    let after = journal.end();
    let first = after.0 + 1;
    let end = journal.append(after, &entries(first..first + count));
    journal.commit(rows).expect("durable");
    end.expect("staged")
}

/// Everything after a place.
pub(crate) fn tail(journal: &mut dyn Journal, after: u64) -> Vec<(u64, String)> {
    let mut found = Vec::new();
    let mut each = |position: Position, entry: &str| {
        found.push((position.0, entry.to_owned()));
        Ok(())
    };
    journal.tail(Position(after), &mut each).expect("readable");
    found
}

/// What [`tail`] gives when the entries with these numbers are there.
pub(crate) fn listed(numbers: std::ops::Range<u64>) -> Vec<(u64, String)> {
    numbers.clone().zip(entries(numbers)).collect()
}

/// Writes a snapshot of the log's end and has it registered.
pub(crate) fn snapshot(journal: &mut dyn Journal, content: &str) -> Snapshot {
    let snapshot = Snapshot {
        position: journal.end(),
        content: content.as_bytes().to_vec(),
    };
    let written = journal.snapshot_sink().write(&snapshot).expect("written");
    journal.keep_snapshot(written);
    journal.commit(&Rows::default()).expect("durable");
    snapshot
}

pub(crate) fn cdr(position: u64, number: u32) -> CdrRow {
    CdrRow {
        position: Position(position),
        number,
        call: format!("call-{position}-{number}"),
        bridge: "asterisk".to_owned(),
        line: "Clinic".to_owned(),
        caller: None,
        agent: Some("eva".to_owned()),
        queue: Some("desk".to_owned()),
        started_ms: 1_764_000_000_000,
        ended_ms: 1_764_000_060_000,
        wait_ms: 1_500,
        talk_ms: 40_000,
        outcome: "answered".to_owned(),
        detail: Some("why".to_owned()),
        menus_version: 3,
        consent: Some("agreed".to_owned()),
        recordings: 1,
    }
}

pub(crate) fn message(position: u64) -> MessageRow {
    MessageRow {
        position: Position(position),
        number: 0,
        call: format!("call-{position}"),
        line: "Clinic".to_owned(),
        mailbox: "night".to_owned(),
        caller: Some("+441632960001".to_owned()),
        recording: None,
        length_ms: 12_000,
        at_ms: 1_764_000_060_000,
    }
}

pub(crate) fn survey(position: u64, answer: Option<u8>) -> SurveyRow {
    SurveyRow {
        position: Position(position),
        number: 0,
        call: format!("call-{position}"),
        line: "Clinic".to_owned(),
        survey: "csat".to_owned(),
        question: "satisfaction".to_owned(),
        answer,
        agent: Some("eva".to_owned()),
        at_ms: 1_764_000_060_000,
    }
}

pub(crate) fn recording(position: u64, failed: bool) -> RecordingRow {
    RecordingRow {
        position: Position(position),
        number: 0,
        recording: format!("clinic-{position}"),
        call: format!("call-{position}"),
        bridge: "asterisk".to_owned(),
        line: "Clinic".to_owned(),
        caller: None,
        agent: "eva".to_owned(),
        consent: "agreed".to_owned(),
        started_ms: 1_764_000_000_000,
        length_ms: 30_000,
        paused_ms: 10_000,
        failed,
    }
}

pub(crate) fn delivery(position: u64, due_ms: i64) -> DeliveryRow {
    DeliveryRow {
        position: Position(position),
        number: 0,
        id: format!("1-{position}-0"),
        kind: "ticket".to_owned(),
        url: "https://office.example".to_owned(),
        secret_env: "OFFICE".to_owned(),
        body: "{}".to_owned(),
        created_ms: 1_764_000_060_000,
        due_ms,
        attempts: 0,
        given_up: false,
        why: None,
    }
}

pub(crate) fn shed(position: u64) -> ShedRow {
    ShedRow {
        position: Position(position),
        number: 0,
        line: "Clinic".to_owned(),
        reason: "overload".to_owned(),
        calls: 17,
        at_ms: 1_764_000_060_000,
    }
}

pub(crate) fn menus(version: u64) -> Published {
    let file = |path: &str| PublishedFile {
        path: path.to_owned(),
        hash: "00ff".to_owned(),
        text: "format = 1\n".to_owned(),
    };
    Published {
        version,
        at_ms: 1_764_000_000_000,
        zone_version: "2025b".to_owned(),
        plan: "{}".to_owned(),
        plan_hash: "abcd".to_owned(),
        files: vec![file("z-first.toml"), file("a-second.toml")],
    }
}
