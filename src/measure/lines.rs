//! Attempts by the line that they called, where a plan has several.

use super::metrics::Metric;
use super::metrics::count;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::id::LineId;
use crate::exchange::record::Outcome;
use serde::Deserialize;
use serde::Serialize;
use std::ops::AddAssign;

/// Metrics of one line, for the run and for an interval.
pub(super) const LINE: &[Metric<LineTally>] = &[
    ("attempts", |at| count(at.attempts)),
    ("blocked", |at| count(at.blocked)),
    ("answered", |at| count(at.answered)),
    ("abandoned", |at| count(at.abandoned)),
];

/// What came to one line, of one interval or of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineTally {
    /// Arrivals.
    pub attempts: u64,
    /// Callers whose first attempt was one of them.
    pub callers: u64,
    /// Found no trunk, or were shed at the door.
    pub blocked: u64,
    /// Answered by an agent.
    pub answered: u64,
    /// Hung up while waiting.
    pub abandoned: u64,
}

impl AddAssign for LineTally {
    fn add_assign(&mut self, other: Self) {
        self.attempts += other.attempts;
        self.callers += other.callers;
        self.blocked += other.blocked;
        self.answered += other.answered;
        self.abandoned += other.abandoned;
    }
}

/// One line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineFigures {
    /// The whole run.
    pub total: LineTally,
    /// One per interval of the frame.
    pub intervals: Vec<LineTally>,
}

/// The sums of all lines of a run; none where there is one line, whose sums are those of the whole.
#[derive(Clone, Debug)]
pub(super) struct Lines {
    /// Line by line, its cells together.
    cells: Vec<LineTally>,
    of_each: usize,
}

impl Lines {
    pub(super) fn new(plan: &Dialplan, of_each: usize) -> Self {
        let lines = if has_several(plan) {
            plan.lines.len()
        } else {
            0
        };
        Self {
            cells: vec![LineTally::default(); lines * of_each],
            of_each,
        }
    }

    pub(super) fn reset(&mut self) {
        self.cells.fill(LineTally::default());
    }

    /// An attempt has come in this interval, the caller's first or not.
    #[inline]
    pub(super) fn came(&mut self, line: LineId, cell: usize, first: bool) {
        if !self.cells.is_empty() {
            let at = self.at(line, cell);
            at.attempts += 1;
            at.callers += u64::from(first);
        }
    }

    /// It found no line free, or was shed at the door.
    pub(super) fn blocked(&mut self, line: LineId, cell: usize) {
        if !self.cells.is_empty() {
            self.at(line, cell).blocked += 1;
        }
    }

    /// One that came in this interval is over.
    #[inline]
    pub(super) fn ended(&mut self, line: LineId, cell: usize, outcome: Outcome) {
        if !self.cells.is_empty() {
            let at = self.at(line, cell);
            at.answered += u64::from(outcome == Outcome::Answered);
            at.abandoned += u64::from(outcome == Outcome::Abandoned);
        }
    }

    #[inline(never)]
    fn at(&mut self, line: LineId, cell: usize) -> &mut LineTally {
        &mut self.cells[line.index() * self.of_each + cell]
    }

    /// What all of them have come to, by interval where there are any.
    pub(super) fn figures(&self, has_intervals: bool) -> Vec<LineFigures> {
        let figures = |cells: &[LineTally]| {
            let mut total = LineTally::default();
            cells.iter().for_each(|cell| total += *cell);
            LineFigures {
                total,
                intervals: if has_intervals {
                    cells.to_vec()
                } else {
                    Vec::new()
                },
            }
        };
        self.cells.chunks(self.of_each).map(figures).collect()
    }
}

/// Whether lines are counted apart.
pub(super) fn has_several(plan: &Dialplan) -> bool {
    plan.lines.len() > 1
}
