//! The shape of a line: `[line]`, `[defaults]`, keys, calendars and phrases; steps are beside.

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
use super::entries;
use super::field;
use super::messages;
use super::required;
use super::rules::STEPS;
use super::steps;
use crate::exchange::limits::CALLER_CALLS_MAX;
use crate::menu::head::CALL_TIMES;
use crate::menu::head::KEY_TIMES;
use crate::menu::head::LIMIT_TIMES;
use crate::menu::head::TRIES_MAX;
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
        ),
        field(
            "defaults",
            Type::Table(&DEFAULTS),
            "What steps do that say nothing else.",
        ),
        field(
            "global_keys",
            Type::Map(KEYS, &KEY),
            "Keys that work in every step that says nothing else.",
        ),
        field(
            "calendar",
            Type::Map(NAMES, &Type::Table(&CALENDAR)),
            "Opening hours by name.",
        ),
        field(
            "dialling",
            Type::Table(&DIALLING),
            "Which numbers may be dialled for callers.",
        ),
        field(
            "phrases",
            Type::By(Of::Language, &Type::Table(&PHRASES)),
            "What the house says of its own accord, by language.",
        ),
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
        steps::table("queue", "Where callers wait for agents.", &steps::QUEUE),
        steps::table(
            "callback",
            "Steps that promise a call back.",
            &steps::CALLBACK,
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
        ),
        field(
            "numbers",
            Type::List(&TELEPHONE),
            "The public numbers that lead here.",
        ),
        field(
            "trunks",
            Type::Integer(1, TRUNKS_MAX),
            "Lines from the carrier; all busy: the caller is blocked.",
        ),
        field(
            "reserve",
            Type::Integer(0, TRUNKS_MAX),
            "Trunks that waiting callers may not take.",
        ),
        field("max_call", Type::time(&CALL_TIMES), "The longest call."),
        field("audio", Type::Text, "The folder of the recordings."),
        field(
            "caller_limit",
            Type::Table(&CALLER_LIMIT),
            "So many calls of one caller within a time; further ones find the line busy.",
        ),
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
        field("silence", Type::Integer(1, TRIES_MAX), "Silences."),
        field(
            "wrong",
            Type::Integer(1, TRIES_MAX),
            "Wrong keys or entries.",
        ),
    ],
};

pub(super) const FIRST_KEY: Field = field(
    "first_key",
    Type::time(&KEY_TIMES),
    "How long to wait for the first key, from the end of the prompt on.",
);
pub(super) const NEXT_KEY: Field = field(
    "next_key",
    Type::time(&KEY_TIMES),
    "How long to wait between the keys of a longer entry.",
);
pub(super) const TRIES_FIELD: Field = field(
    "tries",
    TRIES,
    "Tries before the step gives up; one number, or silence and wrong keys apart.",
);
pub(super) const GIVE_UP: Field = field("give_up", TARGET, "Where calls go after the last try.");

pub(super) const BARGE_IN: Field = field(
    "barge_in",
    Type::Boolean,
    "false: keys do not cut the words short.",
);
pub(super) const MUSIC: Field = field("music", Type::Text, "The music on hold.");

pub(super) const RECORDING: Field = field(
    "recording",
    Type::Word(&RECORDINGS),
    "Whether conversations with agents are recorded: callers are told (always), are asked, or are not \
     recorded.",
);

pub(in crate::menu) static DEFAULTS: Shape = Shape {
    name: "defaults",
    doc: "What steps do that say nothing else.",
    rules: &[],
    fields: &[
        FIRST_KEY,
        NEXT_KEY,
        TRIES_FIELD,
        GIVE_UP,
        BARGE_IN,
        MUSIC,
        RECORDING,
    ],
};

pub(super) const KEY: Type = Type::Either(&[TARGET, Type::Table(&KEY_TABLE)]);

pub(in crate::menu) static KEY_TABLE: Shape = Shape {
    name: "key",
    doc: "What a key does.",
    rules: &[],
    fields: &[
        required("go", TARGET, "Where it leads."),
        field("label", Type::Label, "What {options} says of it."),
        field(
            "language",
            Type::Name(Of::Language),
            "The language it sets.",
        ),
        field(
            "outcome",
            Type::Word(&["self-served"]),
            "The caller says with it that the answer was enough.",
        ),
    ],
};

