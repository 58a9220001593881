//! Menus published to a real daemon while calls go on: those keep what they began with, the next ones
//! have the new, and a crash right afterwards changes nothing of that.

use crate::daemon::Bridge;
use crate::served::Served;
use crate::temporary::Temporary;
use serde_json::Value;
use serde_json::json;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

const GROUPS: &str = "[group.support]\n[agent.ana]\ngroups = [\"support\"]\ndevice = \"SIP/ana\"\n";
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
say = "GREETING {options}"
give_up = "@hangup"
[menu.main.keys]
1 = { go = "call-me", label = "a call back" }
2 = { go = "support", label = "a person" }
3 = { go = "rules", label = "the rules" }
[say.rules]
say = "RULES"
then = "main"
[queue.support]
group = "support"
max_wait = "5m"
timeout = "@hangup"
full = "@hangup"
no_agents = "main"
[callback.call-me]
queue = "support"
say = "We will call you back on {caller}."
confirm = false
then = "@hangup"
"#;

fn line(greeting: &str) -> String {
    let text = LINE.replace("GREETING", greeting);
    text.replace("RULES", &format!("{greeting} The rules."))
}

/// A folder with the line that a daemon is started with, and newer ones to publish.
fn folder() -> Temporary {
    let folder = Temporary::new(&std::env::temp_dir());
    fs::create_dir(folder.path().join("new")).expect("a folder");
    let alone = line("Alone.").replace("support", "sales");
    for (file, text) in [
        ("shop.toml", line("Old.").as_str()),
        ("groups.toml", GROUPS),
        ("new/shop.toml", line("New.").as_str()),
        ("new/groups.toml", GROUPS),
        (
            "new/bad.toml",
            line("Bad.").replace("\"rules\"", "\"ruls\"").as_str(),
        ),
        (
            "new/alone.toml",
            alone.replace("groups.toml", "sales.toml").as_str(),
        ),
        (
            "new/sales.toml",
            "[group.sales]\n[agent.bo]\ngroups = [\"sales\"]\ndevice = \"SIP/bo\"\n",
        ),
    ] {
        fs::write(folder.path().join(file), text).expect("a file");
    }
    folder
}

fn start(folder: &Temporary) -> Served {
    Served::start(folder.path(), &["shop.toml"])
}

/// Exit code, standard output and standard error of a command that asks the daemon.
fn asks(daemon: &Served, folder: &Path, args: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_strowger"))
        .args(args)
        .args(["--address", &daemon.http])
        .current_dir(folder)
        .output()
        .expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (
        output.status.code().expect("it ends by itself"),
        text(output.stdout),
        text(output.stderr),
    )
}

/// The same where nothing goes wrong: what it says.
fn does(daemon: &Served, folder: &Temporary, args: &[&str]) -> String {
    let (code, said, wrong) = asks(daemon, folder.path(), args);
    assert_eq!(code, 0, "{args:?}: {said}{wrong}");
    said.trim_end().to_owned()
}

