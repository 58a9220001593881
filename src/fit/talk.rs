//! How long callers and agents talk.

use super::jackknife::LEVEL;
use crate::measure::Figure;
use crate::measure::confidence::Confidence;
use crate::measure::figure::Part;
use crate::measure::student::t_two_sided;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// The fewest talks of which a law is made.
pub const TALKS_MIN: u64 = 100;
/// The most talks that were cut off of which is kept how long they were.
const CUT_MAX: usize = 50_000;
/// As often the law and what talks that were cut off would have come to are found of each other.
const TURNS: u32 = 100;
/// A coefficient of variation that is further from that of the logarithms says that talks are not log-normal.
const APART: f64 = 1.25;

/// Sums of the talks of a day, in seconds and their logarithms.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    count: u64,
    seconds: f64,
    squares: f64,
    logs: f64,
    log_squares: f64,
}

/// Talks by day.
#[derive(Debug, Default)]
pub(super) struct Talks {
    days: BTreeMap<Date, Sums>,
    /// Those that were cut off, with the logarithms of their seconds: they would have lasted longer.
    cut: Vec<(Date, f64)>,
}

/// The law of some talks.
#[derive(Clone, Debug, PartialEq)]
pub struct Law {
    /// How many there are.
    pub talks: u64,
    /// On how many days.
    pub days: usize,
    /// Their mean, in seconds.
    pub mean_s: Figure,
    /// Standard deviation over mean of the log-normal law.
    pub cv: Figure,
    /// The same of the talks themselves, where it is far from that: they are not log-normal.
    pub plain_cv: Option<f64>,
}

impl Talks {
    pub(super) fn note(&mut self, date: Date, talk_ms: i64, is_cut_off: bool) {
        let seconds = talk_ms as f64 / 1000.0;
        let log = libm::log(seconds);
        if is_cut_off {
            if self.cut.len() < CUT_MAX {
                self.cut.push((date, log));
            }
            return;
        }
        let sums = self.days.entry(date).or_default();
        sums.count += 1;
        sums.seconds += seconds;
        sums.squares += seconds * seconds;
        sums.logs += log;
        sums.log_squares += log * log;
    }

    pub(super) fn count(&self) -> u64 {
        self.days.values().map(|sums| sums.count).sum()
    }

    /// The log-normal law with the mean of the talks and the variance of their logarithms (Brown et al.,
    /// 2005); none of too few. Talks that were cut off count as long as such talks last on average by the law,
    /// which is found by turns (Dempster, Laird and Rubin, 1977).
    pub(super) fn law(&self) -> Option<Law> {
        if self.count() < TALKS_MIN.max(self.cut.len() as u64) {
            return None;
        }
        let days = self.completed();
        let mut all = Sums::default();
        for sums in days.values() {
            all.count += sums.count;
            all.seconds += sums.seconds;
            all.squares += sums.squares;
            all.logs += sums.logs;
            all.log_squares += sums.log_squares;
        }
        let n = all.count as f64;
        let mean = all.seconds / n;
        let spread = |sum: f64, squares: f64| (squares - sum * sum / n).max(0.0) / (n - 1.0);
        let plain_cv = spread(all.seconds, all.squares).sqrt() / mean;
        let variance = spread(all.logs, all.log_squares);
        // Of a normal variable the variance has a standard error of sqrt(2 / (n - 1)) of itself.
        let reach = 1.96 * (2.0 / (n - 1.0)).sqrt();
        let cv = |variance: f64| libm::sqrt(libm::expm1(variance));
        let cv_of_logs = cv(variance);
        let is_apart = plain_cv > APART * cv_of_logs || plain_cv * APART < cv_of_logs;
        Some(Law {
            talks: self.count(),
            days: days.len(),
            mean_s: mean_of(&days, mean, plain_cv * mean / n.sqrt()),
            cv: Figure {
                mean: Some(cv_of_logs),
                low: Some(cv(variance * (1.0 - reach).max(0.0))),
                high: Some(cv(variance * (1.0 + reach))),
            },
            plain_cv: is_apart.then_some(plain_cv),
        })
    }

