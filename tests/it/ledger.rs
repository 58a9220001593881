//! Books kept beside an exchange, from its effects and inputs alone: who is free, who waits, what is
//! owed, and who therefore has to be chosen.
//!
//! Written from the policy's description, not from its code, and slow on purpose: whatever is asked
//! is answered by a look at everything. So the two check each other.

/// Fails with words when something does not hold.
macro_rules! hold {
    ($what:expr, $($words:tt)*) => {
        if !$what {
            return Err(format!($($words)*));
        }
    };
}

mod calls;
mod history;
mod people;
mod reference;
mod rules;
mod shares;

pub(crate) use rules::Rules;

use calls::Call;
use history::History;
use people::Agent;
use std::collections::BTreeMap;
use std::sync::Arc;
use strowger::exchange::Exchange;
use strowger::exchange::dialplan::Dialplan;
use strowger::exchange::effect::Effect;
use strowger::exchange::id::AgentId;
use strowger::exchange::id::CallId;
use strowger::exchange::id::GroupId;
use strowger::exchange::id::LanguageId;
use strowger::exchange::id::OfferId;
use strowger::exchange::id::QueueId;
use strowger::exchange::input::Input;
use strowger::exchange::input::Transferee;
use strowger::exchange::record::AgentState;
use strowger::exchange::record::Outcome;
use strowger::exchange::record::Party;
use strowger::exchange::record::Record;
use strowger::exchange::record::Unqueued;
use strowger::exchange::time::Span;
use strowger::exchange::time::Tick;

pub(crate) type Checked = Result<(), String>;

pub(crate) struct Books {
    plan: Arc<Dialplan>,
    origin_ms: i64,
    rules: Rules,
    pub(crate) agents: Vec<Agent>,
    pub(crate) calls: BTreeMap<CallId, Call>,
    groups: Vec<Pace>,
    /// Who took a caller's last call.
    known: BTreeMap<u64, AgentId>,
    pub(crate) tally: Tally,
    history: History,
    /// The call that is being handed on, and to whom.
    handing: Option<(CallId, AgentId)>,
    /// The call into which somebody is being invited, and whom if one agent in particular.
    inviting: Option<(CallId, Option<AgentId>)>,
    /// Where all are rung together: the call, and who is still to be rung in this very moment.
    ringing_all: Option<(CallId, Vec<AgentId>)>,
    /// Who has just ended a talk too soon for it to count.
    too_short: Option<AgentId>,
    places: u64,
    last_offer: OfferId,
    now: Tick,
}

/// What is known of a group.
struct Pace {
    rung_last: Option<AgentId>,
    /// Running mean of the time from the ring to the end of wrap-up, over the last 64 or so.
    handling: Span,
    handled: u64,
}

/// Calls and decisions so far.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    arrived: u64,
    pub(crate) ended: u64,
    ended_answered: u64,
    /// Calls that were answered at least once, and answers.
    served: u64,
    pub(crate) answered: u64,
    queued: u64,
    unqueued: u64,
    pub(crate) decisions: u64,
    /// Decisions between two or more who were free; for calls that had come to a later stage; for
    /// calls that all had tried; for those handed to an agent, and for other calls that waited for
    /// one.
    pub(crate) choices: u64,
    pub(crate) staged: u64,
    pub(crate) tried_by_all: u64,
    pub(crate) handed: u64,
    pub(crate) preferred: u64,
    /// Talks whose time was charged, and agents who came back with a lag.
    pub(crate) corrected: u64,
    pub(crate) returned: u64,
}

impl Books {
    pub(crate) fn new(plan: Arc<Dialplan>, origin_ms: i64, rules: Rules) -> Self {
        let pace = |_| Pace {
            rung_last: None,
            handling: Span::minutes(3),
            handled: 0,
        };
        let agents = (0..plan.agents.len()).map(|place| Agent::new(&plan, AgentId(place as u32)));
        Self {
            agents: agents.collect(),
            groups: (0..plan.groups.len()).map(pace).collect(),
            plan,
            origin_ms,
            rules,
            calls: BTreeMap::new(),
            known: BTreeMap::new(),
            tally: Tally::default(),
            history: History::default(),
            handing: None,
            inviting: None,
            ringing_all: None,
            too_short: None,
            places: 0,
            last_offer: OfferId(0),
            now: Tick(0),
        }
    }

    pub(crate) fn agents_who(&self, state: AgentState) -> Vec<AgentId> {
        let agents = self.agents.iter().enumerate();
        let they = agents.filter(|(_, agent)| agent.state == state);
        they.map(|(place, _)| AgentId(place as u32)).collect()
    }

    pub(crate) fn unreachable(&self) -> Vec<AgentId> {
        let agents = self.agents.iter().enumerate();
        let they = agents.filter(|(_, agent)| agent.unreachable);
        they.map(|(place, _)| AgentId(place as u32)).collect()
    }

