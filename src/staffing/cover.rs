//! Shifts that cover the people needed: so many people on each, and so many of them on each break, that enough
//! are at work at any time, for the fewest paid hours.
//!
//! It is an integer program (Dantzig, 1954) in which breaks are variables of their own, beside the people on each
//! shift: so many of those who begin at eight take their first break at ten (Aykin, 1996). People are alike, so
//! that it does not matter who of them does.

use crate::exchange::id::GroupId;
use crate::sim::scenario::BreakWindow;
use crate::sim::scenario::ShiftPattern;
use crate::sim::staff::AGENTS_MAX;
use microlp::ComparisonOp;
use microlp::OptimizationDirection;
use microlp::Problem;
use microlp::Solution;
use microlp::SolutionStatus;
use microlp::SolveOptions;
use microlp::SolveOutcome;
use microlp::Variable;
use std::collections::BTreeSet;
use std::iter::once;
use std::ops::Range;

/// What a minute of one person who is missing costs, where not all can be covered, in paid minutes: more than any
/// shift, so that as few are missing as can be.
const MISSING: f64 = 10_000.0;
/// The most variables of one program.
const VARIABLES_MAX: usize = 10_000;
/// Nodes of the search times the square of the variables, by which a node takes longer: so that it takes seconds,
/// and ends at the same place anywhere.
const WORK_MAX: usize = 12_000_000_000;
const NODES: Range<usize> = 300..40_000;
/// Minutes of a day.
const DAY: u32 = 1440;

/// People of one kind, and how many of them are needed when; minutes after midnight, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pool {
    pub(super) kind: usize,
    pub(super) group: GroupId,
    pub(super) needs: Vec<(Range<u32>, u32)>,
}

/// People who have the same shift.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Their kind, among those of the head counts.
    pub kind: usize,
    /// The place of the shift's pattern in the scenario.
    pub pattern: usize,
    /// When it begins, in minutes after midnight.
    pub start: u32,
    /// How many they are.
    pub people: u32,
    /// For each break: when it begins, in minutes after midnight and in order, and how many take it then.
    pub breaks: Vec<Vec<(u32, u32)>>,
}

impl Turn {
    /// How many of them are at work at a minute after midnight.
    pub(super) fn at_work(&self, pattern: &ShiftPattern, minute: u32) -> u32 {
        if !(self.start..self.start + pattern.length).contains(&minute) {
            return 0;
        }
        let breaks = self.breaks.iter().zip(&pattern.breaks);
        let off = breaks.flat_map(|(taken, window)| {
            let off = taken
                .iter()
                .filter(move |(at, _)| (*at..at + window.length).contains(&minute));
            off.map(|(_, people)| people)
        });
        self.people - off.sum::<u32>()
    }
}

/// Shifts that cover what is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cover {
    /// By pool, pattern and beginning.
    pub turns: Vec<Turn>,
    /// The paid minutes of all people together.
    pub paid: u64,
    /// Fewer paid minutes than these cover it in no way.
    pub least: u64,
    /// Whether the search came to its end.
    pub is_best: bool,
}

/// Why there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Uncovered {
    /// People of a kind are needed at a time, in minutes after midnight, that no shift covers.
    NoShift {
        /// Who.
        kind: usize,
        /// When.
        at: u32,
        /// How many.
        people: u32,
    },
    /// There are shifts at all times, but not with so many people, or all have a break at the same time.
    TooFew,
    /// The search ended before it had found any.
    NotFound,
}

/// The shifts with the fewest paid minutes, or as good as was found.
pub(super) fn cover(patterns: &[ShiftPattern], pools: &[Pool]) -> Result<Cover, Uncovered> {
    // Small programs are solved sooner than one of all, which is for what pools share.
    let apart = sum(patterns, pools.chunks(1))?;
    if apart.keeps(patterns) {
        return Ok(apart);
    }
    let together = sum(patterns, once(pools))?;
    Ok(Cover {
        least: together.least.max(apart.least),
        ..together
    })
}

/// The shifts that leave the fewest minutes of what is needed uncovered, for the fewest paid minutes of these.
pub(super) fn nearest(patterns: &[ShiftPattern], pools: &[Pool]) -> Result<Cover, Uncovered> {
    let near = Program::new(patterns, pools, Some(MISSING))?.solve()?;
    // What the bound tells is not of paid minutes alone.
    Ok(Cover { least: 0, ..near })
}

