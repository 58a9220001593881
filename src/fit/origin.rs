//! Where the bytes of a file come from: the disk, or a text that was added under its name.

use crate::menu::source::Sources;
use std::fs;
use std::fs::File;
use std::io;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Cursor;
use std::io::Read;
use std::io::Seek;
use std::io::SeekFrom;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

/// The most of a line that is kept to be shown, in bytes.
const SHOWN_MAX: u64 = 2000;

/// A file that is read as a stream, however large it is.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    pub(super) path: PathBuf,
    text: Option<Arc<str>>,
}

/// A line of it.
pub(super) struct Line {
    /// From 1.
    pub(super) number: usize,
    pub(super) text: String,
}

impl Origin {
    pub(super) fn new(path: &Path, sources: &Sources) -> Self {
        Self {
            path: path.to_owned(),
            text: sources.known(path).map(Arc::from),
        }
    }

    /// Its bytes from the beginning.
    pub(super) fn open(&self) -> io::Result<Box<dyn BufRead>> {
        if let Some(text) = &self.text {
            return Ok(Box::new(Cursor::new(text.clone().as_bytes().to_vec())));
        }
        Ok(Box::new(BufReader::with_capacity(1 << 18, self.file()?)))
    }

    fn file(&self) -> io::Result<File> {
        // A pipe that nobody writes to would not even open.
        let kind = fs::metadata(&self.path)?;
        if kind.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        if !kind.is_file() {
            // A device or a pipe may never end, and its lines could not be shown again.
            return Err(io::Error::other("it is not a regular file"));
        }
        File::open(&self.path)
    }

    /// The line that begins at this byte, or after the ends of lines that are there; its number is that of
    /// the byte.
    pub(super) fn line_at(&self, byte: u64, number: usize) -> Line {
        let mut bytes = Vec::new();
        match (&self.text, self.file()) {
            (Some(text), _) => bytes.extend(&text.as_bytes()[byte as usize..]),
            (None, Ok(mut file)) => {
                // What cannot be read a second time is not shown.
                let sought = file.seek(SeekFrom::Start(byte));
                let read = sought.and_then(|_| file.take(SHOWN_MAX).read_to_end(&mut bytes));
                if read.is_err() {
                    bytes.clear();
                }
            }
            (None, Err(_)) => {}
        }
        let text = String::from_utf8_lossy(&bytes);
        let ends: &[char] = &['\r', '\n'];
        let begun = text.trim_start_matches(ends);
        let skipped = &text[..text.len() - begun.len()];
        Line {
            number: number + skipped.matches('\n').count(),
            text: begun.split(ends).next().unwrap_or("").to_owned(),
        }
    }

    /// The line of this number, from 1, if it is short enough to be shown.
    pub(super) fn line(&self, number: usize) -> Option<Line> {
        let mut lines = self.open().ok()?.lines();
        let text = lines.nth(number.checked_sub(1)?)?.ok()?;
        let is_short = text.len() as u64 <= SHOWN_MAX;
        is_short.then_some(Line { number, text })
    }
}
