//! One change, in a sentence and in its parts.

use super::compare::Difference;
use serde::Serialize;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// What a change is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    /// A line that was not there.
    LineAdded,
    /// A line that is gone.
    LineRemoved,
    /// A step that was not there.
    Added,
    /// A step that is gone.
    Removed,
    /// A step that does something else.
    Kind,
    /// A step that calls can come to no more.
    Unreachable,
    /// A step that calls can come to now.
    Reachable,
    /// Where a key leads.
    Key,
    /// Where calls go by themselves.
    Exit,
    /// What callers hear.
    Words,
    /// When it is open.
    Hours,
    /// Anything else.
    Setting,
}

/// What callers hear now who press these keys from the start of the line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hears {
    /// The keys.
    pub press: Vec<String>,
    /// What they heard.
    pub was: String,
    /// What they hear.
    pub now: String,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The line; none for a group of agents.
    pub line: Option<String>,
    /// The group of agents, if it is about one.
    pub group: Option<String>,
    /// The steps, by their new names; none where it is about the whole line.
    pub steps: Vec<String>,
    /// What it is about.
    pub topic: Topic,
    /// The key, the way out, the setting or the days; may be empty.
    pub name: String,
    /// The language, where a line speaks several.
    pub language: Option<String>,
    /// As it was; none where there was nothing.
    pub was: Option<String>,
    /// As it is; none where there is nothing.
    pub now: Option<String>,
    /// The keys that lead to the step from the start of the line, where keys are enough.
    pub press: Option<Vec<String>>,
    /// What callers hear now.
    pub hears: Option<Hears>,
    /// The change in a sentence.
    pub text: String,
}

impl Change {
    pub(super) fn new(line: &str, steps: Vec<String>, difference: Difference) -> Self {
        Self {
            line: Some(line.to_owned()),
            group: None,
            steps,
            topic: difference.topic,
            text: sentence(&difference),
            name: difference.name,
            language: difference.language,
            was: difference.was,
            now: difference.now,
            press: None,
            hears: difference.hears,
        }
    }

    pub(super) fn of_group(group: &str, difference: Difference) -> Self {
        Self {
            line: None,
            group: Some(group.to_owned()),
            ..Self::new("", Vec::new(), difference)
        }
    }

    pub(super) fn of_line(topic: Topic, line: &str) -> Self {
        Self::new(line, Vec::new(), Difference::of(topic))
    }
}

/// Puts changes of several steps that are the same into one: a global key works in every menu.
pub(super) fn together(changes: Vec<Change>) -> Vec<Change> {
    let mut together: Vec<Change> = Vec::new();
    let mut places: BTreeMap<(Topic, String), usize> = BTreeMap::new();
    for change in changes {
        if change.steps.is_empty() || stands_alone(change.topic) {
            together.push(change);
            continue;
        }
        let place = places.entry((change.topic, change.text.clone()));
        match place {
            Entry::Occupied(place) => {
                let other = &mut together[*place.get()];
                other.steps.extend(change.steps);
                // By which keys one comes there is no longer one thing.
                (other.press, other.hears) = (None, None);
            }
            Entry::Vacant(place) => {
                place.insert(together.len());
                together.push(change);
            }
        }
    }
    // What holds in many places is told first.
    together.sort_by_key(|change| match change.steps.len() {
        0 => 0,
        1 => 2,
        _ => 1,
    });
    together
}

fn stands_alone(topic: Topic) -> bool {
    matches!(
        topic,
        Topic::Added | Topic::Removed | Topic::Kind | Topic::Unreachable | Topic::Reachable
    )
}

fn sentence(difference: &Difference) -> String {
    let Difference {
        topic,
        name,
        was,
        now,
        language,
        ..
    } = difference;
    let (was, now) = (was.as_deref(), now.as_deref());
    let name = match language {
        Some(tag) => format!("{name}, in {tag}"),
        None => name.clone(),
    };
    let both = (was.unwrap_or_default(), now.unwrap_or_default());
    match (topic, was, now) {
        (Topic::LineAdded, ..) => "the line is new".to_owned(),
        (Topic::LineRemoved, ..) => "the line is gone".to_owned(),
        (Topic::Added, ..) => format!("is new: {}", both.1),
        (Topic::Removed, ..) => format!("is gone: {}", both.0),
        (Topic::Kind, ..) => format!("is now a step of the kind {} (was {})", both.1, both.0),
        (Topic::Unreachable, ..) => "can no longer be reached".to_owned(),
        (Topic::Reachable, ..) => "can now be reached".to_owned(),
        (Topic::Key, Some(was), Some(now)) => format!("key {name} now leads to {now} (was {was})"),
        (Topic::Key, None, Some(now)) => format!("key {name} is new, and leads to {now}"),
        (Topic::Key, ..) => format!("key {name} does nothing any more (led to {})", both.0),
        (Topic::Exit, Some(was), Some(now)) => format!("{name}, calls go to {now} (was {was})"),
        (Topic::Exit, None, Some(now)) => format!("{name}, calls go to {now}, which is new"),
        (Topic::Exit, ..) => format!("{name}: no such way any more (led to {})", both.0),
        (Topic::Words, Some(was), Some(now)) => format!("{name}: \"{now}\" (was \"{was}\")"),
        (Topic::Words, None, Some(now)) => format!("{name}: \"{now}\" (was nothing)"),
        (Topic::Words, ..) => format!("{name}: nothing any more (was \"{}\")", both.0),
        (Topic::Hours, Some(was), Some(now)) => format!("open {name}: {now} (was {was})"),
        (Topic::Hours, None, Some(now)) => format!("now has the hours \"{now}\" (had none)"),
        (Topic::Hours, ..) => format!("has no hours any more (had \"{}\")", both.0),
        (Topic::Setting, Some(was), Some(now)) => format!("{name}: {now} (was {was})"),
        (Topic::Setting, None, Some(now)) => format!("{name}: {now} (was not set)"),
        (Topic::Setting, ..) => format!("{name}: no longer set (was {})", both.0),
    }
}
