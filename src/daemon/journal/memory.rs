//! A journal on an imaginary disk, which survives the journal and can be made to fail.
//!
//! A test keeps the [`Disk`], opens a [`MemoryJournal`] on it, sets [`Faults`], calls
//! [`Disk::crash`] at the worst moment, and opens another journal on what is left.

use super::EachEntry;
use super::Journal;
use super::Position;
use super::SNAPSHOTS_KEPT;
use super::error::JournalError;
use super::prune;
use super::rows::CdrRow;
use super::rows::DeliveryRow;
use super::rows::EditionRow;
use super::rows::MessageRow;
use super::rows::Outstanding;
use super::rows::Published;
use super::rows::RecordingRow;
use super::rows::Rows;
use super::rows::SealedRow;
use super::rows::ShedRow;
use super::rows::SurveyRow;
use super::rows::VaultChange;
use super::snapshot::Snapshot;
use super::snapshot::SnapshotSink;
use super::snapshot::WrittenSnapshot;
use super::snapshot::none_readable;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

/// What is to go wrong. Everything is off by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// At the next crash, half of what was staged is found on the disk; the journal that is opened
    /// next has to drop all of it.
    pub torn_tail: bool,
    /// At the next crash, so many of the last commits are gone: the disk had lied about them.
    pub lost_suffix: usize,
    /// At the next crash, the newest snapshot loses its second half.
    pub torn_snapshot: bool,
    /// The append or commit with this number fails and with it the journal; the first one after the
    /// faults were set has 1.
    pub io_error_at: Option<u64>,
    /// From the append or commit with this number on, the disk is full, until
    /// [`Disk::make_room`] or the release of the ballast.
    pub full_at: Option<u64>,
}

/// An imaginary disk. Clones are the same disk.
#[derive(Clone, Debug, Default)]
pub struct Disk {
    platter: Arc<Mutex<Platter>>,
}

impl Disk {
    /// Sets what is to go wrong from now on.
    pub fn set_faults(&self, faults: Faults) {
        let mut platter = self.lock();
        platter.faults = faults;
        platter.acts = 0;
    }

    /// Ends the journal that is open as `kill -9` and a power cut would: what was staged is gone,
    /// and the faults of a crash happen. The journal that was open refuses everything afterwards.
    pub fn crash(&self) {
        let mut platter = self.lock();
        let kept = platter.frames.len();
        let kept = kept.saturating_sub(platter.faults.lost_suffix);
        platter.keep_frames(kept);
        let staged = std::mem::take(&mut platter.staged);
        if platter.faults.torn_tail && !staged.is_empty() {
            platter.frames.push(Frame::torn(staged));
        }
        if platter.faults.torn_snapshot
            && let Some(mut file) = platter.snapshots.last_entry()
        {
            let half = file.get().len() / 2;
            file.get_mut().truncate(half);
        }
        platter.faults = Faults::default();
        platter.opened += 1;
        platter.is_open = false;
    }

    /// Makes room on a disk that is full.
    pub fn make_room(&self) {
        self.lock().faults.full_at = None;
    }

    fn lock(&self) -> MutexGuard<'_, Platter> {
        // A test that panics while it holds the lock has failed already.
        self.platter.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is on the disk.
#[derive(Debug, Default)]
struct Platter {
    /// The commits, in order.
    frames: Vec<Frame>,
    /// Where the log ends after them.
    committed: Position,
    /// What a commit would make durable.
    staged: Vec<String>,
    /// Written snapshots, as files.
    snapshots: BTreeMap<Position, Vec<u8>>,
    faults: Faults,
    /// Appends and commits since the faults were set.
    acts: u64,
    /// How many journals have been opened: an earlier one than the last is dead.
    opened: u64,
    is_open: bool,
    ballast_released: bool,
}

/// One commit.
#[derive(Debug)]
struct Frame {
    /// How many entries it was to have; fewer are there when it is torn.
    announced: usize,
    entries: Vec<String>,
    rows: Rows,
    /// The registered snapshots from this commit on, newest first.
    registered: Vec<WrittenSnapshot>,
    /// Entries up to here are gone from this commit on.
    pruned: Position,
}

impl Frame {
    fn torn(mut entries: Vec<String>) -> Self {
        let announced = entries.len();
        entries.truncate(announced / 2);
        Self {
            announced,
            entries,
            rows: Rows::default(),
            registered: Vec::new(),
            pruned: Position::START,
        }
    }

