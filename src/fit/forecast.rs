//! The forecast file of a typical day.

use super::findings::Findings;
use super::slots::clock;
use csv::WriterBuilder;

/// The file that a scenario names as its `forecast`. Its date is that of the last day that was looked at,
/// which is of the right kind; the calls are means over all of them.
pub fn csv(findings: &Findings) -> String {
    let days = &findings.days;
    let date = days
        .used
        .last()
        .map_or_else(String::new, ToString::to_string);
    let minutes = days.minutes();
    let mut writer = WriterBuilder::new().from_writer(Vec::new());
    let mut write = |row: [&str; 5]| {
        writer.write_record(row).expect("memory takes every row");
    };
    write(["date", "start", "interval_min", findings.column, "calls"]);
    for line in &days.lines {
        for (slot, calls) in line.calls.iter().enumerate() {
            let start = clock(days.first_minute + slot as u32 * minutes);
            let calls = rounded(*calls);
            write([&date, &start, &minutes.to_string(), &line.line, &calls]);
        }
    }
    let bytes = writer.into_inner().expect("memory takes every row");
    String::from_utf8(bytes).expect("text")
}

/// Two decimals, where there are any.
fn rounded(calls: f64) -> String {
    let text = format!("{calls:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
