//! Figures over all runs, ready to be printed.

use super::confidence::Confidence;
use super::confidence::Figure;
use super::confidence::Part;
use super::control::Control;
use super::control::Controlled;
use super::control::Uncontrolled;
use super::counts::WaitCounts;
use super::definitions::definition;
use super::fairness::classes::Class;
use super::fairness::classes::ClassSums;
use super::frame::Frame;
use super::metrics;
use super::metrics::Metric;
use super::pool::Pool;
use super::run::RunFigures;
use super::steady::Steady;
use super::steady::memory;
use super::steady::parts;
use super::worth::Costs;
use super::worth::WorthRows;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::time::Span;

/// Metrics by name, in the order in which they are printed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metrics(pub Vec<(&'static str, Figure)>);

impl Metrics {
    /// A metric; undefined when there is none of this name.
    pub fn get(&self, name: &str) -> Figure {
        self.find(name).unwrap_or(Figure::NONE)
    }

    /// A metric, if there is one of this name.
    pub fn find(&self, name: &str) -> Option<Figure> {
        let found = self.0.iter().find(|(known, _)| *known == name)?;
        Some(found.1)
    }

    /// The mean of a metric, if it has one.
    pub fn mean(&self, name: &str) -> Option<f64> {
        self.get(name).mean
    }
}

/// One queue, group or agent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// Its name; a queue's has its line before it when there are several lines: `video/support`.
    pub name: String,
    /// The whole run.
    pub total: Metrics,
    /// One per interval; agents have none.
    pub intervals: Vec<Metrics>,
    /// For each interval of a queue or a group, whether it is judged by it; see [`super::judged`].
    pub judged: Vec<bool>,
    /// The T of a queue's service level.
    pub answer_within: Option<Span>,
    /// What is to be known beside its name: the question of an answer, the label of a key.
    pub about: Vec<(&'static str, String)>,
}

/// From this share of a queue's entries on those who still wait at the end of a run matter.
const STILL_WAITING_LEAST: f64 = 0.01;

impl Row {
    /// How many callers of a queue still waited when a run ended, and which share of its entries they
    /// are; none where these are few. They count in no service level and no wait.
    pub fn still_waiting(&self) -> Option<(f64, f64)> {
        let waiting = self.total.mean("waiting_at_end")?;
        let share = waiting / self.total.mean("entered")?;
        (share >= STILL_WAITING_LEAST).then_some((waiting, share))
    }
}

/// All figures of a study's case.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// The level of all intervals, 0.95 in reports.
    pub level: f64,
    /// How many runs it is made of.
    pub runs: usize,
    /// How these were cut, where the warm-up of a steady state was to be found. Intervals come from the
    /// batches then, those of agents and of fairness from the runs, if there are several.
    pub steady: Option<Steady>,
    /// What a control variate has come to, if there is one.
    pub controlled: Option<Controlled>,
    /// Attempts, queues and agents together.
    pub total: Metrics,
    /// The same by interval; none in a steady state.
    pub intervals: Vec<Metrics>,
    /// Whether each of them is one by which the line is judged; see [`super::judged`].
    pub judged: Vec<bool>,
    /// The queues, in the dialplan's order.
    pub queues: Vec<Row>,
    /// The groups, in the dialplan's order.
    pub groups: Vec<Row>,
    /// The agents, in the dialplan's order.
    pub agents: Vec<Row>,
    /// How evenly calls were divided among people, and how fairly callers were served.
    pub fairness: Metrics,
    /// Callers by priority: those of all queues that have the same.
    pub classes: Vec<Row>,
    /// What answers are worth, and what has none.
    pub worth: WorthRows,
}

impl Summary {
    /// Sums up runs of the same dialplan and frame, in the order of the runs, with intervals of
    /// this level of confidence. All queues count as open; else see [`Summary::with_openings`].
    pub fn new(plan: &Dialplan, frame: Frame, runs: &[RunFigures], level: f64) -> Self {
        Self::of_runs(plan, frame, runs, Confidence::new(level, runs.len()))
    }

