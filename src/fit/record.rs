//! One record of a call, as the daemon keeps it and `simulate --records` writes it.

use crate::measure::course::ADRIFT;
use crate::measure::course::TOO_LONG;

/// What is needed of a record; what else it has is passed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) line: String,
    pub(super) caller: Option<String>,
    pub(super) queue: Option<String>,
    pub(super) started_ms: i64,
    pub(super) ended_ms: i64,
    pub(super) wait_ms: i64,
    pub(super) talk_ms: i64,
    pub(super) outcome: String,
    pub(super) detail: Option<String>,
    pub(super) call: Option<String>,
    pub(super) bridge: Option<String>,
}

/// The columns of a table of records that have to be there.
pub(super) const REQUIRED: [&str; 7] = [
    "line",
    "queue",
    "started_ms",
    "ended_ms",
    "wait_ms",
    "talk_ms",
    "outcome",
];

/// What became of a call, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// An agent answered.
    Answered,
    /// Hung up while waiting.
    Abandoned,
    /// Found no trunk free, or was refused at the door.
    Blocked,
    /// Could not wait, or waited too long.
    TurnedAway,
    /// Was promised a call back.
    Callback,
    /// Settled by a recorded answer.
    SelfServed,
    /// Left a message.
    Message,
    /// Left the menus before a queue.
    LeftInMenu,
    /// Handed to a number outside.
    TransferredOut,
    /// Ended by the longest call.
    EndedBySystem,
}

impl Outcome {
    /// The outcome with this name; none for calls back, which nobody dialled in to.
    pub(super) fn named(name: &str) -> Result<Option<Self>, ()> {
        Ok(Some(match name {
            "answered" => Self::Answered,
            "abandoned" => Self::Abandoned,
            "blocked" => Self::Blocked,
            "turned_away" => Self::TurnedAway,
            "callback" => Self::Callback,
            "self_served_confirmed" | "self_served_probable" => Self::SelfServed,
            "message" => Self::Message,
            "left_in_menu" => Self::LeftInMenu,
            "transferred_out" => Self::TransferredOut,
            "ended_by_system" => Self::EndedBySystem,
            "callback_served" | "callback_unreached" | "callback_undialled"
            | "callback_withdrawn" => return Ok(None),
            _ => return Err(()),
        }))
    }

    /// Whether the caller may call again for the same.
    pub(super) fn is_in_vain(self) -> bool {
        matches!(self, Self::Abandoned | Self::TurnedAway | Self::Blocked)
    }

    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Abandoned => "abandoned",
            Self::Blocked => "blocked",
            Self::TurnedAway => "turned_away",
            Self::Callback => "callback",
            Self::SelfServed => "self_served",
            Self::Message => "message",
            Self::LeftInMenu => "left_in_menu",
            Self::TransferredOut => "transferred_out",
            Self::EndedBySystem => "ended_by_system",
        }
    }
}

/// The earliest and the latest moment of a record: 2000-01-01 and 2200-01-01, in milliseconds since 1970.
const MOMENTS: std::ops::Range<i64> = 946_684_800_000..7_258_118_400_000;

/// The longest call, of two days: a longer one is one of which nobody noticed the end.
pub(super) const CALL_MAX_MS: i64 = 2 * 24 * 60 * 60 * 1000;

/// A part of a call may seem to be so much longer than the call, where a clock was set.
const SLACK_MS: i64 = 60_000;

impl Record {
    /// Whether its talk was ended by nobody who talked.
    pub(super) fn is_cut_off(&self) -> bool {
        matches!(self.detail.as_deref(), Some(TOO_LONG | ADRIFT))
    }

    /// Whether it is an attempt to reach a line that there is not.
    pub(super) fn is_stray(&self) -> bool {
        let why = self.detail.as_deref();
        self.outcome == "blocked" && matches!(why, Some("unknown-line" | "bad-call"))
    }

    /// What is wrong with it: the column, and what to say.
    pub(super) fn wrong(&self) -> Option<(&'static str, String, Option<String>)> {
        if Outcome::named(&self.outcome).is_err() {
            let message = format!("there is no outcome `{}`", self.outcome);
            let help = "outcomes are those of the daemon's call records: answered, abandoned, blocked, \
                        turned_away, self_served_probable, message, left_in_menu, …";
            return Some(("outcome", message, Some(help.to_owned())));
        }
        if !MOMENTS.contains(&self.started_ms) {
            let message = format!("{} is no moment between 2000 and 2200", self.started_ms);
            let help = "times are milliseconds since 1970, UTC, like 1795591408078".to_owned();
            return Some(("started_ms", message, Some(help)));
        }
        if self.ended_ms < self.started_ms {
            let message = "the call ends before it begins".to_owned();
            return Some(("ended_ms", message, None));
        }
        let is_back = matches!(Outcome::named(&self.outcome), Ok(None));
        if self.ended_ms - self.started_ms > CALL_MAX_MS && !is_back {
            let message = "the call lasts longer than two days".to_owned();
            let help =
                "its end was noticed too late, or is of another call: leave the row out".to_owned();
            return Some(("ended_ms", message, Some(help)));
        }
        let most = self.ended_ms - self.started_ms + SLACK_MS;
        for (name, length) in [("wait_ms", self.wait_ms), ("talk_ms", self.talk_ms)] {
            if length < 0 {
                return Some((name, "less than nothing".to_owned(), None));
            }
            if length > most && !is_back {
                let message = format!("{length} ms are longer than the call");
                let help = "all lengths and times are milliseconds".to_owned();
                return Some((name, message, Some(help)));
            }
        }
        if self.line.is_empty() && !self.is_stray() {
            return Some(("line", "a line without a name".to_owned(), None));
        }
        None
    }
}
