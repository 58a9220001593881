//! Calls back of one run: promised, dialled, reached, on time.

use super::collector::Collector;
use super::queues::NO_CELL;
use super::tally::CALLBACK_GRACE;
use super::tally::CallbackTally;
use crate::exchange::id::CallId;
use crate::exchange::id::QueueId;
use crate::exchange::record::CallbackEnd;
use crate::exchange::record::CallbackFact;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;

/// A call back that is not over.
#[derive(Clone, Copy, Debug)]
struct Promised {
    call: CallId,
    caller: u64,
    /// The interval in which it was promised; [`NO_CELL`] when it is not counted.
    cell: u32,
    expected: Span,
    reached: bool,
}

/// All calls back of a run.
#[derive(Clone, Debug)]
pub(super) struct Callbacks {
    /// By the place that their id names.
    table: Vec<Option<Promised>>,
    cells: Vec<CallbackTally>,
    /// Those whose callers have answered, by queue.
    reached: Vec<u64>,
}

impl Callbacks {
    pub(super) fn new(queues: usize, cells: usize) -> Self {
        Self {
            table: Vec::new(),
            cells: vec![CallbackTally::default(); cells],
            reached: vec![0; queues],
        }
    }

    pub(super) fn reset(&mut self) {
        self.table.clear();
        self.cells.fill(CallbackTally::default());
        self.reached.fill(0);
    }

    /// One was promised in this interval, if it counts.
    pub(super) fn booked(
        &mut self,
        call: CallId,
        cell: Option<usize>,
        caller: u64,
        expected: Span,
    ) {
        let place = call.index as usize;
        if place >= self.table.len() {
            self.table.resize(place + 1, None);
        }
        if let Some(cell) = cell {
            self.cells[cell].booked += 1;
        }
        self.table[place] = Some(Promised {
            call,
            caller,
            cell: cell.map_or(NO_CELL, |cell| cell as u32),
            expected,
            reached: false,
        });
    }

    /// Its number is dialled.
    pub(super) fn dialled(&mut self, call: CallId) {
        if let Some((_, tally)) = self.counted(call) {
            tally.dialled += 1;
        }
    }

    /// Its caller has answered. Gives the caller, if it counts.
    pub(super) fn reached(
        &mut self,
        now: Tick,
        (call, queue): (CallId, QueueId),
        booked: Tick,
    ) -> Option<u64> {
        let (promised, tally) = self.counted(call)?;
        let wait = now - booked;
        promised.reached = true;
        tally.reached += 1;
        tally.on_time += u64::from(wait.0 <= promised.expected.0 + CALLBACK_GRACE.0);
        tally.wait_ms += wait.0;
        let caller = promised.caller;
        self.reached[queue.index()] += 1;
        Some(caller)
    }

    /// How many callers of a queue have answered.
    pub(super) fn reached_of(&self, queue: usize) -> u64 {
        self.reached[queue]
    }

    /// It is over.
    pub(super) fn ended(&mut self, call: CallId, how: CallbackEnd) {
        if let Some((_, tally)) = self.counted(call) {
            match how {
                CallbackEnd::Served => {}
                CallbackEnd::Unreached | CallbackEnd::Undialled => tally.unreached += 1,
                CallbackEnd::Withdrawn => tally.withdrawn += 1,
            }
        }
        if let Some(place) = self.table.get_mut(call.index as usize) {
            *place = None;
        }
    }

    /// The sums by interval.
    pub(super) fn tallies(&self) -> &[CallbackTally] {
        &self.cells
    }

    /// The callers of those that count and have not been reached.
    pub(super) fn waiting(&self) -> impl Iterator<Item = u64> {
        let open = self.table.iter().flatten();
        open.filter(|promised| promised.cell != NO_CELL && !promised.reached)
            .map(|promised| promised.caller)
    }

    fn counted(&mut self, call: CallId) -> Option<(&mut Promised, &mut CallbackTally)> {
        let promised = self.table.get_mut(call.index as usize)?.as_mut()?;
        let known = promised.call == call && promised.cell != NO_CELL;
        known.then(|| {
            let tally = &mut self.cells[promised.cell as usize];
            (promised, tally)
        })
    }
}

impl Collector {
    /// A call back has come one step further.
    #[cold]
    pub(super) fn called_back(
        &mut self,
        now: Tick,
        (call, queue): (CallId, QueueId),
        what: CallbackFact,
    ) {
        let inside = self.clock.is_inside();
        match what {
            CallbackFact::Booked {
                during, expected, ..
            } => {
                // Whoever asked for it, on whatever number: one that was typed is nobody's who has called.
                let caller = self.calls.counted(during).map(|call| call.caller);
                if caller.is_some() {
                    self.worth.wants_a_person(during, None);
                }
                let cell = self.arrival().filter(|_| caller.is_some());
                let caller = caller.unwrap_or(0);
                self.callbacks.booked(call, cell, caller, expected);
                self.fairness.booked(call, during);
            }
            CallbackFact::InLine { lane } => self.fairness.stands(call, lane),
            CallbackFact::Dialled { agent } => {
                self.callbacks.dialled(call);
                self.agents.serves(agent, NO_CELL);
                self.agents.dials(now, agent);
            }
            CallbackFact::Reached { agent, booked } => {
                self.agents.dials_no_more(&self.clock, now, agent);
                let caller = self.callbacks.reached(now, (call, queue), booked);
                if let Some(caller) = caller {
                    self.served(caller);
                    self.worth.answered(call, queue);
                }
                self.agents.took(agent, caller.is_some());
                self.fairness.answered(now, call, agent, inside);
            }
            CallbackFact::Unreached { agent } => self.fairness.not_reached(call, agent),
            CallbackFact::Ended(how) => {
                self.callbacks.ended(call, how);
                self.worth.forget(call);
                self.fairness.left(call);
            }
        }
    }
}
