//! Persons behind attempts: who is new, who came back, who was never served.

use super::probable::Probable;
use super::probable::Probables;
use crate::exchange::limits::CALLS_MAX;
use crate::exchange::time::Tick;

/// Callers of one run; their numbers are dense, so a table by number is small.
const CALLERS_MAX: u64 = 1000 * CALLS_MAX as u64;

/// What is known of the callers of one run. They are numbered from 1 in the order of their first
/// attempts; the number 0 stands for a caller of whom nothing is known.
#[derive(Clone, Debug, Default)]
pub(super) struct Callers {
    seen: u64,
    /// Callers up to this one came before statistics began.
    before: u64,
    /// The last caller whose first attempt was counted; later ones came after statistics ended.
    last: u64,
    probable: Probables,
    served: Vec<u64>,
    served_count: u64,
}

/// A probable self-service that was none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Undone {
    /// The cell of the attempt.
    pub(super) cell: usize,
    /// The cell in which its caller was thought to be served by it.
    pub(super) served: Option<usize>,
    /// For how long it held a trunk.
    pub(super) trunk_ms: u64,
    /// The answer that was thought to have settled it.
    pub(super) answer: u32,
}

impl Callers {
    pub(super) fn reset(&mut self) {
        (self.seen, self.before, self.last, self.served_count) = (0, 0, 0, 0);
        self.probable.clear();
        self.served.clear();
    }

    /// Notes an attempt; `counted` when it arrived inside the statistics. Whether it is the caller's first.
    #[inline]
    pub(super) fn attempt(&mut self, caller: u64, counted: bool) -> bool {
        if caller != 0 && caller <= self.seen {
            return false;
        }
        self.seen = self.seen.max(caller);
        if counted {
            self.last = self.seen;
        } else if self.last == 0 {
            self.before = self.seen;
        }
        true
    }

    /// Notes that the attempt of the cell `from` has probably served the caller, in the cell `now_in`;
    /// whether they were unserved until then.
    pub(super) fn probably_served(
        &mut self,
        now: Tick,
        caller: u64,
        (from, now_in): (usize, usize),
        (trunk_ms, answer): (u64, u32),
    ) -> bool {
        let first = self.served(caller);
        if caller == 0 {
            return first;
        }
        let probable = Probable {
            ended: now,
            cell: from as u32,
            served: first.then_some(now_in as u32),
            trunk_ms,
            answer,
        };
        self.probable.put(place(caller), probable);
        first
    }

    /// Notes that the caller got what they called for; whether it is to be counted: they belong to the
    /// statistics and had got nothing yet.
    #[inline(always)]
    pub(super) fn served(&mut self, caller: u64) -> bool {
        if caller == 0 {
            self.served_count += 1;
            return true;
        }
        if !self.is_counted(caller) {
            return false;
        }
        let (word, bit) = bit(caller);
        if word >= self.served.len() {
            self.served.resize(word + 1, 0);
        }
        let word = &mut self.served[word];
        let first = *word & bit == 0;
        *word |= bit;
        self.served_count += u64::from(first);
        first
    }

    /// Callers of the statistics who got what they called for.
    pub(super) fn served_count(&self) -> u64 {
        self.served_count
    }

    /// Whether this caller belongs to the statistics and has got nothing yet.
    pub(super) fn is_unserved(&self, caller: u64) -> bool {
        let (word, bit) = bit(caller.max(1));
        let served = self.served.get(word).is_some_and(|bits| bits & bit != 0);
        caller == 0 || (self.is_counted(caller) && !served)
    }

    /// Whether the caller's first attempt was inside the statistics.
    fn is_counted(&self, caller: u64) -> bool {
        self.before < caller && caller <= self.last
    }

    /// Forgets, and gives, an earlier attempt that was not self-served after all.
    pub(super) fn undo(&mut self, now: Tick, caller: u64) -> Option<Undone> {
        let Probable {
            cell,
            served,
            trunk_ms,
            answer,
            ..
        } = self.probable.take(now, place(caller))?;
        if served.is_some() {
            let (word, bit) = bit(caller);
            self.served[word] &= !bit;
            self.served_count -= 1;
        }
        Some(Undone {
            cell: cell as usize,
            served: served.map(|cell| cell as usize),
            trunk_ms,
            answer,
        })
    }
}

fn place(caller: u64) -> usize {
    assert!(caller <= CALLERS_MAX, "callers are numbered from 1");
    caller as usize - 1
}

fn bit(caller: u64) -> (usize, u64) {
    let place = place(caller);
    (place / 64, 1 << (place % 64))
}
