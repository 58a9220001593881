//! People who are called though they have not called.

use super::attempt::Attempt;
use super::called_back::RINGS_FROM;
use super::distribution::standard_exponential;
use super::scenario::Outbound;
use super::scenario::OutboundDemand;
use super::stream::Purpose;
use super::stream::Streams;
use super::world::Errand;
use super::world::World;
use crate::exchange::id::CallId;
use crate::exchange::id::QueueId;
use crate::exchange::input::Input;
use crate::exchange::time::Span;

/// Whoever has not called is called so: callers are numbered from 1, and there are not as many.
const NUMBERED_FROM: u64 = 1 << 40;
const HOUR_MS: f64 = 3_600_000.0;

impl World<'_> {
    /// Puts the requests of other programs on the agenda.
    pub(super) fn expects_outbound(&mut self) {
        for (place, outbound) in self.model.outbound().iter().enumerate() {
            let place = place as u16;
            match outbound.demand {
                OutboundDemand::List(_) => {
                    // From when on it is counted.
                    let begins = self.model.frame.from;
                    self.agenda.schedule(begins, Errand::AsksForCalls(place, 0));
                }
                OutboundDemand::PerHour(_) => self.will_ask(place, 0),
            }
        }
    }

    /// Other programs ask for calls: for all on a list, or for the nth person that comes up.
    pub(super) fn asks_for_calls(&mut self, place: u16, nth: u64) {
        let model = self.model;
        match model.outbound()[usize::from(place)].demand {
            OutboundDemand::List(calls) => {
                (0..u64::from(calls)).for_each(|nth| self.asks_for_call(place, nth));
            }
            OutboundDemand::PerHour(_) => {
                self.asks_for_call(place, nth);
                self.will_ask(place, nth + 1);
            }
        }
    }

    /// The nth person comes up after a while.
    fn will_ask(&mut self, place: u16, nth: u64) {
        let model = self.model;
        let outbound = &model.outbound()[usize::from(place)];
        let OutboundDemand::PerHour(rate) = outbound.demand else {
            return;
        };
        let unit = self.streams.unit(Purpose::Outbound, outbound.name_of(nth));
        let gap = standard_exponential(unit) * HOUR_MS / rate;
        // Nobody comes up where the rate is zero, or so small that it takes longer than the run.
        let left = model.frame.until.since(self.now);
        if gap < left.0 as f64 {
            self.in_time(Span(gap as u64), Errand::AsksForCalls(place, nth));
        }
    }

    fn asks_for_call(&mut self, place: u16, nth: u64) {
        let model = self.model;
        let outbound = &model.outbound()[usize::from(place)];
        let (step, name) = (outbound.step, outbound.name_of(nth));
        let line = model.plan.step(step).line;
        let person = model.draw_caller(&self.streams, (line, name), None);
        self.called_out += 1;
        let caller = NUMBERED_FROM + self.called_out;
        let language = person.language;
        let now = self.now;
        let slot = self.new_slot(|| Attempt {
            want: None,
            outbound: Some(place),
            is_called_back: true,
            rings: RINGS_FROM,
            ..Attempt::new((caller, name), line, person, (1.0, now))
        });
        self.at_once.push(Input::CallbackAsked {
            step,
            tag: u64::from(slot),
            caller,
            language,
            not_before: now,
        });
    }

    /// The call that was asked for is promised.
    pub(super) fn will_be_called(&mut self, slot: u32, call: CallId, queue: QueueId) {
        let agent_ends = self.model.plan.queue(queue).after.is_some();
        self.attempts[slot as usize].agent_ends = agent_ends;
        self.answered(call, slot);
    }
}

impl Outbound {
    /// The name of the nth person among all random streams.
    fn name_of(&self, nth: u64) -> u64 {
        Streams::nth_of(self.stream, nth + 1)
    }
}