    pub(crate) fn open_offers(&self) -> impl Iterator<Item = (AgentId, OfferId)> + '_ {
        let agents = self.agents.iter().enumerate();
        agents.filter_map(|(place, agent)| Some((AgentId(place as u32), agent.offer?.0)))
    }

    /// What is about to happen, as far as no effect tells.
    pub(crate) fn said(&mut self, now: Tick, input: &Input) {
        self.now = now;
        match *input {
            Input::Key { call, key } => {
                if let Some(call) = self.calls.get_mut(&call) {
                    call.pressed(key);
                }
            }
            Input::CallAdrift { call, .. } => {
                if let Some(call) = self.calls.get_mut(&call) {
                    call.adrift = true;
                }
            }
            Input::CallBack { call, .. } => {
                if let Some(call) = self.calls.get_mut(&call) {
                    call.adrift = false;
                }
            }
            Input::ColleagueInvited { agent, to } => {
                let mut calls = self.calls.iter();
                let call = calls.find(|(_, call)| call.talks_to == Some(agent));
                let whom = match to {
                    Transferee::Queue(_) => None,
                    Transferee::Agent(whom) => Some(whom),
                };
                self.inviting = call.map(|(id, _)| (*id, whom));
            }
            Input::AgentTransferred {
                agent,
                to: Transferee::Agent(to),
            } => {
                let mut calls = self.calls.iter();
                let call = calls.find(|(_, call)| call.talks_to == Some(agent));
                self.handing = call.map(|(id, _)| (*id, to));
            }
            Input::AgentTransferred {
                agent,
                to: Transferee::Queue(queue),
            } if queue.index() < self.plan.queues.len() => {
                let mut calls = self.calls.values_mut();
                if let Some(call) = calls.find(|call| call.talks_to == Some(agent)) {
                    call.handed_on = true;
                }
            }
            Input::AgentMoved { agent, groups } => {
                self.agents[agent.index()].moving = Some(groups);
            }
            Input::AgentUnreachable { agent } => self.agents[agent.index()].unreachable = true,
            Input::AgentReachable { agent } => self.agents[agent.index()].unreachable = false,
            _ => {}
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
                let it = self.call(call)?;
                hold!(
                    it.talks_to == Some(agent) || it.colleague == Some(agent),
                    "{call} and {agent:?} are joined unasked"
                );
            }
            Effect::Record(record) => self.note(&record)?,
            _ => {}
        }
        Ok(())
    }

    /// All that came of one input or deadline has been entered.
    pub(crate) fn done(&mut self) -> Checked {
        (self.handing, self.inviting) = (None, None);
        let left = self.ringing_all.take().filter(|(_, left)| !left.is_empty());
        hold!(left.is_none(), "not all are rung: {left:?}");
        let short = self.too_short.take();
        hold!(short.is_none(), "the talk of {short:?} does not count");
        Ok(())
    }

    fn call(&mut self, id: CallId) -> Result<&mut Call, String> {
        let call = self.calls.get_mut(&id);
        call.ok_or_else(|| format!("{id} is over, or never was"))
    }

    fn note(&mut self, record: &Record) -> Checked {
        match *record {
            Record::Arrived { call, caller, .. } => {
                self.tally.arrived += 1;
                let before = self.calls.insert(call, Call::of(caller));
                hold!(before.is_none(), "{call} came twice");
            }
            Record::Queued {
                call, queue, lane, ..
            } => {
                self.tally.queued += 1;
                self.queued(call, queue, lane)?;
            }
            Record::Unqueued {
                call, queue, how, ..
            } => {
                self.tally.unqueued += 1;
                let it = self.call(call)?;
                hold!(
                    it.queue == Some(queue),
                    "{call} leaves {queue:?} without being in it"
                );
                (it.queue, it.holds, it.is_taken) = (None, None, false);
                if let Unqueued::Answered(agent) = how {
                    match it.talks_to {
                        Some(_) => it.colleague = Some(agent),
                        None => it.talks_to = Some(agent),
                    }
                    let (first, caller) = (!it.was_answered, it.caller);
                    it.was_answered = true;
                    self.tally.served += u64::from(first);
                    self.tally.answered += 1;
                    self.known.insert(caller, agent);
                }
            }
            Record::Offered(decision) => self.offered(&decision)?,
            Record::OfferEnded {
                offer,
                agent,
                call,
                how,
            } => self.offer_ended(offer, agent, call, how)?,
            Record::TalkEnded {
                call,
                agent,
                queue,
                since,
                by,
            } => {
                let it = self.call(call)?;
                let stays = match it.colleague.take() {
                    Some(colleague) if colleague == agent => it.talks_to,
                    colleague => {
                        hold!(
                            it.talks_to == Some(agent),
                            "{call} did not talk to {agent:?}"
                        );
                        it.talks_to = colleague;
                        None
                    }
                };
                let caller = it.caller;
                if let Some(host) = stays.filter(|_| by == Party::Agent) {
                    self.known.insert(caller, host);
                }
                let least = self.plan.group(self.plan.queue(queue).group).short_talk;
                let short = by == Party::Agent && self.now.since(since) < least;
                self.too_short = short.then_some(agent);
                self.talk_ended(agent, queue);
            }
            Record::Agent { agent, state } => self.agent_is(agent, state)?,
            Record::Moved { agent, .. } => self.moved(agent)?,
            Record::ShortTalk { agent, .. } => {
                let short = self.too_short.take();
                hold!(short == Some(agent), "the talk of {agent:?} counts");
                self.refund(agent);
            }
            Record::Forgiven { agent, micro_calls } => {
                self.account_for_call(agent);
                self.agents[agent.index()].forgiven = micro_calls;
            }
            Record::Ended { call, outcome, .. } => {
                let it = self.calls.remove(&call);
                let it = it.ok_or_else(|| format!("{call} ends twice"))?;
                self.tally.ended += 1;
                self.tally.ended_answered += u64::from(it.was_answered);
                let answered = outcome == Outcome::Answered;
                hold!(
                    answered == it.was_answered,
                    "{call} ends as {outcome:?}, answered: {}",
                    it.was_answered
                );
                let alone = it.talks_to.is_none() && it.colleague.is_none();
                let free = it.queue.is_none() && it.rings_at.is_empty() && alone;
                hold!(free, "{call} ends in the middle of something");
            }
            _ => {}
        }
        Ok(())
    }

    /// The exchange must say the same as the books, and its own must be in order.
    pub(crate) fn agree_with(&self, exchange: &Exchange) -> Checked {
        self.nothing_is_lost(exchange)?;
        self.nobody_is_wasted()?;
        self.nobody_is_stranded()?;
        self.history
            .check(&self.agents, self.believes(Rules::NothingBeyond))?;
        hold!(
            exchange.is_sound(),
            "F2 or F5: the exchange's own books are not in order"
        );
        hold!(exchange.is_exclusive(), "E1: by the exchange's own account");
        for (place, agent) in self.agents.iter().enumerate() {
            let id = AgentId(place as u32);
            let state = exchange.agent_state(id);
            hold!(
                state == Some(agent.state),
                "{id:?} is {state:?}, by the books {:?}",
                agent.state
            );
            let tag = exchange.agent_tag(id);
            hold!(
                tag == agent.tag || !agent.is_present(),
                "{id:?} has the tag {tag}, by the books {}",
                agent.tag
            );
            hold!(
                exchange.is_reachable(id) != agent.unreachable,
                "whether {id:?} can be reached"
            );
        }
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

    /// F5: accepted = ended + in the menus + in line + at ringing phones + in talk + adrift, and the
    /// answers of the agents are those of the callers.
    fn nothing_is_lost(&self, exchange: &Exchange) -> Checked {
        let tally = &self.tally;
        let in_progress = exchange.calls_in_progress();
        hold!(
            in_progress == self.calls.len(),
            "F5: {in_progress} calls in progress"
        );
        hold!(
            tally.arrived == tally.ended + in_progress as u64,
            "F5: {tally:?}"
        );
        let calls = || self.calls.values();
        let queued = calls().filter(|call| call.queue.is_some()).count() as u64;
        hold!(
            tally.queued == tally.unqueued + queued,
            "F5: {queued} in queues, {tally:?}"
        );
        let served = calls().filter(|call| call.was_answered).count() as u64;
        hold!(
            tally.served == tally.ended_answered + served,
            "F5: {served} of those in progress were answered, {tally:?}"
        );
        let taken: u64 = self.agents.iter().map(|agent| agent.answered).sum();
        hold!(
            taken == tally.answered,
            "F5: agents took {taken}, {tally:?}"
        );
        // E1, with what each side says of the other.
        for (id, call) in &self.calls {
            hold!(
                call.rings_at.is_empty() || call.colleague.is_none() && call.queue.is_some(),
                "E1: {id} rings and talks to two"
            );
            for agent in &call.rings_at {
                let open = self.agents[agent.index()].offer.map(|(_, call)| call);
                hold!(open == Some(*id), "E1: {id} rings at {agent:?} alone");
            }
            for agent in call.talks_to.into_iter().chain(call.colleague) {
                let talks = self.agents[agent.index()].state == AgentState::Talking;
                hold!(talks, "E1: {id} talks to {agent:?} alone");
            }
        }
        let talks = calls().flat_map(|call| call.talks_to.into_iter().chain(call.colleague));
        let (talks, talking) = (talks.count(), self.agents_who(AgentState::Talking).len());
        hold!(
            talks == talking,
            "E1: {talks} talks, {talking} agents in talk"
        );
        Ok(())
    }
}
