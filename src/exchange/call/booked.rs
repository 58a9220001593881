//! A call back: promised in one call, it is a call of its own, whose caller is not on the line yet.
//!
//! It waits until its caller is on the line in no other call, and for its time, stands by for its turn,
//! and waits in line like everybody. Once an agent is ready for it the number is dialled; whoever
//! answers talks to the agent, and from then on it is a call like any other.

use super::Call;
use super::Cx;
use super::State;
use super::data::Callback;
use super::data::Standing;
use super::data::Wait;
use super::number::rules;
use super::state::End;
use crate::exchange::dispatch::Place;
use crate::exchange::dispatch::Promise;
use crate::exchange::dispatch::Wish;
use crate::exchange::dispatch::callback_step;
use crate::exchange::effect::Effect;
use crate::exchange::event::CallDeadline;
use crate::exchange::event::Deadline;
use crate::exchange::event::Event;
use crate::exchange::id::AgentId;
use crate::exchange::id::StepId;
use crate::exchange::key::Digits;
use crate::exchange::record::AskedBy;
use crate::exchange::record::CallbackEnd;
use crate::exchange::record::CallbackFact;
use crate::exchange::record::Party;
use crate::exchange::record::Record;
use crate::exchange::scene::Booking;
use crate::exchange::time::Span;
use crate::exchange::wheel::TimerId;
use statig::Outcome;
use statig::Outcome::Handled;
use statig::Outcome::Super;
use statig::Outcome::Transition;

/// From one look to the next at hours that do not open within a year.
const CLOSED_FOR_LONG: Span = Span::minutes(24 * 60);

impl Call {
    /// Promises a call back to the caller on the line. True if it is, now or from before.
    #[inline(never)]
    pub(super) fn book(&mut self, cx: &mut Cx<'_>, step: StepId) -> bool {
        let (callback, id, _) = callback_step(cx.scene.plan, step);
        let hours = callback.hours(cx.scene.plan);
        if hours.is_some_and(|hours| hours.next_open(cx.scene.unix_ms).is_none()) {
            // Nobody could keep the promise.
            return false;
        }
        let place = self.place.filter(|_| callback.keep_place);
        let number = self.typed_number(cx, step, callback);
        let caller = match number.is_empty() {
            true if self.is_barred => return false,
            true => self.caller,
            false => rules(cx.scene.plan, step).caller(&number),
        };
        match cx
            .dispatch
            .promise(cx.scene.plan, (caller, step), Some(self.id))
        {
            Promise::Refused(_) => return false,
            Promise::Already(None) => {}
            Promise::Already(Some(callback)) => {
                cx.dispatch.asked_during(callback, self.id);
                cx.scene.tell(callback, Event::Engaged);
            }
            Promise::New => {
                let wish = (id, self.language);
                let head_start = self.head_start();
                let where_in_line = (place, head_start);
                let expected = (cx.dispatch).newcomer_waits(&cx.scene, wish, where_in_line);
                cx.scene.bookings.push(Booking {
                    by: AskedBy::Call(self.id),
                    step,
                    line: self.line,
                    tag: self.tag,
                    caller,
                    number,
                    language: self.language,
                    consent: self.consent,
                    place,
                    head_start,
                    expected,
                    not_before: cx.scene.now,
                });
            }
        }
        (self.standing, self.wanted_a_person) = (Standing::Booked, true);
        true
    }

    /// The call back with which this call began, as long as nobody has answered it.
    fn callback(&mut self) -> &mut Callback {
        self.callback.as_mut().expect("a call back is one")
    }

    /// The number as it was typed, of a call back.
    pub(in crate::exchange) fn callback_number(&self) -> Digits {
        let callback = self.callback.as_ref();
        callback.map_or(Digits::EMPTY, |callback| callback.number)
    }

    /// Whether this is a call back that nobody has answered yet.
    pub(super) fn is_booked(&self) -> bool {
        let callback = self.callback.as_ref();
        callback.is_some_and(|callback| !callback.reached)
    }

