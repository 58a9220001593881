//! Steps that ask how the call was: `[survey.name]`.

use super::diagnostic::Diagnostic;
use super::fields::Fields;
use super::graph::Via;
use super::head::Defaults;
use super::lower::Lowering;
use super::lower::StepTrace;
use super::phrase::Phrase;
use crate::exchange::dialplan::ANSWER_MAX;
use crate::exchange::dialplan::Ask;
use crate::exchange::dialplan::Patience;
use crate::exchange::dialplan::Scale;
use crate::exchange::dialplan::StepKind;
use crate::exchange::dialplan::Survey;
use crate::exchange::id::PromptId;

/// Questions of one survey; nobody answers so many.
const ASKS_MAX: usize = 10;

impl Lowering<'_> {
    /// Lowers `[survey.name]`.
    pub(super) fn survey(
        &mut self,
        name: &str,
        fields: &mut Fields<'_>,
        trace: &mut StepTrace,
    ) -> StepKind {
        let intro = self.said(fields, "intro", &format!("{name}.intro"), trace);
        let mut asks = Vec::new();
        let listed = fields.repeated("ask");
        if listed.is_empty() {
            let help = format!("add a question: [[survey.{name}.ask]] with `id`, `say` and `keys`");
            fields.missing("ask", help);
        }
        for (place, mut table) in listed.into_iter().enumerate() {
            if place == ASKS_MAX {
                let message = format!("a survey asks at most {ASKS_MAX} questions");
                table.push(Diagnostic::error("too-large", table.place(), message));
            }
            asks.extend(self.question(name, &asks, &mut table, trace));
            fields.absorb(table);
        }
        let then = self.exit_or_dead_end(fields, Via::Then, trace);
        StepKind::Survey(Survey {
            intro,
            asks,
            wrong: self.phrase(Phrase::WrongKey, None),
            silent: Some(self.phrase(Phrase::Silence, None)),
            patience: self.survey_patience(fields),
            then,
            // Whoever says no more is not led to a person by [defaults].
            give_up: self.exit(fields, Via::GiveUp, trace).unwrap_or(then),
        })
    }

    fn survey_patience(&self, fields: &mut Fields<'_>) -> Patience {
        self.usual_patience().with(&Defaults::of(fields))
    }

    fn question(
        &mut self,
        survey: &str,
        before: &[Ask],
        table: &mut Fields<'_>,
        trace: &mut StepTrace,
    ) -> Option<Ask> {
        table.require("id", "its name in reports: id = \"satisfaction\"");
        let id = table.text("id");
        if let Some(id) = &id
            && before.iter().any(|ask| ask.id == id.text)
        {
            let message = format!("two questions are called \"{}\"", id.text);
            let help = "give each a name of its own";
            table.bad_value(id.place.clone(), message, help);
        }
        table.require("say", "what is asked: say = \"How was this call?\"");
        let name = id.as_ref().map_or("", |id| id.text.as_str());
        let prompt = self.said(table, "say", &format!("{survey}.{name}"), trace);
        let scale = scale(table);
        if let Some(scale) = scale {
            let digits = scale.answers().filter(|answer| *answer < ANSWER_MAX);
            let keys = digits.map(|answer| char::from(b'0' + answer));
            trace.built_in_keys.extend(keys);
            if scale.has(ANSWER_MAX) {
                trace.built_in_keys.extend(['0', '1']);
            }
            // It passes a question over.
            trace.built_in_keys.push('#');
        }
        Some(Ask {
            id: id?.text,
            prompt: prompt?,
            scale: scale?,
        })
    }

    /// A text with a name of its own for its recording.
    fn said(
        &mut self,
        fields: &mut Fields<'_>,
        field: &'static str,
        name: &str,
        trace: &mut StepTrace,
    ) -> Option<PromptId> {
        self.say_in(fields, field, name, None, trace)
    }
}

/// `keys = "1-5"`, `"12"` or `"0-10"`.
fn scale(table: &mut Fields<'_>) -> Option<Scale> {
    table.require("keys", "the answers: keys = \"1-5\"");
    let keys = table.text("keys")?;
    let range = keys.text.split_once('-').and_then(|(from, to)| {
        let from: u8 = from.trim().parse().ok()?;
        let to: u8 = to.trim().parse().ok()?;
        Scale::new(from..=to)
    });
    let listed = || {
        let digits = keys.text.chars().map(|c| c.to_digit(10));
        let digits: Option<Vec<u8>> = digits.map(|digit| digit.map(|digit| digit as u8)).collect();
        Scale::new(digits?)
    };
    let scale = range.or_else(listed);
    if scale.is_none() {
        let message = format!("\"{}\" are no answers", keys.text);
        let help = "write a range within 0 and 10, such as \"1-5\", or the keys: \"12\"";
        table.bad_value(keys.place, message, help);
    }
    scale
}
