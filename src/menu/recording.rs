//! Whether conversations are recorded: `recording` of a queue, or of all queues in `[defaults]`.

use super::diagnostic::Diagnostic;
use super::fields::Fields;
use super::lower::Lowering;
use super::phrase::Phrase;
use crate::exchange::dialplan::Recording;

/// Callers are told, are asked, or are not recorded.
pub(super) const RECORDINGS: [&str; 3] = ["always", "ask", "never"];

impl Lowering<'_> {
    /// How the conversations of a queue are recorded; none: they are not.
    pub(super) fn recording(&mut self, fields: &mut Fields<'_>) -> Option<Recording> {
        let own = fields.word("recording", &RECORDINGS);
        let asks = match own.or(self.defaults.recording)? {
            "always" => false,
            "ask" => true,
            _ => return None,
        };
        let prompt = match asks {
            true => Phrase::MayRecord,
            false => Phrase::Recorded,
        };
        Some(Recording {
            asks,
            prompt: self.phrase(prompt, None),
            wrong: self.phrase(Phrase::WrongKey, None),
            patience: self.usual_patience(),
        })
    }

    /// Words of the line's own that nothing on it says.
    pub(super) fn unused_phrases(&mut self) {
        let unused = self
            .book
            .rare()
            .filter(|(phrase, _)| !self.missed.contains(phrase));
        for (phrase, place) in unused {
            let message = format!("nothing on this line says `{}`", phrase.name());
            let diagnostic = Diagnostic::info("unused-phrase", place.clone(), message);
            let help = match phrase {
                Phrase::Recorded => {
                    "add `recording = \"always\"` to a queue or [defaults], or leave it out"
                }
                Phrase::MayRecord => {
                    "add `recording = \"ask\"` to a queue or [defaults], or leave it out"
                }
                _ => "leave it out, or add the step that says it",
            };
            self.out.push(diagnostic.label("never heard").help(help));
        }
    }
}