    fn is_whole(&self) -> bool {
        self.entries.len() == self.announced
    }
}

impl Platter {
    /// Keeps the first commits only.
    fn keep_frames(&mut self, kept: usize) {
        self.frames.truncate(kept);
        let entries = self.frames.iter().map(|frame| frame.entries.len());
        self.committed = Position::START.plus(entries.sum());
    }

    fn end(&self) -> Position {
        self.committed.plus(self.staged.len())
    }

    /// Entries up to here are gone.
    fn pruned(&self) -> Position {
        let last = self.frames.last();
        last.map_or(Position::START, |frame| frame.pruned)
    }

    /// The registered snapshots that are kept, newest first.
    fn registered(&self) -> &[WrittenSnapshot] {
        self.frames.last().map_or(&[], |frame| &frame.registered)
    }

    /// The calls that ended, without the recordings that turned out later not to have been kept.
    fn cdrs(&self) -> BTreeMap<(Position, u32), CdrRow> {
        let mut rows = self.rows(|rows| &rows.cdrs, |row| (row.position, row.number));
        self.recordings(|lost| {
            let mut since = rows.range_mut((lost.position, 0)..).map(|(_, row)| row);
            let is_its = |row: &&mut CdrRow| row.call == lost.call && row.bridge == lost.bridge;
            if let Some(row) = since.find(is_its) {
                row.recordings = row.recordings.saturating_sub(1);
            }
        });
        rows
    }

    /// The recordings, marked as bridges have said since; tells of those that records of calls count.
    fn recordings(
        &self,
        mut lost: impl FnMut(&RecordingRow),
    ) -> BTreeMap<(Position, u32), RecordingRow> {
        let mut rows = self.rows(|rows| &rows.recordings, |row| (row.position, row.number));
        for unkept in self.frames.iter().flat_map(|frame| &frame.rows.unkept) {
            let is_it = |row: &&mut RecordingRow| {
                !row.failed && row.recording == unkept.recording && row.bridge == unkept.bridge
            };
            for row in rows.values_mut().filter(is_it) {
                row.failed = true;
                if unkept.counted {
                    lost(row);
                }
            }
        }
        rows
    }

    /// One more append or commit: whether the disk takes part.
    fn act(&mut self) -> Result<(), JournalError> {
        self.acts += 1;
        if self.faults.io_error_at == Some(self.acts) {
            return Err(JournalError::Io("as the test wanted".to_owned()));
        }
        let full = self.faults.full_at.is_some_and(|at| at <= self.acts);
        if full {
            Err(JournalError::Full)
        } else {
            Ok(())
        }
    }

    fn append(&mut self, after: Position, entries: &[String]) -> Result<Position, JournalError> {
        self.act()?;
        if self.end() != after {
            return Err(JournalError::Conflict {
                expected: after,
                found: self.end(),
            });
        }
        self.staged.extend_from_slice(entries);
        Ok(self.end())
    }

    fn commit(
        &mut self,
        rows: &Rows,
        snapshot: Option<WrittenSnapshot>,
    ) -> Result<(), JournalError> {
        let mut registered = self.registered().to_vec();
        registered.splice(..0, snapshot);
        registered.truncate(SNAPSHOTS_KEPT);
        // What this commit registers is not durable yet, so it does not count.
        let pruned = prune(self.pruned(), self.registered());
        let idle = self.staged.is_empty() && rows.is_empty() && snapshot.is_none();
        if idle && pruned == self.pruned() {
            return Ok(());
        }
        self.act()?;
        let entries = std::mem::take(&mut self.staged);
        self.committed = self.committed.plus(entries.len());
        self.frames.push(Frame {
            announced: entries.len(),
            entries,
            rows: rows.clone(),
            registered,
            pruned,
        });
        Ok(())
    }

