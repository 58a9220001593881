//! Facts about calls and agents, from which every figure is made. Nobody counts from inside.

mod callback;

pub use callback::AskedBy;
pub use callback::CallbackEnd;
pub use callback::CallbackFact;

use super::dialplan::LookupResult;
use super::dialplan::Recognized;
use super::dialplan::Rung;
use super::id::{
    AgentId, CallId, LaneId, LanguageId, LineId, OfferId, ProfileId, QueueId, ReasonId, StepId,
};
use super::key::Key;
use super::time::{Span, Tick};
use serde::{Deserialize, Serialize};

/// One fact. It holds at the `now` of the input that brought it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Record {
    /// An attempt found all trunks busy, or was shed at the door.
    Blocked {
        /// The line.
        line: LineId,
        /// The bridge's name for the attempt.
        tag: u64,
        /// Who called.
        caller: u64,
        /// Why.
        why: Blocked,
    },
    /// An attempt was accepted.
    Arrived {
        /// The call.
        call: CallId,
        /// The line.
        line: LineId,
        /// The bridge's name for the attempt.
        tag: u64,
        /// Who called.
        caller: u64,
    },
    /// A call has come to a step.
    Entered {
        /// The call.
        call: CallId,
        /// The step.
        step: StepId,
    },
    /// A key (or the last key of an entry) was taken. Entries of digits are not shown.
    Pressed {
        /// The call.
        call: CallId,
        /// The step.
        step: StepId,
        /// The key, none for an entry of digits.
        key: Option<Key>,
        /// What came of it.
        result: KeyResult,
    },
    /// A caller has taken a name of a directory.
    Chosen {
        /// The call.
        call: CallId,
        /// The directory.
        step: StepId,
        /// The name, by its place.
        entry: u16,
    },
    /// A recorded answer has stopped.
    Heard {
        /// The call.
        call: CallId,
        /// The answer.
        step: StepId,
        /// For how long it played.
        played: Span,
        /// Whether at least 80 % of it was heard.
        enough: bool,
    },
    /// Another system has answered, or has not.
    LookedUp {
        /// The call.
        call: CallId,
        /// The lookup step.
        step: StepId,
        /// How long it took.
        took: Span,
        /// What came of it.
        result: LookupResult,
    },
    /// What another system knows of the caller has been taken up, and what it says in vain.
    Recognized {
        /// The call.
        call: CallId,
        /// The lookup step.
        step: StepId,
        /// What it knows.
        what: Recognized,
    },
    /// A question of a survey was answered, or was not.
    Surveyed {
        /// The call.
        call: CallId,
        /// The survey step.
        step: StepId,
        /// Which of its questions, from 0.
        ask: u8,
        /// The answer; none if the caller gave none.
        answer: Option<u8>,
        /// The agent who has talked to the caller last, if any has.
        agent: Option<AgentId>,
    },
    /// A caller could not join a queue.
    TurnedAway {
        /// The call.
        call: CallId,
        /// The queue.
        queue: QueueId,
        /// Why.
        why: TurnedAway,
    },
    /// A caller has joined a queue, or an agent who goes on talking to the caller has invited whoever
    /// answers it.
    Queued {
        /// The call.
        call: CallId,
        /// The queue.
        queue: QueueId,
        /// The kind of agent it waits for.
        lane: LaneId,
        /// Callers of its kind in line for somebody to be free, this one included; 0 when
        /// somebody is free at once.
        waiting: u32,
        /// The expected wait until somebody is free for it; zero when somebody is.
        expected: Span,
    },
    /// A caller has waited for so long that more agents may take the call: fewer skills are asked for,
    /// or another tier comes in.
    Widened {
        /// The call.
        call: CallId,
        /// The queue.
        queue: QueueId,
        /// The kind of agent it waits for from now on.
        lane: LaneId,
    },
    /// A caller has left a queue.
    Unqueued {
        /// The call.
        call: CallId,
        /// The queue.
        queue: QueueId,
        /// When this queue was joined.
        since: Tick,
        /// When the first queue of the call was joined: waits run from here.
        first: Tick,
        /// How.
        how: Unqueued,
    },
    /// An agent was chosen for a call.
    Offered(Decision),
    /// A ringing has ended.
    OfferEnded {
        /// The ringing.
        offer: OfferId,
        /// The agent.
        agent: AgentId,
        /// The call.
        call: CallId,
        /// How.
        how: OfferEnd,
    },
    /// Caller and agent have parted. Where two agents talk to a caller, each has a talk of their own.
    TalkEnded {
        /// The call.
        call: CallId,
        /// The agent.
        agent: AgentId,
        /// The queue the call came from.
        queue: QueueId,
        /// When they were joined.
        since: Tick,
        /// Who has ended it.
        by: Party,
    },
    /// Why the agent is on a break: right before the [`Record::Agent`] that says so, where a reason
    /// was given.
    PauseReason {
        /// The agent.
        agent: AgentId,
        /// The reason.
        reason: ReasonId,
    },
    /// An agent is in a new state, or on a break for another reason.
    Agent {
        /// The agent.
        agent: AgentId,
        /// The state from now on.
        state: AgentState,
    },
    /// An agent takes the calls of other groups from now on.
    Moved {
        /// The agent.
        agent: AgentId,
        /// What the agent may take: a place in the plan in force.
        profile: ProfileId,
    },
    /// An agent has ended a talk, or handed it on, so soon that it does not count.
    ShortTalk {
        /// The agent.
        agent: AgentId,
        /// The call.
        call: CallId,
        /// How long it was.
        talked: Span,
    },
    /// A returning agent's lag was beyond the limit; the rest is forgiven.
    Forgiven {
        /// The agent.
        agent: AgentId,
        /// Millionths of a call: owed to the agent when positive.
        micro_calls: i64,
    },
    /// An attempt is over.
    Ended {
        /// The call.
        call: CallId,
        /// The line.
        line: LineId,
        /// The bridge's name for the attempt.
        tag: u64,
        /// Who called.
        caller: u64,
        /// When it was accepted.
        arrived: Tick,
        /// How it ended.
        outcome: Outcome,
        /// Whether it ever joined a queue or was handed to somebody outside.
        wanted_a_person: bool,
    },
    /// A call back has come one step further.
    Callback {
        /// The call back: a call of its own, which is no attempt.
        call: CallId,
        /// The queue whose agents make it.
        queue: QueueId,
        /// What has happened.
        what: CallbackFact,
    },
    /// A caller was told that the conversation will be recorded, or was asked whether it may be.
    Consented {
        /// The call.
        call: CallId,
        /// The queue whose conversations they are.
        queue: QueueId,
        /// How it went.
        consent: Consent,
    },
    /// The recording of a conversation has come one step further.
    Recording {
        /// The call.
        call: CallId,
        /// The agent.
        agent: AgentId,
        /// What has happened.
        what: RecordingFact,
    },
    /// A queue has come to another rung of its overload ladder.
    Overload {
        /// The queue.
        queue: QueueId,
        /// The callers it is about: those who speak this language.
        language: LanguageId,
        /// Where it stands from now on.
        rung: Rung,
    },
}

