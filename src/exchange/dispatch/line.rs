//! Callers and the line: joining a queue, finding an agent, waiting for one in particular, coming to
//! a later stage, leaving.

use super::Dispatch;
use super::LaneStaff;
use super::choice::Choice;
use super::desk::Doing;
use super::place::Place;
use super::waiting::Seeker;
use super::waiting::Ticket;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::Profile;
use crate::exchange::dialplan::Queue;
use crate::exchange::event::Event;
use crate::exchange::id::AgentId;
use crate::exchange::id::CallId;
use crate::exchange::id::GroupId;
use crate::exchange::id::LaneId;
use crate::exchange::id::LanguageId;
use crate::exchange::id::QueueId;
use crate::exchange::record::Because;
use crate::exchange::record::Record;
use crate::exchange::record::TurnedAway;
use crate::exchange::record::Unqueued;
use crate::exchange::scene::Scene;
use crate::exchange::strategy::Strategy;
use crate::exchange::time::Span;

/// What a call asks for that joins a queue.
#[derive(Clone, Copy, Debug)]
pub(in crate::exchange) struct Wish {
    pub(in crate::exchange) call: CallId,
    pub(in crate::exchange) caller: u64,
    pub(in crate::exchange) queue: QueueId,
    pub(in crate::exchange) language: LanguageId,
    /// The place it has had before.
    pub(in crate::exchange) place: Option<Place>,
    /// The agent it was handed to.
    pub(in crate::exchange) agent: Option<AgentId>,
    /// Whether the agent of the last call is to be preferred: not by a call that this agent has just
    /// handed on.
    pub(in crate::exchange) prefers: bool,
    /// A call back, whose caller is not on the line.
    pub(in crate::exchange) is_callback: bool,
    /// A new place is so much earlier.
    pub(in crate::exchange) head_start: Span,
    /// For how long it waits for one agent in particular, if for any.
    pub(in crate::exchange) hold: Span,
    /// The agent whom the caller knows, in the place of the one of the last call.
    pub(in crate::exchange) known: Option<AgentId>,
}

/// What a call is told when it joins a queue.
#[derive(Clone, Copy, Debug)]
pub(in crate::exchange) struct Joined {
    pub(in crate::exchange) place: Place,
    pub(in crate::exchange) lane: LaneId,
    /// How many are in line with it for somebody to be free, itself included; 0 when somebody is.
    pub(in crate::exchange) waiting: u32,
    /// Zero when somebody is free.
    pub(in crate::exchange) expected: Span,
}

impl Dispatch {
    /// Asks for the memory of a call's ticket, and does not wait for it.
    #[inline]
    pub(in crate::exchange) fn fetch_ticket(&self, call: CallId) {
        self.waiting.fetch(call);
    }

    /// Why a call that wants this queue cannot wait in it, if so.
    #[inline(always)]
    pub(in crate::exchange) fn refuses(
        &self,
        plan: &Dialplan,
        queue: &Queue,
        language: LanguageId,
        trunks_left: bool,
    ) -> Option<TurnedAway> {
        let staff = self.staff[queue.last_lane(language).index()];
        if staff.signed_in == 0 {
            return Some(TurnedAway::NoAgents);
        }
        if queue.all_paused.is_some() && staff.paused == staff.signed_in {
            return Some(TurnedAway::AllPaused);
        }
        if trunks_left && self.waiting.has_room(plan, queue.group) {
            return None;
        }
        let (_, lane) = self.first_stage(plan, queue, language);
        (!self.somebody_free(plan, lane)).then_some(TurnedAway::Full)
    }

    /// Whether a call of this lane would be offered at once.
    pub(super) fn somebody_free(&self, plan: &Dialplan, lane: LaneId) -> bool {
        let mut profiles = plan.lanes[lane.index()].profiles.iter();
        profiles.any(|profile| self.idle.has(*profile))
    }

