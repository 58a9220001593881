//! What a step says when it has to ask once more: `wrong`, `silence` and `again`.
//!
//! Each is a text, or a list of which each try says the next one and the last serves for the rest.

use super::fields::Fields;
use super::head::TRIES_MAX;
use super::lower::KeyEntry;
use super::lower::Lowering;
use super::lower::StepTrace;
use super::phrase::Phrase;
use super::tree::Data;
use crate::exchange::dialplan::Retry;
use crate::exchange::id::PromptId;

impl Lowering<'_> {
    /// The words after a wrong entry and after silence, and those of later tries. `wrong` is what the
    /// house says after a wrong entry.
    pub(super) fn retries(
        &mut self,
        fields: &mut Fields<'_>,
        step: &str,
        (wrong, options): (Phrase, Option<&[KeyEntry]>),
        trace: &mut StepTrace,
    ) -> (PromptId, PromptId, Retry) {
        let mut wrongs = self.in_turn(fields, "wrong", step, options, trace);
        let mut silent = self.in_turn(fields, "silence", step, options, trace);
        let again = self.in_turn(fields, "again", step, options, trace);
        let first = |list: &mut Vec<PromptId>| (!list.is_empty()).then(|| list.remove(0));
        let after_wrong = first(&mut wrongs);
        let after_silence = first(&mut silent);
        (
            after_wrong.unwrap_or_else(|| self.phrase(wrong, None)),
            after_silence.unwrap_or_else(|| self.phrase(Phrase::Silence, None)),
            Retry {
                wrong: wrongs,
                silent,
                again,
            },
        )
    }

    /// A text, or several of which each time the next one is said.
    pub(super) fn in_turn(
        &mut self,
        fields: &mut Fields<'_>,
        field: &'static str,
        step: &str,
        options: Option<&[KeyEntry]>,
        trace: &mut StepTrace,
    ) -> Vec<PromptId> {
        let Some(value) = fields.value(field) else {
            return Vec::new();
        };
        let values = match &value.data {
            Data::List(list) => &list[..],
            _ => std::slice::from_ref(value),
        };
        if values.is_empty() || values.len() > TRIES_MAX as usize {
            let message = format!("`{field}` lists {} texts", values.len());
            let help = format!("from 1 to {TRIES_MAX}; the last one serves for all later times");
            fields.bad_value(value.place.clone(), message, &help);
        }
        let mut prompts = Vec::new();
        for (place, value) in values.iter().take(TRIES_MAX as usize).enumerate() {
            let key = match &value.data {
                Data::Table(_) => fields.key_place(field),
                _ => None,
            };
            let key = key.unwrap_or_else(|| value.place.clone());
            let Some(texts) = self.texts_of(fields, field, (value, key)) else {
                continue;
            };
            let name = match place {
                0 => format!("{step}.{field}"),
                place => format!("{step}.{field}-{}", place + 1),
            };
            prompts.push(self.prompt_of(texts, &name, false, options, trace));
        }
        prompts
    }
}
