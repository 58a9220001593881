//! Callers in the order of their places: who is first, and how many are before whom, however long the
//! line is.
//!
//! Blocks of neighbours, so small that whoever comes or goes moves few others, and so large that few of
//! them are counted up. Most come last, and most who go were first.

use super::place::Place;
use serde::Deserialize;
use serde::Serialize;
use std::collections::VecDeque;

/// With so many in it a block is divided.
const BLOCK_MAX: usize = 128;

/// Somebody in line.
#[derive(Clone, Copy, Debug)]
struct Entry {
    /// The place, and that of the call in the table of calls.
    key: (Place, u32),
    is_callback: bool,
}

/// All in line.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub(super) struct Lineup {
    /// One after the other, each with somebody in it.
    blocks: Vec<Block>,
    /// Blocks that have become empty, with their memory.
    spare: Vec<Block>,
    len: u32,
    callbacks: u32,
}

#[derive(Clone, Debug, Default)]
struct Block {
    entries: VecDeque<Entry>,
    callbacks: u32,
}

/// What a snapshot holds: not who is called back, which tickets say.
#[derive(Serialize, Deserialize)]
struct Written {
    entries: Vec<(Place, u32)>,
}

impl Lineup {
    /// How many are in line.
    pub(super) fn len(&self) -> usize {
        self.len as usize
    }

    /// How many of them are calls back.
    pub(super) fn callbacks(&self) -> u32 {
        self.callbacks
    }

    /// The first in line.
    #[inline]
    pub(super) fn first(&self) -> Option<&(Place, u32)> {
        let entry = self.blocks.first()?.entries.front()?;
        Some(&entry.key)
    }

    /// The calls in line, by their places in the table of calls, the first one first.
    pub(super) fn calls(&self) -> impl Iterator<Item = u32> + '_ {
        let entries = self.blocks.iter().flat_map(|block| &block.entries);
        entries.map(|entry| entry.key.1)
    }

    /// The same, but for calls back.
    pub(super) fn callers(&self) -> impl Iterator<Item = u32> + '_ {
        let blocks = self.blocks.iter();
        let blocks = blocks.filter(|block| (block.callbacks as usize) < block.entries.len());
        let entries = blocks.flat_map(|block| &block.entries);
        let callers = entries.filter(|entry| !entry.is_callback);
        callers.map(|entry| entry.key.1)
    }

    /// How many are before a place, and how many of these are calls back.
    pub(super) fn before(&self, place: Place) -> (u32, u32) {
        let Some((last, others)) = self.blocks.split_last() else {
            return (0, 0);
        };
        // Mostly it is that of somebody who comes.
        if last.entries.back().is_some_and(|entry| entry.key.0 < place) {
            return (self.len, self.callbacks);
        }
        let whole = others.partition_point(|block| {
            let last = block.entries.back();
            last.is_some_and(|entry| entry.key.0 < place)
        });
        let entries = &self.blocks[whole].entries;
        let part = entries.partition_point(|entry| entry.key.0 < place);
        let callbacks = match self.blocks[whole].callbacks {
            0 => 0,
            _ => count_callbacks(entries.range(..part)),
        };
        let before = self.blocks[..whole].iter();
        before.fold((part as u32, callbacks), |(len, callbacks), block| {
            (
                len + block.entries.len() as u32,
                callbacks + block.callbacks,
            )
        })
    }

    /// Puts a call in line.
    pub(super) fn insert(&mut self, place: Place, call: u32, is_callback: bool) {
        let key = (place, call);
        if self.blocks.is_empty() {
            self.blocks.push(self.spare.pop().unwrap_or_default());
        }
        let mut at = self.block_of(key);
        if self.blocks[at].entries.len() == BLOCK_MAX {
            at = self.divide(at, key);
        }
        self.blocks[at].insert(Entry { key, is_callback });
        self.len += 1;
        self.callbacks += u32::from(is_callback);
    }

    /// Takes a call out of the line.
    pub(super) fn remove(&mut self, place: Place, call: u32) {
        let at = self.block_of((place, call));
        let removed = self.blocks[at].remove((place, call));
        self.len -= 1;
        self.callbacks -= u32::from(removed.is_callback);
        if self.blocks[at].entries.is_empty() {
            self.spare.push(self.blocks.remove(at));
        } else if at + 1 < self.blocks.len() {
            self.join(at);
        }
    }

    /// Notes which of those in line are calls back.
    pub(super) fn mark_callbacks(&mut self, is_callback: impl Fn(u32) -> bool) {
        for block in &mut self.blocks {
            for entry in &mut block.entries {
                entry.is_callback = is_callback(entry.key.1);
            }
            block.callbacks = count_callbacks(block.entries.iter());
        }
        self.callbacks = self.blocks.iter().map(|block| block.callbacks).sum();
    }

    /// The block with this key in it, or the one that it would be in.
    #[inline]
    fn block_of(&self, key: (Place, u32)) -> usize {
        match self.blocks.len() {
            1 => 0,
            _ => {
                let begins =
                    |block: &Block| block.entries.front().is_some_and(|one| one.key <= key);
                self.blocks.partition_point(begins).saturating_sub(1)
            }
        }
    }

    /// Makes room in a full block; gives the one for this key. After the last of all a new one begins.
    #[inline(never)]
    fn divide(&mut self, at: usize, key: (Place, u32)) -> usize {
        let block = &mut self.blocks[at];
        let mut later = self.spare.pop().unwrap_or_default();
        if block.entries[BLOCK_MAX - 1].key > key {
            later.entries.extend(block.entries.drain(BLOCK_MAX / 2..));
            later.callbacks = count_callbacks(later.entries.iter());
            block.callbacks -= later.callbacks;
        }
        let comes_later = later.entries.front().is_none_or(|first| first.key <= key);
        self.blocks.insert(at + 1, later);
        at + usize::from(comes_later)
    }

    /// Makes one block of two neighbours that have few in them.
    fn join(&mut self, at: usize) {
        if let [block, next, ..] = &mut self.blocks[at..]
            && block.entries.len() + next.entries.len() <= BLOCK_MAX / 2
        {
            block.entries.append(&mut next.entries);
            block.callbacks += std::mem::take(&mut next.callbacks);
            self.spare.push(self.blocks.remove(at + 1));
        }
    }
}

