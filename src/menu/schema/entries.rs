//! The shapes of the steps that take an entry: of digits, or of a name.

use super::NAMES;
use super::Shape;
use super::TARGET;
use super::Type;
use super::field;
use super::line::BARGE_IN;
use super::line::ENTRY;
use super::line::FIRST_KEY;
use super::line::GIVE_UP;
use super::line::NEXT_KEY;
use super::line::TRIES_FIELD;
use super::required;
use super::rules::READ_BACK;
use super::steps::AGAIN;
use super::steps::GLOBAL_KEYS;
use super::steps::SAID;
use super::steps::SILENCE;
use super::steps::SPEAK;
use super::steps::WRONG;
use crate::exchange::limits::DIGITS_MAX;
use crate::exchange::limits::OFFERED_MAX;
use crate::menu::entry::CHECK_NAMES;

pub(super) const COLLECT: Type = Type::Table(&Shape {
    name: "collect",
    doc: "Takes an entry of several digits.",
    rules: READ_BACK,
    fields: &[
        SAID,
        SPEAK,
        required("digits", DIGITS, "How many digits: 16, or \"6-10\"."),
        required(
            "save",
            Type::Text,
            "The name under which the entry is kept.",
        ),
        required("go", TARGET, "Where calls go with a good entry."),
        field(
            "end_key",
            Type::Form("^[*#]$"),
            "The key that ends a shorter entry.",
        ),
        field(
            "check",
            CHECK,
            "What the digits must satisfy: a check digit, a day, a time, or a range of numbers.",
        ),
        field(
            "secret",
            Type::Boolean,
            "The digits are kept out of logs, journals and recordings.",
        ),
        field("confirm", Type::Boolean, "The entry is read back."),
        GLOBAL_KEYS,
        FIRST_KEY,
        NEXT_KEY,
        TRIES_FIELD,
        GIVE_UP,
        WRONG,
        SILENCE,
        AGAIN,
        BARGE_IN,
    ],
});

pub(super) const DIRECTORY: Type = Type::Table(&Shape {
    name: "directory",
    doc: "Takes the beginning of a name, spelled on the keypad, and offers those that begin so.",
    rules: &[],
    fields: &[
        SAID,
        SPEAK,
        required(
            "entries",
            Type::Map(NAMES, &ENTRY),
            "The names, and where each leads.",
        ),
        field(
            "offered",
            Type::Integer(1, OFFERED_MAX as i64),
            "Names that are offered at one time; under more the caller goes on spelling.",
        ),
        GLOBAL_KEYS,
        FIRST_KEY,
        NEXT_KEY,
        TRIES_FIELD,
        GIVE_UP,
        WRONG,
        SILENCE,
        AGAIN,
        BARGE_IN,
    ],
});

const CHECK: Type = Type::Either(&[
    Type::Word(&CHECK_NAMES),
    Type::Form("^ *[0-9]{1,18} *- *[0-9]{1,18} *$"),
]);

const DIGITS: Type = Type::Either(&[
    Type::Integer(1, DIGITS_MAX as i64),
    Type::Form("^ *[0-9]{1,2} *- *[0-9]{1,2} *$"),
]);
