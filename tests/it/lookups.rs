//! Look-ups: a real daemon asks a real HTTP server, and a simulated one takes its time.

mod simulated;

use crate::daemon::Bridge;
use crate::other::Asked;
use crate::other::OtherSystem;
use crate::served::Served;
use crate::temporary::Temporary;
use serde_json::Value;
use serde_json::json;
use std::fs;

const GROUPS: &str = "[group.support]\n[agent.ana]\ngroups = [\"support\"]\n";
const LINE: &str = r#"
format = 1
[line]
name = "Bank"
groups = "groups.toml"
timezone = "Europe/Madrid"
languages = ["es", "en"]
start = "language"
[menu.language]
say.es = "{options}"
say.en = "{options}"
[menu.language.keys]
1 = { go = "card", label = { es = "español", en = "Spanish" }, language = "es" }
2 = { go = "card", label = { es = "inglés", en = "English" }, language = "en" }
[defaults]
give_up = "support"
[collect.card]
say.es = "Su tarjeta."
say.en = "Your card."
digits = 4
save = "card"
secret = true
go = "branch"
[collect.branch]
say.es = "Su oficina."
say.en = "Your branch."
digits = 2
save = "branch"
go = "balance"
[lookup.balance]
url = "URL/{line}/{branch}?from={caller}&tongue={language}"
method = "POST"
body = { card = "{card}" }
auth = { bearer_env = "BANK_TOKEN" }
timeout = "TIMEOUT"
cache = "1h"
save = { state = "/state", balance = "/money/amount", currency = "/money/currency", since = "/since" }
branch = "state"
[lookup.balance.case]
open = "balance-is"
any = "support"
[lookup.balance.error]
404 = "no-branch"
timeout = "slow"
any = "sorry"
[say.balance-is]
say.es = "Desde el {since:date}: {balance:money}."
say.en = "Since {since:date}: {balance:money}."
then = "@hangup"
[say.no-branch]
say.es = "No existe la oficina {branch:digits}."
say.en = "There is no branch {branch:digits}."
then = "@hangup"
[say.slow]
say.es = "Tarda demasiado."
say.en = "That takes too long."
then = "@hangup"
[say.sorry]
say.es = "Lo sentimos."
say.en = "Sorry."
then = "@hangup"
[queue.support]
group = "support"
max_wait = "5m"
timeout = "@hangup"
full = "@hangup"
no_agents = "@hangup"
"#;
const KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const FOUND: &str =
    r#"{"state":"open","money":{"amount":1204.5,"currency":"EUR"},"since":"2026-11-02"}"#;
const HELLO: &str = r#"{"type":"hello","protocol":1,"bridge":"b","clock_ms":0}"#;

/// A daemon whose line asks the other system, and waits for it so long.
fn serve(folder: &Temporary, system: &OtherSystem, timeout: &str) -> Served {
    let line = LINE.replace("URL", &system.url).replace("TIMEOUT", timeout);
    for (file, text) in [
        ("bank.toml", line.as_str()),
        ("groups.toml", GROUPS),
        ("key", KEY),
    ] {
        fs::write(folder.path().join(file), text).expect("a file");
    }
    start(folder)
}

fn start(folder: &Temporary) -> Served {
    let args = ["bank.toml", "--secret-key-file", "key"];
    let token = [("BANK_TOKEN", "a-token-of-the-bank")];
    Served::start_at(folder.path(), &args, ["127.0.0.1:0"; 2], &token)
}

/// A caller who speaks a language, with this branch, and the numbers of what is reported next.
fn calls(bridge: &mut Bridge, call: &str, language: char, branch: &str, seq: u64) -> u64 {
    let started = json!({ "type": "call.started", "call": call, "line": "bank", "from": "+34 6" });
    let keys = std::iter::once(language).chain("4711".chars());
    let keys = keys.chain(branch.chars());
    let keys = keys.map(|key| json!({ "type": "key", "call": call, "key": key }));
    let mut next = seq;
    for mut report in std::iter::once(started).chain(keys) {
        report["seq"] = json!(next);
        bridge.say(&report.to_string());
        next += 1;
    }
    next
}

/// What a caller hears next of these prompts.
fn hears(bridge: &mut Bridge, call: &str, prompt: &str) -> Value {
    let wanted = json!({ "type": "play", "call": call, "prompt": prompt });
    bridge.hear(&wanted).expect("the daemon goes on")["parts"].clone()
}

