//! How evenly calls are divided among people, and how fairly callers are served.
//!
//! `Fairness` follows the records of one run. To agents: what was due to each (`shares`), what
//! the dispatcher's choices among the free brought (`choices`, `carpool`), whether joiners are
//! flooded and whether anybody can breathe. To callers: who is overtaken (`line`), and whether
//! expected waits come true. [`FairnessFigures`] is what comes of it.

pub mod carpool;
pub mod classes;
pub mod evenness;
pub mod figures;
pub mod fixed;
pub mod promises;
pub mod spread;
pub mod told;

mod choices;
mod free;
mod idle;
mod joiners;
mod kinds;
mod line;
mod rests;
mod several;
mod shares;
mod streaks;

pub use figures::FairnessFigures;
pub use shares::Shares;
pub use spread::Spread;

use crate::exchange::dialplan::Dialplan;
use crate::exchange::id::AgentId;
use crate::exchange::id::CallId;
use crate::exchange::id::LaneId;
use crate::exchange::record::AgentState;
use crate::exchange::record::Because;
use crate::exchange::record::Decision;
use crate::exchange::record::OfferEnd;
use crate::exchange::strategy::Strategy;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use choices::Choices;
use figures::Share;
use fixed::ONE_CALL;
use fixed::SLACK;
use fixed::of_tag;
use free::Mark;
use idle::Idle;
use joiners::Joiners;
use kinds::Kinds;
use line::Line;
use rests::Rests;

/// Follows one run. Everybody's place is kept from the beginning; `counts` says whether it is time
/// for statistics.
#[derive(Clone, Debug)]
pub(super) struct Fairness {
    kinds: Kinds,
    shares: Shares,
    idle: Idle,
    choices: Choices,
    joiners: Joiners,
    rests: Rests,
    line: Line,
    /// By agent, whether it goes by what is owed who is chosen: under other strategies nothing is forgiven.
    is_fair: Vec<bool>,
    /// Everybody's accounts before the first call that counted; none as long as none has.
    before: Option<Vec<shares::Account>>,
}

impl Fairness {
    pub(super) fn new(plan: &Dialplan) -> Self {
        let (profiles, agents) = (plan.profiles.len(), plan.agents.len());
        let kinds = Kinds::new(plan);
        Self {
            shares: Shares::new(plan),
            idle: Idle::new(&kinds),
            choices: Choices::new(&kinds),
            joiners: Joiners::new(profiles, agents),
            rests: Rests::new(agents),
            line: Line::new(plan, &kinds),
            before: None,
            is_fair: plan
                .agents
                .iter()
                .map(|agent| is_fair(plan, agent))
                .collect(),
            kinds,
        }
    }

    pub(super) fn reset(&mut self) {
        self.shares.reset();
        self.idle.reset();
        self.choices.reset();
        self.joiners.reset();
        self.rests.reset();
        self.line.reset();
        self.before = None;
    }

    /// Asks for the memory of an agent who will be in a new state.
    #[inline]
    pub(super) fn fetch_agent(&self, agent: AgentId) {
        self.rests.fetch(agent);
        self.idle.fetch(agent);
        self.choices.fetch(agent);
        self.shares.fetch(agent);
    }

    /// The same of what that memory names, once it has come.
    #[inline]
    pub(super) fn fetch_last_calls(&self, agent: AgentId) {
        self.choices.fetch_last(agent);
    }

    /// Asks for the memory of a call.
    #[inline]
    pub(super) fn fetch_call(&self, call: CallId) {
        self.line.fetch(call);
    }

    /// A call has joined a queue, with this wait to expect.
    #[inline]
    pub(super) fn queued(&mut self, now: Tick, call: CallId, lane: LaneId, wait: Option<Span>) {
        self.line.join(now, call, lane, wait);
    }

    /// More agents may take a call that waits: those of this lane.
    pub(super) fn widened(&mut self, call: CallId, lane: LaneId) {
        self.line.change(call, lane);
    }

    /// An agent in this state is chosen for a call.
    #[inline]
    pub(super) fn offered(
        &mut self,
        now: Tick,
        chosen: &Decision,
        state: AgentState,
        counts: bool,
    ) {
        let agent = chosen.agent;
        let kind = self.idle.kind_of(agent);
        self.rests.ring(now, agent, state, counts);
        self.choices.ring(now, agent, &mut self.idle);
        let others_ring = self.line.ring(now, chosen.call, kind, counts);
        if chosen.because != Because::CallerCame || !counts {
            return;
        }
        if others_ring {
            let books = (&self.idle, &self.shares);
            self.choices.choose_too(agent, &self.kinds, books);
        } else {
            let lane = (chosen.lane, &self.kinds);
            let books = (&mut self.idle, &self.shares);
            self.choices.choose((agent, kind), lane, books);
        }
    }

    /// The dispatcher has forgiven an agent a part of what is owed; of what is owed by the agent, below 0. In
    /// the unit of tags: millionths of a call of somebody with a full share.
    #[cold]
    pub(super) fn forgiven(&mut self, agent: AgentId, micro_calls: i64, counts: bool) {
        if (counts || self.is_warming_up()) && self.is_fair[agent.index()] {
            let weight = self.kinds.get(self.kinds.of(agent)).weight;
            self.idle.forgive(agent, of_tag(micro_calls, weight));
        }
    }

