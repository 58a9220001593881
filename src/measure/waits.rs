//! Waits of one cell: exact while they are few, a histogram when they are many.

use super::counts::WaitCounts;
use hdrhistogram::Counter;
use hdrhistogram::Histogram;
use serde::Deserialize;
use serde::Serialize;

/// Non-zero waits kept one by one before a histogram takes over. A half hour of one queue stays
/// below it, and sorting that many is cheaper than walking through a histogram.
const KEPT_MAX: usize = 1024;
/// The longest wait that a histogram tells apart; longer ones count as this, and as clipped.
const WAIT_MS_MAX: u64 = 24 * 3_600_000;
/// Digits kept by the histogram: a quantile is at most a thousandth too high.
const DIGITS: u8 = 3;

/// The distribution of waits in milliseconds.
#[derive(Clone, Debug, Default)]
pub struct Waits {
    /// Waits of nothing: they are the answer to "who waited at all", so they are counted exactly.
    zeros: u64,
    kept_ms: Vec<u32>,
    many: Option<Box<Histogram<u32>>>,
    max_ms: u64,
    clipped: u64,
}

/// What is reported of a distribution of waits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quantiles {
    /// Half waited this long at most.
    pub p50_ms: u64,
    /// Nine in ten waited this long at most.
    pub p90_ms: u64,
    /// 99 in 100 waited this long at most.
    pub p99_ms: u64,
    /// The longest.
    pub max_ms: u64,
    /// How many waits this is made of; the rest means nothing when this is 0.
    pub count: u64,
    /// Waits beyond the histogram's 24 h, which count as 24 h in the quantiles.
    pub clipped: u64,
}

impl Waits {
    /// Counts one wait.
    #[inline]
    pub fn record(&mut self, wait_ms: u64) {
        if wait_ms == 0 {
            self.zeros += 1;
            return;
        }
        self.max_ms = self.max_ms.max(wait_ms);
        self.clipped += u64::from(wait_ms > WAIT_MS_MAX);
        let clipped = wait_ms.min(WAIT_MS_MAX) as u32;
        if self.kept_ms.len() < KEPT_MAX {
            self.kept_ms.push(clipped);
        } else {
            self.histogram().saturating_record(u64::from(clipped));
        }
    }

    /// Adds the waits of another cell.
    pub fn add(&mut self, other: &Self) {
        self.zeros += other.zeros;
        self.max_ms = self.max_ms.max(other.max_ms);
        self.clipped += other.clipped;
        let room = (KEPT_MAX - self.kept_ms.len()).min(other.kept_ms.len());
        let (fits, rest) = other.kept_ms.split_at(room);
        self.kept_ms.extend_from_slice(fits);
        for &wait_ms in rest {
            self.histogram().saturating_record(u64::from(wait_ms));
        }
        if let Some(many) = other.many.as_ref().filter(|many| !many.is_empty()) {
            self.histogram()
                .add(many.as_ref())
                .expect("all histograms have the same bounds");
        }
    }

    /// Forgets everything and keeps the memory.
    pub fn clear(&mut self) {
        self.kept_ms.clear();
        if let Some(many) = self.many.as_mut().filter(|many| !many.is_empty()) {
            many.reset();
        }
        (self.zeros, self.max_ms, self.clipped) = (0, 0, 0);
    }

    /// How many waits have been counted.
    pub fn count(&self) -> u64 {
        let many = self.many.as_ref().map_or(0, |many| many.len());
        self.zeros + self.kept_ms.len() as u64 + many
    }

    /// The quantiles: the value of rank `ceil(q n)` among all waits, those of nothing included.
    pub fn quantiles(&mut self) -> Quantiles {
        let count = self.count();
        self.arrange();
        let rank = |permille: u64| (count * permille).div_ceil(1000);
        let [p50_ms, p90_ms, p99_ms] = self.at_ranks([500, 900, 990].map(rank));
        Quantiles {
            p50_ms,
            p90_ms,
            p99_ms,
            max_ms: self.max_ms,
            count,
            clipped: self.clipped,
        }
    }

