//! Text into messages, and what is wrong with it.

use super::protocol::CALLS_LISTED_MAX;
use super::protocol::Code;
use super::protocol::Effect;
use super::protocol::Event;
use super::protocol::FromBridge;
use super::protocol::Hello;
use super::protocol::MESSAGE_BYTES_MAX;
use super::protocol::NAME_BYTES_MAX;
use super::protocol::Refusal;
use super::protocol::Report;
use super::protocol::ToBridge;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::io::Write as _;

/// Characters of what is said about a message, which may quote it.
const OBJECTION_MAX: usize = 300;

/// Reads one message; one that cannot be read says why.
pub fn parse(text: &str) -> FromBridge {
    read(text).unwrap_or_else(FromBridge::Unreadable)
}

/// Writes one message, on one line.
pub fn write(message: &ToBridge) -> String {
    let mut text = Vec::new();
    write_to(&mut text, message);
    String::from_utf8(text).expect("JSON is text")
}

/// Adds one message to others, on the same line.
pub fn write_to(text: &mut Vec<u8>, message: &ToBridge) {
    let written = match message {
        // Almost all messages; flattened by hand, as serde does it by way of a map.
        ToBridge::Effect(Effect { effect, act }) => {
            let written = serde_json::to_writer(&mut *text, act);
            text.truncate(text.len() - 1);
            write!(text, ",\"effect\":{effect}}}").expect("text grows");
            written
        }
        other => serde_json::to_writer(text, other),
    };
    written.expect("a message is plain data");
}

/// A refusal that ends the connection.
pub fn fatal(code: Code, message: &str) -> Refusal {
    Refusal {
        code,
        message: message.to_owned(),
        seq: None,
        fatal: true,
    }
}

fn read(text: &str) -> Result<FromBridge, Refusal> {
    if text.len() > MESSAGE_BYTES_MAX {
        return Err(too_long());
    }
    let message = match usual(text) {
        Some(report) => FromBridge::Report(report),
        None => read_any(text)?,
    };
    match message {
        FromBridge::Report(report) => bounded_report(report).map(FromBridge::Report),
        other => Ok(other),
    }
}

/// The fields of the reports that come all the time.
#[derive(Deserialize)]
struct Usual<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    seq: u64,
    at_ms: Option<i64>,
    call: &'a str,
    line: Option<&'a str>,
    number: Option<&'a str>,
    from: Option<&'a str>,
    device: Option<&'a str>,
    key: Option<char>,
    play: Option<u32>,
}

/// Reads one of the reports that come all the time, in one pass. Whatever is out of the ordinary is
/// left to [`read_any`], which says what is wrong with it.
fn usual(text: &str) -> Option<Report> {
    let usual: Usual<'_> = serde_json::from_str(text).ok()?;
    let call = usual.call.to_owned();
    let owned = |text: Option<&str>| text.map(str::to_owned);
    let event = match usual.kind {
        "call.started" => Event::CallStarted {
            call,
            line: owned(usual.line),
            number: owned(usual.number),
            from: owned(usual.from),
            device: owned(usual.device),
        },
        "key" => Event::Key {
            call,
            key: usual.key?,
        },
        "play.done" => Event::PlayDone {
            call,
            play: usual.play?,
        },
        "call.ended" => Event::CallEnded { call },
        _ => return None,
    };
    Some(Report {
        seq: usual.seq,
        at_ms: usual.at_ms,
        event,
    })
}

fn read_any(text: &str) -> Result<FromBridge, Refusal> {
    let value: Value = serde_json::from_str(text).map_err(|error| bad(None, &error.to_string()))?;
    let seq = value.get("seq").and_then(Value::as_u64);
    let Some(kind) = value.get("type").and_then(Value::as_str) else {
        return Err(bad(seq, "a message is an object with a \"type\""));
    };
    match kind {
        "hello" => bounded_hello(from(value, None)?).map(FromBridge::Hello),
        "ack" => from(value, None).map(|Ack { effect }| FromBridge::Ack { effect }),
        "ping" => from(value, None).map(|Ping { clock_ms }| FromBridge::Ping { clock_ms }),
        _ => from(value, seq).map(FromBridge::Report),
    }
}

