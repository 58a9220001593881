//! Counts of calls: the columns of a forecast, for as many days as there are.

use super::origin::Origin;
use super::slots::DAY_MINUTES;
use super::table::Table;
use super::table::Told;
use super::volumes::CALLS_MAX;
use super::volumes::DAYS_MAX;
use super::volumes::LINES_MAX;
use super::volumes::Refused;
use super::volumes::Volumes;
use crate::menu::diagnostic::Diagnostic;
use crate::menu::diagnostic::Severity;
use crate::sim::sheet::clock;
use jiff::civil::Date;
use jiff::civil::Time;
use std::io::BufRead;

/// The most rows of one file.
pub(super) const ROWS_MAX: usize = 20_000_000;
pub(super) const CODE: &str = "count-row";
const BY_LINE: [&str; 5] = ["date", "start", "interval_min", "line", "calls"];
const BY_QUEUE: [&str; 5] = ["date", "start", "interval_min", "queue", "calls"];

/// Reads counts into `volumes`, which the first row of the first file begins.
pub(super) fn read(
    origin: &Origin,
    bytes: Box<dyn BufRead>,
    header: &str,
    volumes: &mut Option<Volumes>,
    told: &mut Told<'_>,
) {
    let names = || header.split(',').map(|name| name.trim().trim_matches('"'));
    let by_queue = names().any(|name| name == "queue") && !names().any(|name| name == "line");
    let columns = if by_queue { &BY_QUEUE } else { &BY_LINE };
    let Some(mut table) = Table::begin(origin, bytes, (CODE, columns), told) else {
        return;
    };
    if let Some(want) = table.column("want") {
        let help = "add up the calls of all wants in each interval, and leave the column out";
        let message = "calls by want are not read".to_owned();
        table.wrong_at(want, message, Some(help.to_owned()));
        return;
    }
    let column = columns[3];
    if volumes
        .as_ref()
        .is_some_and(|volumes| volumes.column != column)
    {
        let message = "calls by line and calls by queue are not added up".to_owned();
        table.wrong_row(message, None);
        return;
    }
    let places = columns.map(|name| table.column(name).expect("a column that is there"));
    let (mut rows, mut twice) = (0, 0);
    while table.next() {
        if rows == ROWS_MAX {
            table.wrong_row(format!("more than {ROWS_MAX} rows"), None);
            break;
        }
        rows += 1;
        row(&mut table, places, volumes, &mut twice);
        if let Some(volumes) = volumes {
            volumes.column = column;
        }
    }
    if twice > 1 {
        let path = origin.path.display();
        let message = format!("{path} has {twice} rows of intervals that had one already");
        let problem = Diagnostic::new(CODE, Severity::Info, None, message);
        told.problems.push(problem);
    }
    if rows == 0 && told.wrong == 0 {
        let message = format!("{} has no rows", origin.path.display());
        told.say(CODE, message, None);
    }
}

fn row(
    table: &mut Table<'_, '_>,
    [date, start, interval, line, calls]: [usize; 5],
    volumes: &mut Option<Volumes>,
    twice: &mut u64,
) {
    let day: Option<Date> = table.parsed(date, "a date such as 2026-11-23");
    let time: Option<Time> = table.parsed(start, "a time such as 09:00");
    let minutes: Option<u32> = table.parsed(interval, "a whole number");
    let number = number(table, calls);
    let (Some(day), Some(time), Some(minutes), Some(number)) = (day, time, minutes, number) else {
        return;
    };
    if minutes == 0 || !DAY_MINUTES.is_multiple_of(minutes) {
        let message = "a day does not divide into such intervals".to_owned();
        table.wrong_at(interval, message, Some("write 5, 15, 30 or 60".to_owned()));
        return;
    }
    let volumes = volumes.get_or_insert_with(|| Volumes::new(minutes));
    if volumes.minutes != minutes {
        let message = format!(
            "another interval than the {} of the first row",
            volumes.minutes
        );
        let help = "give files with intervals of one length, one after the other".to_owned();
        table.wrong_at(interval, message, Some(help));
        return;
    }
    let begins = time.hour().unsigned_abs() as u32 * 60 + time.minute().unsigned_abs() as u32;
    let whole = time.second() == 0 && time.subsec_nanosecond() == 0;
    if !whole || !begins.is_multiple_of(minutes) {
        let message = format!("no interval of {minutes} minutes begins then");
        let help = "intervals are counted from midnight".to_owned();
        table.wrong_at(start, message, Some(help));
        return;
    }
    let name = table.cell(line).to_owned();
    if name.is_empty() {
        table.wrong_at(line, "a line without a name".to_owned(), None);
        return;
    }
    let slot = (begins / minutes) as usize;
    match volumes.set((&name, day, slot), number) {
        Ok(()) => {}
        // The first one is shown: the others mostly come of the same file.
        Err(Refused::Twice) if *twice > 0 => *twice += 1,
        Err(Refused::Twice) => {
            *twice += 1;
            let message = format!(
                "a second row for {name} on {day} at {}",
                clock(i64::from(begins))
            );
            let help = "give each file once; on the day on which clocks go back, an hour comes twice: leave \
                        that day out";
            table.wrong_at(start, message, Some(help.to_owned()));
        }
        Err(Refused::Lines) => {
            table.wrong_at(line, format!("more than {LINES_MAX} lines"), None);
        }
        Err(Refused::Days) => table.wrong_at(date, format!("more than {DAYS_MAX} days"), None),
    }
}

/// A number of calls.
fn number(table: &mut Table<'_, '_>, column: usize) -> Option<u32> {
    let text = table.cell(column);
    let number: Option<f64> = text.parse().ok().filter(|number: &f64| number.is_finite());
    let message = match number {
        None => format!("`{text}` is not a number"),
        Some(number) if number < 0.0 => "less than nothing".to_owned(),
        Some(number) if number > f64::from(CALLS_MAX) => format!("more than {CALLS_MAX}"),
        // Means vary less than calls do, and would make busyness smaller than it is.
        Some(number) if number.fract() != 0.0 => {
            let help = "write the calls that came, not a mean of several days".to_owned();
            let message = format!("`{text}` is no whole number of calls");
            table.wrong_at(column, message, Some(help));
            return None;
        }
        Some(number) => return Some(number as u32),
    };
    table.wrong_at(column, message, None);
    None
}
