//! Who is free, by kind: lists that a decision is held against.

use super::kinds::Kind;
use super::kinds::Kinds;
use crate::exchange::id::AgentId;
use crate::exchange::time::Tick;

/// Not in a list, or nobody.
const NONE: u32 = u32::MAX;
/// So many marks have one bound.
const BLOCK: usize = 32;

/// The free agents of each kind.
#[derive(Clone, Debug)]
pub(super) struct Idle {
    lists: Vec<Free>,
    /// By agent.
    seats: Vec<Seat>,
}

/// Where an agent stands.
#[derive(Clone, Copy, Debug)]
struct Seat {
    /// The place in the list of the kind.
    place: u32,
    /// Who became free before and after, of the same kind.
    before: u32,
    after: u32,
    since: Tick,
}

impl Seat {
    const NONE: Self = Self {
        place: NONE,
        before: NONE,
        after: NONE,
        since: Tick(0),
    };
}

/// The free agents of one kind, in no particular order.
#[derive(Clone, Debug)]
pub(super) struct Free {
    pub(super) kind: Kind,
    agents: Vec<u32>,
    marks: Vec<i64>,
    /// No mark of a block is lower; that of somebody who has left may have been as low.
    least: Vec<i64>,
    /// Who has been free the longest, and the shortest.
    first: u32,
    last: u32,
}

impl Idle {
    pub(super) fn new(kinds: &Kinds) -> Self {
        let list = |kind: usize| {
            let room = kinds.of_agents().filter(|(of, _)| *of == kind).count();
            Free {
                kind: kinds.get(kind),
                agents: Vec::with_capacity(room),
                marks: Vec::with_capacity(room),
                least: Vec::with_capacity(room.div_ceil(BLOCK)),
                first: NONE,
                last: NONE,
            }
        };
        Self {
            lists: (0..kinds.len()).map(list).collect(),
            seats: vec![Seat::NONE; kinds.of_agents().count()],
        }
    }

    pub(super) fn reset(&mut self) {
        for list in &mut self.lists {
            list.agents.clear();
            list.marks.clear();
            list.least.clear();
            (list.first, list.last) = (NONE, NONE);
        }
        self.seats.fill(Seat::NONE);
    }

    /// The free agents of a kind.
    #[inline]
    pub(super) fn of(&self, kind: usize) -> &Free {
        &self.lists[kind]
    }

    /// The same, whose bounds may be drawn closer.
    #[inline]
    pub(super) fn of_mut(&mut self, kind: usize) -> &mut Free {
        &mut self.lists[kind]
    }

    /// The mark of an agent of this kind, and since when it has been free; none when it is not.
    #[inline]
    pub(super) fn find(&self, agent: AgentId, kind: usize) -> Option<(i64, Tick)> {
        let seat = self.seats[agent.index()];
        let mark = self.lists[kind].marks.get(seat.place as usize)?;
        Some((*mark, seat.since))
    }

    /// Since when an agent is free, or was when last free.
    pub(super) fn since(&self, agent: AgentId) -> Tick {
        self.seats[agent.index()].since
    }

    /// Since when the one of this kind has been free who has been so the longest.
    #[inline]
    pub(super) fn longest_of(&self, kind: usize) -> Option<Tick> {
        let first = self.seats.get(self.lists[kind].first as usize)?;
        Some(first.since)
    }

    /// Since when the one has been free who has been so the longest.
    pub(super) fn longest(&self) -> Option<Tick> {
        let kinds = 0..self.lists.len();
        kinds.filter_map(|kind| self.longest_of(kind)).min()
    }

    /// An agent is free. See [`super::shares::Shares::mark`].
    #[inline]
    pub(super) fn enter(&mut self, agent: AgentId, kind: usize, mark: i64, since: Tick) {
        let list = &mut self.lists[kind];
        let seat = &mut self.seats[agent.index()];
        assert!(seat.place == NONE, "an agent is free once");
        *seat = Seat {
            place: list.agents.len() as u32,
            before: list.last,
            after: NONE,
            since,
        };
        list.agents.push(agent.0);
        list.marks.push(mark);
        list.bound(list.marks.len() - 1);
        match std::mem::replace(&mut list.last, agent.0) {
            NONE => list.first = agent.0,
            before => self.seats[before as usize].after = agent.0,
        }
    }

    #[inline]
    pub(super) fn leave(&mut self, agent: AgentId, kind: usize) {
        let seat = std::mem::replace(&mut self.seats[agent.index()], Seat::NONE);
        self.seats[agent.index()].since = seat.since;
        let list = &mut self.lists[kind];
        list.agents.swap_remove(seat.place as usize);
        list.marks.swap_remove(seat.place as usize);
        if let Some(moved) = list.agents.get(seat.place as usize) {
            self.seats[*moved as usize].place = seat.place;
            list.bound(seat.place as usize);
        }
        list.least.truncate(list.marks.len().div_ceil(BLOCK));
        match seat.before {
            NONE => list.first = seat.after,
            before => self.seats[before as usize].after = seat.after,
        }
        match seat.after {
            NONE => list.last = seat.before,
            after => self.seats[after as usize].before = seat.before,
        }
    }
}

impl Free {
    /// Who they are.
    #[inline]
    pub(super) fn agents(&self) -> &[u32] {
        &self.agents
    }

    /// Adds those whose mark is so low. It wraps round, see [`super::shares`].
    #[inline]
    pub(super) fn marked_up_to(&mut self, mark: i64, list: &mut Vec<u32>) {
        let above = |other: i64| other.wrapping_sub(mark);
        let blocks = self.marks.chunks(BLOCK).zip(&mut self.least);
        for (block, (marks, least)) in blocks.enumerate() {
            // Mostly nobody's is, and mostly the bound says so.
            if above(*least) > 0 {
                continue;
            }
            let lowest = marks.iter().map(|other| above(*other)).min();
            *least = lowest.unwrap_or(0).wrapping_add(mark);
            if lowest <= Some(0) {
                let agents = self.agents[block * BLOCK..].iter().zip(marks);
                let low = agents.filter(|(_, mark)| above(**mark) <= 0);
                list.extend(low.map(|(agent, _)| *agent));
            }
        }
    }

    /// Lowers the bound of a block to the mark in this place.
    fn bound(&mut self, place: usize) {
        let mark = self.marks[place];
        match self.least.get_mut(place / BLOCK) {
            Some(least) if mark.wrapping_sub(*least) < 0 => *least = mark,
            Some(_) => {}
            None => self.least.push(mark),
        }
    }
}
