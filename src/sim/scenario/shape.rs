//! The shape of a scenario file.

use super::ADDED_MAX;
use super::SCALE_MAX;
use super::agents::AWAY_SHARE_MAX;
use super::callers::ATTEMPTS_MAX;
use super::callers::BUSYNESS_CV_MAX;
use super::callers::BUSYNESS_CV_MIN;
use super::callers::TALK_GROWS_MAX;
use super::law::HAZARD_MAX;
use super::law::LAWS;
use super::law::MEANS;
use super::lookup::QUANTILE_TIMES;
use super::outbound::OUTBOUND;
use super::run::RUN;
use super::shift::SHIFT;
use crate::exchange::time::Span;
use crate::measure::worth::AGENT_HOUR_MAX;
use crate::menu::failure::FORM;
use crate::menu::schema::ANY;
use crate::menu::schema::FORMAT;
use crate::menu::schema::Field;
use crate::menu::schema::NAMES;
use crate::menu::schema::Of;
use crate::menu::schema::Part::Above0;
use crate::menu::schema::Part::Has;
use crate::menu::schema::Part::Is;
use crate::menu::schema::Part::IsNumber;
use crate::menu::schema::Part::IsTable;
use crate::menu::schema::Part::Lacks;
use crate::menu::schema::Piece;
use crate::menu::schema::Rule;
use crate::menu::schema::Rule::All;
use crate::menu::schema::Rule::Kind;
use crate::menu::schema::Rule::Never;
use crate::menu::schema::Rule::Where;
use crate::menu::schema::SHARE;
use crate::menu::schema::Shape;
use crate::menu::schema::Type;
use crate::menu::schema::field;
use crate::menu::schema::required;
use crate::sim::distribution::CV_MAX;
use crate::sim::distribution::PHASES_MAX;
use crate::sim::distribution::SAMPLE_MAX;
use crate::sim::forecast::CALLS_MAX;
use crate::sim::staff::AGENTS_MAX;

/// A length of time, or how it is distributed.
pub(super) const LAW: Type = Type::Either(&[MEAN, Type::Table(&DISTRIBUTION)]);
const MEAN: Type = Type::time(&MEANS);
const SAMPLE: Type = Type::Duration(Span::ZERO, SAMPLE_MAX);
/// People by group.
static HEADS: Type = Type::Integer(0, AGENTS_MAX as i64);

/// One source of calls, one of people, and of what callers do one at most; some things are of days, and
/// some of a steady state.
const CALLS_AND_PEOPLE: &[Rule] = &[
    Never(&[Has(&["arrivals"]), Has(&["forecast"])]),
    Never(&[Has(&["arrivals"]), Has(&["demand"])]),
    Never(&[Has(&["arrivals"]), Has(&["forecast_rates"])]),
    Never(&[Has(&["forecast"]), Has(&["demand"])]),
    Never(&[
        Lacks(&["arrivals"]),
        Lacks(&["forecast"]),
        Lacks(&["demand"]),
    ]),
    Never(&[Has(&["wants"]), Has(&["keys"])]),
    Never(&[Has(&["staff"]), Has(&["roster"])]),
    Never(&[Has(&["demand"]), Has(&["agents", "late"])]),
    Never(&[Has(&["demand"]), Above0(&["agents", "absent"])]),
    Never(&[Has(&["demand"]), Has(&["shifts"])]),
    Never(&[Has(&["demand"]), Has(&["outbound", ANY, "calls"])]),
    Never(&[Lacks(&["demand"]), Is(&["run", "warm_up"], "auto")]),
    Never(&[
        Above0(&["callers", "busyness", "cv"]),
        Is(&["run", "warm_up"], "auto"),
    ]),
    Never(&[
        Has(&["callers", "busyness", "within"]),
        Is(&["run", "warm_up"], "auto"),
    ]),
    Never(&[IsTable(CALLS_PER_HOUR), IsNumber(CALLS_PER_HOUR)]),
    Never(&[IsTable(CALLS_PER_HOUR), Has(SHARES_OF_WANTS)]),
    All("wants", Of::Called),
    Where(Of::Called, &[Never(&[Has(SHARES_OF_WANTS)])]),
];

