//! Who calls again after an attempt that brought nothing.

use super::jackknife::LEVEL;
use super::record::Outcome;
use super::record::Record;
use crate::measure::Figure;
use crate::measure::student::t_two_sided;
use std::collections::BTreeMap;

/// The fewest attempts in vain of which a share is told.
pub const FAILED_MIN: u64 = 50;
/// Whoever calls the same line again so soon is taken to call for the same.
pub const WINDOW_MS: i64 = 60 * 60 * 1000;
/// The most callers who are remembered at a time.
const CALLERS_MAX: usize = 2_000_000;
/// The share of records out of order from which on redials cannot be told.
const DISORDER: f64 = 0.05;

/// Attempts in vain whose callers may call again, in the order in which calls ended.
#[derive(Debug, Default)]
pub(super) struct Redials {
    /// By line and caller: how the last attempt failed, and when it ended.
    failed: BTreeMap<u64, (Outcome, i64)>,
    by: BTreeMap<Outcome, Tally>,
    delays_ms: Vec<u32>,
    last_ms: i64,
    disorder: u64,
    records: u64,
    withheld: u64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    failed: u64,
    again: u64,
}

/// What is known of redials.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// No caller is in the records.
    NoCallers,
    /// Records are not in the order in which calls ended.
    Disorder,
    /// Too few attempts in vain.
    TooFew(u64),
    /// Shares of those who call again.
    Known(Known),
}

/// Who calls again, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// By how the attempt failed: attempts, and the share after which the caller called again.
    pub by: Vec<(Outcome, u64, Figure)>,
    /// From the end of an attempt to the next, in seconds.
    pub delay_s: Figure,
    /// Records without a caller, among those of attempts in vain.
    pub withheld: u64,
}

impl Redials {
    /// Notes a record; `caller` stands for line and caller. Whether it is of a caller who calls again.
    pub(super) fn note(&mut self, record: &Record, outcome: Outcome, caller: Option<u64>) -> bool {
        self.records += 1;
        self.disorder += u64::from(record.ended_ms < self.last_ms);
        self.last_ms = record.ended_ms;
        let failed = matches!(
            outcome,
            Outcome::Abandoned | Outcome::TurnedAway | Outcome::Blocked
        );
        let Some(caller) = caller else {
            self.withheld += u64::from(failed);
            return false;
        };
        let mut again = false;
        if let Some((how, ended_ms)) = self.failed.remove(&caller) {
            let delay_ms = record.started_ms - ended_ms;
            if (0..=WINDOW_MS).contains(&delay_ms) {
                self.by.entry(how).or_default().again += 1;
                // Below an hour in milliseconds.
                self.delays_ms.push(delay_ms as u32);
                again = true;
            }
        }
        if !failed {
            return again;
        }
        self.by.entry(outcome).or_default().failed += 1;
        if self.failed.len() == CALLERS_MAX {
            let since = record.ended_ms - WINDOW_MS;
            self.failed.retain(|_, (_, ended_ms)| *ended_ms >= since);
        }
        if self.failed.len() < CALLERS_MAX {
            self.failed.insert(caller, (outcome, record.ended_ms));
        }
        again
    }

    pub(super) fn found(&self) -> Found {
        let failed: u64 = self.by.values().map(|tally| tally.failed).sum();
        if failed == 0 && self.withheld > 0 {
            return Found::NoCallers;
        }
        if self.disorder as f64 > DISORDER * self.records as f64 {
            return Found::Disorder;
        }
        if failed < FAILED_MIN {
            return Found::TooFew(failed);
        }
        let known = self.by.iter().filter(|(_, tally)| tally.failed > 0);
        let by = known.map(|(how, tally)| (*how, tally.failed, share(tally.again, tally.failed)));
        Found::Known(Known {
            by: by.collect(),
            delay_s: self.delay(),
            withheld: self.withheld,
        })
    }

    fn delay(&self) -> Figure {
        let n = self.delays_ms.len();
        if n < 2 {
            return Figure::NONE;
        }
        let seconds = self.delays_ms.iter().map(|ms| f64::from(*ms) / 1000.0);
        let mean = seconds.clone().sum::<f64>() / n as f64;
        let squares: f64 = seconds.map(|one| (one - mean) * (one - mean)).sum();
        let error = (squares / (n as f64 - 1.0) / n as f64).sqrt();
        let reach = t_two_sided(LEVEL, n - 1) * error;
        Figure {
            mean: Some(mean),
            low: Some((mean - reach).max(0.0)),
            high: Some(mean + reach),
        }
    }
}

/// A share with Wilson's interval (1927).
pub(super) fn share(part: u64, all: u64) -> Figure {
    let (n, z) = (all as f64, 1.96);
    let share = part as f64 / n;
    let under = 1.0 + z * z / n;
    let centre = (share + z * z / (2.0 * n)) / under;
    let reach = z / under * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
    Figure {
        mean: Some(share),
        low: Some((centre - reach).max(0.0)),
        high: Some((centre + reach).min(1.0)),
    }
}
