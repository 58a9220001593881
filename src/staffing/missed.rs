//! Where goals are missed, and one person more there.

use super::times::Times;
use crate::sim::model::Model;
use crate::sim::staff::Staff;
use crate::sim::verdict::Miss;

/// The intervals of the figures in which goals of each group are missed.
pub(super) fn by_group(missed: &[Miss], model: &Model, times: &Times) -> Vec<Vec<bool>> {
    let (goals, plan) = (&model.scenario().goals, &model.plan);
    let mut cells = vec![vec![false; times.cells()]; plan.groups.len()];
    for miss in missed {
        let of_group = &mut cells[goals[miss.goal].group(plan).index()];
        match miss.interval {
            Some(cell) => of_group[cell] = true,
            None => of_group.fill(true),
        }
    }
    cells
}

/// One more of each kind who takes the calls of such a goal, where it is missed.
pub(super) fn one_more(staff: &mut Staff, missed: &[Miss], model: &Model, times: &Times) {
    let missed = by_group(missed, model, times);
    for kind in 0..staff.kinds() {
        let of_group = &missed[staff.kind(kind).0.index()];
        for slot in 0..times.slots() {
            if times.within(slot).any(|cell| of_group[cell]) {
                staff.put(kind, slot, staff.at(kind, slot) + 1);
            }
        }
    }
}
