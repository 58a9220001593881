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

/// Those who are free no more are remembered without a look at who is still asked about.
const REMEMBERED: usize = 64;

/// All choices of one run. A choice is judged when it is made and counts when the phone is answered:
/// an offer that comes to nothing changes nobody's share.
#[derive(Clone, Debug)]
pub(super) struct Choices {
    /// By agent.
    hands: Vec<Hand>,
    choices: Vec<Choice>,
    /// Places in `choices` that can be used again; the last one is still warm.
    spare: Vec<u32>,
    /// The place of the last choice.
    last: Option<u32>,
    /// Calls for which several phones ring, and places in it that can be used again.
    shared: Vec<Shared>,
    unshared: Vec<u32>,
    /// The place of the last of them, of the last choice.
    last_shared: Option<u32>,
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
    /// The place of the choice that brought it; none where there was none.
    choice: Option<u32>,
    streak: Streak,
}

/// A choice whose phone rings.
#[derive(Clone, Debug)]
struct Choice {
    /// Whether the phone still rings.
    rings: bool,
    /// Whoever may take the calls of this lane and was free at this moment was free for this call, the
    /// agent too. They are found when they are asked for, which few choices are.
    lane: LaneId,
    moment: u64,
    /// What it cost in the carpool, or who was free where it is charged with the answer.
    ride: Ride,
    /// Those passed over who were owed a whole call more.
    passed: Vec<u32>,
    /// So many of them, the first, are owed it also when what was forgiven is taken off.
    still: usize,
    /// How many calls the agent was given while somebody sat free, this one included.
    streak: u64,
}

/// The ride that goes with a choice.
#[derive(Clone, Debug)]
enum Ride {
    Charged(Fare),
    /// With the answer, of those who were free for a call for which several phones ring.
    Later(u32),
}

/// Who was free for a call for which several phones ring. It is kept once for all of these, and what it says
/// of a choice is asked when that one answers: only one of them does.
#[derive(Clone, Debug, Default)]
struct Shared {
    free: Vec<u32>,
    /// What each of them was owed, and the same less what is forgiven.
    owed: Vec<(i64, i64)>,
    /// Since when the one has been free who has been so the longest.
    longest: Tick,
    /// How many of the phones ring, but for the first.
    rings: u32,
}

impl Shared {
    /// Those who were owed a whole call more than an agent of them, and how many of these, who come first, are
    /// owed it also when what was forgiven is taken off.
    fn passed_by(&self, agent: AgentId) -> (Vec<u32>, usize) {
        let is_agent = |free: &u32| *free == agent.0;
        let own = (self.free.iter().position(is_agent)).map_or((0, 0), |place| self.owed[place]);
        let more = |owed: i64, own: i64| owed.wrapping_sub(own) >= ONE_CALL - SLACK;
        let all = self.free.iter().zip(&self.owed);
        let passed = all.filter(|(_, owed)| more(owed.0, own.0));
        let (still, forgiven): (Vec<_>, Vec<_>) = passed.partition(|(_, owed)| more(owed.1, own.1));
        let passed = still.iter().chain(&forgiven).map(|(agent, _)| **agent);
        (passed.collect(), still.len())
    }
}

