//! Callers of a bridge that can ring no phones, while agents are free.

use crate::daemon::Bridge;
use crate::daemon::Daemon;
use serde_json::Value;
use serde_json::json;

fn says_hello(daemon: &Daemon, name: &str, can: &[&str]) -> (Bridge, Value) {
    let mut bridge = daemon.bridge();
    let hello = json!({
        "type": "hello", "protocol": 1, "bridge": name, "can": can, "devices": ["SIP/"],
        "clock_ms": 0, "calls": ["waits"],
    });
    bridge.say(&hello.to_string());
    let welcome = bridge.hear(&json!({ "type": "welcome" }));
    (bridge, welcome.expect("it is welcome"))
}

fn wants_a_person(bridge: &mut Bridge, call: &str, seq: u64) {
    let start = json!({ "type": "call.started", "seq": seq, "call": call, "line": "desk" });
    bridge.say(&start.to_string());
    let key = json!({ "type": "key", "seq": seq + 1, "call": call, "key": "2" });
    bridge.say(&key.to_string());
}

fn board(daemon: &Daemon) -> Value {
    daemon.ask("GET /api/v1/wallboard", "", "").json()
}

#[test]
fn they_go_where_the_queue_leads_without_agents_and_the_agents_stay_free() {
    let daemon = Daemon::start();
    let (mut rings, welcome) = says_hello(&daemon, "b", &["ring", "record"]);
    assert_eq!(welcome["warnings"], Value::Null);
    daemon.man();
    let (mut other, welcome) = says_hello(&daemon, "x", &["music", "record"]);
    let warned = welcome["warnings"][0].as_str().expect("a warning");
    assert!(warned.contains("no agent answers its callers"), "{warned}");
    wants_a_person(&mut other, "n", 1);
    let ended = other.hear(&json!({ "type": "hangup", "call": "n" }));
    assert!(ended.is_some(), "nobody waits in vain");
    let now = board(&daemon);
    assert_eq!(now["agents"][0]["state"], "idle");
    assert_eq!(now["agents"][0]["missed"], 0);
    assert_eq!(now["queues"][0]["lost"], 1);
    assert_eq!(now["bridges"][0]["cannot_ring"], Value::Null);
    assert_eq!(now["bridges"][1]["cannot_ring"], true);
    let calls = daemon.ask("GET /api/v1/calls/recent", "", "").json();
    assert_eq!(calls[0]["outcome"], "turned_away");
    assert_eq!(calls[0]["detail"], "cannot-ring");
    // Other bridges' callers are rung for as ever.
    wants_a_person(&mut rings, "a", 1);
    let rung = rings.hear(&json!({ "type": "ring", "call": "a", "agent": "ana" }));
    assert!(rung.is_some());
}

#[test]
fn callers_in_line_leave_it_when_their_bridge_comes_back_without_its_phones() {
    let daemon = Daemon::start();
    let (mut bridge, _) = says_hello(&daemon, "b", &["ring", "record"]);
    daemon.man();
    let (_idle, _) = says_hello(&daemon, "c", &["ring", "record"]);
    daemon.ask("POST /api/v1/agents/ana/pause", "", "");
    wants_a_person(&mut bridge, "waits", 1);
    bridge
        .hear(&json!({ "type": "ack", "seq": 2 }))
        .expect("it waits");
    assert_eq!(board(&daemon)["queues"][0]["waiting"], 1);
    let (mut bridge, _) = says_hello(&daemon, "b", &[]);
    let ended = bridge.hear(&json!({ "type": "hangup", "call": "waits" }));
    assert!(ended.is_some());
    let calls = daemon.ask("GET /api/v1/calls/recent", "", "").json();
    assert_eq!(calls[0]["detail"], "cannot-ring");
    // With phones again its callers wait as they did.
    let (mut bridge, welcome) = says_hello(&daemon, "b", &["ring", "record"]);
    assert_eq!(welcome["warnings"], Value::Null);
    wants_a_person(&mut bridge, "again", 1);
    bridge
        .hear(&json!({ "type": "ack", "seq": 2 }))
        .expect("it waits");
    assert_eq!(board(&daemon)["queues"][0]["waiting"], 1);
}

#[test]
fn a_bridge_that_cannot_record_messages_is_told_so_and_the_record_of_the_call_says_it() {
    let daemon = Daemon::start();
    let (mut bridge, welcome) = says_hello(&daemon, "b", &["ring"]);
    let warned = welcome["warnings"][0].as_str().expect("a warning");
    assert!(warned.contains("asked for messages"), "{warned}");
    bridge
        .say(&json!({ "type": "call.started", "seq": 1, "call": "m", "line": "desk" }).to_string());
    bridge.say(&json!({ "type": "key", "seq": 2, "call": "m", "key": "3" }).to_string());
    let asked = bridge.hear(&json!({ "type": "play", "prompt": "message" }));
    let play = &asked.expect("words before the tone")["play"];
    let done = json!({ "type": "play.done", "seq": 3, "call": "m", "play": play });
    bridge.say(&done.to_string());
    let ended = bridge.hear(&json!({ "type": "hangup", "call": "m" }));
    assert!(ended.is_some(), "the line goes on");
    let calls = daemon.ask("GET /api/v1/calls/recent", "", "").json();
    assert_eq!(calls[0]["detail"], "cannot-record");
}

#[test]
fn an_agent_who_cannot_hand_a_caller_on_to_anybody_hears_why() {
    let daemon = Daemon::start();
    let (mut bridge, _) = says_hello(&daemon, "b", &["ring", "record"]);
    daemon.man();
    wants_a_person(&mut bridge, "waits", 1);
    let ring = bridge.hear(&json!({ "type": "ring" })).expect("a ringing");
    let answered = json!({ "type": "agent.answered", "seq": 3, "offer": ring["offer"] });
    bridge.say(&answered.to_string());
    let ack = bridge.hear(&json!({ "type": "ack", "seq": 3 }));
    assert!(ack.is_some());
    let hand_on = |code: &str, words: &str| {
        let transfer = "POST /api/v1/agents/ana/transfer";
        let answer = daemon.ask(transfer, "", r#"{"agent":"ana"}"#);
        assert_eq!(answer.status, 409, "{answer:?}");
        assert_eq!(answer.json()["code"], code);
        assert!(answer.body.contains(words), "{answer:?}");
    };
    hand_on("not-now", "has the caller already");
    let (_bridge, _) = says_hello(&daemon, "b", &[]);
    assert_eq!(board(&daemon)["agents"][0]["state"], "talking");
    hand_on("cannot-ring", "hand the caller on to a queue");
}
