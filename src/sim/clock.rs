//! What the clock says in a simulated day on which it is changed.
//!
//! Forecasts, head counts, rosters and reports count the hours from midnight: such a day has 24. Opening
//! hours would have 23 or 25, and an hour's difference to all the others from the change on. So the clock
//! is left alone for as long as a run lasts: everybody goes by the offset of its beginning.

use crate::exchange::calendar::Zone;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::StepKind;
use crate::exchange::time::Span;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::AmbiguousOffset;
use jiff::tz::Offset;
use jiff::tz::TimeZone;
use std::fmt;

const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);

/// What a clock on the wall says, in milliseconds from the beginning of 1970 by the same clock.
pub(super) fn local_ms(at: DateTime) -> i64 {
    at.duration_since(EPOCH).as_millis() as i64
}

/// The clock by which a run goes: that of the first line.
pub(super) fn time_zone(dialplan: &Dialplan) -> TimeZone {
    let name = dialplan.lines.first().map(|line| line.timezone.as_str());
    let zone = name.and_then(|name| TimeZone::get(name).ok());
    zone.unwrap_or(TimeZone::UTC)
}

/// By how much a clock is ahead of UTC at this Unix time, all in milliseconds.
fn offset_ms(zone: &TimeZone, at_ms: i64) -> i64 {
    let at = Timestamp::from_millisecond(at_ms).unwrap_or_default();
    i64::from(zone.to_offset(at).seconds()) * 1000
}

/// Whether a clock never shows this time, because it goes forward over it.
pub(super) fn is_passed_over(zone: &TimeZone, at: DateTime) -> bool {
    let offset = zone.to_ambiguous_timestamp(at).offset();
    matches!(offset, AmbiguousOffset::Gap { .. })
}

/// The change of the clocks that a run leaves out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockChange {
    /// When the run begins, as Unix time in milliseconds.
    begins_ms: i64,
    /// The site's offset from UTC then, in seconds, which is kept.
    kept_s: i32,
    /// When the clocks change.
    at_ms: i64,
    /// The offset that is not gone over to.
    other_s: i32,
}

impl ClockChange {
    /// The first change of a site's clocks in a run that begins at this time of theirs, which is that Unix
    /// time.
    pub(super) fn within(
        site: &Zone,
        (start, begins_ms): (DateTime, i64),
        length: Span,
    ) -> Option<Self> {
        let local_ms = local_ms(start);
        // Behind the clock where the beginning lies in an hour that is left out, and after that hour.
        let behind_ms = site.local(begins_ms) - local_ms;
        let run = begins_ms - behind_ms + 1..begins_ms + length.0 as i64;
        let mut changes = site.offsets.windows(2).map(|pair| pair[1]);
        let (at_ms, other_s) = changes.find(|(at_ms, _)| run.contains(at_ms))?;
        Some(Self {
            begins_ms,
            kept_s: ((local_ms - begins_ms) / 1000) as i32,
            at_ms,
            other_s,
        })
    }

    /// Leaves all clocks of a plan as they are at the beginning.
    pub(super) fn leave_out(&self, dialplan: &mut Dialplan) {
        let site = dialplan.zone.clone();
        let kept = |zone: &Zone| {
            let own_ms = zone.local(self.begins_ms) - self.begins_ms;
            let offset_s = match *zone == site {
                true => self.kept_s,
                false => (own_ms / 1000) as i32,
            };
            Zone {
                offsets: vec![(i64::MIN, offset_s)],
            }
        };
        dialplan.zone = kept(&site);
        for calendar in &mut dialplan.calendars {
            calendar.zone = kept(&calendar.zone);
        }
        // Answers are true to the end of a day of their line, whenever that is.
        let of_site = dialplan.lines.first().map(|line| line.timezone.clone());
        let others = dialplan.lines.iter().map(|line| {
            let other = (Some(&line.timezone) != of_site.as_ref()).then_some(&line.timezone);
            other.and_then(|name| TimeZone::get(name).ok())
        });
        let others: Vec<Option<TimeZone>> = others.collect();
        for step in &mut dialplan.steps {
            if let StepKind::Say(say) = &mut step.kind
                && let Some(answer) = &mut say.answer
                && let Some(expires_ms) = &mut answer.expires_ms
            {
                *expires_ms = match &others[step.line.index()] {
                    Some(zone) => {
                        *expires_ms + offset_ms(zone, *expires_ms) - offset_ms(zone, self.begins_ms)
                    }
                    None => dialplan.zone.unix(site.local(*expires_ms)),
                };
            }
        }
    }
}

impl fmt::Display for ClockChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let offset = |seconds| Offset::from_seconds(seconds).unwrap_or(Offset::UTC);
        let (before, after) = (offset(self.kept_s), offset(self.other_s));
        let at = Timestamp::from_millisecond(self.at_ms).unwrap_or_default();
        let at = before.to_datetime(at);
        let (day, hour, minute) = (at.date(), at.hour(), at.minute());
        write!(
            f,
            "the change of the clocks on {day} at {hour:02}:{minute:02}, from UTC{before} to UTC{after}, \
             is left out"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const DAY: Span = Span::minutes(24 * 60);

    /// What is left out of a run in Berlin, and how it is told.
    fn left_out(start: DateTime, length: Span) -> Option<(i32, String)> {
        let zone = TimeZone::get("Europe/Berlin").expect("a zone");
        let begins = start.to_zoned(zone).expect("a moment").timestamp();
        // The last Sundays of March and October of 2026, at 01:00 UTC.
        let site = Zone {
            offsets: vec![
                (i64::MIN, 3600),
                (1_774_746_000_000, 7200),
                (1_792_890_000_000, 3600),
            ],
        };
        let begins_ms = begins.as_millisecond();
        let change = ClockChange::within(&site, (start, begins_ms), length)?;
        Some((change.kept_s, change.to_string()))
    }

    #[test]
    fn a_change_counts_from_its_own_day_to_its_own_hour() {
        let march = |day: i8, hour: i8| date(2026, 3, day).at(hour, 0, 0, 0);
        assert_eq!(left_out(march(28, 0), DAY), None);
        let (kept_s, told) = left_out(march(29, 0), DAY).expect("a change");
        assert_eq!(kept_s, 3600);
        let words =
            "the change of the clocks on 2026-03-29 at 02:00, from UTC+01 to UTC+02, is left out";
        assert_eq!(told, words);
        assert_eq!(left_out(march(29, 0), Span::minutes(120)), None);
        assert_eq!(left_out(march(29, 9), DAY), None);
        let (kept_s, told) = left_out(date(2026, 10, 25).at(0, 0, 0, 0), DAY).expect("a change");
        assert!(kept_s == 7200 && told.contains("2026-10-25 at 03:00, from UTC+02 to UTC+01"));
    }

    #[test]
    fn a_run_that_begins_in_the_hour_that_is_left_out_begins_by_the_offset_before() {
        let start = date(2026, 3, 29).at(2, 30, 0, 0);
        let (kept_s, _) = left_out(start, DAY).expect("a change");
        assert_eq!(kept_s, 3600);
    }
}
