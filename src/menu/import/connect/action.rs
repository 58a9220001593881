//! The actions of a flow, apart from those that ask for keys, decide or set something.

use super::super::super::graph::Via;
use super::super::super::queue::WAITS;
use super::super::branch::Lookup;
use super::super::branch::signpost;
use super::super::draft::Step;
use super::super::draft::To;
use super::super::draft::Value as Field;
use super::super::json;
use super::super::number;
use super::super::spoken::Spoken;
use super::super::transfer;
use super::Flow;
use super::Flows;
use super::id;
use super::message;
use super::plain;
use super::unread::Action;
use super::values;
use crate::exchange::time::Span;
use serde_json::Value;
use std::collections::BTreeSet;

/// Actions that callers do not notice.
const QUIET: [&str; 4] = [
    "UpdateFlowLoggingBehavior",
    "UpdateContactTextToSpeechVoice",
    "UpdateContactData",
    "TagContact",
];
/// Actions that set something which no line keeps, and what that is.
const SETTINGS: [(&str, &str); 4] = [
    (
        "UpdateContactEventHooks",
        "the flows for whispers, holding and waiting are not part of a line",
    ),
    (
        "UpdateContactRoutingBehavior",
        "a priority is `head_start` of a queue here",
    ),
    (
        TARGET_QUEUE,
        "the queue is named where callers are put into it",
    ),
    (
        "UpdateContactCallbackNumber",
        "callers are called back at the number they called from",
    ),
];
const ATTRIBUTES: &str = "UpdateContactAttributes";
pub(super) const TARGET_QUEUE: &str = "UpdateContactTargetQueue";
const MODULE: &str = "InvokeFlowModule";
/// Actions at which a call ends here.
const ENDS: [&str; 2] = ["DisconnectParticipant", "EndFlowExecution"];
/// What is looked up in other systems.
const LOOKUPS: [&str; 2] = ["GetCustomerProfile", "CheckVoiceId"];

/// Whether an action only leads on to the next one.
pub(super) fn leads_on(action: &Value) -> bool {
    let kind = json::text(action, "Type");
    kind == ATTRIBUTES || kind == "Wait" || is_quiet(kind) || setting(kind).is_some()
}

fn is_quiet(kind: &str) -> bool {
    QUIET.contains(&kind)
}

/// What is to be said of a setting.
fn setting(kind: &str) -> Option<&'static str> {
    let mut settings = SETTINGS.iter();
    Some(settings.find(|(setting, _)| *setting == kind)?.1)
}

