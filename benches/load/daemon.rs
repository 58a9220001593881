//! The daemon under load: `strowger serve` of the same build, with a directory of its own.

use serde::Deserialize;
use serde::Serialize;
use std::ffi::OsStr;
use std::fs;
use std::io::BufRead as _;
use std::io::BufReader;
use std::io::Read as _;
use std::io::Write as _;
use std::net::SocketAddr;
use std::net::TcpStream;
use std::path::Path;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

const MENU: &str = include_str!("load.toml");
const GROUPS: &str = "[group.desk]\n";
/// Whoever has not said where it listens by then does not listen.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where the daemon is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Target {
    /// Its process.
    pub(crate) pid: u32,
    /// Where it speaks JSON lines.
    pub(crate) lines: SocketAddr,
    /// A directory on its journal's disk.
    pub(crate) disk: PathBuf,
}

/// A daemon that runs.
#[derive(Debug)]
pub(crate) struct Daemon {
    child: Child,
    /// Where it speaks JSON lines.
    pub(crate) lines: SocketAddr,
    http: SocketAddr,
    journal: PathBuf,
}

impl Daemon {
    /// Starts one in an empty directory, and waits until it listens. It keeps its whole log.
    pub(crate) fn start(directory: &Path, core: Option<usize>) -> Self {
        let menu = directory.join("load.toml");
        fs::write(&menu, MENU).expect("a menu file");
        fs::write(directory.join("groups.toml"), GROUPS).expect("a groups file");
        let journal = directory.join("journal");
        let anywhere = "127.0.0.1:0";
        let mut child = pinned(core, OsStr::new(env!("CARGO_BIN_EXE_strowger")))
            .arg("serve")
            .arg(&menu)
            .arg("--keep-log")
            .arg("--data")
            .arg(&journal)
            .args(["--listen", anywhere, "--lines", anywhere])
            .stderr(Stdio::piped())
            .spawn()
            .expect("the daemon starts");
        let said = child.stderr.take().expect("it can be heard");
        let (lines, http) = addresses(said);
        Self {
            child,
            lines,
            http,
            journal,
        }
    }

    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Where its journal lies.
    pub(crate) fn journal(&self) -> &Path {
        &self.journal
    }

    /// The place in the journal and the hash of the state there.
    pub(crate) fn state(&self) -> (u64, String) {
        let mut stream = TcpStream::connect(self.http).expect("the daemon listens");
        let request = "GET /api/v1/state HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).expect("a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
        let state: serde_json::Value = serde_json::from_str(body).expect("JSON");
        let position = state["position"].as_u64().expect("a position");
        (position, state["hash"].as_str().expect("a hash").to_owned())
    }

    /// Asks it to stop, and waits until it has.
    pub(crate) fn stop(mut self) {
        let pid = self.child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &pid]).status();
        assert!(asked.expect("kill runs").success(), "the daemon is gone");
        let ended = self.child.wait().expect("the daemon ends");
        assert!(ended.success(), "the daemon ended with {ended}");
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // One that was stopped is gone already.
        self.child.kill().unwrap_or_default();
        drop(self.child.wait());
    }
}

/// Reads where the daemon listens; what it says later is passed on.
fn addresses(said: impl std::io::Read + Send + 'static) -> (SocketAddr, SocketAddr) {
    let (found, wanted) = mpsc::sync_channel(2);
    thread::spawn(move || {
        for line in BufReader::new(said).lines().map_while(Result::ok) {
            let address = ["JSON lines on ", "listening on http://"]
                .iter()
                .find_map(|before| line.split_once(before)?.1.parse::<SocketAddr>().ok());
            match address {
                Some(address) => found.send(address).unwrap_or_default(),
                None if line.contains("overload") || line.contains("secret") => {}
                None => eprintln!("daemon: {line}"),
            }
        }
    });
    let next = || wanted.recv_timeout(PATIENCE).expect("the daemon listens");
    (next(), next())
}

/// The most memory that a process has had resident, in KB; 0 where that cannot be read.
pub(crate) fn resident_kb(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    number.unwrap_or(0)
}

/// Whether programs can be pinned to cores here, and there are two.
pub(crate) fn can_pin() -> bool {
    let pinned = Command::new("taskset")
        .args(["--cpu-list", "1", "true"])
        .status();
    pinned.is_ok_and(|status| status.success())
}

/// A program on one core.
pub(crate) fn pinned(core: Option<usize>, program: &OsStr) -> Command {
    let Some(core) = core else {
        return Command::new(program);
    };
    let mut command = Command::new("taskset");
    command.args(["--cpu-list", &core.to_string()]).arg(program);
    command
}
