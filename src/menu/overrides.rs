//! Values that a scenario sets instead of those in the files.

use super::diagnostic::Diagnostic;
use super::diagnostic::Diagnostics;
use super::tree::Data;
use super::tree::Name;
use super::tree::Table;
use super::tree::Value;
use crate::exchange::dialplan::OF_LINE;
use crate::exchange::dialplan::with_line;
use std::collections::BTreeMap;

/// Kind and name: what a path has to find.
const NAMED: usize = 2;

/// One value to set before the files are read any further.
#[derive(Clone, Debug)]
pub struct Override {
    /// Kind, name and field: `group.support.max_waiting`, `queue.loans.closed`, `line.trunks`. Where several
    /// lines have the table, with the line: `queue.bank/loans.closed`, `bank/line.trunks`.
    pub path: Name,
    /// The value, with its own place.
    pub value: Value,
}

/// The files of a site.
pub(super) struct Files<'f> {
    /// The lines, by their names.
    pub(super) lines: Vec<(&'f str, &'f mut Table)>,
    pub(super) groups: Vec<&'f mut Table>,
}

/// Sets values in the files that have the table of their path: one line, or groups files. Reports a path that
/// none has, one that several lines have, and the second of two that mean the same value.
pub(super) fn apply(overrides: &[Override], files: &mut Files<'_>, out: &mut Diagnostics) {
    let mut known: Vec<(String, &Override)> = Vec::new();
    for change in overrides {
        let path: Vec<&str> = change.path.text.split('.').collect();
        if path.len() < NAMED {
            out.push(unknown_path(change, &path, files));
            continue;
        }
        let names = files.lines.iter().map(|(line, _)| *line);
        let of_lines: Vec<_> = names.map(|line| of_line(change, line)).collect();
        let is_of_one = of_lines.iter().any(Option::is_some);
        let mut applied: Vec<&str> = Vec::new();
        let mut means = String::new();
        for ((line, table), own) in files.lines.iter_mut().zip(&of_lines) {
            let own = own.as_ref().or((!is_of_one).then_some(change));
            if let Some(own) = own.filter(|own| set_in(table, own)) {
                applied.push(line);
                means = with_line(line, &own.path.text);
            }
        }
        let mut is_applied = !applied.is_empty();
        for table in &mut files.groups {
            is_applied |= set_in(table, change);
        }
        if !is_applied {
            out.push(unknown_path(change, &path, files));
        } else if let [first, .., last] = applied[..] {
            let ends = [first, last].map(|line| path_of_line(&path, line));
            let (message, help) = several_lines(&change.path.text, &applied, &ends);
            let place = change.path.place.clone();
            out.push(Diagnostic::error("ambiguous-name", place, message).help(help));
        } else if let [_] = applied[..] {
            match known.iter().find(|(meant, _)| *meant == means) {
                Some((_, first)) => out.push(set_twice(first, change)),
                None => known.push((means, change)),
            }
        }
    }
}

/// Of two values of one place the first would be passed over.
fn set_twice(first: &Override, second: &Override) -> Diagnostic {
    let (first, second) = (&first.path, &second.path);
    let message = format!("\"{}\" and \"{}\" are the same", first.text, second.text);
    let error = Diagnostic::error("duplicate-key", second.place.clone(), message);
    let error = error.label("set again");
    let error = error.related(first.place.clone(), "first here");
    error.help("set it once")
}

/// A change of this line only, where its path names the line: before everything, or before the name.
fn of_line(change: &Override, line: &str) -> Option<Override> {
    let own = |text: &str| {
        let own = text.strip_prefix(line)?.strip_prefix(OF_LINE)?;
        Some(own.to_owned())
    };
    let text = &change.path.text;
    let text = own(text).or_else(|| {
        let (kind, name) = text.split_once('.')?;
        Some(format!("{kind}.{}", own(name)?))
    })?;
    Some(Override {
        path: name_of(&text, change),
        value: change.value.clone(),
    })
}

