//! A steady state told from long runs: when it begins, and how to know how sure the figures are.
//!
//! A [`Pulse`] watches a run once and keeps how busy it was, slice by slice; its memory does not grow
//! with the run. [`mser`] says when the beginning is over, [`batches`] how many parts of the rest are
//! long enough to know nothing of each other. What is left is cut into these batches, and every figure
//! is made of them as figures are made of independent runs elsewhere (batch means: Law, *Simulation
//! Modeling and Analysis*, 5th ed., §9.5.3).

pub mod batches;
pub mod mser;
pub mod pulse;

pub(super) mod memory;
mod parts;

pub use pulse::Pulse;

use super::frame::Frame;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use batches::Batches;
use serde::Deserialize;
use serde::Serialize;

const MINUTE: Span = Span::minutes(1);
const HOUR: Span = Span::minutes(60);

/// How a run is cut, warm-up and batches.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Steady {
    /// The whole run.
    pub length: Span,
    /// Its beginning, which counts for nothing.
    pub warm_up: Span,
    /// Whether it settled in its first half. If not, the second half is all there is, as one piece.
    pub settled: bool,
    /// Batches of the rest; 0 where it did not settle, or where runs are to stay whole.
    pub batches: usize,
    /// How much a batch has to do with the next one: the largest lag-1 correlation of batch means.
    /// 0 where it did not settle.
    pub lag_1: f64,
    /// Whether that can be chance.
    pub independent: bool,
}

impl Steady {
    /// Finds warm-up and batches of a run of this length in what was watched of it.
    pub fn of(pulse: &Pulse, length: Span) -> Self {
        let series = pulse.series();
        // What hardly ever happens does not show when a beginning is over.
        let telling: Vec<&[f64]> = series.iter().map(Vec::as_slice).collect();
        let enough = |one: &&[f64]| one.len() == pulse::SLICES && tells(one);
        let telling: Vec<&[f64]> = telling.into_iter().filter(enough).collect();
        let cuts: Option<Vec<usize>> = telling.iter().map(|one| mser::cut(one)).collect();
        // Where nothing tells, hardly anything has happened, and the run is too short.
        let Some(cut) = cuts.and_then(|cuts| cuts.into_iter().max()) else {
            return Self {
                length,
                warm_up: Span(length.0 / 2),
                settled: false,
                batches: 0,
                lag_1: 0.0,
                independent: false,
            };
        };
        let rest: Vec<&[f64]> = telling.iter().map(|one| &one[cut..]).collect();
        let Batches {
            count,
            lag_1,
            independent,
        } = Batches::of(&rest);
        let group = Span(pulse.slice().0 * mser::GROUP as u64);
        Self {
            length,
            warm_up: rounded(Span(pulse.slice().0 * cut as u64), group),
            settled: true,
            batches: count,
            lag_1,
            independent,
        }
    }

    /// The time that counts, a cell for each batch.
    pub fn frame(&self) -> Frame {
        let (from, until) = (Tick(0) + self.warm_up, Tick(0) + self.length);
        match self.batches {
            0 => Frame::whole(from, until),
            intervals => Frame {
                from,
                interval: self.batch(),
                intervals,
                until,
            },
        }
    }

    /// The length of a batch; the last one is longer by less than a millisecond for each.
    pub fn batch(&self) -> Span {
        Span(self.counted().0 / self.batches.max(1) as u64)
    }

    /// The same with the rest in one piece, for those to whom a run is a run.
    pub fn in_one_piece(self) -> Self {
        Self { batches: 0, ..self }
    }

    /// The time that counts.
    pub fn counted(&self) -> Span {
        Span(self.length.0 - self.warm_up.0)
    }

    /// Whether a run of this length can be cut so: what is read from elsewhere is checked.
    pub fn fits(&self, length: Span) -> bool {
        self.length == length
            && self.warm_up < length
            && self.batches <= batches::MOST
            && self.settled == (self.batches > 0)
            && self.counted().0 >= self.batches as u64
    }
}

/// Whether there is something of it in nine of ten groups at least: after the last of a few rare
/// events all looks settled, wherever it was.
fn tells(series: &[f64]) -> bool {
    let groups = mser::groups(series);
    let empty = groups.iter().filter(|mean| **mean == 0.0).count();
    empty * 10 <= groups.len() && !groups.is_empty()
}

/// Up to the next whole hour or minute, where groups are at least as long.
fn rounded(warm_up: Span, group: Span) -> Span {
    let unit = match group {
        group if group >= HOUR => HOUR,
        group if group >= MINUTE => MINUTE,
        _ => return warm_up,
    };
    Span(warm_up.0.div_ceil(unit.0) * unit.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_is_a_length_that_people_say() {
        let hours = |hours: u64| Span(hours * HOUR.0);
        assert_eq!(rounded(Span(28_125_000), Span(28_125_000)), hours(8));
        assert_eq!(rounded(hours(16), hours(2)), hours(16));
        assert_eq!(rounded(Span(61_000), Span(60_000)), Span::minutes(2));
        assert_eq!(rounded(Span(900), Span(900)), Span(900));
        assert_eq!(rounded(Span(0), hours(2)), Span(0));
    }

    #[test]
    fn what_hardly_happens_or_is_over_at_once_tells_nothing() {
        let rare: Vec<f64> = (0..1000).map(|at| f64::from(at % 100 / 99)).collect();
        assert!(!tells(&rare) && tells(&[0.1; 1000]) && !tells(&[1.0]));
        let moment = Span(pulse::SLICES as u64 - 1);
        let mut pulse = Pulse::new(moment, 0);
        pulse.finish(Tick(0) + moment);
        let steady = Steady::of(&pulse, moment);
        assert!(!steady.settled && steady.frame().intervals == 0);
    }

    #[test]
    fn what_was_cut_elsewhere_must_fit() {
        let steady = Steady {
            length: Span(1000),
            warm_up: Span(100),
            settled: true,
            batches: 32,
            lag_1: 0.1,
            independent: true,
        };
        assert!(steady.fits(Span(1000)) && !steady.fits(Span(1001)));
        let wrong = [
            Steady {
                warm_up: Span(1000),
                ..steady
            },
            Steady {
                warm_up: Span(990),
                ..steady
            },
            Steady {
                batches: 65,
                ..steady
            },
            Steady {
                batches: 0,
                ..steady
            },
            Steady {
                settled: false,
                ..steady
            },
        ];
        for wrong in wrong {
            assert!(!wrong.fits(Span(1000)), "{wrong:?}");
        }
        let frame = steady.frame();
        assert_eq!((frame.intervals, frame.interval), (32, Span(28)));
    }
}