/// What covers pools that are solved apart from each other.
fn sum<'p>(
    patterns: &[ShiftPattern],
    programs: impl Iterator<Item = &'p [Pool]>,
) -> Result<Cover, Uncovered> {
    let mut all = Cover {
        turns: Vec::new(),
        paid: 0,
        least: 0,
        is_best: true,
    };
    for pools in programs {
        let part = Program::new(patterns, pools, None)?.solve()?;
        all.turns.extend(part.turns);
        all.paid += part.paid;
        all.least += part.least;
        all.is_best &= part.is_best;
    }
    Ok(all)
}

impl Cover {
    /// Whether no shift has more people than it may.
    fn keeps(&self, patterns: &[ShiftPattern]) -> bool {
        patterns.iter().enumerate().all(|(place, pattern)| {
            let own = self.turns.iter().filter(|turn| turn.pattern == place);
            let people: u32 = own.map(|turn| turn.people).sum();
            pattern.most.is_none_or(|most| people <= most)
        })
    }
}

/// A shift that people of a pool may have.
struct Choice<'p> {
    kind: usize,
    place: usize,
    pattern: &'p ShiftPattern,
    start: u32,
    people: Variable,
    /// By break: when it may begin, in minutes after midnight, and how many take it then.
    breaks: Vec<Vec<(u32, Variable)>>,
}

impl Choice<'_> {
    /// Each break with its beginnings.
    fn breaks(&self) -> impl Iterator<Item = (&BreakWindow, u32, Variable)> {
        let windows = self.pattern.breaks.iter().zip(&self.breaks);
        windows.flat_map(|(window, begins)| begins.iter().map(move |(at, var)| (window, *at, *var)))
    }

    /// The moments at which the number of its people at work may change.
    fn edges(&self) -> impl Iterator<Item = u32> {
        let shift = [self.start, self.start + self.pattern.length];
        let breaks = self.breaks();
        shift
            .into_iter()
            .chain(breaks.flat_map(|(window, at, _)| [at, at + window.length]))
    }

    /// What counts for the people at work at a moment: those on the shift, without those on a break.
    fn at(&self, moment: u32) -> impl Iterator<Item = (Variable, f64)> {
        let is_on = (self.start..self.start + self.pattern.length).contains(&moment);
        let breaks = self.breaks();
        let off = breaks.filter(move |(window, at, _)| (*at..at + window.length).contains(&moment));
        let on = is_on.then_some((self.people, 1.0));
        on.into_iter().chain(off.map(|(.., var)| (var, -1.0)))
    }
}

struct Program<'p> {
    problem: Problem,
    choices: Vec<Choice<'p>>,
    variables: usize,
}

impl<'p> Program<'p> {
    /// `missing` is what a minute of a person who is missing costs; without it nobody may be.
    fn new(
        patterns: &'p [ShiftPattern],
        pools: &[Pool],
        missing: Option<f64>,
    ) -> Result<Self, Uncovered> {
        let mut program = Self {
            problem: Problem::new(OptimizationDirection::Minimize),
            choices: Vec::new(),
            variables: 0,
        };
        for pool in pools {
            let first = program.choices.len();
            for (place, pattern) in patterns.iter().enumerate() {
                if pattern.is_for(pool.group) {
                    program.offer(pool, place, pattern);
                }
            }
            program.meet(pool, first, missing)?;
        }
        for (place, pattern) in patterns.iter().enumerate() {
            if let Some(most) = pattern.most {
                let own = program
                    .choices
                    .iter()
                    .filter(|choice| choice.place == place);
                let own: Vec<_> = own.map(|choice| (choice.people, 1.0)).collect();
                let most = f64::from(most);
                program.problem.add_constraint(own, ComparisonOp::Le, most);
            }
        }
        Ok(program)
    }

    /// Lets people of a pool have shifts of a pattern.
    fn offer(&mut self, pool: &Pool, place: usize, pattern: &'p ShiftPattern) {
        let most = AGENTS_MAX as i32;
        for &start in &pattern.starts {
            let paid = f64::from(pattern.paid);
            let people = self.problem.add_integer_var(paid, (0, most));
            self.variables += 1;
            let mut breaks = Vec::new();
            for window in &pattern.breaks {
                let mut begins = Vec::new();
                let mut taken = vec![(people, -1.0)];
                for &after in &window.begins {
                    let var = self.problem.add_integer_var(0.0, (0, most));
                    self.variables += 1;
                    taken.push((var, 1.0));
                    begins.push((start + after, var));
                }
                // Everybody has each break once.
                self.problem.add_constraint(taken, ComparisonOp::Eq, 0.0);
                breaks.push(begins);
            }
            self.choices.push(Choice {
                kind: pool.kind,
                place,
                pattern,
                start,
                people,
                breaks,
            });
        }
    }

