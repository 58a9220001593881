//! The promise: the Erlang-A scenario through the whole simulator, with statistics by half hour, on
//! one thread, runs at no less than a tenth of the speed of the bare loop that has nothing in it but
//! the model. Ends with exit code 1 when it does not.

mod pair;
#[expect(
    dead_code,
    reason = "shared with the bench that prints what came of it"
)]
mod yardstick;

use std::hint::black_box;
use std::path::Path;
use std::process::ExitCode;
use strowger::exchange::time::Span;
use strowger::exchange::time::Tick;
use strowger::measure::Collector;
use strowger::measure::Frame;
use strowger::menu::diagnostic::Diagnostics;
use strowger::menu::source::Sources;
use strowger::sim;
use strowger::sim::model::Model;
use strowger::sim::study;
use yardstick::Bare;

const SCENARIO: &str = "scenarios/erlang-a.scenario.toml";
const CALLS_PER_HOUR: u64 = 1140;
/// So many times as many calls for the bare loop: both then take about as long, and a machine with
/// other work to do interrupts both alike.
const BARE_TIMES: u64 = 8;
/// The least share of the bare loop's calls per second.
const FLOOR: f64 = 0.1;

fn main() -> ExitCode {
    let hours = pair::size(200, 10);
    let model = model(hours);
    let mut collector = Collector::new(&model.plan, model.frame);
    let mut replication = 0;
    let calls = hours * CALLS_PER_HOUR;
    let measured = pair::measure(
        || black_box(yardstick::erlang_a(BARE_TIMES * calls, &mut Bare::new(1))).calls,
        || {
            collector.reset();
            sim::run(&model, 1, replication, &mut collector);
            replication += 1;
            let figures = black_box(collector.finish(model.frame.until));
            figures.total.calls.attempts
        },
    );
    let share = 1.0 / measured.ratio;
    println!("Erlang A, {hours} hours of {CALLS_PER_HOUR} calls, one thread:");
    pair::print("a call in the bare loop", measured.first);
    pair::print(
        "a call in the simulator, figures by half hour",
        measured.second,
    );
    println!(
        "{:<52} {share:>9.3} of the bare loop's speed (floor {FLOOR})",
        ""
    );
    if share < FLOOR && pair::rounds() > 1 {
        eprintln!(
            "too slow: the simulator ran Erlang A at {share:.3} of the bare loop's speed on this \
             machine, and promises at least {FLOOR}"
        );
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// The scenario as shipped, but that every call is counted, by half hour.
fn model(hours: u64) -> Model {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(SCENARIO);
    let (mut sources, mut problems) = (Sources::default(), Diagnostics::default());
    let Some(cases) = study::load(&path, None, &mut sources, &mut problems) else {
        panic!("{}", problems.render(&sources, false));
    };
    let mut model = cases.base;
    model.frame = Frame {
        from: Tick(0),
        interval: Span::minutes(30),
        intervals: 2 * hours as usize,
        until: Tick(0) + Span::minutes(60 * hours),
    };
    model
}
