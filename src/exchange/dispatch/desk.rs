//! One agent's desk: what the agent is doing, and what is remembered of the day.

use super::Dispatch;
use crate::exchange::ahead::fetch;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::effect::Ignored;
use crate::exchange::id::AgentId;
use crate::exchange::id::CallId;
use crate::exchange::id::GroupId;
use crate::exchange::id::OfferId;
use crate::exchange::id::QueueId;
use crate::exchange::id::ReasonId;
use crate::exchange::record::AgentState;
use crate::exchange::record::Record;
use crate::exchange::scene::Scene;
use crate::exchange::strategy::Strategy;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use crate::exchange::wheel::TimerId;
use serde::Deserialize;
use serde::Serialize;

/// Where an agent stands. What a decision has to fetch comes first, in one line of the cache.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[repr(C, align(64))]
pub(super) struct Desk {
    pub(super) doing: Doing,
    /// Since when.
    pub(super) since: Tick,
    /// When the last call began to ring; since signing in.
    pub(super) rang: Tick,
    /// The end of ringing, wrap-up or rest.
    pub(super) timer: Option<TimerId>,
    /// Calls answered since the agent last became available.
    pub(super) calls_since_available: u32,
    /// What was asked for during a call.
    pub(super) next: Next,
    /// The phone cannot be rung; the agent is ready again when it can, if `returns`.
    pub(super) unreachable: bool,
    pub(super) returns: bool,
    /// Calls missed or refused in a row.
    pub(super) misses: u8,
    /// How often this wrap-up was prolonged.
    pub(super) extended: u8,
    /// What the last break was for.
    pub(super) reason: Option<ReasonId>,
    /// The queue of the last call, whose group's rules hold until the agent is free again.
    pub(super) last_queue: Option<QueueId>,
    /// How often the agent has left work or the groups: whoever waits for it in particular waits no
    /// longer than that.
    pub(super) absences: u32,
    /// When the last call ended; since signing in.
    pub(super) call_ended: Option<Tick>,
    /// How often the agent has signed in.
    pub(super) shift: u32,
    pub(super) signed_in: Tick,
    /// Ringing, talking and wrap-up since signing in.
    pub(super) busy: Span,
    /// Calls that have ended.
    pub(super) calls: u32,
}

/// What an agent is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Doing {
    SignedOut,
    NotReady,
    Paused,
    Idle,
    Resting,
    Ringing {
        offer: OfferId,
        call: CallId,
        queue: QueueId,
    },
    Talking {
        call: CallId,
        queue: QueueId,
        /// [`Tick::NEVER`] until the caller of a call back has answered.
        since: Tick,
    },
    WrapUp,
}

impl Doing {
    pub(super) fn state(self) -> AgentState {
        match self {
            Self::SignedOut => AgentState::SignedOut,
            Self::NotReady => AgentState::NotReady,
            Self::Paused => AgentState::Paused,
            Self::Idle => AgentState::Idle,
            Self::Resting => AgentState::Resting,
            Self::Ringing { .. } => AgentState::Ringing,
            Self::Talking { .. } => AgentState::Talking,
            Self::WrapUp => AgentState::WrapUp,
        }
    }

    /// With a call, or with what it leaves behind.
    pub(super) fn is_busy(self) -> bool {
        matches!(
            self,
            Self::Ringing { .. } | Self::Talking { .. } | Self::WrapUp
        )
    }

    /// At work and not free: from one such state to the next nobody's wait changes.
    fn is_engaged(self) -> bool {
        self.is_busy() || self == Self::Resting
    }

    pub(super) fn is_present(self) -> bool {
        self.state().is_at_work()
    }
}

/// What an agent does after the present call and its wrap-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Next {
    GoOn,
    Pause(Option<ReasonId>),
    SignOut,
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            doing: Doing::SignedOut,
            timer: None,
            next: Next::GoOn,
            unreachable: false,
            returns: false,
            reason: None,
            rang: Tick(0),
            call_ended: None,
            last_queue: None,
            since: Tick(0),
            absences: 0,
            extended: 0,
            misses: 0,
            shift: 0,
            signed_in: Tick(0),
            busy: Span::ZERO,
            calls: 0,
            calls_since_available: 0,
        }
    }
}

