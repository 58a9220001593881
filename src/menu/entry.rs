//! What callers enter: how many digits, and what these must satisfy.

use super::diagnostic::Diagnostic;
use super::diagnostic::Place;
use super::fields::Fields;
use super::tree::Data;
use super::tree::Value;
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
pub(super) fn check(fields: &mut Fields<'_>, digits: Option<(u8, u8)>) -> Check {
    let Some(text) = fields.text("check") else {
        return Check::None;
    };
    let named = CHECKS.iter().find(|(name, _)| *name == text.text);
    let check = match named {
        Some((_, check)) => *check,
        None => match range(&text.text) {
            Some((from, to)) if from <= to => Check::Range(from, to),
            Some((from, to)) => {
                let message = format!("no number is from {from} to {to}");
                let help = format!("write the smaller number first: \"{to}-{from}\"");
                fields.bad_value(text.place, message, &help);
                return Check::None;
            }
            None => {
                let message = format!("there is no check \"{}\"", text.text);
                let help = format!(
                    "one of {}, or a range of numbers such as \"1-31\", of at most \
                     {RANGE_DIGITS_MAX} digits",
                    CHECK_NAMES.join(", ")
                );
                fields.bad_value(text.place, message, &help);
                return Check::None;
            }
        },
    };
    if let Some(digits) = digits {
        impossible(check, digits, fields);
    }
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

/// The bounds of a range, as they are written.
fn range(text: &str) -> Option<(u64, u64)> {
    let (from, to) = text.split_once('-')?;
    let bound = |text: &str| {
        let text = text.trim();
        let good = (1..=RANGE_DIGITS_MAX).contains(&text.len());
        (good && text.bytes().all(|c| c.is_ascii_digit())).then(|| text.parse().ok())?
    };
    Some((bound(from)?, bound(to)?))
}

/// Reports a check that no entry of so many digits can pass, and what of it cannot be entered or is
/// always wrong.
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
        Check::Range(from, to) => {
            // Leading zeros fill up what is longer.
            let digits = |number: u64| number.max(1).ilog10() as usize + 1;
            let (least, most) = (digits(from), digits(to));
            if max < least {
                let help = format!("the numbers of `check` have at least {least} digits");
                digits_impossible(fields, &help);
            } else if max < most {
                let first = 10_u64.pow(max as u32);
                let message = match first == to {
                    true => format!("{to} cannot be entered: it has {most} digits"),
                    false => format!("{first} to {to} cannot be entered: {to} has {most} digits"),
                };
                let help = format!("let callers enter up to {most} digits, or check for less");
                digits_unlikely(fields, message, &help);
            }
            return;
        }
        Check::Date(form) => form.digits(),
        Check::Time => 4,
    };
    if !(min..=max).contains(&count) {
        let help = format!("`check` asks for {count} digits: write digits = {count}");
        digits_impossible(fields, &help);
    } else if min < max {
        let message = format!("only entries of {count} digits can be right");
        let help = format!("write digits = {count}: shorter or longer ones need not be taken");
        digits_unlikely(fields, message, &help);
    }
}

/// How many digits are taken where nothing that can be read says so.
pub(super) const ANY_DIGITS: (u8, u8) = (1, limits::DIGITS_MAX as u8);

/// One number for both, or a range like the example; none if it is of another type, none inside if it
/// cannot be read.
pub(super) fn digit_range(
    value: &Value,
    example: &str,
    fields: &mut Fields<'_>,
) -> Option<Option<(u8, u8)>> {
    Some(match &value.data {
        Data::Integer(count) => u8::try_from(*count).ok().map(|count| (count, count)),
        Data::Text(text) => text
            .split_once('-')
            .and_then(|(from, to)| Some((from.trim().parse().ok()?, to.trim().parse().ok()?))),
        _ => {
            let wanted = format!("a whole number, or a range such as \"{example}\"");
            fields.wrong_type("digits", value, &wanted);
            return None;
        }
    })
}

/// `digits = 16` or `"6-10"`.
pub(super) fn digits(fields: &mut Fields<'_>) -> Option<(u8, u8)> {
    let Some(value) = fields.value("digits") else {
        fields.missing("digits", "how many: digits = 16, or digits = \"6-10\"");
        return None;
    };
    let parsed = digit_range(value, "6-10", fields)?;
    let Some((min, max)) = parsed else {
        let help = "write digits = 16, or digits = \"6-10\"";
        fields.bad_value(value.place.clone(), "this is not a number of digits", help);
        return None;
    };
    if min == 0 || min > max || usize::from(max) > limits::DIGITS_MAX {
        let help = format!(
            "from 1 to {} digits, the smaller number first",
            limits::DIGITS_MAX
        );
        digits_impossible(fields, &help);
        return None;
    }
    Some((min, max))
}

/// Every entry is wrong.
fn digits_impossible(fields: &mut Fields<'_>, help: &str) {
    let message = "no entry can have these digits";
    let error = Diagnostic::error("digits-impossible", place_of_digits(fields), message);
    fields.push(error.help(help));
}

/// Some entries are wrong that are taken, or right and not taken.
fn digits_unlikely(fields: &mut Fields<'_>, message: String, help: &str) {
    let warning = Diagnostic::warning("digits-impossible", place_of_digits(fields), message);
    fields.push(warning.help(help));
}

fn place_of_digits(fields: &mut Fields<'_>) -> Place {
    let place = fields.value("digits").map(|value| value.place.clone());
    place.unwrap_or_else(|| fields.place())
}
