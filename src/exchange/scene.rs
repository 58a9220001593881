//! What every part of the exchange may touch while one input is handled.

use super::dialplan::Dialplan;
use super::dispatch::Place;
use super::effect::Effect;
use super::event::Deadline;
use super::event::Event;
use super::id::CallId;
use super::id::LanguageId;
use super::id::LineId;
use super::id::StepId;
use super::key::Digits;
use super::record::AskedBy;
use super::record::Consent;
use super::record::Record;
use super::time::Span;
use super::time::Tick;
use super::wheel::TimerId;
use super::wheel::Wheel;

/// The plan, the time, and where effects, deadlines and letters to calls go.
pub(super) struct Scene<'a> {
    pub(super) plan: &'a Dialplan,
    pub(super) now: Tick,
    /// Unix time of `now` in milliseconds, for opening hours.
    pub(super) unix_ms: i64,
    pub(super) effects: &'a mut Vec<Effect>,
    pub(super) wheel: &'a mut Wheel<Deadline>,
    /// What calls are told once the present step is complete.
    pub(super) letters: &'a mut Vec<(CallId, Event)>,
    /// Calls back that were promised in the present step.
    pub(super) bookings: &'a mut Vec<Booking>,
}

/// A call back that was promised.
#[derive(Clone, Copy, Debug)]
pub(super) struct Booking {
    /// Who has asked for it.
    pub(super) by: AskedBy,
    pub(super) step: StepId,
    pub(super) line: LineId,
    pub(super) tag: u64,
    pub(super) caller: u64,
    /// As it was typed; empty for the one that the caller came from.
    pub(super) number: Digits,
    pub(super) language: LanguageId,
    /// What the caller has said to being recorded.
    pub(super) consent: Option<Consent>,
    /// The place in line that the caller keeps.
    pub(super) place: Option<Place>,
    /// The head start of the caller's class, where none is kept.
    pub(super) head_start: Span,
    /// The wait to expect.
    pub(super) expected: Span,
    /// Not to be dialled before.
    pub(super) not_before: Tick,
}

impl Scene<'_> {
    pub(super) fn emit(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    pub(super) fn record(&mut self, record: Record) {
        self.effects.push(Effect::Record(record));
    }

    pub(super) fn in_time(&mut self, span: Span, deadline: Deadline) -> TimerId {
        self.wheel.schedule(self.now + span, deadline)
    }

    /// Cancels a deadline, if there is one, and forgets it.
    pub(super) fn cancel(&mut self, timer: &mut Option<TimerId>) {
        if let Some(id) = *timer {
            *timer = None;
            self.wheel.cancel(id);
        }
    }

    pub(super) fn tell(&mut self, call: CallId, event: Event) {
        self.letters.push((call, event));
    }
}