/// A path that names a line.
fn path_of_line(path: &[&str], line: &str) -> String {
    match path {
        [kind, named @ ..] if named.len() >= NAMED => {
            format!("{kind}.{}", with_line(line, &named.join(".")))
        }
        plain => with_line(line, &plain.join(".")),
    }
}

/// What is wrong with a name that these lines have, and what to do: it is written as with the first or the last.
pub fn several_lines(name: &str, lines: &[&str], [first, last]: &[String; 2]) -> (String, String) {
    (
        format!("several lines have \"{name}\": {}", lines.join(", ")),
        format!("write it with its line: \"{first}\" or \"{last}\""),
    )
}

/// Sets a value in a file that has its table.
fn set_in(file: &mut Table, change: &Override) -> bool {
    let path: Vec<&str> = change.path.text.split('.').collect();
    set(file, &path, change)
}

/// Sets a value in a table that is there.
fn set(table: &mut Table, path: &[&str], change: &Override) -> bool {
    match path {
        [] => false,
        [field] => {
            table.set(name_of(field, change), change.value.clone());
            true
        }
        [name, rest @ ..] => match table.get_mut(name).map(|value| &mut value.data) {
            Some(Data::Table(inner)) => set(inner, rest, change),
            // What is not written inside a step or a group may begin with this: `overload.no_queue`.
            None if change.path.text.split('.').count() - path.len() >= NAMED => {
                table.set(name_of(name, change), table_of(rest, change));
                true
            }
            _ => false,
        },
    }
}

fn name_of(text: &str, change: &Override) -> Name {
    Name {
        text: text.to_owned(),
        place: change.path.place.clone(),
    }
}

/// A table that holds nothing but the value at this path.
fn table_of(path: &[&str], change: &Override) -> Value {
    let place = change.path.place.clone();
    let mut table = Table {
        place: place.clone(),
        entries: Vec::new(),
    };
    match path {
        [field] => table.set(name_of(field, change), change.value.clone()),
        [name, rest @ ..] => table.set(name_of(name, change), table_of(rest, change)),
        [] => {}
    }
    Value {
        place,
        data: Data::Table(table),
    }
}

fn unknown_path(change: &Override, path: &[&str], files: &Files<'_>) -> Diagnostic {
    let message = format!("there is nothing to set at \"{}\"", change.path.text);
    let diagnostic = Diagnostic::error("unknown-path", change.path.place.clone(), message)
        .label("no table of this path in the menu or groups files");
    let kind = path.first().copied().unwrap_or_default();
    let of_groups = files.groups.iter().flat_map(|table| names_in(table, kind));
    let mut names: Vec<String> = of_groups.map(str::to_owned).collect();
    let mut lines_of: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (line, table) in &files.lines {
        for name in names_in(table, kind) {
            lines_of.entry(name).or_default().push(line);
        }
    }
    for (name, lines) in lines_of {
        match lines[..] {
            [_] => names.push(name.to_owned()),
            _ => names.extend(lines.iter().map(|line| with_line(line, name))),
        }
    }
    match path {
        [_, name, _, ..] if !names.is_empty() => {
            diagnostic.suggest(name, names.iter().map(String::as_str))
        }
        _ => diagnostic.help("a path is kind, name and field: group.support.max_waiting"),
    }
}

/// The names of the tables of a kind in a file.
fn names_in<'f>(file: &'f Table, kind: &str) -> impl Iterator<Item = &'f str> + use<'f> {
    let named = file.get(kind).and_then(|value| match &value.data {
        Data::Table(named) => Some(named),
        _ => None,
    });
    let entries = named.into_iter().flat_map(|named| &named.entries);
    let tables = entries.filter(|entry| matches!(entry.value.data, Data::Table(_)));
    tables.map(|entry| entry.key.text.as_str())
}
