//! How many runs are enough: as many as make figures as sure as was asked for.
//!
//! Ten runs first, then always so many that the intervals should be narrow enough by then, for they
//! narrow with the root of the runs, but at most twice as many (Law, *Simulation Modeling and
//! Analysis*, 5th ed., §9.4.1; a stop that the figures decide makes intervals a little too narrow, the
//! less so the more runs there are before it).

use super::model::Model;
use super::replicate::replicate;
use super::study::LEVEL;
use crate::measure::Figure;
use crate::measure::RunFigures;
use crate::measure::Summary;
use crate::measure::confidence::SAME_MIN;
use crate::measure::definitions::Unit;
use crate::measure::definitions::definition;
use crate::measure::row::Metrics;
use crate::measure::row::Row;
use crate::menu::value::suggestion;
use std::fmt;
use std::str::FromStr;

/// Runs before anything is judged.
pub const RUNS_MIN: u32 = 10;
/// The same where figures are controlled: few runs do not tell well by how much that is surer.
const CONTROLLED_MIN: u32 = 30;
/// Runs at which it ends, whether or not all is reached, unless asked otherwise.
pub const RUNS_MAX: u32 = 10_000;

/// A figure, and half the width that its interval may have.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// As in JSON: `service_level`, `queue.support.asa_s`, `group.desk.occupancy`,
    /// `fairness.share_error_rms`.
    figure: String,
    half: HalfWidth,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum HalfWidth {
    /// Parts of the figure's mean.
    Relative(f64),
    /// Parts of a share: a point is 0.01.
    Points(f64),
    Seconds(f64),
    /// In whatever the figure counts.
    Plain(f64),
}

/// What came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reached {
    /// The figure.
    pub figure: String,
    /// As written: `0.5pt`, `2%`, `0.2s`.
    pub wanted: String,
    /// Half the width of the interval, in the figure's unit; none where there is no interval.
    pub half_width: Option<f64>,
    /// Whether that is narrow enough.
    pub reached: bool,
    /// Runs that would have been enough, as far as these tell; none when they do not tell.
    pub runs_needed: Option<u64>,
}

impl fmt::Display for HalfWidth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Twelve digits: what 0.005 * 100 adds beyond them was not written.
        let short = |value: f64| (value * 1e12).round() / 1e12;
        match self {
            Self::Relative(part) => write!(f, "{}%", short(part * 100.0)),
            Self::Points(share) => write!(f, "{}pt", short(share * 100.0)),
            Self::Seconds(seconds) => write!(f, "{seconds}s"),
            Self::Plain(count) => write!(f, "{count}"),
        }
    }
}

impl FromStr for Wanted {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            "write a figure and half the width of its interval: `service_level=0.5pt`, \
             `queue.support.asa_s=0.2s`, `abandoned_share=2%` of itself, `attempts=5`"
                .to_owned()
        };
        let (figure, half) = text.split_once('=').ok_or_else(wrong)?;
        let (figure, half) = (figure.trim(), half.trim());
        let number = |text: &str| {
            let number = text.trim().parse().ok();
            number.filter(|number: &f64| *number > 0.0 && number.is_finite())
        };
        let ends = |unit: &str| half.strip_suffix(unit);
        let half = if let Some(percent) = ends("%") {
            number(percent).map(|percent| HalfWidth::Relative(percent / 100.0))
        } else if let Some(points) = ends("pt") {
            number(points).map(|points| HalfWidth::Points(points / 100.0))
        } else if let Some(seconds) = ends("s") {
            number(seconds).map(HalfWidth::Seconds)
        } else {
            number(half).map(HalfWidth::Plain)
        };
        Ok(Self {
            figure: figure.to_owned(),
            half: half.ok_or_else(wrong)?,
        })
    }
}

impl Wanted {
    /// The figure in a case, or why there is none.
    fn find(&self, summary: &Summary) -> Result<(Figure, Unit), String> {
        let unknown = |what: &str, names: Vec<&str>| {
            let help = suggestion(what, names).map_or_else(String::new, |help| format!(": {help}"));
            format!("there is no figure `{}`{help}", self.figure)
        };
        let of = |metrics: &Metrics, name: &str| {
            let found = metrics.find(name);
            let names = || metrics.0.iter().map(|(name, _)| *name).collect();
            let figure = found.ok_or_else(|| unknown(name, names()))?;
            Ok((figure, definition(name).unit))
        };
        let of_row = |rows: &[Row], rest: &str| {
            let names = || rows.iter().map(|row| row.name.as_str()).collect();
            let (name, metric) = rest.rsplit_once('.').unwrap_or((rest, ""));
            let row = rows.iter().find(|row| row.name == name);
            of(&row.ok_or_else(|| unknown(name, names()))?.total, metric)
        };
        match self.figure.split_once('.') {
            Some(("line", rest)) => of_row(&summary.lines, rest),
            Some(("queue", rest)) => of_row(&summary.queues, rest),
            Some(("group", rest)) => of_row(&summary.groups, rest),
            Some(("fairness", metric)) => of(&summary.fairness, metric),
            Some(("total", metric)) => of(&summary.total, metric),
            _ => of(&summary.total, &self.figure),
        }
    }

