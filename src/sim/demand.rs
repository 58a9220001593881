//! Who calls when: Poisson arrivals whose rate follows the forecast.

use super::distribution::standard_exponential;
use super::stream::Purpose;
use super::stream::Stream;
use super::stream::Streams;
use crate::exchange::id::LineId;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use crate::menu::fnv::Fnv;
use std::ops::RangeBounds;
use std::sync::Arc;

/// The calls of all lines. A steady state has one interval, as long as the run.
#[derive(Clone, Debug, PartialEq)]
pub struct Demand {
    /// The length of one interval.
    pub interval: Span,
    /// How the rate changes from one to the next.
    pub rates: Rates,
    /// Line by line, each line once; or each once for every kind of its callers.
    pub lines: Vec<LineDemand>,
}

/// How the rate changes from one interval to the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rates {
    /// It is constant within an interval, and jumps.
    #[default]
    Steps,
    /// It goes in straight lines: at the border of two intervals it is the mean of theirs, and in the
    /// middle of each what keeps the interval's calls. Where that would be below zero the border is
    /// lowered.
    Linear,
}

/// The calls of one line, or of one kind of its callers.
#[derive(Clone, Debug, PartialEq)]
pub struct LineDemand {
    /// The line.
    pub line: LineId,
    /// Whose calls these are, where each kind of callers has its own.
    pub kind: Option<Kind>,
    /// Expected calls in each interval from tick 0.
    pub calls: Vec<f64>,
    /// Calls that were recorded: they come when they came.
    pub recorded: Option<Recorded>,
}

/// Callers who want the same, and have calls of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kind {
    /// The place of the want among all wants.
    pub want: u16,
    /// Made of the want's name, so that no other want changes what these callers draw.
    key: u64,
}

/// Calls that were recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// When they came, in order.
    pub times: Arc<[Tick]>,
    /// How many come for each, interval by interval: of 0.5 every other one, of 2.5 two or three at a
    /// time.
    pub each: Vec<f64>,
}

impl Demand {
    /// Whether each kind of callers has calls of its own.
    pub fn is_by_kind(&self) -> bool {
        self.lines.iter().any(|line| line.kind.is_some())
    }

    /// The share of all calls that are of callers who want this; none where nothing is said of them.
    pub fn share_of(&self, want: u16) -> Option<f64> {
        let calls = |line: &LineDemand| line.calls.iter().sum::<f64>();
        let all: f64 = self.lines.iter().map(calls).sum();
        let of_want = |line: &&LineDemand| line.kind.is_some_and(|kind| kind.want == want);
        let own = self.lines.iter().filter(of_want).map(calls);
        let own = own.reduce(|one, other| one + other)?;
        Some(if all > 0.0 { own / all } else { 0.0 })
    }

    /// Multiplies all calls.
    pub fn scale(&mut self, factor: f64) {
        for line in &mut self.lines {
            line.scale(.., factor);
        }
    }

    /// Multiplies the calls of the intervals that begin from one moment until another.
    pub fn scale_within(&mut self, (from, until): (Tick, Tick), factor: f64) {
        let interval = self.interval.0;
        for line in &mut self.lines {
            let first = from.0.div_ceil(interval) as usize;
            let end = (until.0.div_ceil(interval) as usize).min(line.calls.len());
            line.scale(first.min(end)..end, factor);
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
                kind: line.kind,
                calls: factors.iter().map(|factor| calls * factor).collect(),
                recorded: None,
            }
        };
        Self {
            interval,
            rates: Rates::Steps,
            lines: self.lines.iter().map(line).collect(),
        }
    }

    /// When callers come whose calls are at this place of the list, in order. `factor` multiplies the
    /// forecast: how busy the day is, and what scales attempts down to first attempts; `within` is a
    /// factor for each interval, or empty.
    pub fn arrivals(
        &self,
        place: usize,
        (factor, within): (f64, Arc<[f64]>),
        streams: &Streams,
    ) -> Arrivals<'_> {
        let line = &self.lines[place];
        let stream = streams.stream(Purpose::Arrivals, line.name());
        let source = match &line.recorded {
            Some(recorded) => Source::Recorded {
                times: &recorded.times,
                next: 0,
                left: 0,
                each: &recorded.each,
            },
            None => Source::Poisson {
                calls: &line.calls,
                rates: self.rates,
                place: 0,
                before: 0.0,
                reached: 0.0,
            },
        };
        Arrivals {
            source,
            interval_ms: self.interval.0 as f64,
            factor,
            within,
            stream,
        }
    }
}

