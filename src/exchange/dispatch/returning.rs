//! Callers who hung up in line, or were cut off, and call again: for a while their place is kept.

use super::Place;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::Moved;
use crate::exchange::id::QueueId;
use crate::exchange::limits::RETURNING_MAX;
use crate::exchange::time::Tick;
use serde::Deserialize;
use serde::Serialize;
use std::collections::BTreeMap;
use std::collections::VecDeque;

/// The places kept, at most one for each caller; the oldest are forgotten first. Used only where a
/// queue asks for it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Returning {
    kept: BTreeMap<u64, Kept>,
    /// In the order in which they were kept; a caller may be there more than once.
    order: VecDeque<(Tick, u64)>,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Kept {
    queue: QueueId,
    place: Place,
    left: Tick,
}

impl Returning {
    /// Goes over to other ids of queues.
    pub(super) fn renumber(&mut self, moved: &Moved) {
        let kept = std::mem::take(&mut self.kept).into_iter();
        let kept = kept.filter_map(|(caller, kept)| {
            let queue = moved.queue_root(kept.queue)?;
            Some((caller, Kept { queue, ..kept }))
        });
        self.kept = kept.collect();
    }

    /// A caller has hung up in line, or was cut off.
    #[inline]
    pub(super) fn keep(&mut self, plan: &Dialplan, who: (u64, QueueId), place: Place, now: Tick) {
        if who.0 != 0 && plan.queue(who.1).returning.is_some() {
            self.remember((who.0, plan.queue_root(who.1)), place, now);
        }
    }

    #[inline(never)]
    fn remember(&mut self, (caller, queue): (u64, QueueId), place: Place, now: Tick) {
        let left = now;
        self.kept.insert(caller, Kept { queue, place, left });
        self.order.push_back((now, caller));
        while self.order.len() > RETURNING_MAX
            && let Some((left, oldest)) = self.order.pop_front()
        {
            if self.kept.get(&oldest).is_some_and(|kept| kept.left == left) {
                self.kept.remove(&oldest);
            }
        }
    }

    /// The place of a caller who comes to this queue again, if it is still kept.
    #[inline]
    pub(super) fn place(&self, plan: &Dialplan, who: (u64, QueueId), now: Tick) -> Option<Place> {
        match self.kept.is_empty() {
            true => None,
            false => self.find(plan, who, now),
        }
    }

    #[inline(never)]
    fn find(&self, plan: &Dialplan, (caller, queue): (u64, QueueId), now: Tick) -> Option<Place> {
        let kept = self.kept.get(&caller)?;
        let span = plan.queue(queue).returning?;
        let fresh = kept.queue == plan.queue_root(queue) && now.since(kept.left) <= span;
        fresh.then_some(kept.place)
    }

    /// A caller is in line again, or was answered: there is nothing to keep.
    #[inline]
    pub(super) fn forget(&mut self, caller: u64) {
        if !self.kept.is_empty() {
            self.drop(caller);
        }
    }

    #[inline(never)]
    fn drop(&mut self, caller: u64) {
        self.kept.remove(&caller);
    }
}
