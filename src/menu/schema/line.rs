//! The shape of a line: `[line]`, `[defaults]`, keys, and calendars; steps and phrases are beside.

use super::DATE;
use super::FORMAT;
use super::Field;
use super::LANGUAGE;
use super::NAMES;
use super::Of;
use super::Piece;
use super::Shape;
use super::TARGET;
use super::Type;
use super::Usual;
use super::entries;
use super::field;
use super::messages;
use super::phrases::PHRASES;
use super::queues;
use super::required;
use super::rules::STEPS;
use super::steps;
use crate::exchange::limits;
use crate::exchange::limits::CALLER_CALLS_MAX;
use crate::menu::head::CALL_TIMES;
use crate::menu::head::FIRST_KEY_USUAL;
use crate::menu::head::KEY_TIMES;
use crate::menu::head::LIMIT_TIMES;
use crate::menu::head::NEXT_KEY_USUAL;
use crate::menu::head::TRIES_MAX;
use crate::menu::head::TRIES_USUAL;
use crate::menu::head::TRUNKS_MAX;
use crate::menu::recording::RECORDINGS;

/// `09:00-12:00`, or several; 24:00 is the end of a day.
macro_rules! times {
    () => {
        concat!(times!(one), r"([ ,\t]+", times!(one), ")*")
    };
    (one) => {
        "([01]?[0-9]|2[0-3]):[0-5][0-9]-(([01]?[0-9]|2[0-3]):[0-5][0-9]|24:00)"
    };
}

/// A day of the week, in small letters or large ones.
macro_rules! day {
    () => {
        "([Mm][Oo][Nn]|[Tt][Uu][Ee]|[Ww][Ee][Dd]|[Tt][Hh][Uu]|[Ff][Rr][Ii]|[Ss][Aa][Tt]|[Ss][Uu][Nn])"
    };
}

const TELEPHONE: Type = Type::Form(r"^\+?[0-9]{1,20}$");
/// Keys of a telephone, and x for any digit.
pub(super) const KEYS: &str = r"^[0-9x*#]{1,16}$";
/// Times of day, each with another.
const TIMES: &str = concat!("^[ ,\\t]*", times!(), "[ ,\\t]*$");
/// Days of the week, and the same.
const WEEK: &str = concat!(
    r"^\s*",
    day!(),
    "(-",
    day!(),
    ")?(,",
    day!(),
    "(-",
    day!(),
    r")?)*\s[ ,\t]*",
    times!(),
    r"[ ,\t]*\s*$"
);

/// A line file.
pub static LINE: Shape = Shape {
    name: "file",
    doc: "A line: one public number's menu file.",
    rules: STEPS,
    fields: &[
        FORMAT,
        required("line", Type::Table(&HEAD), "What the line is."),
        field(
            "include",
            Type::List(&Type::Text),
            "Files whose steps are added to those of this one.",
        )
        .unset("none"),
        field(
            "defaults",
            Type::Table(&DEFAULTS),
            "What steps do that say nothing else.",
        )
        .unset("as below"),
        field(
            "global_keys",
            Type::Map(KEYS, &KEY),
            "Keys that work in every step that says nothing else.",
        )
        .unset("none"),
        field(
            "calendar",
            Type::Map(NAMES, &Type::Table(&CALENDAR)),
            "Opening hours by name.",
        )
        .unset("none but `always` and `never`"),
        field(
            "dialling",
            Type::Table(&DIALLING),
            "Which numbers may be dialled for callers.",
        )
        .unset("numbers of the country of the line's first number"),
        field(
            "phrases",
            Type::By(Of::Language, &Type::Table(&PHRASES)),
            "What the house says of its own accord, by language.",
        )
        .unset("those of the house"),
        steps::table("menu", "Steps that offer keys.", &steps::MENU),
        steps::table("say", "Steps that say something and go on.", &steps::SAY),
        steps::table(
            "answer",
            "Recorded answers to common questions.",
            &steps::ANSWER,
        ),
        steps::table(
            "collect",
            "Steps that take an entry of several digits.",
            &entries::COLLECT,
        ),
        steps::table(
            "directory",
            "Steps that take the beginning of a name, spelled on the keypad.",
            &entries::DIRECTORY,
        ),
        steps::table("lookup", "Steps that ask another system.", &steps::LOOKUP),
        steps::table("survey", "Steps that ask how the call was.", &steps::SURVEY),
        steps::table("hours", "Branches on opening hours.", &steps::HOURS),
        steps::table("queue", "Where callers wait for agents.", &queues::QUEUE),
        steps::table(
            "callback",
            "Steps that promise a call back.",
            &queues::CALLBACK,
        ),
        steps::table("record", "Steps that take a message.", &messages::RECORD),
        steps::table(
            "ticket",
            "Steps that hand a ticket to a back office.",
            &messages::TICKET,
        ),
        steps::table(
            "transfer",
            "Steps that lead to a number outside.",
            &steps::TRANSFER,
        ),
        steps::table(
            "duty",
            "Steps that act for the agent who calls.",
            &steps::DUTY,
        ),
    ],
};

