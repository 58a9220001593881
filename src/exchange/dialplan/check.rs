//! What an entry of digits must satisfy.

use crate::exchange::key::Digits;
use serde::Deserialize;
use serde::Serialize;

/// What digits must satisfy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Check {
    /// Any digits.
    None,
    /// The check digit of payment cards.
    Luhn,
    /// A number from the first to the second, with leading zeros or without.
    Range(u64, u64),
    /// A day of the calendar.
    Date(DateForm),
    /// A time of day: two digits of hours, two of minutes.
    Time,
}

/// The order in which callers enter a day. Years have four digits, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DateForm {
    /// Day and month.
    DayMonth,
    /// Month and day.
    MonthDay,
    /// Day, month and year.
    DayMonthYear,
    /// Month, day and year.
    MonthDayYear,
    /// Year, month and day.
    YearMonthDay,
}

impl Check {
    /// Whether the digits satisfy it.
    pub fn accepts(self, digits: &Digits) -> bool {
        match self {
            Self::None => true,
            Self::Luhn => digits.passes_luhn(),
            Self::Range(from, to) => {
                value(digits, 0..digits.len()).is_some_and(|value| (from..=to).contains(&value))
            }
            Self::Date(form) => form.accepts(digits),
            Self::Time => {
                digits.len() == 4
                    && value(digits, 0..2).is_some_and(|hour| hour < 24)
                    && value(digits, 2..4).is_some_and(|minute| minute < 60)
            }
        }
    }
}

impl DateForm {
    /// How many digits it has.
    pub fn digits(self) -> usize {
        match self {
            Self::DayMonth | Self::MonthDay => 4,
            Self::DayMonthYear | Self::MonthDayYear | Self::YearMonthDay => 8,
        }
    }

    fn accepts(self, digits: &Digits) -> bool {
        let part = |range| value(digits, range);
        let (day, month, year) = match self {
            Self::DayMonth => (part(0..2), part(2..4), None),
            Self::MonthDay => (part(2..4), part(0..2), None),
            Self::DayMonthYear => (part(0..2), part(2..4), part(4..8)),
            Self::MonthDayYear => (part(2..4), part(0..2), part(4..8)),
            Self::YearMonthDay => (part(6..8), part(4..6), part(0..4)),
        };
        let (Some(day), Some(month)) = (day, month) else {
            return false;
        };
        digits.len() == self.digits()
            && year != Some(0)
            && (1..=days_in(month, year)).contains(&day)
    }
}

/// The days of a month; without a year there may be a 29th of February. No month has none.
fn days_in(month: u64, year: Option<u64>) -> u64 {
    let leaps = |year: u64| {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    };
    match month {
        2 if year.is_none_or(leaps) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    }
}

/// The number that some of the digits are; none without any, or with one that is no digit.
fn value(digits: &Digits, places: std::ops::Range<usize>) -> Option<u64> {
    if places.is_empty() {
        return None;
    }
    places.into_iter().try_fold(0_u64, |value, place| {
        let key = digits.at(place).filter(|key| key.is_digit())?;
        value.checked_mul(10)?.checked_add(key.index() as u64)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::key::Key;

    fn accepts(check: Check, text: &str) -> bool {
        check.accepts(&text.chars().filter_map(Key::from_char).collect())
    }

    #[test]
    fn a_range_takes_leading_zeros_and_nothing_beyond_it() {
        let month_day = Check::Range(1, 31);
        for good in ["1", "01", "31"] {
            assert!(accepts(month_day, good), "{good}");
        }
        for bad in ["", "0", "00", "32", "99999999999999999999999999"] {
            assert!(!accepts(month_day, bad), "{bad}");
        }
    }

    #[test]
    fn a_date_is_a_day_of_the_calendar() {
        let day_first = Check::Date(DateForm::DayMonthYear);
        assert!(accepts(day_first, "29022028") && !accepts(day_first, "29022027"));
        assert!(!accepts(day_first, "29021900") && accepts(day_first, "31121999"));
        assert!(!accepts(day_first, "31112026") && !accepts(day_first, "0101202"));
        assert!(accepts(Check::Date(DateForm::DayMonth), "2902"));
        assert!(!accepts(Check::Date(DateForm::MonthDay), "1301"));
        assert!(accepts(Check::Date(DateForm::MonthDayYear), "12312026"));
        assert!(accepts(Check::Date(DateForm::YearMonthDay), "20261231"));
        assert!(!accepts(Check::Date(DateForm::YearMonthDay), "20260031"));
    }

    #[test]
    fn a_time_is_a_time_of_day() {
        assert!(accepts(Check::Time, "0000") && accepts(Check::Time, "2359"));
        assert!(!accepts(Check::Time, "2400") && !accepts(Check::Time, "1260"));
        assert!(!accepts(Check::Time, "930"));
    }
}
