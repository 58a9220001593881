//! One agent's ledger of a day: what came while the agent was at work, what share of it was due, what
//! the agent took, and what was owed, hour by hour.

mod json;
mod page;

pub use json::json;
pub use page::text;

use crate::exchange::dialplan::Dialplan;
use crate::exchange::id::AgentId;
use crate::exchange::id::ProfileId;
use crate::exchange::record::AgentState;
use crate::exchange::record::CallbackFact;
use crate::exchange::record::OfferEnd;
use crate::exchange::record::Record;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use crate::measure::fairness::Shares;
use crate::report::story::time_of_day;
use std::sync::Arc;

/// The length of a line of the ledger.
const HOUR: Span = Span::minutes(60);

/// A day of one agent.
#[derive(Clone, Debug, PartialEq)]
pub struct Ledger {
    /// The name for people.
    pub name: String,
    /// The groups, by name.
    pub groups: Vec<String>,
    /// The share of a full one that is owed.
    pub weight: f64,
    /// Agents who may take the same calls, this one included.
    pub colleagues: usize,
    /// Whether others may take some of these calls, or in another order.
    pub shares_with_others: bool,
    /// The day by hours; those without a minute of work are left out.
    pub hours: Vec<Hour>,
    /// Coming, going and breaks, and what went wrong, in the order of time: when, and what.
    pub notes: Vec<(String, String)>,
    /// Time in each state of work.
    pub time: Times,
    /// Calls forgiven by the limit of lag: positive when they had been owed to the agent.
    pub forgiven: f64,
    /// The mean of what the colleagues of the same weight took, for the same share.
    pub others_per_share: Option<f64>,
}

/// One hour of the ledger.
#[derive(Clone, Debug, PartialEq)]
pub struct Hour {
    /// When it begins, `09:00`.
    pub from: String,
    /// Time at work in it.
    pub at_work: Span,
    /// Calls that somebody of the same kind answered while the agent was at work.
    pub came: u64,
    /// The part of these that was due to the agent.
    pub due: f64,
    /// What the agent answered.
    pub took: u64,
    /// What is owed to the agent at its end, since the beginning; negative when the agent owes.
    pub owed: f64,
}

/// Where the time went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// Signed in.
    pub signed_in: Span,
    /// On breaks.
    pub breaks: Span,
    /// Signed in and not ready, for instance after a missed call.
    pub not_ready: Span,
    /// The phone rang.
    pub ringing: Span,
    /// The number of a call back was dialled, and its caller had not answered.
    pub dialling: Span,
    /// With callers.
    pub talking: Span,
    /// Work after calls.
    pub wrap_up: Span,
    /// Free, or a breath between calls.
    pub free: Span,
}

/// Follows one agent through a run.
#[derive(Clone, Debug)]
pub struct Book {
    plan: Arc<Dialplan>,
    origin_ms: i64,
    agent: AgentId,
    shares: Shares,
    /// By profile, see [`Dialplan::peers`].
    peers: Vec<ProfileId>,
    states: Vec<AgentState>,
    since: Tick,
    /// Whether the number of a call back is being dialled for the agent.
    dials: bool,
    hours: Vec<Open>,
    notes: Vec<(Tick, String)>,
    time: Times,
    forgiven: i64,
    reason: Option<String>,
}

/// An hour that is being written.
#[derive(Clone, Copy, Debug, Default)]
struct Open {
    at_work: Span,
    came: u64,
    took: u64,
    /// At its end.
    due: f64,
}

impl Book {
    /// Opens the book of an agent. `origin_ms` is the Unix time of tick 0.
    pub fn new(plan: Arc<Dialplan>, origin_ms: i64, agent: AgentId) -> Self {
        Self {
            shares: Shares::new(&plan),
            peers: plan.peers(),
            states: vec![AgentState::SignedOut; plan.agents.len()],
            plan,
            origin_ms,
            agent,
            since: Tick(0),
            dials: false,
            hours: vec![Open::default()],
            notes: Vec::new(),
            time: Times::default(),
            forgiven: 0,
            reason: None,
        }
    }

