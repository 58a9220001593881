//! Who calls again after an attempt that brought nothing.

use super::jackknife::LEVEL;
use super::record::Outcome;
use crate::measure::Figure;
use crate::measure::student::t_two_sided;
use std::collections::BTreeMap;

/// The fewest attempts in vain of which a share is told.
pub const FAILED_MIN: u64 = 50;
/// Whoever calls the same line again so soon is taken to call for the same.
pub const WINDOW_MS: i64 = 60 * 60 * 1000;
/// The mean of what is left within the hour of an exponential law that has 5 in 100 later: m = 3600 s / ln 20, less
/// 3600 s / 19.
const SLOW_S: f64 = 1012.0;
/// The most callers who are remembered at a time.
const CALLERS_MAX: usize = 2_000_000;
/// The most calls that are kept to be put in order, of 24 bytes each: files may overlap, and have the latest call
/// first, as far as these reach.
pub const KEPT_MAX: usize = 4_000_000;
/// The fewest who called again after attempts that failed alike, of whom a delay is told apart.
const DELAYS_MIN: u64 = 50;
/// The share of calls that came later than that, from which on redials cannot be told.
const DISORDER: f64 = 0.05;

/// A call, as far as it tells who calls again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Attempt {
    pub(super) started_ms: i64,
    /// Stands for line and caller.
    pub(super) caller: u64,
    pub(super) length_ms: u32,
    /// Stands for where it went.
    pub(super) way: u16,
    pub(super) outcome: Outcome,
}

/// Attempts in vain whose callers may call again.
#[derive(Debug, Default)]
pub(super) struct Redials {
    /// Calls that are to be put in order, as many as may be, and since when.
    kept: Vec<Attempt>,
    kept_max: usize,
    since_ms: i64,
    /// By line and caller: how the last attempt failed, and when it ended.
    failed: BTreeMap<u64, (Outcome, i64)>,
    by: BTreeMap<Outcome, Tally>,
    disorder: u64,
    calls: u64,
    withheld: u64,
}

#[derive(Clone, Debug, Default)]
struct Tally {
    failed: u64,
    /// Of those who called again.
    delays_ms: Vec<u32>,
}

/// What is known of redials.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// No caller is in the records.
    NoCallers,
    /// There are too many calls to put them in order, and they are in none.
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
    /// By how the attempt failed, where enough called again: how long after it, in seconds.
    pub delays_s: Vec<(Outcome, Figure)>,
    /// From the end of an attempt to the next, in seconds.
    pub delay_s: Figure,
    /// Records without a caller, among those of attempts in vain.
    pub withheld: u64,
}

impl Known {
    /// Whether many call again later than they are noticed: of an exponential law with this mean within the hour, one
    /// in 20 or more.
    pub(super) fn is_slow(&self) -> bool {
        self.delay_s.mean.is_some_and(|mean| mean > SLOW_S)
    }
}

impl Redials {
    /// Keeps so many calls at most, usually [`KEPT_MAX`].
    pub(super) fn keeping(kept_max: usize) -> Self {
        Self {
            kept_max,
            ..Self::default()
        }
    }

    /// Notes a call whose caller's number is withheld.
    pub(super) fn note_withheld(&mut self, outcome: Outcome) {
        self.withheld += u64::from(outcome.is_in_vain());
    }

    /// Keeps a call until the calls before it are known. Whether there are so many that [`Redials::oldest`] have to go.
    pub(super) fn keep(&mut self, attempt: Attempt) -> bool {
        self.calls += 1;
        self.disorder += u64::from(attempt.started_ms < self.since_ms);
        self.kept.push(attempt);
        self.kept.len() == self.kept_max
    }

    /// The older half of the calls, in order, or all of them.
    pub(super) fn oldest(&mut self, all: bool) -> Vec<Attempt> {
        self.kept.sort_unstable();
        let half = if all {
            self.kept.len()
        } else {
            self.kept.len() / 2
        };
        let later = self.kept.split_off(half);
        let oldest = std::mem::replace(&mut self.kept, later);
        if let Some(last) = oldest.last() {
            self.since_ms = last.started_ms;
        }
        oldest
    }