    /// Asks for enough people of a pool at any time; its choices begin at `first`.
    fn meet(&mut self, pool: &Pool, first: usize, missing: Option<f64>) -> Result<(), Uncovered> {
        let choices = &self.choices[first..];
        let mut edges: BTreeSet<u32> = choices.iter().flat_map(Choice::edges).collect();
        edges.extend(
            pool.needs
                .iter()
                .flat_map(|(time, _)| [time.start, time.end]),
        );
        let until = edges.iter().copied().skip(1).chain([DAY]);
        let until: Vec<u32> = until.collect();
        for (at, until) in edges.into_iter().zip(until) {
            let now = pool.needs.iter().find(|(time, _)| time.contains(&at));
            let Some((_, people)) = now.filter(|(_, people)| *people > 0) else {
                continue;
            };
            let mut terms: Vec<_> = choices.iter().flat_map(|choice| choice.at(at)).collect();
            if let Some(missing) = missing {
                let cost = missing * f64::from(until.saturating_sub(at));
                let most = f64::from(*people);
                terms.push((self.problem.add_var(cost, (0.0, most)), 1.0));
            } else if terms.is_empty() {
                return Err(Uncovered::NoShift {
                    kind: pool.kind,
                    at,
                    people: *people,
                });
            }
            let people = f64::from(*people);
            self.problem.add_constraint(terms, ComparisonOp::Ge, people);
        }
        Ok(())
    }

    fn solve(&self) -> Result<Cover, Uncovered> {
        if self.variables > VARIABLES_MAX {
            return Err(Uncovered::NotFound);
        }
        let mut options = SolveOptions::default();
        let nodes = WORK_MAX / (self.variables * self.variables).max(1);
        let nodes = nodes.clamp(NODES.start, NODES.end);
        options.node_limit = Some(nodes as u64);
        match self.problem.solve_with(options) {
            Ok(SolveOutcome::Solution(solution)) => Ok(self.cover(&solution)),
            Ok(SolveOutcome::Interrupted(_)) => Err(Uncovered::NotFound),
            Err(microlp::Error::Infeasible) => Err(Uncovered::TooFew),
            Err(_) => Err(Uncovered::NotFound),
        }
    }

    fn cover(&self, solution: &Solution) -> Cover {
        let count = |var: Variable| solution.var_value(var).round() as u32;
        let had = self
            .choices
            .iter()
            .filter(|choice| count(choice.people) > 0);
        let turns: Vec<Turn> = had
            .map(|choice| Turn {
                kind: choice.kind,
                pattern: choice.place,
                start: choice.start,
                people: count(choice.people),
                breaks: choice
                    .breaks
                    .iter()
                    .map(|begins| {
                        let begins = begins.iter().map(|(at, var)| (*at, count(*var)));
                        begins.filter(|(_, people)| *people > 0).collect()
                    })
                    .collect(),
            })
            .collect();
        let paid =
            |choice: &Choice<'_>| u64::from(count(choice.people)) * u64::from(choice.pattern.paid);
        let paid = self.choices.iter().map(paid).sum();
        let least = match (solution.status(), solution.stats().best_bound) {
            (SolutionStatus::Optimal, _) | (_, None) => paid,
            // What the last digits of the bound are off does not make a minute more; and all shifts together are
            // paid a multiple of what divides each.
            (_, Some(bound)) => {
                let bound = (bound - 1e-3).max(0.0).ceil() as u64;
                let paid = self.choices.iter().map(|choice| choice.pattern.paid);
                let unit = u64::from(paid.fold(0, divisor).max(1));
                bound.div_ceil(unit) * unit
            }
        };
        Cover {
            turns,
            paid,
            least: least.min(paid),
            is_best: solution.status() == SolutionStatus::Optimal,
        }
    }
}

/// The minutes of what pools need in which somebody is missing, for each who is.
pub(super) fn missing(cover: &Cover, patterns: &[ShiftPattern], pools: &[Pool]) -> u64 {
    let of_pool = |pool: &Pool| -> u64 {
        let turns = || cover.turns.iter().filter(|turn| turn.kind == pool.kind);
        let at = |minute: u32| -> u32 {
            turns()
                .map(|turn| turn.at_work(&patterns[turn.pattern], minute))
                .sum()
        };
        let needs = pool.needs.iter();
        let missing = needs.flat_map(|(time, people)| {
            time.clone()
                .map(move |minute| u64::from(people.saturating_sub(at(minute))))
        });
        missing.sum()
    };
    pools.iter().map(of_pool).sum()
}