    /// The same, controlled by the callers who came, of whom so many were to be expected in each run.
    pub fn controlled(
        plan: &Dialplan,
        frame: Frame,
        runs: &[RunFigures],
        level: f64,
        (expected, control): (f64, Result<Control, Uncontrolled>),
    ) -> Self {
        let plain = Confidence::new(level, runs.len());
        let why_not = control.as_ref().err().copied();
        let confidence = plain.clone().controlled_by(control.ok());
        let mut summary = Self::of_runs(plan, frame, runs, confidence);
        let service = "service_level";
        let parts = runs
            .iter()
            .filter_map(|run| metrics::of_whole(service, &run.total));
        let half_width = |figure: Figure| figure.half_width().filter(|half| *half > 0.0);
        let wide = half_width(plain.ratio(parts)).filter(|_| why_not.is_none());
        let narrow = half_width(summary.total.get(service));
        let times = wide
            .zip(narrow)
            .map(|(wide, narrow)| (wide / narrow) * (wide / narrow));
        summary.controlled = Some(Controlled {
            expected,
            came: runs.iter().map(|run| run.came).sum::<u64>() as f64 / runs.len() as f64,
            why_not,
            worth_runs: times.map(|times| times * runs.len() as f64),
        });
        summary
    }

    /// The same, with intervals of this kind.
    pub(super) fn of_runs(
        plan: &Dialplan,
        frame: Frame,
        runs: &[RunFigures],
        confidence: Confidence,
    ) -> Self {
        let level = confidence.level();
        assert!(
            runs.iter()
                .all(|run| run.intervals.len() == frame.intervals),
            "all runs have the frame's intervals"
        );
        let maker = Maker {
            runs,
            confidence,
            intervals: frame.intervals,
        };
        let mut total = maker.pooled(maker.metrics(metrics::WHOLE, |run| &run.total), |run| {
            run.queues.iter().flat_map(|queue| &queue.waits).collect()
        });
        // beside the callers who were served, where it is looked for
        total
            .0
            .splice(5..5, maker.metrics(metrics::RUN, |run| &run.total).0);
        let summary = Self {
            level,
            runs: runs.len(),
            steady: None,
            controlled: None,
            total,
            intervals: (0..frame.intervals).map(|at| maker.interval(at)).collect(),
            judged: Vec::new(),
            queues: maker.queues(plan),
            groups: maker.groups(plan),
            agents: maker.agents(plan),
            fairness: maker.fairness(),
            classes: maker.classes(plan),
            worth: WorthRows::new(plan, &maker),
        };
        summary.with_openings(plan, |_, _| true)
    }

    /// Sums up long runs that were cut so; see [`super::steady`].
    pub fn of_steady(plan: &Dialplan, runs: &[RunFigures], steady: &Steady, level: f64) -> Self {
        if steady.batches > 0 {
            return parts::summary(plan, runs, steady, level);
        }
        Self {
            steady: Some(*steady),
            ..Self::new(plan, steady.frame(), runs, level)
        }
    }

    /// How many parts intervals come from that are taken for independent: batches, or else runs.
    pub fn samples(&self) -> usize {
        let batches = self.steady.map_or(0, |steady| steady.batches);
        self.runs * batches.max(1)
    }

    /// Calls in line that it takes to know how often long waits come in a steady state; none where that is
    /// not to be told.
    pub fn calls_needed(&self) -> Option<f64> {
        let steady = self.steady.filter(|steady| steady.settled)?;
        memory::calls_needed(&self.total, steady.counted())
    }

    /// The same, and how many there are, where these are fewer; none where there are enough.
    pub fn calls_short_of(&self) -> Option<(f64, f64)> {
        let calls = self.total.mean("queued")? * self.runs as f64;
        let needed = self.calls_needed().filter(|needed| calls < *needed)?;
        Some((needed, calls))
    }

