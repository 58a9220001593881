//! Who calls when: Poisson arrivals whose rate follows the forecast.

use super::distribution::standard_exponential;
use super::normal;
use super::stream::Purpose;
use super::stream::Stream;
use super::stream::Streams;
use crate::exchange::id::LineId;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;

/// The calls of all lines. A steady state has one interval, as long as the run.
#[derive(Clone, Debug, PartialEq)]
pub struct Demand {
    /// The length of one interval.
    pub interval: Span,
    /// Line by line, each line once.
    pub lines: Vec<LineDemand>,
}

/// The calls of one line.
#[derive(Clone, Debug, PartialEq)]
pub struct LineDemand {
    /// The line.
    pub line: LineId,
    /// Expected calls in each interval from tick 0; the rate is constant within an interval.
    pub calls: Vec<f64>,
}

impl Demand {
    /// Multiplies all calls.
    pub fn scale(&mut self, factor: f64) {
        for line in &mut self.lines {
            for calls in &mut line.calls {
                *calls *= factor;
            }
        }
    }

    /// Multiplies the calls of the intervals that begin from one moment until another.
    pub fn scale_within(&mut self, (from, until): (Tick, Tick), factor: f64) {
        let interval = self.interval.0;
        for line in &mut self.lines {
            for (place, calls) in line.calls.iter_mut().enumerate() {
                let begin = Tick(place as u64 * interval);
                if from <= begin && begin < until {
                    *calls *= factor;
                }
            }
        }
    }

    /// The same calls in sum, were they spread evenly over the run, but times a factor in each interval
    /// of the length given.
    #[must_use]
    pub fn stepped(&self, interval: Span, factors: &[f64]) -> Self {
        let line = |line: &LineDemand| {
            let run_ms = self.interval.0 as f64 * line.calls.len() as f64;
            let calls = line.calls.iter().sum::<f64>() / run_ms * interval.0 as f64;
            LineDemand {
                line: line.line,
                calls: factors.iter().map(|factor| calls * factor).collect(),
            }
        };
        Self {
            interval,
            lines: self.lines.iter().map(line).collect(),
        }
    }

    /// When callers come to the line at this place of the list, in order. `factor` multiplies the
    /// forecast: how busy the day is, and what scales attempts down to first attempts.
    pub fn arrivals(&self, place: usize, factor: f64, streams: &Streams) -> Arrivals<'_> {
        let line = &self.lines[place];
        Arrivals {
            calls: &line.calls,
            interval_ms: self.interval.0 as f64,
            factor,
            stream: streams.stream(Purpose::Arrivals, u64::from(line.line.0)),
            place: 0,
            before: 0.0,
            reached: 0.0,
        }
    }
}

/// The arrivals of one line and one run.
///
/// A Poisson process of rate 1 is laid over the cumulative rate (inversion; Çinlar, 1975). The nth
/// caller is the same whatever the forecast is: more calls only press the callers closer together,
/// so that runs with more or fewer calls can be compared caller by caller.
#[derive(Clone, Debug)]
pub struct Arrivals<'d> {
    calls: &'d [f64],
    interval_ms: f64,
    factor: f64,
    stream: Stream,
    /// The interval that is being filled.
    place: usize,
    /// Expected calls before it.
    before: f64,
    /// The unit-rate process so far.
    reached: f64,
}

impl Iterator for Arrivals<'_> {
    type Item = Tick;

    fn next(&mut self) -> Option<Tick> {
        let reached = self.reached + standard_exponential(self.stream.unit());
        while let Some(calls) = self.calls.get(self.place) {
            let calls = calls * self.factor;
            let inside = reached - self.before;
            if inside < calls {
                self.reached = reached;
                let ms = (self.place as f64 + inside / calls) * self.interval_ms;
                return Some(Tick(ms as u64));
            }
            self.before += calls;
            self.place += 1;
        }
        None
    }
}

