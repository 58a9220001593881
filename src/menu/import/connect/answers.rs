//! What Lambda functions answer (`$.External.Name`), and where it is used.

use super::super::super::diagnostic::Place;
use super::super::json;
use super::super::names::Names;
use super::super::names::apart;
use super::Flow;
use super::action::leads_on;
use super::id;
use super::other_flow;
use super::reference;
use super::reference::Path;
use super::reference::references;
use super::values;
use super::values::parameters;
use super::values::transitions;
use super::values::ways;
use crate::exchange::limits::VALUES_MAX;
use serde_json::Value;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// Actions between an answer and what looks at it, at most.
const BETWEEN_MAX: usize = 32;

/// The answers of all functions.
#[derive(Default)]
pub(super) struct Answers {
    /// What each value is called here: those of the last answer, and those that Connect keeps.
    names: BTreeMap<Path, String>,
    /// By the function's action: the comparison to which its answer goes at once.
    compared: BTreeMap<String, Compared>,
    /// Comparisons to which nothing else leads: they are cases of the look-up.
    absorbed: BTreeSet<String>,
    /// Values that Connect keeps, and that something else than a comparison looks at.
    read: BTreeSet<String>,
}

/// A comparison of a value of an answer.
#[derive(Clone)]
pub(super) struct Compared {
    /// Its action.
    pub(super) action: String,
    /// The reference to the value.
    pub(super) value: Path,
}

/// A value of an answer that somebody looks at.
pub(super) struct Use {
    /// The reference to it: `$.External.Name`, or `$.Attributes.Name` where it is kept.
    pub(super) value: Path,
    /// Where it is in the answer.
    pub(super) part: Path,
    pub(super) place: Place,
}

impl Answers {
    /// `taken` are the names of entries, which are no value's.
    pub(super) fn of(flows: &[Flow], taken: &BTreeSet<&String>) -> Self {
        let mut answers = Self {
            read: read(flows),
            ..Self::default()
        };
        let mut names = Names::default();
        names.unique(values::CUSTOMER_INPUT);
        for name in taken {
            names.unique(name);
        }
        for (place, action) in values::all(flows).filter(|(_, action)| is_function(action)) {
            for used in answers.uses(flows, place, action) {
                if answers.names.len() < VALUES_MAX && !answers.names.contains_key(&used.value) {
                    let name = names.unique(&apart(&used.value[1..].join("-")));
                    answers.names.insert(used.value, name);
                }
            }
            answers.compare(flows, place, action);
        }
        answers
    }

    /// The name of a value; none for values beyond those that a line keeps.
    pub(super) fn name(&self, value: &[String]) -> Option<&str> {
        let kept = reference::attribute(value).map(|name| kept_as(&name));
        let name = self.names.get(kept.as_deref().unwrap_or(value));
        name.map(String::as_str)
    }

    /// The comparison to which the answer of a function goes at once.
    pub(super) fn compared(&self, function: &str) -> Option<&Compared> {
        self.compared.get(function)
    }

    /// Whether a comparison is part of a look-up, and of nothing else.
    pub(super) fn is_absorbed(&self, action: &str) -> bool {
        self.absorbed.contains(action)
    }

    /// The uses of a function's answer, up to the next function.
    pub(super) fn uses(&self, flows: &[Flow], flow: usize, function: &Value) -> Vec<Use> {
        let mut uses = Vec::new();
        let mut seen: BTreeSet<(usize, &str)> = BTreeSet::new();
        let mut open = vec![(flow, json::text(transitions(function), "NextAction"))];
        while let Some((flow, name)) = open.pop() {
            let Some(action) = flows[flow]
                .action(name)
                .filter(|_| seen.insert((flow, name)))
            else {
                continue;
            };
            let found = self.looked_at(action).into_iter();
            uses.extend(found.map(|(value, part)| Use {
                value,
                part,
                place: flows[flow].places.get(name),
            }));
            if !is_function(action) {
                let ways = ways(action).into_iter();
                open.extend(ways.rev().map(|way| (flow, way)));
                open.extend(other_flow(flows, action));
            }
        }
        uses
    }

