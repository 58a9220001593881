//! Who is free, by kind: lists that a decision is held against.

use super::free::Free;
use super::free::Mark;
use super::free::NOBODY;
use super::free::Passes;
use super::kinds::Kinds;
use crate::exchange::ahead::fetch_entry;
use crate::exchange::id::AgentId;
use crate::exchange::time::Tick;

/// Not free.
const NOWHERE: u32 = u32::MAX;

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
    was: WasFree,
    came: u64,
    left: u64,
}

/// An agent who was free at some moment.
#[derive(Clone, Copy, Debug)]
pub(super) struct WasFree {
    pub(super) agent: u32,
    pub(super) kind: u32,
    pub(super) mark: Mark,
}

/// Where an agent stands, in one line of the cache.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub(super) struct Seat {
    kind: u32,
    /// The place among those of the kind whose marks lie near.
    pub(super) place: u32,
    /// Who became free before and after, of the same kind.
    before: u32,
    after: u32,
    since: Tick,
    /// The moment of its becoming free.
    came: u64,
    /// With which it became free, or last did.
    mark: Mark,
    /// What the dispatcher has forgiven of what is owed.
    forgiven: i64,
}

impl Seat {
    /// Of an agent of this kind who is not free.
    fn empty(kind: u32) -> Self {
        Self {
            kind,
            place: NOWHERE,
            before: NOBODY,
            after: NOBODY,
            since: Tick(0),
            came: 0,
            mark: Mark { own: 0, net: 0 },
            forgiven: 0,
        }
    }

    fn is_free(&self) -> bool {
        self.place != NOWHERE
    }
}

impl Idle {
    pub(super) fn new(kinds: &Kinds) -> Self {
        let seat = |(kind, _): (usize, u32)| Seat::empty(kind as u32);
        Self {
            lists: (0..kinds.len())
                .map(|kind| Free::new(kinds.get(kind)))
                .collect(),
            seats: kinds.of_agents().map(seat).collect(),
            moment: 0,
            gone: Vec::new(),
        }
    }

    pub(super) fn reset(&mut self) {
        self.lists.iter_mut().for_each(Free::reset);
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

    /// Those of these kinds who were free at a moment that is not forgotten.
    pub(super) fn free_at(&self, moment: u64, kinds: &[u32]) -> impl Iterator<Item = WasFree> {
        let are = kinds.iter().flat_map(move |kind| {
            let agents = self.lists[*kind as usize].agents();
            agents.filter(move |agent| self.seats[*agent as usize].came <= moment)
        });
        let after = self.gone.partition_point(|gone| gone.left <= moment);
        let were = self.gone[after..].iter();
        let were = were.filter(move |gone| gone.came <= moment && kinds.contains(&gone.was.kind));
        are.map(move |agent| self.was_free(agent))
            .chain(were.map(|gone| gone.was))
    }

    fn was_free(&self, agent: u32) -> WasFree {
        let seat = &self.seats[agent as usize];
        WasFree {
            agent,
            kind: seat.kind,
            mark: seat.mark,
        }
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
    pub(super) fn find(&self, agent: AgentId) -> Option<(Mark, Tick)> {
        let seat = &self.seats[agent.index()];
        seat.is_free().then_some((seat.mark, seat.since))
    }

    /// This mark of an agent, free or not.
    #[inline]
    pub(super) fn mark(&self, agent: AgentId, own: i64) -> Mark {
        let net = own.wrapping_add(self.seats[agent.index()].forgiven);
        Mark { own, net }
    }

    /// A part of what is owed to an agent, or by one when negative, is not owed any more from when it is free the
    /// next time.
    pub(super) fn forgive(&mut self, agent: AgentId, calls: i64) {
        self.seats[agent.index()].forgiven += calls;
    }

    /// How often those who are free were passed over since they are.
    pub(super) fn passed(&self) -> impl Iterator<Item = (AgentId, Passes)> {
        let free = self
            .seats
            .iter()
            .enumerate()
            .filter(|(_, seat)| seat.is_free());
        free.map(|(agent, seat)| {
            let free = &self.lists[seat.kind as usize];
            (AgentId(agent as u32), free.passes(seat.place, seat.mark))
        })
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
        let mark = self.mark(agent, mark);
        let seat = &mut self.seats[agent.index()];
        let free = &mut self.lists[seat.kind as usize];
        assert!(!seat.is_free(), "an agent is free once");
        self.moment += 1;
        (seat.mark, seat.since, seat.came) = (mark, since, self.moment);
        (seat.before, seat.after) = (free.last, NOBODY);
        let agent = agent.0;
        match std::mem::replace(&mut free.last, agent) {
            NOBODY => free.first = agent,
            before => self.seats[before as usize].after = agent,
        }
        free.add(agent, mark, &mut self.seats);
    }

    /// An agent is free no more. Gives how often it was passed over.
    #[inline]
    pub(super) fn leave(&mut self, agent: AgentId) -> Passes {
        let was = self.was_free(agent.0);
        let Seat {
            before,
            after,
            came,
            ..
        } = self.seats[agent.index()];
        self.moment += 1;
        self.gone.push(Gone {
            was,
            came,
            left: self.moment,
        });
        let free = &mut self.lists[was.kind as usize];
        let passes = free.remove(agent.0, was.mark, &mut self.seats);
        self.seats[agent.index()].place = NOWHERE;
        match before {
            NOBODY => free.first = after,
            before => self.seats[before as usize].after = after,
        }
        match after {
            NOBODY => free.last = before,
            after => self.seats[after as usize].before = before,
        }
        passes
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
            let free = idle.free_at(moment, kinds).map(|free| free.agent);
            let mut free: Vec<u32> = free.collect();
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
}
