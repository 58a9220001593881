//! Forecast files: calls that arrive at lines, interval by interval.

use super::demand::Demand;
use super::demand::LineDemand;
use super::demand::Rates;
use super::handling::HandlingTimes;
use super::scenario::names::Names;
use super::sheet::Kind;
use super::sheet::Row;
use super::sheet::Sheet;
use super::sheet::Slot;
use super::sheet::clock;
use super::whose;
use super::whose::Whose;
use crate::exchange::time::Span;
use crate::menu::diagnostic::Diagnostics;
use crate::menu::diagnostic::Place;
use crate::menu::source::Sources;
use jiff::civil::DateTime;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::path::Path;

/// The most calls of one line in one interval, and per hour of a steady state.
pub const CALLS_MAX: f64 = 10_000_000.0;
/// The longest mean handling time of a forecast, in seconds.
pub const AHT_S_MAX: f64 = 86_400.0;

const BY_LINE: Kind = Kind {
    code: "forecast-row",
    required: &["date", "start", "interval_min", "line", "calls"],
    optional: &["want", "aht_s"],
};
const BY_QUEUE: Kind = Kind {
    code: "forecast-row",
    required: &["date", "start", "interval_min", "queue", "calls"],
    optional: &["want", "aht_s"],
};

/// The calls of one day.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    /// The first interval's beginning, in the line's own time.
    pub start: DateTime,
    /// The length of every interval.
    pub interval: Span,
    /// Calls by line and interval.
    pub demand: Demand,
    /// Handling times, when the file has such a column.
    pub handling: HandlingTimes,
}

impl Forecast {
    /// Reads a forecast; all wrong rows are reported. `named_at` is where its name stands.
    pub(super) fn read(
        path: &Path,
        named_at: &Place,
        names: &Names<'_>,
        sources: &mut Sources,
        problems: &mut Diagnostics,
    ) -> Option<Self> {
        // Whether the rows name lines or queues shows in the header.
        let by_queue = sources.read(path).is_ok_and(|file| {
            let header = sources.get(file).text.lines().next().unwrap_or("");
            let mut columns = header.split(',').map(str::trim);
            columns.clone().any(|column| column == "queue")
                && !columns.any(|column| column == "line")
        });
        let kind = if by_queue { &BY_QUEUE } else { &BY_LINE };
        let sheet = Sheet::read(path, named_at, kind, sources, problems)?;
        whose::refuse_wants(&sheet, *names);
        let forecast = forecast(&sheet, &rows(&sheet, *names), *names);
        let fine = sheet.finish(problems);
        forecast.filter(|_| fine)
    }

    /// From the first interval's beginning to the last one's end.
    pub fn length(&self) -> Span {
        let intervals = self.demand.lines.first().map_or(0, |line| line.calls.len());
        Span(self.interval.0 * intervals as u64)
    }
}

/// What a row says.
struct Entry<'s> {
    row: &'s Row,
    slot: Slot,
    whose: Whose,
    calls: f64,
    aht_s: Option<f64>,
}

fn rows<'s>(sheet: &'s Sheet, names: Names<'_>) -> Vec<Entry<'s>> {
    let mut entries = Vec::new();
    for row in &sheet.rows {
        let slot = sheet.slot(row);
        let whose = Whose::read(sheet, row, names);
        let calls = sheet.number(row, "calls", CALLS_MAX);
        let aht_s = match sheet.cell(row, "aht_s") {
            None | Some("") => None,
            Some(_) => sheet.number(row, "aht_s", AHT_S_MAX),
        };
        if let (Some(slot), Some(whose), Some(calls)) = (slot, whose, calls) {
            entries.push(Entry {
                row,
                slot,
                whose,
                calls,
                aht_s,
            });
        }
    }
    entries
}

fn forecast(sheet: &Sheet, entries: &[Entry<'_>], names: Names<'_>) -> Option<Forecast> {
    let (of, model) = entries.first().map(|first| (first.row, first.slot))?;
    let mut lines: BTreeMap<Whose, BTreeMap<i64, &Entry<'_>>> = BTreeMap::new();
    for entry in entries {
        let slot = entry.slot;
        if slot.date != model.date {
            sheet.another_day(
                entry.row,
                format_args!("row {}'s {}", of.number, model.date),
            );
        } else if sheet.in_step(entry.row, slot, (of, model)) {
            let slots = lines.entry(entry.whose).or_default();
            if slots.insert(slot.start, entry).is_some() {
                let message = match entry.whose.kind {
                    Some(_) => "a second row for this line, this want and this interval",
                    None => "a second row for this line and interval",
                };
                sheet.wrong(entry.row, "start", message, None);
            }
        }
    }
    let starts = || lines.values().flat_map(BTreeMap::keys).copied();
    let (first, last) = (starts().min()?, starts().max()?);
    let (mut demand, mut by_interval) = (Vec::new(), Vec::new());
    for (whose, slots) in &lines {
        let (mut calls, mut handling) = (Vec::new(), Vec::new());
        let mut before: Option<&Entry<'_>> = None;
        let mut start = first;
        while start <= last {
            let entry = slots.get(&start).copied();
            if entry.is_none() {
                let near = before.or_else(|| slots.values().next().copied());
                if let Some(near) = near {
                    let message = format!("{} has no row for {}", whose.title(names), clock(start));
                    let help = "when nobody calls, write 0 calls".to_owned();
                    sheet.wrong(near.row, "start", message, Some(help));
                }
            }
            calls.push(entry.map_or(0.0, |entry| entry.calls));
            let called = entry.filter(|entry| entry.calls > 0.0);
            handling.push(called.and_then(|entry| entry.aht_s));
            before = entry.or(before);
            start += model.minutes;
        }
        demand.push(LineDemand {
            line: whose.line,
            stream: names.stream_of(whose.line),
            kind: whose.kind,
            calls,
            talk_factors: None,
            recorded: None,
        });
        by_interval.push(handling);
    }
    let interval = Span::minutes(model.minutes as u64);
    let midnight = model.date.to_datetime(jiff::civil::Time::midnight());
    let since = jiff::Span::new().minutes(first);
    Some(Forecast {
        start: midnight.checked_add(since).ok()?,
        interval,
        demand: Demand {
            interval,
            rates: Rates::Steps,
            lines: demand,
            surge: None,
        },
        handling: HandlingTimes {
            mean_s: mean_aht(entries.iter()),
            by_want: aht_by_want(entries),
            by_interval,
        },
    })
}

/// The mean over calls. None when no row says anything.
fn mean_aht<'e>(entries: impl Iterator<Item = &'e Entry<'e>>) -> Option<f64> {
    let (mut calls, mut seconds) = (0.0, 0.0);
    for entry in entries {
        if let Some(aht_s) = entry.aht_s {
            calls += entry.calls;
            seconds += entry.calls * aht_s;
        }
    }
    (calls > 0.0).then(|| seconds / calls)
}

fn aht_by_want(entries: &[Entry<'_>]) -> Vec<(u16, f64)> {
    let want = |entry: &Entry<'_>| entry.whose.kind.map(|kind| kind.want);
    let wants: BTreeSet<u16> = entries.iter().filter_map(want).collect();
    let of_want = |one: u16| entries.iter().filter(move |entry| want(entry) == Some(one));
    let aht = |one: u16| mean_aht(of_want(one)).map(|aht_s| (one, aht_s));
    wants.into_iter().filter_map(aht).collect()
}
