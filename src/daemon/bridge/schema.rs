//! The protocol as an AsyncAPI 3.0 document, made from its types.

use super::protocol::FromBridge;
use super::protocol::PROTOCOL;
use super::protocol::ToBridge;
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::Value;
use serde_json::json;

/// What a bridge may say, one of each kind.
pub const REPORTS: &[&str] = &[
    r#"{"type":"hello","protocol":1,"bridge":"b","can":["ring","record","record_talk","music","dial"],"devices":["SIP/"],"clock_ms":0}"#,
    r#"{"type":"hello","protocol":1,"bridge":"b","clock_ms":9000,"resume":{"session":3,"effect":8}}"#,
    r#"{"type":"ack","effect":8}"#,
    r#"{"type":"ping","clock_ms":5000}"#,
    r#"{"type":"call.started","seq":1,"call":"a","line":"clinic","from":"+441632960001"}"#,
    r#"{"type":"key","seq":2,"at_ms":1234,"call":"a","key":"1"}"#,
    r#"{"type":"play.done","seq":3,"call":"a","play":2}"#,
    r#"{"type":"call.ended","seq":4,"call":"a"}"#,
    r#"{"type":"recording.done","seq":5,"call":"a","length_ms":4000,"recording":"a.wav"}"#,
    r#"{"type":"transfer.done","seq":6,"call":"a"}"#,
    r#"{"type":"transfer.failed","seq":7,"call":"a"}"#,
    r#"{"type":"agent.answered","seq":8,"offer":1}"#,
    r#"{"type":"agent.declined","seq":9,"offer":1}"#,
    r#"{"type":"agent.hung_up","seq":10,"offer":1}"#,
    r#"{"type":"dial.answered","seq":12,"call":"callback-3.0"}"#,
    r#"{"type":"dial.failed","seq":13,"call":"callback-3.0"}"#,
    r#"{"type":"record_talk.failed","seq":14,"recording":"clinic-20261126-143000000-1"}"#,
    r#"{"type":"device.state","seq":11,"device":"SIP/ana","reachable":false}"#,
];

/// What strowger may say, one of each kind.
pub const ORDERS: &[&str] = &[
    r#"{"type":"welcome","protocol":1,"session":3,"resumed":false,"received":0,"heartbeat_ms":5000,"lines":[]}"#,
    r#"{"type":"ack","seq":4}"#,
    r#"{"type":"pong","clock_ms":5000}"#,
    r#"{"type":"error","code":"unknown-call","message":"there is no such call","seq":4}"#,
    r#"{"effect":1,"type":"answer","call":"a"}"#,
    r#"{"effect":2,"type":"play","call":"a","play":1,"line":"clinic","prompt":"main","language":"en","parts":[{"text":"Welcome."}],"length_ms":900}"#,
    r#"{"effect":3,"type":"ring","call":"a","offer":1,"agent":"ana","device":"SIP/ana"}"#,
    r#"{"effect":4,"type":"connect","call":"a","offer":1}"#,
    r#"{"effect":5,"type":"disconnect","call":"a","offer":1}"#,
    r#"{"effect":6,"type":"hangup","call":"a"}"#,
    r#"{"effect":7,"type":"refuse","call":"b","reason":"busy"}"#,
    r#"{"effect":8,"type":"stop","call":"c"}"#,
    r#"{"effect":9,"type":"music","call":"c","file":"hold/quiet.wav"}"#,
    r#"{"effect":10,"type":"record","call":"c","mailbox":"support","max_ms":60000}"#,
    r#"{"effect":11,"type":"transfer","call":"c","to":"+441632960002"}"#,
    r#"{"effect":12,"type":"cancel_ring","offer":2}"#,
    r#"{"effect":13,"type":"dial","call":"callback-3.0","number":"+441632960001","show":"+441632960555","ring_ms":30000}"#,
    r#"{"effect":14,"type":"record_talk","call":"a","offer":1,"recording":"clinic-20261126-143000000-1","do":"start"}"#,
];

/// The document, as `docs/asyncapi.json` has it.
pub fn asyncapi() -> Value {
    let settings = SchemaSettings::draft07()
        .with(|settings| settings.definitions_path = "/components/schemas".into());
    let mut generator = settings.into_generator();
    let said = message::<FromBridge>(&mut generator, "What a bridge says.", REPORTS);
    let told = message::<ToBridge>(&mut generator, "What strowger says.", ORDERS);
    let channel = |address: Option<&str>, server: &str, title: &str| {
        json!({
            "servers": [{ "$ref": format!("#/servers/{server}") }],
            "address": address,
            "title": title,
            "messages": {
                "fromBridge": { "$ref": "#/components/messages/fromBridge" },
                "toBridge": { "$ref": "#/components/messages/toBridge" },
            },
        })
    };
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "strowger, the bridge protocol",
            "version": PROTOCOL.to_string(),
            "description": "Whatever owns the audio of calls reports what happens and carries out \
                            what it is asked for. docs/BRIDGE.md tells the rules.",
        },
        "defaultContentType": "application/json",
        "servers": {
            "websocket": { "host": "127.0.0.1:4747", "protocol": "ws" },
            "lines": { "host": "127.0.0.1:4748", "protocol": "tcp" },
        },
        "channels": {
            "websocket": channel(Some("/api/v1/bridge"), "websocket", "One message a text frame."),
            "lines": channel(None, "lines", "One message a line."),
        },
        "operations": {
            "hearFrames": operation("receive", "websocket", "fromBridge"),
            "tellFrames": operation("send", "websocket", "toBridge"),
            "hearLines": operation("receive", "lines", "fromBridge"),
            "tellLines": operation("send", "lines", "toBridge"),
        },
        "components": {
            "messages": { "fromBridge": said, "toBridge": told },
            "schemas": generator.take_definitions(true),
        },
    })
}

fn message<T: schemars::JsonSchema>(
    generator: &mut SchemaGenerator,
    summary: &str,
    examples: &[&str],
) -> Value {
    let examples = examples.iter().map(|text| {
        let payload: Value = serde_json::from_str(text).expect("an example is JSON");
        json!({ "name": payload["type"], "payload": payload })
    });
    json!({
        "summary": summary,
        "payload": generator.subschema_for::<T>(),
        "examples": examples.collect::<Vec<_>>(),
    })
}

fn operation(action: &str, channel: &str, message: &str) -> Value {
    json!({
        "action": action,
        "channel": { "$ref": format!("#/channels/{channel}") },
        "messages": [{ "$ref": format!("#/channels/{channel}/messages/{message}") }],
    })
}