    /// The place of a call in the line of a queue: the one that it has, or has kept, with the precedence
    /// of this queue, or a new one at the end.
    #[inline]
    pub(in crate::exchange) fn place(
        &mut self,
        scene: &Scene<'_>,
        queue: &Queue,
        wish: Wish,
    ) -> Place {
        let kept = wish.place.or_else(|| {
            let returns = (wish.caller, wish.queue);
            self.returning.place(scene.plan, returns, scene.now)
        });
        (self.waiting).take_place(queue, (kept, wish.head_start), scene.now)
    }

    /// A call joins a queue with its place, or a new one at the end.
    #[inline(always)]
    pub(in crate::exchange) fn join(
        &mut self,
        scene: &Scene<'_>,
        queue: &Queue,
        wish: Wish,
    ) -> Joined {
        let plan = scene.plan;
        let place = self.place(scene, queue, wish);
        self.returning.forget(wish.caller);
        let (stage, lane) = self.first_stage(plan, queue, wish.language);
        let holds = self.awaited(plan, (lane, queue), wish);
        let ticket = Ticket {
            call: wish.call,
            queue: wish.queue,
            lane,
            place,
            since: scene.now,
            stage,
            holds,
            absences: holds.map_or(0, |agent| self.desks[agent.index()].absences),
            missed: false,
            is_callback: wish.is_callback,
            is_in_line: false,
        };
        self.waiting.issue(ticket);
        let free = match holds {
            Some(agent) => self.desks[agent.index()].doing == Doing::Idle,
            None => self.somebody_free(plan, lane),
        };
        Joined {
            place,
            lane,
            waiting: match free {
                true => 0,
                false => self.waiting.callers_in(lane) as u32 + 1,
            },
            expected: match free {
                true => Span::ZERO,
                false => {
                    let ticket = self.waiting.ticket_at(wish.call.index);
                    self.wait_of(plan, ticket, (Span::ZERO, wish.hold))
                }
            },
        }
    }

    /// The stage at which a call of a queue begins to wait, and its lane: stages of which nobody is
    /// signed in are passed, if there is a later one.
    #[inline(always)]
    pub(super) fn first_stage(
        &self,
        plan: &Dialplan,
        queue: &Queue,
        language: LanguageId,
    ) -> (u8, LaneId) {
        let (mut stage, mut lane) = (0, queue.lane_at(0, language));
        while self.is_passed(plan, queue, stage, lane) {
            stage += 1;
            lane = queue.lane_at(stage, language);
        }
        (stage, lane)
    }

    #[inline]
    fn is_passed(&self, plan: &Dialplan, queue: &Queue, stage: u8, lane: LaneId) -> bool {
        usize::from(stage) < queue.stages.len()
            && plan.group(queue.group).tiers.skip_empty
            && self.staff[lane.index()].signed_in == 0
    }

    /// The agent whom a call waits for in particular: the one it was handed to, or the one of the
    /// caller's last call if the queue prefers that.
    #[inline]
    fn awaited(
        &self,
        plan: &Dialplan,
        (lane, queue): (LaneId, &Queue),
        wish: Wish,
    ) -> Option<AgentId> {
        match wish.agent.is_none() && queue.prefer_last.is_none() {
            true => None,
            false => self.asked_for(plan, (lane, queue), wish),
        }
    }

    #[inline(never)]
    fn asked_for(
        &self,
        plan: &Dialplan,
        (lane, queue): (LaneId, &Queue),
        wish: Wish,
    ) -> Option<AgentId> {
        let at_work = |agent: &AgentId| self.desks[agent.index()].doing.is_present();
        if let Some(agent) = wish.agent {
            return Some(agent).filter(at_work);
        }
        queue.prefer_last.filter(|_| wish.prefers)?;
        let last = wish.known.or_else(|| self.known.agent_of(wish.caller));
        let last = last.filter(at_work)?;
        let profile = plan.agent(last).profile;
        let serves = plan.lanes[lane.index()].profiles.contains(&profile);
        serves.then_some(last)
    }

