//! Deadlines: a hierarchical timer wheel with cancellation, first in first out within a tick.
//!
//! What is due within the next seconds lies in order (`near`). The rest lies on five levels of 64
//! slots, one slot of the lowest being 4.096 s: 2^42 ms in all, 139 years. An entry sits on the level
//! of the highest six-bit digit in which its time differs from the wheel's, so that the lowest
//! occupied level holds the earliest of them, and a slot whose time comes is spread over the levels
//! below, from the lowest one into that order (after Varghese and Lauck, "Hashed and hierarchical timing
//! wheels", 1987). Slots are linked lists through one arena. An entry that is cancelled loses its name
//! at once, and its place when it would have come near: nothing has to be looked for.
//!
//! The exchange keeps its deadlines here and the simulator its agenda.

mod near;

use super::ahead::fetch_entry;
use super::time::Tick;
use near::Due;
use near::Near;
use serde::Deserialize;
use serde::Serialize;
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
    /// The slot of the lowest level whose entries are near, counted from the origin.
    reached: u64,
    near: Near,
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
            near: Near::default(),
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
    ///
    /// Inlined as far as the item goes: it is then written part by part where it stays. A processor waits
    /// for what is written in parts and copied as a whole right after.
    #[inline(always)]
    pub fn schedule(&mut self, at: Tick, item: T) -> TimerId {
        if self.free == NONE {
            self.free = self.nodes.len() as u32;
            self.nodes.push(Node::of(item));
        }
        let index = self.free;
        let node = &mut self.nodes[index as usize];
        node.item = item;
        let generation = node.generation;
        self.enter(at);
        TimerId { index, generation }
    }

    /// Adds the first of the free nodes, which has its item.
    fn enter(&mut self, at: Tick) {
        assert!(at.0 >= self.now, "an entry lies before the wheel's time");
        assert!(
            at.0 >> (NEAR_BITS + BITS * LEVELS as u32) == 0,
            "an entry lies too far ahead"
        );
        let (index, nth) = (self.free, self.scheduled);
        self.scheduled += 1;
        self.len += 1;
        self.came(at.0);
        let before = match self.is_near(at.0) {
            true => self.comes_soon(Due::new(at.0, nth, index)),
            false => self.place(index, at.0),
        };
        let node = &mut self.nodes[index as usize];
        self.free = std::mem::replace(&mut node.next, before);
        (node.at, node.nth, node.is_live) = (at.0, nth, true);
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
            let Some(due) = self.near.first() else {
                let (level, slot) = self.first_occupied();
                if self.start_of(level, slot) > limit.0 {
                    return None;
                }
                self.spread(level, slot);
                continue;
            };
            let (at, index) = (due.at(), due.index());
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

    /// What is due after so many others, where that is known without a search. It may have been cancelled.
    #[inline]
    pub fn upcoming(&self, others: usize) -> Option<&T> {
        let due = self.near.after(others)?;
        Some(&self.nodes[due.index() as usize].item)
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

    /// The lowest occupied level and its first slot; what is near is not all there is.
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
        while let Some(due) = self.near.first() {
            if self.nodes[due.index() as usize].is_live {
                return due.at();
            }
            self.near.pop();
            self.dead -= 1;
            self.release(due.index());
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

    /// Moves the entries of a slot to the levels below; nothing is near.
    fn spread(&mut self, level: usize, slot: usize) {
        self.reached = self.start_of(level, slot) >> NEAR_BITS;
        self.sift(level, slot, |wheel, index, at| {
            if wheel.is_near(at) {
                let nth = wheel.nodes[index as usize].nth;
                wheel.near.add(Due::new(at, nth, index));
            } else {
                wheel.move_to_slot(index, at);
            }
        });
        self.near.sort();
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

    /// Whether an entry of this time is due soon.
    fn is_near(&self, time: u64) -> bool {
        time >> NEAR_BITS <= self.reached
    }

    /// Adds an entry to those that are due soon; none comes before it in a slot. Not inlined: most come
    /// later.
    #[inline(never)]
    fn comes_soon(&mut self, due: Due) -> u32 {
        self.near.insert(due);
        NONE
    }

    #[inline]
    fn move_to_slot(&mut self, index: u32, time: u64) {
        let before = self.place(index, time);
        self.nodes[index as usize].next = before;
    }

    /// Adds an entry to the slot of its time, which is not near. Gives the one before it there.
    #[inline]
    fn place(&mut self, index: u32, time: u64) -> u32 {
        let at = time >> NEAR_BITS;
        // Thirty bits at most.
        let differ = (at ^ self.reached) as u32;
        let level = (differ | 1).ilog2() / BITS;
        let slot = (at >> (BITS * level)) as usize % SLOTS;
        self.occupied[level as usize] |= 1 << slot;
        let slot = &mut self.slots[level as usize * SLOTS + slot];
        slot.len += 1;
        std::mem::replace(&mut slot.last, index)
    }

    /// Takes everything out that was cancelled.
    #[cold]
    fn bury(&mut self) {
        let mut near = std::mem::take(&mut self.near);
        near.retain(|index| {
            let stays = self.nodes[index as usize].is_live;
            if !stays {
                self.release(index);
            }
            stays
        });
        self.near = near;
        for (level, slot) in (0..LEVELS * SLOTS).map(|place| (place / SLOTS, place % SLOTS)) {
            self.sift(level, slot, Self::move_to_slot);
        }
        self.dead = 0;
    }

    /// A node that nobody knows any more can be used again.
    fn release(&mut self, index: u32) {
        self.nodes[index as usize].next = self.free;
        self.free = index;
    }
}

impl<T> Node<T> {
    /// One that is used for the first time.
    #[inline(always)]
    fn of(item: T) -> Self {
        Self {
            at: 0,
            nth: 0,
            item,
            next: NONE,
            generation: NonZeroU32::MIN,
            is_live: false,
        }
    }

    /// Has fired or was cancelled: the name dies. Gives the time.
    fn retire(&mut self) -> u64 {
        self.is_live = false;
        self.generation = self.generation.checked_add(1).unwrap_or(NonZeroU32::MIN);
        self.at
    }
}

#[cfg(test)]
mod tests;
