//! Books kept beside an exchange, from its effects alone: who is free, who waits, what is owed.
//!
//! Written from the policy's description, not from its code, so that the two check each other.

use crate::day::language_of;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;
use strowger::exchange::Exchange;
use strowger::exchange::ONE_CALL;
use strowger::exchange::dialplan::Dialplan;
use strowger::exchange::effect::Effect;
use strowger::exchange::id::AgentId;
use strowger::exchange::id::CallId;
use strowger::exchange::id::GroupId;
use strowger::exchange::id::LaneId;
use strowger::exchange::id::LanguageId;
use strowger::exchange::id::OfferId;
use strowger::exchange::id::PlayId;
use strowger::exchange::id::QueueId;
use strowger::exchange::input::Input;
use strowger::exchange::limits::TRIED_MAX;
use strowger::exchange::record::AgentState;
use strowger::exchange::record::Because;
use strowger::exchange::record::Decision;
use strowger::exchange::record::OfferEnd;
use strowger::exchange::record::Record;
use strowger::exchange::record::Unqueued;
use strowger::exchange::time::Tick;

/// Fails with words when something does not hold.
macro_rules! hold {
    ($what:expr, $($words:tt)*) => {
        if !$what {
            return Err(format!($($words)*));
        }
    };
}

pub(crate) type Checked = Result<(), String>;

pub(crate) struct Books {
    plan: Arc<Dialplan>,
    origin_ms: i64,
    pub(crate) agents: Vec<Agent>,
    pub(crate) calls: BTreeMap<CallId, Call>,
    arrived: u64,
    pub(crate) ended: u64,
    pub(crate) answered: u64,
    pub(crate) decisions: u64,
    places: u64,
    last_offer: OfferId,
    now: Tick,
}

/// What is known of an agent.
pub(crate) struct Agent {
    state: AgentState,
    idle_since: Tick,
    /// In millionths of a call.
    tag: i64,
    lag: i64,
    day: Option<i32>,
    forgiven: i64,
    offer: Option<(OfferId, CallId)>,
}

/// What is known of a call.
#[derive(Default)]
pub(crate) struct Call {
    language: LanguageId2,
    pub(crate) playing: Option<PlayId>,
    queue: Option<QueueId>,
    /// Emergencies first, then the earliest; the number tells equals apart.
    place: Option<(Reverse<bool>, i64, u64)>,
    /// The last agents who did not take it, since it joined the queue.
    tried: Vec<AgentId>,
    rings_at: Option<AgentId>,
    talks_to: Option<AgentId>,
    was_queued: bool,
}

/// The language of a call; the first of the line until a key sets it.
struct LanguageId2(LanguageId);

impl Default for LanguageId2 {
    fn default() -> Self {
        Self(LanguageId(0))
    }
}

fn is_present(state: AgentState) -> bool {
    use AgentState::{NotReady, Paused, SignedOut};
    !matches!(state, SignedOut | NotReady | Paused)
}

impl Books {
    pub(crate) fn new(plan: Arc<Dialplan>, origin_ms: i64) -> Self {
        let agent = |_| Agent {
            state: AgentState::SignedOut,
            idle_since: Tick(0),
            tag: 0,
            lag: 0,
            day: None,
            forgiven: 0,
            offer: None,
        };
        Self {
            agents: plan.agents.iter().map(agent).collect(),
            plan,
            origin_ms,
            calls: BTreeMap::new(),
            arrived: 0,
            ended: 0,
            answered: 0,
            decisions: 0,
            places: 0,
            last_offer: OfferId(0),
            now: Tick(0),
        }
    }

