//! Steady states by one long run, against exact theory.

use crate::cli::strowger;
use crate::exact::erlang::erlang_a;
use crate::exact::patience::exponential;
use crate::temporary::Temporary;
use crate::validation::plain::Plain;
use rayon::prelude::*;
use std::fs;
use strowger::exchange::time::Span;
use strowger::measure::Steady;
use strowger::measure::Summary;
use strowger::sim::replicate::replicate;
use strowger::sim::steady::find;
use strowger::sim::study::LEVEL;

/// One queue from empty, in a run of so long.
fn plain(hours: u32) -> Plain<'static> {
    Plain {
        warm_up_h: 0,
        finds_warm_up: true,
        hours,
        ..Plain::default()
    }
}

/// The same with so many calls an hour of people who do not hang up.
fn patient(calls_per_hour: f64, hours: u32) -> Plain<'static> {
    Plain {
        patience: r#"{ distribution = "fixed", value = "24h" }"#,
        calls_per_hour,
        ..plain(hours)
    }
}

/// Fifty people and calls of an hour: from empty, the first hours are quiet.
fn slow(hours: u32) -> Plain<'static> {
    Plain {
        agents: 50,
        talk: r#"{ distribution = "exponential", mean = "1h" }"#,
        patience: r#"{ distribution = "exponential", mean = "30m" }"#,
        calls_per_hour: 48.0,
        ..plain(hours)
    }
}

/// One run, cut where its scenario asks for it.
fn long_run(plain: &Plain<'_>, seed: u64) -> Summary {
    let mut model = plain.site().model();
    model.settle(find(&model, seed));
    let runs = replicate(&model, seed, 0..1, &|| ());
    model.summary(&runs, LEVEL)
}

fn long_runs(plain: &Plain<'_>, seeds: u64) -> Vec<Summary> {
    let seeds = (0..seeds).into_par_iter();
    seeds.map(|seed| long_run(plain, seed)).collect()
}

fn steady(summary: &Summary) -> Steady {
    summary.steady.expect("a warm-up that was to be found")
}

/// How often the intervals of one long run hold the exact value.
#[test]
fn intervals_of_one_long_run_are_right_as_often_as_they_say() {
    let exact = erlang_a(10.0, 10, 180.0, 20.0, 60.0, exponential(60.0));
    let figures = [
        ("abandoned_share", exact.abandons),
        ("wait_mean_s", exact.wait_s),
        ("service_level_of_entered", exact.answered_within),
        ("occupancy", exact.occupancy),
    ];
    let all = long_runs(&plain(120), 60);
    for (name, exact) in figures {
        let held = all.iter().map(|one| one.total.get(name));
        let held = held.filter(|figure| figure.contains(exact)).count();
        // 57 are expected at 95 in 100; fewer than 52 would come once in 250 times.
        assert!(held >= 52, "{name}: {held} of 60");
        let queue = all[0].queue("queue").expect("the queue");
        let row = if name == "occupancy" {
            &all[0].groups[0].total
        } else {
            &queue.total
        };
        assert_eq!(
            row.get(name),
            all[0].total.get(name),
            "{name} of all there is"
        );
    }
    let settled = all.iter().map(steady).filter(|steady| steady.settled);
    let independent = settled.clone().filter(|steady| steady.independent);
    assert!(settled.count() >= 59 && independent.count() >= 50);
}

