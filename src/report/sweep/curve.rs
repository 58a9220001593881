//! One dimension: the goodput curve, and what overload costs.

use super::Sweep;
use crate::measure::definitions::Unit;
use crate::measure::summary::Metrics;
use crate::report::number;
use crate::report::number::count;
use crate::report::study::Case;
use crate::report::text::page::Page;
use crate::report::text::page::left;
use crate::report::text::page::right;

/// Columns of what stands behind the first and the bar.
const BESIDE: usize = 62;
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
}

/// The first column: the load, or the value of the key.
struct First<'s> {
    head: &'s str,
    values: Vec<&'s str>,
    width: usize,
}

impl<'s> First<'s> {
    fn new(sweep: &'s Sweep) -> Self {
        let axis = sweep.axes.first();
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

    fn head(&self) -> String {
        format!("  {}", right(self.head, self.width))
    }

    fn value(&self, place: usize) -> String {
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
        "{}{:>9}{:>9}  {:width$}{:>9}{:>9}{:>9}{:>7}",
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
            right(&mean.map_or("-".to_owned(), |mean| count(mean, 0)), 9)
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
            "{}{}{}  {}{:>9}{:>9}{:>9}{:>7}{mark}",
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

/// How long a point took to recover, `>` where some runs did not.
pub(super) fn recovered(sweep: &Sweep, place: usize) -> String {
    let recovered = sweep
        .spike
        .as_ref()
        .and_then(|spike| spike.recovered.get(place));
    let Some((after, missing)) = recovered else {
        return "-".to_owned();
    };
    let minutes = after.mean.map_or(0.0, |mean| mean / 60.0);
    let more = if *missing > 0 { ">" } else { "" };
    format!("{more}{minutes:.0} min")
}

fn costs(page: &mut Page, sweep: &Sweep, first: &First<'_>) {
    let has_spike = sweep.spike.is_some();
    let line = |page: &mut Page, first: String, cells: [&str; 7], dim: bool| {
        let [attempts, turned, promised, wasted, share, recovered, error] = cells;
        let recovered = match has_spike {
            true => right(recovered, 11),
            false => String::new(),
        };
        let line = format!(
            "{first}{attempts:>10}{turned:>9}{promised:>10}{wasted:>10}{share:>9}{recovered}{error:>9}"
        );
        match dim {
            true => page.line(page.style.dim(&line)),
            false => page.line(line),
        }
    };
    let blank = " ".repeat(2 + first.width);
    let heads = [
        [
            "attempts",
            "turned",
            "calls",
            "lines",
            "of all",
            "recovered",
            "share",
        ],
        [
            "a caller", "away", "promised", "wasted", "held", "after", "error",
        ],
    ];
    let firsts = [blank, first.head()];
    for (first, cells) in firsts.into_iter().zip(heads) {
        line(page, first, cells, true);
    }
    for (place, case) in sweep.cases().enumerate() {
        let total = &case.summary.total;
        let cells = [
            &number::short(Unit::Ratio, total.mean("attempts_per_caller")),
            &whole(total, "turned_away"),
            &whole(total, "callback"),
            &number::hours(total.mean("trunk_wasted_s")),
            &share_of(total, "trunk_wasted_s", "trunk_s"),
            &recovered(sweep, place),
            &number::short(Unit::Ratio, case.summary.fairness.mean("share_error_rms")),
        ];
        line(page, first.value(place), cells.map(String::as_str), false);
    }
}

/// Refusals by queue, where there are several that refuse.
fn classes(page: &mut Page, sweep: &Sweep, first: &First<'_>) {
    let refused = |case: &Case, place: usize| {
        let queue = case.summary.queues.get(place);
        queue
            .and_then(|queue| queue.total.mean("turned_away"))
            .unwrap_or(0.0)
    };
    let queues = &sweep.study.base.summary.queues;
    let refusing = |place: &usize| sweep.cases().any(|case| refused(case, *place) > 0.0);
    let mut places: Vec<usize> = (0..queues.len()).filter(refusing).collect();
    if places.len() < 2 {
        return;
    }
    let beside = match places.len() {
        all if all > QUEUES_MAX => "the first queues; all are in the JSON and the CSV",
        _ => "refusals at the door of each queue",
    };
    places.truncate(QUEUES_MAX);
    page.heading("TURNED AWAY", beside);
    let heads = places.iter().map(|place| right(&queues[*place].name, 12));
    let heads = heads.map(|head| format!("  {head}")).collect::<String>();
    page.line(page.style.dim(&format!("{}{heads}", first.head())));
    for (place, case) in sweep.cases().enumerate() {
        let counts = places.iter().map(|queue| count(refused(case, *queue), 0));
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
