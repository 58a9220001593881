//! How what-ifs differ from the base case, run by run with the same callers.

use super::beside;
use super::beside::CELL;
use super::figures::label;
use super::page::Page;
use super::page::left;
use crate::measure::definitions::definition;
use crate::measure::figure::Figure;
use crate::measure::paired::Difference;
use crate::report::number;
use crate::report::study::Case;
use crate::report::study::Study;
use crate::report::style::Style;

pub(super) fn print(page: &mut Page, study: &Study) {
    let cases: Vec<&Case> = study.what_ifs.iter().collect();
    let find = |case: &Case, metric: &str| {
        let found = case.differences.iter().find(|(name, _)| *name == metric);
        found.map(|(_, difference)| *difference)
    };
    // What is the same in all cases, and cannot be otherwise, is left out.
    let is_any = |difference: &Difference| difference.figure.mean != Some(0.0);
    let mut names: Vec<&'static str> = Vec::new();
    for (name, difference) in cases.iter().flat_map(|case| &case.differences) {
        if is_any(difference) && !names.contains(name) {
            names.push(name);
        }
    }
    if names.is_empty() {
        return;
    }
    let level = study.base.summary.level * 100.0;
    let name = study.base.name.to_uppercase();
    let beside = format!("of the same callers, run by run; * is real at {level:.0} %");
    page.heading(&format!("DIFFERENCES TO {name}"), &beside);
    let labels: Vec<String> = names.iter().map(|name| label(name, study)).collect();
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    let style = page.style;
    beside::rows(page, &cases, true, &labels, |line, case| {
        let difference = find(case, names[line]);
        cell(style, names[line], difference)
    });
}

/// What the star means, where differences are shown.
pub(super) fn explain(page: &mut Page, study: &Study) {
    if study
        .what_ifs
        .iter()
        .any(|case| !case.differences.is_empty())
    {
        real(page, study, "what-ifs and the metrics");
    }
}

/// The same of differences between ways of this kind.
pub(in crate::report) fn real(page: &mut Page, study: &Study, of: &str) {
    let level = study.base.summary.level * 100.0;
    let words = format!(
        "not by chance, at {level:.0} %, however many differences were looked at; paired t tests with Holm's \
         correction over all {of} in the JSON."
    );
    page.entry("* real", &words);
}

/// A difference, with a star when it is real.
fn cell(style: Style, metric: &str, difference: Option<Difference>) -> String {
    let figure = difference.map_or(Figure::NONE, |difference| difference.figure);
    let text = number::difference(style, definition(metric).unit, figure, CELL);
    match difference.is_some_and(|difference| difference.real) {
        true => left(&format!("{}*", text.trim_end()), CELL),
        false => text,
    }
}
