//! One call at one agent: the phone rings, is answered or not, they talk, the agent writes it down.

use super::Dispatch;
use super::desk::Doing;
use super::desk::Next;
use super::waiting::Seeker;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::Rona;
use crate::exchange::effect::Effect;
use crate::exchange::effect::Ignored;
use crate::exchange::event::AgentDeadline;
use crate::exchange::event::Deadline;
use crate::exchange::event::Event;
use crate::exchange::id::AgentId;
use crate::exchange::id::CallId;
use crate::exchange::id::GroupId;
use crate::exchange::id::OfferId;
use crate::exchange::id::QueueId;
use crate::exchange::record::Because;
use crate::exchange::record::Decision;
use crate::exchange::record::OfferEnd;
use crate::exchange::record::Party;
use crate::exchange::record::Record;
use crate::exchange::scene::Scene;
use crate::exchange::strategy::Strategy;
use crate::exchange::time::Span;

type Outcome = Result<(), Ignored>;

impl Dispatch {
    /// Rings an agent for a call, and charges the call to the agent. A phone that rings for no time
    /// at all answers by itself.
    pub(super) fn offer(
        &mut self,
        scene: &mut Scene<'_>,
        (agent, runner_up): (AgentId, Option<AgentId>),
        Seeker { call, queue, lane }: Seeker,
        because: Because,
    ) {
        self.offers += 1;
        let offer = OfferId(self.offers);
        let tag = self.ledger.tag(agent);
        self.ledger
            .charge(agent, self.profile_of(scene.plan, agent));
        scene.record(Record::Offered(Decision {
            offer,
            call,
            queue,
            lane,
            agent,
            tag,
            runner_up,
            because,
        }));
        self.desks[agent.index()].rang = scene.now;
        let group = scene.plan.queue(queue).group;
        self.rung_last[group.index()] = Some(agent);
        let ring = scene.plan.group(group).ring;
        if ring == Span::ZERO {
            return self.join_talk(scene, agent, (offer, call, queue));
        }
        self.set_doing(scene, agent, Doing::Ringing { offer, call, queue });
        let timer = scene.in_time(ring, Deadline::Agent(agent, AgentDeadline::Ring));
        self.desks[agent.index()].timer = Some(timer);
        scene.emit(Effect::Ring { agent, offer, call });
        scene.tell(call, Event::Offered { agent });
    }

    /// Takes a call back from an agent who did not answer it; when nobody else is rung, the call hears of it.
    pub(super) fn withdraw_offer(&mut self, scene: &mut Scene<'_>, agent: AgentId, how: OfferEnd) {
        let (call, queue) = self.stop_ringing(scene, agent, how);
        if (self.also_rung(scene.plan, (call, queue), (agent, 0))).is_none() {
            scene.tell(call, Event::OfferLapsed);
        }
    }

    /// A phone stops ringing, unanswered. Gives the call, and its queue.
    #[inline(never)]
    fn stop_ringing(
        &mut self,
        scene: &mut Scene<'_>,
        agent: AgentId,
        how: OfferEnd,
    ) -> (CallId, QueueId) {
        let desk = &mut self.desks[agent.index()];
        let Doing::Ringing { offer, call, queue } = desk.doing else {
            unreachable!("only a ringing offer is withdrawn");
        };
        scene.cancel(&mut desk.timer);
        self.ledger
            .refund(agent, self.profile_of(scene.plan, agent));
        if how != OfferEnd::Declined {
            scene.emit(Effect::CancelRing { agent, offer });
        }
        scene.record(Record::OfferEnded {
            offer,
            agent,
            call,
            how,
        });
        let is_over = matches!(how, OfferEnd::CallerGone | OfferEnd::Taken);
        if !is_over && let Some(ticket) = self.waiting.ticket_mut(call) {
            ticket.holds = ticket.holds.filter(|held| *held != agent);
            let missed = how == OfferEnd::NoAnswer && !rings_all(scene.plan, queue);
            if missed || how == OfferEnd::Declined {
                self.waiting.missed_by(call, agent);
            }
        }
        (call, queue)
    }

    /// An agent picks up.
    pub(in crate::exchange) fn answered(
        &mut self,
        scene: &mut Scene<'_>,
        agent: AgentId,
        offer: OfferId,
    ) -> Outcome {
        let (call, queue) = self.ringing(agent, offer)?;
        scene.cancel(&mut self.desks[agent.index()].timer);
        self.join_talk(scene, agent, (offer, call, queue));
        let mut from = 0;
        while let Some(other) = self.also_rung(scene.plan, (call, queue), (agent, from)) {
            self.stop_ringing(scene, other, OfferEnd::Taken);
            self.free(scene, other);
            from = other.index() + 1;
        }
        Ok(())
    }

    /// Agent and caller begin to talk.
    #[inline(always)]
    pub(super) fn join_talk(
        &mut self,
        scene: &mut Scene<'_>,
        agent: AgentId,
        (offer, call, queue): (OfferId, CallId, QueueId),
    ) {
        let how = OfferEnd::Answered;
        scene.record(Record::OfferEnded {
            offer,
            agent,
            call,
            how,
        });
        let since = scene.now;
        let desk = &mut self.desks[agent.index()];
        desk.misses = 0;
        desk.calls_since_available += 1;
        self.set_doing(scene, agent, Doing::Talking { call, queue, since });
        scene.tell(call, Event::Answered { agent });
    }

