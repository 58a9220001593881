//! Callers by the books: who waits, in which order, for whom.

use super::Books;
use super::Checked;
use crate::day::language_of;
use std::cmp::Reverse;
use strowger::exchange::dialplan::Queue;
use strowger::exchange::id::AgentId;
use strowger::exchange::id::CallId;
use strowger::exchange::id::LaneId;
use strowger::exchange::id::LanguageId;
use strowger::exchange::id::PlayId;
use strowger::exchange::id::QueueId;
use strowger::exchange::key::Key;
use strowger::exchange::limits::TRANSFER_WAIT;
use strowger::exchange::record::AgentState;
use strowger::exchange::time::Span;
use strowger::exchange::time::Tick;

/// What is known of a call.
pub(crate) struct Call {
    pub(super) caller: u64,
    /// The first of the line until a key sets it.
    language: LanguageId,
    pub(crate) playing: Option<PlayId>,
    pub(super) queue: Option<QueueId>,
    /// When it joined the queue, and how many of the queue's stages are behind it.
    since: Tick,
    pub(super) stage: u8,
    /// The agent it waits for in particular, and until when.
    pub(super) holds: Option<AgentId>,
    hold_until: Tick,
    pub(super) place: Option<Place>,
    /// The last agents who did not take it, since it joined the queue.
    pub(super) tried: Vec<AgentId>,
    pub(super) rings_at: Vec<AgentId>,
    /// Somebody has picked up for it, and it is about to leave the queue.
    pub(super) is_taken: bool,
    pub(super) talks_to: Option<AgentId>,
    /// Whom that one has invited, and who has come.
    pub(super) colleague: Option<AgentId>,
    was_queued: bool,
    pub(super) was_answered: bool,
    /// Handed to a queue: the agent who did that is not the one to prefer.
    pub(super) handed_on: bool,
    /// Its bridge is gone.
    pub(super) adrift: bool,
}

/// Emergencies first, then heavier queues, then the earliest; the number tells equals apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) class: (Reverse<bool>, Reverse<u16>),
    /// Arrival less the head start.
    from: i64,
    number: u64,
    pub(super) arrived: i64,
    pub(super) head_start: i64,
}

impl Call {
    pub(super) fn of(caller: u64) -> Self {
        Self {
            caller,
            language: LanguageId(0),
            playing: None,
            queue: None,
            since: Tick(0),
            stage: 0,
            holds: None,
            hold_until: Tick(0),
            place: None,
            tried: Vec::new(),
            rings_at: Vec::new(),
            is_taken: false,
            talks_to: None,
            colleague: None,
            was_queued: false,
            was_answered: false,
            handed_on: false,
            adrift: false,
        }
    }

    /// What a caller presses in the main menu sets the language.
    pub(super) fn pressed(&mut self, key: Key) {
        if let Some(language) = language_of(key).filter(|_| !self.was_queued) {
            self.language = language;
        }
    }

    /// In line: neither does a phone ring for it nor is its bridge gone.
    fn is_in_line(&self) -> bool {
        self.queue.is_some() && self.rings_at.is_empty() && !self.adrift && !self.is_taken
    }

    pub(super) fn hold_is_over(&self, now: Tick) -> bool {
        self.hold_until <= now
    }
}

