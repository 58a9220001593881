//! Two ways on the same runs: differences run by run, and which of many are real.

use super::confidence::Confidence;
use super::confidence::SAME_MIN;
use super::figure::Figure;
use super::figure::Part;
use super::figure::Pulls;
use super::figure::excess;
use super::metrics::of_whole;
use super::run::RunFigures;
use super::student::p_two_sided;
use super::student::t_two_sided;

/// How a metric differs between two ways.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Difference {
    /// The mean difference, with its paired t interval.
    pub figure: Figure,
    /// The probability of a difference this large, either way, if there were none; none where there
    /// are fewer than two runs to tell.
    pub p: Option<f64>,
    /// Whether it stays significant beside all others that were looked at; see [`mark_real`].
    pub real: bool,
}

impl Difference {
    /// The differences `to - from` of the runs in which both have a value: a paired t test (Law,
    /// *Simulation Modeling and Analysis*, 5th ed., §10.2.1).
    pub fn of(confidence: &Confidence, from: &[Option<f64>], to: &[Option<f64>]) -> Self {
        let pairs = from.iter().zip(to);
        let both = pairs.filter_map(|(from, to)| Some(((*from)?, (*to)?)));
        let differences: Vec<f64> = both
            .map(|(from, to)| excess(to, from, from.abs()))
            .collect();
        let parts = differences.into_iter().map(Part::value);
        let pulls = confidence.pulls(parts.clone());
        Self {
            figure: confidence.ratio(parts),
            p: pulls.and_then(|pulls| p_of(&pulls)),
            real: false,
        }
    }

    /// The difference of a metric of everything together between two ways of which each run has the same
    /// callers; none where it has no value in either, or there are fewer than two runs.
    pub fn of_metric(
        name: &str,
        (from, before): (&Confidence, &[RunFigures]),
        (to, after): (&Confidence, &[RunFigures]),
    ) -> Option<Self> {
        let parts = |runs: &[RunFigures]| -> Vec<Part> {
            let parts = runs.iter().filter_map(|run| of_whole(name, &run.total));
            parts.collect()
        };
        let (before, after) = (parts(before), parts(after));
        let before = (from, before.iter().copied());
        Self::of_ratios(before, (to, after.iter().copied()))
    }

    /// The difference of two ratios of the same runs, each with the confidence of its own way: what every run
    /// has to do with the one is taken from what it has to do with the other. None where either has no
    /// value or there are fewer than two runs.
    fn of_ratios(
        (from, from_parts): (&Confidence, impl Iterator<Item = Part> + Clone),
        (to, to_parts): (&Confidence, impl Iterator<Item = Part> + Clone),
    ) -> Option<Self> {
        let level = to.level();
        let (from, to) = (from.pulls(from_parts)?, to.pulls(to_parts)?);
        let size = most(&from).max(most(&to));
        let pairs = from.runs.iter().zip(&to.runs);
        let both = Pulls {
            ratio: excess(to.ratio, from.ratio, size),
            runs: pairs.map(|(from, to)| excess(*to, *from, size)).collect(),
            lost: from.lost.max(to.lost),
        };
        let (mean, half) = (
            both.ratio,
            t_two_sided(level, both.freedom()) * both.error(),
        );
        Some(Self {
            figure: Figure {
                mean: Some(mean),
                low: Some(mean - half),
                high: Some(mean + half),
            },
            p: p_of(&both),
            real: false,
        })
    }
}

/// The largest number that went into it.
fn most(pulls: &Pulls) -> f64 {
    let runs = pulls.runs.iter().map(|run| run.abs());
    runs.fold(pulls.ratio.abs(), f64::max)
}

/// None where all runs differ alike, and there are too few of them for that to be believed, or not at all.
fn p_of(difference: &Pulls) -> Option<f64> {
    let (mean, error, freedom) = (difference.ratio, difference.error(), difference.freedom());
    match (mean == 0.0, error == 0.0) {
        (true, true) => None,
        (false, true) => (freedom + 1 >= SAME_MIN).then_some(0.0),
        _ => Some(p_two_sided((mean / error).abs(), freedom)),
    }
}

