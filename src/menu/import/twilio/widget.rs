//! The widgets of a flow, apart from those that gather digits.

use super::super::super::diagnostic::Place;
use super::super::super::graph::Via;
use super::super::branch::Lookup;
use super::super::branch::signpost;
use super::super::draft::Step;
use super::super::draft::To;
use super::super::json;
use super::super::names::kebab;
use super::super::number;
use super::super::record::longest;
use super::super::recording;
use super::super::spoken::Sound;
use super::super::spoken::Spoken;
use super::super::transfer;
use super::Flow;
use super::gather::reads;
use super::template::Piece;
use super::template::pieces;
use serde_json::Value;

/// Stands for a placeholder until the text around it has lost its braces.
const KNOWN: char = '\u{e000}';

impl<'v> Flow<'v> {
    pub(super) fn widget(&mut self, state: &'v Value, name: &str) {
        let empty = Value::Null;
        let properties = state.get("properties").unwrap_or(&empty);
        let place = self.place(name);
        match json::text(state, "type") {
            "trigger" => {
                let to = self.next(state, "incomingCall");
                self.weave.alias(name, to);
            }
            "gather-input-on-call" => self.gather(state, name),
            "split-based-on" if self.taken.contains(name) => {
                // Others may lead here too: for them nothing new is entered.
                let to = self.next(state, "noMatch");
                self.weave.alias(name, to);
            }
            "split-based-on" => self.split(state, properties, name, &place),
            "say-play" => {
                self.drops(state, &["audioComplete"]);
                let said = self.said(properties, &place);
                let step = Step::new("say", name).at(&place).say(said);
                let then = self.next(state, "audioComplete");
                self.weave.step(step.exit(Via::Then, then), name);
            }
            "record-call" => {
                let is_on = properties.get("record_call") != Some(&Value::Bool(false));
                let to = self.next(state, "success");
                let mark = recording::mark(name, &place, is_on, to);
                self.weave.step(mark, name);
            }
            "enqueue-call" | "send-to-flex" => self.queue(state, properties, name, &place),
            "connect-call-to" => self.transfer(state, properties, name, &place),
            "record-voicemail" => self.message(state, properties, name, &place),
            "make-http-request" => self.request(state, properties, name, &place),
            "run-function" => {
                let url = json::text(properties, "url");
                let asks = format!("asks {} {url}", json::text(properties, "method"));
                self.draft
                    .tally
                    .approximate(&place, format!("{asks}: look-ups are written by hand"));
                let lookup = Lookup {
                    asks,
                    cases: Vec::new(),
                    otherwise: self.next(state, "success"),
                    failed: self.next(state, "failed"),
                };
                self.weave.step(lookup.step(name).at(&place), name);
            }
            "set-variables" => {
                let note = "variables are not kept here, but for what callers enter";
                self.draft.tally.approximate(&place, note);
                let to = self.next(state, "next");
                self.weave.alias(name, to);
            }
            "run-subflow" => {
                let todo = format!(
                    "flow {} is another file",
                    json::text(properties, "flow_sid")
                );
                self.draft.tally.approximate(&place, &todo);
                let (done, failed) = (self.next(state, "completed"), self.next(state, "failed"));
                let step = signpost(name, done, failed).at(&place).todo(todo);
                self.weave.step(step, name);
            }
            other => {
                let todo = format!("a widget of the type \"{other}\" has no counterpart");
                self.draft.tally.skip(&place, &todo);
                let events = json::list(state, "transitions").iter();
                let mut ways = events.map(|event| self.next(state, json::text(event, "event")));
                let on = ways.find(|to| *to != To::HangUp).unwrap_or(To::HangUp);
                let step = signpost(name, on.clone(), on).at(&place).todo(todo);
                self.weave.step(step, name);
            }
        }
    }

