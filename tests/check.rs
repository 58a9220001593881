//! `strowger check` on the command line: what goes where, and the exit codes.

#[path = "../benches/big_line.rs"]
mod big_line;

use std::process::Command;
use std::process::Output;

fn check(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_strowger"))
        .arg("check")
        .args(["--at", "2026-11-23"])
        .args(arguments)
        .output()
        .expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

#[test]
fn good_files_are_summed_up_on_stdout() {
    let output = check(&[
        "menus/clinic.toml",
        "menus/shop.toml",
        "menus/groups.toml",
        "menus/clinic.test.toml",
    ]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(text(&output.stderr), "");
    assert_eq!(text(&output.stdout), "4 files checked, nothing to report\n");
}

#[test]
fn problems_are_on_stderr_and_those_of_a_shared_file_there_once() {
    let output = check(&[
        "tests/menus/invalid/bad-groups.toml",
        "tests/menus/invalid/bad-groups.groups.toml",
    ]);
    assert_eq!(output.status.code(), Some(1));
    let problems = text(&output.stderr);
    let shared = problems.matches("no group is called \"suport\"");
    assert_eq!(shared.count(), 1, "{problems}");
    assert!(text(&output.stdout).starts_with("2 files checked: "));
}

#[test]
fn numbers_clash_between_files_that_are_given_together() {
    let lines = [
        "tests/menus/invalid/number-clash.toml",
        "tests/menus/invalid/number-clash/second.toml",
    ];
    assert_eq!(check(&lines[..1]).status.code(), Some(0));
    let output = check(&lines);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("error[number-clash]"));
    assert_eq!(text(&output.stdout), "2 files checked: 1 error\n");
}

#[test]
fn warnings_alone_are_no_failure() {
    let output = check(&["tests/menus/invalid/expired-answer.toml"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(text(&output.stdout), "1 file checked: 1 warning\n");
}

#[test]
fn a_file_that_cannot_be_read_has_an_exit_code_of_its_own() {
    let output = check(&["menus/nowhere.toml", "menus/nowhere.test.toml"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(text(&output.stderr).contains("there is no file menus/nowhere.toml"));
    assert_eq!(text(&output.stdout), "2 files checked: 2 errors\n");
}

#[test]
fn programs_get_a_list_on_stdout() {
    let file = "tests/calls/invalid/unknown-step.test.toml";
    let output = check(&["--format", "json", file]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(text(&output.stderr), "");
    let list: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(list.as_array().map(Vec::len), Some(2));
    assert_eq!(list[0]["code"], "unknown-step");
    assert_eq!(list[0]["severity"], "error");
    assert_eq!(list[0]["file"], file);
    assert_eq!(
        (&list[0]["line"], &list[0]["column"]),
        (&8.into(), &11.into())
    );
    assert_eq!(list[0]["help"], "did you mean \"main\"?");
}

#[test]
fn a_line_of_ten_thousand_steps_is_read_and_checked() {
    let folder = std::env::temp_dir().join(format!("strowger-check-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let line = folder.join("big.toml");
    std::fs::write(&line, big_line::big_line(10_000)).expect("a line");
    std::fs::write(folder.join("groups.toml"), "[group.support]\n").expect("groups");
    let output = check(&[line.to_str().expect("a path")]);
    assert_eq!(output.status.code(), Some(0));
    let problems = text(&output.stderr);
    assert!(
        problems.contains("warning[too-deep]"),
        "a tree of menus is deep"
    );
    // The two that a third menu would have needed lead nowhere from anywhere.
    assert_eq!(problems.matches("warning[unreachable]").count(), 2);
    std::fs::remove_dir_all(folder).expect("the folder goes");
}
