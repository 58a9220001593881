//! Calls back of one run: promised, dialled, reached, on time.

use super::collector::Collector;
use super::queues::NO_CELL;
use super::tally::CALLBACK_GRACE;
use super::tally::CallbackTally;
use crate::exchange::id::CallId;
use crate::exchange::id::QueueId;
use crate::exchange::record::AskedBy;
use crate::exchange::record::CallbackEnd;
use crate::exchange::record::CallbackFact;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;

/// A call back that is not over.
#[derive(Clone, Copy, Debug)]
struct Promised {
    call: CallId,
    kind: Kind,
    /// The interval in which it was promised; [`NO_CELL`] when it is not counted.
    cell: u32,
    expected: Span,
    reached: bool,
}

/// Who has asked for one.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// This caller.
    Promised(u64),
    /// Another program.
    Outbound,
}

impl Kind {
    fn place(self) -> usize {
        match self {
            Self::Promised(_) => 0,
            Self::Outbound => 1,
        }
    }
}

/// All calls back of a run.
#[derive(Clone, Debug)]
pub(super) struct Callbacks {
    /// By the place that their id names.
    table: Vec<Option<Promised>>,
    /// By interval: of those that were promised to callers, and of the others.
    tallies: [Vec<CallbackTally>; 2],
    /// Those whose callers have answered, by queue.
    reached: Vec<u64>,
}

impl Callbacks {
    pub(super) fn new(queues: usize, cells: usize) -> Self {
        Self {
            table: Vec::new(),
            tallies: [(); 2].map(|()| vec![CallbackTally::default(); cells]),
            reached: vec![0; queues],
        }
    }

    pub(super) fn reset(&mut self) {
        self.table.clear();
        for tallies in &mut self.tallies {
            tallies.fill(CallbackTally::default());
        }
        self.reached.fill(0);
    }

    /// One was promised in this interval, if it counts.
    pub(super) fn booked(
        &mut self,
        call: CallId,
        (cell, kind): (Option<usize>, Kind),
        expected: Span,
    ) {
        let place = call.index as usize;
        if place >= self.table.len() {
            self.table.resize(place + 1, None);
        }
        if let Some(cell) = cell {
            self.tallies[kind.place()][cell].booked += 1;
        }
        self.table[place] = Some(Promised {
            call,
            kind,
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

    /// Whoever was called has answered. Gives who that is, if it counts.
    pub(super) fn reached(
        &mut self,
        now: Tick,
        (call, queue): (CallId, QueueId),
        booked: Tick,
    ) -> Option<Kind> {
        let (promised, tally) = self.counted(call)?;
        let wait = now - booked;
        promised.reached = true;
        tally.reached += 1;
        tally.on_time += u64::from(wait.0 <= promised.expected.0 + CALLBACK_GRACE.0);
        tally.wait_ms += wait.0;
        let kind = promised.kind;
        self.reached[queue.index()] += 1;
        Some(kind)
    }

    /// How many of those called by a queue's agents have answered.
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

    /// The sums of an interval: of calls back that were promised to callers, and of the others.
    pub(super) fn tallies(&self, cell: usize) -> [CallbackTally; 2] {
        [self.tallies[0][cell], self.tallies[1][cell]]
    }

    /// The callers of those that count and have not been reached.
    pub(super) fn waiting(&self) -> impl Iterator<Item = u64> {
        let open = self.table.iter().flatten();
        let open = open.filter(|promised| promised.cell != NO_CELL && !promised.reached);
        open.filter_map(|promised| match promised.kind {
            Kind::Promised(caller) => Some(caller),
            Kind::Outbound => None,
        })
    }

    fn counted(&mut self, call: CallId) -> Option<(&mut Promised, &mut CallbackTally)> {
        let promised = self.table.get_mut(call.index as usize)?.as_mut()?;
        let known = promised.call == call && promised.cell != NO_CELL;
        known.then(|| {
            let tallies = &mut self.tallies[promised.kind.place()];
            let tally = &mut tallies[promised.cell as usize];
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
            CallbackFact::Booked { by, expected, .. } => {
                // Whoever asked for it, on whatever number: one that was typed is nobody's who has called.
                let AskedBy::Call(during) = by else {
                    let cell = self.arrival();
                    self.callbacks
                        .booked(call, (cell, Kind::Outbound), expected);
                    return;
                };
                let caller = self.calls.counted(during).map(|call| call.caller);
                if caller.is_some() {
                    self.worth.wants_a_person(during, None);
                }
                let cell = self.arrival().filter(|_| caller.is_some());
                let kind = Kind::Promised(caller.unwrap_or(0));
                self.callbacks.booked(call, (cell, kind), expected);
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
                let kind = self.callbacks.reached(now, (call, queue), booked);
                if let Some(Kind::Promised(caller)) = kind {
                    self.served(caller);
                    self.worth.answered(call, queue);
                }
                self.agents.took(agent, kind.is_some());
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
