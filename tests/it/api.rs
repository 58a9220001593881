//! `docs/API.md` keeps its word: every request is answered as its table says.

use crate::daemon::Answer;
use crate::daemon::Bridge;
use crate::daemon::Daemon;
use crate::daemon::TOKEN;
use rusqlite::Connection;
use serde_json::json;

/// One row of the table.
struct Row {
    request: String,
    body: String,
    status: u16,
    code: String,
}

fn rows() -> Vec<Row> {
    let text = include_str!("../../docs/API.md");
    let table = text.split("| request | body | status | code |").nth(1);
    let lines = table.expect("the table").lines().skip(2);
    let rows = lines.take_while(|line| line.starts_with('|')).map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [request, body, status, code] = cells[..] else {
            panic!("four cells: {line}");
        };
        Row {
            request: request.trim_matches('`').to_owned(),
            body: body.trim_matches('`').replace('…', &"x".repeat(16 * 1024)),
            status: status.parse().expect("a status"),
            code: code.to_owned(),
        }
    });
    rows.collect()
}

/// What a program goes by.
fn code(answer: &Answer) -> String {
    match answer.kind == "application/problem+json" {
        true => answer.json()["code"].as_str().expect("a code").to_owned(),
        false => "-".to_owned(),
    }
}

#[test]
fn every_row_of_the_table_is_answered_as_it_says() {
    let daemon = Daemon::start();
    let mut wrong = Vec::new();
    for row in rows() {
        let answer = daemon.ask(&row.request, "", &row.body);
        if (answer.status, code(&answer)) != (row.status, row.code) {
            wrong.push(format!("{} {}: {answer:?}", row.request, row.body));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_problem_says_all_that_the_standard_asks_for() {
    let daemon = Daemon::start();
    let answer = daemon.ask("GET /api/v1/agents/eve", "", "");
    let said = json!({
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "code": "not-found",
        "detail": "no agent is called \"eve\"",
    });
    assert_eq!(answer.json(), said);
}

#[test]
fn where_there_is_a_token_everybody_shows_it() {
    let daemon = Daemon::guarded();
    for what in [
        "GET /api/v1/agents",
        "GET /api/v1/agents/ana",
        "POST /api/v1/agents/ana/sign-in",
        "GET /api/v1/wallboard",
        "GET /api/v1/wallboard/live",
        "GET /api/v1/calls/recent",
        "GET /api/v1/messages",
        "GET /api/v1/state",
    ] {
        for shown in [
            "",
            "Authorization: Bearer a-token-for-tests-onlx\r\n",
            "Authorization: Bearer\r\n",
            "Authorization: Basic YTpi\r\n",
        ] {
            let answer = daemon.ask(what, shown, "");
            assert_eq!(answer.status, 401, "{what} {shown}: {answer:?}");
            assert_eq!(code(&answer), "unauthorized");
            assert_eq!(answer.header("www-authenticate"), "Bearer");
        }
    }
    let shown = format!("authorization: bearer {TOKEN}\r\n");
    assert_eq!(daemon.ask("GET /api/v1/agents", &shown, "").status, 200);
    let shown = format!("Authorization: Bearer {TOKEN}\r\n");
    let answer = daemon.ask("POST /api/v1/agents/ana/sign-in", &shown, "");
    assert_eq!(answer.status, 200, "{answer:?}");
    for what in ["GET /healthz", "GET /readyz"] {
        assert_eq!(daemon.ask(what, "", "").status, 200, "{what}");
    }
}

#[test]
fn web_pages_from_elsewhere_act_only_with_a_token() {
    let origin = "Origin: https://elsewhere.example\r\n";
    let daemon = Daemon::start();
    for what in [
        "GET /api/v1/agents",
        "POST /api/v1/agents/ana/sign-in",
        "GET /api/v1/bridge",
        "GET /api/v1/wallboard/live",
    ] {
        let answer = daemon.ask(what, origin, "");
        assert_eq!(answer.status, 403, "{what}: {answer:?}");
        assert_eq!(code(&answer), "foreign-page");
    }
    let agent = daemon.ask("GET /api/v1/agents/ana", "", "").json();
    assert_eq!(agent["state"], "signed-out");
    // A name that somebody has pointed at this machine.
    for (host, status) in [
        ("elsewhere.example", 403),
        ("localhost.elsewhere.example:4747", 403),
        ("", 403),
        ("LOCALHOST:4747", 200),
        ("127.0.0.1", 200),
        ("[::1]:4747", 200),
    ] {
        let answer = daemon.ask("GET /api/v1/agents", &format!("Host: {host}\r\n"), "");
        assert_eq!(answer.status, status, "{host}: {answer:?}");
    }
    let daemon = Daemon::guarded();
    let shown = format!("{origin}Authorization: Bearer {TOKEN}\r\n");
    let answer = daemon.ask("GET /api/v1/agents", &shown, "");
    assert_eq!(answer.status, 200, "{answer:?}");
}

#[test]
fn a_wrong_method_is_told_the_right_ones() {
    let daemon = Daemon::start();
    let answer = daemon.ask("DELETE /api/v1/agents/ana", "", "");
    assert_eq!(answer.header("allow"), "GET,HEAD");
    let answer = daemon.ask("GET /api/v1/agents/ana/ready", "", "");
    assert_eq!(answer.header("allow"), "POST");
}

#[test]
fn calls_messages_and_boards_tell_what_has_happened() {
    let daemon = Daemon::start();
    daemon.man();
    let mut bridge = daemon.bridge();
    bridge.say(
        r#"{"type":"hello","protocol":1,"bridge":"b","can":["ring","record"],"devices":["SIP/"],"clock_ms":0}"#,
    );
    bridge.say(r#"{"type":"call.started","seq":1,"call":"a","line":"desk","from":"+44123"}"#);
    bridge.say(r#"{"type":"key","seq":2,"call":"a","key":"2"}"#);
    let ring = bridge.hear(&json!({ "type": "ring" })).expect("a ringing");
    let offer = &ring["offer"];
    bridge.say(&json!({ "type": "agent.answered", "seq": 3, "offer": offer }).to_string());
    let joined = bridge.hear(&json!({ "type": "connect" }));
    assert!(joined.is_some(), "they talk");
    let agent = daemon.ask("GET /api/v1/agents/ana", "", "").json();
    assert_eq!(agent["state"], "talking");
    let board = daemon.ask("GET /api/v1/wallboard", "", "").json();
    assert_eq!(board["lines"][0]["in_progress"], 1);
    assert_eq!(board["queues"][0]["answered"], 1);
    bridge.say(r#"{"type":"call.ended","seq":4,"call":"a"}"#);
    bridge.say(r#"{"type":"call.started","seq":5,"call":"m","line":"desk","from":""}"#);
    bridge.say(r#"{"type":"key","seq":6,"call":"m","key":"3"}"#);
    let play = bridge.hear(&json!({ "type": "play", "prompt": "message" }));
    let play = &play.expect("a prompt")["play"];
    bridge.say(&json!({ "type": "play.done", "seq": 7, "call": "m", "play": play }).to_string());
    let tone = bridge.hear(&json!({ "type": "record", "mailbox": "support" }));
    assert!(tone.is_some(), "the message is taken");
    bridge.say(
        r#"{"type":"recording.done","seq":8,"call":"m","length_ms":2000,"recording":"m.wav"}"#,
    );
    let over = bridge.hear(&json!({ "type": "hangup", "call": "m" }));
    assert!(over.is_some(), "the call is over");
    let calls = daemon.ask("GET /api/v1/calls/recent", "", "").json();
    let latest = [&calls[0]["call"], &calls[1]["call"], &calls[1]["outcome"]];
    assert_eq!(latest, ["m", "a", "answered"]);
    assert_eq!([&calls[1]["agent"], &calls[1]["caller"]], ["ana", "+44123"]);
    assert!(calls[0]["caller"].is_null(), "an empty number is withheld");
    let one = daemon
        .ask("GET /api/v1/calls/recent?limit=1", "", "")
        .json();
    assert_eq!(one, json!([calls[0]]));
    let messages = daemon.ask("GET /api/v1/messages", "", "").json();
    assert_eq!(messages[0]["recording"], "m.wav");
    assert_eq!(messages[0]["length_ms"], 2000);
}

#[test]
fn what_answers_are_worth_is_told_while_it_happens() {
    let daemon = Daemon::counting();
    daemon.man();
    let mut bridge = daemon.bridge();
    bridge.say(
        r#"{"type":"hello","protocol":1,"bridge":"b","can":["ring","record"],"devices":["SIP/"],"clock_ms":0}"#,
    );
    let mut seq = 0;
    let mut say = |bridge: &mut Bridge, event: serde_json::Value| {
        seq += 1;
        let mut event = event;
        event["seq"] = json!(seq);
        bridge.say(&event.to_string());
    };
    // Two hear the answer: one says that it helped, one wants a person all the same.
    for (call, key) in [("a", "1"), ("b", "0")] {
        say(
            &mut bridge,
            json!({ "type": "call.started", "call": call, "line": "desk" }),
        );
        say(
            &mut bridge,
            json!({ "type": "key", "call": call, "key": "5" }),
        );
        let wanted = json!({ "type": "play", "call": call, "prompt": "hours" });
        let play = bridge.hear(&wanted).expect("the answer");
        say(
            &mut bridge,
            json!({ "type": "play.done", "call": call, "play": play["play"] }),
        );
        say(
            &mut bridge,
            json!({ "type": "key", "call": call, "key": key }),
        );
    }
    bridge.hear(&json!({ "type": "ring" })).expect("a ringing");
    let worth = daemon.ask("GET /api/v1/answers", "", "").json();
    let hours = &worth["answers"][0];
    assert_eq!(
        [&hours["name"], &hours["question"]],
        ["hours", "When are you open?"]
    );
    for (name, wanted) in [
        ("played", 2.0),
        ("settled_confirmed", 1.0),
        ("to_person", 1.0),
    ] {
        assert_eq!(hours[name].as_f64(), Some(wanted), "{name}: {hours}");
        assert!(worth["definitions"][name].is_string(), "{name}");
    }
    assert!(hours["works"].is_null(), "two calls tell nothing");
    let way = &worth["requests"][0];
    let way = [&way["step"], &way["by"], &way["label"]];
    assert_eq!(way, ["helped", "0", "a person"]);
    assert_eq!(
        worth["costs"],
        json!({ "agent_hour": 36, "currency": "EUR" })
    );
}

#[test]
fn a_body_that_is_too_large_is_told_how_large_it_may_be() {
    let daemon = Daemon::start();
    let body = " ".repeat(20_000);
    let answer = daemon.ask("POST /api/v1/agents/ana/pause", "", &body);
    assert_eq!(answer.status, 413);
    assert!(answer.body.contains("others 16 KiB"), "{answer:?}");
}

#[test]
fn what_the_journal_cannot_give_is_an_error_and_no_empty_list() {
    let daemon = Daemon::start();
    let database = Connection::open(daemon.folder().join("data/journal.db")).expect("a database");
    for (what, table) in [
        ("GET /api/v1/calls/recent", "cdr"),
        ("GET /api/v1/messages", "message"),
        ("GET /api/v1/recordings", "recording"),
        ("GET /api/v1/surveys", "survey"),
        ("GET /api/v1/outbox", "delivery"),
        ("POST /api/v1/outbox/again", "delivery"),
        ("GET /api/v1/menus", "published"),
    ] {
        assert_eq!(daemon.ask(what, "", "").status, 200, "{what}");
        let rename = |from: &str, to: &str| format!("ALTER TABLE {from} RENAME TO {to}");
        let renamed = database.execute_batch(&rename(table, "elsewhere"));
        renamed.expect("nobody else writes");
        let answer = daemon.ask(what, "", "");
        assert_eq!((answer.status, code(&answer)), (500, "journal".to_owned()));
        let renamed = database.execute_batch(&rename("elsewhere", table));
        renamed.expect("nobody else writes");
    }
    daemon.says("the journal's disk has failed (no such table: cdr");
}

#[test]
fn a_refusal_says_what_there_is_and_what_keeps_an_agent() {
    let daemon = Daemon::start();
    let said = |what: &str, body: &str| {
        let answer = daemon.ask(what, "", body);
        answer.json()["detail"].as_str().expect("words").to_owned()
    };
    let act = |act: &str| format!("POST /api/v1/agents/ana/{act}");
    let refused = said(&act("ready"), "");
    assert_eq!(refused, "\"ana\" is signed out, and cannot do this now");
    assert_eq!(daemon.ask(&act("sign-in"), "", "").status, 200);
    let refused = said(&act("sign-in"), "");
    assert!(refused.contains("is signed in and not ready"), "{refused}");
    let refused = said(&act("pause"), r#"{"reason":"golf"}"#);
    assert!(refused.contains("\"lunch\""), "{refused}");
    let refused = said(&act("move"), r#"{"groups":["golf"]}"#);
    assert!(refused.contains("\"support\""), "{refused}");
    let refused = said(&act("move"), r#"{"groups":7}"#);
    assert!(refused.contains("expected a list"), "{refused}");
    let notice = "PUT /api/v1/lines/desk/notice";
    let refused = said(notice, r#"{"text":"x","for_s":"y"}"#);
    assert!(refused.contains("expected a whole number"), "{refused}");
    let refused = said(notice, r#"{"text":""}"#);
    assert!(refused.contains("clear the notice"), "{refused}");
}
