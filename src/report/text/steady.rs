//! How long runs were cut, and whether that can be trusted.

use super::page::Page;
use crate::exchange::time::Span;
use crate::measure::Steady;
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
        if let Some(doubt) = doubt(steady) {
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
             correlation of {:.2}.",
            hours(steady.batch()),
            steady.lag_1
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
