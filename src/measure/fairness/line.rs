//! The order of callers: who is in line, and whom others overtake.

use super::kinds::Kinds;
use super::promises::Promises;
use crate::exchange::ahead::fetch_entry;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::id::CallId;
use crate::exchange::id::LaneId;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use crate::measure::places::at_place;
use std::collections::VecDeque;

/// Everybody who waits, by the first entry into a queue: overflows, missed offers, head starts and
/// emergencies change nothing in this order.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// By the place that the call's id names.
    waiters: Vec<Waiter>,
    lanes: Vec<Lane>,
    /// The lanes that each kind of agents serves.
    served: Vec<Vec<LaneId>>,
    came: u64,
    pub(super) answered: u64,
    /// Answered while somebody who had come earlier was in line for the same agent.
    pub(super) inversions: u64,
    /// The most times that one caller was overtaken.
    pub(super) overtakes_max: u32,
    pub(super) promises: Promises,
}

/// Who waits for somebody to be free, in order.
#[derive(Clone, Debug)]
struct Lane {
    line: VecDeque<Place>,
    /// When the first one came; later than all where there is none.
    first: u64,
}

impl Lane {
    const EMPTY: Self = Self {
        line: VecDeque::new(),
        first: u64::MAX,
    };
}

/// A place in a line.
#[derive(Clone, Copy, Debug)]
struct Place {
    /// Counts up with first entries.
    came: u64,
    call: u32,
}

/// A call that has entered a queue, in one line of the cache.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Waiter {
    generation: u32,
    lane: LaneId,
    in_line: bool,
    overtakes: bool,
    /// Phones that ring for it.
    ringing: u16,
    overtaken: u32,
    came: u64,
    /// When the present queue was joined, and the wait that was expected then.
    joined: Tick,
    expected: Option<Span>,
    /// When the last phone began to ring.
    rang: Tick,
}

impl Line {
    pub(super) fn new(plan: &Dialplan, kinds: &Kinds) -> Self {
        let served = |kind: usize| {
            let profile = usize::from(kinds.get(kind).profile);
            plan.profiles[profile].lanes.clone()
        };
        Self {
            waiters: Vec::new(),
            lanes: vec![Lane::EMPTY; plan.lanes.len()],
            served: (0..kinds.len()).map(served).collect(),
            came: 0,
            answered: 0,
            inversions: 0,
            overtakes_max: 0,
            promises: Promises::default(),
        }
    }

    pub(super) fn reset(&mut self) {
        self.waiters.clear();
        for lane in &mut self.lanes {
            lane.line.clear();
            lane.first = u64::MAX;
        }
        (self.came, self.answered) = (0, 0);
        (self.inversions, self.overtakes_max) = (0, 0);
        self.promises = Promises::default();
    }

    /// Asks for the memory of a call.
    #[inline]
    pub(super) fn fetch(&self, call: CallId) {
        fetch_entry(&self.waiters, call.index as usize);
    }

    /// A call has joined a queue; `expected` is the wait that it was to expect, none when somebody
    /// was free.
    #[inline]
    pub(super) fn join(&mut self, now: Tick, call: CallId, lane: LaneId, expected: Option<Span>) {
        let waiter = self.waiter_or_new(call);
        (waiter.lane, waiter.joined, waiter.expected) = (lane, now, expected);
        if expected.is_some() {
            self.stand(call.index);
        }
    }

    /// A call back takes over the place of the call in which it was promised.
    pub(super) fn inherit(&mut self, call: CallId, during: CallId) {
        let from = self.waiters.get(during.index as usize).copied();
        let came = from.filter(|from| from.came > 0 && from.generation == during.generation);
        let waiter = self.waiter_or_new(call);
        if let Some(from) = came {
            waiter.came = from.came;
        }
    }

    /// A call back is in line for this lane.
    pub(super) fn stands(&mut self, call: CallId, lane: LaneId) {
        self.waiter_or_new(call).lane = lane;
        self.stand(call.index);
    }

    fn waiter_or_new(&mut self, call: CallId) -> &mut Waiter {
        let waiter = at_place(&mut self.waiters, call.index as usize, || Waiter::NOBODY);
        if waiter.came == 0 || waiter.generation != call.generation {
            self.came += 1;
            *waiter = Waiter {
                generation: call.generation,
                came: self.came,
                ..Waiter::NOBODY
            };
        }
        waiter
    }

