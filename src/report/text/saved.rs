//! What answers save in each case, side by side where an hour of an agent does not cost the same in all.

use super::beside;
use super::beside::CELL;
use super::page::Page;
use super::page::left;
use super::page::right;
use crate::measure::worth::WorthRows;
use crate::report::number;
use crate::report::study::Case;
use crate::report::study::Study;

const LINES: [&str; 3] = ["agents' time saved", "an hour of an agent", "saved"];

pub(super) fn print(page: &mut Page, study: &Study) {
    let own = &study.base.summary.worth.costs;
    let mut what_ifs = study.what_ifs.iter();
    if what_ifs.all(|case| case.summary.worth.costs == *own) {
        return;
    }
    page.heading(
        "WHAT ANSWERS SAVE",
        "at the costs of each case, in an average run",
    );
    let cases: Vec<&Case> = study.cases().collect();
    beside::rows(page, &cases, true, &LINES, |line, case| {
        let cell = told(line, &case.summary.worth);
        left(&right(&cell, CELL - 2), CELL)
    });
}

fn told(line: usize, worth: &WorthRows) -> String {
    if line == 0 {
        return number::hours(Some(worth.saved_s()));
    }
    let Some((costs, money)) = worth.costs.as_ref().zip(worth.saved_money()) else {
        return "-".to_owned();
    };
    let money = match line {
        1 => format!("{:.2}", costs.agent_hour),
        _ => number::count(money, 0),
    };
    format!("{money} {}", costs.currency)
}
