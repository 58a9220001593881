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
57 attempts, 30 answered, 11 abandoned, waited 887885 ms, talked 5555985 ms, busy 6312712 ms
58 attempts, 26 answered, 4 abandoned, waited 296393 ms, talked 5629805 ms, busy 6297496 ms
74 attempts, 32 answered, 7 abandoned, waited 644850 ms, talked 5239077 ms, busy 6252733 ms
81 attempts, 36 answered, 23 abandoned, waited 1821310 ms, talked 5639357 ms, busy 7486110 ms
55 attempts, 25 answered, 8 abandoned, waited 527280 ms, talked 4212546 ms, busy 5171135 ms
65 attempts, 35 answered, 8 abandoned, waited 669863 ms, talked 5455405 ms, busy 6733188 ms
58 attempts, 29 answered, 13 abandoned, waited 1178194 ms, talked 5986883 ms, busy 6754977 ms
67 attempts, 27 answered, 7 abandoned, waited 365471 ms, talked 4934251 ms, busy 5757220 ms
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
    for run in replicate(&model, 7, 8, &|| ()) {
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
    let told = ["\"wall_s\":", "\"calls_per_s\":", "\"version\":"];
    let kept = text.lines().filter(|line| {
        let line = line.trim_start();
        !told.iter().any(|name| line.starts_with(name))
    });
    kept.flat_map(|line| [line, "\n"]).collect()
}
