//! Snapshots as files beside the database, and the table that says which of them exist.

use super::number;
use super::read::all;
use super::read::whole;
use crate::daemon::journal::Position;
use crate::daemon::journal::SNAPSHOTS_KEPT;
use crate::daemon::journal::directory::has_room_beside;
use crate::daemon::journal::directory::sync;
use crate::daemon::journal::error::JournalError;
use crate::daemon::journal::snapshot::Snapshot;
use crate::daemon::journal::snapshot::SnapshotSink;
use crate::daemon::journal::snapshot::WrittenSnapshot;
use rusqlite::Connection;
use rusqlite::params;
use std::fs;
use std::fs::File;
use std::io;
use std::io::Write as _;
use std::path::Path;
use std::path::PathBuf;
use std::thread;
use std::time::Instant;

const PREFIX: &str = "snapshot-";
const SUFFIX: &str = ".json";
const UNFINISHED: &str = ".unfinished";
/// What is written at once: a flush of the log waits for no more than that, and after each piece the
/// disk is left alone for as long as the piece took.
const PIECE_BYTES: usize = 256 * 1024;

/// Writes snapshots into the journal's directory.
#[derive(Clone, Debug)]
pub(super) struct SnapshotFiles {
    directory: PathBuf,
}

impl SnapshotFiles {
    pub(super) fn new(directory: &Path) -> Self {
        Self {
            directory: directory.to_owned(),
        }
    }

    /// The snapshot of a registered file, or what is wrong with it.
    pub(super) fn read(&self, written: WrittenSnapshot) -> Result<Snapshot, String> {
        let name = file_name(written.position);
        let problem = |problem: String| format!("{name}: {problem}");
        let bytes = fs::read(self.directory.join(&name));
        let bytes = bytes.map_err(|error| problem(error.to_string()))?;
        let snapshot = Snapshot::parse(&bytes).map_err(problem)?;
        if snapshot.as_written() == written {
            Ok(snapshot)
        } else {
            Err(problem("it is another one than was registered".to_owned()))
        }
    }

    /// Deletes the file of a snapshot that is no longer registered.
    pub(super) fn delete(&self, position: Position) -> Result<(), JournalError> {
        match fs::remove_file(self.directory.join(file_name(position))) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// The names of all files of snapshots, finished or not.
    pub(super) fn names(&self) -> Result<Vec<String>, JournalError> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.directory)? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            let ours =
                name.starts_with(PREFIX) && (name.ends_with(SUFFIX) || name.ends_with(UNFINISHED));
            names.extend(ours.then_some(name));
        }
        Ok(names)
    }

    /// Deletes every snapshot file that is not registered.
    pub(super) fn delete_others(&self, registered: &[WrittenSnapshot]) -> Result<(), JournalError> {
        for name in self.names()? {
            let mut registered = registered.iter();
            if registered.all(|written| file_name(written.position) != name) {
                fs::remove_file(self.directory.join(name))?;
            }
        }
        Ok(())
    }

    fn write_whole(
        &self,
        snapshot: &Snapshot,
        written: WrittenSnapshot,
        unfinished: &Path,
    ) -> io::Result<()> {
        let mut file = File::create(unfinished)?;
        file.write_all(written.header(snapshot.content.len()).as_bytes())?;
        for piece in snapshot.content.chunks(PIECE_BYTES) {
            file.write_all(piece)?;
            let start = Instant::now();
            file.sync_data()?;
            thread::sleep(start.elapsed());
        }
        file.sync_all()?;
        fs::rename(
            unfinished,
            self.directory.join(file_name(snapshot.position)),
        )?;
        sync(&self.directory)
    }
}

impl SnapshotSink for SnapshotFiles {
    fn write(&mut self, snapshot: &Snapshot) -> Result<WrittenSnapshot, JournalError> {
        // One that is registered must not change.
        let there = fs::read(self.directory.join(file_name(snapshot.position)));
        if let Some(there) = there.ok().and_then(|bytes| Snapshot::parse(&bytes).ok()) {
            return Ok(there.as_written());
        }
        if !has_room_beside(&self.directory, snapshot.content.len()) {
            return Err(JournalError::Full);
        }
        let name = format!("{PREFIX}{}{UNFINISHED}", snapshot.position);
        let unfinished = self.directory.join(name);
        let written = snapshot.as_written();
        let done = self.write_whole(snapshot, written, &unfinished);
        if done.is_err() {
            // Not there is as good as deleted, and the error that matters is the first one.
            fs::remove_file(&unfinished).unwrap_or_default();
        }
        done?;
        Ok(written)
    }
}

/// Registers a snapshot inside a transaction, and strikes off those that it makes superfluous.
pub(super) fn register(
    connection: &Connection,
    written: WrittenSnapshot,
) -> Result<(), JournalError> {
    connection.execute(
        "INSERT INTO snapshot (position, file, checksum) VALUES (?1, ?2, ?3)",
        params![
            number(written.position.0),
            file_name(written.position),
            format!("{:016x}", written.checksum)
        ],
    )?;
    connection.execute(
        "DELETE FROM snapshot WHERE position NOT IN \
         (SELECT position FROM snapshot ORDER BY position DESC LIMIT ?1)",
        [SNAPSHOTS_KEPT as i64],
    )?;
    Ok(())
}

/// Strikes off a snapshot that cannot be read, so that it covers no entries any more.
pub(super) fn strike_off(connection: &Connection, position: Position) -> Result<(), JournalError> {
    let delete = "DELETE FROM snapshot WHERE position = ?1";
    connection.execute(delete, [number(position.0)])?;
    Ok(())
}

/// The registered snapshots, newest first.
pub(super) fn registered(connection: &Connection) -> Result<Vec<WrittenSnapshot>, JournalError> {
    let query = "SELECT position, checksum FROM snapshot ORDER BY position DESC";
    let rows: Vec<(i64, String)> =
        all(connection, query, (), |row| Ok((row.get(0)?, row.get(1)?)))?;
    let written = |(position, checksum): (i64, String)| WrittenSnapshot {
        position: Position(whole(position)),
        // What is no number is no checksum of any file.
        checksum: u64::from_str_radix(&checksum, 16).unwrap_or(0),
    };
    Ok(rows.into_iter().map(written).collect())
}

fn file_name(position: Position) -> String {
    format!("{PREFIX}{position}{SUFFIX}")
}
