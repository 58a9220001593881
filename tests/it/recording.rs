//! Conversations that are recorded, through a real daemon: by whoever carries the call, across crashes.

use crate::dialling::GROUPS;
use crate::dialling::Phone;
use crate::dialling::acts;
use crate::dialling::man;
use crate::dialling::says;
use crate::served::Served;
use crate::temporary::Temporary;
use crate::written::cases;
use crate::written::shop;
use serde_json::Value;
use serde_json::json;
use std::fs;
use strowger::exchange::record::Consent;
use strowger::exchange::record::Record;
use strowger::exchange::record::RecordingFact;
use strowger::exchange::time::Tick;
use strowger::sim::run;

const LINE: &str = r#"
format = 1
[line]
name = "Shop"
groups = "groups.toml"
timezone = "Etc/UTC"
languages = ["en"]
start = "support"
[queue.support]
group = "support"
recording = "ask"
max_wait = "5m"
timeout = "@hangup"
full = "@hangup"
no_agents = "@hangup"
"#;

const CAN: [&str; 2] = ["ring", "record_talk"];

fn start(folder: &Temporary) -> Served {
    for (file, text) in [("shop.toml", LINE), ("groups.toml", GROUPS)] {
        fs::write(folder.path().join(file), text).expect("a file");
    }
    Served::start(folder.path(), &["shop.toml"])
}

/// A daemon, a bridge that can record, and an agent at work.
fn begins() -> (Temporary, Served, Phone) {
    let folder = Temporary::new(&std::env::temp_dir());
    let daemon = start(&folder);
    let mut phone = Phone::new(&daemon, &CAN);
    phone.hears("welcome");
    man(&daemon);
    (folder, daemon, phone)
}

/// A caller answers the question with this key, and the agent picks up.
fn talks(phone: &mut Phone, call: &str, key: &str) {
    phone.reports(json!({ "type": "call.started", "call": call, "line": "shop" }));
    assert_eq!(phone.hears("play")["prompt"], "may-record");
    phone.reports(json!({ "type": "key", "call": call, "key": key }));
    phone.picks_up();
    phone.hears("connect");
}

/// What the bridge is to do with a recording next, and with which.
fn tape(phone: &mut Phone) -> (String, String) {
    let told = phone.hears("record_talk");
    let word = |name: &str| told[name].as_str().expect("a word").to_owned();
    (word("do"), word("recording"))
}

fn ends(phone: &mut Phone, call: &str) {
    phone.reports(json!({ "type": "call.ended", "call": call }));
    phone.is_safe();
}

/// What is said of all rows under these names.
fn columns(rows: &Value, names: [&str; 3]) -> Vec<[Value; 3]> {
    let rows = rows.as_array().expect("a list").iter();
    rows.map(|row| names.map(|name| row[name].clone()))
        .collect()
}

#[test]
fn a_pause_outlives_a_crash_and_a_forgetful_bridge_begins_another_recording() {
    let (folder, mut daemon, mut phone) = begins();
    talks(&mut phone, "a", "1");
    let (act, first) = tape(&mut phone);
    assert_eq!(act, "start");
    assert!(first.starts_with("shop-"), "{first}");
    assert_eq!(says(&daemon, "agents/ana")["recording"], "on");
    acts(&daemon, "pause-recording");
    assert_eq!(tape(&mut phone), ("pause".to_owned(), first.clone()));

    daemon.kill();
    let daemon = start(&folder);
    assert_eq!(says(&daemon, "agents/ana")["recording"], "paused");
    let mut phone = Phone::forgetful(&daemon, &CAN, &["a"]);
    phone.hears("connect");
    assert_eq!(tape(&mut phone), ("stop".to_owned(), first.clone()));
    acts(&daemon, "resume-recording");
    let (act, second) = tape(&mut phone);
    assert_eq!(act, "start");
    assert_ne!(first, second);
    phone.reports(json!({ "type": "call.ended", "call": "a" }));
    assert_eq!(tape(&mut phone), ("stop".to_owned(), second.clone()));
    phone.is_safe();

    // What comes to light later is marked.
    phone.reports(json!({ "type": "record_talk.failed", "recording": first }));
    phone.is_safe();
    let names = ["recording", "consent", "failed"];
    let recordings = says(&daemon, "recordings");
    let kept = [
        [json!(second), json!("agreed"), json!(false)],
        [json!(first), json!("agreed"), json!(true)],
    ];
    assert_eq!(columns(&recordings, names), kept);
    let calls = columns(
        &says(&daemon, "calls/recent"),
        ["outcome", "consent", "recordings"],
    );
    assert_eq!(calls, [[json!("answered"), json!("agreed"), json!(1)]]);
}

