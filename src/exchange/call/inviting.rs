//! Two agents in one talk.
//!
//! The one who talks to the caller invites another: the call is in line for that one and goes on as a
//! talk meanwhile, and where nobody comes it is one as before. Once somebody has answered all three
//! talk, and whichever agent hangs up first leaves the caller to the other. An agent who hangs up before
//! that has handed the caller on.

use super::Call;
use super::Cx;
use super::State;
use crate::exchange::effect::Effect;
use crate::exchange::effect::Ignored;
use crate::exchange::event::CallDeadline;
use crate::exchange::event::Event;
use crate::exchange::id::AgentId;
use crate::exchange::id::QueueId;
use crate::exchange::input::Transferee;
use crate::exchange::record::Party;
use crate::exchange::record::Unqueued;
use crate::exchange::time::Span;
use statig::Outcome;
use statig::Outcome::Handled;
use statig::Outcome::Super;
use statig::Outcome::Transition;

impl Call {
    /// The agent invites somebody, if the queue takes anybody now.
    #[cold]
    pub(super) fn invites(
        &mut self,
        cx: &mut Cx<'_>,
        from: QueueId,
        to: Transferee,
    ) -> Outcome<State> {
        let queue = match to {
            Transferee::Queue(queue) => queue,
            Transferee::Agent(_) => from,
        };
        if to == Transferee::Queue(queue)
            && let Err((why, _)) = self.may_wait(cx, queue, cx.scene.plan.queue(queue))
        {
            cx.emit(Effect::Ignored(Ignored::NobodyToInvite(self.id, why)));
            return Handled;
        }
        self.is_for(to);
        Transition(State::Inviting { queue })
    }

    /// Nobody has answered the invitation yet.
    #[cold]
    pub(super) fn inviting(
        &mut self,
        id: QueueId,
        event: &Event,
        cx: &mut Cx<'_>,
    ) -> Outcome<State> {
        let Some((agent, from)) = self.talking else {
            return Super;
        };
        match *event {
            Event::Offered { agent } => {
                self.ringing.get_or_insert(agent);
                Handled
            }
            Event::Answered { agent } => {
                self.ringing = None;
                self.leave_queue(cx, Unqueued::Answered(agent));
                // A recording goes on as that of the first talk, with all three.
                let call = self.id;
                cx.emit(Effect::Connect { call, agent });
                Transition(State::Introducing { agent, queue: id })
            }
            Event::OfferLapsed => {
                self.ringing = None;
                match self.is_for_one() || self.is_out_of_time(cx, id) {
                    true => self.nobody_comes(cx, (agent, from)),
                    false => Transition(State::Inviting { queue: id }),
                }
            }
            // These count once the phone has rung in vain.
            Event::FellDue(CallDeadline::MaxWait) if self.ringing.is_some() => {
                self.wait_timer = None;
                Handled
            }
            Event::FellDue(CallDeadline::Stage) if self.ringing.is_some() => {
                self.relax(cx);
                Handled
            }
            Event::FellDue(CallDeadline::Hold) if self.ringing.is_some() => {
                self.stop_holding(cx);
                Handled
            }
            Event::Stranded(_) | Event::Released if self.ringing.is_some() => Handled,
            Event::FellDue(CallDeadline::Stage) => {
                self.relax(cx);
                Transition(State::Inviting { queue: id })
            }
            Event::Stranded(_) => {
                let why = self.deserted(cx);
                let exit = why.and_then(|why| self.stranded_exit(cx.scene.plan.queue(id), why));
                match exit {
                    Some(_) => self.nobody_comes(cx, (agent, from)),
                    None if cx.dispatch.should_skip(cx.scene.plan, self.id) => {
                        Transition(State::Inviting { queue: id })
                    }
                    None => Handled,
                }
            }
            // It may have been offered to somebody else since it was told.
            Event::Released if !cx.dispatch.waits_for_anybody(self.id) => Handled,
            Event::FellDue(CallDeadline::MaxWait | CallDeadline::Hold)
            | Event::Released
            | Event::InvitationWithdrawn => self.nobody_comes(cx, (agent, from)),
            Event::AgentHungUp { .. } => Transition(self.is_left_alone(cx, agent, id)),
            Event::Transferred(to) => {
                self.leave_queue(cx, Unqueued::Withdrawn);
                self.talking = None;
                self.stops_tape(cx, agent);
                cx.dispatch.hung_up(&mut cx.scene, agent, Party::Agent);
                Transition(self.handed_on(cx, from, to))
            }
            Event::RecordingPaused | Event::RecordingResumed | Event::RecordingFailed => {
                self.turns_tape(cx, agent, event)
            }
            _ => Super,
        }
    }

