//! An indexed heap: the least entry at once, any entry removed in O(log n), no allocation once
//! warm.

use serde::Deserialize;
use serde::Serialize;

const ARITY: usize = 4;

/// Where each id sits in its heap; heaps that never share an id may share one of these.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Places(Vec<u32>);

impl Places {
    const NOWHERE: u32 = u32::MAX;

    /// Whether the id is in a heap.
    pub(super) fn holds(&self, id: u32) -> bool {
        self.0
            .get(id as usize)
            .is_some_and(|place| *place != Self::NOWHERE)
    }

    /// Makes room for ids up to this one.
    pub(super) fn reach(&mut self, id: u32) {
        if self.0.len() <= id as usize {
            self.0.resize(id as usize + 1, Self::NOWHERE);
        }
    }

    fn set(&mut self, id: u32, place: usize) {
        self.0[id as usize] = place as u32;
    }
}

/// Ids in the order of their keys, equal keys in the order of their ids.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Heap<K> {
    entries: Vec<(K, u32)>,
}

impl<K> Default for Heap<K> {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
        }
    }
}

impl<K: Copy + Ord> Heap<K> {
    /// How many entries.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The least entry.
    pub(super) fn first(&self) -> Option<&(K, u32)> {
        self.entries.first()
    }

    /// The entry after the least.
    #[inline(always)]
    pub(super) fn second(&self) -> Option<(K, u32)> {
        let place = self.least_child(0)?;
        Some(self.entries[place])
    }

    /// All entries, in no particular order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (K, u32)> + '_ {
        self.entries.iter().copied()
    }

    /// Adds an id that is in no heap of these places. Inlined, so that the entry need not be read where it
    /// has just been written.
    #[inline(always)]
    pub(super) fn insert(&mut self, key: K, id: u32, places: &mut Places) {
        places.reach(id);
        assert!(!places.holds(id), "an id is in one heap at most");
        self.entries.push((key, id));
        self.rise((key, id), self.entries.len() - 1, places);
    }

    /// Takes an id out that is in this heap.
    #[inline(always)]
    pub(super) fn remove(&mut self, id: u32, places: &mut Places) {
        // Mostly it is the first, and the memory of places need not be waited for.
        let place = match self.entries.first() {
            Some((_, first)) if *first == id => 0,
            _ => places.0[id as usize] as usize,
        };
        assert_eq!(self.entries[place].1, id, "the id is in this heap");
        places.0[id as usize] = Places::NOWHERE;
        let last = self.entries.pop().expect("the heap holds the id");
        if place < self.entries.len() {
            // What replaces the top can only sink.
            let place = match place {
                0 => 0,
                _ => self.rise(last, place, places),
            };
            self.sink(last, place, places);
        }
    }

    /// Brings an entry from this place up to its own, which is given.
    #[inline(always)]
    fn rise(&mut self, entry: (K, u32), mut place: usize, places: &mut Places) -> usize {
        while place > 0 {
            let parent = (place - 1) / ARITY;
            if !is_before(&entry, &self.entries[parent]) {
                break;
            }
            self.entries[place] = self.entries[parent];
            places.set(self.entries[place].1, place);
            place = parent;
        }
        self.entries[place] = entry;
        places.set(entry.1, place);
        place
    }

    /// Brings an entry from this place down to its own.
    #[inline(always)]
    fn sink(&mut self, entry: (K, u32), mut place: usize, places: &mut Places) {
        while let Some(child) = self.least_child(place) {
            let least = self.entries[child];
            if !is_before(&least, &entry) {
                break;
            }
            self.entries[place] = least;
            places.set(least.1, place);
            place = child;
        }
        self.entries[place] = entry;
        places.set(entry.1, place);
    }

    /// The place of the least entry below this one.
    #[inline(always)]
    fn least_child(&self, place: usize) -> Option<usize> {
        let first = place * ARITY + 1;
        let below = self.entries.get(first..)?;
        let mut children = below.iter().take(ARITY).enumerate();
        let (mut least, mut entry) = children.next()?;
        for (child, other) in children {
            if is_before(other, entry) {
                (least, entry) = (child, other);
            }
        }
        Some(first + least)
    }
}

/// Compared by hand: tuples compare in three ways where one is asked for.
pub(super) fn is_before<K: Ord>((key, id): &(K, u32), (other_key, other_id): &(K, u32)) -> bool {
    key < other_key || (key == other_key && id < other_id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn agrees_with_an_ordered_set(steps in proptest::collection::vec((0_u32..40, 0_u8..9), 1..300)) {
            let (mut heap, mut places) = (Heap::default(), Places::default());
            let mut model = BTreeSet::new();
            for (id, key) in steps {
                if places.holds(id) {
                    heap.remove(id, &mut places);
                    model.retain(|(_, other)| *other != id);
                } else {
                    heap.insert(key, id, &mut places);
                    model.insert((key, id));
                }
                prop_assert_eq!(heap.first(), model.iter().next());
                prop_assert_eq!(heap.second(), model.iter().nth(1).copied());
                prop_assert_eq!(heap.iter().collect::<BTreeSet<_>>(), model.clone());
            }
        }
    }
}
