//! Which ways calls went: how they ended, and in which queue they waited.

use super::record::Outcome;
use std::collections::BTreeMap;

/// The most queues of a line that are told apart; others are left out.
const QUEUES_MAX: usize = 1000;

/// Calls of one line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ways {
    /// By how they ended.
    pub outcomes: BTreeMap<Outcome, u64>,
    /// By the queue in which they waited last.
    pub queues: BTreeMap<String, u64>,
}

impl Ways {
    pub(super) fn note(&mut self, outcome: Outcome, queue: Option<&str>) {
        *self.outcomes.entry(outcome).or_default() += 1;
        let Some(queue) = queue else { return };
        if let Some(calls) = self.queues.get_mut(queue) {
            *calls += 1;
        } else if self.queues.len() < QUEUES_MAX {
            self.queues.insert(queue.to_owned(), 1);
        }
    }

    /// All calls.
    pub fn calls(&self) -> u64 {
        self.outcomes.values().sum()
    }

    /// Calls that came to a queue.
    pub fn queued(&self) -> u64 {
        self.queues.values().sum()
    }

    /// Calls that were accepted, and ended before they came to a queue.
    pub fn elsewhere(&self) -> u64 {
        let blocked = self.outcomes.get(&Outcome::Blocked).copied().unwrap_or(0);
        self.calls() - blocked - self.queued().min(self.calls() - blocked)
    }
}
