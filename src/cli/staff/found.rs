//! From what was found to what is printed.

use super::StaffArgs;
use crate::cli::study::Ran;
use crate::cli::study::case;
use crate::cli::study::notes;
use crate::cli::study::quoted;
use crate::measure::Figure;
use crate::measure::Summary;
use crate::measure::row::Row;
use crate::menu::source::Sources;
use crate::report::staffing as report;
use crate::report::staffing::Checked;
use crate::report::staffing::Group;
use crate::report::staffing::Missed;
use crate::report::staffing::Rostering;
use crate::report::staffing::Slot;
use crate::report::staffing::Staffing;
use crate::sim::scaling::Scaling;
use crate::sim::scenario::Bound;
use crate::sim::scenario::Goal;
use crate::sim::sheet::clock;
use crate::sim::staff::Staff;
use crate::sim::study::Cases;
use crate::sim::verdict::Miss;
use crate::staffing::Found;
use crate::staffing::Need;
use crate::staffing::Pooled;
use crate::staffing::Rostered;
use crate::staffing::Turn;
use crate::staffing::needs;
use std::collections::BTreeSet;
use std::ops::Range;

const MS_PER_HOUR: f64 = 3_600_000.0;
const MINUTES_PER_HOUR: f64 = 60.0;

/// What was found; `present` are the people as they are.
pub(super) fn staffing(
    args: &StaffArgs,
    cases: &Cases,
    sources: &Sources,
    (found, rostered): (Found, Option<Rostered>),
    (present, scaled): (&Staff, &[Scaling]),
) -> Staffing {
    let (seed, runs) = args.size(cases);
    let goals = &found.model.scenario().goals;
    let groups = needs(&found, present);
    let rostering = rostered.map(|rostered| rostering(&found, rostered, &groups));
    let groups = groups
        .into_iter()
        .map(|pooled| group(&found, pooled, present));
    let costs = found.model.scenario().costs.as_ref();
    Staffing {
        what_if: args.what_if.clone(),
        groups: groups.collect(),
        checked: checked(&found, &found.missed_by_others, &found.checked.summary),
        missed: missed(goals, &found.missed, &found.result.summary),
        tried: found.tried,
        slot_hours: present.interval().0 as f64 / MS_PER_HOUR,
        agent_hour: costs.map(|costs| (costs.agent_hour, costs.currency.clone())),
        rostering,
        study: Ran {
            scenario: &args.scenario,
            model: &found.model,
            sources,
            seed,
            notes: notes(&found.model, scaled, found.result.summary.wants_runs()),
            base: case("needed", found.result),
            what_ifs: Vec::new(),
            precision: Vec::new(),
            command: format!(
                "strowger staff {}{} --seed {seed} --runs {runs}",
                args.scenario.display(),
                args.what_if
                    .as_ref()
                    .map_or_else(String::new, |name| format!(" --what-if {}", quoted(name))),
            ),
        }
        .study(),
    }
}

/// Goals that are missed, with what they are instead, in the order of time.
fn missed(goals: &[Goal], misses: &[Miss], summary: &Summary) -> Vec<Missed> {
    let missed = misses.iter().map(|miss| {
        let goal = &goals[miss.goal];
        let row = goal.row(summary);
        let at = miss
            .interval
            .map_or(&row.total, |cell| &row.intervals[cell]);
        Missed {
            interval: miss.interval,
            goal: miss.goal,
            value: at.get(goal.metric()),
        }
    });
    let mut missed: Vec<Missed> = missed.collect();
    missed.sort_by_key(|missed| missed.interval);
    missed
}

/// What other callers came to.
fn checked(found: &Found, misses: &[Miss], summary: &Summary) -> Checked {
    let goals = &found.model.scenario().goals;
    let judged: BTreeSet<Option<usize>> = goals
        .iter()
        .flat_map(|goal| judged(goal.row(summary)))
        .collect();
    Checked {
        seed: found.others,
        judged: judged.len(),
        missed: missed(goals, misses, summary),
    }
}