impl Record {
    /// The agent who has taken a call, if this says so: out of a queue, or one back, which is no call of
    /// the agent's until its caller answers.
    pub fn taken_by(&self) -> Option<AgentId> {
        match *self {
            Self::Unqueued {
                how: Unqueued::Answered(agent),
                ..
            }
            | Self::Callback {
                what: CallbackFact::Reached { agent, .. },
                ..
            } => Some(agent),
            _ => None,
        }
    }
}

/// Whether a conversation may be recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Consent {
    /// The caller has heard the notice, and stayed.
    Told,
    /// The caller has agreed.
    Agreed,
    /// The caller has refused.
    Refused,
    /// The caller was asked and has not answered.
    Unanswered,
}

impl Consent {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Told, Self::Agreed, Self::Refused, Self::Unanswered];

    /// The name in call records and call tests.
    pub fn name(self) -> &'static str {
        match self {
            Self::Told => "told",
            Self::Agreed => "agreed",
            Self::Refused => "refused",
            Self::Unanswered => "unanswered",
        }
    }
}

/// What happens to the recording of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RecordingFact {
    /// It has begun.
    Started,
    /// Nothing is recorded for now.
    Paused,
    /// It goes on.
    Resumed,
    /// It is over, and kept.
    Ended,
    /// It is over: the bridge cannot record.
    Failed,
}

/// Who has ended a talk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Party {
    /// The caller has hung up.
    Caller,
    /// The agent has hung up first, or has handed the caller on.
    Agent,
    /// The call was cut off: it was at its longest length, or its bridge did not come back.
    System,
}

