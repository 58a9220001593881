//! How long runs were cut, and whether that can be trusted.

use super::page::Page;
use crate::exchange::time::Span;
use crate::measure::Steady;
use crate::measure::Summary;
use crate::report::number::count;
use crate::report::study::Study;

pub(super) fn print(page: &mut Page, study: &Study) {
    let several = study.cases().any(|case| case.name != study.base.name);
    for case in study.cases() {
        let Some(steady) = &case.summary.steady else {
            continue;
        };
        let name = match several {
            true => format!("{}: ", case.name),
            false => String::new(),
        };
        page.wrapped("  ", &format!("{name}{}", cut(steady)));
        let doubt = doubt(steady).or_else(|| is_quick(&case.summary, steady));
        if let Some(doubt) = doubt {
            page.wrapped("  ! ", &format!("{name}{doubt}"));
        }
    }
}

fn cut(steady: &Steady) -> String {
    let warm_up = hours(steady.warm_up);
    let found = match steady.warm_up {
        Span::ZERO => "MSER-5 found no warm-up to cut".to_owned(),
        _ => format!("A warm-up of {warm_up} was found by MSER-5 and is cut"),
    };
    match (steady.settled, steady.batches) {
        (false, _) => {
            format!("MSER-5 found no end of the warm-up; the first half, {warm_up}, is cut.")
        }
        (true, 0) => format!("{found}."),
        (true, batches) => format!(
            "{found}; intervals come from {batches} batches of {} in each run, with a lag-1 \
             correlation of {} in runs made beforehand.",
            hours(steady.batch()),
            count(steady.lag_1, 2)
        ),
    }
}

/// What must not be missed.
fn doubt(steady: &Steady) -> Option<String> {
    if !steady.settled {
        return Some(
            "TOO SHORT: the system did not settle in the first half of the run. Its figures may be far \
             from those of a steady state, and one run of them has no intervals. Write a much larger \
             `length`; if that does not help, calls come faster than they can be handled."
                .to_owned(),
        );
    }
    (steady.batches > 0 && !steady.independent).then(|| {
        format!(
            "SHORT: batches hang together (a lag-1 correlation of {:.2} is no chance), so that the \
             intervals are too narrow. Write a larger `length`.",
            steady.lag_1
        )
    })
}

/// Whether there are too few calls to know how often long waits come.
fn is_quick(summary: &Summary, steady: &Steady) -> Option<String> {
    let (needed, calls) = summary.calls_short_of()?;
    let length = Span((steady.counted().0 as f64 * needed / calls) as u64 + steady.warm_up.0);
    Some(format!(
        "SHORT: at this load it takes about {} calls in line to know how often long waits come, and there \
         are {}: however quiet they were, the intervals of waits are wrong more often than they say. Write a \
         `length` of {} or so.",
        count(rounded_up(needed), 0),
        count(calls, 0),
        hours(Span(
            rounded_up(length.as_seconds() / 3600.0) as u64 * 3_600_000
        )),
    ))
}

/// To one digit.
fn rounded_up(value: f64) -> f64 {
    let unit = 10_f64.powf(value.log10().floor());
    (value / unit).ceil() * unit
}

fn hours(span: Span) -> String {
    let hours = span.as_seconds() / 3600.0;
    match hours {
        hours if hours < 1.0 => format!("{} min", short(hours * 60.0)),
        hours => format!("{} h", short(hours)),
    }
}

/// With one decimal where there is something behind the point.
fn short(value: f64) -> String {
    match value.fract() {
        0.0 => format!("{value}"),
        _ => format!("{value:.1}"),
    }
}