/// What is said of a message that is too long.
pub fn too_long() -> Refusal {
    let message = format!("a message has at most {MESSAGE_BYTES_MAX} bytes");
    fatal(Code::TooLong, &message)
}

#[derive(Deserialize)]
struct Ack {
    effect: u64,
}

#[derive(Deserialize)]
struct Ping {
    clock_ms: i64,
}

fn from<T: DeserializeOwned>(value: Value, seq: Option<u64>) -> Result<T, Refusal> {
    serde_json::from_value(value).map_err(|error| bad(seq, &error.to_string()))
}

/// What is said of text that is none.
pub fn no_text(what: &str) -> Refusal {
    bad(None, &format!("{what} is not text in UTF-8"))
}

/// What cannot be read, and why; not fatal.
pub fn bad(seq: Option<u64>, what: &str) -> Refusal {
    Refusal {
        code: Code::BadMessage,
        message: what.chars().take(OBJECTION_MAX).collect(),
        seq,
        fatal: false,
    }
}

fn bounded_hello(hello: Hello) -> Result<Hello, Refusal> {
    let listed = hello.calls.len();
    let names = [&hello.bridge].into_iter().chain(&hello.calls);
    if listed > CALLS_LISTED_MAX {
        let message = format!("a hello lists at most {CALLS_LISTED_MAX} calls, not {listed}");
        return Err(fatal(Code::BadValue, &message));
    }
    if hello.bridge.trim() != hello.bridge {
        let message = "the bridge's name begins or ends with a blank";
        return Err(fatal(Code::BadValue, message));
    }
    for name in names {
        check_name("a name", name).map_err(|message| fatal(Code::BadValue, &message))?;
    }
    for device in &hello.devices {
        check_text("the beginning of a device's name", device)
            .map_err(|message| fatal(Code::BadValue, &message))?;
    }
    Ok(hello)
}

fn bounded_report(report: Report) -> Result<Report, Refusal> {
    if report.seq == 0 {
        return Err(bad(None, "reports are numbered from 1"));
    }
    check_event(&report.event).map_err(|message| Refusal {
        code: Code::BadValue,
        message,
        seq: Some(report.seq),
        fatal: false,
    })?;
    Ok(report)
}

fn check_event(event: &Event) -> Result<(), String> {
    match event {
        Event::CallStarted {
            call,
            line,
            number,
            from,
            device,
        } => {
            check_name("call", call)?;
            let texts = [
                ("line", line),
                ("number", number),
                ("from", from),
                ("device", device),
            ];
            for (what, text) in texts {
                check_text(what, text.as_deref().unwrap_or(""))?;
            }
            Ok(())
        }
        Event::Key { call, .. }
        | Event::PlayDone { call, .. }
        | Event::CallEnded { call }
        | Event::TransferDone { call }
        | Event::DialAnswered { call }
        | Event::DialFailed { call }
        | Event::TransferFailed { call } => check_name("call", call),
        Event::RecordingDone {
            call, recording, ..
        } => {
            check_name("call", call)?;
            (recording.iter()).try_for_each(|recording| check_name("recording", recording))
        }
        Event::RecordTalkFailed { recording } => check_name("recording", recording),
        Event::DeviceState { device, .. } => check_name("device", device),
        Event::AgentAnswered { .. } | Event::AgentDeclined { .. } | Event::AgentHungUp { .. } => {
            Ok(())
        }
    }
}

fn check_name(what: &str, name: &str) -> Result<(), String> {
    match name.is_empty() {
        true => Err(format!("{what} is empty")),
        false => check_text(what, name),
    }
}

