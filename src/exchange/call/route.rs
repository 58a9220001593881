//! From a target to the state a call lands in. Steps that wait for nothing are passed here, for a
//! state's entry action cannot move on by itself.

use super::Call;
use super::Cx;
use super::State;
use super::data::Standing;
use super::number::rules;
use super::state::End;
use crate::exchange::dialplan::KeyAction;
use crate::exchange::dialplan::Queue;
use crate::exchange::dialplan::StepKind;
use crate::exchange::dialplan::Target;
use crate::exchange::id::QueueId;
use crate::exchange::id::StepId;
use crate::exchange::limits::CHAIN_MAX;
use crate::exchange::record::Record;
use crate::exchange::record::TurnedAway;

impl Call {
    /// Follows a target to the next step that waits for something.
    pub(super) fn go(&mut self, cx: &mut Cx<'_>, target: Target) -> State {
        self.leave_step(cx);
        let mut target = target;
        for _ in 0..CHAIN_MAX {
            let Some(step) = self.step_of(cx, target) else {
                return State::Ended { by: End::Exchange };
            };
            let kind = &cx.scene.plan.step(step).kind;
            if let Some(next) = passed_over(cx, kind) {
                target = next;
                continue;
            }
            self.step = step;
            cx.scene.record(Record::Entered {
                call: self.id,
                step,
            });
            match self.land(cx, step, kind) {
                Ok(state) => return state,
                Err(next) => target = next,
            }
        }
        // The plan was checked to have no such circle.
        State::Ended { by: End::System }
    }

    /// The state of a step that waits, or where a step that does not wait leads.
    #[inline(always)]
    pub(super) fn land(
        &mut self,
        cx: &mut Cx<'_>,
        step: StepId,
        kind: &StepKind,
    ) -> Result<State, Target> {
        (self.silences, self.wrongs) = (0, 0);
        match kind {
            StepKind::Menu(_) => {
                self.path.enter(step);
                Ok(State::InMenu { step })
            }
            StepKind::Say(say) => match &say.answer {
                Some(answer) if answer.expires_ms.is_some_and(|end| cx.scene.unix_ms >= end) => {
                    Err(answer.expired)
                }
                _ => Ok(State::Speaking { step }),
            },
            StepKind::Collect(_) => {
                self.entry.clear();
                Ok(State::Collecting { step })
            }
            StepKind::Directory(_) => {
                self.entry.clear();
                Ok(State::Spelling { step })
            }
            StepKind::Hours(hours) => {
                let open = !cx.switches.is_closed(cx.scene.now)
                    && cx.scene.plan.calendars[hours.calendar.index()].is_open(cx.scene.unix_ms);
                Err(if open { hours.open } else { hours.closed })
            }
            StepKind::Queue(id) => {
                let queue = cx.scene.plan.queue(*id);
                self.admit(cx, *id, queue)?;
                Ok(match self.owes_consent(queue) {
                    true => self.before_queue(cx, step, *id),
                    false => State::Queued { queue: *id },
                })
            }
            StepKind::Lookup(_) => Ok(State::LookingUp { step }),
            StepKind::Survey(_) => Ok(State::Surveying { step, ask: 0 }),
            StepKind::Record(_) => Ok(State::LeavingMessage { step }),
            StepKind::Transfer(transfer) => match transfer.entry {
                Some(entry) if !rules(cx.scene.plan, step).accepts(&self.saved.get(entry)) => {
                    Err(transfer.failed)
                }
                _ => Ok(State::Transferring { step }),
            },
            StepKind::Duty(duty) => Err(self.duty(cx, *duty)),
            StepKind::Ticket(ticket) => Err(self.hand_in(cx, step, ticket)),
            StepKind::Callback(callback) => {
                let state = self.comes_to_callback(cx, step, callback);
                state.ok_or(callback.refused)
            }
        }
    }

    /// Whether the call may wait in a queue, and where it goes if not.
    #[inline(always)]
    fn admit(&mut self, cx: &mut Cx<'_>, id: QueueId, queue: &Queue) -> Result<(), Target> {
        let Err((why, exit)) = self.may_wait(cx, id, queue) else {
            return Ok(());
        };
        cx.scene.record(Record::TurnedAway {
            call: self.id,
            queue: id,
            why,
        });
        self.standing = Standing::TurnedAway;
        Err(exit)
    }

    /// The same, if it only asks: why not, too.
    #[inline(always)]
    pub(super) fn may_wait(
        &self,
        cx: &mut Cx<'_>,
        id: QueueId,
        queue: &Queue,
    ) -> Result<(), (TurnedAway, Target)> {
        let (plan, line) = (cx.scene.plan, cx.scene.plan.line(self.line));
        let is_closed = cx.switches.is_closed(cx.scene.now);
        let closed = queue.hours.filter(|(calendar, _)| {
            is_closed || !plan.calendars[calendar.index()].is_open(cx.scene.unix_ms)
        });
        // A queue that is always open has no way of its own for a closed line.
        let closed = closed.map(|(_, target)| target);
        let closed = closed.or(is_closed.then_some(queue.no_agents));
        let trunks_left = self.with_people
            || line
                .trunks
                .is_none_or(|trunks| cx.trunks.with_people < trunks.saturating_sub(line.reserve));
        let why = match closed {
            Some(_) => Some(TurnedAway::Closed),
            None if self.is_unringable => Some(TurnedAway::NoAgents),
            None => (cx.dispatch).refuses(plan, queue, self.language, trunks_left),
        };
        let wish = (id, self.language);
        let why = why.or_else(|| {
            let who = || (self.caller, self.place, self.head_start());
            let overloaded = cx.dispatch.is_overloaded(&mut cx.scene, wish, who);
            overloaded.then_some(TurnedAway::Overload)
        });
        let Some(why) = why else {
            return Ok(());
        };
        let exit = match why {
            TurnedAway::Closed => closed.unwrap_or(Target::HangUp),
            TurnedAway::Full | TurnedAway::Overload => queue.full,
            TurnedAway::NoAgents => queue.no_agents,
            TurnedAway::AllPaused => queue.all_paused.unwrap_or(queue.no_agents),
        };
        Err((why, exit))
    }

    /// What a key leads to.
    pub(super) fn act(&mut self, cx: &mut Cx<'_>, action: &KeyAction) -> State {
        if let Some(language) = action.language {
            self.language = language;
        }
        self.leave_step(cx);
        if action.self_served {
            self.standing = Standing::Confirmed;
        } else if action.not_helped && self.standing == Standing::HeardAnswer {
            self.standing = Standing::Unserved;
        }
        self.go(cx, action.target)
    }

    fn step_of(&mut self, cx: &Cx<'_>, target: Target) -> Option<StepId> {
        let start = || cx.scene.plan.line(self.line).start;
        match target {
            Target::Step(step) => Some(step),
            Target::Repeat => Some(self.step),
            Target::Back => Some(self.path.back(self.step).unwrap_or_else(start)),
            Target::Start => {
                self.path.clear();
                Some(start())
            }
            Target::HangUp => None,
        }
    }
}

/// Where a call goes instead of a step that is not for now: a notice that is not set.
fn passed_over(cx: &Cx<'_>, kind: &StepKind) -> Option<Target> {
    match kind {
        StepKind::Say(say) if say.when_notice && !cx.switches.has_notice(cx.scene.now) => {
            Some(say.then)
        }
        _ => None,
    }
}
