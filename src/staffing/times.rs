//! The intervals of head counts beside those of figures.

use crate::measure::Frame;
use crate::sim::model::Model;
use crate::sim::staff::Staff;
use std::ops::Range;

/// Which intervals of the figures each interval of the head counts touches.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Times {
    /// By interval of the head counts.
    slots: Vec<Range<i64>>,
    /// By interval of the figures; the whole run as one where there are none.
    cells: Vec<Range<i64>>,
}

impl Times {
    /// Those of a case. A steady state is one: its batches are none of the figures.
    pub(super) fn of(staff: &Staff, model: &Model) -> Self {
        let frame = model.frame;
        match model.scenario().interval {
            Some(_) => Self::new(staff, frame),
            None => Self::new(staff, Frame::whole(frame.from, frame.until)),
        }
    }

    fn new(staff: &Staff, frame: Frame) -> Self {
        let length = staff.interval().0 as i64;
        let slots = (0..staff.intervals()).map(|slot| {
            let begins = staff.begins_ms(slot);
            begins..begins + length
        });
        let (from, until) = (frame.from.0 as i64, frame.until.0 as i64);
        let count = frame.intervals.max(1);
        let cells = (0..count).map(|cell| {
            let begins = |cell: usize| from + (frame.interval.0 * cell as u64) as i64;
            let is_last = cell + 1 == count;
            begins(cell)..if is_last { until } else { begins(cell + 1) }
        });
        Self {
            slots: slots.collect(),
            cells: cells.collect(),
        }
    }

    pub(super) fn slots(&self) -> usize {
        self.slots.len()
    }

    pub(super) fn cells(&self) -> usize {
        self.cells.len()
    }

    /// The intervals of the figures in which people of this interval work.
    pub(super) fn within(&self, slot: usize) -> Range<usize> {
        self.touched(&self.slots[slot])
    }

    /// Those in which it is felt when there are fewer people: whoever came shortly before still waits, and who
    /// comes after meets the line that was left.
    pub(super) fn around(&self, slot: usize) -> Range<usize> {
        let Range { start, end } = self.slots[slot].clone();
        self.touched(&(start - (end - start)..end + (end - start)))
    }

    fn touched(&self, time: &Range<i64>) -> Range<usize> {
        let first = self.cells.partition_point(|cell| cell.end <= time.start);
        let end = self.cells.partition_point(|cell| cell.start < time.end);
        first..end.max(first)
    }

    /// So many intervals lie between two in which people are taken away at once, so that each answers for its
    /// own surroundings.
    pub(super) fn stride(&self) -> usize {
        let apart = |slot: usize| {
            let end = self.around(slot).end;
            let mut next = slot + 1..self.slots();
            next.find(|next| self.around(*next).start >= end)
                .map_or(self.slots() - slot, |next| next - slot)
        };
        (0..self.slots()).map(apart).max().unwrap_or(1)
    }

    /// The time from the end of an interval of the figures to that of the run, in seconds.
    pub(super) fn left_s(&self, cell: usize) -> f64 {
        let last = self.cells.last().map_or(0, |cell| cell.end);
        (last - self.cells[cell].end) as f64 / 1000.0
    }

    /// The length of an interval of the figures, in hours.
    pub(super) fn hours(&self, cell: usize) -> f64 {
        let Range { start, end } = self.cells[cell];
        (end - start) as f64 / 3_600_000.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::id::GroupId;
    use crate::exchange::time::Span;
    use crate::exchange::time::Tick;

    fn times(slot_min: u64, cell_min: u64, hours: u64) -> Times {
        let length = Span::minutes(60 * hours);
        let staff = Staff::constant(length, vec![(GroupId(0), 3)]);
        let frame = Frame {
            from: Tick(0),
            interval: Span::minutes(cell_min),
            intervals: (60 * hours / cell_min) as usize,
            until: Tick(0) + length,
        };
        Times::new(&staff.divided(Span::minutes(slot_min), length), frame)
    }

    #[test]
    fn people_are_felt_in_their_interval_and_beside_it() {
        let same = times(30, 30, 3);
        assert_eq!((same.slots(), same.cells()), (6, 6));
        assert_eq!((same.left_s(3), same.left_s(5)), (3600.0, 0.0));
        assert_eq!((same.within(2), same.around(2)), (2..3, 1..4));
        assert_eq!((same.around(0), same.around(5)), (0..2, 4..6));
        assert_eq!(same.stride(), 3);
        let hours = times(60, 30, 3);
        assert_eq!((hours.within(1), hours.around(1)), (2..4, 0..6));
        assert_eq!(hours.stride(), 3);
        let quarters = times(15, 30, 3);
        assert_eq!((quarters.within(3), quarters.around(3)), (1..2, 1..3));
        assert!((quarters.stride(), quarters.hours(1)) == (4, 0.5));
    }

    #[test]
    fn a_steady_state_is_one_interval() {
        let length = Span::minutes(600);
        let staff = Staff::constant(length, vec![(GroupId(0), 3)]);
        let times = Times::new(&staff, Frame::whole(Tick(60_000), Tick(0) + length));
        assert_eq!((times.slots(), times.cells(), times.stride()), (1, 1, 1));
        assert_eq!((times.within(0), times.around(0)), (0..1, 0..1));
    }
}
