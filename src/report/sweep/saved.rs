//! What answers save at each point of a sweep that sets what agents cost.

use super::Sweep;
use super::curve::First;
use crate::report::number;
use crate::report::study::Case;
use crate::report::text::page::Page;
use crate::report::text::page::right;

/// Columns of a sum with its currency.
const CELL: usize = 18;

/// A line for each point: agents' time, and what it is worth.
pub(super) fn lines(page: &mut Page, sweep: &Sweep, first: &First<'_>) {
    if !sweep.sets("costs") {
        return;
    }
    page.heading("WHAT ANSWERS SAVE", "in an average run");
    let heads = ["agents' time", "worth"].map(|head| right(head, CELL));
    page.line(
        page.style
            .dim(&format!("{}{}", first.head(), heads.concat())),
    );
    for (place, case) in sweep.cases().enumerate() {
        let time = number::hours(Some(case.summary.worth.saved_s()));
        let cells = [time, worth(case)].map(|cell| right(&cell, CELL));
        page.line(format!("{}{}", first.value(place), cells.concat()));
    }
}

/// In the currency of the point.
fn worth(case: &Case) -> String {
    let costs = case.summary.worth.costs.as_ref();
    let currency = costs.map_or("", |costs| costs.currency.as_str());
    format!("{} {currency}", money(case)).trim_end().to_owned()
}

/// The sum alone.
pub(super) fn money(case: &Case) -> String {
    let money = case.summary.worth.saved_money();
    money.map_or("-".to_owned(), |money| number::count(money, 0))
}

/// In what a table of two dimensions tells it.
pub(super) fn currencies(sweep: &Sweep) -> String {
    let costs = sweep
        .cases()
        .filter_map(|case| case.summary.worth.costs.as_ref());
    let mut names: Vec<&str> = costs.map(|costs| costs.currency.as_str()).collect();
    names.dedup();
    match names[..] {
        [one] => format!("{one} in an average run"),
        _ => "in an average run, each in its own currency".to_owned(),
    }
}
