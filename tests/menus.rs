//! Menu files, good and bad, with their exact diagnostics.
//!
//! `tests/menus/invalid/<code>.toml` draws `<code>`, and `<code>.stderr` beside it is what `check`
//! says. `SNAPSHOTS=overwrite cargo test --test menus` writes these anew.

use jiff::civil::Date;
use mutations::apply;
use mutations::mutation;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use strowger::exchange::dialplan::Dialplan;
use strowger::menu::Override;
use strowger::menu::Request;
use strowger::menu::check_groups;
use strowger::menu::compile;
use strowger::menu::diagnostic::AUDIO_CODES;
use strowger::menu::diagnostic::CALL_CODES;
use strowger::menu::diagnostic::CODES;
use strowger::menu::diagnostic::Diagnostics;
use strowger::menu::diagnostic::IMPORT_CODES;
use strowger::menu::source::Sources;
use strowger::menu::tree;

mod mutations;

const TODAY: Date = jiff::civil::date(2026, 11, 23);

#[test]
fn shipped_lines_are_clean() {
    for names in [
        &["clinic"][..],
        &["shop"],
        &["video"],
        &["agent-line"],
        &["agent-line", "clinic", "shop", "video"],
    ] {
        let lines = names
            .iter()
            .map(|name| PathBuf::from(format!("menus/{name}.toml")));
        let (plan, _, text) = run(lines.collect(), None);
        assert!(plan.is_some() && text.is_empty(), "{text}");
    }
    let (mut sources, mut diagnostics) = (Sources::default(), Diagnostics::default());
    check_groups(
        Path::new("menus/groups.toml"),
        &mut sources,
        &mut diagnostics,
    );
    assert_eq!(diagnostics.render(&sources, false), "");
}

#[test]
fn valid_files_compile_without_a_word() {
    for path in toml_files("tests/menus/valid") {
        let (plan, _, text) = run(vec![path], None);
        assert!(plan.is_some() && text.is_empty(), "{text}");
    }
}

