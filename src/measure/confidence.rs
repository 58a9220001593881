//! Means over runs and how far they can be trusted.

use super::control::Control;
use super::figure::Figure;
use super::figure::Part;
use super::figure::Pulls;
use super::skewness;
use super::student::t_two_sided;

/// The largest lag-1 correlation that intervals are corrected for.
const LAG_1_MOST: f64 = 0.9;

/// Runs, or batches, in all of which a figure has to be the same for that to be believed: something else is
/// then seen in fewer than 3 of 100, at 95 % (the rule of three: Hanley and Lippman-Hand, 1983).
pub const SAME_MIN: usize = 100;

/// Makes figures of runs at one level of confidence.
#[derive(Clone, Debug)]
pub struct Confidence {
    level: f64,
    /// The quantile for all runs, which is nearly always the one wanted.
    usual: (usize, f64),
    /// Whether runs are batches of one run, which may know of each other.
    in_a_row: bool,
    /// What takes a part out of the spread of the runs.
    control: Option<Control>,
}

impl Confidence {
    /// For a level such as 0.95 and this many runs.
    pub fn new(level: f64, runs: usize) -> Self {
        assert!(level > 0.0 && level < 1.0, "a level lies between 0 and 1");
        let usual = (
            runs,
            if runs > 1 {
                t_two_sided(level, runs - 1)
            } else {
                0.0
            },
        );
        Self {
            level,
            usual,
            in_a_row: false,
            control: None,
        }
    }

    /// The same with a control variate of the same runs, if there is one: it serves every figure of
    /// which all of them have a part.
    #[must_use]
    pub fn controlled_by(self, control: Option<Control>) -> Self {
        Self { control, ..self }
    }

    /// The same where "runs" are batches that follow each other: what is left of the correlation of
    /// each with the next one widens intervals, see [`Confidence::ratio`].
    pub fn of_batches(level: f64, batches: usize) -> Self {
        Self {
            in_a_row: true,
            ..Self::new(level, batches)
        }
    }

    /// The level.
    pub fn level(&self) -> f64 {
        self.level
    }

    /// Sum of numerators over sum of denominators, with the delta method's interval.
    ///
    /// With `r` the ratio and `d_i = over_i - r under_i`, the half width is
    /// `t(n-1) sqrt(sum d_i^2 / (n-1) / n) / mean(under)` (Law, *Simulation Modeling and Analysis*,
    /// 5th ed., §9.5.2; Cochran, *Sampling Techniques*, 3rd ed., (6.13)). Where all denominators
    /// are 1 this is the mean of the numerators with its t interval. Runs in which both are 0
    /// belong to the sample: a day on which nobody came is a day.
    ///
    /// For batches the variance is multiplied by `(1 + f) / (1 - f)`, `f` the lag-1 correlation of the
    /// `d_i` where it is above 0: that of a mean of values each of which keeps a part `f` of the one
    /// before it; and their skewness moves both ends, see `skewness.rs` (N-Skart: Tafazzoli, Steiger
    /// and Wilson, *INFORMS J. Computing* 23, 2011, §3).
    ///
    /// With a control variate see `control.rs`.
    pub fn ratio(&self, parts: impl Iterator<Item = Part> + Clone) -> Figure {
        let (mut n, mut over, mut under) = (0usize, 0.0, 0.0);
        for part in parts.clone() {
            n += 1;
            over += part.over;
            under += part.under;
        }
        if under == 0.0 {
            return Figure::NONE;
        }
        let ratio = over / under;
        if n < 2 {
            return Figure {
                mean: Some(ratio),
                ..Figure::NONE
            };
        }
        let control = self.control.as_ref().filter(|control| control.runs() == n);
        if let Some(figure) = control.and_then(|control| control.ratio(parts.clone())) {
            return figure;
        }
        let residues = parts.map(|part| part.residue(ratio));
        let squares: f64 = residues.clone().map(|residue| residue * residue).sum();
        let t = self.t(n);
        let (squares, (below, above)) = match self.in_a_row {
            true => (
                squares * widening(lag_1(residues.clone(), squares)),
                skewness::reach(t, residues),
            ),
            false => (squares, (t, t)),
        };
        let runs = n as f64;
        let errors = |many: f64| many * (squares / (runs - 1.0) / runs).sqrt() / (under / runs);
        Figure {
            mean: Some(ratio),
            low: Some(ratio - errors(below)),
            high: Some(ratio + errors(above)),
        }
    }

