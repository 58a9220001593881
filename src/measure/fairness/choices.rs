//! Decisions that had a choice: whom else they might have taken, and what that says of them.

use super::carpool::Carpool;
use super::carpool::Fare;
use super::fixed::ONE_CALL;
use super::fixed::SLACK;
use super::idle::Idle;
use super::kinds::Kinds;
use super::shares::Shares;
use super::streaks::Streak;
use crate::exchange::ahead::fetch_entry;
use crate::exchange::id::AgentId;
use crate::exchange::id::LaneId;
use crate::exchange::time::Tick;

/// So many who are free no more are remembered without a look at who is still asked about, and as many as there
/// are agents.
const REMEMBERED: usize = 64;

/// All choices of one run. A choice is judged when it is made and counts when the phone is answered:
/// an offer that comes to nothing changes nobody's share.
#[derive(Clone, Debug)]
pub(super) struct Choices {
    /// By agent.
    hands: Vec<Hand>,
    /// By agent.
    passed: Vec<Passed>,
    /// Those passed over with the choice that is made just now.
    found: Vec<u32>,
    /// The agent of the last choice.
    last: Option<AgentId>,
    /// Choices whose phones ring.
    ringing: usize,
    /// So many may be remembered who are free no more before it is seen who need not be.
    room: usize,
    /// Of those who are free; each kind is a pool.
    pub(super) carpool: Carpool,
    /// By agent.
    pub(super) wrongs: Vec<Wrongs>,
    pub(super) count: u64,
    pub(super) inequitable: u64,
    /// Of these, those that what was forgiven explains.
    pub(super) inequitable_forgiven: u64,
    pub(super) streak_max: u64,
    /// By agent, what the dispatcher has forgiven of what is owed; empty until it forgives anything.
    forgiven: Vec<i64>,
}

/// Choices that were not as they should have been, for one agent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Wrongs {
    /// Calls given to the agent while a free colleague was owed a whole call more.
    pub(super) undue: u64,
    /// Calls given to others while the agent was free and owed a whole call more.
    pub(super) passed: u64,
    /// As `undue`, where no colleague was owed a whole call more once what was forgiven is taken off.
    pub(super) undue_forgiven: u64,
    /// As `passed`, likewise.
    pub(super) passed_forgiven: u64,
}

/// The call for which an agent's phone rings, and those before, in one line of the cache.
#[derive(Clone, Debug, Default)]
#[repr(align(64))]
struct Hand {
    rings: bool,
    rang: Tick,
    /// The choice that brought it; none where there was none.
    choice: Option<Choice>,
    streak: Streak,
}

/// A choice whose phone rings.
#[derive(Clone, Copy, Debug)]
struct Choice {
    /// Whoever may take the calls of this lane and was free at this moment was free for this call, the
    /// agent too. They are found when they are asked for, which few choices are.
    lane: LaneId,
    moment: u64,
    /// What it cost in the carpool; none where that is charged with the answer.
    fare: Option<Fare>,
    /// How many calls the agent was given while somebody sat free, this one included; 0 where that is no
    /// more than ever before.
    streak: u32,
    /// Whether somebody was passed over who was owed a whole call more.
    is_undue: bool,
}

/// Those passed over with a choice who were owed a whole call more.
#[derive(Clone, Debug, Default)]
struct Passed {
    list: Vec<u32>,
    /// So many of them, the first, are owed it also when what was forgiven is taken off.
    still: usize,
}

impl Choice {
    /// All who were free for the call.
    #[inline(never)]
    fn riders(&self, kinds: &Kinds, idle: &Idle) -> Vec<u32> {
        let mut free = Vec::new();
        idle.free_at(self.moment, kinds.for_lane(self.lane), &mut free);
        free
    }
}

impl Choices {
    pub(super) fn new(kinds: &Kinds) -> Self {
        let agents = kinds.of_agents().count();
        Self {
            hands: vec![Hand::default(); agents],
            passed: vec![Passed::default(); agents],
            found: Vec::new(),
            last: None,
            ringing: 0,
            room: REMEMBERED.max(agents),
            carpool: Carpool::new(kinds.of_agents()),
            wrongs: vec![Wrongs::default(); agents],
            count: 0,
            inequitable: 0,
            inequitable_forgiven: 0,
            streak_max: 0,
            forgiven: Vec::new(),
        }
    }

