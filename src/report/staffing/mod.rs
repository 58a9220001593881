//! How many agents are needed: a table for each group for people, one object for programs.

mod json;
mod roster;
mod text;

pub use json::json;
pub use text::text;

use super::study::Case;
use super::study::Study;
use crate::measure::figure::Figure;
use std::collections::BTreeSet;

/// What a search for the fewest agents found.
#[derive(Clone, Debug, PartialEq)]
pub struct Staffing {
    /// The scenario and how it was run. Its base case is that with the agents who are needed.
    pub study: Study,
    /// The what-if whose agents they are; none of the scenario as it is written.
    pub what_if: Option<String>,
    /// The groups.
    pub groups: Vec<Group>,
    /// What came of them with other callers.
    pub checked: Checked,
    /// Where a goal is missed all the same.
    pub missed: Vec<Missed>,
    /// How many head counts were tried.
    pub tried: u32,
    /// The length of an interval of the head counts, in hours.
    pub slot_hours: f64,
    /// What an hour of an agent costs, and in which currency.
    pub agent_hour: Option<(f64, String)>,
    /// The shifts that cover them, where the scenario has any.
    pub rostering: Option<Rostering>,
}

/// Shifts that cover the agents needed.
#[derive(Clone, Debug, PartialEq)]
pub struct Rostering {
    /// By group, kind, pattern and beginning.
    pub turns: Vec<Turn>,
    /// The agents at work, by group and interval of the head counts.
    pub at_work: Vec<Vec<u32>>,
    /// Those who are missing, likewise: of each kind by itself, for one has not what another needs.
    pub missing: Vec<Vec<u32>>,
    /// The paid hours of all people together.
    pub paid_hours: f64,
    /// No shifts of the scenario do with fewer; none where they cover not all that is needed.
    pub least_hours: Option<f64>,
    /// The hours in which people are missing, for each of them.
    pub missing_hours: f64,
    /// Whether no shifts of the scenario leave fewer hours missing; otherwise the search ended before.
    pub is_best: bool,
    /// In so many intervals more agents were asked for than are needed by head counts.
    pub raised: usize,
    /// What came of the people of the roster.
    pub case: Case,
    /// Where a goal is missed all the same.
    pub missed: Vec<Missed>,
    /// The same with other callers.
    pub checked: Checked,
}

/// People who have the same shift.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    /// The place of their group.
    pub group: usize,
    /// What they can, where the group has several kinds.
    pub kind: String,
    /// The name of the shift.
    pub shift: String,
    /// When it begins, and ends: `08:00`.
    pub hours: (String, String),
    /// How many they are.
    pub people: u32,
    /// For each break: when it begins and ends, and how many take it then.
    pub breaks: Vec<Vec<(String, String, u32)>>,
}

/// A group's agents.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// What its kinds of people can, where they differ: `en=90 es`.
    pub kinds: Vec<String>,
    /// The places of its goals, and of those of its queues, in the base case.
    pub goals: Vec<usize>,
    /// By interval of the head counts.
    pub slots: Vec<Slot>,
}

/// An interval.
#[derive(Clone, Debug, PartialEq)]
pub struct Slot {
    /// When it begins: `09:00`.
    pub from: String,
    /// Calls that came to the queues of the group.
    pub calls: f64,
    /// Their load in erlangs.
    pub load: f64,
    /// The fewest agents by Erlang C.
    pub erlang_c: Option<u32>,
    /// The fewest agents by Erlang A.
    pub erlang_a: Option<u32>,
    /// Agents needed, by kind.
    pub needed: Vec<u32>,
    /// Agents there are, by kind.
    pub present: Vec<u32>,
    /// The figure of each of the group's goals, of the worst interval of figures; without a mean where none is
    /// judged by it.
    pub figures: Vec<Figure>,
}

/// The same agents with callers who had no part in the search.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// Where these come from.
    pub seed: u64,
    /// The intervals by which the goals are judged; the whole is one, where a goal has none of these.
    pub judged: usize,
    /// Those of them that miss a goal.
    pub missed: Vec<Missed>,
}

/// A goal that is missed.
#[derive(Clone, Debug, PartialEq)]
pub struct Missed {
    /// The place of the interval of the figures; none where the whole is judged as one.
    pub interval: Option<usize>,
    /// The goal's place in the base case.
    pub goal: usize,
    /// What it is instead.
    pub value: Figure,
}

impl Slot {
    fn all_needed(&self) -> u32 {
        self.needed.iter().sum()
    }

    fn all_present(&self) -> u32 {
        self.present.iter().sum()
    }
}

impl Staffing {
    /// Hours of agents: those who are needed, and those who are there.
    fn agent_hours(&self) -> (f64, f64) {
        let slots = || self.groups.iter().flat_map(|group| &group.slots);
        let needed: u32 = slots().map(Slot::all_needed).sum();
        let present: u32 = slots().map(Slot::all_present).sum();
        (
            f64::from(needed) * self.slot_hours,
            f64::from(present) * self.slot_hours,
        )
    }

    /// When an interval of the figures begins: `09:00`.
    fn start(&self, interval: Option<usize>) -> Option<&str> {
        self.study.starts.get(interval?).map(String::as_str)
    }
}

impl Checked {
    /// How many intervals of the figures miss a goal.
    fn intervals(&self) -> usize {
        let missed = self.missed.iter();
        let intervals: BTreeSet<Option<usize>> = missed.map(|missed| missed.interval).collect();
        intervals.len()
    }
}

impl Rostering {
    fn people(&self) -> u32 {
        self.turns.iter().map(|turn| turn.people).sum()
    }
}
