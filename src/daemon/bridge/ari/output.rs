//! What comes of something heard or told.

use super::request::Request;
use crate::daemon::bridge::protocol::Event;

/// What is to be done about something heard or told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Output {
    /// Tell strowger.
    Report(Event),
    /// Ask Asterisk; its answer matters for this.
    Ask(Request, Purpose),
    /// Come back later: [`super::translator::Translator::waited`].
    Wait {
        /// How much later, in milliseconds.
        ms: u64,
        /// For what.
        playback: String,
    },
}

/// What an answer of Asterisk's is good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Nothing: if it failed, an event says more.
    Nothing,
    /// The channels of the application.
    List,
    /// The playback begins.
    Play(String),
    /// The agent's device rings.
    Ring(u64),
    /// The number outside rings.
    Dial(String),
    /// How the number outside stands.
    IsDialling(String),
    /// The call is being recorded.
    Record(String),
    /// Whether the playback still goes on.
    IsPlaying(String),
    /// Whether the call is still being recorded.
    IsRecording(String),
    /// The conversation is being recorded under this name.
    RecordTalk(String),
    /// Its recording is paused.
    PauseTalk(String),
    /// How the agent's leg stands.
    AgentLeg(u64),
}

/// Asks for something whose answer does not matter.
pub(super) fn ask(request: Request, out: &mut Vec<Output>) {
    out.push(Output::Ask(request, Purpose::Nothing));
}