    /// The place that a call back keeps until somebody has answered it.
    pub(in crate::exchange) fn place_of_callback(&self) -> Option<Place> {
        self.place.filter(|_| self.is_booked())
    }

    /// Whether this is a call back for which an agent or the caller is rung, or the caller has answered.
    pub(in crate::exchange) fn is_under_way(&self) -> bool {
        let callback = self.callback.as_ref();
        callback.is_some_and(|callback| callback.has_trunk || self.ringing.is_some())
    }

    /// Waits for whatever is next: the caller to hang up, the time, the turn, or an agent.
    pub(super) fn waits_to_dial(&mut self, cx: &mut Cx<'_>, step: StepId) {
        // No phone rings for it any more, and it is not dialled: the others of its caller have their turn.
        cx.dispatch.asker_gone(&mut cx.scene, self.id);
        if self.waiting.is_some() {
            return self.waits_in_line(cx);
        }
        if cx.dispatch.has_asker(self.id) {
            return;
        }
        let (callback, ..) = callback_step(cx.scene.plan, step);
        let hours = callback.hours(cx.scene.plan);
        let closed = hours.map(|hours| match hours.next_open(cx.scene.unix_ms) {
            Some(at) => Span((at - cx.scene.unix_ms) as u64),
            // Looked at again, for as long as it takes.
            None => CLOSED_FOR_LONG,
        });
        let not_before = self.callback().not_before;
        let resting = Some(not_before.since(cx.scene.now)).filter(|span| *span > Span::ZERO);
        match resting.max(closed.filter(|span| *span > Span::ZERO)) {
            Some(span) => self.key_timer = Some(self.callback_deadline(cx, span)),
            None => {
                let place = self.place.expect("a call back has a place");
                self.callback().stands_by = true;
                cx.dispatch.stands_by(step, place, self.id);
            }
        }
    }

    fn callback_deadline(&self, cx: &mut Cx<'_>, span: Span) -> TimerId {
        let deadline = Deadline::Call(self.id, CallDeadline::Callback);
        cx.scene.in_time(span, deadline)
    }

    /// Looks for an agent, or waits in line for one.
    fn waits_in_line(&mut self, cx: &mut Cx<'_>) {
        let wait = self.waiting.expect("the call back is in line");
        while cx.dispatch.should_skip(cx.scene.plan, self.id) {
            cx.scene.cancel(&mut self.stage_timer);
            self.relax(cx);
        }
        if !cx.dispatch.seek(&mut cx.scene, self.id) {
            self.set_stage_timer(cx, wait);
        }
    }

    /// What happens to a call back before anybody dials.
    pub(super) fn booked(
        &mut self,
        step: StepId,
        event: &Event,
        cx: &mut Cx<'_>,
    ) -> Outcome<State> {
        match *event {
            // The time has come, or the hours are over while it is in line.
            Event::FellDue(CallDeadline::Callback) => {
                self.key_timer = None;
                if self.waiting.is_some() {
                    self.leaves_line(cx);
                }
                Transition(State::Booked { step })
            }
            // Its hours may have begun, or be over.
            Event::OriginMoved => {
                self.stands_down(cx);
                Transition(State::Booked { step })
            }
            Event::MayDial => {
                self.callback().stands_by = false;
                self.joins_line(cx, step);
                Transition(State::Booked { step })
            }
            Event::FellDue(CallDeadline::Stage) => {
                self.relax(cx);
                Transition(State::Booked { step })
            }
            // Of several phones that rang at once, and ring no longer.
            Event::Offered { .. } if !cx.dispatch.rings(self.id) => Handled,
            Event::Offered { agent } => {
                self.ringing = Some(agent);
                if self.is_kept_from_dialling(cx, step) {
                    if let Some(agent) = self.ringing.take() {
                        cx.dispatch.caller_gone(&mut cx.scene, self.id, agent);
                    }
                    return Transition(State::Booked { step });
                }
                cx.dispatch.pass_over_others(self.caller, self.id);
                self.callback().has_reserved = true;
                cx.trunks.reserved += 1;
                Transition(State::Reserving { step })
            }
            _ => self.until_dialled(step, event, cx),
        }
    }

