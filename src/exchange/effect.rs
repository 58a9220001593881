//! Everything an exchange can ask for, and the facts it reports.

use super::id::{AgentId, CallId, LanguageId, OfferId, PlayId, PromptId, QueueId, StepId};
use super::id::{GroupId, LineId, LookupId, ReasonId, VariableId};
use super::key::Digits;
use super::record::Record;
use super::record::TurnedAway;
use super::time::Span;
use serde::{Deserialize, Serialize};

/// One thing to do, in the order in which it is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Effect {
    /// Take the call off the hook; from now on it is known by its id.
    Answer {
        /// The call.
        call: CallId,
        /// The bridge's name for it.
        tag: u64,
    },
    /// Give the caller the busy signal.
    Refuse {
        /// The bridge's name for the attempt.
        tag: u64,
        /// The line.
        line: LineId,
    },
    /// A value for a placeholder of the prompt that is played, or of the look-up that is asked,
    /// next.
    Fill {
        /// The call.
        call: CallId,
        /// The value.
        with: Filling,
    },
    /// Play a prompt after those already playing; report its end.
    Play {
        /// The call.
        call: CallId,
        /// The name of this playing.
        play: PlayId,
        /// The step that speaks.
        step: StepId,
        /// What is said.
        prompt: PromptId,
        /// In which language.
        language: LanguageId,
    },
    /// Stop what is playing; its end is not reported.
    Stop {
        /// The call.
        call: CallId,
    },
    /// Play music until something else is asked for.
    HoldMusic {
        /// The call.
        call: CallId,
        /// The queue whose music it is.
        queue: QueueId,
    },
    /// Sound the tone and record what the caller says.
    TakeMessage {
        /// The call.
        call: CallId,
        /// The record step.
        step: StepId,
        /// The longest message.
        max: Span,
    },
    /// Hand the call to the number of a transfer step.
    Transfer {
        /// The call.
        call: CallId,
        /// The transfer step.
        step: StepId,
    },
    /// Ring an agent's phone.
    Ring {
        /// The agent.
        agent: AgentId,
        /// The name of this ringing.
        offer: OfferId,
        /// The call on offer.
        call: CallId,
    },
    /// Stop ringing.
    CancelRing {
        /// The agent.
        agent: AgentId,
        /// The ringing.
        offer: OfferId,
    },
    /// Join caller and agent; while another agent is joined with the caller, all three.
    Connect {
        /// The call.
        call: CallId,
        /// The agent.
        agent: AgentId,
    },
    /// Do something with the recording of a conversation; report if that fails.
    Recording {
        /// The call.
        call: CallId,
        /// The agent.
        agent: AgentId,
        /// What to do.
        act: RecordingAct,
    },
    /// Part an agent from the caller, and from another agent who is joined with both; the agent's leg ends.
    Disconnect {
        /// The call.
        call: CallId,
        /// The agent.
        agent: AgentId,
    },
    /// End the call.
    HangUp {
        /// The call.
        call: CallId,
    },
    /// Ask another system; report what came of it.
    LookUp {
        /// The call.
        call: CallId,
        /// The name of this look-up.
        lookup: LookupId,
        /// The lookup step.
        step: StepId,
    },
    /// Hand a ticket in, whenever the back office takes it; the call goes on.
    Ticket {
        /// The call.
        call: CallId,
        /// The ticket step.
        step: StepId,
        /// The caller's language.
        language: LanguageId,
    },
    /// A fact, for whoever measures.
    Record(Record),
    /// An input that could not be right; nothing has changed.
    Ignored(Ignored),
    /// Dial the number of the caller who was promised this call back; report whether it answers.
    Dial {
        /// The call back.
        call: CallId,
        /// The callback step.
        step: StepId,
        /// The agent who is ready for it.
        agent: AgentId,
        /// Who asked for it.
        caller: u64,
    },
}

/// What is to be done with the recording of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RecordingAct {
    /// Begin a new one, of both caller and agent.
    Start,
    /// Record nothing until further notice.
    Pause,
    /// Go on.
    Resume,
    /// End it and keep it.
    Stop,
}

/// A value for a placeholder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Filling {
    /// An entry of digits.
    Digits(VariableId, Digits),
    /// The place in the queue, from 1.
    Position(u32),
    /// The expected wait in minutes.
    Wait(u32),
}

/// Why an input was ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ignored {
    /// No line has this id.
    UnknownLine,
    /// No call has this id, or it has ended.
    UnknownCall(CallId),
    /// No agent has this id.
    UnknownAgent(AgentId),
    /// No reason for a break has this id.
    UnknownReason(ReasonId),
    /// That ringing is over.
    StaleOffer(OfferId),
    /// That playing was stopped or has been reported before.
    StalePlay(CallId, PlayId),
    /// That look-up is over.
    StaleLookup(CallId, LookupId),
    /// No group has this id.
    UnknownGroup(GroupId),
    /// The queue does not exist, or belongs to another line.
    UnknownQueue(QueueId),
    /// The queue into which somebody was to be invited takes nobody now.
    NobodyToInvite(CallId, TurnedAway),
    /// The call is not in a state in which this can happen.
    NotNow(CallId),
    /// The agent is not in a state in which this can happen.
    AgentNotNow(AgentId),
    /// The key means nothing here.
    KeyWithoutMeaning(CallId),
    /// No step by which other programs may ask for calls back has this id.
    UnknownStep(StepId),
    /// The line does not speak it.
    UnknownLanguage(LanguageId),
    /// The call back that a program has asked for, by its own name, is not promised.
    NotPromised(u64, NotPromised),
    /// More keys than a call may hold.
    TooManyKeys(CallId),
}

/// Why a call back is not promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NotPromised {
    /// The same step is to call the same number anyway.
    Already,
    /// There is no number.
    Withheld,
    /// Nothing can dial it.
    Undialable,
    /// As many are promised as there can be.
    TooMany,
    /// The hours of the step never come.
    NeverOpen,
    /// It is to be dialled too far ahead.
    TooFarAhead,
}
