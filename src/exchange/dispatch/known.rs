//! Who took whose last call, for queues that prefer the same agent.

use crate::exchange::dialplan::Dialplan;
use crate::exchange::id::AgentId;
use crate::exchange::limits::KNOWN_MAX;
use serde::Deserialize;
use serde::Serialize;
use std::collections::BTreeMap;
use std::collections::VecDeque;

/// The callers remembered, each with the agent of the last call; the oldest are forgotten first.
/// Used only where a queue asks for it: nothing else of an exchange grows with the callers of a day.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Known {
    /// Whether any queue asks.
    is_asked: bool,
    agents: BTreeMap<u64, AgentId>,
    /// In the order in which they became known.
    order: VecDeque<u64>,
}

impl Known {
    pub(super) fn new(plan: &Dialplan) -> Self {
        Self {
            is_asked: plan.queues.iter().any(|queue| queue.prefer_last.is_some()),
            ..Self::default()
        }
    }

    /// Looks again whether any queue asks, now that there are more.
    pub(super) fn ask(&mut self, plan: &Dialplan) {
        self.is_asked = plan.queues.iter().any(|queue| queue.prefer_last.is_some());
    }

    /// The agent of the caller's last call.
    pub(super) fn agent_of(&self, caller: u64) -> Option<AgentId> {
        self.agents.get(&caller).copied()
    }

    /// An agent has taken a call; caller 0 is nobody in particular.
    #[inline]
    pub(super) fn met(&mut self, caller: u64, agent: AgentId) {
        if caller != 0 && self.is_asked {
            self.remember(caller, agent);
        }
    }

    #[inline(never)]
    fn remember(&mut self, caller: u64, agent: AgentId) {
        if self.agents.insert(caller, agent).is_none() {
            self.order.push_back(caller);
        }
        if self.order.len() > KNOWN_MAX
            && let Some(oldest) = self.order.pop_front()
        {
            self.agents.remove(&oldest);
        }
    }

    /// Takes over what another plan's callers are remembered by, with other names for the agents;
    /// callers of those who have none are forgotten.
    pub(super) fn succeed(&mut self, before: &Self, name: impl Fn(AgentId) -> Option<AgentId>) {
        for caller in &before.order {
            if let Some(agent) = before.agents.get(caller).and_then(|agent| name(*agent)) {
                self.met(*caller, agent);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_agent_counts_and_the_oldest_caller_is_forgotten() {
        let mut known = Known {
            is_asked: true,
            ..Known::default()
        };
        known.met(0, AgentId(3));
        known.met(7, AgentId(1));
        known.met(7, AgentId(2));
        assert_eq!(known.agent_of(0), None);
        assert_eq!(known.agent_of(7), Some(AgentId(2)));
        for caller in 100..100 + KNOWN_MAX as u64 {
            known.met(caller, AgentId(1));
        }
        assert_eq!(known.agent_of(7), None);
        assert_eq!(known.agents.len(), KNOWN_MAX);
    }
}
