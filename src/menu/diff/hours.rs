//! What changes in opening hours: days of the week, and days of their own.

use crate::exchange::calendar::Calendar;
use crate::exchange::calendar::DayHours;
use crate::menu::calendar::clock;
use crate::menu::calendar::date_of;
use crate::menu::spoken;
use std::collections::BTreeSet;

/// Days of their own that are told one by one.
const DAYS_TOLD_MAX: usize = 30;

/// A day, or days in a row, on which other hours hold.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Changed {
    pub(super) days: String,
    pub(super) was: String,
    pub(super) now: String,
}

/// Where two calendars differ.
pub(super) fn changes(old: &Calendar, new: &Calendar) -> Vec<Changed> {
    let mut found = week(old, new);
    found.extend(own_days(old, new));
    found
}

fn week(old: &Calendar, new: &Calendar) -> Vec<Changed> {
    let differs = |day: &usize| old.week[*day] != new.week[*day];
    let runs = runs((0..7).filter(differs), |a, b| {
        a + 1 == b && old.week[a] == old.week[b] && new.week[a] == new.week[b]
    });
    let weekdays = spoken::weekdays("en");
    let changed = |(first, last): (usize, usize)| Changed {
        days: match first == last {
            true => weekdays[first].to_owned(),
            false => format!("{} to {}", weekdays[first], weekdays[last]),
        },
        was: words(&old.week[first]),
        now: words(&new.week[first]),
    };
    runs.into_iter().map(changed).collect()
}

/// Days that one of them has by itself, and on which the other one is open at other times.
fn own_days(old: &Calendar, new: &Calendar) -> Vec<Changed> {
    let days = old.days.iter().chain(&new.days).map(|(day, _)| *day);
    let days: BTreeSet<i32> = days.collect();
    // A day that is like its weekday on both sides is told with the week.
    let own = |calendar: &Calendar, day: i32| {
        *calendar.hours_of(day) != calendar.week[Calendar::weekday(day)]
    };
    let differ =
        |day: &i32| old.hours_of(*day) != new.hours_of(*day) && (own(old, *day) || own(new, *day));
    let runs = runs(days.into_iter().filter(differ), |a, b| {
        a + 1 == b && old.hours_of(a) == old.hours_of(b) && new.hours_of(a) == new.hours_of(b)
    });
    let more = runs.len().saturating_sub(DAYS_TOLD_MAX);
    let mut found: Vec<Changed> = runs
        .into_iter()
        .take(DAYS_TOLD_MAX)
        .map(|(first, last)| Changed {
            days: match first == last {
                true => date_of(first).to_string(),
                false => format!("{} to {}", date_of(first), date_of(last)),
            },
            was: words(old.hours_of(first)),
            now: words(new.hours_of(first)),
        })
        .collect();
    if more > 0 {
        found.push(Changed {
            days: format!("{more} more days"),
            was: "other hours".to_owned(),
            now: "other hours".to_owned(),
        });
    }
    found
}

/// The first and last of each run of items that belong together.
fn runs<T: Copy>(items: impl Iterator<Item = T>, together: impl Fn(T, T) -> bool) -> Vec<(T, T)> {
    let mut runs: Vec<(T, T)> = Vec::new();
    for item in items {
        match runs.last_mut() {
            Some((_, last)) if together(*last, item) => *last = item,
            _ => runs.push((item, item)),
        }
    }
    runs
}

/// `08:00-12:00, 13:00-18:30`, or `closed`.
fn words(hours: &DayHours) -> String {
    let time = |minute: u16| clock(minute.into());
    let spans = hours
        .iter()
        .map(|(from, to)| format!("{}-{}", time(*from), time(*to)));
    match hours.is_empty() {
        true => "closed".to_owned(),
        false => spans.collect::<Vec<String>>().join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(days: &str, was: &str, now: &str) -> Changed {
        Changed {
            days: days.to_owned(),
            was: was.to_owned(),
            now: now.to_owned(),
        }
    }

    fn week_of(hours: impl Fn(usize) -> DayHours) -> Calendar {
        Calendar {
            week: std::array::from_fn(hours),
            ..Calendar::default()
        }
    }

    #[test]
    fn days_in_a_row_with_the_same_hours_are_one() {
        let hours = |day| if day < 5 { vec![(480, 1110)] } else { vec![] };
        let old = week_of(hours);
        let mut new = old.clone();
        for day in 0..5 {
            new.week[day] = vec![(540, 720), (780, 1110)];
        }
        new.week[6] = vec![(600, 660)];
        assert_eq!(
            changes(&old, &new),
            [
                changed(
                    "Monday to Friday",
                    "08:00-18:30",
                    "09:00-12:00, 13:00-18:30"
                ),
                changed("Sunday", "closed", "10:00-11:00"),
            ]
        );
    }

    #[test]
    fn a_day_of_its_own_counts_where_other_hours_hold() {
        let mut old = week_of(|_| vec![(480, 1110)]);
        let mut new = old.clone();
        // 2026-12-24 to 2026-12-26, and a Monday like every other one.
        old.days = vec![(20811, vec![(480, 720)]), (20812, vec![])];
        new.days = vec![(20811, vec![(480, 1110)]), (20812, vec![]), (20813, vec![])];
        old.days.push((20815, vec![(480, 1110)]));
        new.week[0] = vec![(540, 1110)];
        assert_eq!(
            changes(&old, &new),
            [
                changed("Monday", "08:00-18:30", "09:00-18:30"),
                changed("2026-12-24", "08:00-12:00", "08:00-18:30"),
                changed("2026-12-26", "08:00-18:30", "closed"),
            ]
        );
    }
}
