//! What `strowger serve` says when it cannot begin, and that nobody has to hear what it says later.

use crate::cli::run;
use crate::served::connect;
use crate::temporary::Temporary;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;

#[test]
fn a_journal_wants_a_directory_that_can_be_written() {
    for (data, why) in [
        (
            "Cargo.toml",
            "Cargo.toml is no directory, and a journal is kept in one: name another with --data",
        ),
        (
            "Cargo.toml/data",
            "Cargo.toml/data cannot be written (Not a directory (os error 20)): let the daemon's user \
             write there, or name another directory with --data",
        ),
    ] {
        let (code, out, err) = run(&["serve", "menus/clinic.toml", "--data", data]);
        assert_eq!((code, out.as_str()), (Some(3), ""), "{err}");
        let said = format!("error: {why}");
        assert_eq!(err.lines().last(), Some(said.as_str()));
    }
}

#[test]
fn an_address_to_listen_on_is_one_of_numbers() {
    for address in ["localhost:4747", "4747"] {
        let args = [
            "serve",
            "menus/clinic.toml",
            "--data",
            "x",
            "--listen",
            address,
        ];
        let (code, _, err) = run(&args);
        assert_eq!(code, Some(2), "{err}");
        assert!(
            err.contains("write an IP address and a port, such as 127.0.0.1:4747"),
            "{err}"
        );
    }
}

/// Killed when it is dropped.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        self.0.kill().expect("a process to kill");
        self.0.wait().expect("it is dead");
    }
}

#[test]
fn calls_go_on_when_nobody_reads_the_log_any_more() {
    let folder = Temporary::new(&std::env::temp_dir());
    let data = folder.path().join("data");
    let child = Command::new(env!("CARGO_BIN_EXE_strowger"))
        .args(["serve", "menus/clinic.toml", "--data"])
        .arg(&data)
        .args(["--listen", "127.0.0.1:0", "--lines", "127.0.0.1:0"])
        .stderr(Stdio::piped())
        .spawn();
    let mut daemon = Process(child.expect("the daemon starts"));
    let log = daemon.0.stderr.take().expect("a pipe");
    let mut said = BufReader::new(log).lines().map_while(Result::ok);
    let mut after = |before: &str| {
        let address = |line: String| line.strip_prefix(before).map(str::to_owned);
        said.find_map(address).expect("an address")
    };
    let lines = after("strowger: bridges speak JSON lines on ");
    let http = after("strowger: listening on http://");
    drop(said);
    // The log would tell of it.
    let mut bridge = connect(&lines);
    let hello = r#"{"type":"hello","protocol":1,"bridge":"b","clock_ms":0}"#;
    writeln!(bridge, "{hello}").expect("said");
    let mut welcome = String::new();
    let heard = BufReader::new(bridge).read_line(&mut welcome);
    assert!(heard.is_ok() && welcome.contains("welcome"), "{welcome:?}");
    let mut stream = connect(&http);
    let request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    write!(stream, "{request}").expect("asked");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.ends_with("alive\n"), "{answer}");
}
