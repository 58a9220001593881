//! Calls back as calls: each is made when it is promised, and let into the line when it is its turn.

use super::Exchange;
use super::call::Call;
use super::dispatch::callback_step;
use super::effect::Effect;
use super::event::Event;
use super::id::CallId;
use super::id::LineId;
use super::record::CallbackFact;
use super::record::Record;

impl Exchange {
    /// Calls back that were promised and are not over.
    pub fn callbacks_promised(&self) -> usize {
        self.dispatch.callbacks_promised()
    }

    /// A caller is on the line who may have been promised calls back: they wait for the end of this call.
    #[cold]
    #[inline(never)]
    pub(super) fn hold_callbacks(&mut self, caller: u64, by: CallId, effects: &mut Vec<Effect>) {
        self.desk(effects, |dispatch, scene| {
            dispatch.hold_promised(scene, caller, by);
        });
    }

    /// Makes the next call back that was promised. False if there is none.
    pub(super) fn make_callback(&mut self, effects: &mut Vec<Effect>) -> bool {
        let Some(booking) = self.bookings.pop() else {
            return false;
        };
        let (_, queue, at) = callback_step(&self.plan, booking.step);
        let id = self.calls.next_id();
        let name = (booking.caller, booking.step);
        let calls = &self.calls;
        let is_under_way = |other| {
            let machine = calls.get(other);
            machine.is_some_and(|machine| machine.call().is_under_way())
        };
        let place = self.dispatch.promised(
            name,
            id,
            (booking.place, booking.head_start),
            (at, self.now),
            is_under_way,
        );
        if self.calls.get(booking.during).is_some() {
            self.dispatch.asked_during(id, booking.during);
        }
        let line = self.plan.line(booking.line);
        let now = self.now;
        self.calls
            .insert(id, || Call::promised(id, &booking, line, place, now));
        effects.push(Effect::Record(Record::Callback {
            call: id,
            queue,
            what: CallbackFact::Booked {
                during: booking.during,
                caller: booking.caller,
                expected: booking.expected,
            },
        }));
        self.tell(id, Event::Started, effects);
        true
    }

    /// Lets the next call back whose turn it is into the line. False if it is nobody's.
    pub(super) fn let_callback_in(&mut self, effects: &mut Vec<Effect>) -> bool {
        if !self.dispatch.callbacks_wait() {
            return false;
        }
        let trunks = std::mem::take(&mut self.trunks);
        let plan = self.plan.clone();
        let has_trunk =
            |line: LineId| trunks[plan.line_root(line).index()].has_room(plan.line(line));
        let freed = self.dispatch.let_go_on(has_trunk);
        let next = self.desk(effects, |dispatch, scene| {
            dispatch.next_callback(scene, has_trunk)
        });
        self.trunks = trunks;
        if freed && next.is_none() {
            return true;
        }
        let Some(call) = next else {
            return false;
        };
        self.tell(call, Event::MayDial, effects);
        true
    }
}
