//! Calls back through a real daemon: promised in one call, dialled by the bridge once an agent is
//! ready, across a crash.

use crate::daemon::Bridge;
use crate::served::Served;
use crate::temporary::Temporary;
use serde_json::Value;
use serde_json::json;
use std::fs;

pub(crate) const GROUPS: &str =
    "[group.support]\n[agent.ana]\ngroups = [\"support\"]\ndevice = \"SIP/ana\"\n";
const LINE: &str = r#"
format = 1
[line]
name = "Shop"
groups = "groups.toml"
timezone = "Etc/UTC"
languages = ["en"]
numbers = ["+441632960555"]
start = "main"
[menu.main]
say = "{options}"
give_up = "@hangup"
[menu.main.keys]
1 = { go = "call-me", label = "a call back" }
2 = { go = "support", label = "a person" }
[queue.support]
group = "support"
max_wait = "5m"
timeout = "@hangup"
full = "@hangup"
no_agents = "@hangup"
[callback.call-me]
queue = "support"
say = "We will call you back on {caller}."
confirm = false
attempts = 2
retry = "10s"
then = "@hangup"
"#;

fn start(folder: &Temporary) -> Served {
    start_with(folder, LINE)
}

fn start_with(folder: &Temporary, line: &str) -> Served {
    for (file, text) in [("shop.toml", line), ("groups.toml", GROUPS)] {
        fs::write(folder.path().join(file), text).expect("a file");
    }
    Served::start(folder.path(), &["shop.toml"])
}

/// What the bridge says, numbered.
pub(crate) struct Phone {
    bridge: Bridge,
    seq: u64,
}

impl Phone {
    pub(crate) fn new(daemon: &Served, can: &[&str]) -> Self {
        Self::forgetful(daemon, can, &[])
    }

    /// One that still carries these calls, and has forgotten everything else.
    pub(crate) fn forgetful(daemon: &Served, can: &[&str], calls: &[&str]) -> Self {
        let mut bridge = Bridge::to(daemon);
        let hello = json!({
            "type": "hello", "protocol": 1, "bridge": "b", "can": can, "devices": ["SIP/"],
            "clock_ms": 0, "calls": calls,
        });
        bridge.say(&hello.to_string());
        Self { bridge, seq: 0 }
    }

    pub(crate) fn reports(&mut self, mut what: Value) {
        self.seq += 1;
        what["seq"] = json!(self.seq);
        self.bridge.say(&what.to_string());
    }

    /// Hears something of this kind, and only then goes on.
    pub(crate) fn hears(&mut self, kind: &str) -> Value {
        let heard = self.bridge.hear(&json!({ "type": kind }));
        heard.expect("the daemon goes on")
    }

    /// A caller asks for a call back and hangs up.
    fn asks_for_a_call_back(&mut self) {
        let said = self.asks_from("+441632960001");
        assert_eq!(said, "441632960001");
    }

    /// The same with a number that is written like this; the digits that the caller hears.
    fn asks_from(&mut self, number: &str) -> Value {
        self.reports(json!({
            "type": "call.started", "call": "a", "line": "shop", "from": number,
        }));
        self.hears("play");
        self.reports(json!({ "type": "key", "call": "a", "key": "1" }));
        let said = self.hears("play");
        self.reports(json!({ "type": "call.ended", "call": "a" }));
        self.is_safe();
        said["parts"][1]["digits"].clone()
    }

    /// All that was reported is on the disk.
    pub(crate) fn is_safe(&mut self) {
        let seq = self.seq;
        let known = self.bridge.hear(&json!({ "type": "ack", "seq": seq }));
        assert!(known.is_some(), "the reports are safe");
    }

    /// The agent's phone rings, and is picked up.
    pub(crate) fn picks_up(&mut self) -> u64 {
        let offer = self.hears("ring")["offer"].as_u64().expect("an offer");
        self.reports(json!({ "type": "agent.answered", "offer": offer }));
        offer
    }
}

pub(crate) fn man(daemon: &Served) {
    for act in ["sign-in", "ready"] {
        acts(daemon, act);
    }
}

