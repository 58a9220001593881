//! Text into messages, and what is wrong with it.

use super::protocol::CALLS_LISTED_MAX;
use super::protocol::Code;
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

/// Reads one message; one that cannot be read says why.
pub fn parse(text: &str) -> FromBridge {
    read(text).unwrap_or_else(FromBridge::Unreadable)
}

/// Writes one message, on one line.
pub fn write(message: &ToBridge) -> String {
    serde_json::to_string(message).expect("a message is plain data")
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
    let value: Value = serde_json::from_str(text).map_err(|error| bad(None, &error.to_string()))?;
    let seq = value.get("seq").and_then(Value::as_u64);
    let Some(kind) = value.get("type").and_then(Value::as_str) else {
        return Err(bad(seq, "a message is an object with a \"type\""));
    };
    match kind {
        "hello" => bounded_hello(from(value, seq)?).map(FromBridge::Hello),
        "ack" => from(value, seq).map(|Ack { effect }| FromBridge::Ack { effect }),
        "ping" => from(value, seq).map(|Ping { clock_ms }| FromBridge::Ping { clock_ms }),
        _ => bounded_report(from(value, seq)?).map(FromBridge::Report),
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

fn bad(seq: Option<u64>, what: &str) -> Refusal {
    Refusal {
        code: Code::BadMessage,
        message: what.to_owned(),
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
        | Event::TransferFailed { call } => check_name("call", call),
        Event::RecordingDone {
            call, recording, ..
        } => {
            check_name("call", call)?;
            check_text("recording", recording.as_deref().unwrap_or(""))
        }
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

    fn refusal(text: &str) -> Refusal {
        match parse(text) {
            FromBridge::Unreadable(refusal) => refusal,
            other => panic!("{text} was read as {other:?}"),
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
