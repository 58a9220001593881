//! Lengths of time with a named distribution, sampled by inversion.
//!
//! One uniform number gives one length, by libm's functions alone: no rejection, no platform's own
//! logarithm. The same caller draws the same length wherever and in whatever order it is asked for.

use super::gamma;
use super::normal;
use super::tabulated::Tabulated;
use crate::exchange::time::Span;
use std::fmt;
use std::sync::Arc;

/// The longest length ever drawn: a sample beyond is cut to it.
pub const SAMPLE_MAX: Span = Span::minutes(7 * 24 * 60);
/// The largest mean that is accepted.
pub const MEAN_MAX: Span = Span::minutes(24 * 60);
/// The largest coefficient of variation that is accepted.
pub const CV_MAX: f64 = 20.0;
/// The most phases of an Erlang distribution.
pub const PHASES_MAX: u32 = 100;
/// The most points of an empirical distribution.
pub const POINTS_MAX: usize = 1000;

/// A distribution of lengths of time.
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution {
    law: Law,
    mean_ms: f64,
    /// Set where the law's own function takes long.
    table: Option<Arc<Tabulated>>,
}

/// A law with what its inverse needs; all lengths in milliseconds.
#[derive(Clone, Debug, PartialEq)]
enum Law {
    Fixed(Span),
    Uniform {
        min: f64,
        width: f64,
    },
    Exponential,
    Lognormal {
        cv: f64,
        mu: f64,
        sigma: f64,
    },
    Weibull {
        shape: f64,
        scale: f64,
    },
    Erlang {
        phases: u32,
    },
    Hyperexponential {
        share: f64,
        first: f64,
        second: f64,
    },
    Gamma {
        cv: f64,
        shape: f64,
    },
    /// At equal steps of probability, from the least to the greatest.
    Quantiles(Arc<[f64]>),
    /// Where each piece begins: the length, the hazard so far, the hazard per millisecond from there.
    Hazard(Arc<[(f64, f64, f64)]>),
}

impl Law {
    /// Whether its inverse is smooth between 0 and 1, and takes long to compute.
    fn is_smooth(&self) -> bool {
        match self {
            Self::Exponential
            | Self::Lognormal { .. }
            | Self::Weibull { .. }
            | Self::Erlang { .. }
            | Self::Gamma { .. } => true,
            Self::Fixed(_)
            | Self::Uniform { .. }
            | Self::Hyperexponential { .. }
            | Self::Quantiles(_)
            | Self::Hazard(_) => false,
        }
    }
}

impl Distribution {
    /// Always the same length.
    pub fn fixed(length: Span) -> Self {
        Self::new(Law::Fixed(length), length.0 as f64)
    }

    /// Every length from `min` to `max` is as likely as any other.
    pub fn uniform(min: Span, max: Span) -> Self {
        let (min, max) = (min.0 as f64, max.0 as f64);
        let width = (max - min).max(0.0);
        Self::new(Law::Uniform { min, width }, min + width / 2.0)
    }

    /// Without memory.
    pub fn exponential(mean: Span) -> Self {
        Self::new(Law::Exponential, mean.0 as f64)
    }

    /// A normal logarithm: the shape of handling times (Brown et al., 2005). `cv` is the standard
    /// deviation over the mean.
    pub fn lognormal(mean: Span, cv: f64) -> Self {
        let mean_ms = mean.0 as f64;
        // Of a log-normal variable: mean = exp(mu + sigma²/2), cv² = exp(sigma²) - 1.
        let variance = libm::log1p(cv * cv);
        let mu = libm::log(mean_ms.max(f64::MIN_POSITIVE)) - variance / 2.0;
        let sigma = libm::sqrt(variance);
        Self::new(Law::Lognormal { cv, mu, sigma }, mean_ms)
    }

    /// The lognormal law with this median and this 99 % quantile, as monitoring shows them.
    pub fn lognormal_by_quantiles(p50: Span, p99: Span) -> Self {
        let sigma = libm::log(p99.0 as f64 / p50.0 as f64) / normal::quantile(0.99);
        let mean_ms = p50.0 as f64 * libm::exp(sigma * sigma / 2.0);
        let cv = libm::sqrt(libm::expm1(sigma * sigma));
        let mu = libm::log(p50.0 as f64);
        Self::new(Law::Lognormal { cv, mu, sigma }, mean_ms)
    }

