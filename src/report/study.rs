//! What a study found, before it is printed.

use crate::measure::figure::Figure;
use crate::measure::paired::Difference;
use crate::measure::summary::Summary;

/// A scenario that was simulated, with its variants.
#[derive(Clone, Debug, PartialEq)]
pub struct Study {
    /// The scenario file, as it was given.
    pub scenario: String,
    /// What the line is called.
    pub title: String,
    /// The time that was simulated, for people: `2026-11-23 09:00-13:00`.
    pub span: String,
    /// The seed of all streams.
    pub seed: u64,
    /// The program's version.
    pub version: String,
    /// What begins each interval, `09:00`; empty in a steady state.
    pub starts: Vec<String>,
    /// The scenario as written.
    pub base: Case,
    /// Its variants.
    pub what_ifs: Vec<Case>,
    /// What was assumed where the scenario does not say: a subject and what holds for it.
    pub assumptions: Vec<(String, String)>,
    /// Every file that was read, with its hash.
    pub files: Vec<(String, String)>,
    /// How sure figures of the base case were to be.
    pub precision: Vec<Precision>,
    /// Remarks that a reader must not miss.
    pub notes: Vec<String>,
    /// The command that gives this report again.
    pub command: String,
}

/// One variant of a scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// `base`, or the name of the what-if.
    pub name: String,
    /// Goals and whether they were met.
    pub goals: Vec<GoalResult>,
    /// The figures.
    pub summary: Summary,
    /// How a what-if differs from the base case, by metric; none of the base case itself.
    pub differences: Vec<(&'static str, Difference)>,
}

impl Case {
    /// What came of a goal; none where the case does not have it.
    pub(super) fn goal(&self, goal: &GoalResult) -> Option<&GoalResult> {
        self.goals.iter().find(|own| own.goal == goal.goal)
    }
}

/// How sure a figure was to be, and how sure it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Precision {
    /// The figure by its path in JSON: `queue.support.service_level`.
    pub figure: String,
    /// Half the width that its interval may have, as written: `0.5pt`.
    pub wanted: String,
    /// Half the width that it has, in the figure's unit.
    pub half_width: Option<f64>,
    /// Whether that is narrow enough.
    pub reached: bool,
    /// Runs that would have been enough, as far as is known.
    pub runs_needed: Option<u64>,
}

/// A goal, and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct GoalResult {
    /// What the goal is about: `queue.support`, `group.desk`, `total`.
    pub subject: String,
    /// The metric, by its name in JSON.
    pub metric: String,
    /// As written: `>= 80% in 20s, 90% of intervals`.
    pub wanted: String,
    /// The whole goal as the scenario has it, the same in every case whose goal it is.
    pub goal: String,
    /// The metric over the whole run.
    pub value: Figure,
    /// For a goal over intervals, the share of them that reached it.
    pub share_of_intervals: Option<f64>,
    /// Whether it was met.
    pub met: bool,
    /// Whether the interval of the metric says the same; none without one.
    pub certain: Option<bool>,
    /// Of several days, the share that met it.
    pub share_of_runs: Option<f64>,
    /// Callers who still waited when a run ended, and are not in the figure; where they matter.
    pub still_waiting: Option<f64>,
}

impl Study {
    /// The base case, then the variants.
    pub fn cases(&self) -> impl Iterator<Item = &Case> + Clone {
        std::iter::once(&self.base).chain(&self.what_ifs)
    }

    /// The goals of all cases, each once: those of the base case, and what others want of the same figure behind
    /// each.
    pub(super) fn goals(&self) -> Vec<&GoalResult> {
        let mut all: Vec<&GoalResult> = Vec::new();
        for goal in self.cases().flat_map(|case| &case.goals) {
            if all.iter().any(|known| known.goal == goal.goal) {
                continue;
            }
            let about = |one: &GoalResult| (one.subject.clone(), one.metric.clone());
            let same = all.iter().rposition(|known| about(known) == about(goal));
            all.insert(same.map_or(all.len(), |place| place + 1), goal);
        }
        all
    }

    /// Whether the base case met all its goals, and its figures are as sure as was asked for: exit code 0
    /// or 4.
    pub fn is_reached(&self) -> bool {
        let mut goals = self.base.goals.iter();
        goals.all(|goal| goal.met) && self.precision.iter().all(|one| one.reached)
    }
}
