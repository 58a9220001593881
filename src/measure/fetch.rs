//! Memory that is asked for before it is needed.
//!
//! What is known of ten thousand agents is in no cache when one of them is looked at, and would be
//! waited for table by table. Whoever knows what will be looked at next asks for all of it first, and
//! waits once.

use std::hint::black_box;

/// Reads an entry, if there is one, and does nothing with it: the processor goes on before it has come.
#[inline]
pub(super) fn fetch<T: Copy>(table: &[T], place: usize) {
    black_box(table.get(place).copied());
}
