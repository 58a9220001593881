//! What a sweep found, in sentences.

use super::Recovered;
use super::Sweep;
use crate::measure::definitions::Unit;
use crate::measure::definitions::definition;
use crate::report::number::count;
use crate::report::number::with_interval;
use crate::report::style::Style;
use crate::report::text::page::Page;
use crate::report::text::page::words;

/// Metrics that need a word, and whether a table of two dimensions shows them.
const EXPLAINED: [(&str, bool); 9] = [
    ("attempts_per_caller", true),
    ("turned_away", true),
    ("callbacks_open", false),
    ("outbound_reached", false),
    ("outbound_open", false),
    ("trunk_s", false),
    ("trunk_wasted_s", true),
    ("share_error_rms", false),
    ("inequitable_share", false),
];

const KNEE: &str = "The load at which goodput x (goodput / offered) is the largest: up to it the number of callers \
                    served grows by more than their share falls, beyond it by less.";

const NOBODY: &str = "Nobody got what they called for.";

pub(super) fn findings(sweep: &Sweep, style: Style) -> Vec<String> {
    let mut found = match sweep.dimensions()[..] {
        [axis] if axis.name == "load" => of_loads(sweep, style),
        _ => of_settings(sweep, style),
    };
    found.extend(of_spike(sweep));
    found
}

fn of_loads(sweep: &Sweep, style: Style) -> Vec<String> {
    let loads = sweep.axes.first().map(|axis| &axis.values);
    let last = loads.and_then(|loads| loads.last());
    let last = last.map_or("", |(label, _)| label.as_str());
    let knee = sweep.knee.and_then(|place| {
        let (load, _) = sweep.at(place).next()?.1;
        let below = if place == 0 {
            ", the least of all, or below"
        } else {
            ""
        };
        Some((format!("{load}{below}"), sweep.cases().nth(place)?))
    });
    let Some((knee, case)) = knee else {
        let is_nobody_served = |case| sweep.per_hour(case, "callers_served").mean <= Some(0.0);
        if sweep.cases().all(is_nobody_served) {
            return vec![NOBODY.to_owned()];
        }
        if sweep.study.what_ifs.is_empty() {
            return Vec::new();
        }
        return vec![format!(
            "No knee up to a load of {last}: more calls still bring more there than they cost. Try larger \
             loads."
        )];
    };
    let goodput = with_interval(style, Unit::Count, sweep.per_hour(case, "callers_served"));
    let mut words = vec![format!(
        "The knee is at a load of {knee}: {goodput} callers an hour get what they called for; beyond it \
         the share of callers served falls by more than their number grows."
    )];
    words.extend(sweep.kept().map(|kept| {
        let percent = kept * 100.0;
        match kept {
            ..0.97 => format!(
                "At twice that load {percent:.0} % of it is left: overload costs callers who would have been \
                 served."
            ),
            _ => format!("At twice that load they are {percent:.0} % as many."),
        }
    }));
    words
}

fn of_settings(sweep: &Sweep, style: Style) -> Vec<String> {
    let Some((place, case)) = sweep
        .best
        .and_then(|place| Some((place, sweep.cases().nth(place)?)))
    else {
        return vec![NOBODY.to_owned()];
    };
    let goodput = sweep.per_hour(case, "callers_served");
    let dimensions = sweep.dimensions();
    let varies = |name: &str| dimensions.iter().any(|axis| axis.name == name);
    let at = sweep.at(place).filter(|(name, _)| varies(name));
    let at = at.map(|(name, (label, _))| format!("{name} = {label}"));
    let at = at.collect::<Vec<_>>().join(" and ");
    let mut found = vec![format!(
        "Most callers get what they called for with {at}: {} an hour.",
        with_interval(style, Unit::Count, goodput)
    )];
    // Those of which the runs do not tell that they are worse.
    let others = sweep.cases().enumerate().filter(|(other, case)| {
        let high = sweep.per_hour(case, "callers_served").high;
        *other != place && high.zip(goodput.low).is_some_and(|(high, low)| high >= low)
    });
    match others.count() {
        0 => {}
        1 => found.push("The intervals of it and one other point overlap.".to_owned()),
        others => found.push(format!(
            "The intervals of it and {others} other points overlap."
        )),
    }
    found
}

fn of_spike(sweep: &Sweep) -> Vec<String> {
    let Some(spike) = sweep.spike.as_ref() else {
        return Vec::new();
    };
    let sum = |of: fn(&Recovered) -> usize| spike.recovered.iter().map(of).sum::<usize>();
    let (missing, untold) = (sum(|one| one.missing_runs), sum(|one| one.untold_runs));
    let runs = sweep.study.base.summary.runs * spike.recovered.len();
    let of_all = |some: usize| format!("{} of {}", count(some as f64, 0), count(runs as f64, 0));
    let mut found = Vec::new();
    if missing > 0 {
        found.push(format!(
            "{} runs had not recovered from the spike at their end: they count with the time until then, \
             and `>` stands before a mean that they make too small.",
            of_all(missing)
        ));
    }
    if untold > 0 {
        found.push(format!(
            "{} runs had too few outcomes after the spike to tell whether service had recovered: they \
             count in no mean, and `-` stands where there is no other run.",
            of_all(untold)
        ));
    }
    found
}

/// What the figures mean.
pub(super) fn meanings(page: &mut Page, sweep: &Sweep) {
    page.heading("WHAT THE FIGURES MEAN", "");
    page.entry("goodput", definition("callers_served").sentence);
    if sweep.knee.is_some() {
        page.entry("knee", KNEE);
    }
    let is_table = sweep.dimensions().len() > 1;
    let shown = EXPLAINED
        .iter()
        .filter(|(_, in_table)| *in_table || !is_table);
    // Of calls back and calls out, those that there are.
    let is_told = |name: &str| match name {
        "callbacks_open" => sweep.tells_calls_back(),
        "outbound_reached" | "outbound_open" => sweep.tells_calls_out(),
        _ => true,
    };
    for (name, _) in shown.filter(|(name, _)| is_told(name)) {
        page.entry(&words(name), definition(name).sentence);
    }
    if let Some(spike) = &sweep.spike {
        page.entry("recovered", &spike.meaning);
    }
}
