//! The state at a place in the log, as text with a header by which a torn one is recognised.
//!
//! Writing and registering are two acts. The owner hands a copy of the state to another thread, which
//! writes it through a [`SnapshotSink`]; what that returns goes back to the owner, whose next commit
//! registers it. A snapshot that was written and never registered does not exist.

use super::Position;
use super::error::JournalError;
use crate::menu::fnv::Fnv;
use std::hash::Hasher;

/// The version of the header.
const FORMAT: u32 = 1;
/// What the header begins with.
const MAGIC: &str = "strowger-snapshot";

/// The state after the entry at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The last entry that the state knows of.
    pub position: Position,
    /// The state, made by the caller and opaque here.
    pub content: Vec<u8>,
}

/// A snapshot that is durable and not registered yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrittenSnapshot {
    /// The last entry that the state knows of.
    pub position: Position,
    /// Its checksum.
    pub checksum: u64,
}

impl WrittenSnapshot {
    /// The line before so many bytes of content.
    pub(super) fn header(self, bytes: usize) -> String {
        let Self { position, checksum } = self;
        format!("{MAGIC} {FORMAT} {position} {bytes} {checksum:016x}\n")
    }
}

/// Writes snapshots, away from the thread that owns the journal.
pub trait SnapshotSink: Send {
    /// Makes a snapshot durable, so that it can be registered. Of two of one place, the first counts.
    fn write(&mut self, snapshot: &Snapshot) -> Result<WrittenSnapshot, JournalError>;
}

impl Snapshot {
    /// What position and content are recognised by: FNV-1a, 64 bits.
    pub fn checksum(&self) -> u64 {
        let mut hasher = Fnv::default();
        hasher.write_u64(self.position.0);
        hasher.write(&self.content);
        hasher.finish()
    }

    /// What registers it, once it is durable.
    pub fn as_written(&self) -> WrittenSnapshot {
        WrittenSnapshot {
            position: self.position,
            checksum: self.checksum(),
        }
    }

    /// The line before the content: format, position, length in bytes, checksum.
    pub fn header(&self) -> String {
        self.as_written().header(self.content.len())
    }

    /// The snapshot in the bytes of a file, or what is wrong with them.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let line_end = bytes.iter().position(|byte| *byte == b'\n');
        let (header, content) = bytes.split_at(line_end.ok_or("it has no header")? + 1);
        let header = str::from_utf8(header).map_err(|_| "its header is no text")?;
        let mut fields = header.split_whitespace();
        if fields.next() != Some(MAGIC) {
            return Err("it is no snapshot".to_owned());
        }
        let format = fields.next().unwrap_or_default();
        if format != FORMAT.to_string() {
            return Err(format!("it has format {format}, not {FORMAT}"));
        }
        let position = fields.next().and_then(|field| field.parse().ok());
        let snapshot = Self {
            position: Position(position.ok_or("its header has no position")?),
            content: content.to_owned(),
        };
        if snapshot.header() != header {
            return Err("it is torn".to_owned());
        }
        Ok(snapshot)
    }
}

/// What is said when no snapshot can be read and the log does not begin at its beginning.
pub(super) fn none_readable(problems: &[String], first: Position) -> JournalError {
    JournalError::Corrupt(format!(
        "the log begins at {first} and no snapshot can be read: {}",
        problems.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn snapshot() -> Snapshot {
        Snapshot {
            position: Position(41),
            content: b"{\"calls\":[1,2,3]}\n\n".to_vec(),
        }
    }

    fn written() -> Vec<u8> {
        [snapshot().header().into_bytes(), snapshot().content].concat()
    }

    #[test]
    fn a_snapshot_comes_out_as_it_went_in() {
        assert_eq!(Snapshot::parse(&written()), Ok(snapshot()));
    }

    #[test]
    fn a_header_of_another_time_is_named() {
        let newer = b"strowger-snapshot 2 41 0 0\n";
        let problem = Err("it has format 2, not 1".to_owned());
        assert_eq!(Snapshot::parse(newer), problem);
    }

    proptest! {
        #[test]
        fn a_torn_or_altered_snapshot_is_recognised(cut in 0_usize..66, flip in 1_u8..) {
            let whole = written();
            let place = cut % whole.len();
            prop_assert!(Snapshot::parse(&whole[..place]).is_err());
            let mut altered = whole;
            altered[place] ^= flip;
            prop_assert!(Snapshot::parse(&altered).is_err());
        }
    }
}
