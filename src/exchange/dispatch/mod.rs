//! The dispatcher: who answers whom. LFD, lag-bounded fair dispatch.
//!
//! *A caller comes:* among the free agents who may take the call, the one with the least tag (then
//! the longest idle, then the lowest id). *An agent becomes free:* among the callers it may take,
//! the one with the earliest place. Both at once, in O(profiles + log n); no polling, no chance.

mod desk;
mod heap;
mod ledger;
mod waiting;

pub use ledger::ONE_CALL;
pub(super) use waiting::Place;

use super::dialplan::Dialplan;
use super::dialplan::Profile;
use super::effect::Effect;
use super::event::AgentDeadline;
use super::event::Deadline;
use super::event::Event;
use super::id::AgentId;
use super::id::CallId;
use super::id::GroupId;
use super::id::LaneId;
use super::id::LanguageId;
use super::id::OfferId;
use super::id::QueueId;
use super::input::Input;
use super::record::Because;
use super::record::Decision;
use super::record::OfferEnd;
use super::record::Record;
use super::record::TurnedAway;
use super::scene::Scene;
use super::time::Span;
use super::time::Tick;
use desk::Desk;
use desk::Doing;
use heap::Heap;
use heap::Places;
use ledger::Ledger;
use serde::Deserialize;
use serde::Serialize;
use waiting::Ticket;
use waiting::Tried;
use waiting::Waiting;

/// Agents, waiting callers, and what is owed to whom.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Dispatch {
    desks: Vec<Desk>,
    ledger: Ledger,
    waiting: Waiting,
    /// The free agents of each profile.
    idle: Vec<Heap<IdleKey>>,
    idle_places: Places,
    staff: Vec<LaneStaff>,
    handling: Vec<Handling>,
    offers: u64,
    /// Somebody has left; callers who had tried all others may be offered to these again.
    thinned: bool,
}

/// The least is offered the next call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct IdleKey {
    tag: i64,
    since: Tick,
}

/// What a call is told when it joins a queue.
#[derive(Clone, Copy, Debug)]
pub(super) struct Joined {
    pub(super) place: Place,
    pub(super) lane: LaneId,
    /// How many are in line with it for somebody to be free, itself included; 0 when somebody is.
    pub(super) waiting: u32,
    /// Zero when somebody is free.
    pub(super) expected: Span,
}

/// How many agents could serve a lane.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct LaneStaff {
    signed_in: u32,
    present: u32,
    paused: u32,
}

/// A running mean of how long a call of a group keeps an agent: each call moves it by a sixteenth
/// of the difference. Used for announced waits.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Handling {
    mean: Span,
}

impl Handling {
    const UNTIL_KNOWN: Span = Span::minutes(3);

    fn learn(&mut self, took: Span) {
        self.mean = Span((self.mean.0 * 15 + took.0) / 16);
    }
}

impl Dispatch {
    pub(super) fn new(plan: &Dialplan) -> Self {
        Self {
            desks: vec![Desk::default(); plan.agents.len()],
            ledger: Ledger::new(plan),
            waiting: Waiting::new(plan),
            idle: plan.profiles.iter().map(|_| Heap::default()).collect(),
            idle_places: Places::default(),
            staff: vec![LaneStaff::default(); plan.lanes.len()],
            handling: vec![
                Handling {
                    mean: Handling::UNTIL_KNOWN
                };
                plan.groups.len()
            ],
            offers: 0,
            thinned: false,
        }
    }

    /// Why a call that wants this queue cannot wait in it, if so.
    pub(super) fn refuses(
        &self,
        plan: &Dialplan,
        queue: QueueId,
        language: LanguageId,
        trunks_left: bool,
    ) -> Option<TurnedAway> {
        let queue = plan.queue(queue);
        let lane = queue.lanes[language.index()];
        let staff = self.staff[lane.index()];
        if staff.signed_in == 0 {
            return Some(TurnedAway::NoAgents);
        }
        if queue.all_paused.is_some() && staff.paused == staff.signed_in {
            return Some(TurnedAway::AllPaused);
        }
        let room = trunks_left && self.waiting.has_room(plan, queue.group);
        (!room && !self.somebody_free(plan, lane)).then_some(TurnedAway::Full)
    }

    /// Whether a call of this lane would be offered at once.
    fn somebody_free(&self, plan: &Dialplan, lane: LaneId) -> bool {
        let mut profiles = plan.lanes[lane.index()].profiles.iter();
        profiles.any(|profile| self.idle[profile.index()].len() > 0)
    }

