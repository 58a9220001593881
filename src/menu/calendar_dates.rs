//! What days say about a calendar: one that is written down as closed and as open; and, where it is known
//! which day it is, holidays that are all over and hours that a change of the clock leaves out.

use super::calendar::clock;
use super::calendar::date_of;
use super::calendar::day_number;
use super::diagnostic::Diagnostic;
use super::diagnostic::Place;
use crate::exchange::calendar::Calendar;
use crate::exchange::calendar::Zone;
use jiff::civil::Date;

const MINUTE_MS: i64 = 60_000;
const DAY_MINUTES: i64 = 1440;
/// So far ahead changes of the clock are looked at.
const AHEAD_DAYS: i64 = 366;

/// A closed day that has hours of its own.
pub(super) fn open_too(day: Date, name: &str, place: Place) -> Diagnostic {
    let message = format!("\"{name}\" is closed on {day} and has hours on that day");
    let help = "the hours under `special` hold: take the day out of `closed`, or the hours out of `special`";
    Diagnostic::warning("closed-and-special", place, message)
        .label("`special` has hours for this day")
        .help(help)
}

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
    let gap = next_gap(&calendar.zone, i64::from(day_number(today)))?;
    let missing = gap.missing(calendar)?;
    let time = |minute: i64| clock(minute.rem_euclid(DAY_MINUTES));
    let day = date_of(missing.div_euclid(DAY_MINUTES) as i32);
    let message = format!("on {day} there is no {}", time(missing));
    let diagnostic = Diagnostic::info("missing-hour", place, message);
    let label = format!("clocks go from {} to {} then", time(gap.from), time(gap.to));
    let help = "open and close at another time, or write that day under `special`";
    Some(diagnostic.label(label).help(help))
}

/// Time that clocks pass over: local minutes since 1970-01-01.
struct Gap {
    /// The first that there is not.
    from: i64,
    /// The first that there is again.
    to: i64,
}

impl Gap {
    /// The first opening or closing time in the gap. Who closes as it begins loses nothing.
    fn missing(&self, calendar: &Calendar) -> Option<i64> {
        let day = |minute: i64| minute.div_euclid(DAY_MINUTES);
        let mut shifts: Vec<(i64, i64)> = Vec::new();
        // Whoever is open from the day before does not open at midnight.
        for day in day(self.from) - 1..=day(self.to) {
            for (from, to) in calendar.hours_of(day as i32) {
                let at = |minute: u16| day * DAY_MINUTES + i64::from(minute);
                match shifts.last_mut() {
                    Some((_, end)) if *end == at(*from) => *end = at(*to),
                    _ => shifts.push((at(*from), at(*to))),
                }
            }
        }
        shifts.into_iter().find_map(|(opens, closes)| {
            if (self.from..self.to).contains(&opens) {
                return Some(opens);
            }
            (self.from < closes && closes < self.to).then_some(closes)
        })
    }
}

/// The next time from a day on that clocks go forward.
fn next_gap(zone: &Zone, today: i64) -> Option<Gap> {
    let from = today * DAY_MINUTES;
    let ahead = from..from + AHEAD_DAYS * DAY_MINUTES;
    let changes = zone.offsets.windows(2);
    let gaps = changes.map(|pair| {
        let local = |offset: i32| (pair[1].0 + i64::from(offset) * 1000).div_euclid(MINUTE_MS);
        Gap {
            from: local(pair[0].1),
            to: local(pair[1].1),
        }
    });
    let mut forward = gaps.filter(|gap| gap.from < gap.to);
    forward.find(|gap| ahead.contains(&gap.from))
}

#[cfg(test)]
mod tests {
    use super::super::calendar::zone;
    use super::*;
    use crate::exchange::calendar::DayHours;
    use jiff::civil::date;

    /// The time that is missing on the next change of the clock, for these hours on every day.
    fn missing(name: &str, hours: &[(u16, u16)]) -> Option<String> {
        let hours: DayHours = hours.to_vec();
        let calendar = Calendar {
            name: "desk".to_owned(),
            zone: zone(name).expect("a zone"),
            week: std::array::from_fn(|_| hours.clone()),
            days: Vec::new(),
        };
        let gap = next_gap(&calendar.zone, i64::from(day_number(date(2026, 11, 23))))?;
        let minute = gap.missing(&calendar)?.rem_euclid(DAY_MINUTES);
        Some(clock(minute))
    }

    #[test]
    fn hours_that_are_skipped_at_midnight_are_missing() {
        let beirut = |hours: &[(u16, u16)]| missing("Asia/Beirut", hours);
        assert_eq!(beirut(&[(15, 600)]).as_deref(), Some("00:15"));
        assert_eq!(beirut(&[(0, 15), (1200, 1440)]).as_deref(), Some("00:15"));
        assert_eq!(beirut(&[(0, 600)]).as_deref(), Some("00:00"));
        // Open through the night, and closed as the hour begins.
        assert_eq!(beirut(&[(0, 600), (1200, 1440)]), None);
        assert_eq!(beirut(&[(1200, 1440)]), None);
        // From 23:00 on Saturday it is Sunday.
        let nuuk = |hours: &[(u16, u16)]| missing("America/Nuuk", hours);
        assert_eq!(nuuk(&[(540, 1410)]).as_deref(), Some("23:30"));
        assert_eq!(nuuk(&[(0, 60), (1300, 1440)]), None);
    }

    #[test]
    fn hours_in_the_gap_and_no_others_never_come() {
        let london = |hours: &[(u16, u16)]| missing("Europe/London", hours);
        assert_eq!(london(&[(60, 120)]).as_deref(), Some("01:00"));
        assert_eq!(london(&[(0, 60), (120, 180)]), None);
        assert_eq!(london(&[(0, 119)]).as_deref(), Some("01:59"));
    }
}
