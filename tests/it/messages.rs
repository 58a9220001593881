//! Messages through a real daemon: what counts as one, and bridges that report them when the call has gone
//! on or is over.

use crate::dialling::Phone;
use crate::dialling::says;
use crate::served::Served;
use crate::temporary::Temporary;
use serde_json::Value;
use serde_json::json;
use std::fs;
use std::thread::sleep;
use std::time::Duration;

const LINES: [(&str, &str); 3] = [
    ("ends.toml", "@hangup"),
    ("goes-on.toml", "bye"),
    ("twice.toml", "day"),
];
/// What may follow the message: words, or another message.
const BYE: &str = r#"
[say.bye]
say = "Good-bye."
then = "@hangup"
"#;
const DAY: &str = r#"
[record.day]
say = "And now for the day."
mailbox = "day"
then = "@hangup"
"#;
const LINE: &str = r#"
format = 1
[line]
name = "Shop"
timezone = "Etc/UTC"
languages = ["en"]
start = "mail"
[record.mail]
say = "Please speak after the tone."
mailbox = "night"
then = "THEN"
"#;
/// A little longer than the shortest message.
const SPEAKS: Duration = Duration::from_millis(2100);

fn start(folder: &Temporary) -> Served {
    for (file, then) in LINES {
        let line = LINE.replace("\"THEN\"", &format!("\"{then}\""));
        let next = match then {
            "bye" => BYE,
            "day" => DAY,
            _ => "",
        };
        fs::write(folder.path().join(file), line + next).expect("a file");
    }
    Served::start(folder.path(), &LINES.map(|(file, _)| file))
}

fn to_the_tone(phone: &mut Phone, call: &str, line: &str) {
    phone.reports(json!({ "type": "call.started", "call": call, "line": line, "from": "+4411" }));
    hears_out(phone, call);
}

/// What is said before the tone is heard to its end.
fn hears_out(phone: &mut Phone, call: &str) {
    let play = phone.hears("play")["play"].clone();
    phone.reports(json!({ "type": "play.done", "call": call, "play": play }));
    phone.hears("record");
}

/// The caller ends the first of two messages, and is to speak another.
fn to_the_second_tone(phone: &mut Phone, call: &str) {
    phone.reports(json!({ "type": "key", "call": call, "key": "#" }));
    hears_out(phone, call);
}

fn done(phone: &mut Phone, call: &str, length_ms: u64) {
    phone.reports(json!({
        "type": "recording.done", "call": call, "length_ms": length_ms, "recording": call,
    }));
}

/// The calls that have left messages, the latest first.
fn left(daemon: &Served) -> Vec<String> {
    let rows = says(daemon, "messages");
    let call = |row: &Value| row["call"].as_str().expect("a call").to_owned();
    rows.as_array().expect("a list").iter().map(call).collect()
}

/// The mailboxes in which a call has left messages, the latest first, and how long these are.
fn mailboxes(daemon: &Served, call: &str) -> Vec<(String, u64)> {
    let rows = says(daemon, "messages");
    let rows = rows.as_array().expect("a list").iter();
    let mailbox = |row: &Value| {
        let mailbox = row["mailbox"].as_str().expect("a mailbox").to_owned();
        (mailbox, row["length_ms"].as_u64().expect("a length"))
    };
    rows.filter(|row| row["call"] == call)
        .map(mailbox)
        .collect()
}

fn outcome(daemon: &Served, call: &str) -> String {
    let rows = says(daemon, "calls/recent");
    let mut rows = rows.as_array().expect("a list").iter();
    let row = rows.find(|row| row["call"] == call).expect("it is over");
    row["outcome"].as_str().expect("an outcome").to_owned()
}

#[test]
fn a_message_is_kept_that_is_reported_when_the_call_has_gone_on_or_is_over() {
    let folder = Temporary::new(&std::env::temp_dir());
    let mut daemon = start(&folder);
    let mut phone = Phone::new(&daemon, &["record"]);
    // By a key, where the line goes on; by a key, where it ends; by hanging up.
    to_the_tone(&mut phone, "bye", "goes-on");
    to_the_tone(&mut phone, "key", "ends");
    to_the_tone(&mut phone, "gone", "ends");
    to_the_tone(&mut phone, "short", "ends");
    phone.reports(json!({ "type": "call.ended", "call": "short" }));
    sleep(SPEAKS);
    for call in ["bye", "key"] {
        phone.reports(json!({ "type": "key", "call": call, "key": "#" }));
    }
    phone.reports(json!({ "type": "call.ended", "call": "gone" }));
    done(&mut phone, "bye", 2000);
    done(&mut phone, "key", 2000);
    phone.is_safe();
    assert_eq!(left(&daemon), ["key", "bye"]);
    // A crash forgets nothing of it.
    daemon.kill();
    let daemon = start(&folder);
    let mut phone = Phone::forgetful(&daemon, &["record"], &["bye"]);
    phone.hears("welcome");
    done(&mut phone, "gone", 2000);
    done(&mut phone, "short", 300);
    phone.is_safe();
    assert_eq!(left(&daemon), ["gone", "key", "bye"]);
    for call in ["key", "gone"] {
        assert_eq!(outcome(&daemon, call), "message");
    }
    assert_ne!(outcome(&daemon, "short"), "message");
    // Each is reported once.
    done(&mut phone, "gone", 2000);
    assert_eq!(phone.hears("error")["code"], "unknown-call");
}

