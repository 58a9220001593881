//! A roster for the agents needed: shifts that cover them, simulated with their breaks, and more of them where a
//! goal is missed all the same.
//!
//! Who is on a call when a break is due takes it later, some come late, and people who have worked together go at
//! once: head counts know of none of it. So one person more is asked for where a goal is missed, and other shifts are
//! sought, until none is (the cuts of Atlason, Epelman and Henderson, 2008, of one person each).

use super::cover::Cover;
use super::cover::Pool;
use super::cover::Turn;
use super::cover::Uncovered;
use super::cover::cover;
use super::cover::missing;
use super::cover::nearest;
use super::missed::where_missed;
use super::search::Found;
use super::times::Times;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::id::GroupId;
use crate::sim::hiring::Hiring;
use crate::sim::model::Model;
use crate::sim::roster::Roster;
use crate::sim::scenario::Scenario;
use crate::sim::scenario::ShiftPattern;
use crate::sim::staff::Staff;
use crate::sim::study::CaseResult;
use crate::sim::study::run_case;
use crate::sim::verdict::Miss;
use crate::sim::verdict::misses;
use crate::sim::worker::Shift;
use jiff::civil::DateTime;
use jiff::civil::Time;
use std::cmp::Reverse;
use std::ops::Range;

/// Rosters that are tried at most.
const ROUNDS_MAX: u32 = 20;
const MINUTE_MS: i64 = 60_000;

/// A roster, and what came of it.
#[derive(Clone, Debug)]
pub struct Rostered {
    /// The shifts.
    pub cover: Cover,
    /// Why they cover not all that is needed, if so.
    pub short: Option<Uncovered>,
    /// The minutes in which people are missing, for each of them.
    pub missing_minutes: u64,
    /// The head counts that they cover: those needed, and more where a goal was missed.
    pub asked: Staff,
    /// The people, from midnight on: what they do before the run begins is left out of it.
    pub roster: Roster,
    midnight: DateTime,
    /// What came of them, with the callers of the search.
    pub result: CaseResult,
    /// Where a goal is missed all the same.
    pub missed: Vec<Miss>,
    /// The same with other callers, those of [`Found::others`].
    pub checked: CaseResult,
    /// Where they miss a goal.
    pub missed_by_others: Vec<Miss>,
}

/// A roster that was tried.
struct Tried {
    cover: Cover,
    asked: Staff,
    model: Model,
    result: CaseResult,
    missed: Vec<Miss>,
}

/// Finds a roster for what was found, of the shifts that the scenario has: of those that were tried the first with
/// the fewest goals missed. `more` is told how many runs there will be, those of the search among them, and `done`
/// is called after each.
pub fn roster(
    hiring: &mut Hiring<'_>,
    found: &Found,
    (seed, runs): (u64, u32),
    more: &impl Fn(u64),
    done: &(impl Fn() + Sync),
) -> Result<Rostered, Uncovered> {
    let case = hiring.case();
    let scenario = case.scenario();
    let (start, patterns) = (scenario.start, &scenario.shifts);
    let times = Times::of(&found.staff, case);
    let mut asked = found.staff.clone();
    let mut short_of = None;
    let mut best: Option<Tried> = None;
    for round in 0..ROUNDS_MAX {
        let pools = pools(&asked, start);
        let covered = match (cover(patterns, &pools), &best) {
            (Ok(covered), _) => covered,
            (Err(why), None) => {
                let near = nearest(patterns, &pools)?;
                // It may have been there, and the search have ended before.
                short_of = (missing(&near, patterns, &pools) > 0).then_some(why);
                near
            }
            // What was asked for on top is more than there can be.
            (Err(_), Some(_)) => break,
        };
        // Those of the search and their check, this one and the check of the best.
        more(u64::from(runs) * u64::from(found.tried + round + 3));
        let workers = asked.rostered(&case.plan, turns(&covered, patterns, start));
        let model = hiring.with_people(workers);
        let result = run_case(&model, seed, runs, done);
        let missed = misses(&scenario.goals, &result.summary);
        let short = where_missed(&asked, &missed, case, &times);
        let kinds = 0..asked.kinds();
        let at_work = kinds.map(|kind| at_work(&covered, patterns, &pools, &[kind]));
        let at_work: Vec<Vec<u32>> = at_work.collect();
        let is_better = |best: &Tried| missed.len() < best.missed.len();
        if best.as_ref().is_none_or(is_better) {
            best = Some(Tried {
                cover: covered,
                asked: asked.clone(),
                model,
                result,
                missed,
            });
        }
        if short.is_empty() || short_of.is_some() {
            break;
        }
        one_more(&mut asked, &at_work, &short, round);
    }
    let best = best.expect("the first round is kept");
    let checked = run_case(&best.model, found.others, runs, done);
    let midnight = midnight_of(start);
    let workers = (best.asked).rostered(&case.plan, turns(&best.cover, patterns, midnight));
    Ok(Rostered {
        missing_minutes: missing(&best.cover, patterns, &pools(&best.asked, start)),
        short: short_of,
        missed_by_others: misses(&scenario.goals, &checked.summary),
        cover: best.cover,
        asked: best.asked,
        roster: Roster { workers },
        midnight,
        result: best.result,
        missed: best.missed,
        checked,
    })
}

