//! One line per interval of the base case, the worst marked.

use super::page::Page;
use super::page::left;
use super::page::right;
use crate::measure::definitions::Unit;
use crate::measure::judged::CALLS_LEAST;
use crate::measure::row::Metrics;
use crate::measure::summary::Summary;
use crate::report::number;
use crate::report::study::Study;

/// Lines shown; of more intervals only the worst are.
const LINES_MAX: usize = 96;
/// Columns of a service level.
const LEVEL: usize = 6;
/// Behind the worst interval.
const WORST: &str = " <- worst";
/// How many are shown then.
const WORST_SHOWN: usize = 24;

pub(super) fn print(page: &mut Page, study: &Study) {
    let summary = &study.base.summary;
    let intervals = &summary.intervals;
    if intervals.is_empty() {
        return;
    }
    let mut shown: Vec<usize> = (0..intervals.len()).collect();
    shown.sort_by(|&a, &b| badness(summary, b).total_cmp(&badness(summary, a)));
    let worst = worst(summary);
    let beside = match intervals.len() {
        all if all > LINES_MAX => {
            shown.truncate(WORST_SHOWN);
            format!("the {WORST_SHOWN} worst of {all}; all are in the JSON")
        }
        _ => "by the time at which callers came".to_owned(),
    };
    shown.sort_unstable();
    page.heading("INTERVALS", &beside);
    let start = study.starts.iter().map(|start| start.chars().count()).max();
    let start = start.unwrap_or(0).max(8);
    head(page, start);
    for at in shown {
        let name = study.starts.get(at).map_or("", String::as_str);
        line(page, (name, start), &intervals[at], Some(at) == worst);
    }
}

/// The interval in which callers fared worst, of those by which the line is judged, if they fared badly
/// anywhere.
pub(super) fn worst(summary: &Summary) -> Option<usize> {
    let mut worst = None;
    let mut most = 0.0;
    for place in 0..summary.intervals.len() {
        let badness = badness(summary, place);
        if badness > most {
            (worst, most) = (Some(place), badness);
        }
    }
    worst
}

/// Orders intervals: the lowest service level first, among equals the most callers lost. 0 where the line
/// is not judged by the interval.
fn badness(summary: &Summary, place: usize) -> f64 {
    if !summary.judged[place] {
        return 0.0;
    }
    let interval = &summary.intervals[place];
    let lost: f64 = ["blocked", "abandoned", "turned_away"]
        .iter()
        .filter_map(|name| interval.mean(name))
        .sum();
    let missed = interval
        .mean("service_level")
        .map_or(0.0, |level| 1.0 - level);
    // whole per mille first: what looks equal in the table is equal
    let missed = (missed * 1000.0).round();
    match missed > 0.0 || lost >= CALLS_LEAST {
        true => missed + lost / (1.0 + lost),
        // Of hardly anybody lost there is no worst.
        false => 0.0,
    }
}

fn head(page: &mut Page, start: usize) {
    let bar = bar_width(page, start);
    let queued = if shows_queued(page) {
        right("queued", 9)
    } else {
        String::new()
    };
    let head = format!(
        "  {:start$}{:>9}{:>9}{queued}  {}{:>8}{:>10}{:>6}",
        "interval",
        "attempts",
        "blocked",
        left("service level", bar),
        "ASA",
        "abandon.",
        "busy"
    );
    page.line(page.style.dim(&head));
}

fn line(page: &mut Page, (name, start): (&str, usize), at: &Metrics, worst: bool) {
    let whole = |name: &str| right(&number::narrow(at.mean(name)), 9);
    let share = |name: &str| number::short(Unit::Share, at.mean(name));
    let queued = if shows_queued(page) {
        whole("queued")
    } else {
        String::new()
    };
    let bar = bar_width(page, start) - LEVEL;
    let level = at.mean("service_level");
    let drawn = page.style.bar(level.unwrap_or(0.0), bar, !worst);
    let mark = if worst {
        page.style.bad(WORST)
    } else {
        String::new()
    };
    page.line(format!(
        "  {name:start$}{}{}{queued}  {drawn}{:>LEVEL$}{:>8}{:>10}{:>6}{mark}",
        whole("attempts"),
        whole("blocked"),
        share("service_level"),
        number::short(Unit::Seconds, at.mean("asa_s")),
        share("abandoned_share"),
        share("occupancy"),
    ));
}

/// Whether there is room for how many joined a queue.
fn shows_queued(page: &Page) -> bool {
    page.style.columns() >= 90
}

/// What is left for the bar and its value.
fn bar_width(page: &Page, start: usize) -> usize {
    let counts = if shows_queued(page) { 27 } else { 18 };
    let others = 2 + start + counts + 2 + 24 + WORST.len();
    page.style.columns().saturating_sub(others).max(LEVEL + 5)
}
