//! Distributions of lengths of time, as scenario files write them.

use super::check::Check;
use super::share;
use crate::exchange::time::Span;
use crate::menu::diagnostic::Diagnostic;
use crate::menu::fields::Fields;
use crate::menu::tree::Data;
use crate::menu::tree::Value;
use crate::menu::value;
use crate::sim::distribution::CV_MAX;
use crate::sim::distribution::Distribution;
use crate::sim::distribution::MEAN_MAX;
use crate::sim::distribution::PHASES_MAX;
use crate::sim::distribution::POINTS_MAX;
use crate::sim::distribution::SAMPLE_MAX;

/// The names a `distribution` may have.
pub(super) const LAWS: [&str; 10] = [
    "fixed",
    "uniform",
    "exponential",
    "lognormal",
    "weibull",
    "erlang",
    "hyperexponential",
    "gamma",
    "empirical",
    "hazard",
];
/// How long a mean, or a length that is always the same, may be.
pub(super) const MEANS: std::ops::RangeInclusive<Span> = Span::ZERO..=MEAN_MAX;
/// The most who give up in a minute, of those who are left.
pub(super) const HAZARD_MAX: f64 = 1000.0;

/// A distribution; a bare length means what `bare` makes of it.
pub(super) fn read<'t>(
    fields: &mut Fields<'t>,
    name: &'t str,
    bare: fn(Span) -> Distribution,
) -> Option<Distribution> {
    let value = fields.value(name)?;
    match &value.data {
        Data::Text(_) => fields.duration(name, MEANS).map(bare),
        Data::Table(_) => {
            let mut inner = fields.inner(name)?;
            let distribution = law(&mut inner);
            if distribution.is_none() {
                // Which keys belong here depends on what is wrong.
                inner.forgive_unknown();
            }
            fields.absorb(inner);
            distribution
        }
        _ => {
            let wanted = "a length of time, or a distribution such as \
                          { distribution = \"exponential\", mean = \"180s\" }";
            fields.wrong_type(name, value, wanted);
            None
        }
    }
}

/// A distribution by its whole path, `callers.patience`; one that is left out is the usual one.
pub(super) fn read_or(
    fields: &mut Fields<'_>,
    path: &'static str,
    usual: Distribution,
    check: &mut Check<'_>,
) -> Distribution {
    let name = path.rsplit('.').next().unwrap_or(path);
    let found = read(fields, name, Distribution::fixed);
    check.assume(path, found, usual)
}

fn law(table: &mut Fields<'_>) -> Option<Distribution> {
    let names = format!("name one: {}", LAWS.join(", "));
    table.require("distribution", names);
    let name = table.text("distribution")?;
    match name.text.as_str() {
        "fixed" => length(table, "value").map(Distribution::fixed),
        "exponential" => length(table, "mean").map(Distribution::exponential),
        "lognormal" => {
            let (mean, cv) = (length(table, "mean"), number(table, "cv", 0.0..=CV_MAX));
            Some(Distribution::lognormal(mean?, cv?))
        }
        "uniform" => {
            let (min, max) = (length(table, "min"), length(table, "max"));
            let (min, max) = (min?, max?);
            if min > max {
                let place = table.key_place("min").unwrap_or_else(|| table.place());
                table.bad_value(place, "`min` is longer than `max`", "exchange them");
                return None;
            }
            Some(Distribution::uniform(min, max))
        }
        "weibull" => {
            let (mean, shape) = (length(table, "mean"), number(table, "shape", 0.2..=20.0));
            Some(Distribution::weibull(mean?, shape?))
        }
        "erlang" => {
            let mean = length(table, "mean");
            table.require("phases", "add `phases = 2`");
            let phases = table.integer("phases", 1..=i64::from(PHASES_MAX));
            Some(Distribution::erlang(mean?, phases? as u32))
        }
        "hyperexponential" => {
            table.require("share", "add `share = 0.5`");
            let share = share::read(table, "share");
            let (first, second) = (length(table, "first"), length(table, "second"));
            Some(Distribution::hyperexponential(share?, first?, second?))
        }
        "gamma" => {
            let (mean, cv) = (length(table, "mean"), number(table, "cv", 0.0..=CV_MAX));
            Some(Distribution::gamma(mean?, cv?))
        }
        "empirical" => {
            let help = "the lengths that so many equal parts do not exceed, from the shortest to the \
                        longest: add `quantiles = [\"5s\", \"40s\", \"2m\", \"10m\"]`";
            let lengths = lengths(table, "quantiles", help)?;
            in_order(table, "quantiles", &lengths)?;
            Some(Distribution::quantiles(&lengths))
        }
        "hazard" => hazard(table),
        text => {
            let message = format!("there is no distribution \"{text}\"");
            let diagnostic = Diagnostic::error("unknown-distribution", name.place.clone(), message);
            table.push(diagnostic.suggest(text, LAWS));
            None
        }
    }
}

