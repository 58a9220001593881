//! What a bridge says and hears: JSON, one message a line, over TCP.

use serde::Deserialize;
use std::fmt::Write as _;
use std::io::Read as _;
use std::io::Write as _;
use std::net::SocketAddr;
use std::net::TcpStream;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::time::Duration;
use std::time::Instant;

/// Effects heard before the daemon is told that they were carried out.
const ACK_EVERY: u64 = 512;
/// The daemon hears something at least this often.
const HEARTBEAT: Duration = Duration::from_secs(2);
const READ_BYTES: usize = 256 * 1024;

/// What is said next: reports are numbered as they are put here.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    text: String,
    seq: u64,
}

impl Outbox {
    /// Reports that a call has come in.
    pub(crate) fn started(&mut self, call: u32) -> u64 {
        let from = u64::from(call) + 15_550_000_000;
        self.report(
            "call.started",
            call,
            format_args!(r#","line":"load","from":"+{from}""#),
        )
    }

    /// Reports a key.
    pub(crate) fn key(&mut self, call: u32, key: char) -> u64 {
        self.report("key", call, format_args!(r#","key":"{key}""#))
    }

    /// Reports that a prompt was heard.
    pub(crate) fn heard(&mut self, call: u32, play: u32) -> u64 {
        self.report("play.done", call, format_args!(r#","play":{play}"#))
    }

    /// Reports that the caller has hung up.
    pub(crate) fn ended(&mut self, call: u32) -> u64 {
        self.report("call.ended", call, format_args!(""))
    }

    fn report(&mut self, kind: &str, call: u32, rest: std::fmt::Arguments<'_>) -> u64 {
        self.seq += 1;
        let seq = self.seq;
        let line = format_args!(r#"{{"type":"{kind}","seq":{seq},"call":"c{call}"{rest}}}"#);
        writeln!(self.text, "{line}").expect("text grows");
        seq
    }

    fn say(&mut self, line: std::fmt::Arguments<'_>) {
        writeln!(self.text, "{line}").expect("text grows");
    }
}

/// A connection: one thread speaks, one hears, both may put something into the outbox.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    outbox: Mutex<Outbox>,
}

impl Connection {
    /// Says hello and is welcomed.
    pub(crate) fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).expect("the daemon listens");
        stream.set_nodelay(true).expect("a socket option");
        let hello = r#"{"type":"hello","protocol":1,"bridge":"load","clock_ms":0}"#;
        writeln!(&stream, "{hello}").expect("hello");
        Self {
            stream,
            outbox: Mutex::default(),
        }
    }

    /// The outbox, for both threads.
    pub(crate) fn outbox(&self) -> MutexGuard<'_, Outbox> {
        self.outbox.lock().expect("no thread has failed")
    }

    /// Whoever speaks.
    pub(crate) fn speaker(&self) -> Speaker<'_> {
        Speaker {
            connection: self,
            text: String::new(),
            last: Instant::now(),
        }
    }

    /// Hears until the other side ends, or `each` says that it is enough.
    pub(crate) fn hear(&self, mut each: impl FnMut(&Heard<'_>, Instant) -> bool) {
        let mut buffer = vec![0; READ_BYTES];
        let (mut filled, mut acknowledged, mut last) = (0, 0, 0);
        loop {
            let read = (&self.stream).read(&mut buffer[filled..]);
            let Ok(read @ 1..) = read else {
                return;
            };
            let came = Instant::now();
            filled += read;
            let whole = buffer[..filled].iter().rposition(|byte| *byte == b'\n');
            let whole = whole.map_or(0, |end| end + 1);
            for line in buffer[..whole].split(|byte| *byte == b'\n') {
                if line.is_empty() {
                    continue;
                }
                let heard: Heard<'_> = serde_json::from_slice(line).expect("a message");
                last = heard.effect.unwrap_or(last);
                assert!(!heard.fatal, "the daemon hangs up: {:?}", heard.code);
                if !each(&heard, came) {
                    return;
                }
            }
            buffer.copy_within(whole..filled, 0);
            filled -= whole;
            if last >= acknowledged + ACK_EVERY {
                acknowledged = last;
                self.outbox()
                    .say(format_args!(r#"{{"type":"ack","effect":{last}}}"#));
            }
        }
    }

    /// Hangs up on the daemon; whoever hears, hears the end.
    pub(crate) fn close(&self) {
        // A daemon that is gone has closed it already.
        self.stream
            .shutdown(std::net::Shutdown::Both)
            .unwrap_or_default();
    }
}

/// Sends what is in the outbox.
#[derive(Debug)]
pub(crate) struct Speaker<'a> {
    connection: &'a Connection,
    text: String,
    last: Instant,
}

impl Speaker<'_> {
    /// Sends everything, and waits while the daemon takes nothing.
    pub(crate) fn flush(&mut self) {
        let mut outbox = self.connection.outbox();
        if self.last.elapsed() > HEARTBEAT && outbox.text.is_empty() {
            outbox.say(format_args!(r#"{{"type":"ping","clock_ms":0}}"#));
        }
        std::mem::swap(&mut self.text, &mut outbox.text);
        drop(outbox);
        if !self.text.is_empty() {
            // Whoever hears says what is wrong with a daemon that is gone.
            let sent = (&self.connection.stream).write_all(self.text.as_bytes());
            sent.unwrap_or_default();
            self.text.clear();
            self.last = Instant::now();
        }
    }
}

/// What the daemon says, as far as anybody here needs it.
#[derive(Debug, Deserialize)]
pub(crate) struct Heard<'a> {
    /// What it is.
    #[serde(rename = "type")]
    pub(crate) kind: &'a str,
    /// The number of an effect.
    effect: Option<u64>,
    /// The number of a report.
    pub(crate) seq: Option<u64>,
    call: Option<&'a str>,
    /// The number of a playing.
    pub(crate) play: Option<u32>,
    /// Why a call is refused.
    pub(crate) reason: Option<&'a str>,
    /// What was wrong with a report.
    pub(crate) code: Option<&'a str>,
    /// Whether that ends the connection.
    #[serde(default)]
    fatal: bool,
}

impl Heard<'_> {
    /// The number of the call.
    pub(crate) fn call(&self) -> Option<u32> {
        self.call?.strip_prefix('c')?.parse().ok()
    }
}

/// Arrivals at random moments, so many a second on the average.
#[derive(Clone, Debug)]
pub(crate) struct Arrivals {
    state: u64,
    rate: f64,
    next: Instant,
}

impl Arrivals {
    pub(crate) fn new(seed: u64, rate: f64, start: Instant) -> Self {
        Self {
            state: seed,
            rate,
            next: start,
        }
    }

    /// The moment of the next arrival, if it has come.
    pub(crate) fn due(&mut self, now: Instant) -> Option<Instant> {
        let due = self.next;
        if due > now {
            return None;
        }
        let gap = -(1.0 - self.unit()).ln() / self.rate;
        self.next = due + Duration::from_secs_f64(gap);
        Some(due)
    }

    /// SplitMix64 (Steele, Lea and Flood 2014), as a number from 0 to 1.
    fn unit(&mut self) -> f64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
}
