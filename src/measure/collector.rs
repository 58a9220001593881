//! From records to sums: the one place where anything is counted.

use super::agents::Agents;
use super::callbacks::Callbacks;
use super::callers::Callers;
use super::calls::Calls;
use super::closing::Shape;
use super::fairness::Fairness;
use super::fairness::told::ToldClasses;
use super::frame::Clock;
use super::frame::Frame;
use super::lines::Lines;
use super::queues::NO_CELL;
use super::queues::Queues;
use super::tally::CallTally;
use super::waits::Waits;
use super::worth::WantTally;
use super::worth::Worth;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::effect::Effect;
use crate::exchange::id::AgentId;
use crate::exchange::id::CallId;
use crate::exchange::id::LineId;
use crate::exchange::id::QueueId;
use crate::exchange::record::AgentState;
use crate::exchange::record::Blocked;
use crate::exchange::record::OfferEnd;
use crate::exchange::record::Outcome;
use crate::exchange::record::Party;
use crate::exchange::record::Record;
use crate::exchange::record::Unqueued;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;

/// Inputs whose records are counted together. Counting takes as much code as a call does: in turns they
/// would push each other out of the processor's first cache at every record.
const LATE_MAX: usize = 32;

/// Counts the records of one run at a time.
///
/// An attempt and its outcome belong to the interval of its arrival, queue figures to the interval
/// in which the caller entered the queue, agents' time to the intervals in which it passed.
/// Attempts that arrive outside the frame are followed only as far as queue lengths go.
#[derive(Clone, Debug)]
pub struct Collector {
    pub(super) frame: Frame,
    pub(super) clock: Clock,
    last: Tick,
    /// What came of the last inputs, and is still to be counted; lists after these are empty.
    late: Vec<(Tick, Vec<Effect>)>,
    /// How many inputs these are.
    late_count: usize,
    pub(super) calls: Calls,
    pub(super) callers: Callers,
    /// By interval.
    pub(super) attempts: Vec<CallTally>,
    pub(super) lines: Lines,
    pub(super) classes: ToldClasses,
    /// By interval of the queue entry, see [`super::run::Sums::lost`].
    pub(super) lost: Vec<u64>,
    /// Callers by the interval in which they got what they called for.
    pub(super) served: Vec<u64>,
    pub(super) queues: Queues,
    pub(super) callbacks: Callbacks,
    pub(super) agents: Agents,
    pub(super) fairness: Fairness,
    pub(super) worth: Worth,
    /// What became of the calls of those who wanted something, which records do not know.
    pub(super) wants: Vec<WantTally>,
    pub(super) came: u64,
    pub(super) overtime: Span,
    pub(super) plan: Shape,
    pub(super) scratch: Vec<Waits>,
}

impl Collector {
    /// A collector for runs of this dialplan.
    pub fn new(plan: &Dialplan, frame: Frame) -> Self {
        let cells = frame.cells();
        Self {
            frame,
            clock: Clock::new(frame),
            last: Tick(0),
            late: vec![(Tick(0), Vec::new()); LATE_MAX],
            late_count: 0,
            calls: Calls::default(),
            callers: Callers::default(),
            attempts: vec![CallTally::default(); cells],
            lines: Lines::new(plan, cells),
            classes: ToldClasses::new(plan),
            lost: vec![0; cells],
            served: vec![0; cells],
            queues: Queues::new(plan, cells),
            callbacks: Callbacks::new(plan.queues.len(), cells),
            agents: Agents::new(plan, cells),
            fairness: Fairness::new(plan),
            worth: Worth::new(plan),
            wants: Vec::new(),
            came: 0,
            overtime: Span::ZERO,
            plan: Shape::new(plan),
            scratch: vec![Waits::default(); cells],
        }
    }

