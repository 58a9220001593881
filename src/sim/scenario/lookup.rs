//! `[lookup.NAME]`: how long another system takes, and what it answers.

use super::check::Check;
use super::law;
use super::share;
use super::share::Whole;
use crate::exchange::dialplan::Lookup;
use crate::exchange::dialplan::LookupResult;
use crate::exchange::dialplan::StepKind;
use crate::exchange::id::StepId;
use crate::exchange::time::Span;
use crate::menu::diagnostic::Diagnostic;
use crate::menu::failure;
use crate::menu::fields::Fields;
use crate::menu::tree::Data;
use crate::menu::tree::Name;
use crate::sim::distribution::Distribution;
use crate::sim::distribution::MEAN_MAX;

/// What is assumed of a system that the scenario does not speak of.
const USUAL_LATENCY: Span = Span(300);
/// How long the quantiles of a latency may be.
pub(super) const QUANTILE_TIMES: std::ops::RangeInclusive<Span> = Span(1)..=MEAN_MAX;

/// How one look-up behaves.
#[derive(Clone, Debug, PartialEq)]
pub struct Oracle {
    /// The lookup step.
    pub step: StepId,
    /// How long it takes.
    pub latency: Distribution,
    /// What comes of it, with the shares.
    pub results: Vec<(LookupResult, f64)>,
    /// The classes of callers, by their places, with the shares; the rest is of none.
    pub classes: Vec<(u8, f64)>,
    /// The share of callers whose language it knows.
    pub knows_language: f64,
}

/// Reads what the scenario says of the look-ups; the rest is assumed.
pub(super) fn read(root: &mut Fields<'_>, check: &mut Check<'_>) -> Vec<Oracle> {
    let mut oracles = Vec::new();
    for (name, mut table) in root.named("lookup").unwrap_or_default() {
        oracles.extend(oracle(name, &mut table, check));
        root.absorb(table);
    }
    for (place, step) in check.names.dialplan.steps.iter().enumerate() {
        let id = StepId(place as u32);
        if let StepKind::Lookup(lookup) = &step.kind
            && oracles.iter().all(|known| known.step != id)
        {
            let results = usual(lookup);
            let what = match results.len() {
                1 => format!("answers after {USUAL_LATENCY}"),
                _ => format!("answers after {USUAL_LATENCY}, each case as often"),
            };
            let name = check.names.of_step(id);
            check.note(format!("lookup.{name}"), what);
            oracles.push(Oracle {
                step: id,
                latency: Distribution::fixed(USUAL_LATENCY),
                results,
                classes: Vec::new(),
                knows_language: 0.0,
            });
        }
    }
    oracles
}

pub(super) fn is_lookup(kind: &StepKind) -> bool {
    matches!(kind, StepKind::Lookup(_))
}

/// Each case as often as the others.
fn usual(lookup: &Lookup) -> Vec<(LookupResult, f64)> {
    let cases = lookup.cases.len();
    match cases {
        0 => vec![(LookupResult::Found(None), 1.0)],
        _ => (0..cases)
            .map(|case| (LookupResult::Found(Some(case as u16)), 1.0 / cases as f64))
            .collect(),
    }
}

fn oracle(name: &Name, table: &mut Fields<'_>, check: &mut Check<'_>) -> Option<Oracle> {
    let names = check.names;
    let step = names.step(&name.text, is_lookup);
    let found = step.and_then(|id| match &names.dialplan.step(id).kind {
        StepKind::Lookup(lookup) => Some((id, lookup)),
        _ => None,
    });
    let Some((step, lookup)) = found else {
        table.push(names.several_or(name, is_lookup, || {
            let message = format!("no look-up is called \"{}\"", name.text);
            let problem = Diagnostic::error("unknown-lookup", name.place.clone(), message);
            problem.suggest(&name.text, names.steps(is_lookup))
        }));
        table.forgive_unknown();
        return None;
    };
    let latency = latency(table);
    if latency.is_none() && table.value("latency").is_none() {
        check.note(
            format!("lookup.{}.latency", name.text),
            USUAL_LATENCY.to_string(),
        );
    }
    let results = results(&name.text, table, lookup, check);
    let (classes, knows_language) = recognition(&name.text, lookup, table, check);
    Some(Oracle {
        step,
        latency: latency.unwrap_or_else(|| Distribution::fixed(USUAL_LATENCY)),
        results,
        classes,
        knows_language,
    })
}

