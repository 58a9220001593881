//! The actions of a flow, apart from those that ask for keys, decide or set something.

use super::super::super::diagnostic::Place;
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
use super::Flows;
use super::id;
use super::message;
use super::plain;
use crate::exchange::time::Span;
use serde_json::Value;
use std::collections::BTreeSet;

/// Actions that callers do not notice.
const QUIET: [&str; 5] = [
    "UpdateFlowLoggingBehavior",
    "UpdateContactTextToSpeechVoice",
    "UpdateContactData",
    "TagContact",
    "Wait",
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
        "UpdateContactTargetQueue",
        "the queue is named where callers are put into it",
    ),
    (
        "UpdateContactCallbackNumber",
        "callers are called back at the number they called from",
    ),
];
const ATTRIBUTES: &str = "UpdateContactAttributes";
/// What is looked up in other systems.
const LOOKUPS: [&str; 2] = ["GetCustomerProfile", "CheckVoiceId"];

/// Whether an action only leads on to the next one.
pub(super) fn leads_on(action: &Value) -> bool {
    let kind = json::text(action, "Type");
    let is_setting = SETTINGS.iter().any(|(setting, _)| *setting == kind);
    is_setting || kind == ATTRIBUTES || QUIET.contains(&kind)
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
            self.action(flow, action, &id(flow, name), &place);
        }
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

    fn action(&mut self, flow: usize, action: &Value, id: &str, place: &Place) {
        let parameters = action.get("Parameters").unwrap_or(&Value::Null);
        let name = json::text(action, "Identifier");
        let next = self.next(flow, action);
        let failed = self
            .error(flow, action, &["NoMatchingError"])
            .unwrap_or(To::HangUp);
        let kind = json::text(action, "Type");
        match kind {
            "MessageParticipant" => {
                let said = message::said(&self.flows[flow], name, parameters);
                let step = self.hear(Step::new("say", id).at(place), said);
                self.weave.step(step.exit(Via::Then, next), "message");
            }
            "MessageParticipantIteratively" => self.iterate(flow, action, id, place),
            "GetParticipantInput" => self.input(flow, action, id, place),
            "TransferContactToQueue" | "DequeueContactAndTransferToQueue" => {
                self.queue(flow, action, id, place);
            }
            "TransferToFlow" | "InvokeFlowModule" => {
                self.other_flow(action, id, place, next, failed);
            }
            "TransferParticipantToThirdParty" => {
                let to = json::text(parameters, "ThirdPartyPhoneNumber");
                let dialled = number::dialable(to);
                let mut step = Step::new("transfer", id).at(place);
                step = step.text("to", dialled.as_deref().unwrap_or(number::UNKNOWN));
                if dialled.is_none() {
                    let todo = format!("set `to`: \"{to}\" is no telephone number before the call");
                    self.draft.tally.approximate(place, &todo);
                    step.add_todo(todo);
                }
                self.weave.step(step.exit(Via::Failed, failed), "call");
            }
            "DisconnectParticipant" => self.weave.alias(id, To::HangUp),
            "EndFlowExecution" => {
                let note =
                    "a flow that ends lets callers wait on in their queue; here the call ends";
                self.draft.tally.approximate(place, note);
                self.weave.alias(id, To::HangUp);
            }
            "CheckHoursOfOperation" => self.hours(flow, action, id, place),
            "CreateCallbackContact" => self.callback(flow, action, id, place),
            "Loop" => self.round(flow, action, id, place),
            "Compare" | "CheckMetricData" | "DistributeByPercentage" => {
                let otherwise = self
                    .error(flow, action, &["NoMatchingCondition"])
                    .unwrap_or(next);
                self.compare(flow, action, id, place, otherwise);
            }
            ATTRIBUTES => {
                self.keep(action, id, place);
                self.weave.alias(id, next);
            }
            "UpdateContactRecordingBehavior" => self.record(parameters, id, place, next),
            "InvokeLambdaFunction" => self.ask(flow, action, id, place),
            kind if LOOKUPS.contains(&kind) => {
                let note = format!("{kind}: look-ups are written by hand");
                self.draft.tally.approximate(place, note);
                let lookup = Lookup {
                    asks: kind.to_owned(),
                    cases: Vec::new(),
                    otherwise: next,
                    failed,
                };
                self.weave.step(lookup.step(id).at(place), "lookup");
            }
            kind if QUIET.contains(&kind) => {
                self.speaks(parameters, place);
                self.weave.alias(id, next);
            }
            kind => match SETTINGS.iter().find(|(setting, _)| *setting == kind) {
                Some((_, note)) => {
                    self.draft.tally.approximate(place, *note);
                    self.weave.alias(id, next);
                }
                None => {
                    let todo = format!("the action {kind} has no counterpart");
                    self.draft.tally.skip(place, &todo);
                    let step = signpost(id, next, failed).at(place).todo(todo);
                    self.weave.step(step, "unknown");
                }
            },
        }
    }

    /// Music and messages while callers wait, until they are interrupted.
    fn iterate(&mut self, flow: usize, action: &Value, id: &str, place: &Place) {
        let parameters = action.get("Parameters").unwrap_or(&Value::Null);
        let name = json::text(action, "Identifier");
        let said = message::played(&self.flows[flow], name, parameters);
        let interrupted = self.conditions(flow, action).into_iter().next();
        let to = interrupted.map_or_else(|| self.next(flow, action), |(_, _, to)| to);
        let every = json::text(parameters, "InterruptFrequencySeconds");
        let note = format!(
            "this is heard over and over, and interrupted every {every} s; here once: `music` and \
             `announce` of a queue do this"
        );
        self.draft.tally.approximate(place, &note);
        let step = self.hear(Step::new("say", id).at(place), said).todo(note);
        self.weave.step(step.exit(Via::Then, to), "waiting");
    }

    fn queue(&mut self, flow: usize, action: &Value, id: &str, place: &Place) {
        let parameters = action.get("Parameters").unwrap_or(&Value::Null);
        let named = json::text(parameters, "QueueId").to_owned();
        let queue = if named.is_empty() {
            self.target_queue(flow)
        } else {
            named
        };
        let group = self.group(flow, &queue);
        let full = self.error(flow, action, &["QueueAtCapacity"]);
        let failed = self
            .error(flow, action, &["NoMatchingError"])
            .unwrap_or(To::HangUp);
        let full = full.unwrap_or_else(|| failed.clone());
        let mut step = Step::new("queue", id).at(place).text("group", &group);
        step.add_todo("callers wait without end, as in the original: set `max_wait` and `timeout`");
        self.weave.step(
            step.exit(Via::Full, full).exit(Via::NoAgents, failed),
            &group,
        );
    }

    /// The queue that a flow chooses, if it is always the same.
    fn target_queue(&self, flow: usize) -> String {
        let actions = self.flows[flow].actions().iter();
        let setting = actions.filter(|at| json::text(at, "Type") == "UpdateContactTargetQueue");
        let queues = setting.filter_map(|at| at.get("Parameters"));
        let mut queues = queues.map(|at| json::text(at, "QueueId"));
        queues
            .find(|queue| !queue.starts_with("$."))
            .unwrap_or("")
            .to_owned()
    }

    fn group(&mut self, flow: usize, queue: &str) -> String {
        let metadata = self.flows[flow]
            .document
            .get("Metadata")
            .and_then(|at| at.get("ActionMetadata"));
        let mut shown = metadata
            .and_then(Value::as_object)
            .into_iter()
            .flat_map(|all| all.values());
        let shown = shown.find_map(|at| {
            let named = at
                .get("queue")
                .or_else(|| at.get("parameters")?.get("QueueId"))?;
            let is_this = json::text(named, "id") == queue && !queue.is_empty();
            let name = [json::text(named, "text"), json::text(named, "displayName")];
            name.into_iter().find(|name| is_this && !name.is_empty())
        });
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

    fn other_flow(&mut self, action: &Value, id: &str, place: &Place, next: To, failed: To) {
        let parameters = action.get("Parameters").unwrap_or(&Value::Null);
        if let Some((flow, start)) = super::other_flow(self.flows, action) {
            let to = self.to(flow, start);
            self.weave.alias(id, to);
            return;
        }
        let flow = json::text(parameters, "ContactFlowId");
        let module = json::text(parameters, "FlowModuleId");
        let name = plain(if flow.is_empty() { module } else { flow });
        let is_module = json::text(action, "Type") == "InvokeFlowModule";
        let todo =
            format!("the flow \"{name}\" is not in these files: import it together with this one");
        self.draft.tally.approximate(place, &todo);
        let open = if is_module { next } else { To::HangUp };
        let step = signpost(id, open, failed).at(place).todo(todo);
        self.weave.step(step, &format!("flow-{name}"));
    }

    fn callback(&mut self, flow: usize, action: &Value, id: &str, place: &Place) {
        let parameters = action.get("Parameters").unwrap_or(&Value::Null);
        let named = json::text(parameters, "QueueId").to_owned();
        let queue = if named.is_empty() {
            self.target_queue(flow)
        } else {
            named
        };
        let group = self.group(flow, &queue);
        // Its agents call back: there has to be a queue, though no caller waits in it.
        let queue_id = format!("{id}/queue");
        let failed = self
            .error(flow, action, &["NoMatchingError"])
            .unwrap_or(To::HangUp);
        let mut agents = Step::new("queue", &queue_id).text("group", &group);
        agents.add_todo("nobody is put into this queue here: its agents call back");
        let agents = agents
            .exit(Via::Full, To::HangUp)
            .exit(Via::NoAgents, To::HangUp);
        self.weave.step(agents, &group);
        let attempts = json::number(parameters, "MaximumConnectionAttempts")
            .unwrap_or(1)
            .clamp(1, 10);
        let retry = json::number(parameters, "RetryDelaySeconds").unwrap_or(600);
        let retry = Span::seconds(retry.clamp(10, 24 * 60 * 60));
        let step = Step::new("callback", id).at(place);
        let step = step
            .say(Spoken::text("We will call you back."))
            .set("queue", Field::Step(queue_id))
            .set("attempts", Field::Whole(attempts as i64))
            .time("retry", retry, WAITS)
            .exit(Via::Then, self.next(flow, action))
            .exit(Via::Refused, failed)
            .todo("Connect says nothing here: take out what was said just before, or this");
        self.weave.step(step, "callback");
    }
}
