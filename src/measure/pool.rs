//! Waits of all runs together, and how sure their quantiles are.

use super::confidence::Confidence;
use super::counts::WaitCounts;
use super::figure::Figure;
use super::figure::Part;
use super::waits;
use hdrhistogram::Histogram;

/// The waits of one place in every run.
#[derive(Debug)]
pub struct Pool<'a> {
    /// By run, of all cells that belong to the place.
    runs: Vec<Vec<&'a WaitCounts>>,
    /// The values that occur, rising, each with how many waited so long at most.
    steps: Vec<(u64, u64)>,
}

impl<'a> Pool<'a> {
    /// Puts them together.
    pub fn new(runs: impl Iterator<Item = Vec<&'a WaitCounts>>) -> Self {
        let runs: Vec<_> = runs.collect();
        let histogram = histogram(runs.iter().flatten().copied());
        let ends = runs.iter().flatten().filter_map(|cell| cell.waits.last());
        let longest = ends.map(|(wait_ms, _)| u64::from(*wait_ms)).max();
        let mut count = 0;
        let steps = histogram.iter_recorded().map(|step| {
            count += step.count_since_last_iteration();
            // A histogram tells the end of each of its steps, and nobody waited longer than the longest.
            (step.value_iterated_to().min(longest.unwrap_or(0)), count)
        });
        let steps = steps.collect();
        Self { runs, steps }
    }

    /// The wait in seconds that so many in a thousand do not exceed: the value of rank `ceil(q n)`
    /// among the waits of all runs, in the resolution of [`histogram`].
    ///
    /// Its interval lies between two of these waits, as those from order statistics do, and asks for
    /// no law of waits. Were they independent, ranks would follow the binomial distribution; but waits
    /// of one run have the same rush in common. So the ranks are as far apart as the shares of waits
    /// up to the quantile differ from run to run (or from batch to batch): Woodruff, *J. American
    /// Statistical Association* 47, 1952; Francisco and Fuller, *Annals of Statistics* 19, 1991. Where the
    /// upper rank is beyond the longest wait that was seen, the interval has no upper end: it would be
    /// wrong to leave out just those intervals, for they come where runs happen to have few long waits.
    pub fn quantile(&self, permille: u64, confidence: &Confidence) -> Figure {
        let all = self.steps.last().map_or(0, |(_, count)| *count);
        if all == 0 {
            return Figure::NONE;
        }
        let rank = (all * permille).div_ceil(1000);
        let value = self.at_rank(rank);
        let parts = self.runs.iter().map(|cells| {
            let count = |count: fn(&WaitCounts, u64) -> u64| {
                cells.iter().map(|cell| count(cell, value)).sum()
            };
            Part::new(count(WaitCounts::up_to), count(|cell, _| cell.count()))
        });
        let parts: Vec<Part> = parts.collect();
        let sum = |of: fn(&Part) -> f64| parts.iter().map(of).sum::<f64>();
        let seen = sum(|part| part.over) / sum(|part| part.under);
        let below = confidence.ratio(parts.into_iter());
        // So many more are below it than are to be expected there, where the runs are controlled.
        let excess = below.mean.map_or(0.0, |expected| seen - expected);
        let moved = (excess * all as f64).round() as i64;
        let value = self.at_rank(rank.saturating_add_signed(moved).clamp(1, all));
        let ends = below.reach().map(|(low, high)| {
            let (share, all) = (permille as f64 / 1000.0 + excess, all as f64);
            // Where fewer are below than it seems, the quantile is further up.
            let (low, high) = ((share - high) * all, (share + low) * all + 1.0);
            (low.max(0.0) as u64, (high <= all).then_some(high as u64))
        });
        let seconds = |ms: u64| ms as f64 / 1000.0;
        Figure {
            mean: Some(seconds(value)),
            low: ends.map(|(low, _)| seconds(self.at_rank(low))),
            high: ends.and_then(|(_, high)| Some(seconds(self.at_rank(high?)))),
        }
    }

    /// The wait of a rank, counted from 1; nothing before it.
    fn at_rank(&self, rank: u64) -> u64 {
        if rank == 0 {
            return 0;
        }
        let place = self.steps.partition_point(|(_, count)| *count < rank);
        self.steps.get(place).map_or(0, |(value, _)| *value)
    }
}

