//! Who comes to a shift, when, and for which parts of it somebody who came is away unplanned.

use super::distribution::standard_exponential;
use super::scenario::Agents;
use super::stream::Purpose;
use super::stream::Streams;
use super::worker::Break;
use super::worker::Shift;
use super::worker::Worker;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use crate::menu::fnv::Fnv;

/// What one person makes of one shift: the same whatever everybody else does.
pub(super) struct Attendance<'a> {
    habits: &'a Agents,
    streams: &'a Streams,
    shift: &'a Shift,
    /// The person's name and which of their shifts it is.
    entity: u64,
}

impl<'a> Attendance<'a> {
    /// All shifts of somebody, in the order of time.
    pub(super) fn of(
        (habits, streams): (&'a Agents, &'a Streams),
        worker: &'a Worker,
    ) -> impl Iterator<Item = Self> {
        let name = Fnv::of_bytes(worker.name.as_bytes());
        let shifts = worker.shifts.iter().enumerate();
        shifts.map(move |(nth, shift)| Self {
            habits,
            streams,
            shift,
            entity: name.wrapping_add(nth as u64),
        })
    }

    /// When this person comes, if at all: nobody comes when the shift is over.
    pub(super) fn comes(&self) -> Option<Tick> {
        let absent = self.habits.absent;
        if absent > 0.0 && self.streams.unit(Purpose::Absent, self.entity) < absent {
            return None;
        }
        let late = self.lateness().0.saturating_sub(self.shift.begun.0);
        let comes = self.shift.from + Span(late);
        (comes < self.shift.to).then_some(comes)
    }

    /// How long after its start somebody comes who does.
    fn lateness(&self) -> Span {
        let Some(late) = &self.habits.late else {
            return Span::ZERO;
        };
        let mut stream = self.streams.stream(Purpose::Late, self.entity);
        if stream.chance(late.share) {
            late.by.sample(stream.unit())
        } else {
            Span::ZERO
        }
    }

    /// Breaks, and times away that nobody planned and that are taken like them.
    pub(super) fn breaks(&self) -> Vec<Break> {
        let mut breaks = self.shift.breaks.clone();
        breaks.extend(self.away());
        breaks
    }

    /// Times away are due as a Poisson process that loses the share asked for; each at a moment from
    /// which it fits into the shift, so that nothing of the share is cut off at its end.
    fn away(&self) -> Vec<Break> {
        let Some(away) = &self.habits.away else {
            return Vec::new();
        };
        let whole = self.shift.to - self.shift.from;
        let mean_gap = away.gap_s() / whole.as_seconds();
        let mut stream = self.streams.stream(Purpose::Away, self.entity);
        let mut due = Vec::new();
        let mut part = 0.0;
        loop {
            part += mean_gap * standard_exponential(stream.unit());
            if part >= 1.0 {
                return due;
            }
            let length = away.length.sample(stream.unit()).min(whole);
            let latest = (whole.0 - length.0) as f64;
            due.push(Break {
                at: self.shift.from + Span((latest * part) as u64),
                length,
            });
        }
    }
}
