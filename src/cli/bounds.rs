//! Numbers on the command line: who writes another one is told which may be written.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;

/// Reads a whole number within these bounds.
pub(super) fn whole<T>(
    bounds: RangeInclusive<T>,
) -> impl Fn(&str) -> Result<T, String> + Clone + Send + Sync + 'static
where
    T: FromStr + PartialOrd + Display + Clone + Send + Sync + 'static,
{
    move |text| within(text, &bounds, "a whole number")
}

/// Reads a number within these bounds, with decimals or without.
pub(super) fn number(
    bounds: RangeInclusive<f64>,
) -> impl Fn(&str) -> Result<f64, String> + Clone + Send + Sync + 'static {
    move |text| within(text, &bounds, "a number")
}

fn within<T>(text: &str, bounds: &RangeInclusive<T>, what: &str) -> Result<T, String>
where
    T: FromStr + PartialOrd + Display,
{
    let number = text.parse().ok().filter(|number| bounds.contains(number));
    number.ok_or_else(|| format!("write {what} from {} to {}", bounds.start(), bounds.end()))
}
