//! The forecast file of a typical day.

use super::findings::Findings;
use crate::exchange::calendar::DayHours;
use crate::exchange::dialplan::Dialplan;
use crate::sim::sheet::clock;
use crate::sim::sheet::written;
use jiff::civil::Date;
use jiff::civil::date;

/// From which days of calendars are counted.
const EPOCH: Date = date(1970, 1, 1);

/// The file that a scenario names as its `forecast`. Its date is that of the last day on which the lines have the hours
/// that they have on most of the days that were looked at; the calls are means over all of these.
pub fn csv(findings: &Findings, plan: Option<&Dialplan>) -> String {
    let days = &findings.days;
    let date = typical(&days.used, plan).map_or_else(String::new, |date| date.to_string());
    let minutes = days.minutes();
    let heads = ["date", "start", "interval_min", findings.column, "calls"];
    let mut rows = vec![heads.map(str::to_owned).to_vec()];
    for line in &days.lines {
        for (slot, calls) in line.calls.iter().enumerate() {
            let start = clock(i64::from(days.first_minute + slot as u32 * minutes));
            rows.push(vec![
                date.clone(),
                start,
                minutes.to_string(),
                line.line.clone(),
                rounded(*calls),
            ]);
        }
    }
    written(rows)
}

/// The last date with the hours of most of these dates.
fn typical(dates: &[Date], plan: Option<&Dialplan>) -> Option<Date> {
    let hours = |date: &Date| -> Vec<&DayHours> {
        let since = EPOCH.until(*date).map_or(0, |span| span.get_days());
        let calendars = plan.map_or(&[][..], |plan| &plan.calendars);
        calendars.iter().map(|one| one.hours_of(since)).collect()
    };
    let all: Vec<Vec<&DayHours>> = dates.iter().map(hours).collect();
    let alike = |own: &Vec<&DayHours>| all.iter().filter(|other| *other == own).count();
    // Of several with as many the last one.
    let found = dates.iter().zip(&all).max_by_key(|(_, own)| alike(own));
    found.map(|(date, _)| *date)
}

/// Two decimals, where there are any.
fn rounded(calls: f64) -> String {
    let text = format!("{calls:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
