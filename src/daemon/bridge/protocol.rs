//! What a bridge and strowger say to each other: JSON, one message a WebSocket text frame, or one
//! a line over TCP.
//!
//! The schema and the AsyncAPI document in `docs/` are made from these types (a test compares).
//! `docs/BRIDGE.md` tells the story; in short:
//!
//! * The bridge says [`Hello`] first and is answered by [`Welcome`].
//! * It numbers what it reports ([`Event`]) 1, 2, 3, … A number that was taken before is dropped
//!   in silence, so a report may be sent again; a gap is an error. [`ToBridge::Ack`] says up to
//!   which number reports are safe on disk.
//! * Strowger numbers what it asks for ([`Effect`]) 1, 2, 3, … for each bridge. A bridge that has
//!   carried out number n drops everything up to n that comes again, and says so with
//!   [`FromBridge::Ack`].
//! * After a lost connection the bridge says hello again with what it has ([`Resume`]): both sides
//!   send what the other has missed. A bridge that has forgotten everything lists the calls it
//!   still carries instead.

pub use super::act::Act;
pub use super::act::RefuseReason;
pub use super::act::Spoken;
pub use super::act::TapeAct;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::de::IntoDeserializer as _;
use serde::de::value::StringDeserializer;
use std::fmt;

/// The version of the protocol; a bridge names the one it speaks.
pub const PROTOCOL: u32 = 1;
/// The longest message either way, in bytes.
pub const MESSAGE_BYTES_MAX: usize = 1024 * 1024;
/// The longest name of a call, a bridge or a device, in bytes.
pub const NAME_BYTES_MAX: usize = 128;
/// What names and numbers are made of: no control characters.
const PRINTABLE: &str = r"^[^\x00-\x1f\x7f-\x9f]*$";
/// The same without a blank at either end, where nobody sees it.
const NAME: &str = r"^[^\x00-\x1f\x7f-\x9f\s]([^\x00-\x1f\x7f-\x9f]*[^\x00-\x1f\x7f-\x9f\s])?$";
/// Calls that a hello may list.
pub const CALLS_LISTED_MAX: usize = 20_000;
/// A connection that has been silent for this long is taken for dead, in milliseconds.
pub const SILENCE_MS_MAX: u64 = 15_000;
/// How often each side should say something, in milliseconds.
pub const HEARTBEAT_MS: u64 = 5_000;

/// What a bridge says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type")]
pub enum FromBridge {
    /// Who is there; the first message of every connection.
    #[serde(rename = "hello")]
    Hello(Hello),
    /// Effects up to this number have been carried out and need not be kept.
    #[serde(rename = "ack")]
    Ack {
        /// The number of the last effect carried out.
        effect: u64,
    },
    /// Still there. Answered by `pong`.
    #[serde(rename = "ping")]
    Ping {
        /// The bridge's own clock, in milliseconds.
        clock_ms: i64,
    },
    /// What could not be read, as the carrier hands it on. Never on the wire.
    #[serde(skip)]
    Unreadable(Refusal),
    /// Something has happened.
    #[serde(untagged)]
    Report(Report),
}

/// Who a bridge is and what it can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Hello {
    /// The version of this protocol that the bridge speaks: 1.
    #[schemars(extend("const" = PROTOCOL))]
    pub protocol: u32,
    /// The bridge's name; one connection at a time speaks for it, a newer one replaces an older.
    #[schemars(length(min = 1, max = NAME_BYTES_MAX), extend("pattern" = NAME))]
    pub bridge: String,
    /// The token, where the daemon asks for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// What it can do. Playing is not asked about: whoever cannot play is no bridge. What is not known is
    /// passed over.
    #[serde(default, deserialize_with = "known")]
    pub can: Vec<Capability>,
    /// The devices it can ring, by how their names begin: `["PJSIP/"]`.
    #[serde(default)]
    #[schemars(inner(length(max = NAME_BYTES_MAX)))]
    pub devices: Vec<String>,
    /// The bridge's own clock, in milliseconds from an origin of its own; it dates each report.
    pub clock_ms: i64,
    /// Where it left off, if it remembers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resume: Option<Resume>,
    /// The calls it still carries, heeded when it does not resume: all others of this bridge have
    /// ended. Whoever tries to resume lists them too, lest a journal that is new ends them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = CALLS_LISTED_MAX))]
    #[schemars(inner(length(min = 1, max = NAME_BYTES_MAX)))]
    pub calls: Vec<String>,
}

/// Those capabilities that this version knows: a newer bridge may have others.
fn known<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Capability>, D::Error> {
    let names = Vec::<String>::deserialize(from)?;
    let known = |name: String| {
        let name: StringDeserializer<serde::de::value::Error> = name.into_deserializer();
        Capability::deserialize(name).ok()
    };
    Ok(names.into_iter().filter_map(known).collect())
}