    /// Forgets a run and keeps the memory for the next one.
    pub fn reset(&mut self) {
        self.clock = Clock::new(self.frame);
        self.last = Tick(0);
        self.late_count = 0;
        self.late
            .iter_mut()
            .for_each(|(_, effects)| effects.clear());
        self.came = 0;
        self.overtime = Span::ZERO;
        self.calls.reset();
        self.callers.reset();
        self.attempts.fill(CallTally::default());
        self.lines.reset();
        self.classes.reset();
        self.lost.fill(0);
        self.served.fill(0);
        self.queues.reset();
        self.callbacks.reset();
        self.agents.reset();
        self.fairness.reset();
        self.worth.reset();
        self.wants.clear();
    }

    /// Counts one record, at once or later. Panics when time goes backwards.
    pub fn record(&mut self, now: Tick, record: &Record) {
        self.take(now, &mut vec![Effect::Record(*record)]);
    }

    /// Counts the records among what came of one input, at once or later, and leaves the list empty.
    /// Panics when time goes backwards.
    #[inline]
    pub fn take(&mut self, now: Tick, effects: &mut Vec<Effect>) {
        self.tick(now);
        self.look_ahead(effects);
        let (at, list) = &mut self.late[self.late_count];
        *at = now;
        std::mem::swap(list, effects);
        self.late_count += 1;
        if self.late_count == LATE_MAX {
            self.catch_up();
        }
    }

    /// Notes how many callers have come in all, those of whom no record is counted as well.
    pub fn came(&mut self, callers: u64) {
        self.came = callers;
    }

    /// Notes for how long people have worked after the ends of their shifts, which records do not know.
    pub fn worked_overtime(&mut self, overtime: Span) {
        self.overtime = overtime;
    }

    /// Notes what became of the calls of those who wanted each thing, which records do not know.
    pub fn wanted(&mut self, wants: &[WantTally]) {
        wants.clone_into(&mut self.wants);
    }

    /// Counts what is still to be counted.
    #[inline(never)]
    pub(super) fn catch_up(&mut self) {
        let mut late = std::mem::take(&mut self.late);
        let count = std::mem::take(&mut self.late_count);
        self.look_again(&late[..count]);
        for (now, effects) in &mut late[..count] {
            self.advance(*now);
            for effect in effects.iter() {
                if let Effect::Record(record) = effect {
                    self.count(*now, record);
                }
            }
            effects.clear();
        }
        self.late = late;
    }

    #[inline(always)]
    fn count(&mut self, now: Tick, record: &Record) {
        match *record {
            Record::Blocked {
                line, caller, why, ..
            } => self.blocked(now, line, caller, why),
            Record::Arrived {
                call, line, caller, ..
            } => self.arrived(now, call, line, caller),
            Record::TurnedAway { call, queue, .. } => self.turned_away(call, queue),
            Record::Queued {
                call,
                queue,
                lane,
                waiting,
                expected,
            } => {
                let wait = (waiting > 0).then_some(expected);
                self.fairness.queued(now, call, lane, wait);
                self.queued(call, queue, waiting);
            }
            Record::Widened { call, lane, .. } => self.fairness.widened(call, lane),
            Record::Unqueued {
                call,
                queue,
                first,
                how,
                ..
            } => {
                match how {
                    Unqueued::Answered(agent) => {
                        let counts = self.clock.is_inside();
                        self.fairness.answered(now, call, agent, counts);
                    }
                    _ => self.fairness.left(call),
                }
                self.unqueued(call, queue, how, (now - first).0);
            }
            Record::Offered(ref chosen) => {
                if let Some(call) = self.calls.get(chosen.call) {
                    self.queues.offered(call);
                }
                let state = self.agents.state(chosen.agent);
                self.fairness
                    .offered(now, chosen, state, self.clock.is_inside());
            }
            Record::OfferEnded {
                call, agent, how, ..
            } => {
                // Mostly it was answered, and the call has told.
                if how != OfferEnd::Answered {
                    self.rang_in_vain(call, agent, how);
                }
            }
            Record::TalkEnded {
                call,
                agent,
                since,
                by,
                ..
            } => {
                self.talk_ended(agent, (now - since).0);
                if by == Party::System {
                    self.talk_cut_off(call);
                }
            }
            Record::Agent { agent, state } => self.agent_moved(now, agent, state),
            Record::Ended {
                call,
                line,
                caller,
                outcome,
                wanted_a_person: person,
                ..
            } => self.ended(now, (call, line, caller), outcome, person),
            Record::Callback { call, queue, what } => self.called_back(now, (call, queue), what),
            Record::Entered { call, step } => self.worth.entered(call, step),
            Record::Pressed {
                call,
                step,
                key,
                result,
            } => self.worth.pressed(call, step, key, result),
            Record::Chosen { call, step, entry } => self.worth.chosen(call, step, entry),
            Record::Heard {
                call, step, enough, ..
            } => self.heard(call, step, enough),
            Record::LookedUp {
                call,
                step,
                took,
                result,
            } => self.looked_up(call, step, took, result),
            Record::Surveyed {
                call,
                step,
                ask,
                answer,
                ..
            } => self.surveyed(call, step, (ask, answer)),
            Record::Recognized { call, step, what } => self.recognized(call, step, what),
            Record::Consented { .. }
            | Record::Recording { .. }
            | Record::Overload { .. }
            | Record::ShortTalk { .. }
            | Record::Moved { .. }
            | Record::PauseReason { .. } => {}
            Record::Forgiven { agent, micro_calls } => {
                let counts = self.clock.is_inside();
                self.fairness.forgiven(agent, micro_calls, counts);
            }
        }
    }

