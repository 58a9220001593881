//! A sweep over loads: the goodput curve for people, figures for programs and for spreadsheets.

use super::json::case;
use super::json::definitions;
use super::json::figure;
use super::json::number as json_number;
use super::json::pairs;
use super::number;
use super::number::count;
use super::number::with_interval;
use super::study::Case;
use super::study::Study;
use super::style::Style;
use super::text::footer::again;
use super::text::page::Page;
use super::text::page::right;
use super::text::title;
use crate::measure::confidence::Figure;
use crate::measure::definitions::Unit;
use serde_json::Value;
use serde_json::json;
use std::fmt::Write as _;

/// Columns of what stands in front of the curve, and behind it.
const BESIDE: usize = 73;
/// Figures of a line of CSV beside the rates, by their names in JSON.
const COLUMNS: [&str; 10] = [
    "attempts",
    "callers",
    "callers_served",
    "callers_unserved",
    "blocked",
    "abandoned_share",
    "service_level",
    "asa_s",
    "occupancy",
    "queue_length_max",
];

/// What a sweep found.
#[derive(Clone, Debug, PartialEq)]
pub struct Sweep {
    /// The scenario and how it was run. Its base case is the least load, its variants are the others.
    pub study: Study,
    /// The loads of all cases, in rising order.
    pub loads: Vec<f64>,
    /// The place of the knee, if it lies within.
    pub knee: Option<usize>,
    /// The place of twice the knee.
    pub twice: Option<usize>,
    /// The length of a run in hours, where each case has not found its own.
    pub hours: f64,
}

impl Sweep {
    fn points(&self) -> impl Iterator<Item = (f64, &Case)> {
        self.loads.iter().copied().zip(self.study.cases())
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
        let case = self.study.cases().nth(place)?;
        self.per_hour(case, "callers_served").mean
    }

    /// Goodput at twice the knee, in parts of that at the knee.
    fn kept(&self) -> Option<f64> {
        let (knee, twice) = (self.goodput(self.knee?)?, self.goodput(self.twice?)?);
        (knee > 0.0).then(|| twice / knee)
    }
}

/// The curve as text of at most 100 columns.
pub fn text(sweep: &Sweep, style: Style) -> String {
    let (mut page, study) = (Page::new(style), &sweep.study);
    title(&mut page, study, " at each load");
    page.heading("GOODPUT", "callers who got what they called for, an hour");
    curve(&mut page, sweep);
    page.line("");
    for words in findings(sweep, style) {
        page.wrapped("  ", &words);
    }
    again(&mut page, study);
    page.finish()
}

fn curve(page: &mut Page, sweep: &Sweep) {
    let width = page.style.columns().saturating_sub(BESIDE).max(8);
    let good = |case: &Case| sweep.per_hour(case, "callers_served").mean.unwrap_or(0.0);
    let most = sweep
        .points()
        .map(|(_, case)| good(case))
        .fold(0.0, f64::max);
    let head = format!(
        "  {:>5}{:>9}{:>9}  {:width$}{:>9}{:>9}{:>8}{:>9}{:>6}",
        "load", "offered", "goodput", "", "blocked", "hung up", "redials", "service", "busy"
    );
    page.line(page.style.dim(&head));
    for (place, (load, case)) in sweep.points().enumerate() {
        let total = &case.summary.total;
        let rate = |name: &str| {
            let mean = sweep.per_hour(case, name).mean;
            right(&mean.map_or("-".to_owned(), |mean| count(mean, 0)), 9)
        };
        let of = |name: &str, all: &str| {
            let (part, all) = (total.mean(name), total.mean(all));
            let share = part.zip(all).filter(|(_, all)| *all > 0.0);
            let share = share.map(|(part, all)| part / all);
            number::short(Unit::Share, share)
        };
        let beyond = sweep.knee.is_some_and(|knee| place > knee);
        let share = if most > 0.0 { good(case) / most } else { 0.0 };
        let mark = match place {
            _ if Some(place) == sweep.knee => page.style.notable(" knee"),
            _ if Some(place) == sweep.twice => page.style.dim(" twice"),
            _ => String::new(),
        };
        page.line(format!(
            "  {load:>5.2}{}{}  {}{:>9}{:>9}{:>8}{:>9}{:>6}{mark}",
            rate("callers"),
            rate("callers_served"),
            page.style.bar(share, width, !beyond),
            of("blocked", "attempts"),
            of("abandoned", "queued"),
            of("redials", "attempts"),
            number::short(Unit::Share, total.mean("service_level")),
            number::short(Unit::Share, total.mean("occupancy")),
        ));
    }
}