    /// An agent's phone rings for a call back.
    pub(super) fn reserving(
        &mut self,
        step: StepId,
        event: &Event,
        cx: &mut Cx<'_>,
    ) -> Outcome<State> {
        match *event {
            Event::FellDue(CallDeadline::Callback) => {
                self.key_timer = None;
                Handled
            }
            Event::FellDue(CallDeadline::Stage) => {
                self.relax(cx);
                Handled
            }
            Event::OfferLapsed => {
                self.ringing = None;
                self.frees_reserved(cx);
                // Agents may be to spare no more.
                if callback_step(cx.scene.plan, step).0.spare_agents.is_some() {
                    self.leaves_line(cx);
                }
                Transition(State::Booked { step })
            }
            Event::CannotDial { away } => {
                self.leaves_line(cx);
                self.callback().dialled += u8::from(!away);
                self.callback().undialled = true;
                self.tries_later(cx, step)
            }
            _ => self.until_dialled(step, event, cx),
        }
    }

    /// True of a call back until its number is dialled.
    fn until_dialled(&mut self, step: StepId, event: &Event, cx: &mut Cx<'_>) -> Outcome<State> {
        match *event {
            Event::Answered { agent } => self.is_ready(cx, step, agent),
            Event::Engaged | Event::AskerGone => {
                self.stands_down(cx);
                Transition(State::Booked { step })
            }
            Event::CanDial if self.rests() => {
                self.callback().not_before = cx.scene.now;
                self.stands_down(cx);
                Transition(State::Booked { step })
            }
            Event::CanDial => Handled,
            Event::NotWanted | Event::HungUp => self.withdraws(cx),
            // Whoever is left alone waits for the next day.
            Event::Stranded(_) | Event::Released => Handled,
            _ => Super,
        }
    }

    /// The number is dialled, and an agent waits for it.
    pub(super) fn dialling(
        &mut self,
        agent: AgentId,
        step: StepId,
        event: &Event,
        cx: &mut Cx<'_>,
    ) -> Outcome<State> {
        match *event {
            Event::Reached => {
                cx.scene.cancel(&mut self.key_timer);
                let booked = self.callback().booked;
                self.callback().reached = true;
                self.answered = true;
                let who = (self.caller, self.id);
                cx.dispatch.reached(&mut cx.scene, agent, who);
                self.tell_callback(cx, step, CallbackFact::Reached { agent, booked });
                let (_, queue, _) = callback_step(cx.scene.plan, step);
                self.joins(cx, (agent, queue));
                Transition(State::Talking { agent, queue })
            }
            Event::FellDue(CallDeadline::Callback) => {
                self.key_timer = None;
                self.gives_up(cx, step, agent, false)
            }
            Event::NotReached | Event::HungUp => self.gives_up(cx, step, agent, false),
            Event::CannotDial { away } => {
                self.callback().dialled -= u8::from(away);
                self.callback().undialled = true;
                self.gives_up(cx, step, agent, false)
            }
            Event::AgentHungUp { .. } => self.gives_up(cx, step, agent, true),
            Event::NotWanted => {
                self.callback().withdrawn = true;
                self.hangs_up(cx, step, agent, false);
                Transition(State::Ended { by: End::Exchange })
            }
            _ => Super,
        }
    }

