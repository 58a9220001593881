//! Opening hours: `"mon-fri 08:00-18:30"`, closed and special days, holiday files.

use super::calendar_dates;
use super::diagnostic::Diagnostic;
use super::diagnostic::Diagnostics;
use super::diagnostic::Place;
use super::fields::Fields;
use super::ics;
use super::schema;
use super::source;
use super::source::Sources;
use super::tree::Data;
use super::tree::Entry;
use super::tree::Value;
use super::value;
use crate::exchange::calendar::Calendar;
use crate::exchange::calendar::DayHours;
use crate::exchange::calendar::Zone;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

const DAY_MINUTES: u16 = 1440;
/// Changes of the clock are written out from here to there; before and after, the nearest holds.
const FIRST_YEAR: i16 = 1970;
const LAST_YEAR: i16 = 2100;
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// The offsets of a time zone of the bundled database.
pub(super) fn zone(name: &str) -> Option<Zone> {
    let zone = TimeZone::get(name).ok()?;
    let start = midnight(&TimeZone::UTC, Date::new(FIRST_YEAR, 1, 1).ok()?)?;
    let end = midnight(&TimeZone::UTC, Date::new(LAST_YEAR, 12, 31).ok()?)?;
    let first = zone.to_offset(Timestamp::from_millisecond(start).ok()?);
    let mut offsets = vec![(start, first.seconds())];
    for change in zone.following(Timestamp::from_millisecond(start).ok()?) {
        let at = change.timestamp().as_millisecond();
        if at > end {
            break;
        }
        if offsets
            .last()
            .is_some_and(|(_, last)| *last != change.offset().seconds())
        {
            offsets.push((at, change.offset().seconds()));
        }
    }
    Some(Zone { offsets })
}

/// The beginning of a day in a time zone, as Unix time in milliseconds.
pub(super) fn midnight(zone: &TimeZone, date: Date) -> Option<i64> {
    let start = zone
        .to_zoned(date.to_datetime(jiff::civil::Time::midnight()))
        .ok()?;
    Some(start.timestamp().as_millisecond())
}

/// Reads one `[calendar.*]`.
pub(super) fn read(
    entry: &Entry,
    zone: &Zone,
    at: Option<Date>,
    sources: &mut Sources,
    out: &mut Diagnostics,
) -> Calendar {
    let name = entry.key.text.clone();
    let title = format!("[calendar.{name}]");
    let fields = Fields::of(entry, title, out);
    let Some(mut fields) = fields.map(|fields| fields.shaped(Some(&schema::line::CALENDAR))) else {
        return Calendar {
            name,
            ..Calendar::default()
        };
    };
    let (week, special) = (open(&mut fields), special(&mut fields));
    let mut shifts = Shifts {
        week,
        closed: closed(&mut fields, &name, &special),
        special,
    };
    for file in fields.texts("files").unwrap_or_default() {
        shifts
            .closed
            .extend(holidays(&file.text, file.place, sources, out));
    }
    if fields.value("open").is_none() {
        fields.missing("open", "open = [\"mon-fri 09:00-17:00\"]");
    } else if let Some(diagnostic) = shifts.without_effect(&name, fields.place()) {
        fields.push(diagnostic);
    }
    let dates = fields.key_place("closed").or(fields.key_place("files"));
    let hours = fields.key_place("open");
    let closed = shifts.closed.clone();
    let calendar = shifts.compile(name, zone.clone());
    if let (Some(today), Some(place)) = (at, dates) {
        let past = calendar_dates::all_past(&closed, today, &calendar.name, place);
        past.into_iter().for_each(|past| fields.push(past));
    }
    if let (Some(today), Some(place)) = (at, hours) {
        let missing = calendar_dates::missing_hour(&calendar, today, place);
        missing.into_iter().for_each(|missing| fields.push(missing));
    }
    fields.finish(out);
    calendar
}

/// A calendar that every line has without writing it down: `always` or `never`.
pub(super) fn built_in(name: &str, zone: &Zone) -> Option<Calendar> {
    let hours = match name {
        "always" => vec![(0, DAY_MINUTES)],
        "never" => Vec::new(),
        _ => return None,
    };
    Some(Calendar {
        name: name.to_owned(),
        zone: zone.clone(),
        week: std::array::from_fn(|_| hours.clone()),
        days: Vec::new(),
    })
}

/// Hours as written: a shift belongs to the day on which it begins, and may end on the next.
struct Shifts {
    week: [DayHours; 7],
    special: BTreeMap<Date, DayHours>,
    closed: Vec<Date>,
}

