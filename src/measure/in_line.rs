//! How many callers are in line: for whom nobody is free yet. Whoever is free is rung, and a caller whose
//! phone at the other end rings is in line again only once that was in vain.

use crate::exchange::ahead::make_room;
use crate::exchange::id::CallId;
use crate::exchange::id::QueueId;

/// A call that is in a queue.
#[derive(Clone, Copy, Debug)]
struct Entry {
    queue: QueueId,
    /// Whether it is in line, and is not offered to anybody.
    stands: bool,
}

/// The callers of all queues, counted by the statistics or not: a queue is as long as it is.
#[derive(Clone, Debug)]
pub(super) struct InLine {
    /// By the place that a call's id names; a call leaves its queue before the place is another's.
    entries: Vec<Option<Entry>>,
    /// By queue.
    lengths: Vec<u32>,
    all: u32,
}

impl InLine {
    pub(super) fn new(queues: usize) -> Self {
        Self {
            entries: Vec::new(),
            lengths: vec![0; queues],
            all: 0,
        }
    }

    pub(super) fn reset(&mut self) {
        self.entries.clear();
        self.lengths.fill(0);
        self.all = 0;
    }

    /// How many are in line of a queue.
    pub(super) fn of(&self, queue: QueueId) -> u32 {
        self.lengths[queue.index()]
    }

    /// How many are in line of all queues together.
    pub(super) fn all(&self) -> u32 {
        self.all
    }

    /// A call has joined a queue, and stands in line if nobody is free for it.
    #[inline]
    pub(super) fn joins(&mut self, call: CallId, queue: QueueId, stands: bool) {
        let place = call.index as usize;
        if place >= self.entries.len() {
            make_room(&mut self.entries, place + 1);
            self.entries.resize(place + 1, None);
        }
        self.entries[place] = Some(Entry {
            queue,
            stands: false,
        });
        if stands {
            self.stand(call);
        }
    }

    /// A call stands in line, as it did before somebody was rung for it in vain. Gives its queue, if it
    /// is in one and stood nowhere.
    #[inline]
    pub(super) fn stand(&mut self, call: CallId) -> Option<QueueId> {
        let entry = self.entries.get_mut(call.index as usize)?.as_mut()?;
        if std::mem::replace(&mut entry.stands, true) {
            return None;
        }
        self.lengths[entry.queue.index()] += 1;
        self.all += 1;
        Some(entry.queue)
    }

    /// Somebody is rung for a call.
    #[inline]
    pub(super) fn step_out(&mut self, call: CallId) {
        if let Some(Some(entry)) = self.entries.get_mut(call.index as usize)
            && std::mem::take(&mut entry.stands)
        {
            self.lengths[entry.queue.index()] -= 1;
            self.all -= 1;
        }
    }

    /// A call has left its queue.
    #[inline]
    pub(super) fn leaves(&mut self, call: CallId) {
        self.step_out(call);
        if let Some(entry) = self.entries.get_mut(call.index as usize) {
            *entry = None;
        }
    }
}