    /// What is said or played. Templates are not known before the call.
    pub(super) fn said(&mut self, properties: &Value, place: &Place) -> Spoken {
        let (say, play) = (
            json::text(properties, "say"),
            json::text(properties, "play"),
        );
        if say.is_empty() && !play.is_empty() {
            return Spoken::of(&[Sound::File(play.to_owned())]);
        }
        let mut text = String::new();
        let mut known = Vec::new();
        for piece in pieces(say) {
            let template = match piece {
                Piece::Words(words) => {
                    text.push_str(&words.replace(KNOWN, ""));
                    continue;
                }
                Piece::Template(template) => template,
            };
            match self.known(template).and_then(|known| known.spoken()) {
                Some(placeholder) => {
                    text.push(KNOWN);
                    known.push(placeholder);
                }
                None => {
                    text.push('…');
                    let note = format!(
                        "the prompt speaks {{{{{template}}}}}; here an ellipsis stands for it"
                    );
                    self.draft.tally.approximate(place, note);
                }
            }
        }
        let mut spoken = match text.trim().is_empty() {
            true => Spoken::text("…"),
            false => Spoken::text(&text),
        };
        // Braces of the original are none of a menu file; these are.
        for placeholder in known {
            spoken.text = spoken.text.replacen(KNOWN, &placeholder, 1);
        }
        spoken
    }

    fn split(&mut self, state: &'v Value, properties: &Value, name: &str, place: &Place) {
        let input = json::text(properties, "input");
        let mut asks = format!("compares {input}");
        if let Some(read) = reads(input) {
            let entered = self.states.iter().filter(|other| {
                json::text(other, "type") == "gather-input-on-call"
                    && self.next(other, "keypress") == To::Step(name.to_owned())
            });
            let entered: Vec<&str> = entered.map(|other| json::text(other, "name")).collect();
            if let Some(entered) = entered.first().filter(|entered| **entered != read) {
                asks =
                    format!("reads the digits of \"{read}\" where \"{entered}\" was just entered");
            }
        }
        self.draft.tally.approximate(
            place,
            format!("{asks}: the call goes the way of any other answer"),
        );
        let otherwise = self.next(state, "noMatch");
        let lookup = Lookup {
            asks,
            cases: self
                .matches(state)
                .into_iter()
                .map(|found| (found.value, found.to))
                .collect(),
            failed: otherwise.clone(),
            otherwise,
        };
        self.drops(state, &["noMatch"]);
        self.weave.step(lookup.step(name).at(place), name);
    }

    fn queue(&mut self, state: &'v Value, properties: &Value, name: &str, place: &Place) {
        let named = [
            json::text(properties, "queue_name"),
            json::text(properties, "channel"),
            name,
        ];
        let group = named
            .into_iter()
            .find(|name| !name.is_empty())
            .unwrap_or(name);
        let group = self.draft.groups.group(group).name.clone();
        let failed = match self.next(state, "failedToEnqueue") {
            To::HangUp => self.next(state, "callFailure"),
            to => to,
        };
        let mut step = Step::new("queue", name).at(place).text("group", group);
        step.add_todo("callers wait without end, as in the original: set `max_wait` and `timeout`");
        let after = self.next(state, "callComplete");
        if after != To::HangUp {
            step = step.exit(Via::After, after);
        }
        self.drops(state, &["failedToEnqueue"]);
        self.weave.step(
            step.exit(Via::Full, failed.clone())
                .exit(Via::NoAgents, failed),
            name,
        );
    }

    fn transfer(&mut self, state: &'v Value, properties: &Value, name: &str, place: &Place) {
        let to = json::text(properties, "to");
        let dialled = number::dialable(to);
        let failed = self.next(state, "callCompleted");
        let mut step = Step::new("transfer", name).at(place);
        step = step.text("to", dialled.as_deref().unwrap_or(number::UNKNOWN));
        if dialled.is_none() {
            let todo = format!("set `to`: \"{to}\" is no telephone number before the call");
            self.draft.tally.approximate(place, &todo);
            step.add_todo(todo);
        }
        if properties.get("record") == Some(&Value::Bool(true)) {
            self.draft.tally.approximate(place, recording::TRANSFER);
            step.add_todo(recording::TRANSFER);
        }
        // The widget is done when the talk is, and when there was none.
        if failed != To::HangUp {
            transfer::goes_on(&mut step, failed.clone(), place, &mut self.draft.tally);
        }
        self.weave.step(step.exit(Via::Failed, failed), name);
    }

    fn message(&mut self, state: &'v Value, properties: &Value, name: &str, place: &Place) {
        let then = self.next(state, "recordingComplete");
        let mut step = Step::new("record", name).at(place);
        step = step.say(Spoken::text("Please leave a message after the tone."));
        step = step.text("mailbox", kebab(name, "mailbox"));
        if let Some(seconds) = json::number(properties, "max_length") {
            step = longest(step, seconds, &mut self.draft.tally);
        }
        self.weave.step(step.exit(Via::Then, then), name);
    }
}
