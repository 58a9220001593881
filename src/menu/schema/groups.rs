//! The shape of a groups file.

use super::FORMAT;
use super::NAMES;
use super::Of;
use super::Part::Has;
use super::Part::Is;
use super::Part::Lacks;
use super::Rule;
use super::Rule::Never;
use super::SHARE;
use super::Shape;
use super::Type;
use super::field;
use super::required;
use crate::exchange::strategy::Strategy;
use crate::menu::group::ANSWER_TIMES;
use crate::menu::group::BACK_OFFS;
use crate::menu::group::CATCH_UP_MAX;
use crate::menu::group::EXTENSIONS_MAX;
use crate::menu::group::RESTS;
use crate::menu::group::RINGS;
use crate::menu::group::SHORT;
use crate::menu::group::TIER_WAITS;
use crate::menu::group::WAITING_LIMIT;
use crate::menu::group::WRAP_UPS;
use crate::menu::groups::TIERS_MAX;

/// A groups file.
pub static GROUPS: Shape = Shape {
    name: "file",
    doc: "Groups of agents, and the people in them.",
    rules: &[],
    fields: &[
        FORMAT,
        field(
            "pause_reasons",
            Type::List(&Type::Text),
            "What breaks are for.",
        ),
        required(
            "group",
            Type::Map(NAMES, &Type::Table(&GROUP)),
            "The groups, by name.",
        ),
        field(
            "agent",
            Type::Map(NAMES, &Type::Table(&AGENT)),
            "The people, by name.",
        ),
    ],
};

const STRATEGIES: [&str; Strategy::ALL.len()] = {
    let mut names = [""; Strategy::ALL.len()];
    let mut place = 0;
    while place < names.len() {
        names[place] = Strategy::ALL[place].name();
        place += 1;
    }
    names
};

static GROUP: Shape = Shape {
    name: "group",
    doc: "A group of agents.",
    rules: &[],
    fields: &[
        field(
            "strategy",
            Type::Word(&STRATEGIES),
            "By which rule calls are given to free agents.",
        ),
        field(
            "catch_up",
            Type::Integer(0, CATCH_UP_MAX),
            "Calls of lag that are made up for at most.",
        ),
        field(
            "ledger",
            Type::Word(&["shift", "day", "week"]),
            "The period over which shares are kept.",
        ),
        field(
            "equal_work",
            SHARE,
            "0 shares calls equally, 1 shares time.",
        ),
        field(
            "tie_within",
            Type::Number(0.0, CATCH_UP_MAX as f64),
            "Calls of difference that count as none.",
        ),
        field("rank_by_skill", Type::Boolean, "The best skilled first."),
        field("ring", Type::time(&RINGS), "How long a phone rings."),
        field(
            "rest",
            Type::time(&RESTS),
            "From the end of a talk to the next ring at least; wrap-up is within it.",
        ),
        field("wrap_up", Type::Table(&WRAP_UP), "The work after a call."),
        field(
            "rona",
            Type::Table(&RONA),
            "After a call that was not answered.",
        ),
        field(
            "tiers",
            Type::Table(&TIERS),
            "Tiers that come in one after the other.",
        ),
        field(
            "max_waiting",
            Type::Integer(0, WAITING_LIMIT),
            "How many may wait at most.",
        ),
        field("service_level", Type::Table(&SERVICE_LEVEL), "The goal."),
        field(
            "short_abandon",
            Type::time(&SHORT),
            "Waits that count as no wait when the caller hangs up.",
        ),
        field(
            "short_talk",
            Type::time(&SHORT),
            "Talks that an agent ends sooner do not count as a call.",
        ),
    ],
};

static WRAP_UP: Shape = Shape {
    name: "wrap_up",
    doc: "The work after a call.",
    rules: &[],
    fields: &[
        field("limit", Type::time(&WRAP_UPS), "The longest."),
        field(
            "then",
            Type::Word(&["ready", "not-ready"]),
            "What the agent is when it is over.",
        ),
        field(
            "extensions",
            Type::Integer(0, EXTENSIONS_MAX),
            "How often it can be prolonged.",
        ),
    ],
};

/// Agents who come back by themselves say when.
const BACK_OFF: &[Rule] = &[
    Never(&[Is(&["then"], "ready"), Lacks(&["after"])]),
    Never(&[Is(&["then"], "not-ready"), Has(&["after"])]),
    Never(&[Lacks(&["then"]), Has(&["after"])]),
];

static BACK_OFF_TIME: Type = Type::time(&BACK_OFFS);

static RONA: Shape = Shape {
    name: "rona",
    doc: "After a call that was not answered.",
    rules: BACK_OFF,
    fields: &[
        field(
            "then",
            Type::Word(&["not-ready", "ready"]),
            "What the agent is.",
        ),
        field(
            "after",
            Type::List(&BACK_OFF_TIME),
            "After how long the agent is ready again, each time.",
        ),
    ],
};

static TIERS: Shape = Shape {
    name: "tiers",
    doc: "Tiers that come in one after the other.",
    rules: &[],
    fields: &[
        field(
            "wait",
            Type::time(&TIER_WAITS),
            "How long a caller waits before higher tiers come in.",
        ),
        field(
            "times_tier",
            Type::Boolean,
            "Each tier comes in after the wait times its number.",
        ),
        field(
            "skip_empty",
            Type::Boolean,
            "A caller does not wait for the next tier while nobody of this one is signed in.",
        ),
        field(
            "ignore_up_to",
            Type::Integer(0, u16::MAX as i64),
            "While so many who may take a call are signed in, or fewer, lower tiers do not come first.",
        ),
    ],
};

static SERVICE_LEVEL: Shape = Shape {
    name: "service_level",
    doc: "The goal of a group.",
    rules: &[],
    fields: &[
        field(
            "answer_within",
            Type::time(&ANSWER_TIMES),
            "Answered within this time,",
        ),
        field("target", SHARE, "so many of the calls."),
    ],
};

static AGENT: Shape = Shape {
    name: "agent",
    doc: "Somebody who takes calls.",
    rules: &[],
    fields: &[
        required("groups", Type::List(&Type::Name(Of::Group)), "The groups."),
        field("name", Type::Text, "The name for people."),
        field("device", Type::Text, "The phone, such as PJSIP/201."),
        field(
            "skills",
            Type::Map(NAMES, &Type::Integer(0, 100)),
            "Skills and how good, from 0 to 100.",
        ),
        field("tier", TIER, "The tier, in all groups or by group."),
        field(
            "weight",
            Type::Number(0.01, 100.0),
            "The share of calls; 1 is a full share.",
        ),
    ],
};

const TIER: Type = Type::Either(&[
    Type::Integer(0, TIERS_MAX as i64),
    Type::By(Of::Group, &Type::Integer(0, TIERS_MAX as i64)),
]);
