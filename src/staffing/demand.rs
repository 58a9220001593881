//! What callers ask of each group in each interval of the head counts.

use super::times::Times;
use crate::measure::Summary;
use crate::measure::judged::came;
use crate::measure::row::Row;
use crate::sim::model::Model;

/// The handling time of calls of which nobody was answered, in seconds.
const HANDLING_S: f64 = 300.0;

/// So many mean handling times after a call began, it is over as good as always.
const OVER_BY: f64 = 4.0;

/// What is asked of a group in an interval.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Demand {
    /// Erlangs: calls an hour times talk and wrap-up, in the busiest of the intervals of figures that it touches.
    pub(super) load: f64,
    /// The fewest who may be there: one where anybody comes to a queue of the group while it is open, though
    /// goals do not ask for it.
    pub(super) least: u32,
}

impl Demand {
    /// What is asked where either may be.
    pub(super) fn or(self, other: Self) -> Self {
        Self {
            load: self.load.max(other.load),
            least: self.least.max(other.least),
        }
    }
}

/// By group and interval.
pub(super) fn demands(model: &Model, summary: &Summary, times: &Times) -> Vec<Vec<Demand>> {
    let openings = model.openings();
    let mut demands = vec![vec![Demand::default(); times.slots()]; model.plan.groups.len()];
    for (place, queue) in model.plan.queues.iter().enumerate() {
        let row = &summary.queues[place];
        for (slot, demand) in demands[queue.group.index()].iter_mut().enumerate() {
            let loads = times.within(slot).map(|cell| {
                let handling_s = handling_s(row, cell, times).unwrap_or(HANDLING_S);
                calls(row, cell) / times.hours(cell) * handling_s / 3600.0
            });
            demand.load += loads.fold(0.0, f64::max);
            let comes = |cell: usize| {
                let is_open = openings[place].get(cell).copied().unwrap_or(true);
                is_open && calls(row, cell) > 0.0
            };
            if times.within(slot).any(comes) {
                demand.least = 1;
            }
        }
    }
    demands
}

/// How long its answered calls of an interval kept agents at work, in seconds; those of the whole run where
/// nobody was answered in it. Only talks that were over when the run ended are known, and of those that began
/// shortly before, too short ones: the last interval before these stands for them.
pub(super) fn handling_s(row: &Row, cell: usize, times: &Times) -> Option<f64> {
    let usual_s = row.total.mean("aht_s")?;
    let mut known = (0..=cell).rev();
    let known = known.find(|cell| times.left_s(*cell) >= OVER_BY * usual_s);
    let at = known.and_then(|known| row.intervals.get(known));
    at.and_then(|at| at.mean("aht_s")).or(Some(usual_s))
}

/// The calls that came to a queue in an interval of the figures, or in the whole run where it has none.
pub(super) fn calls(row: &Row, cell: usize) -> f64 {
    came(row.intervals.get(cell).unwrap_or(&row.total))
}
