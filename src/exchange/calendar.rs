//! Opening hours as compiled tables: civil time by integer arithmetic, no clock, no zone database.

use serde::{Deserialize, Serialize};

const DAY_MS: i64 = 86_400_000;
const YEAR_DAYS: i32 = 366;

/// A time zone: its offsets from UTC and when they change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Zone {
    /// `(from, offset)`: from this Unix time in milliseconds the offset is so many seconds.
    /// In order; the first holds for all time before, the last for all time after.
    pub offsets: Vec<(i64, i32)>,
}

impl Zone {
    /// Unix time in milliseconds as local time, milliseconds since 1970-01-01T00:00 there.
    pub fn local(&self, unix_ms: i64) -> i64 {
        let after = self.offsets.partition_point(|(from, _)| *from <= unix_ms);
        let offset = self
            .offsets
            .get(after.saturating_sub(1))
            .map_or(0, |(_, offset)| *offset);
        unix_ms + i64::from(offset) * 1000
    }

    /// Local time as Unix time, both in milliseconds. Of two moments with this local time the earlier
    /// one; where there is none, as much later.
    pub fn unix(&self, local_ms: i64) -> i64 {
        // Those that may be in force then: nowhere is it a day earlier or later than in UTC.
        let until = |at_ms: i64| self.offsets.partition_point(|(from, _)| *from <= at_ms);
        let first = until(local_ms.saturating_sub(DAY_MS)).saturating_sub(1);
        let last = until(local_ms.saturating_add(DAY_MS)).max(first + 1);
        let near = &self.offsets[first..last.min(self.offsets.len())];
        let offsets = || near.iter().map(|(_, offset)| i64::from(*offset) * 1000);
        let moments = offsets().map(|offset| local_ms - offset);
        let exact = moments.filter(|at| self.local(*at) == local_ms).min();
        exact.unwrap_or_else(|| {
            let guess = local_ms - offsets().next().unwrap_or(0);
            guess.max(local_ms - (self.local(guess) - guess))
        })
    }

    /// The local day, counted from 1970-01-01.
    pub fn day(&self, unix_ms: i64) -> i32 {
        self.local(unix_ms).div_euclid(DAY_MS) as i32
    }
}

/// Opening times of one day: `[from, to)` in minutes after midnight, in order, not overlapping.
/// `to` may be 1440, never more: a night shift is two entries.
pub type DayHours = Vec<(u16, u16)>;

/// Opening hours: a week, and the days that differ from it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    /// The operator's name for it.
    pub name: String,
    /// Where it is what time.
    pub zone: Zone,
    /// Monday to Sunday.
    pub week: [DayHours; 7],
    /// Days since 1970-01-01 with hours of their own, in order; no hours means closed.
    pub days: Vec<(i32, DayHours)>,
}

impl Calendar {
    /// Whether it is open at this Unix time in milliseconds.
    pub fn is_open(&self, unix_ms: i64) -> bool {
        let local = self.zone.local(unix_ms);
        let day = local.div_euclid(DAY_MS) as i32;
        let minute = (local.rem_euclid(DAY_MS) / 60_000) as u16;
        self.hours_of(day)
            .iter()
            .any(|(from, to)| (*from..*to).contains(&minute))
    }

    /// The next moment at which it is open, as Unix time in milliseconds: now, if it is. None when it
    /// does not open within a year.
    pub fn next_open(&self, unix_ms: i64) -> Option<i64> {
        if self.is_open(unix_ms) {
            return Some(unix_ms);
        }
        let mut openings = self.changes(unix_ms, |(from, _)| *from);
        openings.find(|at| *at > unix_ms && self.is_open(*at))
    }

    /// The next moment at which it is closed, likewise.
    pub fn next_close(&self, unix_ms: i64) -> Option<i64> {
        if !self.is_open(unix_ms) {
            return Some(unix_ms);
        }
        let mut closings = self.changes(unix_ms, |(_, to)| *to);
        closings.find(|at| *at > unix_ms && !self.is_open(*at))
    }

