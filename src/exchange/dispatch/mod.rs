//! The dispatcher: who answers whom. LFD, lag-bounded fair dispatch.
//!
//! *A caller comes:* among the free agents who may take the call, the one with the least tag (then
//! the longest idle, then the lowest id). *An agent becomes free:* among the callers it may take,
//! the one with the earliest place. Both at once, in O(profiles + log n); no polling, no chance.
//! A group may be given another system's rule instead: see [`choice`].

mod callbacks;
mod choice;
mod desk;
mod expected;
mod grow;
mod heap;
mod idle;
mod known;
mod ladder;
mod ledger;
mod line;
mod lineup;
mod moving;
mod offer;
mod pace;
mod place;
mod renumber;
mod returning;
mod shift;
mod succeed;
mod waiting;

pub(super) use callbacks::Promise;
pub(super) use callbacks::callback_step;
pub use ledger::ONE_CALL;
pub(super) use line::Wish;
pub(super) use place::Place;

use super::dialplan::Dialplan;
use super::dialplan::Profile;
use super::id::AgentId;
use super::id::GroupId;
use super::id::LaneId;
use super::id::LanguageId;
use super::id::QueueId;
use super::input::Groups;
use super::record::Because;
use super::scene::Scene;
use callbacks::Callbacks;
use choice::Choice;
use desk::Desk;
use desk::Doing;
use idle::Idle;
use idle::IdleKey;
use known::Known;
use ladder::Ladders;
use ledger::Ledger;
use offer::rings_all;
use pace::Pace;
use returning::Returning;
use serde::Deserialize;
use serde::Serialize;
use waiting::Seeker;
use waiting::Ticket;
use waiting::Waiting;

/// Agents, waiting callers, and what is owed to whom.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Dispatch {
    desks: Vec<Desk>,
    ledger: Ledger,
    waiting: Waiting,
    idle: Idle,
    staff: Vec<LaneStaff>,
    /// Agents at work, by profile.
    present: Vec<u32>,
    pace: Vec<Pace>,
    /// By group, for going round.
    rung_last: Vec<Option<AgentId>>,
    known: Known,
    ladders: Ladders,
    callbacks: Callbacks,
    returning: Returning,
    offers: u64,
    /// Agents who are to go to other groups, once nothing keeps them.
    movers: Vec<(AgentId, Groups)>,
    /// Somebody has left; callers who had tried all others may be offered to these again.
    thinned: bool,
    /// Free though somebody is in line, for a call that is about to come back with an earlier place.
    #[serde(skip)]
    kept: Option<AgentId>,
    /// Those to be rung together; empty between two decisions.
    #[serde(skip)]
    scratch: Vec<AgentId>,
}

/// How many agents could serve a lane.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct LaneStaff {
    signed_in: u32,
    present: u32,
    paused: u32,
}

impl LaneStaff {
    /// Counts an agent in, or out.
    fn count(&mut self, doing: Doing, comes: bool) {
        let step = |number: &mut u32, counts: bool| match comes {
            true => *number += u32::from(counts),
            false => *number -= u32::from(counts),
        };
        step(&mut self.signed_in, doing != Doing::SignedOut);
        step(&mut self.present, doing.is_present());
        step(&mut self.paused, doing == Doing::Paused);
    }
}

impl Dispatch {
    pub(super) fn new(plan: &Dialplan) -> Self {
        Self {
            desks: vec![Desk::default(); plan.agents.len()],
            ledger: Ledger::new(plan),
            waiting: Waiting::new(plan),
            idle: Idle::new(plan.profiles.len()),
            staff: vec![LaneStaff::default(); plan.lanes.len()],
            present: vec![0; plan.profiles.len()],
            pace: vec![Pace::default(); plan.groups.len()],
            rung_last: vec![None; plan.groups.len()],
            known: Known::new(plan),
            ladders: Ladders::new(plan),
            callbacks: Callbacks::default(),
            returning: Returning::default(),
            offers: 0,
            movers: Vec::new(),
            thinned: false,
            kept: None,
            scratch: Vec::new(),
        }
    }

    /// What an agent has been charged with.
    pub(super) fn agent_tag(&self, agent: AgentId) -> i64 {
        self.ledger.tag(agent)
    }