#[test]
fn a_recording_lost_while_its_call_goes_on_is_not_counted() {
    let (_folder, daemon, mut phone) = begins();
    talks(&mut phone, "a", "1");
    let (_, first) = tape(&mut phone);
    drop(phone);
    let mut phone = Phone::forgetful(&daemon, &CAN, &["a"]);
    phone.hears("connect");
    assert_eq!(tape(&mut phone), ("stop".to_owned(), first.clone()));
    let (act, second) = tape(&mut phone);
    assert_eq!(act, "start");
    // Both are said twice; one is over and its call is not, the other ends with the call.
    for _ in 0..2 {
        phone.reports(json!({ "type": "record_talk.failed", "recording": first }));
    }
    ends(&mut phone, "a");
    let counted = || {
        columns(
            &says(&daemon, "calls/recent"),
            ["call", "outcome", "recordings"],
        )
    };
    let row = |recordings: u32| [[json!("a"), json!("answered"), json!(recordings)]];
    assert_eq!(counted(), row(1));
    for _ in 0..2 {
        phone.reports(json!({ "type": "record_talk.failed", "recording": second }));
    }
    phone.is_safe();
    assert_eq!(counted(), row(0));
    let failed = columns(&says(&daemon, "recordings"), ["call", "agent", "failed"]);
    assert_eq!(
        failed,
        [(); 2].map(|()| [json!("a"), json!("ana"), json!(true)])
    );
}

#[test]
fn nobody_hears_that_a_recording_pauses_which_the_bridge_cannot_pause_now() {
    let (folder, mut daemon, mut phone) = begins();
    talks(&mut phone, "a", "1");
    assert_eq!(tape(&mut phone).0, "start");
    phone.is_safe();
    daemon.kill();
    let daemon = start(&folder);
    let answer = daemon.ask("POST /api/v1/agents/ana/pause-recording", "", "");
    assert!(answer.starts_with("HTTP/1.1 409"), "{answer}");
    assert!(answer.contains("no-bridge"), "{answer}");
    assert_eq!(says(&daemon, "agents/ana")["recording"], "on");
}

#[test]
fn whoever_refuses_is_not_recorded_and_the_record_says_so() {
    let (_folder, daemon, mut phone) = begins();
    talks(&mut phone, "a", "2");
    assert!(says(&daemon, "agents/ana").get("recording").is_none());
    ends(&mut phone, "a");
    assert_eq!(says(&daemon, "recordings"), json!([]));
    let calls = columns(
        &says(&daemon, "calls/recent"),
        ["outcome", "consent", "recordings"],
    );
    assert_eq!(calls, [[json!("answered"), json!("refused"), json!(0)]]);
}

#[test]
fn a_bridge_that_cannot_record_lets_the_call_go_on() {
    let folder = Temporary::new(&std::env::temp_dir());
    let daemon = start(&folder);
    let mut phone = Phone::new(&daemon, &["ring"]);
    phone.hears("welcome");
    man(&daemon);
    talks(&mut phone, "a", "1");
    ends(&mut phone, "a");
    drop(phone);
    // Another says that it can, and then that it cannot.
    let mut phone = Phone::new(&daemon, &CAN);
    phone.hears("welcome");
    acts(&daemon, "ready");
    talks(&mut phone, "b", "1");
    let (_, recording) = tape(&mut phone);
    phone.reports(json!({ "type": "record_talk.failed", "recording": recording }));
    ends(&mut phone, "b");
    let failed = columns(&says(&daemon, "recordings"), ["call", "agent", "failed"]);
    let rows = ["b", "a"].map(|call| [json!(call), json!("ana"), json!(true)]);
    assert_eq!(failed, rows);
    let calls = columns(
        &says(&daemon, "calls/recent"),
        ["call", "outcome", "recordings"],
    );
    let rows = ["b", "a"].map(|call| [json!(call), json!("answered"), json!(0)]);
    assert_eq!(calls, rows);
}

#[test]
fn menus_published_meanwhile_do_not_reach_a_call_that_was_asked() {
    let (_folder, daemon, mut phone) = begins();
    phone.reports(json!({ "type": "call.started", "call": "a", "line": "shop" }));
    phone.hears("play");
    let never = LINE.replace("\"ask\"", "\"never\"");
    let files = json!({ "lines": ["shop.toml"], "files": [
        { "path": "shop.toml", "text": never }, { "path": "groups.toml", "text": GROUPS },
    ] });
    let answer = daemon.ask("POST /api/v1/menus", "", &files.to_string());
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    phone.reports(json!({ "type": "key", "call": "a", "key": "1" }));
    phone.picks_up();
    assert_eq!(tape(&mut phone).0, "start");
    ends(&mut phone, "a");
    // The next caller is asked nothing, and waits at once.
    acts(&daemon, "ready");
    phone.reports(json!({ "type": "call.started", "call": "b", "line": "shop" }));
    phone.picks_up();
    phone.hears("connect");
    ends(&mut phone, "b");
    let calls = columns(
        &says(&daemon, "calls/recent"),
        ["call", "consent", "recordings"],
    );
    let rows = [
        [json!("b"), Value::Null, json!(0)],
        [json!("a"), json!("agreed"), json!(1)],
    ];
    assert_eq!(calls, rows);
}

