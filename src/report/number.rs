//! Numbers as people read them: a unit, as many digits as are true, and how far to trust them.

use super::style::Style;
use crate::measure::definitions::Unit;
use crate::measure::figure::Figure;

/// From here on a time is shown in minutes.
const MINUTES_FROM_S: f64 = 600.0;
/// Columns of the blank, the sign and half an interval.
const INTERVAL_WIDTH: usize = 8;

/// A value and its interval in exactly `width` columns, aligned at the unit.
pub(super) fn cell(style: Style, unit: Unit, figure: Figure, width: usize) -> String {
    aligned(style, parts(unit, figure, false), width)
}

/// A difference of two values likewise, with its sign; of shares in points.
pub(super) fn difference(style: Style, unit: Unit, figure: Figure, width: usize) -> String {
    aligned(style, parts(unit, figure, true), width)
}

fn aligned(style: Style, parts: Option<(String, Option<Sure>)>, width: usize) -> String {
    let before = width.saturating_sub(INTERVAL_WIDTH);
    let (value, sure) = parts.unwrap_or_else(|| ("-".to_owned(), None));
    let half = sure.map_or_else(String::new, |sure| match sure {
        Sure::Half(half) => format!("{}{half}", style.plus_minus()),
        Sure::AtLeast(low) => format!("{}{low}", style.at_least()),
    });
    format!(
        "{value:>before$} {half:<after$}",
        after = INTERVAL_WIDTH - 1
    )
}

/// A value and its interval in running text: `71.1 % ±2.5`.
pub(super) fn with_interval(style: Style, unit: Unit, figure: Figure) -> String {
    cell(style, unit, figure, 8).trim().to_owned()
}

/// Half the width of an interval by itself, with three digits that count: `0.482 pt`.
pub(super) fn half_width(unit: Unit, half: f64) -> String {
    let (half, unit) = match unit {
        Unit::Share => (half * 100.0, " pt"),
        Unit::Seconds | Unit::SecondsMore => (half, " s"),
        Unit::Ratio | Unit::Count | Unit::Money | Unit::Points => (half, ""),
    };
    let decimals = match half {
        100.0.. => 0,
        10.0.. => 1,
        1.0.. => 2,
        _ => 3,
    };
    format!("{half:.decimals$}{unit}")
}

/// A short value for narrow columns: whole per cent, whole seconds.
pub(super) fn short(unit: Unit, value: Option<f64>) -> String {
    let Some(value) = value else {
        return "-".to_owned();
    };
    match unit {
        Unit::Share => format!("{:.0} %", value * 100.0),
        Unit::Seconds if value >= MINUTES_FROM_S => format!("{:.0} min", value / 60.0),
        Unit::Seconds => format!("{value:.0} s"),
        Unit::SecondsMore => format!("{value:+.0} s"),
        Unit::Ratio => format!("{value:.2}"),
        Unit::Money => money(value),
        Unit::Points => format!("{value:+.0}"),
        Unit::Count => count(value, usize::from(value.fract() != 0.0 && value < 9.95)),
    }
}

/// A count for a column that has no room for millions: `1.14 M`.
pub(super) fn narrow(count: Option<f64>) -> String {
    match count {
        Some(count) if count >= 999_999.5 => format!("{:.2} M", count / 1e6),
        _ => short(Unit::Count, count),
    }
}

/// A sum in seven characters at most: `12.50`, `723`, `29.1 M`.
fn money(value: f64) -> String {
    const MILLION: f64 = 1e6;
    let scales = [(1e12, " tn"), (1e9, " bn"), (MILLION, " M")];
    let scale = scales
        .iter()
        .find(|(least, _)| value >= least * 0.999_999_5);
    match scale {
        Some((least, name)) => format!("{}{name}", short_scaled(value / least)),
        None => count(value, if value < 99.995 { 2 } else { 0 }),
    }
}

/// Three digits or so.
fn short_scaled(value: f64) -> String {
    count(value, usize::from(value < 99.95))
}

/// A length of time in hours: `12.4 h`.
pub(super) fn hours(seconds: Option<f64>) -> String {
    let hours = seconds.map(|seconds| seconds / 3600.0);
    hours.map_or_else(
        || "-".to_owned(),
        |hours| format!("{} h", count(hours, usize::from(hours < 99.95))),
    )
}

/// A count with thousands set apart: `1,240`, `1,240.5`.
pub fn count(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let (whole, rest) = match text.split_once('.') {
        Some((whole, rest)) => (whole, format!(".{rest}")),
        None => (text.as_str(), String::new()),
    };
    let mut grouped = String::new();
    let digits = whole.trim_start_matches('-');
    // Nothing is neither above nor below 0.
    let below = value < 0.0 && text.contains(|digit| matches!(digit, '1'..='9'));
    let sign = if below { "-" } else { "" };
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}{rest}")
}

/// How sure a value is, in the same unit.
enum Sure {
    /// Half of its interval.
    Half(String),
    /// The lower end of one that has no upper end.
    AtLeast(String),
}

