//! The states of a call, what each does with an event, and what is true above them.

use super::Call;
use super::Cx;
use crate::exchange::dialplan::Callback;
use crate::exchange::dialplan::Collect;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::Directory;
use crate::exchange::dialplan::Lookup;
use crate::exchange::dialplan::Menu;
use crate::exchange::dialplan::Message;
use crate::exchange::dialplan::Say;
use crate::exchange::dialplan::StepKind;
use crate::exchange::dialplan::Survey;
use crate::exchange::dialplan::Target;
use crate::exchange::dialplan::Transfer;
use crate::exchange::effect::Effect;
use crate::exchange::event::CallDeadline;
use crate::exchange::event::Deadline;
use crate::exchange::event::Event;
use crate::exchange::id::AgentId;
use crate::exchange::id::QueueId;
use crate::exchange::id::StepId;
use crate::exchange::record::Party;
use crate::exchange::record::Record;
use crate::exchange::record::Unqueued;
use serde::Deserialize;
use serde::Serialize;
use statig::Outcome;
use statig::Outcome::Handled;
use statig::Outcome::Super;
use statig::Outcome::Transition;
use statig::blocking;
use statig::blocking::IntoStateMachine;

/// Where a call is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::exchange) enum State {
    /// Accepted, nothing heard yet.
    Fresh,
    /// A menu speaks or waits for a key.
    InMenu { step: StepId },
    /// An entry of digits is asked for or taken.
    Collecting { step: StepId },
    /// An entry is read back.
    Confirming { step: StepId },
    /// A name is asked for or spelled.
    Spelling { step: StepId },
    /// The names that begin as was spelled are offered.
    Choosing { step: StepId },
    /// An announcement or a recorded answer plays.
    Speaking { step: StepId },
    /// Another system is asked.
    LookingUp { step: StepId },
    /// A caller says on which number to call back.
    Numbering { step: StepId, types: bool },
    /// A caller is told of the recording of conversations, or asked about it.
    Consenting { step: StepId },
    /// A survey asks its questions.
    Surveying { step: StepId, ask: u8 },
    /// A message is asked for or recorded.
    LeavingMessage { step: StepId },
    /// The call is being handed to a number outside.
    Transferring { step: StepId },
    /// In line.
    Queued { queue: QueueId },
    /// An agent's phone rings.
    Offered { queue: QueueId },
    /// With an agent.
    Talking { agent: AgentId, queue: QueueId },
    /// With an agent who has invited whoever answers this queue: in line for that one meanwhile.
    Inviting { queue: QueueId },
    /// With an agent, and with the colleague out of this queue whom the agent has invited.
    Introducing { agent: AgentId, queue: QueueId },
    /// A call back that waits for its time, its turn or an agent.
    Booked { step: StepId },
    /// An agent's phone rings for a call back.
    Reserving { step: StepId },
    /// The number of a call back is dialled.
    Dialling { agent: AgentId },
    /// Over.
    Ended { by: End },
}

/// Who ended a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::exchange) enum End {
    /// The caller hung up, or the call has gone elsewhere.
    Caller,
    /// The menu, or the agent.
    Exchange,
    /// The longest call.
    System,
}

/// What several states have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::exchange) enum Superstate {
    /// The call can be hung up, and ends at its longest length.
    Alive,
    /// The caller is with the menus.
    Ivr,
    /// The caller waits for an agent.
    Waiting,
}

impl IntoStateMachine for Call {
    type Event<'evt> = Event;
    type Context<'cx> = Cx<'cx>;
    type State = State;
    type Superstate<'sub> = Superstate;

    fn initial() -> State {
        State::Fresh
    }
}

impl blocking::State<Call> for State {
    /// Inlined as the entry action is: [`super::Machine::handle`] is the only one who calls them.
    #[inline(always)]
    fn call_handler(&mut self, call: &mut Call, event: &Event, cx: &mut Cx<'_>) -> Outcome<Self> {
        if event.is_about_bridge()
            && let Some(outcome) = call.drifting(*self, event, cx)
        {
            return outcome;
        }
        let plan = cx.scene.plan;
        match *self {
            Self::Fresh => call.fresh(event, cx),
            Self::InMenu { step } => call.in_menu(menu(plan, step), event, cx),
            Self::Collecting { step } => call.collecting(collect(plan, step), event, cx),
            Self::Confirming { step } => call.confirming(collect(plan, step), event, cx),
            Self::Spelling { step } => call.spelling(directory(plan, step), event, cx),
            Self::Choosing { step } => call.choosing(directory(plan, step), event, cx),
            Self::Speaking { step } => call.speaking(say(plan, step), event, cx),
            Self::LookingUp { step } => call.looking_up(lookup(plan, step), event, cx),
            Self::Surveying { step, ask } => {
                call.surveying((survey(plan, step), step), ask, event, cx)
            }
            Self::Numbering { step, types } => call.numbering((step, types), event, cx),
            Self::Consenting { step } => call.consenting(step, event, cx),
            Self::LeavingMessage { step } => call.leaving_message(message(plan, step), event, cx),
            Self::Transferring { step } => call.transferring(transfer(plan, step), event, cx),
            Self::Queued { queue } => call.queued(queue, event, cx),
            Self::Offered { queue } => call.offered(queue, event, cx),
            Self::Talking { agent, queue } => call.talking(agent, queue, event, cx),
            Self::Inviting { queue } => call.inviting(queue, event, cx),
            Self::Introducing { agent, queue } => call.introducing((agent, queue), event, cx),
            Self::Booked { step } => call.booked(step, event, cx),
            Self::Reserving { step } => call.reserving(step, event, cx),
            Self::Dialling { agent } => call.dialling(agent, call.step, event, cx),
            Self::Ended { .. } => Super,
        }
    }

