//! Calls that were recorded, played again: so many for each, the part that is left over by chance.

use super::Recorded;
use super::surge::Surge;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use crate::sim::stream::Stream;

/// What was recorded of one line, or of one kind of its callers.
///
/// A call comes when it came. Where more come than were recorded, the others come at random moments of the
/// same interval: copies at the same moment would be one customer with several telephones, and wait far
/// longer than as many callers who know nothing of each other.
#[derive(Clone, Debug)]
pub(super) struct Replay<'d> {
    times: &'d [Tick],
    next: usize,
    each: f64,
    /// Those of the present interval that are still to come, the last one first.
    due: Vec<Tick>,
    /// When the others come.
    moments: Stream,
}

impl<'d> Replay<'d> {
    pub(super) fn new(recorded: &'d Recorded, moments: Stream) -> Self {
        Self {
            times: &recorded.times,
            next: 0,
            each: recorded.each,
            due: Vec::new(),
            moments,
        }
    }

    /// The next call. `factor` says of an interval how many come in it for each, `chance` how likely what
    /// is left over is.
    #[inline(never)]
    pub(super) fn next(
        &mut self,
        (interval, surge): (Span, Option<Surge>),
        factor: impl Fn(usize) -> f64,
        mut chance: impl FnMut(f64) -> bool,
    ) -> Option<Tick> {
        while self.due.is_empty() {
            let place = self.times.get(self.next)?.0 / interval.0;
            let (from, until) = (Tick(place * interval.0), Tick((place + 1) * interval.0));
            while let Some(&at) = self.times.get(self.next).filter(|at| **at < until) {
                self.next += 1;
                let surge = surge.filter(|surge| surge.holds(at));
                let many = self.each * factor(place as usize) * surge.map_or(1.0, |at| at.factor);
                let whole = many.floor();
                let copies = whole as u64 + u64::from(chance(many - whole));
                if copies == 0 {
                    continue;
                }
                self.due.push(at);
                // Those of a surge come in it.
                let from = surge.map_or(from, |surge| surge.from.max(from));
                let until = surge.map_or(until, |surge| surge.until.min(until));
                let (moments, span) = (&mut self.moments, until - from);
                let mut moment = || Span((span.0 as f64 * moments.unit()) as u64);
                let others = (1..copies).map(|_| from + moment());
                self.due.extend(others);
            }
            self.due.sort_unstable_by(|a, b| b.cmp(a));
        }
        self.due.pop()
    }
}
