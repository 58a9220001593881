//! The work whose instructions are counted: `instructions PATH TIMES` does that many hours of one
//! path and says how many calls these were. `tests/instructions/run` counts.

#[expect(dead_code, reason = "not every model is counted")]
mod models;

use std::hint::black_box;
use strowger::exchange::time::Span;
use strowger::measure::Collector;
use strowger::sim;
use strowger::sim::model::Model;

fn main() {
    let arguments: Vec<String> = std::env::args().filter(|word| word != "--bench").collect();
    let (path, times) = match &arguments[1..] {
        [path, times] => (path.as_str(), times.parse().expect("a number of hours")),
        // The smoke test of all benches.
        _ => ("queue", 1),
    };
    let calls = match path {
        // A call that waits for an agent: dispatch, ledger, talk, figures.
        "queue" => once(&models::erlang_a(100, times, Span::minutes(30))),
        // A call through menus and answers, with redials.
        "menus" => days(&models::shop(), times),
        // A call that waits for one of few who can: skills and ranks.
        "skills" => days(&models::skills(), times),
        other => panic!("there is no path {other}: queue, menus, skills"),
    };
    println!("{calls}");
}

fn once(model: &Model) -> u64 {
    let mut collector = Collector::new(&model.plan, model.frame);
    sim::run(model, 1, 0, &mut collector);
    black_box(collector.finish(model.frame.until))
        .total
        .calls
        .attempts
}

fn days(model: &Model, times: u64) -> u64 {
    let mut collector = Collector::new(&model.plan, model.frame);
    let mut calls = 0;
    for day in 0..times {
        collector.reset();
        sim::run(model, 1, day, &mut collector);
        calls += black_box(collector.finish(model.frame.until))
            .total
            .calls
            .attempts;
    }
    calls
}
