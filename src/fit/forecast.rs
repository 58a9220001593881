//! The forecast file of a typical day.

use super::findings::Findings;
use crate::sim::sheet::clock;
use crate::sim::sheet::written;

/// The file that a scenario names as its `forecast`. Its date is that of the last day that was looked at,
/// which is of the right kind; the calls are means over all of them.
pub fn csv(findings: &Findings) -> String {
    let days = &findings.days;
    let date = days
        .used
        .last()
        .map_or_else(String::new, ToString::to_string);
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

/// Two decimals, where there are any.
fn rounded(calls: f64) -> String {
    let text = format!("{calls:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
