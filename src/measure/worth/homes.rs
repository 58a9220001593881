//! Of which line the answers and the queues of a plan are.

use super::answers::answer_steps;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::id::LineId;
use crate::exchange::id::QueueId;
use crate::exchange::id::StepId;

/// The line of each, all versions of one together.
#[derive(Clone, Debug)]
pub(in crate::measure) struct Homes {
    /// By the places of the answers.
    answers: Vec<LineId>,
    queues: Vec<LineId>,
}

impl Homes {
    pub(in crate::measure) fn new(plan: &Dialplan) -> Self {
        let line = |step: StepId| plan.line_root(plan.step(step).line);
        Self {
            answers: answer_steps(plan).map(line).collect(),
            queues: plan.queues.iter().map(|queue| line(queue.step)).collect(),
        }
    }

    /// The line of each answer, in their order.
    pub(super) fn of_answers(&self) -> impl Iterator<Item = LineId> {
        self.answers.iter().copied()
    }

    pub(super) fn of_queue(&self, queue: QueueId) -> Option<LineId> {
        self.queues.get(queue.index()).copied()
    }

    /// The queues of a line.
    pub(super) fn queues_of(&self, line: LineId) -> impl Iterator<Item = QueueId> {
        let queues = (0..).map(QueueId).zip(&self.queues);
        let own = queues.filter(move |(_, of)| **of == line);
        own.map(|(queue, _)| queue)
    }
}