    /// A hazard that falls (`shape` < 1) or grows (> 1) with a power of the time passed.
    pub fn weibull(mean: Span, shape: f64) -> Self {
        let mean_ms = mean.0 as f64;
        let scale = mean_ms / libm::tgamma(1.0 + 1.0 / shape);
        Self::new(Law::Weibull { shape, scale }, mean_ms)
    }

    /// The sum of so many exponential phases of equal means.
    pub fn erlang(mean: Span, phases: u32) -> Self {
        let phases = phases.clamp(1, PHASES_MAX);
        Self::new(Law::Erlang { phases }, mean.0 as f64)
    }

    /// Exponential with mean `first` for a share of the cases, with mean `second` for the others.
    /// One uniform number chooses the phase, and what is left of it the length.
    pub fn hyperexponential(share: f64, first: Span, second: Span) -> Self {
        let (first, second) = (first.0 as f64, second.0 as f64);
        let mean_ms = share * first + (1.0 - share) * second;
        let law = Law::Hyperexponential {
            share,
            first,
            second,
        };
        Self::new(law, mean_ms)
    }

    /// The gamma distribution, often a better fit for handling than the log-normal one where there are
    /// few very long calls. `cv` is the standard deviation over the mean.
    pub fn gamma(mean: Span, cv: f64) -> Self {
        if cv == 0.0 {
            return Self::fixed(mean);
        }
        let shape = 1.0 / (cv * cv);
        Self::new(Law::Gamma { cv, shape }, mean.0 as f64)
    }

    /// What was measured: lengths in order, that so many equal parts of all cases do not exceed, from
    /// the shortest to the longest, with straight lines between them. At least two.
    pub fn quantiles(lengths: &[Span]) -> Self {
        let lengths: Arc<[f64]> = lengths.iter().map(|length| length.0 as f64).collect();
        let pieces = lengths.len().saturating_sub(1).max(1) as f64;
        let middles = lengths.windows(2).map(|ends| (ends[0] + ends[1]) / 2.0);
        let mean_ms = middles.sum::<f64>() / pieces;
        Self::new(Law::Quantiles(lengths), mean_ms)
    }

    /// Patience as a hazard that is constant in pieces, as it comes out of data with cut-off waits
    /// (Kaplan and Meier, 1958; Brown et al., 2005): from each length on, so many give up per minute
    /// of those who are left. The first begins at zero; the last must not be zero, and has no end.
    pub fn hazard(pieces: &[(Span, f64)]) -> Self {
        let mut list = Vec::new();
        let (mut so_far, mut left, mut mean_ms) = (0.0, 1.0, 0.0);
        for (place, (from, per_minute)) in pieces.iter().enumerate() {
            let (from, rate) = (from.0 as f64, per_minute / 60_000.0);
            list.push((from, so_far, rate));
            match pieces.get(place + 1) {
                Some((until, _)) => {
                    let length = until.0 as f64 - from;
                    let stays = libm::exp(-rate * length);
                    mean_ms += left
                        * if rate > 0.0 {
                            (1.0 - stays) / rate
                        } else {
                            length
                        };
                    (so_far, left) = (so_far + rate * length, left * stays);
                }
                None => mean_ms += left / rate,
            }
        }
        Self::new(Law::Hazard(list.into()), mean_ms)
    }

    fn new(law: Law, mean_ms: f64) -> Self {
        let mut distribution = Self {
            law,
            mean_ms,
            table: None,
        };
        if distribution.law.is_smooth() {
            let quantile_ms = |unit| distribution.quantile_ms(unit);
            distribution.table = Some(Arc::new(Tabulated::of(quantile_ms)));
        }
        distribution
    }

    /// The mean of the distribution in seconds, before samples are cut.
    pub fn mean_s(&self) -> f64 {
        self.mean_ms / 1000.0
    }