    /// Whether a call waits for one agent in particular.
    pub(in crate::exchange) fn holds(&self, call: CallId) -> bool {
        let ticket = self.waiting.ticket(call);
        ticket.is_some_and(|ticket| ticket.holds.is_some())
    }

    /// Finds an agent for a call that has joined, or puts it in line; true if an agent rings.
    pub(in crate::exchange) fn seek(&mut self, scene: &mut Scene<'_>, call: CallId) -> bool {
        let holds = self.waiting.ticket_at(call.index).holds;
        if holds.is_some() || self.thinned || self.kept.is_some() {
            self.before_seeking(scene, call);
        }
        let ticket = self.waiting.ticket_at(call.index);
        let seeker = ticket.seeker();
        if self.is_held_back(scene.plan, ticket) {
            self.wait_in_line(scene, seeker);
            return false;
        }
        if let Some(agent) = ticket.holds {
            return self.seek_agent(scene, seeker, agent);
        }
        let lane = &scene.plan.lanes[ticket.lane.index()];
        let strategy = scene.plan.group(lane.group).strategy;
        if strategy == Strategy::RingAll {
            return self.ring_all(scene, call);
        }
        let Some(choice) = self.best_free(scene, ticket, (lane, strategy)) else {
            self.wait_in_line(scene, seeker);
            return false;
        };
        self.call_from_idle(scene, choice, seeker, Because::CallerCame);
        true
    }

    /// What may have changed while a call was out of line.
    #[inline(never)]
    fn before_seeking(&mut self, scene: &mut Scene<'_>, call: CallId) {
        self.holds_on(call);
        if self.thinned || self.kept.is_some() {
            // Whoever has left may have been the last one that somebody before had not tried; and who was
            // kept free for a call that has gone on to another queue may be for somebody before it there.
            let place = self.waiting.ticket_at(call.index).place;
            self.look_again_before(scene, Some(place));
        }
    }

    /// A call waits for one agent in particular no longer if that one has left while it was out of line.
    fn holds_on(&mut self, call: CallId) {
        if let Some(ticket) = self.waiting.ticket_mut(call) {
            let absences = ticket.absences;
            let stays = |agent: &AgentId| {
                let desk = &self.desks[agent.index()];
                desk.doing.is_present() && desk.absences == absences
            };
            ticket.holds = ticket.holds.filter(stays);
        }
    }

    /// The same for a call that waits for one agent in particular.
    #[inline(never)]
    fn seek_agent(&mut self, scene: &mut Scene<'_>, seeker: Seeker, agent: AgentId) -> bool {
        let is_free = self.desks[agent.index()].doing == Doing::Idle;
        if is_free {
            let choice = self.only(agent);
            self.call_from_idle(scene, choice, seeker, Because::Awaited);
        } else {
            self.wait_in_line(scene, seeker);
        }
        is_free
    }

    fn wait_in_line(&mut self, scene: &Scene<'_>, seeker: Seeker) {
        let group = scene.plan.queue(seeker.queue).group;
        self.waiting.enter(seeker.call, group);
        self.ladders.waits_grow();
    }

    /// Offers a call to an agent who is free.
    #[inline(always)]
    pub(super) fn call_from_idle(
        &mut self,
        scene: &mut Scene<'_>,
        Choice {
            agent,
            profile,
            runner_up,
        }: Choice,
        seeker: Seeker,
        because: Because,
    ) {
        // Asked first: the memory of both is on its way while the heap is put in order.
        let is_idle = self.desks[agent.index()].doing == Doing::Idle;
        let same = self.ledger.profile(agent) == profile;
        assert!(is_idle && same, "only the free are offered calls");
        self.idle.remove(profile, agent);
        if let Some((_, next)) = self.idle.first(profile) {
            self.fetch(AgentId(next));
        }
        self.offer(scene, (agent, runner_up), seeker, because);
    }