    pub(crate) fn waiting(&self) -> impl Iterator<Item = CallId> + '_ {
        self.in_line().map(|(id, _)| id)
    }

    pub(crate) fn rung(&self) -> impl Iterator<Item = CallId> + '_ {
        let rung = self
            .calls
            .iter()
            .filter(|(_, call)| call.rings_at.is_some());
        rung.map(|(id, _)| *id)
    }

    pub(crate) fn in_menu(&self) -> impl Iterator<Item = CallId> + '_ {
        let fresh = self.calls.iter().filter(|(_, call)| !call.was_queued);
        fresh.map(|(id, _)| *id)
    }

    pub(crate) fn open_offers(&self) -> impl Iterator<Item = (AgentId, OfferId)> + '_ {
        let agents = self.agents.iter().enumerate();
        agents.filter_map(|(place, agent)| Some((AgentId(place as u32), agent.offer?.0)))
    }

    pub(crate) fn agents_who(&self, state: AgentState) -> Vec<AgentId> {
        let agents = self.agents.iter().enumerate();
        let they = agents.filter(|(_, agent)| agent.state == state);
        they.map(|(place, _)| AgentId(place as u32)).collect()
    }

    /// What a caller presses in the main menu sets the language.
    pub(crate) fn said(&mut self, input: &Input) {
        if let Input::Key { call, key } = *input
            && let Some(language) = language_of(key)
            && let Some(call) = self.calls.get_mut(&call)
            && !call.was_queued
        {
            call.language = LanguageId2(language);
        }
    }

    /// Takes one effect into the books.
    pub(crate) fn enter(&mut self, now: Tick, effect: &Effect) -> Checked {
        self.now = now;
        match *effect {
            Effect::Play { call, play, .. } => self.call(call)?.playing = Some(play),
            Effect::Stop { call } => self.call(call)?.playing = None,
            Effect::Ring { agent, offer, call } => {
                let open = self.agents[agent.index()].offer;
                hold!(open == Some((offer, call)), "{offer:?} rings unrecorded");
            }
            Effect::CancelRing { agent, offer } => {
                let open = self.agents[agent.index()].offer;
                let open = open.map(|(offer, _)| offer);
                hold!(open == Some(offer), "{offer:?} does not ring at {agent:?}");
            }
            Effect::Connect { call, agent } => {
                let talks_to = self.call(call)?.talks_to;
                hold!(
                    talks_to == Some(agent),
                    "{call} and {agent:?} are joined unasked"
                );
            }
            Effect::Record(record) => self.note(&record)?,
            _ => {}
        }
        Ok(())
    }

    fn call(&mut self, id: CallId) -> Result<&mut Call, String> {
        let call = self.calls.get_mut(&id);
        call.ok_or_else(|| format!("{id} is over, or never was"))
    }

    fn note(&mut self, record: &Record) -> Checked {
        match *record {
            Record::Arrived { call, .. } => {
                self.arrived += 1;
                let before = self.calls.insert(call, Call::default());
                hold!(before.is_none(), "{call} came twice");
            }
            Record::Queued { call, queue, .. } => self.queued(call, queue)?,
            Record::Unqueued {
                call, queue, how, ..
            } => {
                let it = self.call(call)?;
                hold!(
                    it.queue == Some(queue),
                    "{call} leaves {queue:?} without being in it"
                );
                it.queue = None;
                if let Unqueued::Answered(agent) = how {
                    it.talks_to = Some(agent);
                    self.answered += 1;
                }
            }
            Record::Offered(decision) => self.offered(&decision)?,
            Record::OfferEnded {
                offer,
                agent,
                call,
                how,
            } => self.offer_ended(offer, agent, call, how)?,
            Record::TalkEnded { call, agent, .. } => {
                let it = self.call(call)?;
                hold!(
                    it.talks_to.take() == Some(agent),
                    "{call} did not talk to {agent:?}"
                );
            }
            Record::Agent { agent, state } => self.agent_is(agent, state)?,
            Record::ShortTalk { agent, .. } => {
                let cost = self.cost(agent);
                self.agents[agent.index()].tag -= cost;
            }
            Record::Forgiven { agent, micro_calls } => {
                self.agents[agent.index()].forgiven = micro_calls;
            }
            Record::Ended { call, .. } => {
                let it = self.calls.remove(&call);
                let it = it.ok_or_else(|| format!("{call} ends twice"))?;
                self.ended += 1;
                let free = it.queue.is_none() && it.rings_at.is_none() && it.talks_to.is_none();
                hold!(free, "{call} ends in the middle of something");
            }
            _ => {}
        }
        Ok(())
    }

    /// The place is given once, when the call first joins a queue (C3).
    fn queued(&mut self, id: CallId, queue: QueueId) -> Checked {
        let plan = self.plan.clone();
        let plan = plan.queue(queue);
        self.places += 1;
        let (now, number) = (self.now.0 as i64, self.places);
        let call = self.call(id)?;
        hold!(call.queue.is_none(), "{id} joins a second queue");
        let from = now - plan.head_start.0 as i64;
        call.place
            .get_or_insert((Reverse(plan.emergency), from, number));
        (call.queue, call.was_queued) = (Some(queue), true);
        call.tried.clear();
        Ok(())
    }

    fn offered(&mut self, decision: &Decision) -> Checked {
        let Decision {
            offer, call, agent, ..
        } = *decision;
        self.decisions += 1;
        hold!(offer > self.last_offer, "{offer:?} does not count up");
        self.last_offer = offer;
        if !is_present(self.agents[agent.index()].state) {
            self.comes(agent);
        }
        self.settle_forgiven(agent)?;
        let chosen = &self.agents[agent.index()];
        let it = &self.calls[&call];
        let once = chosen.offer.is_none() && it.rings_at.is_none() && it.talks_to.is_none();
        hold!(once, "E1: {agent:?} or {call} has an offer already");
        hold!(
            it.queue == Some(decision.queue),
            "{call} is not in {:?}",
            decision.queue
        );
        let (books, told) = (chosen.tag, decision.tag);
        hold!(
            books == told,
            "{agent:?} has the tag {told}, by the books {books}"
        );
        let lane = self.lane_of(it);
        hold!(
            self.serves(agent, lane),
            "{agent:?} does not serve {lane:?}"
        );
        let again = !it.tried.contains(&agent) || it.tried.len() >= self.present_in(lane);
        hold!(
            again,
            "{call} comes back to {agent:?} before others were asked"
        );
        match decision.because {
            Because::CallerCame => self.least_tag_was_chosen(decision)?,
            Because::AgentFree => self.first_caller_was_chosen(decision)?,
            Because::Awaited => {}
        }
        let (cost, tags) = (self.cost(agent), &mut self.agents[agent.index()]);
        tags.tag += cost;
        tags.offer = Some((offer, call));
        self.call(call)?.rings_at = Some(agent);
        Ok(())
    }

    /// F1: nobody is given a call while a colleague who is owed more is free.
    fn least_tag_was_chosen(&self, decision: &Decision) -> Checked {
        let Decision { call, agent, .. } = *decision;
        let it = &self.calls[&call];
        let lane = self.lane_of(it);
        hold!(
            self.agents[agent.index()].state == AgentState::Idle,
            "{agent:?} is not free"
        );
        let all_tried = it.tried.len() >= self.present_in(lane);
        let mut free: Vec<(i64, Tick, AgentId)> = self
            .agents_who(AgentState::Idle)
            .into_iter()
            .filter(|agent| self.serves(*agent, lane))
            .filter(|agent| all_tried || !it.tried.contains(agent))
            .map(|id| {
                let agent = &self.agents[id.index()];
                (agent.tag, agent.idle_since, id)
            })
            .collect();
        free.sort_unstable();
        let best = free.first().map(|(_, _, agent)| *agent);
        hold!(
            best == Some(agent),
            "F1: {agent:?} is chosen before {free:?}"
        );
        let next = free.get(1).map(|(_, _, agent)| *agent);
        hold!(
            decision.runner_up == next,
            "{:?} is not next of {free:?}",
            decision.runner_up
        );
        Ok(())
    }

    /// C1: whoever came first, over all queues that the agent serves.
    fn first_caller_was_chosen(&self, decision: &Decision) -> Checked {
        let Decision { call, agent, .. } = *decision;
        let place = self.calls[&call].place;
        for (other, waiting) in self.in_line() {
            let may = self.serves(agent, self.lane_of(waiting)) && !waiting.tried.contains(&agent);
            let before = other != call && waiting.place < place;
            hold!(!(may && before), "C1: {other} is before {call}");
        }
        Ok(())
    }

    fn offer_ended(
        &mut self,
        offer: OfferId,
        agent: AgentId,
        call: CallId,
        how: OfferEnd,
    ) -> Checked {
        let cost = self.cost(agent);
        let it = &mut self.agents[agent.index()];
        hold!(it.offer == Some((offer, call)), "{offer:?} was not open");
        // A ringing is cancelled before it is recorded as over.
        it.offer = None;
        if how != OfferEnd::Answered {
            it.tag -= cost;
        }
        let call = self.call(call)?;
        call.rings_at = None;
        let missed = !matches!(how, OfferEnd::Answered | OfferEnd::CallerGone);
        if missed && !call.tried.contains(&agent) {
            call.tried.push(agent);
            if call.tried.len() > TRIED_MAX {
                call.tried.remove(0);
            }
        }
        Ok(())
    }

    fn agent_is(&mut self, id: AgentId, state: AgentState) -> Checked {
        let before = self.agents[id.index()].state;
        let anew = before != state || state == AgentState::Ringing;
        hold!(anew, "{id:?} is {state:?} twice");
        if is_present(state) && !is_present(before) && state != AgentState::Ringing {
            self.comes(id);
        }
        if !is_present(state) && is_present(before) {
            self.leaves(id)?;
        }
        if state == AgentState::Idle {
            self.settle_forgiven(id)?;
            self.agents[id.index()].idle_since = self.now;
            // F4, and one millionth for rounding.
            let lag = self.reference(id, true) - self.agents[id.index()].tag;
            hold!(
                lag.abs() <= self.limit(id) + 1,
                "F4: {id:?} becomes free with a lag of {lag}"
            );
        }
        self.agents[id.index()].state = state;
        Ok(())
    }

    /// A newcomer neither owes nor is owed; who returns on the same day has the lag of before.
    fn comes(&mut self, id: AgentId) {
        let reference = self.reference(id, false);
        let day = self.plan.zone.day(self.origin_ms + self.now.0 as i64);
        let agent = &mut self.agents[id.index()];
        if agent.day != Some(day) {
            (agent.day, agent.lag) = (Some(day), 0);
        }
        agent.tag = reference - agent.lag;
        agent.state = AgentState::Resting;
    }

    fn leaves(&mut self, id: AgentId) -> Checked {
        let (limit, lag) = (
            self.limit(id),
            self.reference(id, true) - self.agents[id.index()].tag,
        );
        let agent = &mut self.agents[id.index()];
        agent.lag = lag.clamp(-limit, limit);
        let forgiven = std::mem::take(&mut agent.forgiven);
        hold!(
            forgiven == lag - agent.lag,
            "{id:?} is forgiven {forgiven} of a lag of {lag}"
        );
        Ok(())
    }

    /// What is forgiven to somebody who becomes free brings the lag to K exactly.
    fn settle_forgiven(&mut self, id: AgentId) -> Checked {
        let forgiven = std::mem::take(&mut self.agents[id.index()].forgiven);
        if forgiven != 0 {
            self.agents[id.index()].tag += forgiven;
            let lag = self.reference(id, true) - self.agents[id.index()].tag;
            let over = lag.abs() - self.limit(id);
            hold!(
                over.abs() <= 1,
                "{id:?} is forgiven {forgiven}, which leaves {lag}"
            );
        }
        Ok(())
    }

    /// V: the weighted mean tag of all who are present, over the lanes of an agent. The agent
    /// counts while it is present.
    fn reference(&self, id: AgentId, with_itself: bool) -> i64 {
        let lanes = self.lanes_of(id);
        let (mut weights, mut tags) = (0_i128, 0_i128);
        for (place, other) in self.agents.iter().enumerate() {
            let other_id = AgentId(place as u32);
            let counts = is_present(other.state) && (with_itself || other_id != id);
            if !counts {
                continue;
            }
            let weight = i128::from(self.plan.agent(other_id).weight);
            let shared = self.lanes_of(other_id);
            let shared = shared.iter().filter(|lane| lanes.contains(lane)).count() as i128;
            weights += weight * shared;
            tags += weight * shared * i128::from(other.tag);
        }
        match weights {
            0 => 0,
            weights => tags.div_euclid(weights) as i64,
        }
    }

    fn cost(&self, id: AgentId) -> i64 {
        ONE_CALL * ONE_CALL / i64::from(self.plan.agent(id).weight)
    }

    fn limit(&self, id: AgentId) -> i64 {
        let groups = &self.plan.profiles[self.plan.agent(id).profile.index()].groups;
        let limits = groups.iter().map(|group| self.plan.group(*group).catch_up);
        i64::from(limits.min().unwrap_or(0)) * ONE_CALL
    }

    fn lanes_of(&self, id: AgentId) -> &[LaneId] {
        &self.plan.profiles[self.plan.agent(id).profile.index()].lanes
    }

    fn serves(&self, id: AgentId, lane: LaneId) -> bool {
        self.lanes_of(id).contains(&lane)
    }

    fn lane_of(&self, call: &Call) -> LaneId {
        let queue = call.queue.expect("the call is in a queue");
        self.plan.queue(queue).lanes[call.language.0.index()]
    }

    fn present_in(&self, lane: LaneId) -> usize {
        let agents = self.agents.iter().enumerate();
        let present = agents.filter(|(place, agent)| {
            is_present(agent.state) && self.serves(AgentId(*place as u32), lane)
        });
        present.count()
    }

    /// Calls that wait and ring nowhere.
    fn in_line(&self) -> impl Iterator<Item = (CallId, &Call)> + '_ {
        let calls = self.calls.iter();
        let waiting = calls.filter(|(_, call)| call.queue.is_some() && call.rings_at.is_none());
        waiting.map(|(id, call)| (*id, call))
    }

    /// The exchange must say the same as the books, and its own must be in order (F2, F5).
    pub(crate) fn agree_with(&self, exchange: &Exchange) -> Checked {
        hold!(
            exchange.is_sound(),
            "F2 or F5: the exchange's own books are not in order"
        );
        let in_progress = exchange.calls_in_progress();
        hold!(
            in_progress == self.calls.len(),
            "{in_progress} calls in progress"
        );
        hold!(
            self.arrived == self.ended + self.calls.len() as u64,
            "of {} calls, {} have ended",
            self.arrived,
            self.ended
        );
        for group in 0..self.plan.groups.len() {
            let group = GroupId(group as u16);
            let books = self.in_line().filter(|(_, call)| {
                call.queue
                    .is_some_and(|queue| self.plan.queue(queue).group == group)
            });
            let (books, told) = (books.count(), exchange.waiting_in(group));
            hold!(
                books == told as usize,
                "{told} wait for {group:?}, by the books {books}"
            );
        }
        for queue in 0..self.plan.queues.len() {
            for language in 0..self.plan.languages.len() {
                let (queue, language) = (QueueId(queue as u16), LanguageId(language as u8));
                let lane = self.plan.queue(queue).lanes[language.index()];
                let mut told = exchange.free_for(queue, language);
                told.sort_unstable();
                let free = self.agents_who(AgentState::Idle).into_iter();
                let books: Vec<(AgentId, i64)> = free
                    .filter(|agent| self.serves(*agent, lane))
                    .map(|agent| (agent, self.agents[agent.index()].tag))
                    .collect();
                hold!(
                    books == told,
                    "free for {queue:?}: {told:?}, by the books {books:?}"
                );
            }
        }
        Ok(())
    }
}