/// How busy a day is: a gamma variable of mean 1 with this coefficient of variation, the same
/// factor for all lines (Avramidis, Deslauriers and L'Ecuyer, 2004). 1 when `cv` is 0.
///
/// Sampled by Marsaglia and Tsang (2000), which rejects a few draws: the stream is used for this
/// alone, once in a run, so nothing else can shift.
pub fn busyness(cv: f64, streams: &Streams) -> f64 {
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

    fn demand(calls: &[f64]) -> Demand {
        Demand {
            interval: Span::minutes(30),
            lines: vec![LineDemand {
                line: LineId(0),
                calls: calls.to_vec(),
            }],
        }
    }

    #[test]
    fn counts_per_interval_are_poisson() {
        let expected = [40.0, 0.0, 120.0, 7.5];
        let demand = demand(&expected);
        let runs = 4000;
        let mut sums = [0.0; 4];
        let mut squares = [0.0; 4];
        for run in 0..runs {
            let mut counts = [0.0; 4];
            for tick in demand.arrivals(0, 1.0, &Streams::new(9, run)) {
                counts[(tick.0 / demand.interval.0) as usize] += 1.0;
            }
            for (place, count) in counts.iter().enumerate() {
                sums[place] += count;
                squares[place] += count * count;
            }
        }
        let n = runs as f64;
        for (place, lambda) in expected.into_iter().enumerate() {
            let mean = sums[place] / n;
            let variance = squares[place] / n - mean * mean;
            // Four standard errors; those of the variance by the Poisson fourth moment.
            assert!(
                (mean - lambda).abs() <= 4.0 * (lambda / n).sqrt(),
                "{place}"
            );
            let error = ((lambda + 2.0 * lambda * lambda) / n).sqrt();
            assert!((variance - lambda).abs() <= 4.0 * error, "{place}");
        }
    }

    #[test]
    fn arrivals_are_in_order_and_spread_over_the_interval() {
        let demand = demand(&[1000.0]);
        let ticks: Vec<Tick> = demand.arrivals(0, 1.0, &Streams::new(1, 0)).collect();
        assert!(ticks.is_sorted());
        let early = ticks.iter().filter(|tick| tick.0 < 900_000).count();
        assert!((early as f64 / ticks.len() as f64 - 0.5).abs() < 4.0 * 0.5 / 1000f64.sqrt());
        assert!(ticks.iter().all(|tick| tick.0 < 1_800_000));
    }

    #[test]
    fn more_calls_are_the_same_callers_closer_together() {
        let streams = Streams::new(3, 1);
        let demand = demand(&[50.0, 50.0, 50.0, 50.0]);
        let few: Vec<Tick> = demand.arrivals(0, 1.0, &streams).collect();
        let many: Vec<Tick> = demand.arrivals(0, 2.0, &streams).collect();
        assert!(many.len() > few.len());
        for (one, other) in few.iter().zip(&many) {
            assert!(one.0.abs_diff(2 * other.0) <= 2);
        }
    }

    #[test]
    fn a_part_of_the_day_is_multiplied_and_nothing_else() {
        let minute = |minutes: u64| Tick(0) + Span::minutes(minutes);
        let mut whole = demand(&[30.0, 30.0, 60.0]);
        whole.scale_within((minute(30), minute(60)), 3.0);
        assert_eq!(whole.lines[0].calls, [30.0, 90.0, 60.0]);
    }

    #[test]
    fn steps_have_the_calls_of_an_even_day() {
        let steps = demand(&[0.0, 90.0]).stepped(Span::minutes(10), &[1.0, 2.0]);
        assert_eq!(steps.lines[0].calls, [15.0, 30.0]);
    }

    #[test]
    fn nobody_calls_without_demand() {
        let streams = Streams::new(3, 1);
        assert_eq!(demand(&[0.0, 0.0]).arrivals(0, 1.0, &streams).next(), None);
        assert_eq!(demand(&[9.0]).arrivals(0, 0.0, &streams).next(), None);
    }

    #[test]
    fn busyness_has_mean_one_and_the_variation_asked_for() {
        assert_eq!(busyness(0.0, &Streams::new(1, 0)), 1.0);
        for cv in [0.09, 0.5, 1.0, 1.5] {
            let (mut sum, mut squares) = (0.0, 0.0);
            let runs = 200_000;
            for run in 0..runs {
                let factor = busyness(cv, &Streams::new(77, run));
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
