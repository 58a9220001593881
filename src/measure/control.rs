//! A control variate: what is known of runs before they are made takes its part out of what they show.
//!
//! The runs of a study have met more callers than there are on average, or fewer, and how many there should
//! have been is known. A straight line through the runs says what a figure is at that number; what spread
//! the number of callers explains is none of the figure's any more (Lavenberg and Welch, *Management
//! Science* 27(3), 1981; Law, *Simulation Modeling and Analysis*, 5th ed., §11.4).

use super::figure::Figure;
use super::figure::Part;
use super::figure::Pulls;
use super::figure::excess;
use super::run::RunFigures;
use super::student::t_two_sided;

/// Fewer runs do not tell how a figure goes with the callers, least of all where lines are overloaded.
pub const CONTROLLED_RUNS_MIN: usize = 20;

/// How many came in each run beyond those who were to be expected.
#[derive(Clone, Debug)]
pub struct Control {
    excess: Vec<f64>,
    sums: Sums,
    /// Student's, with one degree of freedom less than a mean has: the slope takes it.
    t: f64,
}

/// What of the runs a straight line depends on.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    runs: f64,
    excess: f64,
    squares: f64,
}

/// The same of values, one of each run.
#[derive(Clone, Copy, Debug, Default)]
struct Line {
    values: f64,
    products: f64,
}

impl Sums {
    fn without(self, excess: f64) -> Self {
        Self {
            runs: self.runs - 1.0,
            excess: self.excess - excess,
            squares: self.squares - excess * excess,
        }
    }

    /// The value of a line of least squares where nobody is too many.
    fn expected(self, of: Line) -> f64 {
        let spread = self.runs * self.squares - self.excess * self.excess;
        (of.values * self.squares - self.excess * of.products) / spread
    }
}

impl Line {
    fn without(self, value: f64, excess: f64) -> Self {
        Self {
            values: self.values - value,
            products: self.products - value * excess,
        }
    }
}

impl Control {
    /// For these numbers, one of each run.
    pub fn new(came: &[u64], expected: f64, level: f64) -> Result<Self, Uncontrolled> {
        if came.len() < CONTROLLED_RUNS_MIN {
            return Err(Uncontrolled::FewRuns);
        }
        // One that is alone in being different leaves nothing to tell once it is left out.
        let usual = came.iter().filter(|one| **one == came[0]).count();
        if usual + 1 >= came.len() || usual == 1 && came[1..].windows(2).all(|two| two[0] == two[1])
        {
            return Err(Uncontrolled::SameCallers);
        }
        let excess: Vec<f64> = came.iter().map(|came| *came as f64 - expected).collect();
        Ok(Self {
            sums: Sums {
                runs: excess.len() as f64,
                excess: excess.iter().sum(),
                squares: excess.iter().map(|excess| excess * excess).sum(),
            },
            t: t_two_sided(level, excess.len() - 2),
            excess,
        })
    }

    /// For the callers who came in these runs.
    pub fn of_runs(runs: &[RunFigures], expected: f64, level: f64) -> Result<Self, Uncontrolled> {
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

    /// The same, with what every run has to do with it, by the jackknife: with `r` the ratio of all `n` runs
    /// and `r_i` that of all but one, these are `n r - (n - 1) r_i`, and the ratio is their mean. Where a
    /// figure bends with the callers a line through few of them leads astray, and these tell that it does
    /// (of control variates Nelson, *Operations Research* 38, 1990).
    pub(super) fn pulls(&self, parts: impl Iterator<Item = Part> + Clone) -> Option<Pulls> {
        let (over, under) = (
            self.line(parts.clone().map(|part| part.over)),
            self.line(parts.clone().map(|part| part.under)),
        );
        let n = self.sums.runs;
        let ratio = |sums: Sums, over: Line, under: Line| {
            let under = sums.expected(under);
            (under > 0.0).then(|| sums.expected(over) / under)
        };
        let all = ratio(self.sums, over, under)?;
        let without = parts.zip(&self.excess).map(|(part, excess)| {
            let rest = self.sums.without(*excess);
            let over = over.without(part.over, *excess);
            let under = under.without(part.under, *excess);
            Some(n * all - (n - 1.0) * ratio(rest, over, under)?)
        });
        let mut runs: Vec<f64> = without.collect::<Option<_>>()?;
        let mean = runs.iter().sum::<f64>() / n;
        runs.iter_mut()
            .for_each(|run| *run = excess(*run, mean, mean.abs()));
        Some(Pulls {
            ratio: mean,
            runs,
            lost: 2,
        })
    }

    fn line(&self, values: impl Iterator<Item = f64>) -> Line {
        let pairs = values.zip(&self.excess);
        pairs.fold(Line::default(), |line, (value, excess)| Line {
            values: line.values + value,
            products: line.products + value * excess,
        })
    }
}

/// Why figures are not controlled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uncontrolled {
    /// So few runs do not tell.
    FewRuns,
    /// As many callers come in each.
    SameCallers,
    /// How many are to be expected is not known exactly.
    UnknownCallers,
}

