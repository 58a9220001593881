//! From the figures of runs to those over all of them, place by place.

use super::confidence::Confidence;
use super::counts::WaitCounts;
use super::definitions::definition;
use super::fairness::classes::Class;
use super::fairness::classes::ClassSums;
use super::fairness::told;
use super::figure::Figure;
use super::figure::Part;
use super::lines::LINE;
use super::lines::has_several;
use super::metrics;
use super::metrics::Metric;
use super::pool::Pool;
use super::row::Metrics;
use super::row::Row;
use super::run::RunFigures;
use crate::exchange::dialplan::Agent;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::Group;
use crate::exchange::dialplan::Line;
use crate::exchange::dialplan::Queue;
use crate::exchange::dialplan::StepNames;
use crate::exchange::id::QueueId;

/// What queues are called in reports: by their step, and by their line too where another one has such a
/// step.
pub fn queue_names(plan: &Dialplan) -> Vec<String> {
    let names = StepNames::new(plan);
    let name = |queue: &Queue| names.of(queue.step).to_owned();
    plan.queues.iter().map(name).collect()
}

/// Quantiles of waits, in a thousand.
const QUANTILES: [(&str, u64); 3] = [
    ("wait_p50_s", 500),
    ("wait_p90_s", 900),
    ("wait_p99_s", 990),
];

/// What figures are made of, and how sure they are to be.
pub(super) struct Maker<'a> {
    pub(super) runs: &'a [RunFigures],
    confidence: Confidence,
    intervals: usize,
}

impl<'a> Maker<'a> {
    /// For runs that have so many intervals each.
    pub(super) fn new(runs: &'a [RunFigures], confidence: Confidence, intervals: usize) -> Self {
        Self {
            runs,
            confidence,
            intervals,
        }
    }

    /// For what happened once.
    pub(super) fn of_one(runs: &'a [RunFigures; 1]) -> Self {
        Self::new(runs, Confidence::new(0.95, 1), 0)
    }

    /// All metrics of a table for one place in every run.
    pub(super) fn metrics<T: 'a>(
        &self,
        table: &[Metric<T>],
        at: impl Fn(&'a RunFigures) -> &'a T + Copy,
    ) -> Metrics {
        let figure = |&(name, part): &Metric<T>| {
            let parts = self.runs.iter().map(|run| part(at(run)));
            (name, self.figure(name, parts))
        };
        Metrics(table.iter().map(figure).collect())
    }

    /// Everything together in one interval.
    pub(super) fn interval(&self, at: usize) -> Metrics {
        let metrics = self.metrics(metrics::WHOLE, |run: &RunFigures| &run.intervals[at]);
        self.pooled(metrics, |run| {
            let queues = run.queues.iter();
            queues.filter_map(|queue| queue.waits.get(at)).collect()
        })
    }

