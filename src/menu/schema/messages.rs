//! The shapes of the steps that leave something: a message of the caller, or a ticket.

use super::Field;
use super::NAMES;
use super::Shape;
use super::Type;
use super::Usual;
use super::field;
use super::required;
use super::steps::SAID;
use super::steps::SPEAK;
use super::steps::THEN;
use crate::menu::step::MESSAGE_TIME;
use crate::menu::step::MESSAGE_TIMES;

const WEBHOOK_URL: Field = required("url", Type::Form("^https?://[^{}]+$"), "Who is told.");
const WEBHOOK_SECRET: Field = required(
    "secret_env",
    Type::Form("^[A-Z_][A-Z0-9_]*$"),
    "The environment variable with the secret by which it is signed.",
);

pub(super) const RECORD: Type = Type::Table(&Shape {
    name: "record",
    doc: "Takes a message.",
    rules: &[],
    fields: &[
        SAID,
        SPEAK,
        required("mailbox", Type::Text, "Where messages are put."),
        field("max", Type::time(&MESSAGE_TIMES), "The longest message.")
            .usual(Usual::Time(MESSAGE_TIME)),
        field(
            "notify",
            Type::Table(&NOTIFY),
            "Who is told that there is a message.",
        )
        .unset("nobody"),
        THEN,
    ],
});

static NOTIFY: Shape = Shape {
    name: "notify",
    doc: "Who is told that there is a message.",
    rules: &[],
    fields: &[WEBHOOK_URL, WEBHOOK_SECRET],
};

pub(super) const TICKET: Type = Type::Table(&Shape {
    name: "ticket",
    doc: "Hands a ticket to a back office.",
    rules: &[],
    fields: &[
        WEBHOOK_URL,
        WEBHOOK_SECRET,
        field(
            "body",
            Type::Map(NAMES, &Type::Sent),
            "What the ticket says, by name.",
        )
        .unset("nothing but the call"),
        THEN,
    ],
});
