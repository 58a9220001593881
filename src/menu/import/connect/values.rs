//! What a flow knows during a call and a menu file knows too: answers, entries, and who calls.

use super::super::super::step::sounds_secret;
use super::super::json;
use super::super::known::Known;
use super::super::names::apart;
use super::super::names::kebab;
use super::Flow;
use super::action::TARGET_QUEUE;
use super::action::leads_on;
use super::answers::Answers;
use super::id;
use super::other_flow;
use super::reference;
use super::reference::Path;
use serde_json::Value;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// The name of an entry that a flow gives no name.
pub(super) const CUSTOMER_INPUT: &str = "customer-input";
/// Actions between an entry and where it is given a name, at most.
const BETWEEN_MAX: usize = 32;

/// All that the flows know.
pub(super) struct Values {
    pub(super) answers: Answers,
    /// Under which name an action keeps what is entered.
    entries: BTreeMap<String, String>,
    /// Names of entries that nobody may hear.
    secrets: BTreeSet<String>,
    /// By action: under which names the last entry may be kept there.
    last: BTreeMap<String, BTreeSet<String>>,
    /// By action: the queues that may be chosen there.
    queues: BTreeMap<String, BTreeSet<String>>,
    /// What the values that Connect keeps are, where they are always the same.
    attributes: BTreeMap<String, Known>,
}

impl Values {
    pub(super) fn of(flows: &[Flow]) -> Self {
        let mut values = Self {
            answers: Answers::default(),
            entries: BTreeMap::new(),
            secrets: BTreeSet::new(),
            last: BTreeMap::new(),
            queues: BTreeMap::new(),
            attributes: BTreeMap::new(),
        };
        for (flow, action) in all(flows).filter(|(_, action)| stores(action)) {
            let own = id(flow, json::text(action, "Identifier"));
            let name = entry_name(flows, flow, action);
            let is_secret = parameters(action).get("InputEncryption").is_some();
            if is_secret || sounds_secret("entry", &name) {
                values.secrets.insert(name.clone());
            }
            for at in until(flows, flow, action, stores) {
                values.last.entry(at).or_default().insert(name.clone());
            }
            values.entries.insert(own, name);
        }
        for (flow, action) in all(flows).filter(|(_, action)| chooses(action)) {
            let queue = json::text(parameters(action), "QueueId");
            for at in until(flows, flow, action, chooses) {
                values
                    .queues
                    .entry(at)
                    .or_default()
                    .insert(queue.to_owned());
            }
        }
        let taken: BTreeSet<&String> = values.entries.values().collect();
        values.answers = Answers::of(flows, &taken);
        values.attributes = values.constant(flows);
        values
    }

    /// The name under which an action keeps what is entered.
    pub(super) fn entry(&self, action: &str) -> &str {
        self.entries
            .get(action)
            .map_or(CUSTOMER_INPUT, String::as_str)
    }

    /// The queues that may have been chosen when a call comes to an action.
    pub(super) fn queues(&self, action: &str) -> impl Iterator<Item = &str> {
        let queues = self.queues.get(action).into_iter().flatten();
        queues.map(String::as_str)
    }

    /// What a reference in an action stands for.
    pub(super) fn known(&self, action: &str, path: &[String]) -> Option<Known> {
        let is = |other: &[&str]| path == other;
        if is(&reference::CALLER) {
            return Some(Known::Caller);
        }
        if is(&reference::LANGUAGE) {
            return Some(Known::Language);
        }
        if is(&reference::ENTRY) {
            let names = self.last.get(action)?;
            let name = names.first().filter(|_| names.len() == 1)?.clone();
            return Some(match self.secrets.contains(&name) {
                true => Known::Secret(name),
                false => Known::Entry(name),
            });
        }
        if let Some(name) = self.answers.name(path) {
            return Some(Known::Answer(name.to_owned()));
        }
        self.attributes.get(&reference::attribute(path)?).cloned()
    }

