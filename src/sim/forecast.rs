//! Forecast files: calls that arrive at lines, interval by interval.

use super::demand::Demand;
use super::demand::LineDemand;
use super::demand::Rates;
use super::scenario::names::Names;
use super::sheet::Kind;
use super::sheet::Row;
use super::sheet::Sheet;
use super::sheet::Slot;
use super::sheet::clock;
use crate::exchange::id::LineId;
use crate::exchange::time::Span;
use crate::menu::diagnostic::Diagnostics;
use crate::menu::diagnostic::Place;
use crate::menu::source::Sources;
use crate::menu::value;
use jiff::civil::DateTime;
use std::collections::BTreeMap;
use std::path::Path;

/// The most calls of one line in one interval, and per hour of a steady state.
pub const CALLS_MAX: f64 = 10_000_000.0;
/// The longest mean handling time of a forecast, in seconds.
pub const AHT_S_MAX: f64 = 86_400.0;

const BY_LINE: Kind = Kind {
    code: "forecast-row",
    required: &["date", "start", "interval_min", "line", "calls"],
    optional: &["aht_s"],
};
const BY_QUEUE: Kind = Kind {
    code: "forecast-row",
    required: &["date", "start", "interval_min", "queue", "calls"],
    optional: &["aht_s"],
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
    /// Mean handling time over all calls, in seconds, when the file has such a column.
    pub aht_s: Option<f64>,
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
        let forecast = forecast(&sheet, &rows(&sheet, names, by_queue), names);
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
    line: LineId,
    calls: f64,
    aht_s: Option<f64>,
}

fn rows<'s>(sheet: &'s Sheet, names: &Names<'_>, by_queue: bool) -> Vec<Entry<'s>> {
    let mut entries = Vec::new();
    for row in &sheet.rows {
        let slot = sheet.slot(row);
        let line = if by_queue {
            line_of_queue(sheet, row, names)
        } else {
            line(sheet, row, names)
        };
        let calls = sheet.number(row, "calls", CALLS_MAX);
        let aht_s = match sheet.cell(row, "aht_s") {
            None | Some("") => None,
            Some(_) => sheet.number(row, "aht_s", AHT_S_MAX),
        };
        if let (Some(slot), Some(line), Some(calls)) = (slot, line, calls) {
            entries.push(Entry {
                row,
                slot,
                line,
                calls,
                aht_s,
            });
        }
    }
    entries
}

/// The line that a row names; an unknown one is reported.
pub(super) fn line(sheet: &Sheet, row: &Row, names: &Names<'_>) -> Option<LineId> {
    let name = sheet.cell(row, "line")?;
    let line = names.line(name);
    if line.is_none() {
        let message = format!("there is no line `{name}`");
        let help = value::suggestion(name, names.lines());
        sheet.wrong_as("unknown-line", row, "line", message, help);
    }
    line
}

fn line_of_queue(sheet: &Sheet, row: &Row, names: &Names<'_>) -> Option<LineId> {
    let name = sheet.cell(row, "queue")?;
    let line = names.line_of_plain_queue(name);
    if line.is_none() {
        let (message, help) = if names.queue(name).is_some() {
            let message = format!("`{name}` is not where its line begins");
            let help = "calls arrive at lines, and how many reach a queue is a result: \
                        use a column `line`";
            (message, Some(help.to_owned()))
        } else {
            let message = format!("there is no queue `{name}`");
            (message, value::suggestion(name, names.queues()))
        };
        sheet.wrong_as("unknown-queue", row, "queue", message, help);
    }
    line
}

fn forecast(sheet: &Sheet, entries: &[Entry<'_>], names: &Names<'_>) -> Option<Forecast> {
    let model = entries.first()?.slot;
    let mut lines: BTreeMap<LineId, BTreeMap<i64, &Entry<'_>>> = BTreeMap::new();
    for entry in entries {
        let slot = entry.slot;
        if slot.date != model.date {
            let message = format!("another day than row 2's {}", model.date);
            sheet.wrong(entry.row, "date", message, None);
        } else if sheet.in_step(entry.row, slot, model) {
            let slots = lines.entry(entry.line).or_default();
            if slots.insert(slot.start, entry).is_some() {
                let message = "a second row for this line and interval";
                sheet.wrong(entry.row, "start", message, None);
            }
        }
    }
    let starts = || lines.values().flat_map(BTreeMap::keys).copied();
    let (first, last) = (starts().min()?, starts().max()?);
    let mut demand = Vec::new();
    for (line, slots) in &lines {
        let mut calls = Vec::new();
        let mut before: Option<&Entry<'_>> = None;
        let mut start = first;
        while start <= last {
            let entry = slots.get(&start).copied();
            if entry.is_none() {
                let name = &names.dialplan.line(*line).name;
                let near = before.or_else(|| slots.values().next().copied());
                if let Some(near) = near {
                    let message = format!("line `{name}` has no row for {}", clock(start));
                    let help = "when nobody calls, write 0 calls".to_owned();
                    sheet.wrong(near.row, "start", message, Some(help));
                }
            }
            calls.push(entry.map_or(0.0, |entry| entry.calls));
            before = entry.or(before);
            start += model.minutes;
        }
        demand.push(LineDemand {
            line: *line,
            calls,
            recorded: None,
        });
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
        },
        aht_s: mean_aht(entries),
    })
}

/// The mean over calls. None when no row says anything.
fn mean_aht(entries: &[Entry<'_>]) -> Option<f64> {
    let (mut calls, mut seconds) = (0.0, 0.0);
    for entry in entries {
        if let Some(aht_s) = entry.aht_s {
            calls += entry.calls;
            seconds += entry.calls * aht_s;
        }
    }
    (calls > 0.0).then(|| seconds / calls)
}
