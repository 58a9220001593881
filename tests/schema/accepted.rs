//! Invalid files that fit a schema all the same, and why.

use super::Validator;
use super::files;
use super::parse;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use strowger::menu::FileKind;

/// A problem that a file draws, by what `check` says of it.
struct Problem {
    is_error: bool,
    code: String,
    /// The file in which it is.
    file: String,
}

fn drawn(path: &Path) -> Vec<Problem> {
    let name = path.to_string_lossy().into_owned();
    let stem = [".scenario.toml", ".test.toml", ".groups.toml", ".toml"];
    let stem = stem.iter().find_map(|ending| name.strip_suffix(ending));
    let said = fs::read_to_string(format!("{}.stderr", stem.expect("a kind of file")));
    let said = said.expect("what is said of it");
    let mut problems: Vec<Problem> = Vec::new();
    for line in said.lines() {
        let begins = |mark: &str| line.starts_with(mark);
        if begins("error[") || begins("warning[") || begins("note[") {
            problems.push(Problem {
                is_error: begins("error["),
                code: line.split(['[', ']']).nth(1).expect("a code").to_owned(),
                file: String::new(),
            });
        } else if let Some((_, place)) = line.split_once("--> ")
            && let Some(problem) = problems.last_mut().filter(|one| one.file.is_empty())
        {
            problem.file = place.split(':').next().unwrap_or_default().to_owned();
        }
    }
    assert!(!problems.is_empty(), "{name} draws nothing");
    problems
}

/// What no schema can say, not even that of the file itself: what it is, why not, and the codes of the errors.
const BEYOND_SCHEMAS: [(&str, &str, &[&str]); 5] = [
    (
        "the ways of calls",
        "a schema looks at each value where it stands. It cannot go from a name to the step of this name, and on \
         from there, so it does not know where a call has been or ends.",
        &[
            "automatic-loop",
            "no-exit",
            "silence-loop",
            "unset-placeholder",
        ],
    ),
    (
        "a count",
        "it counts the entries of one table. It cannot count how many different texts stand in several \
         (too-large: entries that are saved), nor what keys with x make together (too-many-keys).",
        &["too-large", "too-many-keys"],
    ),
    (
        "two values beside each other",
        "it cannot compare two values of one file, but for lists of which no entry may be there twice as a whole \
         (duplicate-call, duplicate-what-if: names; same-spelling: keys of the telephone that spell the names).",
        &["duplicate-call", "duplicate-what-if", "same-spelling"],
    ),
    (
        "what is said",
        "which keys are spoken of is read from sentences, in the grammar of each language, and compared with keys \
         of several tables and patterns. A regular expression of all that would be a second reader.",
        &["spoken-key-not-bound"],
    ),
    (
        "what other files are called",
        "a path can be written in many ways (./x, ../y/x), so no list of paths is all of them, and a schema does \
         not look at the disk. Two lines with one name are two files that are right each by itself.",
        &["duplicate-line", "unreadable"],
    ),
];

/// A value that is out of bounds, and the bounds stand in another file.
const BOUND_BY_OTHERS: (&[&str], &str, &str) = (
    &["aht-of-intervals.scenario.toml", "kinds-aht.scenario.toml"],
    "the forecast",
    "the bound is a row of the forecast, or a mean over its rows, for lengths that may be distributions.",
);
const IN_OTHERS: &str =
    "of two files that do not fit together, or of one that is wrong itself, that is the other one.";

/// Why no schema of a file can say what is wrong with it: for each error a reason.
fn beyond(path: &str, error: &Problem) -> Option<String> {
    if error.file != path {
        return Some(format!("{} in {}", error.code, error.file));
    }
    let reason = BEYOND_SCHEMAS
        .iter()
        .find(|(_, _, codes)| codes.contains(&error.code.as_str()));
    let (files, bound, _) = BOUND_BY_OTHERS;
    let is_bound = files.iter().any(|file| path.ends_with(file));
    let by_others = is_bound && error.code == "bad-value";
    let reason = reason.map(|(reason, _, _)| *reason);
    let reason = reason.or(by_others.then_some(bound))?;
    Some(format!("{}, {reason}", error.code))
}

/// Why each kind of mistakes is beyond schemas.
fn why() -> String {
    let reasons = BEYOND_SCHEMAS.iter().map(|(what, why, _)| (*what, *why));
    let (_, bound, why) = BOUND_BY_OTHERS;
    let reasons = reasons.chain([(bound, why), ("in FILE", IN_OTHERS)]);
    reasons.fold(String::new(), |mut all, (what, why)| {
        let _ = writeln!(all, "# {what}: {why}");
        all
    })
}

/// Invalid files that fit a schema all the same: of each it is known why. What is only warned of is right to
/// fit; every error is beyond what the schema of the file itself can say; and what refers to names is found
/// by that one, and not by the schema of all files of its kind.
#[test]
fn what_no_schema_can_say_is_known() {
    let folders = [
        "tests/menus/invalid",
        "tests/scenarios/invalid",
        "tests/calls/invalid",
    ];
    let (mut warned, mut wrong, mut names) = (String::new(), String::new(), String::new());
    for path in folders.into_iter().flat_map(files) {
        // What is no TOML is no file for a schema.
        let Some(file) = parse(&path) else {
            continue;
        };
        let of_kind = Validator::new(FileKind::of(&path)).accepts(&file).is_ok();
        let of_file = Validator::of(&path).accepts(&file).is_ok();
        let name = path.to_string_lossy().replace('\\', "/");
        assert!(of_kind || !of_file, "{name} fits only with its own names");
        let problems = drawn(&path);
        let codes = |errors: bool| {
            let of = problems.iter().filter(|one| one.is_error == errors);
            let codes: BTreeSet<&str> = of.map(|one| one.code.as_str()).collect();
            codes.into_iter().collect::<Vec<&str>>().join(", ")
        };
        let has_errors = problems.iter().any(|one| one.is_error);
        if of_file && has_errors {
            let errors = problems.iter().filter(|one| one.is_error);
            let reasons: BTreeSet<String> = errors
                .map(|error| {
                    let code = &error.code;
                    let beyond = beyond(&name, error);
                    beyond.unwrap_or_else(|| panic!("{name}: a schema can say {code}"))
                })
                .collect();
            let reasons: Vec<String> = reasons.into_iter().collect();
            let _ = writeln!(wrong, "{name}: {}", reasons.join("; "));
        } else if of_kind && has_errors {
            let _ = writeln!(names, "{name}: {}", codes(true));
        } else if of_kind {
            assert!(of_file, "{name} is only warned of, and does not fit");
            let _ = writeln!(warned, "{name}: {}", codes(false));
        }
    }
    let accepted = format!(
        "Wrong, and beyond what a schema can say\n\n{}\n{wrong}\n\
         Wrong, and found by the schema of the file only, which knows its names\n\n{names}\n\
         Not wrong, only warned of\n\n{warned}",
        why()
    );
    let list = Path::new("tests/schema-accepts.txt");
    if std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite") {
        fs::write(list, &accepted).expect("the list can be written");
    }
    let known = fs::read_to_string(list).unwrap_or_default();
    assert!(
        known == accepted,
        "{} is another list:\n{accepted}",
        list.display()
    );
}
