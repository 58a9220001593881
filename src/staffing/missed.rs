//! Where goals are missed, and more people there.

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
pub(super) fn one_more_of_each(staff: &mut Staff, missed: &[Miss], model: &Model, times: &Times) {
    for (kind, slot) in where_missed(staff, missed, model, times) {
        staff.put(kind, slot, staff.at(kind, slot) + 1);
    }
}

/// The kinds and intervals of the head counts that take the calls of goals that are missed there.
pub(super) fn where_missed(
    staff: &Staff,
    missed: &[Miss],
    model: &Model,
    times: &Times,
) -> Vec<(usize, usize)> {
    let missed = by_group(missed, model, times);
    let mut found = Vec::new();
    for kind in 0..staff.kinds() {
        let of_group = &missed[staff.kind(kind).0.index()];
        let slots =
            (0..times.slots()).filter(|slot| times.within(*slot).any(|cell| of_group[cell]));
        found.extend(slots.map(|slot| (kind, slot)));
    }
    found
}