    /// How many waited how long, for other runs to be added.
    pub fn counts(&mut self) -> WaitCounts {
        self.arrange();
        let mut counts = WaitCounts {
            zeros: self.zeros,
            waits: Vec::new(),
        };
        for &wait_ms in &self.kept_ms {
            counts.push(wait_ms, 1);
        }
        let longest = self.max_ms.min(WAIT_MS_MAX);
        for step in self.many.iter().flat_map(|many| many.iter_recorded()) {
            let wait_ms = step.value_iterated_to().min(longest);
            counts.push(wait_ms as u32, step.count_since_last_iteration() as u32);
        }
        counts
    }

    /// Sorts the kept ones, or moves them to the many.
    fn arrange(&mut self) {
        if self.many.as_ref().is_some_and(|many| !many.is_empty()) {
            self.move_kept();
        }
        self.kept_ms.sort_unstable();
    }

    /// The waits of ranks, counted from 1, the lowest first; the kept ones are sorted, or all in the histogram,
    /// through which there is one walk for all ranks.
    fn at_ranks<const RANKS: usize>(&self, ranks: [u64; RANKS]) -> [u64; RANKS] {
        let mut steps = self.many.as_ref().map(|many| many.iter_recorded().fuse());
        let (mut passed, mut wait_ms) = (0, 0);
        ranks.map(|rank| {
            if rank <= self.zeros {
                return 0;
            }
            let rank = rank - self.zeros;
            if let Some(&wait_ms) = self.kept_ms.get(rank as usize - 1) {
                return u64::from(wait_ms);
            }
            while passed < rank {
                let Some(step) = steps.as_mut().and_then(Iterator::next) else {
                    return self.max_ms;
                };
                passed += step.count_since_last_iteration();
                wait_ms = step.value_iterated_to().min(self.max_ms);
            }
            wait_ms
        })
    }

    /// Moves the waits kept one by one into the histogram.
    fn move_kept(&mut self) {
        let mut kept = std::mem::take(&mut self.kept_ms);
        for &wait_ms in &kept {
            self.histogram().saturating_record(u64::from(wait_ms));
        }
        kept.clear();
        self.kept_ms = kept;
    }

    fn histogram(&mut self) -> &mut Histogram<u32> {
        self.many.get_or_insert_with(|| Box::new(histogram()))
    }
}

/// An empty histogram of milliseconds.
pub(super) fn histogram<C: Counter>() -> Histogram<C> {
    let histogram = Histogram::new_with_bounds(1, WAIT_MS_MAX, DIGITS);
    histogram.expect("the bounds are constants that fit")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_waits_have_exact_quantiles() {
        let mut waits = Waits::default();
        for wait_ms in [0, 0, 4321, 12_345, 1] {
            waits.record(wait_ms);
        }
        let quantiles = waits.quantiles();
        assert_eq!(quantiles.p50_ms, 1);
        assert_eq!(quantiles.p90_ms, 12_345);
        assert_eq!((quantiles.max_ms, quantiles.count), (12_345, 5));
    }

    #[test]
    fn many_waits_are_within_a_thousandth() {
        let mut waits = Waits::default();
        for wait_ms in 0..100_000 {
            waits.record(wait_ms);
        }
        let quantiles = waits.quantiles();
        assert!((quantiles.p50_ms as f64 / 49_999.0 - 1.0).abs() < 1e-3);
        assert!((quantiles.p99_ms as f64 / 98_999.0 - 1.0).abs() < 1e-3);
        assert_eq!(quantiles.max_ms, 99_999);
    }

    #[test]
    fn merging_is_the_same_as_recording_in_one_place() {
        let (mut left, mut right, mut whole) =
            (Waits::default(), Waits::default(), Waits::default());
        for wait_ms in 0..5000u64 {
            let part = if wait_ms % 3 == 0 {
                &mut left
            } else {
                &mut right
            };
            part.record(wait_ms * 7 % 5000);
            whole.record(wait_ms * 7 % 5000);
        }
        left.add(&right);
        assert_eq!(left.quantiles(), whole.quantiles());
        left.clear();
        assert_eq!(left.quantiles(), Quantiles::default());
    }

    #[test]
    fn a_wait_beyond_a_day_is_clipped_and_said_so() {
        let mut waits = Waits::default();
        waits.record(WAIT_MS_MAX + 5);
        let quantiles = waits.quantiles();
        assert_eq!((quantiles.p50_ms, quantiles.clipped), (WAIT_MS_MAX, 1));
        assert_eq!(quantiles.max_ms, WAIT_MS_MAX + 5);
    }
}
