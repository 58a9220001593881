//! The imaginary world around one exchange: it answers the exchange's effects with inputs.
//!
//! One more bridge, in virtual time. It decides nothing about calls; whatever happens to them, the
//! exchange has asked for.

use super::attempt::Attempt;
use super::caller::Heard;
use super::coming::Coming;
use super::coming::NEVER;
use super::handing_on::Host;
use super::model::Model;
use super::people::People;
use super::stream::Purpose;
use super::stream::Streams;
use super::witness::Witness;
use crate::exchange::Exchange;
use crate::exchange::ahead::make_room;
use crate::exchange::dialplan::LookupResult;
use crate::exchange::dialplan::Recognized;
use crate::exchange::effect::Effect;
use crate::exchange::effect::Filling;
use crate::exchange::effect::Ignored;
use crate::exchange::id::AgentId;
use crate::exchange::id::CallId;
use crate::exchange::id::LookupId;
use crate::exchange::id::OfferId;
use crate::exchange::id::PlayId;
use crate::exchange::input::Input;
use crate::exchange::record::OfferEnd;
use crate::exchange::record::Outcome;
use crate::exchange::record::Party;
use crate::exchange::record::Record;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use crate::exchange::wheel::TimerId;
use crate::exchange::wheel::Wheel;
use crate::measure::worth::WantTally;
use std::collections::BTreeMap;

/// Something that somebody is about to do.
#[derive(Clone, Copy, Debug)]
pub(super) enum Errand {
    /// Calls, for the first time or again.
    Dial(u32),
    Press(u32),
    PromptEnds(u32, PlayId),
    HangUp(u32),
    TalkEnds(u32),
    /// The agent who has introduced the caller to a colleague leaves.
    HostLeaves(u32),
    MessageEnds(u32),
    /// What came of a look-up.
    LookedUp(u32, LookupId, LookupResult),
    /// Answers, being called back.
    AnswersCallback(u32),
    PickUp(AgentId, OfferId),
    WrapUpEnds(AgentId),
    /// Is ready again, after a missed call or a break.
    Returns(AgentId),
    /// For so long.
    BreakBegins(AgentId, Span),
    ShiftBegins(AgentId),
    ShiftEnds(AgentId),
    /// Other programs ask for calls by a table of the scenario: for the nth of those who come up.
    AsksForCalls(u16, u64),
}

/// One run.
pub(super) struct World<'m> {
    pub(super) model: &'m Model,
    pub(super) streams: Streams,
    pub(super) now: Tick,
    pub(super) agenda: Wheel<Errand>,
    pub(super) attempts: Vec<Attempt>,
    free: Vec<u32>,
    /// The attempt of each call, by the place of the call in the exchange.
    of_call: Vec<u32>,
    pub(super) people: People,
    /// Inputs that follow at the same tick.
    pub(super) at_once: Vec<Input>,
    pub(super) exchange: Exchange,
    coming: Coming<'m>,
    /// Who has come so far.
    callers: u64,
    /// People so far who are called though they have not called.
    pub(super) called_out: u64,
    /// What other systems know of callers for whom they were asked, until they say it.
    pub(super) recognized: BTreeMap<u32, Recognized>,
    /// Agents who have invited a colleague into a talk, by the attempt whose talk it is.
    pub(super) hosts: BTreeMap<u32, Host>,
    /// What people have worked after the ends of their shifts.
    pub(super) overtime: Span,
    /// What became of those who wanted each thing.
    wants: Vec<WantTally>,
}

/// Runs one replication; every record goes to the witness.
pub fn run(model: &Model, seed: u64, replication: u64, witness: &mut impl Witness) {
    World::new(model, seed, replication).run(witness);
}

impl<'m> World<'m> {
    fn new(model: &'m Model, seed: u64, replication: u64) -> Self {
        let streams = Streams::new(seed, replication);
        let mut world = Self {
            exchange: Exchange::new(model.plan.clone(), model.origin_ms),
            people: People::new(model.plan.agents.len()),
            coming: Coming::new(model.arrivals(&streams)),
            agenda: Wheel::new(),
            attempts: Vec::new(),
            free: Vec::new(),
            of_call: Vec::new(),
            at_once: Vec::new(),
            now: Tick(0),
            callers: 0,
            called_out: 0,
            recognized: BTreeMap::new(),
            hosts: BTreeMap::new(),
            overtime: Span::ZERO,
            wants: vec![WantTally::default(); model.wants().len()],
            streams,
            model,
        };
        world.expects_people();
        world.expects_outbound();
        world
    }

