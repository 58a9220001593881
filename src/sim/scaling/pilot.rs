//! The pilot runs, and what they tell.

use super::PRECISION;
use super::Scaling;
use crate::exchange::id::LineId;
use crate::measure::RunFigures;
use crate::measure::confidence::Confidence;
use crate::measure::figure::Part;
use crate::sim::model::Model;
use crate::sim::replicate::replicate_to;
use crate::sim::study::LEVEL;

/// Pilot runs at first, and at most.
pub(super) const RUNS_MIN: u32 = 16;
const RUNS_MAX: u32 = 10_000;
/// More runs are asked for only while fewer attempts than these were simulated, and will be.
const ATTEMPTS_MAX: u64 = 4_000_000;
/// From one number of runs to the next, so many times as many at most: few runs do not tell for sure how
/// much they vary.
const GROWTH_MAX: u32 = 32;
/// How often a number of runs is made with other factors, at most.
pub(super) const ROUNDS_MAX: u32 = 16;
/// Further rounds to be expected with a greater number of runs.
const ROUNDS_EXPECTED: u64 = 2;
/// More runs than needed, so that there need not be some again.
const MORE: f64 = 1.1;
/// Runs of their own: the figures of the study owe nothing to them.
const SEED: u64 = 0x5049_4C4F_5400_0000;
/// How sure the attempts of a line are which nobody has called: not at all.
const UNSURE: f64 = 1.0;

/// Runs that tell, and what they have cost so far.
pub(super) struct Pilot {
    model: Model,
    /// The lines that are called.
    lines: Vec<LineId>,
    seed: u64,
    attempts: u64,
}

/// Attempts and callers.
type Count = (u64, u64);

/// What runs with some factors have come to.
pub(super) struct Made {
    /// In all.
    attempts: u64,
    /// By run, and by line of those that are called.
    counts: Vec<Vec<Count>>,
}

/// What they have come to of one line, or of all.
#[derive(Clone, Copy)]
pub(super) struct Point {
    /// The factor's logarithm.
    pub(super) at: f64,
    /// The logarithm of the attempts as a part of the forecast's.
    pub(super) off: f64,
    /// Half the width of the interval of the attempts, as a part of them.
    half_width: f64,
}

impl Pilot {
    pub(super) fn new(model: &Model, lines: Vec<LineId>, seed: u64) -> Self {
        Self {
            model: model.clone(),
            lines,
            seed: seed ^ SEED,
            attempts: 0,
        }
    }

    /// The lines that are called.
    pub(super) fn lines(&self) -> &[LineId] {
        &self.lines
    }

    /// The logarithm of the least factor that can be needed: nobody makes more attempts than that.
    pub(super) fn least(&self) -> f64 {
        -libm::log(f64::from(self.model.callers.redial.attempts))
    }

    /// So many runs with factors of these logarithms, of which each line has one.
    pub(super) fn run(&mut self, at: impl Fn(usize) -> f64, runs: u32) -> Made {
        for (place, line) in self.lines.iter().enumerate() {
            self.model.first_attempts[line.index()] = libm::exp(at(place));
        }
        let lines = &self.lines;
        let count = |run: RunFigures| -> Vec<Count> {
            // Only of several lines there are figures of each.
            if run.lines.is_empty() {
                let all = &run.total.calls;
                return vec![(all.attempts, all.callers)];
            }
            let each = lines.iter().map(|line| run.lines[line.index()].total);
            each.map(|line| (line.attempts, line.callers)).collect()
        };
        let counts = replicate_to(&self.model, self.seed, 0..runs, &count, &|| ());
        let attempts = counts.iter().flatten().map(|(attempts, _)| attempts).sum();
        self.attempts += attempts;
        Made { attempts, counts }
    }

    /// How many runs it takes until the attempts are sure, as far as these tell and as many as there may
    /// be: these, when they are enough.
    pub(super) fn runs_needed(&self, points: &[Point], made: &Made) -> u32 {
        let runs = made.counts.len() as u32;
        let widest = points.iter().map(|point| point.half_width);
        let narrower = widest.fold(0.0, f64::max) / PRECISION;
        if narrower <= 1.0 {
            return runs;
        }
        let left = ATTEMPTS_MAX.saturating_sub(self.attempts) / ROUNDS_EXPECTED;
        let affordable = left * u64::from(runs) / made.attempts.max(1);
        // The cast is safe: it saturates.
        let needed = (f64::from(runs) * narrower * narrower * MORE).ceil() as u32;
        let most = RUNS_MAX.min(runs * GROWTH_MAX);
        needed.min(most).min(affordable as u32)
    }
}

impl Made {
    /// What they have come to of all lines, which all have the factor of this logarithm. None when nobody
    /// called.
    pub(super) fn all(&self, at: f64) -> Option<Point> {
        let sum = |run: &Vec<Count>| {
            let add = |sum: Count, one: &Count| (sum.0 + one.0, sum.1 + one.1);
            run.iter().fold((0, 0), add)
        };
        self.point(at, sum)
    }

    /// What they have come to of the line at this place.
    pub(super) fn of_line(&self, place: usize, at: f64) -> Point {
        // Nothing is known of the redials of a line that nobody called.
        let nothing = Point {
            at,
            off: 0.0,
            half_width: UNSURE,
        };
        self.point(at, |run| run[place]).unwrap_or(nothing)
    }

    fn point(&self, at: f64, count: impl Fn(&Vec<Count>) -> Count) -> Option<Point> {
        // By caller, so that it matters little how many came by chance.
        let counts = self.counts.iter().map(count);
        let parts = counts.map(|(attempts, callers)| Part::new(attempts, callers));
        let parts: Vec<Part> = parts.collect();
        let each = Confidence::new(LEVEL, parts.len()).ratio(parts.into_iter());
        let (mean, half_width) = (each.mean?, each.half_width()?);
        Some(Point {
            at,
            off: at + libm::log(mean),
            half_width: half_width / mean,
        })
    }
}

impl Point {
    /// How far it may be off: by chance, or as nobody minds.
    pub(super) fn allowance(&self) -> f64 {
        self.half_width.max(PRECISION)
    }

    /// Whether what is left is less than chance, or than anybody asks for: a straight line leads there.
    pub(super) fn is_near(&self) -> bool {
        self.off.abs() <= self.allowance()
    }

    /// With the attempts of the forecast, which this step leads to.
    pub(super) fn corrected(&self, step: f64) -> Self {
        Self {
            at: (self.at + step).min(0.0),
            off: 0.0,
            ..*self
        }
    }

    pub(super) fn scaling(&self, line: LineId) -> Scaling {
        let met = libm::exp(self.off);
        Scaling {
            line,
            factor: libm::exp(self.at),
            met,
            half_width: met * self.half_width,
        }
    }
}
