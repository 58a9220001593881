//! The wallboard, once or live.

use super::Answer;
use super::App;
use super::problem::Problem;
use crate::daemon::bridge::websocket;
use crate::daemon::bridge::websocket::Socket;
use crate::daemon::mailbox::Query;
use crate::daemon::wallboard::Wallboard;
use axum::Json;
use axum::extract::Request;
use axum::extract::State;
use axum::response::Response;
use futures_util::SinkExt;
use futures_util::StreamExt;
use tokio::sync::watch;
use tokio_tungstenite::tungstenite::Message;

pub(super) async fn wallboard(State(app): State<App>) -> Answer<Wallboard> {
    app.ask(Query::Wallboard).await.map(|board| Json(*board))
}

/// A WebSocket on which every new wallboard is sent as one JSON text.
pub(super) async fn live(State(app): State<App>, request: Request) -> Result<Response, Problem> {
    let board = app.board;
    websocket::upgrade(request, |socket| show(socket, board)).map_err(Problem::bad_request)
}

async fn show(socket: Socket, mut board: watch::Receiver<Wallboard>) {
    let (mut sink, mut stream) = socket.split();
    board.mark_changed();
    loop {
        tokio::select! {
            changed = board.changed() => {
                let text = serde_json::to_string(&*board.borrow_and_update());
                let text = text.expect("a wallboard is plain data");
                if changed.is_err() || sink.send(Message::text(text)).await.is_err() {
                    return;
                }
            }
            // Nothing is expected from a watcher but its leaving.
            frame = stream.next() => match frame {
                Some(Err(_)) | None => return,
                // A close is answered while the next frame is waited for, and there is none.
                Some(Ok(_)) => {}
            },
        }
    }
}
