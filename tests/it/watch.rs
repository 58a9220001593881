//! `strowger watch` beside a real daemon.

use std::io::BufRead;
use std::io::BufReader;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Output;
use std::process::Stdio;

fn strowger() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_strowger"));
    command
        .env_remove("CLICOLOR_FORCE")
        .env_remove("LC_ALL")
        .env("LC_CTYPE", "C.UTF-8")
        .env("COLUMNS", "80");
    command
}

/// A daemon on a port of the system's choice, gone when it is dropped.
struct Daemon {
    child: Child,
    address: String,
    data: PathBuf,
}

impl Daemon {
    fn start(name: &str, more: &[&str]) -> Self {
        let data = format!("strowger-watch-{name}-{}", std::process::id());
        let data = std::env::temp_dir().join(data);
        let mut child = strowger()
            .args(["serve", "menus/clinic.toml", "--listen", "127.0.0.1:0"])
            .args(more)
            .arg("--data")
            .arg(&data)
            .stderr(Stdio::piped())
            .spawn()
            .expect("the daemon starts");
        let stderr = child.stderr.take().expect("a pipe");
        let mut lines = BufReader::new(stderr).lines().map_while(Result::ok);
        let address = lines.find_map(|line| Some(line.split_once("http://")?.1.to_owned()));
        let address = address.expect("the daemon says where it listens");
        // Whatever it says later is read and dropped.
        std::thread::spawn(move || lines.for_each(drop));
        Self {
            child,
            address,
            data,
        }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        self.child.kill().unwrap_or_default();
        drop(self.child.wait());
        std::fs::remove_dir_all(&self.data).unwrap_or_default();
    }
}

fn watch(args: &[&str]) -> (Option<i32>, String, String) {
    let output = strowger().arg("watch").args(args).output();
    let Output {
        status,
        stdout,
        stderr,
    } = output.expect("the program runs");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (status.code(), text(stdout), text(stderr))
}

#[test]
fn a_wallboard_is_printed_once_for_people_and_for_programs() {
    let daemon = Daemon::start("once", &[]);
    let (code, out, err) = watch(&[&daemon.address, "--once"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    for part in [
        "✓ taking calls",
        "QUEUES",
        "reception",
        "Riverside Clinic",
        "signed out",
    ] {
        assert!(out.contains(part), "no \"{part}\" in\n{out}");
    }
    assert!(out.lines().all(|line| line.chars().count() <= 80), "{out}");
    let (code, out, _) = watch(&[&daemon.address, "--once", "--format", "json"]);
    let board: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(
        (code, &board["queues"][0]["queue"]),
        (Some(0), &"reception".into())
    );
}

#[test]
fn a_daemon_with_a_token_asks_for_it() {
    let file = std::env::temp_dir().join(format!("strowger-token-{}", std::process::id()));
    std::fs::write(&file, "correct horse battery\n").expect("a file");
    let file_name = file.display().to_string();
    let daemon = Daemon::start("token", &["--token-file", &file_name]);
    let (code, out, err) = watch(&[&daemon.address, "--once"]);
    assert_eq!((code, out.as_str()), (Some(3), ""));
    assert!(err.contains("give it with --token-file"), "{err}");
    let with_token = [&daemon.address, "--once", "--token-file", &file_name];
    let (code, out, err) = watch(&with_token);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert!(out.contains("QUEUES"), "{out}");
    std::fs::remove_file(file).expect("the file");
}

#[test]
fn without_a_terminal_or_a_daemon_it_says_so() {
    let (code, _, err) = watch(&[]);
    let why = "error: a live wallboard needs a terminal: use --once to print the wallboard once\n";
    assert_eq!((code, err.as_str()), (Some(2), why));
    let (code, _, err) = watch(&["127.0.0.1:1", "--once"]);
    assert_eq!(
        (code, err.as_str()),
        (Some(3), "error: 127.0.0.1:1: nobody listens there\n")
    );
}
