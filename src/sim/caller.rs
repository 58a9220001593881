//! What callers do: listen, press, are satisfied or not, wait, leave.

use super::attempt::Aim;
use super::attempt::Attempt;
use super::entry::written;
use super::model::by_share;
use super::scenario::Press;
use super::stream::Purpose;
use super::stream::Stream;
use super::world::Errand;
use super::world::Refusal;
use super::world::World;
use crate::exchange::dialplan::Menu;
use crate::exchange::dialplan::StepKind;
use crate::exchange::dialplan::Survey;
use crate::exchange::id::AgentId;
use crate::exchange::id::LaneId;
use crate::exchange::id::LanguageId;
use crate::exchange::id::PlayId;
use crate::exchange::id::PromptId;
use crate::exchange::id::QueueId;
use crate::exchange::id::StepId;
use crate::exchange::input::Input;
use crate::exchange::key::Digits;
use crate::exchange::key::Key;
use crate::exchange::record::Outcome;
use crate::exchange::record::Unqueued;
use crate::exchange::time::Span;

/// Between two keys of one entry.
const TYPING: Span = Span(400);
/// From the beginning of an announced wait to hanging up on it.
const TOLD: Span = Span(4000);
/// From the end of what was wanted to hanging up.
const GOODBYE: Span = Span(1000);

/// What is being said, and in which language.
#[derive(Clone, Copy, Debug)]
pub(super) struct Heard {
    pub(super) step: StepId,
    pub(super) prompt: PromptId,
    pub(super) language: LanguageId,
}