#[test]
fn a_caller_hears_what_another_system_knows_in_the_own_language() {
    let system = OtherSystem::answering(|_| (200, FOUND.to_owned()));
    let folder = Temporary::new(&std::env::temp_dir());
    let daemon = serve(&folder, &system, "20s");
    let mut bridge = Bridge::to(&daemon);
    bridge.say(HELLO);
    let next = calls(&mut bridge, "a", '2', "07", 1);
    let money =
        |text: &str| json!({ "money": { "amount": "1204.5", "currency": "EUR", "text": text } });
    assert_eq!(
        hears(&mut bridge, "a", "balance-is"),
        json!([
            { "text": "Since " },
            { "date": { "date": "2026-11-02", "text": "Monday, November 2" } },
            { "text": ": " },
            money("1204 euros and 50 cents"),
            { "text": "." },
        ])
    );
    calls(&mut bridge, "b", '1', "07", next);
    let spoken = hears(&mut bridge, "b", "balance-is");
    assert_eq!(spoken[3], money("1204 euros con 50 céntimos"));
    let asked = system.asked();
    let [first, _] = &asked[..] else {
        panic!("secrets are not cached: {asked:?}");
    };
    assert_eq!(
        *first,
        Asked {
            request: "POST /bank/07?from=%2B34%206&tongue=en HTTP/1.1".to_owned(),
            token: "Bearer a-token-of-the-bank".to_owned(),
            body: json!({ "card": "4711" }).to_string(),
            ..Asked::default()
        }
    );
    drop(daemon);
    // Neither the journal nor what is around it has the card.
    for entry in fs::read_dir(folder.path().join("data")).expect("the journal") {
        let path = entry.expect("a file").path();
        let bytes = fs::read(&path).expect("a file");
        let shown = bytes.windows(4).any(|window| window == b"4711");
        assert!(!shown, "{}", path.display());
    }
}

#[test]
fn what_goes_wrong_has_a_way_on() {
    let system = OtherSystem::answering(|asked| match &asked.request {
        request if request.contains("/01?") => (404, String::new()),
        request if request.contains("/02?") => (302, String::new()),
        request if request.contains("/03?") => (200, "<html>".to_owned()),
        request if request.contains("/04?") => (200, r#"{"state":"shut"}"#.to_owned()),
        request if request.contains("/05?") => (200, format!("\"{}\"", "x".repeat(300_000))),
        _ => (500, "{}".to_owned()),
    });
    let folder = Temporary::new(&std::env::temp_dir());
    let daemon = serve(&folder, &system, "20s");
    let mut bridge = Bridge::to(&daemon);
    bridge.say(HELLO);
    let mut seq = 1;
    for (branch, prompt) in [
        ("01", "no-branch"),
        ("02", "sorry"),
        ("03", "sorry"),
        ("05", "sorry"),
        ("06", "sorry"),
    ] {
        seq = calls(&mut bridge, branch, '2', branch, seq);
        hears(&mut bridge, branch, prompt);
    }
    // A value that is no case: the queue, where nobody is.
    calls(&mut bridge, "04", '2', "04", seq);
    let end = bridge.hear(&json!({ "type": "hangup", "call": "04" }));
    assert!(end.is_some());
}

#[test]
fn a_system_that_is_silent_or_gone_keeps_nobody_waiting() {
    let system = OtherSystem::answering(|_| (0, String::new()));
    let folder = Temporary::new(&std::env::temp_dir());
    let daemon = serve(&folder, &system, "200ms");
    let mut bridge = Bridge::to(&daemon);
    bridge.say(HELLO);
    let next = calls(&mut bridge, "a", '2', "07", 1);
    hears(&mut bridge, "a", "slow");
    system.leave();
    calls(&mut bridge, "b", '2', "07", next);
    hears(&mut bridge, "b", "sorry");
}

#[test]
fn a_question_of_before_the_crash_is_asked_again_with_its_secret() {
    let folder = Temporary::new(&std::env::temp_dir());
    // The first time it takes the question and says nothing.
    let system = OtherSystem::answering({
        let times = std::sync::atomic::AtomicU32::new(0);
        move |_| match times.fetch_add(1, std::sync::atomic::Ordering::Relaxed) {
            0 => (0, String::new()),
            _ => (200, FOUND.to_owned()),
        }
    });
    let mut daemon = serve(&folder, &system, "30s");
    let mut bridge = Bridge::to(&daemon);
    bridge.say(HELLO);
    let welcome = bridge
        .hear(&json!({ "type": "welcome" }))
        .expect("a welcome");
    let next = calls(&mut bridge, "a", '2', "07", 1);
    bridge
        .hear(&json!({ "type": "ack", "seq": next - 1 }))
        .expect("all is safe");
    system.wait_for(1);
    daemon.kill();
    let daemon = start(&folder);
    system.wait_for(2);
    let mut bridge = Bridge::to(&daemon);
    let hello = json!({
        "type": "hello", "protocol": 1, "bridge": "b", "clock_ms": 0,
        "resume": { "session": welcome["session"], "effect": 0 }, "calls": ["a"],
    });
    bridge.say(&hello.to_string());
    hears(&mut bridge, "a", "balance-is");
    let asked = system.asked();
    assert_eq!(asked[0], asked[1]);
}
