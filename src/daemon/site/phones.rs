//! Agents' phones: which can be rung, and why not.

use super::BridgeId;
use super::Site;
use super::bridges::Bridge;
use crate::exchange::id::AgentId;
use crate::exchange::id::CallId;
use crate::exchange::input::Input;
use crate::exchange::record::AgentState;
use crate::exchange::time::Tick;

/// Why a phone cannot be rung.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutOfReach {
    /// No bridge that is here says that it rings it.
    NoBridge,
    /// A bridge has reported so.
    Reported,
    /// Somebody calls from it.
    Calling,
}

impl OutOfReach {
    /// The word for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::NoBridge => "no-bridge",
            Self::Reported => "reported",
            Self::Calling => "calling",
        }
    }
}

impl Site {
    /// Why an agent's phone cannot be rung, if so.
    pub fn out_of_reach(&self, agent: AgentId) -> Option<OutOfReach> {
        let plan = self.exchange.plan();
        let phone = plan.agent(agent).phone();
        let rings = |(_, bridge): (BridgeId, &Bridge)| bridge.rings(phone);
        if !self.bridges.iter().any(rings) {
            return Some(OutOfReach::NoBridge);
        }
        if self.unplugged.contains(&agent) {
            return Some(OutOfReach::Reported);
        }
        let mut callers = self.phoning.iter();
        let calls = callers.any(|(_, other)| plan.agent(*other).phone() == phone);
        calls.then_some(OutOfReach::Calling)
    }

    /// The agents whose phone this is: one, as a rule.
    pub(super) fn agents_with(&self, device: &str) -> impl Iterator<Item = AgentId> {
        let agents = self.exchange.plan().agents.iter().enumerate();
        agents
            .filter(move |(_, agent)| !agent.is_gone() && agent.phone() == device)
            .map(|(place, _)| AgentId(place as u32))
    }

    /// A colleague who has the same phone and is signed in.
    pub(super) fn sharer_at_work(&self, agent: AgentId) -> Option<AgentId> {
        let mut sharers = self.agents_with(self.exchange.plan().agent(agent).phone());
        let is_in =
            |other: AgentId| self.exchange.agent_state(other) != Some(AgentState::SignedOut);
        sharers.find(|other| *other != agent && is_in(*other))
    }

    /// Tells the exchange whose phones can be rung now.
    pub(super) fn check_reach(&mut self, at: Tick) {
        let agents = 0..self.exchange.plan().agents.len();
        self.check_reach_of(at, agents.map(|place| AgentId(place as u32)));
    }

    /// Bridges may report one phone after the other, of thousands.
    pub(super) fn check_reach_of(&mut self, at: Tick, agents: impl IntoIterator<Item = AgentId>) {
        for agent in agents {
            if let Some(changed) = self.reach_of(agent) {
                self.handle(at, changed);
            }
        }
    }

    /// What the exchange does not know yet of an agent's phone.
    fn reach_of(&self, agent: AgentId) -> Option<Input> {
        let reachable = self.out_of_reach(agent).is_none();
        let changed = reachable != self.exchange.is_reachable(agent);
        changed.then_some(match reachable {
            true => Input::AgentReachable { agent },
            false => Input::AgentUnreachable { agent },
        })
    }

    /// An agent's phone calls: nobody rings it meanwhile, least of all for that call.
    pub(super) fn phones(&mut self, at: Tick, call: CallId, agent: AgentId) {
        self.phoning.insert((call, agent));
        let phone = self.exchange.plan().agent(agent).phone().to_owned();
        let sharers: Vec<AgentId> = self.agents_with(&phone).collect();
        self.check_reach_of(at, sharers);
    }

    /// A call is over: if it came from an agent's phone, that is free again.
    pub(super) fn phones_no_more(&mut self, call: CallId) {
        let known = self.phoning.iter().find(|(other, _)| *other == call);
        if let Some((_, agent)) = known.copied() {
            self.phoning.remove(&(call, agent));
            let phone = self.exchange.plan().agent(agent).phone();
            let free = self
                .agents_with(phone)
                .filter_map(|agent| self.reach_of(agent));
            let free: Vec<Input> = free.collect();
            self.work.follow_ups.extend(free);
        }
    }
}
