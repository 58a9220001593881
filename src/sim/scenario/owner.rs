//! Whose value a path of a `set` names: the scenario's, that of the line and its groups, or nobody's.

use super::shape::SCENARIO;
use super::what_if::ADD_AGENTS;
use super::what_if::MENU;
use super::what_if::SCALE_CALLS;
use crate::menu::schema::Shape;
use crate::menu::schema::groups::GROUPS;
use crate::menu::schema::line::LINE;
use crate::menu::tree::Data;
use crate::menu::tree::Value;
use crate::menu::value::nearest;

/// What a scenario file itself may hold.
pub(super) const OWN: [&str; 16] = [
    "agents",
    "arrivals",
    "callers",
    "costs",
    "demand",
    "forecast",
    "forecast_rates",
    GOALS,
    "keys",
    "outbound",
    "roster",
    "run",
    "shifts",
    "staff",
    "transfers",
    "wants",
];

/// Steps of a line which have a table of the same name in the scenario, with how they behave.
pub(super) const SHARED: [&str; 2] = [LOOKUP, SURVEY];

const LOOKUP: &str = "lookup";
const SURVEY: &str = "survey";
const GOALS: &str = "goals";

/// What all cases of a study have in common, so that they meet the same callers.
const OF_ALL_CASES: [&str; 5] = [
    FORECAST_COUNTS,
    "run",
    "run.control_variate",
    "run.runs",
    "run.seed",
];

/// What a forecast has counted is found out once, of the base case.
pub(super) const FORECAST_COUNTS: &str = "forecast_counts";

/// Whose value a path names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    Scenario,
    /// All cases together.
    Study,
    /// The what-if itself.
    WhatIf,
    /// The line, or its groups.
    Menu,
    Nobody,
}

impl Owner {
    /// By the path, and where a scenario and a line have a table of the same name, by the value.
    pub(super) fn of(path: &str, value: &Value) -> Self {
        let parts: Vec<&str> = path.split('.').collect();
        if parts.contains(&"") {
            return Self::Nobody;
        }
        match parts[..] {
            _ if OF_ALL_CASES.contains(&path) => Self::Study,
            [ADD_AGENTS, ..] | [SCALE_CALLS] => Self::WhatIf,
            [MENU] => Self::Scenario,
            [kind, ..] if OWN.contains(&kind) => Self::Scenario,
            [kind] if SHARED.contains(&kind) => Self::Scenario,
            [kind, _] if SHARED.contains(&kind) => of_table(kind, value),
            [kind, _, field, ..] if SHARED.contains(&kind) => of_field(kind, field, value),
            [kind, _, ..] if is_of_files(kind) => Self::Menu,
            _ => Self::Nobody,
        }
    }
}

/// A path by its keys, from the outside in: what a goal is about is one key, `queue.support`.
pub(super) fn keys(path: &str) -> Vec<String> {
    let mut keys: Vec<String> = path.split('.').map(str::to_owned).collect();
    if keys[0] == GOALS && keys.len() > 2 {
        let name = keys.remove(2);
        keys[1] = format!("{}.{name}", keys[1]);
    }
    keys
}

/// The path that can have been meant: with another word for its first key.
pub(super) fn meant(path: &str) -> Option<String> {
    let (first, rest) = path.split_at(path.find('.').unwrap_or(path.len()));
    let known = OWN.into_iter().chain(SHARED).chain([MENU]);
    // A key of the line or its groups is no path by itself.
    let of_files = of_files().filter(|_| !rest.is_empty());
    let near = nearest(first, known.chain(of_files))?;
    (near != first).then(|| format!("{near}{rest}"))
}

/// Tables that the files of a line and of groups have.
fn of_files() -> impl Iterator<Item = &'static str> {
    let fields = LINE.fields.iter().chain(GROUPS.fields);
    fields.map(|field| field.name)
}

/// Whether such files have such a table; of several lines it may be written with its line, `bank/line`.
fn is_of_files(kind: &str) -> bool {
    kind.contains('/') || of_files().any(|known| known == kind)
}

/// `lookup.order = { … }` is the scenario's where everything in it is.
fn of_table(kind: &str, value: &Value) -> Owner {
    let Data::Table(table) = &value.data else {
        return Owner::Menu;
    };
    let mut entries = table.entries.iter();
    let is_own = entries
        .all(|entry| of_field(kind, entry.key.text.as_str(), &entry.value) == Owner::Scenario);
    match is_own && !table.entries.is_empty() {
        true => Owner::Scenario,
        false => Owner::Menu,
    }
}

/// `lookup.order.latency` is the scenario's, `lookup.order.timeout` the line's; of `lookup.order.case` the
/// scenario has the shares, and the line where they lead. Questions of a survey have names of their own.
fn of_field(kind: &str, field: &str, value: &Value) -> Owner {
    let has = |shape: &'static Shape| {
        let shape = shape.inner(kind);
        shape.is_some_and(|shape| shape.field(field).is_some())
    };
    let is_own = match (has(&SCENARIO), has(&LINE)) {
        (true, false) => true,
        (false, true) => false,
        (true, true) => !leads_on(value),
        (false, false) if kind == LOOKUP => is_meant_for(&SCENARIO, kind, field),
        (false, false) => field == "answers" || !leads_on(value),
    };
    match is_own {
        true => Owner::Scenario,
        false => Owner::Menu,
    }
}

/// Whether a field that neither has is most like one of this file.
fn is_meant_for(file: &'static Shape, kind: &str, field: &str) -> bool {
    let names = |file: &'static Shape| {
        let fields = file.inner(kind).map_or(&[][..], |shape| shape.fields);
        fields.iter().map(|field| field.name)
    };
    let near = nearest(field, names(&SCENARIO).chain(names(&LINE)));
    near.is_some_and(|near| names(file).any(|name| name == near))
}

/// Whether there is the name of a step in it, or another text of a line. A share in quotes is a share.
fn leads_on(value: &Value) -> bool {
    match &value.data {
        Data::Text(text) => {
            let number = text.strip_suffix('%').unwrap_or(text);
            number.trim().parse::<f64>().is_err()
        }
        Data::Table(table) => {
            let mut entries = table.entries.iter();
            table.entries.is_empty() || entries.any(|entry| leads_on(&entry.value))
        }
        _ => false,
    }
}
