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
    pub(super) fn note(&mut self, date: Date, talk_ms: i64) {
        let seconds = talk_ms as f64 / 1000.0;
        let log = libm::log(seconds);
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
    /// 2005); none of too few.
    pub(super) fn law(&self) -> Option<Law> {
        let mut all = Sums::default();
        for sums in self.days.values() {
            all.count += sums.count;
            all.seconds += sums.seconds;
            all.squares += sums.squares;
            all.logs += sums.logs;
            all.log_squares += sums.log_squares;
        }
        if all.count < TALKS_MIN {
            return None;
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
            talks: all.count,
            days: self.days.len(),
            mean_s: self.mean(mean, plain_cv * mean / n.sqrt()),
            cv: Figure {
                mean: Some(cv_of_logs),
                low: Some(cv(variance * (1.0 - reach).max(0.0))),
                high: Some(cv(variance * (1.0 + reach))),
            },
            plain_cv: is_apart.then_some(plain_cv),
        })
    }

    /// The mean with an interval by days, which holds what a day's talks have in common; of one day, by talks.
    fn mean(&self, mean: f64, error: f64) -> Figure {
        let days = self.days.len();
        if days > 1 {
            let parts = self.days.values().map(|sums| Part {
                over: sums.seconds,
                under: sums.count as f64,
            });
            return Confidence::new(LEVEL, days).ratio(parts);
        }
        let reach = error * t_two_sided(LEVEL, self.count() as usize - 1);
        Figure {
            mean: Some(mean),
            low: Some(mean - reach),
            high: Some(mean + reach),
        }
    }
}
