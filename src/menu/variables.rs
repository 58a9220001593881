//! What the steps of a line save: entries of digits, and after them values of look-ups.

use super::diagnostic::Diagnostic;
use super::diagnostic::Diagnostics;
use super::diagnostic::Place;
use super::lower::Variable;
use super::tree::Data;
use super::tree::Entry;
use super::tree::Name;
use super::tree::Table;
use super::tree::Value;
use crate::exchange::limits;

/// The number on which a caller wants to be called back; no step can name it.
pub(super) const CALLBACK_NUMBER: &str = "callback number";

/// All that is saved, in the order of its numbers.
pub(super) fn of(steps: &[(&'static str, &Entry)], out: &mut Diagnostics) -> Vec<Variable> {
    let mut variables = Vec::new();
    for table in tables(steps, "collect") {
        if let Some(name) = table.text("save") {
            entry(&mut variables, name, is_secret(table), out);
        }
    }
    if let Some(place) = asks_for_number(steps) {
        let name = CALLBACK_NUMBER.to_owned();
        entry(&mut variables, Name { text: name, place }, false, out);
    }
    let entries = variables.len();
    for table in tables(steps, "lookup") {
        for saved in table.table("save").map_or(&[][..], |save| &save.entries) {
            value(&mut variables, entries, &saved.key, out);
        }
    }
    variables
}

fn tables<'t>(
    steps: &[(&'static str, &'t Entry)],
    kind: &'static str,
) -> impl Iterator<Item = &'t Table> {
    let steps = steps.iter().filter(move |(other, _)| *other == kind);
    steps.filter_map(|(_, entry)| match &entry.value.data {
        Data::Table(table) => Some(table),
        _ => None,
    })
}

/// The first step that may ask on which number to call back.
fn asks_for_number(steps: &[(&'static str, &Entry)]) -> Option<Place> {
    let own = |table: &Table| {
        let number = table.text("number");
        number.is_none_or(|number| number.text == "{caller}")
    };
    let mut steps = steps.iter().filter(|(kind, _)| *kind == "callback");
    let asks = steps.find(|(_, entry)| match &entry.value.data {
        Data::Table(table) => own(table),
        _ => false,
    });
    asks.map(|(_, entry)| entry.key.place.clone())
}

fn is_secret(table: &Table) -> bool {
    let secret = table.get("secret");
    matches!(
        secret,
        Some(Value {
            data: Data::Boolean(true),
            ..
        })
    )
}

fn entry(variables: &mut Vec<Variable>, name: Name, secret: bool, out: &mut Diagnostics) {
    let Name { text: name, place } = name;
    if let Some(saved) = variables.iter_mut().find(|saved| saved.name == name) {
        saved.secret |= secret;
    } else if variables.len() < limits::VARIABLES_MAX {
        variables.push(Variable {
            name,
            secret,
            is_value: false,
        });
    } else {
        let message = format!("a line saves at most {} entries", limits::VARIABLES_MAX);
        out.push(Diagnostic::error("too-large", place, message));
    }
}

fn value(variables: &mut Vec<Variable>, entries: usize, name: &Name, out: &mut Diagnostics) {
    match variables.iter().find(|saved| saved.name == name.text) {
        Some(saved) if saved.is_value => {}
        Some(_) => {
            let message = format!(
                "\"{}\" is what callers enter: a look-up cannot change it",
                name.text
            );
            let diagnostic = Diagnostic::error("bad-value", name.place.clone(), message);
            out.push(diagnostic.help("save the answer under another name"));
        }
        None if variables.len() < entries + limits::VALUES_MAX => variables.push(Variable {
            name: name.text.clone(),
            secret: false,
            is_value: true,
        }),
        None => {
            let message = format!(
                "the look-ups of a line keep at most {} values",
                limits::VALUES_MAX
            );
            out.push(Diagnostic::error("too-large", name.place.clone(), message));
        }
    }
}
