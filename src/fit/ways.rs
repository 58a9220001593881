//! Which ways calls went: how they ended, and in which queue they waited.

use super::record::Outcome;
use crate::exchange::id::QueueId;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The most queues of a line that are told apart; others are left out.
const QUEUES_MAX: usize = 1000;
/// Hours in which fewer of a line's calls come tell nothing of what its callers want.
const HOURS_MIN: f64 = 0.05;

/// Calls of one line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ways {
    /// By how they ended.
    pub outcomes: BTreeMap<Outcome, u64>,
    /// By the queue in which they waited last.
    pub queues: BTreeMap<String, u64>,
    /// By how they ended, those that came to no queue.
    pub no_queue: BTreeMap<Outcome, u64>,
}

impl Ways {
    fn note(&mut self, outcome: Outcome, queue: Option<&str>) {
        *self.outcomes.entry(outcome).or_default() += 1;
        let Some(queue) = queue else {
            *self.no_queue.entry(outcome).or_default() += 1;
            return;
        };
        if let Some(calls) = self.queues.get_mut(queue) {
            *calls += 1;
        } else if self.queues.len() < QUEUES_MAX {
            self.queues.insert(queue.to_owned(), 1);
        }
    }

    fn merge(&mut self, other: &Self) {
        let pairs = [
            (&mut self.outcomes, &other.outcomes),
            (&mut self.no_queue, &other.no_queue),
        ];
        for (own, other) in pairs {
            for (outcome, calls) in other {
                *own.entry(*outcome).or_default() += calls;
            }
        }
        for (queue, calls) in &other.queues {
            *self.queues.entry(queue.clone()).or_default() += calls;
        }
    }

    /// All calls.
    pub fn calls(&self) -> u64 {
        self.outcomes.values().sum()
    }

    /// Calls that were accepted, and ended before they came to a queue.
    pub fn elsewhere(&self) -> u64 {
        let calls = self.no_queue.iter();
        let accepted = calls.filter(|(outcome, _)| **outcome != Outcome::Blocked);
        accepted.map(|(_, calls)| calls).sum()
    }
}

/// Calls of one line by the queues that could be reached when they came.
#[derive(Clone, Debug, Default)]
pub(super) struct ByHours(BTreeMap<Arc<[QueueId]>, Ways>);

impl ByHours {
    pub(super) fn note(&mut self, open: &Arc<[QueueId]>, outcome: Outcome, queue: Option<&str>) {
        if !self.0.contains_key(open) {
            self.0.insert(Arc::clone(open), Ways::default());
        }
        let ways = self.0.get_mut(open).expect("hours that are there");
        ways.note(outcome, queue);
    }

    /// All of them.
    pub(super) fn whole(&self) -> Ways {
        let mut whole = Ways::default();
        self.0.values().for_each(|ways| whole.merge(ways));
        whole
    }

    /// Those of the hours in which callers could come to the most queues: at other times a recording or a mailbox is
    /// what they were given, and not what they wanted.
    pub(super) fn most_open(&self) -> Ways {
        let all: u64 = self.0.values().map(Ways::calls).sum();
        let enough = |ways: &Ways| ways.calls() as f64 >= HOURS_MIN * all as f64;
        let hours = self.0.iter().filter(|(_, ways)| enough(ways));
        let found = hours.max_by_key(|(open, ways)| (open.len(), ways.calls()));
        found.map_or_else(Ways::default, |(_, ways)| ways.clone())
    }
}