    #[inline(always)]
    fn call_entry_action(&mut self, call: &mut Call, cx: &mut Cx<'_>) {
        let plan = cx.scene.plan;
        match *self {
            Self::InMenu { .. } | Self::Collecting { .. } if !call.keys.is_empty() => {
                cx.typed_ahead(call.id);
            }
            Self::InMenu { step } => call.say(cx, menu(plan, step).prompt),
            Self::Collecting { step } => {
                let collect = collect(plan, step);
                call.ask(cx, collect.prompt, &collect.retry);
            }
            Self::Confirming { step } => {
                if let Some(prompt) = collect(plan, step).confirm {
                    call.say(cx, prompt);
                }
                if !call.keys.is_empty() {
                    cx.typed_ahead(call.id);
                }
            }
            Self::Spelling { step } => call.asks_name(cx, directory(plan, step)),
            Self::Choosing { step } => call.offers_names(cx, directory(plan, step)),
            Self::Speaking { step } => call.say(cx, say(plan, step).prompt),
            Self::LookingUp { step } => call.inquire(cx, lookup(plan, step)),
            Self::Surveying { step, ask } => call.put_question(cx, survey(plan, step), ask),
            Self::Numbering { step, types } => {
                if let StepKind::Callback(Callback {
                    asks: Some(asks), ..
                }) = &plan.step(step).kind
                {
                    call.asks_number(cx, asks, types);
                }
            }
            Self::Consenting { step } => call.asks_consent(cx, step),
            Self::LeavingMessage { step } => call.say(cx, message(plan, step).prompt),
            Self::Transferring { step } => match transfer(plan, step).prompt {
                Some(prompt) => call.say(cx, prompt),
                None => cx.emit(Effect::Transfer {
                    call: call.id,
                    step,
                }),
            },
            Self::Queued { queue } | Self::Inviting { queue } => call.wait_in(cx, queue),
            Self::Ended { by } => call.end(by, cx),
            Self::Offered { .. } => call.hold_for_ringing(cx),
            Self::Booked { step } => call.waits_to_dial(cx, step),
            // Whoever comes to talk is joined with the caller there and then: one may be left of two.
            Self::Talking { .. } | Self::Introducing { .. } => {}
            Self::Fresh | Self::Reserving { .. } | Self::Dialling { .. } => {}
        }
    }

    fn superstate(&mut self) -> Option<Superstate> {
        match self {
            Self::InMenu { .. }
            | Self::Collecting { .. }
            | Self::Confirming { .. }
            | Self::Spelling { .. }
            | Self::Choosing { .. }
            | Self::Speaking { .. }
            | Self::LookingUp { .. }
            | Self::Surveying { .. }
            | Self::Numbering { .. }
            | Self::Consenting { .. }
            | Self::LeavingMessage { .. }
            | Self::Transferring { .. } => Some(Superstate::Ivr),
            Self::Queued { .. } | Self::Offered { .. } => Some(Superstate::Waiting),
            Self::Fresh
            | Self::Talking { .. }
            | Self::Inviting { .. }
            | Self::Introducing { .. }
            | Self::Booked { .. }
            | Self::Reserving { .. }
            | Self::Dialling { .. } => Some(Superstate::Alive),
            Self::Ended { .. } => None,
        }
    }
}

impl blocking::Superstate<Call> for Superstate {
    #[inline(always)]
    fn call_handler(&mut self, call: &mut Call, event: &Event, cx: &mut Cx<'_>) -> Outcome<State> {
        match self {
            Self::Ivr => call.with_the_menus(event),
            Self::Waiting => call.while_waiting(event, cx),
            Self::Alive => call.while_alive(event, cx),
        }
    }

    fn superstate(&mut self) -> Option<Self> {
        match self {
            Self::Ivr | Self::Waiting => Some(Self::Alive),
            Self::Alive => None,
        }
    }
}

