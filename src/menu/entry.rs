//! What callers enter: how many digits, and what these must satisfy.

use super::diagnostic::Diagnostic;
use super::fields::Fields;
use super::tree::Data;
use crate::exchange::dialplan::Check;
use crate::exchange::dialplan::DateForm;
use crate::exchange::limits;

/// The checks that have a name.
pub(super) const CHECKS: [(&str, Check); 7] = [
    ("luhn", Check::Luhn),
    ("ddmm", Check::Date(DateForm::DayMonth)),
    ("mmdd", Check::Date(DateForm::MonthDay)),
    ("ddmmyyyy", Check::Date(DateForm::DayMonthYear)),
    ("mmddyyyy", Check::Date(DateForm::MonthDayYear)),
    ("yyyymmdd", Check::Date(DateForm::YearMonthDay)),
    ("hhmm", Check::Time),
];
/// Their names.
pub(super) const CHECK_NAMES: [&str; CHECKS.len()] = {
    let mut names = [""; CHECKS.len()];
    let mut place = 0;
    while place < names.len() {
        names[place] = CHECKS[place].0;
        place += 1;
    }
    names
};
/// Digits of the bounds of a range.
const RANGE_DIGITS_MAX: usize = 18;

/// `check = "luhn"`, `"ddmmyyyy"` or `"1-31"`: what entries of so many digits must satisfy.
pub(super) fn check(fields: &mut Fields<'_>, digits: (u8, u8)) -> Check {
    let Some(text) = fields.text("check") else {
        return Check::None;
    };
    let named = CHECKS.iter().find(|(name, _)| *name == text.text);
    let check = match named {
        Some((_, check)) => *check,
        None => match range(&text.text) {
            Some((from, to)) => Check::Range(from, to),
            None => {
                let message = format!("there is no check \"{}\"", text.text);
                let help = format!(
                    "one of {}, or a range of numbers such as \"1-31\"",
                    CHECK_NAMES.join(", ")
                );
                fields.bad_value(text.place, message, &help);
                return Check::None;
            }
        },
    };
    impossible(check, digits, fields);
    check
}

/// A check as it is written; none where there is none.
pub(super) fn check_name(check: Check) -> Option<String> {
    let named = CHECKS.iter().find(|(_, other)| *other == check);
    match (named, check) {
        (Some((name, _)), _) => Some((*name).to_owned()),
        (None, Check::Range(from, to)) => Some(format!("{from}-{to}")),
        (None, _) => None,
    }
}

/// The bounds of a range, the smaller one first.
fn range(text: &str) -> Option<(u64, u64)> {
    let (from, to) = text.split_once('-')?;
    let bound = |text: &str| {
        let text = text.trim();
        let good = (1..=RANGE_DIGITS_MAX).contains(&text.len());
        (good && text.bytes().all(|c| c.is_ascii_digit())).then(|| text.parse().ok())?
    };
    let (from, to) = (bound(from)?, bound(to)?);
    (from <= to).then_some((from, to))
}

/// Reports a check that no entry of so many digits can pass.
fn impossible(check: Check, (min, max): (u8, u8), fields: &mut Fields<'_>) {
    let (min, max) = (usize::from(min), usize::from(max));
    let count = match check {
        Check::None => return,
        Check::Luhn => {
            if max < 2 {
                digits_impossible(fields, "a check digit needs at least 2 digits");
            }
            return;
        }
        Check::Range(from, _) => {
            // Leading zeros fill up what is longer.
            let least = from.max(1).ilog10() as usize + 1;
            if max < least {
                let help = format!("the numbers of `check` have at least {least} digits");
                digits_impossible(fields, &help);
            }
            return;
        }
        Check::Date(form) => form.digits(),
        Check::Time => 4,
    };
    if !(min..=max).contains(&count) {
        let help = format!("`check` asks for {count} digits: write digits = {count}");
        digits_impossible(fields, &help);
    }
}

/// `digits = 16` or `"6-10"`.
pub(super) fn digits(fields: &mut Fields<'_>) -> (u8, u8) {
    const FALLBACK: (u8, u8) = (1, limits::DIGITS_MAX as u8);
    let Some(value) = fields.value("digits") else {
        fields.missing("digits", "how many: digits = 16, or digits = \"6-10\"");
        return FALLBACK;
    };
    let parsed = match &value.data {
        Data::Integer(count) => u8::try_from(*count).ok().map(|count| (count, count)),
        Data::Text(text) => text
            .split_once('-')
            .and_then(|(from, to)| Some((from.trim().parse().ok()?, to.trim().parse().ok()?))),
        _ => {
            fields.wrong_type(
                "digits",
                value,
                "a whole number, or a range such as \"6-10\"",
            );
            return FALLBACK;
        }
    };
    let Some((min, max)) = parsed else {
        let help = "write digits = 16, or digits = \"6-10\"";
        fields.bad_value(value.place.clone(), "this is not a number of digits", help);
        return FALLBACK;
    };
    if min == 0 || min > max || usize::from(max) > limits::DIGITS_MAX {
        let help = format!(
            "from 1 to {} digits, the smaller number first",
            limits::DIGITS_MAX
        );
        digits_impossible(fields, &help);
        return FALLBACK;
    }
    (min, max)
}

fn digits_impossible(fields: &mut Fields<'_>, help: &str) {
    let place = fields.value("digits").map(|value| value.place.clone());
    let place = place.unwrap_or_else(|| fields.place());
    let message = "no entry can have these digits";
    fields.push(Diagnostic::error("digits-impossible", place, message).help(help));
}
