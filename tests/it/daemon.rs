//! A real daemon on loopback with one line and one agent, and how to talk to it.

use crate::served::Served;
use crate::served::connect;
use crate::temporary::Temporary;
use rustix::process::Pid;
use rustix::process::Signal;
use rustix::process::kill_process;
use serde_json::Value;
use std::fs;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Lines;
use std::io::Write;
use std::net::TcpStream;
use std::path::Path;
use std::process::ExitStatus;

/// The token of a daemon that has one.
pub(crate) const TOKEN: &str = "a-token-for-tests-only";
const LINE: &str = r#"
format = 1
[line]
name = "Desk"
groups = "groups.toml"
timezone = "Etc/UTC"
languages = ["en"]
numbers = ["+441632960555"]
start = "main"
[menu.main]
say = "Welcome. {options}"
[menu.main.keys]
1 = { go = "main", label = "this again" }
2 = { go = "support", label = "a person" }
3 = { go = "message", label = "a message" }
4 = { go = "rules", label = "the rules" }
5 = { go = "hours", label = "opening hours" }
[say.rules]
say = "These are the rules."
barge_in = false
then = "main"
[answer.hours]
question = "When are you open?"
say = "We are open from nine to five."
then = "helped"
[menu.helped]
say = "Did that help? {options}"
[menu.helped.keys]
1 = { go = "@hangup", label = "yes", outcome = "self-served" }
0 = { go = "support", label = "a person" }
[queue.support]
group = "support"
max_wait = "5m"
timeout = "@hangup"
full = "@hangup"
no_agents = "@hangup"
[record.message]
say = "Please speak after the tone."
max = "60s"
mailbox = "support"
then = "@hangup"
"#;
const GROUPS: &str = "[group.support]\n[agent.ana]\ngroups = [\"support\"]\ndevice = \"SIP/ana\"\n";

/// A process of its own with a folder of its own; both are gone when it is dropped.
pub(crate) struct Daemon {
    served: Served,
    // Deleted when nobody writes there any more.
    folder: Temporary,
}

impl Daemon {
    /// One that asks nobody for a token.
    pub(crate) fn start() -> Self {
        Self::with(&[])
    }

    /// One that asks for [`TOKEN`].
    pub(crate) fn guarded() -> Self {
        Self::with(&["--token-file", "token"])
    }

    /// One that lets calls in progress come to their end when it is asked to stop.
    pub(crate) fn patient() -> Self {
        Self::with(&["--drain", "3600"])
    }

    /// One that knows what an hour of an agent costs.
    pub(crate) fn counting() -> Self {
        Self::with(&["--agent-hour", "36", "--currency", "EUR"])
    }

    fn with(more: &[&str]) -> Self {
        let folder = Temporary::new(&std::env::temp_dir());
        for (file, text) in [
            ("desk.toml", LINE),
            ("groups.toml", GROUPS),
            ("token", TOKEN),
        ] {
            fs::write(folder.path().join(file), text).expect("a file");
        }
        Self {
            served: Served::start(folder.path(), &[&["desk.toml"], more].concat()),
            folder,
        }
    }

    /// Where it was started; its journal is in `data`.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Waits until it says something with these words; the line.
    pub(crate) fn says(&self, words: &str) -> String {
        let mut said = self.served.later.iter();
        let line = said.find(|line| line.contains(words));
        line.unwrap_or_else(|| panic!("it ended and did not say: {words}"))
    }

    /// Where it speaks HTTP and WebSocket.
    pub(crate) fn http(&self) -> &str {
        &self.served.http
    }

    /// A connection to there.
    pub(crate) fn connect(&self) -> TcpStream {
        connect(&self.served.http)
    }

    /// Asks for something, `GET /healthz`, with more headers, each with its line end.
    pub(crate) fn ask(&self, what: &str, headers: &str, body: &str) -> Answer {
        Answer::read(&self.served.ask(what, headers, body))
    }

    /// Has the agent sign in and get ready.
    pub(crate) fn man(&self) {
        for act in ["sign-in", "ready"] {
            let answer = self.ask(&format!("POST /api/v1/agents/ana/{act}"), "", "");
            assert_eq!(answer.status, 200, "{answer:?}");
        }
    }

    /// Asks it to stop, as an operator does.
    pub(crate) fn ask_to_stop(&self) {
        self.is_sent(Signal::TERM);
    }

    pub(crate) fn is_sent(&self, signal: Signal) {
        let process = Pid::from_child(&self.served.child);
        kill_process(process, signal).expect("a process to ask");
    }

    /// Waits for its end.
    pub(crate) fn ended(mut self) -> ExitStatus {
        self.served.child.wait().expect("it ends")
    }

    /// A bridge over TCP that has said nothing yet.
    pub(crate) fn bridge(&self) -> Bridge {
        Bridge::to(&self.served)
    }
}

/// What HTTP answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// The content type.
    pub(crate) kind: String,
    pub(crate) body: String,
    head: String,
}

impl Answer {
    fn read(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").expect("a head and a body");
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
        let mut answer = Self {
            status: status.expect("a status"),
            kind: String::new(),
            body: body.to_owned(),
            head: head.to_owned(),
        };
        answer.kind = answer.header("content-type").to_owned();
        answer
    }

    /// What a header says; nothing if there is none.
    pub(crate) fn header(&self, wanted: &str) -> &str {
        let headers = self.head.lines().filter_map(|line| line.split_once(": "));
        let mut headers = headers.filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
        headers.next().map_or("", |(_, value)| value)
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("JSON: {self:?}"))
    }
}

/// A bridge that speaks JSON lines.
pub(crate) struct Bridge {
    stream: TcpStream,
    heard: Lines<BufReader<TcpStream>>,
}

impl Bridge {
    /// One that speaks to this daemon.
    pub(crate) fn to(served: &Served) -> Self {
        let stream = connect(&served.lines);
        let reading = stream.try_clone().expect("the same stream");
        Self {
            stream,
            heard: BufReader::new(reading).lines(),
        }
    }

    /// Says a line; a daemon that has hung up does not hear it.
    pub(crate) fn say(&mut self, text: &str) {
        writeln!(self.stream, "{text}").unwrap_or_default();
    }

    /// Hears until a message has all of this; none when the daemon hangs up before.
    pub(crate) fn hear(&mut self, wanted: &Value) -> Option<Value> {
        self.find(|message| has(message, wanted))
    }
}

impl Iterator for Bridge {
    type Item = Value;

    /// The next message; none when the daemon has hung up.
    fn next(&mut self) -> Option<Value> {
        let line = self.heard.next()?.ok()?;
        Some(serde_json::from_str(&line).expect("JSON"))
    }
}

/// Whether a message has all the fields of another.
pub(crate) fn has(message: &Value, wanted: &Value) -> bool {
    let wanted = wanted.as_object().expect("an object");
    wanted.iter().all(|(name, value)| &message[name] == value)
}
