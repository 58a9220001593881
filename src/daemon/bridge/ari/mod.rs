//! Asterisk as a bridge, over ARI: one WebSocket carries its events, our requests and its answers.
//!
//! ```text
//! Asterisk ── heard ──> Translator ── Output::Report ──> Ledger ──> Link ──> session
//!          <─ request ─            <──────── Act ───────────────────
//! ```
//!
//! To the rest of the daemon this is a bridge like any other: it says hello, numbers its reports,
//! and acknowledges effects. The requests over the WebSocket need Asterisk 20.14, 21.9 or 22.4.
//!
//! Asterisk's dialplan hands a call over with `Stasis(<app>,call,<number dialled>)` or
//! `Stasis(<app>,line,<stem of the line's file>)`; after it stands what is to happen while the
//! daemon is away. A call is named as its channel. A device of `groups.toml` is an endpoint:
//! `PJSIP/211`. Music is Asterisk's default class of music on hold. Messages are put where Asterisk
//! keeps recordings, and so are conversations, as the bridge in which caller and agent are. Numbers outside are dialled for calls back where the settings say how; transfers
//! to them are not offered.

mod call;
mod conversation;
mod dialled;
pub mod heard;
mod ledger;
mod output;
mod playlist;
mod request;
mod socket;
mod tape;
#[cfg(test)]
mod tests;
mod translator;

pub use dialled::Outside;
pub use playlist::Sounds;
pub use socket::Address;
pub use socket::WrongAddress;

use super::link;
use super::link::FarEnd;
use crate::daemon::log;
use conversation::Conversation;
use conversation::Ended;
use ledger::Ledger;
use std::time::Duration;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;
use tokio::time::Instant;
use translator::Translator;

/// The first pause before connecting again; it doubles each time.
const PAUSE_MIN: Duration = Duration::from_millis(200);
/// The longest pause before connecting again.
const PAUSE_MAX: Duration = Duration::from_secs(5);

/// Where Asterisk is and who we are there.
#[derive(Clone)]
pub struct Settings {
    /// Its HTTP server.
    pub address: Address,
    /// The user of `ari.conf`.
    pub user: String,
    /// The user's password.
    pub password: String,
    /// The Stasis application.
    pub app: String,
    /// The bridge's name in the protocol.
    pub bridge: String,
    /// How prompts become sounds.
    pub sounds: Sounds,
    /// How numbers outside are dialled for calls back, if they can be.
    pub outside: Option<Outside>,
    /// Told in a line when the connection is lost or made again, and what Asterisk sends in error.
    pub notice: fn(&str),
}

impl Settings {
    /// The bridge `asterisk` with recordings below `strowger/`, notices on stderr.
    pub fn new(address: Address, user: &str, password: &str, app: &str) -> Self {
        Self {
            address,
            user: user.to_owned(),
            password: password.to_owned(),
            app: app.to_owned(),
            bridge: "asterisk".to_owned(),
            sounds: Sounds::default(),
            outside: None,
            notice: |line| log::write(&format!("asterisk: {line}\n")),
        }
    }
}

/// What outlives a lost connection.
struct Memory {
    translator: Translator,
    ledger: Ledger,
    /// The origin of the bridge's clock.
    started: Instant,
    /// The number of the last request.
    requests: u64,
}

/// Serves Asterisk for ever. Each connection is one conversation, whose far end is handed to
/// `dial` when Asterisk is there; a lost one is made again, with growing pauses. Ends with the
/// runtime: nothing of a call is here that is not in Asterisk or in the journal.
pub async fn run(settings: Settings, dial: impl Fn(FarEnd)) {
    let era = SystemTime::now().duration_since(UNIX_EPOCH);
    let era = era.map_or(0, |since| since.as_secs());
    let mut memory = Memory {
        translator: Translator::new(
            &settings.app,
            (settings.sounds.clone(), settings.outside.clone()),
            era,
        ),
        ledger: Ledger::default(),
        started: Instant::now(),
        requests: 0,
    };
    let mut pause = PAUSE_MIN;
    loop {
        let ended = converse(&settings, &mut memory, &dial).await;
        memory.ledger.lost();
        if ended.talked {
            pause = PAUSE_MIN;
        }
        (settings.notice)(&format!("{}; trying again", ended.why));
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(PAUSE_MAX);
    }
}

/// One connection, from its beginning to its end.
async fn converse(settings: &Settings, memory: &mut Memory, dial: &impl Fn(FarEnd)) -> Ended {
    let socket = match socket::open(settings).await {
        Ok(socket) => socket,
        Err(why) => return Ended { talked: false, why },
    };
    let (link, far) = link::pair();
    dial(far);
    Conversation::new(settings, memory).run(socket, link).await
}
