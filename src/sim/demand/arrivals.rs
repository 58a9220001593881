//! When callers come, one after the other.

use super::Demand;
use super::LineDemand;
use super::profile::Profile;
use super::replay::Replay;
use crate::exchange::time::Tick;
use crate::sim::distribution::standard_exponential;
use crate::sim::stream::Purpose;
use crate::sim::stream::Stream;
use crate::sim::stream::Streams;
use std::sync::Arc;

/// The arrivals of one line, or of one kind of its callers, and one run.
#[derive(Clone, Debug)]
pub struct Arrivals<'d> {
    demand: &'d Demand,
    interval_ms: f64,
    source: Source<'d>,
    busyness: Busyness,
    stream: Stream,
}

/// How busy a day is beside its forecast.
#[derive(Clone, Debug)]
struct Busyness {
    /// All day.
    factor: f64,
    /// By interval, on top of that.
    within: Arc<[f64]>,
}

impl Busyness {
    #[inline]
    fn at(&self, place: usize) -> f64 {
        self.factor * self.within.get(place).copied().unwrap_or(1.0)
    }
}

#[derive(Clone, Debug)]
enum Source<'d> {
    /// A Poisson process of rate 1 is laid over the cumulative rate (inversion; Çinlar, 1975). The nth
    /// caller is the same whatever the forecast is: more calls only press the callers closer together,
    /// so that runs with more or fewer calls can be compared caller by caller.
    Poisson {
        calls: &'d [f64],
        /// The interval that is being filled; none at first.
        here: Profile,
        place: usize,
        /// Its place as a number for arithmetic.
        begins: f64,
        /// Expected calls before it.
        before: f64,
        /// The unit-rate process so far.
        reached: f64,
        gaps: Gaps,
    },
    Recorded(Replay<'d>),
}

/// So many gaps are drawn together.
const DRAWN: usize = 8;

/// Gaps between callers at rate 1, drawn some at a time: several logarithms at once take little longer
/// than one.
#[derive(Clone, Debug)]
struct Gaps {
    drawn: [f64; DRAWN],
    /// How many of them are left.
    left: usize,
}

impl Gaps {
    const NONE: Self = Self {
        drawn: [0.0; DRAWN],
        left: 0,
    };

    #[inline]
    fn next(&mut self, stream: &mut Stream) -> f64 {
        if self.left == 0 {
            self.draw(stream);
        }
        let gap = self.drawn[DRAWN - self.left];
        self.left -= 1;
        gap
    }

    #[inline(never)]
    fn draw(&mut self, stream: &mut Stream) {
        let units: [f64; DRAWN] = std::array::from_fn(|_| stream.unit());
        self.drawn = units.map(standard_exponential);
        self.left = DRAWN;
    }
}

impl<'d> Arrivals<'d> {
    pub(super) fn new(
        demand: &'d Demand,
        line: &'d LineDemand,
        (factor, within): (f64, Arc<[f64]>),
        streams: &Streams,
    ) -> Self {
        let source = match &line.recorded {
            Some(recorded) => {
                let moments = streams.stream(Purpose::Copies, line.name());
                Source::Recorded(Replay::new(recorded, moments))
            }
            None => Source::Poisson {
                calls: &line.calls,
                here: Profile::constant(0.0),
                place: 0,
                begins: 0.0,
                before: 0.0,
                reached: 0.0,
                gaps: Gaps::NONE,
            },
        };
        Self {
            demand,
            interval_ms: demand.interval.0 as f64,
            source,
            busyness: Busyness { factor, within },
            stream: streams.stream(Purpose::Arrivals, line.name()),
        }
    }
}

impl Iterator for Arrivals<'_> {
    type Item = Tick;

    #[inline(always)]
    fn next(&mut self) -> Option<Tick> {
        let Source::Poisson {
            here,
            begins,
            before,
            reached,
            gaps,
            ..
        } = &mut self.source
        else {
            return self.replayed();
        };
        *reached += gaps.next(&mut self.stream);
        // Mostly the next one comes in the same interval as the last one.
        let inside = *reached - *before;
        if inside >= here.calls() {
            return self.find();
        }
        let at = *begins + here.part(inside);
        Some(Tick((at * self.interval_ms) as u64))
    }
}

impl Arrivals<'_> {
    #[inline(never)]
    fn replayed(&mut self) -> Option<Tick> {
        let Source::Recorded(replay) = &mut self.source else {
            return None;
        };
        let (demand, busyness, stream) = (self.demand, &self.busyness, &mut self.stream);
        let chance = |probability| stream.chance(probability);
        replay.next(
            (demand.interval, demand.surge),
            |at| busyness.at(at),
            chance,
        )
    }

    /// The caller at whom the unit-rate process has come so far, in an interval that comes later.
    #[inline(never)]
    fn find(&mut self) -> Option<Tick> {
        let Source::Poisson {
            calls,
            here,
            place,
            begins,
            before,
            reached,
            ..
        } = &mut self.source
        else {
            return None;
        };
        let busyness = &self.busyness;
        let of = |place: usize| calls.get(place).map(|calls| calls * busyness.at(place));
        while let Some(profile) = self.demand.profile(*place, of) {
            let inside = *reached - *before;
            if inside < profile.calls() {
                (*here, *begins) = (profile, *place as f64);
                let at = *begins + here.part(inside);
                return Some(Tick((at * self.interval_ms) as u64));
            }
            *before += profile.calls();
            *place += 1;
        }
        None
    }
}
