//! Goals, met or missed.

use super::scenario::Bound;
use super::scenario::Goal;
use super::scenario::Subject;
use crate::exchange::dialplan::Dialplan;
use crate::measure::Figure;
use crate::measure::Summary;
use crate::measure::summary::Metrics;

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
}

impl Goal {
    /// A goal's own time to answer holds instead of the group's.
    pub(super) fn set_answer_within(&self, plan: &mut Dialplan) {
        if let (
            Subject::Queue(queue),
            Bound::ServiceLevel {
                within: Some(within),
                ..
            },
        ) = (self.subject, self.bound)
        {
            let group = plan.queue(queue).group;
            plan.groups[group.index()].answer_within = within;
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

    /// Whether a value reaches the bound.
    fn is_met_by(&self, value: f64) -> bool {
        match self.bound {
            Bound::ServiceLevel { at_least, .. } => value >= at_least,
            Bound::Abandoned { at_most } | Bound::Occupancy { at_most } => value <= at_most,
            Bound::Asa { at_most } => value <= at_most.as_seconds(),
        }
    }
}

/// Holds every goal against the figures.
pub fn judge(goals: &[Goal], plan: &Dialplan, summary: &Summary) -> Vec<Verdict> {
    goals
        .iter()
        .map(|goal| judge_one(goal, plan, summary))
        .collect()
}

fn judge_one(goal: &Goal, plan: &Dialplan, summary: &Summary) -> Verdict {
    let (subject, row) = match goal.subject {
        Subject::Queue(queue) => (
            format!("queue.{}", plan.queue(queue).name),
            &summary.queues[queue.index()],
        ),
        Subject::Group(group) => (
            format!("group.{}", plan.group(group).name),
            &summary.groups[group.index()],
        ),
    };
    let metric = goal.metric();
    let value = row.total.get(metric);
    let share = goal
        .intervals
        .and_then(|_| share_met(goal, metric, &row.intervals));
    let met = match (goal.intervals, share) {
        (Some(wanted), Some(share)) => share >= wanted,
        _ => match value.mean {
            Some(value) => goal.is_met_by(value),
            // Nobody came: nothing was missed. Somebody came and nobody was answered: it was.
            None => row
                .total
                .mean("entered")
                .is_none_or(|entered| entered == 0.0),
        },
    };
    Verdict {
        subject,
        metric,
        wanted: wanted(goal),
        value,
        share_of_intervals: share,
        met,
    }
}

/// The share of the intervals with anything in them that reach the bound.
fn share_met(goal: &Goal, metric: &str, intervals: &[Metrics]) -> Option<f64> {
    let values: Vec<f64> = intervals
        .iter()
        .filter_map(|metrics| metrics.mean(metric))
        .collect();
    let met = values
        .iter()
        .filter(|value| goal.is_met_by(**value))
        .count();
    (!values.is_empty()).then(|| met as f64 / values.len() as f64)
}

/// The goal's text without its subject and figure.
fn wanted(goal: &Goal) -> String {
    let mut words = goal.text.splitn(3, ' ');
    words.nth(2).unwrap_or(&goal.text).to_owned()
}
