//! What a control variate has done for the figures.

use super::page::Page;
use crate::measure::control::CONTROLLED_RUNS_MIN;
use crate::measure::control::Controlled;
use crate::measure::control::Uncontrolled;
use crate::report::number::count;
use crate::report::study::Study;

/// Runs less than this many times as many tell nothing of what they are worth.
const WORTH_SAYING: f64 = 1.2;

pub(super) fn print(page: &mut Page, study: &Study) {
    let runs = study.base.summary.runs as f64;
    if let Some(controlled) = study.base.summary.controlled
        && controlled.why_not.is_none()
    {
        page.wrapped("  ", &is_controlled(&controlled, runs));
    }
    let cases: Vec<_> = study.cases().collect();
    let mut uncontrolled: Vec<(Uncontrolled, Vec<&str>)> = Vec::new();
    for case in &cases {
        let controlled = case.summary.controlled;
        let Some(why) = controlled.and_then(|controlled| controlled.why_not) else {
            continue;
        };
        match uncontrolled.iter_mut().find(|(known, _)| *known == why) {
            Some((_, names)) => names.push(&case.name),
            None => uncontrolled.push((why, vec![&case.name])),
        }
    }
    for (why, names) in uncontrolled {
        let names = match names.len() == cases.len() {
            true => String::new(),
            false => format!("{}: ", names.join(", ")),
        };
        page.wrapped("  ! ", &format!("{names}{}", is_not(why)));
    }
}

fn is_controlled(controlled: &Controlled, runs: f64) -> String {
    let [expected, came] = [controlled.expected, controlled.came].map(|many| count(many, 0));
    let worth = controlled.worth_runs;
    let worth = worth.filter(|worth| *worth >= WORTH_SAYING * runs);
    let sure = worth.map_or_else(String::new, |worth| {
        let worth = count(two_digits(worth), 0);
        format!(" The service level is as sure as after about {worth} runs without that.")
    });
    format!(
        "Controlled by the callers: figures are those of the {expected} to be expected, not of the {came} who \
         came on average.{sure}"
    )
}

fn is_not(why: Uncontrolled) -> String {
    match why {
        Uncontrolled::FewRuns => {
            format!("Not controlled by the callers: that takes {CONTROLLED_RUNS_MIN} runs.")
        }
        Uncontrolled::SameCallers => "Not controlled by the callers: as many come in every run.".to_owned(),
        Uncontrolled::UnknownCallers => {
            "Not controlled by the callers: with a spike between intervals that differ in how busy they are it is \
             not known exactly how many are to be expected."
                .to_owned()
        }
    }
}

/// How many runs it is worth is not known better.
fn two_digits(value: f64) -> f64 {
    let mut unit = 1.0;
    while value >= 100.0 * unit {
        unit *= 10.0;
    }
    (value / unit).round() * unit
}
