//! Figures over all runs, ready to be printed.

use super::confidence::Confidence;
use super::control::Control;
use super::control::Controlled;
use super::control::Uncontrolled;
use super::figure::Figure;
use super::frame::Frame;
use super::maker::Maker;
use super::metrics;
use super::row::Metrics;
use super::row::Row;
use super::run::RunFigures;
use super::steady::Steady;
use super::steady::memory;
use super::worth::Costs;
use super::worth::WorthRows;
use crate::exchange::dialplan::Dialplan;

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
    /// The lines, in the dialplan's order, where there are several.
    pub lines: Vec<Row>,
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
    /// Callers by the class that a look-up tells, those of none first; none where no look-up tells any.
    pub told_classes: Vec<Row>,
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
        let maker = Maker::new(runs, confidence, frame.intervals);
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
            lines: maker.lines(plan),
            queues: maker.queues(plan),
            groups: maker.groups(plan),
            agents: maker.agents(plan),
            fairness: maker.fairness(),
            classes: maker.classes(plan),
            told_classes: maker.told_classes(plan),
            worth: WorthRows::new(plan, &maker),
        };
        summary.with_openings(plan, |_, _| true)
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
