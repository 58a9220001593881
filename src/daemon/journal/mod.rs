//! What has happened, durably: a log of entries, and the rows that they gave rise to.
//!
//! The daemon's owner takes a batch of happenings, appends them as entries, applies them in memory,
//! commits the entries together with the rows that came of them, and only then releases the effects:
//!
//! ```
//! use strowger::daemon::journal::Journal;
//! use strowger::daemon::journal::memory::Disk;
//! use strowger::daemon::journal::memory::MemoryJournal;
//! use strowger::daemon::journal::rows::Rows;
//!
//! let mut journal = MemoryJournal::open(&Disk::default())?;
//! let after = journal.end();
//! let end = journal.append(after, &["{\"arrived\":7}".to_owned()])?;
//! let rows = Rows::default(); // what applying the entries gave rise to
//! journal.commit(&rows)?;
//! // Now, and not before, the effects may leave.
//! assert_eq!(journal.end(), end);
//! # Ok::<(), strowger::daemon::journal::error::JournalError>(())
//! ```
//!
//! The position in the log is the only fence: an append names the place where its writer believes
//! the log to end, and is refused when somebody else has written since.
//!
//! | module | holds |
//! |---|---|
//! | [`sqlite`] | the journal of one machine: SQLite in a directory |
//! | [`memory`] | a journal on an imaginary disk that can be made to fail |
//! | [`rows`] | what is kept beside the log, in the same transaction |
//! | [`snapshot`] | the state at a place in the log, so that not all of it has to be read |

pub mod directory;
pub mod error;
pub mod memory;
pub mod rows;
pub mod snapshot;
pub mod sqlite;

use error::JournalError;
use rows::CdrRow;
use rows::DeliveryRow;
use rows::EditionRow;
use rows::MessageRow;
use rows::Outstanding;
use rows::Published;
use rows::RecordingRow;
use rows::Rows;
use rows::SealedRow;
use rows::ShedRow;
use rows::SurveyRow;
use serde::Deserialize;
use serde::Serialize;
use snapshot::Snapshot;
use snapshot::SnapshotSink;
use snapshot::WrittenSnapshot;
use std::collections::BTreeMap;
use std::fmt;

/// Snapshots that are kept: the newest, and one more in case that it cannot be read.
pub const SNAPSHOTS_KEPT: usize = 2;

/// Entries let go of in one commit at most, so that no commit takes long for it.
pub const PRUNED_MAX: u64 = 1024;

/// A place in the log. The first entry has 1; an empty log ends at 0.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Position(pub u64);

impl Position {
    /// Before the first entry.
    pub const START: Self = Self(0);