impl World<'_> {
    /// A prompt begins, after those already playing.
    pub(super) fn hears(&mut self, slot: u32, (play, length): (PlayId, Span), heard: Heard) {
        let attempt = &mut self.attempts[slot as usize];
        let begins = attempt.heard_until.max(self.now);
        attempt.heard_until = begins + length;
        let (until, before) = (attempt.heard_until, attempt.prompt_timer.take());
        self.cancel(before);
        let timer = self.agenda.schedule(until, Errand::PromptEnds(slot, play));
        self.attempts[slot as usize].prompt_timer = Some(timer);
        let Heard { step, prompt, .. } = heard;
        match &self.model.plan.step(step).kind {
            StepKind::Menu(menu) if menu.retry.asks(prompt, menu.prompt) => {
                self.meets_menu(slot, heard, menu);
            }
            StepKind::Collect(collect) if collect.retry.asks(prompt, collect.prompt) => {
                let digits = self.entry(slot, collect);
                self.will_press(slot, digits, collect.barge_in);
            }
            StepKind::Collect(collect) if Some(prompt) == collect.confirm => {
                let yes = Digits::from_iter([Key::ONE]);
                self.will_press(slot, yes, true);
            }
            StepKind::Directory(directory) => self.hears_directory(slot, heard, directory),
            StepKind::Queue(_) | StepKind::Callback(_) if self.asks_consent(heard) => {
                let yes = Digits::from_iter([Key::ONE]);
                self.will_press(slot, yes, true);
            }
            StepKind::Callback(callback) => {
                let asks = callback.asks.as_ref();
                if asks.is_some_and(|asks| [asks.own, asks.typed].contains(&prompt)) {
                    let yes = Digits::from_iter([Key::ONE]);
                    self.will_press(slot, yes, true);
                }
            }
            StepKind::Survey(survey) => self.is_surveyed(slot, heard, survey),
            StepKind::Say(_) => self.attempts[slot as usize].speaking_at = Some(step),
            StepKind::Queue(queue) => self.hears_in_queue(slot, heard, *queue),
            _ => {}
        }
    }

    /// Whether callers are asked for their consent to be recorded.
    fn asks_consent(&self, heard: Heard) -> bool {
        let recording = self.model.plan.recording_behind(heard.step);
        recording.is_some_and(|(_, recording)| recording.asks && recording.prompt == heard.prompt)
    }

    /// A survey asks something: callers answer, or hang up on it.
    fn is_surveyed(&mut self, slot: u32, heard: Heard, survey: &Survey) {
        let mut asks = survey.asks.iter();
        let Some(place) = asks.position(|ask| ask.prompt == heard.prompt) else {
            return;
        };
        let opinion = self.model.opinion(heard.step);
        let entity = self.attempts[slot as usize].entity();
        let mut stream = self.streams.stream(Purpose::Survey, entity);
        if !stream.chance(opinion.answers) {
            return self.will_leave(slot, GOODBYE);
        }
        // One draw for each question, whichever are put.
        let draws = (0..=place).map(|_| stream.unit());
        let unit = draws.last().unwrap_or(0.0);
        let shares = &opinion.shares[place];
        let (answer, _) = shares[by_share(shares, |(_, share)| *share, unit)];
        self.will_press(slot, written(format_args!("{answer}")), true);
    }

    /// Everything that was playing stops.
    pub(super) fn silence_falls(&mut self, slot: u32) {
        let attempt = &mut self.attempts[slot as usize];
        (attempt.heard_until, attempt.speaking_at) = (self.now, None);
        let timer = attempt.prompt_timer.take();
        self.cancel(timer);
    }

    /// The last of the prompts has ended. After an answer the caller knows whether it was enough.
    pub(super) fn prompt_ends(&mut self, slot: u32, play: PlayId) {
        self.attempts[slot as usize].prompt_timer = None;
        self.at_call(slot, |call| Input::PromptEnded { call, play });
        let Some(at) = self.attempts[slot as usize].speaking_at.take() else {
            return;
        };
        self.judges(slot, at);
    }

    /// An answer was heard to its end.
    fn judges(&mut self, slot: u32, answer: StepId) {
        let attempt = &self.attempts[slot as usize];
        let Some((satisfied, otherwise)) = self.model.judgement(attempt, answer) else {
            return;
        };
        let mut stream = self.streams.stream(Purpose::Satisfaction, attempt.entity());
        let (is_satisfied, says_so) = (
            stream.chance(satisfied),
            stream.chance(self.model.callers.confirms),
        );
        let attempt = &mut self.attempts[slot as usize];
        if !is_satisfied {
            attempt.aim = otherwise;
            return;
        }
        attempt.solved = true;
        attempt.aim = if says_so { Aim::Thank } else { Aim::Leave };
        if !says_so {
            self.will_leave(slot, GOODBYE);
        }
    }

    /// A menu begins to speak: the caller decides what to press, and when.
    fn meets_menu(&mut self, slot: u32, heard: Heard, menu: &Menu) {
        let attempt = &self.attempts[slot as usize];
        if attempt.is_silent || attempt.press_timer.is_some() || attempt.leave_timer.is_some() {
            return;
        }
        let (step, guide) = (heard.step, &self.model.guide);
        let wanted = match attempt.aim {
            Aim::Reach(goal) => guide
                .keys(step, goal, attempt.language, heard.language)
                .map(Press::Keys),
            Aim::Thank => guide.thanks(step).map(Press::Keys),
            Aim::Leave => None,
            Aim::AsOthers => {
                let unit = self.listening(slot).unit();
                self.model.press_by_share(step, unit)
            }
        };
        match wanted {
            Some(Press::Keys(keys)) => {
                let keys = self.perhaps_slips(slot, keys);
                self.will_press(slot, keys, menu.barge_in);
            }
            Some(Press::Nothing) => {}
            Some(Press::HangUp) | None => self.has_no_way(slot),
        }
    }

    /// Nothing here leads to what the caller wants.
    pub(super) fn has_no_way(&mut self, slot: u32) {
        let listens = self
            .model
            .callers
            .listens
            .sample(self.listening(slot).unit());
        self.will_leave(slot, listens);
    }

    /// A wrong key now and then: one of the other digits.
    pub(super) fn perhaps_slips(&mut self, slot: u32, keys: Digits) -> Digits {
        let slips = self.model.callers.slips;
        if slips == 0.0 {
            return keys;
        }
        let stream = self.listening(slot);
        let (slipped, which) = (stream.chance(slips), stream.unit());
        if !slipped {
            return keys;
        }
        let digits = "0123456789".chars().filter_map(Key::from_char);
        let mut others = digits.filter(|key| Some(*key) != keys.at(0));
        let count = others.clone().count();
        let slip = others.nth((which * count as f64) as usize);
        slip.into_iter().collect()
    }

    /// Presses these keys after listening for a while; to the end if keys are not heard before.
    pub(super) fn will_press(&mut self, slot: u32, keys: Digits, barge_in: bool) {
        let listens = self
            .model
            .callers
            .listens
            .sample(self.listening(slot).unit());
        let attempt = &mut self.attempts[slot as usize];
        if attempt.is_silent || attempt.press_timer.is_some() {
            return;
        }
        attempt.typing = keys;
        let wait = if barge_in {
            listens
        } else {
            listens.max(attempt.heard_until - self.now)
        };
        let timer = self.in_time(wait, Errand::Press(slot));
        self.attempts[slot as usize].press_timer = Some(timer);
    }

    pub(super) fn press(&mut self, slot: u32) {
        let attempt = &mut self.attempts[slot as usize];
        attempt.press_timer = None;
        let Some(key) = attempt.typing.at(0) else {
            return;
        };
        attempt.typing.consume(1);
        if !attempt.typing.is_empty() {
            let timer = self.in_time(TYPING, Errand::Press(slot));
            self.attempts[slot as usize].press_timer = Some(timer);
        }
        self.at_call(slot, |call| Input::Key { call, key });
    }

    pub(super) fn listening(&mut self, slot: u32) -> &mut Stream {
        let (streams, attempt) = (&self.streams, &mut self.attempts[slot as usize]);
        let entity = attempt.entity();
        attempt
            .listening
            .get_or_insert_with(|| streams.stream(Purpose::Listening, entity))
    }

    pub(super) fn will_leave(&mut self, slot: u32, span: Span) {
        if self.attempts[slot as usize].leave_timer.is_none() {
            let timer = self.in_time(span, Errand::HangUp(slot));
            self.attempts[slot as usize].leave_timer = Some(timer);
        }
    }

    /// The caller waits: patience runs from the first queue. With an agent on the line it is not needed.
    pub(super) fn loses_patience(&mut self, slot: u32) {
        if self.has_host(slot) {
            return;
        }
        let attempt = &self.attempts[slot as usize];
        let (Some(since), None) = (attempt.queued, attempt.leave_timer) else {
            return;
        };
        let patience = self.patience(attempt);
        let left = Span(patience.0.saturating_sub((self.now - since).0));
        self.will_leave(slot, left);
    }

    /// How long this caller is willing to wait; some are not at all, unless somebody is free for them.
    fn patience(&self, attempt: &Attempt) -> Span {
        let unit = self.streams.unit(Purpose::Patience, attempt.entity());
        let balks = self.model.callers.balks;
        let law = self.model.patience_of(attempt);
        match unit < balks {
            true if attempt.has_to_wait => Span::ZERO,
            true => law.sample(unit / balks),
            false => law.sample((unit - balks) / (1.0 - balks)),
        }
    }

    /// The caller is told the wait to expect: some do not wait for what they would not sit out.
    pub(super) fn is_told(&mut self, slot: u32, minutes: u32) {
        let share = self.model.callers.leaves_when_told;
        if share == 0.0 {
            return;
        }
        let attempt = &self.attempts[slot as usize];
        let Some(since) = attempt.queued else {
            return;
        };
        let willing = self.patience(attempt);
        let waits = Span((self.now - since).0 + Span::minutes(minutes.into()).0);
        let leaves = self.streams.unit(Purpose::Told, attempt.entity()) < share;
        if leaves && waits > willing {
            let timer = self.attempts[slot as usize].leave_timer.take();
            self.cancel(timer);
            self.will_leave(slot, TOLD);
        }
    }

    /// The caller has joined a queue for the agents of a lane, of whom somebody is free or nobody.
    pub(super) fn queued(&mut self, slot: u32, waits_for: (QueueId, LaneId), waiting: u32) {
        let attempt = &mut self.attempts[slot as usize];
        attempt.has_to_wait = waiting > 0;
        attempt.queued.get_or_insert(self.now);
        attempt.waits_for = Some(waits_for);
        // Whoever finds somebody free waits from the ringing on, if it comes to that.
        if waiting > 0 {
            self.loses_patience(slot);
        }
    }

    /// The caller has left a queue, one way or the other.
    pub(super) fn unqueued(&mut self, slot: u32, queue: QueueId, how: Unqueued) {
        if how == Unqueued::Withdrawn {
            return self.nobody_comes(slot);
        }
        let attempt = &mut self.attempts[slot as usize];
        attempt.agent_ends = self.model.plan.queue(queue).after.is_some();
        match how {
            Unqueued::Overflowed(_) => return,
            Unqueued::TimedOut => attempt.aim = Aim::Leave,
            _ => {}
        }
        let timer = attempt.leave_timer.take();
        self.cancel(timer);
    }

    /// Caller and agent begin to talk.
    pub(super) fn talks(&mut self, slot: u32, agent: AgentId) {
        let attempt = &self.attempts[slot as usize];
        let (talk, wrap_up) = self.model.handling_of(attempt);
        let draws = self.talk_draws(attempt);
        let talk = self.model.at_its_time(attempt, talk.sample(draws.0));
        let waited_since = attempt.queued.filter(|_| !self.has_host(slot));
        let talk = match (self.model.callers.talk_grows, waited_since) {
            (Some(grows), Some(since)) => {
                Span((talk.0 as f64 * grows.factor(self.now - since) + 0.5) as u64)
            }
            _ => talk,
        };
        let wrap_up = wrap_up.sample(draws.1);
        // The draws are the caller's, the speed is the agent's.
        let usual = (talk, wrap_up);
        let (mut talk, wrap_up) = self.model.takes(agent, attempt.waits_for, usual);
        self.people.begins_talk(agent, wrap_up);
        let (leave, press) = {
            let attempt = &mut self.attempts[slot as usize];
            attempt.solved = true;
            attempt.aim = Aim::Leave;
            attempt.talks_to = Some(agent);
            (attempt.leave_timer.take(), attempt.press_timer.take())
        };
        self.cancel(leave);
        self.cancel(press);
        if self.has_host(slot) {
            talk = Span(talk.0 + self.is_introduced(slot).0);
        }
        let timer = self.in_time(talk, Errand::TalkEnds(slot));
        self.attempts[slot as usize].talk_timer = Some(timer);
    }

    /// The talk is over. Where the line goes on after a talk, the agent hangs up first.
    pub(super) fn talk_ends(&mut self, slot: u32) {
        let attempt = &mut self.attempts[slot as usize];
        attempt.talk_timer = None;
        let agent_ends = attempt.agent_ends;
        let agent = attempt.talks_to.take();
        match agent {
            Some(agent) if self.hands_on(slot, agent) => {}
            Some(agent) if agent_ends => {
                self.at_once.push(Input::AgentHungUp { agent });
            }
            _ => self.at_call(slot, |call| Input::CallerHungUp { call }),
        }
    }

    /// The exchange has ended the talk: what the call was for is not settled.
    #[cold]
    pub(super) fn is_cut_off(&mut self, slot: u32) {
        self.attempts[slot as usize].solved = false;
    }

    /// After the tone: a message, or nothing.
    pub(super) fn speaks_message(&mut self, slot: u32, max: Span) {
        let callers = &self.model.callers;
        let mut stream = self
            .streams
            .stream(Purpose::Message, self.attempts[slot as usize].entity());
        if !stream.chance(callers.leaves_message) {
            return self.will_leave(slot, GOODBYE);
        }
        let length = callers.message.sample(stream.unit());
        if length >= max {
            // The exchange ends it.
            return;
        }
        let timer = self.in_time(length, Errand::MessageEnds(slot));
        self.attempts[slot as usize].talk_timer = Some(timer);
    }

    /// Callers who are turned away give up what they came for, or ask to be called back.
    pub(super) fn disappointed(&mut self, slot: u32, queue: QueueId) {
        self.attempts[slot as usize].aim = match self.wants_callback(slot, queue) {
            Some(step) => Aim::Reach(step),
            None => Aim::Leave,
        };
    }

    /// The attempt is over: nothing more is done in it, and the person may call again.
    pub(super) fn ended(&mut self, slot: u32, outcome: Outcome) {
        self.stops_everything(slot);
        let attempt = &self.attempts[slot as usize];
        let refusal = match outcome {
            Outcome::Message | Outcome::TransferredOut | Outcome::Callback => Refusal::Solved,
            _ if attempt.solved => Refusal::Solved,
            Outcome::Abandoned => Refusal::Abandoned,
            Outcome::TurnedAway => Refusal::TurnedAway,
            _ => Refusal::Unsolved,
        };
        self.call_again(slot, refusal);
    }

    /// Nothing more is done in this attempt.
    #[inline(always)]
    pub(super) fn stops_everything(&mut self, slot: u32) {
        let attempt = &mut self.attempts[slot as usize];
        let timers = [
            attempt.prompt_timer.take(),
            attempt.press_timer.take(),
            attempt.leave_timer.take(),
            attempt.talk_timer.take(),
        ];
        (attempt.call, attempt.talks_to, attempt.speaking_at) = (None, None, None);
        if self.has_host(slot) {
            self.forgets_host(slot);
        }
        for timer in timers {
            self.cancel(timer);
        }
    }
}
