//! What the write-ahead log of the database can tell about its own damage.
//!
//! SQLite reads the log up to the first frame whose checksum is wrong and takes that for its end. For the
//! last commit, torn by a power cut, that is right; when a frame further up is damaged, commits that were
//! on the disk are gone without a word. Two things tell such damage from a torn end:
//!
//! * The checksum of a frame continues that of the frame before it, and nobody continues a commit before
//!   it is on the disk. A commit with a continuation, behind the first wrong frame, was once whole.
//! * The index beside the log (`-shm`) is brought up to date after the flush of each commit, and survives
//!   a process that was killed. Frames that it counts were whole.
//!
//! The layouts are those of <https://www.sqlite.org/fileformat2.html#walformat> and
//! <https://www.sqlite.org/walformat.html>.

use super::DATABASE;
use crate::daemon::journal::error::JournalError;
use std::collections::BTreeSet;
use std::fs;
use std::fs::File;
use std::io;
use std::io::BufReader;
use std::io::Read;
use std::path::Path;

/// Their names go on after that of the database.
pub(super) const LOG: &str = "-wal";
pub(super) const INDEX: &str = "-shm";

const HEADER_BYTES: usize = 32;
const FRAME_HEADER_BYTES: usize = 24;
/// What a log begins with; the last bit says in which order of bytes its checksums are made.
const MAGIC: u32 = 0x377f_0682;
const PAGE_BYTES: std::ops::RangeInclusive<u32> = 512..=65_536;
/// The page of the database with this byte is never written: files are locked there.
const LOCKED_BYTE: u64 = 0x4000_0000;
const READ_BYTES: usize = 1 << 20;

/// What a log holds, as far as SQLite will read it.
#[derive(Debug, Default)]
struct Log {
    /// What names this generation of frames.
    salts: [u8; 8],
    page_bytes: u64,
    /// Frames up to the end of the last whole commit.
    whole: u64,
    /// Pages of the database after that commit.
    pages: u64,
    /// Which of them beyond the end of the database's file are here.
    beyond: BTreeSet<u64>,
    /// A commit that was whole lies behind a frame that is not.
    has_lost: bool,
}

/// What the index counts.
#[derive(Debug)]
struct Index {
    salts: [u8; 8],
    frames: u64,
    /// How many of them are in the database.
    moved: u64,
}

/// Finds commits that were on the disk and that SQLite would pass over in silence.
pub(super) fn look_for_damage(directory: &Path) -> Result<(), JournalError> {
    let beside = |more: &str| directory.join(format!("{DATABASE}{more}"));
    let index = Index::read(&beside(INDEX))?;
    let file = match File::open(beside(LOG)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Index::wants_none(index, "is missing");
        }
        file => file?,
    };
    let length = file.metadata()?.len();
    let database_bytes = fs::metadata(directory.join(DATABASE)).map_or(0, |file| file.len());
    let log = Log::read(
        &mut BufReader::with_capacity(READ_BYTES, file),
        database_bytes,
    )?;
    let Some(log) = log else {
        // The header is on the disk before any frame is.
        return match length > HEADER_BYTES as u64 {
            true => Err(damaged("has no readable header")),
            false => Index::wants_none(index, "is empty"),
        };
    };
    let counted = index.filter(|index| index.salts == log.salts);
    if log.has_lost || counted.is_some_and(|index| index.frames > log.whole) {
        let after = log.whole + 1;
        return Err(damaged(&format!(
            "cannot be read from frame {after} on, and later commits were in it"
        )));
    }
    log.look_for_missing_pages(database_bytes)
}

fn damaged(what: &str) -> JournalError {
    JournalError::Corrupt(format!("{DATABASE}{LOG} {what}"))
}

impl Log {
    /// Reads a log; none if its header cannot be read. An empty one is as good as none.
    fn read(file: &mut impl Read, database_bytes: u64) -> io::Result<Option<Self>> {
        let mut header = [0; HEADER_BYTES];
        if !fills(file, &mut header)? {
            return Ok(None);
        }
        let word = |at: usize| big_endian(&header, at);
        let (magic, page_bytes) = (word(0), word(8));
        let order = Order::of(magic & 1 == 1);
        let sum = order.sum([0, 0], &header[..24]);
        let is_known = magic & !1 == MAGIC
            && PAGE_BYTES.contains(&page_bytes)
            && page_bytes.is_power_of_two()
            && sum == [word(24), word(28)];
        if !is_known {
            return Ok(None);
        }
        let mut log = Self {
            page_bytes: page_bytes.into(),
            ..Self::default()
        };
        log.salts.copy_from_slice(&header[16..24]);
        log.read_frames(file, (order, sum), database_bytes)?;
        Ok(Some(log))
    }

