//! The states of a call that wants a person: in line, while a phone rings, in talk.

use super::Call;
use super::Cx;
use super::State;
use super::keys::single;
use super::state::End;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::StepKind;
use crate::exchange::dialplan::Target;
use crate::exchange::effect::Effect;
use crate::exchange::event::CallDeadline;
use crate::exchange::event::Deadline;
use crate::exchange::event::Event;
use crate::exchange::id::AgentId;
use crate::exchange::id::QueueId;
use crate::exchange::record::KeyResult;
use crate::exchange::record::Party;
use crate::exchange::record::Unqueued;
use statig::Outcome;
use statig::Outcome::Handled;
use statig::Outcome::Super;
use statig::Outcome::Transition;

impl Call {
    #[inline(always)]
    pub(super) fn queued(&mut self, id: QueueId, event: &Event, cx: &mut Cx<'_>) -> Outcome<State> {
        let queue = cx.scene.plan.queue(id);
        match *event {
            Event::Offered { agent } => {
                self.ringing = Some(agent);
                Transition(State::Offered { queue: id })
            }
            Event::FellDue(CallDeadline::MaxWait) => {
                self.wait_timer = None;
                Transition(self.overflow(cx, queue.timeout))
            }
            // The call may have come to another queue since it was told.
            Event::Stranded(_) => {
                let why = self.deserted(cx);
                match why.and_then(|why| self.stranded_exit(queue, why)) {
                    Some(target) => Transition(self.overflow(cx, target)),
                    None if cx.dispatch.should_skip(cx.scene.plan, self.id) => {
                        Transition(State::Queued { queue: id })
                    }
                    None => Handled,
                }
            }
            Event::FellDue(CallDeadline::Stage) => {
                self.relax(cx);
                Transition(State::Queued { queue: id })
            }
            // The call may have been offered, or have come to another queue, since it was told.
            Event::Released if !cx.dispatch.waits_for_anybody(self.id) => Handled,
            Event::FellDue(CallDeadline::Hold) | Event::Released => {
                self.stop_holding(cx);
                Transition(State::Queued { queue: id })
            }
            _ => Super,
        }
    }

    #[inline(always)]
    pub(super) fn offered(
        &mut self,
        id: QueueId,
        event: &Event,
        cx: &mut Cx<'_>,
    ) -> Outcome<State> {
        match *event {
            // Both count once the phone has rung in vain.
            Event::FellDue(CallDeadline::Stage) => {
                self.relax(cx);
                Handled
            }
            Event::FellDue(CallDeadline::Hold) => {
                self.stop_holding(cx);
                Handled
            }
            Event::OfferLapsed => {
                self.ringing = None;
                Transition(self.rang_in_vain(cx, id))
            }
            // Somebody is about to answer: the longest wait does not take the caller away meanwhile.
            Event::FellDue(CallDeadline::MaxWait) => {
                self.wait_timer = None;
                Handled
            }
            Event::Stranded(_) | Event::Released => Handled,
            _ => Super,
        }
    }

    #[inline(always)]
    pub(super) fn talking(
        &mut self,
        agent: AgentId,
        id: QueueId,
        event: &Event,
        cx: &mut Cx<'_>,
    ) -> Outcome<State> {
        match event {
            Event::AgentHungUp { .. } => {
                self.talking = None;
                self.stops_tape(cx, agent);
                self.part_from_people(cx);
                cx.dispatch.hung_up(&mut cx.scene, agent, Party::Agent);
                Transition(match cx.scene.plan.queue(id).after {
                    Some(after) => self.go(cx, after),
                    None => State::Ended { by: End::Exchange },
                })
            }
            Event::Transferred(to) => {
                self.talking = None;
                self.stops_tape(cx, agent);
                cx.dispatch.hung_up(&mut cx.scene, agent, Party::Agent);
                Transition(self.handed_on(cx, id, *to))
            }
            Event::Invited(to) => self.invites(cx, id, *to),
            Event::RecordingPaused | Event::RecordingResumed | Event::RecordingFailed => {
                self.turns_tape(cx, agent, event)
            }
            _ => Super,
        }
    }

    /// Caller and agent are joined, or joined again by a bridge that had forgotten everything.
    #[inline]
    pub(super) fn joins(&mut self, cx: &mut Cx<'_>, (agent, queue): (AgentId, QueueId)) {
        cx.emit(Effect::Connect {
            call: self.id,
            agent,
        });
        if let Some(recording) = cx.scene.plan.queue(queue).recording {
            self.starts_tape(cx, agent, recording);
        }
    }

    /// True while waiting, whether or not a phone rings.
    #[inline(always)]
    pub(super) fn while_waiting(&mut self, event: &Event, cx: &mut Cx<'_>) -> Outcome<State> {
        let Some(wait) = self.waiting else {
            return Super;
        };
        let queue = cx.scene.plan.queue(wait.queue);
        match *event {
            Event::Answered { agent } => {
                self.ringing = None;
                self.hush(cx);
                self.leave_queue(cx, Unqueued::Answered(agent));
                (self.answered, self.talking) = (true, Some((agent, wait.queue)));
                self.served_by = Some(agent);
                self.joins(cx, (agent, wait.queue));
                Transition(State::Talking {
                    agent,
                    queue: wait.queue,
                })
            }
            Event::Key(key) => {
                let Some(action) = single(cx.scene.plan, queue.keys, key) else {
                    return Super;
                };
                self.pressed(cx, Some(key), KeyResult::Taken);
                self.hush(cx);
                // Whoever asks to be called back keeps the place, and has not given up.
                let gives_up = !asks_for_callback(cx.scene.plan, action.target);
                self.leave_line(cx, Unqueued::ByKey, gives_up);
                Transition(self.act(cx, action))
            }
            Event::FellDue(CallDeadline::Announce) => {
                self.announce_timer = None;
                match queue.announce {
                    Some(announce) if self.playing.is_none() => self.announce(cx, &announce),
                    Some(announce) => {
                        let deadline = Deadline::Call(self.id, CallDeadline::Announce);
                        self.announce_timer = Some(cx.scene.in_time(announce.every, deadline));
                    }
                    None => {}
                }
                Handled
            }
            Event::PromptEnded(play) if self.prompt_ended(play) => {
                cx.emit(Effect::HoldMusic {
                    call: self.id,
                    queue: wait.queue,
                });
                Handled
            }
            Event::PromptEnded(play) if self.may_have_ended(play) => Handled,
            _ => Super,
        }
    }
}

fn asks_for_callback(plan: &Dialplan, target: Target) -> bool {
    let Target::Step(step) = target else {
        return false;
    };
    matches!(plan.step(step).kind, StepKind::Callback(_))
}
