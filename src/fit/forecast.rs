//! The forecast file of a typical day.

use super::findings::Findings;
use super::slots::DAY_MINUTES;
use super::wants;
use crate::exchange::dialplan::Dialplan;
use crate::sim::sheet::clock;
use crate::sim::sheet::written;

/// Minutes after the last call in which nobody calls, so that those who called last are through when the day ends.
const QUIET_MIN: u32 = 60;

/// The file that a scenario names as its `forecast`: the mean day, dated as the last one of those that were looked at.
pub fn csv(findings: &Findings, plan: Option<&Dialplan>) -> String {
    let days = &findings.days;
    let date = days
        .used
        .last()
        .map_or_else(String::new, ToString::to_string);
    let minutes = days.minutes();
    let heads = ["date", "start", "interval_min", findings.column, "calls"];
    let mut rows = vec![heads.map(str::to_owned).to_vec()];
    for line in &days.lines {
        let kept = wants::of(findings, plan, &line.line).kept();
        let calls = line.calls.iter().map(|calls| calls * kept);
        let quiet = std::iter::repeat_n(0.0, QUIET_MIN.div_ceil(minutes) as usize);
        let starts = (days.first_minute..DAY_MINUTES).step_by(minutes as usize);
        for (start, calls) in starts.zip(calls.chain(quiet)) {
            rows.push(vec![
                date.clone(),
                clock(i64::from(start)),
                minutes.to_string(),
                line.line.clone(),
                rounded(calls),
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
