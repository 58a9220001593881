//! `strowger watch` beside a real daemon.

use crate::served::Served;
use crate::temporary::Temporary;
use std::process::Command;
use std::process::Output;

fn strowger() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_strowger"));
    command
        .env_remove("CLICOLOR_FORCE")
        .env_remove("LC_ALL")
        .env("LC_CTYPE", "C.UTF-8")
        .env("COLUMNS", "80");
    command
}

/// A daemon of the clinic, with a folder of its own.
fn clinic(folder: &Temporary, more: &[&str]) -> Served {
    let menu = concat!(env!("CARGO_MANIFEST_DIR"), "/menus/clinic.toml");
    Served::start(folder.path(), &[&[menu], more].concat())
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
    let folder = Temporary::new(&std::env::temp_dir());
    let daemon = clinic(&folder, &[]);
    let (code, out, err) = watch(&[&daemon.http, "--once"]);
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
    let (code, out, _) = watch(&[&daemon.http, "--once", "--format", "json"]);
    let board: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(
        (code, &board["queues"][0]["queue"]),
        (Some(0), &"reception".into())
    );
}

#[test]
fn a_daemon_with_a_token_asks_for_it() {
    let folder = Temporary::new(&std::env::temp_dir());
    let file = folder.path().join("token");
    std::fs::write(&file, "correct horse battery\n").expect("a file");
    let file_name = file.display().to_string();
    let daemon = clinic(&folder, &["--token-file", &file_name]);
    let (code, out, err) = watch(&[&daemon.http, "--once"]);
    assert_eq!((code, out.as_str()), (Some(3), ""));
    assert!(err.contains("give it with --token-file"), "{err}");
    let other = folder.path().join("other");
    std::fs::write(&other, "another horse battery\n").expect("a file");
    let with_other = [
        &daemon.http,
        "--once",
        "--token-file",
        &other.display().to_string(),
    ];
    let (code, _, err) = watch(&with_other);
    let why = "the daemon has another token than the one in --token-file";
    assert_eq!((code, err.contains(why)), (Some(3), true), "{err}");
    let with_token = [&daemon.http, "--once", "--token-file", &file_name];
    let (code, out, err) = watch(&with_token);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert!(out.contains("QUEUES"), "{out}");
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
