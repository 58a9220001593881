//! `InvokeLambdaFunction`: a look-up, with what goes in, what comes out, and where each answer leads.

use super::super::super::diagnostic::Place;
use super::super::super::graph::Via;
use super::super::super::lookup::LOOKUP_FIELDS_MAX;
use super::super::super::lookup::TIMEOUTS;
use super::super::draft::Asked;
use super::super::draft::Step;
use super::super::draft::To;
use super::super::json;
use super::super::names::kebab;
use super::Flows;
use super::answers;
use super::plain;
use crate::exchange::time::Span;
use serde_json::Value;

/// What Connect waits for a function where nothing is said, and at most.
const TIMEOUT_S: u64 = 3;
/// A host that can never be there (RFC 2606): nobody is asked before somebody has written whom.
const NOWHERE: &str = "https://lambda.invalid";

/// Parameters by their names.
type Given = Vec<(String, String)>;

impl Flows<'_> {
    pub(super) fn ask(&mut self, flow: usize, action: &Value, id: &str, place: &Place) {
        let parameters = action.get("Parameters").unwrap_or(&Value::Null);
        let function = plain(json::text(parameters, "LambdaFunctionARN"));
        let seconds = json::number(parameters, "InvocationTimeLimitSeconds").unwrap_or(TIMEOUT_S);
        let timeout = Span::seconds(seconds.min(60)).clamp(*TIMEOUTS.start(), *TIMEOUTS.end());
        let mut step = Step::new("lookup", id).at(place);
        let todo = format!(
            "InvokeLambdaFunction {function}: set `url` to a service that answers as the function does, in JSON"
        );
        self.draft.tally.approximate(place, &todo);
        step.add_todo(todo);
        let (body, unknown) = self.sent(parameters);
        for (name, value) in unknown {
            step.add_todo(format!(
                "the function was given {name} = {value}, which is not known here"
            ));
        }
        let save = self.kept(flow, action, &mut step);
        let (branch, cases) = self.decided(flow, action, id, &mut step);
        let failed = self.error(flow, action, &["NoMatchingError"]);
        let failed = failed.unwrap_or(To::HangUp);
        let late = self.error(
            flow,
            action,
            &["TimeLimitExceeded", "InvocationTimeLimitExceeded"],
        );
        step.exits.push((Via::Failed, failed.clone()));
        step.exits.push((Via::TimedOut, late.unwrap_or(failed)));
        step.asked = Some(Asked {
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
    fn sent(&self, parameters: &Value) -> (Given, Given) {
        let mut body = vec![("caller".to_owned(), "{caller}".to_owned())];
        let mut unknown = Vec::new();
        let given = parameters.get("LambdaInvocationAttributes");
        for (name, value) in given.and_then(Value::as_object).into_iter().flatten() {
            let value = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            let known = match value.as_str() {
                "$.CustomerEndpoint.Address" => Some("{caller}".to_owned()),
                "$.StoredCustomerInput" if self.stores_input() => {
                    Some("{customer-input}".to_owned())
                }
                path if path.starts_with("$.") => {
                    let external = path.strip_prefix("$.External.");
                    let name = external.and_then(|value| self.answers.name(value));
                    name.map(|name| format!("{{{name}}}"))
                }
                plain => Some(plain.replace(['{', '}'], "")),
            };
            let is_taken = name == "caller" || body.len() == LOOKUP_FIELDS_MAX;
            match known.filter(|_| !is_taken) {
                Some(text) => body.push((name.clone(), text)),
                None => unknown.push((name.clone(), value)),
            }
        }
        (body, unknown)
    }

    /// Whether an entry of the caller is kept somewhere.
    fn stores_input(&self) -> bool {
        let mut actions = self.flows.iter().flat_map(|flow| flow.actions());
        actions.any(|action| {
            let stores = action
                .get("Parameters")
                .map(|at| json::text(at, "StoreInput"));
            stores.is_some_and(|stores| stores.eq_ignore_ascii_case("true"))
        })
    }

    /// The values of the answer that somebody looks at, with a word on where.
    fn kept(&self, flow: usize, action: &Value, step: &mut Step) -> Vec<(String, String)> {
        let uses = answers::uses(self.flows, flow, action);
        let mut save: Vec<(String, String)> = Vec::new();
        for used in &uses {
            let value = &used.value;
            let Some(name) = self.answers.name(value) else {
                step.add_todo(format!(
                    "the answer's {value} is one more than a line keeps"
                ));
                continue;
            };
            if save.iter().any(|(other, _)| other == name) {
                continue;
            }
            let same = uses.iter().filter(|other| other.value == *value);
            let places = same.map(|used| self.shown(&used.place));
            let places = places.collect::<Vec<String>>().join(", ");
            step.add_todo(format!(
                "the answer's {value} is {{{name}}}, used at {places}"
            ));
            // `~` and `/` do not occur in such a name (RFC 6901).
            save.push((name.to_owned(), format!("/{value}")));
        }
        save
    }

    fn shown(&self, place: &Place) -> String {
        let (line, _) = self.sources.position(place.file, place.span.start);
        let path = &self.sources.get(place.file).path;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        format!("{name}:{line}")
    }

    /// The ways of a comparison to which the answer goes at once; else the way on.
    fn decided(
        &self,
        flow: usize,
        action: &Value,
        id: &str,
        step: &mut Step,
    ) -> (Option<String>, Vec<String>) {
        let compared = self.answers.compared(id).and_then(|compared| {
            let name = self.answers.name(&compared.value)?.to_owned();
            Some((self.flows[flow].action(&compared.action)?, name))
        });
        let Some((compare, name)) = compared else {
            step.exits.push((Via::Then, self.next(flow, action)));
            return (None, Vec::new());
        };
        let mut cases: Vec<String> = Vec::new();
        for (operator, operand, to) in self.conditions(flow, compare) {
            let is_case = operator == "Equals" && !operand.is_empty() && operand != "any";
            if cases.contains(&operand) {
                continue;
            }
            if is_case && cases.len() < LOOKUP_FIELDS_MAX {
                step.exits.push((Via::Case(Some(cases.len() as u16)), to));
                cases.push(operand);
            } else {
                step.cases
                    .push((format!("{{{name}}} {operator} \"{operand}\""), to));
            }
        }
        let otherwise = self.error(flow, compare, &["NoMatchingCondition"]);
        let otherwise = otherwise.unwrap_or_else(|| self.next(flow, compare));
        step.exits.push((Via::Case(None), otherwise));
        (Some(name), cases)
    }
}
