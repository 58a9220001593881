//! Goals, met or missed.

use super::scenario::Bound;
use super::scenario::Goal;
use super::scenario::Subject;
use crate::exchange::id::QueueId;
use crate::exchange::time::Span;
use crate::measure::Figure;
use crate::measure::Summary;
use crate::measure::judged::came;
use crate::measure::metrics::of_load;
use crate::measure::metrics::of_queue;
use crate::measure::row::Metrics;
use crate::measure::row::Row;
use crate::measure::run::QueueSums;
use crate::measure::run::RunFigures;
use crate::measure::tally::Load;

/// What came of a goal.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// `queue.support`, `group.desk`.
    pub subject: String,
    /// The metric's name in JSON.
    pub metric: &'static str,
    /// As written, without these two.
    pub wanted: String,
    /// The whole goal as it is written: the same in other cases whose goal it is.
    pub goal: String,
    /// The figure over the whole run.
    pub value: Figure,
    /// The share of the intervals that reach the bound, where the goal asks for one.
    pub share_of_intervals: Option<f64>,
    /// Whether the goal is met.
    pub met: bool,
    /// Whether the interval of the figure lies on one side of the bound, so that other runs would hardly say
    /// otherwise. None without an interval, and for goals over intervals of the day.
    pub certain: Option<bool>,
    /// The share of the runs that meet it, each for itself: of days, how likely it is that one does. None
    /// of one run, and of a steady state, whose runs are cut as they like.
    pub share_of_runs: Option<f64>,
    /// Callers who still waited when a run ended, and are not in the figure; where they matter.
    pub still_waiting: Option<f64>,
}

impl Goal {
    /// Whose figures it is about.
    pub fn row<'s>(&self, summary: &'s Summary) -> &'s Row {
        let (_, row) = subject(self, summary);
        row
    }

    /// A goal's own time to answer, with the queue for which it holds instead of that of its group.
    pub(super) fn answer_within(&self) -> Option<(QueueId, Span)> {
        match (self.subject, self.bound) {
            (Subject::Queue(queue), Bound::ServiceLevel { within, .. }) => Some((queue, within?)),
            _ => None,
        }
    }

    /// The name of its figure in JSON.
    pub fn metric(&self) -> &'static str {
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
        self.is_met(at.mean(self.metric()), came(at) > 0.0)
    }

    /// The same of a figure, where somebody `came` or nobody.
    fn is_met(&self, value: Option<f64>, came: bool) -> bool {
        let Some(value) = value else {
            return match self.bound {
                // Nobody came: nothing was missed. Somebody came and nobody was answered: it was.
                Bound::ServiceLevel { .. } | Bound::Asa { .. } => !came,
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

    /// Whether both ends of an interval say the same.
    fn is_certain(&self, figure: Figure) -> Option<bool> {
        let (low, high) = figure.low.zip(figure.high)?;
        Some(self.is_met(Some(low), true) == self.is_met(Some(high), true))
    }

    /// Whether one run alone meets it, judged by these of its intervals.
    fn is_met_in(&self, run: &RunFigures, judged: &[bool]) -> bool {
        let metric = self.metric();
        match self.subject {
            Subject::Queue(queue) => {
                let queue = &run.queues[queue.index()];
                let meets = |at: &QueueSums| {
                    let came = at.tally.entered + at.tally.turned_away > 0;
                    self.is_met(of_queue(metric, at), came)
                };
                let judged = queue.intervals.iter().zip(judged);
                self.is_met_over(share(judged, meets), || meets(&queue.total))
            }
            Subject::Group(group) => {
                let group = &run.groups[group.index()];
                let meets = |at: &Load| self.is_met(of_load(metric, at), true);
                let judged = group.intervals.iter().zip(judged);
                self.is_met_over(share(judged, meets), || meets(&group.load))
            }
        }
    }

    /// Whether as many of the intervals as are wanted meet it, or else the whole.
    fn is_met_over(&self, share: Option<f64>, whole: impl Fn() -> bool) -> bool {
        match (self.intervals, share) {
            (Some(wanted), Some(share)) => share >= wanted,
            _ => whole(),
        }
    }
}

/// Holds every goal against the figures of all runs, and of each.
pub fn judge(goals: &[Goal], summary: &Summary, runs: &[RunFigures]) -> Vec<Verdict> {
    goals
        .iter()
        .map(|goal| judge_one(goal, summary, runs))
        .collect()
}

/// Where a goal is missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Miss {
    /// The place of the goal.
    pub goal: usize,
    /// The interval; none where the whole was held against the goal.
    pub interval: Option<usize>,
}

/// Holds every goal against each interval by which its queue or group is judged, and against the whole where
/// there are none: what [`judge`] does only for goals over intervals.
pub fn misses(goals: &[Goal], summary: &Summary) -> Vec<Miss> {
    let mut missed = Vec::new();
    for (place, goal) in goals.iter().enumerate() {
        let row = goal.row(summary);
        let miss = |interval| Miss {
            goal: place,
            interval,
        };
        let intervals = row.intervals.iter().zip(&row.judged).enumerate();
        let mut judged = intervals.filter(|(_, (_, judged))| **judged).peekable();
        if judged.peek().is_none() && !goal.is_met_by(&row.total) {
            missed.push(miss(None));
        }
        let bad = judged.filter(|(_, (at, _))| !goal.is_met_by(at));
        missed.extend(bad.map(|(at, _)| miss(Some(at))));
    }
    missed
}

/// The same, and what it is the row of.
fn subject<'s>(goal: &Goal, summary: &'s Summary) -> (&'static str, &'s Row) {
    match goal.subject {
        Subject::Queue(queue) => ("queue", &summary.queues[queue.index()]),
        Subject::Group(group) => ("group", &summary.groups[group.index()]),
    }
}

