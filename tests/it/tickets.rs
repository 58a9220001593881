//! Tickets, and word of messages: a real daemon tells a real HTTP server, until it has taken them.

mod outbox;

use crate::daemon::Bridge;
use crate::other::Asked;
use crate::other::OtherSystem;
use crate::served::Served;
use crate::temporary::Temporary;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use serde_json::Value;
use serde_json::json;
use std::fs;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

const LINE: &str = r#"
format = 1
[line]
name = "Shop"
timezone = "Etc/UTC"
languages = ["en"]
start = "order"
[defaults]
give_up = "@hangup"
[collect.order]
say = "Your order."
digits = 4
save = "order"
go = "damaged"
[ticket.damaged]
url = "URL/tickets"
secret_env = "OFFICE_SECRET"
body = { order = "{order}", about = "damaged, from {caller} in {language}" }
then = "message"
[record.message]
say = "Please speak after the tone."
mailbox = "night"
notify = { url = "URL/messages", secret_env = "OFFICE_SECRET" }
then = "@hangup"
"#;
const HELLO: &str = r#"{"type":"hello","protocol":1,"bridge":"b","can":["record"],"clock_ms":0}"#;
const SECRET: &str = "a secret of the office";

fn folder(url: &str) -> Temporary {
    let folder = Temporary::new(&std::env::temp_dir());
    fs::write(folder.path().join("shop.toml"), LINE.replace("URL", url)).expect("a file");
    folder
}

fn start(folder: &Temporary) -> Served {
    let secret = [("OFFICE_SECRET", SECRET)];
    Served::start_at(folder.path(), &["shop.toml"], ["127.0.0.1:0"; 2], &secret)
}

/// A caller names an order, speaks, and is gone.
fn calls(daemon: &Served) {
    let mut bridge = Bridge::to(daemon);
    bridge.say(HELLO);
    let start =
        json!({ "type": "call.started", "seq": 1, "call": "a", "line": "shop", "from": "+4411" });
    bridge.say(&start.to_string());
    for (place, key) in ["4", "7", "1", "1"].into_iter().enumerate() {
        let key = json!({ "type": "key", "seq": 2 + place, "call": "a", "key": key });
        bridge.say(&key.to_string());
    }
    let play = bridge.hear(&json!({ "type": "play", "prompt": "message" }));
    let play = &play.expect("it goes on at once")["play"];
    bridge.say(&json!({ "type": "play.done", "seq": 6, "call": "a", "play": play }).to_string());
    bridge.hear(&json!({ "type": "record" })).expect("a tone");
    let done = json!({
        "type": "recording.done", "seq": 7, "call": "a", "length_ms": 2000, "recording": "m.wav",
    });
    bridge.say(&done.to_string());
    bridge
        .hear(&json!({ "type": "ack", "seq": 7 }))
        .expect("it is safe");
}

fn left(daemon: &Served) -> Vec<Value> {
    let answer = daemon.ask("GET /api/v1/outbox", "", "");
    assert!(!answer.contains(SECRET), "{answer}");
    let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
    serde_json::from_str(body).expect("JSON")
}

/// What a system at this path was told, and under which name.
fn told(asked: &[Asked], path: &str) -> Vec<(String, Value)> {
    let request = format!("POST {path} HTTP/1.1");
    let asked = asked.iter().filter(|asked| asked.request == request);
    asked
        .map(|asked| {
            let body: Value = serde_json::from_str(&asked.body).expect("JSON");
            let [id, seconds, signature] = &asked.signed;
            let signed = format!("{id}.{seconds}.{}", asked.body);
            let coded = signature.strip_prefix("v1,").expect("a version");
            let tag = STANDARD.decode(coded).expect("base64");
            let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
            hmac::verify(&key, signed.as_bytes(), &tag).expect("the secret signs");
            (id.clone(), body)
        })
        .collect()
}

#[test]
fn a_ticket_and_word_of_a_message_are_handed_in_signed() {
    let office = OtherSystem::answering(|_| (204, String::new()));
    let folder = folder(&office.url);
    let daemon = start(&folder);
    calls(&daemon);
    office.wait_for(2);
    let tickets = told(&office.asked(), "/tickets");
    let (_, ticket) = &tickets[0];
    assert_eq!(ticket["type"], "ticket");
    assert_eq!(
        ticket["data"],
        json!({
            "line": "shop", "step": "damaged", "bridge": "b", "call": "a", "caller": "+4411",
            "language": "en",
            "fields": { "order": "4711", "about": "damaged, from +4411 in en" },
        })
    );
    let messages = told(&office.asked(), "/messages");
    let (_, message) = &messages[0];
    assert_eq!(message["type"], "message");
    assert_eq!(
        message["data"],
        json!({
            "line": "shop", "step": "message", "mailbox": "night", "bridge": "b", "call": "a",
            "caller": "+4411", "recording": "m.wav", "length_ms": 2000,
        })
    );
    // What was taken is gone.
    while !left(&daemon).is_empty() {}
}

