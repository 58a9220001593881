//! What callers ask of each group in each interval of the head counts.

use super::times::Times;
use crate::measure::Summary;
use crate::measure::judged::came;
use crate::measure::row::Row;
use crate::sim::model::Model;

/// The handling time of calls of which nobody was answered, in seconds.
const HANDLING_S: f64 = 300.0;

/// What is asked of a group in an interval.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Demand {
    /// Erlangs: calls an hour times talk and wrap-up, in the busiest of the intervals of figures that it touches.
    pub(super) load: f64,
    /// The fewest who may be there: one where anybody comes to a queue of the group while it is open, though
    /// goals do not ask for it.
    pub(super) least: u32,
}

/// By group and interval.
pub(super) fn demands(model: &Model, summary: &Summary, times: &Times) -> Vec<Vec<Demand>> {
    let openings = model.openings();
    let mut demands = vec![vec![Demand::default(); times.slots()]; model.plan.groups.len()];
    for (place, queue) in model.plan.queues.iter().enumerate() {
        let row = &summary.queues[place];
        let handling_s = row.total.mean("aht_s").unwrap_or(HANDLING_S);
        for (slot, demand) in demands[queue.group.index()].iter_mut().enumerate() {
            let loads = times
                .within(slot)
                .map(|cell| calls(row, cell) / times.hours(cell) * handling_s / 3600.0);
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

/// The calls that came to a queue in an interval of the figures, or in the whole run where it has none.
pub(super) fn calls(row: &Row, cell: usize) -> f64 {
    came(row.intervals.get(cell).unwrap_or(&row.total))
}
