//! `strowger simulate --records`: what the daemon would have kept of the calls.

use crate::exchange::calendar::DayHours;
use crate::exchange::record::Record;
use crate::exchange::time::Tick;
use crate::report::call_log::CallLog;
use crate::sim;
use crate::sim::model::Model;
use jiff::Span;
use jiff::tz::TimeZone;
use std::fs::File;
use std::io;
use std::io::BufWriter;

/// Hours of a week on the clock of a simulation.
const WEEK_H: f64 = 7.0 * 24.0;

/// Makes these runs once more, and writes a record of each call; each run begins in a week of its own, on a day of the same
/// opening hours.
pub(super) fn write(model: &Model, (seed, runs): (u64, u32), file: File) -> io::Result<()> {
    let mut log = CallLog::new(&model.plan, BufWriter::new(file))?;
    for (run, begins_ms) in (0..runs).zip(begins_ms(model)) {
        log.begin_run(begins_ms);
        let mut note = |now: Tick, record: &Record| log.note(now, record);
        sim::run(model, seed, u64::from(run), &mut note);
    }
    log.finish()
}

/// When runs begin, in milliseconds since 1970: by the same clock as the first, the weeks after it; but for holidays, on
/// which the day that is simulated would be another one.
fn begins_ms(model: &Model) -> impl Iterator<Item = i64> {
    let scenario = model.scenario();
    let weeks = scenario.length.as_seconds() / 3600.0 / WEEK_H;
    let weeks = weeks.ceil().max(1.0) as i64;
    let zone = model.plan.lines.first().map(|line| line.timezone.as_str());
    let zone = zone.and_then(|zone| TimeZone::get(zone).ok());
    let zone = zone.unwrap_or(TimeZone::UTC);
    let begins = move |run: i64| {
        let later = Span::new().try_weeks(weeks * run).ok()?;
        let begins = zone.to_zoned(scenario.start.checked_add(later).ok()?);
        Some(begins.ok()?.timestamp().as_millisecond())
    };
    let hours = |at_ms: i64| -> Vec<&DayHours> {
        let calendars = model.plan.calendars.iter();
        calendars
            .map(|calendar| calendar.hours_of(calendar.zone.day(at_ms)))
            .collect()
    };
    let first = hours(model.origin_ms);
    // Beyond all calendars there is nothing but the first day.
    let begins = (0..).map(move |run| begins(run).unwrap_or(model.origin_ms));
    begins.filter(move |at_ms| hours(*at_ms) == first)
}