    /// Whether every length is zero.
    pub fn is_always_zero(&self) -> bool {
        matches!(self.law, Law::Fixed(Span::ZERO))
    }

    /// The length that belongs to a uniform number in (0, 1), rounded to milliseconds and cut at
    /// [`SAMPLE_MAX`].
    #[inline]
    pub fn sample(&self, unit: f64) -> Span {
        if let Law::Fixed(length) = self.law {
            return length.min(SAMPLE_MAX);
        }
        let tabulated = self.table.as_ref().and_then(|table| table.rounded(unit));
        Span(tabulated.unwrap_or_else(|| self.computed(unit))).min(SAMPLE_MAX)
    }

    /// The length in milliseconds by the law's own function.
    #[inline(never)]
    fn computed(&self, unit: f64) -> u64 {
        // The cast is safe: it saturates, and a value that is no number becomes zero.
        (self.quantile_ms(unit) + 0.5) as u64
    }

    fn quantile_ms(&self, unit: f64) -> f64 {
        match self.law {
            Law::Fixed(length) => length.0 as f64,
            Law::Gamma { shape, .. } => self.mean_ms / shape * gamma::quantile(shape, unit),
            Law::Quantiles(ref lengths) => between(lengths, unit),
            Law::Hazard(ref pieces) => survival_ends(pieces, unit),
            Law::Uniform { min, width } => min + width * unit,
            Law::Exponential => self.mean_ms * standard_exponential(unit),
            Law::Lognormal { mu, sigma, .. } => libm::exp(mu + sigma * normal::quantile(unit)),
            Law::Weibull { shape, scale } => {
                scale * libm::pow(standard_exponential(unit), 1.0 / shape)
            }
            Law::Erlang { phases } => {
                let shape = f64::from(phases);
                self.mean_ms / shape * gamma::quantile(shape, unit)
            }
            Law::Hyperexponential {
                share,
                first,
                second,
            } => {
                if unit < share {
                    first * standard_exponential(unit / share)
                } else {
                    second * standard_exponential((unit - share) / (1.0 - share))
                }
            }
        }
    }
}

/// The length at this part of the way from the first to the last, on straight lines.
fn between(lengths: &[f64], unit: f64) -> f64 {
    let at = unit * (lengths.len() - 1) as f64;
    let place = (at as usize).min(lengths.len() - 2);
    let (from, to) = (lengths[place], lengths[place + 1]);
    from + (to - from) * (at - place as f64)
}

/// When a hazard that is constant in pieces has reached what this uniform number stands for.
fn survival_ends(pieces: &[(f64, f64, f64)], unit: f64) -> f64 {
    let hazard = standard_exponential(unit);
    let after = pieces.partition_point(|(_, so_far, _)| *so_far <= hazard);
    let (from, so_far, rate) = pieces[after.saturating_sub(1)];
    from + (hazard - so_far) / rate
}

/// The quantile of the exponential distribution with mean 1.
pub(super) fn standard_exponential(unit: f64) -> f64 {
    -libm::log(1.0 - unit)
}

