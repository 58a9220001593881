//! The shapes of the steps that take an entry: of digits, or of a name.

use super::NAMES;
use super::Piece;
use super::Shape;
use super::TARGET;
use super::Type;
use super::Usual;
use super::field;
use super::fields;
use super::line::ENTRY;
use super::required;
use super::rules::SECRETS;
use super::steps::ASKING;
use crate::exchange::limits::DIGITS_MAX;
use crate::exchange::limits::OFFERED_MAX;
use crate::menu::directory::OFFERED;
use crate::menu::entry::CHECK_NAMES;

pub(super) const COLLECT: Type = Type::Table(&Shape {
    name: "collect",
    doc: "Takes an entry of several digits.",
    rules: SECRETS,
    fields: fields![
        ASKING,
        &[
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
            ).unset("none: a shorter entry ends with a pause"),
            field(
                "check",
                CHECK,
                "What the digits must satisfy: a check digit, a day, a time, or a range of numbers.",
            ).unset("any digits will do"),
            field(
                "secret",
                Type::Boolean,
                "The digits are kept out of logs, journals and recordings.",
            ).usual(Usual::Boolean(false)),
            field("confirm", Type::Boolean, "The entry is read back.").usual(Usual::Boolean(false)),
        ]
    ],
});

pub(super) const DIRECTORY: Type = Type::Table(&Shape {
    name: "directory",
    doc: "Takes the beginning of a name, spelled on the keypad, and offers those that begin so.",
    rules: &[],
    fields: fields![
        ASKING,
        &[
            required(
                "entries",
                Type::Map(NAMES, &ENTRY),
                "The names, and where each leads.",
            ),
            field(
                "offered",
                Type::Integer(1, OFFERED_MAX as i64),
                "Names that are offered at one time; under more the caller goes on spelling.",
            )
            .usual(Usual::Whole(OFFERED)),
        ]
    ],
});

const CHECK: Type = Type::Either(&[
    Type::Word(&CHECK_NAMES),
    Type::Form("^ *[0-9]{1,18} *- *[0-9]{1,18} *$"),
]);

const DIGITS: Type = Type::Either(&[
    Type::Integer(1, DIGITS_MAX as i64),
    Type::Written(&[
        Piece::As(" *"),
        Piece::Rising(1, DIGITS_MAX as u64),
        Piece::As(" *"),
    ]),
]);
