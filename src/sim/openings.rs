//! In which intervals callers can come to each queue, by the opening hours of the line and of the queue.

use crate::exchange::calendar::Calendar;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::StepKind;
use crate::exchange::dialplan::Target;
use crate::exchange::id::LineId;
use crate::exchange::id::QueueId;
use crate::exchange::id::StepId;
use crate::exchange::time::Tick;
use crate::measure::Frame;
use crate::menu::graph::Via;
use crate::menu::graph::exits;

/// From when until when, as Unix times in milliseconds.
type Interval = (i64, i64);

/// By queue and interval of the frame, whether callers could come to it at some moment.
pub(super) fn of_queues(plan: &Dialplan, frame: Frame, origin_ms: i64) -> Vec<Vec<bool>> {
    let unix = |at: Tick| origin_ms + at.0 as i64;
    let until = unix(frame.until);
    let begin = |at: usize| unix(frame.from) + (at as u64 * frame.interval.0) as i64;
    let mut openings = vec![Vec::new(); plan.queues.len()];
    for at in 0..frame.intervals {
        let last = at + 1 == frame.intervals;
        let end = if last { until } else { begin(at + 1) };
        let open = in_interval(
            plan,
            plan.lines.iter().map(|line| line.start),
            (begin(at), end),
        );
        for (queue, is_open) in openings.iter_mut().zip(open) {
            queue.push(is_open);
        }
    }
    openings
}

/// The queues that callers of a line can come to at a moment, a Unix time in milliseconds.
pub(crate) fn at(plan: &Dialplan, line: LineId, unix_ms: i64) -> Vec<QueueId> {
    let open = in_interval(plan, [plan.line(line).start], (unix_ms, unix_ms + 1));
    let places = open.iter().enumerate().filter(|(_, open)| **open);
    places.map(|(place, _)| QueueId(place as u16)).collect()
}

/// Whether a calendar is open at a moment, a Unix time in milliseconds.
pub(crate) fn is_open(calendar: &Calendar, unix_ms: i64) -> bool {
    moments(calendar, (unix_ms, unix_ms + 1)).0
}

/// The queues that callers can come to from the starts of lines, passing every branch on hours by the
/// ways that are open in this time.
fn in_interval(
    plan: &Dialplan,
    starts: impl IntoIterator<Item = StepId>,
    interval: Interval,
) -> Vec<bool> {
    let mut open = vec![false; plan.queues.len()];
    let mut seen = vec![false; plan.steps.len()];
    let mut next: Vec<StepId> = starts.into_iter().collect();
    while let Some(step) = next.pop() {
        if std::mem::replace(&mut seen[step.index()], true) {
            continue;
        }
        let (opens, closes) = match &plan.step(step).kind {
            StepKind::Hours(hours) => moments(&plan.calendars[hours.calendar.index()], interval),
            StepKind::Queue(queue) => {
                let hours = plan.queue(*queue).hours;
                let moments =
                    hours.map(|(calendar, _)| moments(&plan.calendars[calendar.index()], interval));
                let (opens, closes) = moments.unwrap_or((true, false));
                open[queue.index()] |= opens;
                (opens, closes)
            }
            _ => (true, true),
        };
        for exit in exits(plan, step) {
            let can_go = match exit.via {
                Via::Closed => closes,
                _ => opens,
            };
            if let (true, Target::Step(to)) = (can_go, exit.to) {
                next.push(to);
            }
        }
    }
    open
}

/// Whether it is open at some moment of this time, and whether it is closed at one.
fn moments(calendar: &Calendar, (from, until): Interval) -> (bool, bool) {
    let within = |at: Option<i64>| at.is_some_and(|at| at < until);
    (
        within(calendar.next_open(from)),
        within(calendar.next_close(from)),
    )
}