    /// The same metrics, with the quantiles of the waits of all runs together.
    pub(super) fn pooled(
        &self,
        mut metrics: Metrics,
        of: impl Fn(&'a RunFigures) -> Vec<&'a WaitCounts>,
    ) -> Metrics {
        let pool = Pool::new(self.runs.iter().map(of));
        for (name, figure) in &mut metrics.0 {
            let quantile = QUANTILES.iter().find(|(known, _)| known == name);
            if let Some((_, permille)) = quantile {
                *figure = pool.quantile(*permille, &self.confidence);
            }
        }
        metrics
    }

    /// One figure. The longest wait is a mean over the runs that have one, all else is a ratio of sums.
    pub(super) fn figure(&self, name: &str, parts: impl Iterator<Item = Part> + Clone) -> Figure {
        if name == "wait_max_s" {
            return self.mean(name, parts);
        }
        let unit = definition(name).unit;
        let figure = self.confidence.ratio(parts);
        figure.clamped(unit.least(), unit.most())
    }

    /// The mean of the runs that have a value.
    pub(super) fn mean(&self, name: &str, parts: impl Iterator<Item = Part>) -> Figure {
        let unit = definition(name).unit;
        let parts: Vec<Part> = parts.filter(|part| part.under > 0.0).collect();
        let figure = self.confidence.ratio(parts.into_iter());
        figure.clamped(unit.least(), unit.most())
    }

    pub(super) fn fairness(&self) -> Metrics {
        let of_run = |&(name, part): &Metric<RunFigures>| {
            (name, self.mean(name, self.runs.iter().map(part)))
        };
        let mut all: Vec<_> = metrics::FAIRNESS_OF_RUNS.iter().map(of_run).collect();
        all.extend(self.metrics(metrics::FAIRNESS_OF_SUMS, |run| run).0);
        Metrics(all)
    }

    pub(super) fn classes(&self, plan: &Dialplan) -> Vec<Row> {
        let row = |class: Class| {
            let runs: Vec<ClassSums> = self.runs.iter().map(|run| class.sums(run)).collect();
            let figure = |&(name, part): &Metric<ClassSums>| {
                (name, self.figure(name, runs.iter().map(part)))
            };
            Row {
                name: class.name,
                total: Metrics(metrics::CLASS.iter().map(figure).collect()),
                ..Row::default()
            }
        };
        Class::all(plan).into_iter().map(row).collect()
    }

    /// None where no look-up tells a class.
    pub(super) fn told_classes(&self, plan: &Dialplan) -> Vec<Row> {
        let row = |(place, name): (usize, &str)| Row {
            name: name.to_owned(),
            total: self.metrics(metrics::CLASS, |run| &run.classes[place]),
            ..Row::default()
        };
        told::names(plan).into_iter().enumerate().map(row).collect()
    }

    /// None where there is one line only, whose figures are those of the whole.
    pub(super) fn lines(&self, plan: &Dialplan) -> Vec<Row> {
        let row = |(place, line): (usize, &Line)| Row {
            name: line.name.clone(),
            total: self.metrics(LINE, |run| &run.lines[place].total),
            intervals: (0..self.intervals)
                .map(|at| self.metrics(LINE, |run| &run.lines[place].intervals[at]))
                .collect(),
            ..Row::default()
        };
        let lines = plan.lines.iter().enumerate();
        lines.filter(|_| has_several(plan)).map(row).collect()
    }

    pub(super) fn queues(&self, plan: &Dialplan) -> Vec<Row> {
        let row = |(place, name): (usize, String)| Row {
            name,
            total: self.pooled(
                self.metrics(metrics::QUEUE, |run| &run.queues[place].total),
                |run| run.queues[place].waits.iter().collect(),
            ),
            intervals: (0..self.intervals)
                .map(|at| {
                    let metrics =
                        self.metrics(metrics::QUEUE, |run| &run.queues[place].intervals[at]);
                    let waits = |run: &'a RunFigures| run.queues[place].waits.get(at);
                    self.pooled(metrics, |run| waits(run).into_iter().collect())
                })
                .collect(),
            answer_within: Some(plan.answer_within(QueueId(place as u16))),
            ..Row::default()
        };
        queue_names(plan).into_iter().enumerate().map(row).collect()
    }

    pub(super) fn groups(&self, plan: &Dialplan) -> Vec<Row> {
        let row = |(place, group): (usize, &Group)| Row {
            name: group.name.clone(),
            total: self.metrics(metrics::GROUP, |run| &run.groups[place]),
            intervals: (0..self.intervals)
                .map(|at| {
                    self.metrics(metrics::GROUP_INTERVAL, |run| {
                        &run.groups[place].intervals[at]
                    })
                })
                .collect(),
            ..Row::default()
        };
        plan.groups.iter().enumerate().map(row).collect()
    }

    pub(super) fn agents(&self, plan: &Dialplan) -> Vec<Row> {
        let row = |(place, agent): (usize, &Agent)| Row {
            name: agent.name.clone(),
            total: self.metrics(metrics::AGENT, |run| &run.agents[place]),
            ..Row::default()
        };
        plan.agents.iter().enumerate().map(row).collect()
    }
}
