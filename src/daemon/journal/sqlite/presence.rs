//! Whether the database is still the file under its name. SQLite goes on writing to one that a clean-up has
//! deleted, or a restore has put another in the place of: all of that would be lost at the next start.

use super::DATABASE;
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

/// The file that was opened.
#[derive(Debug)]
pub(super) struct Presence {
    path: PathBuf,
    /// The numbers of its device and of itself.
    file: (u64, u64),
    looked: Instant,
}

impl Presence {
    /// Of the database in a directory, which has just been opened.
    pub(super) fn of(directory: &Path) -> Result<Self, JournalError> {
        let path = directory.join(DATABASE);
        let file = file(&path).map_err(|error| JournalError::at(&path, error))?;
        Ok(Self {
            path,
            file,
            looked: Instant::now(),
        })
    }

    /// Looks whether it is there, if the last look was a while ago.
    pub(super) fn check(&mut self) -> Result<(), JournalError> {
        if self.looked.elapsed() < PAUSE {
            return Ok(());
        }
        self.looked = Instant::now();
        self.look()
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
    fn a_database_that_is_deleted_or_replaced_is_gone() {
        let directory = Temporary::new(&std::env::temp_dir());
        let path = directory.path().join(DATABASE);
        fs::write(&path, "one").expect("written");
        let presence = Presence::of(directory.path()).expect("it is there");
        assert_eq!(presence.look(), Ok(()));
        let gone = Err(JournalError::Gone(path.clone()));
        let aside = directory.path().join("aside");
        fs::rename(&path, &aside).expect("renamed");
        assert_eq!(presence.look(), gone);
        fs::write(&path, "other").expect("written");
        assert_eq!(presence.look(), gone);
        fs::rename(&aside, &path).expect("renamed");
        assert_eq!(presence.look(), Ok(()));
    }
}
