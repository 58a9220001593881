//! Files of recorded calls: when each came, to which line, and perhaps for what.

use super::clock::is_passed_over;
use super::clock::time_zone;
use super::demand::Demand;
use super::demand::LineDemand;
use super::demand::Rates;
use super::demand::Recorded;
use super::scenario::names::Names;
use super::sheet::A_FILE_EACH;
use super::sheet::Kind;
use super::sheet::Row;
use super::sheet::Sheet;
use super::whose;
use super::whose::Whose;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use crate::menu::diagnostic::Diagnostics;
use crate::menu::diagnostic::Place;
use crate::menu::source::Sources;
use jiff::civil::DateTime;
use jiff::civil::Time;
use std::collections::BTreeMap;
use std::path::Path;

/// The interval of reports on recorded calls.
const INTERVAL: Span = Span::minutes(15);
const DAY: Span = Span::minutes(24 * 60);

const RECORDED: Kind = Kind {
    code: "arrival-row",
    required: &["time", "line"],
    optional: &["want"],
};

/// The calls of a day, or of some hours of it.
pub(super) struct Logbook {
    /// Tick 0, in the line's own time: unless somebody has set it, the full quarter of an hour before the
    /// first call.
    pub(super) start: DateTime,
    /// Unless somebody has set it, to the end of the quarter in which the last one came.
    pub(super) length: Span,
    pub(super) demand: Demand,
}

impl Logbook {
    /// Reads a file of recorded calls for a run that begins then and is so long, where that is set; all
    /// wrong rows are reported.
    pub(super) fn read(
        path: &Path,
        named_at: &Place,
        run: (Option<DateTime>, Option<Span>),
        names: &Names<'_>,
        sources: &mut Sources,
        problems: &mut Diagnostics,
    ) -> Option<Self> {
        let sheet = Sheet::read(path, named_at, &RECORDED, sources, problems)?;
        whose::refuse_wants(&sheet, *names);
        let book = book(&sheet, run, *names);
        let fine = sheet.finish(problems);
        book.filter(|_| fine)
    }
}

fn book(
    sheet: &Sheet,
    (start, length): (Option<DateTime>, Option<Span>),
    names: Names<'_>,
) -> Option<Logbook> {
    let calls: Vec<(DateTime, Whose, &Row)> = sheet
        .rows
        .iter()
        .filter_map(|row| {
            let (time, whose) = (time(sheet, row), Whose::read(sheet, row, names));
            Some((time?, whose?, row))
        })
        .collect();
    passed_over(sheet, &calls, names);
    let first = calls.iter().map(|(at, ..)| *at).min()?;
    let start = match start {
        Some(start) => start,
        None => quarter(first)?,
    };
    let mut all: BTreeMap<Whose, Vec<Tick>> = BTreeMap::new();
    let mut last = Tick(0);
    for (at, whose, row) in calls {
        if let Some((message, help)) = outside(at, start, length) {
            sheet.wrong(row, "time", message, Some(help.to_owned()));
            continue;
        }
        let since = at.duration_since(start).as_millis() as u64;
        last = last.max(Tick(since));
        all.entry(whose).or_default().push(Tick(since));
    }
    let length = length.unwrap_or(Span((last.0 / INTERVAL.0 + 1) * INTERVAL.0));
    let intervals = length.0.div_ceil(INTERVAL.0) as usize;
    let demand = |(whose, mut times): (Whose, Vec<Tick>)| {
        times.sort_unstable();
        let mut calls = vec![0.0; intervals];
        for time in &times {
            calls[(time.0 / INTERVAL.0) as usize] += 1.0;
        }
        LineDemand {
            line: whose.line,
            stream: names.stream_of(whose.line),
            kind: whose.kind,
            calls,
            talk_factors: None,
            recorded: Some(Recorded {
                times: times.into(),
                each: 1.0,
            }),
        }
    };
    Some(Logbook {
        start,
        length,
        demand: Demand {
            interval: INTERVAL,
            rates: Rates::Steps,
            lines: all.into_iter().map(demand).collect(),
            surge: None,
        },
    })
}

/// Whether a run that begins then, or is so long, is made of whole intervals of its report.
pub(super) fn is_whole((start, length): (Option<DateTime>, Option<Span>)) -> bool {
    let begins = start.is_none_or(|start| quarter(start) == Some(start));
    begins && length.is_none_or(|length| length.0.is_multiple_of(INTERVAL.0))
}

/// The full quarter of an hour in which a moment lies.
fn quarter(at: DateTime) -> Option<DateTime> {
    let quarter = at.with().minute(at.minute() / 15 * 15);
    quarter.second(0).subsec_nanosecond(0).build().ok()
}

/// How long a run that begins then may be: a day ends at midnight.
pub(super) fn longest(start: DateTime) -> Span {
    let midnight = start.date().to_datetime(Time::midnight());
    let begun = start.duration_since(midnight).as_millis() as u64;
    Span(DAY.0 - begun)
}

/// What is wrong with a call at a moment that is no part of the run, and what to do.
fn outside(at: DateTime, start: DateTime, length: Option<Span>) -> Option<(String, &'static str)> {
    let since = at.duration_since(start).as_millis();
    if at.date() != start.date() {
        let message = format!("another day than the run's {}", start.date());
        return Some((message, A_FILE_EACH));
    }
    if since < 0 {
        let message = format!("before the run begins, at {}", start.time());
        return Some((
            message,
            "let `run.start` be earlier, or leave such calls out",
        ));
    }
    let length = length.filter(|length| since as u64 >= length.0)?;
    let message = format!("after the end of the run, which is {length} long");
    Some((
        message,
        "write a longer `run.length`, or leave such calls out",
    ))
}

/// Warns of calls at times that no clock of the line shows, because it goes forward over them.
fn passed_over(sheet: &Sheet, calls: &[(DateTime, Whose, &Row)], names: Names<'_>) {
    let zone = time_zone(names.dialplan);
    let mut none = calls.iter().filter(|(at, ..)| is_passed_over(&zone, *at));
    let Some((at, _, row)) = none.next() else {
        return;
    };
    let more = match none.count() {
        0 => String::new(),
        1 => ", nor in another row".to_owned(),
        more => format!(", nor in {more} other rows"),
    };
    let (day, time) = (at.date(), at.time());
    let message = format!("there is no {time} on {day}{more}: clocks go forward over it");
    let help = match zone.iana_name() {
        Some(zone) => format!("times are those of the line, in {zone}"),
        None => "times are those of the line".to_owned(),
    };
    sheet.warn("missing-hour", (row, "time"), message, help);
}

fn time(sheet: &Sheet, row: &Row) -> Option<DateTime> {
    let text = sheet.cell(row, "time")?;
    let time: Option<DateTime> = text.parse().ok();
    // Zones and offsets would be passed over, and a day alone be its midnight.
    let clock = text.split_once([' ', 'T', 't']).map(|(_, clock)| clock);
    let is_local = |clock: &str| !clock.contains(['+', '-', '[']);
    let (message, help) = match (time, clock) {
        (Some(time), Some(clock)) if is_local(clock) => return Some(time),
        (Some(_), Some(_)) => (
            format!("`{text}` has a zone or an offset"),
            "write times as the line's own clock shows them, like 2026-11-23 09:00:01.250",
        ),
        (Some(_), None) => (
            format!("`{text}` has no time of day"),
            "write it like 2026-11-23 09:00:01.250",
        ),
        (None, _) => (
            format!("`{text}` is no moment"),
            "write it like 2026-11-23 09:00:01.250",
        ),
    };
    sheet.wrong(row, "time", message, Some(help.to_owned()));
    None
}