fn man(daemon: &Served) {
    for act in ["sign-in", "ready"] {
        let answer = daemon.ask(&format!("POST /api/v1/agents/ana/{act}"), "", "");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
}

fn get(daemon: &Served, what: &str) -> Value {
    let answer = daemon.ask(&format!("GET /api/v1/{what}"), "", "");
    let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
    serde_json::from_str(body).expect("JSON")
}

/// A bridge whose calls are asked about one at a time.
struct Phone {
    bridge: Bridge,
    seq: u64,
}

impl Phone {
    fn new(daemon: &Served, calls: &[&str]) -> Self {
        let mut bridge = Bridge::to(daemon);
        let hello = json!({
            "type": "hello", "protocol": 1, "bridge": "b", "can": ["ring", "dial"],
            "devices": ["SIP/"], "clock_ms": 0, "calls": calls,
        });
        bridge.say(&hello.to_string());
        let welcome = bridge
            .hear(&json!({ "type": "welcome" }))
            .expect("a welcome");
        let seq = welcome["received"].as_u64().expect("a number");
        Self { bridge, seq }
    }

    fn reports(&mut self, mut what: Value) {
        self.seq += 1;
        what["seq"] = json!(self.seq);
        self.bridge.say(&what.to_string());
    }

    fn hears(&mut self, kind: &str, call: &str) -> Value {
        let heard = self.bridge.hear(&json!({ "type": kind, "call": call }));
        heard.expect("the daemon goes on")
    }

    /// What a call hears next, and then in silence.
    fn words(&mut self, call: &str) -> String {
        let play = self.hears("play", call);
        self.reports(json!({ "type": "play.done", "call": call, "play": play["play"] }));
        let parts = play["parts"].as_array().expect("a list").iter();
        let parts = parts.filter_map(|part| part["text"].as_str());
        parts.collect::<Vec<_>>().concat()
    }

    /// A call begins; what it hears.
    fn calls(&mut self, call: &str) -> String {
        self.reports(json!({
            "type": "call.started", "call": call, "line": "shop", "from": format!("+4416329600{:02}", call.len()),
        }));
        self.words(call)
    }

    fn presses(&mut self, call: &str, key: &str) {
        self.reports(json!({ "type": "key", "call": call, "key": key }));
    }

    /// Waits until all that was reported is safe.
    fn is_safe(&mut self) {
        let seq = self.seq;
        let safe = self.bridge.hear(&json!({ "type": "ack", "seq": seq }));
        assert!(safe.is_some(), "it is on the disk");
    }
}

#[test]
fn calls_keep_their_menus_and_new_ones_have_the_new_across_a_crash() {
    let folder = folder();
    let mut daemon = start(&folder);
    man(&daemon);
    let mut phone = Phone::new(&daemon, &[]);
    // One in a menu, one who was promised a call back, one who talks, one who waits.
    assert!(phone.calls("menu").starts_with("Old."));
    phone.calls("talks");
    phone.presses("talks", "2");
    let offer = phone.hears("ring", "talks")["offer"].clone();
    phone.reports(json!({ "type": "agent.answered", "offer": offer }));
    phone.hears("connect", "talks");
    phone.calls("promise");
    phone.presses("promise", "1");
    assert!(phone.words("promise").starts_with("We will call you back"));
    phone.hears("hangup", "promise");
    phone.calls("waits");
    phone.presses("waits", "2");
    phone.is_safe();
    let said = does(&daemon, &folder, &["publish", "new/shop.toml"]);
    assert_eq!(
        said,
        "menus version 2 in force; 4 calls go on with the menus that they began with"
    );
    daemon.kill();
    // The files that it is started with have not changed.
    let daemon = start(&folder);
    assert_eq!(get(&daemon, "wallboard")["menus_version"], 2);
    let mut phone = Phone::new(&daemon, &["menu", "talks", "waits"]);
    assert!(phone.calls("new").starts_with("New."));
    phone.presses("menu", "3");
    let old = phone.bridge.find(|message| {
        message["call"] == "menu" && message["parts"][0]["text"] == "Old. The rules."
    });
    assert!(old.is_some(), "it goes on in the menus that it began with");
    // All versions of a line are one line.
    let board = get(&daemon, "wallboard");
    let lines = board["lines"].as_array().expect("a list");
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["in_progress"], 4);
    assert_eq!(board["queues"].as_array().expect("a list").len(), 1);
    assert_eq!(board["queues"][0]["waiting"], 1);
    // Whoever waits is served by the newer rules, and the promise is kept.
    phone.reports(json!({ "type": "call.ended", "call": "talks" }));
    phone.is_safe();
    let mut served = BTreeSet::new();
    for _ in 0..2 {
        man_again(&daemon);
        let ring = phone.bridge.hear(&json!({ "type": "ring" }));
        let ring = ring.expect("a ringing");
        let call = ring["call"].as_str().expect("a name").to_owned();
        phone.reports(json!({ "type": "agent.answered", "offer": ring["offer"] }));
        if call != "waits" {
            let dialled = phone.hears("dial", &call);
            assert_eq!(dialled["number"], "+441632960007");
            phone.reports(json!({ "type": "dial.answered", "call": call }));
        }
        phone.hears("connect", &call);
        phone.reports(json!({ "type": "call.ended", "call": call }));
        phone.is_safe();
        served.insert(call == "waits");
    }
    assert_eq!(served.len(), 2, "both were served");
    let versions: Vec<Value> = get(&daemon, "calls/recent")
        .as_array()
        .expect("a list")
        .iter()
        .map(|row| row["menus_version"].clone())
        .collect();
    assert_eq!(versions, [1, 1, 1, 1]);
}

