//! How many batches: as many as know nothing of each other.

use crate::measure::confidence::lag_1;

/// The most batches, tried first.
pub const MOST: usize = 64;
/// The fewest: with fewer, intervals are wide and hardly anything can be said of correlation.
pub const FEWEST: usize = 32;
/// One-sided quantile of the normal distribution at 95 %.
const Z: f64 = 1.644_853_626_951_472_2;

/// Batches, and how they hang together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Batches {
    /// How many.
    pub count: usize,
    /// The lag-1 correlation of the means, of the series in which it is the largest; 0 for no series.
    pub lag_1: f64,
    /// Whether it may be chance, by von Neumann's test at 5 %.
    pub independent: bool,
}

impl Batches {
    /// Of series of equal length: 64 batches, or batches twice as long where these hang together.
    pub fn of(series: &[&[f64]]) -> Self {
        let first = Self::tested(series, MOST);
        match first.independent {
            true => first,
            false => Self::tested(series, FEWEST),
        }
    }

    fn tested(series: &[&[f64]], count: usize) -> Self {
        let lags = series
            .iter()
            .map(|values| correlation(&means(values, count)));
        let lag_1 = lags.reduce(f64::max).unwrap_or(0.0);
        Self {
            count,
            lag_1,
            independent: lag_1 <= Z * deviation(count),
        }
    }
}

/// The means of so many batches of values, whose numbers differ by one at most.
fn means(values: &[f64], count: usize) -> Vec<f64> {
    let border = |place: usize| values.len() * place / count;
    (0..count)
        .map(|place| &values[border(place)..border(place + 1)])
        .filter(|batch| !batch.is_empty())
        .map(|batch| batch.iter().sum::<f64>() / batch.len() as f64)
        .collect()
}

/// The lag-1 correlation of values.
fn correlation(values: &[f64]) -> f64 {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let deviations = values.iter().map(|value| value - mean);
    let squares = deviations.clone().map(|off| off * off).sum();
    lag_1(deviations, squares)
}

/// The standard deviation of [`lag_1`] of so many independent normal values:
/// `sqrt((n - 2) / (n^2 - 1))`.
fn deviation(count: usize) -> f64 {
    let n = count as f64;
    ((n - 2.0) / (n * n - 1.0)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Uniform numbers by a generator of its own.
    fn noise(count: usize) -> Vec<f64> {
        let mut state = 12_345_u64;
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 11) as f64 / (1_u64 << 53) as f64
        };
        (0..count).map(|_| next()).collect()
    }

    /// The same, each with so much of the one before.
    fn dragging(count: usize, kept: f64) -> Vec<f64> {
        let mut last = 0.0;
        let values = noise(count).into_iter().map(|value| {
            last = kept * last + value - 0.5;
            last
        });
        values.collect()
    }

    #[test]
    fn noise_is_independent() {
        let values = noise(1280);
        let batches = Batches::of(&[&values, &[2.0; 1280]]);
        assert_eq!((batches.count, batches.independent), (MOST, true));
        assert!(batches.lag_1.abs() < 0.3);
        let none = Batches::of(&[]);
        assert_eq!(
            (none.count, none.lag_1, none.independent),
            (MOST, 0.0, true)
        );
    }

    #[test]
    fn the_ratio_is_near_the_correlation() {
        let lag = correlation(&dragging(20_000, 0.7));
        assert!((lag - 0.7).abs() < 0.02, "{lag}");
    }

    /// A memory of some 30 values: 20 in a batch hang together, twice as many less so; of 300 values
    /// all do.
    #[test]
    fn batches_grow_until_they_forget_or_say_so() {
        let short = Batches::of(&[&dragging(1280, 0.8)]);
        assert!(short.independent);
        let long = Batches::of(&[&dragging(1280, 0.995)]);
        assert_eq!((long.count, long.independent), (FEWEST, false));
        assert!(long.lag_1 > 0.3, "{}", long.lag_1);
    }

    #[test]
    fn batches_take_every_value_once() {
        let values: Vec<f64> = (0..70).map(f64::from).collect();
        let means = means(&values, 32);
        assert_eq!(means.len(), 32);
        assert_eq!((means[0], means[31]), (0.5, 68.0));
    }
}