#[test]
fn invalid_files_draw_their_exact_diagnostics() {
    let overwrite = std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite");
    let mut wrong = Vec::new();
    for code in CODES.iter().map(|code| code.name) {
        let path = PathBuf::from(format!("tests/menus/invalid/{code}.toml"));
        let second = toml_files(path.with_extension("").to_str().expect("a path"));
        let set = path.with_extension("set.toml");
        let lines = std::iter::once(path.clone()).chain(second).collect();
        let (plan, diagnostics, text) = run(lines, set.exists().then_some(set.as_path()));
        assert!(
            diagnostics.has(code),
            "{code} is not drawn by {}:\n{text}",
            path.display()
        );
        assert_eq!(plan.is_none(), diagnostics.has_errors(), "{code}");
        let expected = path.with_extension("stderr");
        if overwrite {
            fs::write(&expected, &text).expect("the snapshot can be written");
        } else if fs::read_to_string(&expected).unwrap_or_default() != text {
            wrong.push(format!(
                "{} differs; now it says:\n{text}",
                expected.display()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The examples of a page, those blocks that begin with the header of a table.
fn examples(page: &str, headers: &[&str]) -> String {
    let text = fs::read_to_string(page).expect("a page");
    let blocks = text.split("```toml\n").skip(1);
    let blocks: Vec<&str> = blocks
        .filter_map(|block| block.split("```").next())
        .collect();
    let of = |header: &&str| {
        let block = blocks.iter().find(|block| block.starts_with(header));
        *block.unwrap_or_else(|| panic!("{page} has no example of {header}"))
    };
    headers.iter().map(of).collect::<Vec<_>>().join("\n")
}

/// A line with examples of a page, in these languages, that is read without errors.
fn is_a_line(languages: &str, start: &str, examples: &str, others: &str) {
    let line = format!(
        "[line]\nname = \"Example\"\ntimezone = \"Europe/London\"\n\
         languages = [{languages}]\nstart = \"{start}\"\n\n{examples}\n{others}"
    );
    let (mut sources, mut found) = (Sources::sealed(), Diagnostics::default());
    let path = Path::new("example.toml");
    sources.add(path, line);
    let request = Request {
        lines: vec![path.to_owned()],
        ..Request::default()
    };
    let plan = compile(&request, &mut sources, &mut found);
    assert!(plan.is_some(), "{}", found.render(&sources, false));
}

#[test]
fn the_example_of_other_words_on_later_tries_is_a_line() {
    is_a_line(
        "\"en\", \"es\"",
        "main",
        &examples("docs/MENUS.md", &["[defaults]"]),
        "[menu.main.keys]\n\
         1 = { go = \"bye\", label = { en = \"orders\", es = \"pedidos\" } }\n\
         2 = { go = \"bye\", label = { en = \"a person\", es = \"una persona\" } }\n\n\
         [say.bye]\nsay = { en = \"Goodbye.\", es = \"Adiós.\" }\nthen = \"@hangup\"\n",
    );
}

/// Both in one line: what is known of the caller, and what the caller enters.
#[test]
fn the_examples_of_look_ups_are_a_line() {
    let said = |name: &str| format!("[say.{name}]\nsay = \"One moment.\"\nthen = \"@hangup\"\n");
    let said: String = ["support", "order-not-found", "anything-else"]
        .into_iter()
        .map(said)
        .collect();
    let others = "[menu.main]\nsay = \"For an order, press 1.\"\ngive_up = \"support\"\n\
                  keys = { 1 = \"number\" }\n\
                  [collect.number]\nsay = \"Enter your number.\"\ndigits = 8\nsave = \"order\"\n\
                  go = \"order-status\"\ngive_up = \"support\"\n";
    is_a_line(
        "\"en\"",
        "who",
        &examples(
            "docs/LOOKUPS.md",
            &["[lookup.order-status]\nurl", "[lookup.who]\nurl"],
        ),
        &[said.as_str(), others].concat(),
    );
}

#[test]
fn more_languages_or_numbers_than_a_line_may_have_are_refused() {
    let list = |of: &dyn Fn(usize) -> String, count| {
        let all: Vec<String> = (0..count).map(of).collect();
        all.join(", ")
    };
    let languages = list(&|place| format!("\"l{place}\""), 33);
    let numbers = list(&|place| format!("\"+1800555{place:04}\""), 1001);
    let line = format!(
        "format = 1\n[line]\nname = \"Many\"\ntimezone = \"UTC\"\nstart = \"bye\"\n\
         languages = [{languages}]\nnumbers = [{numbers}]\n\
         [say.bye]\nsay = \"Goodbye.\"\nthen = \"@hangup\"\n"
    );
    let (mut sources, mut found) = (Sources::sealed(), Diagnostics::default());
    let path = Path::new("many.toml");
    sources.add(path, line);
    let request = Request {
        lines: vec![path.to_owned()],
        ..Request::default()
    };
    assert!(compile(&request, &mut sources, &mut found).is_none());
    let said = found.render(&sources, false);
    for what in [
        "too many languages",
        "at most 32",
        "too many numbers",
        "at most 1000",
    ] {
        assert!(said.contains(what), "{what}: {said}");
    }
}

#[test]
fn every_code_in_the_source_is_on_the_list() {
    let mut used = BTreeSet::new();
    let mut folders = vec![PathBuf::from("src/menu")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the source is here").flatten() {
            match entry.path() {
                path if path.is_dir() => folders.push(path),
                path => used.extend(codes_in(&fs::read_to_string(path).expect("text"))),
            }
        }
    }
    let all = CODES
        .iter()
        .chain(AUDIO_CODES)
        .chain(CALL_CODES)
        .chain(IMPORT_CODES);
    let listed: BTreeSet<String> = all.map(|code| code.name.to_owned()).collect();
    let missing: Vec<&String> = used.difference(&listed).collect();
    assert!(missing.is_empty(), "not in CODES: {missing:?}");
}

/// The first literal after `Diagnostic::error(` and its sisters.
fn codes_in(text: &str) -> Vec<String> {
    let calls = ["error(", "warning(", "info(", "new("].map(|name| format!("Diagnostic::{name}"));
    let after = |call: &String| {
        let places: Vec<&str> = text.split(call.as_str()).skip(1).collect();
        places
    };
    let literal = |rest: &str| {
        Some(
            rest.trim_start()
                .strip_prefix('"')?
                .split('"')
                .next()?
                .to_owned(),
        )
    };
    calls.iter().flat_map(after).filter_map(literal).collect()
}

#[test]
fn problems_are_also_given_to_programs() {
    let path = PathBuf::from("tests/menus/invalid/unknown-target.toml");
    let (mut sources, mut diagnostics) = (Sources::default(), Diagnostics::default());
    let request = Request {
        lines: vec![path],
        ..Request::default()
    };
    assert!(compile(&request, &mut sources, &mut diagnostics).is_none());
    let json = serde_json::to_value(diagnostics.to_json(&sources)).expect("plain data");
    assert_eq!(json[0]["code"], "unknown-target");
    assert_eq!(json[0]["severity"], "error");
    assert_eq!(json[0]["line"], 6);
    assert_eq!(json[0]["column"], 13);
    assert_eq!(json[0]["help"], "did you mean \"main\"?");
}

fn run(lines: Vec<PathBuf>, set: Option<&Path>) -> (Option<Dialplan>, Diagnostics, String) {
    let (mut sources, mut diagnostics) = (Sources::default(), Diagnostics::default());
    let overrides = set.map_or_else(Vec::new, |path| overrides(path, &mut sources));
    let request = Request {
        lines,
        overrides,
        at: Some(TODAY),
        named_at: Vec::new(),
        people: None,
    };
    let plan = compile(&request, &mut sources, &mut diagnostics);
    let text = diagnostics.render(&sources, false);
    (plan, diagnostics, text)
}

/// A file of paths and values, as a scenario's `set` would hold them.
fn overrides(path: &Path, sources: &mut Sources) -> Vec<Override> {
    let file = sources.read(path).expect("the overrides can be read");
    let table = tree::parse(file, sources, &mut Diagnostics::default());
    let change = |entry: tree::Entry| Override {
        path: entry.key,
        value: entry.value,
    };
    table.entries.into_iter().map(change).collect()
}

fn toml_files(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "toml")
        })
        .collect();
    paths.sort();
    paths
}

fn texts() -> Vec<String> {
    let names = [
        "tests/menus/valid/everything.toml",
        "tests/menus/groups.toml",
        "tests/menus/valid/holidays.ics",
    ];
    names
        .map(|name| fs::read_to_string(name).expect("a file of this folder"))
        .to_vec()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_the_compiler_panic(
        which in 0_usize..3,
        changes in prop::collection::vec(mutation(), 1..4),
    ) {
        let mut texts = texts();
        for mutation in &changes {
            texts[which] = apply(&texts[which], mutation);
        }
        let mut sources = Sources::default();
        let paths = ["m/v/line.toml", "m/groups.toml", "m/v/holidays.ics"].map(Path::new);
        for (path, text) in paths.into_iter().zip(texts) {
            sources.add(path, text);
        }
        let mut diagnostics = Diagnostics::default();
        let request = Request {
            lines: vec![paths[0].to_owned()],
            at: Some(TODAY),
            ..Request::default()
        };
        let plan = compile(&request, &mut sources, &mut diagnostics);
        prop_assert_eq!(plan.is_none(), diagnostics.has_errors());
        diagnostics.render(&sources, false);
    }
}