/// A line that takes secrets, so that keys typed ahead are kept back until it is known what they are.
const GUARDED: &str = r#"
[say.intro]
say = "Hello."
barge_in = false
then = "support"
[collect.pin]
say = "Your number?"
digits = 4
save = "pin"
secret = true
go = "support"
give_up = "@hangup"
"#;

#[test]
fn a_key_from_before_the_question_is_no_consent_to_it() {
    let folder = Temporary::new(&std::env::temp_dir());
    let line = LINE.replace("start = \"support\"", "start = \"intro\"");
    let line = line.replace("timeout = \"@hangup\"", "timeout = \"pin\"") + GUARDED;
    for (file, text) in [("shop.toml", line.as_str()), ("groups.toml", GROUPS)] {
        fs::write(folder.path().join(file), text).expect("a file");
    }
    let daemon = Served::start(folder.path(), &["shop.toml"]);
    let mut phone = Phone::new(&daemon, &CAN);
    phone.hears("welcome");
    man(&daemon);
    phone.reports(json!({ "type": "call.started", "call": "a", "line": "shop" }));
    let play = phone.hears("play")["play"].clone();
    phone.reports(json!({ "type": "key", "call": "a", "key": "1" }));
    phone.reports(json!({ "type": "play.done", "call": "a", "play": play }));
    assert_eq!(phone.hears("play")["prompt"], "may-record");
    phone.reports(json!({ "type": "key", "call": "a", "key": "2" }));
    phone.picks_up();
    phone.hears("connect");
    ends(&mut phone, "a");
    let calls = columns(
        &says(&daemon, "calls/recent"),
        ["outcome", "consent", "recordings"],
    );
    assert_eq!(calls, [[json!("answered"), json!("refused"), json!(0)]]);
}

#[test]
fn simulated_callers_hear_the_question_and_answer_it() {
    let keys = "1 = { go = \"support\", label = \"help\" }\n[queue.support]\ngroup = \"support\"\n\
                full = \"@hangup\"\nno_agents = \"@hangup\"\nrecording = \"RECORDING\"\n";
    let scenario = "menu = \"shop.toml\"\nrun.length = \"5h\"\n\
                    demand.shop.calls_per_hour = { help = 60.0 }\n\
                    [wants.help]\nneeds = \"support\"\n\
                    [callers]\ntalk = { distribution = \"exponential\", mean = \"100s\" }\nslips = 0.0\n\
                    silent = 0.1\n[staff]\nsupport = 100\n";
    // The times at which callers joined the queue; what they said to it; recordings.
    let simulated = |recording: &str| {
        let line = shop(&keys.replace("RECORDING", recording));
        let files = [
            ("shop.toml", line.as_str()),
            ("groups.toml", "format = 1\n[group.support]\n"),
            ("day.scenario.toml", scenario),
        ];
        let (mut queued, mut said, mut recorded) = (Vec::new(), Vec::new(), 0);
        let mut note = |now: Tick, record: &Record| match *record {
            Record::Queued { .. } => queued.push(now),
            Record::Consented { consent, .. } => said.push(consent),
            Record::Recording { what, .. } => recorded += u32::from(what == RecordingFact::Started),
            _ => {}
        };
        run(&cases(&files).base, 5, 0, &mut note);
        (queued, said, recorded)
    };
    let (plain, said, recorded) = simulated("never");
    assert!(plain.len() > 200 && said.is_empty() && recorded == 0);
    let (told, said, recorded) = simulated("always");
    assert!(said.iter().all(|consent| *consent == Consent::Told));
    assert!(said.len() >= told.len() && recorded > 200);
    let (_, said, recorded) = simulated("ask");
    let agreed = said
        .iter()
        .filter(|consent| **consent == Consent::Agreed)
        .count();
    assert!(
        agreed > 200 && recorded as usize <= agreed,
        "{agreed} {recorded}"
    );
    assert!(
        said.iter()
            .all(|consent| matches!(consent, Consent::Agreed | Consent::Unanswered))
    );
    // The notice takes its time, and that is all it costs.
    let length = told[0].0 - plain[0].0;
    assert!((1_000..10_000).contains(&length), "{length}");
    let shifted = plain.iter().map(|at| Tick(at.0 + length));
    assert!(shifted.zip(&told).all(|(before, now)| before == *now));
}