    /// Takes the next record.
    pub fn record(&mut self, now: Tick, record: &Record) {
        self.turn_to(now);
        if let Some(agent) = record.taken_by() {
            self.answers(agent);
        }
        match *record {
            Record::PauseReason { agent, reason } if agent == self.agent => {
                self.reason = self.plan.pause_reasons.get(reason.index()).cloned();
            }
            Record::Agent { agent, state } => self.changes(now, agent, state),
            Record::Callback { what, .. } => self.calls_back(now, what),
            Record::OfferEnded { agent, how, .. } if agent == self.agent => match how {
                OfferEnd::NoAnswer => self.note(now, "a call rang out; it is still owed"),
                OfferEnd::Declined => self.note(now, "a call was refused; it is still owed"),
                _ => {}
            },
            Record::ShortTalk { agent, .. } if agent == self.agent => {
                self.note(now, "a talk was too short to count");
            }
            Record::Forgiven { agent, micro_calls } if agent == self.agent => {
                self.forgiven += micro_calls;
            }
            _ => {}
        }
    }

    /// The ledger of the day, which ends now.
    pub fn close(mut self, now: Tick) -> Ledger {
        self.turn_to(now);
        let state = self.states[self.agent.index()];
        self.spend(now, state);
        let agent = self.plan.agent(self.agent);
        let profile = &self.plan.profiles[agent.profile.index()];
        let agents = (0..self.plan.agents.len() as u32).map(AgentId);
        let kind = agents.filter(|other| self.is_peer(*other));
        let groups = profile.groups.iter();
        let mut owed = 0.0;
        let mut before = 0.0;
        let mut hours = Vec::new();
        for (place, hour) in self.hours.iter().enumerate() {
            let due = hour.due - before;
            before = hour.due;
            owed += due - hour.took as f64;
            if hour.at_work > Span::ZERO || hour.took > 0 {
                hours.push(Hour {
                    from: self.clock(self.start_of(place))[..5].to_owned(),
                    at_work: hour.at_work,
                    came: hour.came,
                    due,
                    took: hour.took,
                    owed,
                });
            }
        }
        let notes = self.notes.iter();
        Ledger {
            name: agent.title.clone(),
            groups: groups
                .map(|group| self.plan.group(*group).name.clone())
                .collect(),
            weight: f64::from(agent.weight) / 1e6,
            colleagues: kind.count(),
            shares_with_others: self.shares_with_others(),
            hours,
            notes: notes
                .map(|(at, words)| (self.clock(*at)[..8].to_owned(), words.clone()))
                .collect(),
            time: self.time,
            forgiven: self.forgiven as f64 / crate::exchange::ONE_CALL as f64,
            others_per_share: self.others_per_share(),
        }
    }

    /// Whether somebody may take the same calls, in the same order.
    fn is_peer(&self, other: AgentId) -> bool {
        let kind = |agent: AgentId| self.peers[self.plan.agent(agent).profile.index()];
        kind(other) == kind(self.agent)
    }

    /// Whether somebody who is no peer serves a lane of the agent's.
    fn shares_with_others(&self) -> bool {
        let profile = |agent: AgentId| &self.plan.profiles[self.plan.agent(agent).profile.index()];
        let own = &profile(self.agent).lanes;
        let all = (0..self.plan.agents.len() as u32).map(AgentId);
        let mut others = all.filter(|other| !self.is_peer(*other));
        others.any(|other| profile(other).lanes.iter().any(|lane| own.contains(lane)))
    }

    /// How many calls the others took for each that was due to them.
    fn others_per_share(&self) -> Option<f64> {
        let (mut took, mut due) = (0.0, 0.0);
        for id in (0..self.plan.agents.len() as u32).map(AgentId) {
            if self.is_peer(id) && id != self.agent {
                took += self.shares.calls(id) as f64;
                due += self.shares.due(id);
            }
        }
        (due > 0.0).then(|| took / due)
    }

