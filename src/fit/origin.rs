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

/// What may stand before the first byte of a text in UTF-8.
const MARK: [u8; 3] = [0xEF, 0xBB, 0xBF];
/// How a text in UTF-16 begins, which cannot be read.
const UTF_16: [[u8; 2]; 2] = [[0xFF, 0xFE], [0xFE, 0xFF]];
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

    /// Its bytes from the beginning, or from behind the mark that stands there.
    pub(super) fn open(&self) -> io::Result<Box<dyn BufRead>> {
        let mut bytes: Box<dyn BufRead> = match &self.text {
            Some(text) => Box::new(Cursor::new(text.as_bytes().to_vec())),
            None => Box::new(BufReader::with_capacity(1 << 18, self.file()?)),
        };
        if bytes.fill_buf()?.starts_with(&MARK) {
            bytes.consume(MARK.len());
        }
        let begin = bytes.fill_buf()?;
        if UTF_16.iter().any(|mark| begin.starts_with(mark)) {
            return Err(io::ErrorKind::InvalidData.into());
        }
        Ok(bytes)
    }

    /// What can be done about a file that cannot be opened.
    pub(super) fn remedy(&self, error: &io::Error) -> Option<String> {
        let is_stream =
            fs::metadata(&self.path).is_ok_and(|kind| !kind.is_file() && !kind.is_dir());
        let help = match error.kind() {
            io::ErrorKind::InvalidData => {
                "save it as UTF-8, or convert it: iconv -f utf-16 -t utf8 OLD > NEW"
            }
            io::ErrorKind::IsADirectory => "name the files in it",
            _ if is_stream || self.path == Path::new("-") => {
                "write it to a file first: lines in which something is wrong are looked up again"
            }
            _ => return None,
        };
        Some(help.to_owned())
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

    /// The line that begins at this byte of what was opened, or after the ends of lines that are there; its number is
    /// that of the byte.
    pub(super) fn line_at(&self, byte: u64, number: usize) -> Line {
        // What cannot be read a second time is not shown.
        let (before, bytes) = self.around(byte, number == 1).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        let ends: &[char] = &['\r', '\n'];
        let begun = text.trim_start_matches(ends);
        let skipped = &text[..text.len() - begun.len()];
        Line {
            number: number + before + lines(skipped.as_bytes()),
            text: begun.split(ends).next().unwrap_or("").to_owned(),
        }
    }

    /// What can be shown from a byte on, and how many lines end before it where no reader counts them: those that end in
    /// a carriage return alone.
    fn around(&self, byte: u64, is_first: bool) -> io::Result<(usize, Vec<u8>)> {
        let (mut before, mut bytes) = (Vec::new(), Vec::new());
        if is_first {
            self.from(0)?.take(byte).read_to_end(&mut before)?;
        }
        self.from(byte)?.take(SHOWN_MAX).read_to_end(&mut bytes)?;
        Ok((lines(&before), bytes))
    }

    /// What comes from a byte on, not counted the mark.
    fn from(&self, byte: u64) -> io::Result<Box<dyn Read>> {
        let mark = |bytes: &[u8]| {
            if bytes.starts_with(&MARK) {
                MARK.len()
            } else {
                0
            }
        };
        if let Some(text) = &self.text {
            let bytes = text.as_bytes();
            let from = mark(bytes) + byte as usize;
            return Ok(Box::new(Cursor::new(bytes[from..].to_vec())));
        }
        let (mut file, mut begin) = (self.file()?, Vec::new());
        (&mut file)
            .take(MARK.len() as u64)
            .read_to_end(&mut begin)?;
        file.seek(SeekFrom::Start(mark(&begin) as u64 + byte))?;
        Ok(Box::new(file))
    }

    /// The line of this number, from 1, if it is short enough to be shown.
    pub(super) fn line(&self, number: usize) -> Option<Line> {
        let mut lines = self.open().ok()?.lines();
        let text = lines.nth(number.checked_sub(1)?)?.ok()?;
        let is_short = text.len() as u64 <= SHOWN_MAX;
        is_short.then_some(Line { number, text })
    }
}

/// How many lines end in some bytes: with a line feed, or where there is none with a carriage return.
fn lines(bytes: &[u8]) -> usize {
    let ends = |end: u8| bytes.iter().filter(|byte| **byte == end).count();
    match ends(b'\n') {
        0 => ends(b'\r'),
        feeds => feeds,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_shown_as_it_stands_behind_a_mark_and_however_lines_end() {
        let shown = |text: &str, byte, number| {
            let mut sources = Sources::default();
            sources.add(Path::new("a.csv"), text.to_owned());
            let line = Origin::new(Path::new("a.csv"), &sources).line_at(byte, number);
            (line.number, line.text)
        };
        assert_eq!(shown("a,b\n1,2\n", 3, 1), (2, "1,2".to_owned()));
        assert_eq!(shown("\u{feff}a,b\n1,2\n", 3, 1), (2, "1,2".to_owned()));
        assert_eq!(shown("\u{feff}a,b\n1,2\n3,4", 8, 3), (3, "3,4".to_owned()));
        assert_eq!(shown("a,b\r1,2\r3,4", 8, 1), (3, "3,4".to_owned()));
        assert_eq!(shown("a,b\r\n1,2\r\n3,4", 10, 3), (3, "3,4".to_owned()));
    }
}
