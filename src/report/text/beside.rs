//! Figures as lines, cases side by side.

use super::page::Page;
use super::page::right;
use super::page::shortened;
use super::page::side_by_side;
use crate::measure::definitions::Unit;
use crate::measure::figure::Figure;
use crate::measure::summary::Summary;
use crate::report::number;
use crate::report::study::Case;
use crate::report::study::Study;

/// Columns for the words, and for a case.
const LABEL: usize = 26;
pub(super) const CELL: usize = 22;

/// A figure of a case.
type Told<'a> = Box<dyn Fn(&Summary) -> Figure + 'a>;

/// What one line shows of every case.
pub(super) struct Shown<'a> {
    pub(super) label: String,
    pub(super) unit: Unit,
    /// None in a line that says what the next ones are of.
    pub(super) figure: Option<Told<'a>>,
}

/// Prints the lines, in as many blocks of cases as it takes.
pub(super) fn print(page: &mut Page, study: &Study, lines: &[Shown<'_>]) {
    let cases: Vec<_> = study.cases().collect();
    let labels: Vec<_> = lines.iter().map(|shown| shown.label.as_str()).collect();
    let style = page.style;
    rows(page, &cases, cases.len() > 1, &labels, |line, case| {
        let shown = &lines[line];
        let figure = shown.figure.as_ref();
        figure.map_or_else(String::new, |figure| {
            number::cell(style, shown.unit, figure(&case.summary), CELL)
        })
    });
}

/// The same of anything about cases that takes [`CELL`] columns.
pub(super) fn rows(
    page: &mut Page,
    cases: &[&Case],
    has_heads: bool,
    labels: &[&str],
    cell: impl Fn(usize, &Case) -> String,
) {
    let fit = (page.style.columns() - 2 - LABEL) / CELL;
    for (place, block) in cases.chunks(fit).enumerate() {
        if place > 0 {
            page.line("");
        }
        if has_heads {
            heads(page, block);
        }
        for (line, label) in labels.iter().enumerate() {
            let cells: String = block.iter().map(|case| cell(line, case)).collect();
            page.line(format!("  {}{cells}", shortened(page.style, label, LABEL)));
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
