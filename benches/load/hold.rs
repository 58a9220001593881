//! Many calls in progress at once, and keys at a steady rate: how long from a key to what it causes.

use super::connection::Arrivals;
use super::connection::Connection;
use super::connection::Heard;
use super::daemon::Target;
use super::daemon::resident_kb;
use super::flush;
use super::times::Times;
use super::times::histogram;
use hdrhistogram::Histogram;
use serde::Deserialize;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::thread;
use std::time::Duration;
use std::time::Instant;

/// Calls that wait for their first prompt at once while calls are made.
const STARTING_MAX: u32 = 512;
/// A pause between two looks at what is due.
const LOOK: Duration = Duration::from_micros(200);
/// Between two flushes of the probe.
const FLUSH_PAUSE: Duration = Duration::from_millis(3);
/// What has not happened after this does not happen.
const PATIENCE: Duration = Duration::from_secs(20);

/// What to do.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Hold {
    pub(crate) target: Target,
    /// Calls in progress.
    pub(crate) calls: u32,
    /// Keys a second.
    pub(crate) rate: f64,
    /// For how long.
    pub(crate) seconds: f64,
    /// For how long flushes are measured before.
    pub(crate) flush_seconds: f64,
}

/// What came of it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Held {
    /// How long it took until all calls were in progress.
    pub(crate) ramp_s: f64,
    /// New calls that were refused meanwhile; others took their places.
    pub(crate) refused: u32,
    /// The most memory that the daemon had, when all calls were in progress and in the end.
    pub(crate) resident_kb: [u64; 2],
    /// Keys that were pressed, and those that caused nothing.
    pub(crate) keys: u64,
    pub(crate) lost: u64,
    /// For how long keys were pressed.
    pub(crate) pressed_s: f64,
    /// From the moment for which a key was scheduled to the arrival of the prompt that it caused.
    pub(crate) key_to_play: Times,
    /// How late the driver itself was with its keys; contained in the above.
    pub(crate) driver_late: Times,
    /// The machine's flushes, before and during the keys.
    pub(crate) flush: [Times; 2],
    /// Errors that the daemon reported, by code.
    pub(crate) errors: BTreeMap<String, u64>,
}

/// What the two threads share.
struct Shared {
    connection: Connection,
    start: Instant,
    /// Calls that have heard their first prompt.
    reached: Mutex<Vec<u32>>,
    refused: AtomicU32,
    /// For each call, when the key was due that it waits for: microseconds after the start, 0 for
    /// none.
    due: Vec<AtomicU64>,
    waiting: AtomicU64,
}

pub(crate) fn run(job: &Hold) -> Held {
    let before = Duration::from_secs_f64(job.flush_seconds);
    let before = flush::measure(&job.target.disk, before, FLUSH_PAUSE);
    let names = 2 * job.calls as usize + 1000;
    let shared = Shared {
        connection: Connection::open(job.target.lines),
        start: Instant::now(),
        reached: Mutex::default(),
        refused: AtomicU32::new(0),
        due: (0..names).map(|_| AtomicU64::new(0)).collect(),
        waiting: AtomicU64::new(0),
    };
    thread::scope(|scope| {
        let hearing = scope.spawn(|| shared.hear());
        let mut held = Held::default();
        shared.make_calls(job, &mut held);
        let probe = flush::Probe::start(&job.target.disk, FLUSH_PAUSE);
        shared.press_keys(job, &mut held);
        held.flush = [before, probe.stop()];
        held.resident_kb[1] = resident_kb(job.target.pid);
        shared.connection.close();
        let (latency, errors) = hearing.join().expect("the hearing thread ends");
        held.key_to_play = Times::of(&latency);
        held.errors = errors;
        held
    })
}

impl Shared {
    fn make_calls(&self, job: &Hold, held: &mut Held) {
        let mut speaker = self.connection.speaker();
        let mut started = 0;
        let reached = || self.reached.lock().expect("no thread has failed").len() as u32;
        while reached() < job.calls && (started as usize) < self.due.len() {
            let settled = reached() + self.refused.load(Relaxed);
            let wanted = job.calls + self.refused.load(Relaxed);
            let room = STARTING_MAX.min(wanted - settled.min(wanted));
            while started - settled < room {
                self.connection.outbox().started(started);
                started += 1;
            }
            speaker.flush();
            thread::sleep(LOOK);
        }
        held.ramp_s = self.start.elapsed().as_secs_f64();
        held.refused = self.refused.load(Relaxed);
        held.resident_kb[0] = resident_kb(job.target.pid);
        // Those that heard their prompt now wait for a key.
        speaker.flush();
        thread::sleep(Duration::from_secs(1));
    }

    fn press_keys(&self, job: &Hold, held: &mut Held) {
        let calls = self.reached.lock().expect("no thread has failed").clone();
        let mut calls = calls.iter().cycle();
        let mut speaker = self.connection.speaker();
        let start = Instant::now();
        let end = start + Duration::from_secs_f64(job.seconds);
        let mut arrivals = Arrivals::new(1, job.rate, start);
        let mut late = histogram();
        while let Some(now) = Some(Instant::now()).filter(|now| *now < end) {
            while let Some(due) = arrivals.due(now) {
                let call = calls.next().expect("a call is in progress");
                self.press(*call, due);
                late.saturating_record(due.elapsed().as_micros() as u64);
                held.keys += 1;
            }
            speaker.flush();
            thread::sleep(LOOK);
        }
        held.pressed_s = start.elapsed().as_secs_f64();
        while self.waiting.load(Relaxed) > 0 && start.elapsed() < end - start + PATIENCE {
            speaker.flush();
            thread::sleep(LOOK);
        }
        held.lost = self.waiting.load(Relaxed);
        held.driver_late = Times::of(&late);
    }

    fn press(&self, call: u32, due: Instant) {
        let due = due.duration_since(self.start).as_micros() as u64;
        let before = self.due[call as usize].swap(due, Relaxed);
        // One whose last key has caused nothing yet counts as lost.
        self.waiting.fetch_add(u64::from(before == 0), Relaxed);
        self.connection.outbox().key(call, '1');
    }

    fn hear(&self) -> (Histogram<u64>, BTreeMap<String, u64>) {
        let (mut latency, mut errors) = (histogram(), BTreeMap::new());
        let mut plays = vec![false; self.due.len()];
        self.connection.hear(|heard, came| {
            match heard.kind {
                "play" => self.played(heard, came, &mut plays, &mut latency),
                "refuse" => drop(self.refused.fetch_add(1, Relaxed)),
                "error" => {
                    let code = heard.code.unwrap_or("none").to_owned();
                    *errors.entry(code).or_default() += 1;
                }
                _ => {}
            }
            true
        });
        (latency, errors)
    }

    fn played(
        &self,
        heard: &Heard<'_>,
        came: Instant,
        plays: &mut [bool],
        latency: &mut Histogram<u64>,
    ) {
        let (Some(call), Some(play)) = (heard.call(), heard.play) else {
            return;
        };
        let place = call as usize;
        if !std::mem::replace(&mut plays[place], true) {
            self.connection.outbox().heard(call, play);
            return self
                .reached
                .lock()
                .expect("no thread has failed")
                .push(call);
        }
        let due = self.due[place].swap(0, Relaxed);
        if due > 0 {
            self.waiting.fetch_sub(1, Relaxed);
            let came = came.duration_since(self.start).as_micros() as u64;
            latency.saturating_record(came.saturating_sub(due));
        }
    }
}
