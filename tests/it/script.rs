//! `strowger script`: what has to be recorded, and what it is called.

use crate::cli::run;
use crate::cli::run_says;
use crate::temporary::Temporary;
use std::fs;

const LINE: &str = "tests/menus/valid/everything.toml";

#[test]
fn words_to_record_are_printed_language_by_language() {
    run_says("help-script", &["script", "--help"]);
    run_says("script", &["script", LINE]);
    let spanish = ["script", LINE, "--language", "es", "--format", "csv"];
    run_says("script-csv", &spanish);
}

/// The files that `docs/AUDIO.md` lists are those of the shop.
#[test]
fn the_page_lists_recordings_that_there_are() {
    let args = [
        "script",
        "menus/shop.toml",
        "--format",
        "csv",
        "--language",
        "en",
    ];
    let (code, out, _) = run(&args);
    assert_eq!(code, Some(0));
    let mut files = Vec::new();
    for line in include_str!("../../docs/AUDIO.md").lines() {
        if let Some(rest) = line.strip_prefix("menus/audio/shop/") {
            files.push(rest.split(' ').next().expect("a file"));
        }
    }
    assert!(files.len() >= 5, "{files:?}");
    for file in files {
        let row = format!("\n{file},");
        assert!(out.contains(&row), "{file} is not to be recorded");
    }
}

#[test]
fn programs_learn_the_folder_and_the_voice() {
    let (code, out, _) = run(&["script", LINE, "--format", "json"]);
    assert_eq!(code, Some(0));
    let json: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    let list = json["recordings"].as_array().expect("a list");
    let second = |one: &&serde_json::Value| one["file"] == "en/language-2.wav";
    let second = list
        .iter()
        .find(second)
        .expect("the second half of a greeting");
    assert_eq!(second["text"], "Para español, pulse 2.");
    assert_eq!(
        (&second["language"], &second["spoken"]),
        (&"en".into(), &"es".into())
    );
    assert_eq!(second["folder"], "tests/menus/valid/audio");
}

#[test]
fn what_several_lines_say_from_one_file_is_printed_once() {
    let count = |lines: &[&str]| {
        let mut args = vec!["script"];
        args.extend(lines);
        args.extend(["--language", "en", "--format", "csv"]);
        let (code, out, _) = run(&args);
        assert_eq!(code, Some(0));
        let silence = out.lines().filter(|row| row.starts_with("en/silence.wav"));
        silence.count()
    };
    let folder = Temporary::new(&std::env::temp_dir());
    let files = ["one.toml", "two.toml"].map(|name| folder.path().join(name));
    for file in &files {
        let text = "[line]\nname = \"X\"\ntimezone = \"UTC\"\nlanguages = [\"en\"]\nstart = \"main\"\n\
                    [menu.main]\nsay = \"Press 1.\"\ngive_up = \"@hangup\"\n\
                    [menu.main.keys]\n1 = \"@hangup\"\n";
        fs::write(file, text).expect("a line");
    }
    let [one, two] = files.each_ref().map(|file| file.to_str().expect("a path"));
    assert_eq!(count(&[one]), 1);
    assert_eq!(count(&[one, two]), 1);
    // The lines that ship have a folder each.
    assert_eq!(count(&["menus/clinic.toml", "menus/shop.toml"]), 2);
}

#[test]
fn what_cannot_be_printed_is_said() {
    run_says("script-language", &["script", LINE, "--language", "eo"]);
    let (code, _, err) = run(&["script", "tests/menus/invalid/unknown-target.toml"]);
    assert_eq!(code, Some(1));
    assert!(err.contains("error[unknown-target]"), "{err}");
}

#[test]
fn nothing_in_a_text_acts_on_a_terminal_or_a_spreadsheet() {
    let folder = Temporary::new(&std::env::temp_dir());
    let line = folder.path().join("line.toml");
    let text = "[line]\nname = \"Ex\\u001b[31mample\"\nlanguages = [\"en\"]\n\
                timezone = \"Europe/London\"\nstart = \"main\"\n\n\
                [say.main]\nsay = \"=1+1 \\u001b[2J \\u009b2J done\"\nthen = \"@hangup\"\n";
    fs::write(&line, text).expect("a line");
    let line = line.to_str().expect("a path");
    for format in ["human", "csv"] {
        let (code, out, err) = run(&["script", line, "--format", format]);
        assert_eq!(code, Some(0), "{err}");
        let acts = |c: char| c.is_control() && c != '\n';
        assert!(!out.contains(acts), "{out:?}");
        assert_eq!(out.contains("'=1+1"), format == "csv", "{out}");
        assert!(out.contains("=1+1  [2J  2J done"), "{out}");
    }
}
