//! The intervals by which a line is judged: goals over a share of intervals, and the worst interval, look
//! at no others.
//!
//! What a planner can do something about: an interval is **judged** for a queue when callers could come
//! to the queue at some moment of it, by the opening hours, and on average at least [`CALLS_LEAST`] came.
//! For a group when it is judged for one of its queues, and somebody of the group was at work. For the
//! line when it is judged for a queue, or when so many calls were blocked while a queue was open; where a
//! line has no queue, when so many called.

use super::row::Metrics;
use super::summary::Summary;
use crate::exchange::dialplan::Dialplan;

/// So many calls of an interval, on average over the runs, say something: one in every second run. One
/// caller who came just after closing, or before anybody else, is not a bad interval.
pub const CALLS_LEAST: f64 = 0.5;

impl Summary {
    /// The same, with the intervals in which callers could come to each queue: `is_open(queue, interval)`.
    #[must_use]
    pub fn with_openings(
        mut self,
        plan: &Dialplan,
        is_open: impl Fn(usize, usize) -> bool,
    ) -> Self {
        for (queue, row) in self.queues.iter_mut().enumerate() {
            let intervals = row.intervals.iter().enumerate();
            row.judged = intervals
                .map(|(at, metrics)| is_open(queue, at) && came(metrics) >= CALLS_LEAST)
                .collect();
        }
        for (group, row) in self.groups.iter_mut().enumerate() {
            let queues = self.queues.iter().zip(&plan.queues);
            let queues = queues.filter(|(_, queue)| queue.group.index() == group);
            let judged = |at: usize| queues.clone().any(|(queue, _)| queue.judged[at]);
            let intervals = row.intervals.iter().enumerate();
            row.judged = intervals
                .map(|(at, metrics)| judged(at) && metrics.mean("occupancy").is_some())
                .collect();
        }
        let whole = |(at, metrics): (usize, &Metrics)| {
            let some = |name| metrics.mean(name).unwrap_or(0.0) >= CALLS_LEAST;
            let is_open = (0..self.queues.len()).any(|queue| is_open(queue, at));
            match self.queues.is_empty() {
                true => some("attempts"),
                false => {
                    self.queues.iter().any(|queue| queue.judged[at]) || is_open && some("blocked")
                }
            }
        };
        self.judged = self.intervals.iter().enumerate().map(whole).collect();
        for row in &mut self.lines {
            row.judged.clone_from(&self.judged);
        }
        self
    }
}

/// The calls that came to a queue, those who were turned away at its door included.
pub fn came(queue: &Metrics) -> f64 {
    let names = ["entered", "turned_away"].iter();
    names.filter_map(|name| queue.mean(name)).sum()
}
