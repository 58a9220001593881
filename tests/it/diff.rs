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
            "[line]\nname = \"{title}\"\nlanguages = [\"en\"]\ntimezone = \"Europe/London\"\n\
             start = \"main\"\n\n[say.main]\nsay = \"{says}\"\nthen = \"@hangup\"\n"
        );
        let path = folder.path().join(name);
        fs::write(&path, text).expect("a line");
        path.to_str().expect("a path").to_owned()
    };
    let old = line("old.toml", "Line", "Good day.");
    let new = line(
        "new.toml",
        "Li\\u001b[31mne",
        "Good \\u001b[2Jnight \\u009b2J.",
    );
    let (code, out, err) = run(&["diff", &old, &new]);
    assert_eq!(code, Some(1), "{err}");
    assert!(
        !out.contains(|c: char| c.is_control() && c != '\n'),
        "{out:?}"
    );
    assert!(out.contains("Good  [2Jnight  2J."), "{out}");
}

/// What is said of a line with one entry, as it was and as it is.
fn differences(was: &str, now: &str) -> (Option<i32>, String) {
    let folder = Temporary::new(&std::env::temp_dir());
    let write = |name: &str, entry: &str| {
        let text = format!(
            "[line]\nname = \"Line\"\nlanguages = [\"en\"]\ntimezone = \"Europe/London\"\n\
             start = \"order\"\n\n[collect.order]\nsay = \"Your order number.\"\ndigits = 6\ngo = \"noted\"\n\
             give_up = \"@hangup\"\n{entry}"
        );
        let path = folder.path().join(name);
        fs::write(&path, text).expect("a line");
        path.to_str().expect("a path").to_owned()
    };
    let (old, new) = (write("old.toml", was), write("new.toml", now));
    let (code, out, err) = run(&["diff", &old, &new]);
    assert!(code < Some(3), "{err}");
    (code, out)
}

#[test]
fn what_is_said_in_turn_is_compared_time_by_time() {
    let says = |lists: &str| {
        format!(
            "save = \"order\"\n{lists}\n\
             [say.noted]\nsay = \"Order {{order:digits}}.\"\nthen = \"@hangup\"\n"
        )
    };
    let of = |was: &str, now: &str| differences(&says(was), &says(now));
    // The last one serves for all later times, and an entry without `again` is asked in the same words.
    for (was, now) in [
        (
            "silence = [\"A\", \"B\"]",
            "silence = [\"A\", \"B\", \"B\"]",
        ),
        ("wrong = \"A\"", "wrong = [\"A\", \"A\"]"),
        ("", "again = [\"Your order number.\"]"),
    ] {
        assert_eq!(of(was, now).0, Some(0), "{was}: {now}");
    }
    let shorter = of("silence = [\"A\", \"B\"]", "silence = [\"A\"]").1;
    assert!(
        shorter.contains("says after silence, time 2\n"),
        "{shorter}"
    );
    assert!(shorter.contains("was  \"B\"\n"), "{shorter}");
    assert!(shorter.contains("now  \"A\"\n"), "{shorter}");
    assert!(shorter.contains("\n1 change for callers"), "{shorter}");
    let again = of("", "again = \"Once more, please.\"").1;
    assert!(again.contains("says, time 2\n"), "{again}");
    assert!(again.contains("was  \"Your order number.\"\n"), "{again}");
}

#[test]
fn what_is_saved_has_no_name_for_callers() {
    let line = |order: &str, state: &str, pointer: &str| {
        format!(
            "save = \"{order}\"\n\
             [lookup.noted]\nurl = \"https://api.example.com/{{{order}}}\"\ntimeout = \"2s\"\n\
             save = {{ {state} = \"{pointer}\" }}\nthen = \"done\"\nerror = {{ any = \"@hangup\" }}\n\
             [say.done]\nsay = \"Order {{{order}:digits}} is {{{state}:text}}.\"\nthen = \"@hangup\"\n"
        )
    };
    let old = line("order", "state", "/state");
    assert_eq!(
        differences(&old, &line("number", "is", "/state")).0,
        Some(0)
    );
    // The same name for something else is something else.
    assert_eq!(
        differences(&old, &line("order", "state", "/colour")).0,
        Some(1)
    );
}