const CALLS_PER_HOUR: &[&str] = &["demand", ANY, "calls_per_hour"];
const SHARES_OF_WANTS: &[&str] = &["wants", ANY, "share"];

/// A scenario file.
pub static SCENARIO: Shape = Shape {
    name: "file",
    doc: "What is simulated: who calls when, what they want, who is on duty.",
    rules: CALLS_AND_PEOPLE,
    fields: &[
        FORMAT,
        required(
            "menu",
            Type::Either(&[Type::Text, Type::List(&Type::Text)]),
            "The line, or lines in a list, relative to this file.",
        ),
        field(
            "run",
            Type::Table(&RUN),
            "How often, from which seed, and for how long.",
        ),
        field("forecast", Type::Text, "A file of calls by interval."),
        field(
            "forecast_counts",
            Type::Word(&["first-attempts", "attempts"]),
            "Whether the forecast holds redials already.",
        ),
        field(
            "forecast_rates",
            Type::Word(&["steps", "linear"]),
            "How rates go from one interval to the next.",
        ),
        field("arrivals", Type::Text, "A file of recorded calls."),
        field(
            "demand",
            Type::By(Of::Line, &Type::Table(&DEMAND)),
            "A steady state: calls by line.",
        ),
        field(
            "staff",
            STAFF,
            "A file of head counts by interval, or people by group.",
        ),
        field("roster", Type::Text, "A file of people by name."),
        field("callers", Type::Table(&CALLERS), "How callers behave."),
        field("agents", Type::Table(&AGENTS), "How people on duty behave."),
        field(
            "wants",
            Type::By(Of::Forecast, &Type::Table(&WANT)),
            "What callers want, by name.",
        ),
        field(
            "keys",
            Type::By(Of::Keyed, &KEY_SHARES),
            "What callers press, by menu.",
        ),
        field(
            "lookup",
            Type::By(Of::Lookup, &Type::Table(&ORACLE)),
            "How long other systems take, and what they answer, by look-up.",
        ),
        field(
            "survey",
            Type::By(Of::Survey, &OPINION),
            "Who takes part, and what they answer, by survey.",
        ),
        field(
            "transfers",
            Type::By(Of::Queue, &Type::Table(&TRANSFER)),
            "Which callers agents hand on, by queue.",
        ),
        field(
            "outbound",
            Type::By(Of::Outbound, &Type::Table(&OUTBOUND)),
            "Who is called without having called, by callback step.",
        ),
        field(
            "shifts",
            Type::Map(NAME, &Type::Table(&SHIFT)),
            "Shifts that people may have, by name: rosters are made of them.",
        ),
        field(
            "goals",
            Type::By(Of::Aim, &Type::Table(&GOALS)),
            "What is to be reached.",
        ),
        field(
            "costs",
            Type::Table(&COSTS),
            "What an hour of an agent costs.",
        ),
        field(
            "what_if",
            Type::List(&Type::Table(&WHAT_IF)),
            "The same scenario, but for this.",
        ),
    ],
};

const STAFF: Type = Type::Either(&[Type::Text, Type::By(Of::Group, &HEADS)]);
static KEY_SHARES: Type = Type::Map("^([0-9*#]+|hangup|silent)$", &SHARE);

static ORACLE: Shape = Shape {
    name: "oracle",
    doc: "How another system behaves.",
    rules: &[],
    fields: &[
        field(
            "latency",
            Type::Either(&[MEAN, Type::Table(&DISTRIBUTION), Type::Table(&QUANTILES)]),
            "How long it takes.",
        ),
        field(
            "case",
            Type::Within(Of::Case, &[], &SHARE),
            "Shares of the answers; any: other values.",
        ),
        field(
            "error",
            Type::Map(FORM, &SHARE),
            "Shares of the errors: a status, timeout, any.",
        ),
        field(
            "class",
            Type::Within(Of::Class, &[], &SHARE),
            "Shares of the classes of callers that it knows; the rest is of none.",
        ),
        field(
            "knows_language",
            SHARE,
            "The share of callers whose language it knows.",
        ),
    ],
};