impl Kind {
    /// The callers of the want at this place, with this name.
    pub fn new(want: u16, name: &str) -> Self {
        let key = Fnv::of_bytes(name.as_bytes());
        Self { want, key }
    }
}

impl LineDemand {
    /// The name of these calls among all random streams.
    fn name(&self) -> u64 {
        let line = u64::from(self.line.0);
        self.kind.map_or(line, |kind| kind.key.wrapping_add(line))
    }

    /// The name of a caller among all random streams: those of a kind are counted apart, so that they
    /// are the same callers whatever others call. `of_all` counts all callers of the run, `nth` these.
    pub(super) fn name_of(&self, of_all: u64, nth: u64) -> u64 {
        match self.kind {
            Some(_) => Streams::nth_of(self.name(), nth),
            None => of_all,
        }
    }

    /// Multiplies the calls of these intervals.
    fn scale(&mut self, intervals: impl RangeBounds<usize> + Clone, factor: f64) {
        let each = self.recorded.as_mut().map(|recorded| &mut recorded.each);
        for (place, calls) in self.calls.iter_mut().enumerate() {
            if intervals.contains(&place) {
                *calls *= factor;
            }
        }
        for (place, each) in each.into_iter().flatten().enumerate() {
            if intervals.contains(&place) {
                *each *= factor;
            }
        }
    }
}

/// The arrivals of one line and one run.
#[derive(Clone, Debug)]
pub struct Arrivals<'d> {
    source: Source<'d>,
    interval_ms: f64,
    factor: f64,
    within: Arc<[f64]>,
    stream: Stream,
}

#[derive(Clone, Debug)]
enum Source<'d> {
    /// A Poisson process of rate 1 is laid over the cumulative rate (inversion; Çinlar, 1975). The nth
    /// caller is the same whatever the forecast is: more calls only press the callers closer together,
    /// so that runs with more or fewer calls can be compared caller by caller.
    Poisson {
        calls: &'d [f64],
        rates: Rates,
        /// The interval that is being filled.
        place: usize,
        /// Expected calls before it.
        before: f64,
        /// The unit-rate process so far.
        reached: f64,
    },
    /// What was recorded, each so many times: the part of one that is left over by chance.
    Recorded {
        times: &'d [Tick],
        next: usize,
        /// How many are still to come at the time before.
        left: u64,
        each: &'d [f64],
    },
}

impl Iterator for Arrivals<'_> {
    type Item = Tick;

    fn next(&mut self) -> Option<Tick> {
        let (interval_ms, factor, within) = (self.interval_ms, self.factor, &self.within);
        let part = |place: usize| factor * within.get(place).copied().unwrap_or(1.0);
        match &mut self.source {
            Source::Poisson {
                calls,
                rates,
                place,
                before,
                reached,
            } => {
                let next = *reached + standard_exponential(self.stream.unit());
                while let Some(here) = calls.get(*place) {
                    let here = here * part(*place);
                    let inside = next - *before;
                    if inside < here {
                        *reached = next;
                        let of = |place: usize| calls.get(place).map(|calls| calls * part(place));
                        let at = match rates {
                            Rates::Steps => inside / here,
                            Rates::Linear => {
                                let earlier = place.checked_sub(1).and_then(of);
                                on_lines(inside, here, earlier, of(*place + 1))
                            }
                        };
                        return Some(Tick(((*place as f64 + at) * interval_ms) as u64));
                    }
                    *before += here;
                    *place += 1;
                }
                None
            }
            Source::Recorded {
                times,
                next,
                left,
                each,
            } => {
                while *left == 0 {
                    let at = *times.get(*next)?;
                    *next += 1;
                    let place = (at.0 as f64 / interval_ms) as usize;
                    let many = each.get(place).copied().unwrap_or(1.0) * part(place);
                    let whole = many.floor();
                    *left = whole as u64 + u64::from(self.stream.chance(many - whole));
                }
                *left -= 1;
                Some(times[*next - 1])
            }
        }
    }
}

/// The part of an interval at which so many of its `calls` have come, where the rate goes in straight
/// lines between the neighbours' calls.
fn on_lines(inside: f64, calls: f64, earlier: Option<f64>, later: Option<f64>) -> f64 {
    // A middle that keeps the interval's calls must not lie below zero.
    let border = |other: Option<f64>| match other {
        Some(other) => f64::midpoint(calls, other).min(2.0 * calls.min(other)),
        None => calls,
    };
    let (from, to) = (border(earlier), border(later));
    let middle = 2.0 * calls - f64::midpoint(from, to);
    let half = (from + middle) / 4.0;
    let rest = inside - half;
    let at = match rest < 0.0 {
        true => root(inside, from, middle),
        false => 0.5 + root(rest, middle, to),
    };
    at.clamp(0.0, 1.0)
}

