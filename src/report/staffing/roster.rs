//! The roster, for people: the shifts with their breaks, and who is at work when.

use super::Group;
use super::Rostering;
use super::Staffing;
use super::Turn;
use super::text::missed;
use super::text::whole;
use crate::report::number::count;
use crate::report::text::page::Page;
use crate::report::text::page::left;
use crate::report::text::page::right;
use crate::report::text::page::shortened;
use std::fmt::Write as _;

/// Columns of a shift's name, and of those of the interval and the two numbers beside its bar.
const SHIFT: usize = 16;
const FROM: usize = 5;
const NUMBER: usize = 9;
/// Columns behind a bar, for how many are missing.
const MISSING: usize = 14;

pub(super) fn print(page: &mut Page, staffing: &Staffing) {
    let Some(rostering) = &staffing.rostering else {
        return;
    };
    let beside = match rostering.least_hours {
        Some(_) => "shifts with which they are at work, for the fewest paid hours",
        None => "shifts with which as few of them as can be are missing",
    };
    page.heading("ROSTER", beside);
    for (place, group) in staffing.groups.iter().enumerate() {
        shifts(page, rostering, (place, group));
        hours(
            page,
            group,
            (&rostering.at_work[place], &rostering.missing[place]),
        );
    }
    sums(page, staffing, rostering);
    let why = "With this roster goals are missed all the same: other beginnings of shifts and breaks, or more people who \
               may have them, may help.";
    missed(page, staffing, why, (&rostering.missed, &rostering.checked));
}

fn shifts(page: &mut Page, rostering: &Rostering, (place, group): (usize, &Group)) {
    page.line("");
    page.line(page.style.bold(&format!("  {}", group.name)));
    let heads = format!(
        "  {}{}{}   breaks begin at (so many take them then)",
        left("shift", SHIFT),
        left("from", FROM + 3),
        left("to       people", 15)
    );
    page.line(page.style.dim(&heads));
    let mut kind = "";
    for turn in rostering.turns.iter().filter(|turn| turn.group == place) {
        if group.kinds.len() > 1 && turn.kind != kind {
            kind = &turn.kind;
            page.line(page.style.dim(&format!("  {kind}:")));
        }
        let first = format!(
            "  {}{}   {}{}   ",
            shortened(page.style, &turn.shift, SHIFT - 1) + " ",
            left(&turn.hours.0, FROM),
            left(&turn.hours.1, FROM),
            right(&whole(turn.people), 10),
        );
        page.wrapped(&first, &breaks(turn));
    }
}

/// `10:00(2) 10:15(2), 12:30`.
fn breaks(turn: &Turn) -> String {
    let taken = |(from, _, people): &(String, String, u32)| match *people == turn.people {
        true => from.clone(),
        false => format!("{from}({people})"),
    };
    let breaks = turn.breaks.iter().map(|one| {
        let taken: Vec<String> = one.iter().map(taken).collect();
        taken.join(" ")
    });
    breaks.collect::<Vec<_>>().join(", ")
}

/// The agents needed and those at work, interval by interval.
fn hours(page: &mut Page, group: &Group, (at_work, missing): (&[u32], &[u32])) {
    let style = page.style;
    let most = at_work.iter().max().copied().unwrap_or(0).max(1);
    let behind = if missing.iter().any(|missing| *missing > 0) {
        MISSING
    } else {
        0
    };
    let room = style.columns() - 2 - FROM - 2 * NUMBER - 3 - behind;
    page.line("");
    let heads = format!(
        "  {}{}{}   {}",
        left("from", FROM),
        right("needed", NUMBER),
        right("at work", NUMBER),
        style.legend("needed", "more than needed")
    );
    page.line(style.dim(&heads));
    for ((slot, at_work), missing) in group.slots.iter().zip(at_work).zip(missing) {
        let needed = slot.all_needed();
        if needed.max(*at_work) == 0 {
            continue;
        }
        let columns = |agents: u32| room * agents as usize / most as usize;
        let more = columns(*at_work).saturating_sub(columns(needed.min(*at_work)));
        let line = format!(
            "  {}{}{}   {}{}",
            left(&slot.from, FROM),
            right(&whole(needed), NUMBER),
            right(&whole(*at_work), NUMBER),
            style.bar(1.0, columns(needed.min(*at_work)), true),
            style.bar(1.0, more, false),
        );
        page.line(match missing {
            0 => line,
            missing => style.bad(&format!("{line} {} missing", whole(*missing))),
        });
    }
}

fn sums(page: &mut Page, staffing: &Staffing, rostering: &Rostering) {
    let hours = |hours: f64| count(hours, usize::from(hours.fract() > 0.0));
    let (needed, _) = staffing.agent_hours();
    let mut words = format!(
        "In all {} people with {} paid hours, where {} are needed at the phones:",
        whole(rostering.people()),
        hours(rostering.paid_hours),
        hours(needed)
    );
    let _ = match rostering.least_hours {
        None => write!(
            words,
            " no such shifts cover them all, and with these {} hours of agents are missing, as few as {}.",
            count(rostering.missing_hours, 1),
            if rostering.is_best {
                "can be"
            } else {
                "the search has found"
            }
        ),
        Some(least) if least < rostering.paid_hours => write!(
            words,
            " with fewer than {} no such shifts cover what was asked for; whether some between do, the search did \
             not find out.",
            hours(least)
        ),
        Some(_) => write!(
            words,
            " no such shifts with fewer cover what was asked for."
        ),
    };
    if let Some((cost, currency)) = &staffing.agent_hour {
        let cost = count(rostering.paid_hours * cost, 0);
        let _ = write!(words, " They cost {cost} {currency}.");
    }
    if rostering.raised > 0 {
        let all = rostering.at_work.first().map_or(0, Vec::len);
        let _ = write!(
            words,
            " More than needed were asked for in {} of {all} intervals, in which a goal was missed otherwise.",
            rostering.raised
        );
    }
    page.line("");
    page.wrapped("  ", &words);
}
