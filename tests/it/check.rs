//! `strowger check` on the command line: levels, allowances in every kind of file, and mends.

use crate::cli::run;
use crate::cli::run_says;
use crate::cli::says;
use crate::cli::strowger;
use crate::temporary::Temporary;
use std::fs;
use std::path::Path;
use std::process::Output;

const WARNED: &str = "tests/menus/invalid/expired-answer.toml";
const TODAY: [&str; 2] = ["--at", "2026-11-23"];

#[test]
fn a_level_makes_an_error_of_a_warning_or_nothing() {
    let with = |flags: &[&'static str]| [&["check", WARNED], &TODAY[..], flags].concat();
    run_says("check-denied", &with(&["--deny", "warnings"]));
    run_says("check-allowed", &with(&["--allow", "expired-answer"]));
    run_says(
        "check-levels-twice",
        &with(&["--deny", "too-deep", "--allow", "too-deep,hidden-key"]),
    );
    run_says("check-level-unknown", &with(&["--warn", "hiden-key"]));
    let bad = "tests/menus/invalid/dead-end.toml";
    let (code, _, err) = run(&["check", bad, "--allow", "dead-end"]);
    assert_eq!(code, Some(1), "errors stay errors: {err}");
}

/// A folder with a copy of some files.
pub(crate) fn folder(files: &[(&str, &str)]) -> Temporary {
    let folder = Temporary::new(&std::env::temp_dir());
    for (file, text) in files {
        fs::write(folder.path().join(file), text).expect("a file");
    }
    folder
}

/// What the program says when it runs in a folder.
#[track_caller]
fn says_in(folder: &Path, name: &str, args: &[&str]) {
    let output = strowger(args).current_dir(folder).output();
    let Output {
        status,
        stdout,
        stderr,
    } = output.expect("the program runs");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    says(
        name,
        format!(
            "$ strowger {}\n{}--- stderr\n{}--- exit {}\n",
            args.join(" "),
            text(stdout),
            text(stderr),
            status.code().expect("a code")
        ),
    );
}

fn shipped(file: &str) -> String {
    fs::read_to_string(file).expect("a file that ships")
}

#[test]
fn scenarios_and_call_tests_may_allow_what_they_draw() {
    let text = |file| shipped(&format!("docs/codes/{file}"));
    let scenario = text("example.scenario.toml");
    let twice = format!("{scenario}# lint: allow(both-speak)\n[run]\nlength = \"4h\"\n");
    let idle = format!("# lint: allow(no-skills, expierd-answer)\n{scenario}");
    let refused = scenario.replace(
        "[wants.hours]\nshare       = 0.4",
        "# lint: allow(shares-not-one)\n[wants.hours]\nshare = 0.3",
    );
    let calls = "# lint: allow(unknown-lokup)\nmenu = \"example.toml\"\n\
                 [[call]]\nname = \"one\"\nat = 2026-11-23T10:00:00\nkeys = \"0\"\n\
                 outcome = \"message\"\n";
    let files = [
        ("example.toml", text("example.toml")),
        ("groups.toml", text("groups.toml")),
        ("forecast.csv", text("forecast.csv")),
        ("staff.csv", text("staff.csv")),
        ("twice.scenario.toml", twice),
        ("idle.scenario.toml", idle),
        ("refused.scenario.toml", refused),
        ("example.test.toml", calls.to_owned()),
    ];
    let files = files.each_ref().map(|(file, text)| (*file, text.as_str()));
    let folder = folder(&files);
    let given = [
        "twice.scenario.toml",
        "idle.scenario.toml",
        "refused.scenario.toml",
        "example.test.toml",
    ];
    let args = [&["check"], &TODAY[..], &given].concat();
    says_in(folder.path(), "check-allow-others", &args);
}

const SLIPS: &str = "[line]\n\
name      = \"Example\"\n\
groups    = \"groups.toml\"\n\
timezone  = \"Europe/Londn\"\n\
languages = [\"en\"]\n\
start     = \"main\"\n\
\n\
[menu.main]\n\
say     = \"{options}\"\n\
give_up = \"suport\"            # a slip\n\
tries   = \"2\"\n\
[menu.main.keys]\n\
# lint: allow(hidden-key)\n\
1 = { go = \"hours\", lable = \"opening hours\" }\n\
0 = { go = \"support\", label = \"a person\" }\n\
\n\
[answer.hours]\n\
question    = \"When are you open?\"\n\
say         = \"We are open from 9 to 5.\"\n\
valid_until = \"2027-06-30\"\n\
then        = \"main\"\n\
\n\
[queue.support]\n\
group     = \"support\"\n\
max_wait  = \"10m\"\n\
timeout   = \"nowhere-at-all\"\n\
full      = \"message\"\n\
no_agents = \"message\"\n\
\n\
[record.message]\n\
say     = \"Please leave a message.\"\n\
mailbox = \"support\"\n\
then    = \"@hangp\"\n";

#[test]
fn what_needs_no_thought_is_mended_and_the_rest_reported() {
    let folder = folder(&[("line.toml", SLIPS), ("groups.toml", "[group.support]\n")]);
    let args = [&["check", "line.toml", "--fix"], &TODAY[..]].concat();
    says_in(folder.path(), "check-fix", &args);
    let mended = fs::read_to_string(folder.path().join("line.toml")).expect("the line");
    says("check-fix-line", mended.clone());
    // Only what one can be sure of; a second time there is nothing left to do.
    says_in(folder.path(), "check-fix-again", &args);
    let again = fs::read_to_string(folder.path().join("line.toml")).expect("the line");
    assert_eq!(again, mended);
    let names = fs::read_dir(folder.path()).expect("the folder");
    assert_eq!(names.count(), 2, "nothing is left behind");
}

/// What is between two places of a text, lines and columns from 1.
fn byte(text: &str, line: &serde_json::Value, column: &serde_json::Value) -> usize {
    let number = |value: &serde_json::Value| value.as_u64().expect("a number") as usize - 1;
    let lines = text.split_inclusive('\n');
    let before: usize = lines.take(number(line)).map(str::len).sum();
    let columns = text[before..].char_indices().nth(number(column));
    columns.map_or(text.len(), |(byte, _)| before + byte)
}

#[test]
fn programs_are_told_the_mends_that_are_made() {
    let slips = SLIPS.replace("\"Example\"", "\"Ex\u{e1}mple\"");
    let folder = folder(&[("line.toml", &slips), ("groups.toml", "[group.support]\n")]);
    let json = |format| {
        let args = [&["check", "line.toml", "--format", format], &TODAY[..]].concat();
        let output = strowger(&args).current_dir(folder.path()).output();
        let output = output.expect("the program runs");
        serde_json::from_slice::<serde_json::Value>(&output.stdout).expect("JSON")
    };
    let told = json("json");
    let problems = told.as_array().expect("a list");
    let fixes: Vec<_> = problems
        .iter()
        .filter(|problem| !problem["fix"].is_null())
        .collect();
    let sarif = json("sarif");
    let results = sarif["runs"][0]["results"].as_array().expect("a list");
    let same = results.iter().filter(|result| !result["fixes"].is_null());
    assert_eq!((fixes.len(), same.count()), (6, 6), "{told:#}");
    let mut text = slips.clone();
    // From the end, so that the places of the others stay where they are.
    for problem in fixes.iter().rev() {
        let fix = &problem["fix"];
        let from = byte(&slips, &fix["line"], &fix["column"]);
        let to = byte(&slips, &fix["end_line"], &fix["end_column"]);
        text.replace_range(from..to, fix["text"].as_str().expect("a text"));
    }
    let args = [&["check", "line.toml", "--fix"], &TODAY[..]].concat();
    strowger(&args)
        .current_dir(folder.path())
        .output()
        .expect("the program runs");
    let mended = fs::read_to_string(folder.path().join("line.toml")).expect("the line");
    assert_eq!(text, mended);
}

#[test]
#[cfg(unix)]
fn a_link_stays_a_link_and_a_file_with_two_names_is_left_alone() {
    let text = SLIPS.replace("\"nowhere-at-all\"", "\"message\"");
    let folder = folder(&[("real.toml", &text), ("groups.toml", "[group.support]\n")]);
    let at = |name| folder.path().join(name);
    std::os::unix::fs::symlink("real.toml", at("link.toml")).expect("a link");
    let fix = || {
        let args = [&["check", "link.toml", "--fix"], &TODAY[..]].concat();
        let output = strowger(&args).current_dir(folder.path()).output();
        let output = output.expect("the program runs");
        (
            output.status.code(),
            String::from_utf8(output.stderr).expect("text"),
        )
    };
    fs::hard_link(at("real.toml"), at("twin.toml")).expect("a second name");
    let (code, said) = fix();
    assert_eq!(code, Some(74), "{said}");
    assert!(
        said.contains("it is one file with 2 names (hard links)"),
        "{said}"
    );
    assert!(!said.contains("mended"), "{said}");
    assert_eq!(fs::read_to_string(at("real.toml")).expect("the line"), text);
    fs::remove_file(at("twin.toml")).expect("it is there");
    let (code, said) = fix();
    assert_eq!(code, Some(0), "{said}");
    let is_link = fs::symlink_metadata(at("link.toml")).expect("it is there");
    assert!(is_link.is_symlink());
    let mended = fs::read_to_string(at("real.toml")).expect("the line");
    assert!(mended.contains("give_up = \"support\""), "{mended}");
}

#[test]
fn what_no_line_needs_of_an_included_file_is_told_and_left() {
    let line = |name: &str, then: &str| {
        let text = SLIPS.replace("\"Example\"", &format!("\"{name}\""));
        let text = text
            .replace("Londn", "London")
            .replace("\"suport\"", "\"support\"");
        let text = text
            .replace("\"2027-06-30\"", "2027-06-30")
            .replace("\"2\"", "2")
            .replace("lable", "label");
        let text = text
            .replace("nowhere-at-all", "message")
            .replace("@hangp", then);
        let text = text.replace("# lint: allow(hidden-key)\n", "");
        format!("include = [\"common.toml\"]\n{text}")
    };
    let common = "# lint: allow(no-way-to-a-person)\n[menu.more]\nsay = \"Press 1.\"\n\
                  give_up = \"@hangup\"\n[menu.more.keys]\n# lint: allow(prefix-key)\n1 = \"@hangup\"\n\
                  [say.news]\nsay = \"No news.\"\nthen = \"@hangup\"\n";
    let (one, two) = (line("One", "news"), line("Two", "more"));
    let folder = folder(&[
        ("one.toml", &one),
        ("two.toml", &two),
        ("common.toml", common),
        ("groups.toml", "[group.support]\n"),
    ]);
    // The second line needs one of the two allowances; nobody needs the other.
    let both = [&["check", "one.toml", "two.toml"], &TODAY[..]].concat();
    says_in(folder.path(), "check-allow-included", &both);
    let alone = [&["check", "one.toml", "--fix"], &TODAY[..]].concat();
    says_in(folder.path(), "check-allow-included-alone", &alone);
    let left = fs::read_to_string(folder.path().join("common.toml")).expect("the file");
    assert_eq!(left, common);
}

#[test]
fn a_name_of_another_file_is_mended_where_it_is_used() {
    let text = SLIPS.replace("\"nowhere-at-all\"", "\"message\"");
    let folder = folder(&[("line.toml", &text), ("groups.toml", "[group.suport]\n")]);
    let line = folder.path().join("line.toml");
    let line = line.to_str().expect("a path");
    let (code, out, err) = run(&[&["check", line, "--fix"], &TODAY[..]].concat());
    assert_eq!(code, Some(0), "{out}{err}");
    let mended = fs::read_to_string(line).expect("the line");
    assert!(mended.contains("group     = \"suport\""), "{mended}");
}

#[test]
fn nothing_in_a_file_acts_on_a_terminal() {
    let text = SLIPS.replace("\"suport\"", "\"su\u{9b}31mport\\u001b[2J\\u202e\"");
    let folder = folder(&[("line.toml", &text), ("groups.toml", "[group.support]\n")]);
    let line = folder.path().join("line.toml");
    let line = line.to_str().expect("a path");
    let (code, out, err) = run(&[&["check", line, "--fix"], &TODAY[..]].concat());
    assert_eq!(code, Some(1), "{out}{err}");
    assert!(
        err.contains("no step is called \"su\u{fffd}31mport"),
        "{err}"
    );
    let acts = |c: char| c != '\n' && (c.is_control() || c == '\u{202e}');
    assert!(!err.contains(acts), "{err:?}");
}
