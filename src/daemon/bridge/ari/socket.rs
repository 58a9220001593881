//! The WebSocket to Asterisk.

use super::Settings;
use super::heard::HEARD_BYTES_MAX;
use std::fmt;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_tungstenite::MaybeTlsStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::connect_async_with_config;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

/// How long connecting may take.
const CONNECT_MAX: Duration = Duration::from_secs(5);

/// A connected one.
pub(super) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// The address of Asterisk's HTTP server, without a scheme: `127.0.0.1:8088`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address(String);

/// Why something is no address of an Asterisk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongAddress(String);

impl fmt::Display for WrongAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is no address of an Asterisk: http://HOST:PORT, without TLS",
            self.0
        )
    }
}

impl std::error::Error for WrongAddress {}

impl Address {
    /// Reads `http://host:port`, with the prefix of `http.conf` if there is one.
    ///
    /// # Errors
    /// If it has another scheme, or no host.
    pub fn parse(url: &str) -> Result<Self, WrongAddress> {
        let rest = url
            .strip_prefix("http://")
            .or_else(|| url.strip_prefix("ws://"));
        let rest = rest.map(|rest| rest.trim_end_matches('/'));
        match rest {
            Some(rest) if is_host_and_path(rest) => Ok(Self(rest.to_owned())),
            _ => Err(WrongAddress(url.to_owned())),
        }
    }
}

fn is_host_and_path(rest: &str) -> bool {
    let known = |c: char| c.is_ascii_alphanumeric() || "-._:[]/".contains(c);
    rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[') && rest.chars().all(known)
}

/// Connects and subscribes to the application's events.
pub(super) async fn open(settings: &Settings) -> Result<Socket, String> {
    let request = request(settings)?;
    let config = WebSocketConfig::default()
        .max_message_size(Some(HEARD_BYTES_MAX))
        .max_frame_size(Some(HEARD_BYTES_MAX));
    let connecting = connect_async_with_config(request, Some(config), true);
    match tokio::time::timeout(CONNECT_MAX, connecting).await {
        Ok(Ok((socket, _))) => Ok(socket),
        Ok(Err(error)) => Err(format!("cannot connect to {}: {error}", settings.address.0)),
        Err(_) => Err(format!("{} does not answer", settings.address.0)),
    }
}

fn request(settings: &Settings) -> Result<Request, String> {
    let wrong = |error: &dyn fmt::Display| format!("cannot ask for the events: {error}");
    let uri = super::request::Request::get(&["ari", "events"])
        .with("app", &settings.app)
        .with("subscribeAll", "false");
    let url = format!("ws://{}/{}", settings.address.0, uri.uri());
    let mut request = url.into_client_request().map_err(|error| wrong(&error))?;
    let credentials = base64(format!("{}:{}", settings.user, settings.password).as_bytes());
    let mut authorization =
        HeaderValue::try_from(format!("Basic {credentials}")).map_err(|error| wrong(&error))?;
    authorization.set_sensitive(true);
    let headers = request.headers_mut();
    headers.insert("Authorization", authorization);
    headers.insert("Sec-WebSocket-Protocol", HeaderValue::from_static("ari"));
    Ok(request)
}

/// RFC 4648 §4.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for group in bytes.chunks(3) {
        let byte = |place: usize| u32::from(group.get(place).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            if place > group.len() {
                out.push('=');
            } else {
                let letter = bits >> (18 - 6 * place) & 63;
                out.push(char::from(LETTERS[letter as usize]));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_host_without_tls() {
        let parse = |url| Address::parse(url).map(|address| address.0);
        assert_eq!(
            parse("http://127.0.0.1:8088/"),
            Ok("127.0.0.1:8088".to_owned())
        );
        assert_eq!(
            parse("ws://[::1]:8088/pbx"),
            Ok("[::1]:8088/pbx".to_owned())
        );
        assert!(parse("https://pbx.example").is_err());
        assert!(parse("http://").is_err());
        assert!(parse("http://user@host").is_err());
        assert!(parse("http://host/?x").is_err());
    }

    #[test]
    fn base64_is_as_in_the_rfc() {
        let vectors = ["", "f", "fo", "foo", "foob", "fooba", "foobar"];
        let coded = vectors.map(|text| base64(text.as_bytes()));
        assert_eq!(
            coded,
            [
                "", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"
            ]
        );
    }
}
