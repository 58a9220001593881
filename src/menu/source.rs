//! The files a problem can be in.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A file among those read together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub usize);

/// Every file that was read, so that a diagnostic can show the place.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

/// One file.
#[derive(Clone, Debug)]
pub struct Source {
    /// As it was named on the command line, or relative to the file that names it.
    pub path: PathBuf,
    /// Its whole text.
    pub text: String,
}

/// The largest file that is read.
pub const FILE_BYTES_MAX: u64 = 16 * 1024 * 1024;

impl Sources {
    /// Reads a file; one that was read before is not read again.
    pub fn read(&mut self, path: &Path) -> io::Result<FileId> {
        if let Some(place) = self.files.iter().position(|source| source.path == path) {
            return Ok(FileId(place));
        }
        if fs::metadata(path)?.len() > FILE_BYTES_MAX {
            let limit = FILE_BYTES_MAX / 1024 / 1024;
            return Err(io::Error::other(format!(
                "the file is larger than {limit} MiB"
            )));
        }
        let text = fs::read_to_string(path)?;
        Ok(self.add(path, text))
    }

    /// Adds a text that came from elsewhere under a name.
    pub fn add(&mut self, path: &Path, text: String) -> FileId {
        self.files.push(Source {
            path: path.to_owned(),
            text,
        });
        FileId(self.files.len() - 1)
    }

    /// The file.
    pub fn get(&self, id: FileId) -> &Source {
        &self.files[id.0]
    }

    /// Line and column of a byte, both from 1, columns in characters.
    pub fn position(&self, id: FileId, byte: usize) -> (usize, usize) {
        let text = &self.get(id).text;
        let before = &text[..text.floor_char_boundary(byte)];
        let line_start = before.rfind('\n').map_or(0, |place| place + 1);
        (
            before.matches('\n').count() + 1,
            before[line_start..].chars().count() + 1,
        )
    }

    /// All files, in the order in which they were read.
    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.files.iter()
    }
}
