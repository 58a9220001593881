//! Numbers, lengths and names as files and pages have them.

use crate::measure::Figure;
use std::fmt::Write as _;

/// `0.089 (0.079 to 0.101)`.
pub(super) fn sure(figure: Figure, scale: f64, decimals: usize, unit: &str) -> String {
    let one = |value: f64| format!("{:.decimals$}", value * scale);
    let Some(mean) = figure.mean else {
        return "not known".to_owned();
    };
    match (figure.low, figure.high) {
        (Some(low), Some(high)) => {
            format!("{}{unit} ({} to {}{unit})", one(mean), one(low), one(high))
        }
        _ => format!("{}{unit}", one(mean)),
    }
}

/// Four decimals, where there are any, and one at least.
pub(super) fn digits(value: f64) -> String {
    let text = format!("{value:.4}");
    let text = text.trim_end_matches('0');
    match text.ends_with('.') {
        true => format!("{text}0"),
        false => text.to_owned(),
    }
}

/// The same for a rate: what is above 0 stays so.
pub(super) fn rate_digits(value: f64) -> String {
    match value > 0.0 && value < 0.001 {
        true => format!("{value:.8}"),
        false => digits(value),
    }
}

/// A length of time as files have it.
pub(super) fn length(seconds: f64) -> String {
    let ms = (seconds * 1000.0).round() as u64;
    match ms >= 100_000 || ms.is_multiple_of(1000) {
        true => format!("{}s", (seconds).round()),
        false => format!("{ms}ms"),
    }
}

/// `1 day`, `2 days`.
pub(super) fn plural(count: u64, what: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {what}{s}")
}

/// A text in quotes.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(c);
            }
            c if c.is_control() => {
                write!(quoted, "\\u{:04X}", u32::from(c)).expect("a string takes it");
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// A name as a key.
pub(super) fn key(name: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    match !name.is_empty() && name.chars().all(bare) {
        true => name.to_owned(),
        false => quoted(name),
    }
}