const QUANTILE: Type = Type::time(&QUANTILE_TIMES);

static QUANTILES: Shape = Shape {
    name: "quantiles",
    doc: "A log-normal distribution by two of its quantiles.",
    rules: &[],
    fields: &[
        required("p50", QUANTILE, "What half of all take at most."),
        required("p99", QUANTILE, "What 99 in 100 take at most."),
    ],
};

/// `answers`, and the shares of the answers to each question.
static OPINION: Type = Type::Within(
    Of::Question,
    &[field(
        "answers",
        SHARE,
        "The share of callers who take part.",
    )],
    &Type::Map("^([0-9]|10)$", &SHARE),
);

static COSTS: Shape = Shape {
    name: "costs",
    doc: "What an hour of an agent costs: by it saved time is told in money.",
    rules: &[],
    fields: &[
        required(
            "agent_hour",
            Type::Number(0.0, AGENT_HOUR_MAX),
            "An hour, all told.",
        ),
        required("currency", Type::Text, "The currency, such as USD."),
    ],
};

static DEMAND: Shape = Shape {
    name: "demand",
    doc: "Calls of one line.",
    rules: &[],
    fields: &[required("calls_per_hour", RATES, "In all, or by want.")],
};

const RATES: Type = Type::Either(&[
    Type::Number(0.0, CALLS_MAX),
    Type::By(Of::Want, &Type::Number(0.0, CALLS_MAX)),
]);

static CALLERS: Shape = Shape {
    name: "callers",
    doc: "How callers behave.",
    rules: &[],
    fields: &[
        field(
            "languages",
            Type::By(Of::Language, &SHARE),
            "Shares of the languages they speak.",
        ),
        field("listens", LAW, "From the start of a menu to the key."),
        field("slips", SHARE, "Wrong keys."),
        field("silent", SHARE, "Who never presses a key."),
        field("satisfied", SHARE, "How often an answer is enough."),
        field("confirms", SHARE, "Who says so with a key."),
        field("leaves_message", SHARE, "Who leaves a message."),
        field("message", LAW, "How long it is."),
        TALK,
        WRAP_UP,
        PATIENCE,
        field(
            "talk_grows",
            Type::Table(&TALK_GROWS),
            "Who has waited long has more to say.",
        ),
        field("balks", SHARE, "Who hangs up at once instead of waiting."),
        field(
            "leaves_when_told",
            SHARE,
            "Who hangs up when told of too long a wait.",
        ),
        field("redial", Type::Table(&REDIAL), "Who calls again, and when."),
        field(
            "busyness",
            Type::Table(&BUSYNESS),
            "How much busier days and hours are than forecast.",
        ),
        field("accepts_callback", SHARE, "Who accepts to be called back."),
        field("reached_by_callback", SHARE, "Who answers then."),
        field("picks_up", LAW, "How long it rings until then."),
    ],
};

pub(super) const TALK: Field = field("talk", LAW, "How long callers talk with an agent.");
pub(super) const WRAP_UP: Field = field("wrap_up", LAW, "The agent's work afterwards.");
const PATIENCE: Field = field("patience", LAW, "How long callers are willing to wait.");

static TALK_GROWS: Shape = Shape {
    name: "talk_grows",
    doc: "Talks grow with the wait before them.",
    rules: &[],
    fields: &[
        required(
            "per_minute",
            Type::Number(0.0, TALK_GROWS_MAX),
            "By so much of the talk for each minute.",
        ),
        field(
            "most",
            Type::Number(0.0, TALK_GROWS_MAX),
            "By so much at most.",
        ),
    ],
};

static REDIAL: Shape = Shape {
    name: "redial",
    doc: "Who calls again, and when.",
    rules: &[],
    fields: &[
        field("after_blocked", SHARE, "After a busy signal."),
        field("after_abandoned", SHARE, "After hanging up while waiting."),
        field(
            "after_turned_away",
            SHARE,
            "After being turned away by a queue.",
        ),
        field("unsolved", SHARE, "After a call that brought no answer."),
        field("delay", LAW, "From one attempt to the next."),
        field("delay_blocked", LAW, "The same after a busy signal."),
        field(
            "delay_turned_away",
            LAW,
            "The same after being turned away.",
        ),
        field(
            "attempts",
            Type::Integer(1, ATTEMPTS_MAX),
            "Attempts of one caller at most.",
        ),
    ],
};