    fn run(&mut self, witness: &mut impl Witness) {
        let mut effects = Vec::new();
        while self.next_thing(&mut effects, witness) {
            self.follow_up(&mut effects, witness);
            self.look_for_callers();
        }
        let overtime = self.overtime();
        witness.ends(self.callers, overtime, &self.wants);
    }

    /// Does what is next, before the end: deadlines before errands before arrivals of the same tick. False
    /// when there is nothing more.
    #[inline(always)]
    fn next_thing(&mut self, effects: &mut Vec<Effect>, witness: &mut impl Witness) -> bool {
        let arrival = self.coming.next();
        let deadline = self.exchange.next_deadline().unwrap_or(NEVER);
        let end = self.model.frame.until;
        let before = deadline.min(end).0.checked_sub(1);
        let limit = before.map(|before| arrival.min(Tick(before)));
        if let Some((at, errand)) = limit.and_then(|limit| self.agenda.pop_due(limit)) {
            self.look_ahead();
            self.now = at;
            self.run_errand(errand);
            return true;
        }
        if deadline.min(arrival) >= end {
            return false;
        }
        if deadline <= arrival {
            self.now = deadline;
            witness.look(&self.exchange);
            self.exchange.wake(deadline, effects);
        } else {
            self.now = arrival;
            let slot = self.new_caller();
            self.dial(slot);
        }
        true
    }

    /// Reacts to what a deadline has brought about, and hands over the inputs of this tick, in order, with
    /// those that they bring about.
    fn follow_up(&mut self, effects: &mut Vec<Effect>, witness: &mut impl Witness) {
        let mut next = 0;
        loop {
            if !effects.is_empty() {
                self.react(effects, witness);
            }
            let Some(input) = self.at_once.get(next) else {
                break;
            };
            next += 1;
            witness.look(&self.exchange);
            self.exchange.handle(self.now, input, effects);
        }
        self.at_once.clear();
    }

    #[inline]
    fn run_errand(&mut self, errand: Errand) {
        match errand {
            Errand::Dial(slot) => self.dial(slot),
            Errand::Press(slot) => self.press(slot),
            Errand::PromptEnds(slot, play) => self.prompt_ends(slot, play),
            Errand::HangUp(slot) => {
                self.attempts[slot as usize].leave_timer = None;
                self.at_call(slot, |call| Input::CallerHungUp { call });
            }
            Errand::TalkEnds(slot) => self.talk_ends(slot),
            Errand::HostLeaves(slot) => self.host_leaves(slot),
            Errand::MessageEnds(slot) => {
                self.attempts[slot as usize].talk_timer = None;
                let length = None;
                self.at_call(slot, |call| Input::RecordingEnded { call, length });
            }
            Errand::LookedUp(slot, lookup, result) => {
                self.attempts[slot as usize].talk_timer = None;
                self.is_told_by_lookup(slot, lookup, result);
            }
            Errand::AnswersCallback(slot) => {
                self.attempts[slot as usize].talk_timer = None;
                self.at_call(slot, |call| Input::CallbackReached { call });
            }
            Errand::PickUp(agent, offer) => {
                self.people.picks_up(agent);
                self.at_once.push(Input::AgentAnswered { agent, offer });
            }
            Errand::WrapUpEnds(agent) => {
                self.people.wrapped_up(agent);
                self.at_once.push(Input::AgentReady { agent });
            }
            Errand::Returns(agent) => self.returns(agent),
            Errand::BreakBegins(agent, length) => self.break_is_due(agent, length),
            Errand::ShiftBegins(agent) => self.shift_begins(agent),
            Errand::ShiftEnds(agent) => self.shift_ends(agent),
            Errand::AsksForCalls(place, nth) => self.asks_for_calls(place, nth),
        }
    }

    /// Answers the effects of one input, and lets callers and agents learn from its facts. All facts go
    /// to whoever measures.
    #[inline(always)]
    fn react(&mut self, effects: &mut Vec<Effect>, witness: &mut impl Witness) {
        for effect in effects.iter() {
            // Most are facts.
            match effect {
                Effect::Record(fact) => self.learn(fact),
                asked => self.answer(asked),
            }
        }
        witness.take(self.now, effects);
    }

