//! Up with the load in steps and down again within one run: does the line come back the way it went?
//!
//! The calls of the scenario are spread evenly over the run, so that only the load changes. Every level
//! is held equally long; its first half lets the line settle, the second is measured. A line that
//! overload leaves in a worse state, because callers without hope hold its trunks and everybody calls
//! again, serves fewer on the way down than it did on the way up at the same load: the gap between the
//! two curves is what overload leaves behind (a metastable failure: Bronson and others, HotOS 2021).

use super::loads::Loads;
use crate::exchange::time::Span;
use crate::measure::Figure;
use crate::measure::RunFigures;
use crate::measure::confidence::Confidence;
use crate::measure::figure::Part;
use crate::measure::ramp::Level;
use crate::measure::ramp::Way;
use crate::measure::run::Sums;
use crate::sim::model::Model;
use crate::sim::replicate::replicate;
use crate::sim::study::CaseResult;
use crate::sim::study::LEVEL;
use crate::sim::study::case_of;

/// What is measured of a level is at least this long.
pub const MEASURED_MIN: Span = Span::minutes(5);

/// A whole ramp.
#[derive(Clone, Debug)]
pub struct Ramped {
    /// In rising order of load.
    pub levels: Vec<Level>,
    /// How long each is held; the second half is measured.
    pub held: Span,
    /// The area between the curves of goodput up and down, in parts of that below the curve up.
    pub gap: Figure,
    /// The run as a whole.
    pub result: CaseResult,
}

/// Half the time of a level. The error says why there is no ramp of so many.
pub fn half_level(model: &Model, loads: &Loads) -> Result<Span, String> {
    let levels = loads.values().len();
    if levels < 2 {
        return Err("a ramp has two levels at least: `--load 0.5..4`".to_owned());
    }
    let halves = 2 * (2 * levels as u64 - 1);
    let half = Span(model.frame.until.0 / halves);
    if half < MEASURED_MIN {
        return Err(format!(
            "{levels} levels up and down again are too many for a run of {}: half of each, which is \
             measured, has to last {MEASURED_MIN}",
            Span(model.frame.until.0)
        ));
    }
    Ok(half)
}

/// Runs the ramp, whose levels have [`half_level`].
pub fn ramp(
    base: &Model,
    loads: &Loads,
    half: Span,
    (seed, runs): (u64, u32),
    done: &(impl Fn() + Sync),
) -> Ramped {
    let loads = loads.values();
    let down = loads.iter().rev().skip(1);
    let factors: Vec<f64> = loads
        .iter()
        .chain(down)
        .flat_map(|load| [*load; 2])
        .collect();
    let model = base.stepped(half, &factors);
    let runs = replicate(&model, seed, 0..runs, done);
    let maker = Maker {
        runs: &runs,
        confidence: Confidence::new(LEVEL, runs.len()),
        hours: half.as_seconds() / 3600.0,
        loads,
    };
    Ramped {
        levels: (0..loads.len()).map(|level| maker.level(level)).collect(),
        held: Span(half.0 * 2),
        gap: maker.gap(),
        result: case_of(&model, &runs),
    }
}

struct Maker<'r> {
    runs: &'r [RunFigures],
    confidence: Confidence,
    /// Of what is measured of a level.
    hours: f64,
    loads: &'r [f64],
}

impl Maker<'_> {
    /// The interval that is measured of a level on the way up.
    fn up(level: usize) -> usize {
        2 * level + 1
    }

    /// And on the way down.
    fn down(&self, level: usize) -> usize {
        2 * (2 * (self.loads.len() - 1) - level) + 1
    }

    fn level(&self, level: usize) -> Level {
        let (up, down) = (Self::up(level), self.down(level));
        let is_top = level + 1 == self.loads.len();
        let ways = if is_top { vec![up] } else { vec![up, down] };
        let callers = self.figure(|run| {
            let callers = ways.iter().map(|way| run[*way].calls.callers).sum::<u64>();
            Part::value(callers as f64 / ways.len() as f64 / self.hours)
        });
        let lost = |run: &[Sums]| {
            Part::value((self.goodput(&run[up]) - self.goodput(&run[down])) / self.hours)
        };
        Level {
            load: self.loads[level],
            offered_per_h: callers.mean.unwrap_or(0.0),
            up: self.way(up),
            down: (!is_top).then(|| self.way(down)),
            lost_per_h: (!is_top).then(|| self.figure(lost)),
            service_level_lost: (!is_top).then(|| self.service_lost(up, down)),
        }
    }

    fn service_lost(&self, up: usize, down: usize) -> Figure {
        let level = |sums: &Sums| {
            let offered = sums.offered();
            (offered > 0).then(|| sums.queues.answered_within as f64 / offered as f64)
        };
        let lost = |run: &RunFigures| {
            let (up, down) = (level(&run.intervals[up]), level(&run.intervals[down]));
            Some(up? - down?)
        };
        self.confidence.mean(self.runs.iter().map(lost))
    }

    fn goodput(&self, sums: &Sums) -> f64 {
        sums.callers_served as f64
    }

    fn figure(&self, part: impl Fn(&[Sums]) -> Part + Clone) -> Figure {
        self.confidence
            .ratio(self.runs.iter().map(|run| part(&run.intervals)))
    }

    fn way(&self, at: usize) -> Way {
        let share =
            |part: fn(&Sums) -> Part| self.figure(move |run| part(&run[at])).clamped(0.0, 1.0);
        Way {
            goodput_per_h: self.figure(|run| Part::value(self.goodput(&run[at]) / self.hours)),
            blocked_share: share(|sums| Part::new(sums.calls.blocked, sums.calls.attempts)),
            attempts_per_caller: self
                .figure(|run| Part::new(run[at].calls.attempts, run[at].calls.callers)),
            service_level: share(|sums| Part::new(sums.queues.answered_within, sums.offered())),
        }
    }

    /// By the trapezoidal rule; the curves meet at the top.
    fn gap(&self) -> Figure {
        let area = |run: &[Sums], at: &dyn Fn(usize) -> usize| -> f64 {
            let goodput = |level: usize| self.goodput(&run[at(level)]);
            let steps = self.loads.windows(2).enumerate();
            steps
                .map(|(level, pair)| {
                    (pair[1] - pair[0]) * (goodput(level) + goodput(level + 1)) / 2.0
                })
                .sum()
        };
        self.figure(|run| {
            let up = area(run, &Self::up);
            Part {
                over: up - area(run, &|level| self.down(level)),
                under: up,
            }
        })
    }
}
