//! What imaginary callers enter where digits are asked for: entries that fit.

use super::stream::Purpose;
use super::stream::Stream;
use super::world::World;
use crate::exchange::dialplan::Check;
use crate::exchange::dialplan::Collect;
use crate::exchange::dialplan::DateForm;
use crate::exchange::key::Digits;
use crate::exchange::key::Key;
use crate::exchange::limits::DIGITS_MAX;
use std::fmt;
use std::fmt::Write as _;

impl World<'_> {
    /// An entry that passes the check: the fewest digits that do, and the end key.
    pub(super) fn entry(&self, slot: u32, collect: &Collect) -> Digits {
        let mut stream = self
            .streams
            .stream(Purpose::Digits, self.attempts[slot as usize].entity());
        let count = usize::from(collect.min);
        let digits = match collect.check {
            Check::None => any(count, &mut stream),
            Check::Luhn => with_check_digit(any(count, &mut stream)),
            Check::Range(from, to) => {
                let most = 10_u64.saturating_pow(u32::from(collect.max)) - 1;
                number(count, (from, to.min(most)), stream.unit())
            }
            Check::Date(form) => day(form, stream.unit()),
            Check::Time => {
                let minute = (stream.unit() * 1440.0) as u64;
                written(format_args!("{:02}{:02}", minute / 60, minute % 60))
            }
        };
        if digits.len() < usize::from(collect.max) && digits.len() < DIGITS_MAX {
            return digits.iter().chain(collect.end_key).collect();
        }
        digits
    }
}

fn any(count: usize, stream: &mut Stream) -> Digits {
    let random = |_| digit((stream.unit() * 10.0) as u8);
    (0..count).filter_map(random).collect()
}

fn digit(value: u8) -> Option<Key> {
    Key::from_char(char::from(b'0' + value % 10))
}

fn with_check_digit(digits: Digits) -> Digits {
    let stem = digits.len().saturating_sub(1);
    let stem: Digits = digits.iter().take(stem).collect();
    let mut fits = (0..10)
        .filter_map(digit)
        .map(|last| stem.iter().chain([last]).collect());
    fits.find(Digits::passes_luhn).unwrap_or(digits)
}

/// A number from a range, with so many digits at least.
fn number(count: usize, (from, to): (u64, u64), unit: f64) -> Digits {
    let numbers = (to - from) as f64 + 1.0;
    let value = (from + (numbers * unit) as u64).min(to);
    written(format_args!("{value:0count$}"))
}

fn day(form: DateForm, unit: f64) -> Digits {
    // Every month has so many days, and every year such months.
    let place = (unit * 12.0 * 28.0) as u64;
    let (day, month, year) = (place % 28 + 1, place / 28 + 1, 1950 + place % 50);
    match form {
        DateForm::DayMonth => written(format_args!("{day:02}{month:02}")),
        DateForm::MonthDay => written(format_args!("{month:02}{day:02}")),
        DateForm::DayMonthYear => written(format_args!("{day:02}{month:02}{year}")),
        DateForm::MonthDayYear => written(format_args!("{month:02}{day:02}{year}")),
        DateForm::YearMonthDay => written(format_args!("{year}{month:02}{day:02}")),
    }
}

/// The keys of what is written, without writing it anywhere else.
pub(super) fn written(text: fmt::Arguments<'_>) -> Digits {
    let mut keyed = Keyed(Digits::EMPTY);
    // Whatever is no key is left out, and so is what is too much.
    let _ = keyed.write_fmt(text);
    keyed.0
}

struct Keyed(Digits);

impl fmt::Write for Keyed {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for key in text.chars().filter_map(Key::from_char) {
            self.0.push(key);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_pass_the_checks_that_ask_for_them() {
        for unit in [0.0, 0.3, 0.999_999] {
            let range = number(2, (1, 31), unit);
            assert!(Check::Range(1, 31).accepts(&range) && range.len() == 2);
            for form in [
                DateForm::DayMonth,
                DateForm::MonthDay,
                DateForm::DayMonthYear,
                DateForm::MonthDayYear,
                DateForm::YearMonthDay,
            ] {
                assert!(Check::Date(form).accepts(&day(form, unit)), "{form:?}");
            }
        }
        let all = [0.1, 0.9].map(|unit| number(1, (1, 2), unit));
        assert_eq!(
            all,
            [written(format_args!("1")), written(format_args!("2"))]
        );
        assert!(Check::Luhn.accepts(&with_check_digit(written(format_args!("123456")))));
    }
}