    /// A call joins a queue with this place, or a new one at the end.
    pub(super) fn join(
        &mut self,
        scene: &Scene<'_>,
        call: CallId,
        queue: QueueId,
        language: LanguageId,
        place: Option<Place>,
    ) -> Joined {
        let plan = scene.plan;
        let place = place.unwrap_or_else(|| self.waiting.new_place(plan.queue(queue), scene.now));
        let lane = plan.queue(queue).lanes[language.index()];
        self.waiting.issue(Ticket {
            call,
            queue,
            lane,
            place,
            tried: Tried::default(),
        });
        let free = self.somebody_free(plan, lane);
        Joined {
            place,
            lane,
            waiting: match free {
                true => 0,
                false => self.waiting.lane_len(lane) as u32 + 1,
            },
            expected: match free {
                true => Span::ZERO,
                false => self.wait_behind(plan, lane, self.waiting.ahead_in(lane, place)),
            },
        }
    }

    /// Finds an agent for a call that has joined, or puts it in line; true if an agent rings.
    pub(super) fn seek(&mut self, scene: &mut Scene<'_>, call: CallId) -> bool {
        let ticket = *self.waiting.ticket_at(call.index);
        let Some((agent, runner_up)) = self.best_free(scene.plan, &ticket) else {
            self.waiting
                .enter(call, scene.plan.queue(ticket.queue).group);
            return false;
        };
        let profile = scene.plan.agent(agent).profile;
        self.idle[profile.index()].remove(agent.0, &mut self.idle_places);
        self.offer(scene, agent, ticket, runner_up, Because::CallerCame);
        true
    }

    /// A call leaves the queues: answered, gone, or on to somewhere else.
    pub(super) fn depart(&mut self, scene: &Scene<'_>, call: CallId) {
        if let Some(ticket) = self.waiting.ticket(call) {
            let group = scene.plan.queue(ticket.queue).group;
            self.waiting.leave(call, group);
            self.waiting.withdraw(call);
        }
    }

    /// A call leaves the line and keeps its ticket: it cannot be offered now.
    pub(super) fn step_aside(&mut self, scene: &Scene<'_>, call: CallId) {
        if let Some(ticket) = self.waiting.ticket(call) {
            let group = scene.plan.queue(ticket.queue).group;
            self.waiting.leave(call, group);
        }
    }

    /// Whether this state was made with a plan of this size.
    pub(super) fn fits(&self, plan: &Dialplan) -> bool {
        self.desks.len() == plan.agents.len()
            && self.idle.len() == plan.profiles.len()
            && self.staff.len() == plan.lanes.len()
            && self.handling.len() == plan.groups.len()
    }

    /// Takes over what is remembered of the agents and groups whose names are in both plans; the
    /// inputs bring the agents to where they were.
    pub(super) fn succeed(
        &mut self,
        before: &Self,
        (old, new): (&Dialplan, &Dialplan),
        day: i32,
    ) -> Vec<Input> {
        self.offers = before.offers;
        let mut inputs = Vec::new();
        for (place, person) in new.agents.iter().enumerate() {
            let same = old
                .agents
                .iter()
                .position(|other| other.name == person.name);
            let Some(same) = same.map(|place| AgentId(place as u32)) else {
                continue;
            };
            let agent = AgentId(place as u32);
            let lag = before.ledger.lag(same, profile_of(old, same));
            self.ledger.owe(agent, lag, day);
            inputs.extend(before.steps_of(same, agent));
        }
        for (place, group) in new.groups.iter().enumerate() {
            let same = old.groups.iter().position(|other| other.name == group.name);
            if let Some(same) = same {
                self.handling[place] = before.handling[same];
            }
        }
        inputs
    }

    /// What an agent has been charged with.
    pub(super) fn agent_tag(&self, agent: AgentId) -> i64 {
        self.ledger.tag(agent)
    }

    /// The place in line, from 1.
    pub(super) fn position(&self, call: CallId) -> Option<u32> {
        self.waiting.ahead_of(call).map(|ahead| ahead + 1)
    }

    /// The expected wait: those ahead and this one, each keeping one of the agents at work for a
    /// mean handling time.
    pub(super) fn expected_wait(&self, plan: &Dialplan, call: CallId) -> Option<Span> {
        let ahead = self.waiting.ahead_of(call)?;
        let ticket = self.waiting.ticket(call)?;
        Some(self.wait_behind(plan, ticket.lane, ahead))
    }

