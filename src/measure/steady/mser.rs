//! Where the beginning of a long run ends: MSER-5.
//!
//! The marginal standard error rule (White, *Simulation* 69, 1997; White, Cobb and Spratt, *Proc.
//! Winter Simulation Conference*, 2000) leaves out as many values as make the mean of the others the
//! surest: it minimises `sum (z_i - mean)^2 / (n - d)^2` over the values after the first `d`, each
//! `z_i` a mean of five. Mahajan and Ingalls (*Proc. WSC*, 2004) and Hoad, Robinson and Davies
//! (*J. Operational Research Society* 61, 2010) found it the best of the rules that need nobody's eye.

/// Values whose mean is one of the rule's.
pub const GROUP: usize = 5;
/// Groups at the end before which a cut has to lie: so few say nothing of how they spread (Hoad et al.).
const LAST: usize = 5;

/// How many values belong to the beginning; none where the best cut lies in the second half, which
/// says that the values have not settled.
pub fn cut(values: &[f64]) -> Option<usize> {
    let groups = groups(values);
    let count = groups.len();
    let candidates = count.checked_sub(LAST).filter(|count| *count > 0)?;
    // From the end on, so that each cut adds one value to what was summed up before it (Welford).
    let (mut mean, mut squares) = (0.0, 0.0);
    let mut best = (f64::INFINITY, count);
    for (place, value) in groups.iter().enumerate().rev() {
        let left = (count - place) as f64;
        let off = value - mean;
        mean += off / left;
        squares += off * (value - mean);
        let error = squares / (left * left);
        // Of equals the earliest.
        if place < candidates && error <= best.0 {
            best = (error, place);
        }
    }
    (2 * best.1 <= count).then_some(best.1 * GROUP)
}

/// The means of five values each, a rest left out.
pub(super) fn groups(values: &[f64]) -> Vec<f64> {
    let groups = values.chunks_exact(GROUP);
    groups
        .map(|group| group.iter().sum::<f64>() / GROUP as f64)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values that rise to 100 by so much of what is left each, and wobble.
    fn rising(step: f64) -> Vec<f64> {
        let wobble = |place: usize| ((place * 7919) % 101) as f64 / 10.0;
        (0..1000)
            .map(|place| 100.0 * (1.0 - (1.0 - step).powi(place as i32)) + wobble(place))
            .collect()
    }

    #[test]
    fn a_beginning_is_found() {
        let cut = cut(&rising(0.02)).expect("it settles");
        // After so many, 100 (1 - 0.02)^n is left of the rise.
        let left = 100.0 * 0.98_f64.powi(cut as i32);
        assert!(left < 5.0 && left > 0.01, "{cut}: {left}");
        assert_eq!(cut % GROUP, 0);
    }

    #[test]
    fn what_never_changes_has_no_beginning() {
        assert_eq!(cut(&[3.0; 500]), Some(0));
        assert_eq!(cut(&[0.0; 500]), Some(0));
        let wobble: Vec<f64> = (0..500).map(|at| f64::from(at * 7919 % 101)).collect();
        assert!(cut(&wobble) < Some(50));
    }

    #[test]
    fn what_never_settles_is_refused() {
        let growing: Vec<f64> = (0..500).map(f64::from).collect();
        assert_eq!(cut(&growing), None);
        assert_eq!(cut(&[1.0; 20]), None, "too few values to tell");
    }

    /// By hand: groups 9, 1, 1, 2, 1, 2, ... The first is worth leaving out, and no other.
    #[test]
    fn the_cut_makes_the_mean_the_surest() {
        let mut values = vec![9.0; GROUP];
        for place in 0..20 {
            values.extend([1.0 + f64::from(place % 2); GROUP]);
        }
        assert_eq!(cut(&values), Some(GROUP));
    }
}