    /// The sums of days with what talks that were cut off would have come to.
    fn completed(&self) -> BTreeMap<Date, Sums> {
        let mut days = self.days.clone();
        let mut law = Normal::of(days.values());
        if self.cut.is_empty() {
            return days;
        }
        for _ in 0..TURNS {
            days.clone_from(&self.days);
            for (date, log) in &self.cut {
                days.entry(*date).or_default().complete(law, *log);
            }
            law = Normal::of(days.values());
        }
        days
    }
}

/// The law of logarithms.
#[derive(Clone, Copy, Debug)]
struct Normal {
    mean: f64,
    deviation: f64,
}

impl Normal {
    fn of<'s>(days: impl Iterator<Item = &'s Sums>) -> Self {
        let (mut count, mut logs, mut squares) = (0.0, 0.0, 0.0);
        for sums in days {
            count += sums.count as f64;
            logs += sums.logs;
            squares += sums.log_squares;
        }
        let mean = logs / count;
        let variance = (squares / count - mean * mean).max(1e-12);
        Self {
            mean,
            deviation: variance.sqrt(),
        }
    }
}

/// The share of a standard normal variable above this.
fn above(x: f64) -> f64 {
    (0.5 * libm::erfc(x / std::f64::consts::SQRT_2)).max(f64::MIN_POSITIVE)
}

impl Sums {
    /// One more talk, which lasted longer than this logarithm says: its mean, and those of its square, logarithm and the
    /// square of that, given the law (the moments of a truncated normal and log-normal variable).
    fn complete(&mut self, law: Normal, log: f64) {
        let Normal { mean, deviation } = law;
        let at = (log - mean) / deviation;
        let density = libm::exp(-0.5 * at * at) / (2.0 * std::f64::consts::PI).sqrt();
        let ratio = density / above(at);
        let moment = |power: f64| {
            let whole = power * mean + 0.5 * power * power * deviation * deviation;
            libm::exp(whole) * above(at - power * deviation) / above(at)
        };
        self.count += 1;
        self.seconds += moment(1.0);
        self.squares += moment(2.0);
        self.logs += mean + deviation * ratio;
        self.log_squares += mean * mean + deviation * deviation + deviation * ratio * (log + mean);
    }
}

/// The mean with an interval by days, which holds what a day's talks have in common; of one day, by talks.
fn mean_of(days: &BTreeMap<Date, Sums>, mean: f64, error: f64) -> Figure {
    if days.len() > 1 {
        let parts = days.values().map(|sums| Part {
            over: sums.seconds,
            under: sums.count as f64,
        });
        return Confidence::new(LEVEL, days.len()).ratio(parts);
    }
    let count: u64 = days.values().map(|sums| sums.count).sum();
    let reach = error * t_two_sided(LEVEL, count as usize - 1);
    Figure {
        mean: Some(mean),
        low: Some(mean - reach),
        high: Some(mean + reach),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// Every talk above a length is cut off there: the law is that of the whole.
    #[test]
    fn talks_that_are_cut_off_would_have_lasted_longer() {
        // Log-normal, mean 400 s and cv 1.3, by the quantiles of 4,000 equal parts.
        let variance = libm::log1p(1.3 * 1.3);
        let middle = libm::log(400.0) - variance / 2.0;
        let mut talks = Talks::default();
        for part in 0..4000_u32 {
            // The quantile by halving.
            let (mut low, mut high) = (-6.0, 6.0);
            for _ in 0..60 {
                let x = 0.5 * (low + high);
                match 1.0 - above(x) < (f64::from(part) + 0.5) / 4000.0 {
                    true => low = x,
                    false => high = x,
                }
            }
            let seconds = libm::exp(middle + variance.sqrt() * low);
            let ms = (seconds * 1000.0) as i64;
            let longest = 900_000;
            talks.note(date(2026, 11, 23), ms.min(longest), ms > longest);
        }
        let law = talks.law().expect("a law");
        let (mean, cv) = (law.mean_s.mean.expect("a mean"), law.cv.mean.expect("a cv"));
        assert!((mean - 400.0).abs() < 8.0, "{mean}");
        assert!((cv - 1.3).abs() < 0.05, "{cv}");
        assert!(law.plain_cv.is_none());
    }
}