impl Block {
    fn insert(&mut self, entry: Entry) {
        self.callbacks += u32::from(entry.is_callback);
        match self.entries.back() {
            Some(last) if entry.key < last.key => {
                let at = self.entries.partition_point(|one| one.key < entry.key);
                self.entries.insert(at, entry);
            }
            _ => self.entries.push_back(entry),
        }
    }

    fn remove(&mut self, key: (Place, u32)) -> Entry {
        let at = match self.entries.front() {
            Some(first) if first.key == key => 0,
            _ => self.entries.partition_point(|one| one.key < key),
        };
        let entry = self.entries.remove(at).expect("the call is in line");
        assert!(entry.key == key, "the call is in line");
        self.callbacks -= u32::from(entry.is_callback);
        entry
    }
}

fn count_callbacks<'e>(entries: impl Iterator<Item = &'e Entry>) -> u32 {
    entries.filter(|entry| entry.is_callback).count() as u32
}

impl From<Written> for Lineup {
    fn from(Written { mut entries }: Written) -> Self {
        entries.sort_unstable();
        let mut lineup = Self::default();
        for (place, call) in entries {
            lineup.insert(place, call, false);
        }
        lineup
    }
}

impl From<Lineup> for Written {
    fn from(lineup: Lineup) -> Self {
        let entries = lineup.blocks.iter().flat_map(|block| &block.entries);
        Self {
            entries: entries.map(|entry| entry.key).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn agrees_with_an_ordered_map(
            steps in proptest::collection::vec((0_u32..900, 0_i64..500, any::<bool>()), 1..3000),
        ) {
            let mut lineup = Lineup::default();
            let (mut of_call, mut model) = (BTreeMap::new(), BTreeMap::new());
            for (nth, (call, since, is_callback)) in steps.into_iter().enumerate() {
                match of_call.remove(&call) {
                    Some(place) => {
                        lineup.remove(place, call);
                        model.remove(&(place, call));
                    }
                    None => {
                        let place = Place::example(since, nth as u64 / 3);
                        lineup.insert(place, call, is_callback);
                        of_call.insert(call, place);
                        model.insert((place, call), is_callback);
                    }
                }
                prop_assert_eq!(lineup.first(), model.keys().next());
                prop_assert_eq!(lineup.len(), model.len());
                let place = Place::example(since, nth as u64);
                let before = model.iter().filter(|((other, _), _)| *other < place);
                let callbacks = before.clone().filter(|(_, is_callback)| **is_callback).count();
                prop_assert_eq!(lineup.before(place), (before.count() as u32, callbacks as u32));
            }
            prop_assert!(lineup.calls().eq(model.keys().map(|(_, call)| *call)));
            let callers = model.iter().filter(|(_, is_callback)| !**is_callback);
            prop_assert!(lineup.callers().eq(callers.map(|((_, call), _)| *call)));
            prop_assert!(lineup.blocks.iter().all(|block| (1..=BLOCK_MAX).contains(&block.entries.len())));
            let mut read: Lineup = serde_json::to_string(&lineup)
                .and_then(|written| serde_json::from_str(&written))
                .expect("it is read as it was written");
            prop_assert!(read.calls().eq(lineup.calls()));
            read.mark_callbacks(|call| model[&(of_call[&call], call)]);
            prop_assert_eq!(read.callbacks(), lineup.callbacks());
            let end = Place::example(250, u64::MAX);
            prop_assert_eq!(read.before(end), lineup.before(end));
        }
    }
}