    #[inline]
    pub(super) fn tick(&mut self, now: Tick) {
        assert!(now >= self.last, "records come in the order of time");
        self.last = now;
    }

    #[inline]
    pub(super) fn advance(&mut self, now: Tick) {
        if self.clock.is_stale(now) {
            self.roll(now);
        }
    }

    #[cold]
    fn roll(&mut self, now: Tick) {
        let first = match self.clock.is_inside() {
            true => self.clock.cell() + 1,
            false => 0,
        };
        self.clock.roll(now);
        for interval in first..=self.clock.cell() {
            match interval.checked_sub(1) {
                None => self.agents.begin(self.frame.from),
                Some(last) => self.agents.close(last, self.clock.end_of(last)),
            }
            self.queues.carry(interval);
        }
        if !self.clock.is_inside() {
            self.agents.close(self.clock.cell(), self.frame.until);
            self.agents.end(self.frame.until);
        }
    }

    /// The interval of an arrival now, if it counts.
    #[inline]
    pub(super) fn arrival(&self) -> Option<usize> {
        self.clock.is_inside().then(|| self.clock.cell())
    }

    /// Counts an attempt and what it says about its caller's earlier ones.
    #[inline(always)]
    fn attempt(&mut self, now: Tick, line: LineId, caller: u64) -> Option<usize> {
        let arrival = self.arrival();
        let first = self.callers.attempt(caller, arrival.is_some());
        if !first {
            self.came_again(now, caller);
        }
        let cell = arrival?;
        let tally = &mut self.attempts[cell];
        tally.attempts += 1;
        tally.callers += u64::from(first);
        self.lines.came(line, cell, first);
        arrival
    }

    /// Somebody has called before, and may have been thought to be served.
    #[inline(never)]
    fn came_again(&mut self, now: Tick, caller: u64) {
        let Some(undone) = self.callers.undo(now, caller) else {
            return;
        };
        let tally = &mut self.attempts[undone.cell];
        tally.self_served_probable -= 1;
        tally.left_in_menu += 1;
        tally.trunk_wasted_ms += undone.trunk_ms;
        self.worth.came_back(undone.answer);
        if let Some(cell) = undone.served {
            self.served[cell] -= 1;
        }
    }

    #[cold]
    fn blocked(&mut self, now: Tick, line: LineId, caller: u64, why: Blocked) {
        if let Some(cell) = self.attempt(now, line, caller) {
            self.lines.blocked(line, cell);
            self.attempts[cell].blocked += 1;
            self.attempts[cell].blocked_by_limit += u64::from(why == Blocked::CallerLimit);
        }
    }