    /// The values of an answer at which an action looks, and where each is in the answer.
    fn looked_at(&self, action: &Value) -> Vec<(Path, Path)> {
        let mut looked_at = Vec::new();
        let mut texts = Vec::new();
        collect_texts(parameters(action), &mut texts);
        let kept = copied(action);
        for text in texts {
            let whole = reference::whole(text);
            let keeps = |(name, path): &&(String, Path)| {
                self.read.contains(name) && whole.as_ref() == Some(path)
            };
            // What is kept under a name of its own is saved under that one.
            let mut names = kept.iter().filter(keeps).peekable();
            if names.peek().is_some() {
                for (name, path) in names {
                    looked_at.push((kept_as(name), path[1..].to_vec()));
                }
                continue;
            }
            let external = references(text).into_iter().map(|at| at.path);
            let parts = external.filter_map(|path| {
                let part = reference::below(&path, reference::EXTERNAL)?.to_vec();
                Some((path, part))
            });
            looked_at.extend(parts);
        }
        looked_at
    }

    fn compare(&mut self, flows: &[Flow], flow: usize, function: &Value) {
        let mut between = BTreeSet::new();
        let mut copies: BTreeMap<String, Path> = BTreeMap::new();
        let mut next = json::text(transitions(function), "NextAction");
        while let Some(action) = flows[flow]
            .action(next)
            .filter(|_| between.len() < BETWEEN_MAX)
        {
            between.insert(next);
            if leads_on(action) {
                copies.extend(copied(action));
                next = json::text(transitions(action), "NextAction");
                continue;
            }
            let value = reference::whole(json::text(parameters(action), "ComparisonValue"));
            let value = value.and_then(|path| match reference::attribute(&path) {
                Some(_) if self.name(&path).is_some() => Some(path),
                Some(name) => copies.get(&name).cloned(),
                None => Some(path),
            });
            if json::text(action, "Type") == "Compare"
                && let Some(value) = value.filter(|value| self.name(value).is_some())
            {
                let compared = Compared {
                    action: next.to_owned(),
                    value,
                };
                let asks = json::text(function, "Identifier");
                if is_only_way(flows, flow, asks, &between) {
                    self.absorbed.insert(id(flow, next));
                }
                self.compared.insert(id(flow, asks), compared);
            }
            return;
        }
    }
}

/// The values that Connect keeps, and that something else than a comparison looks at.
fn read(flows: &[Flow]) -> BTreeSet<String> {
    let mut read = BTreeSet::new();
    for (_, action) in values::all(flows) {
        let mut texts = Vec::new();
        collect_texts(parameters(action), &mut texts);
        let compared = json::text(parameters(action), "ComparisonValue");
        let others = texts.into_iter().filter(|text| *text != compared);
        let paths = others.flat_map(references).map(|at| at.path);
        read.extend(paths.filter_map(|path| reference::attribute(&path)));
    }
    read
}

/// Whether nothing leads to some actions but a function, and they to each other.
fn is_only_way(flows: &[Flow], flow: usize, function: &str, actions: &BTreeSet<&str>) -> bool {
    let begins = flows[flow].start();
    let others = flows[flow].actions().iter();
    let mut others = others.filter(|other| {
        let name = json::text(other, "Identifier");
        name != function && !actions.contains(name)
    });
    let leads = |other: &Value| ways(other).into_iter().any(|way| actions.contains(way));
    let own_error = flows[flow].action(function).is_some_and(|function| {
        let errors = json::list(transitions(function), "Errors").iter();
        let mut errors = errors.map(|error| json::text(error, "NextAction"));
        errors.any(|way| actions.contains(way))
    });
    !actions.contains(begins) && !own_error && !others.any(leads)
}

fn is_function(action: &Value) -> bool {
    json::text(action, "Type") == "InvokeLambdaFunction"
}

/// The reference to a value that Connect keeps.
fn kept_as(name: &str) -> Path {
    vec![reference::ATTRIBUTES.to_owned(), name.to_owned()]
}

/// The values of an answer that an action keeps, each by its name.
fn copied(action: &Value) -> Vec<(String, Path)> {
    let copies = values::attributes(action).filter_map(|(name, value)| {
        let path = reference::whole(value)?;
        reference::below(&path, reference::EXTERNAL)?;
        Some((name.to_owned(), path))
    });
    copies.collect()
}

fn collect_texts<'v>(value: &'v Value, texts: &mut Vec<&'v str>) {
    match value {
        Value::String(text) => texts.push(text),
        Value::Array(list) => list.iter().for_each(|value| collect_texts(value, texts)),
        Value::Object(table) => table.values().for_each(|value| collect_texts(value, texts)),
        _ => {}
    }
}
