//! Lines whose clock is another than that of the run, which is the first line's.

use super::arrivals::Arrivals;
use super::check::Check;
use super::check::key_place;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::StepKind;
use crate::exchange::id::LineId;
use crate::exchange::time::Span;
use crate::menu::diagnostic::Diagnostic;
use crate::menu::fields::Fields;
use crate::sim::clock::time_zone;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Remarks on lines that open by another clock than that by which calls and people come, at the beginning or
/// the end of so long.
pub(super) fn remark(
    root: &mut Fields<'_>,
    arrivals: &Arrivals,
    (start_unix_ms, length): (i64, Span),
    check: &Check<'_>,
) {
    let dialplan = check.names.dialplan;
    let ends_ms = start_unix_ms + length.0 as i64;
    let moments = [start_unix_ms, ends_ms].map(|ms| Timestamp::from_millisecond(ms).ok());
    let offsets = |zone: &TimeZone| moments.map(|at| Some(zone.to_offset(at?)));
    let of_run = offsets(&time_zone(dialplan));
    let is_day = arrivals.interval.is_some();
    for (id, line) in (0..).map(LineId).zip(&dialplan.lines) {
        let Ok(zone) = TimeZone::get(&line.timezone) else {
            continue;
        };
        // A steady state has no hours beside those of the line.
        let matters = is_day || has_hours(dialplan, id);
        if !matters || offsets(&zone) == of_run {
            continue;
        }
        let message = format!(
            "the line \"{}\" opens by the clock of {}, and the run goes by that of {}, the first line's",
            line.name, line.timezone, dialplan.lines[0].timezone
        );
        let note = Diagnostic::info("other-clock", key_place(root, "menu"), message);
        let help = "write its calls, and the hours of its people, in the time of the first line: reports are \
                    in it, too";
        root.push(note.help(help));
    }
}

fn has_hours(dialplan: &Dialplan, line: LineId) -> bool {
    let mut steps = dialplan.steps.iter().filter(|step| step.line == line);
    steps.any(|step| match step.kind {
        StepKind::Hours(_) => true,
        StepKind::Queue(queue) => dialplan.queue(queue).hours.is_some(),
        _ => false,
    })
}
