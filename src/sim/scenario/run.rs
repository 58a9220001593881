//! `[run]`: how often, from which seed, and for how long.

use super::LENGTH_MAX;
use super::RUNS_MAX;
use super::check::Check;
use crate::exchange::time::Span;
use crate::menu::fields::Fields;
use crate::menu::fields::not_yet;
use crate::menu::tree::Data;
use jiff::civil::DateTime;

/// `[run]`.
pub(super) struct Run {
    pub(super) runs: u32,
    pub(super) seed: u64,
    pub(super) start: Option<DateTime>,
    pub(super) length: Option<Span>,
    pub(super) warm_up: Span,
}

impl Run {
    pub(super) fn read(root: &mut Fields<'_>, check: &mut Check<'_>) -> Self {
        let mut fields = root.section("run");
        let runs = fields.integer("runs", 1..=RUNS_MAX);
        let seed = fields.integer("seed", 0..=i64::MAX);
        let warm_up = warm_up(&mut fields);
        let run = Self {
            runs: check.assume("run.runs", runs, 30) as u32,
            seed: check.assume("run.seed", seed, 1) as u64,
            start: fields.moment("start"),
            length: fields.duration("length", Span(1)..=LENGTH_MAX),
            warm_up: check.assume("run.warm_up", warm_up, Span::ZERO),
        };
        root.absorb(fields);
        run
    }
}

fn warm_up(fields: &mut Fields<'_>) -> Option<Span> {
    let value = fields.value("warm_up")?;
    if matches!(&value.data, Data::Text(text) if text == "auto") {
        let help = "write a length such as \"20h\"";
        fields.push(not_yet(
            value.place.clone(),
            "finding the warm-up by itself",
            help,
        ));
        return Some(Span::ZERO);
    }
    fields.duration("warm_up", Span::ZERO..=LENGTH_MAX)
}
