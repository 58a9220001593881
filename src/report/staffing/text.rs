//! The agents needed, for people.

use super::Checked;
use super::Group;
use super::Missed;
use super::Slot;
use super::Staffing;
use super::roster;
use crate::measure::Figure;
use crate::measure::definitions::definition;
use crate::report::number;
use crate::report::number::count;
use crate::report::number::with_interval;
use crate::report::study::GoalResult;
use crate::report::style::Style;
use crate::report::text::footer::again;
use crate::report::text::goals::label;
use crate::report::text::page::Page;
use crate::report::text::page::left;
use crate::report::text::page::right;
use crate::report::text::page::words;
use crate::report::text::title;
use std::fmt::Write as _;
use std::ops::Range;

/// The head of a column in two lines, and its width.
type Head = ((&'static str, &'static str), usize);

/// Columns of the interval, and of the numbers that each group has.
const FROM: usize = 5;
const HEADS: [Head; 7] = [
    (("", "calls"), 7),
    (("", "erlangs"), 8),
    (("Erlang", "C"), 7),
    (("Erlang", "A"), 7),
    (("", "NEEDED"), 7),
    (("", "now"), 6),
    (("", ""), 6),
];
/// The column of the agents needed.
const NEEDED: usize = 4;
/// Columns of a goal.
const GOAL: usize = 15;
/// The most intervals that are told of one by one.
const TOLD_MAX: usize = 8;

/// The page, of at most 100 columns.
pub fn text(staffing: &Staffing, style: Style) -> String {
    let mut page = Page::new(style);
    title(&mut page, &staffing.study, "");
    if let Some(what_if) = &staffing.what_if {
        page.wrapped("  ", &format!("what if: {what_if}"));
    }
    page.heading("AGENTS NEEDED", "so that every interval meets the goals");
    for goal in &staffing.study.base.goals {
        page.line(format!("  {}", label(goal)));
    }
    for group in &staffing.groups {
        table(&mut page, staffing, group);
    }
    sums(&mut page, staffing);
    let why = "With these agents goals are missed all the same, by a little: the search ended before it had mended them.";
    missed(
        &mut page,
        staffing,
        why,
        (&staffing.missed, &staffing.checked),
    );
    roster::print(&mut page, staffing);
    meanings(&mut page, staffing);
    again(&mut page, &staffing.study);
    page.finish()
}

fn table(page: &mut Page, staffing: &Staffing, group: &Group) {
    let room = |own: &Range<usize>| {
        let used: usize = HEADS[own.clone()].iter().map(|(_, width)| width).sum();
        (page.style.columns() - 2 - FROM - used) / GOAL
    };
    let (all, needed) = (0..HEADS.len(), NEEDED..NEEDED + 1);
    let beside = group.goals.len().min(room(&all));
    let below = room(&needed);
    page.line("");
    page.line(page.style.bold(&format!("  {}", group.name)));
    columns(page, staffing, group, (all, 0..beside));
    // Goals for which there is no room beside the numbers.
    for first in (beside..group.goals.len()).step_by(below) {
        let goals = first..group.goals.len().min(first + below);
        page.line("");
        columns(page, staffing, group, (needed.clone(), goals));
    }
}

/// The intervals with these of their numbers and these goals of the group.
fn columns(
    page: &mut Page,
    staffing: &Staffing,
    group: &Group,
    (own, goals): (Range<usize>, Range<usize>),
) {
    for line in heads(staffing, &HEADS[own.clone()], &group.goals[goals.clone()]) {
        page.line(page.style.dim(&line));
    }
    for slot in &group.slots {
        let mut line = numbers(page.style, slot, &own);
        let figures = slot.figures[goals.clone()].iter();
        for (goal, figure) in group.goals[goals.clone()].iter().zip(figures) {
            line += &of_goal(page.style, &staffing.study.base.goals[*goal], *figure);
        }
        page.line(line);
        if group.kinds.len() > 1 && own.len() > 1 {
            of_kinds(page, group, slot);
        }
    }
}

