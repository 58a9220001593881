//! A bridge over WebSocket: the same conversation in frames.

use crate::daemon::Daemon;
use crate::daemon::has;
use serde_json::Value;
use serde_json::json;
use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;
use tokio_tungstenite::tungstenite;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::WebSocket;

const HELLO: &str = r#"{"type":"hello","protocol":1,"bridge":"b","clock_ms":0}"#;
const CALL: &str = r#"{"type":"call.started","seq":1,"call":"a","number":"+441632960555"}"#;

struct Socket(WebSocket<TcpStream>);

impl Socket {
    fn open(daemon: &Daemon) -> Self {
        let address = format!("ws://{}/api/v1/bridge", daemon.http());
        let opened = tungstenite::client(address, daemon.connect());
        Self(opened.expect("a WebSocket").0)
    }

    /// One that has said hello, and was welcomed.
    fn welcomed(daemon: &Daemon) -> Self {
        let mut socket = Self::open(daemon);
        socket.say(HELLO);
        socket.hear(&json!({ "type": "welcome" }));
        socket
    }

    fn say(&mut self, text: &str) {
        self.0.send(Message::text(text)).expect("a way to say it");
    }

    /// Hears until a message has all of this.
    #[track_caller]
    fn hear(&mut self, wanted: &Value) -> Value {
        loop {
            let frame = self.0.read().expect("a frame");
            if let Message::Text(text) = frame {
                let message = serde_json::from_str(&text).expect("JSON");
                if has(&message, wanted) {
                    return message;
                }
            }
        }
    }

    /// Reads until the daemon has closed in due form.
    #[track_caller]
    fn is_closed(&mut self) {
        loop {
            match self.0.read() {
                Ok(_) => {}
                Err(Error::ConnectionClosed) => return,
                Err(other) => panic!("not closed in due form: {other}"),
            }
        }
    }
}

