//! `[run]`: how often, from which seed, and for how long.

use super::LENGTH_MAX;
use super::RUNS_MAX;
use super::check::Check;
use crate::exchange::time::Span;
use crate::menu::diagnostic::Place;
use crate::menu::fields::Fields;
use crate::menu::schema::Part::Has;
use crate::menu::schema::Part::Is;
use crate::menu::schema::Rule::Never;
use crate::menu::schema::Shape;
use crate::menu::schema::Type;
use crate::menu::schema::field;
use crate::menu::tree::Data;
use jiff::civil::DateTime;
use std::ops::RangeInclusive;

/// Runs of a scenario that does not say how many: of days, and of a steady state cut into batches.
const RUNS: i64 = 30;
const LONG_RUNS: i64 = 1;

/// How long a steady state may be, and how much of its beginning may be cut.
const LENGTHS: RangeInclusive<Span> = Span(1)..=LENGTH_MAX;
const WARM_UPS: RangeInclusive<Span> = Span::ZERO..=LENGTH_MAX;

/// What it may say.
pub(super) static RUN: Shape = Shape {
    name: "run",
    doc: "How often, from which seed, and for how long.",
    rules: &[Never(&[
        Has(&["control_variate"]),
        Is(&["warm_up"], "auto"),
    ])],
    fields: &[
        field("runs", Type::Integer(1, RUNS_MAX), "Independent runs."),
        field(
            "seed",
            Type::Integer(0, i64::MAX),
            "From which all chance comes.",
        ),
        field(
            "start",
            Type::Moment,
            "When a steady state, or a day of recorded calls, begins.",
        ),
        field(
            "length",
            Type::time(&LENGTHS),
            "How long a steady state, or a day of recorded calls, is.",
        ),
        field("warm_up", WARM_UP, "How much of its beginning is cut."),
        field(
            "control_variate",
            Type::Word(&["callers"]),
            "What takes a part out of the spread of the runs.",
        ),
    ],
};

const WARM_UP: Type = Type::Either(&[Type::Word(&["auto"]), Type::time(&WARM_UPS)]);

/// `[run]`.
pub(super) struct Run {
    pub(super) runs: u32,
    pub(super) seed: u64,
    pub(super) start: Option<DateTime>,
    pub(super) length: Option<Span>,
    /// A length is written, be it a possible one or not.
    pub(super) has_length: bool,
    pub(super) warm_up: Span,
    /// Where it says that the warm-up is to be found.
    pub(super) seeks_warm_up: Option<Place>,
    /// Where it asks for a control variate.
    pub(super) control: Option<Place>,
}

impl Run {
    pub(super) fn read(root: &mut Fields<'_>, check: &mut Check<'_>) -> Self {
        let mut fields = root.section("run");
        let runs = fields.integer("runs", 1..=RUNS_MAX);
        let seed = fields.integer("seed", 0..=i64::MAX);
        let seeks_warm_up = auto(&mut fields);
        let (usual, warm_up) = match seeks_warm_up {
            Some(_) => (LONG_RUNS, Some(Span::ZERO)),
            None => (RUNS, fields.duration("warm_up", WARM_UPS)),
        };
        let run = Self {
            runs: check.assume("run.runs", runs, usual) as u32,
            seed: check.assume("run.seed", seed, 1) as u64,
            start: fields.moment("start"),
            length: fields.duration("length", LENGTHS),
            has_length: fields.value("length").is_some(),
            warm_up: check.assume("run.warm_up", warm_up, Span::ZERO),
            seeks_warm_up,
            control: control(&mut fields),
        };
        root.absorb(fields);
        run
    }

    /// Only the callers of whole runs are controlled by.
    pub(super) fn check_control(&self, root: &mut Fields<'_>) {
        if let (Some(place), Some(_)) = (&self.control, &self.seeks_warm_up) {
            let message =
                "`control_variate` is of runs, and `warm_up = \"auto\"` cuts one run into batches";
            let help = "leave it out, or make many runs: `runs = 30` and a `warm_up` of a length";
            root.bad_value(place.clone(), message, help);
        }
    }
}

/// Where `warm_up = "auto"` stands, if it does.
fn auto(fields: &mut Fields<'_>) -> Option<Place> {
    let value = fields.value("warm_up")?;
    let is_auto = matches!(&value.data, Data::Text(text) if text == "auto");
    is_auto.then(|| value.place.clone())
}

/// Where `control_variate` stands, if it does.
fn control(fields: &mut Fields<'_>) -> Option<Place> {
    fields.word("control_variate", &["callers"])?;
    let value = fields.value("control_variate")?;
    Some(value.place.clone())
}
