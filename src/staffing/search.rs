//! The search: between nobody and more than enough people everywhere, halved until it is one person, for all
//! intervals at once; then single people are taken away as long as every interval meets the goals.
//!
//! All head counts meet the same callers, so that two of them differ by the people and not by chance. Halving
//! all intervals together keeps neighbours alike: one that had more than enough beside it would get by with too
//! few. In a round of taking away, people of one kind go from every third interval or so at once: whether a goal
//! is missed in or beside an interval tells whether they are needed there. At last that is done far apart, in most
//! days for one interval after the other: callers who call again are felt beyond the next interval, and what was
//! tried apart is put together and mended before.

use super::demand::Demand;
use super::demand::demands;
use super::missed::by_group;
use super::missed::one_more_of_each;
use super::times::Times;
use crate::exchange::dialplan::Dialplan;
use crate::sim::hiring::Hiring;
use crate::sim::model::Model;
use crate::sim::scenario::Bound;
use crate::sim::scenario::Goal;
use crate::sim::staff::Staff;
use crate::sim::study::CaseResult;
use crate::sim::study::run_case;
use crate::sim::verdict::Miss;
use crate::sim::verdict::misses;
use std::cmp::Reverse;

/// Beside a multiple of the load, so many more are more than enough.
const SPARE: f64 = 10.0;
/// At least so many times the load are more than enough.
const TIMES: f64 = 2.0;
/// As often are these doubled before a goal is taken for out of reach.
const DOUBLINGS: u32 = 2;
/// People are taken away in steps of this part of the most there are, and then in ever smaller ones.
const COARSE: u32 = 64;
/// So many intervals apart people are taken away at last: half a day in half hours.
const FAR: usize = 24;
/// Rounds that mend what was put together.
const MENDING_MAX: u32 = 50;

/// The fewest people, and what came of them.
#[derive(Clone, Debug)]
pub struct Found {
    /// The head counts.
    pub staff: Staff,
    /// With these people.
    pub model: Model,
    /// What came of them, with the callers of the search.
    pub result: CaseResult,
    /// Where a goal is missed all the same: where rounds that were tried apart do not go together.
    pub missed: Vec<Miss>,
    /// The same with other callers, who had no part in the search.
    pub checked: CaseResult,
    /// Where they miss a goal.
    pub missed_by_others: Vec<Miss>,
    /// The seed of these others.
    pub others: u64,
    /// So many head counts were tried.
    pub tried: u32,
}

/// Goals that no number of people reaches.
#[derive(Clone, Debug)]
pub struct OutOfReach {
    /// Where.
    pub missed: Vec<Miss>,
    /// The most people on duty at once that were tried.
    pub agents: u32,
}

/// Finds the fewest people of each kind in each interval of `staff` with whom every interval meets the goals of
/// a case. `more` is told how many runs there will be as far as is known, `done` is called after each.
pub fn search(
    hiring: &mut Hiring<'_>,
    staff: &Staff,
    (seed, runs): (u64, u32),
    more: &impl Fn(u64),
    done: &(impl Fn() + Sync),
) -> Result<Found, OutOfReach> {
    let mut search = Search {
        times: Times::of(staff, hiring.case()),
        hiring,
        staff: staff.clone(),
        demands: Vec::new(),
        size: (seed, runs),
        tried: 0,
        rounds: 0,
        more,
        done,
    };
    search.begin()?;
    search.rounds = search.expected();
    search.halve();
    search.mend();
    let mut step = (search.most() / COARSE).next_power_of_two();
    let stride = search.times.stride();
    while step > 0 {
        search.take_away(step, stride);
        step /= 2;
    }
    search.mend();
    search.take_away(1, stride.max(FAR));
    Ok(search.end())
}

/// The share that people of a kind have in those of their group in an interval, or as many as of any other kind
/// where nobody is there.
fn share_of(present: &Staff, kind: usize, slot: usize) -> f64 {
    let (group, ..) = present.kind(kind);
    let heads = present.kinds_of(group);
    let heads = heads.map(|other| f64::from(present.at(other, slot)));
    let (kinds, all) = heads.fold((0.0, 0.0), |(kinds, all), heads| (kinds + 1.0, all + heads));
    match all > 0.0 {
        true => f64::from(present.at(kind, slot)) / all,
        false => 1.0 / kinds,
    }
}

/// Halfway between too few and enough; enough where nothing lies between.
fn middle((few, enough): (u32, u32)) -> u32 {
    few + (enough - few).div_ceil(2)
}

