//! How long callers and agents talk.

use super::jackknife::LEVEL;
use super::lengths;
use super::lengths::Family;
use super::lengths::Lengths;
use super::likelihood::Top;
use super::likelihood::slope;
use crate::measure::Figure;
use crate::measure::confidence::Confidence;
use crate::measure::figure::Part;
use crate::measure::student::t_two_sided;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// The fewest talks of which a law is made.
pub const TALKS_MIN: u64 = 100;
/// A coefficient of variation that is further from that of the law says that talks have another law.
const APART: f64 = 1.25;
/// Talks that differ less are all the same, whatever the law.
const CV_MIN: f64 = 0.01;

/// Talks by day.
#[derive(Debug, Default)]
pub(super) struct Talks(BTreeMap<Date, Lengths>);

/// The law of some talks.
#[derive(Clone, Debug, PartialEq)]
pub struct Law {
    /// How many there are that came to their end.
    pub talks: u64,
    /// On how many days.
    pub days: usize,
    /// Which law it is.
    pub family: Family,
    /// Their mean, in seconds.
    pub mean_s: Figure,
    /// Standard deviation over mean of the law.
    pub cv: Figure,
    /// The same of the talks themselves, where it is far from that: they have another law.
    pub plain_cv: Option<f64>,
}

impl Talks {
    pub(super) fn note(&mut self, date: Date, talk_ms: i64, is_cut_off: bool) {
        let seconds = talk_ms as f64 / 1000.0;
        let lengths = self.0.entry(date).or_default();
        match is_cut_off {
            true => lengths.note_cut_off(seconds),
            false => lengths.note(seconds),
        }
    }

    /// Talks that came to their end.
    pub(super) fn count(&self) -> u64 {
        self.0.values().map(|lengths| lengths.count).sum()
    }

    /// Of two laws that with the larger likelihood, with the mean of the talks; none of too few talks, or of more
    /// that were cut off. These count for as long as such talks last on average by the law.
    pub(super) fn law(&self) -> Option<Law> {
        let mut all = Lengths::default();
        self.0.values().for_each(|lengths| all.add(lengths));
        let (ended, cut_off) = (all.count as f64, all.cut_off());
        if all.count < TALKS_MIN || cut_off > ended {
            return None;
        }
        let (family, top) = best(&all);
        let (seconds, squares) = all.completed(law_at(family, top.at));
        let n = ended + cut_off;
        let mean = seconds / n;
        let deviation = ((squares - seconds * mean).max(0.0) / (n - 1.0)).sqrt();
        let (cv, plain_cv) = (libm::exp(top.at[1]), deviation / mean);
        let by = libm::exp(1.96 * top.covariance[1][1].max(0.0).sqrt());
        let is_apart = plain_cv > APART * cv || plain_cv * APART < cv;
        Some(Law {
            talks: all.count,
            days: self.0.len(),
            family,
            mean_s: match self.0.len() {
                1 => of_one_day(mean, deviation, all.count),
                _ => self.mean_by_days(family, &top, &all),
            },
            cv: Figure {
                mean: Some(cv),
                low: Some(cv / by),
                high: Some(cv * by),
            },
            plain_cv: (is_apart && plain_cv > CV_MIN).then_some(plain_cv),
        })
    }

    /// The mean with an interval by days, which holds what a day's talks have in common. Where talks were cut off, a
    /// day also moves the law, and by that what all of these would have come to: by its part of the slope of the
    /// likelihood (Huber, 1967; White, *Econometrica* 50, 1982).
    fn mean_by_days(&self, family: Family, top: &Top, all: &Lengths) -> Figure {
        let seconds = |lengths: &Lengths, at| lengths.completed(law_at(family, at)).0;
        let moved = slope(|at| seconds(all, at), top.at);
        let [one, other] = top
            .covariance
            .map(|row| row[0] * moved[0] + row[1] * moved[1]);
        let parts = self.0.values().map(|lengths| {
            // Where nothing differs there is no top, and no day moves it.
            let pull = match top.value.is_finite() {
                true => slope(|at| lengths.likelihood(law_at(family, at)), top.at),
                false => [0.0; 2],
            };
            Part {
                over: seconds(lengths, top.at) + one * pull[0] + other * pull[1],
                under: lengths.count as f64 + lengths.cut_off(),
            }
        });
        let parts: Vec<Part> = parts.collect();
        let mean = Confidence::new(LEVEL, parts.len()).ratio(parts.iter().copied());
        Figure {
            low: mean.low.map(|low| low.max(0.0)),
            ..mean
        }
    }
}

