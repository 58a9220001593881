//! The work whose instructions are counted: `instructions PATH TIMES` does that many hours of one
//! path and says how many calls these were. `tests/instructions/run` counts.

mod big_line;
mod models;

use models::Days;
use std::path::Path;
use std::path::PathBuf;
use strowger::exchange::time::Span;
use strowger::menu::check_lines;
use strowger::menu::diagnostic::Diagnostics;
use strowger::menu::source::Sources;

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
        // A call among very many: so many callers who listen for ten minutes.
        "listening" => Days::of(models::listening(times)).live(1, |_| ()),
        // A call in a line of so many, which hears its place again and again.
        "told" => Days::of(models::told(times)).live(1, |_| ()),
        // A call through menus and answers, with redials.
        "menus" => Days::of(models::shop()).live(times, |_| ()),
        // A call that waits for one of few who can: skills and ranks.
        "skills" => Days::of(models::skills()).live(times, |_| ()),
        // A step of a line that is checked, of 500 steps and more.
        "check" => check(500 * times as usize),
        other => panic!("there is no path {other}: queue, menus, skills, told, check"),
    };
    println!("{calls}");
}

/// Checks a line; gives back its steps.
fn check(steps: usize) -> u64 {
    let mut sources = Sources::sealed();
    sources.add(Path::new("big.toml"), big_line::big_line(steps));
    sources.add(Path::new("groups.toml"), "[group.support]\n".to_owned());
    let mut problems = Diagnostics::default();
    let lines = [PathBuf::from("big.toml")];
    check_lines(&lines, None, &mut sources, &mut problems);
    assert!(!problems.has_errors());
    steps as u64
}
