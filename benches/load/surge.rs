//! More new calls than a daemon can take: what it still gets done.

use super::connection::Arrivals;
use super::connection::Connection;
use super::connection::Heard;
use super::daemon::Target;
use super::times::Times;
use super::times::histogram;
use hdrhistogram::Histogram;
use serde::Deserialize;
use serde::Serialize;
use std::collections::BTreeMap;
use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::thread;
use std::time::Duration;
use std::time::Instant;

/// Calls in progress at once while it is found out how many a second are carried.
const IN_PROGRESS: u64 = 256;
/// Keys that each caller presses.
const KEYS: u8 = 2;
const LOOK: Duration = Duration::from_micros(200);
/// Calls that have not ended after this do not end.
const PATIENCE: Duration = Duration::from_secs(30);

/// What to do.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Surge {
    pub(crate) target: Target,
    /// How long to find out how much is carried.
    pub(crate) carry_s: f64,
    /// What is offered, as multiples of that.
    pub(crate) steps: Vec<f64>,
    /// How long each is offered; the first fifth is not counted.
    pub(crate) step_s: f64,
}

/// What came of it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Surged {
    /// Calls a second when there are always some to be taken.
    pub(crate) carries: f64,
    pub(crate) steps: Vec<Step>,
    pub(crate) answered: u64,
    pub(crate) refused: BTreeMap<String, u64>,
    pub(crate) completed: u64,
    /// Calls that were reported, and then neither refused nor completed.
    pub(crate) unfinished: u64,
    /// Errors that the daemon reported, by code.
    pub(crate) errors: BTreeMap<String, u64>,
}

/// What was offered at one rate, and what came of it, a second.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Step {
    pub(crate) times: f64,
    pub(crate) offered: f64,
    /// What the connection took.
    pub(crate) reported: f64,
    pub(crate) refused: f64,
    /// Calls that ended with all their effects, durably.
    pub(crate) goodput: f64,
    /// From a key of a call that was taken to the prompt that it causes.
    pub(crate) key_to_play: Times,
}

/// What has happened so far.
#[derive(Clone, Debug, Default)]
struct Tally {
    started: u64,
    answered: u64,
    completed: u64,
    refused: BTreeMap<String, u64>,
    errors: BTreeMap<String, u64>,
    latency: Option<Histogram<u64>>,
}

impl Tally {
    fn all_refused(&self) -> u64 {
        self.refused.values().sum()
    }

    fn in_progress(&self) -> u64 {
        self.started - self.completed - self.all_refused()
    }
}

/// What the two threads share.
struct Shared {
    connection: Connection,
    tally: Mutex<Tally>,
}

pub(crate) fn run(job: &Surge) -> Surged {
    let shared = Shared {
        connection: Connection::open(job.target.lines),
        tally: Mutex::default(),
    };
    thread::scope(|scope| {
        scope.spawn(|| shared.hear());
        let mut surged = Surged {
            carries: shared.carry(Duration::from_secs_f64(job.carry_s)),
            ..Surged::default()
        };
        for (seed, times) in (1..).zip(&job.steps) {
            shared.drain();
            let rate = times * surged.carries;
            let step = shared.offer(seed, rate, Duration::from_secs_f64(job.step_s));
            let times = *times;
            surged.steps.push(Step { times, ..step });
        }
        shared.drain();
        shared.connection.close();
        let tally = shared.tally();
        surged.unfinished = tally.in_progress();
        surged.answered = tally.answered;
        surged.completed = tally.completed;
        surged.refused = tally.refused.clone();
        surged.errors = tally.errors.clone();
        surged
    })
}

