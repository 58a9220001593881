//! Probable self-services, for as long as a second attempt of the caller would undo them.

use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use std::collections::BTreeMap;
use std::collections::VecDeque;

/// Within this time a second attempt shows that an answer was not enough after all.
pub(super) const RETURN_WITHIN: Span = Span::minutes(24 * 60);
/// Callers who are forgotten together.
const BLOCK: usize = 1024;

/// A probable self-service that a second attempt may yet undo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Probable {
    pub(super) ended: Tick,
    /// The cell of the attempt.
    pub(super) cell: u32,
    /// The cell in which it served its caller, if nothing had served them before.
    pub(super) served: Option<u32>,
    /// For how long it held a trunk.
    pub(super) trunk_ms: u64,
    /// The answer that has settled it, or that of no answer.
    pub(super) answer: u32,
}

/// Those of a run, by caller. Callers are numbered in the order in which they first called, so that
/// whole blocks of them are too old together: memory does not grow with the length of a run.
#[derive(Clone, Debug, Default)]
pub(super) struct Probables {
    blocks: VecDeque<Block>,
    /// How many blocks before the first of these are forgotten.
    forgotten: usize,
    /// Of callers whose block is forgotten: they were served long after they first called.
    late: BTreeMap<usize, Probable>,
    /// How many of these there may be before it is seen which are too old.
    room: usize,
}

#[derive(Clone, Debug)]
struct Block {
    /// When the last one ended.
    latest: Tick,
    callers: Vec<Option<Probable>>,
}

impl Probables {
    pub(super) fn clear(&mut self) {
        self.blocks.clear();
        self.late.clear();
        (self.forgotten, self.room) = (0, 0);
    }

    /// Notes that the caller in this place has probably been served, and forgets what is too old.
    pub(super) fn put(&mut self, place: usize, probable: Probable) {
        let now = probable.ended;
        let is_old = |latest: Tick| now.since(latest) > RETURN_WITHIN;
        while self
            .blocks
            .front()
            .is_some_and(|block| is_old(block.latest))
        {
            self.blocks.pop_front();
            self.forgotten += 1;
        }
        let Some(block) = (place / BLOCK).checked_sub(self.forgotten) else {
            if self.late.len() >= self.room {
                self.late.retain(|_, probable| !is_old(probable.ended));
                self.room = BLOCK.max(2 * self.late.len());
            }
            self.late.insert(place, probable);
            return;
        };
        while self.blocks.len() <= block {
            self.blocks.push_back(Block {
                latest: now,
                callers: vec![None; BLOCK],
            });
        }
        let block = &mut self.blocks[block];
        block.latest = now;
        block.callers[place % BLOCK] = Some(probable);
    }

    /// The caller in this place calls again: what that undoes, if anything.
    pub(super) fn take(&mut self, now: Tick, place: usize) -> Option<Probable> {
        let probable = match (place / BLOCK).checked_sub(self.forgotten) {
            Some(block) => self.blocks.get_mut(block)?.callers[place % BLOCK].take(),
            None => self.late.remove(&place),
        };
        probable.filter(|probable| now.since(probable.ended) <= RETURN_WITHIN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: u64 = 3_600_000;

    fn ended(hour: u64) -> Probable {
        Probable {
            ended: Tick(hour * HOUR),
            cell: 0,
            served: None,
            trunk_ms: 1000,
            answer: 0,
        }
    }

    #[test]
    fn what_is_a_day_old_is_forgotten_and_the_rest_is_undone_once() {
        let mut probables = Probables::default();
        probables.put(0, ended(0));
        probables.put(1, ended(0));
        assert_eq!(probables.take(Tick(24 * HOUR), 0), Some(ended(0)));
        assert_eq!(probables.take(Tick(24 * HOUR), 0), None, "undone before");
        assert_eq!(probables.take(Tick(24 * HOUR + 1), 1), None, "too late");
        assert_eq!(probables.take(Tick(0), BLOCK), None, "never served");
    }

    #[test]
    fn memory_is_kept_for_a_day_of_callers() {
        let mut probables = Probables::default();
        for hour in 0..1000 {
            probables.put(hour as usize * BLOCK, ended(hour));
            assert!(probables.blocks.len() <= 26);
        }
        // Callers of the first hour who are served only now.
        for place in 0..3 * BLOCK {
            probables.put(place, ended(1000 + place as u64 / 10));
        }
        assert!(probables.late.len() <= BLOCK);
        let last = 3 * BLOCK - 1;
        let found = probables.take(Tick(1400 * HOUR), last);
        assert_eq!(found, None);
        let at = 1000 + last as u64 / 10;
        probables.put(last, ended(at));
        assert_eq!(probables.take(Tick(at * HOUR), last), Some(ended(at)));
    }
}
