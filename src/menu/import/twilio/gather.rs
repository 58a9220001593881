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

impl<'v> Flow<'v> {
    /// Takes the split behind a gathering as part of it.
    pub(super) fn take_split(&mut self, state: &'v Value) {
        if let Some(split) = self.split_of(state) {
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
        let is_key = |(value, _): &(String, To)| keys::is_pattern(value) && !value.contains('x');
        (own && self.matches(split).iter().all(is_key)).then_some(split)
    }

    /// The values that a split tells apart, and where each leads.
    pub(super) fn matches(&self, split: &Value) -> Vec<(String, To)> {
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
                let values = json::text(condition, "value").split(',');
                let values = values.map(|value| (value.trim().to_owned(), to.clone()));
                matches.extend(values);
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
                for (keys, to) in self.matches(split) {
                    step.key(&keys, to, "");
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
                let end = json::text(properties, "finish_on_key");
                let mut step = Step::new("collect", name)
                    .at(&place)
                    .say(said)
                    .set("digits", digits);
                if ["*", "#"].contains(&end) {
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