fn length(table: &mut Fields<'_>, name: &'static str) -> Option<Span> {
    table.require(name, format!("add `{name} = \"180s\"`"));
    table.duration(name, MEANS)
}

fn number(
    table: &mut Fields<'_>,
    name: &'static str,
    bounds: std::ops::RangeInclusive<f64>,
) -> Option<f64> {
    table.require(name, format!("add `{name} = 1.0`"));
    table.number(name, bounds)
}

/// Pieces of constant hazard: `from` these lengths on, so many `per_minute`.
fn hazard(table: &mut Fields<'_>) -> Option<Distribution> {
    let help = "where the hazard changes: add `from = [\"0s\", \"10s\", \"1m\"]`";
    let from = lengths(table, "from", help)?;
    table.require("per_minute", "add `per_minute = [0.2, 1.5, 0.4]`");
    let rates: Vec<f64> = {
        let list = table.list("per_minute")?;
        list.iter().filter_map(Value::number).collect()
    };
    let place = table
        .key_place("per_minute")
        .unwrap_or_else(|| table.place());
    let fits = rates.len() == from.len()
        && rates.iter().all(|rate| (0.0..=HAZARD_MAX).contains(rate))
        && rates.last().is_some_and(|last| *last > 0.0);
    if !fits {
        let message = format!(
            "`per_minute` does not fit the {} lengths of `from`",
            from.len()
        );
        let help = format!("a number from 0 to {HAZARD_MAX} for each; the last one above 0");
        table.bad_value(place, message, &help);
        return None;
    }
    in_order(table, "from", &from)?;
    if from[0] != Span::ZERO {
        let place = table.key_place("from").unwrap_or_else(|| table.place());
        table.bad_value(place, "the first piece begins later", "begin with \"0s\"");
        return None;
    }
    let pieces: Vec<(Span, f64)> = from.into_iter().zip(rates).collect();
    Some(Distribution::hazard(&pieces))
}

/// A list of two or more lengths of time.
fn lengths(table: &mut Fields<'_>, name: &'static str, help: &str) -> Option<Vec<Span>> {
    table.require(name, help);
    let listed = table.list(name)?.len();
    let texts = table.texts(name)?;
    if texts.len() < listed {
        // What is no text has been reported.
        return None;
    }
    let mut lengths = Vec::new();
    for text in &texts {
        match value::duration(&text.text) {
            Some(length) if length <= SAMPLE_MAX => lengths.push(length),
            _ => {
                let message = format!("\"{}\" is no length of time here", text.text);
                let help = format!("write it like \"90s\" or \"2m\", at most {SAMPLE_MAX}");
                table.bad_value(text.place.clone(), message, &help);
                return None;
            }
        }
    }
    if !(2..=POINTS_MAX).contains(&lengths.len()) {
        let place = table.key_place(name).unwrap_or_else(|| table.place());
        let help = format!("from 2 to {POINTS_MAX} lengths");
        table.bad_value(place, format!("`{name}` has {}", lengths.len()), &help);
        return None;
    }
    Some(lengths)
}

fn in_order(table: &mut Fields<'_>, name: &'static str, lengths: &[Span]) -> Option<()> {
    if lengths.is_sorted() && lengths.first() < lengths.last() {
        return Some(());
    }
    let place = table.key_place(name).unwrap_or_else(|| table.place());
    table.bad_value(
        place,
        format!("`{name}` is not in order"),
        "the shortest first",
    );
    None
}