impl Shifts {
    fn compile(self, name: String, zone: Zone) -> Calendar {
        let mut own: BTreeMap<i32, DayHours> = BTreeMap::new();
        for date in &self.closed {
            own.insert(day_number(*date), Vec::new());
        }
        for (date, hours) in &self.special {
            own.insert(day_number(*date), hours.clone());
        }
        let shifts = |day: i32| {
            own.get(&day)
                .unwrap_or_else(|| &self.week[(day + 3).rem_euclid(7) as usize])
        };
        let hours = |today: &DayHours, before: &DayHours| {
            let mut hours: DayHours = Vec::new();
            let spill = before.iter().filter(|(_, to)| *to > DAY_MINUTES);
            hours.extend(
                spill.map(|(from, to)| (from.saturating_sub(DAY_MINUTES), to - DAY_MINUTES)),
            );
            hours.extend(
                today
                    .iter()
                    .map(|(from, to)| (*from, (*to).min(DAY_MINUTES))),
            );
            merge(hours)
        };
        let week = |day: usize| hours(&self.week[day], &self.week[(day + 6) % 7]);
        let mut days: Vec<i32> = own.keys().flat_map(|day| [*day, day + 1]).collect();
        days.dedup();
        days.sort_unstable();
        days.dedup();
        Calendar {
            name,
            zone,
            week: std::array::from_fn(week),
            days: days
                .into_iter()
                .map(|day| (day, hours(shifts(day), shifts(day - 1))))
                .collect(),
        }
    }

    fn without_effect(&self, name: &str, place: Place) -> Option<Diagnostic> {
        let full = |hours: &DayHours| merge(hours.clone()) == [(0, DAY_MINUTES)];
        let never = self
            .week
            .iter()
            .chain(self.special.values())
            .all(Vec::is_empty);
        let always =
            self.closed.is_empty() && self.special.is_empty() && self.week.iter().all(full);
        let (code, message, help) = match (never, always) {
            (true, _) => ("always-closed", "is never open", "never"),
            (_, true) => ("never-closed", "is never closed", "always"),
            _ => return None,
        };
        let message = format!("the calendar \"{name}\" {message}");
        let help = format!("if that is meant, the calendar \"{help}\" says so without a table");
        Some(Diagnostic::warning(code, place, message).help(help))
    }
}

fn merge(mut hours: DayHours) -> DayHours {
    hours.sort_unstable();
    let mut merged: DayHours = Vec::new();
    for (from, to) in hours.into_iter().filter(|(from, to)| from < to) {
        match merged.last_mut() {
            Some((_, end)) if from <= *end => *end = to.max(*end),
            _ => merged.push((from, to)),
        }
    }
    merged
}

/// Days since 1970-01-01.
pub(super) fn day_number(date: Date) -> i32 {
    let epoch = jiff::civil::date(1970, 1, 1);
    epoch.until(date).map_or(0, |span| span.get_days())
}

/// The day with this number; the last there is for one beyond all calendars.
pub(super) fn date_of(day: i32) -> Date {
    jiff::civil::date(1970, 1, 1).saturating_add(jiff::Span::new().days(day))
}

/// A minute of the day: `08:30`.
pub(super) fn clock(minute: i64) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

fn open(fields: &mut Fields<'_>) -> [DayHours; 7] {
    let mut week: [DayHours; 7] = Default::default();
    for range in fields.texts("open").unwrap_or_default() {
        let Some((days, hours)) = week_range(&range.text) else {
            let message = format!("\"{}\" is not a range of opening hours", range.text);
            let help = "write days and times: \"mon-fri 08:00-18:30\", \"sat,sun 10:00-12:00\"";
            fields.bad_value(range.place, message, help);
            continue;
        };
        for day in days {
            week[day].extend(hours.iter().copied());
        }
    }
    week
}

/// `mon-fri 08:00-18:30`, `mon,wed 09:00-12:00 13:00-17:00`.
fn week_range(text: &str) -> Option<(Vec<usize>, DayHours)> {
    let lower = text.to_lowercase();
    let (days, times) = lower.trim().split_once(char::is_whitespace)?;
    let number = |name: &str| DAYS.iter().position(|day| *day == name);
    let mut list = Vec::new();
    for part in days.split(',') {
        match part.split_once('-') {
            Some((first, last)) => {
                let (first, last) = (number(first)?, number(last)?);
                // fri-mon goes over the end of the week.
                let count = (last + 7 - first) % 7;
                list.extend((0..=count).map(|ahead| (first + ahead) % 7));
            }
            None => list.push(number(part)?),
        }
    }
    Some((list, times_of_day(times)?))
}

fn times_of_day(text: &str) -> Option<DayHours> {
    let mut hours = Vec::new();
    for range in text
        .split([' ', ',', '\t'])
        .filter(|range| !range.is_empty())
    {
        let (from, to) = range.split_once('-')?;
        let (from, to) = (minute(from)?, minute(to)?);
        if from == to || from == DAY_MINUTES {
            return None;
        }
        hours.push((from, if to < from { to + DAY_MINUTES } else { to }));
    }
    (!hours.is_empty()).then_some(hours)
}

/// `08:30` as minutes after midnight; `24:00` is the end of the day.
fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if minute.len() != 2 || !(1..=2).contains(&hour.len()) || !digits(hour) || !digits(minute) {
        return None;
    }
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    let total = hour * 60 + minute;
    (minute < 60 && total <= DAY_MINUTES).then_some(total)
}

