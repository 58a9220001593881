//! The shapes of the steps of a line, kind by kind.

use super::Field;
use super::NAMES;
use super::Of;
use super::Piece;
use super::Shape;
use super::TARGET;
use super::Type;
use super::Usual;
use super::WORDS_IN_TURN;
use super::field;
use super::fields;
use super::line::BARGE_IN;
use super::line::FIRST_KEY;
use super::line::GIVE_UP;
use super::line::KEY;
use super::line::KEYS;
use super::line::NEXT_KEY;
use super::line::TRIES_FIELD;
use super::required;
use super::rules::ANSWERS;
use super::rules::HELPED;
use crate::exchange::dialplan::ANSWER_MAX;
use crate::menu::duty::ACTS;
use crate::menu::failure;
use crate::menu::lookup::CACHES;
use crate::menu::lookup::TIMEOUT;
use crate::menu::lookup::TIMEOUTS;
use crate::menu::recognition;

/// The steps of one kind, by name.
pub(super) const fn table(kind: &'static str, doc: &'static str, of: &'static Type) -> Field {
    field(kind, Type::Map(NAMES, of), doc).unset("none")
}

/// The shape of a kind of steps.
pub(in crate::menu) fn step(kind: &str) -> Option<&'static Shape> {
    super::line::LINE.inner(kind)
}

pub(super) const KEYS_FIELD: Field =
    field("keys", Type::Map(KEYS, &KEY), "The keys that work here.").unset("none");
pub(super) const GLOBAL_KEYS: Field = field(
    "global_keys",
    Type::Boolean,
    "false: the global keys do not work here.",
)
.usual(Usual::Boolean(true));
const WRONG: Field = field(
    "wrong",
    WORDS_IN_TURN,
    "What is said after a wrong key or entry; of a list, each time the next.",
)
.unset("the phrase `wrong_key`, `wrong_entry` or `nothing_found`");
const SILENCE: Field = field(
    "silence",
    WORDS_IN_TURN,
    "What is said after silence; of a list, each time the next.",
)
.unset("the phrase `silence`");
const AGAIN: Field = field(
    "again",
    WORDS_IN_TURN,
    "What is said in the place of `say` from the second asking on; of a list, each time the next.",
)
.unset("`say`");
pub(super) const SAID: Field = required(
    "say",
    Type::Words,
    "What the caller hears; one text for each language.",
);
pub(super) const SAID_PERHAPS: Field = field(
    "say",
    Type::Words,
    "What the caller hears; one text for each language.",
)
.unset("nothing");
pub(super) const SPEAK: Field = field(
    "speak",
    Type::Word(&["all"]),
    "All languages are spoken, one after the other.",
)
.unset("the caller's language");
const WHEN: Field = field(
    "when",
    Type::Word(&["notice"]),
    "The step is passed over while no notice is set.",
)
.unset("the step is always there");
pub(super) const THEN: Field = required("then", TARGET, "Where calls go afterwards.");

/// What all steps have that ask for keys, until the caller has pressed the right ones.
pub(super) const ASKING: &[Field] = &[
    SAID,
    SPEAK,
    GLOBAL_KEYS,
    FIRST_KEY,
    NEXT_KEY,
    TRIES_FIELD,
    GIVE_UP,
    WRONG,
    SILENCE,
    AGAIN,
    BARGE_IN,
];

pub(super) const MENU: Type = Type::Table(&Shape {
    name: "menu",
    doc: "Offers keys.",
    rules: &[],
    fields: fields![
        ASKING,
        &[required(
            "keys",
            Type::Map(KEYS, &KEY),
            "What each key does."
        )],
    ],
});

pub(super) const SAY: Type = Type::Table(&Shape {
    name: "say",
    doc: "Says something and goes on.",
    rules: &[],
    fields: &[SAID, SPEAK, THEN, WHEN, GLOBAL_KEYS, BARGE_IN],
});

pub(super) const ANSWER: Type = Type::Table(&Shape {
    name: "answer",
    doc: "A recorded answer to a common question.",
    rules: HELPED,
    fields: &[
        required("question", Type::Text, "What callers ask."),
        SAID,
        SPEAK,
        THEN,
        field(
            "valid_until",
            Type::Date,
            "The last day on which it is true.",
        )
        .unset("it is always true"),
        field("expired", TARGET, "Where calls go instead afterwards.").unset("`then`"),
        field(
            "helped",
            TARGET,
            "Callers are asked whether it has helped; where they go who say yes: self-served.",
        )
        .unset("they are not asked"),
        field("not_helped", TARGET, "Where they go who say no.").unset("they are not asked"),
        WHEN,
        GLOBAL_KEYS,
        BARGE_IN,
    ],
});

