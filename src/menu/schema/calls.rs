//! The shape of a file of call tests.

use super::FORMAT;
use super::Of;
use super::Part::Lacks;
use super::Rule;
use super::Rule::Never;
use super::Shape;
use super::Type;
use super::field;
use super::required;
use crate::menu::call_test::Agents;
use crate::menu::call_test::ERROR;
use crate::menu::call_test::HANGS_UP;
use crate::menu::call_test::OUTCOMES;
use crate::menu::failure::FORM;
use crate::menu::failure::STATUSES;

/// A file of call tests.
pub static CALLS: Shape = Shape {
    name: "file",
    doc: "Calls with their keys, and where each of them has to lead.",
    rules: &[],
    fields: &[
        FORMAT,
        required("menu", Type::Text, "The line, relative to this file."),
        required("call", Type::List(&Type::Table(&CALL)), "The calls."),
    ],
};

/// Something is expected of a call.
const EXPECTED: &[Rule] = &[Never(&[
    Lacks(&["path"]),
    Lacks(&["ends_at"]),
    Lacks(&["outcome"]),
    Lacks(&["says"]),
    Lacks(&["language"]),
])];

static CALL: Shape = Shape {
    name: "call",
    doc: "A call and where it has to lead.",
    rules: EXPECTED,
    fields: &[
        required("name", Type::Text, "What it shows."),
        required("at", Type::Moment, "When it comes, in the line's own time."),
        required(
            "keys",
            Type::Form("^[0-9A-Zx*# -]*$"),
            "What the caller presses, names in capitals; a space waits for the next prompt.",
        ),
        field(
            "path",
            Type::List(&Type::Name(Of::Passed)),
            "The steps that it comes through.",
        ),
        field(
            "ends_at",
            Type::Name(Of::Passed),
            "The step in which it ends.",
        ),
        field(
            "says",
            Type::Either(&[Type::Text, Type::List(&Type::Text)]),
            "Words that the caller has to hear.",
        ),
        field(
            "agents",
            Type::Word(&Agents::NAMES),
            "What the people are doing.",
        ),
        field(
            "as",
            Type::Name(Of::Agent),
            "The agent from whose phone it comes.",
        ),
        field("withheld", Type::Boolean, "The caller shows no number."),
        field(
            "notice",
            Type::Text,
            "The notice that is set, said in every language.",
        ),
        field(
            "hangs_up",
            Type::time(&HANGS_UP),
            "When the caller hangs up, from the beginning.",
        ),
        field(
            "transfer",
            Type::Word(&["done", "failed"]),
            "What comes of a number outside.",
        ),
        field(
            "lookup",
            Type::By(Of::Lookup, &REPLIES),
            "What other systems answer: values by name, or { error = 404 }; or a list, in turn.",
        ),
        field("outcome", Type::Word(&OUTCOMES), "How it ends."),
        field(
            "language",
            Type::Name(Of::Language),
            "The language in which it ends.",
        ),
        field(
            "recorded",
            Type::Boolean,
            "Whether a conversation is recorded.",
        ),
    ],
};

static REPLIES: Type = Type::Either(&[Type::List(&REPLY), REPLY]);
const REPLY: Type = Type::Either(&[
    Type::Table(&FAILURE),
    Type::Within(Of::Saved, &[], &Type::Scalar),
]);

const FAILURES: Type = Type::Either(&[
    Type::Form(FORM),
    Type::Integer(*STATUSES.start(), *STATUSES.end()),
]);

static FAILURE: Shape = Shape {
    name: "failure",
    doc: "No answer.",
    rules: &[],
    fields: &[required(
        ERROR,
        FAILURES,
        "What comes in its place: a status, timeout, any.",
    )],
};
