//! Waiting for an agent.

use super::Call;
use super::Cx;
use super::State;
use super::data::Standing;
use super::data::Wait;
use crate::exchange::dialplan::Announce;
use crate::exchange::dialplan::Queue;
use crate::exchange::dialplan::Rung;
use crate::exchange::dialplan::StepKind;
use crate::exchange::dialplan::Target;
use crate::exchange::dispatch::Wish;
use crate::exchange::effect::Effect;
use crate::exchange::effect::Filling;
use crate::exchange::event::CallDeadline;
use crate::exchange::event::Deadline;
use crate::exchange::event::Event;
use crate::exchange::id::PromptId;
use crate::exchange::id::QueueId;
use crate::exchange::input::Transferee;
use crate::exchange::limits::ANNOUNCED_WAIT_MAX;
use crate::exchange::limits::ANNOUNCED_WAIT_MIN;
use crate::exchange::limits::TRANSFER_WAIT;
use crate::exchange::record::Record;
use crate::exchange::record::TurnedAway;
use crate::exchange::record::Unqueued;
use crate::exchange::time::Span;

impl Call {
    /// Joins a queue, or comes back to it after a missed offer, and looks for an agent. Who talks to another
    /// agent meanwhile hears nothing of it.
    pub(super) fn wait_in(&mut self, cx: &mut Cx<'_>, id: QueueId) {
        let queue = cx.scene.plan.queue(id);
        let joins = self.waiting.is_none();
        if joins {
            self.join(cx, (id, queue));
        }
        // Those who could have taken it may have gone home while a phone rang.
        while !queue.stages.is_empty() && cx.dispatch.should_skip(cx.scene.plan, self.id) {
            cx.scene.cancel(&mut self.stage_timer);
            self.relax(cx);
        }
        if self.adrift.is_none() && cx.dispatch.seek(&mut cx.scene, self.id) {
            return;
        }
        self.set_wait_timers(cx, queue);
        if self.adrift.is_some() {
            return;
        }
        if !joins
            && let Some(why) = self.deserted(cx)
            && self.stranded_exit(queue, why).is_some()
        {
            // The agent whose phone rang was the last one.
            cx.scene.tell(self.id, Event::Stranded(why));
            return;
        }
        if self.talking.is_none() {
            self.greet(cx, queue.greeting);
        }
    }

    /// The first thing to hear in a queue: what it says when the wait begins, or its music.
    fn greet(&mut self, cx: &mut Cx<'_>, greeting: Option<PromptId>) {
        let Some(wait) = self.waiting.as_mut() else {
            return;
        };
        if std::mem::replace(&mut wait.greeted, true) {
            return;
        }
        let queue = wait.queue;
        let offer = wait.offers.then(|| cx.scene.plan.queue(queue).overload);
        match (greeting, offer.flatten()) {
            (greeting, Some(overload)) => {
                if let Some(greeting) = greeting {
                    self.say(cx, greeting);
                }
                cx.scene.cancel(&mut self.announce_timer);
                self.say_waits(cx, &overload.announce);
                self.say_options(cx, &overload.announce);
            }
            (Some(greeting), None) => self.say(cx, greeting),
            (None, None) => cx.emit(Effect::HoldMusic {
                call: self.id,
                queue,
            }),
        }
    }

    /// Music while the first phone rings: a greeting is for those who have to wait longer.
    pub(super) fn hold_for_ringing(&self, cx: &mut Cx<'_>) {
        if let Some(Wait {
            queue,
            greeted: false,
            ..
        }) = self.waiting
        {
            cx.emit(Effect::HoldMusic {
                call: self.id,
                queue,
            });
        }
    }

