//! `[outbound.STEP]`: people who are called though they have not called. They are on a list, or other
//! programs ask for them as they come up.

use super::Callers;
use super::check::Check;
use super::law;
use super::shape::LAW;
use super::shape::TALK;
use super::shape::WRAP_UP;
use super::share;
use crate::exchange::dialplan::StepKind;
use crate::exchange::id::StepId;
use crate::exchange::limits::CALLBACKS_MAX;
use crate::menu::diagnostic::Diagnostic;
use crate::menu::fields::Fields;
use crate::menu::fnv::Fnv;
use crate::menu::schema::Part;
use crate::menu::schema::Rule;
use crate::menu::schema::SHARE;
use crate::menu::schema::Shape;
use crate::menu::schema::Type;
use crate::menu::schema::field;
use crate::menu::tree::Name;
use crate::sim::distribution::Distribution;
use crate::sim::forecast::CALLS_MAX;

/// The longest list: as many as can be promised a call.
const LIST_MAX: i64 = CALLBACKS_MAX as i64;

/// What is said of them.
pub(super) static OUTBOUND: Shape = Shape {
    name: "outbound",
    doc: "People who are called without having called.",
    rules: &[
        Rule::Never(&[Part::Has(&["calls"]), Part::Has(&["calls_per_hour"])]),
        Rule::Never(&[Part::Lacks(&["calls"]), Part::Lacks(&["calls_per_hour"])]),
    ],
    fields: &[
        field(
            "calls",
            Type::Integer(1, LIST_MAX),
            "A list of so many, all to be called from the start on.",
        ),
        field(
            "calls_per_hour",
            Type::Number(0.0, CALLS_MAX),
            "So many an hour come up, at random moments.",
        ),
        field("reached", SHARE, "Who answers, each time."),
        field("picks_up", LAW, "How long it rings until then."),
        TALK,
        WRAP_UP,
    ],
};

/// Those who are called by one step.
#[derive(Clone, Debug, PartialEq)]
pub struct Outbound {
    /// The callback step.
    pub step: StepId,
    /// What they are called among all random streams.
    pub stream: u64,
    /// How many, or how often.
    pub demand: OutboundDemand,
    /// The probability that one answers, each time.
    pub reached: f64,
    /// How long it rings until then.
    pub picks_up: Distribution,
    /// How long they talk with the agent.
    pub talk: Distribution,
    /// The agent's work afterwards.
    pub wrap_up: Distribution,
}

/// When other programs ask for calls.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum OutboundDemand {
    /// All at the start: a list of so many.
    List(u32),
    /// At random moments, so many in an hour on average.
    PerHour(f64),
}

/// Reads those of all steps.
pub(super) fn read(
    root: &mut Fields<'_>,
    callers: &Callers,
    check: &mut Check<'_>,
) -> Vec<Outbound> {
    let Some(tables) = root.named("outbound") else {
        if root.value("outbound").is_none() && check.names.steps(is_asked).next().is_some() {
            check.note("outbound", "nobody is called who has not called");
        }
        return Vec::new();
    };
    let mut list = Vec::new();
    for (name, mut table) in tables {
        list.extend(outbound(name, &mut table, callers, check));
        root.absorb(table);
    }
    list
}

/// Whether other programs may ask for calls back by a step.
pub(super) fn is_asked(kind: &StepKind) -> bool {
    matches!(kind, StepKind::Callback(callback) if callback.by_request)
}

fn outbound(
    name: &Name,
    table: &mut Fields<'_>,
    callers: &Callers,
    check: &mut Check<'_>,
) -> Option<Outbound> {
    let names = check.names;
    let step = names.step(&name.text, is_asked);
    if step.is_none() {
        table.push(names.several_or(name, is_asked, || unknown(name, check)));
    }
    let demand = demand(table);
    let path = |key: &str| format!("outbound.{}.{key}", name.text);
    let mut or_as_callers = |key: &'static str, table: &mut Fields<'_>| {
        let own = law::read(table, key, Distribution::fixed);
        if own.is_none() && table.value(key).is_none() {
            check.note(path(key), "as for callers");
        }
        own
    };
    let picks_up = or_as_callers("picks_up", table);
    let talk = or_as_callers("talk", table);
    let wrap_up = or_as_callers("wrap_up", table);
    let reached = share::read(table, "reached");
    if table.value("reached").is_none() {
        let usual = callers.callbacks.reached.to_string();
        check.note(path("reached"), usual);
    }
    let talk = talk.or_else(|| callers.talk.clone());
    if talk.is_none() && table.value("talk").is_none() {
        let help = "say how long they talk with the agent: `talk = \"3m\"`";
        table.require("talk", help);
    }
    Some(Outbound {
        step: step?,
        stream: Fnv::of_bytes(names.of_step(step?).as_bytes()),
        demand: demand?,
        reached: reached.unwrap_or(callers.callbacks.reached),
        picks_up: picks_up.unwrap_or_else(|| callers.callbacks.picks_up.clone()),
        talk: talk?,
        wrap_up: wrap_up.unwrap_or_else(|| callers.wrap_up.clone()),
    })
}

/// How many, or how often.
fn demand(table: &mut Fields<'_>) -> Option<OutboundDemand> {
    let help = "say how many are to be called, `calls = 200`, or how many an hour come up, \
                `calls_per_hour = 12.0`";
    match (table.value("calls"), table.value("calls_per_hour")) {
        (Some(_), Some(_)) => {
            let place = table.key_place("calls_per_hour");
            let place = place.unwrap_or_else(|| table.place());
            let message = "`calls` and `calls_per_hour` cannot both be said";
            table.bad_value(place, message, help);
            None
        }
        (Some(_), None) => {
            let calls = table.integer("calls", 1..=LIST_MAX)?;
            Some(OutboundDemand::List(calls as u32))
        }
        (None, _) => {
            table.require("calls_per_hour", help);
            let rate = table.number("calls_per_hour", 0.0..=CALLS_MAX)?;
            Some(OutboundDemand::PerHour(rate))
        }
    }
}

fn unknown(name: &Name, check: &Check<'_>) -> Diagnostic {
    let names = check.names;
    let is_callback = |kind: &StepKind| matches!(kind, StepKind::Callback(_));
    let (message, help) = match names.step(&name.text, is_callback) {
        Some(_) => (
            format!("nobody may ask for calls back by \"{}\"", name.text),
            "allow it in the menu file: `by_request = true`",
        ),
        None => {
            let message = format!("no callback step is called \"{}\"", name.text);
            let problem = Diagnostic::error("unknown-step", name.place.clone(), message);
            let help = "name a [callback.*] step of the line that has `by_request = true`";
            return problem
                .help(help)
                .suggest(&name.text, names.steps(is_asked));
        }
    };
    Diagnostic::error("unknown-step", name.place.clone(), message).help(help)
}
