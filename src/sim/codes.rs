//! The codes of problems that only scenarios and their tables can have.

use crate::menu::codes::codes;

codes! {
    /// The code of every problem that only a scenario, or a table that it names, can have.
    SCENARIO_CODES:
    "arrival-row",
    "both-speak",
    "duplicate-what-if",
    "else-out-of-reach",
    "forecast-row",
    "group-without-staff",
    "line-without-calls",
    "no-skills",
    "nobody-answers",
    "other-clock",
    "roster-row",
    "shares-not-one",
    "staff-comes-late",
    "staff-ends-early",
    "staff-row",
    "steady-with-hours",
    "steady-without-warm-up",
    "takes-too-many",
    "talk-near-max-call",
    "unknown-case",
    "unknown-distribution",
    "unknown-line",
    "unknown-queue",
    "unknown-survey",
    "unknown-want",
    "unknown-want-target",
    "unspoken-language",
    "void-goal",
    "want-without-calls",
    "without-effect",
    "wrap-up-beyond-limit",
}