    /// Callers and agents learn of a fact.
    #[inline(always)]
    fn learn(&mut self, fact: &Record) {
        match *fact {
            Record::Queued {
                call,
                queue,
                lane,
                waiting,
                ..
            } => self.queued(self.slot(call), (queue, lane), waiting),
            Record::LookedUp {
                call, step, result, ..
            } if !result.is_found() => self.finds_nothing(self.slot(call), step),
            Record::TurnedAway { call, queue, .. } => {
                self.disappointed(self.slot(call), queue);
            }
            Record::TalkEnded {
                call,
                by: Party::System,
                ..
            } => self.is_cut_off(self.slot(call)),
            Record::Callback { call, queue, what } => self.note_callback(call, queue, what),
            Record::Unqueued {
                call, queue, how, ..
            } => self.unqueued(self.slot(call), queue, how),
            Record::OfferEnded {
                agent,
                how: OfferEnd::NoAnswer,
                ..
            } => self.missed_call(agent),
            Record::Agent { agent, state } => self.agent_state(agent, state),
            Record::Ended {
                call,
                arrived,
                outcome,
                wanted_a_person,
                ..
            } => {
                let slot = self.slot(call);
                self.count_want(slot, arrived, (outcome, wanted_a_person));
                self.ended(slot, outcome);
            }
            _ => {}
        }
    }

    /// Does what the exchange asks for.
    #[inline(always)]
    fn answer(&mut self, asked: &Effect) {
        match *asked {
            Effect::Answer { call, tag } => self.answered(call, tag as u32),
            Effect::Refuse { tag, .. } => self.call_again(tag as u32, Refusal::Blocked),
            Effect::Play {
                call,
                play,
                step,
                prompt,
                language,
            } => {
                let length = self.model.plan.speech(prompt, language).length;
                let heard = Heard {
                    step,
                    prompt,
                    language,
                };
                self.hears(self.slot(call), (play, length), heard);
            }
            Effect::Stop { call } => self.silence_falls(self.slot(call)),
            Effect::HoldMusic { call, .. } => self.loses_patience(self.slot(call)),
            Effect::TakeMessage { call, max, .. } => self.speaks_message(self.slot(call), max),
            Effect::LookUp { call, lookup, step } => {
                self.is_looked_up(self.slot(call), lookup, step);
            }
            Effect::Dial { call, .. } => self.is_dialled(self.slot(call)),
            Effect::Transfer { call, .. } => self.at_once.push(Input::TransferDone { call }),
            Effect::Ring { agent, offer, call } => self.rings(agent, offer, call),
            Effect::CancelRing { agent, offer } => self.rings_no_more(agent, offer),
            Effect::Connect { call, agent } => self.talks(self.slot(call), agent),
            Effect::Fill {
                call,
                with: Filling::Wait(minutes),
            } => self.is_told(self.slot(call), minutes),
            // As many wait for calls as can, or its hours never come.
            Effect::Ignored(Ignored::NotPromised(slot, _)) => self.give_up_slot(slot as u32),
            Effect::Ignored(Ignored::NobodyToInvite(call, _)) => {
                self.nobody_comes(self.slot(call));
            }
            Effect::Ignored(reason) => self.must_not_happen(reason),
            Effect::Fill { .. }
            | Effect::Ticket { .. }
            | Effect::Recording { .. }
            | Effect::Disconnect { .. }
            | Effect::HangUp { .. }
            | Effect::Record(_) => {}
        }
    }

    /// Counts what became of a call, by what its caller wanted.
    fn count_want(&mut self, slot: u32, arrived: Tick, (outcome, person): (Outcome, bool)) {
        let attempt = &self.attempts[slot as usize];
        let frame = &self.model.frame;
        let Some(want) = attempt.want.filter(|_| arrived >= frame.from) else {
            return;
        };
        let (to_person, self_served) = match outcome {
            Outcome::SelfServedConfirmed | Outcome::SelfServedProbable => (person, true),
            Outcome::TurnedAway | Outcome::Callback => (true, false),
            _ => (person, false),
        };
        let tally = &mut self.wants[usize::from(want)];
        tally.calls += 1;
        tally.to_person += u64::from(to_person);
        tally.self_served += u64::from(self_served);
        let by_recording = attempt.solved && outcome != Outcome::Answered;
        tally.satisfied += u64::from(by_recording);
    }

    /// The world never says what cannot be: an ignored input is a bug here or in the exchange. The
    /// one exception is an agent whose shift ends or whose break is over at a moment when the
    /// exchange has already moved them on.
    fn must_not_happen(&self, reason: Ignored) {
        assert!(
            matches!(
                reason,
                Ignored::AgentNotNow(_) | Ignored::KeyWithoutMeaning(_)
            ),
            "the exchange ignored an input of the simulator at {}: {reason:?}",
            self.now
        );
    }

