//! Names of things: indexes into the dialplan, and generational ids for calls and offers.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! index {
    ($(#[$doc:meta])* $name:ident, $repr:ty) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        pub struct $name(pub $repr);

        impl $name {
            /// The place in the dialplan's list.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}

index!(
    /// A line: one public number's menu file.
    LineId, u16
);
index!(
    /// A step of a menu file, in one arena over all lines.
    StepId, u32
);
index!(
    /// A prompt: what is said, in each language.
    PromptId, u32
);
index!(
    /// A language of the dialplan.
    LanguageId, u8
);
index!(
    /// A calendar of opening hours.
    CalendarId, u16
);
index!(
    /// A queue step, where callers wait.
    QueueId, u16
);
index!(
    /// Callers who wait for the same kind of agent: one group and one set of required skills.
    LaneId, u16
);
index!(
    /// A group of agents.
    GroupId, u16
);
index!(
    /// A routing profile: agents who may take exactly the same calls.
    ProfileId, u16
);
index!(
    /// An agent.
    AgentId, u32
);
index!(
    /// A reason for a break.
    ReasonId, u8
);
index!(
    /// A node of a key table.
    KeyNodeId, u32
);
index!(
    /// A saved entry of digits, or a value of a look-up, numbered within its line.
    VariableId, u8
);

/// A call. The generation tells a call from an earlier one that sat in the same place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CallId {
    /// The place in the exchange's table of calls; small, dense, reused.
    pub index: u32,
    /// How often that place had been used before.
    pub generation: u32,
}

impl CallId {
    /// Before all others.
    pub const FIRST: Self = Self {
        index: 0,
        generation: 0,
    };
}

impl fmt::Display for CallId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.index, self.generation)
    }
}

/// One ringing of one agent for one call. Counts up and is never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct OfferId(pub u64);

/// One playing of one prompt to one call. Counts up within the call.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct PlayId(pub u32);

/// One look-up of one call. Counts up within the call.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct LookupId(pub u32);
