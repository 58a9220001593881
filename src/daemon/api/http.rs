//! HTTP/1.1 for the API: whoever has connected asks for something before long, or makes room.

use crate::daemon::listener::Listener;
use crate::daemon::log;
use crate::daemon::seldom::Seldom;
use axum::Router;
use axum::body::Body;
use futures_util::StreamExt;
use futures_util::stream::try_unfold;
use hyper::body::Body as _;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::Service as _;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::rt::TokioTimer;
use hyper_util::service::TowerToHyperService;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::io::AsyncRead;
use tokio::io::AsyncWrite;
use tokio::task::AbortHandle;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio::time::timeout;
use tokio::time::timeout_at;

/// Connections over which something is asked, or is about to be. WebSockets are not among them.
const CONNECTIONS_MAX: usize = 512;
/// How long the line and the headers of a request may take, the first and each one after.
pub(in crate::daemon) const HEAD: Duration = Duration::from_secs(15);
/// How long its body may take.
pub(in crate::daemon) const BODY: Duration = Duration::from_secs(30);
/// The largest body that brings menus, in bytes.
pub(super) const MENUS_BYTES_MAX: usize = 16 * 1024 * 1024;
/// The largest of any other request.
pub(super) const BODY_BYTES_MAX: usize = 16 * 1024;

/// Until it is looked again for one that is idle, where none is.
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// Serves all that come.
pub(in crate::daemon) async fn serve(mut listener: Listener, router: Router) -> Infallible {
    let mut connections = Connections::new(CONNECTIONS_MAX);
    loop {
        let stream = listener.accept().await;
        connections.take(stream, &router).await;
    }
}

/// The connections that are open, the oldest first.
struct Connections {
    most: usize,
    tasks: JoinSet<()>,
    /// Each with whether a request has come whole, and is being answered.
    open: VecDeque<(AbortHandle, Arc<AtomicBool>)>,
    full: Seldom,
}

impl Connections {
    fn new(most: usize) -> Self {
        Self {
            most,
            tasks: JoinSet::new(),
            open: VecDeque::new(),
            full: Seldom::default(),
        }
    }

    /// Carries one more. Where there are too many, the oldest makes room over which nothing is being
    /// answered: who asks does so at once.
    async fn take(
        &mut self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        router: &Router,
    ) {
        if self.tasks.len() >= self.most {
            self.make_room().await;
        }
        let answers = Arc::new(AtomicBool::new(false));
        let task = carry(stream, router.clone(), Arc::clone(&answers));
        self.open.push_back((self.tasks.spawn(task), answers));
    }

    async fn make_room(&mut self) {
        loop {
            while self.tasks.try_join_next().is_some() {}
            self.open.retain(|(task, _)| !task.is_finished());
            if self.tasks.len() < self.most {
                return;
            }
            if self.full.is_due(std::time::Instant::now()) {
                let most = self.most;
                log::say(format_args!(
                    "more than {most} connections to the API: idle ones are closed"
                ));
            }
            let idle =
                |(_, answers): &(AbortHandle, Arc<AtomicBool>)| !answers.load(Ordering::Relaxed);
            let oldest = self.open.iter().position(idle);
            if let Some((task, _)) = oldest.and_then(|place| self.open.remove(place)) {
                task.abort();
            }
            // Its end, or that of any other; where all are being answered, one is idle before long.
            drop(timeout(LOOK_AGAIN, self.tasks.join_next()).await);
        }
    }
}

