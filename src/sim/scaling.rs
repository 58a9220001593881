//! How many of a forecast's attempts are first attempts: the factor with which the simulation, redials
//! and all, makes as many attempts as the forecast says.
//!
//! Pilot runs tell, the same days for every factor. The more callers there are the more attempts each of
//! them makes, so the attempts grow at least as fast as the factor, and where people are short much
//! faster: steps go along the line through the last two points, and are halved between the factors known
//! to be too small and too great wherever that leads nowhere. A few runs find about where it is, then as
//! many as it takes until the attempts are sure.

use super::model::Model;
use super::replicate::replicate_to;
use super::scenario::ForecastCounts;
use super::study::LEVEL;
use crate::measure::RunFigures;
use crate::measure::confidence::Confidence;
use crate::measure::figure::Part;
use serde::Deserialize;
use serde::Serialize;

/// Half the width that the interval of the attempts is to have, as a part of them.
pub const PRECISION: f64 = 0.005;
/// A forecast counts as met when the pilot runs come as near to its attempts.
pub const TOLERANCE: f64 = 0.01;
/// Pilot runs at first, and at most.
const RUNS_MIN: u32 = 16;
const RUNS_MAX: u32 = 10_000;
/// More runs are asked for only while fewer attempts than these were simulated, and will be.
const ATTEMPTS_MAX: u64 = 4_000_000;
/// From one number of runs to the next, so many times as many at most: few runs do not tell for sure how
/// much they vary.
const GROWTH_MAX: u32 = 32;
/// How often a number of runs is made with another factor, at most.
const ROUNDS_MAX: u32 = 16;
/// Further rounds to be expected with a greater number of runs.
const ROUNDS_EXPECTED: u64 = 2;
/// More runs than needed, so that there need not be some again.
const MORE: f64 = 1.1;
/// The logarithms of two factors that are as good as one.
const APART_MIN: f64 = 1e-5;
/// Attempts cannot grow more slowly than callers, but for chance.
const SLOPE_MIN: f64 = 0.5;
/// Runs of their own: the figures of the study owe nothing to them.
const SEED: u64 = 0x5049_4C4F_5400_0000;

/// By what a forecast of attempts is scaled, and how near that comes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scaling {
    /// First attempts among the attempts of the forecast, from 0 to 1.
    pub factor: f64,
    /// The attempts of the pilot runs as a part of those of the forecast: near 1.
    pub met: f64,
    /// Half the width of the 95 % interval of that.
    pub half_width: f64,
}

impl Scaling {
    /// What makes as many attempts as the model's forecast says, whatever the model is scaled by now.
    /// None when the forecast counts first attempts, when nobody calls again, and when nobody calls.
    pub fn find(model: &Model, seed: u64) -> Option<Self> {
        let redial = &model.callers.redial;
        if model.scenario().counts == ForecastCounts::FirstAttempts || !redial.happens() {
            return None;
        }
        let mut pilot = Pilot {
            model: model.clone(),
            seed: seed ^ SEED,
            attempts: 0,
        };
        // Nobody makes more attempts than that, which is why fewer callers cannot be needed.
        let least = -libm::log(f64::from(redial.attempts));
        let (mut near, mut runs) = (
            Guess {
                at: 0.0,
                slope: 1.0,
            },
            RUNS_MIN,
        );
        loop {
            let (found, slope) = pilot.root(near, least, runs)?;
            let more = pilot.runs_needed(&found, runs);
            let found = found.corrected(slope);
            // A few more would not change much.
            if more < runs + runs / 4 {
                return Some(found.scaling());
            }
            (near, runs) = (
                Guess {
                    at: found.at,
                    slope,
                },
                more,
            );
        }
    }

    /// Whether the forecast's attempts are met within the tolerance.
    pub fn is_met(&self) -> bool {
        (self.met - 1.0).abs() <= TOLERANCE
    }
}

/// Where to look next.
#[derive(Clone, Copy)]
struct Guess {
    /// The factor's logarithm.
    at: f64,
    /// How fast the logarithm of the attempts grows with it.
    slope: f64,
}

/// Runs that tell, and what they have cost so far.
struct Pilot {
    model: Model,
    seed: u64,
    attempts: u64,
}

