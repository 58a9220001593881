//! Days drawn for a property, which shrink by whole stretches of the day: the library's own lists
//! lose one element at a time, which takes hours where a day has thousands.

use super::Act;
use super::Chance;
use super::Day;
use super::acts::Mood;
use super::numbered;
use crate::ledger::Checked;
use crate::ledger::Rules;
use proptest::prelude::*;
use proptest::strategy::NewTree;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use std::ops::Range;
use std::sync::Arc;

/// A day at the site of a number. Its `Debug` is the line that lives it again.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Script {
    pub(crate) site: u16,
    pub(crate) acts: Vec<Act>,
}

impl std::fmt::Debug for Script {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "lives({}, &{:?})", self.site, self.acts)
    }
}

impl Script {
    /// The day that was printed as this line.
    pub(crate) fn read(line: &str) -> Self {
        let digits = line.split(|letter: char| !letter.is_ascii_digit());
        let numbers = digits.filter(|word| !word.is_empty());
        let mut numbers = numbers.map(|word| word.parse().expect("a small number"));
        let site = numbers.next().expect("a site");
        let numbers: Vec<u16> = numbers.collect();
        let byte = |number: u16| u8::try_from(number).expect("a byte");
        let acts = numbers.chunks_exact(4);
        let acts = acts.map(|act| Act(byte(act[0]), byte(act[1]), byte(act[2]), act[3]));
        Self {
            site,
            acts: acts.collect(),
        }
    }

    /// Lives the day, with a look at everything after every act.
    pub(crate) fn live(&self, rules: Rules) -> Result<Day, String> {
        let mut day = Day::by_rules(Arc::new(numbered(self.site)), rules);
        for (place, act) in self.acts.iter().enumerate() {
            day.step(*act)
                .map_err(|problem| format!("act {place}: {problem}"))?;
        }
        Ok(day)
    }

    /// The same, for its outcome alone. An exchange that gives up is a problem like any other.
    pub(crate) fn check(&self, rules: Rules) -> Checked {
        let lived = std::panic::catch_unwind(|| self.live(rules).map(|_| ()));
        lived.unwrap_or_else(|_| Err("the exchange panicked".to_owned()))
    }
}

/// Days of so many acts, at all sites.
pub(crate) fn scripts(acts: Range<usize>) -> impl Strategy<Value = Script> {
    Scripts { acts }
}

#[derive(Debug)]
struct Scripts {
    acts: Range<usize>,
}

impl Strategy for Scripts {
    type Tree = Shrinking;
    type Value = Script;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let seed = any::<u64>().new_tree(runner)?.current();
        let acts = self.acts.clone().new_tree(runner)?.current();
        let mut chance = Chance(seed);
        // Every eighth day at the site that always was.
        let site = match chance.below(8) {
            0 => 0,
            _ => chance.below(1000) as u16,
        };
        let mood = Mood::drawn(&mut chance);
        let acts = (0..acts).map(|_| mood.act(&mut chance)).collect();
        Ok(Shrinking::new(Script { site, acts }))
    }
}

/// The shortest failing day so far, and what is tried next.
struct Shrinking {
    least: Script,
    tried: Script,
    way: Way,
    /// Whether this way has led to anything in this round.
    helped: bool,
}

/// How to make a day shorter, one way after the other, and all again while they help.
#[derive(Clone, Copy)]
enum Way {
    /// Without so many acts in a row, from the end of the day on; then half as many.
    Stretches { length: usize, until: usize },
    /// With smaller numbers: of the acts, one after the other, who, what and how long.
    Numbers { next: usize },
    /// Without any two: somebody who comes and goes, say.
    Pairs { first: usize, second: usize },
}

/// A day of more acts is not searched for pairs.
const PAIRS: usize = 60;

impl Shrinking {
    fn new(script: Script) -> Self {
        let (length, until) = (script.acts.len().div_ceil(2), script.acts.len());
        Self {
            tried: script.clone(),
            least: script,
            way: Way::Stretches { length, until },
            helped: false,
        }
    }

    /// The next day to try; false when there is none, and the day is the shortest then.
    fn next(&mut self) -> bool {
        loop {
            self.tried = self.least.clone();
            let acts = &mut self.tried.acts;
            let until = acts.len();
            match &mut self.way {
                Way::Stretches { length, until } if *until > 0 => {
                    let from = until.saturating_sub(*length);
                    acts.drain(from..*until);
                    *until = from;
                    return true;
                }
                Way::Stretches { length, .. } if *length > 1 || self.helped => {
                    let length = length.div_ceil(2);
                    self.turn_to(Way::Stretches { length, until });
                }
                Way::Stretches { .. } => self.turn_to(Way::Numbers { next: 0 }),
                Way::Numbers { next } if *next < 6 * acts.len() => {
                    let (act, number) = (*next / 6, *next % 6);
                    *next += 1;
                    if smaller(&mut acts[act], number) {
                        return true;
                    }
                }
                Way::Numbers { .. } if self.helped => self.turn_to(Way::Numbers { next: 0 }),
                Way::Numbers { .. } => self.turn_to(Way::Pairs {
                    first: 0,
                    second: 1,
                }),
                Way::Pairs { first, second } if *second < acts.len() && acts.len() <= PAIRS => {
                    acts.remove(*second);
                    acts.remove(*first);
                    *second += 1;
                    return true;
                }
                Way::Pairs { first, .. } if *first + 2 < acts.len() && acts.len() <= PAIRS => {
                    *first += 1;
                    let second = *first + 1;
                    self.way = Way::Pairs {
                        first: *first,
                        second,
                    };
                }
                Way::Pairs { .. } if self.helped => {
                    self.turn_to(Way::Stretches { length: 1, until });
                }
                Way::Pairs { .. } => return false,
            }
        }
    }

    fn turn_to(&mut self, way: Way) {
        (self.way, self.helped) = (way, false);
    }
}

/// Makes one of the numbers of an act nothing, or half of what it was; false if it is nothing.
fn smaller(Act(_, who, what, wait): &mut Act, number: usize) -> bool {
    let before = (*who, *what, *wait);
    match number {
        0 => *who = 0,
        1 => *who /= 2,
        2 => *what = 0,
        3 => *what /= 2,
        4 => *wait = 0,
        _ => *wait /= 2,
    }
    before != (*who, *what, *wait)
}

impl ValueTree for Shrinking {
    type Value = Script;

    fn current(&self) -> Script {
        self.tried.clone()
    }

    /// What was tried fails too.
    fn simplify(&mut self) -> bool {
        self.helped |= self.tried != self.least;
        self.least = self.tried.clone();
        self.next()
    }

    /// What was tried does not fail.
    fn complicate(&mut self) -> bool {
        self.next()
    }
}