    /// Two agents talk to the caller: of the queue is the one who was invited.
    #[cold]
    pub(super) fn introducing(
        &mut self,
        (colleague, id): (AgentId, QueueId),
        event: &Event,
        cx: &mut Cx<'_>,
    ) -> Outcome<State> {
        let Some((agent, from)) = self.talking else {
            return Super;
        };
        match *event {
            Event::AgentHungUp { agent: who } if who == colleague => {
                cx.dispatch.hung_up(&mut cx.scene, colleague, Party::Agent);
                cx.dispatch.meets(self.caller, agent);
                Transition(State::Talking { agent, queue: from })
            }
            Event::AgentHungUp { .. } => {
                self.talking = Some((colleague, id));
                self.served_by = Some(colleague);
                self.stops_tape(cx, agent);
                cx.dispatch.hung_up(&mut cx.scene, agent, Party::Agent);
                if let Some(recording) = cx.scene.plan.queue(id).recording {
                    self.starts_tape(cx, colleague, recording);
                }
                Transition(State::Talking {
                    agent: colleague,
                    queue: id,
                })
            }
            // How the call ends is not about this agent alone.
            Event::HungUp => {
                cx.dispatch.hung_up(&mut cx.scene, colleague, Party::Caller);
                Super
            }
            Event::FellDue(CallDeadline::MaxCall) => {
                cx.dispatch.hung_up(&mut cx.scene, colleague, Party::System);
                Super
            }
            Event::RecordingPaused | Event::RecordingResumed | Event::RecordingFailed => {
                self.turns_tape(cx, agent, event)
            }
            _ => Super,
        }
    }

    /// Whether one agent in particular was invited.
    fn is_for_one(&self) -> bool {
        self.hold() > Span::ZERO
    }

    /// The invitation is over, and the talk is as it was before.
    pub(super) fn nobody_comes(
        &mut self,
        cx: &mut Cx<'_>,
        (agent, queue): (AgentId, QueueId),
    ) -> Outcome<State> {
        self.leave_queue(cx, Unqueued::Withdrawn);
        self.first_queued = None;
        Transition(State::Talking { agent, queue })
    }

    /// The agent has hung up, and the caller waits for whoever was invited: in line already, unless there is
    /// something to be told or asked first.
    fn is_left_alone(&mut self, cx: &mut Cx<'_>, agent: AgentId, id: QueueId) -> State {
        // Who is left to one agent goes on in the queue that the talk came from.
        let owes_consent = !self.is_for_one() && self.owes_consent(cx.scene.plan.queue(id));
        if owes_consent {
            self.leave_queue(cx, Unqueued::Withdrawn);
        }
        let is_in_line = self.ringing.is_none() && self.adrift.is_none();
        self.talking = None;
        self.stops_tape(cx, agent);
        cx.dispatch.hung_up(&mut cx.scene, agent, Party::Agent);
        if owes_consent {
            return self.handed_on(cx, id, Transferee::Queue(id));
        }
        if is_in_line && cx.dispatch.rings(self.id) {
            // Being free, this agent is the next whose turn it is.
            self.ringing = Some(agent);
        }
        if self.ringing.is_some() {
            return State::Offered { queue: id };
        }
        cx.dispatch.step_aside(&cx.scene, self.id);
        State::Queued { queue: id }
    }
}