    /// Offers a call to everybody who is free and of the lowest rank; false when nobody is.
    #[inline(never)]
    pub(super) fn ring_all(&mut self, scene: &mut Scene<'_>, call: CallId) -> bool {
        let mut list = std::mem::take(&mut self.scratch);
        let ticket = *self.waiting.ticket_at(call.index);
        self.all_free(scene.plan, &ticket, &mut list);
        for (place, &agent) in list.iter().enumerate() {
            let choice = Choice {
                runner_up: list.get(place + 1).copied(),
                ..self.only(agent)
            };
            self.call_from_idle(scene, choice, ticket.seeker(), Because::CallerCame);
            // A phone that answers by itself has taken the call.
            if scene.plan.group(scene.plan.queue(ticket.queue).group).ring == Span::ZERO {
                break;
            }
        }
        let rings = !list.is_empty();
        self.scratch = list;
        if !rings {
            self.wait_in_line(scene, ticket.seeker());
        }
        rings
    }

    /// A call leaves the queues: answered, gone, or on to somewhere else. `gives_up` says whether the caller's
    /// patience has come to its end, if any was needed.
    pub(in crate::exchange) fn depart(
        &mut self,
        scene: &mut Scene<'_>,
        (call, caller): (CallId, u64),
        (how, gives_up): (Unqueued, Option<bool>),
    ) {
        if let Unqueued::Answered(agent) = how {
            self.meets(caller, agent);
            self.withdraw_promises(scene, caller, call);
        }
        if let Some(ticket) = self.waiting.ticket(call) {
            let (queue, since) = (ticket.queue, ticket.since);
            let place = ticket.place;
            let group = scene.plan.queue(queue).group;
            if let Some(gives_up) = gives_up {
                self.pace[group.index()].waited(scene.now - since, gives_up);
            }
            self.leave_place(call, group);
            self.waiting.withdraw(call);
            // Whoever was cut off has not asked to leave, and may call again as well.
            if matches!(how, Unqueued::Abandoned | Unqueued::BySystem) {
                let who = (caller, queue);
                self.returning.keep(scene.plan, who, place, scene.now);
            }
        }
    }

    /// This agent is the one of the caller's last call from now on.
    #[inline]
    pub(in crate::exchange) fn meets(&mut self, caller: u64, agent: AgentId) {
        self.known.met(caller, agent);
    }

    /// Takes a call out of line, if it is in line.
    #[inline]
    pub(super) fn leave_place(&mut self, call: CallId, group: GroupId) {
        if self.waiting.leave(call, group) {
            self.ladders.waits_shrink();
        }
    }

    /// A call leaves the line and keeps its ticket: it cannot be offered now.
    pub(in crate::exchange) fn step_aside(&mut self, scene: &Scene<'_>, call: CallId) {
        if let Some(ticket) = self.waiting.ticket(call) {
            let group = scene.plan.queue(ticket.queue).group;
            self.leave_place(call, group);
        }
    }

    /// A call has waited long enough for one agent in particular: it waits like the others, from
    /// the place that it has. It is out of line until it seeks again.
    pub(in crate::exchange) fn stop_holding(&mut self, scene: &Scene<'_>, call: CallId) {
        self.step_aside(scene, call);
        if let Some(ticket) = self.waiting.ticket_mut(call) {
            ticket.holds = None;
        }
    }

    /// When the next stage of a call's queue begins, from the start of its wait.
    pub(in crate::exchange) fn next_stage(&self, plan: &Dialplan, call: CallId) -> Option<Span> {
        let ticket = self.waiting.ticket(call)?;
        let stages = &plan.queue(ticket.queue).stages;
        Some(stages.get(usize::from(ticket.stage))?.after)
    }

