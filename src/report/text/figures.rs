//! Service level and waits of everything together, cases side by side.

use super::beside;
use super::beside::Shown;
use super::page::Page;
use super::page::is_some;
use super::page::words;
use crate::exchange::time::Span;
use crate::measure::definitions::definition;
use crate::measure::row::Row;
use crate::measure::summary::Summary;
use crate::report::study::Case;
use crate::report::study::Study;

/// What is shown, and the words where the metric's own will not do.
#[rustfmt::skip]
const FIGURES: &[(&str, &str)] = &[
    ("service_level", "service level"),
    ("service_level_of_entered", "  of entered"),
    ("service_level_of_answered", "  of answered"),
    ("abandoned_share", "abandoned, of queued"),
    ("asa_s", ""),
    ("wait_mean_s", "mean wait of all"),
    ("wait_p50_s", ""),
    ("wait_p90_s", ""),
    ("wait_p99_s", ""),
    ("wait_max_s", "longest wait"),
    ("queue_length_max", ""),
    ("occupancy", "occupancy of agents"),
    ("attempts", ""),
    ("redials", ""),
    ("blocked", ""),
    ("callers_unserved", ""),
    ("callbacks_booked", "calls back promised"),
    ("callbacks_reached", "  reached"),
    ("callbacks_on_time", "  of these, on time"),
    ("callbacks_unreached", "  given up"),
    ("callbacks_withdrawn", "  not wanted any more"),
    ("callbacks_open", "  still to be made"),
    ("callback_wait_s", "  mean wait for them"),
    ("outbound_asked", "calls out asked for"),
    ("outbound_dialled", "  times dialled"),
    ("outbound_reached", "  reached"),
    ("outbound_unreached", "  given up"),
    ("outbound_withdrawn", "  not wanted any more"),
    ("outbound_open", "  still to be reached"),
];
/// What is left out where it is nothing in every case.
const IF_ANY: &[&str] = &["redials", "blocked"];
/// The same of all figures whose names begin like this, where the first of them is nothing in every case.
const GROUPS: &[(&str, &str)] = &[
    ("callback", "callbacks_booked"),
    ("outbound", "outbound_asked"),
];

pub(super) fn print(page: &mut Page, study: &Study) {
    let level = study.base.summary.level * 100.0;
    let beside = match study.base.summary.samples() {
        1 if !study.base.summary.wants_runs() => "no confidence intervals".to_owned(),
        1 => "one run: no confidence intervals; ask for more runs".to_owned(),
        _ => {
            // Those of quantiles and of batches reach further to one side.
            let plus_minus = page.style.plus_minus();
            format!("mean {plus_minus} the further end of the {level:.0} % confidence interval")
        }
    };
    page.heading("SERVICE AND WAITS", &beside);
    let any = |name: &str| {
        let mut figures = study.cases().map(|case| case.summary.total.get(name));
        figures.any(is_some)
    };
    let lines: Vec<Shown<'_>> = FIGURES
        .iter()
        .filter(|(name, _)| !IF_ANY.contains(name) || any(name))
        .filter(|(name, _)| {
            let mut groups = GROUPS.iter();
            let group = groups.find(|(begins, _)| name.starts_with(begins));
            group.is_none_or(|(_, first)| any(first))
        })
        .map(|&(name, own)| Shown {
            label: labelled(name, own, study),
            unit: definition(name).unit,
            figure: Some(Box::new(move |summary: &Summary| summary.total.get(name))),
        })
        .collect();
    beside::print(page, study, &lines);
    let is_open = |case: &Case| {
        let figures = lines.iter().filter_map(|line| line.figure.as_ref());
        let mut figures = figures.map(|figure| figure(&case.summary));
        figures.any(|figure| figure.at_least().is_some())
    };
    if study.cases().any(is_open) {
        let sign = page.style.at_least();
        page.wrapped(
            "  ",
            &format!(
                "{sign} stands before the lower end of an interval that has no upper one: so few waits are \
                 longer, and so differently many by run, that the runs do not tell how much longer."
            ),
        );
    }
}

/// What a metric is called here.
pub(super) fn label(name: &str, study: &Study) -> String {
    let own = FIGURES.iter().find(|(known, _)| *known == name);
    labelled(name, own.map_or("", |(_, own)| *own), study)
}

fn labelled(name: &str, own: &str, study: &Study) -> String {
    let label = match own {
        "" => words(name),
        own => own.to_owned(),
    };
    match (name, within(study)) {
        ("service_level", Some(within)) => format!("{label} within {within}"),
        ("wait_max_s", _) if study.base.summary.runs > 1 => format!("{label}, mean of runs"),
        _ => label,
    }
}

/// The T of the service level, when all queues of all cases have the same.
fn within(study: &Study) -> Option<Span> {
    let mut queues = study.cases().flat_map(|case| &case.summary.queues);
    let first = queues.next()?.answer_within?;
    let same = |row: &Row| row.answer_within == Some(first);
    queues.all(same).then_some(first)
}
