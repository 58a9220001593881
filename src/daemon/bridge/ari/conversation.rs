//! One connection to Asterisk and one to the session, side by side until either is lost.

use super::Memory;
use super::Settings;
use super::heard;
use super::heard::Heard;
use super::output::Output;
use super::output::Purpose;
use super::request::Request;
use super::socket::Socket;
use super::translator::DEVICES;
use crate::daemon::bridge::link::Link;
use crate::daemon::bridge::protocol::Capability;
use crate::daemon::bridge::protocol::Code;
use crate::daemon::bridge::protocol::FromBridge;
use crate::daemon::bridge::protocol::HEARTBEAT_MS;
use crate::daemon::bridge::protocol::Hello;
use crate::daemon::bridge::protocol::PROTOCOL;
use crate::daemon::bridge::protocol::Refusal;
use crate::daemon::bridge::protocol::SILENCE_MS_MAX;
use crate::daemon::bridge::protocol::ToBridge;
use futures_util::SinkExt;
use futures_util::StreamExt;
use futures_util::stream::SplitSink;
use futures_util::stream::SplitStream;
use std::collections::BTreeMap;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio::time::MissedTickBehavior;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::Message;

/// Requests without an answer; then no more is taken from strowger.
const ASKED_MAX: usize = 1024;
/// Requests without an answer that make an end: Asterisk's events ask for some too.
const ASKED_END: usize = 8 * ASKED_MAX;
/// Messages on their way to the socket.
const WRITING_MAX: usize = 64;

/// How a conversation has ended.
pub(super) struct Ended {
    /// Whether it had come as far as the welcome.
    pub(super) talked: bool,
    /// Why, for people.
    pub(super) why: String,
}

/// One conversation.
pub(super) struct Conversation<'a> {
    settings: &'a Settings,
    memory: &'a mut Memory,
    talking: bool,
    /// To be said before the next report.
    said: VecDeque<FromBridge>,
    /// The last effect that was acknowledged.
    acknowledged: u64,
    /// Requests without an answer, with the effect that wanted them.
    asked: BTreeMap<u64, (Purpose, Option<u64>)>,
    /// Those that are not sent yet.
    outgoing: VecDeque<String>,
    /// Prompts without a sound, by when their time is over.
    waiting: BTreeMap<(Instant, u64), String>,
    waits: u64,
    heard_at: Instant,
}

impl<'a> Conversation<'a> {
    pub(super) fn new(settings: &'a Settings, memory: &'a mut Memory) -> Self {
        Self {
            settings,
            memory,
            talking: false,
            said: VecDeque::new(),
            acknowledged: 0,
            asked: BTreeMap::new(),
            outgoing: VecDeque::new(),
            waiting: BTreeMap::new(),
            waits: 0,
            heard_at: Instant::now(),
        }
    }

    /// Talks until either side is lost.
    pub(super) async fn run(mut self, socket: Socket, link: Link) -> Ended {
        let (sink, mut stream) = socket.split();
        let (writer, written) = mpsc::channel(WRITING_MAX);
        // A task of its own: while Asterisk does not read, what it says is still heard.
        let writing = tokio::spawn(write(sink, written));
        let why = match self.talk(&mut stream, &writer, link).await {
            Ok(never) => match never {},
            Err(why) => why,
        };
        writing.abort();
        let talked = self.talking;
        Ended { talked, why }
    }