impl Desk {
    /// Goes over to something else, and counts the time of what is over.
    #[inline(always)]
    pub(super) fn turn_to(&mut self, doing: Doing, now: Tick) {
        if self.doing.is_busy() {
            self.busy = Span(self.busy.0 + (now - self.since).0);
        }
        (self.doing, self.since) = (doing, now);
    }
}

impl Dispatch {
    /// Asks for the memory of an agent's desk and account, and does not wait for it.
    #[inline]
    pub(in crate::exchange) fn fetch(&self, agent: AgentId) {
        let desk = &self.desks[agent.index()];
        fetch(desk);
        fetch(&desk.calls);
        self.ledger.fetch(agent);
    }

    pub(super) fn doing(&self, agent: AgentId) -> Result<Doing, Ignored> {
        self.desks
            .get(agent.index())
            .map(|desk| desk.doing)
            .ok_or(Ignored::UnknownAgent(agent))
    }

    /// The state of an agent.
    pub(in crate::exchange) fn agent_state(&self, agent: AgentId) -> Option<AgentState> {
        Some(self.desks.get(agent.index())?.doing.state())
    }

    /// What was asked for during a call.
    pub(in crate::exchange) fn goes_on_to(&self, agent: AgentId) -> Option<AgentState> {
        match self.desks.get(agent.index())?.next {
            Next::GoOn => None,
            Next::Pause(_) => Some(AgentState::Paused),
            Next::SignOut => Some(AgentState::SignedOut),
        }
    }

    /// Whether an agent is signed in, and neither on a break nor out of reach.
    pub(in crate::exchange) fn is_at_work(&self, agent: AgentId) -> Result<bool, Ignored> {
        Ok(self.doing(agent)?.is_present())
    }

    /// Whether an agent's phone can be rung.
    pub(in crate::exchange) fn is_reachable(&self, agent: AgentId) -> bool {
        let desk = self.desks.get(agent.index());
        desk.is_some_and(|desk| !desk.unreachable)
    }

    /// Whether no agent has two calls and no call is talked to by two agents, or rings at two
    /// whose group does not ring all at once (guarantee E1). An agent who has invited another does not count:
    /// `host` gives the one of a call, if there is one.
    pub(in crate::exchange) fn is_exclusive(
        &self,
        plan: &Dialplan,
        host: impl Fn(CallId) -> Option<AgentId>,
    ) -> bool {
        let rings_one =
            |queue: QueueId| plan.group(plan.queue(queue).group).strategy != Strategy::RingAll;
        let desks = self.desks.iter().enumerate();
        let calls = desks.filter_map(|(place, desk)| match desk.doing {
            Doing::Talking { call, .. } => {
                (host(call) != Some(AgentId(place as u32))).then_some(call)
            }
            Doing::Ringing { call, queue, .. } => rings_one(queue).then_some(call),
            _ => None,
        });
        let mut calls: Vec<CallId> = calls.collect();
        let busy = calls.len();
        calls.sort_unstable();
        calls.dedup();
        calls.len() == busy
    }

    /// Inlined: what somebody does is then written part by part where it stays, and not copied as a whole
    /// right after, which a processor waits for.
    #[inline(always)]
    pub(super) fn set_doing(&mut self, scene: &mut Scene<'_>, agent: AgentId, doing: Doing) {
        let desk = &mut self.desks[agent.index()];
        let was = desk.doing;
        desk.turn_to(doing, scene.now);
        match (was.is_engaged(), doing) {
            (_, Doing::Idle) => self.ladders.waits_shrink(),
            (true, other) if other.is_engaged() => {}
            _ => self.ladders.waits_grow(),
        }
        self.record_state(scene, agent, doing.state());
    }

    fn record_state(&self, scene: &mut Scene<'_>, agent: AgentId, state: AgentState) {
        if state == AgentState::Paused
            && let Some(reason) = self.desks[agent.index()].reason
        {
            scene.record(Record::PauseReason { agent, reason });
        }
        scene.record(Record::Agent { agent, state });
    }

    /// The group of the call that is wrapped up.
    pub(super) fn last_group(&self, plan: &Dialplan, agent: AgentId) -> GroupId {
        let queue = self.desks[agent.index()].last_queue;
        plan.queue(queue.expect("wrap-up follows a call")).group
    }
}