/// Marks those that are significant at `1 - level` however many were looked at: Holm's step-down
/// procedure (*Scandinavian Journal of Statistics* 6, 1979), which keeps the probability of a single
/// false mark below `1 - level`.
pub fn mark_real<'a>(differences: impl Iterator<Item = &'a mut Difference>, level: f64) {
    let mut tested: Vec<(f64, &mut Difference)> = differences
        .filter_map(|difference| Some((difference.p?, difference)))
        .collect();
    tested.sort_by(|one, other| one.0.total_cmp(&other.0));
    let count = tested.len();
    for (place, (p, difference)) in tested.into_iter().enumerate() {
        if p * (count - place) as f64 > 1.0 - level {
            break;
        }
        difference.real = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(list: &[f64]) -> Vec<Option<f64>> {
        list.iter().copied().map(Some).collect()
    }

    #[test]
    fn what_both_have_in_common_drops_out() {
        let from = values(&[10.0, 200.0, 3000.0]);
        let to = values(&[11.0, 202.0, 3003.0]);
        let difference = Difference::of(&Confidence::new(0.95, 3), &from, &to);
        // 1, 2, 3: mean 2, standard error 1/sqrt(3), t = 3.4641 with 2 degrees of freedom.
        assert_eq!(difference.figure.mean, Some(2.0));
        let half = difference.figure.half_width().expect("three runs");
        assert!((half - 4.302_653 / 3_f64.sqrt()).abs() < 1e-5);
        assert!((difference.p.expect("three runs") - 0.074_18).abs() < 1e-5);
    }

    #[test]
    fn a_difference_of_ratios_is_that_of_what_is_shown() {
        let parts = |list: [(u64, u64); 3]| list.map(|(over, under)| Part::new(over, under));
        let from = parts([(80, 100), (150, 200), (45, 50)]);
        let to = parts([(85, 100), (162, 200), (47, 50)]);
        let confidence = Confidence::new(0.95, 3);
        let ratio = |parts: [Part; 3]| confidence.ratio(parts.into_iter()).mean.unwrap();
        let of = |from: [Part; 3], to: [Part; 3]| {
            let from = (&confidence, from.into_iter());
            Difference::of_ratios(from, (&confidence, to.into_iter())).expect("three runs")
        };
        let difference = of(from, to);
        assert!((difference.figure.mean.unwrap() - (ratio(to) - ratio(from))).abs() < 1e-12);
        // Means of single values: the paired t test.
        let values = |list: [u64; 3]| list.map(|value| Part::new(value, 1));
        let plain = of(values([10, 200, 3000]), values([11, 202, 3003]));
        assert!((plain.p.expect("three runs") - 0.074_18).abs() < 1e-5);
        let same = of(from, from);
        assert_eq!((same.p, same.figure.half_width()), (None, Some(0.0)));
        // Of three runs that all differ by one nobody knows what a fourth does.
        let alike = of(values([10, 200, 3000]), values([11, 201, 3001]));
        assert_eq!((alike.figure.mean, alike.p), (Some(1.0), None));
        // Nor where their means are no round numbers.
        let alike = of(values([0, 0, 1]), values([1, 1, 2]));
        assert_eq!((alike.figure.half_width(), alike.p), (Some(0.0), None));
    }

    #[test]
    fn runs_without_a_value_say_nothing() {
        let from = [Some(1.0), None, Some(1.0)];
        let to = [Some(1.0), Some(5.0), Some(1.0)];
        let difference = Difference::of(&Confidence::new(0.95, 3), &from, &to);
        assert_eq!((difference.figure.mean, difference.p), (Some(0.0), None));
        let none = Difference::of(&Confidence::new(0.95, 1), &from[..1], &to[..1]);
        assert_eq!((none.p, none.figure.low), (None, None));
    }

    #[test]
    fn runs_that_differ_by_rounding_are_the_same() {
        let (from, to) = (values(&[0.3, 0.6, 1.0]), values(&[0.1 + 0.2, 0.6, 1.0]));
        let difference = Difference::of(&Confidence::new(0.95, 3), &from, &to);
        assert_eq!((difference.figure.mean, difference.p), (Some(0.0), None));
    }

    /// Holm's own kind of example: 0.01 and 0.02 of four would each pass alone.
    #[test]
    fn many_looks_ask_for_more() {
        let with = |p| Difference {
            p: Some(p),
            ..Difference::default()
        };
        let mut four = [with(0.03), with(0.005), with(0.2), with(0.012)];
        mark_real(four.iter_mut(), 0.95);
        // 0.005 <= 0.05 / 4, 0.012 <= 0.05 / 3, 0.03 > 0.05 / 2.
        assert_eq!(four.map(|one| one.real), [false, true, false, true]);
        let mut after_a_miss = [with(0.04), with(0.03)];
        mark_real(after_a_miss.iter_mut(), 0.95);
        assert_eq!(after_a_miss.map(|one| one.real), [false, false]);
    }
}
