//! Agents and callers when menus that nobody follows leave the plan: those that stay are elsewhere in it.

use super::Dispatch;
use super::desk::Doing;
use crate::exchange::dialplan::Moved;
use crate::exchange::id::QueueId;

impl Dispatch {
    /// The queues by whose rules agents go on, beside those of the calls in progress.
    pub(in crate::exchange) fn queues_followed(&self) -> impl Iterator<Item = QueueId> + '_ {
        self.desks.iter().filter_map(|desk| match desk.doing {
            Doing::Ringing { queue, .. } | Doing::Talking { queue, .. } => Some(queue),
            Doing::WrapUp => desk.last_queue,
            _ => None,
        })
    }

    /// Goes over to the new ids.
    pub(in crate::exchange) fn renumber(&mut self, moved: &Moved) {
        for desk in &mut self.desks {
            if let Doing::Ringing { queue, .. } | Doing::Talking { queue, .. } = &mut desk.doing {
                moved.follow_queue(queue);
            }
            desk.last_queue = desk.last_queue.and_then(|queue| moved.queue(queue));
        }
        self.waiting.renumber(moved);
        self.ladders.renumber(moved);
        self.callbacks.renumber(moved);
        self.returning.renumber(moved);
    }
}
