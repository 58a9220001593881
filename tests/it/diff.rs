//! `strowger diff`: what changes for callers, and nothing else.

use crate::cli::run;
use crate::cli::run_says;
use crate::temporary::Temporary;
use std::fs;

const OLD: &str = "tests/it/diff/old";

#[test]
fn what_changes_for_callers_is_said() {
    run_says("help-diff", &["diff", "--help"]);
    run_says("diff", &["diff", OLD, "tests/it/diff/new"]);
    let json = ["diff", OLD, "tests/it/diff/new", "--format", "json"];
    run_says("diff-json", &json);
}

#[test]
fn another_order_and_other_words_for_the_same_are_no_change() {
    run_says("diff-same", &["diff", OLD, "tests/it/diff/same"]);
    let json = ["diff", OLD, "tests/it/diff/same", "--format", "json"];
    let (code, out, _) = run(&json);
    assert_eq!((code, out.as_str()), (Some(0), "{\n  \"changes\": []\n}\n"));
}

#[test]
fn the_way_back_has_as_many_changes() {
    let count = |args: &[&str]| {
        let (code, out, _) = run(args);
        assert_eq!(code, Some(1));
        let json: serde_json::Value = serde_json::from_str(&out).expect("JSON");
        json["changes"].as_array().expect("a list").len()
    };
    let new = "tests/it/diff/new";
    let there = count(&["diff", OLD, new, "--format", "json"]);
    assert_eq!(there, count(&["diff", new, OLD, "--format", "json"]));
}

#[test]
fn files_and_folders_are_compared_by_name() {
    let line = "tests/it/diff/old/line.toml";
    let (code, out, _) = run(&["diff", line, "tests/it/diff/same"]);
    assert_eq!(
        (code, out.as_str()),
        (Some(0), "nothing changes for callers\n")
    );
    // Two files are two versions of one line, whatever they are called.
    let (code, out, _) = run(&["diff", line, "menus/clinic.toml"]);
    assert_eq!(code, Some(1));
    assert!(out.contains("languages: en (was en, es)"), "{out}");
    // In folders, a line goes by its name.
    let (code, out, _) = run(&["diff", OLD, "menus"]);
    assert_eq!(code, Some(1));
    assert!(out.contains("line\n  the line is gone\n"), "{out}");
}

#[test]
fn what_cannot_be_compared_is_said() {
    run_says("diff-wrong", &["diff", OLD, "menus/clinic.toml"]);
    run_says("diff-nothing", &["diff", OLD, "docs"]);
    let broken = "tests/menus/invalid/unknown-target.toml";
    run_says("diff-broken", &["diff", "menus/clinic.toml", broken]);
}

#[test]
fn a_line_that_is_broken_has_not_gone() {
    let folder = Temporary::new(&std::env::temp_dir());
    for file in ["groups.toml", "line.toml"] {
        fs::copy(format!("{OLD}/{file}"), folder.path().join(file)).expect("a copy");
    }
    for broken in ["", "broken = ", "[lin]\nname = \"Line\"\n"] {
        fs::write(folder.path().join("line.toml"), broken).expect("a file");
        let (code, out, wrong) = run(&["diff", OLD, &folder.path().to_string_lossy()]);
        assert_eq!((code, out.as_str()), (Some(3), ""), "{broken:?}");
        assert!(wrong.contains("this file has no [line]"), "{wrong}");
    }
}

#[test]
fn nothing_in_a_text_acts_on_a_terminal() {
    let folder = Temporary::new(&std::env::temp_dir());
    let line = |name: &str, title: &str, says: &str| {
        let text = format!(
            "[line]\nname = \"{title}\"\nlanguages = [\"en\"]\ntimezone = \"Europe/London\"\n\n\
             [say.main]\nsay = \"{says}\"\nthen = \"@hangup\"\n"
        );
        let path = folder.path().join(name);
        fs::write(&path, text).expect("a line");
        path.to_str().expect("a path").to_owned()
    };
    let old = line("old.toml", "Line", "Good day.");
    let new = line("new.toml", "Li\\u001b[31mne", "Good \\u001b[2Jnight \\u009b2J.");
    let (code, out, err) = run(&["diff", &old, &new]);
    assert_eq!(code, Some(1), "{err}");
    assert!(!out.contains(|c: char| c.is_control() && c != '\n'), "{out:?}");
    assert!(out.contains("Good  [2Jnight  2J."), "{out}");
}
