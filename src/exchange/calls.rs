//! The table of calls: dense places, reused, with a generation that tells old names from new.

use super::ahead::fetch_entry;
use super::ahead::make_room;
use super::call::Call;
use super::call::Machine;
use super::id::CallId;
use serde::Deserialize;
use serde::Serialize;

/// All calls in progress.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Calls {
    slots: Vec<Slot>,
    free: Vec<u32>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[repr(C, align(64))]
struct Slot {
    generation: u32,
    machine: Option<Machine>,
}

impl Calls {
    /// The name of the next call to come.
    pub(super) fn next_id(&self) -> CallId {
        match self.free.last() {
            Some(index) => CallId {
                index: *index,
                generation: self.slots[*index as usize].generation,
            },
            None => CallId {
                index: self.slots.len() as u32,
                generation: 0,
            },
        }
    }

    /// Adds the call whose name was given by [`Calls::next_id`]: it is made where it stays, for it is
    /// large.
    #[inline(always)]
    pub(super) fn insert(&mut self, id: CallId, call: impl FnOnce() -> Call) {
        if self.free.pop().is_none() {
            self.grow();
        }
        let slot = &mut self.slots[id.index as usize];
        assert!(
            slot.machine.is_none() && slot.generation == id.generation,
            "the place is free"
        );
        slot.machine = Some(Machine::new(call()));
    }

    #[cold]
    fn grow(&mut self) {
        let calls = self.slots.len() + 1;
        make_room(&mut self.slots, calls);
        self.slots.push(Slot {
            generation: 0,
            machine: None,
        });
    }

    /// Asks for the first of the memory of a call, and does not wait for it.
    #[inline]
    pub(super) fn fetch(&self, id: CallId) {
        fetch_entry(&self.slots, id.index as usize);
    }

    /// The call with this name, if it is in progress.
    pub(super) fn get(&self, id: CallId) -> Option<&Machine> {
        let slot = self.slots.get(id.index as usize)?;
        slot.machine
            .as_ref()
            .filter(|_| slot.generation == id.generation)
    }

    /// The call with this name, to be told something.
    pub(super) fn get_mut(&mut self, id: CallId) -> Option<&mut Machine> {
        match self.slots.get_mut(id.index as usize)? {
            Slot {
                generation,
                machine: Some(machine),
            } if *generation == id.generation => Some(machine),
            _ => None,
        }
    }

    /// Takes a call out; its name is never used again.
    pub(super) fn remove(&mut self, id: CallId) {
        let slot = &mut self.slots[id.index as usize];
        slot.machine = None;
        slot.generation = slot.generation.wrapping_add(1);
        self.free.push(id.index);
    }

    /// All that are in progress.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Machine> {
        self.slots.iter().filter_map(|slot| slot.machine.as_ref())
    }

    /// All that are in progress, to be changed.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Machine> {
        self.slots
            .iter_mut()
            .filter_map(|slot| slot.machine.as_mut())
    }

    /// How many are in progress.
    pub(super) fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }
}
