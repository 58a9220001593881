//! How even a list of numbers is.

use crate::measure::figure::excess;

/// `sqrt(sum x^2 / n)`; none of nothing.
pub fn root_mean_square(values: &[f64]) -> Option<f64> {
    let squares: f64 = values.iter().map(|x| x * x).sum();
    (!values.is_empty()).then(|| (squares / values.len() as f64).sqrt())
}

/// The greatest less the least; none of nothing.
pub fn range(values: &[f64]) -> Option<f64> {
    let greatest = values.iter().copied().reduce(f64::max)?;
    let least = values.iter().copied().reduce(f64::min)?;
    Some(greatest - least)
}

/// Standard deviation (divisor n) over mean; none when the mean is 0.
pub fn coefficient_of_variation(values: &[f64]) -> Option<f64> {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|x| (x - mean) * (x - mean)).sum();
    (mean > 0.0).then(|| (squares / n).sqrt() / mean)
}

/// Jain's index `(sum x)^2 / (n sum x^2)`: 1 when all are equal, 1/n when one has all (Jain, Chiu
/// and Hawe, *A quantitative measure of fairness*, DEC-TR-301, 1984). None when all are 0.
pub fn jain(values: &[f64]) -> Option<f64> {
    let sum: f64 = values.iter().sum();
    let squares: f64 = values.iter().map(|x| x * x).sum();
    (squares > 0.0).then(|| sum * sum / (values.len() as f64 * squares))
}

/// Gini's coefficient: half the mean difference between two, over the mean; 0 when all are equal,
/// `1 - 1/n` when one has all. With `x` in order it is `(2 sum i x_i / sum x - n - 1) / n` (Sen, *On
/// Economic Inequality*, 1973). None when all are 0.
pub fn gini(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let n = values.len() as f64;
    let sum: f64 = values.iter().sum();
    let ranked: f64 = (1..)
        .zip(&values)
        .map(|(rank, x)| f64::from(rank) * x)
        .sum();
    (sum > 0.0).then(|| excess(2.0 * ranked / sum, n + 1.0, n) / n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn is(value: Option<f64>, expected: f64) {
        let value = value.expect("a value");
        assert!((value - expected).abs() < 1e-12, "{value}");
    }

    #[test]
    fn equal_shares_are_even() {
        let equal = [0.9, 0.9, 0.9];
        is(range(&equal), 0.0);
        is(jain(&equal), 1.0);
        is(gini(equal.to_vec()), 0.0);
        is(coefficient_of_variation(&equal), 0.0);
        is(root_mean_square(&equal), 0.9);
        assert_eq!(gini(vec![0.1; 7]), Some(0.0));
    }

    #[test]
    fn one_who_has_all_is_as_uneven_as_can_be() {
        let one = [0.0, 4.0, 0.0, 0.0];
        is(range(&one), 4.0);
        is(jain(&one), 0.25);
        is(gini(one.to_vec()), 0.75);
        is(coefficient_of_variation(&one), 3f64.sqrt());
    }

    #[test]
    fn textbook_values() {
        let four = [3.0, 1.0, 4.0, 2.0];
        // differences of all pairs: 1 2 3 1 2 1, twice, over 2 n^2 mean = 80
        is(gini(four.to_vec()), 20.0 / 80.0);
        is(jain(&four), 100.0 / 120.0);
        is(coefficient_of_variation(&four), 1.25f64.sqrt() / 2.5);
        is(root_mean_square(&four), 7.5f64.sqrt());
    }

    #[test]
    fn nothing_is_neither_even_nor_uneven() {
        assert_eq!((range(&[]), root_mean_square(&[])), (None, None));
        assert_eq!((jain(&[]), gini(Vec::new())), (None, None));
        assert_eq!(coefficient_of_variation(&[]), None);
        assert_eq!((jain(&[0.0]), gini(vec![0.0])), (None, None));
    }
}
