//! Deadlines: a hierarchical timer wheel with cancellation, first in first out within a tick.
//!
//! What is due within the next seconds lies in a small heap. The rest lies on five levels of 64
//! slots, one slot of the lowest being 4.096 s: 2^42 ms in all, 139 years. An entry sits on the level
//! of the highest six-bit digit in which its time differs from the wheel's, so that the lowest
//! occupied level holds the earliest of them, and a slot whose time comes is spread over the levels
//! below, from the lowest one into the heap (after Varghese and Lauck, "Hashed and hierarchical timing
//! wheels", 1987). Slots are linked lists through one arena. An entry that is cancelled loses its name
//! at once, and its place when it would have come near: nothing has to be looked for.
//!
//! The exchange keeps its deadlines here and the simulator its agenda.

use super::ahead::fetch_entry;
use super::time::Tick;
use serde::Deserialize;
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::num::NonZeroU32;

/// A slot of the lowest level: two to this in milliseconds.
const NEAR_BITS: u32 = 12;
const BITS: u32 = 6;
const SLOTS: usize = 1 << BITS;
const LEVELS: usize = 5;
const NONE: u32 = u32::MAX;
/// A slot with more entries than this is not searched for its earliest one.
const SEARCH_MAX: u32 = 16;
/// So many cancelled entries may lie about, beside as many as there are others.
const DEAD_MAX: usize = 1024;

/// Names a scheduled entry until it fires or is cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimerId {
    index: u32,
    generation: NonZeroU32,
}

/// Entries in the order of their times.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Wheel<T> {
    /// The last entry that was taken.
    now: u64,
    /// The slot of the lowest level whose entries are in the heap, counted from the origin.
    reached: u64,
    /// Time, number and place of what is due soon.
    near: BinaryHeap<Reverse<(u64, u64, u32)>>,
    slots: Box<[Slot]>,
    occupied: [u64; LEVELS],
    nodes: Vec<Node<T>>,
    /// The first of the nodes that can be used again.
    free: u32,
    /// How many entries there have been.
    scheduled: u64,
    /// The earliest time, and the earliest of all entries but one of that time: a deadline that is
    /// set for the near future and cancelled at once, as most are, then costs no search.
    earliest: Option<u64>,
    second: Option<u64>,
    len: usize,
    /// Cancelled, and not out yet.
    dead: usize,
    /// An entry of the slot that is spread next: its list is walked through beforehand, an entry at a
    /// time, for the memory to be there.
    #[serde(skip)]
    ahead: u32,
}

/// What is due in one stretch of time.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Slot {
    /// The entry that came last.
    last: u32,
    /// How many there are, cancelled ones among them.
    len: u32,
}

