//! What came of the goals at each point of a sweep that sets some.

use super::Sweep;
use super::curve::First;
use crate::measure::definitions::definition;
use crate::report::number;
use crate::report::study::Case;
use crate::report::study::GoalResult;
use crate::report::style::Style;
use crate::report::text::page::Page;
use crate::report::text::page::right;
use crate::report::text::page::shortened;
use crate::report::text::page::words;

/// Columns of one goal.
const CELL: usize = 18;

/// What a goal is about, whatever is wanted of it: `queue.support`, `service_level`.
pub(super) type Aim<'s> = (&'s str, &'s str);

/// What the goals of all points are about; nothing where the sweep sets none.
pub(super) fn aims(sweep: &Sweep) -> Vec<Aim<'_>> {
    let mut aims: Vec<Aim<'_>> = Vec::new();
    if sweep.sets("goals") {
        for goal in sweep.study.goals() {
            let aim = (goal.subject.as_str(), goal.metric.as_str());
            if !aims.contains(&aim) {
                aims.push(aim);
            }
        }
    }
    aims
}

/// What came of such a goal at a point; none where the point has none.
pub(super) fn of<'c>(case: &'c Case, (subject, metric): Aim<'_>) -> Option<&'c GoalResult> {
    let mut goals = case.goals.iter();
    goals.find(|goal| goal.subject == subject && goal.metric == metric)
}

/// How many of its goals a point meets: `2 of 3`.
pub(super) fn met(case: &Case) -> String {
    let met = case.goals.iter().filter(|goal| goal.met).count();
    format!("{met} of {}", case.goals.len())
}

/// A line for each point, and a column for each goal.
pub(super) fn lines(page: &mut Page, sweep: &Sweep, first: &First<'_>) {
    let mut aims = aims(sweep);
    if aims.is_empty() {
        return;
    }
    let fit = (page.style.columns() - 2 - first.width) / CELL;
    let beside = match aims.len() > fit {
        true => "the first ones; all are in the JSON and the CSV",
        false => "the figure of each, and whether it is met",
    };
    aims.truncate(fit);
    page.heading("GOALS", beside);
    let head = |of: &dyn Fn(&Aim<'_>) -> String| -> String {
        let cells = aims.iter().map(of);
        cells.map(|cell| right(&cell, CELL)).collect()
    };
    let style = page.style;
    let names = head(&|(subject, _)| {
        let name = subject.split_once('.').map_or(*subject, |(_, name)| name);
        shortened(style, name, CELL - 2).trim_end().to_owned()
    });
    let metrics = head(&|(_, metric)| words(metric));
    for (head, cells) in [
        (" ".repeat(2 + first.width), names),
        (first.head(), metrics),
    ] {
        page.line(style.dim(&format!("{head}{cells}")));
    }
    for (place, case) in sweep.cases().enumerate() {
        let cells: String = aims.iter().map(|aim| cell(style, of(case, *aim))).collect();
        page.line(format!("{}{cells}", first.value(place)));
    }
}

fn cell(style: Style, goal: Option<&GoalResult>) -> String {
    let Some(goal) = goal else {
        return right("-", CELL);
    };
    let unit = definition(&goal.metric).unit;
    let value = match goal.share_of_intervals {
        Some(share) => format!("{:.0} % of them", share * 100.0),
        None => number::with_interval(style, unit, goal.value),
    };
    let mark = style.mark(goal.met);
    let room = CELL - 1 - style.mark_width();
    format!("{} {}", right(&value, room), style.judged(goal.met, mark))
}