    /// An agent refuses a call, and takes none until ready again.
    pub(in crate::exchange) fn declined(
        &mut self,
        scene: &mut Scene<'_>,
        agent: AgentId,
        offer: OfferId,
    ) -> Outcome {
        self.ringing(agent, offer)?;
        self.missed(scene, agent, OfferEnd::Declined);
        Ok(())
    }

    /// The call that rings at this agent by this offer, and its queue.
    fn ringing(&self, agent: AgentId, offer: OfferId) -> Result<(CallId, QueueId), Ignored> {
        match self.doing(agent)? {
            Doing::Ringing {
                offer: now,
                call,
                queue,
            } if now == offer => Ok((call, queue)),
            _ => Err(Ignored::StaleOffer(offer)),
        }
    }

    /// The call an agent is talking to.
    pub(in crate::exchange) fn talking_to(&self, agent: AgentId) -> Result<CallId, Ignored> {
        match self.doing(agent)? {
            Doing::Talking { call, .. } => Ok(call),
            _ => Err(Ignored::AgentNotNow(agent)),
        }
    }

    /// The queue of that call.
    pub(in crate::exchange) fn talk_queue(&self, agent: AgentId) -> Option<QueueId> {
        match self.doing(agent) {
            Ok(Doing::Talking { queue, .. }) => Some(queue),
            _ => None,
        }
    }

    /// A deadline of an agent has come.
    pub(in crate::exchange) fn fell_due(
        &mut self,
        scene: &mut Scene<'_>,
        agent: AgentId,
        deadline: AgentDeadline,
    ) {
        self.desks[agent.index()].timer = None;
        match deadline {
            AgentDeadline::Ring => self.missed(scene, agent, OfferEnd::NoAnswer),
            AgentDeadline::WrapUp => {
                let goes = self.desks[agent.index()].next != Next::GoOn;
                let group = self.last_group(scene.plan, agent);
                if goes || scene.plan.group(group).wrap_up_then_ready {
                    self.wrapped_up(scene, agent, group);
                } else {
                    self.account_for_call(scene, agent, group);
                    self.go(scene, agent, Doing::NotReady);
                }
            }
            AgentDeadline::Rest => self.free(scene, agent),
            // Out of reach: ready once the phone can be rung.
            AgentDeadline::BackOff if self.desks[agent.index()].unreachable => {
                self.desks[agent.index()].returns = true;
            }
            AgentDeadline::BackOff => {
                self.leave_break(scene, agent);
                self.free(scene, agent);
            }
        }
    }

    /// The caller has left: every phone that rings for the call stops. `agent` is the one whose
    /// phone rang first.
    #[inline(never)]
    pub(in crate::exchange) fn caller_gone(
        &mut self,
        scene: &mut Scene<'_>,
        call: CallId,
        agent: AgentId,
    ) {
        if self.rings_for(agent, call) {
            self.stop_ringing(scene, agent, OfferEnd::CallerGone);
            self.free(scene, agent);
        }
        // Only where all are rung are there others.
        let all = scene.plan.groups.iter();
        if all.clone().any(|group| group.strategy == Strategy::RingAll) {
            for place in 0..self.desks.len() {
                let other = AgentId(place as u32);
                if self.rings_for(other, call) {
                    self.stop_ringing(scene, other, OfferEnd::CallerGone);
                    self.free(scene, other);
                }
            }
        }
    }

    /// Whether a call with a ticket is out of line because it is offered to somebody.
    pub(in crate::exchange) fn rings(&self, call: CallId) -> bool {
        self.waiting.ticket(call).is_some() && !self.waiting.is_in_line(call)
    }

    fn rings_for(&self, agent: AgentId, call: CallId) -> bool {
        let doing = self.desks[agent.index()].doing;
        matches!(doing, Doing::Ringing { call: other, .. } if other == call)
    }

    /// The first phone from this place on that rings for the same call, but for the agent's own.
    fn also_rung(
        &self,
        plan: &Dialplan,
        (call, queue): (CallId, QueueId),
        (agent, from): (AgentId, usize),
    ) -> Option<AgentId> {
        if !rings_all(plan, queue) {
            return None;
        }
        let agents = (from..self.desks.len()).map(|place| AgentId(place as u32));
        agents
            .filter(|other| *other != agent)
            .find(|other| self.rings_for(*other, call))
    }

