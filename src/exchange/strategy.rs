//! By which rule a group's calls are given to its free agents.
//!
//! [`Strategy::Fair`] is strowger's own; the others are those of other systems, faults included, so
//! that anybody can compare. `docs/DISPATCH.md` and the tests of the strategies have their exact rules.

use serde::Deserialize;
use serde::Serialize;

/// Who of the free agents is offered a call.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Strategy {
    /// LFD, lag-bounded fair dispatch: the one who is owed the most.
    #[default]
    Fair,
    /// Whoever has been free the longest (Amazon Connect, Twilio TaskRouter).
    LongestIdle,
    /// Whoever ended a call the longest ago; who has had none is first (FreeSWITCH's
    /// `longest-idle-agent`, Asterisk's `leastrecent`).
    LongestIdleBridge,
    /// Whoever has answered the fewest calls since the exchange began (Asterisk's `fewestcalls`).
    FewestCalls,
    /// The same, counted from the last time the agent became available (FreeSWITCH's
    /// `agent-with-fewest-calls`).
    FewestCallsReset,
    /// The next one in the order of the groups file (Asterisk's `rrmemory`).
    RoundRobin,
    /// Whoever was busy for the least part of the time since signing in (Genesys, Avaya).
    LeastOccupied,
    /// Anybody.
    Random,
    /// Anybody, those of lower tiers more often (Asterisk's `wrandom`).
    WeightedRandom,
    /// The first one in the order of the groups file (Asterisk's `linear`).
    Linear,
    /// All of them at once; the first to answer has the call.
    RingAll,
}

impl Strategy {
    /// All of them, ours first.
    pub const ALL: [Self; 11] = [
        Self::Fair,
        Self::LongestIdle,
        Self::LongestIdleBridge,
        Self::FewestCalls,
        Self::FewestCallsReset,
        Self::RoundRobin,
        Self::LeastOccupied,
        Self::Random,
        Self::WeightedRandom,
        Self::Linear,
        Self::RingAll,
    ];

    /// The name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fair => "fair",
            Self::LongestIdle => "longest-idle",
            Self::LongestIdleBridge => "longest-idle-bridge",
            Self::FewestCalls => "fewest-calls",
            Self::FewestCallsReset => "fewest-calls-reset",
            Self::RoundRobin => "round-robin",
            Self::LeastOccupied => "least-occupied",
            Self::Random => "random",
            Self::WeightedRandom => "weighted-random",
            Self::Linear => "linear",
            Self::RingAll => "ring-all",
        }
    }

    /// The strategy of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }
}
