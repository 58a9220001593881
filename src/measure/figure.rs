//! A metric over runs, and what it is made of.

/// Numbers that are closer than this part of their size differ by rounding: runs that are alike must not seem
/// to be apart by a hair.
const ROUNDING: f64 = 1e-9;

/// How much more a number is than another one; nothing where that is rounding, for numbers of this size.
pub(super) fn excess(number: f64, other: f64, size: f64) -> f64 {
    let excess = number - other;
    match excess.abs() <= ROUNDING * size {
        true => 0.0,
        false => excess,
    }
}

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

    /// So many times as much, with its interval.
    #[must_use]
    pub fn times(&self, factor: f64) -> Self {
        let times = |value: Option<f64>| value.map(|value| value * factor);
        Self {
            mean: times(self.mean),
            low: times(self.low),
            high: times(self.high),
        }
    }

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

    /// By how much the numerator is more than with this ratio.
    pub(super) fn residue(&self, ratio: f64) -> f64 {
        excess(self.over, ratio * self.under, self.over.abs())
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
