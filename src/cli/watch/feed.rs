//! Wallboards from a daemon, as they come: connects, and connects again.

use crate::cli::control::let_in_by;
use crate::daemon::token::Token;
use crate::daemon::wallboard::Wallboard;
use axum::http::StatusCode;
use axum::http::Uri;
use futures_util::StreamExt;
use std::io;
use std::time::Duration;
use std::time::Instant;
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio::time::sleep;
use tokio::time::timeout;
use tokio_tungstenite::MaybeTlsStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::ClientRequestBuilder;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::Message;

/// A daemon that has said nothing for this long is not there: it speaks twice a second.
const SILENCE: Duration = Duration::from_secs(5);
/// How long connecting may take.
const CONNECTING: Duration = Duration::from_secs(5);
/// Between two attempts to connect.
const RETRY: Duration = Duration::from_secs(1);

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Where wallboards come from.
#[derive(Clone, Debug)]
pub(super) struct Source {
    uri: Uri,
    bearer: Option<String>,
    pub(super) address: String,
}

impl Source {
    pub(super) fn new(address: &str, token: Option<&Token>) -> Result<Self, String> {
        let address = address.strip_prefix("http://").unwrap_or(address);
        let address = address.trim_end_matches('/').to_owned();
        let uri = format!("ws://{address}/api/v1/wallboard/live");
        let uri: Uri = uri
            .parse()
            .map_err(|_| format!("\"{address}\" is no address: it is host:port"))?;
        Ok(Self {
            uri,
            bearer: token.map(Token::bearer),
            address,
        })
    }

    async fn connect(&self) -> Result<Socket, Trouble> {
        let mut request = ClientRequestBuilder::new(self.uri.clone());
        if let Some(bearer) = &self.bearer {
            request = request.with_header("Authorization", bearer);
        }
        match timeout(CONNECTING, connect_async(request)).await {
            Ok(Ok((socket, _))) => Ok(socket),
            Ok(Err(error)) => Err(Trouble::of(&error, self.bearer.is_some())),
            Err(_) => Err(Trouble::passing("the daemon does not answer")),
        }
    }
}

/// Why there is nothing to see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trouble {
    pub(super) why: String,
    /// Whether trying again may help.
    pub(super) passing: bool,
}

impl Trouble {
    fn passing(why: &str) -> Self {
        Self {
            why: why.to_owned(),
            passing: true,
        }
    }

    fn of(error: &Error, has_token: bool) -> Self {
        let lasting = |why: &str| Self {
            why: why.to_owned(),
            passing: false,
        };
        match error {
            Error::Http(response) if response.status() == StatusCode::UNAUTHORIZED => {
                lasting(let_in_by(has_token))
            }
            Error::Http(response) if response.status().is_client_error() => {
                lasting("this is not the API of a strowger daemon")
            }
            Error::Http(response) => {
                Self::passing(&format!("the daemon answers {}", response.status()))
            }
            Error::HttpFormat(_) | Error::Url(_) => lasting(&error.to_string()),
            Error::Io(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
                Self::passing("nobody listens there")
            }
            other => Self::passing(&other.to_string()),
        }
    }
}

/// What was heard last, and what is wrong since.
#[derive(Clone, Debug, Default)]
pub(super) struct Feed {
    pub(super) board: Option<Wallboard>,
    pub(super) heard: Option<Instant>,
    pub(super) trouble: Option<Trouble>,
}

/// The wallboard as it is now.
pub(super) fn first(source: &Source) -> Result<Wallboard, String> {
    let runtime = runtime()?;
    let found = runtime.block_on(async {
        let mut socket = source.connect().await?;
        next(&mut socket).await
    });
    found.map_err(|trouble| format!("{}: {}", source.address, trouble.why))
}

/// Wallboards from now on, for as long as the runtime lives.
pub(super) fn follow(source: Source) -> Result<(Runtime, watch::Receiver<Feed>), String> {
    let runtime = runtime()?;
    let (feed, seen) = watch::channel(Feed::default());
    runtime.spawn(async move {
        loop {
            let trouble = listen(&source, &feed).await;
            feed.send_modify(|feed| feed.trouble = Some(trouble));
            sleep(RETRY).await;
        }
    });
    Ok((runtime, seen))
}

fn runtime() -> Result<Runtime, String> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(|error| error.to_string())
}

/// Hands on what comes until something is wrong.
async fn listen(source: &Source, feed: &watch::Sender<Feed>) -> Trouble {
    let mut socket = match source.connect().await {
        Ok(socket) => socket,
        Err(trouble) => return trouble,
    };
    loop {
        match next(&mut socket).await {
            Ok(board) => drop(feed.send_replace(Feed {
                board: Some(board),
                heard: Some(Instant::now()),
                trouble: None,
            })),
            Err(trouble) => return trouble,
        }
    }
}

/// The next wallboard. A daemon that has just begun has nothing to show yet.
async fn next(socket: &mut Socket) -> Result<Wallboard, Trouble> {
    loop {
        let frame = timeout(SILENCE, socket.next()).await;
        let frame = frame.map_err(|_| Trouble::passing("the daemon is silent"))?;
        let text = match frame {
            Some(Ok(Message::Text(text))) => text,
            Some(Ok(Message::Close(_))) | None => {
                return Err(Trouble::passing("the daemon has hung up"));
            }
            Some(Ok(_)) => continue,
            Some(Err(error)) => return Err(Trouble::of(&error, true)),
        };
        let board: Wallboard = serde_json::from_str(&text).map_err(|error| Trouble {
            why: format!("what the daemon says cannot be read: {error}"),
            passing: true,
        })?;
        if board.at_ms != 0 {
            return Ok(board);
        }
    }
}
