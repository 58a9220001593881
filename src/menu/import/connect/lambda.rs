//! `InvokeLambdaFunction`: a look-up, with what goes in, what comes out, and where each answer leads.

use super::super::super::diagnostic::Place;
use super::super::super::graph::Via;
use super::super::super::lookup::LOOKUP_FIELDS_MAX;
use super::super::super::lookup::TIMEOUTS;
use super::super::draft::Asked;
use super::super::draft::Step;
use super::super::names::kebab;
use super::Flows;
use super::plain;
use super::reference::Reference;
use super::reference::references;
use super::unread::Action;
use crate::exchange::time::Span;
use serde_json::Value;

/// What Connect waits for a function where nothing is said, and at most.
const TIMEOUT_S: u64 = 3;
const HOUR_S: u64 = 60 * 60;
/// A host that can never be there (RFC 2606): nobody is asked before somebody has written whom.
const NOWHERE: &str = "https://lambda.invalid";

/// Parameters by their names.
type Given = Vec<(String, String)>;

impl Flows<'_> {
    pub(super) fn ask(&mut self, action: &mut Action<'_>) {
        let function = plain(action.text("LambdaFunctionARN"));
        let seconds = action.number("InvocationTimeLimitSeconds");
        let seconds = seconds.unwrap_or(TIMEOUT_S);
        let asked = Span::seconds(seconds.min(HOUR_S));
        let timeout = asked.clamp(*TIMEOUTS.start(), *TIMEOUTS.end());
        let mut step = Step::new("lookup", &action.id).at(&action.place);
        if timeout != asked {
            let todo = format!(
                "Connect waits {seconds} s for the function; here {timeout} is the longest wait"
            );
            self.draft.tally.approximate(&action.place, &todo);
            step.add_todo(todo);
        }
        let todo = format!(
            "InvokeLambdaFunction {function}: set `url` to a service that answers as the function does, in JSON"
        );
        self.draft.tally.approximate(&action.place, &todo);
        step.add_todo(todo);
        let (body, unknown) = self.sent(action);
        for (name, value) in unknown {
            step.add_todo(format!(
                "the function was given {name} = {value}, which is not known here"
            ));
        }
        let save = self.kept(action, &mut step);
        let (branch, cases) = self.decided(action, &mut step);
        let failed = self.failed(action);
        let late = ["TimeLimitExceeded", "InvocationTimeLimitExceeded"];
        let late = self.error(action, &late);
        step.exits.push((Via::Failed, failed.clone()));
        step.exits.push((Via::TimedOut, late.unwrap_or(failed)));
        step.asked = Some(Asked {
            method: None,
            url: format!("{NOWHERE}/{}", kebab(function, "function")),
            timeout,
            body,
            save,
            branch,
            cases,
        });
        self.weave.step(step, &format!("lookup-{function}"));
    }

    /// What a function is given, and of that what nobody knows here. Connect tells it of the contact too,
    /// of which the caller's number is what functions look at.
    fn sent(&self, action: &mut Action<'_>) -> (Given, Given) {
        let mut body = vec![("caller".to_owned(), "{caller}".to_owned())];
        let mut unknown = Vec::new();
        let given = action.get("LambdaInvocationAttributes");
        for (name, value) in given.and_then(Value::as_object).into_iter().flatten() {
            let value = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            let known = self.filled(&action.id, &value);
            let is_taken = name == "caller" || body.len() == LOOKUP_FIELDS_MAX;
            match known.filter(|_| !is_taken) {
                Some(text) => body.push((name.clone(), text)),
                None => unknown.push((name.clone(), value)),
            }
        }
        (body, unknown)
    }

    /// A parameter with the names of what it refers to; none where something of that is not known here.
    fn filled(&self, id: &str, value: &str) -> Option<String> {
        let mut filled = String::new();
        let mut from = 0;
        for Reference { span, path } in references(value) {
            filled.push_str(&plain_text(&value[from..span.start]));
            filled.push_str(&self.values.known(id, &path)?.sent());
            from = span.end;
        }
        filled.push_str(&plain_text(&value[from..]));
        Some(filled)
    }

    /// The values of the answer that somebody looks at, with a word on where.
    fn kept(&self, action: &Action<'_>, step: &mut Step) -> Vec<(String, String)> {
        let answers = &self.values.answers;
        let uses = answers.uses(self.flows, action.flow, action.value());
        let mut save: Vec<(String, String)> = Vec::new();
        for used in &uses {
            let value = used.part.join(".");
            let Some(name) = self.values.answers.name(&used.value) else {
                step.add_todo(format!(
                    "the answer's {value} is one more than a line keeps"
                ));
                continue;
            };
            if save.iter().any(|(other, _)| other == name) {
                continue;
            }
            let same = uses.iter().filter(|other| other.value == used.value);
            let places = same.map(|used| self.shown(&used.place));
            let places = places.collect::<Vec<String>>().join(", ");
            step.add_todo(format!(
                "the answer's {value} is {{{name}}}, used at {places}"
            ));
            save.push((name.to_owned(), pointer(&used.part)));
        }
        save
    }

    pub(super) fn shown(&self, place: &Place) -> String {
        let (line, _) = self.sources.position(place.file, place.span.start);
        let path = &self.sources.get(place.file).path;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        format!("{name}:{line}")
    }

    /// The ways of a comparison to which the answer goes at once; else the way on.
    fn decided(
        &mut self,
        action: &mut Action<'_>,
        step: &mut Step,
    ) -> (Option<String>, Vec<String>) {
        let flows = self.flows;
        let answers = &self.values.answers;
        let flow = action.flow;
        let compared = answers.compared(&action.id).and_then(|compared| {
            let name = answers.name(&compared.value)?.to_owned();
            let compare = flows[flow].action(&compared.action)?;
            Some((Action::of(flows, flow, compare), name))
        });
        let Some((mut compare, name)) = compared else {
            step.exits.push((Via::Then, self.next(action)));
            return (None, Vec::new());
        };
        let mut cases: Vec<String> = Vec::new();
        let mut others: Vec<String> = Vec::new();
        for (operator, operand, to) in self.conditions(&mut compare) {
            let is_case = operator == "Equals" && !operand.is_empty() && operand != "any";
            if is_case && cases.contains(&operand) {
                continue;
            }
            if is_case && cases.len() < LOOKUP_FIELDS_MAX {
                step.exits.push((Via::Case(Some(cases.len() as u16)), to));
                cases.push(operand);
            } else {
                let case = format!("{{{name}}} {operator} \"{operand}\"");
                others.push(case.clone());
                step.cases.push((case, to));
            }
        }
        if !others.is_empty() {
            let note = format!(
                "a look-up tells apart values that are equal to others, and no more: {} goes the way of \
                 any other answer",
                others.join(", ")
            );
            match cases.is_empty() {
                true => self.draft.tally.skip(&compare.place, note),
                false => self.draft.tally.approximate(&compare.place, note),
            }
        }
        let otherwise = self.error(&mut compare, &["NoMatchingCondition"]);
        let otherwise = otherwise.unwrap_or_else(|| self.next(&mut compare));
        step.exits.push((Via::Case(None), otherwise));
        (Some(name), cases)
    }
}

/// A text that holds no placeholders.
fn plain_text(text: &str) -> String {
    text.replace(['{', '}'], "")
}

/// Where a part of an answer is (RFC 6901).
fn pointer(path: &[String]) -> String {
    let parts = path
        .iter()
        .map(|part| part.replace('~', "~0").replace('/', "~1"));
    parts.map(|part| format!("/{part}")).collect()
}
