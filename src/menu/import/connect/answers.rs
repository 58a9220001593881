//! What Lambda functions answer (`$.External.Name`), and where it is used.

use super::super::super::diagnostic::Place;
use super::super::json;
use super::super::names::Names;
use super::super::spoken::Spoken;
use super::Flow;
use super::action::leads_on;
use super::id;
use super::other_flow;
use crate::exchange::limits::VALUES_MAX;
use serde_json::Value;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// What Connect calls a value of the last answer.
const EXTERNAL: &str = "$.External.";
/// What Connect calls a value that it keeps.
const ATTRIBUTE: &str = "$.Attributes.";
/// Actions between an answer and what looks at it, at most.
const BETWEEN_MAX: usize = 32;

/// The answers of all functions.
pub(super) struct Answers {
    /// What each value is called here.
    names: BTreeMap<String, String>,
    /// By the function's action: the comparison to which its answer goes at once.
    compared: BTreeMap<String, Compared>,
    /// Comparisons to which nothing else leads: they are cases of the look-up.
    absorbed: BTreeSet<String>,
}

/// A comparison of a value of an answer.
#[derive(Clone)]
pub(super) struct Compared {
    /// Its action.
    pub(super) action: String,
    /// The value, as the answer calls it.
    pub(super) value: String,
}

/// A value of an answer that somebody looks at.
pub(super) struct Use {
    pub(super) value: String,
    pub(super) place: Place,
}

impl Answers {
    pub(super) fn of(flows: &[Flow]) -> Self {
        let mut answers = Self {
            names: BTreeMap::new(),
            compared: BTreeMap::new(),
            absorbed: BTreeSet::new(),
        };
        let mut taken = Names::default();
        // The name under which entries are kept is no value's.
        taken.unique("customer-input");
        for (place, flow) in flows.iter().enumerate() {
            for action in flow.actions().iter().filter(|action| is_function(action)) {
                for used in uses(flows, place, action) {
                    if answers.names.len() < VALUES_MAX && !answers.names.contains_key(&used.value)
                    {
                        let name = taken.unique(&apart(&used.value));
                        answers.names.insert(used.value, name);
                    }
                }
                answers.compare(flows, place, action);
            }
        }
        answers
    }

    /// The name of a value; none for values beyond those that a line keeps.
    pub(super) fn name(&self, value: &str) -> Option<&str> {
        self.names.get(value).map(String::as_str)
    }

    /// The comparison to which the answer of a function goes at once.
    pub(super) fn compared(&self, function: &str) -> Option<&Compared> {
        self.compared.get(function)
    }

    /// Whether a comparison is part of a look-up, and of nothing else.
    pub(super) fn is_absorbed(&self, action: &str) -> bool {
        self.absorbed.contains(action)
    }

    /// What is said, with the names of values.
    pub(super) fn fill(&self, mut said: Spoken) -> Spoken {
        for value in external(&said.text) {
            if let Some(name) = self.name(&value) {
                let (written, slot) = (format!("{EXTERNAL}{value}"), format!("{{{name}:text}}"));
                said.text = replace_whole(&said.text, &written, &slot);
            }
        }
        said
    }

    fn compare(&mut self, flows: &[Flow], flow: usize, function: &Value) {
        let mut between = BTreeSet::new();
        let mut copies: BTreeMap<String, String> = BTreeMap::new();
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
            let value = json::text(parameters(action), "ComparisonValue");
            let value = match (value.strip_prefix(EXTERNAL), value.strip_prefix(ATTRIBUTE)) {
                (Some(value), _) => Some(value.to_owned()),
                (_, Some(kept)) => copies.get(kept).cloned(),
                _ => None,
            };
            if json::text(action, "Type") == "Compare"
                && let Some(value) = value.filter(|value| self.names.contains_key(value))
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

/// Whether nothing leads to some actions but a function, and they to each other.
fn is_only_way(flows: &[Flow], flow: usize, function: &str, actions: &BTreeSet<&str>) -> bool {
    let begins = json::text(&flows[flow].document, "StartAction");
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

/// The uses of a function's answer, up to the next function.
pub(super) fn uses(flows: &[Flow], flow: usize, function: &Value) -> Vec<Use> {
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
        let mut texts = Vec::new();
        collect_texts(parameters(action), &mut texts);
        for value in texts.into_iter().flat_map(external) {
            let place = flows[flow].places.get(name);
            uses.push(Use { value, place });
        }
        if !is_function(action) {
            let ways = ways(action).into_iter();
            open.extend(ways.rev().map(|way| (flow, way)));
            open.extend(other_flow(flows, action));
        }
    }
    uses
}

fn is_function(action: &Value) -> bool {
    json::text(action, "Type") == "InvokeLambdaFunction"
}

fn parameters(action: &Value) -> &Value {
    action.get("Parameters").unwrap_or(&Value::Null)
}

fn transitions(action: &Value) -> &Value {
    action.get("Transitions").unwrap_or(&Value::Null)
}

/// The actions to which an action leads, whatever comes of it.
fn ways(action: &Value) -> Vec<&str> {
    let transitions = transitions(action);
    let errors = json::list(transitions, "Errors").iter();
    let others = errors.chain(json::list(transitions, "Conditions"));
    let all = std::iter::once(transitions).chain(others);
    all.map(|way| json::text(way, "NextAction")).collect()
}

/// The values that an action keeps under other names.
fn copied(action: &Value) -> Vec<(String, String)> {
    let attributes = parameters(action)
        .get("Attributes")
        .and_then(Value::as_object);
    let entries = attributes.into_iter().flatten();
    let copies = entries.filter_map(|(name, value)| {
        let value = value.as_str()?.strip_prefix(EXTERNAL)?;
        Some((name.clone(), value.to_owned()))
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

/// The values of answers that a text names.
fn external(text: &str) -> Vec<String> {
    let rests = text.split(EXTERNAL).skip(1);
    let names = rests.map(|rest| &rest[..name_length(rest)]);
    let names = names.filter(|name| !name.is_empty());
    names.map(str::to_owned).collect()
}

fn name_length(text: &str) -> usize {
    text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-')
        .unwrap_or(text.len())
}

/// `text` with what is `written` replaced, but not where a longer name begins with it.
fn replace_whole(text: &str, written: &str, by: &str) -> String {
    let mut replaced = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(written) {
        let after = &rest[at + written.len()..];
        replaced.push_str(&rest[..at]);
        replaced.push_str(if name_length(after) == 0 { by } else { written });
        rest = after;
    }
    replaced.push_str(rest);
    replaced
}

/// `AssignedFlow` as `Assigned-Flow`.
fn apart(name: &str) -> String {
    let mut apart = String::new();
    let mut before = ' ';
    for c in name.chars() {
        if c.is_ascii_uppercase() && before.is_ascii_lowercase() {
            apart.push('-');
        }
        apart.push(c);
        before = c;
    }
    apart
}