/// The law with the larger likelihood.
fn best(all: &Lengths) -> (Family, Top) {
    let mean = all.seconds / all.count as f64;
    let cv = libm::sqrt(libm::expm1(all.log_variance()));
    let start = [libm::log(mean), libm::log(cv.max(CV_MIN))];
    let top = |family| Top::of(|at| all.likelihood(law_at(family, at)), start);
    if cv < CV_MIN {
        // A likelihood has no top where nothing differs.
        let none = Top {
            at: [libm::log(mean), libm::log(cv.max(f64::MIN_POSITIVE))],
            value: f64::INFINITY,
            covariance: [[0.0; 2]; 2],
        };
        return (Family::LogNormal, none);
    }
    let (normal, gamma) = (top(Family::LogNormal), top(Family::Gamma));
    match gamma.value > normal.value {
        true => (Family::Gamma, gamma),
        false => (Family::LogNormal, normal),
    }
}

/// The law with these logarithms of mean and cv.
fn law_at(family: Family, at: [f64; 2]) -> lengths::Law {
    let [mean, cv] = at.map(libm::exp);
    lengths::Law { family, mean, cv }
}

/// The mean with an interval by talks, of those that came to their end: what others would have come to is made of them.
fn of_one_day(mean: f64, deviation: f64, ended: u64) -> Figure {
    let n = ended as f64;
    let reach = deviation / n.sqrt() * t_two_sided(LEVEL, ended as usize - 1);
    Figure {
        mean: Some(mean),
        low: Some(mean - reach),
        high: Some(mean + reach),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::time::Span;
    use crate::sim::distribution::Distribution;
    use jiff::civil::date;

    /// The quantiles of 4,000 equal parts, on two days; what is above a length is cut off there.
    fn law_of(distribution: &Distribution, longest: Span) -> Law {
        let mut talks = Talks::default();
        for part in 0..4000_u32 {
            let ms = distribution.sample((f64::from(part) + 0.5) / 4000.0).0;
            let day = date(2026, 11, 23 + (part % 2) as i8);
            talks.note(day, ms.min(longest.0) as i64, ms > longest.0);
        }
        talks.law().expect("a law")
    }

    #[track_caller]
    fn is_found(
        distribution: &Distribution,
        longest: Span,
        family: Family,
        (mean, cv): (f64, f64),
    ) {
        let law = law_of(distribution, longest);
        assert_eq!(law.family, family);
        let (found, found_cv) = (law.mean_s.mean.expect("a mean"), law.cv.mean.expect("a cv"));
        assert!((found / mean - 1.0).abs() < 0.02, "{found}");
        assert!((found_cv / cv - 1.0).abs() < 0.03, "{found_cv}");
        assert!(law.plain_cv.is_none(), "{law:?}");
    }

    #[test]
    fn talks_that_are_cut_off_would_have_lasted_longer() {
        let normal = Distribution::lognormal(Span::seconds(400), 1.3);
        for longest in [Span::minutes(15), Span::minutes(540)] {
            is_found(&normal, longest, Family::LogNormal, (400.0, 1.3));
        }
        let exponential = Distribution::exponential(Span::seconds(240));
        for longest in [Span::minutes(8), Span::minutes(12), Span::minutes(540)] {
            is_found(&exponential, longest, Family::Gamma, (240.0, 1.0));
        }
        let erlang = Distribution::erlang(Span::seconds(300), 2);
        is_found(
            &erlang,
            Span::minutes(15),
            Family::Gamma,
            (300.0, 0.5_f64.sqrt()),
        );
    }

    /// However many are cut off, none is forgotten.
    #[test]
    fn all_that_are_cut_off_count() {
        let law = Distribution::lognormal(Span::seconds(240), 1.0);
        let mut talks = Talks::default();
        for part in 0..200_000_u32 {
            let ms = law.sample((f64::from(part) + 0.5) / 200_000.0).0;
            talks.note(date(2026, 11, 23), ms.min(300_000) as i64, ms > 300_000);
        }
        let mean = talks.law().and_then(|law| law.mean_s.mean);
        assert!(
            mean.is_some_and(|mean| (mean - 240.0).abs() < 1.0),
            "{mean:?}"
        );
    }

    #[test]
    fn talks_that_are_all_the_same_have_no_spread() {
        let law = law_of(&Distribution::fixed(Span::seconds(180)), Span::minutes(60));
        assert_eq!(law.mean_s.mean, Some(180.0));
        assert!(law.cv.mean.is_some_and(|cv| cv < 0.001), "{law:?}");
    }
}
