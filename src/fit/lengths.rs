//! Lengths, some of which were cut off, and the laws that they may have.

use crate::sim::gamma;
use std::collections::BTreeMap;
use std::f64::consts::PI;
use std::f64::consts::SQRT_2;

/// Lengths that were cut off are told apart by so many steps to each factor of e.
const STEPS: f64 = 16.0;

/// Lengths, in seconds: sums of those that came to their end, and those that were cut off by length.
#[derive(Clone, Debug, Default)]
pub(super) struct Lengths {
    pub(super) count: u64,
    pub(super) seconds: f64,
    pub(super) squares: f64,
    logs: f64,
    log_squares: f64,
    cut: BTreeMap<i32, Cut>,
}

/// Lengths that were cut off at about the same.
#[derive(Clone, Copy, Debug, Default)]
struct Cut {
    count: f64,
    seconds: f64,
}

/// A kind of law. Each has two numbers, its mean and its coefficient of variation, so that of two laws with the
/// largest likelihood the larger one is preferred by Akaike's criterion (1974) as by Schwarz's (1978).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// As talks mostly are (Brown et al., 2005).
    LogNormal,
    /// With the exponential law at a cv of 1, and Erlang's below.
    Gamma,
}

/// A law of lengths.
#[derive(Clone, Copy, Debug)]
pub(super) struct Law {
    pub(super) family: Family,
    pub(super) mean: f64,
    pub(super) cv: f64,
}

impl Family {
    /// The name of the distribution in a scenario.
    pub fn name(self) -> &'static str {
        match self {
            Self::LogNormal => "lognormal",
            Self::Gamma => "gamma",
        }
    }

    /// Its name in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::LogNormal => "log-normal",
            Self::Gamma => "gamma",
        }
    }
}

impl Lengths {
    pub(super) fn note(&mut self, seconds: f64) {
        let log = libm::log(seconds);
        self.count += 1;
        self.seconds += seconds;
        self.squares += seconds * seconds;
        self.logs += log;
        self.log_squares += log * log;
    }

    pub(super) fn note_cut_off(&mut self, seconds: f64) {
        let step = (libm::log(seconds) * STEPS).floor() as i32;
        let cut = self.cut.entry(step).or_default();
        cut.count += 1.0;
        cut.seconds += seconds;
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.count += other.count;
        self.seconds += other.seconds;
        self.squares += other.squares;
        self.logs += other.logs;
        self.log_squares += other.log_squares;
        for (step, more) in &other.cut {
            let cut = self.cut.entry(*step).or_default();
            cut.count += more.count;
            cut.seconds += more.seconds;
        }
    }

    /// Those that were cut off.
    pub(super) fn cut_off(&self) -> f64 {
        self.cut.values().map(|cut| cut.count).sum()
    }

    /// The variance of the logarithms of those that came to their end.
    pub(super) fn log_variance(&self) -> f64 {
        let n = self.count as f64;
        ((self.log_squares - self.logs * self.logs / n) / n).max(0.0)
    }

    /// All lengths and their squares, added up, where those that were cut off last as long as such lengths do on
    /// average by a law.
    pub(super) fn completed(&self, law: Law) -> (f64, f64) {
        let begin = (self.seconds, self.squares);
        self.cut.values().fold(begin, |(seconds, squares), cut| {
            let (one, square) = law.beyond(cut.seconds / cut.count);
            (seconds + cut.count * one, squares + cut.count * square)
        })
    }

    /// The logarithm of the likelihood of a law: of lengths that came to their end its density, of others the
    /// share that is longer.
    pub(super) fn likelihood(&self, law: Law) -> f64 {
        let n = self.count as f64;
        let ended = match law.family {
            Family::LogNormal => {
                let (middle, deviation) = law.normal();
                let variance = deviation * deviation;
                let squares = self.log_squares - 2.0 * middle * self.logs + n * middle * middle;
                -0.5 * n * libm::log(2.0 * PI * variance) - squares / (2.0 * variance) - self.logs
            }
            Family::Gamma => {
                let (shape, scale) = law.gamma();
                let norm = shape * libm::log(scale) + libm::lgamma(shape);
                (shape - 1.0) * self.logs - self.seconds / scale - n * norm
            }
        };
        let longer = |cut: &Cut| cut.count * libm::log(law.above(cut.seconds / cut.count));
        ended + self.cut.values().map(longer).sum::<f64>()
    }
}

impl Law {
    /// Mean and deviation of the logarithms of a log-normal law.
    fn normal(self) -> (f64, f64) {
        let variance = libm::log1p(self.cv * self.cv);
        (libm::log(self.mean) - variance / 2.0, variance.sqrt())
    }

    /// Shape and scale of a gamma law.
    fn gamma(self) -> (f64, f64) {
        let square = self.cv * self.cv;
        (1.0 / square, self.mean * square)
    }

    /// The share that is longer.
    fn above(self, seconds: f64) -> f64 {
        self.above_by(seconds, 0.0)
    }

    /// The part of the moment of this power that longer ones have.
    fn above_by(self, seconds: f64, power: f64) -> f64 {
        let above = match self.family {
            Family::LogNormal => {
                let (middle, deviation) = self.normal();
                let at = (libm::log(seconds) - middle) / deviation - power * deviation;
                0.5 * libm::erfc(at / SQRT_2)
            }
            Family::Gamma => {
                let (shape, scale) = self.gamma();
                gamma::shares(shape + power, seconds / scale).1
            }
        };
        above.max(f64::MIN_POSITIVE)
    }

    /// How long lengths are on average that are longer than this, and their squares: the moments of a truncated
    /// variable.
    fn beyond(self, seconds: f64) -> (f64, f64) {
        let above = self.above(seconds);
        let mean = self.mean * self.above_by(seconds, 1.0) / above;
        let whole = self.mean * self.mean * (1.0 + self.cv * self.cv);
        let square = whole * self.above_by(seconds, 2.0) / above;
        (mean.max(seconds), square.max(seconds * seconds))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exponential_length_lasts_another_mean_wherever_it_is_cut_off() {
        let law = Law {
            family: Family::Gamma,
            mean: 240.0,
            cv: 1.0,
        };
        for seconds in [1.0, 300.0, 4000.0] {
            let (mean, square) = law.beyond(seconds);
            assert!((mean / (seconds + 240.0) - 1.0).abs() < 1e-9, "{mean}");
            let whole = mean * mean + 240.0 * 240.0;
            assert!((square / whole - 1.0).abs() < 1e-9, "{square}");
        }
    }
}