/// What a bridge can do beyond playing prompts.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Capability {
    /// Ring agents' devices and join them with callers.
    Ring,
    /// Record messages.
    Record,
    /// Hand calls to numbers outside.
    Transfer,
    /// Play music.
    Music,
    /// Dial numbers outside, for calls back.
    Dial,
    /// Record what caller and agent say to each other.
    #[serde(rename = "record_talk")]
    RecordTalk,
}

/// Where a bridge left off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Resume {
    /// The session that `welcome` named.
    pub session: u64,
    /// The last effect it has carried out; 0 for none.
    pub effect: u64,
}

/// Something that has happened, with its number and its time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// 1, 2, 3, … within the session.
    #[schemars(range(min = 1))]
    pub seq: u64,
    /// When it happened, by the bridge's own clock; now, unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_ms: Option<i64>,
    /// What has happened.
    #[serde(flatten)]
    pub event: Event,
}

/// What a bridge can report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type")]
pub enum Event {
    /// A call has come in. Answered by `answer` or `refuse`.
    #[serde(rename = "call.started")]
    CallStarted {
        /// The bridge's name for the call, unique among its calls in progress.
        #[schemars(length(min = 1, max = NAME_BYTES_MAX), extend("pattern" = PRINTABLE))]
        call: String,
        /// The line, by the stem of its file; or else `number`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(length(max = NAME_BYTES_MAX), extend("pattern" = PRINTABLE))]
        line: Option<String>,
        /// The number that was dialled.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(length(max = NAME_BYTES_MAX), extend("pattern" = PRINTABLE))]
        number: Option<String>,
        /// The caller's number; none when it is withheld. A word such as `anonymous` is no number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(length(max = NAME_BYTES_MAX), extend("pattern" = PRINTABLE))]
        from: Option<String>,
        /// The device that calls, if it is one of the house's own: an agent on the agent line.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(length(max = NAME_BYTES_MAX), extend("pattern" = PRINTABLE))]
        device: Option<String>,
    },
    /// The caller has pressed a key.
    #[serde(rename = "key")]
    Key {
        /// The call.
        #[schemars(length(min = 1, max = NAME_BYTES_MAX), extend("pattern" = PRINTABLE))]
        call: String,
        /// `0` to `9`, `*` or `#`.
        #[schemars(extend("pattern" = "^[0-9*#]$"))]
        key: char,
    },
    /// A prompt was heard to its end (a stopped one is not reported).
    #[serde(rename = "play.done")]
    PlayDone {
        /// The call.
        #[schemars(length(min = 1, max = NAME_BYTES_MAX), extend("pattern" = PRINTABLE))]
        call: String,
        /// The number of the playing.
        play: u32,
    },
    /// The caller has hung up, or the call was lost.
    #[serde(rename = "call.ended")]
    CallEnded {
        /// The call.
        #[schemars(length(min = 1, max = NAME_BYTES_MAX), extend("pattern" = PRINTABLE))]
        call: String,
    },
    /// A message has been left: the caller stopped talking, or `stop` ended it.
    #[serde(rename = "recording.done")]
    RecordingDone {
        /// The call.
        #[schemars(length(min = 1, max = NAME_BYTES_MAX), extend("pattern" = PRINTABLE))]
        call: String,
        /// How long it is, at most a day; without it, as long as was recorded. Below two seconds it is no
        /// message, and is not kept.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        length_ms: Option<u64>,
        /// Where the bridge has put it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(length(min = 1, max = NAME_BYTES_MAX), extend("pattern" = PRINTABLE))]
        recording: Option<String>,
    },
    /// The number outside has taken the call; it is no longer the bridge's.
    #[serde(rename = "transfer.done")]
    TransferDone {
        /// The call.
        #[schemars(length(min = 1, max = NAME_BYTES_MAX), extend("pattern" = PRINTABLE))]
        call: String,
    },
    /// The number outside could not be reached.
    #[serde(rename = "transfer.failed")]
    TransferFailed {
        /// The call.
        #[schemars(length(min = 1, max = NAME_BYTES_MAX), extend("pattern" = PRINTABLE))]
        call: String,
    },
    /// The number that was dialled has answered: the caller is on the line.
    #[serde(rename = "dial.answered")]
    DialAnswered {
        /// The call.
        #[schemars(length(min = 1, max = NAME_BYTES_MAX), extend("pattern" = PRINTABLE))]
        call: String,
    },
    /// The number that was dialled is busy, or does not exist.
    #[serde(rename = "dial.failed")]
    DialFailed {
        /// The call.
        #[schemars(length(min = 1, max = NAME_BYTES_MAX), extend("pattern" = PRINTABLE))]
        call: String,
    },
    /// The agent has picked up.
    #[serde(rename = "agent.answered")]
    AgentAnswered {
        /// The ringing.
        offer: u64,
    },
    /// The agent has refused, or the device is busy or unknown.
    #[serde(rename = "agent.declined")]
    AgentDeclined {
        /// The ringing.
        offer: u64,
    },
    /// The agent has hung up first, after having answered.
    #[serde(rename = "agent.hung_up")]
    AgentHungUp {
        /// The ringing that was answered.
        offer: u64,
    },
    /// What caller and agent say to each other cannot be recorded, or was not kept.
    #[serde(rename = "record_talk.failed")]
    RecordTalkFailed {
        /// The recording, as `record_talk` named it.
        #[schemars(length(min = 1, max = NAME_BYTES_MAX), extend("pattern" = PRINTABLE))]
        recording: String,
    },
    /// A device can, or can no longer, be rung.
    #[serde(rename = "device.state")]
    DeviceState {
        /// The device, as the groups file names it.
        #[schemars(length(min = 1, max = NAME_BYTES_MAX), extend("pattern" = PRINTABLE))]
        device: String,
        /// Whether it can be rung.
        reachable: bool,
    },
}