    /// Whether there is such a figure, in such a unit.
    pub fn check(&self, model: &Model) -> Result<(), String> {
        let nothing = model.summary(&[], LEVEL);
        let (_, unit) = self.find(&nothing)?;
        let (figure, half) = (&self.figure, self.half);
        let seconds = matches!(unit, Unit::Seconds | Unit::SecondsMore);
        match half {
            HalfWidth::Points(_) if unit != Unit::Share => {
                Err(format!("`{figure}` is no share: {half} says nothing of it"))
            }
            HalfWidth::Seconds(_) if !seconds => {
                Err(format!("`{figure}` is no time: {half} says nothing of it"))
            }
            HalfWidth::Plain(_) if seconds || unit == Unit::Share => {
                let unit = if seconds { "s" } else { "pt" };
                Err(format!("`{figure}` is not counted: write `{half}{unit}`"))
            }
            _ => Ok(()),
        }
    }

    fn reached(&self, summary: &Summary) -> Reached {
        let figure = self
            .find(summary)
            .map_or(Figure::NONE, |(figure, _)| figure);
        let half_width = figure.half_width();
        let enough = match self.half {
            HalfWidth::Relative(part) => figure.mean.map(|mean| part * mean.abs()),
            HalfWidth::Points(most) | HalfWidth::Seconds(most) | HalfWidth::Plain(most) => {
                Some(most)
            }
        };
        let narrow = half_width
            .zip(enough)
            .is_some_and(|(half, enough)| half <= enough);
        let excess = half_width.zip(enough).map(|(half, enough)| half / enough);
        let needed = match half_width {
            // It does not tell how it varies.
            Some(0.0) => Some((SAME_MIN * summary.runs).div_ceil(summary.samples().max(1)) as f64),
            _ => excess.map(|excess| summary.runs as f64 * excess * excess),
        };
        let is_told = half_width != Some(0.0) || summary.samples() >= SAME_MIN;
        Reached {
            figure: self.figure.clone(),
            wanted: self.half.to_string(),
            half_width,
            reached: narrow && is_told,
            runs_needed: needed
                .filter(|needed| needed.is_finite())
                .map(|needed| needed.ceil() as u64),
        }
    }
}

/// Runs a case until every figure is as sure as wanted, or `most` runs are made. `more` is told how
/// many runs there will be, `done` is called after each.
pub fn run_until(
    model: &Model,
    seed: u64,
    (wanted, most): (&[Wanted], u32),
    more: impl Fn(u32),
    done: &(impl Fn() + Sync),
) -> (Vec<RunFigures>, Vec<Reached>) {
    let mut runs: Vec<RunFigures> = Vec::new();
    // One long run is many batches.
    let first = match model.steady {
        Some(steady) if steady.batches > 0 => 1,
        _ if model.is_controlled() => CONTROLLED_MIN,
        _ => RUNS_MIN,
    };
    let mut until = first.min(most);
    loop {
        more(until);
        runs.extend(replicate(model, seed, runs.len() as u32..until, done));
        let summary = model.summary(&runs, LEVEL);
        let reached: Vec<Reached> = wanted.iter().map(|one| one.reached(&summary)).collect();
        if until == most || reached.iter().all(|one| one.reached) {
            return (runs, reached);
        }
        until = next(until, most, &reached);
    }
}

/// How many runs there should be next.
fn next(runs: u32, most: u32, reached: &[Reached]) -> u32 {
    let missing = reached.iter().filter(|one| !one.reached);
    let needed = missing.map(|one| one.runs_needed.unwrap_or(u64::MAX)).max();
    let least = u64::from(runs) + 1;
    let needed = needed.unwrap_or(least).clamp(least, u64::from(runs) * 2);
    needed.min(u64::from(most)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_read_and_said_again() {
        for text in [
            "service_level=0.5pt",
            "asa_s=2%",
            "queue.a.asa_s=0.2s",
            "attempts=5",
        ] {
            let wanted: Wanted = text.parse().expect("a figure and a width");
            assert_eq!(format!("{}={}", wanted.figure, wanted.half), text);
        }
        for text in [
            "service_level",
            "asa_s=",
            "asa_s=0s",
            "asa_s=-1s",
            "asa_s=NaN",
            "a=inf",
            "a=1x",
        ] {
            assert!(text.parse::<Wanted>().is_err(), "{text}");
        }
    }

    #[test]
    fn runs_grow_as_the_figures_need_and_at_most_double() {
        let one = |runs_needed, reached| Reached {
            figure: String::new(),
            wanted: String::new(),
            half_width: None,
            reached,
            runs_needed,
        };
        assert_eq!(
            next(10, 1000, &[one(Some(13), false), one(Some(900), true)]),
            13
        );
        assert_eq!(
            next(10, 1000, &[one(Some(13), false), one(Some(900), false)]),
            20
        );
        assert_eq!(next(10, 1000, &[one(None, false)]), 20);
        assert_eq!(next(10, 11, &[one(Some(900), false)]), 11);
        // Estimated as enough before it was.
        assert_eq!(next(10, 1000, &[one(Some(10), false)]), 11);
    }
}
