//! What Asterisk says: the events and responses that a bridge needs, out of some fifty kinds.

use crate::daemon::bridge::protocol::NAME_BYTES_MAX;
use serde::Deserialize;
use std::fmt;

/// The longest message that is read, in bytes; the list of a thousand channels has about 60 000.
pub const HEARD_BYTES_MAX: usize = 1024 * 1024;

/// Something Asterisk has said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// A channel has entered the application: a caller, or an agent who picked up.
    Arrived {
        /// The channel.
        channel: Channel,
        /// What the dialplan or the origination gave it.
        args: Vec<String>,
    },
    /// A channel is gone, or is no longer ours.
    Gone {
        /// The channel's id.
        channel: String,
    },
    /// Somebody has pressed a key.
    Digit {
        /// The channel's id.
        channel: String,
        /// `0` to `9`, `*`, `#`, and `A` to `D`.
        digit: char,
    },
    /// A sound has ended, at its end or before.
    Played {
        /// The playback's id.
        playback: String,
        /// Whether it could not be played: there is no such sound.
        failed: bool,
    },
    /// A recording has ended.
    Recorded {
        /// The recording's name.
        recording: String,
        /// The id of the channel that was recorded.
        channel: String,
        /// How long it is, in seconds; none when it failed.
        length_s: u64,
        /// Whether nothing could be recorded.
        failed: bool,
    },
    /// What was said in a bridge could not be recorded.
    TalkNotRecorded {
        /// The recording's name.
        recording: String,
    },
    /// The answer to a request.
    Response {
        /// The number that the request had; none if it was none of ours.
        request: Option<u64>,
        /// As in HTTP.
        status: u16,
        /// The body, mostly JSON.
        body: String,
    },
    /// Another client has taken the application over.
    Replaced,
    /// Anything else.
    Other,
}

/// A channel: one leg of a call.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Channel {
    /// Its id, unique in this Asterisk.
    pub id: String,
    /// `PJSIP/211-0000002a`: the device and a count.
    #[serde(default)]
    pub name: String,
    /// `Up` once it has been answered.
    #[serde(default)]
    pub state: String,
    /// Who calls.
    #[serde(default)]
    pub caller: Caller,
    /// Where it is in the dialplan.
    #[serde(default)]
    pub dialplan: Place,
}

/// Who calls.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Caller {
    /// The number; empty when it is withheld.
    #[serde(default)]
    pub number: String,
}

/// A place in Asterisk's dialplan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Place {
    /// The extension: what was dialled.
    #[serde(default)]
    pub exten: String,
}

/// Why a message could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable(String);

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "asterisk sent what cannot be read: {}", self.0)
    }
}

impl std::error::Error for Unreadable {}

/// Reads one message. Kinds that no bridge needs are [`Heard::Other`].
///
/// # Errors
/// If it is no JSON, has no type, lacks a field, or names something with more than
/// [`NAME_BYTES_MAX`] bytes.
pub fn parse(text: &str) -> Result<Heard, Unreadable> {
    let message: Message =
        serde_json::from_str(text).map_err(|error| Unreadable(error.to_string()))?;
    let heard = message.into_heard();
    match heard.channel().is_none_or(is_name) {
        true => Ok(heard),
        false => Err(Unreadable(format!(
            "a name is empty or longer than {NAME_BYTES_MAX} bytes"
        ))),
    }
}

/// Reads the body of `GET applications/{app}`: the ids of its channels.
///
/// # Errors
/// If it is no such body.
pub fn parse_application(body: &str) -> Result<Vec<String>, Unreadable> {
    #[derive(Deserialize)]
    struct Application {
        channel_ids: Vec<String>,
    }
    let application: Application =
        serde_json::from_str(body).map_err(|error| Unreadable(error.to_string()))?;
    Ok(application.channel_ids)
}

/// Reads the body of `GET channels/{id}`.
///
/// # Errors
/// If it is no such body.
pub fn parse_channel(body: &str) -> Result<Channel, Unreadable> {
    serde_json::from_str(body).map_err(|error| Unreadable(error.to_string()))
}

impl Heard {
    /// The channel that will name a call. The ids of playbacks and recordings are of our own
    /// making, and longer.
    fn channel(&self) -> Option<&str> {
        match self {
            Self::Arrived { channel, .. } => Some(&channel.id),
            Self::Gone { channel } | Self::Digit { channel, .. } => Some(channel),
            _ => None,
        }
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.len() <= NAME_BYTES_MAX
}

/// The messages as Asterisk writes them.
#[derive(Deserialize)]
#[serde(tag = "type")]
enum Message {
    StasisStart {
        channel: Channel,
        #[serde(default)]
        args: Vec<String>,
    },
    StasisEnd {
        channel: Named,
    },
    ChannelDestroyed {
        channel: Named,
    },
    ChannelDtmfReceived {
        channel: Named,
        digit: char,
    },
    PlaybackFinished {
        playback: Playback,
    },
    RecordingFinished {
        recording: Recording,
    },
    RecordingFailed {
        recording: Recording,
    },
    #[serde(rename = "RESTResponse")]
    RestResponse {
        #[serde(default)]
        request_id: String,
        status_code: u16,
        #[serde(default)]
        message_body: String,
    },
    ApplicationReplaced {},
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Named {
    id: String,
}

#[derive(Deserialize)]
struct Playback {
    id: String,
    #[serde(default)]
    state: String,
}

#[derive(Deserialize)]
struct Recording {
    name: String,
    /// `channel:` or `bridge:`, and its id.
    #[serde(default)]
    target_uri: String,
    #[serde(default)]
    duration: u64,
}

impl Recording {
    fn is_of_bridge(&self) -> bool {
        self.target_uri.starts_with("bridge:")
    }