    /// A call comes to the next stage of its queue: more agents may take it. It is out of line until
    /// it seeks again.
    pub(in crate::exchange) fn relax(
        &mut self,
        scene: &mut Scene<'_>,
        call: CallId,
        language: LanguageId,
    ) {
        self.step_aside(scene, call);
        if let Some(ticket) = self.waiting.ticket_mut(call) {
            ticket.stage += 1;
            let (queue, stage) = (ticket.queue, ticket.stage);
            ticket.lane = scene.plan.queue(queue).lane_at(stage, language);
            let lane = ticket.lane;
            scene.record(Record::Widened { call, queue, lane });
        }
    }

    /// Whether nobody is signed in who may take a call now, and somebody is who may later.
    pub(in crate::exchange) fn should_skip(&self, plan: &Dialplan, call: CallId) -> bool {
        let ticket = self.waiting.ticket(call);
        ticket.is_some_and(|ticket| {
            self.is_passed(plan, plan.queue(ticket.queue), ticket.stage, ticket.lane)
        })
    }

    /// The place in line, from 1.
    pub(in crate::exchange) fn position(&self, call: CallId) -> Option<u32> {
        self.waiting.ahead_of(call).map(|ahead| ahead + 1)
    }

    pub(in crate::exchange) fn counts_since(&self, call: CallId) -> Option<i64> {
        Some(self.waiting.ticket(call)?.place.since_ms)
    }

    /// The place of a call in line, or rung for out of it.
    pub(in crate::exchange) fn place_of(&self, call: CallId) -> Option<Place> {
        Some(self.waiting.ticket(call)?.place)
    }

    pub(in crate::exchange) fn waits_for(&self, call: CallId) -> Option<AgentId> {
        self.waiting.ticket(call)?.holds
    }

    /// Tells the callers of the profile's groups when nobody is left who could take them: also those
    /// whom these agents could have taken only at a later stage.
    pub(super) fn tell_the_stranded(&self, scene: &mut Scene<'_>, profile: &Profile) {
        for (place, lane) in scene.plan.lanes.iter().enumerate() {
            let id = LaneId(place as u16);
            if self.waiting.lane_len(id) == 0 || !profile.groups.contains(&lane.group) {
                continue;
            }
            let Some(why) = self.deserted_lane(id) else {
                continue;
            };
            for ticket in self.waiting.tickets_in(id) {
                scene.tell(ticket.call, Event::Stranded(why));
            }
        }
    }

    /// Those who wait for an agent in particular wait for the others from now on, and are told.
    pub(super) fn release(&mut self, scene: &mut Scene<'_>, agent: AgentId) {
        while let Some(call) = self.waiting.release_first(agent) {
            scene.tell(call, Event::Released);
        }
    }

    /// Whether a call is in line for anybody: one that was released may have been offered since.
    pub(in crate::exchange) fn waits_for_anybody(&self, call: CallId) -> bool {
        self.waiting.is_in_line(call) && !self.holds(call)
    }

    /// First come, first told, of the letters from this one on.
    pub(super) fn in_order_of_place(&self, scene: &mut Scene<'_>, from: usize) {
        scene.letters[from..]
            .sort_unstable_by_key(|(call, _)| self.waiting.ticket_at(call.index).place);
    }

    /// Whether nobody is left who could take this call, now or later, and why.
    pub(in crate::exchange) fn deserted(
        &self,
        plan: &Dialplan,
        call: CallId,
        language: LanguageId,
    ) -> Option<TurnedAway> {
        let queue = plan.queue(self.waiting.ticket(call)?.queue);
        self.deserted_lane(queue.last_lane(language))
    }

    pub(super) fn deserted_lane(&self, lane: LaneId) -> Option<TurnedAway> {
        match self.staff[lane.index()] {
            LaneStaff { signed_in: 0, .. } => Some(TurnedAway::NoAgents),
            staff if staff.paused == staff.signed_in => Some(TurnedAway::AllPaused),
            _ => None,
        }
    }
}
