//! Service level and waits of everything together, cases side by side.

use super::page::Page;
use super::page::is_some;
use super::page::left;
use super::page::right;
use super::page::side_by_side;
use super::page::words;
use crate::exchange::time::Span;
use crate::measure::definitions::definition;
use crate::measure::summary::Row;
use crate::measure::summary::Summary;
use crate::report::number;
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
    ("wait_max_s", ""),
    ("queue_length_max", ""),
    ("occupancy", "occupancy of agents"),
    ("attempts", ""),
    ("redials", ""),
    ("blocked", ""),
    ("callers_unserved", ""),
];
/// Columns for the words, and for a case.
const LABEL: usize = 26;
const CELL: usize = 22;

pub(super) fn print(page: &mut Page, study: &Study) {
    let level = study.base.summary.level * 100.0;
    let beside = match study.base.summary.runs {
        1 => "one run: no confidence intervals; ask for more runs".to_owned(),
        _ => format!(
            "mean {} half of the {level:.0} % confidence interval",
            page.style.plus_minus()
        ),
    };
    page.heading("SERVICE AND WAITS", &beside);
    let fit = (page.style.columns() - 2 - LABEL) / CELL;
    let cases: Vec<_> = study.cases().collect();
    let several = cases.len() > 1;
    for (place, block) in cases.chunks(fit).enumerate() {
        if place > 0 {
            page.line("");
        }
        if several {
            heads(page, block);
        }
        for &(name, own) in FIGURES {
            let any = cases
                .iter()
                .any(|case| is_some(case.summary.total.get(name)));
            if !any && matches!(name, "redials" | "blocked") {
                continue;
            }
            let label = if own.is_empty() {
                words(name)
            } else {
                own.to_owned()
            };
            let label = match (name, within(&study.base.summary)) {
                ("service_level", Some(within)) => format!("{label} within {within}"),
                _ => label,
            };
            let mut line = format!("  {}", left(&label, LABEL));
            for case in block {
                let figure = case.summary.total.get(name);
                line += &number::cell(page.style, definition(name).unit, figure, CELL);
            }
            page.line(line);
        }
    }
}

fn heads(page: &mut Page, cases: &[&Case]) {
    let names: Vec<_> = cases.iter().map(|case| case.name.as_str()).collect();
    for names in side_by_side(&names, CELL - 4) {
        let mut line = " ".repeat(LABEL + 2);
        for name in &names {
            // ends where the intervals end
            line += &right(name, CELL - 2);
            line.push_str("  ");
        }
        page.line(line);
    }
}

/// The T of the service level, when all queues have the same.
fn within(summary: &Summary) -> Option<Span> {
    let first = summary.queues.first()?.answer_within?;
    let same = |row: &Row| row.answer_within == Some(first);
    summary.queues.iter().all(same).then_some(first)
}
