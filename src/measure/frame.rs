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
    /// Begin of the cell; `u64::MAX` outside the frame, which makes every span take the long way.
    begin_ms: u64,
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
            begin_ms: u64::MAX,
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
        if now >= frame.until {
            (self.cell, self.begin_ms, self.end_ms) = (last, u64::MAX, u64::MAX);
            return;
        }
        self.cell = self.cell_of(now);
        self.begin_ms = frame.from.0 + self.cell as u64 * frame.interval.0;
        self.end_ms = self.end_of(self.cell);
    }

    /// Whether now is inside the frame.
    #[inline]
    pub(super) fn is_inside(&self) -> bool {
        self.begin_ms != u64::MAX
    }

    /// The cell of now; the last one after the frame.
    #[inline]
    pub(super) fn cell(&self) -> usize {
        self.cell
    }

    /// Divides the time from `since` to `now` among the cells: `add(cell, ms)` for each part.
    #[inline]
    pub(super) fn divide(&self, since: Tick, now: Tick, mut add: impl FnMut(usize, u64)) {
        if since.0 >= self.begin_ms {
            add(self.cell, now.0 - since.0);
        } else {
            self.divide_among(since, now, add);
        }
    }

    /// The same where it may be more than the cell of now.
    #[inline(never)]
    fn divide_among(&self, since: Tick, now: Tick, mut add: impl FnMut(usize, u64)) {
        let mut begin = since.max(self.frame.from);
        let end = now.min(self.frame.until);
        while begin < end {
            let cell = self.cell_of(begin);
            let border = self.end_of(cell).min(end.0);
            add(cell, border - begin.0);
            begin = Tick(border);
        }
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

    fn end_of(&self, cell: usize) -> u64 {
        if cell + 1 == self.frame.cells() {
            return self.frame.until.0;
        }
        self.frame.from.0 + (cell as u64 + 1) * self.frame.interval.0
    }
}