    pub(super) fn reset(&mut self) {
        for hand in &mut self.hands {
            hand.streak.reset();
            (hand.rings, hand.choice) = (false, None);
        }
        (self.last, self.ringing) = (None, 0);
        self.room = REMEMBERED.max(self.hands.len());
        self.carpool.reset();
        self.wrongs.fill(Wrongs::default());
        (self.count, self.inequitable, self.streak_max) = (0, 0, 0);
        self.inequitable_forgiven = 0;
        self.forgiven.clear();
    }

    /// A part of what is owed to an agent, or by one when negative, is not owed any more.
    pub(super) fn forgive(&mut self, agent: AgentId, calls: i64) {
        self.forgiven.resize(self.hands.len(), 0);
        self.forgiven[agent.index()] += calls;
    }

    /// Asks for the memory of an agent.
    #[inline]
    pub(super) fn fetch(&self, agent: AgentId) {
        fetch_entry(&self.hands, agent.index());
        self.carpool.fetch(agent.index());
    }

    /// Asks for the memory of the agent's last calls, which that of the agent names.
    #[inline]
    pub(super) fn fetch_last(&self, agent: AgentId) {
        self.hands[agent.index()].streak.fetch_last();
    }

    /// An agent's phone begins to ring.
    #[inline]
    pub(super) fn ring(&mut self, now: Tick, agent: AgentId, idle: &mut Idle) {
        if self.ringing == 0 {
            idle.forget();
        } else if idle.remembered() >= self.room {
            self.forget(idle);
        }
        let hand = &mut self.hands[agent.index()];
        (hand.rings, hand.rang, hand.choice) = (true, now, None);
    }

    /// An agent's phone rings for a call of this lane that has just come: a choice, if others are free.
    /// The agent is still among them.
    #[inline]
    pub(super) fn choose(
        &mut self,
        (agent, kind): (AgentId, usize),
        (lane, kinds): (LaneId, &Kinds),
        (idle, shares): (&mut Idle, &Shares),
    ) {
        self.last = None;
        let eligible = kinds.for_lane(lane);
        let free: usize = eligible
            .iter()
            .map(|kind| idle.of(*kind as usize).len())
            .sum();
        let Some((mark, since)) = idle.find(agent).filter(|_| free > 1) else {
            return;
        };
        // An equal of the agent with this mark would be owed a whole call more.
        let own = shares.worth(idle.of(kind).kind).wrapping_sub(mark);
        let owed = own.wrapping_add(ONE_CALL - SLACK);
        for kind in eligible {
            let free = idle.of_mut(*kind as usize);
            let mark = shares.worth(free.kind).wrapping_sub(owed);
            free.marked_up_to(mark, &mut self.found);
        }
        let is_undue = !self.found.is_empty();
        let choice = Choice {
            lane,
            moment: idle.moment(),
            fare: Some(self.carpool.ride(agent.index(), eligible)),
            streak: self.streak(agent, since, eligible, idle).unwrap_or(0),
            is_undue,
        };
        self.rings(agent, choice);
        self.last = Some(agent);
        if is_undue {
            self.judge(agent, kinds, shares);
        }
    }

    #[inline]
    fn rings(&mut self, agent: AgentId, choice: Choice) {
        self.hands[agent.index()].choice = Some(choice);
        self.ringing += 1;
    }

    /// The choice that made a phone ring which rings no more.
    #[inline]
    fn rings_no_more(&mut self, agent: AgentId) -> Option<Choice> {
        let choice = self.hands[agent.index()].choice.take();
        self.ringing -= usize::from(choice.is_some());
        choice
    }

    /// How many calls an agent who has been free since this moment is given while somebody of these kinds sits
    /// free, this one included, if that is more than ever before.
    #[inline]
    fn streak(&self, agent: AgentId, since: Tick, kinds: &[u32], idle: &mut Idle) -> Option<u32> {
        let given = &self.hands[agent.index()].streak;
        // It is more when somebody has been free since the first of as many calls as that.
        let first = match self.streak_max {
            0 => since,
            most => given.first_of(most as usize)?,
        };
        let before = Tick(since.0.checked_sub(1)?);
        let longest = idle.longest_of(kinds, first.min(before))?;
        Some(1 + given.since(longest))
    }

