//! The shape of the phrases of the house, `[phrases.<language>]`.

use super::Field;
use super::Shape;
use super::Type;
use super::Usual;
use super::field;
use crate::menu::phrase::Phrase;

/// A phrase, which the house knows in English.
const fn phrase(phrase: Phrase, doc: &'static str) -> Field {
    field(phrase.name(), Type::Text, doc).usual(Usual::English(phrase.english()))
}

pub(in crate::menu) static PHRASES: Shape = Shape {
    name: "phrases",
    doc: "What the house says of its own accord in one language.",
    rules: &[],
    fields: &[
        phrase(
            Phrase::Option,
            "An option of a menu, with {label} and {key}.",
        ),
        phrase(Phrase::WrongKey, "After a key that leads nowhere."),
        phrase(Phrase::WrongEntry, "After an entry that does not fit."),
        phrase(Phrase::Silence, "After silence."),
        phrase(
            Phrase::Confirm,
            "Reads an entry back, with {digits}; 1 keeps it, 2 starts again.",
        ),
        phrase(Phrase::Position, "The place in a queue, with {position}."),
        phrase(Phrase::WaitAbout, "The expected wait, with {wait}."),
        phrase(
            Phrase::WaitMoreThan,
            "A wait too long to foretell, with {wait}.",
        ),
        phrase(Phrase::Star, "The name of the key *."),
        phrase(Phrase::Pound, "The name of the key #."),
        phrase(
            Phrase::Helped,
            "Asks whether an answer has helped; 1 is yes, 2 is no.",
        ),
        phrase(
            Phrase::CallBackOn,
            "The number on which a caller will be called, with {number}; 1 confirms it, 2 takes another.",
        ),
        phrase(Phrase::WhichNumber, "Asks for a telephone number."),
        phrase(
            Phrase::Choose,
            "After a name that was found: the {key} that takes it.",
        ),
        phrase(
            Phrase::Otherwise,
            "After all names that were found: the {key} that leads back to spelling.",
        ),
        phrase(
            Phrase::MoreLetters,
            "After a spelling under which too much is found.",
        ),
        phrase(
            Phrase::NothingFound,
            "After a spelling under which nothing is found.",
        ),
        phrase(
            Phrase::Recorded,
            "Says that the conversation will be recorded.",
        ),
        phrase(
            Phrase::MayRecord,
            "Asks whether the conversation may be recorded; 1 is yes, 2 is no.",
        ),
    ],
};
