//! Keys, and what they do.

use super::Target;
use crate::exchange::id::KeyNodeId;
use crate::exchange::id::LanguageId;
use serde::Deserialize;
use serde::Serialize;

/// One state of a key table: where each of the twelve keys leads.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct KeyNode {
    /// The node after each key, by [`Key::index`](crate::exchange::key::Key::index).
    pub next: [Option<KeyNodeId>; 12],
    /// The action of the keys so far, as a place in [`Dialplan::key_actions`](super::Dialplan::key_actions).
    pub action: Option<u32>,
}

impl KeyNode {
    /// Whether no key leads further.
    pub fn is_leaf(&self) -> bool {
        self.next.iter().all(Option::is_none)
    }
}

/// What a key does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeyAction {
    /// The key as written: `1`, `*`, `2xx`.
    pub key: String,
    /// What callers are told it is for, in the first language of the line; empty where nothing is said.
    #[serde(default)]
    pub label: String,
    /// Where it leads.
    pub target: Target,
    /// The language it sets.
    pub language: Option<LanguageId>,
    /// Whether the caller says with it that the answer was enough.
    pub self_served: bool,
    /// Whether the caller says with it that the answer was not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not_helped: bool,
    /// Whether it comes from `[global_keys]`.
    pub global: bool,
}
