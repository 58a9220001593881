//! Words and numbers for a glance.

use crate::report::number::count;

/// A length of time: `02:13`, `1:02:13`, `3 days`.
pub(super) fn time(seconds: u64) -> String {
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    match hours {
        0 => format!("{minutes:02}:{:02}", seconds % 60),
        1..48 => format!("{hours}:{minutes:02}:{:02}", seconds % 60),
        _ => format!("{} days", hours / 24),
    }
}

/// A count with thousands set apart.
pub(super) fn number(value: u64) -> String {
    count(value as f64, 0)
}

/// All of them together; what comes from elsewhere may be any number.
pub(super) fn sum(values: impl Iterator<Item = u64>) -> u64 {
    values.fold(0, u64::saturating_add)
}

/// A count that is looked for only when there is something.
pub(super) fn some(value: u64, style: crate::report::style::Style) -> String {
    match value {
        0 if style.unicode => "·".to_owned(),
        0 => "-".to_owned(),
        _ => number(value),
    }
}

/// A name of ours in words: `self_served_probable`.
pub(super) fn words(name: &str) -> String {
    match name {
        "self_served_confirmed" => "self-served".to_owned(),
        "self_served_probable" => "probably self-served".to_owned(),
        "left_in_menu" => "left in menus".to_owned(),
        "message" => "left a message".to_owned(),
        "transferred_out" => "transferred".to_owned(),
        "ended_by_system" => "cut off".to_owned(),
        other => other.replace('_', " "),
    }
}