    /// What is owed to an agent, or by one when negative.
    pub(super) fn agent_lag(&self, plan: &Dialplan, agent: AgentId) -> i64 {
        self.ledger.lag(agent, self.profile_of(plan, agent))
    }

    /// What an agent may take.
    fn profile_of<'p>(&self, plan: &'p Dialplan, agent: AgentId) -> &'p Profile {
        &plan.profiles[self.ledger.profile(agent).index()]
    }

    /// The choice of this agent, where there is no other.
    fn only(&self, agent: AgentId) -> Choice {
        Choice {
            agent,
            profile: self.ledger.profile(agent),
            runner_up: None,
        }
    }

    /// An agent has nothing to do: the first caller in line, or a place among the free. One whose
    /// phone cannot be rung is not ready until it can.
    fn free(&mut self, scene: &mut Scene<'_>, agent: AgentId) {
        self.free_again(scene, agent, None);
    }

    /// The same, when a call is about to come back in line with this place: of the callers in line
    /// only those before it.
    fn free_again(&mut self, scene: &mut Scene<'_>, agent: AgentId, comes: Option<&Place>) {
        if self.desks[agent.index()].unreachable {
            self.desks[agent.index()].returns = true;
            return self.go_away(scene, agent, Doing::NotReady);
        }
        if self.moves_to(agent).is_some() {
            // Free in the new groups, once the agent is there.
            return self.set_doing(scene, agent, Doing::Resting);
        }
        let profile_id = self.ledger.profile(agent);
        let profile = &scene.plan.profiles[profile_id.index()];
        let forgiven = self.ledger.bound(agent, profile);
        shift::record_forgiven(scene, agent, forgiven);
        if let Some(ticket) = self.first_for(scene.plan, agent, profile) {
            let before = comes.is_none_or(|comes| ticket.place < *comes);
            if ticket.holds.is_none() && rings_all(scene.plan, ticket.queue) {
                // Others may be about to be free as well, and all are rung together.
                self.thinned = true;
            } else if before {
                let (seeker, holds) = (ticket.seeker(), ticket.holds);
                return self.offer_from_line(scene, agent, seeker, holds);
            } else {
                self.kept = Some(agent);
            }
        }
        self.set_doing(scene, agent, Doing::Idle);
        let key = IdleKey {
            tag: self.ledger.rough_tag(agent),
            since: scene.now,
        };
        self.idle.insert(profile_id, agent, key);
    }

    /// The first in line whom an agent may be offered.
    #[inline(always)]
    fn first_for(&self, plan: &Dialplan, agent: AgentId, profile: &Profile) -> Option<&Ticket> {
        let may = |ticket: &Ticket| self.may_offer(plan, agent, ticket);
        let callers = || self.callbacks.are_all_held_back(plan);
        (self.waiting).first_for(agent, &profile.lanes, (may, callers))
    }

    /// Whether an agent may be offered a call in line: not one that it let ring out, unless nobody
    /// else is left, and no call back that could not be dialled.
    fn may_offer(&self, plan: &Dialplan, agent: AgentId, ticket: &Ticket) -> bool {
        let untried = !self.waiting.has_tried(ticket, agent) || self.all_tried(plan, ticket);
        untried && !self.is_held_back(plan, ticket)
    }

    /// Offers an agent who has become free a call in line.
    fn offer_from_line(
        &mut self,
        scene: &mut Scene<'_>,
        agent: AgentId,
        seeker: Seeker,
        holds: Option<AgentId>,
    ) {
        let group = scene.plan.queue(seeker.queue).group;
        self.leave_place(seeker.call, group);
        let because = match holds {
            Some(_) => Because::Awaited,
            None => Because::AgentFree,
        };
        self.offer(scene, (agent, None), seeker, because);
    }

    /// Whether anything may be left to decide once all calls have heard what was decided about them.
    #[inline]
    pub(super) fn has_afterthoughts(&self) -> bool {
        let looks = self.thinned || self.kept.is_some();
        looks || !self.movers.is_empty() || self.callbacks_wait()
    }

    /// Whether callers and free agents are to be brought together once more: somebody has left, or
    /// was kept free. Asked once all calls have heard what was decided about them, so that they are
    /// in line again.
    pub(super) fn takes_another_look(&mut self) -> bool {
        std::mem::take(&mut self.thinned) || self.kept.is_some()
    }

    /// Offers whoever was kept free for nothing the first in line, and the free to callers who have
    /// tried all others.
    pub(super) fn look_again(&mut self, scene: &mut Scene<'_>) {
        if let Some(agent) = self.kept.take()
            && self.desks[agent.index()].doing == Doing::Idle
            && let profile = self.profile_of(scene.plan, agent)
            && let Some(ticket) = self.first_for(scene.plan, agent, profile)
        {
            let (seeker, holds) = (ticket.seeker(), ticket.holds);
            self.idle.remove(self.ledger.profile(agent), agent);
            self.offer_from_line(scene, agent, seeker, holds);
        }
        self.look_again_before(scene, None);
    }

    /// The same, of those in line before this place.
    #[inline(never)]
    fn look_again_before(&mut self, scene: &mut Scene<'_>, place: Option<Place>) {
        while let Some((ticket, choice)) = self.overlooked(scene)
            && place.is_none_or(|place| ticket.place < place)
        {
            self.leave_place(ticket.call, scene.plan.queue(ticket.queue).group);
            if ticket.holds.is_some() {
                self.call_from_idle(scene, choice, ticket.seeker(), Because::Awaited);
            } else if rings_all(scene.plan, ticket.queue) {
                self.ring_all(scene, ticket.call);
            } else {
                self.call_from_idle(scene, choice, ticket.seeker(), Because::CallerCame);
            }
        }
    }

    /// The first caller in line whom somebody free could take, and who that is: also one who waits for
    /// whoever was kept free.
    fn overlooked(&self, scene: &Scene<'_>) -> Option<(Ticket, Choice)> {
        let plan = scene.plan;
        let lanes = (0..plan.lanes.len()).map(|place| LaneId(place as u16));
        let kept = (self.kept).filter(|agent| self.desks[agent.index()].doing == Doing::Idle);
        let awaits =
            kept.and_then(|agent| Some((*self.waiting.first_held(agent)?, self.only(agent))));
        let callers = self.callbacks.are_all_held_back(plan);
        let taken = |ticket: &Ticket| {
            let may = !self.is_held_back(plan, ticket);
            Some((*ticket, may.then(|| self.best_of_lane(scene, ticket))??))
        };
        let first_in = |lane: LaneId| match callers {
            true => self.waiting.callers_tickets_in(lane).find_map(taken),
            false => self.waiting.tickets_in(lane).find_map(taken),
        };
        lanes
            .filter(|lane| self.waiting.lane_len(*lane) > 0 && self.somebody_free(plan, *lane))
            .filter_map(first_in)
            .chain(awaits)
            .min_by_key(|(ticket, _)| ticket.place)
    }

    /// Whether the books are in order: the sums of the ledger, the calls back in line, and no free agent beside
    /// a caller it could take (guarantees F2 and F5).
    pub(super) fn is_sound(&self, plan: &Dialplan) -> bool {
        let nobody_wasted = plan.lanes.iter().enumerate().all(|(place, lane)| {
            let lane_id = LaneId(place as u16);
            let idle = lane
                .profiles
                .iter()
                .flat_map(|profile| self.idle.of(*profile));
            idle.into_iter().all(|(_, agent)| {
                let agent = AgentId(agent);
                let may = |ticket: &Ticket| self.may_offer(plan, agent, ticket);
                let first = self.waiting.first_for(agent, &[lane_id], (may, || false));
                first.is_none()
            })
        });
        nobody_wasted && self.ledger.balances(plan) && self.waiting.is_counted()
    }

    /// Calls in line for a group.
    pub(super) fn waiting_in(&self, group: GroupId) -> u32 {
        self.waiting.in_group(group)
    }

    /// The free agents who may take calls of a queue, with their tags.
    pub(super) fn free_for(
        &self,
        plan: &Dialplan,
        queue: QueueId,
        language: LanguageId,
    ) -> Vec<(AgentId, i64)> {
        let lane = plan.queue(queue).lanes[language.index()];
        let profiles = plan.lanes[lane.index()].profiles.iter();
        let idle = profiles.flat_map(|profile| self.idle.of(*profile));
        idle.map(|(_, agent)| (AgentId(agent), self.ledger.tag(AgentId(agent))))
            .collect()
    }
}