/// How every call begins and ends, and what is true of it all the while.
impl Call {
    #[inline(always)]
    fn fresh(&mut self, event: &Event, cx: &mut Cx<'_>) -> Outcome<State> {
        match event {
            Event::Started if self.is_booked() => Transition(State::Booked { step: self.step }),
            Event::Started => {
                self.limit_length(cx);
                Transition(self.go(cx, Target::Start))
            }
            _ => Super,
        }
    }

    /// The caller is on the line from now on, for so long at most.
    #[inline(always)]
    pub(super) fn limit_length(&mut self, cx: &mut Cx<'_>) {
        let longest = cx.scene.plan.line(self.line).max_call;
        self.is_limited = true;
        if cx.ages.begin(self.line, self.id, cx.scene.now + longest) {
            cx.scene.in_time(longest, Deadline::Oldest(self.line));
        }
    }

    /// The caller is on the line no more.
    #[inline]
    pub(super) fn end_limit(&mut self, cx: &mut Cx<'_>) {
        if std::mem::take(&mut self.is_limited) {
            cx.ages.end(self.line, self.id);
        }
    }

    /// True of every call: it can be hung up, and it ends at its longest length.
    fn while_alive(&mut self, event: &Event, cx: &mut Cx<'_>) -> Outcome<State> {
        match event {
            Event::HungUp => {
                self.let_go(cx, Unqueued::Abandoned);
                Transition(State::Ended { by: End::Caller })
            }
            Event::NumberBarred => {
                self.is_barred = true;
                Handled
            }
            Event::FellDue(CallDeadline::MaxCall) => {
                self.let_go(cx, Unqueued::BySystem);
                Transition(State::Ended { by: End::System })
            }
            _ => Super,
        }
    }

    /// Whatever the call was in the middle of is over.
    pub(super) fn let_go(&mut self, cx: &mut Cx<'_>, how: Unqueued) {
        self.leave_step(cx);
        self.message_taken(cx, None);
        // Who is with an agent has not waited.
        let is_alone = self.talking.is_none();
        self.leave_queue(cx, if is_alone { how } else { Unqueued::Withdrawn });
        if let Some((agent, _)) = self.talking.take() {
            self.stops_tape(cx, agent);
            let by = match how {
                Unqueued::BySystem => Party::System,
                _ => Party::Caller,
            };
            cx.dispatch.hung_up(&mut cx.scene, agent, by);
        }
    }

    fn end(&mut self, by: End, cx: &mut Cx<'_>) {
        cx.scene.cancel(&mut self.key_timer);
        self.end_limit(cx);
        cx.scene.cancel(&mut self.adrift);
        self.part_from_people(cx);
        cx.dispatch.asker_gone(&mut cx.scene, self.id);
        if self.callback.is_some() {
            return self.callback_ends(by, cx);
        }
        cx.trunks.in_use -= 1;
        if by != End::Caller {
            cx.emit(Effect::HangUp { call: self.id });
        }
        cx.scene.record(Record::Ended {
            call: self.id,
            line: self.line,
            tag: self.tag,
            caller: self.caller,
            arrived: self.arrived,
            outcome: self.outcome(by == End::System),
            wanted_a_person: self.wanted_a_person,
        });
        self.ready_now(cx);
    }
}

fn menu(plan: &Dialplan, step: StepId) -> &Menu {
    match &plan.step(step).kind {
        StepKind::Menu(menu) => menu,
        other => unreachable!("a menu state at {other:?}"),
    }
}

fn collect(plan: &Dialplan, step: StepId) -> &Collect {
    match &plan.step(step).kind {
        StepKind::Collect(collect) => collect,
        other => unreachable!("a collecting state at {other:?}"),
    }
}

fn directory(plan: &Dialplan, step: StepId) -> &Directory {
    match &plan.step(step).kind {
        StepKind::Directory(directory) => directory,
        other => unreachable!("a spelling state at {other:?}"),
    }
}

fn say(plan: &Dialplan, step: StepId) -> &Say {
    match &plan.step(step).kind {
        StepKind::Say(say) => say,
        StepKind::Callback(callback) => &callback.say,
        other => unreachable!("a speaking state at {other:?}"),
    }
}

pub(super) fn lookup(plan: &Dialplan, step: StepId) -> &Lookup {
    match &plan.step(step).kind {
        StepKind::Lookup(lookup) => lookup,
        other => unreachable!("a looking-up state at {other:?}"),
    }
}

fn survey(plan: &Dialplan, step: StepId) -> &Survey {
    match &plan.step(step).kind {
        StepKind::Survey(survey) => survey,
        other => unreachable!("a surveying state at {other:?}"),
    }
}

fn message(plan: &Dialplan, step: StepId) -> &Message {
    match &plan.step(step).kind {
        StepKind::Record(message) => message,
        other => unreachable!("a message state at {other:?}"),
    }
}

fn transfer(plan: &Dialplan, step: StepId) -> &Transfer {
    match &plan.step(step).kind {
        StepKind::Transfer(transfer) => transfer,
        other => unreachable!("a transferring state at {other:?}"),
    }
}