impl fmt::Display for Distribution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // To a tenth of a second, where that says it all.
        let length = |ms: f64| match ms < 10_000.0 || ms % 1000.0 == 0.0 {
            true => Span((ms + 0.5) as u64).to_string(),
            false => format!("{:.1}s", ms / 1000.0),
        };
        let mean = length(self.mean_ms);
        match self.law {
            Law::Gamma { cv, .. } => write!(f, "gamma, mean {mean}, cv {cv}"),
            Law::Quantiles(ref lengths) => {
                write!(f, "empirical, {} quantiles, mean {mean}", lengths.len())
            }
            Law::Hazard(ref pieces) => {
                write!(f, "hazard in {} pieces, mean {mean}", pieces.len())
            }
            Law::Fixed(_) => write!(f, "fixed {mean}"),
            Law::Uniform { min, width } => {
                write!(f, "uniform {} to {}", length(min), length(min + width))
            }
            Law::Exponential => write!(f, "exponential, mean {mean}"),
            Law::Lognormal { cv, .. } => write!(f, "lognormal, mean {mean}, cv {cv}"),
            Law::Weibull { shape, .. } => write!(f, "weibull, mean {mean}, shape {shape}"),
            Law::Erlang { phases } => write!(f, "erlang, mean {mean}, {phases} phases"),
            Law::Hyperexponential {
                share,
                first,
                second,
            } => write!(
                f,
                "hyperexponential, {share} of mean {}, else {}",
                length(first),
                length(second)
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::stream::{Purpose, Streams};

    /// Mean and coefficient of variation over a fine grid of uniform numbers.
    fn moments(distribution: &Distribution) -> (f64, f64) {
        let count = 400_000;
        let (mut sum, mut squares) = (0.0, 0.0);
        for step in 0..count {
            let unit = (f64::from(step) + 0.5) / f64::from(count);
            let length = distribution.quantile_ms(unit);
            sum += length;
            squares += length * length;
        }
        let mean = sum / f64::from(count);
        let variance = squares / f64::from(count) - mean * mean;
        (mean / 1000.0, libm::sqrt(variance.max(0.0)) / mean * 1000.0)
    }

    #[test]
    fn no_length_is_another_one_for_being_looked_up() {
        let laws = [
            Distribution::exponential(Span::seconds(300)),
            Distribution::exponential(Span(3)),
            Distribution::exponential(MEAN_MAX),
            Distribution::lognormal(Span::seconds(250), 1.0),
            Distribution::lognormal(Span::seconds(6), 0.8),
            Distribution::lognormal(Span::minutes(5), 0.0),
            Distribution::lognormal(Span::minutes(5), CV_MAX),
            Distribution::weibull(Span::seconds(120), 0.4),
            Distribution::weibull(Span::seconds(120), 3.0),
            Distribution::erlang(Span::seconds(200), 4),
            Distribution::erlang(Span::seconds(200), PHASES_MAX),
            Distribution::gamma(Span::seconds(200), 0.6),
            Distribution::gamma(Span::seconds(200), 1.7),
        ];
        for law in laws {
            let streams = Streams::new(7, 0);
            for draw in 0..20_000 {
                let unit = streams.unit(Purpose::Talk, draw);
                let computed = Span(law.computed(unit)).min(SAMPLE_MAX);
                assert_eq!(law.sample(unit), computed, "{law} at {unit}");
            }
        }
    }

    #[test]
    fn means_and_variations_are_those_asked_for() {
        let mean = Span::seconds(200);
        // (distribution, mean, cv) by the textbook formulas.
        let weibull_cv = libm::sqrt(
            libm::tgamma(1.0 + 2.0 / 1.5) / libm::pow(libm::tgamma(1.0 + 1.0 / 1.5), 2.0) - 1.0,
        );
        let halves = [0, 100, 500].map(Span::seconds);
        // Of two halves, uniform from 0 to 100 and from 100 to 500.
        let squares =
            (100.0f64.powi(2) / 3.0 + (500.0f64.powi(3) - 100.0f64.powi(3)) / 1200.0) / 2.0;
        let cases = [
            (Distribution::gamma(mean, 0.6), 200.0, 0.6),
            (Distribution::gamma(mean, 1.7), 200.0, 1.7),
            (
                Distribution::quantiles(&halves),
                175.0,
                (squares - 175.0f64.powi(2)).sqrt() / 175.0,
            ),
            // The same hazard in two pieces is exponential.
            (
                Distribution::hazard(&[(Span::ZERO, 0.3), (Span::seconds(70), 0.3)]),
                200.0,
                1.0,
            ),
            (Distribution::fixed(mean), 200.0, 0.0),
            (
                Distribution::uniform(Span::seconds(100), Span::seconds(300)),
                200.0,
                1.0 / 3f64.sqrt() / 2.0,
            ),
            (Distribution::exponential(mean), 200.0, 1.0),
            (Distribution::lognormal(mean, 0.7), 200.0, 0.7),
            (Distribution::lognormal(mean, 1.1), 200.0, 1.1),
            (Distribution::weibull(mean, 1.5), 200.0, weibull_cv),
            (Distribution::erlang(mean, 2), 200.0, 0.5f64.sqrt()),
            (Distribution::erlang(mean, 16), 200.0, 0.25),
            (
                Distribution::hyperexponential(0.5, Span::seconds(30), Span::seconds(210)),
                120.0,
                (2.0 * (0.5 * 30f64.powi(2) + 0.5 * 210f64.powi(2)) - 120f64.powi(2)).sqrt()
                    / 120.0,
            ),
        ];
        for (distribution, mean_s, cv) in cases {
            let (found_mean, found_cv) = moments(&distribution);
            assert!((found_mean / mean_s - 1.0).abs() < 2e-3, "{distribution}");
            assert!((distribution.mean_s() - mean_s).abs() < 1e-9);
            assert!((found_cv / 1000.0 - cv).abs() < 1.5e-2, "{distribution}");
        }
    }

    #[test]
    fn hazards_peak_where_they_are_said_to() {
        // Nobody in the first ten seconds, half of those left in the next ten, then one in a minute.
        let half = 6.0 * std::f64::consts::LN_2;
        let pieces = [(0, 0.0), (10, half), (20, 1.0)];
        let law = Distribution::hazard(&pieces.map(|(at, rate)| (Span::seconds(at), rate)));
        let at = |unit| law.quantile_ms(unit) / 1000.0;
        assert!((at(1e-9) - 10.0).abs() < 1e-3);
        assert!((at(0.5) - 20.0).abs() < 1e-6);
        assert!((at(0.75) - 20.0 - 60.0 * std::f64::consts::LN_2).abs() < 1e-6);
        let (mean, _) = moments(&law);
        assert!(
            (mean / law.mean_s() - 1.0).abs() < 1e-3,
            "{mean} {}",
            law.mean_s()
        );
    }

    #[test]
    fn quantiles_are_those_of_theory() {
        let median = |distribution: Distribution| distribution.sample(0.5).0;
        let mean = Span::seconds(100);
        assert_eq!(median(Distribution::exponential(mean)), 69_315);
        // exp(ln 100000 - ln 2 / 2) = 100000 / √2
        assert_eq!(median(Distribution::lognormal(mean, 1.0)), 70_711);
        // The median of a gamma variable of shape 2 and mean 2 is 1.678347.
        assert_eq!(median(Distribution::erlang(mean, 2)), 83_917);
        assert_eq!(median(Distribution::fixed(mean)), 100_000);
        let far = Distribution::exponential(mean).sample(0.99);
        assert_eq!(far.0, 460_517);
    }

    #[test]
    fn lengths_grow_with_the_uniform_number_and_stay_within_bounds() {
        let mean = Span::seconds(250);
        for distribution in [
            Distribution::exponential(mean),
            Distribution::lognormal(mean, 1.0),
            Distribution::weibull(mean, 0.7),
            Distribution::erlang(mean, 100),
            Distribution::erlang(mean, 1),
            Distribution::uniform(Span::ZERO, mean),
        ] {
            let mut last = Span::ZERO;
            for step in 0..10_000 {
                let next = distribution.sample((f64::from(step) + 0.5) / 10_000.0);
                assert!(next >= last, "{distribution}");
                last = next;
            }
        }
        let wild = Distribution::lognormal(MEAN_MAX, CV_MAX);
        assert_eq!(wild.sample(1.0 - f64::EPSILON / 2.0), SAMPLE_MAX);
        assert_eq!(
            Distribution::exponential(Span::ZERO).sample(0.5),
            Span::ZERO
        );
        assert_eq!(
            Distribution::lognormal(Span::ZERO, 1.0).sample(0.5),
            Span::ZERO
        );
    }

    #[test]
    fn an_erlang_of_one_phase_is_exponential() {
        let mut stream = Streams::new(5, 0).stream(Purpose::Talk, 0);
        for _ in 0..1000 {
            let unit = stream.unit();
            let exact = standard_exponential(unit);
            assert!((gamma::quantile(1.0, unit) - exact).abs() < 1e-9 * (1.0 + exact));
        }
    }
}