    fn newest_snapshot(&mut self) -> Result<Option<Snapshot>, JournalError> {
        let mut problems = Vec::new();
        let mut readable = None;
        for written in self.registered() {
            match Snapshot::parse(&self.snapshots[&written.position]) {
                Ok(snapshot) => {
                    readable = Some(snapshot);
                    break;
                }
                Err(problem) => problems.push(problem),
            }
        }
        if readable.is_none() && self.pruned() > Position::START {
            return Err(none_readable(&problems, self.pruned().plus(1)));
        }
        if let Some(frame) = self.frames.last_mut() {
            frame.registered.drain(..problems.len());
        }
        Ok(readable)
    }

    /// Deliveries that were not taken yet.
    fn deliveries(&self) -> BTreeMap<(Position, u32), DeliveryRow> {
        let mut left: BTreeMap<(Position, u32), DeliveryRow> = BTreeMap::new();
        for frame in &self.frames {
            for row in &frame.rows.deliveries {
                let key = (row.position, row.number);
                left.entry(key).or_insert_with(|| row.clone());
            }
            for settled in &frame.rows.settled {
                let key = (settled.position, settled.number);
                match (&settled.left, left.get_mut(&key)) {
                    (Some(attempted), Some(row)) => row.attempted(attempted),
                    _ => drop(left.remove(&key)),
                }
            }
        }
        left
    }

    /// All rows of a kind by their keys; of two with one key, the first.
    fn rows<T: Clone>(
        &self,
        pick: impl Fn(&Rows) -> &[T],
        key: impl Fn(&T) -> (Position, u32),
    ) -> BTreeMap<(Position, u32), T> {
        let mut found = BTreeMap::new();
        for row in self.frames.iter().flat_map(|frame| pick(&frame.rows)) {
            found.entry(key(row)).or_insert_with(|| row.clone());
        }
        found
    }
}

/// The newest of rows that are ordered by their keys.
fn newest<T>(rows: BTreeMap<(Position, u32), T>, limit: usize) -> Vec<T> {
    rows.into_values().rev().take(limit).collect()
}

/// A journal in memory, for tests and for a daemon that may forget.
#[derive(Debug)]
pub struct MemoryJournal {
    disk: Disk,
    opened: u64,
    failed: Option<JournalError>,
    pending: Option<WrittenSnapshot>,
}

impl MemoryJournal {
    /// Opens what is on the disk. A commit that was not completed is dropped whole.
    /// [`JournalError::Locked`] while another journal is open.
    pub fn open(disk: &Disk) -> Result<Self, JournalError> {
        let mut platter = disk.lock();
        if platter.is_open {
            return Err(JournalError::Locked(PathBuf::from("the memory")));
        }
        let whole = platter.frames.iter().take_while(|frame| frame.is_whole());
        let whole = whole.count();
        platter.keep_frames(whole);
        platter.opened += 1;
        platter.is_open = true;
        let opened = platter.opened;
        drop(platter);
        Ok(Self {
            disk: disk.clone(),
            opened,
            failed: None,
            pending: None,
        })
    }

    /// The disk, while this journal is alive.
    fn platter(&self) -> Result<MutexGuard<'_, Platter>, JournalError> {
        if let Some(failed) = &self.failed {
            return Err(failed.clone());
        }
        let platter = self.disk.lock();
        if platter.opened == self.opened {
            Ok(platter)
        } else {
            Err(JournalError::Io("it has crashed".to_owned()))
        }
    }

