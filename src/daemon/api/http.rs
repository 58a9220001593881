//! HTTP/1.1 for the API: whoever has connected asks for something before long, or makes room.

use crate::daemon::listener::Listener;
use crate::daemon::seldom::Seldom;
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use futures_util::StreamExt;
use futures_util::stream::try_unfold;
use hyper::body::Body as _;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::rt::TokioTimer;
use hyper_util::service::TowerToHyperService;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncRead;
use tokio::io::AsyncWrite;
use tokio::sync::Semaphore;
use tokio::time::Instant;
use tokio::time::timeout_at;

/// Connections over which something is asked, or is about to be. WebSockets are not among them.
pub(in crate::daemon) const CONNECTIONS_MAX: usize = 512;
/// How long the line and the headers of a request may take, the first and each one after.
pub(in crate::daemon) const HEAD: Duration = Duration::from_secs(15);
/// How long its body may take.
pub(in crate::daemon) const BODY: Duration = Duration::from_secs(30);

/// Serves all that come.
pub(in crate::daemon) async fn serve(mut listener: Listener, router: Router) -> Infallible {
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let mut full = Seldom::default();
    loop {
        if places.available_permits() == 0 && full.is_due(std::time::Instant::now()) {
            eprintln!(
                "strowger: {CONNECTIONS_MAX} connections to the API are open: others wait until one of \
                 them ends"
            );
        }
        let place = Arc::clone(&places).acquire_owned().await;
        let stream = listener.accept().await;
        let router = router.clone();
        tokio::spawn(async move {
            carry(stream, router).await;
            drop(place);
        });
    }
}

/// Answers what is asked over one connection until it ends, or becomes a WebSocket.
async fn carry(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, router: Router) {
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router))
        .with_upgrades();
    // Whoever is gone, or says what is no HTTP, is told so by the connection itself.
    drop(connection.await);
}

/// A body that does not come in time is one that could not be read.
pub(super) async fn limit_body(request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let end = Instant::now() + BODY;
    let timed = request.map(|body| {
        let pieces = body.into_data_stream();
        Body::from_stream(try_unfold(pieces, move |mut pieces| async move {
            match timeout_at(end, pieces.next()).await {
                Ok(Some(piece)) => piece.map(|piece| Some((piece, pieces))),
                Ok(None) => Ok(None),
                Err(late) => Err(axum::Error::new(late)),
            }
        }))
    });
    next.run(timed).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::middleware;
    use axum::routing::get;
    use tokio::io::AsyncReadExt as _;
    use tokio::io::AsyncWriteExt as _;

    /// What is answered to this, and after how many seconds the connection ends.
    async fn said(request: &str) -> (String, u64) {
        let router = Router::new()
            .route(
                "/",
                get(|| async { "here" }).post(|body: String| async { body }),
            )
            .layer(middleware::from_fn(limit_body));
        let (mut near, far) = tokio::io::duplex(4096);
        let start = Instant::now();
        tokio::spawn(carry(far, router));
        near.write_all(request.as_bytes()).await.expect("written");
        let mut answer = String::new();
        near.read_to_string(&mut answer).await.expect("text");
        (answer, start.elapsed().as_secs())
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_asks_for_nothing_makes_room() {
        for request in ["", "GET / HTTP/1.1\r\nHost: a\r\n", "GET"] {
            assert_eq!(said(request).await.1, HEAD.as_secs(), "{request:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_has_asked_may_ask_again_for_a_while() {
        let (answer, seconds) = said("GET / HTTP/1.1\r\nHost: a\r\n\r\n").await;
        assert!(answer.ends_with("here"), "{answer}");
        assert_eq!(seconds, HEAD.as_secs());
    }

    #[tokio::test(start_paused = true)]
    async fn half_a_body_is_answered_in_the_end() {
        let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n";
        let (answer, seconds) = said(&format!("{head}no")).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
        assert_eq!(seconds, BODY.as_secs());
        let (answer, _) = said(&format!("{head}body")).await;
        assert!(answer.ends_with("body"), "{answer}");
    }
}
