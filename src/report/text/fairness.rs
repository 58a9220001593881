//! Fairness to agents and to callers, cases side by side.

use super::beside;
use super::beside::Shown;
use super::page::Page;
use super::page::is_some;
use super::page::words;
use crate::measure::definitions::definition;
use crate::measure::figure::Figure;
use crate::measure::row::Row;
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
            figure: Some(Box::new(move |summary: &Summary| {
                summary.fairness.get(name)
            })),
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

/// How classes of callers wait, how many of them hang up, and how many are turned away, where there are
/// several: those of queues, and those that look-ups tell.
fn classes(study: &Study) -> Vec<Shown<'_>> {
    let mut lines = of_classes(study, "by priority", |summary| &summary.classes);
    lines.extend(of_classes(study, "by class", |summary| {
        &summary.told_classes
    }));
    lines
}

fn of_classes<'s>(study: &'s Study, by: &str, classes: fn(&Summary) -> &[Row]) -> Vec<Shown<'s>> {
    let mut names: Vec<&str> = Vec::new();
    // What-ifs change priorities, so that cases have other classes.
    for class in study.cases().flat_map(|case| classes(&case.summary)) {
        if !names.contains(&class.name.as_str()) {
            names.push(&class.name);
        }
    }
    if names.len() < 2 {
        return Vec::new();
    }
    let figure = move |summary: &Summary, name: &str, metric| {
        let mut all = classes(summary).iter();
        let class = all.find(|class| class.name == name);
        class.map_or(Figure::NONE, |class| class.total.get(metric))
    };
    let mut lines = Vec::new();
    for (what, metric, where_any) in [
        ("mean wait", "wait_mean_s", "entered"),
        ("hung up", "abandoned", "abandoned"),
        ("turned away", "turned_away", "turned_away"),
    ] {
        let unit = definition(metric).unit;
        let seen = names.iter().filter(|name| {
            let mut cases = study.cases();
            cases.any(|case| is_some(figure(&case.summary, name, where_any)))
        });
        let of_classes = seen.map(|&name| Shown {
            label: format!("  {name}"),
            unit,
            figure: Some(Box::new(move |summary| figure(summary, name, metric))),
        });
        let mut of_classes = of_classes.peekable();
        // Names are as long as they like, and a class may be called as a priority is.
        let heading = of_classes.peek().map(|_| Shown {
            label: format!("{what} {by}"),
            unit,
            figure: None,
        });
        lines.extend(heading.into_iter().chain(of_classes));
    }
    lines
}