pub(in crate::menu) static HEAD: Shape = Shape {
    name: "line",
    doc: "What the line is.",
    rules: &[],
    fields: &[
        required("name", Type::Text, "The name for people."),
        required(
            "timezone",
            Type::Name(Of::TimeZone),
            "The IANA name of the time zone, such as Europe/London.",
        ),
        required(
            "languages",
            Type::List(&Type::Form(LANGUAGE)),
            "The languages; calls begin with the first.",
        ),
        required("start", TARGET, "The step in which calls begin."),
        field(
            "groups",
            Type::Text,
            "The groups file, relative to this one.",
        )
        .unset("none: the line has no queues"),
        field(
            "numbers",
            Type::List(&TELEPHONE),
            "The public numbers that lead here.",
        )
        .unset("none: a bridge names the line"),
        field(
            "trunks",
            Type::Integer(1, TRUNKS_MAX),
            "Lines from the carrier; all busy: the caller is blocked.",
        )
        .unset("as many as callers need"),
        field(
            "reserve",
            Type::Integer(0, TRUNKS_MAX),
            "Nobody may begin to wait while callers who wait or talk hold all trunks but so many.",
        )
        .usual(Usual::Whole(0)),
        field("max_call", Type::time(&CALL_TIMES), "The longest call.")
            .usual(Usual::Time(limits::MAX_CALL)),
        field("audio", Type::Text, "The folder of the recordings.")
            .unset("`audio`, in which nothing has to be"),
        field(
            "caller_limit",
            Type::Table(&CALLER_LIMIT),
            "So many calls of one caller within a time; further ones find the line busy.",
        )
        .unset("no limit"),
    ],
};

static CALLER_LIMIT: Shape = Shape {
    name: "caller_limit",
    doc: "So many calls of one caller within a time.",
    rules: &[],
    fields: &[
        required(
            "calls",
            Type::Integer(1, CALLER_CALLS_MAX as i64),
            "How many.",
        ),
        required("within", Type::time(&LIMIT_TIMES), "Within which time."),
    ],
};

const TRIES: Type = Type::Either(&[Type::Integer(1, TRIES_MAX), Type::Table(&TRIES_APART)]);

static TRIES_APART: Shape = Shape {
    name: "tries",
    doc: "Tries before the step gives up.",
    rules: &[],
    fields: &[
        field("silence", Type::Integer(1, TRIES_MAX), "Silences.").usual(Usual::Whole(TRIES_USUAL)),
        field(
            "wrong",
            Type::Integer(1, TRIES_MAX),
            "Wrong keys or entries.",
        )
        .usual(Usual::Whole(TRIES_USUAL)),
    ],
};

pub(super) const FIRST_KEY: Field = field(
    "first_key",
    Type::time(&KEY_TIMES),
    "How long to wait for the first key, from the end of the prompt on.",
)
.unset("that of `[defaults]`");
pub(super) const NEXT_KEY: Field = field(
    "next_key",
    Type::time(&KEY_TIMES),
    "How long to wait between the keys of a longer entry.",
)
.unset("that of `[defaults]`");
pub(super) const TRIES_FIELD: Field = field(
    "tries",
    TRIES,
    "Tries before the step gives up; one number, or silence and wrong keys apart.",
)
.unset("that of `[defaults]`");
pub(super) const GIVE_UP: Field =
    field("give_up", TARGET, "Where calls go after the last try.").unset("that of `[defaults]`");

pub(super) const BARGE_IN: Field = field(
    "barge_in",
    Type::Boolean,
    "false: keys do not cut the words short.",
)
.unset("that of `[defaults]`");
pub(super) const MUSIC: Field =
    field("music", Type::Text, "The music on hold.").unset("that of `[defaults]`");