fn findings(sweep: &Sweep, style: Style) -> Vec<String> {
    let last = sweep.loads.last().copied().unwrap_or_default();
    let Some((knee, case)) = sweep.knee.and_then(|knee| sweep.points().nth(knee)) else {
        return vec![format!(
            "No knee up to a load of {last:.2}: the goodput still grows there. Try larger loads."
        )];
    };
    let goodput = with_interval(style, Unit::Count, sweep.per_hour(case, "callers_served"));
    let mut words = vec![format!(
        "The knee is at a load of {knee:.2}: {goodput} callers an hour get what they called for, and \
         more calls bring hardly any more."
    )];
    words.extend(sweep.kept().map(|kept| {
        let what = match kept {
            ..0.97 => "overload costs callers who would have been served",
            _ => "overload costs those who come too many, and nobody else",
        };
        format!(
            "At twice that load {:.0} % of it is left: {what}.",
            kept * 100.0
        )
    }));
    words
}

/// One object: `points[]` with what `simulate` has for a case and the load, `knee`, and
/// `goodput_kept`, the goodput at twice the knee in parts of that at the knee.
pub fn json(sweep: &Sweep) -> Value {
    let study = &sweep.study;
    let point = |(load, at): (f64, &Case)| {
        let mut object = case(study, at);
        object.insert("load".into(), json_number(Some(load)));
        for (name, count) in [
            ("offered_per_h", "callers"),
            ("attempts_per_h", "attempts"),
            ("goodput_per_h", "callers_served"),
        ] {
            object.insert(name.into(), figure(sweep.per_hour(at, count)));
        }
        Value::Object(object)
    };
    let load = |place: Option<usize>| json_number(place.map(|place| sweep.loads[place]));
    json!({
        "scenario": study.scenario,
        "title": study.title,
        "span": study.span,
        "seed": study.seed,
        "version": study.version,
        "runs": study.base.summary.runs,
        "confidence_level": study.base.summary.level,
        "points": sweep.points().map(point).collect::<Vec<_>>(),
        "knee": load(sweep.knee),
        "twice_the_knee": load(sweep.twice),
        "goodput_kept": json_number(sweep.kept()),
        "definitions": definitions(),
        "assumptions": pairs(&study.assumptions),
        "files": pairs(&study.files),
        "notes": study.notes,
        "command": study.command,
    })
}

/// A line for each load; every figure with the ends of its interval.
pub fn csv(sweep: &Sweep) -> String {
    let rates = [
        ("offered_per_h", "callers"),
        ("goodput_per_h", "callers_served"),
    ];
    let names = rates.iter().map(|(name, _)| *name).chain(COLUMNS);
    let heads = names.map(|name| format!("{name},{name}_low,{name}_high"));
    let mut text = format!("load,{}\n", heads.collect::<Vec<_>>().join(","));
    for (load, case) in sweep.points() {
        let rates = rates.iter().map(|(_, count)| sweep.per_hour(case, count));
        let figures = rates.chain(COLUMNS.map(|name| case.summary.total.get(name)));
        let _ = write!(text, "{load}");
        for value in figures.flat_map(|figure| [figure.mean, figure.low, figure.high]) {
            let _ = match value {
                Some(value) => write!(text, ",{value}"),
                None => write!(text, ","),
            };
        }
        text.push('\n');
    }
    text
}
