//! Whether so many figures may be as far off as they are.

/// The probability of refusing any figure of a simulator that is right about all of them.
pub(super) const FAMILY: f64 = 0.01;
/// So many figures outside their intervals, or more, must not be less likely than this.
pub(super) const UNLIKELY: f64 = 0.001;

/// The places of the figures that are refused, by Holm's method (1979): whatever depends on whatever,
/// not one of those that are right is refused, but for a probability of [`FAMILY`].
pub(super) fn refused(p: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|one, other| p[*one].total_cmp(&p[*other]));
    let left = |rank: usize| (p.len() - rank) as f64;
    let places = order.iter().enumerate();
    let refused = places.take_while(|(rank, place)| p[**place] * left(*rank) < FAMILY);
    refused.map(|(_, place)| *place).collect()
}

/// The probability that so many or more of independent figures miss, each with probability `miss`.
pub(super) fn so_many_or_more(missed: usize, figures: usize, miss: f64) -> f64 {
    let mut term = (1.0 - miss).powi(figures as i32);
    let mut fewer = 0.0;
    for count in 0..missed {
        fewer += term;
        term *= miss / (1.0 - miss) * (figures - count) as f64 / (count + 1) as f64;
    }
    1.0 - fewer
}

#[test]
fn the_least_likely_are_refused_first() {
    // 0.002 × 5, 0.003 × 4: the second would pass alone, the first is not below the level either.
    assert!(refused(&[0.5, 0.002, 0.003, 0.9, 0.1]).is_empty());
    assert_eq!(refused(&[0.5, 0.0019, 0.002, 0.9, 0.1]), [1, 2]);
    assert!(refused(&[]).is_empty());
}

#[test]
fn misses_are_counted_by_the_binomial_law() {
    assert_eq!(so_many_or_more(0, 100, 0.01), 1.0);
    // 1 - 0.99^100, and less 100 · 0.01 · 0.99^99
    assert!((so_many_or_more(1, 100, 0.01) - 0.633_967_658_7).abs() < 1e-9);
    assert!((so_many_or_more(2, 100, 0.01) - 0.264_238_021_1).abs() < 1e-9);
}
