//! Steady states by one long run, against exact theory.

use crate::exact::erlang::erlang_a;
use crate::exact::patience::exponential;
use crate::validation::plain::Plain;
use rayon::prelude::*;
use strowger::measure::Steady;
use strowger::measure::Summary;
use strowger::sim::replicate::replicate;
use strowger::sim::steady::find;
use strowger::sim::study::LEVEL;

/// One run and how it was cut, if its scenario asks for it.
fn long_run(plain: &Plain<'_>, seed: u64) -> (Option<Steady>, Summary) {
    let mut model = plain.site().model();
    model.settle(find(&model, seed));
    let runs = replicate(&model, seed, 0..1, &|| ());
    let summary = model.summary(&runs, LEVEL);
    (summary.steady, summary)
}

/// Fifty people on whom an hour's call is an hour's memory: from empty, the first hours are quiet.
const SLOW: Plain<'_> = Plain {
    agents: 50,
    talk: r#"{ distribution = "exponential", mean = "1h" }"#,
    patience: r#"{ distribution = "exponential", mean = "30m" }"#,
    line: "",
    group: "",
    callers: "",
    calls_per_hour: 48.0,
    warm_up_h: 0,
    finds_warm_up: true,
    hours: 60,
};

/// How often the intervals of one long run hold the exact value.
#[test]
fn intervals_of_one_long_run_are_right_as_often_as_they_say() {
    const SEEDS: u64 = 60;
    let exact = erlang_a(10.0, 10, 180.0, 20.0, 60.0, exponential(60.0));
    let figures = [
        ("abandoned_share", exact.abandons),
        ("wait_mean_s", exact.wait_s),
        ("service_level_of_entered", exact.answered_within),
        ("occupancy", exact.occupancy),
    ];
    let plain = Plain {
        hours: 120,
        finds_warm_up: true,
        ..Plain::default()
    };
    let seeds = (0..SEEDS).into_par_iter();
    let all: Vec<(Option<Steady>, Summary)> = seeds.map(|seed| long_run(&plain, seed)).collect();
    for (name, exact) in figures {
        let held = all
            .iter()
            .filter(|(_, summary)| summary.total.get(name).contains(exact));
        println!("{name}: {}", held.count());
    }
    let settled = all
        .iter()
        .flat_map(|(steady, _)| steady)
        .filter(|steady| steady.settled);
    println!("settled {}", settled.clone().count());
    println!("64 {}", settled.clone().filter(|s| s.batches == 64).count());
    println!("dep {}", settled.filter(|s| !s.independent).count());
}

#[test]
fn scratch() {
    for hours in [60, 100, 200, 400] {
        let slow = Plain { hours, ..SLOW };
        let exact = erlang_a(48.0, 50, 3600.0, 20.0, 1800.0, exponential(1800.0));
        let seeds = (0..60).into_par_iter();
        let all: Vec<(Option<Steady>, Summary)> = seeds.map(|seed| long_run(&slow, seed)).collect();
        let none = Plain {
            finds_warm_up: false,
            ..slow
        };
        let seeds = (0..60).into_par_iter();
        let nones: Vec<(Option<Steady>, Summary)> =
            seeds.map(|seed| long_run(&none, seed)).collect();
        let settled = all
            .iter()
            .flat_map(|(steady, _)| steady)
            .filter(|steady| steady.settled);
        println!(
            "{hours} settled {} 64: {} dep {} zero cut {}",
            settled.clone().count(),
            settled.clone().filter(|s| s.batches == 64).count(),
            settled.clone().filter(|s| !s.independent).count(),
            settled.clone().filter(|s| s.warm_up.0 == 0).count()
        );
        println!(
            "mean cut {}",
            settled
                .clone()
                .map(|s| s.warm_up.as_seconds() / 3600.0)
                .sum::<f64>()
                / settled.count() as f64
        );
        for (name, exact) in [
            ("occupancy", exact.occupancy),
            ("wait_mean_s", exact.wait_s),
        ] {
            let held = all
                .iter()
                .filter(|(_, summary)| summary.total.get(name).contains(exact))
                .count();
            let mean = |all: &[(Option<Steady>, Summary)]| {
                all.iter()
                    .map(|(_, s)| s.total.mean(name).unwrap())
                    .sum::<f64>()
                    / 60.0
            };
            println!(
                "  {name} held {held} exact {exact} cut {} not {}",
                mean(&all),
                mean(&nones)
            );
        }
    }
}
