//! The report for people: goals first, then what happened, then how well, where and when.

mod beside;
mod controlled;
pub(in crate::report) mod differences;
mod fairness;
mod figures;
pub(in crate::report) mod footer;
pub(in crate::report) mod goals;
mod happened;
mod intervals;
pub(super) mod page;
mod places;
mod precision;
mod saved;
mod steady;
mod worth;

use super::clean::clean;
use super::study::Study;
use super::style::Style;
use page::Page;

/// The report as text of at most 100 columns, each line ended.
pub fn text(study: &Study, style: Style) -> String {
    let mut page = Page::new(style);
    title(&mut page, study, "");
    goals::print(&mut page, study);
    happened::print(&mut page, study);
    figures::print(&mut page, study);
    differences::print(&mut page, study);
    fairness::print(&mut page, study);
    places::print(&mut page, &study.base.summary);
    worth::print(&mut page, study);
    saved::print(&mut page, study);
    intervals::print(&mut page, study);
    footer::print(&mut page, study);
    page.finish()
}

/// What was simulated, and what a reader must not miss. `more` says what the runs have to them.
pub(in crate::report) fn title(page: &mut Page, study: &Study, more: &str) {
    let runs = match study.base.summary.runs {
        1 => "1 run".to_owned(),
        runs => format!("{runs} runs"),
    };
    let title = page.style.bold(&clean(&study.title, true));
    page.line(format!("{title}   {}", study.scenario));
    page.line(format!(
        "{}   {runs}{more}, seed {}",
        study.span, study.seed
    ));
    steady::print(page, study);
    controlled::print(page, study);
    precision::print(page, study);
    for note in &study.notes {
        page.wrapped("  ! ", note);
    }
}