#[test]
fn counts_are_those_of_the_whole_run() {
    let summary = long_run(&plain(120), 1);
    let hours = steady(&summary).counted().as_seconds() / 3600.0;
    let attempts = summary.total.get("attempts");
    let expected = 200.0 * hours;
    let mean = attempts.mean.expect("a count");
    assert!((mean / expected - 1.0).abs() < 0.03 && mean.fract() == 0.0);
    // Poisson: so many have the root of so many for their deviation.
    let half = attempts.half_width().expect("batches");
    let poisson = 2.0 * expected.sqrt();
    assert!((0.7 * poisson..1.4 * poisson).contains(&half), "{half}");
    // So is what adds up without being a count: agents are 0.9 of ten people's time, all of it on lines.
    let lines = summary.total.mean("trunk_s").expect("line time") / 3600.0;
    assert!((8.0 * hours..11.0 * hours).contains(&lines), "{lines} h");
    // Only a second run would tell how the longest wait of a run spreads.
    let longest = summary.total.get("wait_max_s");
    assert!(longest.mean > summary.total.mean("wait_p99_s") && longest.low.is_none());
}

#[test]
fn a_quiet_beginning_is_found_and_does_not_count() {
    const SEEDS: u64 = 40;
    let exact = erlang_a(48.0, 50, 3600.0, 20.0, 1800.0, exponential(1800.0));
    let mean = |all: &[Summary], name: &str| {
        let sum: f64 = all.iter().filter_map(|one| one.total.mean(name)).sum();
        sum / all.len() as f64
    };
    let cut = long_runs(&slow(60), SEEDS);
    let uncut = Plain {
        finds_warm_up: false,
        ..slow(60)
    };
    let uncut = long_runs(&uncut, SEEDS);
    // People are as busy as they will be after some hours, of which each calls one of 60 idle.
    let off = |all: &[Summary]| mean(all, "occupancy") - exact.occupancy;
    assert!(off(&uncut) < -0.008, "{}", off(&uncut));
    assert!(off(&cut).abs() < 0.005, "{}", off(&cut));
    for one in cut.iter().map(steady) {
        assert!(one.warm_up >= Span::minutes(30), "{one:?}");
    }
}

/// Nobody hangs up, so that jams last: a cut that the counted run itself had found went through the first of
/// them, and waits came out 3 % too short.
#[test]
fn jams_at_the_beginning_are_not_cut_off_with_it() {
    let auto = patient(140.0, 120);
    let fixed = Plain {
        finds_warm_up: false,
        warm_up_h: 2,
        hours: 118,
        ..auto.clone()
    };
    let (auto, fixed) = (long_runs(&auto, 60), long_runs(&fixed, 60));
    let unsettled = auto.iter().filter(|one| !steady(one).settled).count();
    assert!(unsettled <= 3, "{unsettled} of 60 are said not to settle");
    let wait = |one: &Summary| one.total.mean("wait_mean_s").expect("a wait");
    let pairs = auto.iter().zip(&fixed);
    let differences: Vec<f64> = pairs
        .map(|(auto, fixed)| wait(auto) - wait(fixed))
        .collect();
    let mean = differences.iter().sum::<f64>() / 60.0;
    let squares = differences.iter().map(|one| (one - mean) * (one - mean));
    let error = (squares.sum::<f64>() / 59.0 / 60.0).sqrt();
    assert!(mean.abs() < 2.0 * error, "{mean} ±{error} s");
}

#[test]
fn what_is_too_short_or_never_settles_has_no_intervals() {
    let summary = long_run(&patient(240.0, 20), 1);
    let found = steady(&summary);
    assert!(!found.settled && found.batches == 0, "{found:?}");
    assert_eq!(found.warm_up, Span::minutes(10 * 60));
    let wait = summary.total.get("wait_mean_s");
    assert!(wait.mean > Some(1000.0) && wait.low.is_none());
    // A few batches' worth of memory is no batches' worth.
    let found = long_runs(&slow(20), 8);
    let sure = found
        .iter()
        .map(steady)
        .filter(|one| one.settled && one.independent);
    assert!(sure.count() <= 1);
}