/// The one outcome of an attempt that was accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Outcome {
    /// The caller pressed a key that says the answer was enough.
    SelfServedConfirmed,
    /// The call ended in the menus after enough of an answer was heard. Whoever measures turns this
    /// into `left_in_menu` when the caller is back within 24 hours.
    SelfServedProbable,
    /// Hung up, or was given up on, before reaching a queue, unserved.
    LeftInMenu,
    /// Left a message.
    Message,
    /// Handed to a number outside.
    TransferredOut,
    /// Could not wait (full, closed, nobody signed in) or waited too long, and nothing came after.
    TurnedAway,
    /// An agent answered.
    Answered,
    /// Hung up while waiting, or left the queue by a key and was not served after.
    Abandoned,
    /// Ended by the longest call.
    EndedBySystem,
    /// Was promised a call back.
    Callback,
}

impl Outcome {
    /// The name in figures, call records and definitions.
    pub fn name(self) -> &'static str {
        match self {
            Self::SelfServedConfirmed => "self_served_confirmed",
            Self::SelfServedProbable => "self_served_probable",
            Self::LeftInMenu => "left_in_menu",
            Self::Message => "message",
            Self::TransferredOut => "transferred_out",
            Self::TurnedAway => "turned_away",
            Self::Answered => "answered",
            Self::Abandoned => "abandoned",
            Self::EndedBySystem => "ended_by_system",
            Self::Callback => "callback",
        }
    }
}

/// What came of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyResult {
    /// It led on.
    Taken,
    /// It is bound to nothing here, or the entry did not fit.
    Wrong,
    /// None came in time.
    Silence,
}

/// Why an attempt was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Blocked {
    /// All trunks of the line are busy, or the exchange has as many calls as it takes.
    NoTrunk,
    /// The caller has called as often as the line's `caller_limit` allows.
    CallerLimit,
}

/// Why a caller could not join a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TurnedAway {
    /// Outside its hours.
    Closed,
    /// No room to wait.
    Full,
    /// Nobody signed in could take the call.
    NoAgents,
    /// Everybody who could is on a break.
    AllPaused,
    /// The wait would be too long.
    Overload,
}

/// How a caller left a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unqueued {
    /// An agent answered.
    Answered(AgentId),
    /// The caller hung up.
    Abandoned,
    /// The longest wait was over, or the last agent went home: on to another queue.
    Overflowed(QueueId),
    /// The longest wait was over, or the last agent went home: out of the queues.
    TimedOut,
    /// By a key.
    ByKey,
    /// The call was ended by its longest length.
    BySystem,
    /// An agent had invited whoever answers, and nobody has: it was taken back, or came to nothing. The
    /// caller has talked to that agent all the while.
    Withdrawn,
}

/// How a ringing ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OfferEnd {
    /// Answered.
    Answered,
    /// Nobody picked up in time.
    NoAnswer,
    /// Refused.
    Declined,
    /// The caller left.
    CallerGone,
    /// The agent went on a break or home.
    AgentGone,
    /// It rang at several phones, and another agent was faster.
    Taken,
}

/// What an agent is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AgentState {
    /// Not at work.
    SignedOut,
    /// Signed in, not taking calls: before being ready, or after a missed call.
    NotReady,
    /// On a break.
    Paused,
    /// Free for a call.
    Idle,
    /// A breath between calls.
    Resting,
    /// The phone rings.
    Ringing,
    /// With a caller.
    Talking,
    /// Work after a call.
    WrapUp,
}

impl AgentState {
    /// At work, for the fair shares: signed in, and neither on a break nor out of reach.
    pub fn is_at_work(self) -> bool {
        !matches!(self, Self::SignedOut | Self::NotReady | Self::Paused)
    }
}

/// Why this agent, in short. The long story is recomputed by replay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The number of the decision, which names the ringing.
    pub offer: OfferId,
    /// The call.
    pub call: CallId,
    /// The queue it waits in.
    pub queue: QueueId,
    /// The kind of agent it waits for: only agents who serve this lane may take it.
    pub lane: LaneId,
    /// The agent.
    pub agent: AgentId,
    /// The agent's tag before this call, in millionths of a call: the least among those free.
    pub tag: i64,
    /// Who would have been next, if anybody else was free.
    pub runner_up: Option<AgentId>,
    /// What brought it about.
    pub because: Because,
}

/// What brings a decision about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Because {
    /// A caller came, or came back, and somebody was free.
    CallerCame,
    /// An agent became free, and somebody was waiting.
    AgentFree,
    /// The call waited for this agent: the one who took the caller's last call, or whom a colleague
    /// has handed it to.
    Awaited,
}