    /// Does something that leaves nothing staged when it fails.
    fn attempt<T>(
        &mut self,
        act: impl FnOnce(&mut Platter) -> Result<T, JournalError>,
    ) -> Result<T, JournalError> {
        let mut platter = self.platter()?;
        let done = act(&mut platter);
        if done.is_err() {
            platter.staged.clear();
        }
        drop(platter);
        if let Err(error @ JournalError::Io(_)) = &done {
            self.failed = Some(error.clone());
        }
        done
    }
}

impl Drop for MemoryJournal {
    fn drop(&mut self) {
        let mut platter = self.disk.lock();
        if platter.opened == self.opened {
            platter.staged.clear();
            platter.is_open = false;
        }
    }
}

impl Journal for MemoryJournal {
    fn append(&mut self, after: Position, entries: &[String]) -> Result<Position, JournalError> {
        self.attempt(|platter| platter.append(after, entries))
    }

    fn commit(&mut self, rows: &Rows) -> Result<(), JournalError> {
        let pending = self.pending;
        self.attempt(|platter| platter.commit(rows, pending))?;
        self.pending = None;
        Ok(())
    }

    fn end(&self) -> Position {
        self.disk.lock().end()
    }

    fn tail(&mut self, after: Position, each: &mut EachEntry<'_>) -> Result<(), JournalError> {
        let platter = self.platter()?;
        let pruned = platter.pruned();
        if after < pruned {
            let missing = format!("entry {} is missing", after.plus(1));
            return Err(JournalError::Corrupt(missing));
        }
        let entries = platter.frames.iter().flat_map(|frame| &frame.entries);
        for (place, entry) in entries.enumerate().skip(after.0 as usize) {
            each(Position(place as u64 + 1), entry)?;
        }
        Ok(())
    }

    fn snapshot_sink(&self) -> Box<dyn SnapshotSink> {
        Box::new(MemorySink {
            disk: self.disk.clone(),
        })
    }

    fn keep_snapshot(&mut self, written: WrittenSnapshot) {
        let platter = self.disk.lock();
        let committed = platter.committed;
        let newest = platter.registered().first().copied();
        drop(platter);
        assert!(
            written.position <= committed,
            "a snapshot of a state that is not committed"
        );
        if newest.is_none_or(|newest| newest.position < written.position) {
            self.pending = Some(written);
        }
    }

    fn newest_snapshot(&mut self) -> Result<Option<Snapshot>, JournalError> {
        self.platter()?.newest_snapshot()
    }

    fn published(&mut self, version: u64) -> Result<Option<Published>, JournalError> {
        let platter = self.platter()?;
        let mut all = platter
            .frames
            .iter()
            .filter_map(|f| f.rows.published.as_ref());
        Ok(all.find(|menus| menus.version == version).cloned())
    }

    fn editions(&mut self, limit: usize) -> Result<Vec<EditionRow>, JournalError> {
        let platter = self.platter()?;
        let newest = platter.frames.iter().rev();
        let all = newest.filter_map(|frame| frame.rows.published.as_ref());
        Ok(all.take(limit).map(Published::edition).collect())
    }

    fn vault(&mut self) -> Result<Vec<SealedRow>, JournalError> {
        let platter = self.platter()?;
        let mut sealed = BTreeMap::new();
        for change in platter.frames.iter().flat_map(|frame| &frame.rows.vault) {
            match change {
                VaultChange::Put(row) => sealed.insert(row.call.clone(), row.clone()),
                VaultChange::Delete { call } => sealed.remove(call),
            };
        }
        Ok(sealed.into_values().collect())
    }

    fn recent_cdrs(&mut self, limit: usize) -> Result<Vec<CdrRow>, JournalError> {
        Ok(newest(self.platter()?.cdrs(), limit))
    }

    fn cdr_count(&mut self) -> Result<u64, JournalError> {
        let platter = self.platter()?;
        let rows = platter.rows(|rows| &rows.cdrs, |row| (row.position, row.number));
        Ok(rows.len() as u64)
    }

