//! Erlang A in NeXosim, on one thread: a source, and a centre whose callers' patience is a keyed event
//! that is cancelled when an agent answers. `nexosim-erlang CALLS SEED` prints calls, seconds, share
//! abandoned, mean wait in seconds.

use nexosim::model::Context;
use nexosim::model::Model;
use nexosim::model::schedulable;
use nexosim::ports::Output;
use nexosim::simulation::EventKey;
use nexosim::simulation::Mailbox;
use nexosim::simulation::SimInit;
use nexosim::time::MonotonicTime;
use serde::Deserialize;
use serde::Serialize;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;
use std::time::Instant;

const AGENTS: u32 = 100;
const BETWEEN_S: f64 = 300.0 / 95.0;
const TALK_S: f64 = 300.0;
const PATIENCE_S: f64 = 120.0;

/// SplitMix64 (Steele, Lea and Flood, 2014).
#[derive(Serialize, Deserialize)]
struct Draws(u64);

impl Draws {
    fn exponential(&mut self, mean_s: f64) -> Duration {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let word = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let unit = (((word ^ (word >> 31)) >> 11) as f64 + 0.5) / (1u64 << 53) as f64;
        Duration::from_secs_f64((-mean_s * unit.ln()).max(1e-9))
    }
}

/// A call: how long it will talk, and wait.
type Call = (Duration, Duration);

#[derive(Serialize, Deserialize)]
struct Source {
    out: Output<Call>,
    left: u64,
    arrivals: Draws,
    callers: Draws,
}

#[Model]
impl Source {
    #[nexosim(init)]
    async fn init(&mut self, cx: &Context<Self>) {
        self.expect(cx);
    }

    #[nexosim(schedulable)]
    async fn comes(&mut self, _: (), cx: &Context<Self>) {
        let call = (
            self.callers.exponential(TALK_S),
            self.callers.exponential(PATIENCE_S),
        );
        self.out.send(call).await;
        self.left -= 1;
        if self.left > 0 {
            self.expect(cx);
        }
    }

    fn expect(&mut self, cx: &Context<Self>) {
        let next = self.arrivals.exponential(BETWEEN_S);
        cx.schedule_event(next, schedulable!(Self::comes), ())
            .expect("the future is ahead");
    }
}

/// A caller in line.
#[derive(Serialize, Deserialize)]
struct Waiting {
    number: u64,
    since: MonotonicTime,
    talk: Duration,
    patience: EventKey,
}

#[derive(Clone, Copy, Default)]
struct Figures {
    abandoned: u64,
    waited: Duration,
}

#[derive(Serialize, Deserialize)]
struct Centre {
    free: u32,
    line: VecDeque<Waiting>,
    numbers: u64,
    #[serde(skip)]
    figures: Arc<Mutex<Figures>>,
}

#[Model]
impl Centre {
    fn call(&mut self, (talk, patience): Call, cx: &Context<Self>) {
        if self.free > 0 {
            self.free -= 1;
            return Self::talks(talk, cx);
        }
        self.numbers += 1;
        let number = self.numbers;
        let patience = cx
            .schedule_keyed_event(patience, schedulable!(Self::gives_up), number)
            .expect("the future is ahead");
        self.line.push_back(Waiting {
            number,
            since: cx.time(),
            talk,
            patience,
        });
    }

    #[nexosim(schedulable)]
    fn is_free(&mut self, _: (), cx: &Context<Self>) {
        let Some(first) = self.line.pop_front() else {
            self.free += 1;
            return;
        };
        first.patience.cancel();
        self.has_waited(first.since, false, cx);
        Self::talks(first.talk, cx);
    }

    #[nexosim(schedulable)]
    fn gives_up(&mut self, number: u64, cx: &Context<Self>) {
        if let Some(place) = self.line.iter().position(|one| one.number == number)
            && let Some(caller) = self.line.remove(place)
        {
            self.has_waited(caller.since, true, cx);
        }
    }

    fn talks(talk: Duration, cx: &Context<Self>) {
        cx.schedule_event(talk, schedulable!(Self::is_free), ())
            .expect("the future is ahead");
    }

    fn has_waited(&mut self, since: MonotonicTime, in_vain: bool, cx: &Context<Self>) {
        let mut figures = self.figures.lock().expect("nobody else writes");
        figures.waited += cx.time().duration_since(since);
        figures.abandoned += u64::from(in_vain);
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut number = || arguments.next().and_then(|word| word.parse().ok());
    let (Some(calls), Some(seed)) = (number(), number()) else {
        panic!("usage: nexosim-erlang CALLS SEED");
    };
    let figures = Arc::new(Mutex::new(Figures::default()));
    let mut source = Source {
        out: Output::default(),
        left: calls,
        arrivals: Draws(seed),
        callers: Draws(!seed),
    };
    let centre = Centre {
        free: AGENTS,
        line: VecDeque::new(),
        numbers: 0,
        figures: figures.clone(),
    };
    let (to_source, to_centre) = (Mailbox::new(), Mailbox::new());
    source.out.connect(Centre::call, &to_centre);
    let began = Instant::now();
    let mut simulation = SimInit::with_num_threads(1)
        .add_model(source, to_source, "source")
        .add_model(centre, to_centre, "centre")
        .init(MonotonicTime::EPOCH)
        .expect("two models and a way between them");
    simulation.run().expect("nothing fails in it");
    let seconds = began.elapsed().as_secs_f64();
    let Figures { abandoned, waited } = *figures.lock().expect("nobody else writes");
    let each = calls as f64;
    println!(
        "{calls} {seconds} {} {}",
        abandoned as f64 / each,
        waited.as_secs_f64() / each
    );
}
