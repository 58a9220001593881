//! What every agent is doing, and was charged with before the present input.

use crate::exchange::Exchange;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::id::AgentId;
use crate::exchange::id::LaneId;
use crate::exchange::id::ReasonId;
use crate::exchange::record::AgentState;
use crate::exchange::record::Record;
use crate::exchange::time::Tick;

/// The agents of a site, as a story knows them.
#[derive(Debug)]
pub(super) struct Crew {
    agents: Vec<Member>,
    /// What breaks are for, told just before they begin.
    reason: Option<ReasonId>,
    /// The lane that the call of the story waits in.
    lane: Option<LaneId>,
}

/// One agent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Member {
    pub(super) state: AgentState,
    pub(super) since: Tick,
    pub(super) reason: Option<ReasonId>,
    /// In millionths of a call.
    pub(super) tag: i64,
    pub(super) calls: u32,
}

impl Crew {
    pub(super) fn new(plan: &Dialplan) -> Self {
        let out = Member {
            state: AgentState::SignedOut,
            since: Tick(0),
            reason: None,
            tag: 0,
            calls: 0,
        };
        Self {
            agents: vec![out; plan.agents.len()],
            reason: None,
            lane: None,
        }
    }

    pub(super) fn look(&mut self, exchange: &Exchange) {
        for (place, member) in self.agents.iter_mut().enumerate() {
            member.tag = exchange.agent_tag(AgentId(place as u32));
        }
    }

    pub(super) fn record(&mut self, now: Tick, record: &Record) {
        match *record {
            Record::PauseReason { reason, .. } => self.reason = Some(reason),
            Record::Agent { agent, state } => {
                let member = &mut self.agents[agent.index()];
                (member.state, member.since) = (state, now);
                member.reason = self.reason.take();
            }
            _ => {}
        }
        if let Some(agent) = record.taken_by() {
            self.agents[agent.index()].calls += 1;
        }
    }

    pub(super) fn waits_in(&mut self, lane: LaneId) {
        self.lane = Some(lane);
    }

    pub(super) fn lane(&self) -> Option<LaneId> {
        self.lane
    }

    pub(super) fn member(&self, agent: AgentId) -> Member {
        self.agents[agent.index()]
    }

    pub(super) fn serves(&self, plan: &Dialplan, agent: AgentId, lane: LaneId) -> bool {
        let profile = plan.agent(agent).profile;
        plan.lanes[lane.index()].profiles.contains(&profile)
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = AgentId> + use<> {
        (0..self.agents.len()).map(|place| AgentId(place as u32))
    }
}
