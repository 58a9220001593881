//! Calls that are rehearsed: `strowger test` with its exact output, and the calls that ship.

use crate::check::folder;
use crate::cli::run;
use crate::cli::run_says;
use crate::temporary::Temporary;
use crate::written::LINE;
use proptest::prelude::*;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use strowger::menu::FileKind;
use strowger::menu::call_test::Agents;
use strowger::menu::call_test::CallTests;
use strowger::menu::call_test::Keys;
use strowger::menu::diagnostic::Diagnostics;
use strowger::menu::read_tests;
use strowger::menu::source::Sources;
use strowger::rehearse;
use strowger::rehearse::Coverage;
use strowger::rehearse::told;

const GOOD: &str = "tests/it/rehearsals/good.test.toml";
const CONSENT: &str = "tests/it/rehearsals/consent.test.toml";
const WRONG: &str = "tests/it/rehearsals/wrong.test.toml";
const PART: &str = "tests/it/rehearsals/part.test.toml";
const BROKEN: &str = "tests/it/rehearsals/broken.test.toml";
const DAY: jiff::civil::Date = jiff::civil::date(2026, 11, 23);

fn read(path: &Path) -> CallTests {
    let (mut sources, mut found) = (Sources::default(), Diagnostics::default());
    let tests = read_tests(path, Some(DAY), &mut sources, &mut found);
    tests.unwrap_or_else(|| panic!("{}", found.render(&sources, false)))
}

#[test]
fn calls_that_go_as_they_should_are_listed() {
    run_says("test-good", &["test", GOOD]);
}

#[test]
fn a_call_that_goes_wrong_is_shown_beside_what_was_expected() {
    run_says("test-wrong", &["test", WRONG]);
}

#[test]
fn a_number_that_nobody_has_given_is_told_in_words() {
    let folder = Temporary::new(&std::env::temp_dir());
    let at = |name| folder.path().join(name);
    fs::write(
        at("line.toml"),
        "[line]\nname = \"X\"\ntimezone = \"UTC\"\nlanguages = [\"en\"]\nstart = \"hello\"\n\
         [say.hello]\nsay = \"You call from {caller}.\"\nthen = \"@hangup\"\n",
    )
    .expect("a line");
    let call = |more: &str| format!("[[call]]\nat = 2026-11-23T10:00:00\nkeys = \"\"\n{more}\n");
    let shown = call("name = \"shown\"\nsays = \"You call from (the caller's number).\"");
    let withheld = call("name = \"withheld\"\nwithheld = true\nsays = \"You call from .\"");
    let calls = format!("menu = \"line.toml\"\n{shown}{withheld}");
    fs::write(at("line.test.toml"), calls).expect("calls");
    let file = at("line.test.toml");
    let (code, out, err) = run(&["test", file.to_str().expect("a path")]);
    assert_eq!(code, Some(0), "{out}{err}");
}

#[test]
fn results_come_as_json() {
    run_says("test-json", &["test", WRONG, "--format", "json"]);
}

#[test]
fn a_recording_can_be_expected_and_so_can_none() {
    run_says("test-consent", &["test", CONSENT]);
}

#[test]
fn a_coverage_that_is_asked_for_has_to_be_reached() {
    run_says("test-coverage", &["test", GOOD, "--coverage", "100%"]);
    run_says("test-coverage-part", &["test", PART, "--coverage", "100%"]);
    run_says("test-coverage-less", &["test", PART, "--coverage", "25"]);
    run_says(
        "test-coverage-together",
        &["test", PART, GOOD, "--coverage", "100%"],
    );
    run_says("test-coverage-wrong", &["test", GOOD, "--coverage", "101%"]);
}

#[test]
fn a_file_with_mistakes_is_not_played() {
    run_says("test-broken", &["test", BROKEN, GOOD]);
    run_says("test-unreadable", &["test", "nowhere.test.toml"]);
}

/// The lines that ship, and the call tests of each.
fn shipped() -> Vec<(PathBuf, PathBuf)> {
    let entries = fs::read_dir("menus").expect("menus");
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let lines = paths.filter(|path| {
        let is_toml = path
            .extension()
            .is_some_and(|extension| extension == "toml");
        is_toml && FileKind::of(path) == FileKind::Line
    });
    lines
        .map(|line| (line.clone(), line.with_extension("test.toml")))
        .collect()
}

/// Plays calls that all go as they should; what they used.
fn go_well(tests: &CallTests, file: &Path) -> Coverage {
    let mut coverage = Coverage::new(tests.plan.clone());
    for test in &tests.calls {
        let played = rehearse::play(&tests.plan, &test.script);
        let problems = rehearse::judge(&test.expected, &played);
        let name = &test.name.text;
        assert_eq!(problems, [], "{}: {name}", file.display());
        coverage.add(&played.story);
    }
    coverage
}

