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
use std::num::NonZeroU32;

const BITS: u32 = 6;
const SLOTS: usize = 1 << BITS;
const LEVELS: usize = 7;
const NONE: u32 = u32::MAX;
/// A slot with more entries than this is not searched for its earliest one.
const SEARCH_MAX: u32 = 64;

/// Names a scheduled entry until it fires or is cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimerId {
    index: u32,
    generation: NonZeroU32,
}

/// Entries in the order of their times.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Wheel<T> {
    now: u64,
    nodes: Vec<Node<T>>,
    free: u32,
    slots: Box<[Slot]>,
    occupied: [u64; LEVELS],
    /// The earliest time, and the earliest of all entries but one of that time: a deadline that is
    /// set for the near future and cancelled at once, as most are, then costs no search.
    earliest: Option<u64>,
    second: Option<u64>,
    len: usize,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Node<T> {
    at: u64,
    next: u32,
    prev: u32,
    generation: NonZeroU32,
    slot: u32,
    item: T,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Slot {
    head: u32,
    tail: u32,
    len: u32,
}

impl Slot {
    const EMPTY: Self = Self {
        head: NONE,
        tail: NONE,
        len: 0,
    };
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
            slots: vec![Slot::EMPTY; LEVELS * SLOTS].into_boxed_slice(),
            occupied: [0; LEVELS],
            earliest: None,
            second: None,
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
        let at = self.earliest.unwrap_or_else(|| self.find_earliest());
        self.earliest = Some(at);
        Some(Tick(at))
    }

    /// A time from `now` on before which nothing is due: that of the earliest entry, or an earlier
    /// one where very many entries would have to be looked at. It costs the same however many there
    /// are. What was due before `now` has been taken.
    pub fn not_before(&mut self, now: Tick) -> Option<Tick> {
        if self.len > 0 && self.earliest.is_none() {
            let (level, slot) = self.first_occupied();
            if level > 0 && self.slots[level * SLOTS + slot].len > SEARCH_MAX {
                // Time may have moved into the slot without anything taken from it.
                return Some(now.max(Tick(self.start_of(level, slot))));
            }
        }
        self.first()
    }

    /// Takes the earliest entry if it is due at `limit`. Nothing may be scheduled before `limit`
    /// when none is.
    pub fn pop_due(&mut self, limit: Tick) -> Option<(Tick, T)> {
        while self.not_before(Tick(self.now))? <= limit {
            if let Some(popped) = self.step() {
                return Some(popped);
            }
        }
        None
    }

    /// Takes the earliest entry.
    pub fn pop(&mut self) -> Option<(Tick, T)> {
        while self.len > 0 {
            if let Some(popped) = self.step() {
                return Some(popped);
            }
        }
        None
    }

    /// Takes the earliest entry if it is on the lowest level; otherwise brings it nearer to it.
    fn step(&mut self) -> Option<(Tick, T)> {
        let (level, slot) = self.first_occupied();
        let place = level * SLOTS + slot;
        if level > 0 {
            self.now = self.start_of(level, slot);
            self.spread(place);
            return None;
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
        Some((Tick(at), item))
    }

    /// The first millisecond of a slot.
    fn start_of(&self, level: usize, slot: usize) -> u64 {
        let shift = BITS * level as u32;
        (self.now >> (shift + BITS) << (shift + BITS)) | ((slot as u64) << shift)
    }

    /// An entry was added.
    fn came(&mut self, at: u64) {
        if self.len == 1 {
            (self.earliest, self.second) = (Some(at), None);
            return;
        }
        match self.earliest {
            Some(earliest) if at < earliest => {
                (self.earliest, self.second) = (Some(at), Some(earliest));
            }
            Some(_) => self.second = self.second.map(|second| second.min(at)),
            None => {}
        }
    }

    /// An entry was taken out.
    fn went(&mut self, at: u64) {
        if self.earliest == Some(at) {
            self.earliest = self.second.take();
        } else if self.second == Some(at) {
            self.second = None;
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

    fn find_earliest(&self) -> u64 {
        let (level, slot) = self.first_occupied();
        let mut index = self.slots[level * SLOTS + slot].head;
        let mut least = u64::MAX;
        while index != NONE {
            let node = &self.nodes[index as usize];
            least = least.min(node.at);
            index = if level == 0 { NONE } else { node.next };
        }
        least
    }

    /// Moves the entries of a slot to the levels below, in their order.
    fn spread(&mut self, place: usize) {
        let mut index = self.slots[place].head;
        self.slots[place] = Slot::EMPTY;
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
        self.slots[place].len += 1;
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
        self.slots[place].len -= 1;
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
                generation: NonZeroU32::MIN,
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
        node.generation = node.generation.checked_add(1).unwrap_or(NonZeroU32::MIN);
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
    fn of_very_many_only_a_bound_is_told_until_they_are_near() {
        let mut wheel = Wheel::new();
        let at = |number: u64| 300_000 + number * 7919 % 1000;
        let ids: Vec<TimerId> = (0..1000)
            .map(|number| wheel.schedule(Tick(at(number)), number))
            .collect();
        assert_eq!(wheel.not_before(Tick(0)), Some(Tick(300_000)));
        wheel.cancel(ids[0]);
        let bound = wheel.not_before(Tick(0)).expect("entries wait");
        assert!(bound <= Tick(300_001), "{bound:?}");
        // Whoever wakes for the bounds comes to every entry at its time.
        let (mut taken, mut now) = (0, Tick(0));
        while let Some(next) = wheel.not_before(now) {
            now = next;
            while let Some((due, number)) = wheel.pop_due(now) {
                assert_eq!((due, due.0), (now, at(number)));
                taken += 1;
            }
        }
        assert_eq!(taken, 999);
    }

    #[test]
    fn a_bound_is_not_past_when_time_has_moved_into_a_slot() {
        let mut wheel = Wheel::new();
        let ids: Vec<TimerId> = (0..60).map(|n| wheel.schedule(Tick(5000 + n), n)).collect();
        assert_eq!(wheel.not_before(Tick(0)), Some(Tick(5000)));
        for number in 60..120 {
            wheel.schedule(Tick(5000 + number), number);
        }
        assert_eq!(wheel.pop_due(Tick(4500)), None);
        wheel.cancel(ids[0]);
        assert_eq!(wheel.not_before(Tick(4500)), Some(Tick(4500)));
        assert_eq!(wheel.pop_due(Tick(4500)), None);
        assert_eq!(wheel.not_before(Tick(4500)), Some(Tick(5001)));
        assert_eq!(wheel.pop_due(Tick(5001)), Some((Tick(5001), 1)));
    }

    proptest! {
        /// Many entries in few slots; time moves on between them without anything being due.
        #[test]
        fn a_bound_is_never_past_and_never_late(
            steps in proptest::collection::vec((0_u8..8, 0_u64..6000), 200..800)
        ) {
            let (mut wheel, mut now) = (Wheel::new(), 0);
            let mut live: Vec<(TimerId, u64)> = Vec::new();
            for (what, number) in steps {
                match what {
                    0..=3 => {
                        let at = now + 2000 + number;
                        live.push((wheel.schedule(Tick(at), at), at));
                    }
                    4 | 5 if !live.is_empty() => {
                        // The earliest one goes most often, as when callers press a key at last.
                        let place = match number % 3 {
                            0 => number as usize % live.len(),
                            _ => (0..live.len()).min_by_key(|place| live[*place].1).unwrap_or(0),
                        };
                        let (id, at) = live.swap_remove(place);
                        prop_assert_eq!(wheel.cancel(id), Some(at));
                    }
                    _ => {
                        now += number / 16;
                        while let Some((at, item)) = wheel.pop_due(Tick(now)) {
                            prop_assert_eq!(at, Tick(item));
                            let place = live.iter().position(|(_, live)| *live == item);
                            live.swap_remove(place.expect("it was scheduled"));
                        }
                    }
                }
                let earliest = live.iter().map(|(_, at)| Tick(*at)).min();
                let bound = wheel.not_before(Tick(now));
                prop_assert!(bound <= earliest && bound.is_some() == earliest.is_some());
                prop_assert!(bound.is_none_or(|bound| bound >= Tick(now)));
                prop_assert!(earliest.is_none_or(|earliest| earliest > Tick(now)));
            }
        }

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
                prop_assert!(wheel.not_before(Tick(now)) <= earliest);
                prop_assert_eq!(wheel.not_before(Tick(now)).is_some(), earliest.is_some());
                prop_assert_eq!(wheel.first(), earliest);
                prop_assert_eq!(wheel.len(), model.len());
            }
        }
    }
}