    /// An agent of this kind is chosen for a call. Gives whether other phones ring for it: the
    /// first one counts for all.
    #[inline]
    pub(super) fn ring(&mut self, now: Tick, call: CallId, kind: usize, counts: bool) -> bool {
        let Some(waiter) = self.waiters.get_mut(call.index as usize) else {
            return false;
        };
        waiter.rang = now;
        waiter.ringing += 1;
        if waiter.ringing > 1 {
            return true;
        }
        let (came, in_line) = (waiter.came, waiter.in_line);
        waiter.overtakes = false;
        if in_line {
            self.step_aside(call.index);
        }
        let mut lanes = self.served[kind].iter();
        if lanes.any(|lane| self.lanes[lane.index()].first < came) {
            self.overtake(call, kind, counts);
        }
        false
    }

    /// A call goes before those who came earlier and are in line for an agent of this kind.
    #[cold]
    fn overtake(&mut self, call: CallId, kind: usize, counts: bool) {
        let waiter = &mut self.waiters[call.index as usize];
        waiter.overtakes = true;
        let came = waiter.came;
        for lane in self.served[kind].iter().filter(|_| counts) {
            let line = self.lanes[lane.index()].line.iter();
            for place in line.take_while(|place| place.came < came) {
                let overtaken = &mut self.waiters[place.call as usize].overtaken;
                *overtaken += 1;
                self.overtakes_max = self.overtakes_max.max(*overtaken);
            }
        }
    }

    /// A phone has stopped ringing for a call. Where no other rings, the call is in line again,
    /// unless its caller has left.
    pub(super) fn lapse(&mut self, call: CallId, waits_on: bool) {
        let Some(waiter) = self.waiters.get_mut(call.index as usize) else {
            return;
        };
        waiter.ringing = waiter.ringing.saturating_sub(1);
        if waits_on && waiter.ringing == 0 {
            self.stand(call.index);
        }
    }

    /// A call waits for the agents of another lane from now on.
    pub(super) fn change(&mut self, call: CallId, lane: LaneId) {
        let Some(waiter) = self.waiters.get(call.index as usize) else {
            return;
        };
        let in_line = waiter.in_line;
        if in_line {
            self.step_aside(call.index);
        }
        self.waiters[call.index as usize].lane = lane;
        if in_line {
            self.stand(call.index);
        }
    }

    /// A call leaves its queue without an agent.
    pub(super) fn leave(&mut self, call: CallId) {
        if let Some(waiter) = self.waiters.get(call.index as usize)
            && waiter.in_line
        {
            self.step_aside(call.index);
        }
    }

    /// A call is answered by an agent whose phone rang for it.
    #[inline]
    pub(super) fn answer(&mut self, call: CallId, counts: bool) {
        let Some(waiter) = self.waiters.get_mut(call.index as usize) else {
            return;
        };
        let rang_for_it = std::mem::take(&mut waiter.ringing) > 0;
        if counts {
            self.answered += 1;
            self.inversions += u64::from(waiter.overtakes);
            if let Some(expected) = waiter.expected
                && rang_for_it
            {
                self.promises.hold(expected, waiter.rang - waiter.joined);
            }
        }
        if waiter.in_line {
            self.step_aside(call.index);
        }
    }

    /// Puts a call in line, behind all who came before it.
    fn stand(&mut self, call: u32) {
        let waiter = &mut self.waiters[call as usize];
        if std::mem::replace(&mut waiter.in_line, true) {
            return;
        }
        let came = waiter.came;
        let Lane { line, first } = &mut self.lanes[waiter.lane.index()];
        *first = came.min(*first);
        let place = Place { came, call };
        if line.back().is_none_or(|last| last.came < came) {
            return line.push_back(place);
        }
        let ahead = line.partition_point(|other| other.came < came);
        line.insert(ahead, place);
    }

    /// Takes a call out of the line.
    fn step_aside(&mut self, call: u32) {
        let waiter = &mut self.waiters[call as usize];
        waiter.in_line = false;
        let came = waiter.came;
        let Lane { line, first } = &mut self.lanes[waiter.lane.index()];
        if *first == came {
            line.pop_front();
            *first = line.front().map_or(u64::MAX, |next| next.came);
            return;
        }
        let ahead = line.partition_point(|other| other.came < came);
        line.remove(ahead);
    }
}

impl Waiter {
    /// A place in the table without a call.
    const NOBODY: Self = Self {
        generation: 0,
        lane: LaneId(0),
        in_line: false,
        overtakes: false,
        ringing: 0,
        overtaken: 0,
        came: 0,
        joined: Tick(0),
        expected: None,
        rang: Tick(0),
    };
}