static BUSYNESS: Shape = Shape {
    name: "busyness",
    doc: "How much busier days and hours are than forecast.",
    rules: &[],
    fields: &[
        field("cv", Type::Number(0.0, BUSYNESS_CV_MAX), "Between days."),
        field("within", Type::Table(&WITHIN), "Within a day."),
    ],
};

static WITHIN: Shape = Shape {
    name: "within",
    doc: "How much busier hours of one day are than forecast.",
    rules: &[],
    fields: &[
        required(
            "cv",
            Type::Number(BUSYNESS_CV_MIN, BUSYNESS_CV_MAX),
            "Between intervals.",
        ),
        required("correlation", SHARE, "How alike neighbours are."),
    ],
};

static AGENTS: Shape = Shape {
    name: "agents",
    doc: "How people on duty behave.",
    rules: &[],
    fields: &[
        field(
            "answers",
            LAW,
            "How long a phone rings until it is picked up.",
        ),
        field("misses", SHARE, "Ringings that nobody picks up."),
        field("returns", LAW, "How long somebody is away after one."),
        field("late", Type::Table(&LATE), "Who comes late."),
        field("absent", SHARE, "Shifts to which somebody does not come."),
        field("away", Type::Table(&AWAY), "Time away that nobody planned."),
        field(
            "speed_at_skill",
            Type::Map("^[0-9]+$", &Type::Number(0.0, f64::MAX)),
            "Factors on handling times by level.",
        ),
    ],
};

static LATE: Shape = Shape {
    name: "late",
    doc: "Who comes late to a shift.",
    rules: &[],
    fields: &[
        required("share", SHARE, "To how many shifts."),
        required("by", LAW, "By how much."),
    ],
};

static AWAY: Shape = Shape {
    name: "away",
    doc: "Time away from the phone that nobody planned.",
    rules: &[],
    fields: &[
        required(
            "share",
            Type::Number(0.0, AWAY_SHARE_MAX),
            "So much of the time.",
        ),
        required("length", LAW, "How long each time."),
    ],
};

/// An answer with those for whom it is enough, or a step.
const AIMS: &[Rule] = &[
    Never(&[Has(&["answered_by"]), Has(&["needs"])]),
    Never(&[Lacks(&["answered_by"]), Lacks(&["needs"])]),
    Never(&[Has(&["answered_by"]), Lacks(&["satisfied"])]),
    Never(&[Has(&["needs"]), Has(&["satisfied"])]),
    Never(&[Has(&["needs"]), Has(&["else"])]),
];

static WANT: Shape = Shape {
    name: "want",
    doc: "A reason to call: an answer that should do, or a step that is needed.",
    rules: AIMS,
    fields: &[
        field("share", SHARE, "The share of the callers."),
        field(
            "answered_by",
            Type::Name(Of::Answering),
            "The recorded answer that should do.",
        ),
        field("satisfied", SHARE, "How often it is enough."),
        field("else", Type::Name(Of::Serving), "Where the others go."),
        field("needs", Type::Name(Of::Serving), "The step that is needed."),
        TALK,
        WRAP_UP,
        PATIENCE,
    ],
};

static TRANSFER: Shape = Shape {
    name: "transfer",
    doc: "Callers whom agents hand on.",
    rules: &[Never(&[Has(&["introduction"]), Lacks(&["warm"])])],
    fields: &[
        required("share", SHARE, "After how many talks."),
        required(
            "to",
            Type::Name(Of::Queue),
            "The queue in which they wait next.",
        ),
        field(
            "warm",
            Type::Boolean,
            "Whether the agent stays on the line until somebody there has answered.",
        ),
        field(
            "introduction",
            LAW,
            "For how long such an agent stays after that.",
        ),
        TALK,
        WRAP_UP,
    ],
};

