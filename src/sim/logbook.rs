//! Files of recorded calls: when each came, to which line, and perhaps for what.

use super::demand::Demand;
use super::demand::LineDemand;
use super::demand::Rates;
use super::demand::Recorded;
use super::scenario::names::Names;
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
use std::collections::BTreeMap;
use std::path::Path;

/// The interval of reports on recorded calls.
const INTERVAL: Span = Span::minutes(15);
/// From the first call to the last one, at most.
const LENGTH_MAX: Span = Span::minutes(7 * 24 * 60);

const RECORDED: Kind = Kind {
    code: "arrival-row",
    required: &["time", "line"],
    optional: &["want"],
};

/// The calls of some hours or days.
pub(super) struct Logbook {
    /// Tick 0: the full quarter of an hour before the first call, in the line's own time.
    pub(super) start: DateTime,
    /// To the full quarter of an hour after the last one.
    pub(super) length: Span,
    pub(super) demand: Demand,
}

impl Logbook {
    /// Reads a file of recorded calls; all wrong rows are reported.
    pub(super) fn read(
        path: &Path,
        named_at: &Place,
        names: &Names<'_>,
        sources: &mut Sources,
        problems: &mut Diagnostics,
    ) -> Option<Self> {
        let sheet = Sheet::read(path, named_at, &RECORDED, sources, problems)?;
        whose::refuse_wants(&sheet, *names);
        let book = book(&sheet, *names);
        let fine = sheet.finish(problems);
        book.filter(|_| fine)
    }
}

fn book(sheet: &Sheet, names: Names<'_>) -> Option<Logbook> {
    let calls: Vec<(DateTime, Whose, &Row)> = sheet
        .rows
        .iter()
        .filter_map(|row| {
            let (time, whose) = (time(sheet, row), Whose::read(sheet, row, names));
            Some((time?, whose?, row))
        })
        .collect();
    let first = calls.iter().map(|(at, ..)| *at).min()?;
    let quarter = first.minute() / 15 * 15;
    let start = first.with().minute(quarter).second(0).subsec_nanosecond(0);
    let start = start.build().ok()?;
    let mut all: BTreeMap<Whose, Vec<Tick>> = BTreeMap::new();
    let mut last = Tick(0);
    for (at, whose, row) in calls {
        let since = at.duration_since(start).as_millis().max(0) as u64;
        if Span(since) > LENGTH_MAX {
            let message = format!("more than {LENGTH_MAX} after the first call");
            sheet.wrong(row, "time", message, None);
            continue;
        }
        last = last.max(Tick(since));
        all.entry(whose).or_default().push(Tick(since));
    }
    let intervals = (last.0 / INTERVAL.0 + 1) as usize;
    let demand = |(whose, mut times): (Whose, Vec<Tick>)| {
        times.sort_unstable();
        let mut calls = vec![0.0; intervals];
        for time in &times {
            calls[(time.0 / INTERVAL.0) as usize] += 1.0;
        }
        LineDemand {
            line: whose.line,
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
        length: Span(INTERVAL.0 * intervals as u64),
        demand: Demand {
            interval: INTERVAL,
            rates: Rates::Steps,
            lines: all.into_iter().map(demand).collect(),
            surge: None,
        },
    })
}

fn time(sheet: &Sheet, row: &Row) -> Option<DateTime> {
    let text = sheet.cell(row, "time")?;
    let time: Option<DateTime> = text.parse().ok();
    if time.is_none() {
        let help = "write it like 2026-11-23 09:00:01.250".to_owned();
        let message = format!("`{text}` is no moment");
        sheet.wrong(row, "time", message, Some(help));
    }
    time
}
