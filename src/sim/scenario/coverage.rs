//! Whether people are there for those who call: by group, at the beginning and at the end of a day.

use super::arrivals::Arrivals;
use super::check::key_place;
use super::duty::Duty;
use super::names::Names;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::id::QueueId;
use crate::exchange::time::Span;
use crate::menu::diagnostic::Diagnostic;
use crate::menu::fields::Fields;
use crate::sim::clock::local_ms;
use std::ops::Range;

/// Warns of queues for whose group nobody ever comes, and of a day that begins before anybody comes or is
/// longer than the file, unless nobody calls then or every queue is closed.
pub(super) fn check(
    duty: &Duty,
    key: &str,
    arrivals: &Arrivals,
    root: &mut Fields<'_>,
    names: Names<'_>,
) {
    let place = key_place(root, key);
    for (at, queue) in names.dialplan.queues.iter().enumerate() {
        if !duty.has(queue.group) {
            let group = &names.dialplan.group(queue.group).name;
            let message = format!(
                "nobody is ever on duty in group \"{group}\", which answers the queue \"{}\"",
                names.of_queue(QueueId(at as u16))
            );
            let warning = Diagnostic::warning("group-without-staff", place.clone(), message);
            let help = format!("give the group people: `{key}` says who is on duty");
            root.push(warning.help(help));
        }
    }
    let Some(Range { start, end }) = duty.covers() else {
        return;
    };
    let (file, length) = (duty.title(), arrivals.length);
    let help = format!("write the {file} for as long as the run lasts");
    if is_needed(arrivals, names.dialplan, Span::ZERO..start.min(length)) {
        let message = if start < length {
            format!("the {file} begins after the run does: nobody is on duty until then")
        } else {
            format!("the {file} begins when the run is over: nobody is on duty all day")
        };
        let warning = Diagnostic::warning("staff-comes-late", place.clone(), message);
        root.push(warning.help(help.clone()));
    }
    if is_needed(arrivals, names.dialplan, end..length) {
        let message = if end > Span::ZERO {
            format!("the {file} ends before the run does: nobody is on duty then")
        } else {
            format!("the {file} ends before the run begins: nobody is on duty all day")
        };
        let warning = Diagnostic::warning("staff-ends-early", place, message);
        root.push(warning.help(help));
    }
}

/// Whether calls come while a queue is open, within a part of the run.
fn is_needed(arrivals: &Arrivals, dialplan: &Dialplan, part: Range<Span>) -> bool {
    let demand = &arrivals.demand;
    let intervals = demand.lines.iter().map(|line| line.calls.len()).max();
    (0..intervals.unwrap_or(0)).any(|place| {
        let is_called = |calls: &Vec<f64>| calls.get(place).is_some_and(|calls| *calls > 0.0);
        let begins = demand.interval.0 * place as u64;
        let from = begins.max(part.start.0);
        let until = (begins + demand.interval.0).min(part.end.0);
        from < until
            && demand.lines.iter().any(|line| is_called(&line.calls))
            && is_open(arrivals, dialplan, from..until)
    })
}

/// Whether any queue is open at any time between two moments of the run, in milliseconds.
fn is_open(arrivals: &Arrivals, dialplan: &Dialplan, within: Range<u64>) -> bool {
    let begins_ms = local_ms(arrivals.start);
    let unix = |ms: u64| dialplan.zone.unix(begins_ms + ms as i64);
    let (from, until) = (unix(within.start), unix(within.end));
    dialplan.queues.iter().any(|queue| match queue.hours {
        Some((calendar, _)) => {
            let opens = dialplan.calendars[calendar.index()].next_open(from);
            opens.is_some_and(|opens| opens < until)
        }
        None => true,
    })
}
