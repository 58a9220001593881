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
    kind: u32,
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
    /// Of an agent of this kind who is not free.
    fn empty(kind: u32) -> Self {
        Self {
            kind,
            place: NONE,
            before: NONE,
            after: NONE,
            since: Tick(0),
            came: 0,
        }
    }
}

/// The free agents of one kind, in no particular order.
#[derive(Clone, Debug)]
pub(super) struct Free {
    pub(super) kind: Kind,
    list: Vec<Marked>,
    /// No mark of a block is lower; that of somebody who has left may have been as low.
    least: Vec<i64>,
    /// No bound of a block is lower.
    lowest: i64,
    /// Who has been free the longest, and the shortest.
    first: u32,
    last: u32,
}

/// A free agent, see [`super::shares::Shares::mark`].
#[derive(Clone, Copy, Debug)]
struct Marked {
    agent: u32,
    mark: i64,
}

impl Idle {
    pub(super) fn new(kinds: &Kinds) -> Self {
        let list = |kind: usize| {
            let room = kinds.of_agents().filter(|(of, _)| *of == kind).count();
            Free {
                kind: kinds.get(kind),
                list: Vec::with_capacity(room),
                least: Vec::with_capacity(room.div_ceil(BLOCK)),
                lowest: 0,
                first: NONE,
                last: NONE,
            }
        };
        let seat = |(kind, _): (usize, u32)| Seat::empty(kind as u32);
        Self {
            lists: (0..kinds.len()).map(list).collect(),
            seats: kinds.of_agents().map(seat).collect(),
            moment: 0,
            gone: Vec::new(),
        }
    }

    pub(super) fn reset(&mut self) {
        for free in &mut self.lists {
            free.list.clear();
            free.least.clear();
            (free.first, free.last) = (NONE, NONE);
        }
        for seat in &mut self.seats {
            *seat = Seat::empty(seat.kind);
        }
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
            let agents = self.lists[*kind as usize]
                .list
                .iter()
                .map(|free| free.agent);
            list.extend(agents.filter(|agent| self.seats[*agent as usize].came <= moment));
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

    /// The kind of an agent.
    #[inline]
    pub(super) fn kind_of(&self, agent: AgentId) -> usize {
        self.seats[agent.index()].kind as usize
    }

    /// The mark of an agent, and since when it has been free; none when it is not.
    #[inline]
    pub(super) fn find(&self, agent: AgentId) -> Option<(i64, Tick)> {
        let seat = &self.seats[agent.index()];
        let free = &self.lists[seat.kind as usize];
        let free = free.list.get(seat.place as usize)?;
        Some((free.mark, seat.since))
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
    pub(super) fn enter(&mut self, agent: AgentId, mark: i64, since: Tick) {
        let seat = &mut self.seats[agent.index()];
        let free = &mut self.lists[seat.kind as usize];
        assert!(seat.place == NONE, "an agent is free once");
        self.moment += 1;
        let place = free.list.len();
        (seat.place, seat.since, seat.came) = (place as u32, since, self.moment);
        (seat.before, seat.after) = (free.last, NONE);
        let agent = agent.0;
        free.list.push(Marked { agent, mark });
        free.bound(place, mark);
        match std::mem::replace(&mut free.last, agent) {
            NONE => free.first = agent,
            before => self.seats[before as usize].after = agent,
        }
    }

    #[inline]
    pub(super) fn leave(&mut self, agent: AgentId) {
        let seat = &mut self.seats[agent.index()];
        let Seat {
            kind,
            before,
            after,
            came,
            ..
        } = *seat;
        let place = std::mem::replace(&mut seat.place, NONE) as usize;
        self.moment += 1;
        self.gone.push(Gone {
            agent: agent.0,
            kind,
            came,
            left: self.moment,
        });
        let free = &mut self.lists[kind as usize];
        free.list.swap_remove(place);
        if let Some(&Marked { agent, mark }) = free.list.get(place) {
            self.seats[agent as usize].place = place as u32;
            free.bound(place, mark);
        }
        if free.list.len().is_multiple_of(BLOCK) {
            free.least.pop();
        }
        match before {
            NONE => free.first = after,
            before => self.seats[before as usize].after = after,
        }
        match after {
            NONE => free.last = before,
            after => self.seats[after as usize].before = before,
        }
    }
}

impl Free {
    /// How many they are.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.list.len()
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
    #[inline(never)]
    fn search_up_to(&mut self, mark: i64, list: &mut Vec<u32>) {
        let above = |other: i64| other.wrapping_sub(mark);
        let mut lowest = i64::MAX;
        let mut rest = self.list.as_slice();
        for least in &mut self.least {
            let block;
            (block, rest) = rest.split_at(rest.len().min(BLOCK));
            if above(*least) <= 0 {
                let all = block.iter().map(|free| above(free.mark));
                let closest = all.fold(i64::MAX, i64::min);
                if closest <= 0 {
                    let (mut found, mut count) = ([0; BLOCK], 0);
                    for free in block {
                        // Written in any case: nobody can foretell who is found.
                        found[count % BLOCK] = free.agent;
                        count += usize::from(above(free.mark) <= 0);
                    }
                    list.extend_from_slice(&found[..count]);
                }
                *least = closest.wrapping_add(mark);
            }
            lowest = lowest.min(above(*least));
        }
        self.lowest = lowest.wrapping_add(mark);
    }

    /// Lowers the bounds to the mark in this place.
    #[inline]
    fn bound(&mut self, place: usize, mark: i64) {
        let is_lower = |bound: i64| mark.wrapping_sub(bound) < 0;
        match self.least.get_mut(place / BLOCK) {
            Some(least) if is_lower(*least) => *least = mark,
            Some(_) => {}
            None => self.least.push(mark),
        }
        if self.list.len() == 1 || is_lower(self.lowest) {
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
        idle.enter(ANA, 0, now);
        idle.enter(CHI, 0, now);
        let early = idle.moment();
        idle.leave(ANA);
        idle.enter(BEN, 0, now);
        let late = idle.moment();
        idle.enter(ANA, 0, now);
        idle.leave(BEN);
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
        idle.enter(ANA, 10, Tick(0));
        idle.enter(BEN, 20, Tick(0));
        assert!(low(&mut idle, 9).is_empty());
        assert_eq!(low(&mut idle, 10), [0]);
        idle.leave(ANA);
        assert!(low(&mut idle, 15).is_empty(), "the bound is drawn closer");
        idle.enter(ANA, 5, Tick(0));
        assert_eq!(low(&mut idle, 15), [0]);
        idle.leave(ANA);
        idle.leave(BEN);
        idle.enter(BEN, i64::MIN, Tick(0));
        assert!(low(&mut idle, i64::MAX).is_empty(), "marks wrap round");
        assert_eq!(low(&mut idle, i64::MIN), [1]);
    }
}
