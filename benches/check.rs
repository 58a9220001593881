//! How long it takes to check a line of 10,000 steps, and whether a line five times as long takes much
//! more than five times as long.

mod big_line;
mod smoke;

use std::hint::black_box;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;
use std::time::Instant;
use strowger::menu::check_lines;
use strowger::menu::diagnostic::Diagnostics;
use strowger::menu::source::Sources;

const STEPS: u64 = 10_000;
/// Of which the best counts.
const ROUNDS: usize = 5;
/// What an operator hardly notices.
const LONGEST: Duration = Duration::from_secs(1);
/// The most that five times as many steps may take, as a multiple.
const RATIO_MAX: f64 = 10.0;

fn main() {
    let steps = smoke::size(STEPS, 500) as usize;
    let (small, large) = (best(steps / 5), best(steps));
    let ratio = large.as_secs_f64() / small.as_secs_f64();
    println!(
        "a line of {steps} steps is checked in {:.1} ms, {ratio:.1} times one of {}",
        large.as_secs_f64() * 1e3,
        steps / 5
    );
    if !smoke::smoke() {
        assert!(large < LONGEST, "more than a second");
        assert!(
            ratio < RATIO_MAX,
            "five times as long is not five times the work"
        );
    }
}

fn best(steps: usize) -> Duration {
    let text = big_line::big_line(steps);
    let round = |_| {
        let mut sources = Sources::sealed();
        sources.add(Path::new("big.toml"), text.clone());
        sources.add(Path::new("groups.toml"), "[group.support]\n".to_owned());
        let mut problems = Diagnostics::default();
        let start = Instant::now();
        check_lines(
            &[PathBuf::from("big.toml")],
            None,
            &mut sources,
            &mut problems,
        );
        black_box(problems.render(&sources, false));
        assert!(!problems.has_errors());
        start.elapsed()
    };
    (0..ROUNDS).map(round).min().expect("rounds")
}
