//! Actions that decide where a call goes: hours, comparisons, loops.

use super::super::super::graph::Via;
use super::super::branch::Lookup;
use super::super::branch::signpost;
use super::super::draft::Calendar;
use super::super::draft::Step;
use super::super::draft::To;
use super::Flows;
use super::plain;
use super::unread::Action;

/// What is to be said where a flow asks for agents before callers wait.
const AGENTS: &str = "the original looks whether there are agents; here the call goes on as if there \
                      were: see `no_agents` of a queue";
/// How often a loop is taken to go round where its count is only known during the call.
const LOOPS: u64 = 3;

impl Flows<'_> {
    pub(super) fn hours(&mut self, action: &mut Action<'_>) {
        let named = plain(action.text("HoursOfOperationId"));
        let name = if named.is_empty() {
            "hours-of-operation"
        } else {
            named
        };
        let todo = "the hours are kept in Connect and not in a flow: set them";
        self.draft.tally.approximate(&action.place, todo);
        let calendar = self.draft.calendar(Calendar {
            name: name.to_owned(),
            open: vec!["mon-sun 00:00-24:00".to_owned()],
            todos: vec![todo.to_owned()],
        });
        let open = self.condition(action, "true").unwrap_or(To::HangUp);
        let closed = self.condition(action, "false").unwrap_or(To::HangUp);
        let step = Step::new("hours", &action.id).at(&action.place);
        let step = step.text("calendar", calendar);
        let mut step = step.exit(Via::Open, open).exit(Via::Closed, closed);
        if let Some(failed) = self.error(action, &["NoMatchingError"]) {
            step.cases
                .push(("the hours are not known".to_owned(), failed));
        }
        self.weave.step(step, "hours");
    }

    /// A pause. Here a call goes on at once.
    pub(super) fn wait(&mut self, action: &mut Action<'_>) {
        let note = format!(
            "callers wait {} s here in the original, and not at all here",
            action.text("TimeLimitSeconds")
        );
        self.draft.tally.approximate(&action.place, note);
        let done = self.condition(action, "WaitCompleted");
        let on = done.unwrap_or_else(|| self.next(action));
        self.weave.alias(&action.id, on);
    }

    /// A loop that counts. It goes round until it has been gone through so often.
    pub(super) fn round(&mut self, action: &mut Action<'_>) {
        let Some((count, on, done)) = self.counted(action) else {
            let otherwise = self.next(action);
            return self.compare(action, otherwise);
        };
        let todo = format!(
            "the original goes the way of `open` {count} times, and then that of `closed`; here nothing \
             counts but `tries`"
        );
        self.draft.tally.approximate(&action.place, &todo);
        let step = signpost(&action.id, on, done).at(&action.place).todo(todo);
        self.weave.step(step, "loop");
    }

    /// How often a loop goes round, where it goes meanwhile, and where it leads then.
    pub(super) fn counted(&self, action: &mut Action<'_>) -> Option<(u64, To, To)> {
        if action.kind() != "Loop" {
            return None;
        }
        let count = action.number("LoopCount").unwrap_or(LOOPS);
        let done = self.condition(action, "DoneLooping");
        let done = done.unwrap_or_else(|| self.next(action));
        Some((count, self.condition(action, "ContinueLooping")?, done))
    }

    pub(super) fn compare(&mut self, action: &mut Action<'_>, otherwise: To) {
        if self.values.answers.is_absorbed(&action.id) {
            return action.is_read();
        }
        let kind = action.kind();
        let value = action.text("ComparisonValue");
        let asks = format!("{kind} {value}").trim().to_owned();
        let ways = self.conditions(action);
        // Whether there are agents is mostly asked to go on where there are.
        let metric = action.text("MetricType");
        let asks_for_agents = metric.starts_with("NumberOfAgents");
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
        self.draft.tally.approximate(&action.place, note);
        let lookup = Lookup {
            asks,
            cases: cases.collect(),
            failed: otherwise.clone(),
            otherwise,
        };
        let mut step = lookup.step(&action.id).at(&action.place);
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
