//! An action while a step is made of it. What nobody has asked for by then is told.

use super::super::super::diagnostic::Place;
use super::super::branch::signpost;
use super::super::draft::To;
use super::super::json;
use super::super::names::VALUE_CHARS_MAX;
use super::super::names::shown;
use super::Flow;
use super::Flows;
use super::id;
use super::values::parameters;
use super::values::transitions;
use serde_json::Value;
use std::collections::BTreeSet;

/// What is read of a flow.
const READ: [&str; 4] = ["Actions", "Metadata", "StartAction", "Version"];
/// What becomes of a call where something goes wrong that has no name of its own.
const ANY_ERROR: &str = "NoMatchingError";

/// An action, and what was read of it.
pub(super) struct Action<'f> {
    pub(super) flow: usize,
    pub(super) id: String,
    pub(super) place: Place,
    value: &'f Value,
    /// The paths of parameters.
    parameters: BTreeSet<&'static str>,
    /// The ways that something here leads, by what they are called.
    taken: BTreeSet<String>,
    /// Where these lead.
    targets: BTreeSet<&'f str>,
    /// Somebody else has read it.
    is_read: bool,
}

/// A way out: an error, or a condition as it is told apart.
struct Way<'f> {
    name: String,
    operator: &'f str,
    operand: &'f str,
    next: &'f str,
}

impl<'f> Action<'f> {
    pub(super) fn of(flows: &'f [Flow], flow: usize, value: &'f Value) -> Self {
        let name = json::text(value, "Identifier");
        Self {
            flow,
            id: id(flow, name),
            place: flows[flow].places.get(name),
            value,
            parameters: BTreeSet::new(),
            taken: BTreeSet::new(),
            targets: BTreeSet::new(),
            is_read: false,
        }
    }

    pub(super) fn name(&self) -> &'f str {
        json::text(self.value, "Identifier")
    }

    pub(super) fn kind(&self) -> &'f str {
        json::text(self.value, "Type")
    }

    pub(super) fn value(&self) -> &'f Value {
        self.value
    }

    /// What it does is part of what another one does.
    pub(super) fn is_read(&mut self) {
        self.is_read = true;
    }

    /// A parameter, or what is in one: `Media.Uri`.
    pub(super) fn get(&mut self, path: &'static str) -> Option<&'f Value> {
        self.parameters.insert(path);
        self.at(path)
    }

    pub(super) fn text(&mut self, path: &'static str) -> &'f str {
        self.get(path).and_then(Value::as_str).unwrap_or("")
    }

    pub(super) fn number(&mut self, path: &'static str) -> Option<u64> {
        json::whole(self.get(path)?)
    }

    pub(super) fn list(&mut self, path: &'static str) -> &'f [Value] {
        let list = self.get(path).and_then(Value::as_array);
        list.map_or(&[], Vec::as_slice)
    }

    /// Reads a parameter if it is just this; whether it is.
    pub(super) fn usual(&mut self, path: &'static str, value: &str) -> bool {
        let is_usual = self.at(path).and_then(Value::as_str) == Some(value);
        if is_usual {
            self.parameters.insert(path);
        }
        is_usual
    }

    /// Whether there is a parameter, of which nothing else is read yet.
    pub(super) fn has(&self, path: &str) -> bool {
        self.at(path).is_some()
    }

    fn at(&self, path: &str) -> Option<&'f Value> {
        let mut parts = path.split('.');
        parts.try_fold(parameters(self.value), |value, part| value.get(part))
    }

    fn next(&mut self) -> &'f str {
        let next = json::text(transitions(self.value), "NextAction");
        self.targets.insert(next);
        next
    }

    /// Takes the first error of one of these kinds.
    fn error(&mut self, kinds: &[&str]) -> Option<&'f str> {
        let errors = errors(self.value);
        let found = kinds
            .iter()
            .find_map(|kind| errors.iter().find(|error| error.name == **kind))?;
        Some(self.take(found))
    }

    fn take(&mut self, way: &Way<'f>) -> &'f str {
        self.taken.insert(way.name.clone());
        self.targets.insert(way.next);
        way.next
    }

    /// What is written in parameters that nobody has read, each with its path.
    fn unread(&self) -> Vec<(String, String)> {
        let mut unread = Vec::new();
        self.leaves(parameters(self.value), String::new(), &mut unread);
        unread
    }

    fn leaves(&self, value: &Value, path: String, unread: &mut Vec<(String, String)>) {
        if self.parameters.contains(path.as_str()) {
            return;
        }
        match value {
            Value::Object(table) => {
                for (name, value) in table {
                    let dot = if path.is_empty() { "" } else { "." };
                    self.leaves(value, format!("{path}{dot}{name}"), unread);
                }
            }
            value => unread.extend(json::written(value).map(|value| (path, value))),
        }
    }

    /// The ways that nothing here leads, and that lead elsewhere than those that something does.
    fn untaken(&self) -> Vec<Way<'f>> {
        let ways = conditions(self.value).into_iter();
        let ways = ways.chain(errors(self.value));
        let is_left =
            |way: &Way<'f>| !self.taken.contains(&way.name) && !self.targets.contains(way.next);
        ways.filter(is_left).collect()
    }
}

