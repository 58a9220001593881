//! The journal of one machine: a SQLite database in WAL mode, with a disk flush for every commit.
//!
//! Everybody may read `journal.db` with `sqlite3` while the daemon runs; only the daemon writes.

mod format;
mod presence;
mod read;
mod snapshots;
mod wal;
mod write;

pub use format::FORMAT;

use super::EachEntry;
use super::Journal;
use super::Position;
use super::directory::BALLAST;
use super::directory::BALLAST_BYTES;
use super::directory::Directory;
use super::error::JournalError;
use super::prune;
use super::rows::CdrRow;
use super::rows::DeliveryRow;
use super::rows::EditionRow;
use super::rows::MessageRow;
use super::rows::Outstanding;
use super::rows::Published;
use super::rows::RecordingRow;
use super::rows::Rows;
use super::rows::SealedRow;
use super::rows::ShedRow;
use super::rows::SurveyRow;
use super::snapshot::Snapshot;
use super::snapshot::SnapshotSink;
use super::snapshot::WrittenSnapshot;
use super::snapshot::none_readable;
use presence::Presence;
use rusqlite::Connection;
use snapshots::SnapshotFiles;
use std::collections::BTreeMap;
use std::fs;
use std::fs::File;
use std::io;
use std::path::Path;
use std::time::Duration;

/// The database in the journal's directory.
pub const DATABASE: &str = "journal.db";

/// How long a commit waits for another program that is writing.
const BUSY: Duration = Duration::from_millis(250);
/// Pages in the write-ahead log that are worth moving into the database: 4 MB.
const CHECKPOINT_PAGES: i64 = 1000;
/// Pages in the write-ahead log at which a commit moves them itself, if nobody tidies: 64 MB.
const CHECKPOINT_PAGES_MAX: i64 = 16_000;
/// Statements kept ready: more than there are.
const STATEMENTS_MAX: usize = 32;

/// A journal in a directory.
#[derive(Debug)]
pub struct SqliteJournal {
    // Closed before the directory is let go of.
    connection: Connection,
    directory: Directory,
    presence: Presence,
    files: SnapshotFiles,
    /// Where the log ends on the disk.
    committed: Position,
    /// Where it ends with what is staged.
    end: Position,
    /// Entries up to here are gone.
    pruned: Position,
    /// The snapshots that the database knows of, newest first.
    registered: Vec<WrittenSnapshot>,
    /// Waits for a commit to register it.
    pending: Option<WrittenSnapshot>,
    /// Their files can go.
    obsolete: Vec<WrittenSnapshot>,
    /// No entry is ever let go of.
    keeps_log: bool,
    failed: Option<JournalError>,
}

impl SqliteJournal {
    /// Opens the journal in a directory; makes both if they are not there, and brings an older
    /// format up to date. [`JournalError::Locked`] while another daemon has the directory.
    pub fn open(directory: &Path) -> Result<Self, JournalError> {
        Self::open_with_ballast(directory, BALLAST_BYTES)
    }

    /// Whether a directory has a journal already.
    pub fn lies_in(directory: &Path) -> bool {
        directory.join(DATABASE).exists()
    }

    /// The same with another amount of room set aside.
    pub fn open_with_ballast(directory: &Path, bytes: u64) -> Result<Self, JournalError> {
        let mut directory = Directory::take(directory, bytes)?;
        refuse_foreign(directory.path())?;
        refuse_orphans(directory.path())?;
        wal::look_for_damage(directory.path())?;
        let connection = match database(directory.path()) {
            // Whoever starts on a full disk has calls to finish, too.
            Err(JournalError::Full) if directory.release_ballast() => database(directory.path()),
            opened => opened,
        }?;
        // Not before there is a database: it tells a journal that was lost from one that never was.
        directory.restore_ballast();
        let presence = Presence::of(directory.path())?;
        let files = SnapshotFiles::new(directory.path());
        let registered = snapshots::registered(&connection)?;
        files.delete_others(&registered)?;
        let committed = read::end(&connection)?;
        let first = read::first(&connection)?.unwrap_or(Position(1));
        Ok(Self {
            connection,
            directory,
            presence,
            files,
            committed,
            end: committed,
            pruned: Position(first.0.saturating_sub(1)),
            registered,
            pending: None,
            obsolete: Vec::new(),
            keeps_log: false,
            failed: None,
        })
    }

    /// Lets go of no entry from now on, so that all that happened can be replayed.
    #[must_use]
    pub fn keeping_log(mut self) -> Self {
        self.keeps_log = true;
        self
    }