#[test]
fn what_is_kept_is_what_is_counted() {
    let folder = Temporary::new(&std::env::temp_dir());
    let daemon = start(&folder);
    let mut phone = Phone::new(&daemon, &["record"]);
    for (call, length_ms, is_message) in [
        ("silent", 0, false),
        ("short", 1999, false),
        ("long", 2000, true),
    ] {
        to_the_tone(&mut phone, call, "ends");
        done(&mut phone, call, length_ms);
        phone.hears("hangup");
        phone.is_safe();
        assert_eq!(outcome(&daemon, call) == "message", is_message, "{call}");
    }
    assert_eq!(left(&daemon), ["long"]);
    // Nobody can have spoken so long by now, though the call still records.
    to_the_tone(&mut phone, "boasts", "ends");
    done(&mut phone, "boasts", 86_400_000);
    phone.hears("hangup");
    phone.is_safe();
    let kept = mailboxes(&daemon, "boasts")[0].1;
    assert!((2000..60_000).contains(&kept), "{kept} ms");
    to_the_tone(&mut phone, "endless", "ends");
    for length_ms in [86_400_001, 9_223_372_036_854_775_813] {
        done(&mut phone, "endless", length_ms);
        assert_eq!(phone.hears("error")["code"], "bad-value");
    }
    assert_eq!(left(&daemon), ["boasts", "long"]);
}

#[test]
fn recordings_are_reported_in_their_order_also_while_the_next_is_in_progress() {
    let folder = Temporary::new(&std::env::temp_dir());
    let daemon = start(&folder);
    let mut phone = Phone::new(&daemon, &["record"]);
    for call in ["scrap", "both"] {
        to_the_tone(&mut phone, call, "twice");
    }
    to_the_second_tone(&mut phone, "scrap");
    sleep(SPEAKS);
    to_the_second_tone(&mut phone, "both");
    done(&mut phone, "scrap", 300);
    done(&mut phone, "both", 2000);
    sleep(SPEAKS);
    for call in ["scrap", "both"] {
        done(&mut phone, call, 2001);
        assert_eq!(phone.hears("hangup")["call"], call);
    }
    phone.is_safe();
    let (night, day) = (("night".to_owned(), 2000), ("day".to_owned(), 2001));
    assert_eq!(mailboxes(&daemon, "both"), [day.clone(), night]);
    assert_eq!(mailboxes(&daemon, "scrap"), [day]);
}

#[test]
fn a_recording_that_nobody_reports_takes_nothing_from_the_next() {
    let folder = Temporary::new(&std::env::temp_dir());
    let daemon = start(&folder);
    let mut phone = Phone::new(&daemon, &["record"]);
    for call in ["scrap", "long", "forgotten"] {
        to_the_tone(&mut phone, call, "twice");
    }
    // Too short for a message, too short for the report, and forgotten by the bridge.
    to_the_second_tone(&mut phone, "scrap");
    sleep(SPEAKS);
    to_the_second_tone(&mut phone, "long");
    done(&mut phone, "scrap", 2000);
    done(&mut phone, "long", 9000);
    for call in ["scrap", "long"] {
        assert_eq!(phone.hears("hangup")["call"], call);
    }
    phone.reports(json!({ "type": "key", "call": "forgotten", "key": "#" }));
    phone.hears("stop");
    phone.is_safe();
    let mut phone = Phone::forgetful(&daemon, &["record"], &["forgotten"]);
    hears_out(&mut phone, "forgotten");
    done(&mut phone, "forgotten", 2000);
    assert_eq!(phone.hears("hangup")["call"], "forgotten");
    phone.is_safe();
    for call in ["scrap", "forgotten"] {
        let day = ("day".to_owned(), 2000);
        assert_eq!(mailboxes(&daemon, call), [day], "{call}");
    }
    let long = mailboxes(&daemon, "long");
    assert_eq!((long.len(), long[0].0.as_str()), (1, "day"));
}

#[test]
fn what_is_reported_late_and_is_too_short_is_not_kept() {
    let folder = Temporary::new(&std::env::temp_dir());
    let daemon = start(&folder);
    let mut phone = Phone::new(&daemon, &["record"]);
    for call in ["failed", "short", "unsaid", "nought"] {
        to_the_tone(&mut phone, call, "ends");
    }
    sleep(SPEAKS);
    for call in ["failed", "short", "unsaid", "nought"] {
        phone.reports(json!({ "type": "call.ended", "call": call }));
    }
    phone.reports(json!({ "type": "recording.done", "call": "failed", "length_ms": 0 }));
    done(&mut phone, "short", 1999);
    phone.reports(json!({ "type": "recording.done", "call": "unsaid" }));
    // Nought beside a recording is a length that was not said when this was journalled.
    done(&mut phone, "nought", 0);
    phone.is_safe();
    assert_eq!(left(&daemon), ["nought", "unsaid"]);
}
