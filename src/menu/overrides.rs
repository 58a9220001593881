//! Values that a scenario sets instead of those in the files.

use super::diagnostic::Diagnostic;
use super::diagnostic::Diagnostics;
use super::tree::Data;
use super::tree::Name;
use super::tree::Table;
use super::tree::Value;

/// Kind and name: what a path has to find.
const NAMED: usize = 2;

/// One value to set before the files are read any further.
#[derive(Clone, Debug)]
pub struct Override {
    /// Kind, name and field: `group.support.max_waiting`, `queue.loans.closed`, `line.trunks`.
    pub path: Name,
    /// The value, with its own place.
    pub value: Value,
}

/// Sets values in every file that has the table of their path; reports a path that none has.
pub(super) fn apply(overrides: &[Override], files: &mut [&mut Table], out: &mut Diagnostics) {
    for change in overrides {
        let path: Vec<&str> = change.path.text.split('.').collect();
        let mut applied = false;
        if path.len() < 2 {
            out.push(unknown_path(change, &path, files));
            continue;
        }
        for table in files.iter_mut() {
            applied |= set(table, &path, change);
        }
        if !applied {
            out.push(unknown_path(change, &path, files));
        }
    }
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

fn unknown_path(change: &Override, path: &[&str], files: &[&mut Table]) -> Diagnostic {
    let message = format!("there is nothing to set at \"{}\"", change.path.text);
    let diagnostic = Diagnostic::error("unknown-path", change.path.place.clone(), message)
        .label("no table of this path in the menu or groups files");
    let kind = path.first().copied().unwrap_or_default();
    let names: Vec<&str> = files
        .iter()
        .filter_map(|table| match &table.get(kind)?.data {
            Data::Table(named) => Some(named),
            _ => None,
        })
        .flat_map(|named| named.entries.iter().map(|entry| entry.key.text.as_str()))
        .collect();
    match path {
        [_, name, _, ..] => diagnostic.suggest(name, names),
        _ => diagnostic.help("a path is kind, name and field: group.support.max_waiting"),
    }
}