impl Rostered {
    /// How many of these kinds are at work in each interval of the head counts: the fewest at any minute of it.
    pub fn at_work(&self, kinds: &[usize], scenario: &Scenario) -> Vec<u32> {
        let pools = pools(&self.asked, scenario.start);
        at_work(&self.cover, &scenario.shifts, &pools, kinds)
    }

    /// The people as a roster file says them.
    pub fn csv(&self, dialplan: &Dialplan) -> String {
        self.roster.csv(dialplan, self.midnight)
    }
}

/// The fewest people of these kinds who are at work at some minute of each interval of the head counts.
fn at_work(cover: &Cover, patterns: &[ShiftPattern], pools: &[Pool], kinds: &[usize]) -> Vec<u32> {
    let turns = cover.turns.iter();
    let own: Vec<&Turn> = turns.filter(|turn| kinds.contains(&turn.kind)).collect();
    let at = |minute: u32| {
        let turns = own.iter();
        turns
            .map(|turn| turn.at_work(&patterns[turn.pattern], minute))
            .sum()
    };
    let fewest = |time: &Range<u32>| time.clone().map(at).min().unwrap_or(0);
    let times = pools.first().map_or(&[][..], |pool| &pool.needs);
    times.iter().map(|(time, _)| fewest(time)).collect()
}

/// Asks for one more than are at work in each interval in which a goal of a group is missed: of its kind of which most
/// are asked for there, and round by round of the others.
fn one_more(asked: &mut Staff, at_work: &[Vec<u32>], missed: &[(usize, usize)], round: u32) {
    let mut places: Vec<(GroupId, usize)> = missed
        .iter()
        .map(|(kind, slot)| (asked.kind(*kind).0, *slot))
        .collect();
    places.sort_unstable();
    places.dedup();
    for (group, slot) in places {
        let mut kinds: Vec<usize> = asked.kinds_of(group).collect();
        kinds.sort_by_key(|kind| Reverse(asked.at(*kind, slot)));
        let kind = kinds[round as usize % kinds.len()];
        let there = asked.at(kind, slot).max(at_work[kind][slot]);
        asked.put(kind, slot, there + 1);
    }
}

/// Milliseconds from midnight to tick 0.
fn since_midnight(start: DateTime) -> i64 {
    start.duration_since(midnight_of(start)).as_millis() as i64
}

fn midnight_of(start: DateTime) -> DateTime {
    start.date().to_datetime(Time::midnight())
}

/// How many of each kind are needed when.
fn pools(staff: &Staff, start: DateTime) -> Vec<Pool> {
    let origin = since_midnight(start);
    let minutes = |slot: usize| (staff.begins_ms(slot) + origin).max(0) / MINUTE_MS;
    let needs = |kind: usize| {
        let slots = 0..staff.intervals();
        slots.map(move |slot| {
            let time: Range<u32> = minutes(slot) as u32..minutes(slot + 1) as u32;
            (time, staff.at(kind, slot))
        })
    };
    let pools = (0..staff.kinds()).map(|kind| Pool {
        kind,
        group: staff.kind(kind).0,
        needs: needs(kind).collect(),
    });
    pools.collect()
}

/// The shift of each person, with the kind, in the order in which they begin; `start` is the local time of tick 0. Of
/// those with the same shift, who takes the first break early takes the others early too.
fn turns(cover: &Cover, patterns: &[ShiftPattern], start: DateTime) -> Vec<(usize, Shift)> {
    let origin = since_midnight(start);
    let ms = |minutes: u32| i64::from(minutes) * MINUTE_MS - origin;
    let mut all = Vec::new();
    let mut in_order: Vec<&Turn> = cover.turns.iter().collect();
    in_order.sort_by_key(|turn| turn.start);
    for turn in in_order {
        let pattern = &patterns[turn.pattern];
        let (from, to) = (ms(turn.start), ms(turn.start + pattern.length));
        for person in 0..turn.people {
            let breaks = turn.breaks.iter().zip(&pattern.breaks);
            let breaks = breaks.map(|(taken, window)| {
                let at = nth(taken, person);
                (ms(at), ms(at + window.length))
            });
            let breaks: Vec<(i64, i64)> = breaks.collect();
            all.extend(Shift::new(from, to, &breaks).map(|shift| (turn.kind, shift)));
        }
    }
    all
}

/// When the break of a person begins, by the order of those who take it.
fn nth(taken: &[(u32, u32)], person: u32) -> u32 {
    let mut before = 0;
    let own = taken.iter().find(|(_, people)| {
        before += people;
        person < before
    });
    own.map_or(0, |(at, _)| *at)
}