pub(super) const LOOKUP: Type = Type::Table(&Shape {
    name: "lookup",
    doc: "Asks another system over HTTP.",
    rules: ANSWERS,
    fields: &[
        required("url", Type::Address, "Where to ask."),
        field(
            "method",
            Type::Word(&["GET", "POST", "PUT"]),
            "How: GET, or POST where there is a body.",
        )
        .unset("`GET`, or `POST` where there is a body"),
        field(
            "body",
            Type::Map(NAMES, &Type::Sent),
            "The fields of the JSON object that is sent.",
        )
        .unset("nothing is sent"),
        field(
            "auth",
            Type::Table(&AUTH),
            "How the daemon shows who it is.",
        )
        .unset("it does not"),
        field(
            "timeout",
            Type::time(&TIMEOUTS),
            "The longest wait for the answer.",
        )
        .usual(Usual::Time(TIMEOUT)),
        field(
            "cache",
            Type::time(&CACHES),
            "How long an answer may be used again.",
        )
        .unset("not at all"),
        SAID_PERHAPS,
        SPEAK,
        field(
            "save",
            Type::Map(NAMES, &Type::Form("^/.*$")),
            "Names for values of the answer, each by its JSON pointer.",
        )
        .unset("nothing is kept"),
        field(
            "set",
            Type::Table(&SET),
            "What the saved values say of the caller.",
        )
        .unset("nothing"),
        field(
            "classes",
            Type::Map(CLASS, &EARLIER),
            "How much earlier callers of each class count as having come.",
        )
        .unset("none"),
        field(
            "branch",
            Type::Name(Of::Value),
            "The saved value that decides.",
        )
        .unset("nothing decides"),
        field(
            "case",
            Type::Map(NAMES, &TARGET),
            "Where each of its values leads; any: all others.",
        )
        .unset("nothing decides"),
        field(
            "error",
            Type::Map(failure::FORM, &TARGET),
            "Where calls go with an error: a status, timeout, any.",
        )
        .unset("it has to be there, with `any`"),
        field("then", TARGET, "Where calls go when nothing decides.").unset("`branch` decides"),
    ],
});

/// What another system says, without what is left out of it.
const CLASS: &str = r"^[^\s\u0000-\u001f\u007f-\u009f]([^\u0000-\u001f\u007f-\u009f]*[^\s\u0000-\u001f\u007f-\u009f])?$";
static EARLIER: Type = Type::time(&recognition::HEAD_STARTS);

static SET: Shape = Shape {
    name: "set",
    doc: "What the saved values say of the caller, each by its name.",
    rules: &[],
    fields: &[
        field(
            "language",
            Type::Name(Of::Value),
            "The tag of the caller's language.",
        )
        .unset("the language stays"),
        field(
            "class",
            Type::Name(Of::Value),
            "The class: one of `classes`.",
        )
        .unset("no class"),
        field(
            "agent",
            Type::Name(Of::Value),
            "The agent whom the caller knows, for queues with `prefer_last`.",
        )
        .unset("none"),
    ],
};

static AUTH: Shape = Shape {
    name: "auth",
    doc: "How the daemon shows who it is.",
    rules: &[],
    fields: &[required(
        "bearer_env",
        Type::Form("^[A-Z_][A-Z0-9_]*$"),
        "The environment variable with the token.",
    )],
};

pub(super) const SURVEY: Type = Type::Table(&Shape {
    name: "survey",
    doc: "Asks how the call was.",
    rules: &[],
    fields: &[
        field(
            "intro",
            Type::Words,
            "What is said before the first question.",
        )
        .unset("nothing"),
        SPEAK,
        required("ask", Type::List(&ASK_TABLE), "The questions."),
        FIRST_KEY,
        NEXT_KEY,
        TRIES_FIELD,
        field("give_up", TARGET, "Where callers go who say no more.").unset("`then`"),
        THEN,
    ],
});

static ASK_TABLE: Type = Type::Table(&Shape {
    name: "ask",
    doc: "A question of a survey.",
    rules: &[],
    fields: &[
        required("id", Type::Text, "Its name in reports."),
        SAID,
        SPEAK,
        required(
            "keys",
            Type::Written(&[
                Piece::As("([0-9]{2,11}| *"),
                Piece::Rising(0, ANSWER_MAX as u64),
                Piece::As(" *)"),
            ]),
            "The answers: \"1-5\", \"0-10\", or the keys: \"12\".",
        ),
    ],
});

pub(super) const HOURS: Type = Type::Table(&Shape {
    name: "hours",
    doc: "Branches on opening hours.",
    rules: &[],
    fields: &[
        required(
            "calendar",
            Type::Name(Of::Calendar),
            "A [calendar.*], or always, or never.",
        ),
        required("open", TARGET, "Where calls go inside the hours."),
        required("closed", TARGET, "Where calls go outside them."),
    ],
});

pub(super) const TRANSFER: Type = Type::Table(&Shape {
    name: "transfer",
    doc: "Leads to a number outside.",
    rules: &[],
    fields: &[
        required(
            "to",
            Type::Either(&[Type::Form(r"^\+?[0-9]{1,20}$"), Type::Name(Of::Number)]),
            "The number, or the entry that is one: \"{extension}\".",
        ),
        SAID_PERHAPS,
        SPEAK,
        field("failed", TARGET, "Where calls go when it does not answer.")
            .unset("the call is hung up"),
    ],
});

pub(super) const DUTY: Type = Type::Table(&Shape {
    name: "duty",
    doc: "Acts for the agent who calls.",
    rules: &[],
    fields: &[
        required("do", Type::Word(&ACTS), "What the agent does."),
        field(
            "reason",
            Type::Name(Of::PauseReason),
            "What a break is for: one of `pause_reasons`.",
        )
        .unset("the break has none"),
        THEN,
        field(
            "refused",
            TARGET,
            "Where calls go when the agent cannot do that now.",
        )
        .unset("the call is hung up"),
        field(
            "stranger",
            TARGET,
            "Where calls go when the phone is no agent's.",
        )
        .unset("the call is hung up"),
    ],
});