/// What a control variate has come to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Controlled {
    /// Callers who were to be expected in a run.
    pub expected: f64,
    /// Callers who came, on average.
    pub came: f64,
    /// Why they are not controlled after all, if so.
    pub why_not: Option<Uncontrolled>,
    /// How many runs would have told as much of the service level without it; none where there is none.
    pub worth_runs: Option<f64>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::confidence::Confidence;

    const CAME: [u64; 20] = [
        90, 95, 100, 100, 105, 110, 115, 120, 92, 103, 97, 88, 101, 99, 107, 113, 96, 104, 100, 94,
    ];

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

    /// The jackknife of the intercept of `y` on `x - 100` by least squares, as NumPy has it.
    #[test]
    fn the_interval_is_that_of_a_regression_less_one_run_each() {
        let noise = [3.0, -1.0, 2.0, -4.0, 0.0, 1.0, -2.0, 5.0, -3.0, 1.0].repeat(2);
        let values = CAME.iter().zip(noise);
        let values = values.map(|(came, noise)| Part::value(2.0 * *came as f64 + noise));
        let values: Vec<Part> = values.collect();
        let figure = confidence().ratio(values.into_iter());
        let (mean, half) = (figure.mean.unwrap(), figure.half_width().unwrap());
        assert!((mean - 200.102_644_9).abs() < 1e-6, "{mean}");
        assert!((half - 1.333_848_7).abs() < 1e-6, "{half}");
    }

    #[test]
    fn runs_that_all_agree_have_no_width() {
        let figure = confidence().ratio([Part::new(1, 49); 20].into_iter());
        assert_eq!(figure.half_width(), Some(0.0));
    }

    #[test]
    fn counts_still_add_up() {
        let some = CAME.map(|came| Part::value((came % 7) as f64));
        let rest = CAME.map(|came| Part::value((came - came % 7) as f64));
        let of = |parts: [Part; 20]| confidence().ratio(parts.into_iter()).mean.unwrap();
        assert!((of(some) + of(rest) - 100.0).abs() < 1e-9);
    }

    #[test]
    fn few_runs_and_equal_ones_say_nothing() {
        let why = |came: &[u64]| Control::new(came, 100.0, 0.95).err();
        assert_eq!(why(&CAME[..19]), Some(Uncontrolled::FewRuns));
        assert_eq!(why(&[100; 30]), Some(Uncontrolled::SameCallers));
        let mut but_one = [100; 30];
        but_one[0] = 90;
        assert_eq!(why(&but_one), Some(Uncontrolled::SameCallers));
        but_one[1] = 90;
        assert_eq!(why(&but_one), None);
    }

    #[test]
    fn a_figure_of_some_runs_only_stays_as_it_is() {
        let parts = || (1..10).map(|value| Part::value(f64::from(value)));
        let plain = Confidence::new(0.95, 20);
        assert_eq!(confidence().ratio(parts()), plain.ratio(parts()));
    }
}