/// Bounded and printable: what comes from outside ends up in terminals and reports.
fn check_text(what: &str, text: &str) -> Result<(), String> {
    if text.len() > NAME_BYTES_MAX {
        return Err(format!("{what} has more than {NAME_BYTES_MAX} bytes"));
    }
    if text.chars().any(char::is_control) {
        return Err(format!("{what} has control characters"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn refusal(text: &str) -> Refusal {
        match parse(text) {
            FromBridge::Unreadable(refusal) => refusal,
            other => panic!("{text} was read as {other:?}"),
        }
    }

    #[test]
    fn a_hello_has_room_for_all_the_calls_that_it_may_list() {
        for (length, count) in [(36, CALLS_LISTED_MAX), (NAME_BYTES_MAX, 7900)] {
            let name = |call: usize| format!("{call:0length$}");
            let calls: Vec<String> = (0..count).map(name).collect();
            let hello = serde_json::json!({
                "type": "hello", "protocol": 1, "bridge": "b", "can": ["ring"],
                "devices": ["SIP/"], "clock_ms": 0, "calls": calls,
            });
            let read = parse(&hello.to_string());
            assert!(matches!(read, FromBridge::Hello(_)), "{length}");
        }
    }

    #[test]
    fn a_report_keeps_its_number_when_it_cannot_be_read() {
        let refused = refusal(r#"{"type":"key","seq":7,"call":"a"}"#);
        assert_eq!((refused.code, refused.seq), (Code::BadMessage, Some(7)));
        assert!(
            refused.message.contains("missing field `key`"),
            "{refused:?}"
        );
        let refused = refusal(r#"{"type":"kee","seq":8}"#);
        assert_eq!((refused.code, refused.seq), (Code::BadMessage, Some(8)));
        assert!(
            refused.message.contains("unknown variant `kee`"),
            "{refused:?}"
        );
    }

    #[test]
    fn the_usual_reports_are_read_at_once() {
        for text in [
            r#"{"type":"call.started","seq":1,"call":"a","line":"clinic","from":"+4416"}"#,
            r#"{"type":"key","seq":2,"at_ms":-5,"call":"a","key":"*"}"#,
            r#"{"type":"play.done","seq":3,"call":"a","play":7,"new":[]}"#,
            r#"{"type":"call.ended","seq":4,"call":"a"}"#,
        ] {
            let report = usual(text).map(FromBridge::Report);
            assert_eq!(report.as_ref(), read_any(text).ok().as_ref());
            assert!(report.is_some(), "{text}");
        }
    }

    #[test]
    fn no_bridge_is_another_by_a_blank_at_the_end_of_its_name() {
        let hello = |name: &str| {
            format!(r#"{{"type":"hello","protocol":1,"bridge":"{name}","clock_ms":0}}"#)
        };
        for name in [" b", "b ", " b ", "\u{a0}b"] {
            let refused = refusal(&hello(name));
            assert_eq!((refused.code, refused.fatal), (Code::BadValue, true));
            let why = "the bridge's name begins or ends with a blank";
            assert_eq!(refused.message, why);
        }
        assert!(matches!(parse(&hello("north b")), FromBridge::Hello(_)));
    }

    proptest! {
        /// Both ways of reading agree wherever the short one has an answer.
        #[test]
        fn the_short_way_of_reading_is_none_of_its_own(
            kind in prop::sample::select(vec!["call.started", "key", "play.done", "call.ended", "x"]),
            whole in any::<bool>(),
            fields in prop::collection::vec((
                prop::sample::select(vec![
                    "seq", "at_ms", "call", "line", "number", "from", "device", "key", "play", "x",
                ]),
                prop::sample::select(vec!["1", "-1", "1.5", "null", r#""1""#, r#""\\n""#, r#""""#, "[]"]),
            ), 0..8),
        ) {
            let fields = fields.iter().map(|(name, value)| format!(r#","{name}":{value}"#));
            let given = if whole { r#","seq":7,"call":"c""# } else { "" };
            let fields: String = fields.collect();
            let text = format!(r#"{{"type":"{kind}"{given}{fields}}}"#);
            if let Some(report) = usual(&text) {
                prop_assert_eq!(Ok(FromBridge::Report(report)), read_any(&text));
            }
        }
    }

    #[test]
    fn an_objection_does_not_repeat_a_long_message() {
        let text = format!(r#"{{"type":"{}","seq":1}}"#, "x".repeat(100_000));
        assert_eq!(refusal(&text).message.len(), OBJECTION_MAX);
    }

    #[test]
    fn names_are_bounded_and_printable() {
        let long = "x".repeat(NAME_BYTES_MAX + 1);
        for call in ["", "a\\u0007b", &long] {
            let refused = refusal(&format!(
                r#"{{"type":"call.ended","seq":1,"call":"{call}"}}"#
            ));
            assert_eq!(
                (refused.code, refused.seq),
                (Code::BadValue, Some(1)),
                "{call}"
            );
        }
    }
}
