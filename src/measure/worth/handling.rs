//! How long the agents of each queue handle its calls, for those who count by records alone.

use super::Handled;
use super::carried::Carried;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::id::AgentId;
use crate::exchange::id::QueueId;
use crate::exchange::record::AgentState;
use crate::exchange::time::Tick;
use serde::Deserialize;
use serde::Serialize;

/// Talks and the work after them, by queue.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Handling {
    queues: Vec<Handled>,
    /// By agent: the queue of the last talk, until the work after it is over, and since when that lasts.
    after: Vec<Option<(QueueId, Option<Tick>)>>,
}

impl Handling {
    /// Nobody has talked yet.
    pub(super) fn new(plan: &Dialplan) -> Self {
        Self {
            queues: vec![Handled::default(); plan.queues.len()],
            after: vec![None; plan.agents.len()],
        }
    }

    /// Whether there are as many queues and agents.
    pub(super) fn is_for(&self, plan: &Dialplan) -> bool {
        self.queues.len() == plan.queues.len() && self.after.len() == plan.agents.len()
    }

    /// Goes over to other menus with the same agents, and perhaps more of them.
    pub(super) fn carry(&mut self, carried: &Carried<'_>) {
        let now = carried.now();
        let queues = vec![Handled::default(); now.queues.len()];
        let before = std::mem::replace(&mut self.queues, queues);
        for (queue, handled) in (0..).map(QueueId).zip(before) {
            if let Some(queue) = carried.queue(queue) {
                let sum = &mut self.queues[queue.index()];
                sum.calls += handled.calls;
                sum.ms += handled.ms;
            }
        }
        for after in &mut self.after {
            *after = after.and_then(|(queue, since)| Some((carried.queue(queue)?, since)));
        }
        self.after.resize(now.agents.len(), None);
    }

    /// Nobody is at work any more.
    pub(super) fn leave(&mut self) {
        self.after.fill(None);
    }

    /// A talk has ended.
    pub(super) fn talked(&mut self, now: Tick, agent: AgentId, queue: QueueId, since: Tick) {
        let handled = &mut self.queues[queue.index()];
        handled.calls += 1;
        handled.ms += now.since(since).0;
        self.after[agent.index()] = Some((queue, None));
    }

    /// An agent is in a new state.
    pub(super) fn moved(&mut self, now: Tick, agent: AgentId, state: AgentState) {
        let after = &mut self.after[agent.index()];
        match (state, &mut *after) {
            (AgentState::WrapUp, Some((_, since))) => {
                since.get_or_insert(now);
            }
            (AgentState::Talking, _) | (_, None) => {}
            (_, Some((queue, since))) => {
                let ms = since.map_or(0, |since| now.since(since).0);
                self.queues[queue.index()].ms += ms;
                *after = None;
            }
        }
    }

    /// What it has come to, by queue.
    pub(super) fn queues(&self) -> &[Handled] {
        &self.queues
    }
}