    fn changes(&mut self, now: Tick, agent: AgentId, state: AgentState) {
        let before = std::mem::replace(&mut self.states[agent.index()], state);
        match (before.is_at_work(), state.is_at_work()) {
            (false, true) => self.shares.come(agent, true),
            (true, false) => self.shares.go(agent, true),
            _ => {}
        }
        if agent != self.agent {
            return;
        }
        self.spend(now, before);
        self.dials = false;
        match (before, state) {
            (AgentState::SignedOut, _) => self.note(now, "signs in"),
            (_, AgentState::SignedOut) => self.note(now, "signs out"),
            (_, AgentState::Paused) => {
                let reason = self.reason.take();
                let reason = reason.map_or_else(String::new, |reason| format!(": {reason}"));
                self.note(now, format!("goes on a break{reason}"));
            }
            (AgentState::Paused, _) => self.note(now, "is back"),
            _ => {}
        }
    }

    /// Who is called back is no caller before the answer.
    fn calls_back(&mut self, now: Tick, what: CallbackFact) {
        let (agent, dials) = match what {
            CallbackFact::Dialled { agent } => (agent, true),
            CallbackFact::Reached { agent, .. } => (agent, false),
            _ => return,
        };
        if agent == self.agent {
            self.spend(now, self.states[agent.index()]);
            self.dials = dials;
        }
    }

    fn answers(&mut self, agent: AgentId) {
        self.shares.answered(agent);
        let own = agent == self.agent;
        let shared = self.is_peer(agent) && self.states[self.agent.index()].is_at_work();
        if let Some(hour) = self.hours.last_mut() {
            hour.came += u64::from(shared || own);
            hour.took += u64::from(own);
        }
    }

    /// Begins the hours that have come.
    fn turn_to(&mut self, now: Tick) {
        while now >= self.start_of(self.hours.len()) {
            let end = self.start_of(self.hours.len());
            let state = self.states[self.agent.index()];
            self.spend(end, state);
            self.hours.push(Open::default());
        }
        if let Some(hour) = self.hours.last_mut() {
            hour.due = self.shares.due(self.agent);
        }
    }

    /// Books the time since the last change.
    fn spend(&mut self, now: Tick, state: AgentState) {
        let span = now - self.since;
        self.since = now;
        let time = &mut self.time;
        let booked = match state {
            AgentState::SignedOut => return,
            AgentState::Paused => &mut time.breaks,
            AgentState::NotReady => &mut time.not_ready,
            AgentState::Ringing => &mut time.ringing,
            AgentState::Talking if self.dials => &mut time.dialling,
            AgentState::Talking => &mut time.talking,
            AgentState::WrapUp => &mut time.wrap_up,
            AgentState::Idle | AgentState::Resting => &mut time.free,
        };
        *booked = Span(booked.0 + span.0);
        time.signed_in = Span(time.signed_in.0 + span.0);
        let due = self.shares.due(self.agent);
        if let Some(hour) = self.hours.last_mut() {
            hour.due = due;
            if state.is_at_work() {
                hour.at_work = Span(hour.at_work.0 + span.0);
            }
        }
    }

    /// When an hour begins: the first at tick 0, the others on the hour of the clock.
    fn start_of(&self, place: usize) -> Tick {
        if place == 0 {
            return Tick(0);
        }
        let local = self.plan.zone.local(self.origin_ms);
        let past = local.rem_euclid(HOUR.0 as i64) as u64;
        Tick(place as u64 * HOUR.0 - past)
    }

    fn clock(&self, at: Tick) -> String {
        time_of_day(self.plan.zone.local(self.origin_ms + at.0 as i64))
    }

    fn note(&mut self, now: Tick, words: impl Into<String>) {
        self.notes.push((now, words.into()));
    }
}
