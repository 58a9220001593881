//! Steps that take a message.

use super::Target;
use super::Webhook;
use crate::exchange::id::PromptId;
use crate::exchange::time::Span;
use serde::Deserialize;
use serde::Serialize;

/// A step that takes a message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Said before the tone.
    pub prompt: PromptId,
    /// The longest message.
    pub max: Span,
    /// Where it is put.
    pub mailbox: String,
    /// Who is told that there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notify: Option<Webhook>,
    /// Afterwards.
    pub then: Target,
}