/// What runs with one factor have come to.
#[derive(Clone, Copy)]
struct Point {
    /// The factor's logarithm.
    at: f64,
    /// The logarithm of the attempts as a part of the forecast's.
    off: f64,
    /// Half the width of the interval of the attempts, as a part of them.
    half_width: f64,
    attempts: u64,
}

impl Pilot {
    /// The factor that so many runs ask for, or the nearest to it, and the slope there. None when nobody
    /// calls.
    fn root(&mut self, near: Guess, least: f64, runs: u32) -> Option<(Point, f64)> {
        let (mut low, mut high) = (least, 0.0);
        let Guess { mut at, mut slope } = near;
        let mut best = self.point(at, runs)?;
        let (mut point, mut before) = (best, None::<Point>);
        for _ in 1..ROUNDS_MAX {
            match point.off > 0.0 {
                true => high = point.at,
                false => low = point.at,
            }
            if point.is_near() || high - low < APART_MIN {
                break;
            }
            if let Some(before) = before {
                slope = point.slope(&before);
            }
            let is_slow = before.is_some_and(|before| point.off.abs() > before.off.abs() / 2.0);
            at = point.at - point.off / slope;
            if is_slow || !(low < at && at < high) {
                at = f64::midpoint(low, high);
            }
            before = Some(point);
            point = self.point(at, runs)?;
            if point.off.abs() < best.off.abs() {
                best = point;
            }
        }
        Some((best, slope))
    }

    /// So many runs with one factor.
    fn point(&mut self, at: f64, runs: u32) -> Option<Point> {
        self.model.first_attempts = libm::exp(at);
        let count = |run: RunFigures| (run.total.calls.attempts, run.total.calls.callers);
        let counts = replicate_to(&self.model, self.seed, 0..runs, &count, &|| ());
        let attempts: u64 = counts.iter().map(|(attempts, _)| attempts).sum();
        self.attempts += attempts;
        // By caller, so that it matters little how many came by chance.
        let parts = counts
            .iter()
            .map(|(attempts, callers)| Part::new(*attempts, *callers));
        let each = Confidence::new(LEVEL, counts.len()).ratio(parts);
        let (mean, half_width) = (each.mean?, each.half_width()?);
        Some(Point {
            at,
            off: at + libm::log(mean),
            half_width: half_width / mean,
            attempts,
        })
    }

    /// How many runs it takes until the attempts are sure, as far as these tell and as many as there may
    /// be: these, when they are enough.
    fn runs_needed(&self, point: &Point, runs: u32) -> u32 {
        let narrower = point.half_width / PRECISION;
        if narrower <= 1.0 {
            return runs;
        }
        let left = ATTEMPTS_MAX.saturating_sub(self.attempts) / ROUNDS_EXPECTED;
        let affordable = left * u64::from(runs) / point.attempts.max(1);
        // The cast is safe: it saturates.
        let needed = (f64::from(runs) * narrower * narrower * MORE).ceil() as u32;
        let most = RUNS_MAX.min(runs * GROWTH_MAX);
        needed.min(most).min(affordable as u32)
    }
}

impl Point {
    /// Whether what is left is less than chance, or than anybody asks for: a straight line leads there.
    fn is_near(&self) -> bool {
        self.off.abs() <= self.half_width.max(PRECISION)
    }

    fn slope(&self, other: &Self) -> f64 {
        ((self.off - other.off) / (self.at - other.at)).max(SLOPE_MIN)
    }

    /// Where the attempts are those of the forecast, if that is near.
    fn corrected(&self, slope: f64) -> Self {
        if !self.is_near() {
            return *self;
        }
        Self {
            at: (self.at - self.off / slope).min(0.0),
            off: 0.0,
            ..*self
        }
    }

    fn scaling(&self) -> Scaling {
        let met = libm::exp(self.off);
        Scaling {
            factor: libm::exp(self.at),
            met,
            half_width: met * self.half_width,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tolerance_holds_on_both_sides() {
        let scaling = |met| Scaling {
            factor: 0.5,
            met,
            half_width: 0.001,
        };
        for (met, is_met) in [(0.985, false), (0.995, true), (1.005, true), (1.02, false)] {
            assert_eq!(scaling(met).is_met(), is_met, "{met}");
        }
    }
}
