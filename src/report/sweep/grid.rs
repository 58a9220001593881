//! Two dimensions: a table for each figure, the best point marked.

use super::Axis;
use super::Sweep;
use super::curve::recovered;
use super::curve::share_of;
use super::curve::whole;
use super::goals;
use super::saved;
use crate::measure::definitions::Unit;
use crate::measure::row::Metrics;
use crate::report::number;
use crate::report::number::count;
use crate::report::study::Case;
use crate::report::text::page::Page;
use crate::report::text::page::left;
use crate::report::text::page::right;

/// Columns of a value, and of the mark behind it.
const CELL: usize = 9;
const MARK: usize = 2;
/// The least and the largest width of the first column.
const FIRST: (usize, usize) = (6, 16);
/// Of the largest goodput, so much is as good.
const AS_GOOD: f64 = 0.99;

/// A table: heading, what is beside it, the metric that has to be above 0 somewhere, and the cell.
struct Table {
    heading: &'static str,
    beside: &'static str,
    metric: &'static str,
    cell: fn(&Metrics) -> String,
}

const TABLES: [Table; 5] = [
    Table {
        heading: "SERVICE LEVEL",
        beside: "",
        metric: "service_level",
        cell: |total| number::short(Unit::Share, total.mean("service_level")),
    },
    Table {
        heading: "BLOCKED",
        beside: "of all attempts",
        metric: "blocked",
        cell: |total| share_of(total, "blocked", "attempts"),
    },
    Table {
        heading: "TURNED AWAY",
        beside: "attempts in an average run",
        metric: "turned_away",
        cell: |total| whole(total, "turned_away"),
    },
    Table {
        heading: "ATTEMPTS A CALLER",
        beside: "",
        metric: "redials",
        cell: |total| number::short(Unit::Ratio, total.mean("attempts_per_caller")),
    },
    Table {
        heading: "LINES WASTED",
        beside: "hours held for attempts that brought nothing",
        metric: "trunk_wasted_s",
        cell: |total| number::hours(total.mean("trunk_wasted_s")),
    },
];

pub(super) fn print(page: &mut Page, sweep: &Sweep, rows: &Axis, columns: &Axis) {
    page.line("");
    page.line(format!("  rows     {}", rows.name));
    page.line(format!("  columns  {}", columns.name));
    let most = sweep.most();
    let (best, as_good) = match page.style.unicode {
        true => ("★", "·"),
        false => ("*", "."),
    };
    let beside = format!("callers served an hour;  {best} the most,  {as_good} within 1 % of it");
    page.heading("GOODPUT", &beside);
    table(
        page,
        rows,
        columns,
        &|page, place, _| {
            let good = sweep.goodput(place).unwrap_or(0.0);
            let cell = right(&count(good, 0), CELL);
            match () {
                () if Some(place) == sweep.best => page.style.good(&format!("{cell} {best}")),
                () if most > 0.0 && good >= AS_GOOD * most => format!("{cell} {as_good}"),
                () => format!("{cell}  "),
            }
        },
        sweep,
    );
    let plain = |cell: String| format!("{}  ", right(&cell, CELL));
    if let Some(spike) = &sweep.spike {
        let beside = format!("after the spike of {}", spike.when);
        page.heading("RECOVERED", &beside);
        table(
            page,
            rows,
            columns,
            &|_, place, _| plain(recovered(sweep, place, None)),
            sweep,
        );
    }
    if sweep.sets("goals") {
        page.heading("GOALS", "met, of all");
        let cell = |_: &Page, _, case: &Case| plain(goals::met(case));
        table(page, rows, columns, &cell, sweep);
    }
    if sweep.sets("costs") {
        page.heading("WHAT ANSWERS SAVE", &saved::currencies(sweep));
        let cell = |_: &Page, _, case: &Case| plain(saved::money(case));
        table(page, rows, columns, &cell, sweep);
    }
    for one in TABLES {
        let shown = |case: &Case| {
            case.summary
                .total
                .mean(one.metric)
                .is_some_and(|mean| mean > 0.0)
        };
        if sweep.cases().any(shown) {
            page.heading(one.heading, one.beside);
            let cell = |_: &Page, _, case: &Case| plain((one.cell)(&case.summary.total));
            table(page, rows, columns, &cell, sweep);
        }
    }
}

/// A table; columns that do not fit beside each other follow below.
fn table(
    page: &mut Page,
    rows: &Axis,
    columns: &Axis,
    cell: &dyn Fn(&Page, usize, &Case) -> String,
    sweep: &Sweep,
) {
    let cases: Vec<&Case> = sweep.cases().collect();
    let widest = rows
        .values
        .iter()
        .map(|(label, _)| label.chars().count())
        .max();
    let first = widest.unwrap_or(0).clamp(FIRST.0, FIRST.1);
    let fit = (page.style.columns() - 2 - first) / (CELL + MARK);
    let all: Vec<usize> = (0..columns.values.len()).collect();
    for part in all.chunks(fit.max(1)) {
        let head = |column: &usize| format!("{}  ", right(&columns.values[*column].0, CELL));
        let heads: String = part.iter().map(head).collect();
        page.line(page.style.dim(&format!("  {}{heads}", left("", first))));
        for (row, (label, _)) in rows.values.iter().enumerate() {
            let mut line = format!("  {}", right(label, first));
            for column in part {
                let place = row * columns.values.len() + column;
                if let Some(case) = cases.get(place) {
                    line += &cell(page, place, case);
                }
            }
            page.line(line);
        }
    }
}
