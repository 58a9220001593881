//! Actions that decide where a call goes: hours, comparisons, loops.

use super::super::super::diagnostic::Place;
use super::super::super::graph::Via;
use super::super::branch::Lookup;
use super::super::branch::signpost;
use super::super::draft::Calendar;
use super::super::draft::Step;
use super::super::draft::To;
use super::super::json;
use super::Flows;
use super::plain;
use serde_json::Value;

/// What is to be said where a flow asks for agents before callers wait.
const AGENTS: &str = "the original looks whether there are agents; here the call goes on as if there \
                      were: see `no_agents` of a queue";
/// How often a loop is taken to go round where its count is only known during the call.
const LOOPS: u64 = 3;

impl Flows<'_> {
    pub(super) fn hours(&mut self, flow: usize, action: &Value, id: &str, place: &Place) {
        let parameters = action.get("Parameters").unwrap_or(&Value::Null);
        let named = plain(json::text(parameters, "HoursOfOperationId"));
        let name = if named.is_empty() {
            "hours-of-operation"
        } else {
            named
        };
        let todo = "the hours are kept in Connect and not in a flow: set them";
        self.draft.tally.approximate(place, todo);
        let calendar = self.draft.calendar(Calendar {
            name: name.to_owned(),
            open: vec!["mon-sun 00:00-24:00".to_owned()],
            todos: vec![todo.to_owned()],
        });
        let ways = self.conditions(flow, action);
        let way = |answer: &str| {
            let mut ways = ways.iter();
            let found = ways.find(|(_, operand, _)| operand.eq_ignore_ascii_case(answer));
            found.map_or(To::HangUp, |(_, _, to)| to.clone())
        };
        let mut step = Step::new("hours", id).at(place).text("calendar", calendar);
        step = step.exit(Via::Open, way("true"));
        step = step.exit(Via::Closed, way("false"));
        if let Some(failed) = self.error(flow, action, &["NoMatchingError"]) {
            step.cases
                .push(("the hours are not known".to_owned(), failed));
        }
        self.weave.step(step, "hours");
    }

    /// A loop that counts. It goes round until it has been gone through so often.
    pub(super) fn round(&mut self, flow: usize, action: &Value, id: &str, place: &Place) {
        let Some((count, on, done)) = self.counted(flow, action) else {
            let otherwise = self.next(flow, action);
            return self.compare(flow, action, id, place, otherwise);
        };
        let todo = format!(
            "the original goes the way of `open` {count} times, and then that of `closed`; here nothing \
             counts but `tries`"
        );
        self.draft.tally.approximate(place, &todo);
        let step = signpost(id, on, done).at(place).todo(todo);
        self.weave.step(step, "loop");
    }

    /// How often a loop goes round, where it goes meanwhile, and where it leads then.
    pub(super) fn counted(&self, flow: usize, action: &Value) -> Option<(u64, To, To)> {
        if json::text(action, "Type") != "Loop" {
            return None;
        }
        let ways = self.conditions(flow, action);
        let way = |answer: &str| {
            let mut ways = ways.iter();
            let found = ways.find(|(_, operand, _)| operand == answer);
            found.map(|(_, _, to)| to.clone())
        };
        let parameters = action.get("Parameters").unwrap_or(&Value::Null);
        let count = json::number(parameters, "LoopCount").unwrap_or(LOOPS);
        let done = way("DoneLooping").unwrap_or_else(|| self.next(flow, action));
        Some((count, way("ContinueLooping")?, done))
    }

    pub(super) fn compare(
        &mut self,
        flow: usize,
        action: &Value,
        id: &str,
        place: &Place,
        otherwise: To,
    ) {
        if self.values.answers.is_absorbed(id) {
            return;
        }
        let parameters = action.get("Parameters").unwrap_or(&Value::Null);
        let kind = json::text(action, "Type");
        let value = json::text(parameters, "ComparisonValue");
        let asks = format!("{kind} {value}").trim().to_owned();
        let ways = self.conditions(flow, action);
        // Whether there are agents is mostly asked to go on where there are.
        let asks_for_agents = json::text(parameters, "MetricType").starts_with("NumberOfAgents");
        let likely = ways
            .iter()
            .find(|(operator, ..)| operator.starts_with("NumberGreater"));
        let likely = likely
            .filter(|_| asks_for_agents)
            .map(|(_, _, to)| to.clone());
        let cases = ways
            .into_iter()
            .map(|(operator, operand, to)| match operator.as_str() {
                "Equals" => (operand, to),
                other => (format!("{other} {operand}"), to),
            });
        let note = match likely {
            Some(_) => AGENTS.to_owned(),
            None => {
                format!("{asks} cannot be decided here: the call goes the way of any other answer")
            }
        };
        self.draft.tally.approximate(place, note);
        let lookup = Lookup {
            asks,
            cases: cases.collect(),
            failed: otherwise.clone(),
            otherwise,
        };
        let mut step = lookup.step(id).at(place);
        if let Some(likely) = likely {
            let otherwise = std::mem::replace(&mut step.exits[0].1, likely);
            step.exits[1].1 = otherwise;
            step.todos = vec![AGENTS.to_owned()];
        }
        self.weave
            .step(step, &format!("branch-{}", plain_path(value)));
    }
}

/// `$.Attributes.AssignedFlow` as `AssignedFlow`.
fn plain_path(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}
