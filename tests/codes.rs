//! The pages about codes: each example draws its code, and its mended version is clean.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use strowger::fit;
use strowger::fit::codes::FIT_CODES;
use strowger::fit::days::Choice;
use strowger::menu::FileKind;
use strowger::menu::Request;
use strowger::menu::check_tests;
use strowger::menu::codes::Block;
use strowger::menu::codes::Code;
use strowger::menu::compile;
use strowger::menu::diagnostic::AUDIO_CODES;
use strowger::menu::diagnostic::CALL_CODES;
use strowger::menu::diagnostic::CODES;
use strowger::menu::diagnostic::Diagnostics;
use strowger::menu::diagnostic::IMPORT_CODES;
use strowger::menu::import;
use strowger::menu::import::System;
use strowger::menu::source::Sources;
use strowger::sim::codes::SCENARIO_CODES;
use strowger::sim::study;

const PAGES: &str = "docs/codes";
const TODAY: jiff::civil::Date = jiff::civil::date(2026, 11, 23);
/// What an example changes, or adds to.
const BASE: [&str; 5] = [
    "example.toml",
    "groups.toml",
    "example.scenario.toml",
    "forecast.csv",
    "staff.csv",
];

/// The codes of our own files.
fn own() -> impl Iterator<Item = &'static Code> {
    CODES.iter().chain(CALL_CODES).chain(SCENARIO_CODES)
}

/// What is wrong with recordings is held against what is reported of them, in `tests/it/audio.rs`.
fn all() -> impl Iterator<Item = &'static Code> {
    let others = AUDIO_CODES.iter().chain(FIT_CODES).chain(IMPORT_CODES);
    own().chain(others)
}

/// The tables of a file by their headers, in order; what is above the first has none.
fn tables(text: &str) -> Vec<(&str, String)> {
    let mut tables = vec![("", String::new())];
    for line in text.lines() {
        let header = line.starts_with('[') && line.trim_end().ends_with(']');
        if header {
            tables.push((line.trim(), String::new()));
        }
        let (_, table) = tables.last_mut().expect("one");
        table.push_str(line);
        table.push('\n');
    }
    tables.retain(|(_, text)| !text.trim().is_empty());
    tables
}

/// The base with the tables of an example in the place of its own.
fn changed(base: &str, example: &str) -> String {
    let mut all = tables(base);
    for (header, text) in tables(example) {
        match all.iter_mut().find(|(other, _)| *other == header) {
            Some((_, own)) if !header.is_empty() || text.contains('=') => *own = text,
            // An example that only begins with a remark changes nothing above the tables.
            Some(_) => {}
            None => all.push((header, text)),
        }
    }
    all.into_iter().map(|(_, text)| text).collect()
}

/// A file that examples include.
const INCLUDED: &str = "common.toml";
/// Where the lines of what-ifs are, which are taken as they are.
const OF_WHAT_IFS: &str = "next/";

fn is_line(name: &str) -> bool {
    name != INCLUDED
        && !name.starts_with(OF_WHAT_IFS)
        && name.ends_with(".toml")
        && FileKind::of(Path::new(name)) == FileKind::Line
}