struct Search<'h, 'c, M, D> {
    hiring: &'h mut Hiring<'c>,
    times: Times,
    /// The people so far.
    staff: Staff,
    /// By group and interval.
    demands: Vec<Vec<Demand>>,
    size: (u64, u32),
    tried: u32,
    /// Rounds there will be, by estimate.
    rounds: u32,
    more: &'h M,
    done: &'h D,
}

impl<M: Fn(u64), D: Fn() + Sync> Search<'_, '_, M, D> {
    fn run(&mut self, staff: &Staff) -> (Model, CaseResult) {
        let (seed, runs) = self.size;
        self.tried += 1;
        (self.more)(u64::from(runs) * u64::from(self.rounds.max(self.tried + 1)));
        let model = self.hiring.with(staff);
        let result = run_case(&model, seed, runs, self.done);
        (model, result)
    }

    /// The same with the people so far.
    fn run_now(&mut self) -> (Model, CaseResult) {
        let staff = self.staff.clone();
        self.run(&staff)
    }

    fn goals(&self) -> &[Goal] {
        &self.hiring.case().scenario().goals
    }

    fn plan(&self) -> &Dialplan {
        &self.hiring.case().plan
    }

    /// More than enough people for the load that the present ones meet.
    fn begin(&mut self) -> Result<(), OutOfReach> {
        let present = self.staff.clone();
        let (model, result) = self.run(&present);
        self.learn(&model, &result);
        let occupied = self.goals().iter().map(|goal| match goal.bound {
            Bound::Occupancy { at_most } => 1.0 / at_most.max(0.01),
            _ => TIMES,
        });
        let times = occupied.fold(TIMES, f64::max) / self.there();
        let mut missed = Vec::new();
        for attempt in 0..=DOUBLINGS {
            for kind in 0..present.kinds() {
                let of_group = &self.demands[present.kind(kind).0.index()];
                for (slot, demand) in of_group.iter().enumerate() {
                    let enough = (demand.load * times + SPARE) * f64::from(1 << attempt);
                    let share = match attempt {
                        // It may be a kind of whom there are few that calls wait for.
                        DOUBLINGS => 1.0,
                        _ => share_of(&present, kind, slot),
                    };
                    let enough = (enough * share).ceil() as u32;
                    self.staff
                        .put(kind, slot, enough.max(present.at(kind, slot)));
                }
            }
            let (model, result) = self.run_now();
            missed = misses(self.goals(), &result.summary);
            if missed.is_empty() {
                return Ok(());
            }
            self.learn(&model, &result);
        }
        let agents = self.most();
        Err(OutOfReach { missed, agents })
    }

    /// Takes in what these people show of the demand: how long calls are is known once some were answered.
    fn learn(&mut self, model: &Model, result: &CaseResult) {
        let seen = demands(model, &result.summary, &self.times);
        if self.demands.is_empty() {
            self.demands = seen;
            return;
        }
        let known = self.demands.iter_mut().flatten();
        for (known, seen) in known.zip(seen.into_iter().flatten()) {
            *known = known.or(seen);
        }
    }

    /// The share of those on the roster who are there.
    fn there(&self) -> f64 {
        let agents = &self.hiring.case().scenario().agents;
        let away = agents.away.as_ref().map_or(0.0, |away| away.share);
        ((1.0 - agents.absent) * (1.0 - away)).max(0.05)
    }

    /// The most people of one kind in an interval.
    fn most(&self) -> u32 {
        let kinds = 0..self.staff.kinds();
        let slots = |kind| (0..self.staff.intervals()).map(move |slot| (kind, slot));
        let heads = kinds
            .flat_map(slots)
            .map(|(kind, slot)| self.staff.at(kind, slot));
        heads.max().unwrap_or(0)
    }

    /// How many head counts will be tried, by estimate.
    fn expected(&self) -> u32 {
        let most = self.most();
        let rounds = 3 + (most / COARSE).next_power_of_two().ilog2();
        let apart = |stride: usize| (stride.min(self.times.slots()) * self.staff.kinds()) as u32;
        let near = rounds * apart(self.times.stride());
        self.tried + most.next_power_of_two().ilog2() + 4 + near + apart(FAR)
    }

