//! How many callers are in line: for whom nobody is free yet. Whoever is free is rung, and a caller whose
//! phone at the other end rings is in line again only once that was in vain.

use super::calls::Call;
use crate::exchange::id::QueueId;

/// The callers of all queues, counted by the statistics or not: a queue is as long as it is.
#[derive(Clone, Debug)]
pub(super) struct InLine {
    /// By queue.
    lengths: Vec<u32>,
    all: u32,
}

impl InLine {
    pub(super) fn new(queues: usize) -> Self {
        Self {
            lengths: vec![0; queues],
            all: 0,
        }
    }

    pub(super) fn reset(&mut self) {
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

    /// A call stands in line of the queue that it is in. Gives the queue, if it stood nowhere.
    #[inline]
    pub(super) fn stand(&mut self, call: &mut Call) -> Option<QueueId> {
        let queue = call.queue?;
        if std::mem::replace(&mut call.stands, true) {
            return None;
        }
        self.lengths[queue.index()] += 1;
        self.all += 1;
        Some(queue)
    }

    /// Somebody is rung for a call, or it has left its queue.
    #[inline]
    pub(super) fn step_out(&mut self, call: &mut Call) {
        if let Some(queue) = call.queue
            && std::mem::take(&mut call.stands)
        {
            self.lengths[queue.index()] -= 1;
            self.all -= 1;
        }
    }
}