/// A figure as wide as its column stands apart from the one before.
fn of_goal(style: Style, goal: &GoalResult, figure: Figure) -> String {
    let cell = number::cell(style, definition(&goal.metric).unit, figure, GOAL);
    format!(" {}", cell.strip_suffix(' ').unwrap_or(&cell))
}

/// The heads of the columns in two lines; those of goals are of queues or groups of these names.
fn heads(staffing: &Staffing, own: &[Head], goals: &[usize]) -> [String; 2] {
    let goals = goals.iter().map(|goal| &staffing.study.base.goals[*goal]);
    let subject = |goal: &GoalResult| {
        let name = goal.subject.split_once('.').map_or("", |(_, name)| name);
        name.to_owned()
    };
    let line = |from: &str,
                head: fn(&(&'static str, &'static str)) -> &'static str,
                of: &dyn Fn(&GoalResult) -> String| {
        let own: String = own
            .iter()
            .map(|(names, width)| right(head(names), *width))
            .collect();
        let goals: String = goals.clone().map(|goal| right(&of(goal), GOAL)).collect();
        format!("  {}{own}{goals}", left(from, FROM))
    };
    [
        line("", |head| head.0, &subject),
        line("from", |head| head.1, &|goal| short(&goal.metric)),
    ]
}

fn short(metric: &str) -> String {
    match metric {
        "asa_s" => "ASA".to_owned(),
        _ => words(metric),
    }
}

/// The interval, and these of the columns that each group has.
fn numbers(style: Style, slot: &Slot, own: &Range<usize>) -> String {
    let (needed, present) = (slot.all_needed(), slot.all_present());
    let fewest = |agents: Option<u32>| agents.map_or_else(|| "-".to_owned(), whole);
    let more = i64::from(present) - i64::from(needed);
    let cells = [
        short_count(slot.calls, 1),
        short_count(slot.load, 2),
        fewest(slot.erlang_c),
        fewest(slot.erlang_a),
        whole(needed),
        whole(present),
        if more == 0 {
            String::new()
        } else {
            format!("{more:+}")
        },
    ];
    let mut line = format!("  {}", left(&slot.from, FROM));
    for place in own.clone() {
        let cell = right(&cells[place], HEADS[place].1);
        line += &match place {
            NEEDED => style.bold(&cell),
            6 if more < 0 => style.bad(&cell),
            6 => style.dim(&cell),
            _ => cell,
        };
    }
    line
}

/// Decimals of thousands tell nothing, and have no room.
fn short_count(value: f64, decimals: usize) -> String {
    count(value, if value < 999.0 { decimals } else { 0 })
}

/// Whose agents these are, where a group has several kinds.
fn of_kinds(page: &mut Page, group: &Group, slot: &Slot) {
    let kinds = group
        .kinds
        .iter()
        .zip(slot.needed.iter().zip(&slot.present));
    let kinds = kinds.map(|(name, (needed, present))| {
        let name = if name.is_empty() { "all" } else { name };
        format!("{name}: {} (now {})", whole(*needed), whole(*present))
    });
    let words = kinds.collect::<Vec<_>>().join(", ");
    page.wrapped(&" ".repeat(2 + FROM + 2), &words);
}

pub(super) fn whole(agents: u32) -> String {
    count(f64::from(agents), 0)
}

fn sums(page: &mut Page, staffing: &Staffing) {
    let (needed, present) = staffing.agent_hours();
    if staffing.groups.iter().all(|group| group.slots.len() < 2) {
        return;
    }
    let hours = |hours: f64| count(hours, usize::from(hours.fract() > 0.0));
    let mut words = format!(
        "In all {} hours of agents are needed; there are {}.",
        hours(needed),
        hours(present)
    );
    if let Some((cost, currency)) = &staffing.agent_hour {
        let (needed, present) = (count(needed * cost, 0), count(present * cost, 0));
        let _ = write!(
            words,
            " They cost {needed} {currency} instead of {present}."
        );
    }
    page.line("");
    page.wrapped("  ", &words);
}

