//! What operators switch on a line without touching its file: a notice, and a closure.

use super::time::Tick;
use serde::Deserialize;
use serde::Serialize;

/// Something that can be switched on a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Switch {
    /// Steps with `when = "notice"` are heard.
    Notice,
    /// The line is closed, whatever its calendars say.
    Closure,
}

/// Until when each is on; [`Tick`] 0 for what is off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Switches {
    notice: Tick,
    closure: Tick,
}

impl Switches {
    /// Switches something on until then; off with a time that is over.
    pub(super) fn set(&mut self, switch: Switch, until: Tick) {
        match switch {
            Switch::Notice => self.notice = until,
            Switch::Closure => self.closure = until,
        }
    }

    /// Until when something is on.
    pub(super) fn until(self, switch: Switch) -> Tick {
        match switch {
            Switch::Notice => self.notice,
            Switch::Closure => self.closure,
        }
    }

    /// Whether anything is on.
    pub(super) fn is_on(self, now: Tick) -> bool {
        self.has_notice(now) || self.is_closed(now)
    }

    pub(super) fn has_notice(self, now: Tick) -> bool {
        now < self.notice
    }

    pub(super) fn is_closed(self, now: Tick) -> bool {
        now < self.closure
    }
}