    /// The place `count` entries further on.
    pub fn plus(self, count: usize) -> Self {
        Self(self.0 + count as u64)
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// Is handed every entry of a part of the log, in order; its error ends the reading.
pub type EachEntry<'a> = dyn FnMut(Position, &str) -> Result<(), JournalError> + 'a;

/// A log that survives, and the rows beside it. One writer at a time.
///
/// On any error of [`append`](Self::append) or [`commit`](Self::commit), everything staged since the
/// last commit is dropped. After [`JournalError::Io`] nobody knows what the disk holds: the journal
/// refuses everything from then on, and the daemon must start again from what is there.
pub trait Journal: Send {
    /// Stages entries after a place and says where the log then ends. [`JournalError::Conflict`] if
    /// the log does not end there. Nothing is durable until the commit.
    fn append(&mut self, after: Position, entries: &[String]) -> Result<Position, JournalError>;

    /// Makes what was staged durable together with the rows that it gave rise to: all or nothing.
    /// Rows that are already there are left as they are, but for counts. A journal which is written to by others
    /// may find the conflict only here.
    fn commit(&mut self, rows: &Rows) -> Result<(), JournalError>;

    /// Where the log ends, with what is staged.
    fn end(&self) -> Position;

    /// Hands over every committed entry after a place, in order. [`JournalError::Corrupt`] if one
    /// is missing.
    fn tail(&mut self, after: Position, each: &mut EachEntry<'_>) -> Result<(), JournalError>;

    /// Writes snapshots, on whatever thread it is taken to.
    fn snapshot_sink(&self) -> Box<dyn SnapshotSink>;

    /// Has the next commit register a snapshot which was written, let go of those older than the
    /// one before it, and begin to let go of the entries which the two kept ones cover. A snapshot
    /// that is not newer than the newest is passed over. Panics when it is of a state that is not
    /// committed.
    fn keep_snapshot(&mut self, written: WrittenSnapshot);

    /// The newest snapshot that can be read; none says that the whole log is there instead.
    /// [`JournalError::Corrupt`] if neither is. Newer ones that cannot be read are struck off: they
    /// would count as covering entries that may then be needed.
    fn newest_snapshot(&mut self) -> Result<Option<Snapshot>, JournalError>;

    /// The menus of a version.
    fn published(&mut self, version: u64) -> Result<Option<Published>, JournalError>;

    /// The menus published last, newest first.
    fn editions(&mut self, limit: usize) -> Result<Vec<EditionRow>, JournalError>;

    /// The version of the menus published last.
    fn newest_version(&mut self) -> Result<Option<u64>, JournalError> {
        Ok(self.editions(1)?.first().map(|edition| edition.version))
    }

    /// The sealed digits of every call, in the order of the calls' names.
    fn vault(&mut self) -> Result<Vec<SealedRow>, JournalError>;

    /// The calls that ended last, newest first.
    fn recent_cdrs(&mut self, limit: usize) -> Result<Vec<CdrRow>, JournalError>;

    /// How many calls have ended.
    fn cdr_count(&mut self) -> Result<u64, JournalError>;

    /// The messages left last, newest first.
    fn messages(&mut self, limit: usize) -> Result<Vec<MessageRow>, JournalError>;

    /// The questions of surveys that were put last, newest first.
    fn surveys(&mut self, limit: usize) -> Result<Vec<SurveyRow>, JournalError>;

    /// The conversations recorded last, newest first.
    fn recordings(&mut self, limit: usize) -> Result<Vec<RecordingRow>, JournalError>;

    /// Deliveries that are due by then, in milliseconds since 1970 UTC: so many for each address at most,
    /// the longest due first.
    fn deliveries_due(&mut self, by_ms: i64, each: usize)
    -> Result<Vec<DeliveryRow>, JournalError>;

    /// All deliveries that were not taken yet, newest first.
    fn deliveries(&mut self, limit: usize) -> Result<Vec<DeliveryRow>, JournalError>;

    /// Deliveries that were given up: so many for each address at most, the oldest first.
    fn deliveries_given_up(&mut self, each: usize) -> Result<Vec<DeliveryRow>, JournalError>;

    /// How many deliveries were not taken yet, by address.
    fn outstanding(&mut self) -> Result<BTreeMap<String, Outstanding>, JournalError>;

    /// The calls turned away last, newest first.
    fn shed(&mut self, limit: usize) -> Result<Vec<ShedRow>, JournalError>;

    /// Does what can wait, in a short piece; to be called when the effects have left.
    fn tidy(&mut self) -> Result<(), JournalError>;

    /// Gives up the room that was kept for the day when the disk is full, so that calls in progress
    /// can be finished. Whether there was any.
    fn release_ballast(&mut self) -> bool;

    /// Takes that room again if there is enough; whether it is held. Until it is, a daemon whose
    /// disk was full should take no new calls.
    fn restore_ballast(&mut self) -> bool;
}

/// Up to where entries are gone after one more commit: two snapshots have to cover them.
fn prune(pruned: Position, registered: &[WrittenSnapshot]) -> Position {
    let oldest = registered.get(SNAPSHOTS_KEPT - 1);
    let covered = oldest.map_or(Position::START, |snapshot| snapshot.position);
    let further = Position(pruned.0 + PRUNED_MAX).min(covered);
    further.max(pruned)
}
