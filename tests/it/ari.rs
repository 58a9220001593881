//! The bridge to Asterisk against an Asterisk that is played here: over a real socket, without SIP.

use futures_util::SinkExt;
use futures_util::StreamExt;
use serde_json::Value;
use serde_json::json;
use std::future::Future;
use std::time::Duration;
use strowger::daemon::bridge::ari;
use strowger::daemon::bridge::link::FarEnd;
use strowger::daemon::bridge::protocol::Act;
use strowger::daemon::bridge::protocol::Effect;
use strowger::daemon::bridge::protocol::FromBridge;
use strowger::daemon::bridge::protocol::Hello;
use strowger::daemon::bridge::protocol::Resume;
use strowger::daemon::bridge::protocol::ToBridge;
use strowger::daemon::bridge::protocol::Welcome;
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::accept_hdr_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::ErrorResponse;
use tokio_tungstenite::tungstenite::handshake::server::Request;
use tokio_tungstenite::tungstenite::handshake::server::Response;
use tokio_tungstenite::tungstenite::http::HeaderValue;

/// Long enough for the slowest machine; nothing waits for it when all is well.
const PATIENCE: Duration = Duration::from_secs(30);

/// The bridge under test, with both its sides.
struct Scene {
    listener: TcpListener,
    sessions: mpsc::Receiver<FarEnd>,
}

impl Scene {
    async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let address = ari::Address::parse(&format!("http://127.0.0.1:{port}")).expect("good");
        let mut settings = ari::Settings::new(address, "user", "word", "strowger");
        settings.notice = |_| {};
        let (to_sessions, sessions) = mpsc::channel(1);
        let dial = move |far| to_sessions.try_send(far).expect("one at a time");
        tokio::spawn(ari::run(settings, dial));
        Self { listener, sessions }
    }

    /// The next connection: Asterisk lists these channels, and the bridge says hello.
    async fn connected(&mut self, channels: &[&str]) -> (Asterisk, FarEnd, Hello) {
        let (stream, _) = soon(self.listener.accept()).await.expect("a connection");
        let mut asterisk = Asterisk {
            socket: soon(accept_hdr_async(stream, greeted))
                .await
                .expect("one of ours"),
        };
        let mut far = soon(self.sessions.recv()).await.expect("a conversation");
        let list = asterisk.asked("GET", "applications/strowger").await;
        let body = json!({"name": "strowger", "channel_ids": channels});
        asterisk.answer(&list, 200, &body.to_string()).await;
        let FromBridge::Hello(hello) = heard(&mut far).await else {
            panic!("hello comes first");
        };
        (asterisk, far, hello)
    }
}

/// Checks what Asterisk would: who comes, and for which events.
#[expect(
    clippy::result_large_err,
    reason = "the shape of tungstenite's callback"
)]
fn greeted(request: &Request, mut response: Response) -> Result<Response, ErrorResponse> {
    assert_eq!(
        request.uri().to_string(),
        "/ari/events?app=strowger&subscribeAll=false"
    );
    assert_eq!(request.headers()["Authorization"], "Basic dXNlcjp3b3Jk");
    let ari = HeaderValue::from_static("ari");
    response.headers_mut().insert("Sec-WebSocket-Protocol", ari);
    Ok(response)
}

struct Asterisk {
    socket: WebSocketStream<TcpStream>,
}

impl Asterisk {
    async fn says(&mut self, event: Value) {
        let message = Message::text(event.to_string());
        self.socket.send(message).await.expect("the bridge listens");
    }

    /// The next request, which must be this one; its number.
    async fn asked(&mut self, method: &str, uri: &str) -> String {
        loop {
            let message = soon(self.socket.next())
                .await
                .expect("open")
                .expect("sound");
            let Message::Text(text) = message else {
                continue;
            };
            let request: Value = serde_json::from_str(&text).expect("JSON");
            assert_eq!(request["type"], "RESTRequest");
            assert_eq!(
                (&request["method"], &request["uri"]),
                (&json!(method), &json!(uri))
            );
            return request["request_id"].as_str().expect("a number").to_owned();
        }
    }

    async fn answer(&mut self, request: &str, status: u16, body: &str) {
        self.says(json!({"type": "RESTResponse", "request_id": request,
            "status_code": status, "message_body": body}))
            .await;
    }

    async fn call_comes(&mut self, channel: &str) {
        self.says(
            json!({"type": "StasisStart", "args": ["call", "+441632960100"],
            "channel": {"id": channel, "name": "PJSIP/trunk-00000001", "state": "Ring"}}),
        )
        .await;
    }
}

async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, what).await.expect("in time")
}

/// What the bridge says next, but for its pings.
async fn heard(far: &mut FarEnd) -> FromBridge {
    loop {
        let heard = soon(far.reports.recv()).await.expect("the bridge is there");
        let message = heard.message;
        if !matches!(message, FromBridge::Ping { .. }) {
            return message;
        }
    }
}

/// The next report: its number, its kind and its call.
async fn reported(far: &mut FarEnd) -> (u64, String, String) {
    let FromBridge::Report(report) = heard(far).await else {
        panic!("a report");
    };
    let event = serde_json::to_value(&report.event).expect("JSON");
    let text = |field: &str| event[field].as_str().unwrap_or("").to_owned();
    (report.seq, text("type"), text("call"))
}

async fn tell(far: &FarEnd, order: ToBridge) {
    far.orders
        .send(vec![order])
        .await
        .expect("the bridge listens");
}

