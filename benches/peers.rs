//! Calls a second of Erlang A beside the general simulators that run here. `benches/peers/run` puts
//! these in place and runs this; without them there is only the bare loop to be held against. Ends
//! with exit code 1 when one of them is quicker.

#[expect(dead_code, reason = "shared with the benches of other models")]
mod models;
mod smoke;
mod yardstick;

use models::Days;
use smoke::size;
use smoke::smoke;
use std::hint::black_box;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::ExitCode;
use std::time::Instant;
use strowger::exchange::time::Span;
use yardstick::Bare;

/// Where `benches/peers/run` puts the others.
const PLACE: &str = "STROWGER_PEERS";
/// Exact: see scenarios/erlang-a.scenario.toml.
const ABANDONED: f64 = 0.027_053_6;
const WAIT_MEAN_S: f64 = 3.246_429;
/// Models of the same system agree so far, at these sizes and with one seed.
const APART_MAX: f64 = 0.3;

/// Another simulator: its name, the words of its command in that place, and calls in one round.
struct Peer {
    name: &'static str,
    program: &'static str,
    script: Option<&'static str>,
    calls: u64,
}

const PEERS: [Peer; 4] = [
    Peer {
        name: "NeXosim 1.0.0 (Rust)",
        program: "nexosim/release/nexosim-erlang",
        script: None,
        calls: 2_000_000,
    },
    Peer {
        name: "SimPy 4.1.2 (Python)",
        program: "python/bin/python",
        script: Some("simpy_erlang.py"),
        calls: 200_000,
    },
    Peer {
        name: "Ciw 3.2.7 (Python)",
        program: "python/bin/python",
        script: Some("ciw_erlang.py"),
        calls: 100_000,
    },
    Peer {
        name: "salabim 26.0.9 (Python)",
        program: "python/bin/python",
        script: Some("salabim_erlang.py"),
        calls: 20_000,
    },
];

/// What one round came to.
#[derive(Clone, Copy, Debug)]
struct Round {
    calls: f64,
    seconds: f64,
    abandoned: f64,
    wait_mean_s: f64,
}

fn main() -> ExitCode {
    let hours = size(1000, 10);
    let mut days = Days::of(models::erlang_a(100, hours, Span::minutes(30)));
    let place = std::env::var_os(PLACE).map(PathBuf::from);
    println!(
        "Erlang A, 100 agents at 95 Erlangs, one thread; the quickest round of {}",
        rounds()
    );
    println!(
        "{:<52} {:>12} {:>10} {:>10} {:>10}",
        "", "calls/s", "strowger=1", "abandoned", "mean wait"
    );
    let ours = best(|_| strowger(&mut days));
    let bare = best(|seed| bare_loop(8 * hours * 1140, seed));
    print("the bare loop: the model and nothing else", bare, ours);
    print("strowger: the exchange, figures by half hour", ours, ours);
    let mut is_first = true;
    if let Some(place) = &place {
        for peer in &PEERS {
            let theirs = best(|seed| peer.run(place, seed));
            print(peer.name, theirs, ours);
            is_first &= speed(ours) >= speed(theirs);
        }
    }
    println!(
        "{:<52} {:>12} {:>10} {:>8.3} % {:>8.3} s",
        "exact",
        "",
        "",
        100.0 * ABANDONED,
        WAIT_MEAN_S
    );
    if place.is_none() {
        println!("benches/peers/run adds NeXosim, SimPy, Ciw and salabim");
    }
    match is_first || smoke() {
        true => ExitCode::SUCCESS,
        false => {
            eprintln!("one of them is quicker than strowger");
            ExitCode::FAILURE
        }
    }
}

fn rounds() -> u64 {
    size(3, 1)
}

/// The quickest of several rounds, each with a seed of its own.
fn best(round: impl FnMut(u64) -> Round) -> Round {
    let rounds = (1..=rounds()).map(round);
    let best = rounds.max_by(|one, other| speed(*one).total_cmp(&speed(*other)));
    best.expect("there is a round")
}

fn speed(round: Round) -> f64 {
    round.calls / round.seconds
}

fn print(name: &str, round: Round, ours: Round) {
    let is_sound = |value: f64, exact: f64| (value / exact - 1.0).abs() < APART_MAX;
    assert!(
        smoke()
            || (is_sound(round.abandoned, ABANDONED) && is_sound(round.wait_mean_s, WAIT_MEAN_S)),
        "{name} simulates something else: {round:?}"
    );
    println!(
        "{name:<52} {:>12.0} {:>10.4} {:>8.3} % {:>8.3} s",
        speed(round),
        speed(round) / speed(ours),
        100.0 * round.abandoned,
        round.wait_mean_s
    );
}

fn strowger(days: &mut Days) -> Round {
    let start = Instant::now();
    let (mut abandoned, mut waits, mut waited_ms) = (0, 0, 0);
    let calls = days.live(1, |total| {
        abandoned = total.queues.abandoned;
        (waits, waited_ms) = (total.queues.waits, total.queues.wait_ms);
    });
    Round {
        calls: calls as f64,
        seconds: start.elapsed().as_secs_f64(),
        abandoned: abandoned as f64 / waits as f64,
        wait_mean_s: waited_ms as f64 / 1000.0 / waits as f64,
    }
}

fn bare_loop(calls: u64, seed: u64) -> Round {
    let start = Instant::now();
    let outcome = black_box(yardstick::erlang_a(calls, &mut Bare::new(seed)));
    Round {
        calls: outcome.calls as f64,
        seconds: start.elapsed().as_secs_f64(),
        abandoned: outcome.abandoned as f64 / outcome.calls as f64,
        wait_mean_s: outcome.wait_mean_s(),
    }
}

impl Peer {
    /// One round in a process of its own, which times itself: without its start.
    fn run(&self, place: &Path, seed: u64) -> Round {
        let mut command = Command::new(place.join(self.program));
        if let Some(script) = self.script {
            let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers");
            command.arg(scripts.join(script));
        }
        let calls = size(self.calls, 1000);
        command.args([calls.to_string(), seed.to_string()]);
        let output = command.output();
        let output = output.unwrap_or_else(|error| panic!("{} cannot be run: {error}", self.name));
        let said = String::from_utf8_lossy(&output.stdout);
        let figures: Vec<f64> = said
            .split_whitespace()
            .filter_map(|one| one.parse().ok())
            .collect();
        let [calls, seconds, abandoned, wait_mean_s] = figures[..] else {
            let errors = String::from_utf8_lossy(&output.stderr);
            panic!("{} says {said:?}: {errors}", self.name);
        };
        Round {
            calls,
            seconds,
            abandoned,
            wait_mean_s,
        }
    }
}