/// The files of one half of a page.
fn files(blocks: &[Block<'_>]) -> BTreeMap<String, String> {
    let read = |name: &&str| fs::read_to_string(Path::new(PAGES).join(name)).expect("a base");
    let mut files: BTreeMap<String, String> = BASE
        .iter()
        .map(|name| ((*name).to_owned(), read(name)))
        .collect();
    let mut scenario = false;
    for block in blocks {
        let Block::Example { file, text } = block else {
            continue;
        };
        let name = file.unwrap_or("example.toml");
        scenario |= name.ends_with(".scenario.toml") || name.ends_with(".csv");
        let merged = match files.get(name) {
            Some(base) if name.ends_with(".toml") && name != "groups.toml" => changed(base, text),
            // A line of its own has the steps of the example.
            None if is_line(name) => {
                let base: String = tables(&files["example.toml"])
                    .into_iter()
                    .filter(|(header, _)| *header != "[line]")
                    .map(|(_, table)| table)
                    .collect();
                changed(&base, text)
            }
            _ => (*text).to_owned(),
        };
        files.insert(name.to_owned(), merged);
    }
    if !scenario {
        files.remove("example.scenario.toml");
    }
    files
}

/// What is found in the files of one half of a page.
fn found(blocks: &[Block<'_>]) -> (Diagnostics, String) {
    let (mut sources, mut found) = (Sources::sealed(), Diagnostics::default());
    let mut lines = Vec::new();
    let files = files(blocks);
    for (name, text) in &files {
        sources.add(Path::new(name), text.clone());
        if is_line(name) {
            lines.push(PathBuf::from(name));
        }
    }
    let request = Request {
        lines,
        at: Some(TODAY),
        ..Request::default()
    };
    compile(&request, &mut sources, &mut found);
    for name in files.keys().map(Path::new) {
        let mut others = Diagnostics::default();
        match FileKind::of(name) {
            FileKind::Test => check_tests(name, Some(TODAY), &mut sources, &mut others),
            FileKind::Scenario => {
                study::load(name, Some(TODAY), &mut sources, &mut others);
            }
            FileKind::Line | FileKind::Groups => {}
        }
        found.append_new(others);
    }
    let text = found.render(&sources, false);
    (found, text)
}

/// The two halves of a page: what draws the code, and what does not.
fn halves(code: &Code) -> (Vec<Block<'static>>, Vec<Block<'static>>) {
    let blocks = code.blocks();
    let heading = |words| {
        let place = blocks
            .iter()
            .position(|block| *block == Block::Heading(words));
        place.unwrap_or_else(|| panic!("the page of {} has no `{words}`", code.name))
    };
    let (draws, mended) = (heading("For example"), heading("Mended"));
    (blocks[draws..mended].to_vec(), blocks[mended..].to_vec())
}

#[test]
fn examples_draw_their_code_and_mended_ones_are_clean() {
    let mut wrong = Vec::new();
    for code in own() {
        let (draws, mended) = halves(code);
        let (problems, text) = found(&draws);
        if !problems.has(code.name) {
            wrong.push(format!("{}: its example draws:\n{text}", code.name));
        }
        let (_, text) = found(&mended);
        if !text.is_empty() {
            wrong.push(format!("{}: mended, it draws:\n{text}", code.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What comes of the command of one half of a page about files of other systems.
fn imported(blocks: &[Block<'_>]) -> (bool, Diagnostics, String) {
    let (mut sources, mut found) = (Sources::sealed(), Diagnostics::default());
    let mut command = "";
    for block in blocks {
        match block {
            Block::Example { file: None, text } => command = text.trim(),
            Block::Example {
                file: Some(name),
                text,
            } => {
                sources.add(Path::new(name), (*text).to_owned());
            }
            Block::Heading(_) | Block::Text(_) => {}
        }
    }
    let words: Vec<&str> = command.split_whitespace().collect();
    let ["strowger", "import", system, file, more @ ..] = &words[..] else {
        panic!("no import: {command}");
    };
    let request = import::Request {
        system: System::named(system).expect("a system"),
        files: vec![PathBuf::from(file)],
        start: match more {
            ["--start", name] => Some((*name).to_owned()),
            _ => None,
        },
        timezone: None,
    };
    let made = import::import(&request, &mut sources, &mut found).is_some();
    let text = found.render(&sources, false);
    (made, found, text)
}

/// What comes of the command of one half of a page about recorded calls.
fn fitted(blocks: &[Block<'_>]) -> (bool, Diagnostics, String) {
    let (mut sources, mut found) = (Sources::sealed(), Diagnostics::default());
    let mut files = Vec::new();
    for block in blocks {
        if let Block::Example {
            file: Some(name),
            text,
        } = block
        {
            sources.add(Path::new(name), (*text).to_owned());
            files.push(PathBuf::from(name));
        }
    }
    let request = fit::Request {
        files,
        plan: None,
        timezone: None,
        choice: Choice::default(),
        interval: None,
    };
    let made = fit::read(request, &mut sources, &mut found).is_some();
    let text = found.render(&sources, false);
    (made, found, text)
}

#[test]
fn recorded_calls_draw_their_code_and_mended_ones_are_read() {
    for code in FIT_CODES {
        let (draws, mended) = halves(code);
        let (made, problems, text) = fitted(&draws);
        assert!(!made && problems.has(code.name), "{}: {text}", code.name);
        let (made, problems, text) = fitted(&mended);
        assert!(made && !problems.has_errors(), "{}: {text}", code.name);
    }
}

/// What is said of the examples of codes that no other test has a file for, exactly.
/// `SNAPSHOTS=overwrite cargo test --test codes` records anew.
#[test]
fn what_examples_draw_is_recorded() {
    let overwrite = std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite");
    let mut wrong = Vec::new();
    let codes = SCENARIO_CODES.iter().chain(IMPORT_CODES).chain(FIT_CODES);
    for code in codes {
        let (draws, _) = halves(code);
        let text = if IMPORT_CODES.contains(code) {
            imported(&draws).2
        } else if FIT_CODES.contains(code) {
            fitted(&draws).2
        } else {
            found(&draws).1
        };
        let record = PathBuf::from(format!("tests/codes/{}.stderr", code.name));
        if overwrite {
            fs::create_dir_all("tests/codes").expect("a folder");
            fs::write(&record, &text).expect("a record");
        } else if fs::read_to_string(&record).unwrap_or_default() != text {
            wrong.push(format!("{}:\n{text}", record.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_of_other_systems_draw_their_code_and_mended_ones_are_imported() {
    for code in IMPORT_CODES {
        let (draws, mended) = halves(code);
        let (made, problems, text) = imported(&draws);
        assert!(!made && problems.has(code.name), "{}: {text}", code.name);
        let (made, problems, text) = imported(&mended);
        assert!(made && !problems.has_errors(), "{}: {text}", code.name);
    }
}

#[test]
fn pages_say_what_why_and_how() {
    for code in all() {
        let blocks = code.blocks();
        assert_eq!(blocks[0], Block::Heading(code.name));
        let texts = |blocks: &[Block<'_>]| {
            let text = |block: &&Block<'_>| matches!(block, Block::Text(_));
            blocks.iter().filter(text).count()
        };
        let draws = blocks
            .iter()
            .position(|block| *block == Block::Heading("For example"));
        assert!(
            texts(&blocks[..draws.expect("a heading")]) >= 2,
            "{}",
            code.name
        );
        let (_, mended) = halves(code);
        assert!(texts(&mended) >= 1, "{}", code.name);
        assert!(code.summary().ends_with('.'), "{}", code.name);
        let wide = code.page.lines().filter(|line| line.chars().count() > 100);
        assert_eq!(wide.count(), 0, "{} is too wide", code.name);
    }
}

#[test]
fn every_page_is_on_a_list_and_every_list_in_order() {
    let names: BTreeSet<String> = all().map(|code| format!("{}.md", code.name)).collect();
    for entry in fs::read_dir(PAGES).expect("the pages").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let page = name.ends_with(".md") && name != "README.md";
        assert!(!page || names.contains(&name), "{name} is on no list");
    }
    let lists = [
        CODES,
        AUDIO_CODES,
        CALL_CODES,
        SCENARIO_CODES,
        FIT_CODES,
        IMPORT_CODES,
    ];
    for list in lists {
        assert!(list.is_sorted_by_key(|code| code.name));
    }
    assert_eq!(names.len(), all().count(), "a code is on two lists");
}
