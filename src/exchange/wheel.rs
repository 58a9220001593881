//! Deadlines: a hierarchical timer wheel with cancellation, first in first out within a tick.
//!
//! Seven levels of 64 slots, one slot of the lowest being one millisecond: 2^42 ms, 139 years. An
//! entry sits on the level of the highest six-bit digit in which its time differs from the wheel's,
//! so the lowest occupied level always holds the earliest entries. Slots are linked lists through
//! one arena, which makes cancelling O(1) and keeps the order of equal times when a slot is spread
//! over the level below (after Varghese and Lauck, "Hashed and hierarchical timing wheels", 1987).
//!
//! The exchange keeps its deadlines here and the simulator its agenda.

use super::time::Tick;
use serde::Deserialize;
use serde::Serialize;

const BITS: u32 = 6;
const SLOTS: usize = 1 << BITS;
const LEVELS: usize = 7;
const NONE: u32 = u32::MAX;
/// The earliest times that a search finds at once.
const EARLIEST_MAX: usize = 64;

/// Names a scheduled entry until it fires or is cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimerId {
    index: u32,
    generation: u32,
}

/// Entries in the order of their times.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Wheel<T> {
    now: u64,
    nodes: Vec<Node<T>>,
    free: u32,
    slots: Box<[Slot]>,
    occupied: [u64; LEVELS],
    /// The earliest times, latest first, one for each entry; fewer than [`EARLIEST_MAX`] or none
    /// after others have gone. So a deadline that is set for the near future and cancelled at once,
    /// as most are, costs no search, and neither does every cancelling of the earliest of many.
    #[serde(skip)]
    earliest: Vec<u64>,
    len: usize,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Node<T> {
    at: u64,
    next: u32,
    prev: u32,
    generation: u32,
    slot: u32,
    item: T,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Slot {
    head: u32,
    tail: u32,
}

impl<T: Copy> Default for Wheel<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Copy> Wheel<T> {
    /// An empty wheel at the origin.
    pub fn new() -> Self {
        Self {
            now: 0,
            nodes: Vec::new(),
            free: NONE,
            slots: vec![
                Slot {
                    head: NONE,
                    tail: NONE,
                };
                LEVELS * SLOTS
            ]
            .into_boxed_slice(),
            occupied: [0; LEVELS],
            earliest: Vec::with_capacity(EARLIEST_MAX),
            len: 0,
        }
    }

    /// How many entries wait.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds an entry. Panics when `at` lies before the last entry taken or 139 years ahead of it.
    pub fn schedule(&mut self, at: Tick, item: T) -> TimerId {
        assert!(at.0 >= self.now, "an entry lies before the wheel's time");
        assert!(
            (at.0 ^ self.now) >> (BITS * LEVELS as u32) == 0,
            "an entry lies too far ahead"
        );
        let index = self.take_node(at.0, item);
        self.place(index);
        self.len += 1;
        self.came(at.0);
        TimerId {
            index,
            generation: self.nodes[index as usize].generation,
        }
    }

    /// Takes an entry out before its time; none if it has fired or been cancelled before.
    pub fn cancel(&mut self, id: TimerId) -> Option<T> {
        let node = self.nodes.get(id.index as usize)?;
        if node.generation != id.generation {
            return None;
        }
        let (at, item) = (node.at, node.item);
        self.unlink(id.index);
        self.release(id.index);
        self.went(at);
        Some(item)
    }

    /// The time of the earliest entry.
    pub fn first(&mut self) -> Option<Tick> {
        if self.len == 0 {
            return None;
        }
        if self.earliest.is_empty() {
            self.find_earliest();
        }
        self.earliest.last().copied().map(Tick)
    }

    /// Takes the earliest entry if it is due at `limit`.
    pub fn pop_due(&mut self, limit: Tick) -> Option<(Tick, T)> {
        if self.first()? > limit {
            return None;
        }
        self.pop()
    }

    /// Takes the earliest entry.
    pub fn pop(&mut self) -> Option<(Tick, T)> {
        if self.len == 0 {
            return None;
        }
        loop {
            let (level, slot) = self.first_occupied();
            let place = level * SLOTS + slot;
            if level > 0 {
                let shift = BITS * level as u32;
                self.now =
                    (self.now >> (shift + BITS) << (shift + BITS)) | ((slot as u64) << shift);
                self.spread(place);
                continue;
            }
            let index = self.slots[place].head;
            let (at, item) = (
                self.nodes[index as usize].at,
                self.nodes[index as usize].item,
            );
            self.now = at;
            self.unlink(index);
            self.release(index);
            self.went(at);
            return Some((Tick(at), item));
        }
    }

    /// An entry was added.
    fn came(&mut self, at: u64) {
        let all_known = self.earliest.len() + 1 == self.len;
        if all_known || self.earliest.first().is_some_and(|latest| at < *latest) {
            self.note_early(at);
        }
    }

    /// An entry was taken out.
    fn went(&mut self, at: u64) {
        let place = self.earliest.partition_point(|other| *other > at);
        if self.earliest.get(place) == Some(&at) {
            self.earliest.remove(place);
        }
    }

    /// Puts a time among the earliest; the latest of them makes room.
    fn note_early(&mut self, at: u64) {
        let place = self.earliest.partition_point(|other| *other > at);
        if self.earliest.len() < EARLIEST_MAX {
            self.earliest.insert(place, at);
        } else if place > 0 {
            self.earliest.copy_within(1..place, 0);
            self.earliest[place - 1] = at;
        }
    }

    fn first_occupied(&self) -> (usize, usize) {
        let level = self
            .occupied
            .iter()
            .position(|bits| *bits != 0)
            .expect("the wheel is not empty");
        (level, self.occupied[level].trailing_zeros() as usize)
    }

    fn find_earliest(&mut self) {
        let (level, slot) = self.first_occupied();
        let mut index = self.slots[level * SLOTS + slot].head;
        while index != NONE {
            let node = &self.nodes[index as usize];
            let (at, next) = (node.at, node.next);
            self.note_early(at);
            // All entries of a slot of the lowest level have the same time.
            index = if level == 0 { NONE } else { next };
        }
    }

    /// Moves the entries of a slot to the levels below, in their order.
    fn spread(&mut self, place: usize) {
        let mut index = self.slots[place].head;
        self.slots[place] = Slot {
            head: NONE,
            tail: NONE,
        };
        self.occupied[place / SLOTS] &= !(1 << (place % SLOTS));
        while index != NONE {
            let next = self.nodes[index as usize].next;
            self.place(index);
            index = next;
        }
    }

    /// Appends a node to the slot of its time.
    fn place(&mut self, index: u32) {
        let at = self.nodes[index as usize].at;
        let differs = at ^ self.now;
        let level = (63 - (differs | 1).leading_zeros()) / BITS;
        let slot = (at >> (BITS * level)) as usize % SLOTS;
        let place = level as usize * SLOTS + slot;
        let tail = self.slots[place].tail;
        let node = &mut self.nodes[index as usize];
        (node.prev, node.next, node.slot) = (tail, NONE, place as u32);
        match tail {
            NONE => self.slots[place].head = index,
            tail => self.nodes[tail as usize].next = index,
        }
        self.slots[place].tail = index;
        self.occupied[level as usize] |= 1 << slot;
    }

    fn unlink(&mut self, index: u32) {
        let (prev, next, place) = {
            let node = &self.nodes[index as usize];
            (node.prev, node.next, node.slot as usize)
        };
        match prev {
            NONE => self.slots[place].head = next,
            prev => self.nodes[prev as usize].next = next,
        }
        match next {
            NONE => self.slots[place].tail = prev,
            next => self.nodes[next as usize].prev = prev,
        }
        if self.slots[place].head == NONE {
            self.occupied[place / SLOTS] &= !(1 << (place % SLOTS));
        }
    }

    fn take_node(&mut self, at: u64, item: T) -> u32 {
        if self.free == NONE {
            let index = self.nodes.len() as u32;
            self.nodes.push(Node {
                at,
                next: NONE,
                prev: NONE,
                generation: 0,
                slot: 0,
                item,
            });
            return index;
        }
        let index = self.free;
        let node = &mut self.nodes[index as usize];
        self.free = node.next;
        (node.at, node.item) = (at, item);
        index
    }

    fn release(&mut self, index: u32) {
        let node = &mut self.nodes[index as usize];
        node.generation = node.generation.wrapping_add(1);
        node.next = self.free;
        self.free = index;
        self.len -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    #[test]
    fn equal_times_fire_in_the_order_of_scheduling() {
        let mut wheel = Wheel::new();
        for item in 0..3 {
            wheel.schedule(Tick(100_000), item);
        }
        wheel.schedule(Tick(99_990), 9);
        assert_eq!(wheel.pop(), Some((Tick(99_990), 9)));
        wheel.schedule(Tick(100_000), 3);
        let order: Vec<i32> = std::iter::from_fn(|| wheel.pop().map(|(_, item)| item)).collect();
        assert_eq!(order, [0, 1, 2, 3]);
    }

    #[test]
    fn a_cancelled_entry_does_not_fire_and_its_name_dies() {
        let mut wheel = Wheel::new();
        let first = wheel.schedule(Tick(5), 'a');
        wheel.schedule(Tick(7), 'b');
        assert_eq!(wheel.first(), Some(Tick(5)));
        assert_eq!(wheel.cancel(first), Some('a'));
        assert_eq!(wheel.cancel(first), None);
        assert_eq!(wheel.first(), Some(Tick(7)));
        let reused = wheel.schedule(Tick(6), 'c');
        assert_eq!(wheel.cancel(first), None);
        assert_eq!(wheel.cancel(reused), Some('c'));
        assert_eq!(wheel.pop_due(Tick(6)), None);
        assert_eq!(wheel.pop_due(Tick(7)), Some((Tick(7), 'b')));
    }

    #[test]
    fn the_earliest_of_many_in_one_slot_is_found_again_and_again() {
        let mut wheel = Wheel::new();
        let at = |number: u64| 300_000 + number * 7919 % 1000;
        let ids: Vec<TimerId> = (0..1000)
            .map(|number| wheel.schedule(Tick(at(number)), number))
            .collect();
        let mut order: Vec<u64> = (0..1000).collect();
        order.sort_by_key(|number| at(*number));
        for (gone, number) in order.iter().enumerate() {
            assert_eq!(wheel.first(), Some(Tick(at(*number))), "after {gone}");
            wheel.cancel(ids[*number as usize]);
            let near = wheel.schedule(Tick(1000), 0);
            assert_eq!(wheel.first(), Some(Tick(1000)));
            wheel.cancel(near);
        }
        assert_eq!(wheel.first(), None);
    }

    proptest! {
        /// Against an ordered map keyed by (time, sequence), operation by operation.
        #[test]
        fn agrees_with_an_ordered_map(
            steps in proptest::collection::vec((0_u8..4, 0_u64..1 << 24), 1..400)
        ) {
            let mut wheel = Wheel::new();
            let mut model = BTreeMap::new();
            let mut live = Vec::new();
            let mut now = 0;
            for (sequence, (what, number)) in steps.into_iter().enumerate() {
                match what {
                    0 | 1 => {
                        // Mostly near, sometimes far: every level is used.
                        let at = now + if what == 0 { number % 5000 } else { number };
                        let id = wheel.schedule(Tick(at), sequence);
                        model.insert((at, sequence), ());
                        live.push((id, at, sequence));
                    }
                    2 if !live.is_empty() => {
                        let (id, at, sequence) = live.swap_remove(number as usize % live.len());
                        let known = model.remove(&(at, sequence)).map(|()| sequence);
                        prop_assert_eq!(wheel.cancel(id), known);
                    }
                    _ => {
                        let popped = wheel.pop().map(|(at, item)| (at.0, item));
                        let expected = model.pop_first().map(|(key, ())| key);
                        prop_assert_eq!(popped, expected);
                        now = popped.map_or(now, |(at, _)| at);
                    }
                }
                let earliest = model.keys().next().map(|(at, _)| Tick(*at));
                prop_assert_eq!(wheel.first(), earliest);
                prop_assert_eq!(wheel.len(), model.len());
            }
        }
    }
}
