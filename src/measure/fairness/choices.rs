//! Decisions that had a choice: whom else they might have taken, and what that says of them.

use super::carpool::Carpool;
use super::carpool::Fare;
use super::fixed::ONE_CALL;
use super::fixed::SLACK;
use super::idle::Idle;
use super::kinds::Kinds;
use super::shares::Shares;
use super::streaks::Streaks;
use crate::exchange::id::AgentId;
use crate::exchange::time::Tick;

/// No offer.
const NONE: u32 = u32::MAX;

/// All choices of one run. A choice is judged when it is made and counts when the phone is answered:
/// an offer that comes to nothing changes nobody's share.
#[derive(Clone, Debug)]
pub(super) struct Choices {
    offers: Vec<Offer>,
    /// Places in `offers` that can be used again; the last one is still warm.
    spare: Vec<u32>,
    /// By agent: the offer on hand, if any.
    on_hand: Vec<u32>,
    /// The place of the last choice.
    last: u32,
    streaks: Streaks,
    /// Of those who are free; each kind is a pool.
    pub(super) carpool: Carpool,
    pub(super) count: u64,
    pub(super) inequitable: u64,
    pub(super) streak_max: u64,
}

/// A call for which an agent's phone rings.
#[derive(Clone, Debug, Default)]
struct Offer {
    rang: Tick,
    /// Who was free for this call, the agent too; nobody where there was no choice.
    free: Vec<u32>,
    /// What it cost in the carpool; none where it is charged with the answer.
    fare: Option<Fare>,
    /// Whether somebody was passed over who was owed a whole call more.
    inequitable: bool,
    /// How many calls the agent was given while somebody sat free, this one included.
    streak: u64,
}

impl Choices {
    pub(super) fn new(kinds: &Kinds) -> Self {
        let agents = kinds.of_agents().count();
        Self {
            offers: Vec::new(),
            spare: Vec::new(),
            on_hand: vec![NONE; agents],
            last: NONE,
            streaks: Streaks::new(agents),
            carpool: Carpool::new(kinds.of_agents()),
            count: 0,
            inequitable: 0,
            streak_max: 0,
        }
    }

    pub(super) fn reset(&mut self) {
        self.spare.clear();
        self.spare.extend(0..self.offers.len() as u32);
        self.on_hand.fill(NONE);
        self.last = NONE;
        self.streaks.reset();
        self.carpool.reset();
        (self.count, self.inequitable, self.streak_max) = (0, 0, 0);
    }

    /// An agent's phone begins to ring.
    #[inline]
    pub(super) fn ring(&mut self, now: Tick, agent: AgentId) -> usize {
        let place = self.spare.pop().unwrap_or_else(|| {
            self.offers.push(Offer::default());
            self.offers.len() as u32 - 1
        });
        self.on_hand[agent.index()] = place;
        let offer = &mut self.offers[place as usize];
        offer.rang = now;
        offer.free.clear();
        place as usize
    }

    /// An agent's phone begins to ring for a call that has just come and that these kinds of agents
    /// may take: a choice, if others are free. The agent is still among them.
    #[inline]
    pub(super) fn choose(
        &mut self,
        now: Tick,
        (agent, kind): (AgentId, usize),
        eligible: &[u32],
        (idle, shares): (&mut Idle, &Shares),
    ) {
        let place = self.ring(now, agent);
        self.last = place as u32;
        let offer = &mut self.offers[place];
        for kind in eligible {
            offer.free.extend(idle.of(*kind as usize).agents());
        }
        let Some((mark, since)) = idle.find(agent, kind).filter(|_| offer.free.len() > 1) else {
            return offer.free.clear();
        };
        // An equal of the agent with this mark would be owed a whole call more.
        let own = shares.worth(idle.of(kind).kind).wrapping_sub(mark);
        let owed = own.wrapping_add(ONE_CALL - SLACK);
        let mut longest = since;
        offer.inequitable = false;
        for kind in eligible {
            let others = idle.of(*kind as usize);
            let mark = shares.worth(others.kind).wrapping_sub(owed);
            offer.inequitable |= others.any_mark_up_to(mark);
            longest = longest.min(idle.longest_of(*kind as usize).unwrap_or(since));
        }
        offer.streak = match longest < since {
            true => 1 + self.streaks.since(agent, longest),
            false => 0,
        };
        offer.fare = Some(self.carpool.ride(agent.index(), eligible));
    }

    /// An agent's phone rings too for the call of the last choice: whoever answers is the one who was
    /// chosen, among all who were free when the first phone rang.
    #[cold]
    pub(super) fn choose_too(
        &mut self,
        now: Tick,
        agent: AgentId,
        kinds: &Kinds,
        (idle, shares): (&Idle, &Shares),
    ) {
        let place = self.ring(now, agent);
        let mut free = std::mem::take(&mut self.offers[place].free);
        if let Some(first) = self.offers.get(self.last as usize) {
            free.extend_from_slice(&first.free);
        }
        let owed = |agent: AgentId| {
            let worth = shares.worth(kinds.get(kinds.of(agent)));
            worth.wrapping_sub(shares.mark(agent))
        };
        let (own, since) = (owed(agent), idle.since(agent));
        let others = || free.iter().map(|other| AgentId(*other));
        let more = |other| owed(other).wrapping_sub(own) >= ONE_CALL - SLACK;
        let inequitable = others().any(more);
        let longest = others().map(|other| idle.since(other)).min();
        let streak = match longest.filter(|longest| *longest < since) {
            Some(longest) => 1 + self.streaks.since(agent, longest),
            None => 0,
        };
        let offer = &mut self.offers[place];
        (offer.free, offer.fare) = (free, None);
        (offer.inequitable, offer.streak) = (inequitable, streak);
    }

    /// The phone was not answered, or the caller has gone.
    pub(super) fn lapse(&mut self, agent: AgentId) {
        if let Some(offer) = self.take(agent)
            && let Offer { free, fare, .. } = &self.offers[offer]
            && let Some(fare) = fare.filter(|_| !free.is_empty())
        {
            self.carpool.take_back(agent.index(), free, fare);
        }
    }

    /// The phone is answered.
    #[inline]
    pub(super) fn answer(&mut self, agent: AgentId, idle: &mut Idle, counts: bool) {
        let Some(offer) = self.take(agent) else {
            return;
        };
        let offer = &self.offers[offer];
        self.streaks.add(agent, offer.rang, idle);
        if counts && !offer.free.is_empty() {
            self.count += 1;
            self.inequitable += u64::from(offer.inequitable);
            self.streak_max = self.streak_max.max(offer.streak);
            if offer.fare.is_none() {
                self.carpool.ride_of(agent.index(), &offer.free);
            }
        }
    }

    /// The offer on hand, which is so no more.
    #[inline]
    fn take(&mut self, agent: AgentId) -> Option<usize> {
        let place = std::mem::replace(&mut self.on_hand[agent.index()], NONE);
        if place == NONE {
            return None;
        }
        self.spare.push(place);
        Some(place as usize)
    }
}