    fn joins_line(&mut self, cx: &mut Cx<'_>, step: StepId) {
        let (_, id, queue) = callback_step(cx.scene.plan, step);
        let wait = Wait {
            queue: id,
            since: cx.scene.now,
            greeted: true,
            offers: false,
            hold: queue.prefer_last.unwrap_or(Span::ZERO),
            messages: 0,
            announced: None,
        };
        self.waiting = Some(wait);
        let joined = cx.dispatch.join(
            &cx.scene,
            queue,
            Wish {
                call: self.id,
                caller: self.caller,
                queue: id,
                language: self.language,
                place: self.place,
                agent: None,
                prefers: false,
                is_callback: true,
                head_start: Span::ZERO,
                hold: wait.hold,
                known: None,
            },
        );
        self.key_timer = self.closing(cx, step);
        let lane = joined.lane;
        self.tell_callback(cx, step, CallbackFact::InLine { lane });
    }

    /// Gives up its turn, and keeps its place.
    fn leaves_line(&mut self, cx: &mut Cx<'_>) {
        self.waiting = None;
        self.frees_reserved(cx);
        cx.scene.cancel(&mut self.stage_timer);
        cx.scene.cancel(&mut self.key_timer);
        cx.dispatch.leave_line(&cx.scene, self.id);
        if let Some(agent) = self.ringing.take() {
            cx.dispatch.caller_gone(&mut cx.scene, self.id, agent);
        }
    }

    /// No trunk is kept for it any more.
    fn frees_reserved(&mut self, cx: &mut Cx<'_>) {
        if std::mem::take(&mut self.callback().has_reserved) {
            cx.trunks.reserved -= 1;
        }
    }

    /// When the hours are over, it is in line no longer.
    fn closing(&self, cx: &mut Cx<'_>, step: StepId) -> Option<TimerId> {
        let (callback, ..) = callback_step(cx.scene.plan, step);
        let closes = callback
            .hours(cx.scene.plan)?
            .next_close(cx.scene.unix_ms)?;
        let span = Span((closes - cx.scene.unix_ms) as u64);
        Some(self.callback_deadline(cx, span))
    }

    /// Whether the number cannot be dialled now: outside the hours, while it is dialled for another promise,
    /// or without a trunk. Then the call back is offered to nobody else meanwhile.
    fn is_kept_from_dialling(&mut self, cx: &mut Cx<'_>, step: StepId) -> bool {
        let plan = cx.scene.plan;
        let (callback, ..) = callback_step(plan, step);
        let hours = callback.hours(plan);
        let closed = hours.is_some_and(|hours| !hours.is_open(cx.scene.unix_ms));
        if closed || cx.dispatch.has_asker(self.id) {
            self.leaves_line(cx);
            return true;
        }
        let has_trunk = cx.trunks.has_room(plan.line(self.line));
        if !has_trunk {
            cx.dispatch.hold_back(self.line);
        }
        !has_trunk
    }

    /// An agent is ready for the call back: the number is dialled.
    fn is_ready(&mut self, cx: &mut Cx<'_>, step: StepId, agent: AgentId) -> Outcome<State> {
        self.ringing = None;
        self.frees_reserved(cx);
        if self.is_kept_from_dialling(cx, step) {
            cx.dispatch.not_reached(&mut cx.scene, agent);
            return Transition(State::Booked { step });
        }
        self.leaves_line(cx);
        let (_, queue, _) = callback_step(cx.scene.plan, step);
        self.talking = Some((agent, queue));
        self.callback().dialled += 1;
        self.callback().undialled = false;
        self.callback().has_trunk = true;
        let who = (self.caller, self.id);
        cx.dispatch.dials(&mut cx.scene, agent, who);
        cx.trunks.in_use += 1;
        self.come_to_people(cx);
        self.limit_length(cx);
        self.tell_callback(cx, step, CallbackFact::Dialled { agent });
        self.dials(cx, step, agent);
        Transition(State::Dialling { agent })
    }

    /// Has the number dialled, which rings for so long at most.
    pub(super) fn dials(&mut self, cx: &mut Cx<'_>, step: StepId, agent: AgentId) {
        let (callback, ..) = callback_step(cx.scene.plan, step);
        self.key_timer = Some(self.callback_deadline(cx, callback.ring));
        let (call, caller) = (self.id, self.caller);
        cx.emit(Effect::Dial {
            call,
            step,
            agent,
            caller,
        });
    }

