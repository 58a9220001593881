//! Agents and their phones, and the bridges that can ring them.

use super::BridgeId;
use super::Site;
use crate::daemon::bridge::protocol::Act;
use crate::daemon::bridge::protocol::Capability;
use crate::daemon::bridge::protocol::Code;
use crate::daemon::entry::AgentAct;
use crate::exchange::id::AgentId;
use crate::exchange::id::CallId;
use crate::exchange::id::GroupId;
use crate::exchange::id::LineId;
use crate::exchange::id::OfferId;
use crate::exchange::id::QueueId;
use crate::exchange::id::ReasonId;
use crate::exchange::input::Groups;
use crate::exchange::input::Input;
use crate::exchange::input::Transferee;
use crate::exchange::record::AgentState;
use crate::exchange::record::TurnedAway;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use std::collections::BTreeSet;

/// Why an agent cannot do something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AgentObjection {
    /// No agent has this name.
    UnknownAgent,
    /// The groups file has no such reason, but these.
    UnknownReason(Vec<String>),
    /// The line of the call has no queue of this name, but these.
    UnknownQueue(Vec<String>),
    /// No agent has the name of the colleague.
    UnknownColleague,
    /// The colleague takes no calls: the state.
    ColleagueAway(AgentState),
    /// The colleague is the agent.
    Oneself,
    /// The bridge that carries the call rings no phones.
    CannotRing,
    /// The queue from which somebody was to be invited takes nobody now.
    NobodyToInvite(TurnedAway),
    /// No group has one of these names, or there are too many, or none; those that there are.
    UnknownGroup(Vec<String>),
    /// The bridge that carries the call is away, and cannot be asked for anything.
    NoBridge,
    /// This colleague is signed in and has the same phone.
    PhoneTaken(String),
    /// Not in the present state.
    NotNow(AgentState),
}

impl Site {
    /// The agent with this name.
    pub fn agent_named(&self, name: &str) -> Option<AgentId> {
        let mut agents = self.exchange.plan().agents.iter();
        let place = agents.position(|agent| !agent.is_gone() && agent.name == name)?;
        Some(AgentId(place as u32))
    }

    /// The pause reason with this name.
    pub fn reason_named(&self, name: &str) -> Option<ReasonId> {
        let mut reasons = self.exchange.plan().pause_reasons.iter();
        let place = reasons.position(|reason| reason == name)?;
        Some(ReasonId(place as u8))
    }

    /// Whether all names in an act are known, and nobody is in its way.
    pub fn may_act(&self, agent: AgentId, act: &AgentAct) -> Result<(), AgentObjection> {
        let plan = self.exchange.plan();
        let objection = match act {
            AgentAct::SignIn => {
                let sharer = self.sharer_at_work(agent);
                let name = sharer.map(|sharer| plan.agent(sharer).name.clone());
                return name.map_or(Ok(()), |name| Err(AgentObjection::PhoneTaken(name)));
            }
            AgentAct::Pause {
                reason: Some(reason),
            } if self.reason_named(reason).is_none() => {
                AgentObjection::UnknownReason(plan.pause_reasons.clone())
            }
            AgentAct::TransferToQueue { queue } | AgentAct::InviteFromQueue { queue } => {
                match self.exchange.talk_line(agent) {
                    Some(line) if self.queue_named(line, queue).is_none() => {
                        AgentObjection::UnknownQueue(self.queues_of(line))
                    }
                    // Who talks to nobody is told so when it is tried.
                    _ => return Ok(()),
                }
            }
            AgentAct::TransferToAgent { colleague } | AgentAct::InviteAgent { colleague } => {
                return self.may_hand_on(agent, colleague);
            }
            AgentAct::Move { groups } if self.groups_named(groups).is_none() => {
                let groups = plan.groups.iter().map(|group| group.name.clone());
                AgentObjection::UnknownGroup(groups.collect())
            }
            // Nobody is to hear that it pauses while it goes on.
            AgentAct::PauseRecording => {
                let call = self.exchange.talk_of(agent);
                match call.is_none_or(|call| self.carrier_is_here(call)) {
                    true => return Ok(()),
                    false => AgentObjection::NoBridge,
                }
            }
            _ => return Ok(()),
        };
        Err(objection)
    }

    /// Whether a caller may be handed on to a colleague, or a colleague be invited.
    fn may_hand_on(&self, agent: AgentId, colleague: &str) -> Result<(), AgentObjection> {
        let Some(colleague) = self.agent_named(colleague) else {
            return Err(AgentObjection::UnknownColleague);
        };
        // Whoever talks to nobody is told so when it is tried.
        let Some(call) = self.exchange.talk_of(agent) else {
            return Ok(());
        };
        if !self.exchange.may_be_rung_for(call) {
            return Err(AgentObjection::CannotRing);
        }
        if colleague == agent {
            return Err(AgentObjection::Oneself);
        }
        let state = self.exchange.agent_state(colleague);
        let away = state.filter(|state| !state.is_at_work());
        away.map_or(Ok(()), |state| Err(AgentObjection::ColleagueAway(state)))
    }