/// `, 90% of intervals`, or nothing.
const INTERVALS: Piece = Piece::All(&[
    Piece::As(r"\s*(,\s*"),
    Piece::Percent,
    Piece::As(r"\s*of intervals)?\s*"),
]);
const ANY_TIME: Piece = Piece::As("[0-9]+(ms|s|m|h)");

static GOALS: Shape = Shape {
    name: "goals",
    doc: "What a queue or a group is to reach.",
    rules: &[],
    fields: &[
        field(
            "service_level",
            Type::Written(&[
                Piece::As(r"\s*>=\s*"),
                Piece::Percent,
                Piece::As(r"(\s+in\s+"),
                ANY_TIME,
                Piece::As(")?"),
                INTERVALS,
            ]),
            "\">= 80% in 20s\", of a queue.",
        ),
        field("abandoned", SHARE_AT_MOST, "\"<= 5%\", of a queue."),
        field("asa", TIME_AT_MOST, "\"<= 20s\", of a queue."),
        field("occupancy", SHARE_AT_MOST, "\"<= 88%\", of a group."),
    ],
};

const SHARE_AT_MOST: Type = Type::Written(&[Piece::As(r"\s*<=\s*"), Piece::Percent, INTERVALS]);
const TIME_AT_MOST: Type = Type::Written(&[Piece::As(r"\s*<=\s*"), ANY_TIME, INTERVALS]);

/// Something to see in one line.
const NAME: &str = r"^[^\u0000-\u001f\u007f-\u009f]*[^\s\u0000-\u001f\u007f-\u009f][^\u0000-\u001f\u007f-\u009f]*$";

static WHAT_IF: Shape = Shape {
    name: "what_if",
    doc: "The same scenario, but for this.",
    rules: &[],
    fields: &[
        required("name", Type::Form(NAME), "What the report calls it."),
        field(
            "scale_calls",
            Type::Number(0.0, SCALE_MAX),
            "The factor on all calls.",
        ),
        field(
            "add_agents",
            Type::By(Of::Group, &Type::Integer(-ADDED_MAX, ADDED_MAX)),
            "More people, or fewer, by group.",
        ),
        field(
            "set",
            Type::Map(NAMES, &Type::Any),
            "Other values, by path: \"queue.support.max_wait\".",
        ),
    ],
};

/// Each law has its own parameters.
const PARAMETERS: &[Rule] = &[
    Kind("distribution", "fixed", &["value"]),
    Kind("distribution", "uniform", &["min", "max"]),
    Kind("distribution", "exponential", &["mean"]),
    Kind("distribution", "lognormal", &["mean", "cv"]),
    Kind("distribution", "weibull", &["mean", "shape"]),
    Kind("distribution", "erlang", &["mean", "phases"]),
    Kind(
        "distribution",
        "hyperexponential",
        &["share", "first", "second"],
    ),
    Kind("distribution", "gamma", &["mean", "cv"]),
    Kind("distribution", "empirical", &["quantiles"]),
    Kind("distribution", "hazard", &["from", "per_minute"]),
];

static DISTRIBUTION: Shape = Shape {
    name: "distribution",
    doc: "How a length of time is distributed.",
    rules: PARAMETERS,
    fields: &[
        required("distribution", Type::Word(&LAWS), "Its name."),
        field("value", MEAN, "fixed."),
        field("min", MEAN, "uniform."),
        field("max", MEAN, "uniform."),
        field(
            "mean",
            MEAN,
            "exponential, lognormal, weibull, erlang, gamma.",
        ),
        field("cv", Type::Number(0.0, CV_MAX), "lognormal, gamma."),
        field("shape", Type::Number(0.2, 20.0), "weibull."),
        field("phases", Type::Integer(1, PHASES_MAX as i64), "erlang."),
        field("share", SHARE, "hyperexponential: the share of the first."),
        field("first", MEAN, "hyperexponential."),
        field("second", MEAN, "hyperexponential."),
        field("quantiles", Type::List(&SAMPLE), "empirical."),
        field("from", Type::List(&SAMPLE), "hazard: where it changes."),
        field(
            "per_minute",
            Type::List(&Type::Number(0.0, HAZARD_MAX)),
            "hazard: so many of those who are left.",
        ),
    ],
};
