//! `GetParticipantInput`: a menu, or an entry where the input is stored.

use super::super::super::graph::Via;
use super::super::super::head::KEY_TIMES;
use super::super::super::keys;
use super::super::draft::Step;
use super::super::draft::To;
use super::super::draft::Value as Field;
use super::super::json;
use super::Flows;
use super::message;
use super::unread::Action;
use crate::exchange::limits::DIGITS_MAX;
use crate::exchange::time::Span;

/// What Connect waits where nothing is said.
const TIMEOUT_S: u64 = 5;

impl Flows<'_> {
    pub(super) fn input(&mut self, action: &mut Action<'_>) {
        let seconds = action.number("InputTimeLimitSeconds").unwrap_or(TIMEOUT_S);
        let first = Span::seconds(seconds.min(60));
        let said = message::said(&self.flows[action.flow], action);
        let stores = action.text("StoreInput").eq_ignore_ascii_case("true");
        let kind = if stores { "collect" } else { "menu" };
        let step = self.hear(Step::new(kind, &action.id).at(&action.place), said);
        let step = step.time("first_key", first, KEY_TIMES);
        match stores {
            true => self.entry(action, step),
            false => self.choice(action, step),
        }
    }

    fn choice(&mut self, action: &mut Action<'_>, mut step: Step) {
        for (operator, keys, to) in self.conditions(action) {
            let is_key = operator == "Equals" && keys::is_pattern(&keys) && !keys.contains('x');
            let note = match is_key {
                true if step.key(&keys, to, "") => continue,
                true => {
                    format!("there are several ways for the key {keys}: only the first is taken")
                }
                false => format!("{operator} \"{keys}\" is no key of a telephone"),
            };
            self.draft.tally.approximate(&action.place, &note);
            step.add_todo(note);
        }
        if step.keys.iter().any(|key| key.keys.len() > 1) {
            step = between(action, step);
        }
        let otherwise = self.error(action, &["NoMatchingError"]);
        let otherwise = otherwise.unwrap_or_else(|| self.next(action));
        let silent = self.error(action, &["InputTimeLimitExceeded"]);
        let silent = silent.unwrap_or_else(|| otherwise.clone());
        let (silence, silent) = self.rounds(action, silent);
        let wrong = self.error(action, &["NoMatchingCondition"]);
        let wrong = wrong.unwrap_or(otherwise);
        if wrong != silent {
            step.any_other_key(&wrong);
        }
        self.weave
            .step(step.tries(silence, 1).exit(Via::GiveUp, silent), "choice");
    }

    /// How often a silent caller is asked, and where the call goes then: a loop that leads back at once
    /// is as many tries.
    fn rounds(&self, menu: &Action<'_>, silent: To) -> (u64, To) {
        let To::Step(next) = &silent else {
            return (1, silent);
        };
        let flow = menu.flow;
        let mut actions = self.flows[flow].actions().iter();
        let next = actions.find(|at| super::id(flow, json::text(at, "Identifier")) == *next);
        let next = next.map(|next| Action::of(self.flows, flow, next));
        match next.and_then(|mut next| self.counted(&mut next)) {
            Some((count, To::Step(on), done)) if on == menu.id => (count, done),
            _ => (1, silent),
        }
    }

    fn entry(&mut self, action: &mut Action<'_>, step: Step) {
        let most = action.number("InputValidation.CustomValidation.MaximumLength");
        let most = (most.unwrap_or(15) as usize).clamp(1, DIGITS_MAX);
        let is_number = action.has("InputValidation.PhoneNumberValidation");
        let digits = match most {
            _ if is_number => Field::Text("3-15".to_owned()),
            1 => Field::Whole(1),
            most => Field::Text(format!("1-{most}")),
        };
        let go = self.next(action);
        let errors = ["NoMatchingError", "InvalidPhoneNumber"];
        let give_up = self.error(action, &errors).unwrap_or(To::HangUp);
        let note =
            "after silence Connect goes on with the entry \"Timeout\"; here it is given up on";
        self.draft.tally.approximate(&action.place, note);
        let is_secret = action.has("InputEncryption");
        let save = self.values.entry(&action.id).to_owned();
        let step = step.set("digits", digits).text("end_key", end_key(action));
        let mut step = between(action, step).text("save", save).tries(1, 1);
        if is_secret {
            step = step.set("secret", Field::Flag(true));
        }
        self.weave
            .step(step.exit(Via::Go, go).exit(Via::GiveUp, give_up), "entry");
    }
}

/// How long a next key is waited for, where the original says so.
fn between(action: &mut Action<'_>, step: Step) -> Step {
    match action.number("DTMFConfiguration.InterdigitTimeLimitSeconds") {
        Some(seconds) => step.time("next_key", Span::seconds(seconds.min(60)), KEY_TIMES),
        None => step,
    }
}

/// The key that ends an entry. Longer sequences are no key, and are told.
fn end_key(action: &mut Action<'_>) -> &'static str {
    const SEQUENCE: &str = "DTMFConfiguration.InputTerminationSequence";
    for key in ["#", "*"] {
        if action.usual(SEQUENCE, key) {
            return key;
        }
    }
    "#"
}