impl Slot {
    const EMPTY: Self = Self { last: NONE, len: 0 };
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Node<T> {
    at: u64,
    nth: u64,
    item: T,
    /// The entry before it in its slot, or the next node that is free.
    next: u32,
    generation: NonZeroU32,
    is_live: bool,
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
            reached: 0,
            near: BinaryHeap::new(),
            slots: vec![Slot::EMPTY; LEVELS * SLOTS].into_boxed_slice(),
            occupied: [0; LEVELS],
            nodes: Vec::new(),
            free: NONE,
            scheduled: 0,
            earliest: None,
            second: None,
            len: 0,
            dead: 0,
            ahead: NONE,
        }
    }

    /// All that was added, what has been taken or cancelled among it, to be changed.
    pub(crate) fn items_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.nodes.iter_mut().map(|node| &mut node.item)
    }

    /// How many entries wait.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds an entry. Panics when `at` lies before the last entry taken or 139 years from the origin.
    #[inline]
    pub fn schedule(&mut self, at: Tick, item: T) -> TimerId {
        assert!(at.0 >= self.now, "an entry lies before the wheel's time");
        assert!(
            at.0 >> (NEAR_BITS + BITS * LEVELS as u32) == 0,
            "an entry lies too far ahead"
        );
        let id = self.take_node(at.0, item);
        self.place(id.index, at.0);
        self.len += 1;
        self.came(at.0);
        id
    }

    /// Takes an entry out before its time; false if it has fired or been cancelled before. Not inlined:
    /// most callers have nothing to cancel.
    #[inline(never)]
    pub fn cancel(&mut self, id: TimerId) -> bool {
        let node = self.nodes.get_mut(id.index as usize);
        let Some(node) = node.filter(|node| node.generation == id.generation) else {
            return false;
        };
        let at = node.retire();
        self.went(at);
        self.dead += 1;
        if self.dead > self.len + DEAD_MAX {
            self.bury();
        }
        true
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
    #[inline]
    pub fn not_before(&mut self, now: Tick) -> Option<Tick> {
        match self.earliest {
            Some(earliest) => Some(Tick(earliest)),
            None => self.search(now),
        }
    }

    /// The same where the earliest entry is not known.
    #[inline(never)]
    fn search(&mut self, now: Tick) -> Option<Tick> {
        if self.len > 0 && self.near.is_empty() {
            let (level, slot) = self.first_occupied();
            if self.slots[level * SLOTS + slot].len > SEARCH_MAX {
                // Time may have moved into the slot without anything taken from it.
                return Some(now.max(Tick(self.start_of(level, slot))));
            }
        }
        self.first()
    }

    /// Takes the earliest entry if it is due at `limit`. Nothing may be scheduled before `limit`
    /// when none is.
    #[inline]
    pub fn pop_due(&mut self, limit: Tick) -> Option<(Tick, T)> {
        while self.len > 0 {
            if self.earliest.is_some_and(|earliest| earliest > limit.0) {
                return None;
            }
            let Some(&Reverse((at, _, index))) = self.near.peek() else {
                let (level, slot) = self.first_occupied();
                if self.start_of(level, slot) > limit.0 {
                    return None;
                }
                self.spread(level, slot);
                continue;
            };
            if at > limit.0 {
                return None;
            }
            self.near.pop();
            let node = &mut self.nodes[index as usize];
            let item = node.item;
            if node.is_live {
                self.now = node.retire();
                self.went(at);
                self.release(index);
                self.look_ahead();
                return Some((Tick(at), item));
            }
            self.dead -= 1;
            self.release(index);
        }
        None
    }

    /// Of the entries that are due soon the first, and some of those that come next: the heap that they
    /// lie in, level by level. Only what is known without a search; some may have been cancelled.
    #[inline]
    pub fn upcoming(&self, level: u32) -> impl Iterator<Item = &T> {
        let of_level = (1 << level) - 1..(2 << level) - 1;
        let heap = self.near.as_slice();
        let near = heap.get(of_level.start..of_level.end.min(heap.len()));
        let near = near.into_iter().flatten();
        near.map(|Reverse((.., index))| &self.nodes[*index as usize].item)
    }

    /// Takes the earliest entry.
    pub fn pop(&mut self) -> Option<(Tick, T)> {
        self.pop_due(Tick(u64::MAX))
    }

    /// The first millisecond of a slot.
    fn start_of(&self, level: usize, slot: usize) -> u64 {
        let shift = BITS * level as u32;
        let before = self.reached >> (shift + BITS) << BITS;
        (before | slot as u64) << (shift + NEAR_BITS)
    }

    /// An entry was added.
    #[inline]
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

    /// An entry has fired or was cancelled.
    #[inline]
    fn went(&mut self, at: u64) {
        self.len -= 1;
        if self.earliest == Some(at) {
            self.earliest = self.second.take();
        } else if self.second == Some(at) {
            self.second = None;
        }
    }

    /// The lowest occupied level and its first slot; the heap is not all there is.
    fn first_occupied(&self) -> (usize, usize) {
        self.next_occupied().expect("the wheel is not empty")
    }

    /// The same, if there is any.
    fn next_occupied(&self) -> Option<(usize, usize)> {
        let level = self.occupied.iter().position(|bits| *bits != 0)?;
        Some((level, self.occupied[level].trailing_zeros() as usize))
    }

    fn entries(&self, level: usize, slot: usize) -> impl Iterator<Item = &Node<T>> {
        let mut index = self.slots[level * SLOTS + slot].last;
        std::iter::from_fn(move || {
            let node = self.nodes.get(index as usize)?;
            index = node.next;
            Some(node)
        })
    }

    fn find_earliest(&mut self) -> u64 {
        while let Some(&Reverse((at, _, index))) = self.near.peek() {
            if self.nodes[index as usize].is_live {
                return at;
            }
            self.near.pop();
            self.dead -= 1;
            self.release(index);
        }
        loop {
            let (level, slot) = self.first_occupied();
            let live = self.entries(level, slot).filter(|node| node.is_live);
            if let Some(at) = live.map(|node| node.at).min() {
                return at;
            }
            self.sift(level, slot, |_, _, _| unreachable!("all were cancelled"));
        }
    }

    /// Moves the entries of a slot to the levels below.
    fn spread(&mut self, level: usize, slot: usize) {
        self.reached = self.start_of(level, slot) >> NEAR_BITS;
        self.sift(level, slot, Self::place);
        let next = self.next_occupied();
        self.ahead = next.map_or(NONE, |(level, slot)| self.slots[level * SLOTS + slot].last);
    }

    /// Asks for the memory of one more entry of those that are spread next.
    #[inline]
    fn look_ahead(&mut self) {
        if let Some(node) = self.nodes.get(self.ahead as usize) {
            self.ahead = node.next;
            fetch_entry(&self.nodes, node.next as usize);
        }
    }

    /// Empties a slot, and does something with every entry that was not cancelled.
    #[inline]
    fn sift(&mut self, level: usize, slot: usize, mut act: impl FnMut(&mut Self, u32, u64)) {
        self.occupied[level] &= !(1 << slot);
        let slot = &mut self.slots[level * SLOTS + slot];
        let mut index = std::mem::replace(slot, Slot::EMPTY).last;
        while index != NONE {
            let Node {
                next, is_live, at, ..
            } = self.nodes[index as usize];
            if is_live {
                act(self, index, at);
            } else {
                self.dead -= 1;
                self.release(index);
            }
            index = next;
        }
    }

    /// Adds an entry of this time to the heap, or to the slot of its time.
    #[inline]
    fn place(&mut self, index: u32, time: u64) {
        let node = &mut self.nodes[index as usize];
        let at = time >> NEAR_BITS;
        if at <= self.reached {
            return self.near.push(Reverse((time, node.nth, index)));
        }
        let level = (63 - (at ^ self.reached).leading_zeros()) / BITS;
        let slot = (at >> (BITS * level)) as usize % SLOTS;
        self.occupied[level as usize] |= 1 << slot;
        let slot = &mut self.slots[level as usize * SLOTS + slot];
        node.next = std::mem::replace(&mut slot.last, index);
        slot.len += 1;
    }

    /// Takes everything out that was cancelled.
    #[cold]
    fn bury(&mut self) {
        let mut near = std::mem::take(&mut self.near).into_vec();
        near.retain(|Reverse((.., index))| {
            let stays = self.nodes[*index as usize].is_live;
            if !stays {
                self.release(*index);
            }
            stays
        });
        self.near = near.into();
        for (level, slot) in (0..LEVELS * SLOTS).map(|place| (place / SLOTS, place % SLOTS)) {
            self.sift(level, slot, Self::place);
        }
        self.dead = 0;
    }

    #[inline]
    fn take_node(&mut self, at: u64, item: T) -> TimerId {
        let nth = self.scheduled;
        self.scheduled += 1;
        let index = self.free;
        let Some(node) = self.nodes.get_mut(index as usize) else {
            return self.new_node(at, nth, item);
        };
        self.free = node.next;
        (node.at, node.nth, node.item) = (at, nth, item);
        (node.next, node.is_live) = (NONE, true);
        TimerId {
            index,
            generation: node.generation,
        }
    }

    #[cold]
    fn new_node(&mut self, at: u64, nth: u64, item: T) -> TimerId {
        let generation = NonZeroU32::MIN;
        self.nodes.push(Node {
            at,
            nth,
            item,
            next: NONE,
            generation,
            is_live: true,
        });
        TimerId {
            index: self.nodes.len() as u32 - 1,
            generation,
        }
    }

    /// A node that nobody knows any more can be used again.
    fn release(&mut self, index: u32) {
        self.nodes[index as usize].next = self.free;
        self.free = index;
    }
}