    /// Whether there is but one part, which tells of no spread, and more of them would help.
    pub fn wants_runs(&self) -> bool {
        self.samples() == 1 && self.steady.is_none_or(|steady| steady.settled)
    }

    /// The same with the scenario's names of what callers wanted, in its order.
    #[must_use]
    pub fn with_wants<'n>(mut self, names: impl Iterator<Item = &'n str>) -> Self {
        self.worth.name_wants(names);
        self
    }

    /// The same with what saved time is worth.
    #[must_use]
    pub fn with_costs(mut self, costs: &Costs) -> Self {
        self.worth.cost(costs);
        self
    }

    /// The queue of this name.
    pub fn queue(&self, name: &str) -> Option<&Row> {
        self.queues.iter().find(|row| row.name == name)
    }

    /// The group of this name.
    pub fn group(&self, name: &str) -> Option<&Row> {
        self.groups.iter().find(|row| row.name == name)
    }
}

/// What queues are called in reports: by their step, and by their line too when there are several.
pub fn queue_names(plan: &Dialplan) -> Vec<String> {
    let name = |queue: &crate::exchange::dialplan::Queue| {
        let line = plan.line(plan.step(queue.step).line);
        match plan.lines.len() {
            0 | 1 => queue.name.clone(),
            _ => format!("{}/{}", line.name, queue.name),
        }
    };
    plan.queues.iter().map(name).collect()
}

/// Quantiles of waits, in a thousand.
const QUANTILES: [(&str, u64); 3] = [
    ("wait_p50_s", 500),
    ("wait_p90_s", 900),
    ("wait_p99_s", 990),
];

pub(super) struct Maker<'a> {
    pub(super) runs: &'a [RunFigures],
    confidence: Confidence,
    intervals: usize,
}

impl<'a> Maker<'a> {
    /// For what happened once.
    pub(super) fn of_one(runs: &'a [RunFigures; 1]) -> Self {
        Self {
            runs,
            confidence: Confidence::new(0.95, 1),
            intervals: 0,
        }
    }

    /// All metrics of a table for one place in every run.
    fn metrics<T: 'a>(
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
    fn interval(&self, at: usize) -> Metrics {
        let metrics = self.metrics(metrics::WHOLE, |run: &RunFigures| &run.intervals[at]);
        self.pooled(metrics, |run| {
            let queues = run.queues.iter();
            queues.filter_map(|queue| queue.waits.get(at)).collect()
        })
    }

    /// The same metrics, with the quantiles of the waits of all runs together.
    fn pooled(
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

    fn fairness(&self) -> Metrics {
        let of_run = |&(name, part): &Metric<RunFigures>| {
            (name, self.mean(name, self.runs.iter().map(part)))
        };
        let mut all: Vec<_> = metrics::FAIRNESS_OF_RUNS.iter().map(of_run).collect();
        all.extend(self.metrics(metrics::FAIRNESS_OF_SUMS, |run| run).0);
        Metrics(all)
    }

    fn classes(&self, plan: &Dialplan) -> Vec<Row> {
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

    fn queues(&self, plan: &Dialplan) -> Vec<Row> {
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
            answer_within: Some(plan.group(plan.queues[place].group).answer_within),
            ..Row::default()
        };
        queue_names(plan).into_iter().enumerate().map(row).collect()
    }

    fn groups(&self, plan: &Dialplan) -> Vec<Row> {
        let row = |(place, group): (usize, &crate::exchange::dialplan::Group)| Row {
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

    fn agents(&self, plan: &Dialplan) -> Vec<Row> {
        let row = |(place, agent): (usize, &crate::exchange::dialplan::Agent)| Row {
            name: agent.name.clone(),
            total: self.metrics(metrics::AGENT, |run| &run.agents[place]),
            ..Row::default()
        };
        plan.agents.iter().enumerate().map(row).collect()
    }
}
