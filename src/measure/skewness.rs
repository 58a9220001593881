//! Intervals of means of skewed values: further to the side of the long tail.

/// Below this there is no telling the interval from a symmetric one.
const SKEWNESS_MIN: f64 = 1e-5;

/// How many standard errors an interval reaches below and above the mean of `n` values with these
/// deviations from it, where it would be `t` on both sides of a symmetric one.
///
/// With `b` the skewness over `6 sqrt(n)` and `G(z) = (cbrt(1 + 6 b (z - b)) - 1) / (2 b)`, the reverse of
/// Johnson's modified t variable, it is from `mean - G(t) s` to `mean - G(-t) s` (Johnson, *J. American
/// Statistical Association* 73, 1978; Willink, *Communications in Statistics* 34, 2005; for batch means
/// Skart: Tafazzoli and Wilson, *IIE Transactions* 43, 2011). The skewness is Fisher and Pearson's adjusted
/// one, `n sqrt(n - 1) / (n - 2) sum d^3 / (sum d^2)^1.5`.
pub(super) fn reach(t: f64, deviations: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let n = deviations.clone().count() as f64;
    let squares: f64 = deviations.clone().map(|off| off * off).sum();
    let cubes: f64 = deviations.map(|off| off * off * off).sum();
    if n < 3.0 || squares == 0.0 {
        return (t, t);
    }
    let skewness = n * (n - 1.0).sqrt() / (n - 2.0) * cubes / (squares * squares.sqrt());
    let b = skewness / (6.0 * n.sqrt());
    if skewness.abs() < SKEWNESS_MIN {
        return (t, t);
    }
    let g = |z: f64| (libm::cbrt(1.0 + 6.0 * b * (z - b)) - 1.0) / (2.0 * b);
    (g(t), -g(-t))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::confidence::Confidence;
    use crate::measure::student::t_two_sided;

    const LEVEL: f64 = 0.95;
    const SAMPLES: u32 = 4000;

    #[test]
    fn it_reaches_further_to_the_side_of_the_long_tail() {
        let t = 2.0;
        let right = reach(t, [-1.0, -1.0, -1.0, 3.0].into_iter());
        assert!(right.0 < t && t < right.1, "{right:?}");
        let left = reach(t, [1.0, 1.0, 1.0, -3.0].into_iter());
        assert!((left.0 - right.1).abs() < 1e-12 && (left.1 - right.0).abs() < 1e-12);
        // By hand: skewness 4 sqrt(3) / 2 * 24 / 12^1.5 = 2, b = 2 / 12.
        let b = 1.0 / 6.0;
        let by_hand = ((1.0 + 6.0 * b * (t - b)).cbrt() - 1.0) / (2.0 * b);
        assert!((right.0 - by_hand).abs() < 1e-12);
        assert_eq!(reach(t, [-1.0, 0.0, 1.0].into_iter()), (t, t));
        assert_eq!(reach(t, [0.0; 5].into_iter()), (t, t));
    }

    /// Uniform numbers by a generator of its own.
    struct Noise(u64);

    impl Noise {
        fn unit(&mut self) -> f64 {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let word = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            (((word ^ (word >> 31)) >> 11) | 1) as f64 / (1_u64 << 53) as f64
        }

        fn exponential(&mut self) -> f64 {
            -self.unit().ln()
        }

        fn normal(&mut self) -> f64 {
            let turn = std::f64::consts::TAU * self.unit();
            (2.0 * self.exponential()).sqrt() * turn.cos()
        }
    }

    /// How often the intervals of so many values hold their mean, and how often plain ones do.
    fn coverage(count: usize, mean: f64, sample: fn(&mut Noise) -> f64) -> (f64, f64) {
        let t = t_two_sided(LEVEL, count - 1);
        let mut noise = Noise(7);
        let (mut skewed, mut plain) = (0, 0);
        for _ in 0..SAMPLES {
            let values: Vec<f64> = (0..count).map(|_| sample(&mut noise)).collect();
            let n = count as f64;
            let found = values.iter().sum::<f64>() / n;
            let off = values.iter().map(|value| value - found);
            let squares: f64 = off.clone().map(|off| off * off).sum();
            let errors = (mean - found) / (squares / (n - 1.0) / n).sqrt();
            let (below, above) = reach(t, off);
            skewed += u32::from((-below..=above).contains(&errors));
            plain += u32::from((-t..=t).contains(&errors));
        }
        let share = |held: u32| f64::from(held) / f64::from(SAMPLES);
        (share(skewed), share(plain))
    }

    /// Two-sided 99 % of how often an interval of 95 % holds the mean.
    fn is_nominal(coverage: f64) -> bool {
        (coverage - LEVEL).abs() < 2.576 * (LEVEL * (1.0 - LEVEL) / f64::from(SAMPLES)).sqrt()
    }

    #[test]
    fn means_of_skewed_values_are_held_as_often_as_said() {
        for count in [32, 64] {
            let (skewed, plain) = coverage(count, 1.0, Noise::exponential);
            assert!(
                is_nominal(skewed) && skewed > plain,
                "{count}: {skewed} {plain}"
            );
            let (skewed, plain) = coverage(count, -1.0, |noise| -noise.exponential());
            assert!(
                is_nominal(skewed) && skewed > plain,
                "{count}: {skewed} {plain}"
            );
            // Nothing is lost where there is nothing to move: tails of the normal law, and lighter ones.
            let (even, plain) = coverage(count, 0.0, Noise::normal);
            assert!(
                is_nominal(even) && (even - plain).abs() < 0.005,
                "{count}: {even} {plain}"
            );
            let (even, plain) = coverage(count, 0.5, Noise::unit);
            assert!(
                even >= plain && even < LEVEL + 0.02,
                "{count}: {even} {plain}"
            );
            // So few values do not tell enough of such a tail, but more than plain intervals say.
            let (skewed, plain) = coverage(count, 0.5_f64.exp(), |noise| noise.normal().exp());
            assert!(
                skewed > plain + 0.02 && skewed > 0.92,
                "{count}: {skewed} {plain}"
            );
        }
    }

    /// Waits of M/M/1 at a load of 0.8, from the steady state on, by Lindley's recursion: batches hang
    /// together a little, as those of long runs do.
    #[test]
    fn batches_of_waits_are_held_more_often_than_by_plain_intervals() {
        const LOAD: f64 = 0.8;
        let (batches, length, runs) = (64, 400, 1200);
        let exact = LOAD / (1.0 - LOAD);
        let confidence = Confidence::of_batches(LEVEL, batches);
        let t = t_two_sided(LEVEL, batches - 1);
        let mut noise = Noise(11);
        let (mut skewed, mut plain) = (0, 0);
        for _ in 0..runs {
            let waits = noise.unit() < LOAD;
            let mut wait = f64::from(u8::from(waits)) * noise.exponential() / (1.0 - LOAD);
            let mut batch = || {
                let mut sum = 0.0;
                for _ in 0..length {
                    sum += wait;
                    wait = (wait + noise.exponential() - noise.exponential() / LOAD).max(0.0);
                }
                sum / f64::from(length)
            };
            let means: Vec<f64> = (0..batches).map(|_| batch()).collect();
            let figure = confidence.mean(means.iter().copied().map(Some));
            let mean = figure.mean.expect("batches");
            let (low, high) = figure.reach().expect("an interval");
            let (below, above) = reach(t, means.iter().map(|value| value - mean));
            // Both are wider for what batches have to do with each other.
            let half = t * low / below;
            assert!((half / (t * high / above) - 1.0).abs() < 1e-9);
            skewed += u32::from(figure.contains(exact));
            plain += u32::from((mean - exact).abs() <= half);
        }
        let share = |held: u32| f64::from(held) / f64::from(runs);
        let (skewed, plain) = (share(skewed), share(plain));
        assert!(skewed > plain && skewed > 0.93, "{skewed} {plain}");
    }
}