    async fn talk(
        &mut self,
        stream: &mut SplitStream<Socket>,
        writer: &mpsc::Sender<Message>,
        mut link: Link,
    ) -> Result<Infallible, String> {
        let list = Request::get(&["applications", &self.settings.app]);
        self.ask(&list, Purpose::List, None);
        let mut heartbeat = tokio::time::interval(Duration::from_millis(HEARTBEAT_MS));
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let wake = self.waiting.first_key_value().map(|((at, _), _)| *at);
            tokio::select! {
                message = stream.next(), if self.memory.ledger.has_room() => {
                    self.received(message)?;
                }
                order = link.orders.recv(), if self.asked.len() < ASKED_MAX => {
                    self.ordered(order.ok_or("the daemon has closed the conversation")?)?;
                }
                permit = link.reports.reserve(), if self.has_to_say() => {
                    let permit = permit.map_err(|_| "the daemon does not listen any more")?;
                    if let Some(message) = self.next_to_say() {
                        permit.send(message.into());
                    }
                }
                permit = writer.reserve(), if !self.outgoing.is_empty() => {
                    let permit = permit.map_err(|_| "asterisk takes no more requests")?;
                    if let Some(text) = self.outgoing.pop_front() {
                        permit.send(Message::text(text));
                    }
                }
                () = sleep_until(wake), if wake.is_some() => self.woken(),
                _ = heartbeat.tick() => self.beat(writer)?,
            }
            if self.asked.len() > ASKED_END {
                return Err("asterisk leaves too many requests unanswered".to_owned());
            }
        }
    }

    /// Something came from Asterisk, or its end.
    fn received(&mut self, message: Option<Result<Message, Error>>) -> Result<(), String> {
        self.heard_at = Instant::now();
        match message {
            Some(Ok(Message::Text(text))) => self.heard(text.as_str()),
            Some(Ok(Message::Close(_))) | None => Err("asterisk has closed the connection".into()),
            Some(Ok(_)) => Ok(()),
            Some(Err(error)) => Err(format!("the connection is lost: {error}")),
        }
    }

    fn heard(&mut self, text: &str) -> Result<(), String> {
        let mut out = Vec::new();
        match heard::parse(text) {
            Ok(Heard::Replaced) => {
                return Err("another client has taken the application".to_owned());
            }
            Ok(Heard::Response {
                request,
                status,
                body,
            }) => {
                let asked = request.and_then(|number| self.asked.remove(&number));
                if let Some((purpose, effect)) = asked {
                    self.answered(purpose, status, &body, &mut out)?;
                    // After what comes of it: a prompt is not played while its next piece is asked.
                    self.carry_out(out, effect);
                    if let Some(effect) = effect {
                        self.memory.ledger.answered(effect);
                    }
                }
                return Ok(());
            }
            Ok(heard) => self.memory.translator.heard(heard, &mut out),
            Err(error) => (self.settings.notice)(&error.to_string()),
        }
        self.carry_out(out, None);
        Ok(())
    }

    fn answered(
        &mut self,
        purpose: Purpose,
        status: u16,
        body: &str,
        out: &mut Vec<Output>,
    ) -> Result<(), String> {
        if purpose != Purpose::List {
            self.memory.translator.answered(purpose, status, body, out);
            return Ok(());
        }
        if status >= 400 {
            let app = &self.settings.app;
            return Err(format!(
                "asterisk does not list the channels of {app}: status {status}"
            ));
        }
        let listed = heard::parse_application(body).map_err(|error| error.to_string())?;
        let resume = self.memory.ledger.resume();
        let translator = &mut self.memory.translator;
        translator.resync(&listed, resume.is_none(), out);
        // Listed also with `resume`: the session may be forgotten. Not those that are to come as
        // new, or they would be taken for strays.
        let beginning = self.memory.ledger.beginning();
        let mut calls = translator.calls();
        calls.retain(|call| !beginning.contains(call.as_str()));
        let mut can = vec![
            Capability::Ring,
            Capability::Record,
            Capability::RecordTalk,
            Capability::Music,
        ];
        can.extend(self.settings.outside.as_ref().map(|_| Capability::Dial));
        self.said.push_back(FromBridge::Hello(Hello {
            protocol: PROTOCOL,
            bridge: self.settings.bridge.clone(),
            // One of the house needs none.
            token: None,
            can,
            devices: DEVICES.map(str::to_owned).to_vec(),
            clock_ms: self.clock_ms(),
            resume,
            calls,
        }));
        Ok(())
    }

    /// Something came from strowger.
    fn ordered(&mut self, order: ToBridge) -> Result<(), String> {
        match order {
            ToBridge::Welcome(welcome) => {
                self.memory.ledger.welcome(&welcome);
                self.acknowledged = self.memory.ledger.done();
                if !self.talking {
                    (self.settings.notice)("connected");
                }
                self.talking = true;
            }
            ToBridge::Ack { seq } => self.memory.ledger.saved(seq),
            ToBridge::Pong { .. } => {}
            ToBridge::Error(refusal) => self.refused(refusal)?,
            ToBridge::Effect(effect) => {
                if self.memory.ledger.take(effect.effect) {
                    let mut out = Vec::new();
                    self.memory.translator.told(effect.act, &mut out);
                    self.carry_out(out, Some(effect.effect));
                }
            }
        }
        Ok(())
    }

    fn refused(&mut self, refusal: Refusal) -> Result<(), String> {
        if refusal.fatal {
            return Err(format!("the daemon refuses: {}", refusal.message));
        }
        let event = refusal.seq.and_then(|seq| self.memory.ledger.reported(seq));
        match (refusal.code, event.cloned()) {
            (Code::UnknownCall | Code::StaleOffer, Some(event)) => {
                let mut out = Vec::new();
                self.memory.translator.refused(&event, &mut out);
                self.carry_out(out, None);
            }
            // Races of a caller and a clock; nothing is wrong.
            (Code::UnknownCall | Code::StaleOffer | Code::StalePlay, None)
            | (Code::StalePlay | Code::NotNow | Code::KeyWithoutMeaning | Code::TooManyKeys, _) => {
            }
            _ => (self.settings.notice)(&refusal.message),
        }
        Ok(())
    }

    fn carry_out(&mut self, out: Vec<Output>, effect: Option<u64>) {
        let clock_ms = self.clock_ms();
        for output in out {
            match output {
                Output::Report(event) => self.memory.ledger.report(clock_ms, event),
                Output::Ask(request, purpose) => self.ask(&request, purpose, effect),
                Output::Wait { ms, playback } => {
                    self.waits += 1;
                    let at = Instant::now() + Duration::from_millis(ms);
                    self.waiting.insert((at, self.waits), playback);
                }
            }
        }
    }

    fn ask(&mut self, request: &Request, purpose: Purpose, effect: Option<u64>) {
        self.memory.requests += 1;
        let number = self.memory.requests;
        if let Some(effect) = effect {
            self.memory.ledger.asked(effect);
        }
        self.asked.insert(number, (purpose, effect));
        self.outgoing.push_back(request.text(number));
    }

    fn woken(&mut self) {
        let now = Instant::now();
        let mut out = Vec::new();
        while let Some(entry) = self.waiting.first_entry() {
            if entry.key().0 > now {
                break;
            }
            let playback = entry.remove();
            self.memory.translator.waited(&playback, &mut out);
        }
        self.carry_out(out, None);
    }

    /// Still there; and is Asterisk?
    fn beat(&mut self, writer: &mpsc::Sender<Message>) -> Result<(), String> {
        if self.heard_at.elapsed() > Duration::from_millis(SILENCE_MS_MAX) {
            return Err("asterisk is silent".to_owned());
        }
        // One that finds no room says that enough is on its way.
        let _full = writer.try_send(Message::Ping(Vec::new().into()));
        if self.talking && self.said.is_empty() {
            let clock_ms = self.clock_ms();
            self.said.push_back(FromBridge::Ping { clock_ms });
        }
        Ok(())
    }

    fn has_to_say(&self) -> bool {
        let ledger = &self.memory.ledger;
        let behind = ledger.has_next() || ledger.done() > self.acknowledged;
        !self.said.is_empty() || self.talking && behind
    }

    fn next_to_say(&mut self) -> Option<FromBridge> {
        if let Some(first) = self.said.pop_front() {
            return Some(first);
        }
        let ledger = &mut self.memory.ledger;
        if ledger.done() > self.acknowledged {
            let effect = ledger.done();
            self.acknowledged = effect;
            return Some(FromBridge::Ack { effect });
        }
        ledger.next().map(FromBridge::Report)
    }

    fn clock_ms(&self) -> i64 {
        let since = self.memory.started.elapsed().as_millis();
        i64::try_from(since).unwrap_or(i64::MAX)
    }
}

async fn sleep_until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}

/// Writes what comes until the socket takes no more.
async fn write(mut sink: SplitSink<Socket, Message>, mut messages: mpsc::Receiver<Message>) {
    while let Some(message) = messages.recv().await {
        if sink.send(message).await.is_err() {
            break;
        }
    }
}