/// The agent has done the work after a call, and is free.
fn man_again(daemon: &Served) {
    let answer = daemon.ask("POST /api/v1/agents/ana/wrap-up-done", "", "");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[test]
fn lines_that_come_and_go_with_a_publication_are_told() {
    let folder = folder();
    let daemon = start(&folder);
    let other = folder.path().join("new/desk.toml");
    fs::copy(folder.path().join("new/shop.toml"), other).expect("a copy");
    let said = does(&daemon, &folder, &["publish", "new/desk.toml"]);
    let (new, gone) = (
        "calls are taken now for desk",
        "no more calls are taken for shop, which these menus do not have",
    );
    assert!(said.ends_with(&format!("\n{new}\n{gone}")), "{said}");
}

#[test]
fn menus_are_rolled_back_and_forth_and_an_old_folder_does_not_undo_it() {
    let folder = folder();
    let mut daemon = start(&folder);
    let mut phone = Phone::new(&daemon, &[]);
    assert!(phone.calls("a").starts_with("Old."));
    does(&daemon, &folder, &["publish", "new/shop.toml"]);
    assert_eq!(
        does(&daemon, &folder, &["publish", "new/shop.toml"]),
        "menus version 2 stay in force: these are the same"
    );
    assert!(phone.calls("b").starts_with("New."));
    assert_eq!(
        does(&daemon, &folder, &["rollback"]),
        "menus version 3 in force; 2 calls go on with the menus that they began with"
    );
    assert!(phone.calls("c").starts_with("Old."));
    does(&daemon, &folder, &["rollback", "--to", "2"]);
    assert!(phone.calls("d").starts_with("New."));
    let menus = get(&daemon, "menus");
    let force: Vec<_> = menus.as_array().expect("a list").iter().collect();
    let force = force.iter().map(|row| (&row["version"], &row["in_force"]));
    let wanted = [4, 3, 2, 1].map(|version| (json!(version), json!(version == 4)));
    assert!(
        force.eq(wanted.iter().map(|(version, here)| (version, here))),
        "{menus}"
    );
    daemon.kill();
    let daemon = start(&folder);
    assert_eq!(get(&daemon, "wallboard")["menus_version"], 4);
    drop(daemon);
    // A file that was changed is taken up at a start.
    fs::write(folder.path().join("shop.toml"), line("Third.")).expect("a file");
    let daemon = start(&folder);
    assert_eq!(get(&daemon, "wallboard")["menus_version"], 5);
    let mut phone = Phone::new(&daemon, &["a", "b", "c", "d"]);
    assert!(phone.calls("e").starts_with("Third."));
}

#[test]
fn menus_that_do_not_check_are_refused_and_nothing_changes() {
    let folder = folder();
    let daemon = start(&folder);
    let (code, said, wrong) = asks(&daemon, folder.path(), &["publish", "new/bad.toml"]);
    assert_eq!((code, said.as_str()), (1, ""));
    assert!(wrong.contains("error[unknown-target]"), "{wrong}");
    let body = json!({
        "lines": ["bad.toml"],
        "files": [
            { "path": "bad.toml", "text": line("Bad.").replace("\"rules\"", "\"ruls\"") },
            { "path": "groups.toml", "text": GROUPS },
        ],
    });
    let answer = daemon.ask("POST /api/v1/menus", "", &body.to_string());
    assert!(answer.starts_with("HTTP/1.1 422"), "{answer}");
    let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
    let problem: Value = serde_json::from_str(body).expect("JSON");
    assert_eq!(problem["code"], "bad-menus");
    let findings = problem["findings"].as_array().expect("a list");
    assert!(
        findings
            .iter()
            .any(|finding| finding["code"] == "unknown-target"),
        "{problem}"
    );
    assert_eq!(get(&daemon, "wallboard")["menus_version"], 1);
}

#[test]
fn whoever_is_at_work_is_not_published_away() {
    let folder = folder();
    let daemon = start(&folder);
    man(&daemon);
    let mut phone = Phone::new(&daemon, &[]);
    assert!(phone.calls("a").starts_with("Old."));
    let (code, said, wrong) = asks(&daemon, folder.path(), &["publish", "new/alone.toml"]);
    assert_eq!((code, said.as_str()), (1, ""));
    assert!(
        wrong.contains(
            "the agent \"ana\" is at work and not in these files: sign the agent out first"
        ),
        "{wrong}"
    );
    let answer = daemon.ask("POST /api/v1/agents/ana/sign-out", "", "");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    does(&daemon, &folder, &["publish", "new/alone.toml"]);
    let agents = get(&daemon, "agents");
    assert_eq!(agents.as_array().expect("a list").len(), 1);
    assert_eq!(agents[0]["agent"], "bo");
    // Nobody serves the group of the menus before: their callers take the way out.
    phone.presses("a", "2");
    assert!(phone.words("a").starts_with("Old."));
    // The line has gone, and the other one is there.
    phone.reports(json!({ "type": "call.started", "call": "b", "line": "shop" }));
    let turned = phone
        .bridge
        .hear(&json!({ "call": "b" }))
        .expect("an answer");
    assert_ne!(turned["type"], "answer", "{turned}");
    let number = "+441632960999";
    phone.reports(json!({ "type": "call.started", "call": "c", "number": number }));
    phone.hears("refuse", "c");
    let calls = get(&daemon, "calls/recent");
    let lines = |call: &str| {
        let rows = calls.as_array().expect("a list").iter();
        let of = rows.filter(|row| row["call"] == call);
        of.map(|row| row["line"].clone()).collect::<Vec<_>>()
    };
    // Whom they wanted to call is told, though nobody is there.
    assert_eq!(lines("b"), ["shop"]);
    assert_eq!(lines("c"), [number]);
    for call in ["b", "c"] {
        let mut rows = calls.as_array().expect("a list").iter();
        let row = rows.find(|row| row["call"] == call).expect("a record");
        assert_eq!(row["outcome"], "blocked");
        assert_eq!(row["detail"], "unknown-line");
    }
    // What there is not cannot be gone back to; who is not there cannot be asked.
    let (code, _, wrong) = asks(&daemon, folder.path(), &["rollback", "--to", "99"]);
    assert_eq!(code, 1, "{wrong}");
    drop(phone);
    let nobody = ["rollback", "--address", "127.0.0.1:1"];
    let gone = Command::new(env!("CARGO_BIN_EXE_strowger"))
        .args(nobody)
        .output();
    assert_eq!(gone.expect("it runs").status.code(), Some(3));
}

#[test]
fn between_two_calls_nothing_is_forgotten() {
    let folder = folder();
    fs::write(
        folder.path().join("new/aux.toml"),
        line("Aux.").replace("+441632960555", "+441632960556"),
    )
    .expect("a file");
    let daemon = start(&folder);
    does(
        &daemon,
        &folder,
        &["publish", "new/shop.toml", "new/aux.toml"],
    );
    man(&daemon);
    let mut phone = Phone::new(&daemon, &[]);
    assert!(phone.calls("a").starts_with("New."));
    phone.reports(json!({ "type": "call.ended", "call": "a" }));
    phone.is_safe();
    for line in ["shop", "aux"] {
        let closes = daemon.ask(&format!("PUT /api/v1/lines/{line}/closure"), "", "{}");
        assert!(closes.starts_with("HTTP/1.1 200"), "{closes}");
    }
    let before = get(&daemon, "wallboard");
    assert_eq!(before["lines"][0]["in_progress"], 0, "{before}");
    // A line is left out, and comes back as it was.
    does(&daemon, &folder, &["publish", "shop.toml"]);
    assert_eq!(get(&daemon, "lines").as_array().map(Vec::len), Some(1));
    does(&daemon, &folder, &["rollback"]);
    let after = get(&daemon, "wallboard");
    for what in ["lines", "queues"] {
        assert_eq!(before[what], after[what]);
    }
    assert_eq!(before["agents"][0]["state"], after["agents"][0]["state"]);
}

#[test]
fn a_colleague_who_is_not_at_work_is_named_when_a_caller_is_to_be_handed_on() {
    let folder = folder();
    let groups = GROUPS.to_owned() + "[agent.ben]\ngroups = [\"support\"]\ndevice = \"SIP/ben\"\n";
    fs::write(folder.path().join("groups.toml"), groups).expect("a file");
    let daemon = start(&folder);
    man(&daemon);
    let mut phone = Phone::new(&daemon, &[]);
    phone.calls("a");
    phone.presses("a", "2");
    let offer = phone.hears("ring", "a")["offer"].clone();
    phone.reports(json!({ "type": "agent.answered", "offer": offer }));
    phone.hears("connect", "a");
    let hands_on = || daemon.ask("POST /api/v1/agents/ana/transfer", "", r#"{"agent":"ben"}"#);
    let answer = hands_on();
    assert!(answer.starts_with("HTTP/1.1 409"), "{answer}");
    assert!(answer.contains("\\\"ben\\\" is signed out"), "{answer}");
    for act in ["sign-in", "ready"] {
        daemon.ask(&format!("POST /api/v1/agents/ben/{act}"), "", "");
    }
    let answer = hands_on();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[test]
fn a_notice_that_no_step_says_is_told_of_until_one_does() {
    let folder = folder();
    let daemon = start(&folder);
    let (code, said, wrong) = asks(&daemon, folder.path(), &["notice", "set", "Storms."]);
    let unheard =
        "shop: open by its hours, notice in en \"Storms.\", which none of its steps says\n";
    assert_eq!((code, said.as_str()), (1, unheard), "{wrong}");
    assert!(wrong.contains("`when = \"notice\"`"), "{wrong}");
    let with_notice = line("New.").replace("start = \"main\"", "start = \"news\"")
        + "[say.news]\nsay = \"{notice}\"\nwhen = \"notice\"\nthen = \"main\"\n";
    fs::write(folder.path().join("new/shop.toml"), with_notice).expect("a file");
    does(&daemon, &folder, &["publish", "new/shop.toml"]);
    assert_eq!(
        does(&daemon, &folder, &["notice", "set", "Storms."]),
        "shop: open by its hours, notice in en \"Storms.\""
    );
    let mut phone = Phone::new(&daemon, &[]);
    phone.reports(json!({
        "type": "call.started", "call": "a", "line": "shop", "from": "+441632960001",
    }));
    let play = phone.hears("play", "a");
    assert!(play["parts"].to_string().contains("Storms."), "{play}");
}

#[test]
fn a_file_that_is_sent_twice_is_refused() {
    let folder = folder();
    let daemon = start(&folder);
    let file = |path: &str| json!({ "path": path, "text": line("Twice.") });
    for second in ["shop.toml", "./shop.toml", "x/../shop.toml"] {
        let files = [
            file("shop.toml"),
            file(second),
            json!({ "path": "groups.toml", "text": GROUPS }),
        ];
        let body = json!({ "lines": ["shop.toml"], "files": files });
        let answer = daemon.ask("POST /api/v1/menus", "", &body.to_string());
        assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    }
    assert_eq!(get(&daemon, "wallboard")["menus_version"], 1);
}

#[test]
fn a_start_in_the_middle_of_an_edit_goes_on_with_the_menus_of_the_journal() {
    let folder = folder();
    let file = folder.path().join("shop.toml");
    let mut daemon = start(&folder);
    let mut phone = Phone::new(&daemon, &[]);
    phone.calls("a");
    daemon.kill();
    let half = line("Half.").replace("[queue.support]", "[queue.supp");
    for broken in [Some(half.as_str()), None] {
        match broken {
            Some(text) => fs::write(&file, text).expect("a file"),
            None => fs::remove_file(&file).expect("a file to remove"),
        }
        let mut daemon = start(&folder);
        let said = daemon.greeting.join("\n");
        for part in [
            "error[",
            "shop.toml",
            "the menus given are not taken up: they have errors; version 1 of the journal goes on, with shop",
            "menus version 1, journal in data, 1 call in progress",
        ] {
            assert!(said.contains(part), "{said}");
        }
        daemon.kill();
    }
    fs::write(&file, line("Whole.")).expect("a file");
    let daemon = start(&folder);
    assert_eq!(get(&daemon, "wallboard")["menus_version"], 2);
}

#[test]
fn a_first_start_with_errors_leaves_no_journal_behind() {
    let folder = folder();
    let output = Command::new(env!("CARGO_BIN_EXE_strowger"))
        .args(["serve", "new/bad.toml", "--data", "data"])
        .current_dir(folder.path())
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(1));
    assert!(!folder.path().join("data").exists());
}
