//! The forecast file of a typical day.

use super::findings::Findings;
use super::slots::DAY_MINUTES;
use super::wants;
use super::wants::Wants;
use crate::exchange::dialplan::Dialplan;
use crate::sim::sheet::clock;
use crate::sim::sheet::written;

/// Minutes after the last call in which nobody calls, so that those who called last are through when the day ends.
const QUIET_MIN: u32 = 60;

/// Decimals of calls, and of those who want one thing: a single one in all days is told.
const DECIMALS: usize = 2;
const DECIMALS_OF_WANTS: usize = 4;

/// The file that a scenario names as its `forecast`: the mean day, dated as the last one of those that were looked at.
pub fn csv(findings: &Findings, plan: Option<&Dialplan>) -> String {
    let days = &findings.days;
    let date = days
        .used
        .last()
        .map_or_else(String::new, ToString::to_string);
    let minutes = days.minutes();
    let wants = plan.map_or_else(Wants::default, |plan| wants::all(findings, plan));
    let mut heads = vec!["date", "start", "interval_min", findings.column, "calls"];
    heads.extend(wants.by_time.then_some("want"));
    let mut rows = vec![heads.into_iter().map(str::to_owned).collect()];
    let mut write = |line: &str, calls: &[f64], want: Option<&str>| {
        let quiet = std::iter::repeat_n(0.0, QUIET_MIN.div_ceil(minutes) as usize);
        let calls = calls.iter().copied().chain(quiet);
        let starts = (days.first_minute..DAY_MINUTES).step_by(minutes as usize);
        for (start, calls) in starts.zip(calls) {
            let mut row = vec![
                date.clone(),
                clock(i64::from(start)),
                minutes.to_string(),
                line.to_owned(),
                rounded(calls, want.map_or(DECIMALS, |_| DECIMALS_OF_WANTS)),
            ];
            row.extend(want.map(str::to_owned));
            rows.push(row);
        }
    };
    for line in &days.lines {
        let of_line = wants.of(&line.line);
        let own = of_line.map_or(&[][..], |of_line| &of_line.wants);
        if wants.by_time && !own.is_empty() {
            own.iter()
                .for_each(|want| write(&line.line, &want.calls, Some(&want.name)));
            continue;
        }
        let sum = |slot: usize| own.iter().map(|want| want.calls[slot]).sum();
        let kept: Vec<f64> = match own {
            [] => line.calls.clone(),
            _ => (0..line.calls.len()).map(sum).collect(),
        };
        write(&line.line, &kept, wants.by_time.then_some(""));
    }
    written(rows)
}

/// So many decimals, where there are any.
fn rounded(calls: f64, decimals: usize) -> String {
    let text = format!("{calls:.decimals$}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