    fn arrived(&mut self, now: Tick, call: CallId, line: LineId, caller: u64) {
        let cell = self.attempt(now, line, caller);
        let cell = cell.map_or(NO_CELL, |cell| cell as u32);
        self.calls.open(now, call, caller, cell);
    }

    #[inline(never)]
    fn turned_away(&mut self, id: CallId, queue: QueueId) {
        let Some(call) = self.calls.counted(id) else {
            return;
        };
        self.worth.wants_a_person(id, Some(queue));
        let interval = self.clock.cell();
        self.attempts[call.arrival as usize].handed_on += call.comes_to_queue();
        if call.lost == NO_CELL {
            call.lost = interval as u32;
        }
        let place = self.queues.place(queue, interval);
        self.queues.tally(place).turned_away += 1;
        self.classes.turned_away(call.class);
    }

    fn queued(&mut self, id: CallId, queue: QueueId, waiting: u32) {
        let arrival = self.arrival();
        let Some(call) = self.calls.get(id) else {
            return;
        };
        self.queues.joined(call, queue, waiting > 0, arrival);
        if !call.is_counted() {
            return;
        }
        self.worth.wants_a_person(id, Some(queue));
        assert!(call.waiting == NO_CELL, "a call joined a second queue");
        let interval = self.clock.cell();
        let place = self.queues.place(queue, interval);
        let attempts = &mut self.attempts[call.arrival as usize];
        attempts.queued += u64::from(!std::mem::replace(&mut call.queued, true));
        attempts.handed_on += call.comes_to_queue();
        let first = self.queues.place(queue, 0);
        if let Some(back) = call.came_back(first..first + self.frame.cells() as u32) {
            self.queues.tally(back).overflowed_back += 1;
        }
        let tally = self.queues.tally(place);
        tally.entered += 1;
        tally.overflowed_in += u64::from(call.is_overflowing);
        self.classes.entered(call.class);
        (call.entry, call.waiting) = (interval as u32, place);
        (call.lost, call.is_overflowing) = (NO_CELL, false);
    }

    fn unqueued(&mut self, id: CallId, queue: QueueId, how: Unqueued, wait_ms: u64) {
        let Some(call) = self.calls.get(id) else {
            return;
        };
        self.queues.gone(call);
        let place = call.waiting;
        if let Unqueued::Answered(agent) = how {
            self.agents.answered(agent, place);
        }
        if !call.is_counted() {
            return;
        }
        assert!(
            place != NO_CELL,
            "a call left a queue that it had not joined"
        );
        let rule = self.queues.rule(queue);
        self.queues.left(place, how, wait_ms, rule);
        self.classes.left(call.class, how, wait_ms, rule);
        call.waiting = NO_CELL;
        match how {
            Unqueued::Overflowed(_) => {
                call.overflowed(place);
                (call.is_overflowing, call.lost) = (true, call.entry);
            }
            Unqueued::TimedOut | Unqueued::BySystem => call.lost = call.entry,
            Unqueued::Answered(_) => {
                call.is_answered = true;
                self.worth.answered(id, queue);
            }
            Unqueued::Abandoned | Unqueued::ByKey => {}
            Unqueued::Withdrawn => {
                let back = u64::from(!std::mem::replace(&mut call.is_answered, true));
                self.attempts[call.arrival as usize].handed_on -= back;
            }
        }
    }

    /// A phone has stopped ringing that nobody has picked up.
    #[inline(never)]
    fn rang_in_vain(&mut self, call: CallId, agent: AgentId, how: OfferEnd) {
        if matches!(
            how,
            OfferEnd::NoAnswer | OfferEnd::Declined | OfferEnd::AgentGone
        ) {
            let arrival = self.arrival();
            if let Some(call) = self.calls.get(call) {
                self.queues.rung_in_vain(call, arrival);
            }
        }
        self.fairness.rang_in_vain(call, agent, how);
        if self.clock.is_inside() {
            self.agents.offer_ended(agent, how);
        }
    }

