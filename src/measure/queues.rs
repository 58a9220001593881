//! Queue entries of one run, by queue and interval of the entry.

use super::calls::Call;
use super::in_line::InLine;
use super::tally::QueueTally;
use super::tally::Rule;
use super::waits::Waits;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::id::QueueId;
use crate::exchange::record::Unqueued;

/// The cell of something that is not counted.
pub(super) const NO_CELL: u32 = u32::MAX;

/// One queue in one interval.
#[derive(Clone, Debug, Default)]
pub(super) struct Cell {
    pub(super) tally: QueueTally,
    pub(super) waits: Waits,
}

/// All queues of one run: a cell for each queue and interval.
#[derive(Clone, Debug)]
pub(super) struct Queues {
    cells: Vec<Cell>,
    rules: Vec<Rule>,
    /// Those who are in line now.
    in_line: InLine,
    /// Most callers in line at one time in all queues together, by interval.
    length_max: Vec<u64>,
    intervals: usize,
}

impl Queues {
    pub(super) fn new(plan: &Dialplan, intervals: usize) -> Self {
        let rule = |queue: QueueId| Rule {
            answer_within_ms: plan.answer_within(queue).0,
            short_abandon_ms: plan.group(plan.queue(queue).group).short_abandon.0,
        };
        let ids = (0..plan.queues.len() as u16).map(QueueId);
        Self {
            cells: vec![Cell::default(); plan.queues.len() * intervals],
            rules: ids.map(rule).collect(),
            in_line: InLine::new(plan.queues.len()),
            length_max: vec![0; intervals],
            intervals,
        }
    }

    pub(super) fn reset(&mut self) {
        for cell in &mut self.cells {
            cell.tally = QueueTally::default();
            cell.waits.clear();
        }
        self.in_line.reset();
        self.length_max.fill(0);
    }

    /// The place of a queue's cell.
    #[inline]
    pub(super) fn place(&self, queue: QueueId, interval: usize) -> u32 {
        (queue.index() * self.intervals + interval) as u32
    }

    /// A queue's cells, one per interval.
    pub(super) fn of(&self, queue: usize) -> &[Cell] {
        &self.cells[queue * self.intervals..(queue + 1) * self.intervals]
    }

    /// The same, for making quantiles.
    pub(super) fn of_mut(&mut self, queue: usize) -> &mut [Cell] {
        &mut self.cells[queue * self.intervals..(queue + 1) * self.intervals]
    }

    /// The sums of a cell.
    #[inline]
    pub(super) fn tally(&mut self, place: u32) -> &mut QueueTally {
        &mut self.cells[place as usize].tally
    }

    /// The longest the queues were together, by interval.
    pub(super) fn length_max(&self) -> &[u64] {
        &self.length_max
    }

    /// A caller has joined a queue, for whom somebody is free or is not.
    #[inline]
    pub(super) fn joined(
        &mut self,
        call: &mut Call,
        queue: QueueId,
        stands: bool,
        interval: Option<usize>,
    ) {
        call.queue = Some(queue);
        if stands {
            self.rung_in_vain(call, interval);
        }
    }

    /// Somebody is rung for a call.
    #[inline]
    pub(super) fn offered(&mut self, call: &mut Call) {
        self.in_line.step_out(call);
    }

    /// Nobody is rung for a call, or was so in vain.
    #[inline(never)]
    pub(super) fn rung_in_vain(&mut self, call: &mut Call, interval: Option<usize>) {
        if let Some(queue) = self.in_line.stand(call) {
            self.grown(queue, interval);
        }
    }

    /// A caller has left the queues.
    #[inline]
    pub(super) fn gone(&mut self, call: &mut Call) {
        self.in_line.step_out(call);
        call.queue = None;
    }

    /// A queue has grown.
    fn grown(&mut self, queue: QueueId, interval: Option<usize>) {
        if let Some(interval) = interval {
            self.measure_length(queue, interval);
            let all = &mut self.length_max[interval];
            *all = (*all).max(u64::from(self.in_line.all()));
        }
    }

    fn measure_length(&mut self, queue: QueueId, interval: usize) {
        let length = u64::from(self.in_line.of(queue));
        let place = self.place(queue, interval);
        let longest = &mut self.tally(place).length_max;
        *longest = (*longest).max(length);
    }

    /// Carries the lengths into an interval that has begun.
    pub(super) fn carry(&mut self, interval: usize) {
        for queue in 0..self.rules.len() {
            self.measure_length(QueueId(queue as u16), interval);
        }
        let all = &mut self.length_max[interval];
        *all = (*all).max(u64::from(self.in_line.all()));
    }

    /// What a queue's service level is measured with.
    #[inline]
    pub(super) fn rule(&self, queue: QueueId) -> Rule {
        self.rules[queue.index()]
    }

    /// Counts how an entry ended, after a wait from the first queue of the call on.
    #[inline(always)]
    pub(super) fn left(&mut self, place: u32, how: Unqueued, wait_ms: u64, rule: Rule) {
        let cell = &mut self.cells[place as usize];
        if cell.tally.left(how, wait_ms, rule) {
            cell.waits.record(wait_ms);
        }
    }
}
