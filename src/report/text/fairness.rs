//! Fairness to agents and to callers, cases side by side.

use super::beside;
use super::beside::Shown;
use super::page::Page;
use super::page::is_some;
use super::page::words;
use crate::measure::definitions::definition;
use crate::measure::summary::Summary;
use crate::report::study::Study;

/// What is shown, where there is anything of it, and the words where the metric's own will not do.
#[rustfmt::skip]
const FIGURES: &[(&str, &str)] = &[
    ("share_error_rms", ""),
    ("share_error_dispatcher_rms", "  by the dispatcher"),
    ("share_error_forgiven_rms", "  forgiven by catch_up"),
    ("share_error_structural_rms", "  beyond its choice"),
    ("share_error_max", "  of the worst agent"),
    ("inequitable_share", ""),
    ("inequitable_forgiven_share", "  forgiven by catch_up"),
    ("join_flood", ""),
    ("longest_streak", ""),
    ("missed_offers", ""),
    ("inversions_per_1000", ""),
    ("expected_wait_bias_s", ""),
    ("expected_wait_error_s", "  off by, either way"),
];

pub(super) fn print(page: &mut Page, study: &Study) {
    if !has(&study.base.summary, "share_error_rms") {
        // Nobody was at work.
        return;
    }
    page.heading(
        "FAIRNESS",
        "calls taken against calls due, and callers against their turn",
    );
    let mut lines: Vec<Shown<'_>> = FIGURES
        .iter()
        .filter(|(name, _)| study.cases().any(|case| has(&case.summary, name)))
        .filter(|(name, _)| study.cases().any(|case| is_worth(&case.summary, name)))
        .map(|&(name, own)| Shown {
            label: match own {
                "" => words(name),
                own => own.to_owned(),
            },
            unit: definition(name).unit,
            figure: Box::new(move |summary: &Summary| summary.fairness.get(name)),
        })
        .collect();
    lines.extend(classes(study));
    beside::print(page, study, &lines);
}

/// Whether the figure has a value.
fn has(summary: &Summary, name: &str) -> bool {
    summary.fairness.mean(name).is_some()
}

/// Whether it says something: where nothing was forgiven, nothing is said of it.
fn is_worth(summary: &Summary, name: &str) -> bool {
    !name.contains("forgiven") || is_some(summary.fairness.get(name))
}

/// What the figures mean that are shown of the base case.
pub(super) fn explain(page: &mut Page, study: &Study) {
    let base = &study.base.summary;
    let shown = |(name, _): &&(&str, &str)| has(base, name) && is_worth(base, name);
    for (name, _) in FIGURES.iter().filter(shown) {
        page.entry(&words(name), definition(name).sentence);
    }
}

/// The mean waits of the classes of callers, where there are several.
fn classes(study: &Study) -> Vec<Shown<'_>> {
    let classes = &study.base.summary.classes;
    if classes.len() < 2 {
        return Vec::new();
    }
    let line = |place: usize| Shown {
        label: format!("mean wait, {}", classes[place].name),
        unit: definition("wait_mean_s").unit,
        figure: Box::new(move |summary: &Summary| summary.classes[place].total.get("wait_mean_s")),
    };
    let seen = |place: &usize| is_some(classes[*place].total.get("entered"));
    (0..classes.len()).filter(seen).map(line).collect()
}
