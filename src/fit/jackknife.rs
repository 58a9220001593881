//! How sure an estimate is that is no mean: by leaving out one day after the other.

use crate::measure::figure::Figure;
use crate::measure::student::t_two_sided;

/// The level of all intervals.
pub(super) const LEVEL: f64 = 0.95;

/// An estimate of so many days, with the interval that the estimates without each of them give (Tukey, 1958;
/// Efron and Tibshirani, *An Introduction to the Bootstrap*, 1993, ch. 11). Of a quantity that is above 0 it
/// is that of the logarithm, where it can be.
pub(super) fn figure(whole: f64, without: &[f64], is_positive: bool) -> Figure {
    let n = without.len();
    let mean = Some(whole);
    if n < 3 || without.iter().any(|one| !one.is_finite()) {
        return Figure {
            mean,
            ..Figure::NONE
        };
    }
    let by_log = is_positive && whole > 0.0 && without.iter().all(|one| *one > 0.0);
    let scale = |value: f64| if by_log { libm::log(value) } else { value };
    let back = |value: f64| if by_log { libm::exp(value) } else { value };
    let values: Vec<f64> = without.iter().map(|one| scale(*one)).collect();
    let days = n as f64;
    let centre = values.iter().sum::<f64>() / days;
    let squares: f64 = values
        .iter()
        .map(|one| (one - centre) * (one - centre))
        .sum();
    let error = ((days - 1.0) / days * squares).sqrt();
    let reach = t_two_sided(LEVEL, n - 1) * error;
    let least = if is_positive { 0.0 } else { f64::NEG_INFINITY };
    Figure {
        mean,
        low: Some(back(scale(whole) - reach).max(least)),
        high: Some(back(scale(whole) + reach)),
    }
}