    /// The number was dialled in vain.
    pub(super) fn gives_up(
        &mut self,
        cx: &mut Cx<'_>,
        step: StepId,
        agent: AgentId,
        by_agent: bool,
    ) -> Outcome<State> {
        self.hangs_up(cx, step, agent, by_agent);
        self.tries_later(cx, step)
    }

    /// Once more after a while, or never again.
    fn tries_later(&mut self, cx: &Cx<'_>, step: StepId) -> Outcome<State> {
        let (callback, ..) = callback_step(cx.scene.plan, step);
        if self.callback().dialled >= callback.attempts {
            return Transition(State::Ended { by: End::Exchange });
        }
        self.callback().not_before = cx.scene.now + callback.retry;
        Transition(State::Booked { step })
    }

    /// Stops dialling, gives back the trunk and lets the agent go.
    fn hangs_up(&mut self, cx: &mut Cx<'_>, step: StepId, agent: AgentId, by_agent: bool) {
        cx.scene.cancel(&mut self.key_timer);
        // No bridge carries it any more: none has to come back.
        cx.scene.cancel(&mut self.adrift);
        self.end_limit(cx);
        self.talking = None;
        self.part_from_people(cx);
        self.callback().has_trunk = false;
        cx.trunks.in_use -= 1;
        cx.emit(Effect::HangUp { call: self.id });
        self.tell_callback(cx, step, CallbackFact::Unreached { agent });
        cx.dispatch.asker_gone(&mut cx.scene, self.id);
        match by_agent {
            true => cx.dispatch.hung_up(&mut cx.scene, agent, Party::Agent),
            false => cx.dispatch.not_reached(&mut cx.scene, agent),
        }
    }

    /// The caller does not want to be called back any more.
    fn withdraws(&mut self, cx: &mut Cx<'_>) -> Outcome<State> {
        self.callback().withdrawn = true;
        self.stands_down(cx);
        Transition(State::Ended { by: End::Exchange })
    }

    /// Whether it waits for its time, and neither for its turn nor for an agent.
    fn rests(&mut self) -> bool {
        self.waiting.is_none() && !self.callback().stands_by
    }

    /// Waits for nothing any more, and keeps its place.
    fn stands_down(&mut self, cx: &mut Cx<'_>) {
        let (place, id) = (self.place, self.id);
        let callback = self.callback();
        let step = callback.step;
        if std::mem::take(&mut callback.stands_by)
            && let Some(place) = place
        {
            cx.dispatch.stands_by_no_longer(step, place, id);
        }
        if self.waiting.is_some() {
            self.leaves_line(cx);
        }
        cx.scene.cancel(&mut self.key_timer);
    }

    /// A call back is over, however it went. It was no attempt, and is recorded apart.
    pub(super) fn callback_ends(&mut self, by: End, cx: &mut Cx<'_>) {
        let Some(callback) = self.callback.take() else {
            return;
        };
        if callback.has_trunk {
            cx.trunks.in_use -= 1;
            if by != End::Caller {
                cx.emit(Effect::HangUp { call: self.id });
            }
        }
        cx.dispatch.kept_promise(self.caller, self.id);
        let how = match (callback.reached, callback.withdrawn) {
            (true, _) => CallbackEnd::Served,
            (_, true) => CallbackEnd::Withdrawn,
            _ if callback.undialled => CallbackEnd::Undialled,
            _ => CallbackEnd::Unreached,
        };
        self.tell_callback(cx, callback.step, CallbackFact::Ended(how));
    }

    fn tell_callback(&self, cx: &mut Cx<'_>, step: StepId, what: CallbackFact) {
        let (_, queue, _) = callback_step(cx.scene.plan, step);
        let call = self.id;
        cx.scene.record(Record::Callback { call, queue, what });
    }
}
