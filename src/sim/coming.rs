//! The callers still to come: those of all lines, and of each kind that has calls of its own.

use super::demand::Arrivals;
use super::demand::LineDemand;
use crate::exchange::time::Tick;

/// Later than everything.
pub(super) const NEVER: Tick = Tick(u64::MAX);

/// All who come, in the order of their times.
pub(super) struct Coming<'m> {
    sources: Vec<Source<'m>>,
    /// The first of all.
    next: Tick,
    place: usize,
}

/// Those of one line, or of one kind on it.
struct Source<'m> {
    demand: &'m LineDemand,
    /// How many have come.
    count: u64,
    arrivals: Arrivals<'m>,
    next: Tick,
}

impl<'m> Coming<'m> {
    pub(super) fn new(sources: Vec<(&'m LineDemand, Arrivals<'m>)>) -> Self {
        let source = |(demand, mut arrivals): (&'m LineDemand, Arrivals<'m>)| Source {
            demand,
            count: 0,
            next: arrivals.next().unwrap_or(NEVER),
            arrivals,
        };
        let mut coming = Self {
            sources: sources.into_iter().map(source).collect(),
            next: NEVER,
            place: 0,
        };
        coming.look_ahead();
        coming
    }

    /// When the next one comes; [`NEVER`] if nobody does.
    pub(super) fn next(&self) -> Tick {
        self.next
    }

    /// Goes on to the next one. Gives whose call this is, and which of theirs, from 1.
    pub(super) fn advance(&mut self) -> (&'m LineDemand, u64) {
        let source = &mut self.sources[self.place];
        source.next = source.arrivals.next().unwrap_or(NEVER);
        source.count += 1;
        let came = (source.demand, source.count);
        self.look_ahead();
        came
    }

    fn look_ahead(&mut self) {
        let nexts = self.sources.iter().map(|source| source.next).enumerate();
        let first = nexts.min_by_key(|(_, next)| *next);
        (self.place, self.next) = first.unwrap_or((0, NEVER));
    }
}
