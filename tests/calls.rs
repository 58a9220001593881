//! Files of call tests, good and bad, with their exact diagnostics.
//!
//! `tests/calls/invalid/<name>.test.toml` draws what `<name>.stderr` beside it says.
//! `SNAPSHOTS=overwrite cargo test --test calls` writes these anew.

use mutations::apply;
use mutations::mutation;
use proptest::prelude::*;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use strowger::menu::check_tests;
use strowger::menu::diagnostic::CALL_CODES;
use strowger::menu::diagnostic::Diagnostics;
use strowger::menu::source::Sources;

mod mutations;

const TODAY: jiff::civil::Date = jiff::civil::date(2026, 11, 23);

fn files(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder of call tests");
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.to_string_lossy().ends_with(".test.toml"))
        .collect();
    files.sort();
    files
}

fn check(path: &Path) -> (Diagnostics, String) {
    let (mut sources, mut found) = (Sources::default(), Diagnostics::default());
    check_tests(path, Some(TODAY), &mut sources, &mut found);
    let text = found.render(&sources, false);
    (found, text)
}

#[test]
fn every_mistake_is_reported_as_recorded() {
    let overwrite = std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite");
    let mut wrong = Vec::new();
    for path in files("tests/calls/invalid") {
        let (found, text) = check(&path);
        assert!(found.has_errors(), "{} is accepted", path.display());
        let record = path.with_extension("").with_extension("stderr");
        if overwrite {
            fs::write(&record, &text).expect("a record");
        } else if fs::read_to_string(&record).unwrap_or_default() != text {
            wrong.push(format!("{}:\n{text}", record.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_code_of_call_tests_has_a_file_that_draws_it() {
    for code in CALL_CODES.iter().map(|code| code.name) {
        let path = format!("tests/calls/invalid/{code}.test.toml");
        let (found, text) = check(Path::new(&path));
        assert!(found.has(code), "{path} draws:\n{text}");
    }
}

#[test]
fn good_files_have_no_problems() {
    for path in files("tests/calls/valid").into_iter().chain(files("menus")) {
        let (_, text) = check(&path);
        assert_eq!(text, "", "{}", path.display());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_the_reader_panic(changes in prop::collection::vec(mutation(), 1..4)) {
        let path = Path::new("tests/calls/valid/all-fields.test.toml");
        let mut text = fs::read_to_string(path).expect("a file of call tests");
        for change in &changes {
            text = apply(&text, change);
        }
        let (mut sources, mut found) = (Sources::default(), Diagnostics::default());
        sources.add(path, text);
        check_tests(path, Some(TODAY), &mut sources, &mut found);
        found.render(&sources, false);
    }
}
