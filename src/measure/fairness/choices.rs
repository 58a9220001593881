//! Decisions that had a choice: whom else they might have taken, and what that says of them.

use super::carpool::Carpool;
use super::carpool::Fare;
use super::free::Mark;
use super::free::Passes;
use super::idle::Idle;
use super::idle::WasFree;
use super::kinds::Kinds;
use super::owed_more;
use super::several::Several;
use super::shares::Shares;
use super::streaks::Streak;
use crate::exchange::ahead::fetch_entry;
use crate::exchange::id::AgentId;
use crate::exchange::id::LaneId;
use crate::exchange::time::Tick;

/// Those who are free no more are remembered without a look at who is still asked about.
const REMEMBERED: usize = 64;
/// Nobody had a choice.
const NO_CHOICE: u32 = u32::MAX;

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
    several: Several,
    /// So many may be remembered who are free no more before it is seen who need not be.
    room: usize,
    /// Of those who are free; each kind is a pool.
    pub(super) carpool: Carpool,
    pub(super) count: u64,
    pub(super) inequitable: u64,
    /// Of these, those that what was forgiven explains.
    pub(super) inequitable_forgiven: u64,
    pub(super) streak_max: u64,
}

/// Choices that were not as they should have been, for one agent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Wrongs {
    /// Calls given to the agent while a free colleague was owed a whole call more.
    pub(super) undue: u32,
    /// The same where no colleague was once what was forgiven is taken off.
    pub(super) undue_forgiven: u32,
    /// Calls given to others while the agent was free and owed a whole call more.
    pub(super) passed: Passes,
}

/// The call for which an agent's phone rings, and those before, in one line of the cache.
#[derive(Clone, Debug)]
#[repr(align(64))]
struct Hand {
    rings: bool,
    /// The place of the choice that brought the call, or [`NO_CHOICE`].
    choice: u32,
    rang: Tick,
    streak: Streak,
    wrongs: Wrongs,
}

impl Hand {
    fn new() -> Self {
        Self {
            rings: false,
            choice: NO_CHOICE,
            rang: Tick(0),
            streak: Streak::default(),
            wrongs: Wrongs::default(),
        }
    }

    /// The place of the choice that brought the call, which is known no more.
    #[inline]
    fn take_choice(&mut self) -> Option<u32> {
        let choice = std::mem::replace(&mut self.choice, NO_CHOICE);
        (choice != NO_CHOICE).then_some(choice)
    }
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
    ride: Ride,
    /// With a fare: the limits, by kind, within whose marks agents were passed over. Kinds of whom nobody was
    /// are left out.
    limits: Vec<(u32, Mark)>,
    /// Nothing where nobody passed over was owed a whole call more; no `still` where nobody is who is so also
    /// when what is forgiven is taken off.
    passed: Passes,
    /// How many calls the agent was given while somebody sat free, this one included.
    streak: u64,
}

/// The ride that goes with a choice.
#[derive(Clone, Copy, Debug)]
enum Ride {
    Charged(Fare),
    /// With the answer, for a call for which several phones ring: its place there, and what was owed to the agent.
    Later(u32, Mark),
}

impl Choices {
    pub(super) fn new(kinds: &Kinds) -> Self {
        let agents = kinds.of_agents().count();
        Self {
            hands: vec![Hand::new(); agents],
            choices: Vec::new(),
            spare: Vec::new(),
            last: None,
            several: Several::default(),
            room: REMEMBERED,
            carpool: Carpool::new(kinds.of_agents()),
            count: 0,
            inequitable: 0,
            inequitable_forgiven: 0,
            streak_max: 0,
        }
    }

    pub(super) fn reset(&mut self) {
        for hand in &mut self.hands {
            hand.streak.reset();
            (hand.rings, hand.choice) = (false, NO_CHOICE);
            hand.wrongs = Wrongs::default();
        }
        self.spare.clear();
        self.spare.extend(0..self.choices.len() as u32);
        self.choices.iter_mut().for_each(|at| at.rings = false);
        self.last = None;
        self.several.reset();
        self.room = REMEMBERED;
        self.carpool.reset();
        (self.count, self.inequitable, self.streak_max) = (0, 0, 0);
        self.inequitable_forgiven = 0;
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
        (hand.rings, hand.rang, hand.choice) = (true, now, NO_CHOICE);
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
        self.several.begin();
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
        let owed = owed_more(mark.off(shares.worth(idle.of(kind).kind)));
        let mut longest = since;
        for kind in eligible {
            let place = *kind as usize;
            let limit = owed.off(shares.worth(idle.of(place).kind));
            let passed = idle.of_mut(place).pass(limit);
            if passed.all > 0 {
                choice.limits.push((*kind, limit));
                choice.passed = choice.passed.and(passed);
            }
            longest = longest.min(idle.longest_of(place).unwrap_or(since));
        }
        choice.streak = match longest < since {
            true => 1 + self.hands[agent.index()].streak.since(longest),
            false => 0,
        };
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
        let owed = |agent: AgentId| {
            let mark = idle.mark(agent, shares.mark(agent));
            mark.off(shares.worth(kinds.get(kinds.of(agent))))
        };
        let was_free = |was: WasFree| {
            let agent = AgentId(was.agent);
            (agent, owed(agent), idle.since(agent))
        };
        let all = || idle.free_at(moment, kinds.for_lane(lane)).map(was_free);
        let (several, longest) = self.several.ring(all);
        let ride = Ride::Later(several, owed(agent));
        let place = self.place_for(agent, (lane, moment), ride);
        self.choices[place as usize].streak = match longest < idle.since(agent) {
            true => 1 + self.hands[agent.index()].streak.since(longest),
            false => 0,
        };
    }