    fn read_frames(
        &mut self,
        file: &mut impl Read,
        (order, mut sum): (Order, [u32; 2]),
        database_bytes: u64,
    ) -> io::Result<()> {
        let there = database_bytes / self.page_bytes;
        let mut frame = vec![0; FRAME_HEADER_BYTES + self.page_bytes as usize];
        let (mut frames, mut is_whole, mut follows_commit) = (0, true, false);
        let mut written = Vec::new();
        while fills(file, &mut frame)? {
            frames += 1;
            let (head, page) = frame.split_at(FRAME_HEADER_BYTES);
            let is_ours = head[8..16] == self.salts;
            let told = [big_endian(head, 16), big_endian(head, 20)];
            let continues = is_ours && order.sum(order.sum(sum, &head[..8]), page) == told;
            let (number, pages) = (big_endian(head, 0), big_endian(head, 4));
            is_whole &= continues;
            if is_whole {
                written.extend(Some(u64::from(number)).filter(|number| *number > there));
                if pages > 0 {
                    (self.whole, self.pages) = (frames, pages.into());
                    self.beyond.extend(written.drain(..));
                }
            }
            self.has_lost |= !is_whole && continues && follows_commit;
            (sum, follows_commit) = (told, is_ours && pages > 0);
        }
        Ok(())
    }

    /// Pages that are in neither file: the database was cut.
    fn look_for_missing_pages(&self, database_bytes: u64) -> Result<(), JournalError> {
        let there = database_bytes / self.page_bytes;
        let locked = LOCKED_BYTE / self.page_bytes + 1;
        let wanted = (there + 1..=self.pages).filter(|page| *page != locked);
        let missing = wanted.filter(|page| !self.beyond.contains(page)).count();
        match missing {
            0 => Ok(()),
            _ => Err(JournalError::Corrupt(format!(
                "{DATABASE} is shorter than it was: {missing} of its {} pages are missing",
                self.pages
            ))),
        }
    }
}

impl Index {
    /// Without a frame in the log, all that the index counts has to be in the database.
    fn wants_none(index: Option<Self>, what: &str) -> Result<(), JournalError> {
        match index {
            Some(index) if index.frames > index.moved => Err(damaged(what)),
            _ => Ok(()),
        }
    }

    /// Reads an index; none if there is none, or it was being changed.
    fn read(path: &Path) -> io::Result<Option<Self>> {
        let mut bytes = [0; 100];
        let mut file = match File::open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            file => file?,
        };
        if !fills(&mut file, &mut bytes)? {
            return Ok(None);
        }
        let word = |at: usize| native(&bytes, at);
        let sum = Order::native().sum([0, 0], &bytes[..40]);
        if bytes[..48] != bytes[48..96] || sum != [word(40), word(44)] || bytes[12] == 0 {
            return Ok(None);
        }
        let mut salts = [0; 8];
        salts.copy_from_slice(&bytes[32..40]);
        Ok(Some(Self {
            salts,
            frames: word(16).into(),
            moved: word(96).into(),
        }))
    }
}

/// In which order of bytes checksums are made.
#[derive(Clone, Copy)]
enum Order {
    Big,
    Little,
}

impl Order {
    fn of(is_big: bool) -> Self {
        if is_big { Self::Big } else { Self::Little }
    }

    fn native() -> Self {
        Self::of(cfg!(target_endian = "big"))
    }

    /// The checksum of what came before, continued.
    fn sum(self, before: [u32; 2], bytes: &[u8]) -> [u32; 2] {
        let word = |bytes: &[u8]| match self {
            Self::Big => big_endian(bytes, 0),
            Self::Little => u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]),
        };
        bytes.chunks_exact(8).fold(before, |[one, two], pair| {
            let one = one.wrapping_add(word(pair)).wrapping_add(two);
            let two = two.wrapping_add(word(&pair[4..])).wrapping_add(one);
            [one, two]
        })
    }
}

fn big_endian(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

fn native(bytes: &[u8], at: usize) -> u32 {
    u32::from_ne_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

/// Reads as much as there is room for; false at the end of the file.
fn fills(file: &mut impl Read, room: &mut [u8]) -> io::Result<bool> {
    match file.read_exact(room) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}
