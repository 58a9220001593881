//! Means over runs and how far they can be trusted.

use super::control::Control;
use super::skewness;

/// The largest lag-1 correlation that intervals are corrected for.
const LAG_1_MOST: f64 = 0.9;

/// Runs, or batches, in all of which a figure has to be the same for that to be believed: something else is
/// then seen in fewer than 3 of 100, at 95 % (the rule of three: Hanley and Lippman-Hand, 1983).
pub const SAME_MIN: usize = 100;

/// A metric over runs: its mean and the ends of its confidence interval.
///
/// `mean` is none when the metric is undefined (a share of nothing), the ends are none when there
/// are fewer than two runs to tell. An interval with a lower end alone is open: it goes up to
/// whatever is possible.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Figure {
    /// The estimate.
    pub mean: Option<f64>,
    /// Lower end of the interval.
    pub low: Option<f64>,
    /// Upper end of the interval.
    pub high: Option<f64>,
}

impl Figure {
    /// A figure that is not defined.
    pub const NONE: Self = Self {
        mean: None,
        low: None,
        high: None,
    };

    /// How far the interval reaches below and above the mean.
    pub fn reach(&self) -> Option<(f64, f64)> {
        let (mean, low, high) = (self.mean?, self.low?, self.high?);
        Some((mean - low, high - mean))
    }

    /// The further of both; for a symmetric interval, half its width, which a clamped end does not make
    /// smaller.
    pub fn half_width(&self) -> Option<f64> {
        let (below, above) = self.reach()?;
        Some(above.max(below))
    }

    /// Whether the interval holds this value.
    pub fn contains(&self, value: f64) -> bool {
        let is_below = |high: f64| value <= high;
        self.low.is_some_and(|low| low <= value) && self.high.is_none_or(is_below)
    }

    /// The lower end of an interval that has no upper one.
    pub fn at_least(&self) -> Option<f64> {
        self.low.filter(|_| self.high.is_none())
    }

    /// The same, cut to what is possible: its interval, and a mean that a straight line has led beyond.
    pub fn clamped(self, least: f64, most: f64) -> Self {
        Self {
            mean: self.mean.map(|mean| mean.max(least).min(most)),
            low: self.low.map(|low| low.max(least).min(most)),
            high: self.high.map(|high| high.min(most).max(least)),
        }
    }
}

/// One run's part in a metric: what is divided, and by what.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    /// The numerator.
    pub over: f64,
    /// The denominator: 1 for a count, 0 where the metric has no value in this run.
    pub under: f64,
}

impl Part {
    /// A part of integers.
    pub fn new(over: u64, under: u64) -> Self {
        Self {
            over: over as f64,
            under: under as f64,
        }
    }

    /// A value that stands for itself.
    pub fn value(value: f64) -> Self {
        Self {
            over: value,
            under: 1.0,
        }
    }

    /// A run that says nothing.
    pub const NOTHING: Self = Self {
        over: 0.0,
        under: 0.0,
    };
}

/// A ratio, and what every run has to do with it.
#[derive(Clone, Debug)]
pub(super) struct Pulls {
    pub(super) ratio: f64,
    /// How far each run pulls it away; 0 in sum.
    pub(super) runs: Vec<f64>,
    /// Degrees of freedom that were used up.
    pub(super) lost: usize,
}

impl Pulls {
    /// The standard error.
    pub(super) fn error(&self) -> f64 {
        let squares: f64 = self.runs.iter().map(|run| run * run).sum();
        (squares / self.freedom() as f64 / self.runs.len() as f64).sqrt()
    }

    /// Degrees of freedom.
    pub(super) fn freedom(&self) -> usize {
        self.runs.len() - self.lost
    }
}

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
        let residues = parts.map(|part| part.over - ratio * part.under);
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
        let runs = parts.map(|part| (part.over - ratio * part.under) / each);
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

/// The `t` with `P(|T| <= t) = level`, for Student's distribution with `df` degrees of freedom.
///
/// Bisection on the distribution function; right to about 12 digits, the same on every platform.
pub fn t_two_sided(level: f64, df: usize) -> f64 {
    assert!(df > 0, "no degrees of freedom");
    let (mut low, mut high) = (0.0, 1.0);
    while inside(high, df) < level {
        high *= 2.0;
    }
    for _ in 0..80 {
        let middle = 0.5 * (low + high);
        if inside(middle, df) < level {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// `P(|T| > t)` for Student's distribution with `df` degrees of freedom.
pub fn p_two_sided(t: f64, df: usize) -> f64 {
    assert!(df > 0, "no degrees of freedom");
    1.0 - inside(t, df)
}

/// `P(|T| <= t) = 1 - I_x(df/2, 1/2)` with `x = df / (df + t^2)`
/// (Abramowitz and Stegun, 26.7.1 with 26.5.27).
fn inside(t: f64, df: usize) -> f64 {
    let df = df as f64;
    let square = t * t;
    1.0 - beta(df / (df + square), square / (df + square), 0.5 * df, 0.5)
}

/// The regularized incomplete beta function `I_x(a, b)`, with `y = 1 - x` given apart to keep its
/// digits. (Continued fraction of Abramowitz and Stegun 26.5.8, by Lentz's method.)
fn beta(x: f64, y: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if y <= 0.0 {
        return 1.0;
    }
    let logs = libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b);
    let front = libm::exp(logs + a * libm::log(x) + b * libm::log(y));
    if x < (a + 1.0) / (a + b + 2.0) {
        front * beta_fraction(x, a, b) / a
    } else {
        1.0 - front * beta_fraction(y, b, a) / b
    }
}

fn beta_fraction(x: f64, a: f64, b: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let keep = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / keep(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    for m in 1..500 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / keep(1.0 + even * d);
        c = keep(1.0 + even / c);
        fraction *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / keep(1.0 + odd * d);
        c = keep(1.0 + odd / c);
        fraction *= d * c;
        if (d * c - 1.0).abs() < 1e-15 {
            break;
        }
    }
    fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Any statistics textbook's table of Student's t, two-sided.
    #[test]
    fn quantiles_agree_with_published_tables() {
        let table = [
            (0.95, 1, 12.7062),
            (0.95, 2, 4.30265),
            (0.95, 4, 2.77645),
            (0.95, 9, 2.26216),
            (0.95, 29, 2.04523),
            (0.95, 120, 1.97993),
            (0.95, 1_000_000, 1.95997),
            (0.99, 1, 63.6567),
            (0.99, 2, 9.92484),
            (0.99, 9, 3.24984),
            (0.99, 30, 2.75000),
            (0.99, 120, 2.61742),
            (0.90, 5, 2.01505),
        ];
        for (level, df, expected) in table {
            let t = t_two_sided(level, df);
            assert!((t / expected - 1.0).abs() < 5e-6, "{level} {df}: {t}");
        }
    }

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
