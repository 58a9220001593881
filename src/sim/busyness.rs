//! How busy days are, and the hours within them: calls vary more than Poisson arrivals do.

use super::gamma;
use super::normal;
use super::stream::Purpose;
use super::stream::Stream;
use super::stream::Streams;

/// What multiplies the calls of a forecast.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Busyness {
    /// Standard deviation over mean of the factor on a whole day; 0 for none.
    pub cv: f64,
    /// Factors on the intervals within a day.
    pub within: Option<Within>,
}

/// Factors on the intervals of a forecast, one interval like the next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Within {
    /// Standard deviation over mean.
    pub cv: f64,
    /// Correlation of the normal scores of an interval and the next, from 0 to 1.
    pub correlation: f64,
}

impl Within {
    /// A factor for each of so many intervals: gamma variables of mean 1 whose normal scores are an
    /// autoregression of order 1 (NORTA: Cario and Nelson, 1997; of call arrivals Channouf and
    /// L'Ecuyer, 2012). The same for all lines.
    pub(super) fn factors(self, count: usize, streams: &Streams) -> Vec<f64> {
        let shape = 1.0 / (self.cv * self.cv);
        let fresh = libm::sqrt(1.0 - self.correlation * self.correlation);
        let mut score: Option<f64> = None;
        let interval = |place: usize| {
            let own = normal::quantile(streams.unit(Purpose::Within, place as u64));
            let next = score.map_or(own, |before| self.correlation * before + fresh * own);
            score = Some(next);
            gamma::quantile(shape, normal::share_below(next)) / shape
        };
        (0..count).map(interval).collect()
    }
}

/// How busy a day is: a gamma variable of mean 1 with this coefficient of variation, the same
/// factor for all lines (Avramidis, Deslauriers and L'Ecuyer, 2004). 1 when `cv` is 0.
///
/// Sampled by Marsaglia and Tsang (2000), which rejects a few draws: the stream is used for this
/// alone, once in a run, so nothing else can shift.
pub(super) fn of_day(cv: f64, streams: &Streams) -> f64 {
    if cv <= 0.0 {
        return 1.0;
    }
    let shape = 1.0 / (cv * cv);
    let mut stream = streams.stream(Purpose::Busyness, 0);
    // Below shape 1: a gamma variable of shape + 1 times U^(1/shape).
    let (shape_used, boost) = if shape < 1.0 {
        (shape + 1.0, libm::pow(stream.unit(), 1.0 / shape))
    } else {
        (shape, 1.0)
    };
    gamma(shape_used, &mut stream) * boost / shape
}

/// A gamma variable of this shape, at least 1, and scale 1.
fn gamma(shape: f64, stream: &mut Stream) -> f64 {
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / libm::sqrt(9.0 * d);
    loop {
        let x = normal::quantile(stream.unit());
        let cube = 1.0 + c * x;
        let unit = stream.unit();
        if cube > 0.0 {
            let v = cube * cube * cube;
            if libm::log(unit) < 0.5 * x * x + d - d * v + d * libm::log(v) {
                return d * v;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_vary_as_asked_for_and_resemble_their_neighbours() {
        for (cv, correlation) in [(0.3, 0.8), (0.6, 0.0), (0.2, 1.0)] {
            let within = Within { cv, correlation };
            let (runs, count) = (4000, 8);
            let (mut sum, mut squares, mut products) = (0.0, 0.0, 0.0);
            for run in 0..runs {
                let factors = within.factors(count, &Streams::new(5, run));
                sum += factors.iter().sum::<f64>();
                squares += factors.iter().map(|at| at * at).sum::<f64>();
                products += factors.windows(2).map(|at| at[0] * at[1]).sum::<f64>();
            }
            let n = (runs * count as u64) as f64;
            let mean = sum / n;
            let variance = squares / n - mean * mean;
            let pairs = products / (runs * (count as u64 - 1)) as f64;
            let found = (pairs - mean * mean) / variance;
            assert!((mean - 1.0).abs() < 0.03, "{mean}");
            assert!(
                (variance.sqrt() / cv - 1.0).abs() < 0.05,
                "{cv}: {variance}"
            );
            // Of the factors it is a little less than of their scores.
            assert!((found - correlation).abs() < 0.06, "{correlation}: {found}");
        }
    }

    #[test]
    fn busyness_has_mean_one_and_the_variation_asked_for() {
        assert_eq!(of_day(0.0, &Streams::new(1, 0)), 1.0);
        for cv in [0.09, 0.5, 1.0, 1.5] {
            let (mut sum, mut squares) = (0.0, 0.0);
            let runs = 200_000;
            for run in 0..runs {
                let factor = of_day(cv, &Streams::new(77, run));
                assert!(factor > 0.0);
                sum += factor;
                squares += factor * factor;
            }
            let mean = sum / runs as f64;
            let found = (squares / runs as f64 - mean * mean).sqrt();
            assert!(
                (mean - 1.0).abs() < 4.0 * cv / (runs as f64).sqrt(),
                "{cv}: {mean}"
            );
            assert!((found / cv - 1.0).abs() < 0.03, "{cv}: {found}");
        }
    }
}