#[test]
fn the_calls_that_ship_go_well_and_reach_every_step_and_key() {
    let lines = shipped();
    assert!(lines.len() >= 4, "the lines are here");
    for (line, file) in lines {
        let coverage = go_well(&read(&file), &file);
        for covered in [coverage.steps(), coverage.keys()] {
            let none: [String; 0] = [];
            assert_eq!(covered.missing, none, "{} reaches all", line.display());
        }
    }
}

/// The example of the page is one of the calls that ship, and goes as it says.
#[test]
fn the_example_of_the_page_is_a_call_that_ships() {
    let page = include_str!("../../docs/CALLS.md");
    let example = page.split("```toml\n").nth(1).expect("an example");
    let example = example.split("```").next().expect("its end");
    let call = example.split("[[call]]").nth(1).expect("a call");
    let shipped = fs::read_to_string("menus/shop.test.toml").expect("the calls");
    let of = |text: &str| text.parse::<toml::Table>().expect("TOML");
    let calls = of(&shipped);
    let calls = calls["call"].as_array().expect("calls");
    let call = toml::Value::Table(of(call));
    assert!(calls.contains(&call), "{call}");
    let path = Path::new("menus/example.test.toml");
    let (mut sources, mut found) = (Sources::default(), Diagnostics::default());
    sources.add(path, example.to_owned());
    let tests = read_tests(path, Some(DAY), &mut sources, &mut found);
    let tests = tests.unwrap_or_else(|| panic!("{}", found.render(&sources, false)));
    assert_eq!(tests.calls.len(), 1);
    go_well(&tests, path);
}

