//! `strowger simulate --records`: what the daemon would have kept of the calls.

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

/// Makes these runs once more, and writes a record of each call; each run begins in a week of its own, on the same day of
/// the week, which may have hours of its own.
pub(super) fn write(model: &Model, (seed, runs): (u64, u32), file: File) -> io::Result<()> {
    let mut log = CallLog::new(&model.plan, BufWriter::new(file))?;
    for run in 0..runs {
        log.begin_run(begins_ms(model, run));
        let mut note = |now: Tick, record: &Record| log.note(now, record);
        sim::run(model, seed, u64::from(run), &mut note);
    }
    log.finish()
}

/// When a run begins, in milliseconds since 1970: by the same clock as the first, the weeks after it.
fn begins_ms(model: &Model, run: u32) -> i64 {
    let scenario = model.scenario();
    let weeks = (scenario.length.as_seconds() / 3600.0 / WEEK_H)
        .ceil()
        .max(1.0) as i64;
    let zone = model.plan.lines.first().map(|line| line.timezone.as_str());
    let zone = zone.and_then(|zone| TimeZone::get(zone).ok());
    let later = Span::new().try_weeks(weeks * i64::from(run));
    let begins = later.and_then(|later| scenario.start.checked_add(later));
    let begins = begins.and_then(|begins| zone.unwrap_or(TimeZone::UTC).to_zoned(begins));
    match begins {
        Ok(begins) => begins.timestamp().as_millisecond(),
        // Beyond all calendars.
        Err(_) => model.origin_ms,
    }
}