    /// The same ratio, with what every run has to do with it; none of fewer than two runs, and none of
    /// batches.
    pub(super) fn pulls(&self, parts: impl Iterator<Item = Part> + Clone) -> Option<Pulls> {
        let n = parts.clone().count();
        let control = self.control.as_ref().filter(|control| control.runs() == n);
        if let Some(pulls) = control.and_then(|control| control.pulls(parts.clone())) {
            return Some(pulls);
        }
        let sum = |of: fn(Part) -> f64| parts.clone().map(of).sum::<f64>();
        let (over, under) = (sum(|part| part.over), sum(|part| part.under));
        if n < 2 || under == 0.0 || self.in_a_row {
            return None;
        }
        let (ratio, each) = (over / under, under / n as f64);
        let runs = parts.map(|part| part.residue(ratio) / each);
        Some(Pulls {
            ratio,
            runs: runs.collect(),
            lost: 1,
        })
    }

    /// The mean of those runs' values that have one, with its t interval.
    pub fn mean(&self, values: impl Iterator<Item = Option<f64>> + Clone) -> Figure {
        self.ratio(values.flatten().map(Part::value))
    }

    fn t(&self, runs: usize) -> f64 {
        if runs == self.usual.0 {
            return self.usual.1;
        }
        t_two_sided(self.level, runs - 1)
    }
}

/// The lag-1 correlation of values of mean 0 with this sum of squares, by von Neumann's ratio `Q` of
/// squared steps to squared values: `1 - Q / 2`, of mean 0 where there is none (*Annals of Mathematical
/// Statistics* 12, 1941; Alexopoulos and Seila in Banks, *Handbook of Simulation*, 1998, §7.3). 0 for
/// values that are all the same.
pub(super) fn lag_1(values: impl Iterator<Item = f64> + Clone, squares: f64) -> f64 {
    let next = values.clone().skip(1);
    let steps = values.zip(next).map(|(value, next)| next - value);
    let steps: f64 = steps.map(|step| step * step).sum();
    if squares > 0.0 {
        1.0 - 0.5 * steps / squares
    } else {
        0.0
    }
}

/// By what the variance of a mean grows.
fn widening(lag_1: f64) -> f64 {
    let lag_1 = lag_1.clamp(0.0, LAG_1_MOST);
    (1.0 + lag_1) / (1.0 - lag_1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_has_the_textbook_interval() {
        let figure = Confidence::new(0.95, 3).mean([Some(1.0), Some(2.0), Some(6.0)].into_iter());
        // mean 3, s = sqrt(7), half width 4.30265 sqrt(7/3)
        assert_eq!(figure.mean, Some(3.0));
        assert!((figure.half_width().unwrap() - 4.302_653 * (7f64 / 3.0).sqrt()).abs() < 1e-5);
    }

    #[test]
    fn a_ratio_is_that_of_the_sums_and_not_the_mean_of_the_shares() {
        let parts = [Part::new(9, 10), Part::new(10, 90)];
        let figure = Confidence::new(0.95, 2).ratio(parts.into_iter());
        assert_eq!(figure.mean, Some(0.19));
        // d = 9 - 1.9 = 7.1 and -7.1: s^2 = 100.82, half = 12.7062 sqrt(100.82 / 2) / 50
        let half = 12.706_205 * (100.82f64 / 2.0).sqrt() / 50.0;
        assert!((figure.half_width().unwrap() - half).abs() < 1e-6);
    }

    #[test]
    fn runs_that_all_agree_have_no_width() {
        let parts = [Part::new(1, 2), Part::new(2, 4)];
        let figure = Confidence::new(0.99, 2).ratio(parts.into_iter());
        assert_eq!(figure.half_width(), Some(0.0));
        assert!(figure.contains(0.5) && !figure.contains(0.51));
        // Nor where their ratio is no round number.
        let figure = Confidence::new(0.95, 30).ratio([Part::new(1, 49); 30].into_iter());
        assert_eq!(figure.half_width(), Some(0.0));
    }

    #[test]
    fn one_run_has_no_interval_and_nothing_has_no_share() {
        let confidence = Confidence::new(0.95, 1);
        let one = confidence.ratio([Part::new(1, 4)].into_iter());
        assert_eq!((one.mean, one.low, one.high), (Some(0.25), None, None));
        assert_eq!(
            confidence.ratio([Part::new(0, 0)].into_iter()),
            Figure::NONE
        );
    }
}
