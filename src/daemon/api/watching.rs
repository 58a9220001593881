//! The wallboard, once or live.

use super::Answer;
use super::App;
use super::problem::Problem;
use crate::daemon::bridge::websocket;
use crate::daemon::mailbox::Query;
use crate::daemon::wallboard::Wallboard;
use axum::Json;
use axum::body::Bytes;
use axum::extract::Request;
use axum::extract::State;
use axum::response::Response;
use futures_util::SinkExt;
use futures_util::StreamExt;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncRead;
use tokio::io::AsyncWrite;
use tokio::sync::watch;
use tokio::time::sleep;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::Message;

/// Those who watch live at one time.
pub(super) const WATCHERS_MAX: usize = 256;
/// How long a watcher may take to be sent something.
const TAKES: Duration = Duration::from_secs(30);
/// After so long without news it is looked whether the watcher is still there.
const QUIET: Duration = Duration::from_secs(30);

pub(super) async fn wallboard(State(app): State<App>) -> Answer<Wallboard> {
    app.ask(Query::Wallboard).await.map(|board| Json(*board))
}

/// A WebSocket on which every new wallboard is sent as one JSON text.
pub(super) async fn live(State(app): State<App>, request: Request) -> Result<Response, Problem> {
    let seat = Arc::clone(&app.watchers).try_acquire_owned();
    let seat = seat.map_err(|_| Problem::too_many_watchers())?;
    // What was shown last may be half a second old.
    let now = app.ask(Query::Wallboard).await;
    let board = app.board;
    let show = |socket| async move {
        let first = now.map_or_else(|_| board.borrow().clone(), |now| *now);
        show(socket, first, board).await;
        drop(seat);
    };
    websocket::upgrade(request, show).map_err(Problem::bad_request)
}

async fn show<S>(
    socket: WebSocketStream<S>,
    first: Wallboard,
    mut board: watch::Receiver<Wallboard>,
) where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (mut sink, mut stream) = socket.split();
    board.mark_unchanged();
    if !is_taken(sink.send(written(&first))).await {
        return;
    }
    loop {
        tokio::select! {
            changed = board.changed() => {
                let next = written(&board.borrow_and_update());
                if changed.is_err() || !is_taken(sink.send(next)).await {
                    return;
                }
            }
            // Whoever has gone without a word is noticed.
            () = sleep(QUIET) => {
                if !is_taken(sink.send(Message::Ping(Bytes::new()))).await {
                    return;
                }
            }
            // Nothing is expected from a watcher but its leaving.
            frame = stream.next() => match frame {
                Some(Err(_)) | None => return,
                // Answers would pile up for whoever does not take them.
                Some(Ok(Message::Ping(_))) => {
                    if !is_taken(sink.flush()).await {
                        return;
                    }
                }
                // A close is answered while the next frame is waited for, and there is none.
                Some(Ok(_)) => {}
            },
        }
    }
}

fn written(board: &Wallboard) -> Message {
    Message::text(serde_json::to_string(board).expect("a wallboard is plain data"))
}

/// Whether something could be sent, in time.
async fn is_taken(sent: impl Future<Output = Result<(), Error>>) -> bool {
    matches!(timeout(TAKES, sent).await, Ok(Ok(())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncWriteExt as _;
    use tokio::time::Instant;

    #[tokio::test(start_paused = true)]
    async fn whoever_takes_no_answers_to_pings_is_left() {
        let (mut near, far) = tokio::io::duplex(1024);
        let (_owner, board) = watch::channel(Wallboard::default());
        let start = Instant::now();
        tokio::spawn(async {
            show(websocket::accepted(far).await, Wallboard::default(), board).await;
        });
        let ping = [0x89, 0x80, 0, 0, 0, 0];
        let mut pings = 0;
        while near.write_all(&ping).await.is_ok() {
            pings += 1;
            assert!(pings < 10_000, "they are read without end");
        }
        assert_eq!(start.elapsed(), TAKES);
    }
}