    /// A place for the choice of an agent, by which nobody is passed over so far.
    #[inline(always)]
    fn place_for(&mut self, agent: AgentId, (lane, moment): (LaneId, u64), ride: Ride) -> u32 {
        let place = match self.spare.pop() {
            Some(place) => {
                let choice = &mut self.choices[place as usize];
                (choice.rings, choice.lane, choice.moment) = (true, lane, moment);
                (choice.ride, choice.passed) = (ride, Passes::default());
                choice.limits.clear();
                place
            }
            None => {
                self.choices.push(Choice {
                    rings: true,
                    lane,
                    moment,
                    ride,
                    limits: Vec::new(),
                    passed: Passes::default(),
                    streak: 0,
                });
                self.choices.len() as u32 - 1
            }
        };
        self.hands[agent.index()].choice = place;
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
        let Some(place) = hand.take_choice() else {
            return;
        };
        let choice = &mut self.choices[place as usize];
        choice.rings = false;
        match choice.ride {
            Ride::Charged(fare) => {
                let free = idle.free_at(choice.moment, kinds.for_lane(choice.lane));
                let free: Vec<u32> = free.map(|free| free.agent).collect();
                self.carpool.take_back(agent.index(), &free, fare);
            }
            Ride::Later(several, _) => self.several.leave(several),
        }
        self.passes_none_over(place, kinds, idle);
        self.spare.push(place);
    }

    /// A choice does not count: nobody was passed over by it.
    #[cold]
    fn passes_none_over(&mut self, place: u32, kinds: &Kinds, idle: &Idle) {
        let choice = &self.choices[place as usize];
        if choice.limits.is_empty() {
            return;
        }
        for was in idle.free_at(choice.moment, kinds.for_lane(choice.lane)) {
            let limit = choice.limits.iter().find(|(kind, _)| *kind == was.kind);
            if let Some((_, limit)) = limit {
                let passed = was.mark.within(*limit);
                self.hands[was.agent as usize].pass(Passes::default().less(passed));
            }
        }
    }

    /// The phone is answered.
    #[inline(always)]
    pub(super) fn answer(&mut self, agent: AgentId, kinds: &Kinds, idle: &Idle, counts: bool) {
        let hand = &mut self.hands[agent.index()];
        if std::mem::take(&mut hand.rings) {
            hand.streak.add(hand.rang, idle);
        }
        let Some(place) = hand.take_choice() else {
            return;
        };
        self.spare.push(place);
        let choice = &mut self.choices[place as usize];
        choice.rings = false;
        if let Ride::Later(several, owed) = choice.ride {
            self.settle((agent, owed), (place, several), counts);
        }
        if !counts {
            return self.passes_none_over(place, kinds, idle);
        }
        let choice = &self.choices[place as usize];
        self.count += 1;
        self.streak_max = self.streak_max.max(choice.streak);
        if choice.passed.all > 0 {
            let is_forgiven = choice.passed.still == 0;
            let own = &mut self.hands[agent.index()].wrongs;
            own.undue += u32::from(!is_forgiven);
            own.undue_forgiven += u32::from(is_forgiven);
            self.inequitable += 1;
            self.inequitable_forgiven += u64::from(is_forgiven);
        }
    }

    /// What the choice of one of several phones comes to, if it counts, for those who were free.
    #[cold]
    fn settle(
        &mut self,
        (agent, owed): (AgentId, Mark),
        (place, several): (u32, u32),
        counts: bool,
    ) {
        if counts {
            let choice = &mut self.choices[place as usize];
            let least = owed_more(owed);
            let mut riders = Vec::new();
            for (other, owed) in self.several.free(several) {
                let passed = least.within(*owed);
                choice.passed = choice.passed.and(passed);
                self.hands[other.index()].pass(passed);
                riders.push(other.0);
            }
            self.carpool.ride_of(agent.index(), &riders);
        }
        self.several.leave(several);
    }

    /// The run is over: choices whose phones ring still do not count.
    pub(super) fn finish(&mut self, kinds: &Kinds, idle: &Idle) {
        for (agent, passes) in idle.passed() {
            self.passed(agent, passes);
        }
        for place in 0..self.choices.len() {
            if self.choices[place].rings {
                self.passes_none_over(place as u32, kinds, idle);
            }
        }
    }

    /// What has gone wrong for an agent.
    pub(super) fn wrongs(&self, agent: AgentId) -> Wrongs {
        self.hands[agent.index()].wrongs
    }

    /// So often an agent was passed over while free.
    #[inline]
    pub(super) fn passed(&mut self, agent: AgentId, passes: Passes) {
        if passes != Passes::default() {
            self.hands[agent.index()].pass(passes);
        }
    }
}

impl Hand {
    /// Counts the choices that passed the agent over, or takes them back.
    fn pass(&mut self, passes: Passes) {
        self.wrongs.passed = self.wrongs.passed.and(passes);
    }
}
