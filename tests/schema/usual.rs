//! What holds where a field is left out: the shapes say it, and the reader does it.

use super::at;
use super::files;
use super::parse;
use std::collections::BTreeSet;
use std::path::Path;
use std::path::PathBuf;
use strowger::exchange::dialplan::Dialplan;
use strowger::menu::FileKind;
use strowger::menu::Request;
use strowger::menu::compile;
use strowger::menu::diagnostic::Diagnostics;
use strowger::menu::schema::Field;
use strowger::menu::schema::Shape;
use strowger::menu::schema::Type;
use strowger::menu::schema::Usual;
use strowger::menu::schema::line::LINE;
use strowger::menu::source::Sources;
use toml::Value;

/// A table of a file: the path to it, and its shape.
type Table = (Vec<String>, &'static Shape);

/// The tables in a value of this type.
fn tables(holds: &Type, value: &Value, path: &[String], found: &mut Vec<Table>) {
    let inside = |key: &str| [path, &[key.to_owned()]].concat();
    match (holds, value) {
        (Type::Table(shape), Value::Table(table)) => {
            found.push((path.to_vec(), shape));
            for (key, value) in table {
                let field = shape.field(key).expect("a known field");
                tables(&field.holds, value, &inside(key), found);
            }
        }
        (Type::Map(_, of) | Type::By(_, of), Value::Table(table)) => {
            for (key, value) in table {
                tables(of, value, &inside(key), found);
            }
        }
        (Type::List(of), Value::Array(list)) => {
            for (place, value) in list.iter().enumerate() {
                tables(of, value, &inside(&place.to_string()), found);
            }
        }
        (Type::Either(types), value) => {
            for one in *types {
                tables(one, value, path, found);
            }
        }
        _ => {}
    }
}

/// What is the same as leaving a field of this table out, if it is a value.
fn same(field: &Field, path: &[String]) -> Option<Value> {
    let value = field.usual?.value();
    let is_english = matches!(field.usual, Some(Usual::English(_)));
    if is_english && path.last().is_none_or(|language| language != "en") {
        return None;
    }
    Some(match value {
        serde_json::Value::Bool(yes) => yes.into(),
        serde_json::Value::Number(number) => number.as_i64().expect("a whole number").into(),
        serde_json::Value::String(text) => text.into(),
        _ => return None,
    })
}

/// What a line becomes that lies where the real one does; nothing if it has errors.
fn plan(path: &Path, file: &Value) -> Option<Dialplan> {
    let (mut sources, mut found) = (Sources::default(), Diagnostics::default());
    sources.add(path, toml::to_string(file).expect("TOML"));
    let request = Request {
        lines: vec![path.to_owned()],
        ..Request::default()
    };
    compile(&request, &mut sources, &mut found)
}

fn lines() -> Vec<PathBuf> {
    let mut lines = vec![PathBuf::from("tests/menus/valid/everything.toml")];
    lines.extend(files("menus"));
    lines.extend(files("tests/menus/valid"));
    lines.retain(|path| FileKind::of(path) == FileKind::Line);
    lines
}

/// The fields whose values by default are said, by their tables.
fn told() -> BTreeSet<(&'static str, &'static str)> {
    let shapes = super::page::shapes();
    let fields = shapes
        .iter()
        .flat_map(|shape| shape.fields.iter().map(|field| (shape.name, field)));
    let is_value = |field: &Field| field.usual.is_some_and(|usual| !usual.value().is_null());
    let told = fields.filter(|(_, field)| is_value(field));
    told.map(|(shape, field)| (shape, field.name)).collect()
}

#[test]
fn every_field_of_a_line_has_to_be_there_or_says_what_holds_without_it() {
    for shape in super::page::shapes() {
        for field in shape.fields {
            let says = field.usual.is_some();
            assert!(field.required != says, "{}.{}", shape.name, field.name);
        }
    }
}

/// A field that is left out, and the same with the value that it has by default, make the same plan.
#[test]
fn lines_are_read_as_if_defaults_were_written() {
    let mut seen = BTreeSet::new();
    for path in lines() {
        let file = parse(&path).expect("TOML");
        let (known, mut found) = (seen.clone(), Vec::new());
        tables(&Type::Table(&LINE), &file, &[], &mut found);
        for (table, shape) in found {
            for field in shape.fields {
                let what = (shape.name, field.name);
                let Some(value) = same(field, &table).filter(|_| !known.contains(&what)) else {
                    continue;
                };
                let changed = |value: Option<&Value>| {
                    let mut file = file.clone();
                    let fields = at(&mut file, &table).as_table_mut().expect("a table");
                    match value {
                        Some(value) => fields.insert(field.name.to_owned(), value.clone()),
                        None => fields.remove(field.name),
                    };
                    plan(&path, &file)
                };
                // What cannot be left out here, or not be said here, is held elsewhere.
                let (Some(without), Some(with)) = (changed(None), changed(Some(&value))) else {
                    continue;
                };
                let place = format!("{}: {}.{}", path.display(), table.join("."), field.name);
                assert!(without == with, "{place} = {value} is not the default");
                seen.insert(what);
            }
        }
    }
    let unseen: Vec<_> = told().difference(&seen).copied().collect();
    assert!(unseen.is_empty(), "in no file: {unseen:?}");
    assert!(seen.len() > 40, "{}", seen.len());
}
