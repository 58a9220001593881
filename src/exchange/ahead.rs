//! Memory that is asked for before it is needed.
//!
//! What is known of ten thousand agents and their calls is in no cache when one of them is looked at,
//! and would be waited for table by table. A driver that knows what comes next says so some happenings
//! before, and does not wait: when it comes, the memory has come too. Nothing else depends on it.

use super::Exchange;
use super::id::AgentId;
use super::id::CallId;

/// With fewer agents, or calls in progress, than this all that is known of them is in the processor's
/// caches, and nothing need be asked for.
pub(crate) const CACHED_MAX: usize = 500;
/// A table of calls that grows has room for so many times as many rows from then on, while that is no
/// more than so many bytes, and for at least so many times as many.
const ROOM: usize = 64;
const ROOM_BYTES: usize = 64 << 20;
const ROOM_MIN: usize = 4;

/// Asks for the memory of something, its first 64 bytes, and does not wait for it.
#[inline(always)]
pub(crate) fn fetch<T>(what: &T) {
    #[cfg(target_arch = "x86_64")]
    safe_arch::prefetch_t0(what);
    #[cfg(not(target_arch = "x86_64"))]
    let _: &T = what;
}

/// The same of one entry of a table, if there is one.
#[inline(always)]
pub(crate) fn fetch_entry<T>(table: &[T], place: usize) {
    if let Some(entry) = table.get(place) {
        fetch(entry);
    }
}

/// Makes room in a table of calls for so many rows, if there is less, and amply: rows that fill lines of
/// the cache are copied into fresh memory whenever their table grows, and room that nobody uses takes
/// addresses, not memory. Where even those are counted there may be less of it.
#[cold]
pub(crate) fn make_room<T>(table: &mut Vec<T>, rows: usize) {
    if rows > table.capacity() {
        let ample = (ROOM * rows).min(ROOM_BYTES / size_of::<T>());
        let ample = ample.max(ROOM_MIN * rows);
        if table.try_reserve_exact(ample - table.len()).is_err() {
            table.reserve(rows - table.len());
        }
    }
}

impl Exchange {
    /// Something will happen to a call before long.
    #[inline]
    pub(crate) fn expect(&self, call: CallId) {
        self.calls.fetch(call);
        self.ages.fetch(call);
        self.dispatch.fetch_ticket(call);
    }

    /// Somebody will call before long.
    #[inline]
    pub(crate) fn expect_arrival(&self) {
        let call = self.calls.next_id();
        self.calls.fetch(call);
        self.ages.fetch(call);
        self.dispatch.fetch_ticket(call);
    }

    /// Something will happen before long to a call that this agent talks to.
    #[inline]
    pub(crate) fn expect_agent(&self, agent: AgentId) {
        self.dispatch.fetch(agent);
    }

    /// Something that was expected of a call will happen next.
    #[inline]
    pub(crate) fn expect_next(&self, call: CallId) {
        if let Some(machine) = self.calls.get(call) {
            machine.call().fetch();
        }
        self.ages.fetch_neighbours(call);
    }
}
