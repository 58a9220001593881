//! Whether the database and its write-ahead log are still the files under their names. SQLite goes on writing to
//! those that a clean-up has deleted, or a restore has put others in the place of: all of that would be lost at
//! the next start.

use super::DATABASE;
use super::wal::LOG;
use crate::daemon::journal::error::JournalError;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;
use std::time::Instant;

/// It is looked at no more often.
const PAUSE: Duration = Duration::from_secs(1);

/// The files that were opened.
#[derive(Debug)]
pub(super) struct Presence {
    files: [Known; 2],
    looked: Instant,
}

/// One of them.
#[derive(Debug)]
struct Known {
    path: PathBuf,
    /// The numbers of its device and of itself.
    file: (u64, u64),
}

impl Presence {
    /// Of the database in a directory, which has just been opened and read: from then on it has its log.
    pub(super) fn of(directory: &Path) -> Result<Self, JournalError> {
        let known = |more| Known::at(directory.join(format!("{DATABASE}{more}")));
        Ok(Self {
            files: [known("")?, known(LOG)?],
            looked: Instant::now(),
        })
    }

    /// Looks whether they are there, if the last look was a while ago.
    pub(super) fn check(&mut self) -> Result<(), JournalError> {
        if self.looked.elapsed() < PAUSE {
            return Ok(());
        }
        self.looked = Instant::now();
        self.look()
    }

    fn look(&self) -> Result<(), JournalError> {
        self.files.iter().try_for_each(Known::look)
    }
}

impl Known {
    fn at(path: PathBuf) -> Result<Self, JournalError> {
        let file = file(&path).map_err(|error| JournalError::at(&path, error))?;
        Ok(Self { path, file })
    }

    fn look(&self) -> Result<(), JournalError> {
        match file(&self.path) {
            Ok(file) if file != self.file => Err(JournalError::Gone(self.path.clone())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Err(JournalError::Gone(self.path.clone()))
            }
            // A look that fails says nothing about the file.
            _ => Ok(()),
        }
    }
}

fn file(path: &Path) -> io::Result<(u64, u64)> {
    let metadata = fs::metadata(path)?;
    Ok((metadata.dev(), metadata.ino()))
}

#[cfg(test)]
mod tests {
    use super::super::temporary::Temporary;
    use super::*;

    #[test]
    fn a_database_or_log_that_is_deleted_or_replaced_is_gone() {
        for more in ["", LOG] {
            let directory = Temporary::new(&std::env::temp_dir());
            let at = |more: &str| directory.path().join(format!("{DATABASE}{more}"));
            for file in ["", LOG] {
                fs::write(at(file), "one").expect("written");
            }
            let presence = Presence::of(directory.path()).expect("both are there");
            assert_eq!(presence.look(), Ok(()));
            let gone = Err(JournalError::Gone(at(more)));
            let aside = directory.path().join("aside");
            fs::rename(at(more), &aside).expect("renamed");
            assert_eq!(presence.look(), gone);
            fs::write(at(more), "other").expect("written");
            assert_eq!(presence.look(), gone);
            fs::rename(&aside, at(more)).expect("renamed");
            assert_eq!(presence.look(), Ok(()));
        }
    }
}