    fn channel(&self) -> String {
        let target = &self.target_uri;
        target.strip_prefix("channel:").unwrap_or("").to_owned()
    }
}

impl Message {
    fn into_heard(self) -> Heard {
        match self {
            Self::StasisStart { channel, args } => Heard::Arrived { channel, args },
            Self::StasisEnd { channel } | Self::ChannelDestroyed { channel } => Heard::Gone {
                channel: channel.id,
            },
            Self::ChannelDtmfReceived { channel, digit } => Heard::Digit {
                channel: channel.id,
                digit,
            },
            Self::PlaybackFinished { playback } => Heard::Played {
                failed: playback.state == "failed",
                playback: playback.id,
            },
            Self::RecordingFinished { recording } => Heard::Recorded {
                channel: recording.channel(),
                recording: recording.name,
                length_s: recording.duration,
                failed: false,
            },
            Self::RecordingFailed { recording } if recording.is_of_bridge() => {
                Heard::TalkNotRecorded {
                    recording: recording.name,
                }
            }
            Self::RecordingFailed { recording } => Heard::Recorded {
                channel: recording.channel(),
                recording: recording.name,
                length_s: 0,
                failed: true,
            },
            Self::RestResponse {
                request_id,
                status_code,
                message_body,
            } => Heard::Response {
                request: request_id.parse().ok(),
                status: status_code,
                body: message_body,
            },
            Self::ApplicationReplaced {} => Heard::Replaced,
            Self::Other => Heard::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_arrives_with_number_and_arguments() {
        let text = r#"{"type":"StasisStart","timestamp":"2026-11-25T03:10:00.000+0000",
            "args":["call","+441632960100"],"channel":{"id":"1764.7","name":"PJSIP/rfc-00000003",
            "state":"Ring","protocol_id":"x","caller":{"name":"","number":"0201"},
            "connected":{"name":"","number":""},"accountcode":"",
            "dialplan":{"context":"from-sip","exten":"100","priority":2,"app_name":"Stasis",
            "app_data":"strowger,call,+441632960100"},"creationtime":"x","language":"en"},
            "asterisk_id":"02:00:00:00:00:01","application":"strowger"}"#;
        let Ok(Heard::Arrived { channel, args }) = parse(text) else {
            panic!("a caller");
        };
        assert_eq!(channel.id, "1764.7");
        assert_eq!(channel.caller.number, "0201");
        assert_eq!(channel.dialplan.exten, "100");
        assert_eq!(args, ["call", "+441632960100"]);
    }

    #[test]
    fn the_ends_of_sounds_and_recordings_say_whether_they_failed() {
        let heard = parse(
            r#"{"type":"PlaybackFinished","playback":{"id":"1-0-1-c","media_uri":"sound:x",
            "target_uri":"channel:c","language":"en","state":"failed"}}"#,
        );
        let expected = Heard::Played {
            playback: "1-0-1-c".to_owned(),
            failed: true,
        };
        assert_eq!(heard, Ok(expected));
        let heard = parse(
            r#"{"type":"RecordingFinished","recording":{"name":"reception-c-1","format":"wav",
            "state":"done","target_uri":"channel:c","duration":7}}"#,
        );
        let expected = Heard::Recorded {
            recording: "reception-c-1".to_owned(),
            channel: "c".to_owned(),
            length_s: 7,
            failed: false,
        };
        assert_eq!(heard, Ok(expected));
    }

    #[test]
    fn a_response_is_known_by_its_number() {
        let heard = parse(
            r#"{"type":"RESTResponse","transaction_id":"","request_id":"12","status_code":404,
            "reason_phrase":"Not Found","uri":"channels/x","message_body":"{\"message\":\"no\"}"}"#,
        );
        let expected = Heard::Response {
            request: Some(12),
            status: 404,
            body: r#"{"message":"no"}"#.to_owned(),
        };
        assert_eq!(heard, Ok(expected));
    }

    #[test]
    fn unknown_kinds_are_passed_over_and_nonsense_is_refused() {
        let other = r#"{"type":"ChannelVarset","variable":"X","value":"1"}"#;
        assert_eq!(parse(other), Ok(Heard::Other));
        assert!(parse("").is_err());
        assert!(parse("[]").is_err());
        assert!(parse(r#"{"type":"StasisEnd"}"#).is_err());
        assert!(parse(r#"{"type":"StasisEnd","channel":{"id":""}}"#).is_err());
        let long = "x".repeat(NAME_BYTES_MAX + 1);
        let long = format!(r#"{{"type":"StasisEnd","channel":{{"id":"{long}"}}}}"#);
        assert!(parse(&long).is_err());
    }

    #[test]
    fn the_channels_of_an_application_are_listed() {
        let body = r#"{"name":"strowger","channel_ids":["a","b"],"bridge_ids":[]}"#;
        let listed = ["a".to_owned(), "b".to_owned()];
        assert_eq!(parse_application(body), Ok(listed.to_vec()));
        assert!(parse_application("{}").is_err());
    }
}