impl Shared {
    fn tally(&self) -> MutexGuard<'_, Tally> {
        self.tally.lock().expect("no thread has failed")
    }

    fn start_call(&self) {
        let mut tally = self.tally();
        let call = tally.started as u32;
        tally.started += 1;
        drop(tally);
        self.connection.outbox().started(call);
    }

    /// Calls a second when a new one begins for every one that ends.
    fn carry(&self, long: Duration) -> f64 {
        let mut speaker = self.connection.speaker();
        let start = Instant::now();
        let (mut warm, mut before) = (false, 0);
        while start.elapsed() < long {
            if !warm && start.elapsed() > long / 5 {
                (warm, before) = (true, self.tally().completed);
            }
            while self.tally().in_progress() < IN_PROGRESS {
                self.start_call();
            }
            speaker.flush();
            thread::sleep(LOOK);
        }
        let counted = self.tally().completed - before;
        counted as f64 / (start.elapsed() - long / 5).as_secs_f64()
    }

    /// Offers calls at a rate, whatever becomes of them.
    fn offer(&self, seed: u64, rate: f64, long: Duration) -> Step {
        let mut speaker = self.connection.speaker();
        let start = Instant::now();
        let mut arrivals = Arrivals::new(seed, rate, start);
        let mut before = None;
        while start.elapsed() < long {
            let now = Instant::now();
            if before.is_none() && start.elapsed() > long / 5 {
                let mut tally = self.tally();
                tally.latency = Some(histogram());
                before = Some((now, tally.clone()));
            }
            while arrivals.due(now).is_some() {
                self.start_call();
            }
            speaker.flush();
            thread::sleep(LOOK);
        }
        let mut after = self.tally();
        let (since, before) = before.unwrap_or((start, Tally::default()));
        let seconds = since.elapsed().as_secs_f64();
        let each_second = |after: u64, before: u64| (after - before) as f64 / seconds;
        Step {
            times: 0.0,
            offered: rate,
            reported: each_second(after.started, before.started),
            refused: each_second(after.all_refused(), before.all_refused()),
            goodput: each_second(after.completed, before.completed),
            key_to_play: after
                .latency
                .take()
                .map(|times| Times::of(&times))
                .unwrap_or_default(),
        }
    }

    /// Waits until all calls have ended.
    fn drain(&self) {
        let mut speaker = self.connection.speaker();
        let start = Instant::now();
        while self.tally().in_progress() > 0 && start.elapsed() < PATIENCE {
            speaker.flush();
            thread::sleep(LOOK);
        }
    }

    fn hear(&self) {
        let mut callers = Callers::default();
        self.connection.hear(|heard, came| {
            callers.hear(self, heard, came);
            true
        });
    }
}

/// What each caller has done so far.
#[derive(Debug, Default)]
struct Callers {
    /// Prompts heard, by the number of the call.
    heard: Vec<u8>,
    pressed: Vec<Option<Instant>>,
    /// The reports of those who have hung up.
    hung_up: VecDeque<u64>,
}

impl Callers {
    fn hear(&mut self, shared: &Shared, heard: &Heard<'_>, came: Instant) {
        match heard.kind {
            "answer" => shared.tally().answered += 1,
            "play" => self.play(shared, heard.call().expect("a call of ours"), came),
            "ack" => self.acknowledged(shared, heard.seq.unwrap_or(0)),
            "refuse" => {
                let reason = heard.reason.unwrap_or("none").to_owned();
                *shared.tally().refused.entry(reason).or_default() += 1;
            }
            "error" => {
                let code = heard.code.unwrap_or("none").to_owned();
                *shared.tally().errors.entry(code).or_default() += 1;
            }
            _ => {}
        }
    }

    /// A caller who has heard enough presses a key, or hangs up after the last one.
    fn play(&mut self, shared: &Shared, call: u32, came: Instant) {
        let place = call as usize;
        if self.heard.len() <= place {
            self.heard.resize(place + 1, 0);
            self.pressed.resize(place + 1, None);
        }
        self.heard[place] += 1;
        if let Some(pressed) = self.pressed[place].take()
            && let Some(latency) = &mut shared.tally().latency
        {
            latency.saturating_record(came.duration_since(pressed).as_micros() as u64);
        }
        let mut outbox = shared.connection.outbox();
        if self.heard[place] <= KEYS {
            outbox.key(call, '1');
            self.pressed[place] = Some(Instant::now());
        } else {
            let seq = outbox.ended(call);
            self.hung_up.push_back(seq);
        }
    }

    fn acknowledged(&mut self, shared: &Shared, seq: u64) {
        let before = self.hung_up.len();
        while self.hung_up.front().is_some_and(|first| *first <= seq) {
            self.hung_up.pop_front();
        }
        shared.tally().completed += (before - self.hung_up.len()) as u64;
    }
}
