//! The table of `docs/BRIDGE.md`: every wrong message or order has the error that it promises.

use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::net::TcpStream;
use std::path::Path;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;

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
1 = { go = "main", label = "this again" }
2 = { go = "support", label = "a person" }
[queue.support]
group = "support"
max_wait = "5m"
timeout = "@hangup"
full = "@hangup"
no_agents = "@hangup"
"#;
const GROUPS: &str = "[group.support]\n[agent.ana]\ngroups = [\"support\"]\ndevice = \"SIP/ana\"\n";

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

struct Daemon {
    child: Child,
    data: PathBuf,
    lines: String,
}

impl Daemon {
    /// One whose agent is ready.
    fn start(folder: &Path, number: usize) -> Self {
        let data = folder.join(format!("data-{number}"));
        let mut child = Command::new(env!("CARGO_BIN_EXE_strowger"))
            .arg("serve")
            .arg(folder.join("desk.toml"))
            .arg("--data")
            .arg(&data)
            .args(["--listen", "127.0.0.1:0", "--lines", "127.0.0.1:0"])
            .stderr(Stdio::piped())
            .spawn()
            .expect("the daemon starts");
        let stderr = child.stderr.take().expect("a pipe");
        let mut said = BufReader::new(stderr).lines().map_while(Result::ok);
        let mut after = |before: &str| {
            said.find_map(|line| Some(line.split_once(before)?.1.to_owned()))
                .expect("it says where it listens")
        };
        let (lines, http) = (after("JSON lines on "), after("listening on http://"));
        std::thread::spawn(move || said.for_each(drop));
        for act in ["sign-in", "ready"] {
            let mut stream = TcpStream::connect(&http).expect("it listens");
            let rest = "Host: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            write!(stream, "POST /api/v1/agents/ana/{act} HTTP/1.1\r\n{rest}").expect("a request");
            let mut answer = String::new();
            stream.read_to_string(&mut answer).expect("an answer");
            assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        }
        Self { child, data, lines }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        self.child.kill().unwrap_or_default();
        drop(self.child.wait());
        std::fs::remove_dir_all(&self.data).unwrap_or_default();
    }
}

/// What a daemon answers to a row: the codes of its errors, and whether it hung up.
fn play(daemon: &Daemon, row: &Row) -> (Vec<String>, bool) {
    let mut stream = TcpStream::connect(&daemon.lines).expect("it listens");
    let patience = Some(Duration::from_secs(60));
    stream.set_read_timeout(patience).expect("a timeout");
    let reading = stream.try_clone().expect("the same stream");
    let mut heard = BufReader::new(reading).lines().map_while(Result::ok);
    let mut say = |text: &str| writeln!(stream, "{text}").unwrap_or_default();
    say(
        r#"{"type":"hello","protocol":1,"bridge":"b","can":["ring","record"],"devices":["SIP/"],"clock_ms":0}"#,
    );
    say(r#"{"type":"call.started","seq":1,"call":"a","line":"desk"}"#);
    let known = heard.any(|line| line.contains(r#""type":"ack","seq":1"#));
    assert!(known, "the call is taken");
    row.said.iter().for_each(|text| say(text));
    // What is wrong is answered before what comes after it is acknowledged.
    let seqs = row.said.iter().filter_map(|text| {
        serde_json::from_str::<serde_json::Value>(text)
            .ok()?
            .get("seq")?
            .as_u64()
    });
    let last = seqs.max().unwrap_or(1).max(1) + 1;
    say(&format!(
        r#"{{"type":"call.ended","seq":{last},"call":"nobody"}}"#
    ));
    let mut codes = Vec::new();
    for line in heard {
        let message: serde_json::Value = serde_json::from_str(&line).expect("JSON");
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
    let folder = std::env::temp_dir().join(format!("strowger-bridge-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("desk.toml"), LINE).expect("a file");
    std::fs::write(folder.join("groups.toml"), GROUPS).expect("a file");
    let rows = rows();
    assert!(rows.len() > 35, "{} rows", rows.len());
    let mut wrong = Vec::new();
    for (number, row) in rows.iter().enumerate() {
        let daemon = Daemon::start(&folder, number);
        let (codes, fatal) = play(&daemon, row);
        let as_said = match row.code.as_str() {
            "-" => codes.is_empty(),
            code => codes == [code],
        };
        if !as_said || fatal != row.fatal {
            wrong.push(format!("{:?}: {codes:?}, fatal {fatal}", row.said));
        }
    }
    std::fs::remove_dir_all(&folder).unwrap_or_default();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