#[test]
fn a_run_with_too_few_calls_for_its_load_is_told_however_quiet_it_was() {
    let patient = |hours| patient(160.0, hours);
    // 80 in 100 of the time of ten people: some 29,000 calls. Callers who hang up make the line forget.
    let (short, long) = (long_run(&patient(60), 1), long_run(&patient(240), 1));
    assert!(steady(&short).settled && steady(&long).settled);
    let (needed, _) = short.calls_short_of().expect("it is short");
    assert!((25_000.0..33_000.0).contains(&needed));
    assert_eq!(long.calls_short_of(), None);
    assert_eq!(long_run(&plain(60), 1).calls_short_of(), None);
}

#[test]
fn several_runs_are_cut_alike_and_make_intervals_narrower() {
    let mut model = plain(60).site().model();
    model.settle(find(&model, 3));
    let runs = replicate(&model, 3, 0..4, &|| ());
    let (one, four) = (
        model.summary(&runs[..1], LEVEL),
        model.summary(&runs, LEVEL),
    );
    assert_eq!(one.steady, four.steady);
    assert_eq!((one.runs, four.runs), (1, 4));
    assert_eq!(four.samples(), 4 * steady(&four).batches);
    let half = |summary: &Summary, name: &str| summary.total.get(name).half_width();
    let ratio = half(&four, "wait_mean_s").zip(half(&one, "wait_mean_s"));
    let ratio = ratio.map(|(four, one)| four / one).expect("intervals");
    assert!((0.35..0.7).contains(&ratio), "{ratio}");
    // What only whole runs tell has an interval when there are several.
    assert!(half(&four, "wait_max_s").is_some() && half(&one, "wait_max_s").is_none());
}

const TINY: &str = "tests/it/tiny/steady.scenario.toml";

fn output(args: &[&str], threads: &str) -> String {
    let output = strowger(args).env("RAYON_NUM_THREADS", threads).output();
    let output = output.expect("the program runs");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn threads_and_shards_do_not_show() {
    let runs = ["simulate", TINY, "--runs", "3"];
    let with = |more: &[&'static str]| [&runs[..], more].concat();
    let json = with(&["--format", "json"]);
    let whole = output(&json, "1");
    assert_eq!(whole, output(&json, "2"));
    assert!(whole.contains("\"batches\": 64"), "{whole}");
    let directory = Temporary::new(&std::env::temp_dir());
    let parts = ["1/2", "2/2"].map(|part| {
        let path = directory.path().join(part.replace('/', "-"));
        let output = strowger(&with(&["--shard", part])).output();
        fs::write(&path, output.expect("a part").stdout).expect("a file");
        path.display().to_string()
    });
    let merged = ["merge", parts[0].as_str(), parts[1].as_str()];
    assert_eq!(output(&merged, "1"), output(&runs, "2"));
    let merged = [&merged[..], &["--format", "json"]].concat();
    assert_eq!(output(&merged, "1"), whole);
}

/// One long run has intervals already; more of them are made only as long as these are too wide.
#[test]
fn as_many_long_runs_as_it_takes() {
    let until = |wanted| {
        let json = ["simulate", TINY, "--format", "json", "--until", wanted];
        let json: serde_json::Value = serde_json::from_str(&output(&json, "2")).expect("JSON");
        assert_eq!(json["precision"][0]["reached"], true, "{wanted}");
        json["runs"].as_u64().expect("runs")
    };
    assert_eq!(until("service_level=3pt"), 1);
    let runs = until("service_level=1.2pt");
    assert!((2..=8).contains(&runs), "{runs}");
}

#[test]
fn strategies_are_compared_after_the_same_warm_up() {
    let args = ["compare", TINY, "--runs", "3", "--strategies"];
    let args = [&args[..], &["fair,random", "--format", "json"]].concat();
    let json: serde_json::Value = serde_json::from_str(&output(&args, "2")).expect("JSON");
    let steady = |name: &str| json["strategies"][name]["steady"].clone();
    assert_eq!(steady("fair")["settled"], true, "{json:#}");
    assert_eq!(steady("fair"), steady("random"));
    assert_eq!(steady("fair")["batches"], 0);
}
