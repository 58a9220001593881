//! A sweep for spreadsheets.

use super::Sweep;
use super::goals;
use super::json::recovered;
use super::queues;
use super::turned_away;
use crate::measure::figure::Figure;
use std::fmt::Write as _;

/// Figures by the hour, and the counts they come from.
const RATES: [(&str, &str); 2] = [
    ("offered_per_h", "callers"),
    ("goodput_per_h", "callers_served"),
];
/// Figures of the whole, by their names in JSON.
const COLUMNS: [&str; 23] = [
    "attempts",
    "callers",
    "attempts_per_caller",
    "callers_served",
    "callers_unserved",
    "blocked",
    "left_in_menu",
    "turned_away",
    "callback",
    "callbacks_reached",
    "callbacks_on_time",
    "callbacks_open",
    "outbound_asked",
    "outbound_reached",
    "outbound_open",
    "abandoned",
    "abandoned_share",
    "service_level",
    "asa_s",
    "occupancy",
    "queue_length_max",
    "trunk_s",
    "trunk_wasted_s",
];
/// Figures of fairness.
const FAIRNESS: [&str; 2] = ["share_error_rms", "inequitable_share"];

/// A row for each point: the value of each dimension, then figures, each with the ends of its interval;
/// refusals of each queue as `queue.NAME.turned_away`. Where it sets goals, the figure of each and whether it is met, as
/// `goal.queue.NAME.service_level` and `goal.queue.NAME.service_level_met`; where it sets costs, what answers save.
pub fn csv(sweep: &Sweep) -> String {
    let all = queues(sweep);
    let queues = all.iter().map(|name| format!("queue.{name}.turned_away"));
    let spike = sweep.spike.iter().map(|_| "recovery_s".to_owned());
    let names = RATES.iter().map(|(name, _)| *name);
    let names = names.chain(COLUMNS).chain(FAIRNESS).map(str::to_owned);
    let names = names.chain(queues).chain(spike);
    let axes = sweep.axes.iter().map(|axis| cell(&axis.name));
    let heads = axes.chain(names.map(|name| {
        let name = cell(&name);
        format!(
            "{name},{}",
            ["low", "high"].map(|end| with_end(&name, end)).join(",")
        )
    }));
    let mut text = heads.collect::<Vec<_>>().join(",");
    if sweep.spike.is_some() {
        text += ",recovery_missing_runs,recovery_untold_runs";
    }
    let aims = goals::aims(sweep);
    for (subject, metric) in &aims {
        let name = cell(&format!("goal.{subject}.{metric}"));
        let ends = ["low", "high", "met"].map(|end| with_end(&name, end));
        let _ = write!(text, ",{name},{}", ends.join(","));
    }
    if sweep.sets("costs") {
        text += ",saved_s,saved_money";
    }
    text.push('\n');
    for (place, case) in sweep.cases().enumerate() {
        let summary = &case.summary;
        let rates = RATES.iter().map(|(_, count)| sweep.per_hour(case, count));
        let whole = COLUMNS.map(|name| summary.total.get(name));
        let fairness = FAIRNESS.map(|name| summary.fairness.get(name));
        let queues = all.iter().map(|name| turned_away(case, name));
        let recovered = recovered(sweep, place);
        let figures = rates.chain(whole).chain(fairness).chain(queues);
        let figures = figures.chain(recovered.map(|recovered| recovered.after));
        let at = sweep.at(place).map(|(_, (label, number))| match number {
            Some(number) => number.to_string(),
            None => cell(label),
        });
        text += &at.collect::<Vec<_>>().join(",");
        figures.for_each(|figure| add(&mut text, figure));
        if let Some(recovered) = recovered {
            let (missing, untold) = (recovered.missing_runs, recovered.untold_runs);
            let _ = write!(text, ",{missing},{untold}");
        }
        for goal in aims.iter().map(|aim| goals::of(case, *aim)) {
            add(&mut text, goal.map_or(Figure::NONE, |goal| goal.value));
            let met = goal.map_or(String::new(), |goal| goal.met.to_string());
            let _ = write!(text, ",{met}");
        }
        if sweep.sets("costs") {
            let worth = &case.summary.worth;
            let money = worth.saved_money().map(|money| money.to_string());
            let _ = write!(text, ",{},{}", worth.saved_s(), money.unwrap_or_default());
        }
        text.push('\n');
    }
    text
}

/// The three numbers of a figure, each after a comma.
pub(super) fn add(text: &mut String, figure: Figure) {
    for value in [figure.mean, figure.low, figure.high] {
        let _ = match value {
            Some(value) => write!(text, ",{value}"),
            None => write!(text, ","),
        };
    }
}

/// The name of an end of an interval; the quotes stay around it.
fn with_end(name: &str, end: &str) -> String {
    match name.strip_suffix('"') {
        Some(quoted) => format!("{quoted}_{end}\""),
        None => format!("{name}_{end}"),
    }
}

/// A text as a cell (RFC 4180).
fn cell(text: &str) -> String {
    match text.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    }
}