fn closed(fields: &mut Fields<'_>, name: &str, special: &BTreeMap<Date, DayHours>) -> Vec<Date> {
    let mut dates = Vec::new();
    for value in fields.list("closed").unwrap_or_default() {
        let date = match &value.data {
            Data::Datetime(datetime) => value::date(datetime),
            _ => None,
        };
        match date {
            Some(date) => {
                let hours = special.get(&date);
                if hours.is_some_and(|hours| !hours.is_empty()) {
                    fields.push(calendar_dates::open_too(date, name, value.place.clone()));
                }
                dates.push(date);
            }
            None => fields.wrong_type("closed", value, "a list of dates without quotes"),
        }
    }
    dates
}

fn special(fields: &mut Fields<'_>) -> BTreeMap<Date, DayHours> {
    let mut days = BTreeMap::new();
    for entry in fields
        .table("special")
        .map_or(&[][..], |table| &table.entries)
    {
        let Ok(date) = entry.key.text.parse::<Date>() else {
            let message = format!("\"{}\" is not a date", entry.key.text);
            fields.bad_value(entry.key.place.clone(), message, "write it as 2026-12-24");
            continue;
        };
        let hours = special_hours(&entry.value, fields);
        days.insert(date, hours);
    }
    days
}

fn special_hours(value: &Value, fields: &mut Fields<'_>) -> DayHours {
    let texts = match &value.data {
        Data::List(list) => list.as_slice(),
        _ => std::slice::from_ref(value),
    };
    let mut hours = Vec::new();
    for value in texts {
        let Data::Text(text) = &value.data else {
            fields.wrong_type("special", value, "times in quotes: \"09:00-12:00\"");
            continue;
        };
        match times_of_day(text) {
            Some(more) => hours.extend(more),
            None => {
                let message = format!("\"{text}\" are not opening hours");
                fields.bad_value(value.place.clone(), message, "write \"09:00-12:00\"");
            }
        }
    }
    hours
}

fn holidays(name: &str, place: Place, sources: &mut Sources, out: &mut Diagnostics) -> Vec<Date> {
    let path = sources.beside(place.file, name);
    let file = source::open(&path, Some(place), sources, out);
    file.map_or_else(Vec::new, |file| ics::read(file, sources, out))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn shifts(open: &[&str]) -> Shifts {
        let mut week: [DayHours; 7] = Default::default();
        for text in open {
            let (days, hours) = week_range(text).expect(text);
            for day in days {
                week[day].extend(hours.iter().copied());
            }
        }
        Shifts {
            week,
            special: BTreeMap::new(),
            closed: Vec::new(),
        }
    }

    #[test]
    fn a_night_shift_is_split_over_two_days() {
        let calendar = shifts(&["fri 22:00-02:00", "sun 20:00-24:00"]);
        let calendar = calendar.compile("night".to_owned(), Zone::default());
        assert_eq!(calendar.week[4], [(1320, 1440)]);
        assert_eq!(calendar.week[5], [(0, 120)]);
        assert_eq!(calendar.week[6], [(1200, 1440)]);
        assert_eq!(calendar.week[0], []);
    }

    #[test]
    fn a_holiday_does_not_cut_the_night_before_it() {
        let mut night = shifts(&["mon-sun 22:00-02:00"]);
        night.closed.push(date(2026, 12, 25));
        let calendar = night.compile("night".to_owned(), Zone::default());
        let christmas = day_number(date(2026, 12, 25));
        assert_eq!(calendar.hours_of(christmas), &[(0, 120)]);
        assert_eq!(calendar.hours_of(christmas + 1), &[(1320, 1440)]);
        assert_eq!(calendar.hours_of(christmas + 2), &[(0, 120), (1320, 1440)]);
    }

    #[test]
    fn ranges_are_read_and_nonsense_is_not() {
        let (days, hours) = week_range("mon,wed 09:00-12:00 13:00-17:00").expect("a range");
        assert_eq!((days, hours), (vec![0, 2], vec![(540, 720), (780, 1020)]));
        assert_eq!(
            week_range("fri-mon 8:00-9:00").map(|range| range.0),
            Some(vec![4, 5, 6, 0])
        );
        for wrong in [
            "mon",
            "mon 9-17",
            "foo 09:00-17:00",
            "mon 09:00-25:00",
            "mon 09:60-10:00",
            "mon 09:00-09:00",
            "mon 24:00-02:00",
            "",
        ] {
            assert_eq!(week_range(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn zones_know_when_the_clock_changes() {
        let zone = zone("Europe/London").expect("a zone");
        let at = |text: &str| text.parse::<Timestamp>().expect(text).as_millisecond();
        let shift = |text: &str| zone.local(at(text)) - at(text);
        assert_eq!(shift("2026-12-25T12:00:00Z"), 0);
        assert_eq!(shift("2026-07-01T12:00:00Z"), 3_600_000);
        assert_eq!(shift("2026-03-29T00:59:59Z"), 0);
        assert_eq!(shift("2026-03-29T01:00:00Z"), 3_600_000);
        assert_eq!(
            super::zone("Asia/Ho_Chi_Minh").map(|zone| zone.local(0)),
            Some(28_800_000)
        );
        assert_eq!(super::zone("Europe/Londn"), None);
    }
}