/// The value with its unit, and how sure it is.
fn parts(unit: Unit, figure: Figure, is_difference: bool) -> Option<(String, Option<Sure>)> {
    let mean = figure.mean?;
    let half = figure.half_width();
    let (scale, name) = match unit {
        Unit::Share if is_difference => (100.0, " pt"),
        Unit::Share => (100.0, " %"),
        Unit::Seconds | Unit::SecondsMore if mean.abs() >= MINUTES_FROM_S => (1.0 / 60.0, " min"),
        Unit::Seconds | Unit::SecondsMore => (1.0, " s"),
        Unit::Count | Unit::Ratio | Unit::Money | Unit::Points => (1.0, ""),
    };
    let (mean, half) = (mean * scale, half.map(|half| half * scale));
    let at_least = figure
        .at_least()
        .filter(|low| *low > 0.0)
        .map(|low| low * scale);
    let decimals = match unit {
        Unit::Count => usize::from(mean.fract() != 0.0 && mean.abs() < 99.95),
        Unit::Ratio => decimals(mean, half).max(usize::from(mean.abs() < 99.95) * 2),
        Unit::Share | Unit::Seconds | Unit::SecondsMore | Unit::Money | Unit::Points => {
            decimals(mean, half)
        }
    };
    let is_signed = is_difference || matches!(unit, Unit::SecondsMore | Unit::Points);
    let sign = if is_signed && mean > 0.0 { "+" } else { "" };
    let value = format!("{sign}{}{name}", count(mean, decimals));
    let half = half.map(|half| Sure::Half(count(half, decimals)));
    let at_least = at_least.map(|low| Sure::AtLeast(count(low, decimals)));
    Some((value, half.or(at_least)))
}

/// Decimals for a value: one, more when its interval is so narrow that one would hide it.
fn decimals(value: f64, half: Option<f64>) -> usize {
    match half {
        Some(half) if half > 0.0 && half < 0.005 => 3,
        Some(half) if half > 0.0 && half < 0.05 => 2,
        Some(half) if half >= 9.95 && value.abs() >= 99.95 => 0,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(mean: f64, half: f64) -> Figure {
        Figure {
            mean: Some(mean),
            low: Some(mean - half),
            high: Some(mean + half),
        }
    }

    #[test]
    fn units_and_digits_are_sensible() {
        let style = Style {
            unicode: true,
            ..Style::PLAIN
        };
        let text = |unit, mean, half| with_interval(style, unit, figure(mean, half));
        assert_eq!(text(Unit::Share, 0.7114, 0.0251), "71.1 % ±2.5");
        assert_eq!(text(Unit::Share, 0.027_054, 0.000_12), "2.71 % ±0.01");
        assert_eq!(text(Unit::Seconds, 13.24, 1.4), "13.2 s ±1.4");
        assert_eq!(text(Unit::Seconds, 138.2, 12.0), "138 s ±12");
        assert_eq!(text(Unit::Seconds, 1234.0, 60.0), "20.6 min ±1.0");
        assert_eq!(text(Unit::Count, 1890.4, 22.2), "1,890 ±22");
        assert_eq!(text(Unit::Count, 12.0, 0.0), "12 ±0");
        assert_eq!(text(Unit::Count, 10.7, 0.8), "10.7 ±0.8");
        assert_eq!(text(Unit::Ratio, 1.0, 0.2), "1.00 ±0.20");
        assert_eq!(text(Unit::Ratio, 120.07, 0.2), "120.1 ±0.2");
        assert_eq!(text(Unit::SecondsMore, 13.24, 1.4), "+13.2 s ±1.4");
        assert_eq!(text(Unit::SecondsMore, -1234.0, 60.0), "-20.6 min ±1.0");
        let difference = |unit, mean, half| difference(style, unit, figure(mean, half), 20);
        let text = |unit, mean, half| difference(unit, mean, half).trim().to_owned();
        assert_eq!(text(Unit::Share, 0.0114, 0.0021), "+1.1 pt ±0.2");
        assert_eq!(text(Unit::Count, -590.4, 3.2), "-590 ±3");
        assert_eq!(with_interval(style, Unit::Share, Figure::NONE), "-");
        let open = Figure {
            high: None,
            ..figure(1234.0, 60.0)
        };
        assert_eq!(with_interval(style, Unit::Seconds, open), "20.6 min ≥19.6");
        assert_eq!(
            with_interval(Style::PLAIN, Unit::Seconds, open),
            "20.6 min >=19.6"
        );
    }

    #[test]
    fn cells_line_up() {
        let style = Style::PLAIN;
        let share = cell(style, Unit::Share, figure(0.711, 0.025), 18);
        let none = cell(style, Unit::Share, Figure::NONE, 18);
        assert_eq!(share, "    71.1 % +-2.5  ");
        assert_eq!(none, "         -        ");
    }

    #[test]
    fn sums_stay_in_their_columns() {
        let sum = |value| short(Unit::Money, Some(value));
        assert_eq!(sum(12.5), "12.50");
        assert_eq!(sum(999_999.0), "999,999");
        assert_eq!(sum(999_999.6), "1.0 M");
        assert_eq!(sum(29_124_402.0), "29.1 M");
        assert_eq!(sum(29_124_402_193.0), "29.1 bn");
        assert_eq!(sum(912.4e12), "912 tn");
    }

    #[test]
    fn a_million_fits_its_column() {
        assert_eq!(narrow(Some(1_139_141.0)), "1.14 M");
        assert_eq!(narrow(Some(999_999.0)), "999,999");
        assert_eq!(narrow(None), "-");
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(count(1_234_567.0, 0), "1,234,567");
        assert_eq!(count(999.0, 0), "999");
        assert_eq!(count(-123.0, 0), "-123");
        assert_eq!(count(-1234.5, 1), "-1,234.5");
        assert_eq!(count(-0.04, 1), "0.0");
        assert_eq!(count(1000.26, 1), "1,000.3");
    }
}