fn judge_one(goal: &Goal, summary: &Summary, runs: &[RunFigures]) -> Verdict {
    let (of, row) = subject(goal, summary);
    let subject = format!("{of}.{}", row.name);
    let metric = goal.metric();
    let value = row.total.get(metric);
    let share = goal.intervals.and_then(|_| {
        let intervals = row.intervals.iter().zip(&row.judged);
        share(intervals, |at| goal.is_met_by(at))
    });
    let met = goal.is_met_over(share, || goal.is_met_by(&row.total));
    Verdict {
        subject,
        metric,
        wanted: wanted(goal),
        goal: goal.text.clone(),
        value,
        share_of_intervals: share,
        met,
        certain: match share {
            Some(_) => None,
            None => goal.is_certain(value),
        },
        share_of_runs: (runs.len() > 1 && summary.steady.is_none()).then(|| {
            let met = runs.iter().filter(|run| goal.is_met_in(run, &row.judged));
            met.count() as f64 / runs.len() as f64
        }),
        still_waiting: match goal.is_of_waits() {
            true => row.still_waiting().map(|(callers, _)| callers),
            false => None,
        },
    }
}

/// The share of those by which it is judged that reach the bound; none where there are none of these.
fn share<'a, T: 'a>(
    intervals: impl Iterator<Item = (&'a T, &'a bool)>,
    meets: impl Fn(&T) -> bool,
) -> Option<f64> {
    let judged = intervals.filter(|(_, judged)| **judged);
    let judged: Vec<bool> = judged.map(|(at, _)| meets(at)).collect();
    let met = judged.iter().filter(|met| **met).count();
    (!judged.is_empty()).then(|| met as f64 / judged.len() as f64)
}

/// The goal's text without its subject and figure.
fn wanted(goal: &Goal) -> String {
    let mut words = goal.text.splitn(3, ' ');
    words.nth(2).unwrap_or(&goal.text).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::run::QueueFigures;

    fn goal(intervals: Option<f64>) -> Goal {
        Goal {
            subject: Subject::Queue(QueueId(0)),
            bound: Bound::ServiceLevel {
                at_least: 0.8,
                within: None,
            },
            intervals,
            text: String::new(),
        }
    }

    /// So many of ten callers were answered in time, in each interval.
    fn run(answered_within: &[u64]) -> RunFigures {
        let sums = |answered_within, answered| {
            let mut sums = QueueSums::default();
            (sums.tally.answered_within, sums.tally.answered) = (answered_within, answered);
            sums.tally.entered = answered;
            sums
        };
        let all = answered_within.iter().sum();
        RunFigures {
            queues: vec![QueueFigures {
                total: sums(all, 10 * answered_within.len() as u64),
                intervals: answered_within.iter().map(|at| sums(*at, 10)).collect(),
                waits: Vec::new(),
            }],
            ..RunFigures::default()
        }
    }

    #[test]
    fn a_run_meets_a_goal_by_its_own_calls() {
        let judged = [true, true, true, false];
        assert!(goal(None).is_met_in(&run(&[9, 9, 9, 5]), &judged));
        assert!(!goal(None).is_met_in(&run(&[9, 9, 9, 4]), &judged));
        let most = goal(Some(0.6));
        assert!(most.is_met_in(&run(&[8, 8, 0, 0]), &judged), "two of three");
        assert!(
            !most.is_met_in(&run(&[8, 7, 0, 10]), &judged),
            "the last is not judged"
        );
        assert!(goal(None).is_met_in(&run(&[]), &[]), "nobody came");
    }

    #[test]
    fn a_goal_is_certain_when_its_interval_lies_on_one_side() {
        let between = |low, high| Figure {
            mean: Some(0.8),
            low: Some(low),
            high: Some(high),
        };
        let certain = |figure| goal(None).is_certain(figure);
        assert_eq!(certain(between(0.8, 0.9)), Some(true));
        assert_eq!(certain(between(0.7, 0.79)), Some(true));
        assert_eq!(certain(between(0.7, 0.8)), Some(false));
        assert_eq!(certain(Figure::NONE), None);
    }
}
