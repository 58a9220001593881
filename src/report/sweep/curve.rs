//! One dimension: the goodput curve, and what overload costs.

use super::Sweep;
use super::goals;
use super::queues;
use super::saved;
use super::turned_away;
use crate::measure::definitions::Unit;
use crate::measure::row::Metrics;
use crate::report::number;
use crate::report::number::count;
use crate::report::study::Case;
use crate::report::style::Style;
use crate::report::text::page::Page;
use crate::report::text::page::left;
use crate::report::text::page::right;
use crate::report::text::page::shortened;

/// Columns of what stands behind the first and the bar.
const BESIDE: usize = 59;
/// The least and the largest width of the first column.
const FIRST: (usize, usize) = (5, 16);
/// The least width of a bar.
const BAR_MIN: usize = 4;
/// Queues that have a column of their own, at most.
const QUEUES_MAX: usize = 5;

pub(super) fn print(page: &mut Page, sweep: &Sweep) {
    let first = First::new(sweep);
    page.heading("GOODPUT", "callers who got what they called for, an hour");
    curve(page, sweep, &first);
    page.heading("WHAT OVERLOAD COSTS", "in an average run");
    costs(page, sweep, &first);
    classes(page, sweep, &first);
    goals::lines(page, sweep, &first);
    saved::lines(page, sweep, &first);
}

/// The first column: the load, or the value of the key.
pub(super) struct First<'s> {
    head: &'s str,
    values: Vec<&'s str>,
    pub(super) width: usize,
}

impl<'s> First<'s> {
    fn new(sweep: &'s Sweep) -> Self {
        let axis = sweep.dimensions().into_iter().next();
        let name = axis.map_or("", |axis| axis.name.as_str());
        let values = axis.iter().flat_map(|axis| &axis.values);
        let values: Vec<&str> = values.map(|(label, _)| label.as_str()).collect();
        let head = name.rsplit('.').next().unwrap_or(name);
        let widths = values.iter().map(|value| value.chars().count());
        let widest = widths.chain([head.chars().count()]).max().unwrap_or(0);
        Self {
            head,
            values,
            width: widest.clamp(FIRST.0, FIRST.1),
        }
    }

    pub(super) fn head(&self) -> String {
        format!("  {}", right(self.head, self.width))
    }

    pub(super) fn value(&self, place: usize) -> String {
        let value = self.values.get(place).copied().unwrap_or_default();
        format!("  {}", right(value, self.width))
    }
}

fn curve(page: &mut Page, sweep: &Sweep, first: &First<'_>) {
    let width = page
        .style
        .columns()
        .saturating_sub(2 + first.width + BESIDE);
    let width = width.max(BAR_MIN);
    let head = format!(
        "{}{:>10}{:>10}  {:width$}{:>8}{:>8}{:>8}{:>6}",
        first.head(),
        "offered",
        "goodput",
        "",
        "blocked",
        "hung up",
        "service",
        "busy"
    );
    page.line(page.style.dim(&head));
    let most = sweep.most();
    for (place, case) in sweep.cases().enumerate() {
        let total = &case.summary.total;
        let rate = |name: &str| {
            let mean = sweep.per_hour(case, name).mean;
            right(&mean.map_or("-".to_owned(), |mean| count(mean, 0)), 10)
        };
        let good = sweep.goodput(place).unwrap_or(0.0);
        let beyond = sweep.knee.is_some_and(|knee| place > knee);
        let share = if most > 0.0 { good / most } else { 0.0 };
        let mark = match Some(place) {
            at if at == sweep.knee => page.style.notable("  knee"),
            at if at == sweep.twice => page.style.dim("  twice"),
            at if at == sweep.best => page.style.good("  best"),
            _ => String::new(),
        };
        page.line(format!(
            "{}{}{}  {}{:>8}{:>8}{:>8}{:>6}{mark}",
            first.value(place),
            rate("callers"),
            rate("callers_served"),
            page.style.bar(share, width, !beyond),
            share_of(total, "blocked", "attempts"),
            share_of(total, "abandoned", "queued"),
            number::short(Unit::Share, total.mean("service_level")),
            number::short(Unit::Share, total.mean("occupancy")),
        ));
    }
}

/// A whole share of one count in another.
pub(super) fn share_of(total: &Metrics, part: &str, all: &str) -> String {
    let (part, all) = (total.mean(part), total.mean(all));
    let share = part.zip(all).filter(|(_, all)| *all > 0.0);
    number::short(Unit::Share, share.map(|(part, all)| part / all))
}

/// A whole count.
pub(super) fn whole(total: &Metrics, name: &str) -> String {
    total
        .mean(name)
        .map_or_else(|| "-".to_owned(), |mean| count(mean, 0))
}

/// How long a point took to recover in minutes, `>` where some runs did not; with half its interval
/// where there is a style to write it in. `-` where no run tells.
pub(super) fn recovered(sweep: &Sweep, place: usize, style: Option<Style>) -> String {
    let spike = sweep.spike.as_ref();
    let Some((point, mean)) = spike
        .and_then(|spike| spike.recovered.get(place))
        .and_then(|point| Some((point, point.after.mean?)))
    else {
        return "-".to_owned();
    };
    let minutes = |seconds: f64| count(seconds / 60.0, 0);
    let mean = minutes(mean);
    let told = sweep.study.base.summary.runs - point.untold_runs;
    match (point.missing_runs, style.zip(point.after.half_width())) {
        (0, Some((style, half))) => format!("{mean} {}{} min", style.plus_minus(), minutes(half)),
        (0, None) => format!("{mean} min"),
        (all, _) if style.is_some() && all == told => {
            format!("not in {mean} min")
        }
        _ => format!(">{mean} min"),
    }
}