    fn wait_behind(&self, plan: &Dialplan, lane: LaneId, ahead: u32) -> Span {
        let group = plan.lanes[lane.index()].group;
        let agents = u64::from(self.staff[lane.index()].present).max(1);
        let mean = self.handling[group.index()].mean;
        Span((u64::from(ahead) + 1) * mean.0 / agents)
    }

    /// An agent has nothing to do: the first caller in line, or a place among the free. One whose
    /// phone cannot be rung is not ready until it can.
    fn free(&mut self, scene: &mut Scene<'_>, agent: AgentId) {
        if self.desks[agent.index()].unreachable {
            self.desks[agent.index()].returns = true;
            return self.go_away(scene, agent, Doing::NotReady);
        }
        let profile_id = scene.plan.agent(agent).profile;
        let profile = &scene.plan.profiles[profile_id.index()];
        let forgiven = self.ledger.bound(agent, profile);
        if forgiven != 0 {
            scene.record(Record::Forgiven {
                agent,
                micro_calls: forgiven,
            });
        }
        let present = |lane: LaneId| self.staff[lane.index()].present;
        if let Some(ticket) = self
            .waiting
            .first_for(agent, &profile.lanes, present)
            .copied()
        {
            self.waiting
                .leave(ticket.call, scene.plan.queue(ticket.queue).group);
            self.offer(scene, agent, ticket, None, Because::AgentFree);
        } else {
            self.set_doing(scene, agent, Doing::Idle);
            let key = IdleKey {
                tag: self.ledger.tag(agent),
                since: scene.now,
            };
            self.idle[profile_id.index()].insert(key, agent.0, &mut self.idle_places);
        }
    }

    /// The free agent with the least tag whom this call has not tried, and who is next.
    fn best_free(&self, plan: &Dialplan, ticket: &Ticket) -> Option<(AgentId, Option<AgentId>)> {
        let all_tried = ticket.tried.count() >= self.staff[ticket.lane.index()].present as usize;
        let may = |agent: u32| all_tried || !ticket.tried.has(AgentId(agent));
        let (mut best, mut next) = (None, None);
        for profile in &plan.lanes[ticket.lane.index()].profiles {
            let heap = &self.idle[profile.index()];
            let Some(first) = heap.first() else { continue };
            if ticket.tried.count() == 0 || all_tried {
                rank(first, &mut best, &mut next);
                if best == Some(first)
                    && let Some(second) = heap.second()
                {
                    rank(second, &mut best, &mut next);
                }
            } else {
                heap.iter()
                    .filter(|(_, agent)| may(*agent))
                    .for_each(|entry| {
                        rank(entry, &mut best, &mut next);
                    });
            }
        }
        best.map(|(_, agent)| (AgentId(agent), next.map(|(_, agent)| AgentId(agent))))
    }

    /// Whether somebody has left since callers and free agents were last brought together. Asked
    /// once all calls have heard what was decided about them, so that they are in line again.
    pub(super) fn takes_another_look(&mut self) -> bool {
        std::mem::take(&mut self.thinned)
    }

    /// Offers the free to callers who have tried all others. Only these can be in line beside
    /// somebody who is free.
    pub(super) fn look_again(&mut self, scene: &mut Scene<'_>) {
        while let Some((ticket, agent, runner_up)) = self.overlooked(scene.plan) {
            self.waiting
                .leave(ticket.call, scene.plan.queue(ticket.queue).group);
            let profile = scene.plan.agent(agent).profile;
            self.idle[profile.index()].remove(agent.0, &mut self.idle_places);
            self.offer(scene, agent, ticket, runner_up, Because::CallerCame);
        }
    }

    /// The first caller in line whom somebody free could take, and who that is.
    fn overlooked(&self, plan: &Dialplan) -> Option<(Ticket, AgentId, Option<AgentId>)> {
        let lanes = (0..plan.lanes.len()).map(|place| LaneId(place as u16));
        lanes
            .filter(|lane| self.waiting.lane_len(*lane) > 0 && self.somebody_free(plan, *lane))
            .flat_map(|lane| self.waiting.tickets_in(lane))
            .filter_map(|ticket| {
                let (agent, runner_up) = self.best_free(plan, ticket)?;
                Some((*ticket, agent, runner_up))
            })
            .min_by_key(|(ticket, ..)| ticket.place)
    }

