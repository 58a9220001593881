//! A bridge over a WebSocket: one message a text frame (RFC 6455).

use super::link;
use super::link::Link;
use super::protocol::FromBridge;
use super::protocol::MESSAGE_BYTES_MAX;
use super::protocol::Refusal;
use super::protocol::ToBridge;
use super::wire;
use axum::body::Body;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::HeaderName;
use axum::http::StatusCode;
use axum::http::header;
use axum::response::Response;
use futures_util::SinkExt;
use futures_util::StreamExt;
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use std::future::pending;
use tokio::io::AsyncRead;
use tokio::io::AsyncWrite;
use tokio::sync::mpsc;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::Role;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

/// What is read at one time. Every socket holds room for so much, whether anything comes or not.
const READ_BYTES: usize = 16 * 1024;

/// A WebSocket that was accepted over HTTP.
pub type Socket = WebSocketStream<TokioIo<Upgraded>>;

/// Answers a request for a WebSocket; `then` gets it once the client has changed over.
///
/// # Errors
/// What the request lacks.
pub fn upgrade<F>(
    mut request: Request,
    then: impl FnOnce(Socket) -> F + Send + 'static,
) -> Result<Response, &'static str>
where
    F: Future<Output = ()> + Send + 'static,
{
    let key = handshake_key(request.headers())?;
    let upgraded = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        if let Ok(upgraded) = upgraded.await {
            then(accepted(TokioIo::new(upgraded)).await).await;
        }
    });
    let response = Response::builder()
        .status(StatusCode::SWITCHING_PROTOCOLS)
        .header(header::CONNECTION, "Upgrade")
        .header(header::UPGRADE, "websocket")
        .header(header::SEC_WEBSOCKET_ACCEPT, key)
        .body(Body::empty());
    response.map_err(|_| "the handshake is malformed")
}

/// The server's end of a WebSocket whose handshake is over.
pub(in crate::daemon) async fn accepted<S>(io: S) -> WebSocketStream<S>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BYTES)
        .max_message_size(Some(MESSAGE_BYTES_MAX))
        .max_frame_size(Some(MESSAGE_BYTES_MAX));
    WebSocketStream::from_raw_socket(io, Role::Server, Some(config)).await
}

/// What a handshake is answered with: the value of `Sec-WebSocket-Accept`.
///
/// # Errors
/// What the headers lack.
pub fn handshake_key(headers: &HeaderMap) -> Result<String, &'static str> {
    let has = |name: HeaderName, wanted: &str| {
        let values = headers.get_all(name).iter();
        let mut values = values.filter_map(|value| value.to_str().ok());
        values.any(|value| {
            value
                .split(',')
                .any(|part| part.trim().eq_ignore_ascii_case(wanted))
        })
    };
    if !has(header::CONNECTION, "upgrade") || !has(header::UPGRADE, "websocket") {
        return Err("this address speaks WebSocket");
    }
    if !has(header::SEC_WEBSOCKET_VERSION, "13") {
        return Err("WebSocket version 13 is spoken here");
    }
    let key = headers.get(header::SEC_WEBSOCKET_KEY);
    let key = key.ok_or("the request has no Sec-WebSocket-Key")?;
    Ok(derive_accept_key(key.as_bytes()))
}

/// Carries messages between a WebSocket and a session until either ends.
pub async fn carry<S>(socket: WebSocketStream<S>, link: Link)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let Link {
        reports,
        mut orders,
    } = link;
    let (mut sink, mut stream) = socket.split();
    // Answers to pings would pile up for whoever does not take them, and is not heard on before that.
    let (pinged, mut pings) = mpsc::channel(1);
    let hear = async {
        while let Some(frame) = stream.next().await {
            let message = match frame {
                Ok(Message::Text(text)) => wire::parse(&text),
                Ok(Message::Binary(_)) => FromBridge::Unreadable(wire::bad(
                    None,
                    "messages are text frames, not binary ones",
                )),
                Ok(Message::Ping(_)) => {
                    let _ = pinged.send(()).await;
                    continue;
                }
                // A close is answered while the next frame is waited for, and there is none after it.
                Ok(_) => continue,
                Err(error) => {
                    let Some(refusal) = objection(&error) else {
                        return;
                    };
                    let message = FromBridge::Unreadable(refusal);
                    drop(reports.send(message.into()).await);
                    // The rest of the message cannot be told from what follows it.
                    return pending().await;
                }
            };
            drop(reports.send(message.into()).await);
        }
    };
    let speak = async move {
        loop {
            let order = tokio::select! {
                order = orders.recv() => order,
                Some(()) = pings.recv() => match sink.flush().await {
                    Ok(()) => continue,
                    Err(_) => return,
                },
            };
            let Some(order) = order else {
                break;
            };
            let last = matches!(&order, ToBridge::Error(refusal) if refusal.fatal);
            let text = wire::write(&order);
            if sink.feed(Message::text(text)).await.is_err() {
                return;
            }
            if (orders.is_empty() || last) && sink.flush().await.is_err() {
                return;
            }
            if last {
                break;
            }
        }
        drop(sink.close().await);
    };
    link::carry(reports.clone(), hear, speak).await;
}

/// What a bridge is told of a frame that ends the connection; none if nobody is there to hear it.
fn objection(error: &Error) -> Option<Refusal> {
    match error {
        Error::Capacity(_) => Some(wire::too_long()),
        Error::Utf8(_) => Some(Refusal {
            fatal: true,
            ..wire::no_text("the frame")
        }),
        // Whoever is gone hears nothing.
        Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => None,
        Error::Protocol(what) => Some(Refusal {
            fatal: true,
            ..wire::bad(None, &format!("the frame is none of WebSocket: {what}"))
        }),
        _ => None,
    }
}

/// A session of its own for a WebSocket, carried until it ends.
pub async fn serve(socket: Socket, dial: impl FnOnce(link::FarEnd)) {
    let (near, far) = link::pair();
    dial(far);
    carry(socket, near).await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use tokio::io::AsyncWriteExt as _;
    use tokio::time::timeout;

    #[tokio::test(start_paused = true)]
    async fn whoever_takes_no_answers_to_pings_is_not_heard_on() {
        let (mut near, far) = tokio::io::duplex(1024);
        let (link, _session) = link::pair();
        tokio::spawn(async {
            carry(accepted(far).await, link).await;
        });
        let ping = [0x89, 0x80, 0, 0, 0, 0];
        let mut pings = 0;
        while let Ok(written) = timeout(Duration::from_secs(1), near.write_all(&ping)).await {
            written.expect("the connection goes on");
            pings += 1;
            assert!(pings < READ_BYTES, "they are read without end");
        }
    }
}