#[test]
fn the_same_call_is_the_same_every_time() {
    let tests = read(Path::new(GOOD));
    for test in &tests.calls {
        let tell = || {
            told(
                &tests.plan,
                &rehearse::play(&tests.plan, &test.script).story,
            )
        };
        assert_eq!(tell(), tell(), "{}", test.name.text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn every_call_ends_whatever_is_pressed(
        keys in "([0-9*#x]{1,5}|-)( ([0-9*#x]{1,17}|-)){0,8}",
        agents in 0..Agents::ALL.len(),
        file in 0..2_usize,
    ) {
        let tests = read(Path::new([GOOD, "menus/video.test.toml"][file]));
        let mut script = tests.calls[0].script.clone();
        script.keys = Keys::parse(&keys).expect("keys");
        script.setting.agents = Agents::ALL[agents];
        let played = rehearse::play(&tests.plan, &script);
        prop_assert!(played.story.outcome().is_some());
        let times: Vec<u64> = told(&tests.plan, &played.story).iter().map(|line| line.at_ms).collect();
        prop_assert!(times.is_sorted(), "{times:?}");
    }
}

#[test]
fn a_secret_entry_is_never_told() {
    for file in [GOOD, WRONG] {
        let tests = read(Path::new(file));
        for test in &tests.calls {
            let played = rehearse::play(&tests.plan, &test.script);
            let lines = told(&tests.plan, &played.story);
            let shown = lines.iter().any(|line| line.text.contains("4111"));
            assert!(!shown, "{}: {lines:?}", test.name.text);
        }
    }
}

const BANK: &str = "tests/it/rehearsals/bank.toml";

#[test]
fn a_conversation_is_printed_for_keys() {
    let at = ["--at", "2026-11-23T10:00"];
    let try_it = |name: &str, args: &[&str]| {
        let args: Vec<&str> = ["try", BANK]
            .iter()
            .chain(args)
            .chain(&at)
            .copied()
            .collect();
        run_says(name, &args);
    };
    let found = "balance.state=open,sum=12.50,day=2026-11-20";
    let keys = "1 4111111111111111 4711# 1 1";
    try_it("try-keys", &["--keys", keys, "--lookup", found]);
    try_it("try-busy", &["--keys", "4 1", "--agents", "busy"]);
    try_it("try-language", &["--keys", "", "--language", "es"]);
    try_it("try-json", &["--keys", "3", "--format", "json"]);
    try_it("try-unanswered", &["--keys", keys]);
    try_it("try-left", &["--keys", "3 1"]);
    try_it("try-silence", &["--keys", "- - -"]);
}

#[test]
fn wrong_flags_of_a_trial_are_explained() {
    let at = ["--at", "2026-11-23T10:00"];
    let wrong = |name: &str, args: &[&str]| {
        let args: Vec<&str> = ["try", BANK]
            .iter()
            .chain(args)
            .chain(&at)
            .copied()
            .collect();
        run_says(name, &args);
    };
    wrong("try-wrong-keys", &["--keys", "1 b"]);
    wrong(
        "try-wrong-lookup",
        &["--keys", "1", "--lookup", "balanec.state=open"],
    );
    wrong(
        "try-wrong-value",
        &["--keys", "1", "--lookup", "balance.stat=open"],
    );
    wrong("try-wrong-agents", &["--keys", "1", "--agents", "gone"]);
    wrong("try-wrong-language", &["--keys", "1", "--language", "fr"]);
    wrong("try-wrong-phone", &["--keys", "1", "--as", "anna"]);
    wrong("try-no-terminal", &[]);
    run_says(
        "try-wrong-at",
        &["try", BANK, "--keys", "1", "--at", "tomorrow"],
    );
    run_says("try-unreadable", &["try", "nowhere.toml", "--keys", "1"]);
}

#[test]
fn a_recorded_call_is_added_and_passes() {
    let folder = Temporary::new(Path::new(env!("CARGO_TARGET_TMPDIR")));
    let file = folder.path().join("bank.test.toml");
    let file_name = file.to_string_lossy().into_owned();
    let record = |name: &str, keys: &str, lookup: &str| {
        let mut args = vec!["try", BANK, "--at", "2026-11-23T10:00", "--keys", keys];
        args.extend(["--record", &file_name, "--name", name]);
        if !lookup.is_empty() {
            args.extend(["--lookup", lookup]);
        }
        let output = crate::cli::strowger(&args)
            .output()
            .expect("the program runs");
        (
            output.status.code(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )
    };
    assert_eq!(record("the branch", "3", "").0, Some(0));
    // The card is typed, and does not come into the file.
    let card = "1 4111111111111111 4711# 1 1";
    let found = "balance.state=open,sum=12.50,day=2026-11-20";
    assert_eq!(record("the balance", card, found).0, Some(0));
    let whole = fs::read_to_string(&file).expect("a file of call tests");
    let (_, calls) = whole
        .split_once("bank.toml\"\n\n")
        .expect("it names the line");
    snapbox::assert_data_eq!(calls, snapbox::file!["rehearsals/recorded.txt"].raw());
    let tests = read(&file);
    assert_eq!(tests.calls.len(), 2);

    // A second call of the same name would spoil the file: it stays as it is.
    let (code, said) = record("the branch", "3", "");
    assert_eq!(code, Some(1));
    assert!(
        said.contains("two calls are called \"the branch\""),
        "{said}"
    );
    let after = fs::read_to_string(&file).expect("a file of call tests");
    assert_eq!(after, whole);
}

#[test]
fn a_call_that_cannot_be_kept_says_why_and_ends_accordingly() {
    let folder = Temporary::new(Path::new(env!("CARGO_TARGET_TMPDIR")));
    let record = |file: &str| {
        let file = folder.path().join(file).to_string_lossy().into_owned();
        let at = ["--at", "2026-11-23T10:00", "--keys", "3"];
        let output = crate::cli::strowger(&[&["try", BANK, "--record", &file], &at[..]].concat())
            .output()
            .expect("the program runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code(), said)
    };
    let (code, said) = record("no/such/folder/bank.test.toml");
    assert_eq!(code, Some(74), "{said}");
    assert!(said.contains("cannot write"), "{said}");
    let (code, said) = record("bank.toml");
    assert_eq!(code, Some(2), "{said}");
    fs::create_dir(folder.path().join("folder.test.toml")).expect("a folder");
    let (code, said) = record("folder.test.toml");
    assert_eq!(code, Some(3), "{said}");
}

#[test]
fn where_a_groups_file_names_nobody_somebody_stands_in() {
    let calls = "format = 1\nmenu = \"line.toml\"\n[[call]]\nname = \"answered\"\nagents = \"free\"\n\
                 at = 2026-11-23T10:00:00\nkeys = \"\"\n\
                 outcome = \"answered\"\n";
    let files = [
        ("line.toml", LINE),
        ("groups.toml", "format = 1\n[group.support]\n"),
        ("line.test.toml", calls),
    ];
    let files = folder(&files);
    let path = |file: &str| files.path().join(file).display().to_string();
    let (code, out, _) = run(&["try", &path("line.toml"), "--keys", ""]);
    assert_eq!(code, Some(0), "{out}");
    assert!(out.contains("[somebody answers]"), "{out}");
    let (code, out, err) = run(&["test", &path("line.test.toml")]);
    assert_eq!(code, Some(0), "{out}{err}");
}
