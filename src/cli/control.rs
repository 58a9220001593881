//! Asks a running daemon's API for something.

use super::Exit;
use crate::daemon::token::Token;
use clap::Args;
use http_body_util::BodyExt;
use http_body_util::Full;
use http_body_util::Limited;
use hyper::Request;
use hyper::StatusCode;
use hyper::body::Bytes;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use std::path::PathBuf;
use std::time::Duration;
use tokio::time::timeout;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest answer, in bytes.
const ANSWER_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Which daemon.
#[derive(Debug, Args)]
pub(super) struct Address {
    /// Where the daemon's API is served.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:4747")]
    address: String,
    /// A file with the token, where the daemon asks for one.
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
}

impl Address {
    /// The daemon there.
    pub(super) fn daemon(&self) -> Result<Daemon, String> {
        Daemon::new(self)
    }
}

/// Why nothing came of it.
pub(super) struct Failure {
    why: String,
    exit: Exit,
}

impl Failure {
    /// Says why.
    pub(super) fn report(&self) -> Exit {
        eprintln!("error: {}", self.why);
        self.exit
    }
}

/// The daemon was not reached.
impl From<String> for Failure {
    fn from(why: String) -> Self {
        Self {
            why,
            exit: Exit::Unreadable,
        }
    }
}

/// Where a daemon is, and the token that it asks for.
pub(super) struct Daemon {
    address: String,
    bearer: Option<String>,
}

impl Daemon {
    fn new(at: &Address) -> Result<Self, String> {
        let file = at.token_file.as_ref();
        let token = file
            .map(|path| Token::read(path).map_err(|error| format!("{}: {error}", path.display())));
        let address = at.address.strip_prefix("http://").unwrap_or(&at.address);
        Ok(Self {
            address: address.trim_end_matches('/').to_owned(),
            bearer: token.transpose()?.as_ref().map(Token::bearer),
        })
    }

    /// The answer to a request, or what the daemon says is wrong with it.
    pub(super) fn ask(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| error.to_string())?;
        let asked = async { timeout(PATIENCE, self.send(method, path, body)).await };
        let answer = runtime.block_on(asked);
        answer.unwrap_or_else(|_| Err(self.says("the daemon does not answer").into()))
    }

    async fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value, Failure> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("http://{}{path}", self.address));
        if let Some(bearer) = &self.bearer {
            request = request.header("Authorization", bearer);
        }
        let body = body.map(Value::to_string).unwrap_or_default();
        let request = request
            .body(Full::new(Bytes::from(body)))
            .map_err(|_| format!("\"{}\" is no address: it is host:port", self.address))?;
        let client = Client::builder(TokioExecutor::new()).build_http();
        let answer = client.request(request).await;
        let answer = answer.map_err(|_| self.says("nobody listens there"))?;
        let status = answer.status();
        let bytes = Limited::new(answer.into_body(), ANSWER_BYTES_MAX)
            .collect()
            .await
            .map_err(|error| self.says(&error.to_string()))?
            .to_bytes();
        let value: Value = serde_json::from_slice(&bytes)
            .map_err(|_| self.says("this is not the API of a strowger daemon"))?;
        if status.is_success() {
            return Ok(value);
        }
        let detail = value["detail"].as_str();
        let why = match status {
            StatusCode::UNAUTHORIZED => let_in_by(self.bearer.is_some()),
            _ => detail.unwrap_or("the daemon refuses this"),
        };
        Err(Failure {
            why: why.to_owned(),
            exit: exit(status),
        })
    }

    fn says(&self, what: &str) -> String {
        format!("{}: {what}", self.address)
    }
}

/// What a daemon wants that lets nobody in without its token, or with another one.
pub(super) fn let_in_by(has_token: bool) -> &'static str {
    match has_token {
        false => "the daemon asks for its token: give it with --token-file",
        true => "the daemon has another token than the one in --token-file",
    }
}

/// A daemon that refuses has found something; one that lets nobody in, or has no time, was not reached.
fn exit(status: StatusCode) -> Exit {
    let outside = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN];
    match status.is_client_error() && !outside.contains(&status) {
        true => Exit::Findings,
        false => Exit::Unreadable,
    }
}