    /// Halves the head counts between those that miss a goal and those that do not, for each group and interval
    /// by its own goals, and all at once.
    fn halve(&mut self) {
        let plenty = self.staff.clone();
        let most = self.most().max(1);
        let (groups, slots) = (self.plan().groups.len(), self.times.slots());
        // In parts of the most of one kind: too few, and enough.
        let mut between = vec![vec![(0, most); slots]; groups];
        let put = |search: &mut Self, levels: &dyn Fn(usize, usize) -> u32| {
            for kind in 0..plenty.kinds() {
                let group = plenty.kind(kind).0.index();
                for slot in 0..slots {
                    let all = u64::from(plenty.at(kind, slot));
                    let part =
                        (all * u64::from(levels(group, slot))).div_ceil(u64::from(most)) as u32;
                    search
                        .staff
                        .put(kind, slot, part.max(search.demands[group][slot].least));
                }
            }
        };
        while between
            .iter()
            .flatten()
            .any(|(few, enough)| enough - few > 1)
        {
            put(self, &|group, slot| middle(between[group][slot]));
            let (_, result) = self.run_now();
            let missed = self.missed_by_group(&result);
            for (group, slots) in between.iter_mut().enumerate() {
                for (slot, between) in slots.iter_mut().enumerate() {
                    let (few, enough) = *between;
                    let tried = middle(*between);
                    *between = match self.times.within(slot).any(|cell| missed[group][cell]) {
                        true => (tried.min(enough - 1), enough),
                        false => (few, tried),
                    };
                }
            }
        }
        put(self, &|group, slot| between[group][slot].1);
    }

    /// The cells in which goals of each group are missed.
    fn missed_by_group(&self, result: &CaseResult) -> Vec<Vec<bool>> {
        let missed = misses(self.goals(), &result.summary);
        by_group(&missed, self.hiring.case(), &self.times)
    }

    /// Takes so many away wherever they are not needed, as often as there is such a place; at once in intervals
    /// that lie so far apart.
    fn take_away(&mut self, step: u32, stride: usize) {
        let (kinds, slots) = (self.staff.kinds(), self.times.slots());
        let mut needed = vec![vec![false; slots]; kinds];
        loop {
            let mut any = false;
            for kind in self.in_order() {
                for first in 0..stride.min(slots) {
                    let apart = (first..slots).step_by(stride);
                    let apart =
                        apart.filter(|slot| !needed[kind][*slot] && self.may_go(kind, *slot, step));
                    let apart: Vec<usize> = apart.collect();
                    if !apart.is_empty() {
                        any = true;
                        self.try_without((kind, step), &apart, &mut needed[kind]);
                    }
                }
            }
            if !any {
                return;
            }
        }
    }

    /// The kinds as people are taken away from them: those who can do the most first, for they are the fewest and
    /// the dearest.
    fn in_order(&self) -> Vec<usize> {
        let mut kinds: Vec<usize> = (0..self.staff.kinds()).collect();
        let skills = |kind: &usize| self.staff.kind(*kind).1.map_or(usize::MAX, Vec::len);
        kinds.sort_by_key(|kind| Reverse(skills(kind)));
        kinds
    }

    fn may_go(&self, kind: usize, slot: usize, step: u32) -> bool {
        let (group, ..) = self.staff.kind(kind);
        let heads = self.staff.kinds_of(group);
        let there: u32 = heads.map(|kind| self.staff.at(kind, slot)).sum();
        self.staff.at(kind, slot) >= step && there - step >= self.demands[group.index()][slot].least
    }

    /// Takes so many of a kind away in each of these intervals, and brings them back where a goal is missed
    /// then: they are `needed` there.
    fn try_without(&mut self, (kind, step): (usize, u32), slots: &[usize], needed: &mut [bool]) {
        let mut staff = self.staff.clone();
        for slot in slots {
            staff.put(kind, *slot, staff.at(kind, *slot) - step);
        }
        let (_, result) = self.run(&staff);
        let missed = self.missed_by_group(&result);
        for slot in slots {
            let is_missed = |cell: usize| missed.iter().any(|of_group| of_group[cell]);
            match self.times.around(*slot).any(is_missed) {
                true => needed[*slot] = true,
                false => self.staff.put(kind, *slot, staff.at(kind, *slot)),
            }
        }
    }

    /// Puts together what was found: mends it where it misses a goal, and tries it with other callers.
    fn end(mut self) -> Found {
        let (model, result, missed) = self.mend();
        let (seed, runs) = self.size;
        let others = seed.wrapping_add(1);
        let checked = run_case(&model, others, runs, self.done);
        Found {
            missed_by_others: misses(self.goals(), &checked.summary),
            staff: self.staff,
            model,
            result,
            missed,
            checked,
            others,
            tried: self.tried,
        }
    }

    /// Adds people where a goal is missed, until none is.
    fn mend(&mut self) -> (Model, CaseResult, Vec<Miss>) {
        let mut mended = 0;
        loop {
            let (model, result) = self.run_now();
            let missed = misses(self.goals(), &result.summary);
            if missed.is_empty() || mended == MENDING_MAX {
                return (model, result, missed);
            }
            mended += 1;
            one_more_of_each(&mut self.staff, &missed, self.hiring.case(), &self.times);
        }
    }
}