    /// Does something that leaves nothing staged when it fails.
    fn attempt<T>(
        &mut self,
        act: impl FnOnce(&mut Self) -> Result<T, JournalError>,
    ) -> Result<T, JournalError> {
        self.alive()?;
        let done = act(self);
        if let Err(error) = &done {
            self.roll_back();
            self.note(error);
        }
        done
    }

    /// An error of the disk is the last thing that this journal says.
    fn alive(&self) -> Result<(), JournalError> {
        self.failed.clone().map_or(Ok(()), Err)
    }

    fn note(&mut self, error: &JournalError) {
        if matches!(error, JournalError::Io(_) | JournalError::Gone(_)) && self.failed.is_none() {
            self.failed = Some(error.clone());
        }
    }

    fn begin(&self) -> Result<(), JournalError> {
        if self.connection.is_autocommit() {
            self.run("BEGIN IMMEDIATE")?;
        }
        Ok(())
    }

    fn run(&self, statement: &str) -> Result<(), JournalError> {
        self.connection.prepare_cached(statement)?.execute(())?;
        Ok(())
    }

    fn roll_back(&mut self) {
        // SQLite rolls back by itself on some errors.
        let rolled_back = match self.connection.is_autocommit() {
            true => Ok(()),
            false => self.run("ROLLBACK"),
        };
        if let Err(error) = rolled_back {
            self.note(&JournalError::Io(error.to_string()));
        }
        self.committed = read::end(&self.connection).unwrap_or(self.committed);
        self.end = self.committed;
    }

    fn stage(&mut self, after: Position, entries: &[String]) -> Result<Position, JournalError> {
        self.begin()?;
        let found = read::end(&self.connection)?;
        if found != after {
            return Err(JournalError::Conflict {
                expected: after,
                found,
            });
        }
        write::entries(&self.connection, after, entries)?;
        self.end = after.plus(entries.len());
        Ok(self.end)
    }

    fn make_durable(&mut self, rows: &Rows) -> Result<(), JournalError> {
        let pruned = match self.keeps_log {
            true => self.pruned,
            false => prune(self.pruned, &self.registered),
        };
        let idle = self.connection.is_autocommit() && rows.is_empty() && self.pending.is_none();
        if idle && pruned == self.pruned {
            return Ok(());
        }
        self.presence.check()?;
        self.begin()?;
        write::rows(&self.connection, rows)?;
        if pruned > self.pruned {
            write::prune(&self.connection, pruned)?;
        }
        if let Some(written) = self.pending {
            snapshots::register(&self.connection, written)?;
        }
        self.run("COMMIT")?;
        self.committed = self.end;
        self.pruned = pruned;
        if self.pending.take().is_some() {
            self.look_at_snapshots()?;
        }
        Ok(())
    }

    fn look_at_snapshots(&mut self) -> Result<(), JournalError> {
        let kept = snapshots::registered(&self.connection)?;
        let before = std::mem::replace(&mut self.registered, kept);
        let gone = before
            .into_iter()
            .filter(|written| !self.registered.contains(written));
        self.obsolete.extend(gone);
        Ok(())
    }

    fn checkpoint(&self) -> Result<(), JournalError> {
        let counts = |mode| {
            let pragma = format!("PRAGMA wal_checkpoint({mode})");
            let mut pragma = self.connection.prepare_cached(&pragma)?;
            pragma.query_row((), |row| Ok(row.get::<_, i64>(1)? - row.get::<_, i64>(2)?))
        };
        let waiting = counts("NOOP")?;
        if waiting >= CHECKPOINT_PAGES {
            counts("PASSIVE")?;
        }
        Ok(())
    }
}

