//! A control variate: what is known of runs before they are made takes its part out of what they show.
//!
//! The runs of a study have met more callers than there are on average, or fewer, and how many there should
//! have been is known. A straight line through the runs says what a figure is at that number; what spread
//! the number of callers explains is none of the figure's any more (Lavenberg and Welch, *Management
//! Science* 27(3), 1981; Law, *Simulation Modeling and Analysis*, 5th ed., §11.4).

use super::confidence::Figure;
use super::confidence::Part;
use super::confidence::Pulls;
use super::confidence::t_two_sided;
use super::run::RunFigures;

/// Fewer runs do not tell how a figure goes with the callers.
pub const CONTROLLED_RUNS_MIN: usize = 10;

/// How many came in each run beyond those who were to be expected.
#[derive(Clone, Debug)]
pub struct Control {
    excess: Vec<f64>,
    mean: f64,
    /// Of the differences to the mean.
    squares: f64,
    /// Student's, with one degree of freedom less than a mean has: the slope takes it.
    t: f64,
}

impl Control {
    /// For these numbers, one of each run; none where they say nothing, being too few or all the same.
    pub fn new(came: &[u64], expected: f64, level: f64) -> Option<Self> {
        if came.len() < CONTROLLED_RUNS_MIN || came.windows(2).all(|two| two[0] == two[1]) {
            return None;
        }
        let excess: Vec<f64> = came.iter().map(|came| *came as f64 - expected).collect();
        let mean = excess.iter().sum::<f64>() / excess.len() as f64;
        let squares = excess
            .iter()
            .map(|excess| (excess - mean) * (excess - mean));
        Some(Self {
            mean,
            squares: squares.sum(),
            t: t_two_sided(level, excess.len() - 2),
            excess,
        })
    }

    /// For the callers who came in these runs.
    pub fn of_runs(runs: &[RunFigures], expected: f64, level: f64) -> Option<Self> {
        let came: Vec<u64> = runs.iter().map(|run| run.came).collect();
        Self::new(&came, expected, level)
    }

    /// How many runs it is of.
    pub(super) fn runs(&self) -> usize {
        self.excess.len()
    }

    /// Numerators over denominators, both as they are to be expected; none where nothing is to be divided
    /// by. Half the width of its interval is `t(n-2)` times [`Pulls::error`].
    pub(super) fn ratio(&self, parts: impl Iterator<Item = Part> + Clone) -> Option<Figure> {
        let pulls = self.pulls(parts)?;
        let (ratio, half) = (pulls.ratio, self.t * pulls.error());
        Some(Figure {
            mean: Some(ratio),
            low: Some(ratio - half),
            high: Some(ratio + half),
        })
    }

    /// The same, with what every run has to do with it: with `c_i` the excess of each run and
    /// `d_i = (over_i - r under_i) / under` for the ratio `r`, whose line on the `c_i` goes through 0 with a
    /// slope `b`, these are the `d_i - b c_i`, and the part of their variance that counts is
    /// `1 / n + mean(c)^2 / sum (c_i - mean(c))^2`.
    pub(super) fn pulls(&self, parts: impl Iterator<Item = Part> + Clone) -> Option<Pulls> {
        let over = self.expected(parts.clone().map(|part| part.over));
        let under = self.expected(parts.clone().map(|part| part.under));
        if under <= 0.0 {
            return None;
        }
        let ratio = over / under;
        let residues = parts.map(|part| (part.over - ratio * part.under) / under);
        let slope = self.slope(residues.clone());
        let runs = residues.zip(&self.excess);
        Some(Pulls {
            ratio,
            runs: runs.map(|(run, excess)| run - slope * excess).collect(),
            lost: 2,
            counts: 1.0 / self.runs() as f64 + self.mean * self.mean / self.squares,
        })
    }

    /// The value of the line through these where nobody is too many.
    fn expected(&self, values: impl Iterator<Item = f64> + Clone) -> f64 {
        let mean = values.clone().sum::<f64>() / self.runs() as f64;
        mean - self.slope(values) * self.mean
    }

    fn slope(&self, values: impl Iterator<Item = f64>) -> f64 {
        let products = values.zip(&self.excess);
        let products = products.map(|(value, excess)| value * (excess - self.mean));
        products.sum::<f64>() / self.squares
    }
}

/// What a control variate has come to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Controlled {
    /// Callers who were to be expected in a run.
    pub expected: f64,
    /// Callers who came, on average.
    pub came: f64,
    /// Whether figures are controlled: not in too few runs, nor where all have as many callers.
    pub applies: bool,
    /// How many runs would have told as much of the service level without it; none where there is none.
    pub worth_runs: Option<f64>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::confidence::Confidence;

    const CAME: [u64; 10] = [90, 95, 100, 100, 105, 110, 115, 120, 92, 103];

    fn control() -> Control {
        Control::new(&CAME, 100.0, 0.95).expect("runs that differ")
    }

    fn confidence() -> Confidence {
        Confidence::new(0.95, CAME.len()).controlled_by(Some(control()))
    }

    #[test]
    fn what_goes_with_the_callers_alone_is_known_exactly() {
        let counts = CAME.map(|came| Part::value(3.0 * came as f64 + 7.0));
        let figure = confidence().ratio(counts.into_iter());
        assert!((figure.mean.unwrap() - 307.0).abs() < 1e-9);
        assert!(figure.half_width().unwrap() < 1e-9);
        let shares = CAME.map(|came| Part::new(came - 80, came));
        let share = confidence().ratio(shares.into_iter()).mean.unwrap();
        assert!((share - 0.2).abs() < 1e-12, "{share}");
    }

    /// The intercept of `y` on `x - 100` by least squares, and half its interval, as NumPy has them.
    #[test]
    fn the_interval_is_that_of_a_regression() {
        let noise = [3.0, -1.0, 2.0, -4.0, 0.0, 1.0, -2.0, 5.0, -3.0, 1.0];
        let values = CAME.iter().zip(noise);
        let values = values.map(|(came, noise)| Part::value(2.0 * *came as f64 + noise));
        let figure = confidence().ratio(values);
        let (mean, half) = (figure.mean.unwrap(), figure.half_width().unwrap());
        assert!((mean - 199.934_265_7).abs() < 1e-6, "{mean}");
        assert!((half - 2.148_773_6).abs() < 1e-6, "{half}");
    }

    #[test]
    fn counts_still_add_up() {
        let some = CAME.map(|came| Part::value((came % 7) as f64));
        let rest = CAME.map(|came| Part::value((came - came % 7) as f64));
        let of = |parts: [Part; 10]| confidence().ratio(parts.into_iter()).mean.unwrap();
        assert!((of(some) + of(rest) - 100.0).abs() < 1e-9);
    }

    #[test]
    fn few_runs_and_equal_ones_say_nothing() {
        assert!(Control::new(&CAME[..9], 100.0, 0.95).is_none());
        assert!(Control::new(&[100; 30], 100.0, 0.95).is_none());
    }

    #[test]
    fn a_figure_of_some_runs_only_stays_as_it_is() {
        let parts = || (1..10).map(|value| Part::value(f64::from(value)));
        let plain = Confidence::new(0.95, 10);
        assert_eq!(confidence().ratio(parts()), plain.ratio(parts()));
    }
}
