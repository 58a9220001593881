//! The shapes of the steps of a line, kind by kind.

use super::Field;
use super::NAMES;
use super::Of;
use super::Piece;
use super::Shape;
use super::TARGET;
use super::Type;
use super::WORDS_IN_TURN;
use super::field;
use super::fields;
use super::line::BARGE_IN;
use super::line::FIRST_KEY;
use super::line::GIVE_UP;
use super::line::KEY;
use super::line::KEYS;
use super::line::MUSIC;
use super::line::NEXT_KEY;
use super::line::RECORDING;
use super::line::TRIES_FIELD;
use super::required;
use super::rules::ANSWERS;
use super::rules::HELPED;
use super::rules::STAGES;
use super::rules::WAITING;
use crate::exchange::dialplan::ANSWER_MAX;
use crate::exchange::dialplan::LEVEL_MAX;
use crate::menu::callback::ATTEMPTS_MAX;
use crate::menu::callback::PER_MINUTE_MAX;
use crate::menu::callback::RETRIES;
use crate::menu::callback::RINGS;
use crate::menu::callback::SPARE_MAX;
use crate::menu::duty::ACTS;
use crate::menu::failure;
use crate::menu::lane::RELAXED_AFTER;
use crate::menu::lookup::CACHES;
use crate::menu::lookup::TIMEOUTS;
use crate::menu::queue::ANNOUNCEMENTS;
use crate::menu::queue::HEAD_STARTS;
use crate::menu::queue::PREFERRED;
use crate::menu::queue::PRIORITIES;
use crate::menu::queue::RETURNING;
use crate::menu::queue::WAITS;
use crate::menu::queue::WEIGHT_MAX;
use crate::menu::recognition;

/// The steps of one kind, by name.
pub(super) const fn table(kind: &'static str, doc: &'static str, of: &'static Type) -> Field {
    field(kind, Type::Map(NAMES, of), doc)
}

/// The shape of a kind of steps.
pub(in crate::menu) fn step(kind: &str) -> Option<&'static Shape> {
    super::line::LINE.inner(kind)
}

const KEYS_FIELD: Field = field("keys", Type::Map(KEYS, &KEY), "The keys that work here.");
const GLOBAL_KEYS: Field = field(
    "global_keys",
    Type::Boolean,
    "false: the global keys do not work here.",
);
const WRONG: Field = field(
    "wrong",
    WORDS_IN_TURN,
    "What is said after a wrong key or entry; of a list, each time the next.",
);
const SILENCE: Field = field(
    "silence",
    WORDS_IN_TURN,
    "What is said after silence; of a list, each time the next.",
);
const AGAIN: Field = field(
    "again",
    WORDS_IN_TURN,
    "What is said in the place of `say` from the second asking on; of a list, each time the next.",
);
pub(super) const SAID: Field = required(
    "say",
    Type::Words,
    "What the caller hears; one text for each language.",
);
const SAID_PERHAPS: Field = field(
    "say",
    Type::Words,
    "What the caller hears; one text for each language.",
);
pub(super) const SPEAK: Field = field(
    "speak",
    Type::Word(&["all"]),
    "All languages are spoken, one after the other.",
);
const WHEN: Field = field(
    "when",
    Type::Word(&["notice"]),
    "The step is passed over while no notice is set.",
);
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
        ),
        field("expired", TARGET, "Where calls go instead afterwards."),
        field(
            "helped",
            TARGET,
            "Callers are asked whether it has helped; where they go who say yes: self-served.",
        ),
        field("not_helped", TARGET, "Where they go who say no."),
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
        ),
        field(
            "body",
            Type::Map(NAMES, &Type::Sent),
            "The fields of the JSON object that is sent.",
        ),
        field(
            "auth",
            Type::Table(&AUTH),
            "How the daemon shows who it is.",
        ),
        field(
            "timeout",
            Type::time(&TIMEOUTS),
            "The longest wait for the answer.",
        ),
        field(
            "cache",
            Type::time(&CACHES),
            "How long an answer may be used again.",
        ),
        SAID_PERHAPS,
        SPEAK,
        field(
            "save",
            Type::Map(NAMES, &Type::Form("^/.*$")),
            "Names for values of the answer, each by its JSON pointer.",
        ),
        field(
            "set",
            Type::Table(&SET),
            "What the saved values say of the caller.",
        ),
        field(
            "classes",
            Type::Map(NAMES, &EARLIER),
            "How much earlier callers of each class count as having come.",
        ),
        field(
            "branch",
            Type::Name(Of::Value),
            "The saved value that decides.",
        ),
        field(
            "case",
            Type::Map(NAMES, &TARGET),
            "Where each of its values leads; any: all others.",
        ),
        field(
            "error",
            Type::Map(failure::FORM, &TARGET),
            "Where calls go with an error: a status, timeout, any.",
        ),
        field("then", TARGET, "Where calls go when nothing decides."),
    ],
});

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
        ),
        field(
            "class",
            Type::Name(Of::Value),
            "The class: one of `classes`.",
        ),
        field(
            "agent",
            Type::Name(Of::Value),
            "The agent whom the caller knows, for queues with `prefer_last`.",
        ),
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
        ),
        SPEAK,
        required("ask", Type::List(&ASK_TABLE), "The questions."),
        FIRST_KEY,
        NEXT_KEY,
        TRIES_FIELD,
        field(
            "give_up",
            TARGET,
            "Where callers go who say no more; `then` unless set.",
        ),
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

