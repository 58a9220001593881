//! What another system is told without being asked: tickets, and word of messages.

use super::Piece;
use super::Target;
use serde::Deserialize;
use serde::Serialize;

/// A step that hands a ticket to a back office. The call goes on at once: the driver keeps the ticket
/// and hands it in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ticket {
    /// Whom it is for.
    pub office: Webhook,
    /// What it says, by name.
    pub fields: Vec<(String, Vec<Piece>)>,
    /// Where the call goes.
    pub then: Target,
}

/// A system that is told of something over HTTP, signed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Webhook {
    /// Where.
    pub url: String,
    /// The environment variable with the secret by which it is signed.
    pub secret_env: String,
}
