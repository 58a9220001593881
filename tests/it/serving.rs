//! What `strowger serve` says when it cannot begin, and that nobody has to hear what it says later.

use crate::cli::run;
use crate::daemon::Daemon;
use crate::served::connect;
use crate::temporary::Temporary;
use rustix::process::Signal;
use serde_json::json;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::net::TcpListener;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;
use strowger::daemon::journal::sqlite::SqliteJournal;

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

#[test]
fn signals_that_are_no_request_to_stop_are_outlived_and_a_request_says_what_goes_on() {
    let daemon = Daemon::patient();
    for (signal, name) in [
        (Signal::HUP, "SIGHUP"),
        (Signal::USR1, "SIGUSR1"),
        (Signal::USR2, "SIGUSR2"),
    ] {
        daemon.is_sent(signal);
        daemon.says(&format!("{name} means nothing here"));
    }
    let mut bridge = daemon.bridge();
    for said in [
        r#"{"type":"hello","protocol":1,"bridge":"b","clock_ms":0}"#,
        r#"{"type":"call.started","seq":1,"call":"a","line":"desk"}"#,
    ] {
        bridge.say(said);
    }
    bridge
        .hear(&json!({ "type": "ack", "seq": 1 }))
        .expect("the call is taken");
    // What the log goes by is renewed twice a second.
    let board = || daemon.ask("GET /api/v1/wallboard", "", "").json();
    while board()["lines"][0]["in_progress"] != 1 {}
    std::thread::sleep(Duration::from_secs(1));
    daemon.is_sent(Signal::TERM);
    let said = daemon.says("SIGTERM");
    assert!(said.contains("in 3600 s at most (--drain)"), "{said}");
    assert!(said.ends_with("calls in progress: 1"), "{said}");
    daemon.is_sent(Signal::TERM);
    daemon.says("stopped; calls that go on when it is started again: 1");
}

#[test]
fn a_file_that_may_not_grow_is_a_full_disk_and_not_the_end() {
    let folder = Temporary::new(&std::env::temp_dir());
    let child = Command::new("sh")
        .args(["-c", "ulimit -f 2000; exec \"$0\" \"$@\""])
        .args([env!("CARGO_BIN_EXE_strowger"), "serve", "menus/clinic.toml"])
        .args(["--listen", "127.0.0.1:0", "--data"])
        .arg(folder.path().join("data"))
        .stderr(Stdio::piped())
        .spawn();
    let mut daemon = Process(child.expect("the daemon starts"));
    let log = daemon.0.stderr.take().expect("a pipe");
    let said = BufReader::new(log).lines().map_while(Result::ok);
    let mut warned = false;
    // 16 MB cannot be kept for the day when the disk is full.
    let full = said.inspect(|line| warned |= line.contains("ulimit -f, LimitFSIZE"));
    let full = full
        .into_iter()
        .any(|line| line.contains("the journal's disk is full"));
    assert!(full && warned, "{full} {warned}");
}

#[test]
fn what_keeps_it_from_beginning_is_told_with_what_to_do() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let taken = taken.local_addr().expect("an address").to_string();
    let folder = Temporary::new(&std::env::temp_dir());
    let data = folder.path().join("data");
    let data = data.to_str().expect("a path");
    let start = ["serve", "menus/clinic.toml", "--data", data, "--listen"];
    for (more, code, words) in [
        (
            &[taken.as_str()][..],
            3,
            "end the program that listens there",
        ),
        (
            &["127.0.0.1:0", "--token-file", "nix"],
            3,
            "error: --token-file nix: ",
        ),
        (
            &[
                "127.0.0.1:0",
                "--agent-hour",
                "30",
                "--currency",
                "a very long one",
            ],
            2,
            "1 to ",
        ),
    ] {
        let (ended, _, err) = run(&[&start[..], more].concat());
        assert_eq!(ended, Some(code), "{err}");
        assert!(err.contains(words), "{err}");
    }
    let (code, _, err) = run(&["closure", "set", "--for", "999999h"]);
    assert_eq!(code, Some(2), "{err}");
    assert!(err.contains("at most a year"), "{err}");
}

/// A first start that is killed at once leaves a journal that holds nothing yet.
#[test]
fn a_first_start_is_one_until_the_journal_holds_menus() {
    let folder = Temporary::new(&std::env::temp_dir());
    let data = folder.path().join("data");
    drop(SqliteJournal::open(&data).expect("a journal"));
    let half = folder.path().join("half.toml");
    std::fs::write(&half, "format = 1\n[line]\nname = \"Ha").expect("written");
    let start = ["serve", &half.display().to_string(), "--data"];
    let data = data.display().to_string();
    let (code, _, err) = run(&[&start[..], &[&data, "--listen", "127.0.0.1:0"]].concat());
    assert_eq!(code, Some(1), "{err}");
    assert!(
        err.contains("half.toml") && !err.contains("damaged"),
        "{err}"
    );
}