impl<T> Node<T> {
    /// Has fired or was cancelled: the name dies. Gives the time.
    fn retire(&mut self) -> u64 {
        self.is_live = false;
        self.generation = self.generation.checked_add(1).unwrap_or(NonZeroU32::MIN);
        self.at
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
        assert!(wheel.cancel(first));
        assert!(!wheel.cancel(first));
        assert_eq!(wheel.first(), Some(Tick(7)));
        let reused = wheel.schedule(Tick(6), 'c');
        assert!(!wheel.cancel(first));
        assert!(wheel.cancel(reused));
        assert_eq!(wheel.pop_due(Tick(6)), None);
        assert_eq!(wheel.pop_due(Tick(7)), Some((Tick(7), 'b')));
    }

    #[test]
    fn what_is_cancelled_takes_no_room() {
        let mut wheel = Wheel::new();
        wheel.schedule(Tick(1 << 40), 0);
        for number in 1..100_000 {
            let soon_or_late = 1 << (number % 40);
            let id = wheel.schedule(Tick(soon_or_late), number);
            assert!(wheel.cancel(id));
        }
        assert!(wheel.nodes.len() <= DEAD_MAX + 3, "{}", wheel.nodes.len());
        assert_eq!(wheel.pop(), Some((Tick(1 << 40), 0)));
        assert_eq!((wheel.len(), wheel.dead), (0, 0));
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
                        let (id, _) = live.swap_remove(place);
                        prop_assert!(wheel.cancel(id));
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
                        let known = model.remove(&(at, sequence)).is_some();
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
