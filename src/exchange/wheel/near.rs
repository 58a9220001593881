//! What is due soon, in order: a run that ends with what is due next, so that taking it moves nothing.
//!
//! Whoever comes late is put in from the end of the run. Where very many are due soon that may be far,
//! and who would come after too many of them waits in a heap until it is among the next.

use serde::Deserialize;
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// So many at the end of the run are due before all who wait in the heap.
const NEXT: usize = 8;
/// Who comes after more of the run than this waits in the heap.
const PASSED_MAX: usize = 24;

/// Entries of the wheel in the order of their times, equal times in that of their numbers.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(from = "Vec<(u64, u64, u32)>", into = "Vec<(u64, u64, u32)>")]
pub(super) struct Near {
    /// What is due last comes first.
    run: Vec<Due>,
    late: BinaryHeap<Reverse<Due>>,
}

/// Time, number and place of an entry in one that is compared and copied at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Due(u128);

impl Due {
    const INDEX_BITS: u32 = u32::BITS;
    const NTH_BITS: u32 = 54;

    /// Times end at 2^42, and a wheel that takes a million entries a second has had 2^54 after 570 years.
    pub(super) fn new(at: u64, nth: u64, index: u32) -> Self {
        let at = u128::from(at) << (Self::NTH_BITS + Self::INDEX_BITS);
        Self(at | u128::from(nth) << Self::INDEX_BITS | u128::from(index))
    }

    pub(super) fn at(self) -> u64 {
        (self.0 >> (Self::NTH_BITS + Self::INDEX_BITS)) as u64
    }

    /// Its place in the arena.
    pub(super) fn index(self) -> u32 {
        self.0 as u32
    }

    fn nth(self) -> u64 {
        (self.0 >> Self::INDEX_BITS) as u64 & ((1 << Self::NTH_BITS) - 1)
    }
}

impl Near {
    pub(super) fn is_empty(&self) -> bool {
        self.run.is_empty()
    }

    /// What is due next.
    #[inline]
    pub(super) fn first(&self) -> Option<Due> {
        self.run.last().copied()
    }

    /// What is due after so many others, as far as that is known without a search.
    #[inline]
    pub(super) fn after(&self, others: usize) -> Option<Due> {
        let place = self.run.len().checked_sub(1 + others)?;
        self.run.get(place).copied()
    }

    /// Takes what is due next.
    #[inline]
    pub(super) fn pop(&mut self) -> Option<Due> {
        let first = self.run.pop();
        if !self.late.is_empty() {
            self.let_in();
        }
        first
    }

    /// Adds an entry in its place.
    pub(super) fn insert(&mut self, due: Due) {
        self.reach();
        match self.after(PASSED_MAX) {
            Some(passed) if passed < due => self.late.push(Reverse(due)),
            _ => self.put_in(due),
        }
    }

    /// Adds an entry anywhere: [`Self::sort`] comes next.
    #[inline]
    pub(super) fn add(&mut self, due: Due) {
        self.reach();
        self.run.push(due);
    }

    pub(super) fn sort(&mut self) {
        self.run.sort_unstable_by(|due, other| other.cmp(due));
    }

    /// Keeps the entries whose places are wanted.
    pub(super) fn retain(&mut self, mut wanted: impl FnMut(u32) -> bool) {
        self.run.retain(|due| wanted(due.index()));
        self.late.retain(|Reverse(due)| wanted(due.index()));
        self.let_in();
    }

    /// Adds an entry to the run, from its end.
    #[inline]
    fn put_in(&mut self, due: Due) {
        self.run.push(due);
        for place in (1..self.run.len()).rev() {
            let before = self.run[place - 1];
            if due < before {
                break;
            }
            (self.run[place], self.run[place - 1]) = (before, due);
        }
    }

    /// Makes room for one more.
    #[inline]
    fn reach(&mut self) {
        if self.run.len() + self.late.len() >= self.run.capacity() {
            self.grow();
        }
    }

    /// Both have room for all, wherever they are.
    #[cold]
    fn grow(&mut self) {
        self.run.reserve(self.late.len() + 1);
        self.late.reserve(self.run.capacity() - self.late.len());
    }

    /// Those who wait in the heap and are among the next come into the run.
    #[inline(never)]
    fn let_in(&mut self) {
        while let Some(Reverse(due)) = self.late.peek().copied() {
            if self.after(NEXT - 1).is_some_and(|next| next < due) {
                return;
            }
            self.late.pop();
            self.put_in(due);
        }
    }
}

impl From<Vec<(u64, u64, u32)>> for Near {
    fn from(entries: Vec<(u64, u64, u32)>) -> Self {
        let run = entries.into_iter();
        let mut near = Self {
            run: run
                .map(|(at, nth, index)| Due::new(at, nth, index))
                .collect(),
            late: BinaryHeap::new(),
        };
        near.sort();
        near
    }
}

impl From<Near> for Vec<(u64, u64, u32)> {
    fn from(near: Near) -> Self {
        let late = near.late.into_iter().map(|Reverse(due)| due);
        let mut all: Vec<Due> = near.run.into_iter().chain(late).collect();
        all.sort_unstable();
        let parts = |due: Due| (due.at(), due.nth(), due.index());
        all.into_iter().map(parts).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    type Parts = Vec<(u64, u64, u32)>;

    proptest! {
        #[test]
        fn agrees_with_an_ordered_set(
            steps in proptest::collection::vec((0_u8..9, 0_u64..100), 1..400)
        ) {
            let (mut near, mut model) = (Near::default(), BTreeSet::new());
            for (nth, (what, at)) in (0..).zip(steps) {
                match what {
                    0..5 => {
                        let due = Due::new(at, u64::from(nth), nth);
                        near.insert(due);
                        model.insert(due);
                    }
                    5..8 => prop_assert_eq!(near.pop(), model.pop_first()),
                    _ => {
                        let wanted = |index: u32| !u64::from(index).is_multiple_of(at + 2);
                        near.retain(wanted);
                        model.retain(|due| wanted(due.index()));
                    }
                }
                prop_assert_eq!(near.first(), model.first().copied());
                prop_assert_eq!(near.is_empty(), model.is_empty());
                for others in 0..NEXT {
                    prop_assert_eq!(near.after(others), model.iter().nth(others).copied());
                }
            }
            // What is read back is the same, in whatever order it was written.
            let parts = Parts::from(near.clone());
            let mut again = Near::from(parts.iter().rev().copied().collect::<Parts>());
            prop_assert_eq!(Parts::from(again.clone()), parts);
            while let Some(due) = near.pop() {
                prop_assert_eq!(again.pop(), Some(due));
            }
            prop_assert_eq!(again.pop(), None);
        }
    }
}
