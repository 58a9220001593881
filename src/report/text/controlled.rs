//! What a control variate has done for the figures.

use super::page::Page;
use crate::measure::control::CONTROLLED_RUNS_MIN;
use crate::report::number::count;
use crate::report::study::Study;

pub(super) fn print(page: &mut Page, study: &Study) {
    let summary = &study.base.summary;
    let Some(controlled) = summary.controlled else {
        return;
    };
    if !controlled.applies {
        let text = format!(
            "Not controlled by the callers: that takes {CONTROLLED_RUNS_MIN} runs, and not all with as many \
             of them."
        );
        return page.wrapped("  ! ", &text);
    }
    let [expected, came] = [controlled.expected, controlled.came].map(|many| count(many, 0));
    let sure = controlled.worth_runs.map_or_else(String::new, |runs| {
        let runs = count(runs, 0);
        format!(" The service level is as sure as after {runs} runs without that.")
    });
    let text = format!(
        "Controlled by the callers: figures are those of the {expected} to be expected, not of the {came} who \
         came on average.{sure}"
    );
    page.wrapped("  ", &text);
}
