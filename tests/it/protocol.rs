//! The AsyncAPI document is what the types say, and its examples can be read.

use snapbox::Data;
use snapbox::assert_data_eq;
use std::path::Path;
use strowger::daemon::bridge::protocol::FromBridge;
use strowger::daemon::bridge::protocol::ToBridge;
use strowger::daemon::bridge::schema;
use strowger::daemon::bridge::wire;

#[test]
fn the_document_is_what_the_types_say() {
    let text = format!("{:#}\n", schema::asyncapi());
    let kept = Path::new("docs/asyncapi.json");
    assert_data_eq!(Data::text(text).raw(), Data::read_from(kept, None).raw());
}

#[test]
fn its_examples_are_read_and_written_as_they_stand() {
    for text in schema::REPORTS {
        let read = wire::parse(text);
        assert!(
            !matches!(read, FromBridge::Unreadable(_)),
            "{text}: {read:?}"
        );
        let again = wire::parse(&serde_json::to_string(&read).expect("plain data"));
        assert_eq!(read, again);
    }
    for text in schema::ORDERS {
        let read: ToBridge = serde_json::from_str(text).expect(text);
        let written: serde_json::Value = serde_json::from_str(&wire::write(&read)).expect("JSON");
        let wanted: serde_json::Value = serde_json::from_str(text).expect("JSON");
        assert_eq!(written, wanted);
    }
}

#[test]
fn every_kind_of_report_is_among_the_examples_and_in_the_schema() {
    let document = schema::asyncapi().to_string();
    for kind in [
        "hello",
        "ack",
        "ping",
        "call.started",
        "key",
        "play.done",
        "call.ended",
        "recording.done",
        "transfer.done",
        "transfer.failed",
        "agent.answered",
        "agent.declined",
        "agent.hung_up",
        "device.state",
    ] {
        let example = format!("\"type\":\"{kind}\"");
        assert!(
            schema::REPORTS.iter().any(|text| text.contains(&example)),
            "{kind}"
        );
        assert!(
            document.contains(&format!("\"const\":\"{kind}\"")),
            "{kind}"
        );
    }
}
