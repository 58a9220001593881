//! Calls given by what their callers want: each kind of callers is a stream of its own.

use crate::written::cases;
use crate::written::shop;
use std::fmt::Write as _;
use strowger::exchange::id::QueueId;
use strowger::exchange::record::Record;
use strowger::exchange::time::Tick;
use strowger::sim::model::Model;
use strowger::sim::run;

const KEYS: &str = r#"
1 = { go = "tracking", label = "where a parcel is" }
2 = { go = "help", label = "help" }
[queue.tracking]
group = "support"
full = "@hangup"
no_agents = "@hangup"
[queue.help]
group = "support"
full = "@hangup"
no_agents = "@hangup"
"#;
const GROUPS: &str = "format = 1\n[group.support]\n";

/// Nobody presses a wrong key, and there are people enough for everybody.
const REST: &str = r#"
[wants.help]
needs = "help"
[callers]
talk = { distribution = "exponential", mean = "100s" }
slips = 0.0
silent = 0.0
[staff]
support = 200
"#;
const TRACKING: &str = "[wants.tracking]\nneeds = \"tracking\"\n";

fn models(calls: &str, more: &[(&str, &str)]) -> (Model, Vec<Model>) {
    let line = shop(KEYS);
    let scenario = format!("menu = \"shop.toml\"\n{calls}\n{REST}");
    let mut files = vec![
        ("shop.toml", line.as_str()),
        ("groups.toml", GROUPS),
        ("day.scenario.toml", &scenario),
    ];
    files.extend(more);
    let cases = cases(&files);
    let what_ifs = cases.what_ifs.into_iter().map(|(_, model)| model);
    (cases.base, what_ifs.collect())
}

/// When callers joined each of the two queues, by the number of the queue.
fn queued(model: &Model, replication: u64) -> [Vec<Tick>; 2] {
    let mut queued = [Vec::new(), Vec::new()];
    let mut note = |now: Tick, record: &Record| {
        if let Record::Queued { queue, .. } = *record {
            queued[queue.index()].push(now);
        }
    };
    run(model, 5, replication, &mut note);
    queued
}

fn place(model: &Model, name: &str) -> usize {
    let queues = &model.plan.queues;
    let place = queues.iter().position(|queue| queue.name == name);
    QueueId(place.expect("a queue") as u16).index()
}

/// How many joined a queue in so many runs, per run.
fn mean(model: &Model, queue: &str, runs: u64) -> f64 {
    let place = place(model, queue);
    let count = |run| queued(model, run)[place].len();
    (0..runs).map(count).sum::<usize>() as f64 / runs as f64
}

fn is_poisson_mean(found: f64, expected: f64, runs: u64) {
    // 2.576 standard errors: the two-sided 99 % of the normal distribution.
    let error = 2.576 * (expected / runs as f64).sqrt();
    assert!((found - expected).abs() < error, "{found} of {expected}");
}

#[test]
fn each_kind_calls_at_its_own_rate_whatever_multiplies_the_calls() {
    let calls = "demand.shop.calls_per_hour = { tracking = 40.0, help = 60.0 }\nrun.length = \"2h\"\n\
                 [[what_if]]\nname = \"more\"\nscale_calls = 2.0\n\
                 [[what_if]]\nname = \"parcels\"\n\
                 set = { \"demand.shop.calls_per_hour.tracking\" = 90.0 }";
    let (base, what_ifs) = models(&format!("{calls}\n{TRACKING}"), &[]);
    let runs = 40;
    is_poisson_mean(mean(&base, "tracking", runs), 80.0, runs);
    is_poisson_mean(mean(&base, "help", runs), 120.0, runs);
    is_poisson_mean(mean(&what_ifs[0], "tracking", runs), 160.0, runs);
    is_poisson_mean(mean(&what_ifs[0], "help", runs), 240.0, runs);
    is_poisson_mean(mean(&what_ifs[1], "tracking", runs), 180.0, runs);
    let shares: Vec<_> = [0, 1]
        .map(|want| base.scenario().demand.share_of(want))
        .into();
    assert_eq!(shares, [Some(0.4), Some(0.6)]);
}

#[test]
fn other_kinds_change_nothing_for_the_callers_of_one() {
    let both = "demand.shop.calls_per_hour = { tracking = 40.0, help = 60.0 }\nrun.length = \"5h\"";
    let one = "demand.shop.calls_per_hour = { help = 60.0 }\nrun.length = \"5h\"";
    let (both, _) = models(&format!("{both}\n{TRACKING}"), &[]);
    let (one, _) = models(one, &[]);
    for run in 0..3 {
        let help = |model: &Model| queued(model, run)[place(model, "help")].clone();
        let alone = help(&one);
        assert!(alone.len() > 200);
        assert_eq!(help(&both), alone);
    }
}

#[test]
fn a_forecast_by_want_has_its_calls_in_its_intervals() {
    let forecast = "date,start,interval_min,line,want,calls\n\
                    2026-11-23,09:00,60,shop,tracking,50\n\
                    2026-11-23,10:00,60,shop,tracking,0\n\
                    2026-11-23,09:00,60,shop,help,10\n\
                    2026-11-23,10:00,60,shop,help,70\n";
    let calls = format!("forecast = \"calls.csv\"\n{TRACKING}");
    let (model, _) = models(&calls, &[("calls.csv", forecast)]);
    let runs = 40;
    is_poisson_mean(mean(&model, "tracking", runs), 50.0, runs);
    is_poisson_mean(mean(&model, "help", runs), 80.0, runs);
    let tracking = &queued(&model, 0)[place(&model, "tracking")];
    // An hour, and what it takes to hear the menu.
    assert!(tracking.iter().all(|at| at.0 < 3_700_000));
}

#[test]
fn recorded_callers_want_what_was_recorded() {
    let mut book = "time,line,want\n".to_owned();
    for minute in 0..30 {
        let want = if minute % 3 == 0 { "tracking" } else { "help" };
        let _ = writeln!(book, "2026-11-23 09:{minute:02}:00,shop,{want}");
    }
    let calls = format!("arrivals = \"calls.csv\"\n{TRACKING}");
    let (model, _) = models(&calls, &[("calls.csv", &book)]);
    let queued = queued(&model, 0);
    let counts = ["tracking", "help"].map(|queue| queued[place(&model, queue)].len());
    assert_eq!(counts, [10, 20]);
}