impl Books {
    pub(crate) fn waiting(&self) -> impl Iterator<Item = CallId> + '_ {
        self.in_line().map(|(id, _)| id)
    }

    pub(crate) fn rung(&self) -> impl Iterator<Item = CallId> + '_ {
        self.ids(|call| !call.rings_at.is_empty())
    }

    pub(crate) fn in_menu(&self) -> impl Iterator<Item = CallId> + '_ {
        self.ids(|call| !call.was_queued)
    }

    pub(crate) fn with_people(&self) -> impl Iterator<Item = CallId> + '_ {
        self.ids(|call| call.was_queued && !call.adrift)
    }

    pub(crate) fn adrift(&self) -> impl Iterator<Item = CallId> + '_ {
        self.ids(|call| call.adrift)
    }

    fn ids(&self, is: impl Fn(&Call) -> bool + 'static) -> impl Iterator<Item = CallId> + '_ {
        let calls = self.calls.iter();
        calls.filter(move |(_, call)| is(call)).map(|(id, _)| *id)
    }

    pub(super) fn in_line(&self) -> impl Iterator<Item = (CallId, &Call)> + '_ {
        let calls = self.calls.iter();
        let waiting = calls.filter(|(_, call)| call.is_in_line());
        waiting.map(|(id, call)| (*id, call))
    }

    /// C3: when a call came, and in which order, is settled when it first joins a queue; the precedence is
    /// that of the queue it is in.
    pub(super) fn queued(&mut self, id: CallId, queue_id: QueueId, lane: LaneId) -> Checked {
        let plan = self.plan.clone();
        let queue = plan.queue(queue_id);
        self.places += 1;
        let (now, number) = (self.now, self.places);
        let (arrived, head_start) = (now.0 as i64, queue.head_start.0 as i64);
        let place = Place {
            class: (Reverse(queue.emergency), Reverse(queue.weight)),
            from: arrived - head_start,
            number,
            arrived,
            head_start,
        };
        let handed = self.handing.filter(|(call, _)| *call == id);
        let invited = self.inviting.filter(|(call, _)| *call == id);
        let call = self.call(id)?;
        hold!(
            call.talks_to.is_none() || invited.is_some() && call.colleague.is_none(),
            "{id} joins a queue in a talk"
        );
        hold!(call.queue.is_none(), "{id} joins a second queue");
        call.place = Some(call.place.map_or(place, |first| Place {
            from: first.arrived - head_start,
            number: first.number,
            arrived: first.arrived,
            ..place
        }));
        (call.queue, call.was_queued) = (Some(queue_id), true);
        (call.since, call.stage) = (now, 0);
        call.tried.clear();
        let (language, caller) = (call.language, call.caller);
        let prefers = !std::mem::take(&mut call.handed_on) && invited.is_none();
        let handed = invited.map_or(handed, |(_, whom)| Some((id, whom?)));
        let mut stage = 0;
        while self.is_passed(queue, language, stage) {
            stage += 1;
        }
        let right = queue.lane_at(stage, language);
        hold!(lane == right, "{id} waits in {lane:?} and not {right:?}");
        let at_work = |agent: &AgentId| self.agents[agent.index()].is_present();
        let prefer_last = queue.prefer_last.filter(|_| prefers);
        let (holds, span) = match (handed, prefer_last) {
            (Some((_, to)), _) => (Some(to).filter(at_work), TRANSFER_WAIT),
            (None, Some(span)) => {
                let last = self.known.get(&caller).filter(|_| caller != 0).copied();
                let last = last.filter(at_work);
                (last.filter(|last| self.serves(*last, lane)), span)
            }
            (None, None) => (None, Span::ZERO),
        };
        let call = self.call(id)?;
        (call.stage, call.holds) = (stage, holds);
        call.hold_until = now + span;
        Ok(())
    }

    /// Nobody waits for this agent in particular any more.
    pub(super) fn release(&mut self, agent: AgentId) {
        for call in self.calls.values_mut() {
            call.holds = call.holds.filter(|held| *held != agent);
        }
    }

    /// Whether there is a later stage, and nobody is signed in for this one.
    fn is_passed(&self, queue: &Queue, language: LanguageId, stage: u8) -> bool {
        let skips = self.plan.group(queue.group).tiers.skip_empty;
        let later = usize::from(stage) < queue.stages.len();
        later && skips && self.signed_in(queue.lane_at(stage, language)) == 0
    }

    /// Whether a call may be a stage further than it was known to be.
    pub(super) fn may_go_on(&self, call: &Call, stage: u8) -> bool {
        let queue = self.plan.queue(call.queue.expect("the call is in a queue"));
        self.is_due(call, stage) || self.is_passed(queue, call.language, stage)
    }

    fn is_due(&self, call: &Call, stage: u8) -> bool {
        let queue = self.plan.queue(call.queue.expect("the call is in a queue"));
        let next = queue.stages.get(usize::from(stage));
        next.is_some_and(|next| call.since + next.after <= self.now)
    }

    /// Whether something falls due for a call in line at this very moment that may or may not have
    /// happened yet.
    pub(super) fn is_in_between(&self, call: &Call) -> bool {
        self.may_go_on(call, call.stage) || call.holds.is_some() && call.hold_is_over(self.now)
    }

    /// Nothing more falls due now: those in line are where the time they have waited has brought
    /// them.
    pub(crate) fn settled(&mut self) {
        let waiting: Vec<CallId> = self.waiting().collect();
        for id in waiting {
            let now = self.now;
            let call = &self.calls[&id];
            let holds = call.holds.filter(|_| !call.hold_is_over(now));
            let mut stage = call.stage;
            // Who waits for one agent does not wait for those of a stage, deserted or not.
            while self.is_due(call, stage) || holds.is_none() && self.may_go_on(call, stage) {
                stage += 1;
            }
            let call = self.calls.get_mut(&id).expect("it waits");
            (call.stage, call.holds) = (stage, holds);
        }
        self.history.begins_anew(self.now, &self.agents);
    }

    pub(super) fn lane_at(&self, call: &Call, stage: u8) -> LaneId {
        let queue = call.queue.expect("the call is in a queue");
        self.plan.queue(queue).lane_at(stage, call.language)
    }

    /// Whether an agent who becomes free may be offered a call in line.
    pub(super) fn may_take(&self, agent: AgentId, call: &Call) -> bool {
        if let Some(held) = call.holds {
            return held == agent;
        }
        let lane = self.lane_at(call, call.stage);
        let untried = !call.tried.contains(&agent) || self.all_tried(call, lane);
        self.serves(agent, lane) && untried
    }

    /// Whether all who are at work and serve the lane have let the call ring out or refused it.
    pub(super) fn all_tried(&self, call: &Call, lane: LaneId) -> bool {
        let present = self.of_lane(lane, |agent| agent.is_present());
        present.iter().all(|agent| call.tried.contains(agent))
    }

    /// Nobody waits for nobody: whoever is in line has somebody signed in who may take the call, now
    /// or later.
    pub(super) fn nobody_is_stranded(&self) -> Checked {
        for (id, call) in self.in_line().filter(|(_, call)| call.holds.is_none()) {
            let queue = call.queue.expect("it is in line");
            let lane = self.plan.queue(queue).last_lane(call.language);
            hold!(
                self.signed_in(lane) > 0,
                "{id} waits for nobody in {queue:?}"
            );
        }
        Ok(())
    }

    /// F2: nobody is free beside a caller in line who may be offered to them.
    pub(super) fn nobody_is_wasted(&self) -> Checked {
        for agent in self.agents_who(AgentState::Idle) {
            let mut waiting = self.in_line();
            let wasted = waiting.find(|(_, call)| self.may_take(agent, call));
            let wasted = wasted.map(|(id, _)| id);
            hold!(wasted.is_none(), "F2: {agent:?} is free beside {wasted:?}");
        }
        Ok(())
    }
}