pub(super) const RECORDING: Field = field(
    "recording",
    Type::Word(&RECORDINGS),
    "Whether conversations with agents are recorded: callers are told (always), are asked, or are not \
     recorded.",
).unset("that of `[defaults]`");

pub(in crate::menu) static DEFAULTS: Shape = Shape {
    name: "defaults",
    doc: "What steps do that say nothing else.",
    rules: &[],
    fields: &[
        FIRST_KEY.usual(Usual::Time(FIRST_KEY_USUAL)),
        NEXT_KEY.usual(Usual::Time(NEXT_KEY_USUAL)),
        TRIES_FIELD.usual(Usual::Whole(TRIES_USUAL)),
        GIVE_UP.unset("the call is hung up"),
        BARGE_IN.usual(Usual::Boolean(true)),
        MUSIC.unset("the bridge chooses"),
        RECORDING.usual(Usual::Text("never")),
    ],
};

pub(super) const KEY: Type = Type::Either(&[TARGET, Type::Table(&KEY_TABLE)]);

pub(in crate::menu) static KEY_TABLE: Shape = Shape {
    name: "key",
    doc: "What a key does.",
    rules: &[],
    fields: &[
        required("go", TARGET, "Where it leads."),
        field("label", Type::Label, "What {options} says of it.").unset("the key is not offered"),
        field(
            "language",
            Type::Name(Of::Language),
            "The language it sets.",
        )
        .unset("the language stays"),
        field(
            "outcome",
            Type::Word(&["self-served"]),
            "The caller says with it that the answer was enough.",
        )
        .unset("the key says nothing of that"),
    ],
};

pub(super) const ENTRY: Type = Type::Either(&[TARGET, Type::Table(&ENTRY_TABLE)]);

pub(in crate::menu) static ENTRY_TABLE: Shape = Shape {
    name: "entry",
    doc: "Where a name of a directory leads.",
    rules: &[],
    fields: &[
        required("go", TARGET, "Where it leads."),
        field("label", Type::Label, "How it is spoken.").unset("as the name is written"),
        field(
            "names",
            Type::List(&Type::Text),
            "What callers spell to find it.",
        )
        .unset("how it is spoken"),
    ],
};

pub(in crate::menu) static CALENDAR: Shape = Shape {
    name: "calendar",
    doc: "Opening hours.",
    rules: &[],
    fields: &[
        required(
            "open",
            Type::List(&Type::Form(WEEK)),
            "The week: \"mon-fri 08:00-18:30\".",
        ),
        field(
            "closed",
            Type::List(&Type::Date),
            "Days on which it is closed.",
        )
        .unset("none"),
        field(
            "special",
            Type::Map(DATE, &SPECIAL),
            "Days with hours of their own: { 2026-12-24 = \"09:00-12:00\" }.",
        )
        .unset("none"),
        field(
            "files",
            Type::List(&Type::Text),
            "Files of holidays (iCalendar), relative to this one.",
        )
        .unset("none"),
    ],
};

const SPECIAL: Type = Type::Either(&[Type::Form(TIMES), Type::List(&Type::Form(TIMES))]);

pub(in crate::menu) static DIALLING: Shape = Shape {
    name: "dialling",
    doc: "Which numbers may be dialled for callers.",
    rules: &[],
    fields: &[
        field(
            "country",
            Type::Form(r"^\+[0-9]{1,4}$"),
            "What national numbers begin with abroad: \"+44\".",
        )
        .unset("that of the line's first number"),
        field(
            "national",
            Type::Form("^[0-9]{0,4}$"),
            "What they begin with at home: \"0\".",
        )
        .unset("as one dials in the country"),
        field(
            "international",
            Type::Form("^[0-9]{0,4}$"),
            "What numbers of other countries begin with: \"00\".",
        )
        .unset("as one dials in the country"),
        field(
            "allow",
            Type::List(&PREFIX),
            "What a number has to begin with: one of these.",
        )
        .unset("the country"),
        field(
            "deny",
            Type::List(&PREFIX),
            "What a number must not begin with.",
        )
        .unset("none"),
        field(
            "digits",
            Type::Either(&[
                Type::Integer(1, 20),
                Type::Written(&[Piece::As(" *"), Piece::Rising(1, 20), Piece::As(" *")]),
            ]),
            "How many digits a number has, those of the country included.",
        )
        .usual(Usual::Text("8-15")),
    ],
};

const PREFIX: Type = Type::Form(r"^\+?[0-9]{1,15}$");
