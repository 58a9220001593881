//! What has to be remembered of a call while it lasts.

use super::fairness::told::ToldClasses;
use super::places::at_place;
use super::queues::NO_CELL;
use crate::exchange::ahead::fetch_entry;
use crate::exchange::id::CallId;
use crate::exchange::id::QueueId;
use crate::exchange::limits::CALLBACKS_MAX;
use crate::exchange::limits::CALLS_MAX;
use crate::exchange::time::Tick;

/// Queues remembered that a call has overflowed from; it may come back to them.
const OVERFLOWS_MAX: usize = 3;

/// One call in progress, in one line of the cache.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub(super) struct Call {
    pub(super) generation: u32,
    pub(super) open: bool,
    /// Whether it ever joined a queue.
    pub(super) queued: bool,
    /// Whether it is between two queues.
    pub(super) is_overflowing: bool,
    /// Whether it ever went on from one queue to another.
    has_overflowed: bool,
    /// Whether the last queue that it came to has brought it to an agent.
    pub(super) is_answered: bool,
    /// Whether a talk of it was cut off, which is then its end.
    pub(super) is_cut_off: bool,
    /// The caller's class, see [`super::fairness::told`].
    pub(super) class: u32,
    /// The interval of the arrival; [`NO_CELL`] when the call is not counted.
    pub(super) arrival: u32,
    /// The interval of the present queue entry.
    pub(super) entry: u32,
    /// The queue cell of the present entry; [`NO_CELL`] when it is not waiting.
    pub(super) waiting: u32,
    /// The interval of the queue entry, or of the refusal, that will count as lost to the service
    /// level of the whole unless the call joins another queue.
    pub(super) lost: u32,
    /// The queue that it is in.
    pub(super) queue: Option<QueueId>,
    /// Whether it is in line there, and is not offered to anybody.
    pub(super) stands: bool,
    /// Queue cells of the last overflows, latest first.
    pub(super) overflows: [u32; OVERFLOWS_MAX],
    pub(super) caller: u64,
    /// When it came: it holds a trunk from here to its end.
    pub(super) since: Tick,
}

impl Call {
    /// A place in the table without a call.
    const NONE: Self = Self {
        generation: 0,
        open: false,
        queued: false,
        is_overflowing: false,
        has_overflowed: false,
        is_answered: false,
        is_cut_off: false,
        class: ToldClasses::NONE,
        arrival: NO_CELL,
        entry: NO_CELL,
        waiting: NO_CELL,
        lost: NO_CELL,
        queue: None,
        stands: false,
        overflows: [NO_CELL; OVERFLOWS_MAX],
        caller: 0,
        since: Tick(0),
    };

    /// Whether the call arrived inside the statistics.
    #[inline]
    pub(super) fn is_counted(&self) -> bool {
        self.arrival != NO_CELL
    }

    /// The call has come to a queue, and has not been answered by it: how many talks come before, 0 or 1.
    pub(super) fn comes_to_queue(&mut self) -> u64 {
        u64::from(std::mem::take(&mut self.is_answered))
    }

    /// Remembers an overflow out of a queue cell.
    pub(super) fn overflowed(&mut self, place: u32) {
        self.has_overflowed = true;
        self.overflows.rotate_right(1);
        self.overflows[0] = place;
    }

    /// Forgets, and gives, the cell of an overflow out of the queue with these cells.
    pub(super) fn came_back(&mut self, cells: std::ops::Range<u32>) -> Option<u32> {
        if !self.has_overflowed {
            return None;
        }
        let found = self.overflows.iter_mut().find(|at| cells.contains(at))?;
        Some(std::mem::replace(found, NO_CELL))
    }
}

/// The calls in progress, by the place that their id names.
#[derive(Clone, Debug, Default)]
pub(super) struct Calls {
    table: Vec<Call>,
}

impl Calls {
    pub(super) fn reset(&mut self) {
        self.table.fill(Call::NONE);
    }

    /// Opens a call that arrived in this interval, [`NO_CELL`] when it is not counted.
    #[inline]
    pub(super) fn open(&mut self, now: Tick, id: CallId, caller: u64, arrival: u32) {
        let place = id.index as usize;
        let call = at_place(&mut self.table, place, || {
            assert!(
                place < CALLS_MAX + CALLBACKS_MAX,
                "the exchange bounds its calls"
            );
            Call::NONE
        });
        assert!(!call.open, "call {id} came before the last one ended");
        *call = Call {
            generation: id.generation,
            open: true,
            arrival,
            caller,
            since: now,
            ..Call::NONE
        };
    }

    /// How many there is room for.
    pub(super) fn len(&self) -> usize {
        self.table.len()
    }

    /// Asks for the memory of a call.
    #[inline]
    pub(super) fn fetch(&self, id: CallId) {
        fetch_entry(&self.table, id.index as usize);
    }

    /// The call with this id, if it is in progress.
    #[inline]
    pub(super) fn get(&mut self, id: CallId) -> Option<&mut Call> {
        let call = self.table.get_mut(id.index as usize)?;
        (call.open && call.generation == id.generation).then_some(call)
    }

    /// The same, if it is counted.
    #[inline]
    pub(super) fn counted(&mut self, id: CallId) -> Option<&mut Call> {
        self.get(id).filter(|call| call.is_counted())
    }

    /// Closes a call and gives what was known of it, if it was counted.
    #[inline]
    pub(super) fn close(&mut self, id: CallId) -> Option<Call> {
        let call = self.get(id)?;
        call.open = false;
        call.is_counted().then_some(*call)
    }

    /// The counted calls that are not over.
    pub(super) fn in_progress(&self) -> impl Iterator<Item = &Call> {
        self.table
            .iter()
            .filter(|call| call.open && call.is_counted())
    }
}
