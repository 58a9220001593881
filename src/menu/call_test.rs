//! Files of call tests: calls with their keys, and where each of them has to lead.
//!
//! A file is checked against the line that it names; the calls themselves are not made here.

use super::compile::Request;
use super::compile::compile;
use super::diagnostic::Diagnostic;
use super::diagnostic::Diagnostics;
use super::diagnostic::Place;
use super::fields::Fields;
use super::schema;
use super::source::FileId;
use super::source::Sources;
use super::source::open;
use super::tree;
use super::tree::Name;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::key::Key;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::path::Path;

/// What an attempt can come to.
pub(super) const OUTCOMES: [&str; 10] = [
    "blocked",
    "self_served",
    "left_in_menu",
    "message",
    "callback",
    "transferred_out",
    "turned_away",
    "answered",
    "abandoned",
    "ended_by_system",
];
/// What a call can be expected to do: one of these has to be there.
const EXPECTATIONS: [&str; 3] = ["path", "ends_at", "outcome"];

/// Checks a file of call tests, and the line it names.
pub fn check_tests(path: &Path, at: Option<Date>, sources: &mut Sources, out: &mut Diagnostics) {
    let Some(file) = open(path, None, sources, out) else {
        return;
    };
    let table = tree::parse(file, sources, out);
    let start = Place { file, span: 0..0 };
    let mut root = Fields::new(&table, "a file of call tests", start);
    root = root.shaped(Some(&schema::calls::CALLS));
    root.format();
    root.require("menu", "menu = \"shop.toml\", relative to this file");
    let plan = root
        .text("menu")
        .and_then(|menu| line(file, &menu, at, sources, out));
    root.require("call", "add a call: [[call]]");
    let mut taken = BTreeMap::new();
    for mut fields in root.repeated("call") {
        if let Some(name) = call(&mut fields, plan.as_ref()) {
            unlike_others(name, &mut taken, &mut fields);
        }
        root.absorb(fields);
    }
    root.finish(out);
}

/// The line under test; none when it has errors, which are then reported too.
fn line(
    tests: FileId,
    menu: &Name,
    at: Option<Date>,
    sources: &mut Sources,
    out: &mut Diagnostics,
) -> Option<Dialplan> {
    let path = sources.beside(tests, &menu.text);
    open(&path, Some(menu.place.clone()), sources, out)?;
    let request = Request {
        lines: vec![path],
        at,
        ..Request::default()
    };
    compile(&request, sources, out)
}

/// Checks one call; its name.
fn call(fields: &mut Fields<'_>, plan: Option<&Dialplan>) -> Option<Name> {
    fields.require("name", "name = \"a silent caller reaches a person\"");
    fields.require("at", "at = 2026-11-23T10:00:00, in the line's own time");
    fields.moment("at");
    keys(fields);
    let path = fields.texts("path").unwrap_or_default();
    let steps = path.into_iter().chain(fields.text("ends_at"));
    for step in steps.collect::<Vec<Name>>() {
        check_step(&step, plan, fields);
    }
    if let Some(outcome) = fields.text("outcome") {
        check_outcome(outcome, fields);
    }
    if let (Some(language), Some(plan)) = (fields.text("language"), plan)
        && !plan.languages.contains(&language.text)
    {
        fields.push(super::phrase::unknown_language(&language, &plan.languages));
    }
    if EXPECTATIONS.iter().all(|name| fields.value(name).is_none()) {
        let help = "without `path`, `ends_at` or `outcome` nothing is tested";
        fields.missing("outcome", help);
    }
    let help = "test a path that needs no answer of another system";
    fields.later("lookup", "a look-up", help);
    fields.text("name")
}

/// What the caller presses: groups of keys, one for each prompt.
fn keys(fields: &mut Fields<'_>) {
    fields.require(
        "keys",
        "keys = \"1 4711#\"; keys = \"\" for a silent caller",
    );
    let Some(keys) = fields.text("keys") else {
        return;
    };
    let no_key = |c: &char| *c != ' ' && Key::from_char(*c).is_none();
    if let Some(wrong) = keys.text.chars().find(no_key) {
        let message = format!("there is no key {wrong:?} on a telephone");
        let help = "write 0 to 9, * and #; a space waits for the next prompt";
        fields.bad_value(keys.place, message, help);
    }
}

fn check_step(name: &Name, plan: Option<&Dialplan>, fields: &mut Fields<'_>) {
    let Some(plan) = plan else {
        return;
    };
    let steps = plan.steps.iter().map(|step| step.name.as_str());
    if steps.clone().all(|step| step != name.text) {
        let message = format!("no step is called \"{}\"", name.text);
        let diagnostic = Diagnostic::error("unknown-step", name.place.clone(), message);
        let diagnostic = diagnostic.label("no call comes here");
        fields.push(diagnostic.suggest(&name.text, steps));
    }
}

fn check_outcome(name: Name, fields: &mut Fields<'_>) {
    if !OUTCOMES.contains(&name.text.as_str()) {
        let message = format!("no call ends as \"{}\"", name.text);
        let diagnostic = Diagnostic::error("unknown-outcome", name.place, message);
        let diagnostic = diagnostic.label("no such outcome");
        fields.push(diagnostic.suggest(&name.text, OUTCOMES));
    }
}

/// Reports a name that an earlier call has.
fn unlike_others(name: Name, taken: &mut BTreeMap<String, Place>, fields: &mut Fields<'_>) {
    if let Some(first) = taken.get(&name.text) {
        let message = format!("two calls are called \"{}\"", name.text);
        let diagnostic = Diagnostic::error("duplicate-call", name.place, message);
        let diagnostic = diagnostic.label("here again");
        fields.push(diagnostic.related(first.clone(), "first here"));
    } else {
        taken.insert(name.text, name.place);
    }
}