/// What the wallboard says of the outbox.
fn outstanding(daemon: &Served) -> Value {
    let answer = daemon.ask("GET /api/v1/wallboard", "", "");
    let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
    let board: Value = serde_json::from_str(body).expect("JSON");
    board["outbox"].clone()
}

#[test]
fn what_was_not_taken_is_sent_again_after_a_crash_under_the_same_name() {
    let is_well = Arc::new(AtomicBool::new(false));
    let well = Arc::clone(&is_well);
    // A redirection is no answer, and is not followed.
    let office = OtherSystem::answering(move |asked| match well.load(Ordering::SeqCst) {
        true => (200, String::new()),
        false if asked.request.contains("/tickets") => (307, String::new()),
        false => (503, String::new()),
    });
    let folder = folder(&office.url);
    let mut daemon = start(&folder);
    calls(&daemon);
    office.wait_for(2);
    while left(&daemon).iter().any(|row| row["attempts"] == 0) {}
    let rows = left(&daemon);
    let why = |row: &Value| row["why"].as_str().expect("a reason").to_owned();
    assert_eq!(rows.len(), 2);
    assert!(why(&rows[0]).contains("503"), "{rows:?}");
    assert!(why(&rows[1]).contains("307"), "{rows:?}");
    assert!(rows.iter().all(|row| row["given_up"] == false));
    assert_eq!(outstanding(&daemon), json!({ "waiting": 2, "given_up": 0 }));
    daemon.kill();
    is_well.store(true, Ordering::SeqCst);
    let daemon = start(&folder);
    office.wait_for(4);
    assert_eq!(office.asked().len(), 4, "nobody asked elsewhere");
    for path in ["/tickets", "/messages"] {
        let told = told(&office.asked(), path);
        assert_eq!(told[0], told[1], "the same name, the same words");
    }
    while !left(&daemon).is_empty() {}
    assert_eq!(outstanding(&daemon), json!({ "waiting": 0, "given_up": 0 }));
    drop(daemon);
    // Neither the journal nor what is around it has the secret.
    for entry in fs::read_dir(folder.path().join("data")).expect("the journal") {
        let path = entry.expect("a file").path();
        let bytes = fs::read(&path).expect("a file");
        let secret = SECRET.as_bytes();
        let shown = bytes.windows(secret.len()).any(|window| window == secret);
        assert!(!shown, "{}", path.display());
    }
}

#[test]
fn a_system_that_never_answers_holds_up_no_call_and_nothing_is_lost_by_a_kill() {
    let is_well = Arc::new(AtomicBool::new(false));
    let well = Arc::clone(&is_well);
    let office = OtherSystem::answering(move |_| match well.load(Ordering::SeqCst) {
        true => (200, String::new()),
        false => (0, String::new()),
    });
    let folder = folder(&office.url);
    let mut daemon = start(&folder);
    // The call goes on, to its end.
    calls(&daemon);
    office.wait_for(1);
    daemon.kill();
    is_well.store(true, Ordering::SeqCst);
    let daemon = start(&folder);
    while !left(&daemon).is_empty() {}
    let asked = office.asked();
    for path in ["/tickets", "/messages"] {
        let mut names: Vec<_> = told(&asked, path).into_iter().map(|(id, _)| id).collect();
        names.dedup();
        assert_eq!(names.len(), 1, "one name: {asked:?}");
    }
}

#[test]
fn without_the_secret_nothing_is_sent_and_the_operator_is_told_why() {
    let office = OtherSystem::answering(|_| (200, String::new()));
    let folder = folder(&office.url);
    let daemon = Served::start(folder.path(), &["shop.toml"]);
    // At once, not only with the first ticket.
    let greeting = daemon.greeting.join("\n");
    for step in ["\"message\"", "OFFICE_SECRET is not set"] {
        assert!(greeting.contains(step), "{greeting}");
    }
    calls(&daemon);
    while left(&daemon).iter().any(|row| row["attempts"] == 0) {}
    for row in left(&daemon) {
        let why = "the environment variable OFFICE_SECRET is not set";
        assert_eq!(row["why"], why, "{row}");
    }
    assert_eq!(office.asked(), []);
}

#[test]
fn a_trial_shows_the_ticket_and_tells_nobody() {
    let office = OtherSystem::answering(|_| (200, String::new()));
    let folder = folder(&office.url);
    let tried = Command::new(env!("CARGO_BIN_EXE_strowger"))
        .args(["try", "shop.toml", "--keys", "4711"])
        .current_dir(folder.path())
        .output()
        .expect("it runs");
    let said = String::from_utf8(tried.stdout).expect("text");
    assert!(said.contains("a ticket is handed in"), "{said}");
    assert_eq!(office.asked(), []);
}
