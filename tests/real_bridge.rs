//! The client of `docs/`, written in Python, beside a real daemon.
//!
//! It needs `python3`, and `cargo test` needs only Rust: `tests/run` calls it by its name,
//! `cargo test --test real_bridge`.

#[path = "served/mod.rs"]
mod served;
#[path = "journal/temporary.rs"]
mod temporary;

use served::Served;
use std::fs;
use std::io::BufRead;
use std::io::BufReader;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use temporary::Temporary;

const LINE: &str = r#"
format = 1
[line]
name = "Desk"
groups = "groups.toml"
timezone = "Etc/UTC"
languages = ["en"]
start = "main"
[menu.main]
say = "Welcome. {options}"
[menu.main.keys]
1 = { go = "opening", label = "opening times" }
2 = { go = "support", label = "a person" }
[answer.opening]
question = "When are you open?"
say = "We are always open."
then = "@hangup"
[queue.support]
group = "support"
max_wait = "5m"
timeout = "@hangup"
full = "@hangup"
no_agents = "@hangup"
"#;
/// A line on which agents sign in.
const AGENTS: &str = r#"
[line]
name = "Agents"
groups = "groups.toml"
timezone = "Etc/UTC"
languages = ["en"]
start = "in"
[duty.in]
do = "sign-in"
then = "noted"
refused = "@hangup"
stranger = "unknown"
[say.noted]
say = "You are signed in."
then = "@hangup"
[say.unknown]
say = "We do not know your phone."
then = "@hangup"
"#;
const GROUPS: &str = "[group.support]\n[agent.ana]\ngroups = [\"support\"]\ndevice = \"SIP/ana\"\n";

/// The client, and what it has printed.
struct Client {
    child: Child,
    printed: Box<dyn Iterator<Item = String>>,
}

impl Client {
    fn start(args: &[&str]) -> Self {
        let mut child = Command::new("python3")
            .arg("docs/bridge_client.py")
            .args(args)
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 runs");
        let stdout = child.stdout.take().expect("a pipe");
        let printed = Box::new(BufReader::new(stdout).lines().map_while(Result::ok));
        Self { child, printed }
    }

    /// Reads until a line contains this.
    fn until(&mut self, wanted: &str) -> Vec<String> {
        let mut seen = Vec::new();
        for line in self.printed.by_ref() {
            seen.push(line);
            if seen.last().is_some_and(|line| line.contains(wanted)) {
                return seen;
            }
        }
        panic!("no {wanted:?} in {seen:?}");
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.child.kill().unwrap_or_default();
        drop(self.child.wait());
    }
}

/// The files of a daemon.
fn site() -> Temporary {
    let folder = Temporary::new(&std::env::temp_dir());
    fs::write(folder.path().join("desk.toml"), LINE).expect("a file");
    fs::write(folder.path().join("agents.toml"), AGENTS).expect("a file");
    fs::write(folder.path().join("groups.toml"), GROUPS).expect("a file");
    fs::write(folder.path().join("token"), "a-token-for-tests-only\n").expect("a file");
    folder
}

fn ask(daemon: &Served, what: &str) -> String {
    let answer = daemon.ask(what, "", "");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    answer
}

#[test]
fn the_client_hears_a_recorded_answer() {
    let folder = site();
    let daemon = Served::start(folder.path(), &["desk.toml"]);
    let mut client = Client::start(&[&daemon.lines, "desk", "1-"]);
    let said = client.until("ends:");
    assert!(
        said.iter().any(|line| line == "hears: We are always open."),
        "{said:?}"
    );
    let records = ask(&daemon, "GET /api/v1/calls/recent");
    assert!(
        records.contains("\"outcome\":\"self_served_probable\""),
        "{records}"
    );
}

/// An agent's phone calls, from a bridge that shows the token; its keys begin as options do.
#[test]
fn the_client_is_an_agents_phone_that_calls() {
    let folder = site();
    let args = ["agents.toml", "--token-file", "token"];
    let daemon = Served::start(folder.path(), &args);
    let token = folder.path().join("token");
    let token = token.to_str().expect("a path");
    let called = |device: &str| {
        let mut client = Client::start(&[
            &daemon.lines,
            "agents",
            "--",
            "--device",
            device,
            "--calls",
            "--token-file",
            token,
        ]);
        client.until("ends:").join("\n")
    };
    let said = called("SIP/ana");
    assert!(said.contains("hears: You are signed in."), "{said}");
    let said = called("SIP/somebody");
    assert!(said.contains("hears: We do not know your phone."), "{said}");
}

#[test]
fn the_client_goes_on_after_the_daemon_was_killed() {
    let folder = site();
    let mut daemon = Served::start(folder.path(), &["desk.toml"]);
    ask(&daemon, "POST /api/v1/agents/ana/sign-in");
    let mut client = Client::start(&[&daemon.lines, "desk", "2", "--device", "SIP/ana"]);
    client.until("presses: 2");
    client.until("(music)");
    daemon.kill();
    client.until("lost the daemon");
    let there = [daemon.http.as_str(), &daemon.lines];
    let daemon = Served::start_at(folder.path(), &["desk.toml"], there, &[]);
    client.until("again with the daemon");
    ask(&daemon, "POST /api/v1/agents/ana/ready");
    client.until("rings: SIP/ana");
    client.until("talks");
    client.until("ends: hangup");
    let records = ask(&daemon, "GET /api/v1/calls/recent");
    assert!(records.contains("\"outcome\":\"answered\""), "{records}");
    assert!(records.contains("\"agent\":\"ana\""), "{records}");
}