    /// The next of those who come.
    fn new_caller(&mut self) -> u32 {
        self.callers += 1;
        let caller = self.callers;
        let (demand, nth) = self.coming.advance();
        let name = demand.name_of(nth);
        let kind = demand.kind.map(|kind| kind.want);
        let interval = self.model.scenario().demand.interval;
        let talk_factor = demand.talk_factor(|| (self.now.0 / interval.0) as usize);
        let person = self
            .model
            .draw_caller(&self.streams, (demand.line, name), kind);
        let now = self.now;
        self.new_slot(|| Attempt::new((caller, name), demand.line, person, (talk_factor, now)))
    }

    /// A slot for an attempt, which is made where it stays.
    #[inline(always)]
    pub(super) fn new_slot(&mut self, attempt: impl FnOnce() -> Attempt) -> u32 {
        match self.free.pop() {
            Some(slot) => {
                self.attempts[slot as usize] = attempt();
                slot
            }
            None => {
                let slot = self.attempts.len();
                make_room(&mut self.attempts, slot + 1);
                self.attempts.push(attempt());
                slot as u32
            }
        }
    }

    /// Nobody comes back to this attempt.
    pub(super) fn give_up_slot(&mut self, slot: u32) {
        self.free.push(slot);
    }

    fn dial(&mut self, slot: u32) {
        let attempt = &self.attempts[slot as usize];
        let (line, caller) = (attempt.line, attempt.caller);
        self.at_once.push(Input::CallArrived {
            line,
            tag: u64::from(slot),
            caller,
            agent: None,
        });
    }

    #[inline(always)]
    pub(super) fn answered(&mut self, call: CallId, slot: u32) {
        self.attempts[slot as usize].call = Some(call);
        let place = call.index as usize;
        if self.of_call.len() <= place {
            self.of_call.resize(place + 1, u32::MAX);
        }
        self.of_call[place] = slot;
    }

    pub(super) fn slot(&self, call: CallId) -> u32 {
        self.of_call[call.index as usize]
    }

    pub(super) fn at_call(&mut self, slot: u32, input: impl FnOnce(CallId) -> Input) {
        if let Some(call) = self.attempts[slot as usize].call {
            self.at_once.push(input(call));
        }
    }

    pub(super) fn in_time(&mut self, span: Span, errand: Errand) -> TimerId {
        self.agenda.schedule(self.now + span, errand)
    }

    /// An attempt has come to nothing, or to something: the same person may call again.
    #[inline]
    pub(super) fn call_again(&mut self, slot: u32, refusal: Refusal) {
        if refusal == Refusal::Solved || !self.redials(slot, refusal) {
            self.give_up_slot(slot);
        }
    }

    /// Whether the person of an attempt that came to nothing calls again, which is then on the agenda.
    #[inline(never)]
    fn redials(&mut self, slot: u32, refusal: Refusal) -> bool {
        let redial = &self.model.callers.redial;
        let attempt = &mut self.attempts[slot as usize];
        let (likely, delay) = match refusal {
            Refusal::Solved => (0.0, &redial.delay),
            Refusal::Blocked => (redial.after_blocked, &redial.delay_blocked),
            Refusal::Abandoned => (redial.after_abandoned, &redial.delay),
            Refusal::TurnedAway => (redial.after_turned_away, &redial.delay_turned_away),
            Refusal::Unsolved => (redial.unsolved, &redial.delay),
        };
        if likely <= 0.0 || attempt.nth + 1 >= redial.attempts {
            return false;
        }
        let mut stream = self.streams.stream(Purpose::Redial, attempt.entity());
        if !stream.chance(likely) {
            return false;
        }
        let delay = delay.sample(stream.unit());
        (attempt.nth, attempt.rings) = (attempt.nth + 1, 0);
        (attempt.call, attempt.queued, attempt.listening) = (None, None, None);
        (attempt.hand_overs, attempt.handed_by) = (0, None);
        attempt.accepts_callback = None;
        attempt.aim = self.model.first_aim(attempt.want);
        self.in_time(delay, Errand::Dial(slot));
        true
    }

    #[inline]
    pub(super) fn cancel(&mut self, timer: Option<TimerId>) {
        if let Some(timer) = timer {
            self.agenda.cancel(timer);
        }
    }
}

/// What an attempt came to, for the person who made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    Solved,
    Blocked,
    Abandoned,
    TurnedAway,
    Unsolved,
}
