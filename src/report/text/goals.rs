//! Goals, the base case and its variants side by side.

use super::page::Page;
use super::page::left;
use super::page::shortened;
use super::page::side_by_side;
use super::page::words;
use super::page::wrap;
use crate::measure::definitions::definition;
use crate::report::number;
use crate::report::study::Case;
use crate::report::study::GoalResult;
use crate::report::study::Study;
use crate::report::style::Style;

/// Columns of one case: a mark and a value with its interval.
const CELL: usize = 20;
/// Columns for what a goal says: three cases fit beside it.
const LABEL: usize = 38;

pub(super) fn print(page: &mut Page, study: &Study) {
    let goals = study.goals();
    if goals.is_empty() {
        page.heading("GOALS", "the scenario sets none");
        return;
    }
    let own = &study.base.goals;
    let met = own.iter().filter(|goal| goal.met).count();
    let title = match own.len() {
        0 => "GOALS: none of the base case".to_owned(),
        all => format!("GOALS: {met} of {all} met"),
    };
    for cases in blocks(page.style, study) {
        head(page, &title, &cases);
        let is_theirs = |goal: &&&GoalResult| cases.iter().any(|case| case.goal(goal).is_some());
        for goal in goals.iter().filter(is_theirs) {
            let label = wrap(&label(goal), LABEL);
            let mut line = format!("  {}", shortened(page.style, &label[0], LABEL));
            for case in &cases {
                line += &cell(page.style, case.goal(goal));
            }
            page.line(line);
            for rest in &label[1..] {
                page.line(format!("    {rest}"));
            }
            of_runs(page, &cases, goal);
        }
        let mut all = cases.iter().flat_map(|case| &case.goals);
        if all.any(|goal| goal.certain == Some(false)) {
            page.wrapped(
                "  ? ",
                "the interval reaches to both sides of the goal: more runs would tell",
            );
        }
        let mut goals = cases.iter().flat_map(|case| &case.goals);
        if goals.any(|goal| goal.still_waiting.is_some()) {
            page.wrapped("  ! ", "callers who still waited at the end are not in it");
        }
    }
}

fn head(page: &mut Page, title: &str, cases: &[&Case]) {
    page.line("");
    let names: Vec<_> = cases.iter().map(|case| case.name.as_str()).collect();
    for (place, names) in side_by_side(&names, CELL - 2).iter().enumerate() {
        let title = if place == 0 { title } else { "" };
        let mut line = page.style.bold(&left(title, LABEL + 2));
        for name in names {
            line.push_str("  ");
            line += &shortened(page.style, name, CELL - 2);
        }
        page.line(line);
    }
}

/// As many cases beside each other as fit; the base case begins each block.
fn blocks(style: Style, study: &Study) -> Vec<Vec<&Case>> {
    let fit = (style.columns() - 2 - LABEL) / CELL;
    let beside = fit.saturating_sub(1).max(1);
    let mut blocks: Vec<Vec<&Case>> = study
        .what_ifs
        .chunks(beside)
        .map(|cases| std::iter::once(&study.base).chain(cases).collect())
        .collect();
    if blocks.is_empty() {
        blocks.push(vec![&study.base]);
    }
    blocks
}

/// What a goal says: `support: service level >= 80% in 20s`.
pub(in crate::report) fn label(goal: &GoalResult) -> String {
    let subject = goal
        .subject
        .split_once('.')
        .map_or(goal.subject.as_str(), |(_, name)| name);
    format!("{subject}: {} {}", words(&goal.metric), goal.wanted)
}

/// In how many of the runs each case meets the goal.
fn of_runs(page: &mut Page, cases: &[&Case], goal: &GoalResult) {
    let share = |case: &&Case| case.goal(goal)?.share_of_runs;
    let shares: Vec<Option<f64>> = cases.iter().map(share).collect();
    if shares.iter().any(Option::is_some) {
        let cell = |share: &Option<f64>| {
            let share = share.map(|share| format!("    {:.0} %", share * 100.0));
            left(&share.unwrap_or_default(), CELL)
        };
        let cells: String = shares.iter().map(cell).collect();
        let line = format!("  {}{cells}", left("  runs that meet it", LABEL));
        page.line(page.style.dim(line.trim_end()));
    }
}

fn cell(style: Style, goal: Option<&GoalResult>) -> String {
    let room = CELL - 3 - style.mark_width();
    let Some(goal) = goal else {
        let mark = " ".repeat(style.mark_width());
        return format!("  {mark} {}", left("-", room));
    };
    let unit = definition(&goal.metric).unit;
    let value = match goal.share_of_intervals {
        Some(share) => format!("{:.0} % of them", share * 100.0),
        None => number::with_interval(style, unit, goal.value),
    };
    let mark = style.judged(goal.met, style.mark(goal.met));
    let signs = [
        ("!", goal.still_waiting.is_some()),
        ("?", goal.certain == Some(false)),
    ];
    let signs = signs.iter().filter(|(_, shown)| *shown);
    let signs: String = signs.map(|(sign, _)| *sign).collect();
    let room = room.saturating_sub(signs.len());
    format!("  {mark}{signs} {}", left(&value, room))
}
