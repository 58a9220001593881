//! The work whose instructions are counted: `instructions PATH TIMES` does that many hours of one
//! path and says how many calls these were. `tests/instructions/run` counts.

#[expect(dead_code, reason = "not every model is counted")]
mod models;

use models::Days;
use strowger::exchange::time::Span;

fn main() {
    let arguments: Vec<String> = std::env::args().filter(|word| word != "--bench").collect();
    let (path, times) = match &arguments[1..] {
        [path, times] => (path.as_str(), times.parse().expect("a number of hours")),
        // The smoke test of all benches.
        _ => ("queue", 1),
    };
    let calls = match path {
        // A call that waits for an agent: dispatch, ledger, talk, figures.
        "queue" => Days::of(models::erlang_a(100, times, Span::minutes(30))).live(1, |_| ()),
        "crowd" => Days::of(models::erlang_a(10_000, times, Span::minutes(30))).live(1, |_| ()),
        // A call through menus and answers, with redials.
        "menus" => Days::of(models::shop()).live(times, |_| ()),
        // A call that waits for one of few who can: skills and ranks.
        "skills" => Days::of(models::skills()).live(times, |_| ()),
        other => panic!("there is no path {other}: queue, menus, skills"),
    };
    println!("{calls}");
}