    /// One end of the opening times of a year from this day on, as Unix times.
    fn changes(&self, unix_ms: i64, end: impl Fn(&(u16, u16)) -> u16) -> impl Iterator<Item = i64> {
        let today = self.zone.day(unix_ms);
        let days = (today..=today + YEAR_DAYS).flat_map(|day| {
            let hours = self.hours_of(day).iter();
            hours.map(move |hours| (i64::from(day) * DAY_MS, hours))
        });
        days.map(move |(day, hours)| self.zone.unix(day + i64::from(end(hours)) * 60_000))
    }

    /// The hours of a day, counted from 1970-01-01.
    pub fn hours_of(&self, day: i32) -> &DayHours {
        match self
            .days
            .binary_search_by_key(&day, |(special, _)| *special)
        {
            Ok(place) => &self.days[place].1,
            Err(_) => &self.week[Self::weekday(day)],
        }
    }

    /// The place in [`Calendar::week`] of a day, counted from 1970-01-01.
    pub fn weekday(day: i32) -> usize {
        // 1970-01-01 was a Thursday.
        (day + 3).rem_euclid(7) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: i64, hour: i64, minute: i64) -> i64 {
        day * DAY_MS + (hour * 60 + minute) * 60_000
    }

    #[test]
    fn a_special_day_replaces_the_week() {
        let mut calendar = Calendar::default();
        calendar.week[0] = vec![(540, 1020)];
        calendar.days = vec![(11, vec![(600, 660)])];
        // 1970-01-05 was a Monday: day 4, then days 11 and 18.
        assert!(calendar.is_open(at(4, 9, 0)) && !calendar.is_open(at(4, 17, 0)));
        assert!(!calendar.is_open(at(11, 9, 0)) && calendar.is_open(at(11, 10, 30)));
        assert!(!calendar.is_open(at(5, 9, 0)));
    }

    #[test]
    fn the_next_opening_and_closing_are_found() {
        let mut calendar = Calendar::default();
        // Mondays through the night; day 4 is one.
        calendar.week[0] = vec![(1320, 1440)];
        calendar.week[1] = vec![(0, 120), (540, 600)];
        calendar.zone.offsets = vec![(i64::MIN, 3600)];
        let local = |day, hour, minute| at(day, hour, minute) - 3_600_000;
        assert_eq!(calendar.next_open(local(4, 8, 0)), Some(local(4, 22, 0)));
        assert_eq!(calendar.next_open(local(4, 23, 1)), Some(local(4, 23, 1)));
        assert_eq!(calendar.next_close(local(4, 23, 1)), Some(local(5, 2, 0)));
        assert_eq!(calendar.next_close(local(4, 8, 0)), Some(local(4, 8, 0)));
        assert_eq!(calendar.next_open(local(5, 10, 0)), Some(local(11, 22, 0)));
        assert_eq!(Calendar::default().next_open(0), None);
    }

    #[test]
    fn openings_follow_the_clock_change() {
        // From 02:00 to 03:00 local time at day 100 there is nothing.
        let zone = Zone {
            offsets: vec![(i64::MIN, 3600), (at(100, 1, 0), 7200)],
        };
        assert_eq!(zone.unix(at(100, 1, 59)), at(100, 0, 59));
        assert_eq!(zone.unix(at(100, 3, 0)), at(100, 1, 0));
        assert!(zone.local(zone.unix(at(100, 2, 30))) >= at(100, 2, 30));
        // And back: an hour comes twice, and the first one counts.
        let zone = Zone {
            offsets: vec![(i64::MIN, 7200), (at(300, 1, 0), 3600)],
        };
        assert_eq!(zone.unix(at(300, 2, 30)), at(300, 0, 30));
    }

    #[test]
    fn the_offset_in_force_decides() {
        let zone = Zone {
            offsets: vec![(i64::MIN, 3600), (at(100, 1, 0), 7200)],
        };
        let mut calendar = Calendar {
            zone,
            ..Calendar::default()
        };
        calendar.week = std::array::from_fn(|_| vec![(540, 600)]);
        assert!(calendar.is_open(at(99, 8, 0)) && !calendar.is_open(at(99, 7, 59)));
        assert!(calendar.is_open(at(100, 7, 0)) && !calendar.is_open(at(100, 8, 0)));
    }
}
