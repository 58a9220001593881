//! What a groups file leaves out of a group, and what holds instead.

use super::tree::Data;
use super::tree::Entry;
use crate::exchange::dialplan::Group;
use crate::exchange::limits::WAITING_MAX;

/// A setting that a file leaves out, by its path in the group, and what then holds.
pub type Unset = (&'static str, String);

/// How the setting of a group is written.
type Written = fn(&Group) -> String;

/// The settings that shape a simulated day, each with how it is written.
const SETTINGS: [(&str, Written); 9] = [
    ("strategy", |group| group.strategy.name().to_owned()),
    ("catch_up", |group| group.catch_up.to_string()),
    ("ring", |group| group.ring.to_string()),
    ("rest", |group| group.rest.to_string()),
    ("wrap_up.limit", |group| group.wrap_up.to_string()),
    ("short_talk", |group| group.short_talk.to_string()),
    ("short_abandon", |group| group.short_abandon.to_string()),
    (ANSWER_WITHIN, |group| group.answer_within.to_string()),
    ("max_waiting", |group| {
        group.max_waiting.unwrap_or(WAITING_MAX).to_string()
    }),
];

/// What a goal of a scenario may set instead.
pub const ANSWER_WITHIN: &str = "service_level.answer_within";

/// What the table of a group does not say.
pub(super) fn unset(group: &[Entry]) -> Vec<Unset> {
    let usual = Group::default();
    let left_out = SETTINGS.iter().filter(|(path, _)| !says(group, path));
    left_out.map(|(path, what)| (*path, what(&usual))).collect()
}

fn says(table: &[Entry], path: &str) -> bool {
    let (first, rest) = match path.split_once('.') {
        Some((first, rest)) => (first, Some(rest)),
        None => (path, None),
    };
    let entry = table.iter().find(|entry| entry.key.text == first);
    match (entry.map(|entry| &entry.value.data), rest) {
        (Some(Data::Table(inner)), Some(rest)) => says(&inner.entries, rest),
        (found, rest) => found.is_some() && rest.is_none(),
    }
}
