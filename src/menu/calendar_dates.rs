//! What the day says about a calendar: holidays that are all over, hours that a change of the clock
//! leaves out. Nothing here is asked without a day.

use super::calendar::clock;
use super::calendar::date_of;
use super::calendar::day_number;
use super::diagnostic::Diagnostic;
use super::diagnostic::Place;
use crate::exchange::calendar::Calendar;
use crate::exchange::calendar::Zone;
use jiff::civil::Date;

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 86_400_000;
const DAY_MINUTES: i64 = 1440;
/// So far ahead changes of the clock are looked at.
const AHEAD_DAYS: i64 = 366;

/// Closed days that are all in the past: the next holiday finds the line open.
pub(super) fn all_past(days: &[Date], today: Date, name: &str, place: Place) -> Option<Diagnostic> {
    let last = days.iter().max().filter(|last| **last < today)?;
    let message = format!("the last closed day of \"{name}\" was {last}");
    let diagnostic = Diagnostic::warning("holidays-past", place, message);
    let help = "add the days to come: on the next holiday callers are told that you are open";
    Some(diagnostic.label("all of these days are over").help(help))
}

/// An opening or closing time that does not exist on the day on which clocks next go forward.
pub(super) fn missing_hour(calendar: &Calendar, today: Date, place: Place) -> Option<Diagnostic> {
    let midnight = i64::from(day_number(today)) * DAY_MS;
    let gap = next_gap(&calendar.zone, midnight)?;
    let hours = calendar.hours_of(gap.day);
    let inside = |minute: u16| gap.from < i64::from(minute) && i64::from(minute) < gap.to;
    let mut times = hours.iter().flat_map(|(from, to)| [*from, *to]);
    let missing = times.find(|minute| inside(*minute))?;
    let day = date_of(gap.day);
    let message = format!("on {day} there is no {}", clock(i64::from(missing)));
    let diagnostic = Diagnostic::info("missing-hour", place, message);
    let label = format!(
        "clocks go from {} to {} then",
        clock(gap.from),
        clock(gap.to)
    );
    let help = "open and close at another time, or write that day under `special`";
    Some(diagnostic.label(label).help(help))
}

/// Minutes of a day that clocks pass over.
struct Gap {
    /// Since 1970-01-01.
    day: i32,
    from: i64,
    to: i64,
}

/// The next time after a local moment that clocks go forward.
fn next_gap(zone: &Zone, after_ms: i64) -> Option<Gap> {
    let changes = zone.offsets.windows(2);
    let mut forward = changes.filter(|pair| pair[1].1 > pair[0].1);
    forward.find_map(|pair| {
        let before = pair[1].0 + i64::from(pair[0].1) * 1000;
        let ahead = (after_ms..after_ms + AHEAD_DAYS * DAY_MS).contains(&before);
        let from = before.rem_euclid(DAY_MS) / MINUTE_MS;
        let length = i64::from(pair[1].1 - pair[0].1) / 60;
        ahead.then(|| Gap {
            day: before.div_euclid(DAY_MS) as i32,
            from,
            to: (from + length).min(DAY_MINUTES),
        })
    })
}
