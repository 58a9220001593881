//! `GotoIfTime`: `09:00-17:00,mon-fri,*,*` as opening hours.

use super::super::draft::Calendar;
use crate::menu::calendar::clock;

const DAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
/// Parts of a condition that leave nothing out, as FreePBX writes them.
const ALWAYS: [(usize, &str); 4] = [(1, "mon-sun"), (1, "sun-sat"), (2, "1-31"), (3, "jan-dec")];
const ALL_DAY: &str = "00:00-24:00";
/// Hours or days of one condition at most.
const PARTS_MAX: usize = 20;

/// Hours of a week, or words on why they are none.
pub(super) fn calendar(condition: &str, name: &str) -> Result<Calendar, String> {
    let parts: Vec<&str> = condition.split([',', '|']).map(str::trim).collect();
    let part = |place: usize| {
        parts
            .get(place)
            .copied()
            .filter(|part| !part.is_empty() && *part != "*")
            .filter(|part| !ALWAYS.contains(&(place, part.to_lowercase().as_str())))
    };
    let mut todos = Vec::new();
    if let Some(zone) = part(4) {
        todos.push(format!("these hours were in the time zone {zone}"));
    }
    if let (None, None) = (part(0), part(1)) {
        let days = [part(2), part(3)]
            .into_iter()
            .flatten()
            .collect::<Vec<&str>>();
        return Err(format!(
            "`{condition}` is about days of the year ({}): add them to `closed` or `special` of a calendar",
            days.join(" ")
        ));
    }
    if part(2).is_some() || part(3).is_some() {
        todos.push(format!("`{condition}` holds on some days of the year only"));
    }
    let is_daily = part(1).is_none();
    let (times, weekdays) = (part(0).unwrap_or("*"), part(1).unwrap_or("*"));
    let hours = hours(times, is_daily).ok_or_else(|| unclear(condition))?;
    let days = days(weekdays).ok_or_else(|| unclear(condition))?;
    for parts in [times, weekdays].map(|text| text.split('&').count()) {
        if parts > PARTS_MAX {
            todos.push(format!(
                "these are the first {PARTS_MAX} of {parts} hours or days of one condition: add the others"
            ));
        }
    }
    let open = days.iter().map(|days| format!("{days} {hours}"));
    Ok(Calendar {
        name: name.to_owned(),
        open: open.collect(),
        todos,
    })
}

fn unclear(condition: &str) -> String {
    format!("`{condition}` are no hours of a week")
}

/// `9:00-17:30` with both ends inside, as the first minute outside. Asterisk looks at the day and the
/// minute of one moment: hours over midnight are both ends of each day, unless they are those of all.
fn hours(text: &str, is_daily: bool) -> Option<String> {
    if text == "*" {
        return Some(ALL_DAY.to_owned());
    }
    let mut spans = Vec::new();
    for span in text.split('&').take(PARTS_MAX) {
        let (from, last) = span.split_once('-')?;
        let (from, last) = (minute(from)?, minute(last)?);
        if from == last {
            return None;
        }
        // 17:59 as an end means until 18:00.
        let to = if last % 60 == 59 { last + 1 } else { last };
        if from == to {
            // 12:00-11:59 is a day all around.
            spans.push(ALL_DAY.to_owned());
        } else if to < from && !is_daily {
            if to > 0 {
                spans.push(format!("00:00-{}", clock(to)));
            }
            spans.push(format!("{}-24:00", clock(from)));
        } else {
            spans.push(format!("{}-{}", clock(from), clock(to)));
        }
    }
    Some(spans.join(" "))
}

fn minute(text: &str) -> Option<i64> {
    let (hour, minute) = text.trim().split_once(':')?;
    let (hour, minute): (u8, u8) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour < 24 && minute < 60).then_some(i64::from(hour) * 60 + i64::from(minute))
}

/// `mon-fri`, `sat&sun`; a span over the end of the week is two.
fn days(text: &str) -> Option<Vec<String>> {
    if text == "*" {
        return Some(vec!["mon-sun".to_owned()]);
    }
    let day = |name: &str| {
        DAYS.iter()
            .position(|day| name.trim().eq_ignore_ascii_case(day))
    };
    let mut all = Vec::new();
    for span in text.split('&').take(PARTS_MAX) {
        match span.split_once('-') {
            None => all.push(DAYS[day(span)?].to_owned()),
            Some((from, to)) => {
                let (from, to) = (day(from)?, day(to)?);
                // A week begins on Monday here, on Sunday there.
                let week = |place: usize| (place + 6) % 7;
                if week(from) <= week(to) {
                    all.push(format!("{}-{}", DAYS[from], DAYS[to]));
                } else {
                    all.push(format!("{}-sun", DAYS[from]));
                    all.push(format!("mon-{}", DAYS[to]));
                }
            }
        }
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_a_week_are_hours() {
        let open = |text| calendar(text, "x").map(|calendar| calendar.open);
        assert_eq!(
            open("9:00-17:59,mon-fri,*,*"),
            Ok(vec!["mon-fri 09:00-18:00".to_owned()])
        );
        assert_eq!(
            open("*,sat&sun,*,*"),
            Ok(vec![
                "sat 00:00-24:00".to_owned(),
                "sun 00:00-24:00".to_owned()
            ])
        );
        let around = [
            "fri-sun 00:00-06:00 22:00-24:00",
            "mon-tue 00:00-06:00 22:00-24:00",
        ]
        .map(str::to_owned);
        assert_eq!(open("22:00-06:00|fri-tue|*|*"), Ok(around.to_vec()));
        let night = |hours: &str| Ok(vec![hours.to_owned()]);
        assert_eq!(
            open("22:00-05:59,sat,*,*"),
            night("sat 00:00-06:00 22:00-24:00")
        );
        assert_eq!(open("12:00-11:59,sat,*,*"), night("sat 00:00-24:00"));
        assert_eq!(open("08:00-07:59,*,*,*"), night("mon-sun 00:00-24:00"));
        assert_eq!(open("22:00-00:00,sat,*,*"), night("sat 22:00-24:00"));
        assert_eq!(open("22:00-06:00,*,*,*"), night("mon-sun 22:00-06:00"));
        let many = vec!["9:00-10:00"; PARTS_MAX + 1].join("&");
        let cut = calendar(&format!("{many},sat,*,*"), "x").expect("hours");
        assert_eq!(
            cut.todos,
            ["these are the first 20 of 21 hours or days of one condition: add the others"]
        );
        let freepbx = calendar("08:10-22:59|sun-sat|1-31|jan-dec", "x").expect("hours");
        assert_eq!(freepbx.open, ["mon-sun 08:10-23:00"]);
        assert!(freepbx.todos.is_empty());
        assert!(open("*,*,25,dec").is_err());
        assert!(open("25:00-26:00,mon,*,*").is_err());
        assert!(open("").is_err());
    }
}
