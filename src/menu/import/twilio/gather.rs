//! Digits that a caller enters, and the split that tells them apart: a menu, or an entry.

use super::super::super::graph::Via;
use super::super::super::head::KEY_TIMES;
use super::super::super::keys;
use super::super::draft::Step;
use super::super::draft::To;
use super::super::draft::Value as Field;
use super::super::json;
use super::super::names::kebab;
use super::Flow;
use crate::exchange::limits::DIGITS_MAX;
use crate::exchange::time::Span;
use serde_json::Value;

/// What Twilio waits where nothing is said.
const TIMEOUT_S: u64 = 5;
/// Keys that may end an entry here; the last one does where nothing is said.
pub(super) const END_KEYS: [&str; 2] = ["*", "#"];

/// A value that a split tells apart.
pub(super) struct Match {
    /// The value; or how it is compared, and with what.
    pub(super) value: String,
    /// It is this value, and not something else about it.
    pub(super) is_equal: bool,
    pub(super) to: To,
}

impl<'v> Flow<'v> {
    /// Takes the split behind a gathering, or behind a request, as part of it.
    pub(super) fn take_split(&mut self, state: &'v Value) {
        let of_answer = self.split_of_request(state).map(|(split, _)| split);
        if let Some(split) = self.split_of(state).or(of_answer) {
            self.taken.insert(json::text(split, "name"));
        }
    }

    /// The split that tells apart what was entered just now, by single keys.
    fn split_of(&self, state: &'v Value) -> Option<&'v Value> {
        if json::text(state, "type") != "gather-input-on-call" {
            return None;
        }
        let To::Step(next) = self.next(state, "keypress") else {
            return None;
        };
        let split = self.state(&next)?;
        let own = json::text(split, "type") == "split-based-on"
            && reads(json::text(split.get("properties")?, "input"))
                == Some(json::text(state, "name"));
        let matches = self.matches(split);
        let mut equal = matches.iter().filter(|found| found.is_equal).peekable();
        let is_key = |found: &Match| keys::is_pattern(&found.value) && !found.value.contains('x');
        let has_keys = equal.peek().is_some() || matches.is_empty();
        (own && has_keys && equal.all(is_key)).then_some(split)
    }

    /// Under which name a widget keeps what is entered there; none where it is a menu.
    pub(super) fn entry(&self, state: &'v Value) -> Option<String> {
        let gathers = json::text(state, "type") == "gather-input-on-call";
        (gathers && self.split_of(state).is_none())
            .then(|| kebab(json::text(state, "name"), "entry"))
    }

    /// The values that a split tells apart, and where each leads.
    pub(super) fn matches(&self, split: &Value) -> Vec<Match> {
        let mut matches = Vec::new();
        for transition in json::list(split, "transitions") {
            if json::text(transition, "event") != "match" {
                continue;
            }
            let next = json::text(transition, "next");
            let to = match self.state(next) {
                Some(_) => To::Step(next.to_owned()),
                None => To::HangUp,
            };
            for condition in json::list(transition, "conditions") {
                let (kind, value) = (
                    json::text(condition, "type"),
                    json::text(condition, "value"),
                );
                let found = |value: String, is_equal| Match {
                    value,
                    is_equal,
                    to: to.clone(),
                };
                match kind {
                    "" | "matches_any_of" => {
                        let values = value.split(',').map(|value| value.trim().to_owned());
                        matches.extend(values.map(|value| found(value, true)));
                    }
                    "equal_to" => matches.push(found(value.trim().to_owned(), true)),
                    kind => {
                        let written = format!("{} {value}", kind.replace('_', " "));
                        matches.push(found(written.trim().to_owned(), false));
                    }
                }
            }
        }
        matches
    }

    pub(super) fn gather(&mut self, state: &'v Value, name: &str) {
        let empty = Value::Null;
        let properties = state.get("properties").unwrap_or(&empty);
        let place = self.place(name);
        if self.next(state, "speech") != To::HangUp {
            let note = "what callers say is not understood here: they press keys";
            self.draft.tally.approximate(&place, note);
        }
        self.drops(state, &["keypress", "timeout"]);
        let timeout = Span::seconds(
            json::number(properties, "timeout")
                .unwrap_or(TIMEOUT_S)
                .min(60),
        );
        let said = self.said(properties, &place);
        let asked = json::number(properties, "loop").unwrap_or(1);
        let silent = self.next(state, "timeout");
        match self.split_of(state) {
            Some(split) => {
                let mut step = Step::new("menu", name).at(&place).say(said);
                step = step.time("first_key", timeout, KEY_TIMES);
                let (equal, others): (Vec<Match>, Vec<Match>) = self
                    .matches(split)
                    .into_iter()
                    .partition(|found| found.is_equal);
                let at = self.place(json::text(split, "name"));
                for Match { value, to, .. } in equal {
                    if !step.key(&value, to, "") {
                        let note = format!("the key {value} leads elsewhere already");
                        self.draft.tally.skip(&at, note);
                    }
                }
                for Match { value, to, .. } in others {
                    let note =
                        format!("keys lead on by what they are, and not because they are {value}");
                    self.draft.tally.approximate(&at, note);
                    step.cases.push((format!("what is entered is {value}"), to));
                }
                if step.keys.iter().any(|key| key.keys.len() > 1) {
                    step = step.time("next_key", timeout, KEY_TIMES);
                } else if json::number(properties, "number_of_digits") != Some(1) {
                    let note =
                        format!("Twilio waits {timeout} for more digits; here a key acts at once");
                    self.draft.tally.approximate(&place, note);
                }
                let wrong = self.next(split, "noMatch");
                if wrong != silent {
                    step.any_other_key(&wrong);
                }
                self.drops(split, &["noMatch"]);
                self.weave
                    .step(step.tries(asked, 1).exit(Via::GiveUp, silent), name);
            }
            None => {
                let most = json::number(properties, "number_of_digits").unwrap_or(16);
                let most = (most as usize).clamp(1, DIGITS_MAX);
                let digits = match most {
                    1 => Field::Whole(1),
                    most => Field::Text(format!("1-{most}")),
                };
                let end = properties.get("finish_on_key").and_then(Value::as_str);
                let end = end.unwrap_or(END_KEYS[1]);
                let mut step = Step::new("collect", name)
                    .at(&place)
                    .say(said)
                    .set("digits", digits);
                if END_KEYS.contains(&end) {
                    step = step.text("end_key", end);
                }
                step = step
                    .text("save", kebab(name, "entry"))
                    .time("first_key", timeout, KEY_TIMES)
                    .time("next_key", timeout, KEY_TIMES)
                    .tries(asked, asked);
                let go = self.next(state, "keypress");
                self.weave
                    .step(step.exit(Via::Go, go).exit(Via::GiveUp, silent), name);
            }
        }
    }
}

/// The widget whose digits a template reads: `{{widgets.gather_1.Digits}}`.
pub(super) fn reads(template: &str) -> Option<&str> {
    let inner = template.trim().strip_prefix("{{")?.strip_suffix("}}")?;
    let mut parts = inner.trim().split('.');
    let is_digits = parts.next() == Some("widgets") && inner.trim().ends_with(".Digits");
    parts.next().filter(|_| is_digits)
}
