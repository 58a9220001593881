//! The HTTP client: hyper over TCP or TLS, with connections that are kept open.

use super::Request;
use crate::daemon::log;
use crate::daemon::seldom::SeldomOfEach;
use crate::daemon::url::without_query;
use crate::exchange::dialplan::LookupResult;
use http_body_util::BodyExt;
use http_body_util::Full;
use http_body_util::Limited;
use hyper::StatusCode;
use hyper::body::Bytes;
use hyper::body::Incoming;
use hyper::header;
use hyper_rustls::HttpsConnector;
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use hyper_util::rt::TokioTimer;
use std::time::Instant;

/// The longest answer, in bytes.
pub(super) const ANSWER_BYTES_MAX: usize = 256 * 1024;

type Connected<C> = legacy::Client<C, Full<Bytes>>;

/// Asks other systems over HTTP. Redirects are not followed: they are errors like any other.
#[derive(Clone, Debug)]
pub struct Client {
    plain: Connected<HttpConnector>,
    /// Or why there is no TLS on this system.
    tls: Result<Connected<HttpsConnector<HttpConnector>>, String>,
    complained: SeldomOfEach,
}

impl Client {
    /// A client that trusts whom the system trusts.
    pub fn trusting_the_system() -> Self {
        let mut builder = legacy::Client::builder(TokioExecutor::new());
        builder.pool_timer(TokioTimer::new());
        let tls = HttpsConnectorBuilder::new().with_native_roots();
        let tls = tls.map(|tls| builder.build(tls.https_only().enable_http1().build()));
        Self {
            plain: builder.build_http(),
            tls: tls.map_err(|error| {
                format!("the certificates that this system trusts cannot be read: {error}")
            }),
            complained: SeldomOfEach::default(),
        }
    }

    /// The body of a good answer, or what went wrong.
    pub(super) async fn send(&self, request: &Request) -> Result<Bytes, LookupResult> {
        let address = without_query(&request.url);
        let failed = |what: &dyn std::fmt::Display| {
            self.complain(address, &format!("cannot be asked: {what}"));
            LookupResult::Failed
        };
        let asked = build(request).map_err(|what| failed(&what))?;
        let (status, body) = self.carry(asked).await.map_err(|what| failed(&what))?;
        if !status.is_success() {
            return Err(LookupResult::Status(status.as_u16()));
        }
        let body = body.collect().await;
        Ok(body.map_err(|error| failed(&error))?.to_bytes())
    }

    /// Tells the log what is wrong with a system, for the first of many callers.
    pub(super) fn complain(&self, address: &str, what: &str) {
        if self.complained.is_due(address, Instant::now()) {
            log::say(format_args!("{address} {what}"));
        }
    }

    /// Sends a request: the status of the answer, and the body that is still to come.
    ///
    /// # Errors
    /// If nobody answers.
    pub(in crate::daemon) async fn carry(
        &self,
        request: hyper::Request<Full<Bytes>>,
    ) -> Result<(StatusCode, Limited<Incoming>), String> {
        let answer = match (&self.tls, request.uri().scheme_str() == Some("https")) {
            (Ok(tls), true) => tls.request(request).await,
            (Err(why), true) => return Err(why.clone()),
            (_, false) => self.plain.request(request).await,
        };
        let answer = answer.map_err(|error| reason(&error))?;
        let status = answer.status();
        Ok((status, Limited::new(answer.into_body(), ANSWER_BYTES_MAX)))
    }
}

fn build(request: &Request) -> Result<hyper::Request<Full<Bytes>>, String> {
    let mut asked = hyper::Request::builder()
        .method(request.method.name())
        .uri(&request.url)
        .header(header::ACCEPT, "application/json")
        .header(
            header::USER_AGENT,
            concat!("strowger/", env!("CARGO_PKG_VERSION")),
        );
    if !request.body.is_empty() {
        asked = asked.header(header::CONTENT_TYPE, "application/json");
    }
    if let Some(name) = &request.bearer_env {
        let token = std::env::var(name)
            .map_err(|_| format!("the environment variable {name} is not set"))?;
        let value = header::HeaderValue::try_from(format!("Bearer {}", token.trim()));
        let mut value = value.map_err(|_| format!("{name} holds no token"))?;
        value.set_sensitive(true);
        asked = asked.header(header::AUTHORIZATION, value);
    }
    let body = Full::new(Bytes::from(request.body.clone()));
    asked.body(body).map_err(|error| error.to_string())
}

/// The innermost cause: "client error (Connect)" helps nobody.
fn reason(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
