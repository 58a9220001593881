//! What a ramp, a run with the load going up and down again, measures level by level.

use super::figure::Figure;

/// One way through a level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Way {
    /// Callers who got what they called for, an hour.
    pub goodput_per_h: Figure,
    /// Of the attempts, those that were blocked.
    pub blocked_share: Figure,
    /// As in the definitions.
    pub attempts_per_caller: Figure,
    /// As in the definitions.
    pub service_level: Figure,
}

/// One level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    /// The factor on the calls.
    pub load: f64,
    /// Callers an hour.
    pub offered_per_h: f64,
    /// With the load rising.
    pub up: Way,
    /// With the load falling; of the highest level there is one way only.
    pub down: Option<Way>,
    /// Goodput up less down, an hour, run by run.
    pub lost_per_h: Option<Figure>,
    /// Service level up less down, run by run.
    pub service_level_lost: Option<Figure>,
}

impl Way {
    /// All of them, with their names.
    pub fn figures(&self) -> [(&'static str, Figure); 4] {
        [
            ("goodput_per_h", self.goodput_per_h),
            ("blocked_share", self.blocked_share),
            ("attempts_per_caller", self.attempts_per_caller),
            ("service_level", self.service_level),
        ]
    }
}
