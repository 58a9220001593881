//! The client of `docs/`, written in Python, beside a real daemon.
//!
//! It needs `python3`, and `cargo test` needs only Rust: `tests/run` calls it by its name,
//! `cargo test --test real_bridge`.

#[path = "journal/temporary.rs"]
mod temporary;

use std::fs;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::net::TcpListener;
use std::net::TcpStream;
use std::path::Path;
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
const GROUPS: &str = "[group.support]\n[agent.ana]\ngroups = [\"support\"]\ndevice = \"SIP/ana\"\n";

/// A daemon on ports that were free a moment ago, so that it can come back to them.
struct Daemon {
    child: Child,
}

impl Daemon {
    fn start(folder: &Path, [http, lines]: [&str; 2]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_strowger"))
            .arg("serve")
            .arg(folder.join("desk.toml"))
            .arg("--data")
            .arg(folder.join("data"))
            .args(["--listen", http, "--lines", lines])
            .stderr(Stdio::piped())
            .spawn()
            .expect("the daemon starts");
        let stderr = child.stderr.take().expect("a pipe");
        let mut said = BufReader::new(stderr).lines().map_while(Result::ok);
        let listens = said.any(|line| line.contains("listening on"));
        assert!(listens, "the daemon listens");
        std::thread::spawn(move || said.for_each(drop));
        Self { child }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        self.child.kill().unwrap_or_default();
        drop(self.child.wait());
    }
}

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

fn site() -> (Temporary, [String; 2]) {
    let folder = Temporary::new(&std::env::temp_dir());
    fs::write(folder.path().join("desk.toml"), LINE).expect("a file");
    fs::write(folder.path().join("groups.toml"), GROUPS).expect("a file");
    let free = || {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.local_addr().expect("an address").to_string()
    };
    (folder, [free(), free()])
}

fn ask(http: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(http).expect("the daemon listens");
    let rest = "Host: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    write!(stream, "{request} HTTP/1.1\r\n{rest}").expect("a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    answer
}

#[test]
fn the_client_hears_a_recorded_answer() {
    let (folder, [http, lines]) = site();
    let _daemon = Daemon::start(folder.path(), [&http, &lines]);
    let mut client = Client::start(&[&lines, "desk", "1-"]);
    let said = client.until("ends:");
    assert!(
        said.iter().any(|line| line == "hears: We are always open."),
        "{said:?}"
    );
    let records = ask(&http, "GET /api/v1/calls/recent");
    assert!(
        records.contains("\"outcome\":\"self_served_probable\""),
        "{records}"
    );
}

#[test]
fn the_client_goes_on_after_the_daemon_was_killed() {
    let (folder, [http, lines]) = site();
    let mut daemon = Daemon::start(folder.path(), [&http, &lines]);
    ask(&http, "POST /api/v1/agents/ana/sign-in");
    let mut client = Client::start(&[&lines, "desk", "2", "--device", "SIP/ana"]);
    client.until("presses: 2");
    client.until("(music)");
    daemon.child.kill().expect("a process to kill");
    daemon.child.wait().expect("it is dead");
    client.until("lost the daemon");
    let _daemon = Daemon::start(folder.path(), [&http, &lines]);
    client.until("again with the daemon");
    ask(&http, "POST /api/v1/agents/ana/ready");
    client.until("rings: SIP/ana");
    client.until("talks");
    client.until("ends: hangup");
    let records = ask(&http, "GET /api/v1/calls/recent");
    assert!(records.contains("\"outcome\":\"answered\""), "{records}");
    assert!(records.contains("\"agent\":\"ana\""), "{records}");
}
