//! The time that statistics cover, and the interval of now.

use crate::exchange::time::Span;
use crate::exchange::time::Tick;

/// The time that statistics cover: `[from, until)`, cut into intervals of equal length.
///
/// Attempts that arrive inside it are counted and followed to their end; agents' time is counted
/// inside it. A steady state has no intervals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// When statistics begin: the origin for a day, the end of the warm-up for a steady state.
    pub from: Tick,
    /// The length of an interval.
    pub interval: Span,
    /// How many intervals; 0 for none, and then [`Frame::interval`] means nothing.
    pub intervals: usize,
    /// When statistics end. The last interval reaches to here.
    pub until: Tick,
}

impl Frame {
    /// One stretch of time without intervals.
    pub fn whole(from: Tick, until: Tick) -> Self {
        Self {
            from,
            interval: Span::ZERO,
            intervals: 0,
            until,
        }
    }

    /// Cells to count in: one per interval, and one where there are no intervals.
    pub(super) fn cells(&self) -> usize {
        self.intervals.max(1)
    }
}

/// The interval of now, kept so that most records need no division.
#[derive(Clone, Debug)]
pub(super) struct Clock {
    frame: Frame,
    cell: usize,
    is_inside: bool,
    /// The first moment at which [`Clock::roll`] has to be called.
    end_ms: u64,
}

impl Clock {
    pub(super) fn new(frame: Frame) -> Self {
        assert!(
            frame.until >= frame.from,
            "statistics end before they begin"
        );
        assert!(
            frame.intervals < 2 || frame.interval > Span::ZERO,
            "intervals have a length"
        );
        Self {
            frame,
            cell: 0,
            is_inside: false,
            end_ms: frame.from.0,
        }
    }

    /// Whether [`Clock::roll`] has to be called before anything is counted at `now`.
    #[inline]
    pub(super) fn is_stale(&self, now: Tick) -> bool {
        now.0 >= self.end_ms
    }

    /// Moves to the cell of `now`, or past the end, where the last cell stays.
    pub(super) fn roll(&mut self, now: Tick) {
        let frame = self.frame;
        let last = frame.cells() - 1;
        self.is_inside = now < frame.until;
        if !self.is_inside {
            (self.cell, self.end_ms) = (last, u64::MAX);
            return;
        }
        self.cell = self.cell_of(now);
        self.end_ms = self.end_of(self.cell).0;
    }

    /// Whether now is inside the frame.
    #[inline]
    pub(super) fn is_inside(&self) -> bool {
        self.is_inside
    }

    /// The cell of now; the last one after the frame.
    #[inline]
    pub(super) fn cell(&self) -> usize {
        self.cell
    }

    /// How much of the time from `since` to `now` is inside the frame.
    pub(super) fn counted(&self, since: Tick, now: Tick) -> Span {
        let (begin, end) = (since.max(self.frame.from), now.min(self.frame.until));
        end.since(begin)
    }

    /// The cell of a moment inside the frame.
    fn cell_of(&self, at: Tick) -> usize {
        let last = self.frame.cells() - 1;
        if last == 0 {
            return 0;
        }
        let passed = at.since(self.frame.from).0 / self.frame.interval.0;
        usize::try_from(passed).map_or(last, |cell| cell.min(last))
    }

    /// When a cell ends.
    pub(super) fn end_of(&self, cell: usize) -> Tick {
        if cell + 1 == self.frame.cells() {
            return self.frame.until;
        }
        let end = self.frame.from + Span((cell as u64 + 1) * self.frame.interval.0);
        end.min(self.frame.until)
    }
}