    /// Notes who is passed over, and tells those who are still owed a whole call more from those who are
    /// forgiven it.
    #[inline(never)]
    fn judge(&mut self, agent: AgentId, kinds: &Kinds, shares: &Shares) {
        let Passed { list, still } = &mut self.passed[agent.index()];
        std::mem::swap(list, &mut self.found);
        self.found.clear();
        *still = list.len();
        if self.forgiven.is_empty() {
            return;
        }
        let owed = |agent: AgentId| {
            let worth = shares.worth(kinds.get(kinds.of(agent)));
            let forgiven = self.forgiven[agent.index()];
            worth.wrapping_sub(shares.mark(agent)) - forgiven
        };
        let own = owed(agent);
        let is_still = |other| owed(AgentId(other)) - own >= ONE_CALL - SLACK;
        *still = 0;
        for place in 0..list.len() {
            if is_still(list[place]) {
                list.swap(place, *still);
                *still += 1;
            }
        }
    }

    /// An agent's phone rings too for the call of the last choice: whoever answers is the one who was
    /// chosen, among all who were free when the first phone rang.
    #[cold]
    pub(super) fn choose_too(
        &mut self,
        agent: AgentId,
        kinds: &Kinds,
        (idle, shares): (&Idle, &Shares),
    ) {
        let last = self.last.and_then(|first| self.hands[first.index()].choice);
        let Some(first) = last else {
            return;
        };
        let free = first.riders(kinds, idle);
        let owed = |agent: AgentId| {
            let worth = shares.worth(kinds.get(kinds.of(agent)));
            worth.wrapping_sub(shares.mark(agent))
        };
        let (own, since) = (owed(agent), idle.since(agent));
        let is_owed_more =
            |other: &&u32| owed(AgentId(**other)).wrapping_sub(own) >= ONE_CALL - SLACK;
        let passed = free.iter().filter(is_owed_more).copied();
        let sinces = free.iter().map(|other| idle.since(AgentId(*other)));
        let longest = sinces.fold(since, Tick::min);
        self.found.extend(passed);
        let is_undue = !self.found.is_empty();
        let streak = match longest < since {
            true => 1 + self.hands[agent.index()].streak.since(longest),
            false => 0,
        };
        let choice = Choice {
            fare: None,
            streak,
            is_undue,
            ..first
        };
        self.rings(agent, choice);
        self.judge(agent, kinds, shares);
    }

    /// Forgets who was free before all choices whose phones ring, and looks again when there are twice as many.
    #[cold]
    fn forget(&mut self, idle: &mut Idle) {
        let ringing = self.hands.iter().filter_map(|hand| hand.choice);
        let oldest = ringing.map(|choice| choice.moment).min();
        idle.forget_before(oldest.unwrap_or(idle.moment()));
        let least = REMEMBERED.max(self.hands.len());
        self.room = least.max(2 * idle.remembered());
    }

    /// The phone was not answered, or the caller has gone.
    pub(super) fn lapse(&mut self, agent: AgentId, kinds: &Kinds, idle: &Idle) {
        self.hands[agent.index()].rings = false;
        if let Some(choice) = self.rings_no_more(agent)
            && let Some(fare) = choice.fare
        {
            let riders = choice.riders(kinds, idle);
            self.carpool.take_back(agent.index(), &riders, fare);
        }
    }

    /// The phone is answered.
    #[inline(always)]
    pub(super) fn answer(&mut self, agent: AgentId, kinds: &Kinds, idle: &mut Idle, counts: bool) {
        let hand = &mut self.hands[agent.index()];
        if std::mem::take(&mut hand.rings) {
            hand.streak.add(hand.rang, idle);
        }
        let Some(choice) = self.rings_no_more(agent) else {
            return;
        };
        if counts {
            self.count += 1;
            self.streak_max = self.streak_max.max(u64::from(choice.streak));
            if choice.is_undue {
                self.is_undue(agent);
            }
            if choice.fare.is_none() {
                let riders = choice.riders(kinds, idle);
                self.carpool.ride_of(agent.index(), &riders);
            }
        }
    }

    /// Counts a choice that was not as it should have been.
    #[inline(never)]
    fn is_undue(&mut self, agent: AgentId) {
        let Passed { list, still } = &self.passed[agent.index()];
        let (still, forgiven) = list.split_at(*still);
        let own = &mut self.wrongs[agent.index()];
        own.undue += u64::from(!still.is_empty());
        own.undue_forgiven += u64::from(still.is_empty());
        self.inequitable_forgiven += u64::from(still.is_empty());
        self.inequitable += 1;
        for other in still {
            self.wrongs[*other as usize].passed += 1;
        }
        for other in forgiven {
            self.wrongs[*other as usize].passed_forgiven += 1;
        }
    }
}
