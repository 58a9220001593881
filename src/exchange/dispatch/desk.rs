//! One agent's day: signing in, ringing, talking, wrap-up, breaks, going home.

use super::Dispatch;
use super::profile_of;
use crate::exchange::dialplan::Group;
use crate::exchange::effect::Effect;
use crate::exchange::effect::Ignored;
use crate::exchange::event::AgentDeadline;
use crate::exchange::event::Deadline;
use crate::exchange::event::Event;
use crate::exchange::id::AgentId;
use crate::exchange::id::CallId;
use crate::exchange::id::OfferId;
use crate::exchange::id::QueueId;
use crate::exchange::id::ReasonId;
use crate::exchange::input::Input;
use crate::exchange::record::AgentState;
use crate::exchange::record::OfferEnd;
use crate::exchange::record::Record;
use crate::exchange::scene::Scene;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use crate::exchange::wheel::TimerId;
use serde::Deserialize;
use serde::Serialize;

/// Where an agent stands.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Desk {
    pub(super) doing: Doing,
    /// The end of ringing, wrap-up or rest.
    pub(super) timer: Option<TimerId>,
    /// What was asked for during a call.
    next: Next,
    /// The phone cannot be rung; the agent is ready again when it can, if `returns`.
    pub(super) unreachable: bool,
    pub(super) returns: bool,
    /// What the last break was for.
    reason: Option<ReasonId>,
    /// When the last call began to ring, and ended.
    pub(super) rang: Tick,
    call_ended: Option<Tick>,
    /// The queue of the last call, whose group's rules hold until the agent is free again.
    last_queue: Option<QueueId>,
}

/// What an agent is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Doing {
    SignedOut,
    NotReady,
    Paused,
    Idle,
    Resting,
    Ringing {
        offer: OfferId,
        call: CallId,
        queue: QueueId,
    },
    Talking {
        call: CallId,
        queue: QueueId,
        since: Tick,
    },
    WrapUp,
}

impl Doing {
    fn state(self) -> AgentState {
        match self {
            Self::SignedOut => AgentState::SignedOut,
            Self::NotReady => AgentState::NotReady,
            Self::Paused => AgentState::Paused,
            Self::Idle => AgentState::Idle,
            Self::Resting => AgentState::Resting,
            Self::Ringing { .. } => AgentState::Ringing,
            Self::Talking { .. } => AgentState::Talking,
            Self::WrapUp => AgentState::WrapUp,
        }
    }

    /// At work, for the fair shares: signed in, and neither on a break nor out of reach.
    fn is_present(self) -> bool {
        !matches!(self, Self::SignedOut | Self::NotReady | Self::Paused)
    }
}

/// What an agent does after the present call and its wrap-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Next {
    GoOn,
    Pause(Option<ReasonId>),
    SignOut,
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            doing: Doing::SignedOut,
            timer: None,
            next: Next::GoOn,
            unreachable: false,
            returns: false,
            reason: None,
            rang: Tick(0),
            call_ended: None,
            last_queue: None,
        }
    }
}

type Outcome = Result<(), Ignored>;

impl Dispatch {
    fn doing(&self, agent: AgentId) -> Result<Doing, Ignored> {
        self.desks
            .get(agent.index())
            .map(|desk| desk.doing)
            .ok_or(Ignored::UnknownAgent(agent))
    }

    /// An agent comes to work, not ready yet.
    pub(in crate::exchange) fn sign_in(
        &mut self,
        scene: &mut Scene<'_>,
        agent: AgentId,
    ) -> Outcome {
        if self.doing(agent)? != Doing::SignedOut {
            return Err(Ignored::AgentNotNow(agent));
        }
        for lane in &profile_of(scene.plan, agent).lanes {
            self.staff[lane.index()].signed_in += 1;
        }
        let desk = &mut self.desks[agent.index()];
        (desk.next, desk.returns) = (Next::GoOn, false);
        self.set_doing(scene, agent, Doing::NotReady);
        Ok(())
    }

    /// An agent can take calls; during a call, takes back a wish to pause or to go.
    pub(in crate::exchange) fn ready(&mut self, scene: &mut Scene<'_>, agent: AgentId) -> Outcome {
        match self.doing(agent)? {
            Doing::NotReady | Doing::Paused if self.desks[agent.index()].unreachable => {
                if self.doing(agent)? == Doing::Paused {
                    self.go(scene, agent, Doing::NotReady);
                }
                self.desks[agent.index()].returns = true;
            }
            Doing::NotReady | Doing::Paused => {
                self.leave_break(scene, agent);
                self.free(scene, agent);
            }
            Doing::WrapUp => self.wrapped_up(scene, agent),
            Doing::Talking { .. } if self.desks[agent.index()].next != Next::GoOn => {
                self.desks[agent.index()].next = Next::GoOn;
            }
            _ => return Err(Ignored::AgentNotNow(agent)),
        }
        Ok(())
    }

