//! Same seed, same bytes: on one thread or two, today and tomorrow, on every platform.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use strowger::menu::diagnostic::Diagnostics;
use strowger::menu::source::Sources;
use strowger::sim::replicate::replicate;
use strowger::sim::study::load;

const OVERLOAD: &str = "scenarios/overload.scenario.toml";
const TINY: &str = "tests/it/tiny/tiny.scenario.toml";

/// What each run of the tiny scenario came to. It changes when the exchange or the simulator come to
/// other figures, on purpose or not; it must not change from one platform to the next.
const TINY_RUNS: &str = "\
57 attempts, 29 answered, 12 abandoned, waited 1086606 ms, talked 5519819 ms, busy 6299546 ms
58 attempts, 25 answered, 5 abandoned, waited 485774 ms, talked 5604742 ms, busy 6272041 ms
74 attempts, 31 answered, 8 abandoned, waited 680145 ms, talked 5191862 ms, busy 6192518 ms
82 attempts, 38 answered, 22 abandoned, waited 1804131 ms, talked 5940916 ms, busy 7828377 ms
58 attempts, 25 answered, 11 abandoned, waited 647406 ms, talked 4486974 ms, busy 5431598 ms
65 attempts, 33 answered, 10 abandoned, waited 695118 ms, talked 5770390 ms, busy 6981065 ms
56 attempts, 32 answered, 8 abandoned, waited 1089381 ms, talked 6068289 ms, busy 6887403 ms
66 attempts, 31 answered, 3 abandoned, waited 300839 ms, talked 5717480 ms, busy 6592449 ms
";

#[test]
fn the_overload_day_is_the_same_on_one_thread_and_on_two() {
    let one = json(OVERLOAD, 2, "1");
    let two = json(OVERLOAD, 2, "2");
    assert!(one == two, "the number of threads shows");
    assert!(one.contains("\"what_ifs\"") && one.len() > 10_000);
}

#[test]
fn a_small_run_is_what_it_was() {
    let mut sources = Sources::default();
    let mut problems = Diagnostics::default();
    let cases = load(Path::new(TINY), None, &mut sources, &mut problems);
    let model = cases.expect("the scenario is fine").base;
    let mut told = String::new();
    for run in replicate(&model, 7, 0..8, &|| ()) {
        let (calls, queue) = (run.total.calls, run.queues[0].total.tally);
        let _ = writeln!(
            told,
            "{} attempts, {} answered, {} abandoned, waited {} ms, talked {} ms, busy {} ms",
            calls.attempts,
            calls.answered,
            calls.abandoned,
            queue.wait_ms,
            queue.talk_ms,
            run.total.load.busy_ms
        );
    }
    assert_eq!(told, TINY_RUNS, "now:\n{told}");
}

/// What `simulate` prints as JSON, without what tells of the machine or the version.
fn json(scenario: &str, runs: u32, threads: &str) -> String {
    let out = Command::new(env!("CARGO_BIN_EXE_strowger"))
        .args([
            "simulate", scenario, "--format", "json", "--seed", "7", "--runs",
        ])
        .arg(runs.to_string())
        .env("RAYON_NUM_THREADS", threads)
        .output()
        .expect("the program runs");
    let code = out.status.code();
    let errors = String::from_utf8_lossy(&out.stderr);
    assert!(matches!(code, Some(0 | 4)), "{code:?}: {errors}");
    let text = String::from_utf8(out.stdout).expect("text");
    let lines = text.lines();
    let kept = lines.filter(|line| !line.trim_start().starts_with("\"version\":"));
    kept.flat_map(|line| [line, "\n"]).collect()
}
