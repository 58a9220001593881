//! Lines, queues and groups of the base case.

use super::page::Page;
use super::page::is_some;
use super::page::right;
use super::page::shortened;
use crate::measure::definitions::Unit;
use crate::measure::row::Row;
use crate::measure::summary::Summary;
use crate::report::number;

pub(super) fn print(page: &mut Page, summary: &Summary) {
    if !summary.lines.is_empty() {
        page.heading("LINES", "");
        head(page, LINE);
        for row in &summary.lines {
            line(page, row);
        }
    }
    if !summary.queues.is_empty() {
        page.heading("QUEUES", "");
        head(page, QUEUE);
        for row in &summary.queues {
            queue(page, row);
        }
    }
    // A groups file is shared by several lines: whoever has nobody on duty here is not shown.
    let on_duty = |row: &&Row| row.total.mean("agents") != Some(0.0);
    if summary.groups.iter().any(|row| on_duty(&row)) {
        page.heading("GROUPS", "");
        head(page, GROUP);
        for row in summary.groups.iter().filter(on_duty) {
            group(page, row);
        }
    }
}

/// A column of a table: a head of two lines, and how wide it is.
pub(super) type Column<'c> = (&'c str, &'c str, usize);

#[rustfmt::skip]
const QUEUE: &[Column<'_>] = &[
    ("", "entered", 8), ("", "answered", 10), ("hung up", "waiting", 9), ("turned", "away", 8),
    ("other", "exits", 7), ("service level", "within", 20), ("", "ASA", 8), ("longest", "wait", 9),
];
#[rustfmt::skip]
const LINE: &[Column<'_>] = &[
    ("", "attempts", 10), ("", "blocked", 16), ("of 100", "blocked", 9), ("", "answered", 10),
    ("hung up", "waiting", 9),
];
/// Columns of the calls per agent.
const RANGE: usize = 20;
#[rustfmt::skip]
const GROUP: &[Column<'_>] = &[
    ("", "agents", 8), ("", "calls", 9), ("", "occupancy", 14), ("calls per agent", "(range)", RANGE),
    ("", "fairness", 10),
];
/// Columns that a narrow page leaves out.
const WIDE_ONLY: &[&str] = &["away", "exits", "end", "said so", "answer", "left", "slow"];

/// Prints one line of a table: the name takes what the columns leave.
pub(super) fn row(page: &mut Page, table: &[Column<'_>], name: &str, cells: &[String], dim: bool) {
    let wide = page.style.columns() >= 100;
    let shown = |column: &Column<'_>| wide || !WIDE_ONLY.contains(&column.1);
    let used: usize = table.iter().filter(|at| shown(at)).map(|at| at.2).sum();
    let mut line = shortened(page.style, name, (page.style.columns() - 2 - used).min(20));
    for (column, cell) in table.iter().zip(cells).filter(|(column, _)| shown(column)) {
        line += &right(cell, column.2);
    }
    let line = if dim { page.style.dim(&line) } else { line };
    page.line(format!("  {line}"));
}

pub(super) fn head(page: &mut Page, table: &[Column<'_>]) {
    if page.style.columns() < 100 {
        let hidden = table.iter().filter(|at| WIDE_ONLY.contains(&at.1));
        let hidden = hidden.map(|(upper, lower, _)| format!("{upper} {lower}").trim().to_owned());
        page.left_out(&hidden.collect::<Vec<_>>());
    }
    let upper: Vec<_> = table.iter().map(|column| column.0.to_owned()).collect();
    let lower: Vec<_> = table.iter().map(|column| column.1.to_owned()).collect();
    if upper.iter().any(|word| !word.is_empty()) {
        row(page, table, "", &upper, true);
    }
    row(page, table, "", &lower, true);
}

fn line(page: &mut Page, line: &Row) {
    let total = &line.total;
    let whole = |name: &str| number::narrow(total.mean(name));
    let mean = |name: &str| total.mean(name).unwrap_or(0.0);
    let share = match mean("attempts") {
        0.0 => "-".to_owned(),
        attempts => format!("{:.1}", mean("blocked") / attempts * 100.0),
    };
    let cells = [
        whole("attempts"),
        number::with_interval(page.style, Unit::Count, total.get("blocked")),
        share,
        whole("answered"),
        whole("abandoned"),
    ];
    row(page, LINE, &line.name, &cells, false);
}

fn queue(page: &mut Page, queue: &Row) {
    let total = &queue.total;
    let whole = |name: &str| number::narrow(total.mean(name));
    let time = |name: &str| number::short(Unit::Seconds, total.mean(name));
    let exits = [
        "overflowed_out",
        "left_by_key",
        "timed_out",
        "ended_by_system",
        "withdrawn",
        "waiting_at_end",
    ];
    let others = exits.iter().filter_map(|name| total.mean(name)).sum();
    let mut level = number::with_interval(page.style, Unit::Share, total.get("service_level"));
    if let Some(within) = queue.answer_within.filter(|_| level != "-") {
        level = format!("{level} in {within}");
    }
    let cells = [
        whole("entered"),
        whole("answered"),
        whole("abandoned"),
        whole("turned_away"),
        number::narrow(Some(others)),
        level,
        time("asa_s"),
        time("wait_max_s"),
    ];
    row(page, QUEUE, &queue.name, &cells, false);
}

fn group(page: &mut Page, group: &Row) {
    let total = &group.total;
    let whole = |name: &str| number::short(Unit::Count, total.mean(name));
    let range = match is_some(total.get("agents")) {
        true => {
            let (least, most) = (whole("calls_per_agent_min"), whole("calls_per_agent_max"));
            let range = format!("{} ({least}..{most})", whole("calls_per_agent"));
            // Where there is no room for all, the mean can be told from what stands before.
            match range.len() < RANGE {
                true => range,
                false => format!("{least}..{most}"),
            }
        }
        false => "-".to_owned(),
    };
    let fairness = total.mean("fairness");
    let cells = [
        whole("agents"),
        number::narrow(total.mean("calls")),
        number::with_interval(page.style, Unit::Share, total.get("occupancy")),
        range,
        fairness.map_or_else(|| "-".to_owned(), |index| format!("{index:.3}")),
    ];
    row(page, GROUP, &group.name, &cells, false);
}
