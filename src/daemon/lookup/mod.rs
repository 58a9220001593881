//! Look-ups over HTTP: what the owner wants to know of other systems is asked for beside it, and
//! comes back as one more thing that has happened.
//!
//! A question leaves only once the batch that brought it about is safe. After a crash it is asked
//! again, as nobody knows whether it was: a system that is asked by POST must bear that.

mod answer;
pub(super) mod asking;
mod cache;
mod client;

pub use client::Client;

use crate::exchange::dialplan::LookupResult;
use crate::exchange::dialplan::Method;
use crate::exchange::id::CallId;
use crate::exchange::id::LookupId;
use std::time::Duration;

/// Questions that wait to be asked.
pub const QUESTIONS_MAX: usize = 4096;

/// Something to ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// For which call.
    pub call: CallId,
    /// Which of its look-ups.
    pub lookup: LookupId,
    /// The request.
    pub request: Request,
    /// The longest wait.
    pub timeout: Duration,
    /// How long an answer may be used again; none: not at all.
    pub cache: Option<Duration>,
    /// JSON pointers to what is to be kept.
    pub pointers: Vec<String>,
}

/// A request, filled in. It may hold a secret: it is not to be printed.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Request {
    /// How.
    pub method: Method,
    /// Where.
    pub url: String,
    /// A JSON object, or nothing.
    pub body: String,
    /// The environment variable with the bearer token.
    pub bearer_env: Option<String>,
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (method, length) = (self.method.name(), self.body.len());
        write!(f, "{method} {} ({length} bytes)", self.url)
    }
}

/// What came of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// What is at each of the pointers, as text; nothing where nothing is.
    Found(Vec<Option<String>>),
    /// There is none.
    None(LookupResult),
}
