//! Who calls when: Poisson arrivals whose rate follows the forecast.

mod arrivals;
mod profile;
mod replay;
mod surge;

pub use arrivals::Arrivals;
pub use surge::Surge;

use super::stream::Streams;
use crate::exchange::id::LineId;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use crate::menu::fnv::Fnv;
use profile::Profile;
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
    /// When more people call for a while, or fewer.
    pub surge: Option<Surge>,
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
    /// Its name among all random streams: 0 for the first line of a scenario, so that others that come
    /// after it change nothing for its callers, and made of its own name for each of these.
    pub stream: u64,
    /// Whose calls these are, where each kind of callers has its own.
    pub kind: Option<Kind>,
    /// Expected calls in each interval from tick 0.
    pub calls: Vec<f64>,
    /// How long those who come first in each interval talk, as a part of the usual; none where that is the
    /// same all the time.
    pub talk_factors: Option<Arc<[f64]>>,
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
    /// How many come for each: of 0.5 every other one, of 2.5 one at its time and one or two more.
    pub each: f64,
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
            line.scale(factor);
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
                stream: line.stream,
                kind: line.kind,
                calls: factors.iter().map(|factor| calls * factor).collect(),
                // No time of the day is left of which the forecast has spoken.
                talk_factors: None,
                recorded: None,
            }
        };
        Self {
            interval,
            rates: Rates::Steps,
            lines: self.lines.iter().map(line).collect(),
            surge: None,
        }
    }

    /// Whether as many callers come in every run, however busy it is not: calls were recorded, and each
    /// comes a whole number of times.
    pub(super) fn is_certain(&self) -> bool {
        let is_whole = |recorded: &Recorded| recorded.each.fract() == 0.0;
        let mut lines = self.lines.iter();
        lines.all(|line| line.recorded.as_ref().is_some_and(is_whole))
    }

    /// How many callers come on average, where so many times the calls of a line do.
    pub(super) fn expected(&self, factor: impl Fn(LineId) -> f64) -> f64 {
        let of_line = |line: &LineDemand| match &line.recorded {
            Some(recorded) => {
                let factor = |at: &Tick| {
                    let surge = self.surge.filter(|surge| surge.holds(*at));
                    surge.map_or(1.0, |surge| surge.factor)
                };
                recorded.each * recorded.times.iter().map(factor).sum::<f64>()
            }
            None => {
                let of = |place: usize| line.calls.get(place).copied();
                let profiles = (0..).map_while(|place| self.profile(place, of));
                profiles.map(|profile| profile.calls()).sum()
            }
        };
        let scaled = |line: &LineDemand| of_line(line) * factor(line.line);
        self.lines.iter().map(scaled).sum()
    }

    /// How the calls of an interval are spread over it, `of` each of which there are so many; none where
    /// it has none.
    fn profile(&self, place: usize, of: impl Fn(usize) -> Option<f64>) -> Option<Profile> {
        let here = of(place)?;
        let plain = match self.rates {
            Rates::Steps => Profile::constant(here),
            Rates::Linear => {
                let earlier = place.checked_sub(1).and_then(&of);
                Profile::linear(here, earlier, of(place + 1))
            }
        };
        let lasts = self
            .surge
            .and_then(|surge| surge.within(place, self.interval));
        Some(match (self.surge, lasts) {
            (Some(surge), Some(lasts)) => plain.surging(lasts, surge.factor),
            _ => plain,
        })
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
        Arrivals::new(self, &self.lines[place], (factor, within), streams)
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
        let line = self.stream;
        self.kind.map_or(line, |kind| kind.key.wrapping_add(line))
    }

    /// The name of a caller among all random streams, by which of these callers it is: those of each line
    /// and kind are counted apart, so that they are the same whatever others call.
    pub(super) fn name_of(&self, nth: u64) -> u64 {
        match self.name() {
            0 => nth,
            name => Streams::nth_of(name, nth),
        }
    }

    /// How long those who come first in this interval talk, as a part of the usual.
    #[inline]
    pub(super) fn talk_factor(&self, interval: impl FnOnce() -> usize) -> f64 {
        match &self.talk_factors {
            Some(factors) => factors.get(interval()).copied().unwrap_or(1.0),
            None => 1.0,
        }
    }

    fn scale(&mut self, factor: f64) {
        self.calls.iter_mut().for_each(|calls| *calls *= factor);
        if let Some(recorded) = &mut self.recorded {
            recorded.each *= factor;
        }
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
                stream: 0,
                kind: None,
                calls: calls.to_vec(),
                talk_factors: None,
                recorded: None,
            }],
            surge: None,
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
    fn steps_have_the_calls_of_an_even_day() {
        let steps = demand(&[0.0, 90.0]).stepped(Span::minutes(10), &[1.0, 2.0]);
        assert_eq!(steps.lines[0].calls, [15.0, 30.0]);
    }

    #[test]
    fn kinds_of_callers_stay_apart_whatever_is_done_to_their_calls() {
        let kind = |want: u16, name: &str, calls: f64| LineDemand {
            line: LineId(0),
            stream: 0,
            kind: Some(Kind::new(want, name)),
            calls: vec![calls, calls],
            talk_factors: None,
            recorded: None,
        };
        let both = Demand {
            lines: vec![kind(0, "tracking", 30.0), kind(1, "help", 90.0)],
            ..demand(&[])
        };
        assert_eq!(
            [0, 1, 2].map(|want| both.share_of(want)),
            [Some(0.25), Some(0.75), None]
        );
        let steps = both.stepped(Span::minutes(10), &[1.0, 3.0]);
        let calls = steps
            .lines
            .iter()
            .map(|line| (line.kind, line.calls.clone()));
        let expected = [
            (both.lines[0].kind, vec![10.0, 30.0]),
            (both.lines[1].kind, vec![30.0, 90.0]),
        ];
        assert_eq!(calls.collect::<Vec<_>>(), expected);
        // A kind has the same arrivals and callers alone, and others than those of its neighbour.
        let alone = Demand {
            lines: vec![kind(0, "help", 90.0)],
            ..demand(&[])
        };
        let streams = Streams::new(3, 1);
        let come = |demand: &Demand, place: usize| -> Vec<Tick> {
            let arrivals = demand.arrivals(place, (1.0, Arc::from([])), &streams);
            arrivals.collect()
        };
        assert_eq!(come(&both, 1), come(&alone, 0));
        let named = |demand: &Demand, place: usize| demand.lines[place].name_of(5);
        assert_eq!(named(&both, 1), named(&alone, 0));
        assert_ne!(named(&both, 0), named(&both, 1));
        assert_eq!(demand(&[9.0]).lines[0].name_of(5), 5);
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
                stream: 0,
                kind: None,
                calls: vec![2000.0],
                talk_factors: None,
                recorded: Some(Recorded {
                    times: times.clone().into(),
                    each,
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
        // Two more for each, in the same half hour and at moments of their own.
        let thrice = come(3.0, 1.0);
        assert!(thrice.is_sorted() && thrice.len() == 6000);
        let half_hour = 30 * 60_000;
        let first = |at: &&Tick| at.0 < half_hour;
        let recorded = times.iter().filter(first).count();
        assert_eq!(thrice.iter().filter(first).count(), 3 * recorded);
        let at_once = thrice.windows(2).filter(|two| two[0] == two[1]).count();
        assert!(at_once < 60, "{at_once}");
        let half = come(1.0, 0.5);
        assert!(half.is_sorted() && (900..1100).contains(&half.len()));
    }

    #[test]
    fn as_many_come_as_are_to_be_expected() {
        let minutes = |minutes: u64| Tick(0) + Span::minutes(minutes);
        let surge = Some(Surge {
            from: minutes(25),
            until: minutes(37),
            factor: 3.0,
        });
        let plain = demand(&[30.0, 0.0, 90.0]);
        let times: Vec<Tick> = (0..120).map(|call| Tick(call * 30_000)).collect();
        let recorded = Demand {
            lines: vec![LineDemand {
                recorded: Some(Recorded {
                    times: times.into(),
                    each: 1.25,
                }),
                ..plain.lines[0].clone()
            }],
            ..plain.clone()
        };
        let linear = Demand {
            rates: Rates::Linear,
            ..plain.clone()
        };
        let surging = |plain: &Demand| Demand {
            surge,
            ..plain.clone()
        };
        let exact = [
            (plain.clone(), 120.0),
            (linear.clone(), 120.0),
            // 5 of 30 minutes at three times the rate.
            (surging(&plain), 120.0 + 2.0 * 5.0),
            (surging(&linear), surging(&linear).expected(|_| 1.0)),
            (recorded.clone(), 150.0),
            // 24 of the recorded calls come within these 12 minutes.
            (surging(&recorded), 150.0 + 2.0 * 1.25 * 24.0),
        ];
        for (demand, expected) in exact {
            assert!(
                (demand.expected(|_| 1.0) - expected).abs() < 1e-9,
                "{expected}"
            );
            let runs = 2000;
            let come = |run| {
                let factor = (1.0, Arc::from([]));
                demand.arrivals(0, factor, &Streams::new(6, run)).count()
            };
            let sum: usize = (0..runs).map(come).sum();
            let mean = sum as f64 / runs as f64;
            assert!((mean - expected).abs() < 4.0 * (expected / runs as f64).sqrt());
        }
        assert!(!recorded.is_certain() && !plain.is_certain());
    }

    #[test]
    fn a_surge_changes_the_rate_at_its_borders_and_nothing_else() {
        let streams = Streams::new(4, 2);
        let plain = demand(&[30.0, 30.0, 30.0]);
        let minutes = |minutes: u64| Tick(0) + Span::minutes(minutes);
        // From the middle of an interval into the next one, at three times the rate.
        let surging = Demand {
            surge: Some(Surge {
                from: minutes(25),
                until: minutes(37),
                factor: 3.0,
            }),
            ..plain.clone()
        };
        let come = |demand: &Demand| -> Vec<Tick> {
            let arrivals = demand.arrivals(0, (1.0, Arc::from([])), &streams);
            arrivals.collect()
        };
        // At one call a minute the nth caller comes when so many calls were to be expected.
        let (plain, surging) = (come(&plain), come(&surging));
        assert!(surging.len() > plain.len());
        for (expected, at) in plain.iter().zip(&surging) {
            let expected = expected.0 as f64 / 60_000.0;
            let at = at.0 as f64 / 60_000.0;
            let so_far = at + 2.0 * (at.clamp(25.0, 37.0) - 25.0);
            assert!((so_far - expected).abs() < 0.001, "{at}: {so_far}");
        }
    }

    #[test]
    fn a_surge_multiplies_recorded_calls_from_its_beginning_on() {
        let times: Vec<Tick> = (0..100).map(|call| Tick(call * 10_000)).collect();
        let recorded = Demand {
            lines: vec![LineDemand {
                line: LineId(0),
                stream: 0,
                kind: None,
                calls: vec![100.0],
                talk_factors: None,
                recorded: Some(Recorded {
                    times: times.into(),
                    each: 1.0,
                }),
            }],
            surge: Some(Surge {
                from: Tick(200_000),
                until: Tick(300_000),
                factor: 2.0,
            }),
            ..demand(&[])
        };
        let streams = Streams::new(1, 0);
        let arrivals = recorded.arrivals(0, (1.0, Arc::from([])), &streams);
        let within = |at: &Tick| (200_000..300_000).contains(&at.0);
        let (twice, once): (Vec<Tick>, Vec<Tick>) = arrivals.partition(within);
        assert_eq!((twice.len(), once.len()), (20, 90));
    }
}