    #[inline(always)]
    fn join(&mut self, cx: &mut Cx<'_>, (id, queue): (QueueId, &Queue)) {
        let now = cx.scene.now;
        self.keys.clear();
        let hold = match self.handed_to {
            Some(_) => TRANSFER_WAIT,
            None if self.handed_on => Span::ZERO,
            None => queue.prefer_last.unwrap_or(Span::ZERO),
        };
        self.waiting = Some(Wait {
            queue: id,
            since: now,
            greeted: false,
            offers: queue.overload.is_some()
                && cx.dispatch.rung(id, self.language) >= Rung::OfferCallback,
            hold,
            messages: 0,
            announced: None,
        });
        self.first_queued.get_or_insert(now);
        self.wanted_a_person = true;
        self.come_to_people(cx);
        let wish = self.wish(id);
        (self.handed_to, self.handed_on) = (None, false);
        let joined = cx.dispatch.join(&cx.scene, queue, wish);
        self.place = Some(joined.place);
        cx.scene.record(Record::Queued {
            call: self.id,
            queue: id,
            lane: joined.lane,
            waiting: joined.waiting,
            expected: joined.expected,
        });
    }

    /// For how long it waits for one agent in particular at most.
    pub(in crate::exchange) fn hold(&self) -> Span {
        self.waiting.map_or(Span::ZERO, |wait| wait.hold)
    }

    /// What the caller wants of a queue.
    pub(super) fn wish(&self, queue: QueueId) -> Wish {
        let known = self.known.as_deref().copied().unwrap_or_default();
        Wish {
            call: self.id,
            caller: self.caller,
            queue,
            language: self.language,
            place: self.place,
            agent: self.handed_to,
            prefers: !self.handed_on,
            is_callback: false,
            head_start: self.head_start(),
            hold: self.hold(),
            known: known.agent,
        }
    }

    /// The caller counts as having come so much earlier, in every queue.
    #[inline]
    pub(super) fn head_start(&self) -> Span {
        let known = self.known.as_deref();
        known.map_or(Span::ZERO, |known| known.head_start)
    }

    fn set_wait_timers(&mut self, cx: &mut Cx<'_>, queue: &Queue) {
        let wait = self.waiting.expect("the call waits");
        let waited = cx.scene.now - wait.since;
        let left = |span: Span| Span(span.0.saturating_sub(waited.0));
        if let (None, Some(max)) = (self.wait_timer, queue.max_wait) {
            let deadline = Deadline::Call(self.id, CallDeadline::MaxWait);
            let span = left(max);
            self.wait_timer = Some(cx.scene.in_time(span, deadline));
        }
        if let (None, Some(announce)) = (self.announce_timer, queue.announce)
            && self.talking.is_none()
        {
            let deadline = Deadline::Call(self.id, CallDeadline::Announce);
            let span = left(announce.first);
            self.announce_timer = Some(cx.scene.in_time(span, deadline));
        }
        if !queue.stages.is_empty() {
            self.set_stage_timer(cx, wait);
        }
        if self.hold_timer.is_none() && cx.dispatch.holds(self.id) {
            let deadline = Deadline::Call(self.id, CallDeadline::Hold);
            self.hold_timer = Some(cx.scene.in_time(left(wait.hold), deadline));
        }
    }

    /// When more agents may take the call.
    pub(super) fn set_stage_timer(&mut self, cx: &mut Cx<'_>, wait: Wait) {
        let waited = cx.scene.now - wait.since;
        if let (None, Some(after)) = (
            self.stage_timer,
            cx.dispatch.next_stage(cx.scene.plan, self.id),
        ) {
            let deadline = Deadline::Call(self.id, CallDeadline::Stage);
            let left = Span(after.0.saturating_sub(waited.0));
            self.stage_timer = Some(cx.scene.in_time(left, deadline));
        }
    }

    /// Whether nobody is left who could take the call, and why.
    pub(super) fn deserted(&self, cx: &Cx<'_>) -> Option<TurnedAway> {
        cx.dispatch.deserted(cx.scene.plan, self.id, self.language)
    }

    /// Leaves the queue, if the call is in one.
    #[inline]
    pub(super) fn leave_queue(&mut self, cx: &mut Cx<'_>, how: Unqueued) {
        if self.waiting.is_some() {
            let gives_up = matches!(how, Unqueued::Abandoned | Unqueued::ByKey);
            self.leave_line(cx, how, gives_up);
        }
    }

