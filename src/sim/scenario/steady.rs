//! Steady states that are none, or may be none: that are as busy as one day, begin with an empty line, or
//! pass closing hours.

use super::arrivals::Arrivals;
use super::callers::Callers;
use super::check::Check;
use super::check::key_place;
use super::run::Run;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::StepKind;
use crate::exchange::time::Span;
use crate::menu::diagnostic::Diagnostic;
use crate::menu::fields::Fields;
use crate::sim::busyness::Busyness;
use std::collections::BTreeSet;

/// For a steady state from `start_ms` on, in Unix time.
pub(super) fn remark(
    root: &mut Fields<'_>,
    run: &Run,
    arrivals: &Arrivals,
    start_ms: i64,
    check: &Check<'_>,
) {
    if arrivals.interval.is_some() {
        return;
    }
    if run.warm_up == Span::ZERO && run.seeks_warm_up.is_none() {
        let message = "the steady state begins with an empty line, and nothing of its beginning is cut: \
                       waits come out too short";
        let note = Diagnostic::info("steady-without-warm-up", key_place(root, "run"), message);
        let help =
            "add `warm_up = \"auto\"`, which finds the beginning that is to be cut, or a length";
        root.push(note.help(help));
    }
    for hours in closing(check.names.dialplan, start_ms, arrivals.length) {
        let message = format!(
            "the hours \"{hours}\" close during the steady state, which runs day and night: callers come \
             then as well, and the figures mix both"
        );
        let note = Diagnostic::info("steady-with-hours", key_place(root, "run"), message);
        let help =
            "simulate days with a `forecast`, or set a `start` and a `length` within the hours";
        root.push(note.help(help));
    }
}

/// One long run has one day: how busy days are is not to be told from it.
pub(super) fn is_one_day(root: &mut Fields<'_>, run: &Run, callers: &Callers) {
    let Busyness { cv, within } = callers.busyness;
    if run.seeks_warm_up.is_some() && (cv > 0.0 || within.is_some()) {
        let message = "`warm_up = \"auto\"` makes one long run, which would be as busy as one day all through: \
                       `busyness` is of days";
        let help =
            "leave `busyness` out, or make many runs: `runs = 30` and a `warm_up` of a length";
        root.bad_value(key_place(root, "callers"), message, help);
    }
}

/// The names of the opening hours that are closed at some moment.
fn closing(plan: &Dialplan, start_ms: i64, length: Span) -> BTreeSet<String> {
    let of_steps = plan.steps.iter().filter_map(|step| match &step.kind {
        StepKind::Hours(hours) => Some(hours.calendar),
        _ => None,
    });
    let queues = plan.queues.iter();
    let of_queues = queues.filter_map(|queue| queue.hours.map(|(calendar, _)| calendar));
    let until_ms = start_ms + length.0 as i64;
    let calendars = of_steps.chain(of_queues);
    calendars
        .map(|calendar| &plan.calendars[calendar.index()])
        .filter(|calendar| {
            let closes = calendar.next_close(start_ms);
            closes.is_some_and(|closes| closes < until_ms)
        })
        .map(|calendar| calendar.name.clone())
        .collect()
}
