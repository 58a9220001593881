//! Who is free, by kind: lists that a decision is held against.

use super::kinds::Kind;
use super::kinds::Kinds;
use crate::exchange::id::AgentId;
use crate::exchange::time::Tick;

/// Not in a list, or nobody.
const NONE: u32 = u32::MAX;

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
    since: Tick,
}

impl Seat {
    const NONE: Self = Self {
        place: NONE,
        since: Tick(0),
    };
}

/// The free agents of one kind, in no particular order.
#[derive(Clone, Debug)]
pub(super) struct Free {
    pub(super) kind: Kind,
    agents: Vec<u32>,
    marks: Vec<i64>,
    /// Who has been free the longest, if that is known, and since when.
    oldest: (u32, Tick),
}

impl Idle {
    pub(super) fn new(kinds: &Kinds) -> Self {
        let list = |kind: usize| {
            let room = kinds.of_agents().filter(|(of, _)| *of == kind).count();
            Free {
                kind: kinds.get(kind),
                agents: Vec::with_capacity(room),
                marks: Vec::with_capacity(room),
                oldest: (NONE, Tick(0)),
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
        }
        self.seats.fill(Seat::NONE);
    }

    /// The free agents of a kind.
    #[inline]
    pub(super) fn of(&self, kind: usize) -> &Free {
        &self.lists[kind]
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
    pub(super) fn longest_of(&mut self, kind: usize) -> Option<Tick> {
        let list = &mut self.lists[kind];
        if list.oldest.0 == NONE {
            // Looked up when it is asked for after that agent was given a call, and then known.
            let since = |agent: &u32| (*agent, self.seats[*agent as usize].since);
            list.oldest = list.agents.iter().map(since).min_by_key(|one| one.1)?;
        }
        Some(list.oldest.1)
    }

    /// Since when the one has been free who has been so the longest.
    pub(super) fn longest(&mut self) -> Option<Tick> {
        let kinds = 0..self.lists.len();
        kinds.filter_map(|kind| self.longest_of(kind)).min()
    }

    /// An agent is free. See [`super::shares::Shares::mark`].
    #[inline]
    pub(super) fn enter(&mut self, agent: AgentId, kind: usize, mark: i64, since: Tick) {
        let seat = &mut self.seats[agent.index()];
        assert!(seat.place == NONE, "an agent is free once");
        let list = &mut self.lists[kind];
        let place = list.agents.len() as u32;
        *seat = Seat { place, since };
        if place == 0 {
            list.oldest = (agent.0, since);
        }
        list.agents.push(agent.0);
        list.marks.push(mark);
    }

    #[inline]
    pub(super) fn leave(&mut self, agent: AgentId, kind: usize) {
        let place = std::mem::replace(&mut self.seats[agent.index()].place, NONE);
        let list = &mut self.lists[kind];
        list.agents.swap_remove(place as usize);
        list.marks.swap_remove(place as usize);
        if let Some(moved) = list.agents.get(place as usize) {
            self.seats[*moved as usize].place = place;
        }
        if list.oldest.0 == agent.0 {
            list.oldest.0 = NONE;
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
    pub(super) fn marked_up_to(&self, mark: i64, list: &mut Vec<u32>) {
        let low = |other: &i64| other.wrapping_sub(mark) <= 0;
        if self.marks.iter().any(low) {
            let agents = self.agents.iter().zip(&self.marks);
            list.extend(
                agents
                    .filter(|(_, mark)| low(mark))
                    .map(|(agent, _)| *agent),
            );
        }
    }
}
