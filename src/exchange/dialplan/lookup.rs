//! A look-up: what another system is asked, and where each of its answers leads.
//!
//! The exchange never sees a value that comes back. The driver asks, keeps the values with the call,
//! and tells which case they are by [`Lookup::case_of`].

use super::Recognition;
use super::Target;
use crate::exchange::id::PromptId;
use crate::exchange::id::VariableId;
use crate::exchange::time::Span;
use serde::Deserialize;
use serde::Serialize;

/// A step that asks another system.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lookup {
    /// What is asked.
    pub request: Request,
    /// The longest wait for the answer.
    pub timeout: Span,
    /// How long an answer may be used for the same request again; none: not at all.
    pub cache: Option<Span>,
    /// Said when the answer takes longer than [`LOOKUP_SILENCE`].
    ///
    /// [`LOOKUP_SILENCE`]: crate::exchange::limits::LOOKUP_SILENCE
    pub slow: Option<PromptId>,
    /// What is kept of the answer.
    pub save: Vec<Saved>,
    /// What these say of the caller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set: Option<Recognition>,
    /// Which of these decides where the call goes, as a place in `save`.
    pub branch: Option<u16>,
    /// Its values, each with where it leads.
    pub cases: Vec<(String, Target)>,
    /// With any other value, or when nothing is to be decided.
    pub otherwise: Target,
    /// HTTP statuses, each with where it leads.
    pub errors: Vec<(u16, Target)>,
    /// When no answer comes in time.
    pub timed_out: Target,
    /// With every other error.
    pub failed: Target,
}

/// A request over HTTP.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// How it is asked.
    pub method: Method,
    /// Where; values are percent-encoded.
    pub url: Vec<Piece>,
    /// The fields of the JSON object that is sent, by name.
    pub body: Vec<(String, Vec<Piece>)>,
    /// The environment variable with the bearer token.
    pub bearer_env: Option<String>,
}

/// The methods of HTTP that a look-up may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Method {
    /// Asks for something.
    Get,
    /// Sends the body.
    Post,
    /// Puts the body there.
    Put,
}

impl Method {
    /// Its name in HTTP.
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
        }
    }
}

/// A piece of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Piece {
    /// As it is.
    Text(String),
    /// What was saved: an entry of digits, or a value of an earlier look-up.
    Saved(VariableId),
    /// The caller's number; empty when it is withheld.
    Caller,
    /// The tag of the caller's language.
    Language,
    /// The name of the line.
    Line,
}

/// One value that is kept of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    /// Where it is kept.
    pub variable: VariableId,
    /// Where it is in the answer: a JSON pointer (RFC 6901).
    pub pointer: String,
}

/// What came of a look-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LookupResult {
    /// An answer: the place of its value among the cases, if it is one of them.
    Found(Option<u16>),
    /// An error: a status of HTTP.
    Status(u16),
    /// No answer in time.
    TimedOut,
    /// No connection, or an answer that cannot be read.
    Failed,
}

impl LookupResult {
    /// Whether there was an answer.
    pub fn is_found(self) -> bool {
        matches!(self, Self::Found(_))
    }
}

impl Lookup {
    /// Which case an answer is, by the value that the look-up branches on: none without one.
    pub fn case_of(&self, value: Option<&str>) -> LookupResult {
        let is = |case: &(String, Target)| value == Some(case.0.as_str());
        let place = self.cases.iter().position(is);
        LookupResult::Found(place.map(|place| place as u16))
    }

    /// Where a call goes with a result.
    pub fn target(&self, result: LookupResult) -> Target {
        match result {
            LookupResult::Found(case) => case
                .and_then(|case| self.cases.get(usize::from(case)))
                .map_or(self.otherwise, |(_, target)| *target),
            LookupResult::Status(status) => self
                .errors
                .iter()
                .find(|(other, _)| *other == status)
                .map_or(self.failed, |(_, target)| *target),
            LookupResult::TimedOut => self.timed_out,
            LookupResult::Failed => self.failed,
        }
    }
}
