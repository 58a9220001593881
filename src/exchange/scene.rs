//! What every part of the exchange may touch while one input is handled.

use super::dialplan::Dialplan;
use super::effect::Effect;
use super::event::Deadline;
use super::event::Event;
use super::id::CallId;
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
        if let Some(timer) = timer.take() {
            self.wheel.cancel(timer);
        }
    }

    pub(super) fn tell(&mut self, call: CallId, event: Event) {
        self.letters.push((call, event));
    }
}
