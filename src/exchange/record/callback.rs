//! What happens to calls back.

use crate::exchange::id::{AgentId, CallId, LaneId};
use crate::exchange::time::{Span, Tick};
use serde::{Deserialize, Serialize};

/// What happens to a call back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CallbackFact {
    /// It was promised.
    Booked {
        /// Who has asked for it.
        by: AskedBy,
        /// Who is to be called.
        caller: u64,
        /// The wait that was to be expected then.
        expected: Span,
        /// From when on it may be dialled.
        from: Tick,
    },
    /// It is in line for an agent.
    InLine {
        /// The kind of agent it waits for.
        lane: LaneId,
    },
    /// An agent is ready for it, and the number is dialled.
    Dialled {
        /// The agent.
        agent: AgentId,
    },
    /// The caller has answered, and talks to the agent.
    Reached {
        /// The agent.
        agent: AgentId,
        /// From when on the caller has waited: when it was promised, or might be dialled if that was later.
        booked: Tick,
    },
    /// The number did not answer.
    Unreached {
        /// The agent.
        agent: AgentId,
    },
    /// It is over.
    Ended(CallbackEnd),
}

/// Who has asked for a call back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AskedBy {
    /// The caller, in this call.
    Call(CallId),
    /// Another program, by its own name for it.
    Program(u64),
}

impl AskedBy {
    /// The call in which it was promised, if it was in one.
    pub fn call(self) -> Option<CallId> {
        match self {
            Self::Call(call) => Some(call),
            Self::Program(_) => None,
        }
    }
}

/// How a call back ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CallbackEnd {
    /// After a talk.
    Served,
    /// The number did not answer, as often as it was dialled.
    Unreached,
    /// The number could not be dialled, the last time that it was to be: nothing was there that could,
    /// or it may not be.
    Undialled,
    /// It was not wanted any more: the caller has called again and was answered, or it was taken back.
    Withdrawn,
}

impl CallbackEnd {
    /// The outcome in call records.
    pub fn name(self) -> &'static str {
        match self {
            Self::Served => "callback_served",
            Self::Unreached => "callback_unreached",
            Self::Undialled => "callback_undialled",
            Self::Withdrawn => "callback_withdrawn",
        }
    }
}
