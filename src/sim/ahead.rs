//! What will be looked at soon, asked for before: see [`crate::exchange::ahead`].

use super::world::Errand;
use super::world::World;
use crate::exchange::ahead::CACHED_MAX;
use crate::exchange::ahead::fetch;

impl World<'_> {
    /// Asks for what the next errands will look at, three steps ahead: for an attempt, when it is known,
    /// for the call and the agent that it names, and for the rest of the call.
    #[inline]
    pub(super) fn look_ahead(&self) {
        if self.attempts.len() > CACHED_MAX {
            self.ask_ahead();
        }
    }

    /// The same for what the next caller's call will look at.
    #[inline]
    pub(super) fn look_for_callers(&self) {
        if self.attempts.len() > CACHED_MAX {
            self.exchange.expect_arrival();
        }
    }

    #[inline(never)]
    fn ask_ahead(&self) {
        if let Some(slot) = self.agenda.upcoming(3).and_then(Errand::slot) {
            let attempt = &self.attempts[slot as usize];
            fetch(attempt);
            fetch(&attempt.caller);
            fetch(&attempt.queued);
        }
        if let Some(slot) = self.agenda.upcoming(2).and_then(Errand::slot) {
            let attempt = &self.attempts[slot as usize];
            if let Some(call) = attempt.call {
                self.exchange.expect(call);
            }
            if let Some(agent) = attempt.talks_to {
                self.exchange.expect_agent(agent);
                self.people.fetch(agent);
            }
        }
        if let Some(slot) = self.agenda.upcoming(1).and_then(Errand::slot)
            && let Some(call) = self.attempts[slot as usize].call
        {
            self.exchange.expect_next(call);
        }
    }
}

impl Errand {
    /// The attempt that this is about, if it is about one.
    #[inline]
    fn slot(&self) -> Option<u32> {
        match *self {
            Self::Dial(slot)
            | Self::Press(slot)
            | Self::PromptEnds(slot, _)
            | Self::HangUp(slot)
            | Self::TalkEnds(slot)
            | Self::HostLeaves(slot)
            | Self::MessageEnds(slot)
            | Self::LookedUp(slot, ..)
            | Self::AnswersCallback(slot) => Some(slot),
            Self::PickUp(..)
            | Self::WrapUpEnds(_)
            | Self::Returns(_)
            | Self::BreakBegins(..)
            | Self::ShiftBegins(_)
            | Self::ShiftEnds(_)
            | Self::AsksForCalls(..) => None,
        }
    }
}