    /// The same, and says whether the caller's patience has come to its end.
    pub(super) fn leave_line(&mut self, cx: &mut Cx<'_>, how: Unqueued, gives_up: bool) {
        let Some(wait) = self.waiting.take() else {
            return;
        };
        cx.scene.cancel(&mut self.wait_timer);
        cx.scene.cancel(&mut self.announce_timer);
        cx.scene.cancel(&mut self.stage_timer);
        cx.scene.cancel(&mut self.hold_timer);
        // No patience was needed of a caller whom an agent has kept company.
        let gives_up = self.talking.is_none().then_some(gives_up);
        cx.dispatch
            .depart(&mut cx.scene, (self.id, self.caller), (how, gives_up));
        let first = self.first_queued.unwrap_or(wait.since);
        let (call, queue, since) = (self.id, wait.queue, wait.since);
        cx.scene.record(Record::Unqueued {
            call,
            queue,
            since,
            first,
            how,
        });
        match how {
            Unqueued::Abandoned | Unqueued::ByKey => self.standing = Standing::Abandoned,
            // The exit has promised a call back already: it is known before the queue is left.
            Unqueued::TimedOut if self.standing == Standing::Booked => {}
            Unqueued::TimedOut => self.standing = Standing::TurnedAway,
            // Cut off in the line: what was left before is not what the caller waited for.
            Unqueued::BySystem => self.standing = Standing::Unserved,
            Unqueued::Answered(_) | Unqueued::Overflowed(_) | Unqueued::Withdrawn => {}
        }
        if matches!(how, Unqueued::ByKey | Unqueued::TimedOut) {
            // This wait is over; what comes next is no part of another.
            self.first_queued = None;
            self.part_from_people(cx);
        }
        if let Some(agent) = self.ringing.take() {
            cx.dispatch.caller_gone(&mut cx.scene, self.id, agent);
        }
    }

    /// More agents may take the call.
    pub(super) fn relax(&mut self, cx: &mut Cx<'_>) {
        self.stage_timer = None;
        cx.dispatch.relax(&mut cx.scene, self.id, self.language);
    }

    /// The call waits for one agent in particular no longer.
    pub(super) fn stop_holding(&mut self, cx: &mut Cx<'_>) {
        cx.scene.cancel(&mut self.hold_timer);
        cx.dispatch.stop_holding(&cx.scene, self.id);
    }

    /// An agent has handed the call on: it waits again, from the place that it had.
    pub(super) fn handed_on(&mut self, cx: &mut Cx<'_>, from: QueueId, to: Transferee) -> State {
        self.is_for(to);
        match to {
            Transferee::Queue(queue) => {
                let step = cx.scene.plan.queue(queue).step;
                self.go(cx, Target::Step(step))
            }
            Transferee::Agent(_) => State::Queued { queue: from },
        }
    }

    /// Whom the next wait is for: one of its own, from the place that it had.
    pub(super) fn is_for(&mut self, to: Transferee) {
        self.first_queued = None;
        match to {
            Transferee::Queue(_) => self.handed_on = true,
            Transferee::Agent(agent) => self.handed_to = Some(agent),
        }
    }

    /// Waits or talks from now on.
    pub(super) fn come_to_people(&mut self, cx: &mut Cx<'_>) {
        if !std::mem::replace(&mut self.with_people, true) {
            cx.trunks.with_people += 1;
        }
    }

    /// Neither waits nor talks any more.
    pub(super) fn part_from_people(&mut self, cx: &mut Cx<'_>) {
        if std::mem::take(&mut self.with_people) {
            cx.trunks.with_people -= 1;
        }
    }

    /// Nobody has answered: back in line, unless the longest wait is over by now.
    #[inline(never)]
    pub(super) fn rang_in_vain(&mut self, cx: &mut Cx<'_>, id: QueueId) -> State {
        match self.is_out_of_time(cx, id) {
            true => self.overflow(cx, cx.scene.plan.queue(id).timeout),
            false => State::Queued { queue: id },
        }
    }

    /// Whether the longest wait is over.
    pub(super) fn is_out_of_time(&self, cx: &Cx<'_>, id: QueueId) -> bool {
        let waited = self.waiting.map(|wait| cx.scene.now - wait.since);
        let longest = cx.scene.plan.queue(id).max_wait;
        waited
            .zip(longest)
            .is_some_and(|(waited, longest)| waited >= longest)
    }