    /// What an attribute is wherever it is set; none where it is not always the same.
    fn constant(&self, flows: &[Flow]) -> BTreeMap<String, Known> {
        let mut found: BTreeMap<String, BTreeSet<Option<Known>>> = BTreeMap::new();
        for (flow, action) in all(flows) {
            let own = id(flow, json::text(action, "Identifier"));
            for (name, value) in attributes(action) {
                let known = match (reference::whole(value), value.contains('$')) {
                    (Some(path), _) if reference::attribute(&path).is_none() => {
                        self.known(&own, &path)
                    }
                    (_, true) => None,
                    (_, false) => Some(Known::Words(value.replace(['{', '}'], ""))),
                };
                found.entry(name.to_owned()).or_default().insert(known);
            }
        }
        let same = found.into_iter().filter(|(_, known)| known.len() == 1);
        // A value of an answer has a name of its own where it is kept.
        let is_kept = |known: &Known| !matches!(known, Known::Answer(_));
        same.filter_map(|(name, known)| Some((name, known.into_iter().next()?.filter(is_kept)?)))
            .collect()
    }
}

/// All actions, each with the place of its flow.
pub(super) fn all(flows: &[Flow]) -> impl Iterator<Item = (usize, &Value)> {
    let flows = flows.iter().enumerate();
    flows.flat_map(|(place, flow)| flow.actions().iter().map(move |action| (place, action)))
}

pub(super) fn parameters(action: &Value) -> &Value {
    action.get("Parameters").unwrap_or(&Value::Null)
}

pub(super) fn transitions(action: &Value) -> &Value {
    action.get("Transitions").unwrap_or(&Value::Null)
}

/// The actions to which an action leads, whatever comes of it.
pub(super) fn ways(action: &Value) -> Vec<&str> {
    let transitions = transitions(action);
    let errors = json::list(transitions, "Errors").iter();
    let others = errors.chain(json::list(transitions, "Conditions"));
    let all = std::iter::once(transitions).chain(others);
    all.map(|way| json::text(way, "NextAction")).collect()
}

/// The values that an action keeps, by their names.
pub(super) fn attributes(action: &Value) -> impl Iterator<Item = (&str, &str)> {
    let attributes = parameters(action).get("Attributes");
    let entries = attributes.and_then(Value::as_object).into_iter().flatten();
    entries.filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)))
}

/// Whether an action keeps what the caller enters.
pub(super) fn stores(action: &Value) -> bool {
    let asks = json::text(action, "Type") == "GetParticipantInput";
    asks && json::text(parameters(action), "StoreInput").eq_ignore_ascii_case("true")
}

/// The name under which an entry is kept: that of the attribute which it becomes at once, if it does.
fn entry_name(flows: &[Flow], flow: usize, entry: &Value) -> String {
    let mut next = json::text(transitions(entry), "NextAction");
    for _ in 0..BETWEEN_MAX {
        let Some(action) = flows[flow].action(next).filter(|at| leads_on(at)) else {
            break;
        };
        let named = attributes(action).find(|(_, value)| is_entry(value));
        if let Some((name, _)) = named {
            return kebab(&apart(name), CUSTOMER_INPUT);
        }
        next = json::text(transitions(action), "NextAction");
    }
    CUSTOMER_INPUT.to_owned()
}

fn is_entry(value: &str) -> bool {
    reference::whole(value).is_some_and(|path: Path| path == reference::ENTRY)
}

/// Whether an action chooses the queue for what comes after it.
fn chooses(action: &Value) -> bool {
    json::text(action, "Type") == TARGET_QUEUE
}

/// The actions to which an action leads, up to the next of its kind: there its result is still the last.
fn until(
    flows: &[Flow],
    flow: usize,
    action: &Value,
    is_same: impl Fn(&Value) -> bool,
) -> Vec<String> {
    let mut seen: BTreeSet<(usize, &str)> = BTreeSet::new();
    let mut open = vec![(flow, json::text(transitions(action), "NextAction"))];
    while let Some((flow, name)) = open.pop() {
        let Some(action) = flows[flow].action(name) else {
            continue;
        };
        if !seen.insert((flow, name)) || is_same(action) {
            continue;
        }
        open.extend(ways(action).into_iter().map(|way| (flow, way)));
        open.extend(other_flow(flows, action));
    }
    seen.into_iter()
        .map(|(flow, name)| id(flow, name))
        .collect()
}