/// What strowger says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type")]
pub enum ToBridge {
    /// The answer to `hello`.
    #[serde(rename = "welcome")]
    Welcome(Welcome),
    /// Reports up to this number are safe on disk and need not be kept.
    #[serde(rename = "ack")]
    Ack {
        /// The number of the last report taken.
        seq: u64,
    },
    /// The answer to `ping`.
    #[serde(rename = "pong")]
    Pong {
        /// The clock of the `ping`.
        clock_ms: i64,
    },
    /// Something was wrong.
    #[serde(rename = "error")]
    Error(Refusal),
    /// Something to do.
    #[serde(untagged)]
    Effect(Effect),
}

/// Where strowger and the bridge stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Welcome {
    /// The version of this protocol: 1.
    pub protocol: u32,
    /// Names what both sides remember of each other; to be given back in `resume`.
    pub session: u64,
    /// Whether strowger goes on where the bridge left off. If not, the bridge counts its reports
    /// from 1 and gets effects from 1.
    pub resumed: bool,
    /// The last report that strowger has: the next one has the number after it.
    pub received: u64,
    /// How often each side should say something.
    pub heartbeat_ms: u64,
    /// The lines and their public numbers.
    pub lines: Vec<LineInfo>,
    /// What callers will miss because of what hello says, in words for people.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

#[cfg(test)]
impl Welcome {
    /// One of a session that has just begun.
    pub(in crate::daemon) fn example() -> Self {
        Self {
            protocol: PROTOCOL,
            session: 1,
            resumed: false,
            received: 0,
            heartbeat_ms: HEARTBEAT_MS,
            lines: Vec::new(),
            warnings: Vec::new(),
        }
    }
}

/// A line, for a bridge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LineInfo {
    /// The stem of its file.
    pub line: String,
    /// The name for people.
    pub title: String,
    /// The public numbers.
    pub numbers: Vec<String>,
}

/// What was wrong with a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Refusal {
    /// What, for programs.
    pub code: Code,
    /// What and what to do, for people.
    pub message: String,
    /// The number of the report that was refused, if it had one. It counts as taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    /// Whether the connection ends with this.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fatal: bool,
}

/// What can be wrong with a message.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// Not a message of this protocol: no JSON, an unknown type, a field missing or of the wrong
    /// kind. Fatal over WebSocket and TCP alike only when it repeats; see `docs/BRIDGE.md`.
    BadMessage,
    /// Longer than a message may be. Fatal.
    TooLong,
    /// The first message was not `hello`, or a second `hello` came. Fatal.
    HelloFirst,
    /// The bridge speaks another version. Fatal.
    WrongVersion,
    /// The token is missing or wrong. Fatal.
    Unauthorized,
    /// A newer connection speaks for this bridge. Fatal.
    Replaced,
    /// Another connection of this name speaks, and carries calls that hello does not list. Fatal.
    NameTaken,
    /// Nothing was heard for too long. Fatal.
    Silent,
    /// The numbers of reports have a gap. Fatal: the bridge resumes.
    SequenceGap,
    /// More bridges than the daemon serves. Fatal.
    TooManyBridges,
    /// The bridge does not take what it is sent. Fatal: it resumes.
    TooSlow,
    /// The daemon is stopping. Fatal: the bridge reconnects.
    Stopping,
    /// A value is out of its bounds: an empty or overlong name, a key that is none.
    BadValue,
    /// No line has this name or number.
    UnknownLine,
    /// The bridge has a call of this name already.
    DuplicateCall,
    /// The bridge has no call of this name, or it has ended.
    UnknownCall,
    /// That playing was stopped or has been reported before.
    StalePlay,
    /// That ringing is over.
    StaleOffer,
    /// No agent has this device.
    UnknownDevice,
    /// The call or the agent is not in a state in which this can happen.
    NotNow,
    /// The key means nothing here.
    KeyWithoutMeaning,
    /// More keys than a call may hold.
    TooManyKeys,
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// Something to do, with its number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Effect {
    /// 1, 2, 3, … within the session.
    pub effect: u64,
    /// What to do.
    #[serde(flatten)]
    pub act: Act,
}
