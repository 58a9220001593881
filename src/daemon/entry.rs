//! One line of the journal: something that has happened, and when.
//!
//! Entries are JSON, so that a journal can be read with `sqlite3` and a later version can still
//! read what an earlier one wrote: a new kind of happening is a new `what`. No entry holds a digit
//! of a secret.

use super::bridge::protocol::Capability;
use super::bridge::protocol::Event;
use super::bridge::protocol::RefuseReason;
use super::site::CallbackRequest;
use crate::exchange::Switch;
use crate::exchange::dialplan::LookupResult;
use crate::exchange::time::Tick;
use serde::Deserialize;
use serde::Serialize;
use std::collections::BTreeMap;

/// The last tick of a journal: a century after its origin.
pub const AT_MAX: u64 = 100 * 366 * 24 * 3_600_000;
/// The furthest that tick 0 may lie from 1970: four centuries, in milliseconds.
pub const ORIGIN_MS_MAX: i64 = 400 * 366 * 24 * 3_600_000;
/// The longest that calls wait for their bridge: a day.
pub const PATIENCE_MS_MAX: u64 = 24 * 3_600_000;

/// Something that has happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The tick: milliseconds from the journal's origin.
    pub at: u64,
    /// What has happened.
    #[serde(flatten)]
    pub what: What,
}

impl Entry {
    /// Whether this may follow what happened at `last`.
    ///
    /// # Errors
    /// If it cannot have been written by this program.
    pub fn check(&self, last: Tick) -> Result<(), &'static str> {
        let patience = match &self.what {
            What::Started { patience_ms, .. } | What::BridgeLost { patience_ms, .. } => {
                *patience_ms
            }
            _ => 0,
        };
        let origin_ms = match &self.what {
            What::ClockSet { origin_ms } => *origin_ms,
            _ => 0,
        };
        if self.at < last.0 {
            Err("it lies before the one before it")
        } else if self.at > AT_MAX {
            Err("it lies more than a century ahead")
        } else if patience > PATIENCE_MS_MAX {
            Err("it has calls wait for longer than a day")
        } else if !(-ORIGIN_MS_MAX..=ORIGIN_MS_MAX).contains(&origin_ms) {
            Err("it sets the clock by more than four centuries")
        } else {
            Ok(())
        }
    }
}