    pub(super) fn agent_acts(&mut self, at: Tick, name: &str, act: &AgentAct) {
        let Some(agent) = self.agent_named(name) else {
            return self.object(Code::UnknownDevice, "no agent has this name");
        };
        if matches!(act, AgentAct::WrapUpDone)
            && self.exchange.agent_state(agent) != Some(AgentState::WrapUp)
        {
            return self.object(Code::NotNow, "the agent has no wrap-up to end");
        }
        match self.input_of(agent, act) {
            Some(input) => self.handle(at, input),
            None => self.object(Code::NotNow, "this cannot happen in the present state"),
        }
    }

    /// What an act is to the exchange; none when a name in it means nothing now.
    fn input_of(&self, agent: AgentId, act: &AgentAct) -> Option<Input> {
        let transfer = |to| Input::AgentTransferred { agent, to };
        let invite = |to| Input::ColleagueInvited { agent, to };
        Some(match act {
            AgentAct::SignIn => Input::AgentSignedIn { agent },
            AgentAct::Ready | AgentAct::WrapUpDone => Input::AgentReady { agent },
            AgentAct::Pause { reason } => Input::AgentPaused {
                agent,
                reason: reason
                    .as_deref()
                    .and_then(|reason| self.reason_named(reason)),
            },
            AgentAct::ExtendWrapUp => Input::AgentExtended { agent },
            AgentAct::TransferToQueue { queue } => transfer(self.queue_of(agent, queue)?),
            AgentAct::TransferToAgent { colleague } => {
                transfer(Transferee::Agent(self.agent_named(colleague)?))
            }
            AgentAct::InviteFromQueue { queue } => invite(self.queue_of(agent, queue)?),
            AgentAct::InviteAgent { colleague } => {
                invite(Transferee::Agent(self.agent_named(colleague)?))
            }
            AgentAct::WithdrawInvitation => Input::InvitationWithdrawn { agent },
            AgentAct::PauseRecording => Input::RecordingPaused { agent },
            AgentAct::ResumeRecording => Input::RecordingResumed { agent },
            AgentAct::Move { groups } => Input::AgentMoved {
                agent,
                groups: self.groups_named(groups)?,
            },
            AgentAct::SignOut => Input::AgentSignedOut { agent },
        })
    }

    /// Whoever answers the queue with this name of the line that an agent talks on.
    fn queue_of(&self, agent: AgentId, name: &str) -> Option<Transferee> {
        let line = self.exchange.talk_line(agent)?;
        Some(Transferee::Queue(self.queue_named(line, name)?))
    }

    /// The queue of a line with this name.
    fn queue_named(&self, line: LineId, name: &str) -> Option<QueueId> {
        let plan = self.exchange.plan();
        let mut queues = plan.queues.iter();
        let place =
            queues.position(|queue| queue.name == name && plan.step(queue.step).line == line)?;
        Some(QueueId(place as u16))
    }

    /// The names of the queues of a line.
    fn queues_of(&self, line: LineId) -> Vec<String> {
        let plan = self.exchange.plan();
        let queues = plan.queues.iter();
        let own = queues.filter(|queue| plan.step(queue.step).line == line);
        own.map(|queue| queue.name.clone()).collect()
    }

    /// The groups with these names; none if one is unknown, or there are too many or none.
    fn groups_named(&self, names: &[String]) -> Option<Groups> {
        let groups = &self.exchange.plan().groups;
        let named = |name: &String| {
            let place = groups.iter().position(|group| group.name == *name)?;
            Some(GroupId(place as u16))
        };
        let ids: Option<Vec<GroupId>> = names.iter().map(named).collect();
        Groups::new(ids?)
    }

    pub(super) fn agent_answered(&mut self, at: Tick, bridge: BridgeId, offer: u64) {
        match self.offer_by(bridge, offer) {
            Some((agent, _)) => self.handle(
                at,
                Input::AgentAnswered {
                    agent,
                    offer: OfferId(offer),
                },
            ),
            None => self.stale_offer(),
        }
    }

    pub(super) fn agent_declined(&mut self, at: Tick, bridge: BridgeId, offer: u64) {
        match self.offer_by(bridge, offer) {
            Some((agent, _)) => self.handle(
                at,
                Input::AgentDeclined {
                    agent,
                    offer: OfferId(offer),
                },
            ),
            None => self.stale_offer(),
        }
    }

    /// An agent hangs up. One whose phone only rang has refused.
    pub(super) fn agent_hung_up(&mut self, at: Tick, bridge: BridgeId, offer: u64) {
        match self.offer_by(bridge, offer) {
            Some((agent, _)) if self.exchange.agent_state(agent) == Some(AgentState::Talking) => {
                self.handle(at, Input::AgentHungUp { agent });
            }
            Some(_) => self.agent_declined(at, bridge, offer),
            None => self.stale_offer(),
        }
    }

