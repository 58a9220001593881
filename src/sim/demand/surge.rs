//! More calls for a while, or fewer.

use crate::exchange::time::Span;
use crate::exchange::time::Tick;

/// From one moment until another the rate of all calls is multiplied, wherever the borders of intervals
/// are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Surge {
    /// It begins.
    pub from: Tick,
    /// It is over.
    pub until: Tick,
    /// What the rate is multiplied by.
    pub factor: f64,
}

impl Surge {
    /// Whether it lasts at a moment.
    pub(super) fn holds(&self, at: Tick) -> bool {
        self.from <= at && at < self.until
    }

    /// From and to which part of an interval it lasts; none where they have nothing in common.
    pub(super) fn within(&self, place: usize, interval: Span) -> Option<(f64, f64)> {
        let begins = interval.0 * place as u64;
        let part = |at: Tick| (at.0.saturating_sub(begins) as f64 / interval.0 as f64).min(1.0);
        let (from, until) = (part(self.from), part(self.until));
        (from < until).then_some((from, until))
    }
}