/// What can happen to a site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum What {
    /// Menus were published; their texts lie beside the log. The first entry of every journal.
    Published {
        /// Counts up from 1.
        version: u64,
        /// Unix time of tick 0 in milliseconds.
        origin_ms: i64,
        /// The hash of the compiled plan.
        plan_hash: String,
        /// Whether they came to a running daemon, not with its start.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        live: bool,
    },
    /// A process has taken the journal up, or slept: all bridges are gone.
    Started {
        /// The version of the program.
        program: String,
        /// The version of the time-zone database it brings.
        zones: String,
        /// How long calls wait for their bridge.
        patience_ms: u64,
    },
    /// The wall clock was set: tick 0 was at another time than the publication says.
    ClockSet {
        /// Unix time of tick 0 in milliseconds, from now on.
        origin_ms: i64,
    },
    /// Something fell due.
    Wake,
    /// A bridge has come, or come back.
    BridgeJoined {
        /// Its name.
        bridge: String,
        /// What it can do.
        can: Vec<Capability>,
        /// How the names of the devices it can ring begin.
        devices: Vec<String>,
        /// None: it goes on where it left off. Otherwise the calls it still carries.
        calls: Option<Vec<String>>,
    },
    /// A bridge is gone.
    BridgeLost {
        /// Its name.
        bridge: String,
        /// How long its calls wait for it.
        patience_ms: u64,
    },
    /// A bridge has reported something.
    Reported {
        /// Its name.
        bridge: String,
        /// The number of the report.
        seq: u64,
        /// What it reported.
        event: Event,
    },
    /// A call was refused at the door.
    Refused {
        /// The bridge's name.
        bridge: String,
        /// The number of the report.
        seq: u64,
        /// The bridge's name for the call.
        call: String,
        /// The line, if the report named a known one.
        line: Option<String>,
        /// The caller's number.
        from: Option<String>,
        /// Why.
        reason: RefuseReason,
    },
    /// Calls were refused at the door that are counted only: there were too many of them, or no room to
    /// write of each.
    Shed {
        /// The bridge's name.
        bridge: String,
        /// The numbers of the reports, and the bridge's names for the calls.
        calls: Vec<(u64, String)>,
        /// How many of them called each line, if they named a known one.
        lines: BTreeMap<String, u64>,
        /// Why.
        #[serde(default = "overload")]
        reason: RefuseReason,
    },
    /// A key was taken that is not written down: a digit of a secret, or one that may be.
    KeyHidden {
        /// The bridge's name.
        bridge: String,
        /// The number of the report, unless it was taken before.
        seq: Option<u64>,
        /// The call.
        call: String,
        /// Whether the secret entry so far passes its check.
        fits: bool,
    },
    /// A report was taken that is not written down: it could not be read, or is a key that is for
    /// nobody or for later.
    Passed {
        /// The bridge's name.
        bridge: String,
        /// The number of the report.
        seq: u64,
    },
    /// A key that was kept for later has its turn.
    KeyReleased {
        /// The bridge's name.
        bridge: String,
        /// The call.
        call: String,
        /// The key, which turned out to be no secret.
        key: char,
    },
    /// The digits of a secret entry are lost: the entry begins again.
    EntryLost {
        /// The bridge's name.
        bridge: String,
        /// The call.
        call: String,
    },
    /// Another system has answered, or could not be asked.
    LookedUp {
        /// The bridge's name.
        bridge: String,
        /// The call.
        call: String,
        /// Which of its look-ups.
        lookup: u32,
        /// What came of it.
        result: LookupResult,
        /// What is kept of the answer, by name.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        values: BTreeMap<String, String>,
    },
    /// Something was switched on a line.
    Switched {
        /// The line.
        line: String,
        /// What.
        #[serde(rename = "switch")]
        what: Switch,
        /// Until when it is on: a tick; 0 switches it off.
        until: u64,
        /// The words of a notice, by language.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        words: BTreeMap<String, String>,
    },
    /// Another program has asked that somebody be called back.
    CallbackAsked(CallbackRequest),
    /// A call back is not wanted any more.
    CallbackWithdrawn {
        /// Its name.
        call: String,
    },
    /// An agent, or somebody for them, has acted through the API.
    Agent {
        /// The agent's name.
        agent: String,
        /// What the agent does.
        act: AgentAct,
    },
}

/// Why calls were counted only, before there was another reason.
fn overload() -> RefuseReason {
    RefuseReason::Overload
}

/// What an agent can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub enum AgentAct {
    /// Comes to work; not ready yet.
    SignIn,
    /// Can take calls; ends wrap-up.
    Ready,
    /// Takes a break, after the call if there is one.
    Pause {
        /// One of the groups file's reasons.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Has done the work after a call.
    WrapUpDone,
    /// Needs more time for the work after a call.
    ExtendWrapUp,
    /// Hands the caller on to whoever answers a queue of the same line.
    TransferToQueue {
        /// The queue's name.
        queue: String,
    },
    /// Hands the caller on to a colleague.
    TransferToAgent {
        /// The colleague's name.
        colleague: String,
    },
    /// Invites whoever answers a queue of the same line into the talk.
    InviteFromQueue {
        /// The queue's name.
        queue: String,
    },
    /// Invites a colleague into the talk.
    InviteAgent {
        /// The colleague's name.
        colleague: String,
    },
    /// Takes an invitation back that nobody has answered.
    WithdrawInvitation,
    /// Has the recording of the conversation paused.
    PauseRecording,
    /// Has it go on.
    ResumeRecording,
    /// Takes the calls of these groups from now on, and of no others.
    Move {
        /// Their names.
        groups: Vec<String>,
    },
    /// Goes home, after the call if there is one.
    SignOut,
}
