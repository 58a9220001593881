//! When each agent was given calls, as far back as anybody has been free.

use super::idle::Idle;
use crate::exchange::ahead::fetch_entry;
use crate::exchange::id::AgentId;
use crate::exchange::time::Tick;

/// Calls kept without a look at which of them are still needed.
const KEPT: usize = 32;

/// The moments at which phones rang for the calls of each agent, in order.
///
/// Nobody asks for calls from before the time at which the one who has been free the longest became
/// free: these are dropped, and the lists stay short however long a run is.
#[derive(Clone, Debug)]
pub(super) struct Streaks {
    agents: Vec<Calls>,
}

#[derive(Clone, Debug, Default)]
struct Calls {
    /// The last one, for most are asked for none.
    last: Tick,
    all: Vec<Tick>,
}

impl Streaks {
    pub(super) fn new(agents: usize) -> Self {
        Self {
            agents: (0..agents).map(|_| Calls::default()).collect(),
        }
    }

    pub(super) fn reset(&mut self) {
        for calls in &mut self.agents {
            calls.last = Tick(0);
            calls.all.clear();
        }
    }

    /// Asks for the memory of an agent's calls.
    #[inline]
    pub(super) fn fetch(&self, agent: AgentId) {
        fetch_entry(&self.agents, agent.index());
    }

    /// The same of the last of them, once those have come.
    #[inline]
    pub(super) fn fetch_last(&self, agent: AgentId) {
        let calls = &self.agents[agent.index()].all;
        fetch_entry(calls, calls.len().wrapping_sub(1));
    }

    /// How many calls the agent was given since somebody free became so.
    #[inline]
    pub(super) fn since(&self, agent: AgentId, moment: Tick) -> u64 {
        let calls = &self.agents[agent.index()];
        if calls.last < moment {
            return 0;
        }
        let late = calls.all.iter().rev();
        late.take_while(|rang| **rang >= moment).count() as u64
    }

    /// The agent was given a call.
    #[inline]
    pub(super) fn add(&mut self, agent: AgentId, rang: Tick, idle: &Idle) {
        let calls = &mut self.agents[agent.index()];
        calls.last = rang;
        if calls.all.len() == calls.all.capacity() {
            let longest = idle.longest().unwrap_or(rang);
            let old = calls.all.partition_point(|call| *call < longest);
            calls.all.drain(..old);
            if calls.all.len() >= calls.all.capacity() / 2 {
                // Not to look again at every call.
                calls.all.reserve(calls.all.len().max(KEPT));
            }
        }
        calls.all.push(rang);
    }
}