pub(super) const ENTRY: Type = Type::Either(&[TARGET, Type::Table(&ENTRY_TABLE)]);

pub(in crate::menu) static ENTRY_TABLE: Shape = Shape {
    name: "entry",
    doc: "Where a name of a directory leads.",
    rules: &[],
    fields: &[
        required("go", TARGET, "Where it leads."),
        field(
            "label",
            Type::Label,
            "How it is spoken; as it is written unless set.",
        ),
        field(
            "names",
            Type::List(&Type::Text),
            "What callers spell to find it; how it is spoken unless set.",
        ),
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
        ),
        field(
            "special",
            Type::Map(DATE, &SPECIAL),
            "Days with hours of their own: { 2026-12-24 = \"09:00-12:00\" }.",
        ),
        field(
            "files",
            Type::List(&Type::Text),
            "Files of holidays (iCalendar), relative to this one.",
        ),
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
        ),
        field(
            "national",
            Type::Form("^[0-9]{0,4}$"),
            "What they begin with at home: \"0\".",
        ),
        field(
            "international",
            Type::Form("^[0-9]{0,4}$"),
            "What numbers of other countries begin with: \"00\".",
        ),
        field(
            "allow",
            Type::List(&PREFIX),
            "What a number has to begin with: one of these.",
        ),
        field(
            "deny",
            Type::List(&PREFIX),
            "What a number must not begin with.",
        ),
        field(
            "digits",
            Type::Either(&[
                Type::Integer(1, 20),
                Type::Written(&[Piece::As(" *"), Piece::Rising(1, 20), Piece::As(" *")]),
            ]),
            "How many digits a number has, those of the country included.",
        ),
    ],
};

const PREFIX: Type = Type::Form(r"^\+?[0-9]{1,15}$");

pub(in crate::menu) static PHRASES: Shape = Shape {
    name: "phrases",
    doc: "What the house says of its own accord in one language.",
    rules: &[],
    fields: &[
        field(
            "option",
            Type::Text,
            "An option of a menu, with {label} and {key}.",
        ),
        field("wrong_key", Type::Text, "After a key that leads nowhere."),
        field(
            "wrong_entry",
            Type::Text,
            "After an entry that does not fit.",
        ),
        field("silence", Type::Text, "After silence."),
        field(
            "confirm",
            Type::Text,
            "Reads an entry back, with {digits}; 1 keeps it, 2 starts again.",
        ),
        field(
            "position",
            Type::Text,
            "The place in a queue, with {position}.",
        ),
        field("wait_about", Type::Text, "The expected wait, with {wait}."),
        field(
            "wait_more_than",
            Type::Text,
            "A wait too long to foretell, with {wait}.",
        ),
        field("star", Type::Text, "The name of the key *."),
        field("pound", Type::Text, "The name of the key #."),
        field(
            "helped",
            Type::Text,
            "Asks whether an answer has helped; 1 is yes, 2 is no.",
        ),
        field(
            "call_back_on",
            Type::Text,
            "The number on which a caller will be called, with {number}; 1 confirms it, 2 takes another.",
        ),
        field("which_number", Type::Text, "Asks for a telephone number."),
        field(
            "choose",
            Type::Text,
            "After a name that was found: the {key} that takes it.",
        ),
        field(
            "otherwise",
            Type::Text,
            "After all names that were found: the {key} that leads back to spelling.",
        ),
        field(
            "more_letters",
            Type::Text,
            "After a spelling under which too much is found.",
        ),
        field(
            "nothing_found",
            Type::Text,
            "After a spelling under which nothing is found.",
        ),
        field(
            "recorded",
            Type::Text,
            "Says that the conversation will be recorded.",
        ),
        field(
            "may_record",
            Type::Text,
            "Asks whether the conversation may be recorded; 1 is yes, 2 is no.",
        ),
    ],
};