/// Waits as a histogram of milliseconds, a thousandth apart from 2 s on; those of nothing apart.
pub fn histogram<'a>(waits: impl Iterator<Item = &'a WaitCounts>) -> Histogram<u64> {
    let mut histogram = waits::histogram();
    for cell in waits {
        histogram.saturating_record_n(0, cell.zeros);
        for &(wait_ms, count) in &cell.waits {
            histogram.saturating_record_n(u64::from(wait_ms), u64::from(count));
        }
    }
    histogram
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(list: &[u32]) -> WaitCounts {
        let mut counts = WaitCounts::default();
        for &wait_ms in list {
            match wait_ms {
                0 => counts.zeros += 1,
                _ => counts.push(wait_ms, 1),
            }
        }
        counts
    }

    fn quantile(runs: &[WaitCounts], permille: u64) -> Figure {
        let pool = Pool::new(runs.iter().map(|run| vec![run]));
        pool.quantile(permille, &Confidence::new(0.95, runs.len()))
    }

    #[test]
    fn a_quantile_is_that_of_all_waits_and_not_a_mean() {
        // Nine short waits in one run, one long one in the other.
        let runs = [waits(&[1, 2, 3, 4, 5, 6, 7, 8, 9]), waits(&[1000])];
        assert_eq!(quantile(&runs, 500).mean, Some(0.005));
        assert_eq!(quantile(&runs, 900).mean, Some(0.009));
        assert_eq!(quantile(&runs, 990).mean, Some(1.0));
        // Two runs tell nothing of where the longest waits end.
        let longest = quantile(&runs, 990);
        assert_eq!((longest.low, longest.high), (Some(0.009), None));
        assert!(longest.contains(f64::MAX) && !longest.contains(0.001));
        assert_eq!(quantile(&[WaitCounts::default()], 500), Figure::NONE);
    }

    #[test]
    fn no_quantile_is_longer_than_the_longest_wait() {
        let runs = [waits(&[49_900, 50_000]), waits(&[49_800, 50_000])];
        assert_eq!(quantile(&runs, 990).mean, Some(50.0));
    }

    #[test]
    fn waits_of_nothing_are_exact() {
        let run = waits(&[0, 0, 0, 0, 0, 0, 0, 700, 800, 900]);
        let runs = vec![run; 20];
        let figure = quantile(&runs, 500);
        assert_eq!((figure.mean, figure.low), (Some(0.0), Some(0.0)));
        assert_eq!(figure.high, Some(0.0), "every run has the same share");
        assert_eq!(quantile(&runs, 900).mean, Some(0.8));
    }

    /// Uniform waits: where they are independent, the interval is that of the binomial distribution;
    /// where all waits of a run are the same, it is that of the runs alone.
    #[test]
    fn intervals_are_as_wide_as_runs_differ() {
        let mut state = 7_u64;
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            1 + (state >> 40) as u32 % 1000
        };
        let mut sorted = |count: usize| {
            let mut list: Vec<u32> = (0..count).map(|_| next()).collect();
            list.sort_unstable();
            list
        };
        let apart: Vec<_> = (0..200).map(|_| waits(&sorted(50))).collect();
        let figure = quantile(&apart, 500);
        let half = figure.half_width().expect("an interval");
        // 1.97 sqrt(0.25 / 10000) of a second.
        assert!((0.007..0.013).contains(&half), "{half}");
        let alike: Vec<_> = sorted(200).iter().map(|&one| waits(&[one; 50])).collect();
        let half = quantile(&alike, 500).half_width().expect("an interval");
        assert!((0.05..0.1).contains(&half), "{half}");
    }

    /// How often the interval of a quantile holds it, of waits that a run's own rush makes longer.
    #[test]
    fn intervals_hold_the_quantile_as_often_as_they_say() {
        let mut state = 1_u64;
        let mut unit = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 11) as f64 / (1_u64 << 53) as f64
        };
        let mut study = || {
            let run = |_| {
                let rush = unit();
                let mut list: Vec<u32> = (0..100)
                    .map(|_| (10_000.0 * (rush + unit())) as u32 + 1)
                    .collect();
                list.sort_unstable();
                waits(&list)
            };
            (0..30).map(run).collect::<Vec<_>>()
        };
        // The sum of two uniform numbers is below 1 for half of all, below 2 - sqrt(0.2) for 9 in 10.
        let exact = [(500, 10.0), (900, 10.0 * (2.0 - 0.2_f64.sqrt()))];
        let mut held = [0, 0];
        for _ in 0..200 {
            let runs = study();
            for (held, (permille, exact)) in held.iter_mut().zip(exact) {
                *held += u32::from(quantile(&runs, permille).contains(exact));
            }
        }
        // 190 of 200 are expected; fewer than 180 would come once in 1000 times.
        assert!(held.iter().all(|held| *held >= 180), "{held:?}");
    }

    /// Waits of M/M/1 at a load of 0.7, from the steady state on, by Lindley's recursion: a few rushes make
    /// all of the longest hundredth, and a study that met none of them would give too short a wait.
    #[test]
    fn intervals_of_the_longest_waits_hold_them_as_often_as_they_say() {
        const LOAD: f64 = 0.7;
        const SERVICE_MS: f64 = 100_000.0;
        const STUDIES: u32 = 300;
        let mut state = 3_u64;
        let mut unit = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            ((state >> 11) | 1) as f64 / (1_u64 << 53) as f64
        };
        let mut run = || {
            let rate = (1.0 - LOAD) / SERVICE_MS;
            let waits_at_first = unit() < LOAD;
            let mut wait = f64::from(u8::from(waits_at_first)) * -unit().ln() / rate;
            let mut list: Vec<u32> = Vec::new();
            for _ in 0..1000 {
                list.push(wait as u32);
                wait = (wait - SERVICE_MS * (unit().ln() - unit().ln() / LOAD)).max(0.0);
            }
            list.sort_unstable();
            waits(&list)
        };
        let exact = (LOAD / 0.01).ln() / (1.0 - LOAD) * SERVICE_MS / 1000.0;
        for runs in [5, 10] {
            let (mut held, mut open) = (0, 0);
            for _ in 0..STUDIES {
                let study: Vec<_> = (0..runs).map(|_| run()).collect();
                let figure = quantile(&study, 990);
                held += u32::from(figure.contains(exact));
                open += u32::from(figure.at_least().is_some());
            }
            // 285 of 300 are expected; fewer than 273 would come once in 600 times.
            assert!(held >= 273, "{runs} runs: {held}, {open} of them open");
        }
    }
}
