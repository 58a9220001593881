//! The house: rooms, import directions, and words that do not belong in a room.

use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// A room, and the rooms of ours it may name. DESIGN.md §2; ARCHITECTURE.md says why.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("exchange", &[]),
    ("menu", &["exchange"]),
    ("measure", &["exchange"]),
    ("rehearse", &["exchange", "menu"]),
    ("report", &["exchange", "measure"]),
    ("sim", &["exchange", "menu", "measure"]),
    ("staffing", &["exchange", "menu", "measure", "sim"]),
    ("fit", &["exchange", "menu", "measure", "report", "sim"]),
    ("daemon", &["exchange", "menu", "measure", "report"]),
    (
        "cli",
        &[
            "exchange", "menu", "measure", "rehearse", "report", "sim", "staffing", "fit", "daemon",
        ],
    ),
];

/// Files of `src/` that are no room.
const DOORS: &[&str] = &["lib.rs", "main.rs"];

/// Words that must not stand in the code of a room, and why.
const BANNED: &[(&str, &[&str], &str)] = &[
    (
        "exchange",
        &["rand::", "libm::"],
        "the exchange has no chance in it",
    ),
    (
        "exchange",
        &["std::time", "Instant::now", "SystemTime", "jiff::"],
        "the exchange is handed `now`; it never reads a clock",
    ),
    (
        "exchange",
        &["HashMap", "HashSet"],
        "their iteration order is random",
    ),
    (
        "exchange",
        &[
            "tokio",
            "tracing::",
            "std::fs",
            "std::io",
            "std::net",
            "std::thread",
            "println!",
            "eprintln!",
        ],
        "the exchange does no input or output",
    ),
    ("rehearse", &["tokio"], "virtual time needs no runtime"),
    ("sim", &["tokio"], "virtual time needs no runtime"),
    (
        "daemon",
        &["unbounded", "mpsc::channel()", "threads::channel()"],
        "every queue has a limit with a name",
    ),
    (
        "daemon",
        &["eprint"],
        "the log may be for nobody, and calls go on: `log::say`",
    ),
    ("staffing", &["tokio"], "virtual time needs no runtime"),
    ("fit", &["tokio"], "files need no runtime"),
];

/// A file longer than this holds more than one noun.
const LINES_MAX: usize = 600;

/// All Rust files below a folder, in order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else {
        return found;
    };
    for entry in entries.filter_map(Result::ok) {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The lines of a file that are code, with their numbers.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.lines().enumerate();
    lines
        .map(|(place, line)| (place + 1, line.split("//").next().unwrap_or("")))
        .filter(|(_, line)| !line.trim().is_empty())
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).expect("a readable file")
}

/// The modules that a line names by `crate::`; a grouped import names `{`.
fn named(line: &str) -> Vec<String> {
    line.match_indices("crate::")
        .map(|(at, word)| {
            let rest = &line[at + word.len()..];
            if rest.starts_with('{') {
                return "{".to_owned();
            }
            rest.chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect()
        })
        .collect()
}

fn wrong_imports(room: &str, may: &[&str], file: &str, text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for (number, line) in code(text) {
        for name in named(line) {
            if name == "{" {
                wrong.push(format!("{file}:{number}: name each module on its own line"));
            } else if name != room && !may.contains(&name.as_str()) {
                wrong.push(format!("{file}:{number}: {room} may not import {name}"));
            }
        }
    }
    wrong
}

#[test]
fn imports_point_one_way() {
    let mut wrong = Vec::new();
    for (room, may) in MAY_IMPORT {
        for file in files(&Path::new("src").join(room)) {
            let name = file.display().to_string();
            wrong.extend(wrong_imports(room, may, &name, &read(&file)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_planted_import_is_found() {
    let planted = "use crate::exchange::id::CallId;\nuse crate::daemon::run;\n";
    let found = wrong_imports("sim", &["exchange"], "src/sim/x.rs", planted);
    assert_eq!(found, ["src/sim/x.rs:2: sim may not import daemon"]);
    let grouped = wrong_imports("sim", &["exchange"], "x.rs", "use crate::{exchange, menu};");
    assert_eq!(grouped, ["x.rs:1: name each module on its own line"]);
    assert!(wrong_imports("sim", &[], "x.rs", "// crate::daemon").is_empty());
}

#[test]
fn every_room_is_on_the_map() {
    let entries = fs::read_dir("src").expect("src");
    for entry in entries.filter_map(Result::ok) {
        let name = entry.file_name().to_string_lossy().into_owned();
        let known = if entry.path().is_dir() {
            MAY_IMPORT.iter().any(|(room, _)| *room == name)
        } else {
            DOORS.contains(&name.as_str())
        };
        assert!(known, "src/{name} is no room of DESIGN.md §2");
    }
}

#[test]
fn rooms_keep_their_promises() {
    let mut wrong = Vec::new();
    for (room, words, why) in BANNED {
        for file in files(&Path::new("src").join(room)) {
            for (number, line) in code(&read(&file)) {
                for word in words.iter().filter(|word| line.contains(**word)) {
                    wrong.push(format!("{}:{number}: `{word}`: {why}", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_hold_one_noun_and_are_finished() {
    let mut wrong = Vec::new();
    for folder in ["src", "tests", "benches"] {
        for file in files(Path::new(folder)) {
            let text = read(&file);
            let lines = text.lines().count();
            if lines > LINES_MAX {
                wrong.push(format!("{}: {lines} lines", file.display()));
            }
            // Put together, so that this file does not find itself.
            for word in [["to", "do!("].concat(), ["unimpl", "emented!("].concat()] {
                for (number, _) in code(&text).filter(|(_, line)| line.contains(&word)) {
                    wrong.push(format!("{}:{number}: {word}…)", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