    /// A phone has stopped ringing, and was not answered.
    pub(super) fn rang_in_vain(&mut self, call: CallId, agent: AgentId, how: OfferEnd) {
        self.choices.lapse(agent, &self.kinds, &self.idle);
        let waits_on = !matches!(how, OfferEnd::CallerGone | OfferEnd::Taken);
        self.line.lapse(call, waits_on);
    }

    /// A call back was promised: it keeps its caller's place among those who came.
    pub(super) fn booked(&mut self, call: CallId, during: CallId) {
        self.line.inherit(call, during);
    }

    /// A call back is in line.
    pub(super) fn stands(&mut self, call: CallId, lane: LaneId) {
        self.line.stands(call, lane);
    }

    /// A call back has kept an agent for nothing: that was no call of the agent's.
    pub(super) fn not_reached(&mut self, call: CallId, agent: AgentId) {
        self.choices.lapse(agent, &self.kinds, &self.idle);
        self.line.lapse(call, false);
    }

    /// A call has left its queue without an agent.
    pub(super) fn left(&mut self, call: CallId) {
        self.line.leave(call);
    }

    /// An agent has answered a call.
    #[inline(always)]
    pub(super) fn answered(&mut self, now: Tick, call: CallId, agent: AgentId, counts: bool) {
        self.line.answer(call, counts);
        self.choices.answer(agent, &self.kinds, &self.idle, counts);
        if counts {
            if self.is_warming_up() {
                self.begin();
            }
            self.joiners.pass(now, &self.shares);
            self.shares.answered(agent);
        } else if self.is_warming_up() {
            self.shares.answered(agent);
        }
    }

    /// Whether nothing has counted yet. What is owed from a warm-up is made up for after it.
    #[inline]
    fn is_warming_up(&self) -> bool {
        self.before.is_none()
    }

    /// The first call that counts is answered.
    #[cold]
    fn begin(&mut self) {
        let agents = (0..self.is_fair.len()).map(|place| AgentId(place as u32));
        self.before = Some(agents.map(|agent| self.shares.account(agent)).collect());
    }

    /// An agent is in another state.
    #[inline]
    pub(super) fn moved(
        &mut self,
        now: Tick,
        agent: AgentId,
        (from, to): (AgentState, AgentState),
        counts: bool,
    ) {
        self.rests.change(now, agent, from, to);
        if from == AgentState::Idle {
            let passes = self.idle.leave(agent);
            self.choices.passed(agent, passes);
            self.choices.carpool.leave(agent.index());
        }
        if from.is_at_work() != to.is_at_work() {
            self.comes_or_goes(now, agent, to.is_at_work(), counts);
        }
        if to == AgentState::Idle {
            let mark = self.shares.mark(agent);
            self.idle.enter(agent, mark, now);
            self.choices.carpool.enter(agent.index());
        }
    }

    /// An agent comes to work or back from a break, or goes.
    #[inline(never)]
    fn comes_or_goes(&mut self, now: Tick, agent: AgentId, comes: bool, counts: bool) {
        if comes {
            let profile = self.kinds.get(self.kinds.of(agent)).profile;
            self.joiners.come(now, agent, profile, counts);
            self.shares.come(agent, counts);
        } else {
            self.shares.go(agent, counts);
        }
    }

    /// What the run came to; `counted` when there was time for statistics. Panics when the calls of a
    /// profile are not the calls due to it.
    pub(super) fn finish(&mut self, missed_offers: u64, counted: bool) -> FairnessFigures {
        self.joiners.finish(&self.shares);
        self.choices.finish(&self.kinds, &self.idle);
        if self.is_warming_up() {
            self.begin();
        }
        let before = self.before.take().unwrap_or_default();
        let accounts = self.shares.finish(counted);
        let share = |(place, account): (usize, shares::Account)| {
            let wrongs = self.choices.wrongs(AgentId(place as u32));
            Share {
                was_there: account.was_there,
                calls: account.calls - before[place].calls,
                due: account.due.wrapping_sub(before[place].due),
                undue: wrongs.undue.into(),
                passed: wrongs.passed.still.into(),
                undue_forgiven: wrongs.undue_forgiven.into(),
                passed_forgiven: (wrongs.passed.all - wrongs.passed.still).into(),
            }
        };
        FairnessFigures {
            shares: accounts.into_iter().enumerate().map(share).collect(),
            choices: self.choices.count,
            inequitable: self.choices.inequitable,
            inequitable_forgiven: self.choices.inequitable_forgiven,
            carpool_worst: self.choices.carpool.worst(),
            streak_max: self.choices.streak_max,
            joiners_calls: self.joiners.calls,
            joiners_due: self.joiners.due,
            rest_gaps: self.rests.count(),
            rest_gap_p10_ms: self.rests.tenth_ms(),
            missed_offers,
            answered: self.line.answered,
            inversions: self.line.inversions,
            overtakes_max: u64::from(self.line.overtakes_max),
            promises: self.line.promises,
        }
    }
}

/// What is owed to those to whom a whole call more is owed than this.
#[inline]
fn owed_more(owed: Mark) -> Mark {
    let more = ONE_CALL - SLACK;
    Mark {
        own: owed.own.wrapping_add(more),
        net: owed.net.wrapping_add(more),
    }
}

/// Whether all groups of an agent choose by what is owed.
fn is_fair(plan: &Dialplan, agent: &crate::exchange::dialplan::Agent) -> bool {
    let mut groups = plan.profiles[agent.profile.index()].groups.iter();
    groups.all(|group| plan.group(*group).strategy == Strategy::Fair)
}
