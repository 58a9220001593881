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
    /// By the queue in which they waited last, those that were sent on from it: how many left a message, and how many
    /// nothing.
    pub sent_on: BTreeMap<String, SentOn>,
}

/// Callers whom nobody answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SentOn {
    /// Those who left a message.
    pub left_message: u64,
    /// Those who were turned away, and left none.
    pub left_nothing: u64,
}

impl SentOn {
    /// Both together.
    pub fn all(self) -> u64 {
        self.left_message + self.left_nothing
    }

    pub(super) fn add(&mut self, other: Self) {
        self.left_message += other.left_message;
        self.left_nothing += other.left_nothing;
    }

    /// So many calls that ended so; none where these were not sent on.
    fn of(outcome: Outcome, calls: u64) -> Option<Self> {
        let (left_message, left_nothing) = match outcome {
            Outcome::Message => (calls, 0),
            Outcome::TurnedAway => (0, calls),
            _ => return None,
        };
        Some(Self {
            left_message,
            left_nothing,
        })
    }
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
        } else {
            return;
        }
        if let Some(sent_on) = SentOn::of(outcome, 1) {
            self.sent_on
                .entry(queue.to_owned())
                .or_default()
                .add(sent_on);
        }
    }

    /// Those that came to no queue, and were turned away or left a message.
    pub(super) fn sent_on_before(&self) -> SentOn {
        let mut all = SentOn::default();
        let calls = self.no_queue.iter();
        let some = calls.filter_map(|(outcome, calls)| SentOn::of(*outcome, *calls));
        some.for_each(|some| all.add(some));
        all
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
        for (queue, sent_on) in &other.sent_on {
            self.sent_on.entry(queue.clone()).or_default().add(*sent_on);
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

/// Calls of one line by the queues that could be reached when they came, and by interval.
#[derive(Clone, Debug, Default)]
pub struct ByHours(BTreeMap<Arc<[QueueId]>, OfHours>);

/// Those of hours in which the same queues could be reached.
#[derive(Clone, Debug)]
pub(super) struct OfHours {
    /// The queues.
    pub(super) open: Arc<[QueueId]>,
    /// When one of them came, as a Unix time in milliseconds.
    pub(super) at_ms: i64,
    /// By interval of the day.
    pub(super) slots: BTreeMap<usize, Ways>,
}

impl OfHours {
    /// All of them.
    pub(super) fn whole(&self) -> Ways {
        merged(self.slots.values())
    }
}

fn merged<'w>(some: impl Iterator<Item = &'w Ways>) -> Ways {
    let mut whole = Ways::default();
    some.for_each(|ways| whole.merge(ways));
    whole
}

impl ByHours {
    /// Notes a call that came at a Unix time in milliseconds, in this interval of the day.
    pub(super) fn note(
        &mut self,
        open: &Arc<[QueueId]>,
        (at_ms, slot): (i64, usize),
        (outcome, queue): (Outcome, Option<&str>),
    ) {
        if !self.0.contains_key(open) {
            let hours = OfHours {
                open: Arc::clone(open),
                at_ms,
                slots: BTreeMap::new(),
            };
            self.0.insert(Arc::clone(open), hours);
        }
        let hours = self.0.get_mut(open).expect("hours that are there");
        hours.slots.entry(slot).or_default().note(outcome, queue);
    }

    /// All of them.
    pub(super) fn whole(&self) -> Ways {
        merged(self.0.values().flat_map(|hours| hours.slots.values()))
    }

    /// By the queues that could be reached.
    pub(super) fn all(&self) -> impl Iterator<Item = &OfHours> {
        self.0.values()
    }

    /// Those of the hours in which callers could come to the most queues: at other times a recording or a mailbox may be
    /// what they were given, and not what they wanted.
    pub(super) fn most_open(&self) -> Option<&OfHours> {
        let calls = |hours: &OfHours| -> u64 { hours.slots.values().map(Ways::calls).sum() };
        let all: u64 = self.0.values().map(calls).sum();
        let enough = |hours: &&OfHours| calls(hours) as f64 >= HOURS_MIN * all as f64;
        let some = self.0.values().filter(enough);
        some.max_by_key(|hours| (hours.open.len(), calls(hours)))
    }
}
