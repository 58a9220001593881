//! `GetParticipantInput`: a menu, or an entry where the input is stored.

use super::super::super::diagnostic::Place;
use super::super::super::graph::Via;
use super::super::super::head::KEY_TIMES;
use super::super::super::keys;
use super::super::draft::Step;
use super::super::draft::To;
use super::super::draft::Value as Field;
use super::super::json;
use super::Flows;
use super::message;
use crate::exchange::limits::DIGITS_MAX;
use crate::exchange::time::Span;
use serde_json::Value;

/// What Connect waits where nothing is said.
const TIMEOUT_S: u64 = 5;

impl Flows<'_> {
    pub(super) fn input(&mut self, flow: usize, action: &Value, id: &str, place: &Place) {
        let parameters = action.get("Parameters").unwrap_or(&Value::Null);
        let name = json::text(action, "Identifier");
        let seconds = json::number(parameters, "InputTimeLimitSeconds").unwrap_or(TIMEOUT_S);
        let first = Span::seconds(seconds.min(60));
        let said = message::said(&self.flows[flow], name, parameters);
        if json::text(parameters, "StoreInput").eq_ignore_ascii_case("true") {
            let step = self.hear(Step::new("collect", id).at(place), said);
            return self.entry(flow, action, step.time("first_key", first, KEY_TIMES));
        }
        let mut step = self.hear(Step::new("menu", id).at(place), said);
        step = step.time("first_key", first, KEY_TIMES);
        for (operator, keys, to) in self.conditions(flow, action) {
            let is_key = operator == "Equals" && keys::is_pattern(&keys) && !keys.contains('x');
            let note = match is_key {
                true if step.key(&keys, to, "") => continue,
                true => {
                    format!("there are several ways for the key {keys}: only the first is taken")
                }
                false => format!("{operator} \"{keys}\" is no key of a telephone"),
            };
            self.draft.tally.approximate(place, &note);
            step.add_todo(note);
        }
        let otherwise = self.error(flow, action, &["NoMatchingError"]);
        let otherwise = otherwise.unwrap_or_else(|| self.next(flow, action));
        let silent = self.error(flow, action, &["InputTimeLimitExceeded"]);
        let silent = silent.unwrap_or_else(|| otherwise.clone());
        let (silence, silent) = self.rounds(flow, id, silent);
        let wrong = self
            .error(flow, action, &["NoMatchingCondition"])
            .unwrap_or(otherwise);
        if wrong != silent {
            step.any_other_key(&wrong);
        }
        self.weave
            .step(step.tries(silence, 1).exit(Via::GiveUp, silent), "choice");
    }

    /// How often a silent caller is asked, and where the call goes then: a loop that leads back at once
    /// is as many tries.
    fn rounds(&self, flow: usize, menu: &str, silent: To) -> (u64, To) {
        let To::Step(next) = &silent else {
            return (1, silent);
        };
        let mut actions = self.flows[flow].actions().iter();
        let next = actions.find(|at| super::id(flow, json::text(at, "Identifier")) == *next);
        match next.and_then(|next| self.counted(flow, next)) {
            Some((count, To::Step(on), done)) if on == menu => (count, done),
            _ => (1, silent),
        }
    }

    fn entry(&mut self, flow: usize, action: &Value, step: Step) {
        let parameters = action.get("Parameters").unwrap_or(&Value::Null);
        let validation = parameters.get("InputValidation").unwrap_or(&Value::Null);
        let custom = validation.get("CustomValidation").unwrap_or(&Value::Null);
        let most = json::number(custom, "MaximumLength").unwrap_or(15);
        let most = (most as usize).clamp(1, DIGITS_MAX);
        let digits = match (validation.get("PhoneNumberValidation"), most) {
            (Some(_), _) => Field::Text("3-15".to_owned()),
            (None, 1) => Field::Whole(1),
            (None, most) => Field::Text(format!("1-{most}")),
        };
        let go = self.next(flow, action);
        let errors = ["NoMatchingError", "InvalidPhoneNumber"];
        let give_up = self.error(flow, action, &errors).unwrap_or(To::HangUp);
        if let Some(place) = &step.place {
            let note =
                "after silence Connect goes on with the entry \"Timeout\"; here it is given up on";
            self.draft.tally.approximate(place, note);
        }
        let is_secret = parameters.get("InputEncryption").is_some();
        let save = self.values.entry(&step.name).to_owned();
        let mut step = step
            .set("digits", digits)
            .text("end_key", "#")
            .text("save", save)
            .tries(1, 1);
        if is_secret {
            step = step.set("secret", Field::Flag(true));
        }
        self.weave
            .step(step.exit(Via::Go, go).exit(Via::GiveUp, give_up), "entry");
    }
}