    /// Rings an agent for a call, and charges the call to the agent. A phone that rings for no time
    /// at all answers by itself.
    fn offer(
        &mut self,
        scene: &mut Scene<'_>,
        agent: AgentId,
        ticket: Ticket,
        runner_up: Option<AgentId>,
        because: Because,
    ) {
        self.offers += 1;
        let (call, queue, offer) = (ticket.call, ticket.queue, OfferId(self.offers));
        let tag = self.ledger.tag(agent);
        self.ledger.charge(agent, profile_of(scene.plan, agent));
        scene.record(Record::Offered(Decision {
            offer,
            call,
            queue,
            lane: ticket.lane,
            agent,
            tag,
            runner_up,
            because,
        }));
        self.desks[agent.index()].rang = scene.now;
        let ring = scene.plan.group(scene.plan.queue(queue).group).ring;
        if ring == Span::ZERO {
            return self.join_talk(scene, agent, (offer, call, queue));
        }
        self.set_doing(scene, agent, Doing::Ringing { offer, call, queue });
        let timer = scene.in_time(ring, Deadline::Agent(agent, AgentDeadline::Ring));
        self.desks[agent.index()].timer = Some(timer);
        scene.emit(Effect::Ring { agent, offer, call });
        scene.tell(call, Event::Offered { agent });
    }

    /// Takes a call back from an agent who did not answer it.
    fn withdraw_offer(&mut self, scene: &mut Scene<'_>, agent: AgentId, how: OfferEnd) {
        let desk = &mut self.desks[agent.index()];
        let Doing::Ringing { offer, call, .. } = desk.doing else {
            unreachable!("only a ringing offer is withdrawn");
        };
        scene.cancel(&mut desk.timer);
        self.ledger.refund(agent, profile_of(scene.plan, agent));
        if how != OfferEnd::Declined {
            scene.emit(Effect::CancelRing { agent, offer });
        }
        scene.record(Record::OfferEnded {
            offer,
            agent,
            call,
            how,
        });
        if how != OfferEnd::CallerGone {
            if let Some(ticket) = self.waiting.ticket_mut(call) {
                ticket.tried.add(agent);
            }
            scene.tell(call, Event::OfferLapsed);
        }
    }

    /// Tells the callers of the profile's lanes when nobody is left who could take them.
    fn tell_the_stranded(&self, scene: &mut Scene<'_>, profile: &Profile) {
        for lane in &profile.lanes {
            let Some(why) = self.deserted_lane(*lane) else {
                continue;
            };
            let from = scene.letters.len();
            for ticket in self.waiting.tickets_in(*lane) {
                scene.tell(ticket.call, Event::Stranded(why));
            }
            // First come, first told.
            scene.letters[from..]
                .sort_unstable_by_key(|(call, _)| self.waiting.ticket_at(call.index).place);
        }
    }

    /// Whether nobody is left who could take this call, and why.
    pub(super) fn deserted(&self, call: CallId) -> Option<TurnedAway> {
        self.deserted_lane(self.waiting.ticket(call)?.lane)
    }

    fn deserted_lane(&self, lane: LaneId) -> Option<TurnedAway> {
        match self.staff[lane.index()] {
            LaneStaff { signed_in: 0, .. } => Some(TurnedAway::NoAgents),
            staff if staff.paused == staff.signed_in => Some(TurnedAway::AllPaused),
            _ => None,
        }
    }

    /// Whether the books are in order: the sums of the ledger, and no free agent beside a caller it
    /// could take (guarantees F2 and F5).
    pub(super) fn is_sound(&self, plan: &Dialplan) -> bool {
        let nobody_wasted = plan.lanes.iter().enumerate().all(|(place, lane)| {
            let lane_id = LaneId(place as u16);
            let idle = lane
                .profiles
                .iter()
                .flat_map(|profile| self.idle[profile.index()].iter());
            let present = |lane: LaneId| self.staff[lane.index()].present;
            idle.into_iter().all(|(_, agent)| {
                self.waiting
                    .first_for(AgentId(agent), &[lane_id], present)
                    .is_none()
            })
        });
        nobody_wasted && self.ledger.balances(plan)
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
        let idle = profiles.flat_map(|profile| self.idle[profile.index()].iter());
        idle.map(|(key, agent)| (AgentId(agent), key.tag)).collect()
    }
}

type Free = (IdleKey, u32);

/// Keeps the least two of the entries seen.
fn rank(entry: Free, best: &mut Option<Free>, next: &mut Option<Free>) {
    if best.is_none_or(|best| entry < best) {
        *next = best.replace(entry);
    } else if next.is_none_or(|next| entry < next) {
        *next = Some(entry);
    }
}

fn profile_of(plan: &Dialplan, agent: AgentId) -> &Profile {
    &plan.profiles[plan.agent(agent).profile.index()]
}