/// Answers what is asked over one connection until it ends, or becomes a WebSocket.
async fn carry(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    router: Router,
    answers: Arc<AtomicBool>,
) {
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let request = request.map(|body| limited(body, Arc::clone(&answers)));
        let (answer, answers) = (router.call(request), Arc::clone(&answers));
        async move {
            let answer = answer.await;
            answers.store(false, Ordering::Relaxed);
            answer
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        // Whoever says no more still wants to hear the answer: `nc -N` does so.
        .half_close(true)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    // Whoever is gone, or says what is no HTTP, is told so by the connection itself.
    drop(connection.await);
}

/// A body that does not come in time is one that could not be read. With its end the request `answers`.
fn limited(body: Incoming, answers: Arc<AtomicBool>) -> Body {
    if body.is_end_stream() {
        answers.store(true, Ordering::Relaxed);
        return Body::empty();
    }
    let end = Instant::now() + BODY;
    let pieces = Body::new(body).into_data_stream();
    Body::from_stream(try_unfold(pieces, move |mut pieces| {
        let answers = Arc::clone(&answers);
        async move {
            match timeout_at(end, pieces.next()).await {
                Ok(Some(piece)) => piece.map(|piece| Some((piece, pieces))),
                Ok(None) => {
                    answers.store(true, Ordering::Relaxed);
                    Ok(None)
                }
                Err(late) => Err(axum::Error::new(late)),
            }
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use tokio::io::AsyncReadExt as _;
    use tokio::io::AsyncWriteExt as _;
    use tokio::time::sleep;

    const SECOND: Duration = Duration::from_secs(1);

    fn router() -> Router {
        let here = get(|| async { "here" });
        let slow = get(|| async {
            sleep(SECOND).await;
            "slow"
        });
        let router = Router::new().route("/slow", slow);
        router.route("/", here.post(|body: String| async { body }))
    }

    /// What is answered to this, and after how many seconds the connection ends.
    async fn said(request: &str) -> (String, u64) {
        let (mut near, far) = tokio::io::duplex(4096);
        let start = Instant::now();
        tokio::spawn(carry(far, router(), Arc::default()));
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
    async fn whoever_says_no_more_is_answered() {
        let (mut near, far) = tokio::io::duplex(4096);
        let request = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";
        near.write_all(request).await.expect("written");
        near.shutdown().await.expect("an end");
        let start = Instant::now();
        carry(far, router(), Arc::default()).await;
        let mut answer = String::new();
        near.read_to_string(&mut answer).await.expect("text");
        assert!(answer.ends_with("here"), "{answer}");
        assert_eq!(start.elapsed(), Duration::ZERO);
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

    #[tokio::test(start_paused = true)]
    async fn whoever_has_asked_for_nothing_longest_makes_room_for_others() {
        let half_a_body = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nno";
        for half in ["GET / HT", half_a_body] {
            let mut connections = Connections::new(2);
            let mut halves = Vec::new();
            for _ in 0..5 {
                let (mut near, far) = tokio::io::duplex(4096);
                connections.take(far, &router()).await;
                near.write_all(half.as_bytes()).await.expect("written");
                tokio::task::yield_now().await;
                halves.push(near);
            }
            let start = Instant::now();
            let (mut near, far) = tokio::io::duplex(4096);
            connections.take(far, &router()).await;
            let request = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
            near.write_all(request).await.expect("written");
            let mut answer = String::new();
            near.read_to_string(&mut answer).await.expect("text");
            assert!(answer.ends_with("here"), "{answer}");
            // All but the last of those before are closed.
            for half in &mut halves[..4] {
                let read = half.read(&mut [0; 1]).await;
                assert_eq!(read.expect("an end"), 0);
            }
            assert_eq!(start.elapsed(), Duration::ZERO);
            assert_eq!(connections.tasks.len(), 2);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_has_been_answered_makes_room_too() {
        let mut connections = Connections::new(2);
        let start = Instant::now();
        let mut nears = Vec::new();
        for _ in 0..3 {
            let (mut near, far) = tokio::io::duplex(4096);
            connections.take(far, &router()).await;
            let request = b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n";
            near.write_all(request).await.expect("written");
            tokio::task::yield_now().await;
            nears.push(near);
        }
        assert!((SECOND..2 * SECOND).contains(&start.elapsed()));
        for near in &mut nears {
            let read = near.read(&mut [0; 4096]).await.expect("an answer");
            assert!(read > 0);
        }
    }
}
