//! The speed limit, and what portable random numbers take of it: the bare Erlang-A loop with its own
//! generators, against the same loop with the simulator's streams and distributions.

mod pair;
mod yardstick;

use std::hint::black_box;
use strowger::exchange::time::Span;
use strowger::sim::distribution::Distribution;
use strowger::sim::stream::Purpose;
use strowger::sim::stream::Stream;
use strowger::sim::stream::Streams;
use yardstick::Bare;
use yardstick::Draws;

/// The simulator's numbers: one stream per caller and purpose.
struct Portable {
    streams: Streams,
    arrivals: Stream,
    between: Distribution,
    handling: Distribution,
    patience: Distribution,
}

impl Portable {
    fn new(seed: u64) -> Self {
        let streams = Streams::new(seed, 0);
        let mean = |seconds: f64| Distribution::exponential(Span((seconds * 1000.0) as u64));
        Self {
            arrivals: streams.stream(Purpose::Arrivals, 0),
            between: mean(yardstick::BETWEEN_S),
            handling: mean(yardstick::HANDLING_S),
            patience: mean(yardstick::PATIENCE_S),
            streams,
        }
    }
}

impl Draws for Portable {
    fn between(&mut self) -> f64 {
        self.between.sample(self.arrivals.unit()).as_seconds()
    }

    fn caller(&mut self, number: u64) -> (f64, f64) {
        let handling = self.streams.unit(Purpose::Talk, number);
        let patience = self.streams.unit(Purpose::Patience, number);
        (
            self.handling.sample(handling).as_seconds(),
            self.patience.sample(patience).as_seconds(),
        )
    }
}

fn main() {
    let calls = pair::size(2_000_000, 20_000);
    let outcome = yardstick::erlang_a(calls, &mut Bare::new(1));
    println!(
        "bare Erlang A: {} calls, {} events, {} abandoned ({:.3} %; exactly 2.705 %), mean wait {:.3} s \
         (exactly 3.246 s), {:.2} % within 20 s (exactly 92.24 %)",
        outcome.calls,
        outcome.events,
        outcome.abandoned,
        100.0 * outcome.abandoned as f64 / outcome.calls as f64,
        outcome.wait_mean_s(),
        100.0 * outcome.within_20s as f64 / outcome.calls as f64,
    );
    let measured = pair::measure(
        || black_box(yardstick::erlang_a(calls, &mut Bare::new(1))).calls,
        || black_box(yardstick::erlang_a(calls, &mut Portable::new(1))).calls,
    );
    pair::print("a call, with the loop's own numbers", measured.first);
    pair::print("a call, with the simulator's numbers", measured.second);
    println!("{:<52} {:>9.2} times as long", "", measured.ratio);
}
