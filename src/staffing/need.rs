//! What is needed in each interval, beside what is there and what Erlang's formulas say.

use super::demand::calls as calls_to;
use super::demand::handling_s;
use super::erlang::Pool;
use super::erlang::Steady;
use super::search::Found;
use super::times::Times;
use crate::exchange::id::GroupId;
use crate::exchange::time::Span;
use crate::sim::scenario::Bound;
use crate::sim::scenario::Goal;
use crate::sim::scenario::Subject;
use crate::sim::staff::AGENTS_MAX;
use crate::sim::staff::Staff;
use std::ops::Range;

/// A group that has agents.
#[derive(Clone, Debug, PartialEq)]
pub struct Pooled {
    /// Which one.
    pub group: GroupId,
    /// The places of its kinds of people among the head counts.
    pub kinds: Vec<usize>,
    /// By interval of the head counts.
    pub needs: Vec<Need>,
}

/// A group in one interval of the head counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Need {
    /// Calls that came to its queues.
    pub calls: f64,
    /// Their load in erlangs: calls an hour times talk and wrap-up.
    pub load: f64,
    /// The fewest agents by Erlang C; none where nobody calls, without goals that it can tell of, and where none are
    /// enough.
    pub erlang_c: Option<u32>,
    /// The fewest by Erlang A, with the mean patience of the callers.
    pub erlang_a: Option<u32>,
    /// Agents needed, by kind.
    pub needed: Vec<u32>,
    /// Agents there are, by kind.
    pub present: Vec<u32>,
    /// The intervals of the figures that it touches.
    pub cells: Range<usize>,
}

/// What was found, group by group; `present` are the people as they are.
pub fn needs(found: &Found, present: &Staff) -> Vec<Pooled> {
    let mut groups: Vec<GroupId> = (0..present.kinds())
        .map(|kind| present.kind(kind).0)
        .collect();
    groups.sort_unstable();
    groups.dedup();
    let times = Times::of(present, &found.model);
    let of_group = |group: GroupId| {
        let kinds: Vec<usize> = present.kinds_of(group).collect();
        let needs =
            (0..times.slots()).map(|slot| need(found, present, (group, &kinds), (&times, slot)));
        Pooled {
            needs: needs.collect(),
            group,
            kinds,
        }
    };
    groups.into_iter().map(of_group).collect()
}

fn need(
    found: &Found,
    present: &Staff,
    (group, kinds): (GroupId, &[usize]),
    (times, slot): (&Times, usize),
) -> Need {
    let cells = times.within(slot);
    let hours: f64 = cells.clone().map(|cell| times.hours(cell)).sum();
    let queues = found
        .model
        .plan
        .queues
        .iter()
        .zip(&found.result.summary.queues);
    let (mut calls, mut work_s) = (0.0, 0.0);
    for (_, row) in queues.filter(|(queue, _)| queue.group == group) {
        for cell in cells.clone() {
            let own = calls_to(row, cell);
            calls += own;
            work_s += own * handling_s(row, cell, times).unwrap_or(0.0);
        }
    }
    let heads = |staff: &Staff| kinds.iter().map(|kind| staff.at(*kind, slot)).collect();
    let pool = |patience_s| Pool {
        rate: calls / hours / 3600.0,
        handling_s: work_s / calls,
        patience_s,
    };
    let fewest = |patience_s: Option<f64>| {
        let goals = found.model.scenario().goals.iter();
        let goals: Vec<&Goal> = goals
            .filter(|goal| goal.group(&found.model.plan) == group)
            .collect();
        let pool = pool(patience_s);
        let is_asked = goals.iter().any(|goal| asks(&pool, goal.bound));
        if !is_asked || calls <= 0.0 || work_s <= 0.0 {
            return None;
        }
        let all_met = |steady: &Steady| goals.iter().all(|goal| is_met(goal, found, steady));
        pool.fewest(AGENTS_MAX, all_met)
    };
    Need {
        calls,
        load: if hours > 0.0 {
            work_s / hours / 3600.0
        } else {
            0.0
        },
        erlang_c: fewest(None),
        erlang_a: fewest(Some(found.model.scenario().callers.patience.mean_s())),
        needed: heads(&found.staff),
        present: heads(present),
        cells,
    }
}

fn is_met(goal: &Goal, found: &Found, steady: &Steady) -> bool {
    let within = match goal.subject {
        Subject::Queue(queue) => found.model.plan.answer_within(queue),
        // Goals of groups are about their occupancy alone.
        Subject::Group(_) => Span::ZERO,
    };
    meets(steady, goal.bound, within)
}

/// Whether a goal asks for anybody: where everybody waits, one that few hang up does not.
pub fn asks(pool: &Pool, bound: Bound) -> bool {
    pool.patience_s.is_some() || !matches!(bound, Bound::Abandoned { .. })
}

/// Whether a pool of agents meets a goal, by the formulas; `within` is the time of a service level. However many
/// agents there are, some callers wait, and some of these hang up: that none do is true of rounded figures alone.
pub fn meets(steady: &Steady, bound: Bound, within: Span) -> bool {
    match bound {
        Bound::ServiceLevel { at_least, .. } => {
            at_least < 1.0 && steady.answered_within(within.as_seconds()) >= at_least
        }
        Bound::Abandoned { at_most } if steady.loses_some() => {
            at_most > 0.0 && steady.abandoned() <= at_most
        }
        Bound::Abandoned { .. } => true,
        Bound::Asa { at_most } => at_most > Span::ZERO && steady.asa_s() <= at_most.as_seconds(),
        Bound::Occupancy { at_most } => steady.occupancy() <= at_most,
    }
}
