//! A sweep over loads and settings: curves and tables for people, figures for programs and for
//! spreadsheets.

mod curve;
mod goals;
mod grid;
mod json;
pub mod ramp;
mod saved;
mod table;
mod words;

pub use json::json;
pub use table::csv;

use super::study::Case;
use super::study::Study;
use super::style::Style;
use super::text::footer::again;
use super::text::page::Page;
use super::text::title;
use crate::measure::figure::Figure;

/// What a sweep found.
#[derive(Clone, Debug, PartialEq)]
pub struct Sweep {
    /// The scenario and how it was run. Its base case is the first point, its variants are the others;
    /// the last dimension changes fastest.
    pub study: Study,
    /// The loads, if there are any, and the keys; one or two of them have several values.
    pub axes: Vec<Axis>,
    /// Where load is the one dimension, the place of the knee, if it lies within.
    pub knee: Option<usize>,
    /// The place of twice the knee.
    pub twice: Option<usize>,
    /// Where a setting is a dimension, the place of the largest goodput.
    pub best: Option<usize>,
    /// How long the points took to recover from the spike, if there was to be one.
    pub spike: Option<Spike>,
    /// The length of a run in hours, where each case has not found its own.
    pub hours: f64,
}

/// The loads, or a key.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// `load`, or the key.
    pub name: String,
    /// As written, and as numbers where they are plain ones.
    pub values: Vec<(String, Option<f64>)>,
}

/// A spike, and what came after it.
#[derive(Clone, Debug, PartialEq)]
pub struct Spike {
    /// When: `10:00-10:40`.
    pub when: String,
    /// What came of it, point by point.
    pub recovered: Vec<Recovered>,
    /// What recovered means.
    pub meaning: String,
}

/// How long the runs of a point took to recover.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recovered {
    /// From the end of the spike, of the runs that tell.
    pub after: Figure,
    /// Runs that did not recover; they count with the time to their end.
    pub missing_runs: usize,
    /// Runs with too few outcomes to tell.
    pub untold_runs: usize,
}

impl Sweep {
    fn cases(&self) -> impl Iterator<Item = &Case> {
        self.study.cases()
    }

    /// Whether there is any of what a metric of the whole counts, at any point.
    fn has_any(&self, name: &str) -> bool {
        let mut means = self.cases().map(|case| case.summary.total.mean(name));
        means.any(|mean| mean > Some(0.0))
    }

    /// Whether calls out are told of.
    fn tells_calls_out(&self) -> bool {
        self.has_any("outbound_asked")
    }

    /// Whether calls back are told of: where there are some, and where no calls out stand in their place.
    fn tells_calls_back(&self) -> bool {
        self.has_any("callback") || !self.tells_calls_out()
    }

    /// The axes with several values; the first where none has.
    fn dimensions(&self) -> Vec<&Axis> {
        let several = self.axes.iter().filter(|axis| axis.values.len() > 1);
        let several: Vec<&Axis> = several.collect();
        match several.is_empty() {
            true => self.axes.iter().take(1).collect(),
            false => several,
        }
    }

    /// Whether it sets something of this table of the scenario.
    fn sets(&self, table: &str) -> bool {
        let is_in = |axis: &Axis| axis.name.split('.').next() == Some(table);
        self.axes.iter().any(is_in)
    }

    /// What holds for all points: `line.trunks = 200`.
    fn fixed(&self) -> Vec<String> {
        let dimensions = self.dimensions();
        let is_fixed = |axis: &&Axis| !dimensions.iter().any(|one| one.name == axis.name);
        let words = |axis: &Axis| {
            let (label, _) = axis.values.first()?;
            Some(format!("{} = {label}", axis.name))
        };
        self.axes
            .iter()
            .filter(is_fixed)
            .filter_map(words)
            .collect()
    }

