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
pub(super) struct Streak(Vec<Tick>);

impl Streak {
    pub(super) fn reset(&mut self) {
        self.0.clear();
    }

    /// Asks for the memory of the last of them, once that of the agent has come.
    #[inline]
    pub(super) fn fetch_last(&self) {
        fetch_entry(&self.0, self.0.len().wrapping_sub(1));
    }

    /// When the first of so many calls was given, up to the last.
    #[inline]
    pub(super) fn first_of(&self, calls: usize) -> Option<Tick> {
        let first = self.0.len().checked_sub(calls)?;
        self.0.get(first).copied()
    }

    /// How many calls the agent was given since somebody free became so.
    pub(super) fn since(&self, moment: Tick) -> u32 {
        let late = self.0.iter().rev();
        late.take_while(|rang| **rang >= moment).count() as u32
    }

    /// The agent was given a call.
    #[inline]
    pub(super) fn add(&mut self, rang: Tick, idle: &mut Idle) {
        if self.0.len() == self.0.capacity() {
            self.make_room(rang, idle);
        }
        self.0.push(rang);
    }

    /// Drops those before the time at which the one who has been free the longest became so.
    #[cold]
    fn make_room(&mut self, rang: Tick, idle: &mut Idle) {
        // Mostly the bound is close enough, and there is no need to look at all who are free.
        self.drop_before(idle.longest_bound().unwrap_or(rang));
        if self.0.len() > self.0.capacity() / 2 {
            self.drop_before(idle.longest().unwrap_or(rang));
        }
        if self.0.len() >= self.0.capacity() / 2 {
            // Not to look again at every call.
            self.0.reserve(self.0.len().max(KEPT));
        }
    }

    fn drop_before(&mut self, longest: Tick) {
        let old = self.0.partition_point(|call| *call < longest);
        self.0.drain(..old);
    }
}