pub(super) const QUEUE: Type = Type::Table(&Shape {
    name: "queue",
    doc: "Where callers wait for agents.",
    rules: WAITING,
    fields: &[
        required(
            "group",
            Type::Name(Of::Group),
            "Who answers: a group of the groups file.",
        ),
        field(
            "skills",
            Type::List(&SKILL),
            "What agents have to know: \"{language}\", \"refunds\", \"en=50\".",
        ),
        field(
            "relax",
            Type::List(&RELAXED_TABLE),
            "Skills that are asked for after a while instead.",
        ),
        SAID_PERHAPS,
        SPEAK,
        MUSIC,
        RECORDING,
        field(
            "announce",
            Type::Table(&ANNOUNCE),
            "What callers hear while they wait.",
        ),
        field(
            "hours",
            Type::Name(Of::Calendar),
            "A [calendar.*], or always, or never.",
        ),
        field("closed", TARGET, "Where calls go outside the hours."),
        field("max_wait", Type::time(&WAITS), "The longest wait."),
        field("timeout", TARGET, "Where calls go when it is over."),
        field(
            "full",
            TARGET,
            "Where calls go when there is no room to wait.",
        ),
        field(
            "no_agents",
            TARGET,
            "Where calls go when nobody signed in could take them.",
        ),
        field(
            "all_paused",
            TARGET,
            "Where calls go when everybody who could is on a break.",
        ),
        field(
            "after",
            TARGET,
            "Where calls go when the agent hangs up first.",
        ),
        field(
            "head_start",
            Type::time(&HEAD_STARTS),
            "Callers count as having come so much earlier.",
        ),
        field(
            "priority",
            Type::Integer(*PRIORITIES.start(), *PRIORITIES.end()),
            "A head start by number: 50 is the usual one.",
        ),
        field(
            "emergency",
            Type::Boolean,
            "Strict precedence over everybody else.",
        ),
        field(
            "weight",
            Type::Integer(0, WEIGHT_MAX),
            "Asterisk's queue weight.",
        ),
        field(
            "returning",
            Type::time(&RETURNING),
            "For how long the place of a caller who hangs up is kept.",
        ),
        field(
            "prefer_last",
            Type::time(&PREFERRED),
            "How long a caller waits for the agent of the last call.",
        ),
        field(
            "overload",
            Type::Table(&OVERLOAD),
            "What happens when the wait to expect is long.",
        ),
        KEYS_FIELD,
    ],
});

/// A skill, and how good agents have to be at it.
static SKILL: Type = Type::Written(&[
    Piece::As(r"(\s*\{language\}|[^={]+)(\s*=\s*"),
    Piece::Whole(1, LEVEL_MAX as u64),
    Piece::As(r"\s*)?"),
]);

static RELAXED_TABLE: Type = Type::Table(&RELAXED);

static RELAXED: Shape = Shape {
    name: "relaxed",
    doc: "Skills that are asked for after a while.",
    rules: &[],
    fields: &[
        required(
            "after",
            Type::time(&RELAXED_AFTER),
            "From the start of the wait.",
        ),
        required(
            "skills",
            Type::List(&SKILL),
            "What agents have to know from then on.",
        ),
    ],
};

static ANNOUNCE: Shape = Shape {
    name: "announce",
    doc: "What callers hear while they wait.",
    rules: &[],
    fields: &[
        field("position", Type::Boolean, "Their place in the queue."),
        field("wait", Type::Boolean, "How long it will take."),
        field(
            "first",
            Type::time(&ANNOUNCEMENTS),
            "From the start of the wait to the first.",
        ),
        field(
            "every",
            Type::time(&ANNOUNCEMENTS),
            "From each to the next.",
        ),
        field(
            "say",
            WORDS_IN_TURN,
            "Messages; of a list, each time the next, and then the first again.",
        ),
    ],
};

static OVERLOAD: Shape = Shape {
    name: "overload",
    doc: "What happens when the wait to expect is long.",
    rules: STAGES,
    fields: &[
        field(
            "offer_callback",
            Type::time(&WAITS),
            "From this wait on callers are offered a call back at once.",
        ),
        field(
            "no_queue",
            Type::time(&WAITS),
            "From this wait on nobody can join.",
        ),
    ],
};

pub(super) const CALLBACK: Type = Type::Table(&Shape {
    name: "callback",
    doc: "Promises a call back.",
    rules: &[],
    fields: &[
        required(
            "queue",
            Type::Name(Of::Queue),
            "The queue whose agents call back.",
        ),
        SAID,
        SPEAK,
        THEN,
        field(
            "number",
            Type::Name(Of::Number),
            "The number: \"{caller}\", or an entry that is one.",
        ),
        field(
            "confirm",
            Type::Boolean,
            "false: a number that is known already is not confirmed.",
        ),
        field(
            "keep_place",
            Type::Boolean,
            "The caller keeps the place of the wait so far.",
        ),
        field(
            "calendar",
            Type::Name(Of::Calendar),
            "The hours in which callers may be called.",
        ),
        field(
            "attempts",
            Type::Integer(1, ATTEMPTS_MAX),
            "How often the number is dialled at most.",
        ),
        field(
            "retry",
            Type::time(&RETRIES),
            "From one attempt to the next.",
        ),
        field("ring", Type::time(&RINGS), "For how long it rings."),
        field(
            "spare_agents",
            Type::Integer(0, SPARE_MAX),
            "Dialled only while nobody waits and more agents than this are free.",
        ),
        field(
            "per_minute",
            Type::Integer(1, PER_MINUTE_MAX),
            "So many calls back in a minute at most.",
        ),
        field(
            "refused",
            TARGET,
            "Where calls go when none can be promised.",
        ),
        GLOBAL_KEYS,
        BARGE_IN,
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
        field("failed", TARGET, "Where calls go when it does not answer."),
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
        ),
        THEN,
        field(
            "refused",
            TARGET,
            "Where calls go when the agent cannot do that now.",
        ),
        field(
            "stranger",
            TARGET,
            "Where calls go when the phone is no agent's.",
        ),
    ],
});
