//! What a step says when it has to ask once more.

use crate::exchange::id::PromptId;
use serde::Deserialize;
use serde::Serialize;

/// Other words on later tries. Where it lists none, a step says the same each time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Retry {
    /// After the second wrong entry, the third, and so on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wrong: Vec<PromptId>,
    /// After the second silence, the third, and so on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub silent: Vec<PromptId>,
    /// In the place of the step's own words, from the second asking on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub again: Vec<PromptId>,
}

impl Retry {
    /// Whether there are no other words at all.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The words after a wrong entry, of which there have been so many; `first` after the first.
    pub fn wrong(&self, wrongs: u8, first: PromptId) -> PromptId {
        nth(&self.wrong, wrongs.saturating_sub(1), first)
    }

    /// The words after a silence, of which there have been so many; `first` after the first.
    pub fn silent(&self, silences: u8, first: PromptId) -> PromptId {
        nth(&self.silent, silences.saturating_sub(1), first)
    }

    /// The question, when it was put so many times before; `first` the first time.
    pub fn again(&self, before: u8, first: PromptId) -> PromptId {
        nth(&self.again, before, first)
    }

    /// Whether a prompt puts the question of a step whose own words are `first`.
    pub fn asks(&self, prompt: PromptId, first: PromptId) -> bool {
        prompt == first || self.again.contains(&prompt)
    }
}

/// The last of the list serves for all that come after it.
fn nth(list: &[PromptId], place: u8, first: PromptId) -> PromptId {
    match usize::from(place) {
        0 => first,
        place => list
            .get(place - 1)
            .or(list.last())
            .copied()
            .unwrap_or(first),
    }
}
