//! Calls back as calls: each is asked for, made when it is promised, and let into the line when it is its
//! turn.

use super::Exchange;
use super::call::Call;
use super::call::Machine;
use super::dialplan::Callback;
use super::dialplan::Dialplan;
use super::dialplan::StepKind;
use super::dispatch::Promise;
use super::dispatch::callback_step;
use super::effect::Effect;
use super::effect::Ignored;
use super::effect::NotPromised;
use super::event::Event;
use super::id::CallId;
use super::id::LanguageId;
use super::id::LineId;
use super::id::QueueId;
use super::id::StepId;
use super::key::Digits;
use super::limits::CALLBACK_AHEAD_MAX;
use super::record::AskedBy;
use super::record::CallbackFact;
use super::record::Record;
use super::scene::Booking;
use super::time::Span;
use super::time::Tick;

impl Exchange {
    /// Calls back that were promised and are not over.
    pub fn callbacks_promised(&self) -> usize {
        self.dispatch.callbacks_promised()
    }

    /// Another program asks that somebody be called who is not on the line.
    pub(super) fn ask_for_callback(
        &mut self,
        step: StepId,
        (tag, caller, language): (u64, u64, LanguageId),
        not_before: Tick,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Ignored> {
        let plan = self.plan.clone();
        let (callback, queue) = asked_step(&plan, step).ok_or(Ignored::UnknownStep(step))?;
        let line_id = plan.step(step).line;
        let line = plan.line(line_id);
        if line.retired {
            return Err(Ignored::UnknownLine);
        }
        if !line.languages.contains(&language) {
            return Err(Ignored::UnknownLanguage(language));
        }
        let not_promised = |why| Err(Ignored::NotPromised(tag, why));
        let unix_ms = self.origin_ms + self.now.0 as i64;
        if not_before.since(self.now) > CALLBACK_AHEAD_MAX {
            return not_promised(NotPromised::TooFarAhead);
        }
        let hours = callback.hours(&plan);
        if hours.is_some_and(|hours| hours.next_open(unix_ms).is_none()) {
            return not_promised(NotPromised::NeverOpen);
        }
        match self.dispatch.promise(&plan, (caller, step), None) {
            Promise::Refused(why) => return not_promised(why),
            Promise::Already(_) => return not_promised(NotPromised::Already),
            Promise::New => {}
        }
        let wish = (queue, language);
        let nowhere = (None, Span::ZERO);
        let expected = self.desk(effects, |dispatch, scene| {
            dispatch.newcomer_waits(scene, wish, nowhere)
        });
        self.bookings.push(Booking {
            by: AskedBy::Program(tag),
            step,
            line: line_id,
            tag,
            caller,
            number: Digits::EMPTY,
            language,
            consent: None,
            place: None,
            head_start: Span::ZERO,
            expected,
            not_before: not_before.max(self.now),
        });
        Ok(())
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
        for asker in self.engaged_by(&booking) {
            self.dispatch.asked_during(id, asker);
        }
        let line = self.plan.line(booking.line);
        let now = self.now;
        self.calls
            .insert(id, || Call::promised(id, &booking, line, place, now));
        effects.push(Effect::Record(Record::Callback {
            call: id,
            queue,
            what: CallbackFact::Booked {
                by: booking.by,
                caller: booking.caller,
                expected: booking.expected,
                from: booking.not_before,
            },
        }));
        self.tell(id, Event::Started, effects);
        true
    }

    /// The calls whose end a new call back waits for: that in which it was asked for, or all in which whoever
    /// is to be called is on the line.
    fn engaged_by(&self, booking: &Booking) -> Vec<CallId> {
        let of = |call: &CallId| self.calls.get(*call).map(Machine::call);
        match booking.by {
            AskedBy::Call(during) => Some(during)
                .filter(|call| of(call).is_some())
                .into_iter()
                .collect(),
            AskedBy::Program(_) => {
                let caller = |call: &CallId| of(call).map(|call| call.caller);
                let calls = self.ages.calls();
                calls
                    .filter(|call| caller(call) == Some(booking.caller))
                    .collect()
            }
        }
    }

    /// Lets the next call back whose turn it is into the line. False if it is nobody's.
    pub(super) fn let_callback_in(&mut self, effects: &mut Vec<Effect>) -> bool {
        if !self.dispatch.callbacks_wait() {
            return false;
        }
        let (trunks, calls) = (
            std::mem::take(&mut self.trunks),
            std::mem::take(&mut self.calls),
        );
        let plan = self.plan.clone();
        let language = |call| calls.get(call).map(|machine| machine.call().language);
        let language_of = |call| language(call).unwrap_or(LanguageId(0));
        let has_trunk =
            |line: LineId| trunks[plan.line_root(line).index()].has_room(plan.line(line));
        let freed = self.dispatch.let_go_on(has_trunk);
        let next = self.desk(effects, |dispatch, scene| {
            dispatch.next_callback(scene, has_trunk, language_of)
        });
        (self.trunks, self.calls) = (trunks, calls);
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

/// A callback step by which other programs may ask for calls back, and the queue whose agents make them.
fn asked_step(plan: &Dialplan, step: StepId) -> Option<(&Callback, QueueId)> {
    let known = plan.steps.get(step.index())?;
    let is_asked = matches!(&known.kind, StepKind::Callback(callback) if callback.by_request);
    is_asked.then(|| {
        let (callback, queue, _) = callback_step(plan, step);
        (callback, queue)
    })
}
