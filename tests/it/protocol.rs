//! The AsyncAPI document is what the types say, and its examples can be read.

use serde_json::Value;
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
        let written: Value = serde_json::from_str(&wire::write(&read)).expect("JSON");
        let wanted: Value = serde_json::from_str(text).expect("JSON");
        assert_eq!(written, wanted);
    }
}

/// The kinds of message that a schema knows: what their `type` must be.
fn kinds(schema: &Value, found: &mut Vec<String>) {
    if let Some(kind) = schema["properties"]["type"]["const"].as_str() {
        found.push(kind.to_owned());
    }
    match schema {
        Value::Object(map) => map.values().for_each(|inner| kinds(inner, found)),
        Value::Array(list) => list.iter().for_each(|inner| kinds(inner, found)),
        _ => {}
    }
}

#[test]
fn every_kind_of_message_has_an_example() {
    let document = schema::asyncapi();
    let mut known = Vec::new();
    kinds(&document["components"]["schemas"], &mut known);
    assert!(known.len() > 25, "{known:?}");
    for kind in known {
        let example = format!("\"type\":\"{kind}\"");
        let mut all = schema::REPORTS.iter().chain(schema::ORDERS);
        assert!(all.any(|text| text.contains(&example)), "{kind}");
    }
}

#[test]
fn every_error_is_described_in_the_document_and_in_words() {
    let words = include_str!("../../docs/BRIDGE.md");
    let document = schema::asyncapi();
    let codes = document["components"]["schemas"]["Code"]["oneOf"].as_array();
    for code in codes.expect("the codes") {
        let name = code["const"].as_str().expect("a code");
        assert!(code["description"].is_string(), "{name}");
        let told = [format!("`{name}`"), format!("| {name} |")];
        assert!(told.iter().any(|form| words.contains(form)), "{name}");
    }
}