    /// The values of a point, one for each dimension.
    fn at(&self, place: usize) -> impl Iterator<Item = (&str, &(String, Option<f64>))> {
        values_at(&self.axes, place)
    }

    /// A count by the hour.
    fn per_hour(&self, case: &Case, name: &str) -> Figure {
        let count = case.summary.total.get(name);
        let steady = case.summary.steady;
        let hours = steady.map_or(self.hours, |steady| steady.counted().as_seconds() / 3600.0);
        let rate = |value: Option<f64>| value.map(|value| value / hours);
        Figure {
            mean: rate(count.mean),
            low: rate(count.low),
            high: rate(count.high),
        }
    }

    fn goodput(&self, place: usize) -> Option<f64> {
        let case = self.cases().nth(place)?;
        self.per_hour(case, "callers_served").mean
    }

    fn most(&self) -> f64 {
        let goodput = self
            .cases()
            .map(|case| self.per_hour(case, "callers_served").mean);
        goodput.flatten().fold(0.0, f64::max)
    }

    /// Goodput at twice the knee, in parts of that at the knee.
    fn kept(&self) -> Option<f64> {
        let (knee, twice) = (self.goodput(self.knee?)?, self.goodput(self.twice?)?);
        (knee > 0.0).then(|| twice / knee)
    }
}

/// The names of all queues: points may have menus of their own.
fn queues(sweep: &Sweep) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for queue in sweep.cases().flat_map(|case| &case.summary.queues) {
        if !names.contains(&queue.name.as_str()) {
            names.push(&queue.name);
        }
    }
    names
}

/// Refusals at the door of a queue; undefined of a point that has none of this name.
fn turned_away(case: &Case, name: &str) -> Figure {
    let queue = case.summary.queues.iter().find(|queue| queue.name == name);
    queue.map_or(Figure::NONE, |queue| queue.total.get("turned_away"))
}

/// What a point is called, by the values that differ: `load 2`.
pub fn point_name(axes: &[Axis], place: usize) -> String {
    let several = axes.iter().map(|axis| axis.values.len() > 1);
    let values = values_at(axes, place).zip(several);
    let values = values.filter(|(_, several)| *several);
    let values = values.map(|((name, (label, _)), _)| format!("{name} {label}"));
    values.collect::<Vec<_>>().join(", ")
}

fn values_at(axes: &[Axis], place: usize) -> impl Iterator<Item = (&str, &(String, Option<f64>))> {
    let mut size: usize = axes.iter().map(|axis| axis.values.len()).product();
    let mut rest = place;
    axes.iter().map(move |axis| {
        size /= axis.values.len();
        let value = &axis.values[rest / size];
        rest %= size;
        (axis.name.as_str(), value)
    })
}

/// The page, of at most 100 columns.
pub fn text(sweep: &Sweep, style: Style) -> String {
    let (mut page, study) = (Page::new(style), &sweep.study);
    let dimensions = sweep.dimensions();
    let more = match &dimensions[..] {
        [one] if one.name == "load" => " at each load",
        _ => " at each point",
    };
    title(&mut page, study, more);
    fixed(&mut page, &sweep.fixed());
    if let Some(spike) = &sweep.spike {
        let when = &spike.when;
        page.wrapped(
            "  ",
            &format!("spike {when}: its calls alone are multiplied with the load"),
        );
    }
    match dimensions[..] {
        [rows, columns] => grid::print(&mut page, sweep, rows, columns),
        _ => curve::print(&mut page, sweep),
    }
    let findings = words::findings(sweep, style);
    if !findings.is_empty() {
        page.line("");
    }
    for words in findings {
        page.wrapped("  ", &words);
    }
    words::meanings(&mut page, sweep);
    again(&mut page, study);
    page.finish()
}

/// What holds for all points, or for the whole ramp.
fn fixed(page: &mut Page, all: &[String]) {
    if !all.is_empty() {
        page.wrapped("  ", &format!("with {}", all.join(", ")));
    }
}