/// The greatest common divisor, by Euclid.
fn divisor(one: u32, other: u32) -> u32 {
    match other {
        0 => one,
        _ => divisor(other, one % other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HOUR: u32 = 60;

    /// A shift of so many hours that may begin at these, with a break of an hour that may begin after these.
    fn pattern(starts: &[u32], length: u32, breaks: &[u32]) -> ShiftPattern {
        let window = BreakWindow {
            length: HOUR,
            begins: breaks.iter().map(|hour| hour * HOUR).collect(),
        };
        ShiftPattern {
            name: "day".to_owned(),
            groups: None,
            starts: starts.iter().map(|hour| hour * HOUR).collect(),
            length: length * HOUR,
            paid: length * HOUR,
            breaks: if breaks.is_empty() {
                Vec::new()
            } else {
                vec![window]
            },
            most: None,
        }
    }

    /// People needed hour by hour, from midnight.
    fn pool(kind: usize, needs: &[u32]) -> Pool {
        let needs = needs.iter().zip(0..);
        Pool {
            kind,
            group: GroupId(kind as u16),
            needs: needs
                .map(|(people, hour)| (hour * HOUR..(hour + 1) * HOUR, *people))
                .collect(),
        }
    }

    /// Whether enough are at work at each minute, and everybody has each break.
    #[track_caller]
    fn assert_covers(cover: &Cover, patterns: &[ShiftPattern], pools: &[Pool]) {
        for pool in pools {
            let turns = || cover.turns.iter().filter(|turn| turn.kind == pool.kind);
            for (time, people) in &pool.needs {
                for minute in time.clone() {
                    let at_work: u32 = turns()
                        .map(|turn| turn.at_work(&patterns[turn.pattern], minute))
                        .sum();
                    assert!(at_work >= *people, "{at_work} of {people} at {minute}");
                }
            }
        }
        for turn in &cover.turns {
            for taken in &turn.breaks {
                let all: u32 = taken.iter().map(|(_, people)| people).sum();
                assert_eq!(all, turn.people);
            }
        }
    }

    #[test]
    fn the_fewest_paid_hours_cover_what_is_needed() {
        // Two hours each: those of the second hour stay for the third.
        let short = [pattern(&[0, 1, 2], 2, &[])];
        let needs = [pool(0, &[1, 3, 2, 0])];
        let found = cover(&short, &needs).expect("a cover");
        assert_eq!((found.paid, found.least), (6 * 60, 6 * 60));
        assert_covers(&found, &short, &needs);
        // One more is needed, for a break of an hour is taken in one of three.
        let long = [pattern(&[0], 5, &[1, 2, 3])];
        let needs = [pool(0, &[2; 5])];
        let found = cover(&long, &needs).expect("a cover");
        assert_eq!(found.paid, 3 * 5 * 60);
        assert_covers(&found, &long, &needs);
    }

    #[test]
    fn what_is_paid_is_what_counts() {
        let mut cheap = pattern(&[0], 4, &[]);
        cheap.paid = HOUR;
        let patterns = [pattern(&[0, 2], 2, &[]), cheap];
        let found = cover(&patterns, &[pool(0, &[1, 0, 0, 1])]).expect("a cover");
        assert_eq!((found.paid, found.turns.len()), (60, 1));
        assert_eq!(found.turns[0].pattern, 1);
    }

    #[test]
    fn people_of_two_groups_share_the_most_of_a_shift() {
        let mut long = pattern(&[0], 4, &[]);
        let pools = [pool(0, &[2; 4]), pool(1, &[2; 4])];
        long.most = Some(3);
        let short = pattern(&[0, 3], 3, &[]);
        let patterns = [long.clone(), short];
        let found = cover(&patterns, &pools).expect("a cover");
        // Three of four hours, and one place with two of three.
        assert_eq!(found.paid, (3 * 4 + 2 * 3) * 60);
        let have_long = found.turns.iter().filter(|turn| turn.pattern == 0);
        assert_eq!(have_long.map(|turn| turn.people).sum::<u32>(), 3);
        assert_covers(&found, &patterns, &pools);
        assert_eq!(cover(&[long], &pools), Err(Uncovered::TooFew));
    }

    #[test]
    fn a_most_that_is_kept_anyway_changes_nothing() {
        let mut patterns = [pattern(&[0, 1, 2], 4, &[1, 2]), pattern(&[0, 3], 3, &[])];
        let pools = [pool(0, &[1, 3, 4, 4, 2, 1]), pool(1, &[2, 2, 5, 5, 3, 2])];
        let free = cover(&patterns, &pools);
        patterns[0].most = Some(1000);
        assert_eq!(cover(&patterns, &pools), free);
        assert!(free.is_ok());
    }

    #[test]
    fn all_shifts_together_are_paid_a_multiple_of_what_divides_each() {
        assert_eq!([480, 240, 300].into_iter().fold(0, divisor), 60);
        assert_eq!(divisor(0, 480), 480);
    }

    #[test]
    fn a_shift_is_for_people_of_its_groups() {
        let mut own = pattern(&[0], 2, &[]);
        own.groups = Some(vec![GroupId(1)]);
        let pools = [pool(0, &[0, 0]), pool(1, &[1, 1])];
        let found = cover(std::slice::from_ref(&own), &pools).expect("a cover");
        assert_eq!(found.turns.len(), 1);
        let why = cover(&[own], &[pool(0, &[0, 3])]);
        let expected = Uncovered::NoShift {
            kind: 0,
            at: HOUR,
            people: 3,
        };
        assert_eq!(why, Err(expected));
    }

    #[test]
    fn where_not_all_can_be_covered_as_few_as_can_be_are_missing() {
        // Nobody may begin before one o'clock, and two at most.
        let mut short = pattern(&[1, 2], 2, &[]);
        short.most = Some(2);
        let needs = [pool(0, &[1, 1, 3, 1])];
        let patterns = [short];
        assert!(cover(&patterns, &needs).is_err());
        let near = nearest(&patterns, &needs).expect("something");
        assert_eq!(near.paid, 2 * 2 * 60);
        assert_eq!(missing(&near, &patterns, &needs), 2 * 60);
        // Where all can be, they are.
        let enough = [pool(0, &[0, 1, 2, 1])];
        let (near, all) = (nearest(&patterns, &enough), cover(&patterns, &enough));
        assert_eq!(near.map(|near| near.paid), all.map(|all| all.paid));
    }

    #[test]
    fn a_break_that_all_have_at_once_leaves_nobody() {
        let together = [pattern(&[0], 3, &[1])];
        let why = cover(&together, &[pool(0, &[1, 1, 1])]);
        assert_eq!(why, Err(Uncovered::TooFew));
        assert!(cover(&together, &[pool(0, &[1, 0, 1])]).is_ok());
        assert_eq!(
            cover(&[], &[pool(0, &[0, 0])]).map(|cover| cover.paid),
            Ok(0)
        );
    }

    /// The fewest people on two beginnings of shifts of four hours, with a break after one hour or two, by trying all.
    fn by_trying(needs: &[u32; 5]) -> Option<u32> {
        let most = 5;
        let mut best = None;
        for (first, second) in (0..=most).flat_map(|one| (0..=most).map(move |other| (one, other)))
        {
            let people = first + second;
            if best.is_some_and(|best| best <= people) {
                continue;
            }
            let breaks = (0..=first).flat_map(|one| (0..=second).map(move |other| (one, other)));
            let fits = |(early, late): (u32, u32)| {
                let first_off = [0, early, first - early, 0, 0];
                let second_off = [0, 0, late, second - late, 0];
                (0..5).all(|hour| {
                    let on = if hour < 4 { first } else { 0 } + if hour > 0 { second } else { 0 };
                    on - first_off[hour] - second_off[hour] >= needs[hour]
                })
            };
            if breaks.into_iter().any(fits) {
                best = Some(people);
            }
        }
        best
    }

    proptest! {
        #[test]
        fn no_other_shifts_do_with_fewer(needs in prop::array::uniform5(0..3_u32)) {
            let patterns = [pattern(&[0, 1], 4, &[1, 2])];
            let pools = [pool(0, &needs)];
            let found = cover(&patterns, &pools).expect("a cover");
            assert_covers(&found, &patterns, &pools);
            prop_assert_eq!(found.paid, found.least);
            prop_assert_eq!(Some(found.paid), by_trying(&needs).map(|people| u64::from(people * 4 * HOUR)));
        }
    }
}
