//! What went wrong with a request, as RFC 9457 has it.

use super::http::BODY_BYTES_MAX;
use super::http::MENUS_BYTES_MAX;
use super::watching::WATCHERS_MAX;
use crate::daemon::journal::error::JournalError;
use axum::Json;
use axum::body::to_bytes;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header;
use axum::response::IntoResponse;
use axum::response::Response;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::json;

const PROBLEM: &str = "application/problem+json";
/// The longest words of the framework, in bytes.
const WORDS_BYTES_MAX: usize = 16 * 1024;

/// A problem: a status, a code for programs, and words for people.
#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    detail: String,
    /// What is wrong with files, one by one.
    findings: Option<Value>,
}

impl Problem {
    pub(super) fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        Self {
            status,
            code,
            detail,
            findings: None,
        }
    }

    /// With what is wrong with files, for programs.
    pub(super) fn with_findings(mut self, findings: Value) -> Self {
        self.findings = Some(findings);
        self
    }

    pub(super) fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", detail)
    }

    pub(super) fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad-request", detail)
    }

    /// A body, all of whose fields are as they should be. Whatever may be left out says what it is
    /// expected to be in words for people.
    pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Self> {
        let wrong =
            |what: &str| Self::bad_request(format!("the body is not as it should be: {what}"));
        // A list would be taken for the fields of an object in their order.
        if !body.trim_ascii_start().starts_with(b"{") {
            return Err(wrong("expected an object"));
        }
        serde_json::from_slice(body).map_err(|error| wrong(&in_plain_words(&error.to_string())))
    }

    /// The same of a body that may be left out.
    pub(super) fn read_if_any<T: DeserializeOwned + Default>(body: &[u8]) -> Result<T, Self> {
        match body.is_empty() {
            true => Ok(T::default()),
            false => Self::read(body),
        }
    }

    /// A body that has nothing to say.
    pub(super) fn read_nothing(body: &[u8]) -> Result<(), Self> {
        #[derive(Default, Deserialize)]
        #[serde(deny_unknown_fields, expecting = "an object")]
        struct Nothing {}
        Self::read_if_any(body).map(|Nothing {}| ())
    }

    pub(super) fn overloaded() -> Self {
        let detail = "the daemon has more to do than it can, or is stopping: ask again later";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "overloaded", detail)
    }

    /// What the journal holds cannot be read.
    pub(super) fn journal(error: &JournalError) -> Self {
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        Self::new(status, "journal", error.to_string())
    }

    pub(super) fn too_many_watchers() -> Self {
        let detail = format!("{WATCHERS_MAX} watch the wallboard live already: ask again later");
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "too-many-watchers", detail)
    }

    pub(super) fn unauthorized() -> Self {
        let detail = "send the token: Authorization: Bearer …";
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", detail)
    }

    pub(super) fn foreign_page() -> Self {
        let detail = "a web page may act here only where the daemon has a token";
        Self::new(StatusCode::FORBIDDEN, "foreign-page", detail)
    }

    fn too_large() -> Self {
        let (menus, others) = (MENUS_BYTES_MAX >> 20, BODY_BYTES_MAX >> 10);
        let detail =
            format!("the body is too large: menus have at most {menus} MiB, others {others} KiB");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", detail)
    }

    pub(super) fn wrong_method() -> Self {
        let detail = "this address is not asked like this";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "wrong-method", detail)
    }
}

/// What a reader of JSON says, without the words of this program's language.
fn in_plain_words(what: &str) -> String {
    [
        ("u64", "a whole number"),
        ("a sequence", "a list"),
        ("a map", "an object"),
    ]
    .iter()
    .fold(what.to_owned(), |what, (theirs, ours)| {
        what.replace(&format!("expected {theirs}"), &format!("expected {ours}"))
    })
    .replace("invalid type: sequence", "invalid type: list")
    .replace("invalid type: map", "invalid type: object")
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut body = json!({
            "type": "about:blank",
            "title": self.status.canonical_reason().unwrap_or("Problem"),
            "status": self.status.as_u16(),
            "code": self.code,
            "detail": self.detail,
        });
        if let Some(findings) = self.findings {
            body["findings"] = findings;
        }
        let kind = [(header::CONTENT_TYPE, PROBLEM)];
        let mut response = (self.status, kind, Json(body)).into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer");
            let headers = response.headers_mut();
            headers.insert(header::WWW_AUTHENTICATE, scheme);
        }
        response
    }
}

/// What the framework refuses by itself it says in plain words; they become a problem.
pub(super) async fn in_due_form(response: Response) -> Response {
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE);
    if !status.is_client_error() || kind.is_some_and(|kind| kind == PROBLEM) {
        return response;
    }
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        return Problem::too_large().into_response();
    }
    let words = to_bytes(response.into_body(), WORDS_BYTES_MAX).await;
    let detail = String::from_utf8_lossy(&words.unwrap_or_default()).into_owned();
    Problem::new(status, "bad-request", detail).into_response()
}