/// Refuses files that this user may not write: of a start by another one.
fn refuse_foreign(directory: &Path) -> Result<(), JournalError> {
    for more in ["", wal::LOG, wal::INDEX] {
        let path = directory.join(format!("{DATABASE}{more}"));
        match File::options().write(true).open(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(JournalError::at(&path, error));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Refuses what is left of a journal without its database.
fn refuse_orphans(directory: &Path) -> Result<(), JournalError> {
    let what = match fs::metadata(directory.join(DATABASE)).map(|file| file.len()) {
        Ok(0) => "empty",
        Err(error) if error.kind() == io::ErrorKind::NotFound => "missing",
        _ => return Ok(()),
    };
    let log = format!("{DATABASE}{}", wal::LOG);
    refuse_remains(directory, what, &[&log, BALLAST])
}

/// Refuses snapshots and these files beside a database of which nothing is left: it would begin anew in
/// silence.
fn refuse_remains(directory: &Path, what: &str, files: &[&str]) -> Result<(), JournalError> {
    let length = |name: &str| fs::metadata(directory.join(name)).map(|file| file.len());
    let mut remains: Vec<String> = SnapshotFiles::new(directory).names()?;
    let files = files.iter().map(|name| (*name).to_owned());
    remains.extend(files.filter(|name| length(name).is_ok_and(|length| length > 0)));
    match remains.first() {
        Some(name) => Err(JournalError::Corrupt(format!(
            "{DATABASE} is {what}, and {name} lies beside it"
        ))),
        None => Ok(()),
    }
}

fn database(directory: &Path) -> Result<Connection, JournalError> {
    let mut connection = Connection::open(directory.join(DATABASE))?;
    configure(&connection)?;
    if format::is_blank(&connection)? {
        // All that it held was in a log that is gone. One that is there may be of a first commit, torn.
        refuse_remains(directory, "blank", &[BALLAST])?;
    }
    look_for_damage(&connection)?;
    format::migrate(&mut connection)?;
    Ok(connection)
}

/// Reads every page: what is damaged would else be found by the call that ends first, or by nobody. A million
/// records of calls take a fifth of a second, and the time that the disk needs for 120 MB.
fn look_for_damage(connection: &Connection) -> Result<(), JournalError> {
    let found: String = connection.query_row("PRAGMA quick_check(1)", (), |row| row.get(0))?;
    if found == "ok" {
        return Ok(());
    }
    let found = found.replace("*** in database main ***\n", "");
    Err(JournalError::Corrupt(format!("{DATABASE}: {found}")))
}

fn configure(connection: &Connection) -> Result<(), JournalError> {
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", (), |row| row.get(0))?;
    if mode != "wal" {
        let what = format!("its database has journal mode {mode}, and this file system no other");
        return Err(JournalError::Io(what));
    }
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "secure_delete", "ON")?;
    connection.pragma_update(None, "foreign_keys", "OFF")?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES_MAX)?;
    Ok(())
}

/// A number as it is stored.
fn number(number: u64) -> i64 {
    // Nobody lives to see so many; limits of queries may be that large.
    i64::try_from(number).unwrap_or(i64::MAX)
}

impl Journal for SqliteJournal {
    fn append(&mut self, after: Position, entries: &[String]) -> Result<Position, JournalError> {
        self.attempt(|journal| journal.stage(after, entries))
    }

    fn commit(&mut self, rows: &Rows) -> Result<(), JournalError> {
        self.attempt(|journal| journal.make_durable(rows))
    }

    fn end(&self) -> Position {
        self.end
    }

    fn tail(&mut self, after: Position, each: &mut EachEntry<'_>) -> Result<(), JournalError> {
        self.alive()?;
        read::tail(&self.connection, after, self.committed, each)
    }

    fn snapshot_sink(&self) -> Box<dyn SnapshotSink> {
        Box::new(self.files.clone())
    }

    fn keep_snapshot(&mut self, written: WrittenSnapshot) {
        assert!(
            written.position <= self.committed,
            "a snapshot of a state that is not committed"
        );
        let newest = self.registered.first();
        if newest.is_none_or(|newest| newest.position < written.position) {
            self.pending = Some(written);
        }
    }

    fn newest_snapshot(&mut self) -> Result<Option<Snapshot>, JournalError> {
        self.alive()?;
        let mut problems = Vec::new();
        let mut readable = None;
        for written in &self.registered {
            match self.files.read(*written) {
                Ok(snapshot) => {
                    readable = Some(snapshot);
                    break;
                }
                Err(problem) => problems.push(problem),
            }
        }
        if readable.is_none() && self.pruned > Position::START {
            return Err(none_readable(&problems, self.pruned.plus(1)));
        }
        let damaged = self.registered.drain(..problems.len());
        for written in damaged {
            snapshots::strike_off(&self.connection, written.position)?;
        }
        Ok(readable)
    }

    fn published(&mut self, version: u64) -> Result<Option<Published>, JournalError> {
        self.alive()?;
        read::published(&self.connection, version)
    }

    fn editions(&mut self, limit: usize) -> Result<Vec<EditionRow>, JournalError> {
        self.alive()?;
        read::editions(&self.connection, limit)
    }

    fn vault(&mut self) -> Result<Vec<SealedRow>, JournalError> {
        self.alive()?;
        read::vault(&self.connection)
    }

    fn recent_cdrs(&mut self, limit: usize) -> Result<Vec<CdrRow>, JournalError> {
        self.alive()?;
        read::recent_cdrs(&self.connection, limit)
    }

    fn cdr_count(&mut self) -> Result<u64, JournalError> {
        self.alive()?;
        read::cdr_count(&self.connection)
    }

    fn messages(&mut self, limit: usize) -> Result<Vec<MessageRow>, JournalError> {
        self.alive()?;
        read::messages(&self.connection, limit)
    }

    fn surveys(&mut self, limit: usize) -> Result<Vec<SurveyRow>, JournalError> {
        self.alive()?;
        read::surveys(&self.connection, limit)
    }

    fn recordings(&mut self, limit: usize) -> Result<Vec<RecordingRow>, JournalError> {
        self.alive()?;
        read::recordings(&self.connection, limit)
    }

    fn deliveries_due(
        &mut self,
        by_ms: i64,
        each: usize,
    ) -> Result<Vec<DeliveryRow>, JournalError> {
        self.alive()?;
        read::deliveries_due(&self.connection, by_ms, each)
    }

    fn deliveries(&mut self, limit: usize) -> Result<Vec<DeliveryRow>, JournalError> {
        self.alive()?;
        read::deliveries(&self.connection, limit)
    }

    fn deliveries_given_up(&mut self, each: usize) -> Result<Vec<DeliveryRow>, JournalError> {
        self.alive()?;
        read::deliveries_given_up(&self.connection, each)
    }

    fn outstanding(&mut self) -> Result<BTreeMap<String, Outstanding>, JournalError> {
        self.alive()?;
        read::outstanding(&self.connection)
    }

    fn shed(&mut self, limit: usize) -> Result<Vec<ShedRow>, JournalError> {
        self.alive()?;
        read::shed(&self.connection, limit)
    }

    fn tidy(&mut self) -> Result<(), JournalError> {
        self.alive()?;
        while let Some(written) = self.obsolete.pop() {
            self.files.delete(written.position)?;
        }
        if !self.connection.is_autocommit() {
            return Ok(());
        }
        match self.presence.check().and_then(|()| self.checkpoint()) {
            // What is committed stays in the write-ahead log until there is room or peace.
            Err(JournalError::Full | JournalError::Busy) | Ok(()) => Ok(()),
            Err(error) => {
                self.note(&error);
                Err(error)
            }
        }
    }

    fn release_ballast(&mut self) -> bool {
        self.directory.release_ballast()
    }

    fn restore_ballast(&mut self) -> bool {
        self.directory.restore_ballast()
    }
}

#[cfg(test)]
#[path = "../../../../tests/journal/temporary.rs"]
mod temporary;

#[cfg(test)]
mod tests {
    use super::temporary::Temporary;
    use super::*;

    #[test]
    fn a_full_disk_takes_a_batch_whole_or_not_at_all() {
        let directory = Temporary::new(&std::env::temp_dir());
        let mut journal = SqliteJournal::open_with_ballast(directory.path(), 0).expect("a journal");
        let batch = vec!["x".repeat(1000); 100];
        let keep = |journal: &mut SqliteJournal| {
            let appended = journal.append(journal.end, &batch);
            appended.and_then(|_| journal.commit(&Rows::default()))
        };
        keep(&mut journal).expect("room");
        let pages = |journal: &SqliteJournal, pages: i64| {
            let pragma = format!("PRAGMA max_page_count = {pages}");
            let set = journal
                .connection
                .query_row(&pragma, (), |row| row.get::<_, i64>(0));
            set.expect("a limit")
        };
        pages(&journal, 1);
        assert_eq!(keep(&mut journal), Err(JournalError::Full));
        assert_eq!(journal.end(), Position(100));
        assert_eq!(journal.commit(&Rows::default()), Ok(()));
        pages(&journal, 1000);
        assert_eq!(keep(&mut journal), Ok(()));
        assert_eq!(read::end(&journal.connection), Ok(Position(200)));
    }

    #[test]
    fn the_disk_is_flushed_and_deleted_digits_are_overwritten() {
        let directory = Temporary::new(&std::env::temp_dir());
        let journal = SqliteJournal::open_with_ballast(directory.path(), 0).expect("a journal");
        let value = |pragma: &str| -> i64 {
            let value = journal
                .connection
                .pragma_query_value(None, pragma, |row| row.get(0));
            value.expect("a number")
        };
        assert_eq!([value("synchronous"), value("secure_delete")], [2, 1]);
    }
}
