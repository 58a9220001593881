//! The shapes of the steps that lead to people: queues, and calls back of them.

use super::Of;
use super::Piece;
use super::Shape;
use super::TARGET;
use super::Type;
use super::Usual;
use super::WORDS_IN_TURN;
use super::field;
use super::line::BARGE_IN;
use super::line::MUSIC;
use super::line::RECORDING;
use super::required;
use super::rules::WAITING;
use super::steps::GLOBAL_KEYS;
use super::steps::KEYS_FIELD;
use super::steps::SAID;
use super::steps::SAID_PERHAPS;
use super::steps::SPEAK;
use super::steps::THEN;
use crate::exchange::dialplan::LEVEL_MAX;
use crate::exchange::time::Span;
use crate::menu::callback::ATTEMPTS;
use crate::menu::callback::ATTEMPTS_MAX;
use crate::menu::callback::PER_MINUTE_MAX;
use crate::menu::callback::RETRIES;
use crate::menu::callback::RETRY;
use crate::menu::callback::RING;
use crate::menu::callback::RINGS;
use crate::menu::callback::SPARE_MAX;
use crate::menu::lane::RELAXED_AFTER;
use crate::menu::queue::ANNOUNCEMENTS;
use crate::menu::queue::FIRST_ANNOUNCEMENT;
use crate::menu::queue::HEAD_STARTS;
use crate::menu::queue::NEXT_ANNOUNCEMENT;
use crate::menu::queue::PREFERRED;
use crate::menu::queue::PRIORITIES;
use crate::menu::queue::RETURNING;
use crate::menu::queue::WAITS;
use crate::menu::queue::WEIGHT_MAX;

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
        )
        .unset("none"),
        field(
            "relax",
            Type::List(&RELAXED_TABLE),
            "Skills that are asked for after a while instead.",
        )
        .unset("the skills stay"),
        SAID_PERHAPS,
        SPEAK,
        MUSIC,
        RECORDING,
        field(
            "announce",
            Type::Table(&ANNOUNCE),
            "What callers hear while they wait.",
        )
        .unset("nothing"),
        field(
            "hours",
            Type::Name(Of::Calendar),
            "A [calendar.*], or always, or never.",
        )
        .unset("it is always open"),
        field("closed", TARGET, "Where calls go outside the hours.").unset("it is always open"),
        field("max_wait", Type::time(&WAITS), "The longest wait.")
            .unset("until `max_call` of the line"),
        field("timeout", TARGET, "Where calls go when it is over.").unset("the call is hung up"),
        field(
            "full",
            TARGET,
            "Where calls go when there is no room to wait.",
        )
        .unset("the call is hung up"),
        field(
            "no_agents",
            TARGET,
            "Where calls go when nobody signed in could take them.",
        )
        .unset("the call is hung up"),
        field(
            "all_paused",
            TARGET,
            "Where calls go when everybody who could is on a break.",
        )
        .unset("they wait"),
        field(
            "after",
            TARGET,
            "Where calls go when the agent hangs up first.",
        )
        .unset("the call is hung up"),
        field(
            "head_start",
            Type::time(&HEAD_STARTS),
            "Callers count as having come so much earlier.",
        )
        .usual(Usual::Time(Span::ZERO)),
        field(
            "priority",
            Type::Integer(*PRIORITIES.start(), *PRIORITIES.end()),
            "A head start by number: 50 is the usual one, and each point more is six seconds.",
        )
        .usual(Usual::Whole(*PRIORITIES.start())),
        field(
            "emergency",
            Type::Boolean,
            "Strict precedence over everybody else.",
        )
        .usual(Usual::Boolean(false)),
        field(
            "weight",
            Type::Integer(0, WEIGHT_MAX),
            "Asterisk's queue weight.",
        )
        .usual(Usual::Whole(0)),
        field(
            "returning",
            Type::time(&RETURNING),
            "For how long the place of a caller who hangs up is kept.",
        )
        .unset("it is not kept"),
        field(
            "prefer_last",
            Type::time(&PREFERRED),
            "How long a caller waits for the agent of the last call.",
        )
        .unset("not at all"),
        field(
            "overload",
            Type::Table(&OVERLOAD),
            "What happens when the wait to expect is long.",
        )
        .unset("nothing"),
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
        field("position", Type::Boolean, "Their place in the queue.").usual(Usual::Boolean(false)),
        field("wait", Type::Boolean, "How long it will take.").usual(Usual::Boolean(false)),
        field(
            "first",
            Type::time(&ANNOUNCEMENTS),
            "From the start of the wait to the first.",
        )
        .usual(Usual::Time(FIRST_ANNOUNCEMENT)),
        field(
            "every",
            Type::time(&ANNOUNCEMENTS),
            "From each to the next.",
        )
        .usual(Usual::Time(NEXT_ANNOUNCEMENT)),
        field(
            "say",
            WORDS_IN_TURN,
            "Messages; of a list, each time the next, and then the first again.",
        )
        .unset("none"),
    ],
};

static OVERLOAD: Shape = Shape {
    name: "overload",
    doc: "What happens when the wait to expect is long.",
    rules: &[],
    fields: &[
        field(
            "offer_callback",
            Type::time(&WAITS),
            "From this wait on callers are offered a call back at once.",
        )
        .unset("not at once"),
        field(
            "no_queue",
            Type::time(&WAITS),
            "From this wait on nobody can join.",
        )
        .unset("everybody can"),
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
        )
        .usual(Usual::Text("{caller}")),
        field(
            "confirm",
            Type::Boolean,
            "false: a number that is known already is not confirmed.",
        )
        .usual(Usual::Boolean(true)),
        field(
            "keep_place",
            Type::Boolean,
            "The caller keeps the place of the wait so far.",
        )
        .usual(Usual::Boolean(true)),
        field(
            "calendar",
            Type::Name(Of::Calendar),
            "The hours in which callers may be called.",
        )
        .unset("at any hour"),
        field(
            "attempts",
            Type::Integer(1, ATTEMPTS_MAX),
            "How often the number is dialled at most.",
        )
        .usual(Usual::Whole(ATTEMPTS)),
        field(
            "retry",
            Type::time(&RETRIES),
            "From one attempt to the next.",
        )
        .usual(Usual::Time(RETRY)),
        field("ring", Type::time(&RINGS), "For how long it rings.").usual(Usual::Time(RING)),
        field(
            "spare_agents",
            Type::Integer(0, SPARE_MAX),
            "Dialled only while nobody waits and more agents than this are free.",
        )
        .unset("dialled in its turn, like a caller who waits"),
        field(
            "per_minute",
            Type::Integer(1, PER_MINUTE_MAX),
            "So many calls back in a minute at most.",
        )
        .unset("no limit"),
        field(
            "by_request",
            Type::Boolean,
            "true: other programs may ask for calls back by this step, for people who are not on the line.",
        )
        .usual(Usual::Boolean(false)),
        field(
            "refused",
            TARGET,
            "Where calls go when none can be promised.",
        )
        .unset("`then`"),
        GLOBAL_KEYS,
        BARGE_IN,
    ],
});
