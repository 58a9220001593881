//! Twilio Studio: the states of a flow, each with its transitions.

mod gather;
mod request;
mod template;
mod unused;
mod widget;

use super::super::diagnostic::Diagnostic;
use super::super::diagnostic::Diagnostics;
use super::super::diagnostic::Place;
use super::super::diagnostic::Severity;
use super::super::source::FileId;
use super::super::source::Sources;
use super::super::value;
use super::Request;
use super::are_few;
use super::draft::Draft;
use super::draft::To;
use super::json;
use super::json::Places;
use super::weave::Weave;
use serde_json::Value;
use std::collections::BTreeSet;
use template::Answers;

/// A flow while it is being read.
pub(super) struct Flow<'v> {
    states: &'v [Value],
    places: Places,
    weave: Weave,
    draft: &'v mut Draft,
    /// Splits that belong to a gathering of digits, and are part of its menu.
    taken: BTreeSet<&'v str>,
    answers: Answers,
}

/// Reads one flow.
pub(super) fn read(
    request: &Request,
    files: &[FileId],
    sources: &Sources,
    out: &mut Diagnostics,
) -> Option<Draft> {
    let file = *files.first()?;
    if let Some(more) = files.get(1) {
        let place = Place {
            file: *more,
            span: 0..0,
        };
        let message = "a flow is one file: import each of them by itself";
        out.push(Diagnostic::error("bad-value", place, message));
        return None;
    }
    let document = json::parse(file, sources, out)?;
    // The API wraps what the editor exports.
    let flow = document.get("definition").unwrap_or(&document);
    let states = json::list(flow, "states");
    if states.is_empty() {
        let place = Place { file, span: 0..0 };
        let message = match flow.get("states") {
            Some(Value::Array(_)) => "this flow has nothing in it: its `states` are empty",
            _ => "this is no flow of Twilio Studio: it has no `states`",
        };
        let diagnostic = Diagnostic::error("nothing-to-import", place, message);
        let help = match document.get("Actions") {
            Some(_) => "it looks like Amazon Connect: `strowger import connect`",
            None => "in Studio, choose \"Show Flow JSON\" and save what it shows",
        };
        out.push(diagnostic.help(help));
        return None;
    }
    if !are_few(states.len(), "states", file, out) {
        return None;
    }
    let mut draft = Draft {
        language: language(states),
        title: title(flow),
        ..Draft::default()
    };
    let mut flow = Flow {
        states,
        places: Places::of(file, "name", sources),
        weave: Weave::default(),
        draft: &mut draft,
        taken: BTreeSet::new(),
        answers: Answers::default(),
    };
    let start = flow.start(
        request,
        json::text(flow_of(&document), "initial_state"),
        out,
    )?;
    flow.lower();
    let weave = std::mem::take(&mut flow.weave);
    if let To::Step(name) = weave.finish(&start, &mut draft) {
        draft.start = name;
    }
    Some(draft)
}

fn flow_of(document: &Value) -> &Value {
    document.get("definition").unwrap_or(document)
}

fn title(flow: &Value) -> String {
    let title = [
        json::text(flow, "friendly_name"),
        json::text(flow, "description"),
    ];
    let title = title.into_iter().find(|title| !title.is_empty());
    title.unwrap_or("Studio flow").to_owned()
}

/// The language of the first widget that names one.
fn language(states: &[Value]) -> String {
    let languages = states.iter().filter_map(|state| state.get("properties"));
    let mut languages = languages.map(|properties| json::text(properties, "language"));
    let tag = languages.find(|tag| !tag.is_empty()).unwrap_or("en");
    let good = tag.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if good {
        tag.to_owned()
    } else {
        "en".to_owned()
    }
}

impl<'v> Flow<'v> {
    fn state(&self, name: &str) -> Option<&'v Value> {
        self.states
            .iter()
            .find(|state| json::text(state, "name") == name)
    }

    fn place(&self, name: &str) -> Place {
        self.places.get(name)
    }

    /// Where an event leads; a transition without a `next` drops the call.
    fn next(&self, state: &Value, event: &str) -> To {
        let mut transitions = json::list(state, "transitions").iter();
        let found = transitions.find(|transition| json::text(transition, "event") == event);
        match found.map(|transition| json::text(transition, "next")) {
            Some(next) if self.state(next).is_some() => To::Step(next.to_owned()),
            _ => To::HangUp,
        }
    }

    /// The state in which calls begin: the one that is asked for, or where an incoming call leads.
    fn start(&self, request: &Request, initial: &str, out: &mut Diagnostics) -> Option<To> {
        if let Some(wanted) = &request.start {
            if self.state(wanted).is_none() {
                let message = format!("no state is called \"{wanted}\", which `--start` names");
                let names = self.states.iter().map(|state| json::text(state, "name"));
                let mut diagnostic =
                    Diagnostic::new("unknown-start", Severity::Error, None, message);
                diagnostic.help = value::suggestion(wanted, names);
                out.push(diagnostic);
                return None;
            }
            return Some(To::Step(wanted.clone()));
        }
        let is_trigger = |state: &&Value| json::text(state, "type") == "trigger";
        let trigger = self
            .state(initial)
            .or_else(|| self.states.iter().find(is_trigger));
        Some(match trigger {
            Some(trigger) if is_trigger(&trigger) => self.next(trigger, "incomingCall"),
            Some(state) => To::Step(json::text(state, "name").to_owned()),
            None => To::Step(json::text(&self.states[0], "name").to_owned()),
        })
    }

    fn lower(&mut self) {
        let states = self.states;
        let entries: Vec<String> = states
            .iter()
            .filter_map(|state| self.entry(state))
            .collect();
        self.answers = Answers::of(states, &entries);
        for state in states {
            self.take_split(state);
        }
        let mut seen = BTreeSet::new();
        for state in states {
            let name = json::text(state, "name");
            self.draft.tally.convert(&self.places.get(name));
            if seen.insert(name) {
                self.widget(state, name);
                self.tell_unused(state, name);
            } else {
                let note = format!("two states are called \"{name}\"");
                self.draft.tally.skip(&self.places.get(name), note);
            }
        }
    }

    /// Notes every transition that drops the call without a word.
    fn drops(&mut self, state: &Value, events: &[&str]) {
        let name = json::text(state, "name");
        for event in events {
            if self.next(state, event) == To::HangUp {
                let note = format!("`{event}` of \"{name}\" leads nowhere: the call is dropped");
                self.draft.tally.remark(&self.places.get(name), note);
            }
        }
    }
}
