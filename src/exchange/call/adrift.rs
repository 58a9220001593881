//! A call whose bridge is gone: it waits for the bridge, for a while.
//!
//! Nothing that the caller did not do is held against them meanwhile: no silence is counted, the
//! place in line is kept, and no agent's phone rings for a call that nobody could connect. For a call whose
//! bridge rings no phones at all there is nobody, whoever is at work.

use super::Call;
use super::Cx;
use super::State;
use super::state::End;
use super::state::lookup;
use crate::exchange::effect::Effect;
use crate::exchange::event::CallDeadline;
use crate::exchange::event::Deadline;
use crate::exchange::event::Event;
use crate::exchange::record::Party;
use crate::exchange::record::Unqueued;
use crate::exchange::time::Span;
use statig::Outcome;
use statig::Outcome::Handled;
use statig::Outcome::Super;
use statig::Outcome::Transition;

impl Event {
    /// Whether this is about losing and finding a bridge.
    #[inline]
    pub(super) fn is_about_bridge(&self) -> bool {
        matches!(
            self,
            Self::Adrift(_)
                | Self::Back { .. }
                | Self::CarrierRings(_)
                | Self::FellDue(CallDeadline::Adrift)
        )
    }
}

impl Call {
    /// Whether its bridge can ring agents' phones.
    pub(in crate::exchange) fn may_be_rung_for(&self) -> bool {
        !self.is_unringable
    }

    /// What losing and finding the bridge does to a call in any state; none if the event is about
    /// something else.
    #[cold]
    pub(super) fn drifting(
        &mut self,
        state: State,
        event: &Event,
        cx: &mut Cx<'_>,
    ) -> Option<Outcome<State>> {
        match *event {
            // A call back is carried by no bridge before it is dialled.
            Event::Adrift(_) if matches!(state, State::Booked { .. } | State::Reserving { .. }) => {
                Some(Super)
            }
            Event::Adrift(patience) if self.adrift.is_none() => {
                Some(self.cast_off(state, patience, cx))
            }
            Event::Back { afresh } if self.adrift.is_some() => {
                cx.scene.cancel(&mut self.adrift);
                Some(self.come_back(state, afresh, cx))
            }
            Event::FellDue(CallDeadline::Adrift) => {
                self.adrift = None;
                if let State::Dialling { agent } = state {
                    return Some(self.gives_up(cx, self.step, agent, false));
                }
                if let State::Introducing { agent, .. } = state {
                    cx.dispatch.hung_up(&mut cx.scene, agent, Party::System);
                }
                self.let_go(cx, Unqueued::BySystem);
                Some(Transition(State::Ended { by: End::System }))
            }
            // Its time begins anew.
            Event::Adrift(patience) => {
                cx.scene.cancel(&mut self.adrift);
                self.drift(patience, cx);
                Some(Handled)
            }
            Event::Back { .. } => Some(Super),
            Event::CarrierRings(rings) => {
                self.is_unringable = !rings;
                Some(match (state, self.talking) {
                    (State::Inviting { .. }, Some(talk)) if !rings => self.nobody_comes(cx, talk),
                    (State::Queued { queue } | State::Offered { queue }, _) if !rings => {
                        let exit = cx.scene.plan.queue(queue).no_agents;
                        Transition(self.overflow(cx, exit))
                    }
                    _ => Handled,
                })
            }
            _ => None,
        }
    }

    fn drift(&mut self, patience: Span, cx: &mut Cx<'_>) {
        let deadline = Deadline::Call(self.id, CallDeadline::Adrift);
        self.adrift = Some(cx.scene.in_time(patience, deadline));
    }

    fn cast_off(&mut self, state: State, patience: Span, cx: &mut Cx<'_>) -> Outcome<State> {
        self.drift(patience, cx);
        // How long a number rings does not depend on the caller either.
        let goes_on = matches!(state, State::LookingUp { .. } | State::Dialling { .. });
        let waits_for_caller = self.recording_since.is_none() && !goes_on;
        if waits_for_caller && self.key_timer.is_some() {
            cx.scene.cancel(&mut self.key_timer);
            self.key_wait_held = true;
        }
        match state {
            State::Queued { .. } => {
                cx.dispatch.step_aside(&cx.scene, self.id);
                Handled
            }
            State::Offered { queue } => {
                if let Some(agent) = self.ringing.take() {
                    cx.dispatch.caller_gone(&mut cx.scene, self.id, agent);
                }
                Transition(State::Queued { queue })
            }
            State::Inviting { .. } => {
                cx.dispatch.step_aside(&cx.scene, self.id);
                if let Some(agent) = self.ringing.take() {
                    cx.dispatch.caller_gone(&mut cx.scene, self.id, agent);
                }
                Transition(state)
            }
            _ => Handled,
        }
    }

    fn come_back(&mut self, state: State, afresh: bool, cx: &mut Cx<'_>) -> Outcome<State> {
        let held = std::mem::take(&mut self.key_wait_held);
        if let State::LookingUp { step } = state
            && afresh
        {
            let lookup = lookup(cx.scene.plan, step);
            return self.still_looking_up(cx, lookup);
        }
        if afresh {
            // The bridge has forgotten what it was doing: the step begins again.
            self.hush(cx);
            self.recording_since = None;
            if let Some(wait) = self.waiting.as_mut() {
                wait.greeted = false;
            }
            if let State::Dialling { agent } = state {
                self.dials(cx, self.step, agent);
                return Handled;
            }
            if let Some(talk) = self.talking {
                self.joins(cx, talk);
            }
            if let State::Introducing { agent, .. } = state {
                let call = self.id;
                cx.emit(Effect::Connect { call, agent });
            }
            return Transition(state);
        }
        if held {
            self.await_key(cx, self.key_wait);
        }
        match state {
            State::Queued { .. } | State::Inviting { .. } => Transition(state),
            _ => Handled,
        }
    }
}