impl Flows<'_> {
    pub(super) fn lower(&mut self, flow: usize) {
        let flows = self.flows;
        self.named_start(flow);
        let reached = flows[flow].reached();
        let mut seen = BTreeSet::new();
        for action in flows[flow].actions() {
            let name = json::text(action, "Identifier");
            let place = flows[flow].places.get(name);
            if !seen.insert(name) {
                let note = format!("there are several actions {name}: only the first is read");
                self.draft.tally.skip(&place, note);
                continue;
            }
            if !reached.contains(name) {
                let note = format!("no call of this flow comes to the action {name}");
                self.draft.tally.elsewhere(&place, 1, note);
                continue;
            }
            self.draft.tally.convert(&place);
            let mut action = Action::of(flows, flow, action);
            self.action(&mut action);
            self.tell_unread(&action, is_quiet(action.kind()));
        }
        self.tell_beside(flow);
        self.tell_unfailing(flow);
    }

    /// Says where calls begin if the flow names an action that it has not.
    fn named_start(&mut self, flow: usize) {
        let flow = &self.flows[flow];
        let named = json::text(&flow.document, "StartAction");
        if !flow.has(named) {
            let start = flow.start();
            let todo = format!(
                "the flow \"{}\" begins with the action \"{named}\", which is not in it: calls begin with {start}",
                flow.title()
            );
            self.draft.tally.approximate(&flow.places.get(start), &todo);
            self.draft.todos.push(todo);
        }
    }

    fn action(&mut self, action: &mut Action<'_>) {
        let flow = action.flow;
        match action.kind() {
            "MessageParticipant" => {
                let said = message::said(&self.flows[flow], action);
                let step = Step::new("say", &action.id).at(&action.place);
                let step = self.hear(step, said).exit(Via::Then, self.next(action));
                self.weave.step(step, "message");
            }
            "MessageParticipantIteratively" => self.iterate(action),
            "GetParticipantInput" => self.input(action),
            "TransferContactToQueue" | "DequeueContactAndTransferToQueue" => self.queue(action),
            "TransferToFlow" | "InvokeFlowModule" => self.other_flow(action),
            "EndFlowModuleExecution" => self.module_ends(action),
            "TransferParticipantToThirdParty" => self.call(action),
            "DisconnectParticipant" => self.weave.alias(&action.id, To::HangUp),
            "EndFlowExecution" => {
                let note =
                    "a flow that ends lets callers wait on in their queue; here the call ends";
                self.draft.tally.approximate(&action.place, note);
                self.weave.alias(&action.id, To::HangUp);
            }
            "CheckHoursOfOperation" => self.hours(action),
            "CreateCallbackContact" => self.callback(action),
            "Loop" => self.round(action),
            "Wait" => self.wait(action),
            "Compare" | "CheckMetricData" | "DistributeByPercentage" => {
                let otherwise = self.error(action, &["NoMatchingCondition"]);
                let otherwise = otherwise.unwrap_or_else(|| self.next(action));
                self.compare(action, otherwise);
            }
            "UpdateContactRecordingBehavior" => self.record(action),
            "InvokeLambdaFunction" => self.ask(action),
            kind if LOOKUPS.contains(&kind) => {
                let note = format!("{kind}: look-ups are written by hand");
                self.draft.tally.approximate(&action.place, note);
                let lookup = Lookup {
                    asks: kind.to_owned(),
                    cases: Vec::new(),
                    otherwise: self.next(action),
                    failed: self.failed(action),
                };
                let step = lookup.step(&action.id).at(&action.place);
                self.weave.step(step, "lookup");
            }
            kind if kind == ATTRIBUTES || is_quiet(kind) || setting(kind).is_some() => {
                match setting(kind) {
                    Some(note) => self.draft.tally.approximate(&action.place, note),
                    None if kind == ATTRIBUTES => self.keep(action),
                    None => self.speaks(action),
                }
                if kind == TARGET_QUEUE {
                    action.get("QueueId");
                }
                action.usual("CallbackNumber", "$.CustomerEndpoint.Address");
                let next = self.next(action);
                self.weave.alias(&action.id, next);
            }
            kind => {
                let todo = format!("the action {kind} has no counterpart");
                self.draft.tally.skip(&action.place, &todo);
                let (next, failed) = (self.next(action), self.failed(action));
                let step = signpost(&action.id, next, failed);
                self.weave
                    .step(step.at(&action.place).todo(todo), "unknown");
            }
        }
    }

    /// Music and messages while callers wait, until they are interrupted.
    fn iterate(&mut self, action: &mut Action<'_>) {
        let said = message::played(&self.flows[action.flow], action);
        let to = self.condition(action, "MessagesInterrupted");
        let to = to.unwrap_or_else(|| self.next(action));
        let every = action.text("InterruptFrequencySeconds");
        let note = format!(
            "this is heard over and over, and interrupted every {every} s; here once: `music` and \
             `announce` of a queue do this"
        );
        self.draft.tally.approximate(&action.place, &note);
        let step = self.hear(Step::new("say", &action.id).at(&action.place), said);
        self.weave
            .step(step.todo(note).exit(Via::Then, to), "waiting");
    }

    /// A call to a number outside. Here a call that is answered has left the line.
    fn call(&mut self, action: &mut Action<'_>) {
        let to = action.text("ThirdPartyPhoneNumber");
        let dialled = number::dialable(to);
        let mut step = Step::new("transfer", &action.id).at(&action.place);
        step = step.text("to", dialled.as_deref().unwrap_or(number::UNKNOWN));
        if dialled.is_none() {
            let todo = format!("set `to`: \"{to}\" is no telephone number before the call");
            self.draft.tally.approximate(&action.place, &todo);
            step.add_todo(todo);
        }
        // Mostly nobody answers.
        let failed = [
            "ConnectionTimeLimitExceeded",
            "CallFailed",
            "NoMatchingError",
        ];
        let failed = self.error(action, &failed).unwrap_or(To::HangUp);
        let leaves = action.text("ContinueFlowExecution");
        let after = self.next(action);
        if !leaves.eq_ignore_ascii_case("false") && !self.hangs_up(&after) {
            transfer::goes_on(&mut step, after, &action.place, &mut self.draft.tally);
        }
        self.weave.step(step.exit(Via::Failed, failed), "call");
    }

    fn queue(&mut self, action: &mut Action<'_>) {
        let mut step = Step::new("queue", &action.id).at(&action.place);
        let group = self.chosen_group(action, &mut step);
        let full = self.error(action, &["QueueAtCapacity"]);
        let failed = self.failed(action);
        let full = full.unwrap_or_else(|| failed.clone());
        let mut step = step.text("group", &group);
        step.add_todo("callers wait without end, as in the original: set `max_wait` and `timeout`");
        self.weave.step(
            step.exit(Via::Full, full).exit(Via::NoAgents, failed),
            &group,
        );
    }

    /// The group of the queue into which callers are put: the one that is named, or was chosen before.
    fn chosen_group(&mut self, action: &mut Action<'_>, step: &mut Step) -> String {
        let named = action.text("QueueId");
        let chosen: Vec<String> = match named.is_empty() {
            true => self.values.queues(&action.id).map(str::to_owned).collect(),
            false => vec![named.to_owned()],
        };
        let is_known = |queue: &&String| !queue.starts_with("$.");
        let queue = chosen.iter().find(is_known).cloned().unwrap_or_default();
        let group = self.group(action.flow, &queue);
        if chosen.len() > 1 {
            let names = chosen.iter().map(|queue| {
                let shown = shown_queue(&self.flows[action.flow], queue);
                shown.unwrap_or(plain(queue))
            });
            let names = names.collect::<Vec<&str>>().join(", ");
            let todo = format!(
                "callers come here for different queues, as chosen before: {names}; here all of them are put \
                 into {group}: give each queue a step of its own"
            );
            self.draft.tally.approximate(&action.place, &todo);
            step.add_todo(todo);
        }
        group
    }

    fn group(&mut self, flow: usize, queue: &str) -> String {
        let flows = self.flows;
        let shown = shown_queue(&flows[flow], queue);
        let name = shown.unwrap_or(plain(queue)).to_owned();
        let name = if name.is_empty() { "queue" } else { &name };
        let group = self.draft.groups.group(name);
        if shown.is_none() {
            group.todo(match queue.is_empty() {
                true => "which queue this is, Connect decides during the call".to_owned(),
                false => format!("Connect knows this queue as {queue}: give it a name"),
            });
        }
        group.name.clone()
    }

    fn other_flow(&mut self, action: &mut Action<'_>) {
        let flow = plain(action.text("ContactFlowId"));
        let module = plain(action.text("FlowModuleId"));
        if let Some((flow, start)) = super::other_flow(self.flows, action.value()) {
            let to = self.to(flow, start);
            self.weave.alias(&action.id, to);
            return;
        }
        let name = if flow.is_empty() { module } else { flow };
        let is_module = action.kind() == MODULE;
        let todo =
            format!("the flow \"{name}\" is not in these files: import it together with this one");
        self.draft.tally.approximate(&action.place, &todo);
        let open = match is_module {
            true => self.next(action),
            false => To::HangUp,
        };
        let failed = self.failed(action);
        let step = signpost(&action.id, open, failed);
        let step = step.at(&action.place).todo(todo);
        self.weave.step(step, &format!("flow-{name}"));
    }

    /// The end of a module: calls go on behind where they came from.
    fn module_ends(&mut self, action: &Action<'_>) {
        let mut behind: Vec<To> = Vec::new();
        for (flow, other) in values::all(self.flows) {
            let calls = json::text(other, "Type") == MODULE
                && super::other_flow(self.flows, other).is_some_and(|at| at.0 == action.flow);
            if calls {
                let next = self.next(&mut Action::of(self.flows, flow, other));
                if !behind.contains(&next) {
                    behind.push(next);
                }
            }
        }
        let first = behind.first().cloned().unwrap_or(To::HangUp);
        if behind.len() < 2 {
            return self.weave.alias(&action.id, first);
        }
        let todo = "the original goes on behind where this module was called; here always behind the first";
        self.draft.tally.approximate(&action.place, todo);
        let mut step = signpost(&action.id, first.clone(), first).at(&action.place);
        step.add_todo(todo);
        let others = behind.into_iter().skip(1);
        let others = others.map(|to| ("it was called elsewhere".to_owned(), to));
        step.cases.extend(others);
        self.weave.step(step, "module-ends");
    }

    /// Whether a way leads to the end of the call, and to nothing else.
    fn hangs_up(&self, to: &To) -> bool {
        let ends = |flow: usize, action: &Value| {
            ENDS.contains(&json::text(action, "Type"))
                && *to == To::Step(id(flow, json::text(action, "Identifier")))
        };
        *to == To::HangUp || values::all(self.flows).any(|(flow, action)| ends(flow, action))
    }

    fn callback(&mut self, action: &mut Action<'_>) {
        let mut step = Step::new("callback", &action.id).at(&action.place);
        let group = self.chosen_group(action, &mut step);
        // Its agents call back: there has to be a queue, though no caller waits in it.
        let queue_id = format!("{}/queue", action.id);
        let mut agents = Step::new("queue", &queue_id).text("group", &group);
        agents.add_todo("nobody is put into this queue here: its agents call back");
        let agents = agents
            .exit(Via::Full, To::HangUp)
            .exit(Via::NoAgents, To::HangUp);
        self.weave.step(agents, &group);
        let attempts = action.number("MaximumConnectionAttempts");
        let attempts = attempts.unwrap_or(1).clamp(1, 10);
        let retry = action.number("RetryDelaySeconds").unwrap_or(600);
        let retry = Span::seconds(retry.clamp(10, 24 * 60 * 60));
        let step = step
            .say(Spoken::text("We will call you back."))
            .set("queue", Field::Step(queue_id))
            .set("attempts", Field::Whole(attempts as i64))
            .time("retry", retry, WAITS)
            .exit(Via::Then, self.next(action))
            .exit(Via::Refused, self.failed(action))
            .todo("Connect says nothing here: take out what was said just before, or this");
        self.weave.step(step, "callback");
    }
}

/// The name that the editor shows for a queue.
fn shown_queue<'f>(flow: &'f Flow, queue: &str) -> Option<&'f str> {
    let metadata = flow
        .document
        .get("Metadata")
        .and_then(|at| at.get("ActionMetadata"));
    let mut shown = metadata
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(|all| all.values());
    shown.find_map(|at| {
        let named = at
            .get("queue")
            .or_else(|| at.get("parameters")?.get("QueueId"))?;
        let is_this = json::text(named, "id") == queue && !queue.is_empty();
        let name = [json::text(named, "text"), json::text(named, "displayName")];
        name.into_iter().find(|name| is_this && !name.is_empty())
    })
}