#[test]
fn a_call_is_carried_in_text_frames() {
    let daemon = Daemon::start();
    let mut socket = Socket::open(&daemon);
    socket.say(HELLO);
    let welcome = socket.hear(&json!({ "type": "welcome" }));
    assert_eq!(welcome["lines"][0]["line"], "desk");
    socket.say(CALL);
    socket.hear(&json!({ "type": "answer", "call": "a", "effect": 1 }));
    socket.hear(&json!({ "type": "play", "call": "a", "prompt": "main" }));
    socket.hear(&json!({ "type": "ack", "seq": 1 }));
    socket.say(r#"{"type":"ping","clock_ms":77}"#);
    socket.hear(&json!({ "type": "pong", "clock_ms": 77 }));
    socket.0.send(Message::Ping("x".into())).expect("a ping");
    while socket.0.read().expect("a pong") != Message::Pong("x".into()) {}
    socket.say(r#"{"type":"call.ended","seq":2,"call":"a"}"#);
    socket.hear(&json!({ "type": "ack", "seq": 2 }));
    socket.0.close(None).expect("a close");
    socket.is_closed();
}

#[test]
fn binary_frames_are_no_messages() {
    let daemon = Daemon::start();
    let mut socket = Socket::open(&daemon);
    socket.say(HELLO);
    socket.0.send(Message::binary(CALL)).expect("a frame");
    let error = socket.hear(&json!({ "type": "error" }));
    assert_eq!(error["code"], "bad-message");
    assert_eq!(error["fatal"], Value::Null);
    socket.say(CALL);
    socket.hear(&json!({ "type": "answer" }));
}

#[test]
fn text_that_is_none_is_refused_before_the_end() {
    let daemon = Daemon::start();
    let mut socket = Socket::welcomed(&daemon);
    // A text frame of one byte, masked with zeros.
    let frame = [0x81, 0x80 | 1, 0, 0, 0, 0, 0xff];
    socket.0.get_mut().write_all(&frame).expect("a frame");
    socket.hear(&json!({ "type": "error", "code": "bad-message", "fatal": true }));
}

#[test]
fn an_older_connection_is_told_that_it_was_replaced_and_closed() {
    let daemon = Daemon::start();
    let mut old = Socket::open(&daemon);
    old.say(HELLO);
    old.hear(&json!({ "type": "welcome" }));
    let mut new = Socket::open(&daemon);
    new.say(HELLO);
    new.hear(&json!({ "type": "welcome" }));
    old.hear(&json!({ "type": "error", "code": "replaced", "fatal": true }));
    old.is_closed();
}

#[test]
fn a_fatal_error_is_heard_before_the_close() {
    let daemon = Daemon::start();
    let mut socket = Socket::open(&daemon);
    socket.say(CALL);
    socket.hear(&json!({ "type": "error", "code": "hello-first", "fatal": true }));
    socket.is_closed();
}

#[test]
fn a_frame_that_is_too_long_is_refused_by_its_head() {
    let daemon = Daemon::start();
    let mut socket = Socket::welcomed(&daemon);
    // A masked text frame of 2 MiB, of which only the head comes.
    let mut head = vec![0x81, 0x80 | 127];
    head.extend(2_097_152_u64.to_be_bytes());
    head.extend([0; 4]);
    socket.0.get_mut().write_all(&head).expect("a head");
    socket.hear(&json!({ "type": "error", "code": "too-long", "fatal": true }));
}

#[test]
fn a_frame_that_is_none_is_refused_before_the_end() {
    let daemon = Daemon::start();
    let mut socket = Socket::welcomed(&daemon);
    // A text frame that is not masked, as all that a client sends must be.
    socket.0.get_mut().write_all(b"\x81\x02{}").expect("bytes");
    let refused = socket.hear(&json!({ "type": "error", "code": "bad-message", "fatal": true }));
    let words = refused["message"].as_str().expect("words");
    assert!(words.contains("unmasked"), "{words}");
    socket.is_closed();
}

#[test]
fn a_request_that_is_no_handshake_has_its_problem_named() {
    let daemon = Daemon::start();
    let upgrade = "Upgrade: websocket\r\n";
    let version = "Sec-WebSocket-Version: 13\r\n";
    for (headers, detail) in [
        (String::new(), "this address speaks WebSocket"),
        (
            format!("{upgrade}Connection: upgrade\r\nSec-WebSocket-Version: 8\r\n"),
            "WebSocket version 13 is spoken here",
        ),
        (
            format!("{upgrade}Connection: upgrade\r\n{version}"),
            "the request has no Sec-WebSocket-Key",
        ),
    ] {
        let answer = daemon.ask("GET /api/v1/bridge", &headers, "");
        assert_eq!(answer.status, 400, "{answer:?}");
        assert_eq!(answer.kind, "application/problem+json");
        assert_eq!(answer.json()["detail"], detail);
    }
}

fn watch(daemon: &Daemon) -> Option<Socket> {
    let address = format!("ws://{}/api/v1/wallboard/live", daemon.http());
    let opened = tungstenite::client(address, daemon.connect());
    Some(Socket(opened.ok()?.0))
}

#[test]
fn so_many_watch_and_no_more() {
    let daemon = Daemon::start();
    let mut all: Vec<Socket> = (0..256).map_while(|_| watch(&daemon)).collect();
    let headers = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                   Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    let answer = daemon.ask("GET /api/v1/wallboard/live", headers, "");
    assert_eq!(answer.status, 503, "{answer:?}");
    assert_eq!(answer.json()["code"], "too-many-watchers");
    assert_eq!(all.len(), 256);
    let mut last = all.pop().expect("a watcher");
    last.0.close(None).expect("a close");
    last.is_closed();
    // The seat is free as soon as the daemon has seen the end.
    let comes = |_| {
        std::thread::sleep(Duration::from_millis(20));
        watch(&daemon).is_some()
    };
    assert!((0..100).any(comes));
}

#[test]
fn watchers_get_the_wallboard_of_now_at_once() {
    let daemon = Daemon::start();
    let answer = daemon.ask("POST /api/v1/agents/ana/sign-in", "", "");
    assert_eq!(answer.status, 200, "{answer:?}");
    let mut socket = watch(&daemon).expect("a WebSocket");
    let board = socket.hear(&json!({ "accepting": true }));
    let ana = &board["agents"][0];
    assert_eq!(
        (&ana["agent"], &ana["state"]),
        (&json!("ana"), &json!("not-ready"))
    );
    socket.0.close(None).expect("a close");
    socket.is_closed();
}
