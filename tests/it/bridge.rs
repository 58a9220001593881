//! `docs/BRIDGE.md` keeps its word: every wrong message or order has the error that it promises,
//! and the last word is heard.

use crate::daemon::Bridge;
use crate::daemon::Daemon;
use crate::daemon::TOKEN;
use serde_json::Value;
use serde_json::json;
use strowger::daemon::owner::BATCH_KEYS_MAX;
use strowger::daemon::site::BRIDGES_MAX;
use strowger::exchange::limits::DIGITS_MAX;

const HELLO: &str = r#"{"type":"hello","protocol":1,"bridge":"b","can":["ring","record"],"devices":["SIP/"],"clock_ms":0}"#;
const CALL: &str = r#"{"type":"call.started","seq":1,"call":"a","line":"desk"}"#;

/// One row of the table.
struct Row {
    said: Vec<String>,
    code: String,
    fatal: bool,
}

fn rows() -> Vec<Row> {
    let text = include_str!("../../docs/BRIDGE.md");
    let table = text.split("| what is said | code | fatal |").nth(1);
    let lines = table.expect("the table").lines().skip(2);
    let rows = lines.take_while(|line| line.starts_with('|')).map(|line| {
        let cells: Vec<&str> = line
            .trim_matches('|')
            .rsplitn(3, '|')
            .map(str::trim)
            .collect();
        let [fatal, code, said] = cells[..] else {
            panic!("three cells: {line}");
        };
        let said = said.split('`').skip(1).step_by(2);
        Row {
            said: said.map(|one| one.replace('…', &"x".repeat(200))).collect(),
            code: code.to_owned(),
            fatal: fatal == "yes",
        }
    });
    rows.collect()
}

/// The conversation of the page, word for word, but for the number of the session.
#[test]
fn the_conversation_is_what_a_daemon_says() {
    let text = include_str!("../../docs/BRIDGE.md");
    let conversation = text.split("## A conversation").nth(1);
    let block = conversation.and_then(|text| text.split("```").nth(1));
    let lines = block.expect("a conversation").lines().skip(1);
    let daemon = Daemon::start();
    daemon.man();
    let mut bridge = daemon.bridge();
    let mut heard = 0;
    for line in lines {
        match line.split_once(' ').expect("who says it") {
            ("->", said) => bridge.say(said),
            ("<-", said) => {
                let mut wanted: Value = serde_json::from_str(said).expect("JSON");
                let told = bridge.next().expect("an answer");
                if wanted["type"] == "welcome" {
                    wanted["session"] = told["session"].clone();
                }
                assert_eq!(told, wanted);
                heard += 1;
            }
            _ => panic!("nobody says {line}"),
        }
    }
    assert!(heard > 10, "{heard}");
}

/// A bridge whose call `a` has been taken.
fn with_call(daemon: &Daemon) -> Bridge {
    let mut bridge = daemon.bridge();
    bridge.say(HELLO);
    bridge.say(CALL);
    let known = bridge.hear(&json!({ "type": "ack", "seq": 1 }));
    assert!(known.is_some(), "the call is taken");
    bridge
}

/// What a daemon answers to a row: the codes of its errors, and whether it hung up.
fn play(daemon: &Daemon, row: &Row) -> (Vec<String>, bool) {
    let mut bridge = with_call(daemon);
    row.said.iter().for_each(|text| bridge.say(text));
    // What is wrong is answered before what comes after it is acknowledged.
    let seqs = row.said.iter().filter_map(|text| {
        let message: Value = serde_json::from_str(text).ok()?;
        message.get("seq")?.as_u64()
    });
    let last = seqs.max().unwrap_or(1).max(1) + 1;
    bridge.say(&format!(
        r#"{{"type":"call.ended","seq":{last},"call":"nobody"}}"#
    ));
    let mut codes = Vec::new();
    for message in bridge {
        if message["type"] == "error" {
            codes.push(message["code"].as_str().expect("a code").to_owned());
            if message["fatal"] == true {
                return (codes, true);
            }
        }
        if message["type"] == "ack" && message["seq"].as_u64() >= Some(last) {
            return (codes, false);
        }
    }
    (codes, true)
}

