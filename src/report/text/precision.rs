//! How sure figures are that were to be as sure as asked for.

use super::page::Page;
use crate::measure::definitions::definition;
use crate::report::number::count;
use crate::report::number::half_width;
use crate::report::study::Precision;
use crate::report::study::Study;

/// More runs than anybody makes: how many more is of no use to know.
const RUNS_SAID_MAX: u64 = 1_000_000_000;

pub(super) fn print(page: &mut Page, study: &Study) {
    let runs = count(study.base.summary.runs as f64, 0);
    for precision in &study.precision {
        let known = known(page, precision);
        let wanted = &precision.wanted;
        if precision.reached {
            page.wrapped(
                "  ",
                &format!("{known} after {runs} runs: {wanted} was asked for."),
            );
            continue;
        }
        let needed = precision.runs_needed;
        let needed = needed.map_or_else(String::new, |needed| match needed {
            RUNS_SAID_MAX.. => ", which no number of runs within reach would give".to_owned(),
            _ => format!(", which about {} runs would give", count(needed as f64, 0)),
        });
        let text =
            format!("NOT REACHED: {known} after {runs} runs; {wanted} was asked for{needed}.");
        page.wrapped("  ! ", &text);
    }
    if study.precision.iter().any(|precision| precision.reached) {
        let runs = study.base.summary.runs;
        let text = format!(
            "Runs ended as soon as the intervals were narrow enough, and that makes them a little too narrow: \
             they are wrong somewhat more often than they say. `--runs {runs}` with another `--seed` tells \
             how sure the figures are without that."
        );
        page.wrapped("  ", &text);
    }
}

fn known(page: &Page, precision: &Precision) -> String {
    let figure = &precision.figure;
    let metric = figure.rsplit('.').next().unwrap_or_default();
    match precision.half_width {
        // So it would print as certain, which it is not.
        Some(0.0) => format!("{figure} is the same in every run"),
        Some(half) => {
            let half = half_width(definition(metric).unit, half);
            format!("{figure} is known to {}{half}", page.style.plus_minus())
        }
        None => format!("{figure} is not known at all"),
    }
}