fn errors(action: &Value) -> Vec<Way<'_>> {
    let errors = json::list(transitions(action), "Errors").iter();
    let errors = errors.map(|error| Way {
        name: json::text(error, "ErrorType").to_owned(),
        operator: "",
        operand: "",
        next: json::text(error, "NextAction"),
    });
    errors.collect()
}

fn conditions(action: &Value) -> Vec<Way<'_>> {
    let mut ways = Vec::new();
    for condition in json::list(transitions(action), "Conditions") {
        let test = condition.get("Condition").unwrap_or(&Value::Null);
        let operator = json::text(test, "Operator");
        for operand in json::list(test, "Operands") {
            let operand = operand.as_str().unwrap_or("");
            ways.push(Way {
                name: format!("{operator} \"{operand}\""),
                operator,
                operand,
                next: json::text(condition, "NextAction"),
            });
        }
    }
    ways
}

impl Flows<'_> {
    /// Where an action leads when all is well.
    pub(super) fn next(&self, action: &mut Action<'_>) -> To {
        let next = action.next();
        self.to(action.flow, next)
    }

    /// Where an error leads, or the first of several.
    pub(super) fn error(&self, action: &mut Action<'_>, kinds: &[&str]) -> Option<To> {
        let next = action.error(kinds)?;
        Some(self.to(action.flow, next))
    }

    /// Where a call goes on when an action fails.
    pub(super) fn failed(&self, action: &mut Action<'_>) -> To {
        self.error(action, &[ANY_ERROR]).unwrap_or(To::HangUp)
    }

    /// The answers that are told apart, and where each leads.
    pub(super) fn conditions(&self, action: &mut Action<'_>) -> Vec<(String, String, To)> {
        let mut all = Vec::new();
        for way in conditions(action.value) {
            let to = self.to(action.flow, action.take(&way));
            all.push((way.operator.to_owned(), way.operand.to_owned(), to));
        }
        all
    }

    /// Where one answer leads.
    pub(super) fn condition(&self, action: &mut Action<'_>, answer: &str) -> Option<To> {
        let mut ways = conditions(action.value).into_iter();
        let way = ways.find(|way| way.operand.eq_ignore_ascii_case(answer))?;
        Some(self.to(action.flow, action.take(&way)))
    }

    /// Tells of what nobody has read of an action, in the notes, and at its step of ways that are left.
    pub(super) fn tell_unread(&mut self, action: &Action<'_>, is_quiet: bool) {
        if action.is_read {
            return;
        }
        for (path, value) in action.unread() {
            let value = shown(&value, VALUE_CHARS_MAX);
            let note = format!("{path} = {value} is not carried over");
            let tally = &mut self.draft.tally;
            match is_quiet {
                true => tally.remark(&action.place, note),
                false => tally.approximate(&action.place, note),
            }
        }
        let can_fail = errors(action.value)
            .iter()
            .any(|error| action.taken.contains(&error.name));
        for way in action.untaken() {
            if way.name == ANY_ERROR && !can_fail {
                self.unfailing.insert(action.kind().to_owned());
                continue;
            }
            let note = format!(
                "{} has a way of its own in the original; here nothing leads there",
                way.name
            );
            self.draft.tally.approximate(&action.place, note);
            let case = (way.name, self.to(action.flow, way.next));
            self.weave.case(&action.id, case, |on| {
                signpost(&action.id, on.clone(), on).at(&action.place)
            });
        }
    }

    /// Tells of what is written in a flow beside its actions.
    pub(super) fn tell_beside(&mut self, flow: usize) {
        let flow = &self.flows[flow];
        let table = flow.document.as_object().into_iter().flatten();
        for (name, value) in table.filter(|(name, _)| !READ.contains(&name.as_str())) {
            if let Some(value) = json::written(value) {
                let value = shown(&value, VALUE_CHARS_MAX);
                let note = format!("{name} = {value} of the flow is not carried over");
                let place = flow.places.get(flow.start());
                self.draft.tally.remark(&place, note);
            }
        }
    }

    /// Tells once of what may go wrong in a flow and cannot here.
    pub(super) fn tell_unfailing(&mut self, flow: usize) {
        let kinds = std::mem::take(&mut self.unfailing);
        if !kinds.is_empty() {
            let kinds = kinds.into_iter().collect::<Vec<String>>().join(", ");
            let note = format!(
                "{ANY_ERROR} of {kinds}: what the original does then is left out, for they cannot fail here"
            );
            let flow = &self.flows[flow];
            self.draft
                .tally
                .remark(&flow.places.get(flow.start()), note);
        }
    }
}