/// Where a rate that goes from `from` to `to` within half an interval has brought so many calls.
fn root(calls: f64, from: f64, to: f64) -> f64 {
    let slope = to - from;
    let below = from * from + 4.0 * slope * calls;
    let under = from + libm::sqrt(below.max(0.0));
    if under > 0.0 {
        2.0 * calls / under
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demand(calls: &[f64]) -> Demand {
        Demand {
            interval: Span::minutes(30),
            rates: Rates::Steps,
            lines: vec![LineDemand {
                line: LineId(0),
                kind: None,
                calls: calls.to_vec(),
                recorded: None,
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
            for tick in demand.arrivals(0, (1.0, Arc::from([])), &Streams::new(9, run)) {
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
        let ticks: Vec<Tick> = demand
            .arrivals(0, (1.0, Arc::from([])), &Streams::new(1, 0))
            .collect();
        assert!(ticks.is_sorted());
        let early = ticks.iter().filter(|tick| tick.0 < 900_000).count();
        assert!((early as f64 / ticks.len() as f64 - 0.5).abs() < 4.0 * 0.5 / 1000f64.sqrt());
        assert!(ticks.iter().all(|tick| tick.0 < 1_800_000));
    }

    #[test]
    fn more_calls_are_the_same_callers_closer_together() {
        let streams = Streams::new(3, 1);
        let demand = demand(&[50.0, 50.0, 50.0, 50.0]);
        let few: Vec<Tick> = demand.arrivals(0, (1.0, Arc::from([])), &streams).collect();
        let many: Vec<Tick> = demand.arrivals(0, (2.0, Arc::from([])), &streams).collect();
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
        assert_eq!(
            demand(&[0.0, 0.0])
                .arrivals(0, (1.0, Arc::from([])), &streams)
                .next(),
            None
        );
        assert_eq!(
            demand(&[9.0])
                .arrivals(0, (0.0, Arc::from([])), &streams)
                .next(),
            None
        );
    }

    #[test]
    fn straight_lines_keep_the_calls_of_every_interval() {
        let expected = [40.0, 0.0, 300.0, 60.0];
        let demand = Demand {
            rates: Rates::Linear,
            ..demand(&expected)
        };
        let (runs, mut counts, mut quarters) = (3000, [0.0; 4], [0.0; 4]);
        for run in 0..runs {
            for tick in demand.arrivals(0, (1.0, Arc::from([])), &Streams::new(2, run)) {
                let place = (tick.0 / demand.interval.0) as usize;
                counts[place] += 1.0;
                if place == 2 {
                    quarters[(tick.0 % demand.interval.0 * 4 / demand.interval.0) as usize] += 1.0;
                }
            }
        }
        for (count, expected) in counts.iter().zip(expected) {
            let mean = count / f64::from(runs as u32);
            let error = 4.0 * (expected / f64::from(runs as u32)).sqrt();
            assert!((mean - expected).abs() <= error, "{mean} of {expected}");
        }
        // From nobody to the middle, and down to the mean with the next: 0, 540, 120 at the borders
        // and between.
        let exact = [0.0, 270.0, 540.0, 330.0, 120.0];
        for (place, quarter) in quarters.iter().enumerate() {
            let expected = (exact[place] + exact[place + 1]) / 2.0 / 4.0;
            let mean = quarter / f64::from(runs as u32);
            assert!((mean / expected - 1.0).abs() < 0.02, "{mean} of {expected}");
        }
    }

    #[test]
    fn recorded_calls_come_when_they_came() {
        let times: Vec<Tick> = (0..2000).map(|call| Tick(call * 700)).collect();
        let recorded = |each| Demand {
            lines: vec![LineDemand {
                line: LineId(0),
                kind: None,
                calls: vec![2000.0],
                recorded: Some(Recorded {
                    times: times.clone().into(),
                    each: vec![each],
                }),
            }],
            ..demand(&[])
        };
        let come = |each, factor| -> Vec<Tick> {
            let demand = recorded(each);
            let arrivals = demand.arrivals(0, (factor, Arc::from([])), &Streams::new(1, 0));
            arrivals.collect()
        };
        assert_eq!(come(1.0, 1.0), times);
        assert_eq!(come(3.0, 1.0).len(), 6000);
        let half = come(1.0, 0.5);
        assert!(half.is_sorted() && (900..1100).contains(&half.len()));
    }
}