    /// Whether [`Dispatch::ready`] would do something for this agent.
    pub(in crate::exchange) fn can_be_ready(&self, agent: AgentId) -> bool {
        match self.doing(agent) {
            Ok(Doing::NotReady | Doing::Paused | Doing::WrapUp) => true,
            Ok(Doing::Talking { .. }) => self.desks[agent.index()].next != Next::GoOn,
            _ => false,
        }
    }

    /// An agent takes a break, after the call if there is one. Of two reasons the later one counts.
    pub(in crate::exchange) fn pause(
        &mut self,
        scene: &mut Scene<'_>,
        agent: AgentId,
        reason: Option<ReasonId>,
    ) -> Outcome {
        let reasons = scene.plan.pause_reasons.len();
        if let Some(unknown) = reason.filter(|reason| reason.index() >= reasons) {
            return Err(Ignored::UnknownReason(unknown));
        }
        match self.doing(agent)? {
            Doing::Paused if reason.is_some() => {
                self.desks[agent.index()].reason = reason;
                self.set_doing(scene, agent, Doing::Paused);
            }
            Doing::SignedOut | Doing::Paused => return Err(Ignored::AgentNotNow(agent)),
            Doing::Talking { .. } | Doing::WrapUp => {
                self.desks[agent.index()].next = Next::Pause(reason);
            }
            _ => self.go_on_break(scene, agent, reason),
        }
        Ok(())
    }

    /// An agent goes home, after the call if there is one.
    pub(in crate::exchange) fn sign_out(
        &mut self,
        scene: &mut Scene<'_>,
        agent: AgentId,
    ) -> Outcome {
        match self.doing(agent)? {
            Doing::SignedOut => return Err(Ignored::AgentNotNow(agent)),
            Doing::Talking { .. } | Doing::WrapUp => self.desks[agent.index()].next = Next::SignOut,
            _ => self.go(scene, agent, Doing::SignedOut),
        }
        Ok(())
    }

    /// An agent's phone can be rung, or cannot.
    pub(in crate::exchange) fn set_reachable(
        &mut self,
        scene: &mut Scene<'_>,
        agent: AgentId,
        reachable: bool,
    ) -> Outcome {
        let doing = self.doing(agent)?;
        let desk = &mut self.desks[agent.index()];
        if desk.unreachable != reachable {
            return Err(Ignored::AgentNotNow(agent));
        }
        desk.unreachable = !reachable;
        match doing {
            Doing::NotReady if reachable && desk.returns => {
                desk.returns = false;
                self.leave_break(scene, agent);
                self.free(scene, agent);
            }
            Doing::Idle | Doing::Resting | Doing::Ringing { .. } if !reachable => {
                self.go(scene, agent, Doing::NotReady);
                self.desks[agent.index()].returns = true;
            }
            _ => {}
        }
        Ok(())
    }

    /// Whether an agent's phone can be rung.
    pub(in crate::exchange) fn is_reachable(&self, agent: AgentId) -> bool {
        let desk = self.desks.get(agent.index());
        desk.is_some_and(|desk| !desk.unreachable)
    }

    /// What brings a new agent to where this one is.
    pub(super) fn steps_of(&self, agent: AgentId, new: AgentId) -> Vec<Input> {
        let desk = &self.desks[agent.index()];
        let mut steps = vec![Input::AgentSignedIn { agent: new }];
        match desk.doing {
            Doing::SignedOut => return Vec::new(),
            Doing::NotReady if !desk.returns => {}
            Doing::Paused => steps.push(Input::AgentPaused {
                agent: new,
                reason: desk.reason,
            }),
            _ => steps.push(Input::AgentReady { agent: new }),
        }
        steps
    }

    /// The state of an agent.
    pub(in crate::exchange) fn agent_state(&self, agent: AgentId) -> Option<AgentState> {
        Some(self.desks.get(agent.index())?.doing.state())
    }

    /// Whether no call rings at, or is talked to by, two agents.
    pub(in crate::exchange) fn is_exclusive(&self) -> bool {
        let mut calls: Vec<CallId> = self
            .desks
            .iter()
            .filter_map(|desk| match desk.doing {
                Doing::Ringing { call, .. } | Doing::Talking { call, .. } => Some(call),
                _ => None,
            })
            .collect();
        let busy = calls.len();
        calls.sort_unstable();
        calls.dedup();
        calls.len() == busy
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
        Ok(())
    }

