//! What can go wrong with a journal, and what to do about it.

use super::Position;
use rusqlite::ErrorCode;
use rusqlite::ffi;
use std::fmt;
use std::io;
use std::path::Path;
use std::path::PathBuf;

/// Why the journal did not do what it was asked to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JournalError {
    /// No room on the disk. Release the ballast, finish the calls, take no new ones.
    Full,
    /// The disk has failed. Nobody knows what it holds: end, and start again from what is there.
    Io(String),
    /// The database or its write-ahead log was deleted, or another file put in its place, while it was open.
    Gone(PathBuf),
    /// Somebody else has written to the log.
    Conflict {
        /// Where the writer believed it to end.
        expected: Position,
        /// Where it ends.
        found: Position,
    },
    /// Another program is writing to the database; the same may be tried again.
    Busy,
    /// Something that was written is not there, or is not what was written.
    Corrupt(String),
    /// Another daemon has the directory.
    Locked(PathBuf),
    /// A file lies where the directory is to be.
    NoDirectory(PathBuf),
    /// A file or directory of the journal cannot be written, and never could: the user is another, say.
    Unwritable {
        /// Which.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// A newer strowger has written this.
    TooNew {
        /// Its format.
        found: u32,
        /// The newest format known here.
        known: u32,
    },
}

impl fmt::Display for JournalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full => write!(f, "the journal's disk is full: make room on it"),
            Self::Io(what) => write!(
                f,
                "the journal's disk has failed ({what}): check it, then start the daemon again"
            ),
            Self::Gone(path) => write!(
                f,
                "{} was deleted or replaced under the running daemon, and what is written would be lost: put \
                 the whole directory back, then start the daemon again",
                path.display()
            ),
            Self::Conflict { expected, found } => write!(
                f,
                "the log ends at {found}, not at {expected}: another daemon has written to it"
            ),
            Self::Busy => write!(
                f,
                "another program is writing to the journal's database: end it and try again"
            ),
            Self::Corrupt(what) => write!(
                f,
                "the journal is damaged ({what}): restore its directory from a copy"
            ),
            Self::Locked(directory) => write!(
                f,
                "another daemon is using {}: end it, or name another directory",
                directory.display()
            ),
            Self::NoDirectory(path) => write!(
                f,
                "{} is no directory, and a journal is kept in one: name another with --data",
                path.display()
            ),
            Self::Unwritable { path, why } => write!(
                f,
                "{} cannot be written ({why}): let the daemon's user write there, or name another \
                 directory with --data",
                path.display()
            ),
            Self::TooNew { found, known } => write!(
                f,
                "the journal has format {found}, and this strowger knows formats up to {known}: \
                 install a newer one"
            ),
        }
    }
}

impl std::error::Error for JournalError {}

impl JournalError {
    /// What kept a file or directory from being opened for writing.
    pub(super) fn at(path: &Path, error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::PermissionDenied
            | io::ErrorKind::ReadOnlyFilesystem
            | io::ErrorKind::NotADirectory
            | io::ErrorKind::NotFound => Self::Unwritable {
                path: path.to_owned(),
                why: error.to_string(),
            },
            _ => error.into(),
        }
    }
}

impl From<io::Error> for JournalError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::FileTooLarge => Self::Full,
            _ => Self::Io(error.to_string()),
        }
    }
}

impl From<rusqlite::Error> for JournalError {
    fn from(error: rusqlite::Error) -> Self {
        // The index of the write-ahead log could not be made longer.
        let no_room = |error: &ffi::Error| error.extended_code == ffi::SQLITE_IOERR_SHMSIZE;
        if error.sqlite_error().is_some_and(no_room) {
            return Self::Full;
        }
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            // What is written is new by its number; if it is there already, tables and indexes disagree.
            Some(
                ErrorCode::DatabaseCorrupt
                | ErrorCode::NotADatabase
                | ErrorCode::ConstraintViolation,
            )
            | None => Self::Corrupt(error.to_string()),
            Some(_) => Self::Io(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_from_a_broken_one() {
        let full = io::Error::from(io::ErrorKind::StorageFull);
        assert_eq!(JournalError::from(full), JournalError::Full);
        let broken = io::Error::other("input/output error");
        assert!(matches!(JournalError::from(broken), JournalError::Io(_)));
    }

    #[test]
    fn whoever_may_not_write_is_told_where() {
        let denied = io::Error::from(io::ErrorKind::PermissionDenied);
        assert_eq!(
            JournalError::at(Path::new("data/lock"), denied).to_string(),
            "data/lock cannot be written (permission denied): let the daemon's user write there, or name \
             another directory with --data"
        );
    }

    #[test]
    fn messages_are_fragments_that_say_what_to_do() {
        let conflict = JournalError::Conflict {
            expected: Position(3),
            found: Position(5),
        };
        assert_eq!(
            conflict.to_string(),
            "the log ends at 5, not at 3: another daemon has written to it"
        );
        assert_eq!(
            JournalError::TooNew { found: 9, known: 2 }.to_string(),
            "the journal has format 9, and this strowger knows formats up to 2: install a newer one"
        );
    }
}
