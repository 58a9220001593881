//! What a groups file leaves out of a group, and what holds instead.

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

fn says(group: &[Entry], path: &str) -> bool {
    let (first, inner) = match path.split_once('.') {
        Some((first, inner)) => (first, Some(inner)),
        None => (path, None),
    };
    let entry = group.iter().find(|entry| entry.key.text == first);
    let has = |entry: &Entry, key| entry.value.table().is_some_and(|of| of.get(key).is_some());
    entry.is_some_and(|entry| inner.is_none_or(|key| has(entry, key)))
}