/// The roster for what was found; `groups` are those of its needs.
fn rostering(found: &Found, rostered: Rostered, groups: &[Pooled]) -> Rostering {
    let scenario = found.model.scenario();
    let staff = &found.staff;
    let place_of = |kind: usize| {
        let mut places = groups.iter();
        places.position(|group| group.kinds.contains(&kind))
    };
    let turn = |turn: &Turn| {
        let pattern = &scenario.shifts[turn.pattern];
        let at = |minutes: u32| clock(i64::from(minutes));
        let group = place_of(turn.kind)?;
        let breaks = turn.breaks.iter().zip(&pattern.breaks);
        let breaks = breaks.map(|(taken, window)| {
            let taken = taken.iter();
            taken
                .map(|(from, people)| (at(*from), at(from + window.length), *people))
                .collect()
        });
        Some(report::Turn {
            group,
            kind: staff.kind_words(turn.kind),
            shift: pattern.name.clone(),
            hours: (at(turn.start), at(turn.start + pattern.length)),
            people: turn.people,
            breaks: breaks.collect(),
        })
    };
    let at_work = groups.iter();
    let at_work = at_work.map(|group| rostered.at_work(&group.kinds, scenario));
    let missing = groups.iter().map(|group| {
        let mut missing = vec![0; staff.intervals()];
        for kind in &group.kinds {
            let at_work = rostered.at_work(&[*kind], scenario);
            for (slot, (missing, at_work)) in missing.iter_mut().zip(at_work).enumerate() {
                *missing += staff.at(*kind, slot).saturating_sub(at_work);
            }
        }
        missing
    });
    let is_raised = |slot: &usize| {
        let mut kinds = 0..staff.kinds();
        kinds.any(|kind| rostered.asked.at(kind, *slot) > staff.at(kind, *slot))
    };
    Rostering {
        turns: rostered.cover.turns.iter().filter_map(turn).collect(),
        missing: missing.collect(),
        at_work: at_work.collect(),
        paid_hours: rostered.cover.paid as f64 / MINUTES_PER_HOUR,
        least_hours: (rostered.short.is_none())
            .then(|| rostered.cover.least as f64 / MINUTES_PER_HOUR),
        is_best: rostered.cover.is_best,
        missing_hours: rostered.missing_minutes as f64 / MINUTES_PER_HOUR,
        raised: (0..staff.intervals()).filter(is_raised).count(),
        missed: missed(&scenario.goals, &rostered.missed, &rostered.result.summary),
        checked: checked(found, &rostered.missed_by_others, &rostered.checked.summary),
        case: case("roster", rostered.result),
    }
}

/// The intervals by which it is judged; where there are none, the whole as one.
fn judged(row: &Row) -> Vec<Option<usize>> {
    let judged = row.judged.iter().enumerate();
    let judged = judged.filter(|(_, judged)| **judged);
    let judged: Vec<_> = judged.map(|(cell, _)| Some(cell)).collect();
    match judged.is_empty() {
        true => vec![None],
        false => judged,
    }
}

fn group(found: &Found, pooled: Pooled, present: &Staff) -> Group {
    let (plan, goals) = (&found.model.plan, &found.model.scenario().goals);
    let own: Vec<usize> = (0..goals.len())
        .filter(|goal| goals[*goal].group(plan) == pooled.group)
        .collect();
    let start = found.model.scenario().start;
    let slot = |(place, need): (usize, Need)| Slot {
        from: present.begins(place, start).strftime("%H:%M").to_string(),
        calls: need.calls,
        load: need.load,
        erlang_c: need.erlang_c,
        erlang_a: need.erlang_a,
        figures: own
            .iter()
            .map(|goal| worst(found, &goals[*goal], need.cells.clone()))
            .collect(),
        needed: need.needed,
        present: need.present,
    };
    Group {
        name: plan.group(pooled.group).name.clone(),
        kinds: pooled
            .kinds
            .iter()
            .map(|kind| found.staff.kind_words(*kind))
            .collect(),
        goals: own.clone(),
        slots: pooled.needs.into_iter().enumerate().map(slot).collect(),
    }
}

/// The figure of the worst of these intervals by which a goal is judged.
fn worst(found: &Found, goal: &Goal, cells: Range<usize>) -> Figure {
    let metric = goal.metric();
    let row = goal.row(&found.result.summary);
    if row.intervals.is_empty() {
        return row.total.get(metric);
    }
    let judged = cells.filter(|cell| row.judged[*cell]);
    let figures = judged.map(|cell| row.intervals[cell].get(metric));
    let is_more_better = matches!(goal.bound, Bound::ServiceLevel { .. });
    let bad = |figure: &Figure| {
        let mean = figure.mean.unwrap_or(0.0);
        if is_more_better { -mean } else { mean }
    };
    figures
        .max_by(|one, other| bad(one).total_cmp(&bad(other)))
        .unwrap_or(Figure::NONE)
}