    /// The agent and the call of a ringing that this bridge was asked for.
    fn offer_by(&self, bridge: BridgeId, offer: u64) -> Option<(AgentId, CallId)> {
        let (agent, call) = self.offers.get(&offer).copied()?;
        let carrier = self.calls.get(call).map(|facts| facts.bridge);
        (carrier == Some(bridge)).then_some((agent, call))
    }

    fn stale_offer(&mut self) {
        self.object(Code::StaleOffer, "that ringing is over");
    }

    pub(super) fn device_state(&mut self, at: Tick, device: &str, reachable: bool) {
        let agents: Vec<AgentId> = self.agents_with(device).collect();
        if agents.is_empty() {
            return self.object(Code::UnknownDevice, "no agent has this device");
        }
        for agent in &agents {
            match reachable {
                true => self.unplugged.remove(agent),
                false => self.unplugged.insert(*agent),
            };
        }
        self.check_reach_of(at, agents);
    }

    pub(super) fn join_bridge(
        &mut self,
        at: Tick,
        name: &str,
        (can, devices): (&[Capability], &[String]),
        listed: Option<&[String]>,
    ) {
        let (id, session) = (self.admit(name), self.position);
        let bridge = self.bridges.get_mut(id);
        bridge.connected = true;
        let rings = can.contains(&Capability::Ring);
        let other = bridge.can.contains(&Capability::Ring) != rings;
        bridge.can = can.to_vec();
        bridge.devices = devices.to_vec();
        if listed.is_some() {
            self.bridges.begin(id, session);
        }
        self.check_dialling(at);
        // Agents first: a caller who comes back in line may be offered at once.
        self.check_reach(at);
        match listed {
            None => {
                for call in self.calls_of(id) {
                    let afresh = false;
                    self.handle(at, Input::CallBack { call, afresh });
                }
            }
            Some(listed) => self.take_stock(at, id, listed),
        }
        if other {
            for call in self.calls_of(id) {
                self.handle(at, Input::CarrierRings { call, rings });
            }
        }
        self.dials_again(at, id);
    }

    /// A bridge that has forgotten everything says which calls it still carries.
    fn take_stock(&mut self, at: Tick, id: BridgeId, listed: &[String]) {
        let listed: BTreeSet<&str> = listed.iter().map(String::as_str).collect();
        self.forget_dues(id, |name| listed.contains(name));
        // Looked for first: what ends as it comes back is hung up for that.
        let is_unknown = |name: &&str| self.bridges.call(id, name).is_none();
        let unknown: Vec<&str> = listed.iter().copied().filter(is_unknown).collect();
        for call in self.calls_of(id) {
            let known = self.calls.get_mut(call);
            let known = known.filter(|facts| listed.contains(facts.name.as_str()));
            let input = if let Some(facts) = known {
                facts.recording = None;
                let afresh = true;
                Input::CallBack { call, afresh }
            } else {
                Input::CallerHungUp { call }
            };
            self.handle(at, input);
        }
        for name in unknown {
            let call = name.to_owned();
            self.bridges.send(id, Act::HangUp { call });
        }
    }

    /// Nobody was there to come back to: those that were gone before have their time from now on, too.
    pub(super) fn lose_all_bridges(&mut self, at: Tick, patience: Span) {
        let all = (0..self.bridges.len()).map(|place| BridgeId(place as u16));
        let all: Vec<BridgeId> = all.collect();
        for id in &all {
            self.bridges.get_mut(*id).is_lost(self.position);
        }
        self.cast_off(at, &all, patience);
    }

    pub(super) fn lose_bridge(&mut self, at: Tick, id: BridgeId, patience: Span) {
        if self.bridges.get_mut(id).is_lost(self.position) {
            self.cast_off(at, &[id], patience);
        }
    }

    fn cast_off(&mut self, at: Tick, ids: &[BridgeId], patience: Span) {
        let calls = ids.iter().flat_map(|id| self.calls_of(*id));
        let mut calls: Vec<CallId> = calls.collect();
        // Whose phone rings is to be free for nobody who is about to leave the line: the last in line goes
        // first, and those for whom phones ring go last.
        self.exchange.sort_by_place(&mut calls);
        calls.reverse();
        calls.sort_by_key(|call| self.exchange.is_rung_for(*call));
        for call in calls {
            self.handle(at, Input::CallAdrift { call, patience });
        }
        // After the calls, which so remember whom they have waited for.
        self.check_reach(at);
        self.rings_in_vain(at, ids);
    }

    /// The calls of a bridge, in the order of their places in line.
    fn calls_of(&self, id: BridgeId) -> Vec<CallId> {
        let calls = self.bridges.get(id).calls().values();
        let mut calls: Vec<CallId> = calls.copied().collect();
        self.exchange.sort_by_place(&mut calls);
        calls
    }
}
