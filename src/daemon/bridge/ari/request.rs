//! What Asterisk is asked for: a REST request, sent over the WebSocket of the events.

use crate::daemon::url::encode;
use serde::Serialize;

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Request {
    method: &'static str,
    uri: String,
    /// Whether the uri has a query already.
    asked: bool,
}

impl Request {
    /// To see; the path's parts are encoded here.
    pub(super) fn get(path: &[&str]) -> Self {
        Self::new("GET", path)
    }

    /// To do.
    pub(super) fn post(path: &[&str]) -> Self {
        Self::new("POST", path)
    }

    /// To end.
    pub(super) fn delete(path: &[&str]) -> Self {
        Self::new("DELETE", path)
    }

    /// With one more parameter.
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.uri.push(if self.asked { '&' } else { '?' });
        self.uri.push_str(name);
        self.uri.push('=');
        encode(value, &mut self.uri);
        self.asked = true;
        self
    }

    /// Path and query, encoded.
    pub(super) fn uri(&self) -> &str {
        &self.uri
    }

    /// As it is sent, under a number that the response will have.
    pub(super) fn text(&self, number: u64) -> String {
        #[derive(Serialize)]
        struct Message<'a> {
            r#type: &'a str,
            transaction_id: &'a str,
            request_id: &'a str,
            method: &'a str,
            uri: &'a str,
        }
        let number = number.to_string();
        let message = Message {
            r#type: "RESTRequest",
            transaction_id: &number,
            request_id: &number,
            method: self.method,
            uri: &self.uri,
        };
        serde_json::to_string(&message).expect("a flat message of strings")
    }

    fn new(method: &'static str, path: &[&str]) -> Self {
        let mut uri = String::new();
        for (place, part) in path.iter().enumerate() {
            if place > 0 {
                uri.push('/');
            }
            encode(part, &mut uri);
        }
        Self {
            method,
            uri,
            asked: false,
        }
    }
}

/// For tests and logs: `POST channels/x/answer`.
impl std::fmt::Display for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, self.uri)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_break_out_of_their_place() {
        let request = Request::post(&["channels", "a/../b?x", "play"])
            .with("media", "sound:strowger/en/main")
            .with("lang", "en&x=1");
        assert_eq!(
            request.to_string(),
            "POST channels/a%2F..%2Fb%3Fx/play?media=sound%3Astrowger%2Fen%2Fmain&lang=en%26x%3D1"
        );
    }

    #[test]
    fn a_request_is_a_message_with_a_number() {
        let text = Request::delete(&["channels", "1.2"]).text(7);
        assert_eq!(
            text,
            r#"{"type":"RESTRequest","transaction_id":"7","request_id":"7","method":"DELETE","uri":"channels/1.2"}"#
        );
    }
}
