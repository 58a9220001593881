//! The moments of a line's day: which interval of which date a call came in.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// Minutes of a day, as its clock shows them.
pub(super) const DAY_MINUTES: u32 = 24 * 60;

/// What the clock of a line shows at this Unix time in milliseconds.
pub(super) fn local(zone: &TimeZone, unix_ms: i64) -> Option<DateTime> {
    let at = Timestamp::from_millisecond(unix_ms).ok()?;
    Some(zone.to_datetime(at))
}

/// Minutes after midnight.
pub(super) fn minute(at: DateTime) -> u32 {
    at.hour().unsigned_abs() as u32 * 60 + at.minute().unsigned_abs() as u32
}

/// Whether the clocks are changed on this date.
pub(super) fn clocks_change(zone: &TimeZone, date: Date) -> bool {
    let midnight = |date: Date| zone.to_zoned(date.at(0, 0, 0, 0)).ok();
    let next = date.tomorrow().ok();
    match (midnight(date), next.and_then(midnight)) {
        (Some(from), Some(to)) => {
            let hours = from.timestamp().duration_until(to.timestamp()).as_hours();
            hours != 24
        }
        _ => false,
    }
}
