//! Shares: probabilities, and parts of a whole that add up to 1.

use super::check::Check;
use crate::menu::diagnostic::Diagnostic;
use crate::menu::diagnostic::Place;
use crate::menu::fields::Fields;

/// Shares may miss 1 by this much, for rounding in the file.
pub const SHARES_TOLERANCE: f64 = 1e-6;

/// A share.
pub(super) fn read<'t>(fields: &mut Fields<'t>, name: &'t str) -> Option<f64> {
    let value = fields.value(name)?;
    let Some(number) = value.number() else {
        fields.wrong_type(name, value, "a number from 0 to 1");
        return None;
    };
    if (0.0..=1.0).contains(&number) {
        return Some(number);
    }
    let message = format!("`{name}` cannot be {number}");
    let help = match number {
        1.0..=100.0 => format!(
            "a share lies between 0 and 1: for {number} % write {}",
            (number * 1e4).round() / 1e6
        ),
        _ => "a share lies between 0 and 1".to_owned(),
    };
    fields.bad_value(value.place.clone(), message, &help);
    None
}

/// A share by its whole path, `callers.slips`; one that is left out is the usual one.
pub(super) fn read_or(
    fields: &mut Fields<'_>,
    path: &'static str,
    usual: f64,
    check: &mut Check<'_>,
) -> f64 {
    let name = path.rsplit('.').next().unwrap_or(path);
    let found = read(fields, name);
    check.assume(path, found, usual)
}

/// Reports shares that do not add up to 1, unless some of them could not be read.
pub(super) fn add_up(what: &str, shares: &[Option<f64>], place: Place, fields: &mut Fields<'_>) {
    let Some(sum) = shares.iter().copied().sum::<Option<f64>>() else {
        return;
    };
    if (sum - 1.0).abs() > SHARES_TOLERANCE {
        let sum = (sum * 1e6).round() / 1e6;
        let message = format!("the shares of {what} add up to {sum}, not to 1");
        let error = Diagnostic::error("shares-not-one", place, message);
        fields.push(error.help("make them add up to 1: a quarter is 0.25"));
    }
}

/// `80%` or `99.5 %` as a share.
pub(super) fn percent(text: &str) -> Option<f64> {
    let number = text.trim().strip_suffix('%')?.trim_end();
    if !number.chars().all(|c| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let number: f64 = number.parse().ok()?;
    (0.0..=100.0).contains(&number).then_some(number / 100.0)
}