async fn welcome(far: &FarEnd, resumed: bool, received: u64) {
    let welcome = Welcome {
        protocol: 1,
        session: 4,
        resumed,
        received,
        heartbeat_ms: 5000,
        lines: Vec::new(),
        warnings: Vec::new(),
    };
    tell(far, ToBridge::Welcome(welcome)).await;
}

async fn effect(far: &FarEnd, effect: u64, act: Act) {
    tell(far, ToBridge::Effect(Effect { effect, act })).await;
}

fn named(kind: &str, call: &str) -> (String, String) {
    (kind.to_owned(), call.to_owned())
}

#[tokio::test]
async fn an_effect_is_carried_out_when_asterisk_has_answered() {
    let mut scene = Scene::new().await;
    let (mut asterisk, mut far, hello) = scene.connected(&["old"]).await;
    assert_eq!((hello.resume, hello.calls), (None, vec!["old".to_owned()]));
    welcome(&far, false, 0).await;

    asterisk.call_comes("c").await;
    let (seq, kind, call) = reported(&mut far).await;
    assert_eq!((seq, (kind, call)), (1, named("call.started", "c")));
    let call = || "c".to_owned();
    effect(&far, 1, Act::Answer { call: call() }).await;
    effect(&far, 1, Act::Answer { call: call() }).await;
    effect(&far, 2, Act::HangUp { call: call() }).await;
    let first = asterisk.asked("POST", "channels/c/answer").await;
    let second = asterisk.asked("DELETE", "channels/c").await;
    asterisk.answer(&first, 204, "").await;
    assert_eq!(heard(&mut far).await, FromBridge::Ack { effect: 1 });
    asterisk.answer(&second, 204, "").await;
    assert_eq!(heard(&mut far).await, FromBridge::Ack { effect: 2 });
}

#[tokio::test]
async fn after_a_loss_both_sides_send_what_the_other_has_missed() {
    let mut scene = Scene::new().await;
    let (mut asterisk, mut far, _) = scene.connected(&[]).await;
    welcome(&far, false, 0).await;
    for call in ["a", "b"] {
        asterisk.call_comes(call).await;
    }
    assert_eq!(reported(&mut far).await.0, 1);
    assert_eq!(reported(&mut far).await.0, 2);
    tell(&far, ToBridge::Ack { seq: 1 }).await;
    let call = || "a".to_owned();
    effect(&far, 1, Act::Answer { call: call() }).await;
    asterisk.asked("POST", "channels/a/answer").await;
    drop(asterisk);
    while soon(far.reports.recv()).await.is_some() {}

    // Call b has ended in the meantime, and the answer was lost.
    let (mut asterisk, mut far, hello) = scene.connected(&["a"]).await;
    let resume = Resume {
        session: 4,
        effect: 0,
    };
    assert_eq!(hello.resume, Some(resume));
    assert_eq!(hello.calls, ["a"]);
    welcome(&far, true, 1).await;
    effect(&far, 1, Act::Answer { call: call() }).await;
    let (seq, kind, call) = reported(&mut far).await;
    assert_eq!((seq, (kind, call)), (2, named("call.started", "b")));
    let (seq, kind, call) = reported(&mut far).await;
    assert_eq!((seq, (kind, call)), (3, named("call.ended", "b")));
    let answer = asterisk.asked("POST", "channels/a/answer").await;
    asterisk.answer(&answer, 204, "").await;
    assert_eq!(heard(&mut far).await, FromBridge::Ack { effect: 1 });
}

#[tokio::test]
async fn a_forgotten_session_begins_anew_with_the_calls_that_go_on() {
    let mut scene = Scene::new().await;
    let (mut asterisk, mut far, _) = scene.connected(&[]).await;
    welcome(&far, false, 0).await;
    asterisk.call_comes("a").await;
    assert_eq!(reported(&mut far).await.0, 1);
    tell(&far, ToBridge::Ack { seq: 1 }).await;
    asterisk
        .says(json!({"type": "ChannelDtmfReceived", "digit": "1", "channel": {"id": "a"}}))
        .await;
    assert_eq!(reported(&mut far).await.0, 2);
    // The session ends, as when a newer connection speaks for the bridge.
    drop(far);

    let (_asterisk, mut far, hello) = scene.connected(&["a"]).await;
    assert!(hello.resume.is_some());
    assert_eq!(hello.calls, ["a"]);
    welcome(&far, false, 0).await;
    let (seq, kind, call) = reported(&mut far).await;
    assert_eq!((seq, (kind, call)), (1, named("key", "a")));
}

#[tokio::test]
async fn a_prompt_without_a_sound_is_over_after_its_time() {
    let mut scene = Scene::new().await;
    let (mut asterisk, mut far, _) = scene.connected(&[]).await;
    welcome(&far, false, 0).await;
    asterisk.call_comes("a").await;
    reported(&mut far).await;
    let play = Act::Play {
        call: "a".to_owned(),
        play: 1,
        line: "clinic".to_owned(),
        prompt: "main".to_owned(),
        language: "en".to_owned(),
        parts: Vec::new(),
        length_ms: 20,
    };
    effect(&far, 1, play).await;
    let uri = "channels/a/play/1-0-1-a?media=sound%3Astrowger%2Fclinic%2Fen%2Fmain&lang=en";
    let request = asterisk.asked("POST", uri).await;
    asterisk.answer(&request, 201, "{}").await;
    assert_eq!(heard(&mut far).await, FromBridge::Ack { effect: 1 });
    asterisk
        .says(json!({"type": "PlaybackFinished", "playback": {"id": "1-0-1-a", "state": "failed"}}))
        .await;
    let (seq, kind, call) = reported(&mut far).await;
    assert_eq!((seq, (kind, call)), (2, named("play.done", "a")));
}
