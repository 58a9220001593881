//! A roster for the agents needed: shifts that cover them, simulated with their breaks, and more of them where a
//! goal is missed all the same.
//!
//! Who is on a call when a break is due takes it later, and people who have worked together go at once: head counts
//! know of neither. So one person more is asked for where a goal is missed, and other shifts are sought, until
//! none is (the cuts of Atlason, Epelman and Henderson, 2008, of one person each).

use super::cover::Cover;
use super::cover::Pool;
use super::cover::Uncovered;
use super::cover::cover;
use super::missed::one_more;
use super::search::Found;
use super::times::Times;
use crate::sim::hiring::Hiring;
use crate::sim::roster::Roster;
use crate::sim::scenario::ShiftPattern;
use crate::sim::staff::Staff;
use crate::sim::study::CaseResult;
use crate::sim::study::run_case;
use crate::sim::verdict::Miss;
use crate::sim::verdict::misses;
use crate::sim::worker::Shift;
use jiff::civil::DateTime;
use jiff::civil::Time;
use std::ops::Range;

/// Rosters that are tried at most.
const ROUNDS_MAX: u32 = 20;
const MINUTE_MS: i64 = 60_000;

/// A roster, and what came of it.
#[derive(Clone, Debug)]
pub struct Rostered {
    /// The shifts.
    pub cover: Cover,
    /// The head counts that they cover: those needed, and more where a goal was missed.
    pub asked: Staff,
    /// The people.
    pub roster: Roster,
    /// How many of each kind are at work in each interval of the head counts, at any time of it.
    pub at_work: Vec<Vec<u32>>,
    /// What came of them, with the callers of the search.
    pub result: CaseResult,
    /// Where a goal is missed all the same.
    pub missed: Vec<Miss>,
    /// The same with other callers, those of [`Found::others`].
    pub checked: CaseResult,
    /// Where they miss a goal.
    pub missed_by_others: Vec<Miss>,
}

/// Finds a roster for what was found, of the shifts that the scenario has. `done` is called after each run.
pub fn roster(
    hiring: &mut Hiring<'_>,
    found: &Found,
    (seed, runs): (u64, u32),
    done: &(impl Fn() + Sync),
) -> Result<Rostered, Uncovered> {
    let case = hiring.case();
    let scenario = case.scenario();
    let times = Times::of(&found.staff, case);
    let mut asked = found.staff.clone();
    let mut rounds = 0;
    loop {
        rounds += 1;
        let covered = cover(&scenario.shifts, &pools(&asked, scenario.start))?;
        let turns = turns(&covered, &scenario.shifts, scenario.start);
        let workers = asked.rostered(&case.plan, turns);
        let model = hiring.with_people(workers.clone());
        let result = run_case(&model, seed, runs, done);
        let missed = misses(&scenario.goals, &result.summary);
        if missed.is_empty() || rounds == ROUNDS_MAX {
            let checked = run_case(&model, found.others, runs, done);
            return Ok(Rostered {
                missed_by_others: misses(&scenario.goals, &checked.summary),
                at_work: at_work(&covered, &scenario.shifts, &pools(&asked, scenario.start)),
                cover: covered,
                asked,
                roster: Roster { workers },
                result,
                missed,
                checked,
            });
        }
        one_more(&mut asked, &missed, case, &times);
    }
}

/// Milliseconds from midnight to tick 0.
fn since_midnight(start: DateTime) -> i64 {
    let midnight = start.date().to_datetime(Time::midnight());
    start.duration_since(midnight).as_millis() as i64
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

/// The shift of each person, with the kind: of those with the same shift, who takes the first break early takes
/// the others early too.
fn turns(cover: &Cover, patterns: &[ShiftPattern], start: DateTime) -> Vec<(usize, Shift)> {
    let origin = since_midnight(start);
    let ms = |minutes: u32| i64::from(minutes) * MINUTE_MS - origin;
    let mut all = Vec::new();
    for turn in &cover.turns {
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

/// The fewest people of each kind who are at work at some minute of each interval.
fn at_work(cover: &Cover, patterns: &[ShiftPattern], pools: &[Pool]) -> Vec<Vec<u32>> {
    let of_pool = |pool: &Pool| {
        let turns = || cover.turns.iter().filter(|turn| turn.kind == pool.kind);
        let at = |minute: u32| {
            turns()
                .map(|turn| turn.at_work(&patterns[turn.pattern], minute))
                .sum()
        };
        let slots = pool.needs.iter();
        slots
            .map(|(time, _)| time.clone().map(at).min().unwrap_or(0))
            .collect()
    };
    pools.iter().map(of_pool).collect()
}
