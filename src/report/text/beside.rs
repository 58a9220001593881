//! Figures as lines, cases side by side.

use super::page::Page;
use super::page::right;
use super::page::shortened;
use super::page::side_by_side;
use crate::measure::confidence::Figure;
use crate::measure::definitions::Unit;
use crate::measure::summary::Summary;
use crate::report::number;
use crate::report::study::Case;
use crate::report::study::Study;

/// Columns for the words, and for a case.
const LABEL: usize = 26;
const CELL: usize = 22;

/// What one line shows of every case.
pub(super) struct Shown<'a> {
    pub(super) label: String,
    pub(super) unit: Unit,
    pub(super) figure: Box<dyn Fn(&Summary) -> Figure + 'a>,
}

/// Prints the lines, in as many blocks of cases as it takes.
pub(super) fn print(page: &mut Page, study: &Study, lines: &[Shown<'_>]) {
    let fit = (page.style.columns() - 2 - LABEL) / CELL;
    let cases: Vec<_> = study.cases().collect();
    for (place, block) in cases.chunks(fit).enumerate() {
        if place > 0 {
            page.line("");
        }
        if cases.len() > 1 {
            heads(page, block);
        }
        for shown in lines {
            let mut line = format!("  {}", shortened(page.style, &shown.label, LABEL));
            for case in block {
                let figure = (shown.figure)(&case.summary);
                line += &number::cell(page.style, shown.unit, figure, CELL);
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
