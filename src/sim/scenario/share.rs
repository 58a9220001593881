//! Shares: probabilities, and parts of a whole that add up to 1.

use super::check::Check;
use crate::menu::diagnostic::Diagnostic;
use crate::menu::diagnostic::Place;
use crate::menu::fields::Fields;
use crate::menu::tree::Data;
use crate::menu::tree::Entry;
use crate::menu::tree::Value;

/// Shares may miss 1 by this much, for rounding in the file.
pub const SHARES_TOLERANCE: f64 = 1e-6;

/// A share.
pub(super) fn read<'t>(fields: &mut Fields<'t>, name: &'t str) -> Option<f64> {
    let value = fields.value(name)?;
    let Some(number) = value.number() else {
        match &value.data {
            Data::Text(text) if percent(text).is_some() => {
                fields.push(in_percent(name, value, text));
            }
            _ => fields.wrong_type(name, value, "a number from 0 to 1"),
        }
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

/// A share that is written as goals have theirs.
fn in_percent(name: &str, value: &Value, text: &str) -> Diagnostic {
    let message = format!("`{name}` has to be a number from 0 to 1");
    let error = Diagnostic::error("wrong-type", value.place.clone(), message);
    let share = percent(text).unwrap_or_default();
    error.label("this is a text").help(format!(
        "write it without quotes: {}",
        (share * 1e6).round() / 1e6
    ))
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

/// Shares that add up to 1, each of something; of what nobody knows it was told elsewhere.
pub(super) struct Whole<T> {
    parts: Vec<Part<T>>,
}

struct Part<T> {
    of: Option<T>,
    /// None where it could not be read.
    share: Option<f64>,
    /// Where a what-if has set it.
    set_at: Option<Place>,
}

impl<T> Whole<T> {
    pub(super) fn new() -> Self {
        Self { parts: Vec::new() }
    }

    /// Adds the share that is written there.
    pub(super) fn read<'t>(
        &mut self,
        entry: &'t Entry,
        fields: &mut Fields<'t>,
        of: Option<T>,
        check: &Check<'_>,
    ) {
        let set_at = Some(entry.value.place.clone());
        self.parts.push(Part {
            of,
            share: read(fields, &entry.key.text),
            set_at: set_at.filter(|place| check.is_set(place)),
        });
    }

    /// What is left beside the shares; none where one of them could not be read.
    pub(super) fn left(&self) -> Option<f64> {
        let shares = self.parts.iter().map(|part| part.share);
        Some(1.0 - shares.sum::<Option<f64>>()?)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// All shares, of which it is reported at this place, or where a what-if has set one, that they do not add up
    /// to 1.
    pub(super) fn finish(
        mut self,
        what: &str,
        place: Place,
        fields: &mut Fields<'_>,
    ) -> Vec<(T, f64)> {
        self.give_way();
        let shares: Vec<Option<f64>> = self.parts.iter().map(|part| part.share).collect();
        let set_at = self.parts.iter().find_map(|part| part.set_at.clone());
        add_up(what, &shares, set_at.unwrap_or(place), fields);
        self.into_parts().collect()
    }

    /// All shares of what is known.
    pub(super) fn into_parts(self) -> impl Iterator<Item = (T, f64)> {
        let parts = self.parts.into_iter();
        parts.filter_map(|part| part.of.zip(part.share))
    }

    /// Those that a what-if sets stand, and the others share what these leave in the proportions that they have:
    /// what fails more often answers less often.
    fn give_way(&mut self) {
        let is_set = |part: &Part<T>| part.set_at.is_some();
        let Some(left) = self.left() else {
            return;
        };
        let kept = self.parts.iter().filter(|part| !is_set(part));
        let kept: f64 = kept.filter_map(|part| part.share).sum();
        if left.abs() <= SHARES_TOLERANCE || kept <= 0.0 || !self.parts.iter().any(is_set) {
            return;
        }
        let room = (kept + left).max(0.0);
        for part in self.parts.iter_mut().filter(|part| part.set_at.is_none()) {
            part.share = part.share.map(|share| share / kept * room);
        }
    }
}

/// `80%` or `99.5 %` as a share.
pub fn percent(text: &str) -> Option<f64> {
    let number = text.trim().strip_suffix('%')?.trim_end();
    if !number.chars().all(|c| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let number: f64 = number.parse().ok()?;
    (0.0..=100.0).contains(&number).then_some(number / 100.0)
}