/// What stands in a column for a point.
type Cell<'s> = Box<dyn Fn(usize, &Case) -> String + 's>;

/// A column of what overload costs: its head in two lines, its width, and the cell.
struct Cost<'s> {
    head: [&'static str; 2],
    width: usize,
    cell: Cell<'s>,
}

fn costs(page: &mut Page, sweep: &Sweep, first: &First<'_>) {
    let mut all = all_costs(sweep, page.style);
    let width = |all: &[Cost<'_>]| all.iter().map(|cost| cost.width).sum::<usize>();
    while 2 + first.width + width(&all) > page.style.columns() {
        all.pop();
    }
    let firsts = [" ".repeat(2 + first.width), first.head()];
    for (line, first) in firsts.into_iter().enumerate() {
        let heads = all.iter().map(|cost| right(cost.head[line], cost.width));
        page.line(
            page.style
                .dim(&format!("{first}{}", heads.collect::<String>())),
        );
    }
    for (place, case) in sweep.cases().enumerate() {
        let cells = all
            .iter()
            .map(|cost| right(&(cost.cell)(place, case), cost.width));
        page.line(format!(
            "{}{}",
            first.value(place),
            cells.collect::<String>()
        ));
    }
}

/// From what matters most to what is left out first on a narrow page.
fn all_costs(sweep: &Sweep, style: Style) -> Vec<Cost<'_>> {
    fn cost<'s>(
        head: [&'static str; 2],
        width: usize,
        cell: impl Fn(usize, &Case) -> String + 's,
    ) -> Cost<'s> {
        let cell = Box::new(cell);
        Cost { head, width, cell }
    }
    let total = |of: fn(&Metrics) -> String| move |_: usize, case: &Case| of(&case.summary.total);
    let fair = |unit: Unit, name: &'static str| {
        move |_: usize, case: &Case| number::short(unit, case.summary.fairness.mean(name))
    };
    let mut all = vec![
        cost(
            ["attempts", "a caller"],
            10,
            total(|total| number::short(Unit::Ratio, total.mean("attempts_per_caller"))),
        ),
        cost(
            ["turned", "away"],
            9,
            total(|total| whole(total, "turned_away")),
        ),
    ];
    if sweep.tells_calls_back() {
        all.push(cost(
            ["call", "backs"],
            8,
            total(|total| whole(total, "callback")),
        ));
        all.push(cost(
            ["of these", "open"],
            9,
            total(|total| whole(total, "callbacks_open")),
        ));
    }
    if sweep.tells_calls_out() {
        all.push(cost(
            ["called", "out"],
            8,
            total(|total| whole(total, "outbound_reached")),
        ));
        all.push(cost(
            ["not yet", "reached"],
            9,
            total(|total| whole(total, "outbound_open")),
        ));
    }
    all.push(cost(
        ["lines", "wasted"],
        10,
        total(|total| number::hours(total.mean("trunk_wasted_s"))),
    ));
    all.push(cost(
        ["of all", "held"],
        8,
        total(|total| share_of(total, "trunk_wasted_s", "trunk_s")),
    ));
    if sweep.spike.is_some() {
        all.push(cost(["recovered", "after"], 16, move |place, _| {
            recovered(sweep, place, Some(style))
        }));
    }
    all.push(cost(
        ["share", "error"],
        8,
        fair(Unit::Ratio, "share_error_rms"),
    ));
    all.push(cost(
        ["unequal", "choices"],
        9,
        fair(Unit::Share, "inequitable_share"),
    ));
    all
}

/// Refusals by queue, where there are several that refuse.
fn classes(page: &mut Page, sweep: &Sweep, first: &First<'_>) {
    let refused = |case: &Case, name: &str| turned_away(case, name).mean.unwrap_or(0.0);
    let mut queues = queues(sweep);
    queues.retain(|name| sweep.cases().any(|case| refused(case, name) > 0.0));
    if queues.len() < 2 {
        return;
    }
    let beside = match queues.len() {
        all if all > QUEUES_MAX => "the first queues; all are in the JSON and the CSV",
        _ => "refusals at the door of each queue",
    };
    queues.truncate(QUEUES_MAX);
    page.heading("TURNED AWAY", beside);
    let heads = queues.iter();
    let heads = heads.map(|name| right(&shortened(page.style, name, 12), 12));
    let heads = heads.map(|head| format!("  {head}")).collect::<String>();
    page.line(page.style.dim(&format!("{}{heads}", first.head())));
    for (place, case) in sweep.cases().enumerate() {
        let counts = queues.iter().map(|name| count(refused(case, name), 0));
        let counts = counts
            .map(|count| format!("{count:>14}"))
            .collect::<String>();
        page.line(format!(
            "{}{}",
            first.value(place),
            left(&counts, 14 * QUEUES_MAX)
        ));
    }
}