    fn messages(&mut self, limit: usize) -> Result<Vec<MessageRow>, JournalError> {
        let platter = self.platter()?;
        let rows = platter.rows(|rows| &rows.messages, |row| (row.position, row.number));
        Ok(newest(rows, limit))
    }

    fn surveys(&mut self, limit: usize) -> Result<Vec<SurveyRow>, JournalError> {
        let platter = self.platter()?;
        let rows = platter.rows(|rows| &rows.surveys, |row| (row.position, row.number));
        Ok(newest(rows, limit))
    }

    fn recordings(&mut self, limit: usize) -> Result<Vec<RecordingRow>, JournalError> {
        Ok(newest(self.platter()?.recordings(|_| ()), limit))
    }

    fn deliveries_due(
        &mut self,
        by_ms: i64,
        each: usize,
    ) -> Result<Vec<DeliveryRow>, JournalError> {
        let left = self.platter()?.deliveries().into_values();
        let due = left.filter(|row| !row.given_up && row.due_ms <= by_ms);
        let mut due: Vec<DeliveryRow> = due.collect();
        due.sort_by_key(|row| (row.due_ms, row.position, row.number));
        Ok(some_for_each(due, each))
    }

    fn deliveries(&mut self, limit: usize) -> Result<Vec<DeliveryRow>, JournalError> {
        Ok(newest(self.platter()?.deliveries(), limit))
    }

    fn deliveries_given_up(&mut self, each: usize) -> Result<Vec<DeliveryRow>, JournalError> {
        let left = self.platter()?.deliveries().into_values();
        Ok(some_for_each(left.filter(|row| row.given_up), each))
    }

    fn outstanding(&mut self) -> Result<BTreeMap<String, Outstanding>, JournalError> {
        let mut all: BTreeMap<String, Outstanding> = BTreeMap::new();
        for row in self.platter()?.deliveries().into_values() {
            let left = all.entry(row.address().to_owned()).or_default();
            match row.given_up {
                true => left.given_up += 1,
                false => left.waiting += 1,
            }
        }
        Ok(all)
    }

    fn shed(&mut self, limit: usize) -> Result<Vec<ShedRow>, JournalError> {
        let platter = self.platter()?;
        let counts = platter.frames.iter().flat_map(|frame| &frame.rows.shed);
        let rows = counts.map(|row| ((row.position, row.number), row.clone()));
        Ok(newest(rows.collect(), limit))
    }

    fn tidy(&mut self) -> Result<(), JournalError> {
        self.platter().map(drop)
    }

    fn release_ballast(&mut self) -> bool {
        let mut platter = self.disk.lock();
        if platter.ballast_released {
            return false;
        }
        platter.ballast_released = true;
        platter.faults.full_at = None;
        true
    }

    fn restore_ballast(&mut self) -> bool {
        let mut platter = self.disk.lock();
        if platter.faults.full_at.is_none() {
            platter.ballast_released = false;
        }
        !platter.ballast_released
    }
}

/// The first of them for each address.
fn some_for_each(rows: impl IntoIterator<Item = DeliveryRow>, each: usize) -> Vec<DeliveryRow> {
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    let fits = |row: &DeliveryRow| {
        let taken = taken.entry(row.address().to_owned()).or_default();
        *taken += 1;
        *taken <= each
    };
    rows.into_iter().filter(fits).collect()
}

/// Writes snapshots to the imaginary disk.
#[derive(Debug)]
struct MemorySink {
    disk: Disk,
}

impl SnapshotSink for MemorySink {
    fn write(&mut self, snapshot: &Snapshot) -> Result<WrittenSnapshot, JournalError> {
        let file = [snapshot.header().as_bytes(), &snapshot.content].concat();
        let mut platter = self.disk.lock();
        let there = platter.snapshots.get(&snapshot.position);
        if let Some(there) = there.and_then(|file| Snapshot::parse(file).ok()) {
            return Ok(there.as_written());
        }
        platter.snapshots.insert(snapshot.position, file);
        Ok(snapshot.as_written())
    }
}