/// What these agents miss all the same, and what other callers come to.
pub(super) fn missed(
    page: &mut Page,
    staffing: &Staffing,
    why: &str,
    (missed, checked): (&[Missed], &Checked),
) {
    if !missed.is_empty() {
        page.wrapped(
            "  ! ",
            &format!("{why} {}", list(page.style, staffing, missed)),
        );
    }
    let (bad, all) = (checked.intervals(), checked.judged);
    let seed = checked.seed;
    let words = match (bad, all) {
        (0, 0 | 1) => format!("Other callers (seed {seed}) meet all goals too."),
        (0, all) => {
            format!("Other callers (seed {seed}) meet all goals in all of the {all} intervals too.")
        }
        (_, 0 | 1) => format!("Other callers (seed {seed}) miss a goal, by chance or by a little:"),
        (bad, all) => format!(
            "Other callers (seed {seed}) meet all goals in {} of {all} intervals. By chance, or by a little, \
             they miss",
            all - bad
        ),
    };
    let mut words = words;
    if bad > 0 {
        let missed = list(page.style, staffing, &checked.missed);
        let _ = write!(
            words,
            " {missed} More runs, or tighter goals, make it surer."
        );
    }
    page.wrapped("  ", &words);
}

/// Goals that are missed, interval by interval, with what they are instead.
fn list(style: Style, staffing: &Staffing, missed: &[Missed]) -> String {
    let goals = &staffing.study.base.goals;
    let is_of_one = goals.windows(2).all(|two| two[0].subject == two[1].subject);
    let mut told: Vec<String> = Vec::new();
    for at in missed.chunk_by(|one, other| one.interval == other.interval) {
        let values = at.iter().map(|missed| {
            let goal = &goals[missed.goal];
            let value = with_interval(style, definition(&goal.metric).unit, missed.value);
            let whose = match goal.subject.split_once('.') {
                Some((_, name)) if !is_of_one => format!("{name} "),
                _ => String::new(),
            };
            format!("{whose}{} {value}", words(&goal.metric))
        });
        let values = values.collect::<Vec<_>>().join(", ");
        let from = staffing.start(at[0].interval);
        told.push(from.map_or_else(|| values.clone(), |from| format!("{from} {values}")));
    }
    let more = told.len().saturating_sub(TOLD_MAX);
    told.truncate(TOLD_MAX);
    let told = told.join("; ");
    match more {
        0 => format!("{told}."),
        more => format!("{told}; and {more} more."),
    }
}

fn meanings(page: &mut Page, staffing: &Staffing) {
    page.heading("WHAT THE FIGURES MEAN", "");
    let needed = format!(
        "The fewest agents on duty with whom the figure of every interval that is judged meets its goals, by {} \
         simulations with the same callers, menus, redials and rules as any other: where one fewer was tried, a \
         goal was missed in that interval or beside it. Absences and breaks that the scenario has are taken in.",
        staffing.tried
    );
    page.entry("needed", &needed);
    page.entry(
        "erlangs",
        "Calls that came to the queues, times talk and wrap-up, for each hour.",
    );
    page.entry(
        "Erlang C, Erlang A",
        "The fewest by the formulas for the same calls: everybody waits (C), or has a patience that is \
         exponential, with the mean of the scenario's callers (A). They know of no ringing, no spread of talks \
         but the exponential, no busy days, no interval before this one, and pool all queues of the group. A \
         goal that nobody waits, or hangs up, is out of their reach (-), and of one that few hang up C knows nothing.",
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_of_agents_stand_apart() {
        let slot = Slot {
            from: "09:00".to_owned(),
            calls: 12_478.3,
            load: 12_225.76,
            erlang_c: Some(2264),
            erlang_a: None,
            figures: Vec::new(),
            needed: vec![1000, 722],
            present: vec![5000],
        };
        let line = numbers(Style::PLAIN, &slot, &(0..HEADS.len()));
        let cells: Vec<&str> = line.split_whitespace().collect();
        let expected = [
            "09:00", "12,478", "12,226", "2,264", "-", "1,722", "5,000", "+3278",
        ];
        assert_eq!(cells, expected);
    }
}