    /// Agent and caller begin to talk.
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
                if goes || self.last_group(scene, agent).wrap_up_then_ready {
                    self.wrapped_up(scene, agent);
                } else {
                    self.go(scene, agent, Doing::NotReady);
                }
            }
            AgentDeadline::Rest => self.free(scene, agent),
        }
    }

    /// The caller whom this agent's phone rings for has left.
    pub(in crate::exchange) fn caller_gone(&mut self, scene: &mut Scene<'_>, agent: AgentId) {
        self.withdraw_offer(scene, agent, OfferEnd::CallerGone);
        self.free(scene, agent);
    }

    /// The talk is over.
    pub(in crate::exchange) fn hung_up(
        &mut self,
        scene: &mut Scene<'_>,
        agent: AgentId,
        by_agent: bool,
    ) {
        let Doing::Talking { call, queue, since } = self.desks[agent.index()].doing else {
            unreachable!("a talk ends once");
        };
        scene.emit(Effect::Disconnect { call, agent });
        scene.record(Record::TalkEnded {
            call,
            agent,
            queue,
            since,
            by_agent,
        });
        let desk = &mut self.desks[agent.index()];
        (desk.call_ended, desk.last_queue) = (Some(scene.now), Some(queue));
        let limit = self.last_group(scene, agent).wrap_up;
        if limit == Span::ZERO {
            self.wrapped_up(scene, agent);
            return;
        }
        self.set_doing(scene, agent, Doing::WrapUp);
        let timer = scene.in_time(limit, Deadline::Agent(agent, AgentDeadline::WrapUp));
        self.desks[agent.index()].timer = Some(timer);
    }

    /// The call and its wrap-up are done: on to the break, home, a breath, or the next call.
    fn wrapped_up(&mut self, scene: &mut Scene<'_>, agent: AgentId) {
        let rest = self.last_group(scene, agent).rest;
        let group = scene.plan.queue(self.last_queue(agent)).group;
        let desk = &mut self.desks[agent.index()];
        scene.cancel(&mut desk.timer);
        self.handling[group.index()].learn(scene.now.since(desk.rang));
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

    /// A ringing that was not answered: the call keeps its place, the agent is out of reach until
    /// it acts.
    fn missed(&mut self, scene: &mut Scene<'_>, agent: AgentId, how: OfferEnd) {
        self.withdraw_offer(scene, agent, how);
        self.go_away(scene, agent, Doing::NotReady);
    }

    fn go_on_break(&mut self, scene: &mut Scene<'_>, agent: AgentId, reason: Option<ReasonId>) {
        self.desks[agent.index()].reason = reason;
        self.go(scene, agent, Doing::Paused);
    }

    /// Leaves whatever the agent is doing now.
    fn go(&mut self, scene: &mut Scene<'_>, agent: AgentId, to: Doing) {
        match self.desks[agent.index()].doing {
            Doing::Ringing { .. } => self.withdraw_offer(scene, agent, OfferEnd::AgentGone),
            Doing::Idle => {
                let profile = scene.plan.agent(agent).profile;
                self.idle[profile.index()].remove(agent.0, &mut self.idle_places);
            }
            _ => scene.cancel(&mut self.desks[agent.index()].timer),
        }
        self.go_away(scene, agent, to);
    }

    /// Stops being at work: settles the ledger, counts the staff, tells callers left alone.
    pub(super) fn go_away(&mut self, scene: &mut Scene<'_>, agent: AgentId, to: Doing) {
        if to != Doing::NotReady {
            self.desks[agent.index()].returns = false;
        }
        let profile = profile_of(scene.plan, agent);
        let from = self.desks[agent.index()].doing;
        if from.is_present() {
            let forgiven = self.ledger.leave(agent, profile);
            if forgiven != 0 {
                scene.record(Record::Forgiven {
                    agent,
                    micro_calls: forgiven,
                });
            }
        }
        for lane in &profile.lanes {
            let staff = &mut self.staff[lane.index()];
            staff.present -= u32::from(from.is_present());
            staff.paused -= u32::from(from == Doing::Paused);
            staff.paused += u32::from(to == Doing::Paused);
            staff.signed_in -= u32::from(to == Doing::SignedOut);
        }
        self.set_doing(scene, agent, to);
        self.thinned = true;
        self.tell_the_stranded(scene, profile);
    }

    fn leave_break(&mut self, scene: &Scene<'_>, agent: AgentId) {
        let profile = profile_of(scene.plan, agent);
        let paused = self.desks[agent.index()].doing == Doing::Paused;
        for lane in &profile.lanes {
            let staff = &mut self.staff[lane.index()];
            staff.present += 1;
            staff.paused -= u32::from(paused);
        }
        self.ledger
            .come(agent, profile, scene.plan.zone.day(scene.unix_ms));
    }

    pub(super) fn set_doing(&mut self, scene: &mut Scene<'_>, agent: AgentId, doing: Doing) {
        let desk = &mut self.desks[agent.index()];
        desk.doing = doing;
        if let Some(reason) = desk.reason.filter(|_| doing == Doing::Paused) {
            scene.record(Record::PauseReason { agent, reason });
        }
        scene.record(Record::Agent {
            agent,
            state: doing.state(),
        });
    }

    fn last_queue(&self, agent: AgentId) -> QueueId {
        self.desks[agent.index()]
            .last_queue
            .expect("wrap-up follows a call")
    }

    fn last_group<'p>(&self, scene: &Scene<'p>, agent: AgentId) -> &'p Group {
        scene
            .plan
            .group(scene.plan.queue(self.last_queue(agent)).group)
    }
}