#[test]
fn every_row_of_the_table_is_answered_as_it_says() {
    let rows = rows();
    assert!(rows.len() > 35, "{} rows", rows.len());
    let mut wrong = Vec::new();
    for row in rows {
        let daemon = Daemon::start();
        daemon.man();
        let (codes, fatal) = play(&daemon, &row);
        let as_said = match row.code.as_str() {
            "-" => codes.is_empty(),
            code => codes == [code],
        };
        if !as_said || fatal != row.fatal {
            wrong.push(format!("{:?}: {codes:?}, fatal {fatal}", row.said));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is said last to a bridge that says this first.
#[track_caller]
fn is_turned_away(daemon: &Daemon, said: &str, code: &str) {
    let mut bridge = daemon.bridge();
    bridge.say(said);
    let heard: Vec<Value> = bridge.collect();
    let [last] = &heard[..] else {
        panic!("{said}: {heard:?}");
    };
    assert_eq!(last["code"], code, "{said}: {last}");
    assert_eq!(last["fatal"], true, "{said}: {last}");
}

#[test]
fn whoever_does_not_say_a_good_hello_is_turned_away() {
    let daemon = Daemon::start();
    for (said, code) in [
        (CALL, "hello-first"),
        (r#"{"type":"ping","clock_ms":0}"#, "hello-first"),
        (r#"{"type":"ack","effect":0}"#, "hello-first"),
        ("GET / HTTP/1.1", "bad-message"),
        (
            r#"{"type":"hello","protocol":1,"bridge":"b"}"#,
            "bad-message",
        ),
        (&HELLO.replace(":1,", ":2,"), "wrong-version"),
        (&HELLO.replace("\"b\"", "\"\""), "bad-value"),
        (&HELLO.replace("\"b\"", "\" b\""), "bad-value"),
        (&HELLO.replace("SIP/", &"x".repeat(129)), "bad-value"),
    ] {
        is_turned_away(&daemon, said, code);
    }
}

#[test]
fn where_there_is_a_token_hello_shows_it() {
    let daemon = Daemon::guarded();
    is_turned_away(&daemon, HELLO, "unauthorized");
    let with = |token: &str| HELLO.replace("{", &format!(r#"{{"token":"{token}","#));
    is_turned_away(&daemon, &with("a-token-for-tests-onlx"), "unauthorized");
    let mut bridge = daemon.bridge();
    bridge.say(&with(TOKEN));
    assert!(bridge.hear(&json!({ "type": "welcome" })).is_some());
}

#[test]
fn a_line_without_end_is_refused_and_the_refusal_is_heard() {
    let daemon = Daemon::start();
    let mut bridge = with_call(&daemon);
    bridge.say(&"x".repeat(3 * 1024 * 1024));
    let error = bridge.hear(&json!({ "type": "error" }));
    let error = error.expect("a last word");
    assert_eq!(error["code"], "too-long");
    assert_eq!(error["fatal"], true);
    assert_eq!(bridge.next(), None, "the daemon hangs up");
}

#[test]
fn the_seventeenth_message_in_a_row_that_cannot_be_read_is_the_last() {
    let daemon = Daemon::start();
    let mut bridge = with_call(&daemon);
    (0..20).for_each(|_| bridge.say("nonsense"));
    let errors: Vec<Value> = bridge.filter(|said| said["type"] == "error").collect();
    let last = errors.last().expect("errors");
    assert_eq!(last["fatal"], true, "{last}");
    assert!(errors.len() <= 17, "{}", errors.len());
}

#[test]
fn one_that_can_be_read_starts_the_count_afresh() {
    let daemon = Daemon::start();
    let mut bridge = with_call(&daemon);
    for seq in 2..5 {
        for good in [
            r#"{"type":"ping","clock_ms":0}"#.to_owned(),
            r#"{"type":"ack","effect":0}"#.to_owned(),
            format!(r#"{{"type":"call.ended","seq":{seq},"call":"nobody"}}"#),
        ] {
            (0..10).for_each(|_| bridge.say("nonsense"));
            bridge.say(&good);
        }
    }
    let ack = bridge.hear(&json!({ "type": "ack", "seq": 4 }));
    assert!(ack.is_some(), "the conversation goes on");
}

#[test]
fn a_call_in_progress_is_not_refused_by_another_of_its_name() {
    let daemon = Daemon::patient();
    let mut bridge = with_call(&daemon);
    let start = |seq: u64, line: &str| {
        format!(r#"{{"type":"call.started","seq":{seq},"call":"a","line":"{line}"}}"#)
    };
    let objects = |bridge: &mut Bridge, seq: u64, line: &str| {
        bridge.say(&start(seq, line));
        let wanted = |said: &Value| said["type"] == "error" || said["type"] == "refuse";
        let said = bridge.find(wanted).expect("an answer");
        assert_eq!(said["code"], "duplicate-call", "{said}");
        assert_eq!(said["seq"], seq, "{said}");
    };
    objects(&mut bridge, 2, "nowhere");
    daemon.ask_to_stop();
    let (_, last) = refused(&mut bridge, 3);
    objects(&mut bridge, last + 1, "desk");
}

#[test]
fn what_a_newer_bridge_can_do_besides_is_passed_over() {
    let daemon = Daemon::start();
    let mut bridge = daemon.bridge();
    bridge.say(&HELLO.replace(r#""can":["#, r#""can":["video","#));
    let welcome = bridge
        .hear(&json!({ "type": "welcome" }))
        .expect("a welcome");
    assert_eq!(welcome["warnings"], Value::Null, "it can still ring");
    is_turned_away(
        &daemon,
        &HELLO.replace(r#""can":["#, r#""can":[7,"#),
        "bad-message",
    );
}

#[test]
fn a_newer_connection_takes_over_where_the_older_was() {
    let daemon = Daemon::start();
    let mut old = daemon.bridge();
    old.say(HELLO);
    old.say(CALL);
    let welcome = old.hear(&json!({ "type": "welcome" })).expect("a welcome");
    let play = old.hear(&json!({ "type": "play" })).expect("a prompt");
    let mut new = daemon.bridge();
    let resume = json!({ "session": welcome["session"], "effect": play["effect"] });
    new.say(&HELLO.replace("{", &format!(r#"{{"resume":{resume},"#)));
    let welcome = new.hear(&json!({ "type": "welcome" })).expect("a welcome");
    assert_eq!(welcome["resumed"], true);
    assert_eq!(welcome["received"], 1);
    let error = old.hear(&json!({ "type": "error" })).expect("a last word");
    assert_eq!(error["code"], "replaced");
    new.say(r#"{"type":"key","seq":2,"call":"a","key":"1"}"#);
    let again = new.hear(&json!({ "type": "play" })).expect("a prompt");
    assert!(again["effect"].as_u64() > play["effect"].as_u64());
}

#[test]
fn a_ringing_is_answered_by_the_bridge_that_was_asked() {
    let daemon = Daemon::start();
    daemon.man();
    let mut bridge = with_call(&daemon);
    bridge.say(r#"{"type":"key","seq":2,"call":"a","key":"2"}"#);
    let ring = bridge.hear(&json!({ "type": "ring" })).expect("a ringing");
    let answer = |seq: u64| {
        let offer = &ring["offer"];
        json!({ "type": "agent.answered", "seq": seq, "offer": offer }).to_string()
    };
    let mut stranger = daemon.bridge();
    stranger.say(&HELLO.replace("\"b\"", "\"c\""));
    stranger.say(&answer(1));
    let error = stranger
        .hear(&json!({ "type": "error" }))
        .expect("an error");
    assert_eq!(error["code"], "stale-offer");
    bridge.say(&answer(3));
    assert!(bridge.hear(&json!({ "type": "connect" })).is_some());
}

#[test]
fn a_bridge_beyond_the_last_is_turned_away_and_those_known_are_not() {
    let daemon = Daemon::start();
    let named = |number: usize| HELLO.replace("\"b\"", &format!("\"b{number}\""));
    let joins = |number: usize| {
        let mut bridge = daemon.bridge();
        bridge.say(&named(number));
        assert!(bridge.hear(&json!({ "type": "welcome" })).is_some());
        bridge
    };
    let here: Vec<Bridge> = (0..BRIDGES_MAX).map(joins).collect();
    is_turned_away(&daemon, &named(BRIDGES_MAX), "too-many-bridges");
    drop(here);
    let mut known = daemon.bridge();
    known.say(&named(0));
    assert!(known.hear(&json!({ "type": "welcome" })).is_some());
}

/// Presses a key of call `a` so many times without a pause; the reports whose key was too many.
fn press(bridge: &mut Bridge, key: char, from: u64, count: u64) -> Vec<u64> {
    let line = |seq| format!(r#"{{"type":"key","seq":{seq},"call":"a","key":"{key}"}}"#);
    let lines: Vec<String> = (from..from + count).map(line).collect();
    bridge.say(&lines.join("\n"));
    let mut refused = Vec::new();
    for message in bridge {
        if message["type"] == "error" {
            assert_eq!(message["code"], "too-many-keys", "{message}");
            assert_ne!(message["fatal"], true, "{message}");
            refused.push(message["seq"].as_u64().expect("a number"));
        }
        if message["type"] == "ack" && message["seq"] == from + count - 1 {
            return refused;
        }
    }
    panic!("the daemon has hung up");
}

#[test]
fn more_keys_than_a_call_may_hold_are_refused_one_by_one() {
    let daemon = Daemon::start();
    let mut bridge = with_call(&daemon);
    // Words that have to be heard to their end: whatever is pressed meanwhile is kept.
    assert_eq!(press(&mut bridge, '4', 2, 1), [0; 0]);
    let half = DIGITS_MAX as u64 / 2;
    assert_eq!(press(&mut bridge, '1', 3, half), [0; 0]);
    assert_eq!(press(&mut bridge, '1', 3 + half, half), [0; 0]);
    let full = 3 + 2 * half;
    assert_eq!(press(&mut bridge, '1', full, 2), [full, full + 1]);
}

#[test]
fn more_keys_at_once_than_anybody_can_press_are_refused() {
    let daemon = Daemon::start();
    let mut bridge = with_call(&daemon);
    let count = 16 * BATCH_KEYS_MAX as u64;
    let mut next = 2;
    // What comes while the disk is flushed is taken at once; now and then a flush is quick.
    while press(&mut bridge, '1', next, count).is_empty() {
        next += count;
    }
    next += count;
    assert_eq!(press(&mut bridge, '1', next, 1), [0; 0], "the call goes on");
}

/// Begins and ends calls until one is not taken: what it is told, and the last report.
fn refused(bridge: &mut Bridge, from: u64) -> (Value, u64) {
    for seq in (from..).step_by(2) {
        let call = format!("c{seq}");
        let (start, end) = (seq, seq + 1);
        bridge.say(&format!(
            r#"{{"type":"call.started","seq":{start},"call":"{call}","line":"desk"}}"#
        ));
        // Of one that is over before the daemon looks, nothing would be heard.
        let told = bridge.hear(&json!({ "call": call })).expect("an effect");
        bridge.say(&format!(
            r#"{{"type":"call.ended","seq":{end},"call":"{call}"}}"#
        ));
        // Before it has heard the signal, a busy machine may keep calls waiting until they are shed.
        if told["type"] == "refuse" && told["reason"] != "overload" {
            return (told, end);
        }
    }
    unreachable!("the numbers have no end")
}

#[test]
fn a_daemon_that_is_asked_to_stop_finishes_its_calls_and_says_so() {
    let daemon = Daemon::patient();
    let mut bridge = with_call(&daemon);
    daemon.ask_to_stop();
    let (told, last) = refused(&mut bridge, 2);
    assert_eq!(told["reason"], "stopping", "{told}");
    let (key, end) = (last + 1, last + 2);
    bridge.say(&format!(
        r#"{{"type":"key","seq":{key},"call":"a","key":"1"}}"#
    ));
    let again = bridge.hear(&json!({ "type": "play", "call": "a" }));
    assert!(again.is_some(), "a call in progress goes on");
    bridge.say(&format!(
        r#"{{"type":"call.ended","seq":{end},"call":"a"}}"#
    ));
    let error = loop {
        bridge.say(r#"{"type":"ping","clock_ms":0}"#);
        let message = bridge.next().expect("a last word");
        if message["type"] == "error" {
            break message;
        }
    };
    assert_eq!(error["code"], "stopping", "{error}");
    assert_eq!(error["fatal"], true, "{error}");
    assert_eq!(bridge.next(), None, "the daemon hangs up");
    assert!(daemon.ended().success());
}

#[test]
fn a_second_program_of_the_same_name_ends_no_calls_of_the_first() {
    let daemon = Daemon::start();
    let hello = |calls: &str| {
        format!(r#"{{"type":"hello","protocol":1,"bridge":"b","clock_ms":0,"calls":[{calls}]}}"#)
    };
    let mut first = daemon.bridge();
    first.say(&hello(""));
    first.say(r#"{"type":"call.started","seq":1,"call":"a","line":"desk"}"#);
    let ack = json!({ "type": "ack", "seq": 1 });
    first.hear(&ack).expect("the call is taken");
    let mut second = daemon.bridge();
    second.say(&hello(""));
    let refused = json!({ "type": "error", "code": "name-taken", "fatal": true });
    second.hear(&refused).expect("it is told so");
    first.say(r#"{"type":"key","seq":2,"call":"a","key":"1"}"#);
    let ack = json!({ "type": "ack", "seq": 2 });
    first.hear(&ack).expect("its call goes on");
    // A newer connection of the same program knows the calls.
    let mut again = daemon.bridge();
    again.say(&hello("\"a\""));
    let welcome = json!({ "type": "welcome" });
    again.hear(&welcome).expect("it is let in");
    // One that has crashed has hung up, and may come back without them.
    drop((first, second, again));
    let mut anew = daemon.bridge();
    daemon.says("bridge \"b\" is gone");
    anew.say(&hello(""));
    anew.hear(&welcome).expect("it is let in");
}
