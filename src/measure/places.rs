//! Tables by the place that a call's id names. They grow with the calls.

use crate::exchange::ahead::make_room;

/// What stands in a place; `none` in all up to it where the table has not come so far.
#[inline]
pub(super) fn at_place<T: Clone>(
    table: &mut Vec<T>,
    place: usize,
    none: impl FnOnce() -> T,
) -> &mut T {
    if place < table.len() {
        return &mut table[place];
    }
    grow(table, place, none())
}

#[cold]
fn grow<T: Clone>(table: &mut Vec<T>, place: usize, none: T) -> &mut T {
    make_room(table, place + 1);
    table.resize(place + 1, none);
    &mut table[place]
}
