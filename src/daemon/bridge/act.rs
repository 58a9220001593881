//! What strowger asks of a bridge.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// What strowger can ask for.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type")]
pub enum Act {
    /// Take the call off the hook.
    #[serde(rename = "answer")]
    Answer {
        /// The call.
        call: String,
    },
    /// Give the caller the busy signal; the call is over.
    #[serde(rename = "refuse")]
    Refuse {
        /// The call.
        call: String,
        /// Why.
        reason: RefuseReason,
    },
    /// Play a prompt after those already playing, and report its end.
    #[serde(rename = "play")]
    Play {
        /// The call.
        call: String,
        /// The number of this playing, for `play.done`.
        play: u32,
        /// The line whose words these are: recordings of two lines may be called the same.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        line: String,
        /// The name of the prompt: what recordings are called.
        prompt: String,
        /// The language, `en`.
        language: String,
        /// What is said, in pieces.
        parts: Vec<Spoken>,
        /// About how long it takes to say, for bridges without audio.
        length_ms: u64,
    },
    /// Stop what is playing, music and recording too; the end is not reported.
    #[serde(rename = "stop")]
    Stop {
        /// The call.
        call: String,
    },
    /// Play music until something else is asked for.
    #[serde(rename = "music")]
    Music {
        /// The call.
        call: String,
        /// The music file.
        file: String,
    },
    /// Sound the tone and record what the caller says.
    #[serde(rename = "record")]
    Record {
        /// The call.
        call: String,
        /// Where the message belongs.
        mailbox: String,
        /// The longest message.
        max_ms: u64,
    },
    /// Hand the call to a number outside.
    #[serde(rename = "transfer")]
    Transfer {
        /// The call.
        call: String,
        /// The number.
        to: String,
    },
    /// Dial a number for a call back, under this name from now on; an agent waits on the line. Report
    /// `dial.answered` or `dial.failed`; `hangup` says that it has rung long enough.
    #[serde(rename = "dial")]
    Dial {
        /// The call.
        call: String,
        /// The number.
        number: String,
        /// The number of the line, to show.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        show: Option<String>,
        /// How long it will be left ringing.
        ring_ms: u64,
    },
    /// Ring an agent's device for a call.
    #[serde(rename = "ring")]
    Ring {
        /// The call.
        call: String,
        /// The number of this ringing.
        offer: u64,
        /// The agent's name in the groups file.
        agent: String,
        /// The device.
        device: String,
        /// The caller's number, to show.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<String>,
    },
    /// Stop ringing.
    #[serde(rename = "cancel_ring")]
    CancelRing {
        /// The ringing.
        offer: u64,
    },
    /// Join the caller and the agent who answered; while another agent is joined with the caller, all three.
    #[serde(rename = "connect")]
    Connect {
        /// The call.
        call: String,
        /// The ringing that was answered.
        offer: u64,
    },
    /// Record what caller and agent say to each other, together; pause, go on, or end and keep it.
    #[serde(rename = "record_talk")]
    RecordTalk {
        /// The call.
        call: String,
        /// The ringing that was answered.
        offer: u64,
        /// What the recording is called, for good.
        recording: String,
        /// What to do.
        #[serde(rename = "do")]
        act: TapeAct,
    },
    /// Part an agent from the caller, and from another agent in the conversation; the agent's leg ends, theirs go
    /// on.
    #[serde(rename = "disconnect")]
    Disconnect {
        /// The call.
        call: String,
        /// The ringing that was answered.
        offer: u64,
    },
    /// End the call.
    #[serde(rename = "hangup")]
    HangUp {
        /// The call.
        call: String,
    },
}

/// What to do with the recording of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TapeAct {
    /// Begin one of this name.
    Start,
    /// Record nothing until further notice; not even silence has to be kept.
    Pause,
    /// Go on after a pause.
    Resume,
    /// End it and keep it. The end of the conversation ends it too.
    Stop,
}

/// Why a call was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RefuseReason {
    /// All trunks of the line are busy.
    Busy,
    /// The daemon has more to do than it can.
    Overload,
    /// The journal takes no new calls: its disk is full.
    JournalFull,
    /// The daemon takes no new calls: it is stopping.
    Stopping,
    /// The report of the call was wrong; an `error` says what.
    BadCall,
}

impl RefuseReason {
    /// The name in messages and records.
    pub fn name(self) -> &'static str {
        match self {
            Self::Busy => "busy",
            Self::Overload => "overload",
            Self::JournalFull => "journal-full",
            Self::Stopping => "stopping",
            Self::BadCall => "bad-call",
        }
    }
}

/// A piece of a prompt.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Spoken {
    /// Words.
    Text(String),
    /// Digits, one by one.
    Digits(String),
    /// A number.
    Number(u32),
    /// A length of time in minutes.
    Minutes(u32),
    /// A day.
    Date {
        /// As in `2026-11-26`.
        date: String,
        /// The words.
        text: String,
    },
    /// A time of day.
    Time {
        /// As in `14:30`.
        time: String,
        /// The words.
        text: String,
    },
    /// A sum.
    Money {
        /// As in `12.5`.
        amount: String,
        /// The code of the currency, `EUR`; empty when it is not known.
        currency: String,
        /// The words.
        text: String,
    },
    /// A value as it is, which nobody can have recorded.
    Value(String),
}