    /// The talk is over. One that the agent ends too soon does not count as a call.
    pub(in crate::exchange) fn hung_up(
        &mut self,
        scene: &mut Scene<'_>,
        agent: AgentId,
        by: Party,
    ) {
        let desk = &mut self.desks[agent.index()];
        let Doing::Talking { call, queue, since } = desk.doing else {
            unreachable!("a talk ends once");
        };
        (desk.call_ended, desk.last_queue) = (Some(scene.now), Some(queue));
        (desk.calls, desk.extended) = (desk.calls + 1, 0);
        // With a call back whose caller has not answered, no talk has begun.
        let since = since.min(scene.now);
        scene.emit(Effect::Disconnect { call, agent });
        scene.record(Record::TalkEnded {
            call,
            agent,
            queue,
            since,
            by,
        });
        let id = scene.plan.queue(queue).group;
        let group = scene.plan.group(id);
        let talked = scene.now - since;
        if by == Party::Agent && talked < group.short_talk {
            self.ledger
                .refund(agent, self.profile_of(scene.plan, agent));
            scene.record(Record::ShortTalk {
                agent,
                call,
                talked,
            });
        }
        let limit = group.wrap_up;
        if limit == Span::ZERO {
            self.wrapped_up(scene, agent, id);
            return;
        }
        self.set_doing(scene, agent, Doing::WrapUp);
        let timer = scene.in_time(limit, Deadline::Agent(agent, AgentDeadline::WrapUp));
        self.desks[agent.index()].timer = Some(timer);
    }

    /// The call and its wrap-up are done.
    #[inline(always)]
    pub(super) fn wrapped_up(&mut self, scene: &mut Scene<'_>, agent: AgentId, group: GroupId) {
        self.account_for_call(scene, agent, group);
        scene.cancel(&mut self.desks[agent.index()].timer);
        self.goes_on(scene, agent, scene.plan.group(group).rest);
    }

    /// On to the break, home, a breath of this length, or the next call.
    #[inline(always)]
    pub(super) fn goes_on(&mut self, scene: &mut Scene<'_>, agent: AgentId, rest: Span) {
        let desk = &mut self.desks[agent.index()];
        match std::mem::replace(&mut desk.next, Next::GoOn) {
            Next::Pause(reason) => return self.go_on_break(scene, agent, reason),
            Next::SignOut => return self.go(scene, agent, Doing::SignedOut),
            Next::GoOn => {}
        }
        let breathed = desk.call_ended.map_or(rest, |ended| scene.now.since(ended));
        if breathed >= rest {
            return self.free(scene, agent);
        }
        self.set_doing(scene, agent, Doing::Resting);
        let left = Span(rest.0 - breathed.0);
        let timer = scene.in_time(left, Deadline::Agent(agent, AgentDeadline::Rest));
        self.desks[agent.index()].timer = Some(timer);
    }

    /// A call is done, wrap-up and all: its group learns how long calls take, and the agent's share
    /// how long this one took.
    #[inline(always)]
    fn account_for_call(&mut self, scene: &Scene<'_>, agent: AgentId, group: GroupId) {
        let took = scene.now.since(self.desks[agent.index()].rang);
        let pace = &mut self.pace[group.index()];
        let mean = pace.handling();
        pace.handled(took);
        let work = scene.plan.group(group).equal_work_permille;
        if work > 0 {
            let profile = self.profile_of(scene.plan, agent);
            self.ledger.correct(agent, profile, work, (took, mean));
        }
    }

    /// A ringing that was not answered: the call keeps its place, the agent is out of reach until
    /// it acts, or for a while.
    #[inline(never)]
    fn missed(&mut self, scene: &mut Scene<'_>, agent: AgentId, how: OfferEnd) {
        let Doing::Ringing { call, queue, .. } = self.desks[agent.index()].doing else {
            unreachable!("only a ringing phone is missed");
        };
        if how == OfferEnd::NoAnswer && rings_all(scene.plan, queue) {
            return self.rang_out(scene, call, queue, agent);
        }
        self.withdraw_offer(scene, agent, how);
        self.go_away(scene, agent, Doing::NotReady);
        let desk = &mut self.desks[agent.index()];
        let times = usize::from(desk.misses);
        desk.misses = desk.misses.saturating_add(1);
        let group = scene.plan.group(scene.plan.queue(queue).group);
        if let Rona::BackOff(spans) = &group.rona
            && let Some(span) = spans.get(times).or(spans.last())
        {
            let deadline = Deadline::Agent(agent, AgentDeadline::BackOff);
            desk.timer = Some(scene.in_time(*span, deadline));
        }
    }

    /// Of all the phones that rang at once for a call none was picked up in time, and all end with the first
    /// of them: no later caller has one before the call is back in its place. Who was one of many has missed
    /// nothing.
    #[inline(never)]
    fn rang_out(&mut self, scene: &mut Scene<'_>, call: CallId, queue: QueueId, first: AgentId) {
        let place = self.waiting.ticket(call).map(|ticket| ticket.place);
        let (mut rings, mut from) = (Some(first), 0);
        while let Some(agent) = rings {
            self.stop_ringing(scene, agent, OfferEnd::NoAnswer);
            rings = self.also_rung(scene.plan, (call, queue), (agent, from));
            match rings {
                Some(next) => from = next.index() + 1,
                None => scene.tell(call, Event::OfferLapsed),
            }
            self.free_again(scene, agent, place.as_ref());
        }
    }
}

/// Whether the callers of a queue are offered to everybody at once.
pub(super) fn rings_all(plan: &Dialplan, queue: QueueId) -> bool {
    plan.group(plan.queue(queue).group).strategy == Strategy::RingAll
}
