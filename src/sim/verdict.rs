//! Goals, met or missed.

use super::scenario::Bound;
use super::scenario::Goal;
use super::scenario::Subject;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::id::GroupId;
use crate::exchange::time::Span;
use crate::measure::Figure;
use crate::measure::Summary;
use crate::measure::judged::came;
use crate::measure::row::Metrics;
use crate::measure::row::Row;

/// What came of a goal.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// `queue.support`, `group.desk`.
    pub subject: String,
    /// The metric's name in JSON.
    pub metric: &'static str,
    /// As written.
    pub wanted: String,
    /// The figure over the whole run.
    pub value: Figure,
    /// The share of the intervals that reach the bound, where the goal asks for one.
    pub share_of_intervals: Option<f64>,
    /// Whether the goal is met.
    pub met: bool,
    /// Callers who still waited when a run ended, and are not in the figure; where they matter.
    pub still_waiting: Option<f64>,
}

impl Goal {
    /// A goal's own time to answer, with the group for which it holds instead of the group's.
    pub(super) fn answer_within(&self, plan: &Dialplan) -> Option<(GroupId, Span)> {
        match (self.subject, self.bound) {
            (Subject::Queue(queue), Bound::ServiceLevel { within, .. }) => {
                Some((plan.queue(queue).group, within?))
            }
            _ => None,
        }
    }

    fn metric(&self) -> &'static str {
        match self.bound {
            Bound::ServiceLevel { .. } => "service_level",
            Bound::Abandoned { .. } => "abandoned_share",
            Bound::Asa { .. } => "asa_s",
            Bound::Occupancy { .. } => "occupancy",
        }
    }

    /// Whether only waits that have ended are in the figure.
    fn is_of_waits(&self) -> bool {
        matches!(self.bound, Bound::ServiceLevel { .. } | Bound::Asa { .. })
    }

    /// Whether the figure reaches the bound there.
    fn is_met_by(&self, at: &Metrics) -> bool {
        let Some(value) = at.mean(self.metric()) else {
            return match self.bound {
                // Nobody came: nothing was missed. Somebody came and nobody was answered: it was.
                Bound::ServiceLevel { .. } | Bound::Asa { .. } => came(at) == 0.0,
                // Nobody waited, or nobody was at work.
                Bound::Abandoned { .. } | Bound::Occupancy { .. } => true,
            };
        };
        match self.bound {
            Bound::ServiceLevel { at_least, .. } => value >= at_least,
            Bound::Abandoned { at_most } | Bound::Occupancy { at_most } => value <= at_most,
            Bound::Asa { at_most } => value <= at_most.as_seconds(),
        }
    }
}

/// Holds every goal against the figures.
pub fn judge(goals: &[Goal], summary: &Summary) -> Vec<Verdict> {
    goals.iter().map(|goal| judge_one(goal, summary)).collect()
}

fn judge_one(goal: &Goal, summary: &Summary) -> Verdict {
    let (of, row) = match goal.subject {
        Subject::Queue(queue) => ("queue", &summary.queues[queue.index()]),
        Subject::Group(group) => ("group", &summary.groups[group.index()]),
    };
    let subject = format!("{of}.{}", row.name);
    let metric = goal.metric();
    let value = row.total.get(metric);
    let share = goal.intervals.and_then(|_| share_met(goal, row));
    let met = match (goal.intervals, share) {
        (Some(wanted), Some(share)) => share >= wanted,
        _ => goal.is_met_by(&row.total),
    };
    Verdict {
        subject,
        metric,
        wanted: wanted(goal),
        value,
        share_of_intervals: share,
        met,
        still_waiting: match goal.is_of_waits() {
            true => row.still_waiting().map(|(callers, _)| callers),
            false => None,
        },
    }
}

/// The share of the intervals by which it is judged that reach the bound; none where there are none of
/// these.
fn share_met(goal: &Goal, row: &Row) -> Option<f64> {
    let intervals = row.intervals.iter().zip(&row.judged);
    let judged = intervals.filter(|(_, judged)| **judged);
    let met = judged.clone().filter(|(at, _)| goal.is_met_by(at)).count();
    let all = judged.count();
    (all > 0).then(|| met as f64 / all as f64)
}

/// The goal's text without its subject and figure.
fn wanted(goal: &Goal) -> String {
    let mut words = goal.text.splitn(3, ' ');
    words.nth(2).unwrap_or(&goal.text).to_owned()
}
