//! A system whose figures are known exactly, and how the simulator is held against them.

use super::site::Site;
use super::watch;
use super::watch::Run;
use rayon::prelude::*;
use strowger::measure::Figure;
use strowger::measure::Summary;
use strowger::measure::confidence::Confidence;
use strowger::measure::figure::Part;
use strowger::measure::student::p_two_sided;
use strowger::measure::student::t_two_sided;

/// The level of the intervals that are shown.
pub(super) const LEVEL: f64 = 0.99;

/// A system.
pub(super) struct System {
    pub(super) name: &'static str,
    /// What it is, how it is simulated, and where the exact values are from.
    pub(super) about: String,
    pub(super) site: Site,
    pub(super) runs: u32,
    pub(super) figures: Vec<Held>,
}

/// A figure and its exact value.
pub(super) struct Held {
    pub(super) name: String,
    pub(super) unit: Unit,
    pub(super) exact: f64,
    from: From,
}

/// What a figure counts in.
#[derive(Clone, Copy)]
pub(super) enum Unit {
    Share,
    Seconds,
    Number,
}

/// Where a figure is taken from.
enum From {
    Reported(Reported),
    Counted(Box<dyn Fn(&Run) -> Part>),
}

/// A figure of the simulator's summary.
type Reported = Box<dyn Fn(&Summary) -> Figure>;

impl Held {
    /// A metric that the simulator reports of everything together.
    pub(super) fn metric(name: &str, unit: Unit, metric: &'static str, exact: f64) -> Self {
        Self::reported(name, unit, exact, move |summary| summary.total.get(metric))
    }

    /// A figure of the simulator's report.
    pub(super) fn reported(
        name: &str,
        unit: Unit,
        exact: f64,
        figure: impl Fn(&Summary) -> Figure + 'static,
    ) -> Self {
        Self {
            name: name.to_owned(),
            unit,
            exact,
            from: From::Reported(Box::new(figure)),
        }
    }

    /// A ratio of what was counted in the runs.
    pub(super) fn counted(
        name: &str,
        unit: Unit,
        exact: f64,
        part: impl Fn(&Run) -> Part + 'static,
    ) -> Self {
        Self {
            name: name.to_owned(),
            unit,
            exact,
            from: From::Counted(Box::new(part)),
        }
    }

    /// The same with something before its name.
    pub(super) fn called(mut self, before: &str) -> Self {
        self.name.insert_str(0, before);
        self
    }
}

/// A system after its runs.
pub(super) struct Judged {
    pub(super) name: &'static str,
    pub(super) about: String,
    pub(super) runs: u32,
    pub(super) attempts: u64,
    pub(super) rows: Vec<Row>,
}

/// A figure after the runs.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) unit: Unit,
    pub(super) exact: f64,
    pub(super) figure: Figure,
    runs: u32,
}

impl System {
    /// Runs it from a seed.
    pub(super) fn judge(self, seed: u64) -> Judged {
        let model = self.site.model();
        let runs = (0..self.runs).into_par_iter();
        let runs: Vec<Run> = runs.map(|run| watch::run(&model, seed, run)).collect();
        let figures: Vec<_> = runs.iter().map(|run| run.figures.clone()).collect();
        let summary = Summary::new(&model.plan, model.frame, &figures, LEVEL);
        let confidence = Confidence::new(LEVEL, runs.len());
        let row = |held: Held| Row {
            figure: match held.from {
                From::Reported(figure) => figure(&summary),
                From::Counted(part) => confidence.ratio(runs.iter().map(&*part)),
            },
            name: held.name,
            unit: held.unit,
            exact: held.exact,
            runs: self.runs,
        };
        Judged {
            name: self.name,
            about: self.about,
            runs: self.runs,
            attempts: figures.iter().map(|run| run.total.calls.attempts).sum(),
            rows: self.figures.into_iter().map(row).collect(),
        }
    }
}

impl Row {
    pub(super) fn is_inside(&self) -> bool {
        self.figure.contains(self.exact)
    }

    /// The simulated value less the exact one, in standard errors.
    pub(super) fn distance(&self) -> f64 {
        (self.mean() - self.exact) / self.standard_error()
    }

    /// How likely a distance as large as this is when the simulator is right.
    pub(super) fn p(&self) -> f64 {
        p_two_sided(self.distance().abs(), self.runs as usize - 1)
    }

    pub(super) fn mean(&self) -> f64 {
        self.figure.mean.expect("a figure")
    }

    /// Half of the interval over the exact value.
    pub(super) fn width(&self) -> f64 {
        self.figure.half_width().expect("several runs") / self.exact
    }

    fn standard_error(&self) -> f64 {
        let half = self.figure.half_width().expect("several runs");
        half / t_two_sided(LEVEL, self.runs as usize - 1)
    }
}
