//! The words of a prompt, with everything filled in and secrets masked.

use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::Form;
use crate::exchange::dialplan::Part;
use crate::exchange::dialplan::StepKind;
use crate::exchange::effect::Filling;
use crate::exchange::id::LanguageId;
use crate::exchange::id::LineId;
use crate::exchange::id::PromptId;
use crate::exchange::id::VariableId;
use crate::exchange::key::Digits;
use crate::menu::spoken;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// What stands for a digit of a secret entry.
pub(super) const MASK: char = 'x';

/// What a call has to fill in.
pub(super) struct Filler<'a> {
    pub(super) plan: &'a Dialplan,
    pub(super) line: LineId,
    /// What the exchange has filled in, in order.
    pub(super) filled: Vec<Filling>,
    /// What look-ups have found, by name.
    pub(super) values: &'a BTreeMap<String, String>,
    /// The notice that is set; empty without one.
    pub(super) notice: &'a str,
    /// What is said of the caller's number.
    pub(super) caller: &'a str,
    /// The day in the line's own time.
    pub(super) today: Option<Date>,
}

impl Filler<'_> {
    /// The words, with single spaces.
    pub(super) fn words(&self, prompt: PromptId, language: LanguageId) -> String {
        let mut words = String::new();
        let mut filled = self.filled.iter();
        for part in &self.plan.speech(prompt, language).parts {
            match part {
                Part::Text(text) => words.push_str(text),
                Part::Value(variable, form) => {
                    words.push_str(&self.value(*variable, *form, language));
                }
                Part::Notice => words.push_str(self.notice),
                Part::Caller => words.push_str(self.caller),
                Part::Digits(_) | Part::Position | Part::Wait => {
                    let text = filled.next().map(|filling| self.filling(*filling));
                    words.push_str(&text.unwrap_or_default());
                }
            }
        }
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn filling(&self, filling: Filling) -> String {
        match filling {
            Filling::Digits(variable, digits) => masked(self.plan, self.line, variable, &digits),
            Filling::Position(position) => position.to_string(),
            Filling::Wait(minutes) => format!("{minutes} min"),
        }
    }

    fn value(&self, variable: VariableId, form: Form, language: LanguageId) -> String {
        let currency = match form {
            Form::Money(Some(currency)) => self.found(currency),
            _ => "",
        };
        let tag = &self.plan.languages[language.index()];
        spoken::say(form, self.found(variable), currency, tag, self.today).text()
    }

    fn found(&self, variable: VariableId) -> &str {
        let name = &self.plan.line(self.line).variables[variable.index()];
        self.values.get(name).map_or("", String::as_str)
    }
}

/// An entry as it may be shown.
pub(super) fn masked(
    plan: &Dialplan,
    line: LineId,
    variable: VariableId,
    digits: &Digits,
) -> String {
    match is_secret(plan, line, variable) {
        true => MASK.to_string().repeat(digits.len()),
        false => digits.to_string(),
    }
}

fn is_secret(plan: &Dialplan, line: LineId, variable: VariableId) -> bool {
    let mut steps = plan.steps.iter().filter(|step| step.line == line);
    steps.any(|step| match &step.kind {
        StepKind::Collect(collect) => collect.secret && collect.save == variable,
        _ => false,
    })
}

/// Whether a line asks for anything secret.
pub(super) fn has_secrets(plan: &Dialplan, line: LineId) -> bool {
    let mut steps = plan.steps.iter().filter(|step| step.line == line);
    steps.any(|step| matches!(&step.kind, StepKind::Collect(collect) if collect.secret))
}
