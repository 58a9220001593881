//! Where somebody stands in line: emergencies first, then heavier queues, then by arrival less the head
//! start.

use crate::exchange::dialplan::Queue;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use serde::Deserialize;
use serde::Serialize;
use std::cmp::Ordering;
use std::cmp::Reverse;

/// A caller's place in line. What the queue gives is that of the present queue; when the caller came, and
/// in which order, is the same in every queue and after every missed call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::exchange) struct Place {
    not_emergency: bool,
    /// Heavier queues first: strict, like Asterisk's.
    weight: Reverse<u16>,
    /// What the queue has taken off `since_ms`.
    #[serde(default = "Place::not_known")]
    head_start_ms: u32,
    /// Arrival less the head start; may lie before the origin.
    pub(super) since_ms: i64,
    sequence: u64,
}

impl Place {
    /// The head start of a place in an older snapshot, which is kept in every queue.
    const NOT_KNOWN: u32 = u32::MAX;

    const fn not_known() -> u32 {
        Self::NOT_KNOWN
    }

    /// The one of who came at that time, after all with lesser numbers.
    pub(super) fn new(queue: &Queue, came: Tick, sequence: u64) -> Self {
        Self {
            not_emergency: !queue.emergency,
            weight: Reverse(queue.weight),
            head_start_ms: queue.head_start.0 as u32,
            since_ms: came.0 as i64 - queue.head_start.0 as i64,
            sequence,
        }
    }

    /// The same in another queue: with the precedence that this one gives.
    #[cold]
    pub(super) fn moved_to(self, queue: &Queue) -> Self {
        let (not_emergency, weight) = (!queue.emergency, Reverse(queue.weight));
        let moved = Self {
            not_emergency,
            weight,
            ..self
        };
        match self.head_start_ms {
            Self::NOT_KNOWN => moved,
            before => Self {
                head_start_ms: queue.head_start.0 as u32,
                since_ms: self.since_ms + i64::from(before) - queue.head_start.0 as i64,
                ..moved
            },
        }
    }

    /// The same, so much earlier.
    pub(super) fn earlier(mut self, head_start: Span) -> Self {
        self.since_ms -= head_start.0 as i64;
        self
    }

    /// All but the number in one that is compared at once.
    #[inline]
    fn rank(&self) -> i128 {
        let class = i128::from(self.not_emergency) << 16 | i128::from(!self.weight.0);
        // Negative moments below the others: the bits of both are those of a number without a sign.
        class << 64 | i128::from(self.since_ms as u64 ^ 1 << 63)
    }
}

#[cfg(test)]
impl Place {
    /// One of a plain queue.
    pub(super) fn example(since_ms: i64, sequence: u64) -> Self {
        Self {
            not_emergency: true,
            weight: Reverse(0),
            head_start_ms: 0,
            since_ms,
            sequence,
        }
    }
}

impl PartialOrd for Place {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }

    #[inline]
    fn lt(&self, other: &Self) -> bool {
        let (rank, others) = (self.rank(), other.rank());
        rank < others || (rank == others && self.sequence < other.sequence)
    }
}

impl Ord for Place {
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        let sequence = || self.sequence.cmp(&other.sequence);
        self.rank().cmp(&other.rank()).then_with(sequence)
    }
}