/// The agent does something, and may.
pub(crate) fn acts(daemon: &Served, act: &str) {
    let answer = daemon.ask(&format!("POST /api/v1/agents/ana/{act}"), "", "");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

/// What the API says.
pub(crate) fn says(daemon: &Served, what: &str) -> Value {
    let answer = daemon.ask(&format!("GET /api/v1/{what}"), "", "");
    let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
    serde_json::from_str(body).expect("JSON")
}

/// How calls have ended, the latest first.
fn outcomes(daemon: &Served) -> Vec<String> {
    let rows = says(daemon, "calls/recent");
    let rows = rows.as_array().expect("a list").iter();
    let outcome = |row: &Value| row["outcome"].as_str().expect("an outcome").to_owned();
    rows.map(outcome).collect()
}

#[test]
fn a_promise_survives_a_crash_and_is_kept_by_whoever_is_there() {
    let folder = Temporary::new(&std::env::temp_dir());
    let mut daemon = start(&folder);
    let mut phone = Phone::new(&daemon, &["ring", "dial"]);
    phone.asks_for_a_call_back();
    daemon.kill();
    let daemon = start(&folder);
    let mut phone = Phone::new(&daemon, &["ring", "dial"]);
    phone.hears("welcome");
    man(&daemon);
    let offer = phone.picks_up();
    let dialled = phone.hears("dial");
    assert_eq!(dialled["number"], "+441632960001");
    assert_eq!(dialled["show"], "+441632960555");
    assert_eq!(dialled["ring_ms"], 30_000);
    let call = dialled["call"].as_str().expect("a name").to_owned();
    phone.reports(json!({ "type": "dial.answered", "call": call }));
    let connected = phone.hears("connect");
    assert_eq!(
        (&connected["call"], connected["offer"].as_u64()),
        (&json!(call), Some(offer))
    );
    phone.reports(json!({ "type": "call.ended", "call": call }));
    phone.hears("disconnect");
    phone.is_safe();
    assert_eq!(outcomes(&daemon), ["callback_served", "callback"]);
    assert_eq!(says(&daemon, "calls/recent")[0]["queue"], "support");
    assert_eq!(says(&daemon, "agents/ana")["answered"], 1);
}

#[test]
fn a_number_that_does_not_answer_lets_the_agent_go() {
    let folder = Temporary::new(&std::env::temp_dir());
    let daemon = start(&folder);
    let mut phone = Phone::new(&daemon, &["ring", "dial"]);
    phone.asks_for_a_call_back();
    man(&daemon);
    phone.picks_up();
    let call = phone.hears("dial")["call"].clone();
    phone.reports(json!({ "type": "dial.failed", "call": call }));
    phone.hears("hangup");
    phone.hears("disconnect");
    // The next caller has the agent.
    phone.reports(json!({ "type": "call.started", "call": "c", "line": "shop" }));
    phone.reports(json!({ "type": "key", "call": "c", "key": "2" }));
    let ring = phone.hears("ring");
    assert_eq!(ring["call"], "c");
}

#[test]
fn the_number_that_a_caller_types_is_dialled() {
    let folder = Temporary::new(&std::env::temp_dir());
    let daemon = start(&folder);
    let mut phone = Phone::new(&daemon, &["ring", "dial"]);
    phone.reports(json!({ "type": "call.started", "call": "a", "line": "shop" }));
    phone.hears("play");
    // A withheld number is asked for; a foreign one may not be dialled, one at home may.
    for key in "100491701234567#01632960777#1".chars() {
        phone.reports(json!({ "type": "key", "call": "a", "key": key }));
    }
    phone.reports(json!({ "type": "call.ended", "call": "a" }));
    man(&daemon);
    phone.picks_up();
    assert_eq!(phone.hears("dial")["number"], "+441632960777");
}

#[test]
fn a_bridge_that_cannot_dial_any_more_keeps_no_promise_and_hurts_nobody() {
    let folder = Temporary::new(&std::env::temp_dir());
    let daemon = start_with(&folder, &LINE.replace("attempts = 2", "attempts = 1"));
    let mut phone = Phone::new(&daemon, &["ring", "dial"]);
    phone.asks_for_a_call_back();
    let _phone = Phone::new(&daemon, &["ring"]);
    man(&daemon);
    assert_eq!(outcomes(&daemon), ["callback_undialled", "callback"]);
    let answer = daemon.ask("GET /api/v1/agents/ana", "", "");
    assert!(answer.contains("\"state\":\"idle\""), "{answer}");
    assert!(!answer.contains("\"missed\":1"), "{answer}");
}

#[test]
fn a_call_of_the_bridge_that_is_called_like_a_call_back_is_another() {
    let folder = Temporary::new(&std::env::temp_dir());
    let daemon = start(&folder);
    let mut phone = Phone::new(&daemon, &["ring", "dial"]);
    phone.asks_for_a_call_back();
    // It would be called so, for it is the second call.
    let own = "callback-1.0";
    phone.reports(json!({ "type": "call.started", "call": own, "line": "shop" }));
    phone.hears("answer");
    man(&daemon);
    let offer = phone.picks_up();
    let dialled = phone.hears("dial")["call"].clone();
    assert_eq!(dialled, "callback-1.0-2");
    phone.reports(json!({ "type": "dial.answered", "call": dialled }));
    phone.hears("connect");
    phone.reports(json!({ "type": "agent.hung_up", "offer": offer }));
    phone.hears("hangup");
    phone.is_safe();
    let board = says(&daemon, "wallboard");
    assert_eq!(board["bridges"][0]["calls"], 1);
    phone.reports(json!({ "type": "call.ended", "call": own }));
    phone.is_safe();
    let board = says(&daemon, "wallboard");
    assert_eq!(board["bridges"][0]["calls"], 0);
    assert_eq!(board["lines"][0]["in_progress"], 0);
    let calls = says(&daemon, "calls/recent");
    assert_eq!(calls[0]["call"], own);
    assert_eq!(calls[0]["outcome"], "left_in_menu");
}

#[test]
fn a_promise_that_is_withdrawn_leaves_the_bridges_call_of_its_name_alone() {
    let folder = Temporary::new(&std::env::temp_dir());
    let daemon = start(&folder);
    let mut phone = Phone::new(&daemon, &["ring", "dial"]);
    phone.asks_for_a_call_back();
    let own = "callback-1.0";
    phone.reports(json!({
        "type": "call.started", "call": own, "line": "shop", "from": "+441632960001",
    }));
    phone.hears("answer");
    // There before the key, which comes by another connection, leads to the queue.
    man(&daemon);
    phone.reports(json!({ "type": "key", "call": own, "key": "2" }));
    // The promised caller is served: nobody needs to be called back.
    phone.picks_up();
    phone.is_safe();
    assert_eq!(outcomes(&daemon), ["callback_withdrawn", "callback"]);
    phone.reports(json!({ "type": "call.ended", "call": own }));
    phone.hears("disconnect");
    phone.is_safe();
    let calls = says(&daemon, "calls/recent");
    assert_eq!(
        (&calls[0]["call"], &calls[0]["outcome"]),
        (&json!(own), &json!("answered"))
    );
    assert_eq!(says(&daemon, "wallboard")["lines"][0]["in_progress"], 0);
}

#[test]
fn a_number_is_said_and_dialled_without_what_is_written_around_it() {
    for (written, said) in [
        ("tel:+44-1632-960001;ext=5", "441632960001"),
        ("+44 (0)1632 960001", "441632960001"),
        ("(01632) 960.001 ", "01632960001"),
    ] {
        let folder = Temporary::new(&std::env::temp_dir());
        let daemon = start(&folder);
        let mut phone = Phone::new(&daemon, &["ring", "dial"]);
        assert_eq!(phone.asks_from(written), said, "{written}");
        man(&daemon);
        phone.picks_up();
        assert_eq!(phone.hears("dial")["number"], "+441632960001", "{written}");
    }
}

#[test]
fn a_word_in_the_place_of_a_number_is_nobodys() {
    let folder = Temporary::new(&std::env::temp_dir());
    let limit = "caller_limit = { calls = 1, within = \"1h\" }\nstart = \"main\"";
    let daemon = start_with(&folder, &LINE.replace("start = \"main\"", limit));
    let mut phone = Phone::new(&daemon, &["ring", "dial"]);
    let words = [
        "anonymous",
        "Unknown",
        "sip:anonymous@anonymous.invalid",
        "sips:anonymous;x=1@anonymous.invalid",
        "tel:anonymous",
        "\"Anonymous\" <sip:anonymous@anonymous.invalid>",
        " ",
    ];
    for (number, word) in words.iter().cycle().take(2 * words.len()).enumerate() {
        let call = format!("call-{number}");
        phone.reports(json!({
            "type": "call.started", "call": call, "line": "shop", "from": word,
        }));
        assert_eq!(phone.hears("answer")["call"], json!(call), "{word}");
        phone.reports(json!({ "type": "call.ended", "call": call }));
    }
    phone.is_safe();
    assert_eq!(says(&daemon, "calls/recent")[0]["caller"], Value::Null);
}

#[test]
fn a_line_is_found_by_its_number_in_whichever_form_it_was_called() {
    let folder = Temporary::new(&std::env::temp_dir());
    let daemon = start(&folder);
    let mut phone = Phone::new(&daemon, &["ring", "dial"]);
    for (number, answered) in [
        ("+441632960555", true),
        ("01632960555", true),
        ("441632960555", true),
        ("tel:+44-1632-960555", true),
        ("+331632960555", false),
        ("01632960556", false),
    ] {
        phone.reports(json!({ "type": "call.started", "call": number, "number": number }));
        let heard = phone.bridge.hear(&json!({ "call": number }));
        let kind = heard.expect("an answer")["type"].clone();
        assert_eq!(kind, if answered { "answer" } else { "refuse" }, "{number}");
    }
}