    /// The wait is over without an agent: on to the exit, perhaps another queue.
    pub(super) fn overflow(&mut self, cx: &mut Cx<'_>, target: Target) -> State {
        let landing = self.go(cx, target);
        let how = match landing {
            State::Queued { queue } => Unqueued::Overflowed(queue),
            // What is asked before the next queue is part of the wait.
            State::Consenting { step } => match cx.scene.plan.step(step).kind {
                StepKind::Queue(queue) => Unqueued::Overflowed(queue),
                _ => Unqueued::TimedOut,
            },
            _ => Unqueued::TimedOut,
        };
        self.leave_queue(cx, how);
        landing
    }

    /// Where a call goes when nobody is left to take it; none if it waits on.
    pub(super) fn stranded_exit(&self, queue: &Queue, why: TurnedAway) -> Option<Target> {
        match why {
            TurnedAway::NoAgents => Some(queue.no_agents),
            TurnedAway::AllPaused => queue.all_paused,
            TurnedAway::Closed | TurnedAway::Full | TurnedAway::Overload => None,
        }
    }

    /// Says the place in line and the expected wait, the next message, and what keys do.
    #[inline(never)]
    pub(super) fn announce(&mut self, cx: &mut Cx<'_>, announce: &Announce) {
        self.say_waits(cx, announce);
        self.next_message(cx);
        self.say_options(cx, announce);
    }

    /// Says what keys do, and when something will be said next.
    fn say_options(&mut self, cx: &mut Cx<'_>, announce: &Announce) {
        if let Some(options) = announce.options {
            self.say(cx, options);
        }
        let deadline = Deadline::Call(self.id, CallDeadline::Announce);
        self.announce_timer = Some(cx.scene.in_time(announce.every, deadline));
    }

    fn say_waits(&mut self, cx: &mut Cx<'_>, announce: &Announce) {
        self.announce_timer = None;
        if let (Some(prompt), Some(position)) = (announce.position, cx.dispatch.position(self.id)) {
            cx.emit(Effect::Fill {
                call: self.id,
                with: Filling::Position(position),
            });
            self.say(cx, prompt);
        }
        let (Some(prompts), Some(minutes)) = (announce.wait, self.wait_to_say(cx, announce)) else {
            return;
        };
        let most = ANNOUNCED_WAIT_MAX.0 / 60_000;
        cx.emit(Effect::Fill {
            call: self.id,
            with: Filling::Wait(minutes.min(most) as u32),
        });
        let prompt = match minutes > most {
            true => prompts.more_than,
            false => prompts.about,
        };
        self.say(cx, prompt);
    }

    /// The queue's messages come in turn, one with each announcement.
    fn next_message(&mut self, cx: &mut Cx<'_>) {
        let Some(wait) = self.waiting.as_mut() else {
            return;
        };
        let messages = &cx.scene.plan.queue(wait.queue).messages;
        if messages.is_empty() {
            return;
        }
        let prompt = messages[usize::from(wait.messages) % messages.len()];
        wait.messages = (wait.messages + 1) % messages.len() as u8;
        self.say(cx, prompt);
    }

    /// The expected wait in minutes, as people say it; none if there is nothing to say. It never
    /// grows while one waits.
    fn wait_to_say(&mut self, cx: &Cx<'_>, announce: &Announce) -> Option<u64> {
        announce.wait?;
        let at_most = (cx.scene.now, self.hold());
        let expected = (cx.dispatch).expected_wait(cx.scene.plan, self.id, at_most)?;
        if expected < ANNOUNCED_WAIT_MIN {
            return None;
        }
        let wait = self.waiting.as_mut()?;
        let minutes = said_minutes(expected) as u32;
        let said = wait.announced.map_or(minutes, |before| before.min(minutes));
        wait.announced = Some(said);
        Some(u64::from(said))
    }
}

/// Rounded up to 1, 2, 3, 4, 5, then to fives: nobody says "about seven minutes" of a guess.
fn said_minutes(wait: Span) -> u64 {
    match wait.0.div_ceil(60_000) {
        minutes @ 0..=5 => minutes.max(1),
        minutes => minutes.next_multiple_of(5),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_rounded_to_what_people_say() {
        let said = |seconds| said_minutes(Span::seconds(seconds));
        assert_eq!(
            [said(30), said(61), said(300), said(301), said(1000)],
            [1, 2, 5, 10, 20]
        );
    }
}
