//! Figures of long runs: from their batches where these tell, else from the runs.

use super::Steady;
use crate::exchange::dialplan::Dialplan;
use crate::measure::confidence::Confidence;
use crate::measure::definitions::definition;
use crate::measure::figure::Figure;
use crate::measure::frame::Frame;
use crate::measure::lines::LineFigures;
use crate::measure::metrics;
use crate::measure::row::Metrics;
use crate::measure::row::Row;
use crate::measure::run::GroupFigures;
use crate::measure::run::QueueFigures;
use crate::measure::run::RunFigures;
use crate::measure::summary::Summary;

/// The largest of a run: the largest of a batch is another figure.
const EXTREMES: [&str; 2] = ["wait_max_s", "queue_length_max"];

impl Summary {
    /// Sums up long runs that were cut so; see [`super`]. Intervals come from the batches, if there are any.
    pub fn of_steady(plan: &Dialplan, runs: &[RunFigures], steady: &Steady, level: f64) -> Self {
        if steady.batches == 0 {
            return Self {
                steady: Some(*steady),
                ..Self::new(plan, steady.frame(), runs, level)
            };
        }
        let frame = steady.frame();
        let whole = Frame::whole(frame.from, frame.until);
        let pieces: Vec<RunFigures> = runs.iter().flat_map(batches).collect();
        let confidence = Confidence::of_batches(level, pieces.len());
        let batches = Self::of_runs(plan, whole, &pieces, confidence);
        let plain: Vec<RunFigures> = runs.iter().map(without_intervals).collect();
        let runs = Self::new(plan, whole, &plain, level);
        let merged = Merge {
            batches: steady.batches as f64,
        };
        Self {
            total: merged.metrics(runs.total, &batches.total, of_runs),
            lines: merged.rows(runs.lines, &batches.lines, of_runs),
            queues: merged.rows(runs.queues, &batches.queues, of_runs),
            groups: merged.rows(runs.groups, &batches.groups, |name| name != "occupancy"),
            classes: merged.rows(runs.classes, &batches.classes, of_runs),
            steady: Some(*steady),
            ..runs
        }
    }
}

/// Whether a metric of everything or of a queue can only be known of a whole run.
fn of_runs(name: &str) -> bool {
    EXTREMES.contains(&name) || metrics::RUN.iter().any(|(known, _)| *known == name)
}

struct Merge {
    batches: f64,
}

impl Merge {
    /// The metrics, from the runs or from their batches; sums are those of a run.
    fn metrics(&self, runs: Metrics, batches: &Metrics, of_runs: fn(&str) -> bool) -> Metrics {
        let pick = |(name, figure): (&'static str, Figure)| {
            let figure = match (of_runs(name), definition(name).is_sum) {
                (true, _) => figure,
                (false, true) => batches.get(name).times(self.batches),
                (false, false) => batches.get(name),
            };
            (name, figure)
        };
        Metrics(runs.0.into_iter().map(pick).collect())
    }

    fn rows(&self, runs: Vec<Row>, batches: &[Row], of_runs: fn(&str) -> bool) -> Vec<Row> {
        let pairs = runs.into_iter().zip(batches);
        pairs
            .map(|(run, batch)| Row {
                total: self.metrics(run.total, &batch.total, of_runs),
                ..run
            })
            .collect()
    }
}

/// Each batch as a run of its own. Agents, fairness and the classes that look-ups tell are known of the whole
/// only, and left out.
fn batches(run: &RunFigures) -> impl Iterator<Item = RunFigures> {
    run.intervals.iter().enumerate().map(|(at, sums)| {
        let queue = |queue: &QueueFigures| QueueFigures {
            total: queue.intervals[at],
            intervals: Vec::new(),
            waits: queue.waits.get(at).cloned().into_iter().collect(),
        };
        let group = |group: &GroupFigures| GroupFigures {
            load: group.intervals[at],
            ..GroupFigures::default()
        };
        let line = |line: &LineFigures| LineFigures {
            total: line.intervals[at],
            intervals: Vec::new(),
        };
        RunFigures {
            total: *sums,
            lines: run.lines.iter().map(line).collect(),
            queues: run.queues.iter().map(queue).collect(),
            groups: run.groups.iter().map(group).collect(),
            agents: vec![<_>::default(); run.agents.len()],
            classes: vec![<_>::default(); run.classes.len()],
            ..RunFigures::default()
        }
    })
}

fn without_intervals(run: &RunFigures) -> RunFigures {
    let mut run = run.clone();
    run.intervals.clear();
    run.queues
        .iter_mut()
        .for_each(|queue| queue.intervals.clear());
    run.groups
        .iter_mut()
        .for_each(|group| group.intervals.clear());
    run.lines.iter_mut().for_each(|line| line.intervals.clear());
    run
}