/// What the other system knows of callers.
fn recognition(
    name: &str,
    lookup: &Lookup,
    table: &mut Fields<'_>,
    check: &mut Check<'_>,
) -> (Vec<(u8, f64)>, f64) {
    let set = lookup.set.as_ref();
    let known = set.map_or(&[][..], |set| &set.classes);
    let mut classes = Vec::new();
    if let Some(mut inner) = table.inner("class") {
        for entry in inner.entries() {
            let place = known.iter().position(|(class, _)| *class == entry.key.text);
            let share = share::read(&mut inner, &entry.key.text);
            match place {
                Some(place) => classes.extend(share.map(|share| (place as u8, share))),
                None => {
                    let message = format!("the look-up has no class \"{}\"", entry.key.text);
                    let place = entry.key.place.clone();
                    let problem = Diagnostic::error("unknown-case", place, message);
                    let names = known.iter().map(|(class, _)| class.as_str());
                    inner.push(problem.suggest(&entry.key.text, names.collect::<Vec<_>>()));
                }
            }
        }
        let sum: f64 = classes.iter().map(|(_, share)| share).sum();
        if sum > 1.0 + share::SHARES_TOLERANCE {
            let message = format!("the classes add up to {sum}");
            inner.bad_value(inner.place(), message, "together they are 1 at most");
        }
        table.absorb(inner);
    }
    let knows = share::read(table, "knows_language");
    if let Some(set) = set {
        if classes.is_empty() && set.class.is_some() {
            check.note(format!("lookup.{name}.class"), "nobody is of any");
        }
        if knows.is_none() && set.language.is_some() {
            check.note(format!("lookup.{name}.knows_language"), "0");
        }
        if set.agent.is_some() {
            check.note(format!("lookup.{name}.set.agent"), "is not simulated");
        }
    }
    (classes, knows.unwrap_or(0.0))
}

/// A distribution, or the lognormal one with the two quantiles that monitoring shows.
fn latency(table: &mut Fields<'_>) -> Option<Distribution> {
    let value = table.value("latency")?;
    let by_quantiles = match &value.data {
        Data::Table(inner) => inner.get("p50").is_some() || inner.get("p99").is_some(),
        _ => false,
    };
    if !by_quantiles {
        return law::read(table, "latency", Distribution::fixed);
    }
    // Of two kinds of tables, this is the other one.
    let mut inner = table.inner("latency")?.shaped(None);
    for key in ["p50", "p99"] {
        inner.require(
            key,
            "give both: latency = { p50 = \"300ms\", p99 = \"2s\" }",
        );
    }
    let p50 = inner.duration("p50", QUANTILE_TIMES);
    let p99 = inner.duration("p99", QUANTILE_TIMES);
    let place = inner.key_place("p99").unwrap_or_else(|| inner.place());
    let law = match (p50, p99) {
        (Some(p50), Some(p99)) if p99 < p50 => {
            let help = "the slowest one in a hundred takes at least as long as half of them";
            inner.bad_value(place, "`p99` is shorter than `p50`", help);
            None
        }
        (Some(p50), Some(p99)) => Some(Distribution::lognormal_by_quantiles(p50, p99)),
        _ => None,
    };
    table.absorb(inner);
    law
}

/// The shares of `case` and `error`. Without `case` what is left beside errors is answered, each case as often.
fn results(
    name: &str,
    table: &mut Fields<'_>,
    lookup: &Lookup,
    check: &mut Check<'_>,
) -> Vec<(LookupResult, f64)> {
    let mut results = Whole::new();
    of_key("case", case, (table, lookup), &mut results, check);
    let has_cases = !results.is_empty();
    of_key("error", error, (table, lookup), &mut results, check);
    let place = table
        .key_place("case")
        .or_else(|| table.key_place("error"))
        .unwrap_or_else(|| table.place());
    let left = results.left().filter(|_| !has_cases);
    let Some(left) = left.filter(|left| *left > share::SHARES_TOLERANCE) else {
        return results.finish("cases and errors", place, table);
    };
    check.note(format!("lookup.{name}.case"), "each as often");
    let answered = usual(lookup).into_iter();
    let answered = answered.map(|(result, share)| (result, share * left));
    answered.chain(results.into_parts()).collect()
}

/// The shares below one of the keys.
fn of_key<'t>(
    key: &'static str,
    result: fn(&Lookup, &str) -> Option<LookupResult>,
    (table, lookup): (&mut Fields<'t>, &Lookup),
    results: &mut Whole<LookupResult>,
    check: &Check<'_>,
) {
    let Some(mut inner) = table.inner(key) else {
        return;
    };
    for entry in inner.entries() {
        let name = &entry.key;
        let found = result(lookup, &name.text);
        let is_unknown = found.is_none();
        results.read(entry, &mut inner, found, check);
        if is_unknown {
            let message = format!("the look-up has no {key} \"{}\"", name.text);
            let problem = Diagnostic::error("unknown-case", name.place.clone(), message);
            inner.push(problem.suggest(&name.text, known(lookup, key)));
        }
    }
    table.absorb(inner);
}

fn case(lookup: &Lookup, name: &str) -> Option<LookupResult> {
    match (name, lookup.case_of(Some(name))) {
        (_, LookupResult::Found(Some(case))) => Some(LookupResult::Found(Some(case))),
        ("any", none) => Some(none),
        _ => None,
    }
}

fn error(_: &Lookup, name: &str) -> Option<LookupResult> {
    failure::of(name)
}

fn known<'l>(lookup: &'l Lookup, key: &str) -> Vec<&'l str> {
    match key {
        "case" => {
            let cases = lookup.cases.iter().map(|(case, _)| case.as_str());
            cases.chain(["any"]).collect()
        }
        _ => vec![failure::TIMEOUT, failure::ANY],
    }
}
