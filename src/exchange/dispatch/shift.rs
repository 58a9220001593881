//! An agent's day: signing in, getting ready, breaks, more time after a call, going home.

use super::Dispatch;
use super::desk::Doing;
use super::desk::Next;
use super::ledger::Moment;
use crate::exchange::dialplan::Profile;
use crate::exchange::effect::Ignored;
use crate::exchange::event::AgentDeadline;
use crate::exchange::event::Deadline;
use crate::exchange::id::AgentId;
use crate::exchange::id::ReasonId;
use crate::exchange::input::Input;
use crate::exchange::record::OfferEnd;
use crate::exchange::record::Record;
use crate::exchange::scene::Scene;
use crate::exchange::time::Span;

type Outcome = Result<(), Ignored>;

impl Dispatch {
    /// An agent comes to work, not ready yet.
    pub(in crate::exchange) fn sign_in(
        &mut self,
        scene: &mut Scene<'_>,
        agent: AgentId,
    ) -> Outcome {
        if self.doing(agent)? != Doing::SignedOut {
            return Err(Ignored::AgentNotNow(agent));
        }
        for lane in &self.profile_of(scene.plan, agent).lanes {
            self.staff[lane.index()].signed_in += 1;
        }
        let desk = &mut self.desks[agent.index()];
        (desk.next, desk.returns) = (Next::GoOn, false);
        (desk.signed_in, desk.shift) = (scene.now, desk.shift + 1);
        (desk.busy, desk.call_ended, desk.misses) = (Span::ZERO, None, 0);
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
            Doing::WrapUp => {
                let group = self.last_group(scene.plan, agent);
                self.wrapped_up(scene, agent, group);
            }
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

    /// An agent needs more time after a call: the limit of wrap-up begins again, a few times.
    pub(in crate::exchange) fn extended(
        &mut self,
        scene: &mut Scene<'_>,
        agent: AgentId,
    ) -> Outcome {
        let in_wrap_up = self.doing(agent)? == Doing::WrapUp;
        let group = in_wrap_up.then(|| self.last_group(scene.plan, agent));
        let group = group.map(|group| scene.plan.group(group));
        let desk = &mut self.desks[agent.index()];
        let Some(group) = group.filter(|group| desk.extended < group.wrap_up_extensions) else {
            return Err(Ignored::AgentNotNow(agent));
        };
        desk.extended += 1;
        scene.cancel(&mut desk.timer);
        let deadline = Deadline::Agent(agent, AgentDeadline::WrapUp);
        desk.timer = Some(scene.in_time(group.wrap_up, deadline));
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

    /// What brings a new agent to where this one is, whose reason for a break may have another id, or
    /// none.
    pub(super) fn steps_of(
        &self,
        agent: AgentId,
        new: AgentId,
        renamed: impl Fn(ReasonId) -> Option<ReasonId>,
    ) -> Vec<Input> {
        let desk = &self.desks[agent.index()];
        let mut steps = vec![Input::AgentSignedIn { agent: new }];
        let paused = |reason: Option<ReasonId>| Input::AgentPaused {
            agent: new,
            reason: reason.and_then(&renamed),
        };
        match (desk.doing, desk.next) {
            (Doing::SignedOut, _) | (Doing::WrapUp, Next::SignOut) => return Vec::new(),
            // Not about to come back by itself.
            (Doing::NotReady, _) if !desk.returns && desk.timer.is_none() => {}
            (Doing::Paused, _) => steps.push(paused(desk.reason)),
            (Doing::WrapUp, Next::Pause(reason)) => steps.push(paused(reason)),
            _ => steps.push(Input::AgentReady { agent: new }),
        }
        steps
    }

    pub(super) fn go_on_break(
        &mut self,
        scene: &mut Scene<'_>,
        agent: AgentId,
        reason: Option<ReasonId>,
    ) {
        self.desks[agent.index()].reason = reason;
        self.go(scene, agent, Doing::Paused);
    }

    /// Leaves whatever the agent is doing now.
    pub(super) fn go(&mut self, scene: &mut Scene<'_>, agent: AgentId, to: Doing) {
        match self.desks[agent.index()].doing {
            Doing::Ringing { .. } => self.withdraw_offer(scene, agent, OfferEnd::AgentGone),
            Doing::Idle => {
                let profile = self.ledger.profile(agent);
                self.idle.remove(profile, agent);
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
        let profile = self.profile_of(scene.plan, agent);
        self.leave_work(scene, agent, profile);
        for lane in &profile.lanes {
            self.staff[lane.index()].count(to, true);
        }
        self.set_doing(scene, agent, to);
        self.leave_behind(scene, agent, profile);
    }

    /// Settles the ledger and counts the agent out of what this profile serves.
    pub(super) fn leave_work(&mut self, scene: &mut Scene<'_>, agent: AgentId, profile: &Profile) {
        let doing = self.desks[agent.index()].doing;
        if doing.is_present() {
            self.present[self.ledger.profile(agent).index()] -= 1;
            let forgiven = self.ledger.leave(agent, profile);
            record_forgiven(scene, agent, forgiven);
        }
        for lane in &profile.lanes {
            self.staff[lane.index()].count(doing, false);
        }
    }

    /// Lets go of the callers who wait for this agent, or for anybody of this profile, in vain.
    pub(super) fn leave_behind(
        &mut self,
        scene: &mut Scene<'_>,
        agent: AgentId,
        profile: &Profile,
    ) {
        self.thinned = true;
        let desk = &mut self.desks[agent.index()];
        // Who is out of reach may be back before the call is, if both have lost their bridge.
        let is_cut_off = desk.unreachable && desk.doing == Doing::NotReady;
        desk.absences += u32::from(!is_cut_off);
        let from = scene.letters.len();
        self.release(scene, agent);
        self.tell_the_stranded(scene, profile);
        self.in_order_of_place(scene, from);
    }

    pub(super) fn leave_break(&mut self, scene: &mut Scene<'_>, agent: AgentId) {
        let profile_id = self.ledger.profile(agent);
        let profile = &scene.plan.profiles[profile_id.index()];
        let desk = &mut self.desks[agent.index()];
        let from = desk.doing;
        desk.calls_since_available = 0;
        scene.cancel(&mut desk.timer);
        for lane in &profile.lanes {
            self.staff[lane.index()].count(from, false);
            self.staff[lane.index()].count(Doing::Idle, true);
        }
        self.present[profile_id.index()] += 1;
        let moment = self.moment(scene, agent);
        self.ledger.come(agent, profile, moment);
    }

    /// The period of the ledger that an agent is in now.
    pub(super) fn moment(&self, scene: &Scene<'_>, agent: AgentId) -> Moment {
        Moment {
            day: scene.plan.zone.day(scene.unix_ms),
            shift: self.desks[agent.index()].shift as i32,
        }
    }
}

/// What the ledger has forgiven an agent, if anything, in millionths of a call.
pub(super) fn record_forgiven(scene: &mut Scene<'_>, agent: AgentId, micro_calls: i64) {
    if micro_calls != 0 {
        scene.record(Record::Forgiven { agent, micro_calls });
    }
}