    fn agent_moved(&mut self, now: Tick, agent: AgentId, state: AgentState) {
        let (before, wrap_up) = self.agents.change(&self.clock, now, agent, state);
        if let Some((place, ms)) = wrap_up {
            self.queues.tally(place).wrap_up_ms += ms;
        }
        if before != state {
            let counts = self.clock.is_inside();
            self.fairness.moved(now, agent, (before, state), counts);
        }
    }

    fn talk_ended(&mut self, agent: AgentId, talk_ms: u64) {
        let place = self.agents.serving(agent);
        if place != NO_CELL {
            let tally = self.queues.tally(place);
            tally.talks += 1;
            tally.talk_ms += talk_ms;
        }
    }

    #[cold]
    fn talk_cut_off(&mut self, id: CallId) {
        if let Some(call) = self.calls.counted(id) {
            call.is_cut_off = true;
        }
    }

    fn ended(
        &mut self,
        now: Tick,
        (id, line, caller): (CallId, LineId, u64),
        outcome: Outcome,
        person: bool,
    ) {
        let answer = self.worth.ended(id, outcome, person);
        let Some(call) = self.calls.close(id) else {
            return;
        };
        assert!(
            call.waiting == NO_CELL,
            "a call ended without leaving its queue"
        );
        let cell = call.arrival as usize;
        self.lines.ended(line, cell, outcome);
        let tally = &mut self.attempts[cell];
        let trunk_ms = (now - call.since).0;
        tally.trunk_ms += trunk_ms;
        let turned_away = call.lost != NO_CELL || outcome == Outcome::TurnedAway;
        if call.lost != NO_CELL {
            self.lost[call.lost as usize] += 1;
        }
        let in_menus = matches!(
            outcome,
            Outcome::SelfServedConfirmed | Outcome::SelfServedProbable | Outcome::LeftInMenu
        );
        tally.contained += u64::from(in_menus && !person && !turned_away);
        match outcome {
            Outcome::SelfServedConfirmed => tally.self_served_confirmed += 1,
            Outcome::SelfServedProbable => {
                tally.self_served_probable += 1;
                let now_in = self.clock.cell();
                let first =
                    (self.callers).probably_served(now, caller, (cell, now_in), (trunk_ms, answer));
                self.served[now_in] += u64::from(first);
                return;
            }
            Outcome::LeftInMenu => tally.left_in_menu += 1,
            Outcome::Message => tally.message += 1,
            Outcome::Callback => tally.callback += 1,
            Outcome::TransferredOut => tally.transferred_out += 1,
            Outcome::TurnedAway => tally.turned_away += 1,
            Outcome::Answered => tally.answered += 1,
            Outcome::Abandoned => tally.abandoned += 1,
            Outcome::EndedBySystem => tally.ended_by_system += 1,
        }
        match outcome {
            Outcome::Answered if call.is_cut_off => {
                tally.talks_cut_off += 1;
                tally.trunk_wasted_ms += trunk_ms;
            }
            Outcome::Answered if !call.is_answered => {
                tally.lost_after_talk += 1;
                tally.trunk_wasted_ms += trunk_ms;
            }
            Outcome::SelfServedConfirmed
            | Outcome::Message
            | Outcome::TransferredOut
            | Outcome::Answered => self.served(caller),
            Outcome::LeftInMenu
            | Outcome::TurnedAway
            | Outcome::Abandoned
            | Outcome::EndedBySystem => tally.trunk_wasted_ms += trunk_ms,
            Outcome::SelfServedProbable | Outcome::Callback => {}
        }
    }

    /// Counts that a caller got what they called for, once.
    #[inline(always)]
    pub(super) fn served(&mut self, caller: u64) {
        if self.callers.served(caller) {
            self.served[self.clock.cell()] += 1;
        }
    }
}
