//! When an agent was given calls, as far back as anybody has been free.

use super::idle::Idle;
use crate::exchange::ahead::fetch_entry;
use crate::exchange::time::Tick;

/// Calls kept without a look at which of them are still needed.
const KEPT: usize = 32;

/// The moments at which an agent's phone rang for the calls that were answered, in order.
///
/// Nobody asks for calls from before the time at which the one who has been free the longest became
/// free: these are dropped, and the list stays short however long a run is.
#[derive(Clone, Debug, Default)]
pub(super) struct Streak {
    /// The last one, for most are asked for none.
    last: Tick,
    all: Vec<Tick>,
}

impl Streak {
    pub(super) fn reset(&mut self) {
        self.last = Tick(0);
        self.all.clear();
    }

    /// Asks for the memory of the last of them, once that of the agent has come.
    #[inline]
    pub(super) fn fetch_last(&self) {
        fetch_entry(&self.all, self.all.len().wrapping_sub(1));
    }

    /// How many calls the agent was given since somebody free became so.
    #[inline]
    pub(super) fn since(&self, moment: Tick) -> u64 {
        if self.last < moment {
            return 0;
        }
        let late = self.all.iter().rev();
        late.take_while(|rang| **rang >= moment).count() as u64
    }

    /// The agent was given a call.
    #[inline]
    pub(super) fn add(&mut self, rang: Tick, idle: &Idle) {
        self.last = rang;
        if self.all.len() == self.all.capacity() {
            self.make_room(idle.longest().unwrap_or(rang));
        }
        self.all.push(rang);
    }

    /// Drops those before the time at which the one who has been free the longest became so.
    #[cold]
    fn make_room(&mut self, longest: Tick) {
        let old = self.all.partition_point(|call| *call < longest);
        self.all.drain(..old);
        if self.all.len() >= self.all.capacity() / 2 {
            // Not to look again at every call.
            self.all.reserve(self.all.len().max(KEPT));
        }
    }
}
