//! When each agent was given calls, as far back as anybody has been free.

use super::idle::Idle;
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
    calls: Vec<Vec<Tick>>,
}

impl Streaks {
    pub(super) fn new(agents: usize) -> Self {
        Self {
            calls: (0..agents).map(|_| Vec::with_capacity(KEPT)).collect(),
        }
    }

    pub(super) fn reset(&mut self) {
        self.calls.iter_mut().for_each(Vec::clear);
    }

    /// How many calls the agent was given since somebody free became so.
    #[inline]
    pub(super) fn since(&self, agent: AgentId, moment: Tick) -> u64 {
        let late = self.calls[agent.index()].iter().rev();
        late.take_while(|rang| **rang >= moment).count() as u64
    }

    /// The agent was given a call.
    #[inline]
    pub(super) fn add(&mut self, agent: AgentId, rang: Tick, idle: &mut Idle) {
        let calls = &mut self.calls[agent.index()];
        if calls.len() == calls.capacity() {
            let longest = idle.longest().unwrap_or(rang);
            let old = calls.partition_point(|call| *call < longest);
            calls.drain(..old);
            if calls.len() > calls.capacity() / 2 {
                // Not to look again at every call.
                calls.reserve(calls.len());
            }
        }
        calls.push(rang);
    }
}
