//! Distributions of lengths of time, as scenario files write them.

use super::check::Check;
use super::share;
use crate::exchange::time::Span;
use crate::menu::diagnostic::Diagnostic;
use crate::menu::fields::Fields;
use crate::menu::tree::Data;
use crate::sim::distribution::CV_MAX;
use crate::sim::distribution::Distribution;
use crate::sim::distribution::MEAN_MAX;
use crate::sim::distribution::PHASES_MAX;

/// The names a `distribution` may have.
const LAWS: [&str; 7] = [
    "fixed",
    "uniform",
    "exponential",
    "lognormal",
    "weibull",
    "erlang",
    "hyperexponential",
];

/// A distribution; a bare length means what `bare` makes of it.
pub(super) fn read<'t>(
    fields: &mut Fields<'t>,
    name: &'t str,
    bare: fn(Span) -> Distribution,
) -> Option<Distribution> {
    let value = fields.value(name)?;
    match &value.data {
        Data::Text(_) => fields.duration(name, Span::ZERO..=MEAN_MAX).map(bare),
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
    table.duration(name, Span::ZERO..=MEAN_MAX)
}

fn number(
    table: &mut Fields<'_>,
    name: &'static str,
    bounds: std::ops::RangeInclusive<f64>,
) -> Option<f64> {
    table.require(name, format!("add `{name} = 1.0`"));
    table.number(name, bounds)
}