impl Choices {
    pub(super) fn new(kinds: &Kinds) -> Self {
        let agents = kinds.of_agents().count();
        Self {
            hands: vec![Hand::default(); agents],
            choices: Vec::new(),
            spare: Vec::new(),
            last: None,
            shared: Vec::new(),
            unshared: Vec::new(),
            last_shared: None,
            room: REMEMBERED,
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
        self.spare.clear();
        self.spare.extend(0..self.choices.len() as u32);
        self.choices.iter_mut().for_each(|at| at.rings = false);
        (self.last, self.last_shared) = (None, None);
        self.unshared.clear();
        self.unshared.extend(0..self.shared.len() as u32);
        self.room = REMEMBERED;
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
        if idle.remembered() >= self.room {
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
        (self.last, self.last_shared) = (None, None);
        let eligible = kinds.for_lane(lane);
        let free: usize = eligible
            .iter()
            .map(|kind| idle.of(*kind as usize).len())
            .sum();
        let Some((mark, since)) = idle.find(agent).filter(|_| free > 1) else {
            return;
        };
        let ride = Ride::Charged(self.carpool.ride(agent.index(), eligible));
        let place = self.place_for(agent, (lane, idle.moment()), ride);
        self.last = Some(place);
        let choice = &mut self.choices[place as usize];
        // An equal of the agent with this mark would be owed a whole call more.
        let own = shares.worth(idle.of(kind).kind).wrapping_sub(mark);
        let owed = own.wrapping_add(ONE_CALL - SLACK);
        let mut longest = since;
        for kind in eligible {
            let kind = *kind as usize;
            let mark = shares.worth(idle.of(kind).kind).wrapping_sub(owed);
            idle.of_mut(kind).marked_up_to(mark, &mut choice.passed);
            longest = longest.min(idle.longest_of(kind).unwrap_or(since));
        }
        choice.streak = match longest < since {
            true => 1 + self.hands[agent.index()].streak.since(longest),
            false => 0,
        };
        if !choice.passed.is_empty() {
            self.judge(place, agent, kinds, shares);
        }
    }

    /// Tells those passed over who are still owed a whole call more from those who are forgiven it.
    #[inline(never)]
    fn judge(&mut self, place: u32, agent: AgentId, kinds: &Kinds, shares: &Shares) {
        let choice = &mut self.choices[place as usize];
        if self.forgiven.is_empty() {
            choice.still = choice.passed.len();
            return;
        }
        let owed = |agent: AgentId| {
            let worth = shares.worth(kinds.get(kinds.of(agent)));
            let forgiven = self.forgiven[agent.index()];
            worth.wrapping_sub(shares.mark(agent)) - forgiven
        };
        let own = owed(agent);
        let is_still = |other| owed(AgentId(other)) - own >= ONE_CALL - SLACK;
        choice.still = 0;
        for place in 0..choice.passed.len() {
            if is_still(choice.passed[place]) {
                choice.passed.swap(place, choice.still);
                choice.still += 1;
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
        let Some(first) = self.last else {
            return;
        };
        let Choice { lane, moment, .. } = self.choices[first as usize];
        let shared = match self.last_shared {
            Some(shared) => shared,
            None => self.share((lane, moment), kinds, (idle, shares)),
        };
        self.last_shared = Some(shared);
        let at = &mut self.shared[shared as usize];
        at.rings += 1;
        let longest = at.longest;
        let streak = match longest < idle.since(agent) {
            true => 1 + self.hands[agent.index()].streak.since(longest),
            false => 0,
        };
        let place = self.place_for(agent, (lane, moment), Ride::Later(shared));
        self.choices[place as usize].streak = streak;
    }

    /// Notes who was free for a call for which several phones ring.
    fn share(
        &mut self,
        (lane, moment): (LaneId, u64),
        kinds: &Kinds,
        (idle, shares): (&Idle, &Shares),
    ) -> u32 {
        let place = self.unshared.pop().unwrap_or_else(|| {
            self.shared.push(Shared::default());
            self.shared.len() as u32 - 1
        });
        let Shared {
            free,
            owed,
            longest,
            rings,
        } = &mut self.shared[place as usize];
        free.clear();
        idle.free_at(moment, kinds.for_lane(lane), free);
        let owes = |agent: AgentId| {
            let worth = shares.worth(kinds.get(kinds.of(agent)));
            let owed = worth.wrapping_sub(shares.mark(agent));
            let forgiven = self.forgiven.get(agent.index()).copied();
            (owed, owed - forgiven.unwrap_or(0))
        };
        owed.clear();
        owed.extend(free.iter().map(|agent| owes(AgentId(*agent))));
        let sinces = free.iter().map(|agent| idle.since(AgentId(*agent)));
        *longest = sinces.min().unwrap_or_default();
        *rings = 0;
        place
    }

    /// A phone rings no more that was one of several.
    fn leaves_shared(&mut self, shared: u32) {
        let at = &mut self.shared[shared as usize];
        at.rings -= 1;
        if at.rings == 0 {
            self.unshared.push(shared);
            self.last_shared = self.last_shared.filter(|last| *last != shared);
        }
    }

    /// A place for the choice of an agent. Inlined, so that the ride is written where it stays.
    #[inline(always)]
    fn place_for(&mut self, agent: AgentId, (lane, moment): (LaneId, u64), ride: Ride) -> u32 {
        let place = match self.spare.pop() {
            Some(place) => {
                let choice = &mut self.choices[place as usize];
                (choice.rings, choice.lane, choice.moment) = (true, lane, moment);
                choice.ride = ride;
                choice.passed.clear();
                place
            }
            None => {
                self.choices.push(Choice {
                    rings: true,
                    lane,
                    moment,
                    ride,
                    passed: Vec::new(),
                    still: 0,
                    streak: 0,
                });
                self.choices.len() as u32 - 1
            }
        };
        self.hands[agent.index()].choice = Some(place);
        place
    }

    /// Forgets who was free before the last choice and all whose phones ring, and looks again when there
    /// are twice as many.
    #[cold]
    fn forget(&mut self, idle: &mut Idle) {
        let last = self.last.map(|place| &self.choices[place as usize]);
        let ringing = self.choices.iter().filter(|choice| choice.rings);
        let oldest = ringing.chain(last).map(|choice| choice.moment).min();
        idle.forget_before(oldest.unwrap_or(idle.moment()));
        self.room = REMEMBERED.max(2 * idle.remembered());
    }

    /// The phone was not answered, or the caller has gone.
    pub(super) fn lapse(&mut self, agent: AgentId, kinds: &Kinds, idle: &Idle) {
        let hand = &mut self.hands[agent.index()];
        hand.rings = false;
        let Some(place) = hand.choice.take() else {
            return;
        };
        let choice = &mut self.choices[place as usize];
        choice.rings = false;
        match choice.ride {
            Ride::Charged(fare) => {
                let mut free = Vec::new();
                idle.free_at(choice.moment, kinds.for_lane(choice.lane), &mut free);
                self.carpool.take_back(agent.index(), &free, fare);
            }
            Ride::Later(shared) => self.leaves_shared(shared),
        }
        self.spare.push(place);
    }

    /// The phone is answered.
    #[inline(always)]
    pub(super) fn answer(&mut self, agent: AgentId, idle: &Idle, counts: bool) {
        let hand = &mut self.hands[agent.index()];
        if std::mem::take(&mut hand.rings) {
            hand.streak.add(hand.rang, idle);
        }
        let Some(place) = hand.choice.take() else {
            return;
        };
        self.spare.push(place);
        let choice = &mut self.choices[place as usize];
        choice.rings = false;
        let shared = match choice.ride {
            Ride::Later(shared) => Some(shared),
            Ride::Charged(_) => None,
        };
        if let Some(shared) = shared {
            (choice.passed, choice.still) = self.shared[shared as usize].passed_by(agent);
        }
        if counts {
            self.count += 1;
            if !choice.passed.is_empty() {
                let (still, forgiven) = choice.passed.split_at(choice.still);
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
            self.streak_max = self.streak_max.max(choice.streak);
            if let Some(shared) = shared {
                let free = &self.shared[shared as usize].free;
                self.carpool.ride_of(agent.index(), free);
            }
        }
        if let Some(shared) = shared {
            self.leaves_shared(shared);
        }
    }
}