    /// Whether a call is of a caller who calls again; calls are to be asked of in order.
    pub(super) fn is_again(&mut self, attempt: &Attempt) -> bool {
        let mut again = false;
        if let Some((how, ended_ms)) = self.failed.remove(&attempt.caller) {
            let delay_ms = attempt.started_ms - ended_ms;
            if (0..=WINDOW_MS).contains(&delay_ms) {
                // Below an hour in milliseconds.
                let tally = self.by.entry(how).or_default();
                tally.delays_ms.push(delay_ms as u32);
                again = true;
            }
        }
        if attempt.outcome.is_in_vain() {
            self.fails(attempt);
        }
        again
    }

    fn fails(&mut self, attempt: &Attempt) {
        self.by.entry(attempt.outcome).or_default().failed += 1;
        if self.failed.len() == CALLERS_MAX {
            let since = attempt.started_ms - WINDOW_MS;
            self.failed.retain(|_, (_, ended_ms)| *ended_ms >= since);
        }
        if self.failed.len() < CALLERS_MAX {
            let ended_ms = attempt.started_ms + i64::from(attempt.length_ms);
            self.failed
                .insert(attempt.caller, (attempt.outcome, ended_ms));
        }
    }

    pub(super) fn found(&self) -> Found {
        let failed: u64 = self.by.values().map(|tally| tally.failed).sum();
        if failed == 0 && self.withheld > 0 {
            return Found::NoCallers;
        }
        if self.disorder as f64 > DISORDER * self.calls as f64 {
            return Found::Disorder;
        }
        if failed < FAILED_MIN {
            return Found::TooFew(failed);
        }
        let known = self.by.iter().filter(|(_, tally)| tally.failed > 0);
        let by = known.map(|(how, tally)| {
            let again = tally.delays_ms.len() as u64;
            (*how, tally.failed, share(again, tally.failed))
        });
        let enough = |tally: &Tally| tally.delays_ms.len() as u64 >= DELAYS_MIN;
        let delays = self.by.iter().filter(|(_, tally)| enough(tally));
        let delays = delays.map(|(how, tally)| (*how, mean_s(tally.delays_ms.iter())));
        let all = self.by.values().flat_map(|tally| &tally.delays_ms);
        Found::Known(Known {
            by: by.collect(),
            delays_s: delays.collect(),
            delay_s: mean_s(all),
            withheld: self.withheld,
        })
    }
}

/// The mean of some delays.
fn mean_s<'d>(delays_ms: impl Iterator<Item = &'d u32> + Clone) -> Figure {
    let n = delays_ms.clone().count();
    if n < 2 {
        return Figure::NONE;
    }
    let seconds = delays_ms.map(|ms| f64::from(*ms) / 1000.0);
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

#[cfg(test)]
mod tests {
    use super::*;

    /// 1,000 callers, ten minutes apart, of whom every second one calls again five minutes after hanging up.
    fn calls() -> Vec<Attempt> {
        let first = (0..1000).map(|caller| (caller, caller as i64 * 600_000, Outcome::Abandoned));
        let again = (0..1000).step_by(2);
        let again =
            again.map(|caller| (caller, caller as i64 * 600_000 + 360_000, Outcome::Answered));
        let calls = first
            .chain(again)
            .map(|(caller, started_ms, outcome)| Attempt {
                started_ms,
                caller,
                length_ms: 60_000,
                way: 0,
                outcome,
            });
        let mut calls: Vec<Attempt> = calls.collect();
        calls.sort_unstable();
        calls
    }

    fn found(calls: impl Iterator<Item = Attempt>, kept_max: usize) -> Found {
        let mut redials = Redials::keeping(kept_max);
        for call in calls {
            if redials.keep(call) {
                for one in redials.oldest(false) {
                    redials.is_again(&one);
                }
            }
        }
        for one in redials.oldest(true) {
            redials.is_again(&one);
        }
        redials.found()
    }

    #[test]
    fn order_does_not_matter_as_far_as_calls_are_kept() {
        let in_order = found(calls().into_iter(), 100);
        let Found::Known(known) = &in_order else {
            panic!("{in_order:?}");
        };
        assert_eq!(known.by[0].2.mean, Some(0.5));
        assert_eq!(known.delay_s.mean, Some(300.0));
        assert_eq!(found(calls().into_iter().rev(), 1500), in_order);
        let mut swapped = calls();
        swapped.chunks_mut(40).for_each(|some| some.rotate_left(20));
        assert_eq!(found(swapped.into_iter(), 100), in_order);
        assert_eq!(found(calls().into_iter().rev(), 100), Found::Disorder);
    }
}
