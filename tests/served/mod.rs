//! A real daemon: the program itself, on ports of the system's choice.

use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::net::TcpStream;
use std::path::Path;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Whoever waits for longer waits in vain.
const PATIENCE: Duration = Duration::from_secs(60);

/// A process of its own, killed when it is dropped.
pub(crate) struct Served {
    pub(crate) child: Child,
    /// Where it speaks HTTP and WebSocket.
    pub(crate) http: String,
    /// Where it speaks JSON lines.
    pub(crate) lines: String,
    /// What it said before it listened.
    pub(crate) greeting: Vec<String>,
    /// What it says later.
    pub(crate) later: mpsc::Receiver<String>,
}

impl Served {
    /// Runs `strowger serve` with these arguments in a folder, and waits until it listens. The
    /// folder's `data` has its journal.
    pub(crate) fn start(folder: &Path, args: &[&str]) -> Self {
        Self::start_at(folder, args, ["127.0.0.1:0"; 2], &[])
    }

    /// The same where another one was, for HTTP and for JSON lines, with these environment variables.
    pub(crate) fn start_at(
        folder: &Path,
        args: &[&str],
        [http, lines]: [&str; 2],
        variables: &[(&str, &str)],
    ) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_strowger"))
            .arg("serve")
            .args(args)
            .args(["--data", "data", "--listen", http, "--lines", lines])
            .current_dir(folder)
            .envs(variables.iter().copied())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the daemon starts");
        let stderr = child.stderr.take().expect("a pipe");
        let mut said = BufReader::new(stderr).lines().map_while(Result::ok);
        let mut heard = Vec::new();
        let mut after = |before: &str| {
            let found = said.find_map(|line| {
                let rest = line.split_once(before).map(|(_, rest)| rest.to_owned());
                heard.push(line);
                rest
            });
            found.unwrap_or_else(|| panic!("it does not say where it listens: {heard:?}"))
        };
        let (lines, http) = (after("JSON lines on "), after("listening on http://"));
        let (say, later) = mpsc::channel();
        thread::spawn(move || said.for_each(|line| say.send(line).unwrap_or_default()));
        Self {
            child,
            http,
            lines,
            greeting: heard,
            later,
        }
    }

    /// Asks for something, `GET /healthz`, with more headers, each with its line end; the whole
    /// answer.
    pub(crate) fn ask(&self, what: &str, headers: &str, body: &str) -> String {
        let mut stream = connect(&self.http);
        let length = body.len();
        write!(
            stream,
            "{what} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\
             Content-Length: {length}\r\n\r\n{body}"
        )
        .expect("a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    }

    /// Ends it at once, as `kill -9` does; one that is dead stays so.
    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("a process to kill");
        self.child.wait().expect("it is dead");
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        if thread::panicking() {
            let later: Vec<String> = self.later.try_iter().collect();
            eprintln!(
                "the daemon said: {:#?}, and later {later:#?}",
                self.greeting
            );
        }
        self.kill();
    }
}

/// A connection on which nobody waits for ever.
pub(crate) fn connect(address: &str) -> TcpStream {
    let stream = TcpStream::connect(address).expect("it listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    stream
}
