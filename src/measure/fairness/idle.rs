//! Who is free, by kind: lists that a decision is held against.

use super::kinds::Kind;
use super::kinds::Kinds;
use crate::exchange::ahead::fetch_entry;
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
    /// Counts up with everybody who comes to be free or is so no more.
    moment: u64,
    /// Who was free and is so no more, in this order; those of old are forgotten.
    gone: Vec<Gone>,
}

/// A time of an agent's being free that is over.
#[derive(Clone, Copy, Debug)]
struct Gone {
    agent: u32,
    kind: u32,
    came: u64,
    left: u64,
}

/// Where an agent stands, in one line of the cache.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Seat {
    /// The place in the list of the kind.
    place: u32,
    /// Who became free before and after, of the same kind.
    before: u32,
    after: u32,
    since: Tick,
    /// The moment of its becoming free.
    came: u64,
}

impl Seat {
    const NONE: Self = Self {
        place: NONE,
        before: NONE,
        after: NONE,
        since: Tick(0),
        came: 0,
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
    /// No bound of a block is lower.
    lowest: i64,
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
                lowest: 0,
                first: NONE,
                last: NONE,
            }
        };
        Self {
            lists: (0..kinds.len()).map(list).collect(),
            seats: vec![Seat::NONE; kinds.of_agents().count()],
            moment: 0,
            gone: Vec::new(),
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
        self.moment = 0;
        self.gone.clear();
    }

    /// Asks for the memory of an agent's seat.
    #[inline]
    pub(super) fn fetch(&self, agent: AgentId) {
        fetch_entry(&self.seats, agent.index());
    }

    /// The present moment, see [`Idle::free_at`].
    #[inline]
    pub(super) fn moment(&self) -> u64 {
        self.moment
    }

    /// Adds those of these kinds who were free at a moment that is not forgotten.
    pub(super) fn free_at(&self, moment: u64, kinds: &[u32], list: &mut Vec<u32>) {
        for kind in kinds {
            let agents = self.lists[*kind as usize].agents.iter();
            list.extend(agents.filter(|agent| self.seats[**agent as usize].came <= moment));
        }
        let after = self.gone.partition_point(|gone| gone.left <= moment);
        let were = self.gone[after..].iter();
        let were = were.filter(|gone| gone.came <= moment && kinds.contains(&gone.kind));
        list.extend(were.map(|gone| gone.agent));
    }

    /// How many are remembered who are free no more.
    #[inline]
    pub(super) fn remembered(&self) -> usize {
        self.gone.len()
    }

    /// Forgets all moments before this one.
    pub(super) fn forget_before(&mut self, moment: u64) {
        let before = self.gone.partition_point(|gone| gone.left <= moment);
        self.gone.drain(..before);
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
        self.moment += 1;
        *seat = Seat {
            place: list.agents.len() as u32,
            before: list.last,
            after: NONE,
            since,
            came: self.moment,
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
        self.moment += 1;
        self.gone.push(Gone {
            agent: agent.0,
            kind: kind as u32,
            came: seat.came,
            left: self.moment,
        });
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
        // Mostly nobody's is, and mostly the bound says so.
        if self.lowest.wrapping_sub(mark) <= 0 {
            self.search_up_to(mark, list);
        }
    }

    /// The same, block by block; the bounds are drawn closer.
    #[cold]
    fn search_up_to(&mut self, mark: i64, list: &mut Vec<u32>) {
        let above = |other: i64| other.wrapping_sub(mark);
        let mut lowest = i64::MAX;
        let blocks = self.marks.chunks(BLOCK).zip(&mut self.least);
        for (block, (marks, least)) in blocks.enumerate() {
            if above(*least) <= 0 {
                let (mut closest, mut found, mut count) = (i64::MAX, [0; BLOCK], 0);
                for (agent, other) in self.agents[block * BLOCK..].iter().zip(marks) {
                    closest = closest.min(above(*other));
                    // Written in any case: nobody can foretell who is found.
                    found[count % BLOCK] = *agent;
                    count += usize::from(above(*other) <= 0);
                }
                list.extend_from_slice(&found[..count]);
                *least = closest.wrapping_add(mark);
            }
            lowest = lowest.min(above(*least));
        }
        self.lowest = lowest.wrapping_add(mark);
    }

    /// Lowers the bounds to the mark in this place.
    #[inline]
    fn bound(&mut self, place: usize) {
        let mark = self.marks[place];
        let is_lower = |bound: i64| mark.wrapping_sub(bound) < 0;
        match self.least.get_mut(place / BLOCK) {
            Some(least) if is_lower(*least) => *least = mark,
            Some(_) => {}
            None => self.least.push(mark),
        }
        if self.marks.len() == 1 || is_lower(self.lowest) {
            self.lowest = mark;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::tests::scene;

    const ANA: AgentId = AgentId(0);
    const BEN: AgentId = AgentId(1);
    const CHI: AgentId = AgentId(2);

    #[test]
    fn who_was_free_is_known_until_it_is_forgotten() {
        let kinds = Kinds::new(&scene::plan());
        let mut idle = Idle::new(&kinds);
        let free_at = |idle: &Idle, moment: u64, kinds: &[u32]| {
            let mut free = Vec::new();
            idle.free_at(moment, kinds, &mut free);
            free.sort_unstable();
            free
        };
        let now = Tick(0);
        idle.enter(ANA, kinds.of(ANA), 0, now);
        idle.enter(CHI, kinds.of(CHI), 0, now);
        let early = idle.moment();
        idle.leave(ANA, kinds.of(ANA));
        idle.enter(BEN, kinds.of(BEN), 0, now);
        let late = idle.moment();
        idle.enter(ANA, kinds.of(ANA), 0, now);
        idle.leave(BEN, kinds.of(BEN));
        assert_eq!(free_at(&idle, early, &[0, 1]), [0, 2]);
        assert_eq!(free_at(&idle, late, &[0, 1]), [1, 2]);
        assert_eq!(free_at(&idle, late, &[0]), [1], "one kind of agents");
        assert_eq!(free_at(&idle, idle.moment(), &[0, 1]), [0, 2]);
        idle.forget_before(late);
        assert_eq!(idle.remembered(), 1, "ben, who left after it");
        assert_eq!(free_at(&idle, late, &[0, 1]), [1, 2]);
    }

    #[test]
    fn the_bounds_hide_nobody_whose_mark_is_low() {
        let kinds = Kinds::new(&scene::plan());
        let mut idle = Idle::new(&kinds);
        let low = |idle: &mut Idle, mark: i64| {
            let mut list = Vec::new();
            idle.of_mut(0).marked_up_to(mark, &mut list);
            list
        };
        idle.enter(ANA, 0, 10, Tick(0));
        idle.enter(BEN, 0, 20, Tick(0));
        assert!(low(&mut idle, 9).is_empty());
        assert_eq!(low(&mut idle, 10), [0]);
        idle.leave(ANA, 0);
        assert!(low(&mut idle, 15).is_empty(), "the bound is drawn closer");
        idle.enter(ANA, 0, 5, Tick(0));
        assert_eq!(low(&mut idle, 15), [0]);
        idle.leave(ANA, 0);
        idle.leave(BEN, 0);
        idle.enter(BEN, 0, i64::MIN, Tick(0));
        assert!(low(&mut idle, i64::MAX).is_empty(), "marks wrap round");
        assert_eq!(low(&mut idle, i64::MIN), [1]);
    }
}
