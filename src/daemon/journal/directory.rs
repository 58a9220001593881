//! The directory that a daemon keeps its data in: one daemon's at a time, with room set aside for the
//! day when the disk is full.

use super::error::JournalError;
use std::fs;
use std::fs::DirBuilder;
use std::fs::File;
use std::fs::TryLockError;
use std::io;
use std::io::Write as _;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;
use std::time::Instant;

/// The room set aside: enough for the entries and rows of the calls that are in progress.
pub const BALLAST_BYTES: u64 = 16 * 1024 * 1024;
/// It is taken where as many times its size are free, so that it is not itself what fills the disk.
const FREE_TIMES: u64 = 2;
/// After room that was there by the numbers could not be taken, of a quota or by others, that is not tried
/// again for so long.
const PAUSE: Duration = Duration::from_secs(10);

const LOCK: &str = "lock";
/// The file that takes up that room.
pub(super) const BALLAST: &str = "ballast";
const CHUNK_BYTES: usize = 64 * 1024;

/// A directory that belongs to this process until it is dropped.
#[derive(Debug)]
pub struct Directory {
    path: PathBuf,
    ballast_bytes: u64,
    /// When the ballast could not be taken though there was room.
    failed: Option<Instant>,
    /// Held, never read: the lock goes with it.
    _lock: File,
}

impl Directory {
    /// Takes the directory, and makes it if it is not there. [`JournalError::Locked`] if another
    /// process has it.
    pub fn take(path: &Path, ballast_bytes: u64) -> Result<Self, JournalError> {
        make(path)?;
        let lock_path = path.join(LOCK);
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&lock_path)
            .map_err(|error| JournalError::at(&lock_path, error))?;
        lock.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => JournalError::Locked(path.to_owned()),
            TryLockError::Error(error) => error.into(),
        })?;
        Ok(Self {
            path: path.to_owned(),
            ballast_bytes,
            failed: None,
            _lock: lock,
        })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Gives the ballast up; whether there was any.
    pub fn release_ballast(&self) -> bool {
        fs::remove_file(self.ballast()).is_ok()
    }

    /// Takes the ballast if twice its size is free; whether it is held. Where it is not, nothing is written:
    /// what little room there is belongs to others.
    pub fn restore_ballast(&mut self) -> bool {
        let held = fs::metadata(self.ballast());
        if held.is_ok_and(|metadata| metadata.len() == self.ballast_bytes) {
            return true;
        }
        // A part of it may have been left by a crash.
        self.release_ballast();
        let is_pausing = self.failed.is_some_and(|failed| failed.elapsed() < PAUSE);
        if is_pausing || !self.has_room() {
            return false;
        }
        let taken = self.fill_ballast();
        self.failed = taken.is_err().then(Instant::now);
        if taken.is_err() {
            self.release_ballast();
        }
        taken.is_ok()
    }

    fn has_room(&self) -> bool {
        has_free(&self.path, self.ballast_bytes.saturating_mul(FREE_TIMES))
    }

    fn fill_ballast(&self) -> io::Result<()> {
        // Written, not merely lengthened: a hole in a file takes no room.
        let mut file = File::create(self.ballast())?;
        let zeros = [0; CHUNK_BYTES];
        let mut left = self.ballast_bytes;
        while left > 0 {
            let some = left.min(CHUNK_BYTES as u64);
            file.write_all(&zeros[..some as usize])?;
            left -= some;
        }
        Ok(())
    }

    fn ballast(&self) -> PathBuf {
        self.path.join(BALLAST)
    }
}

/// Whether so many bytes are free; where nobody can say, trying shows it.
fn has_free(path: &Path, bytes: u64) -> bool {
    let free = rustix::fs::statvfs(path);
    let free = free.map(|free| free.f_bavail.saturating_mul(free.f_frsize));
    free.map_or(true, |free| free >= bytes)
}

/// Whether a file of so many bytes may be written beside the journal: where the ballast is gone, half of the
/// room that it made is for entries alone.
pub(super) fn has_room_beside(path: &Path, bytes: usize) -> bool {
    path.join(BALLAST).exists() || has_free(path, BALLAST_BYTES / 2 + bytes as u64)
}

/// Makes the names in a directory durable.
pub(super) fn sync(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(path)?.sync_all()?;
    }
    Ok(())
}

/// Makes a directory that nobody else may look into.
fn make(path: &Path) -> Result<(), JournalError> {
    if path.is_dir() {
        return Ok(());
    }
    if path.exists() {
        return Err(JournalError::NoDirectory(path.to_owned()));
    }
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    let made = builder.create(path);
    made.map_err(|error| JournalError::at(path, error))?;
    match path.parent() {
        Some(parent) if parent != Path::new("") => sync(parent)?,
        _ => sync(Path::new("."))?,
    }
    Ok(())
}
