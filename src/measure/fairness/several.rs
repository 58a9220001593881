//! Calls for which several phones ring. Who was free is noted once for all of these, and what it says of a
//! choice is asked when that one answers: only one of them does.

use super::free::Mark;
use crate::exchange::id::AgentId;
use crate::exchange::time::Tick;

/// All of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Several {
    calls: Vec<Call>,
    /// Places in it that can be used again.
    spare: Vec<u32>,
    /// The place of the call of the last choice, once a second phone rings for it.
    last: Option<u32>,
}

/// One of them.
#[derive(Clone, Debug, Default)]
struct Call {
    /// Who was free, and what was owed to each.
    free: Vec<(AgentId, Mark)>,
    /// Since when the one has been free who has been so the longest.
    longest: Tick,
    /// How many of the phones ring, but for the first.
    rings: u32,
}

impl Several {
    pub(super) fn reset(&mut self) {
        self.last = None;
        self.spare.clear();
        self.spare.extend(0..self.calls.len() as u32);
    }

    /// Another call has come.
    #[inline]
    pub(super) fn begin(&mut self) {
        self.last = None;
    }

    /// One more phone rings for the call of the last choice. Gives its place here, and since when the one has
    /// been free who has been so the longest. Asks who `was_free`, what is owed to them and since when.
    pub(super) fn ring<T>(&mut self, was_free: impl FnOnce() -> T) -> (u32, Tick)
    where
        T: Iterator<Item = (AgentId, Mark, Tick)>,
    {
        let place = self.last.unwrap_or_else(|| self.note(was_free()));
        self.last = Some(place);
        let call = &mut self.calls[place as usize];
        call.rings += 1;
        (place, call.longest)
    }

    fn note(&mut self, was_free: impl Iterator<Item = (AgentId, Mark, Tick)>) -> u32 {
        let place = self.spare.pop().unwrap_or_else(|| {
            self.calls.push(Call::default());
            self.calls.len() as u32 - 1
        });
        let call = &mut self.calls[place as usize];
        (call.rings, call.longest) = (0, Tick(u64::MAX));
        call.free.clear();
        for (agent, owed, since) in was_free {
            call.longest = call.longest.min(since);
            call.free.push((agent, owed));
        }
        place
    }

    /// Who was free, and what was owed to them.
    pub(super) fn free(&self, place: u32) -> &[(AgentId, Mark)] {
        &self.calls[place as usize].free
    }

    /// A phone rings no more that was one of several.
    pub(super) fn leave(&mut self, place: u32) {
        let call = &mut self.calls[place as usize];
        call.rings -= 1;
        if call.rings == 0 {
            self.spare.push(place);
            self.last = self.last.filter(|last| *last != place);
        }
    }
}
