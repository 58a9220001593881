//! Who has to wait and who has not, and what figures tell of what has not happened.

use crate::written;
use crate::written::LINE;
use strowger::measure::Summary;
use strowger::sim::model::Model;
use strowger::sim::precision::Wanted;
use strowger::sim::precision::run_until;
use strowger::sim::replicate::replicate;
use strowger::sim::study::LEVEL;

/// So many agents, whose phones ring for 3 s and who talk for a minute, and a call a minute. One caller in
/// five does not wait, the others do for as long as it takes.
fn model(agents: u32) -> Model {
    with(agents, LINE, "20h")
}

/// The same with another line and patience.
fn with(agents: u32, line: &str, patience: &str) -> Model {
    let scenario = format!(
        "menu = \"line.toml\"\nstaff = {{ support = {agents} }}\n\
         demand.line.calls_per_hour = 60\nrun.length = \"10h\"\n\
         [callers]\ntalk = \"60s\"\nwrap_up = \"0s\"\npatience = \"{patience}\"\nbalks = 0.2\n"
    );
    let groups = "format = 1\n[group.support]\nrest = \"0s\"\n";
    let files = [
        ("line.toml", line),
        ("groups.toml", groups),
        ("day.scenario.toml", scenario.as_str()),
    ];
    written::cases(&files).base
}

fn share_abandoned(agents: u32) -> f64 {
    figure(&model(agents), "abandoned_share")
}

fn figure(model: &Model, metric: &str) -> f64 {
    let runs = replicate(model, 1, 0..10, &|| ());
    let summary: Summary = model.summary(&runs, LEVEL);
    summary.total.mean(metric).expect("a figure")
}

#[test]
fn callers_lose_their_patience_while_a_queue_speaks_as_well() {
    // Some 60 s of it.
    let words = "We will be with you as soon as somebody is free. ".repeat(16);
    let speaks = format!("{LINE}say = \"{words}\"\n");
    for patience in ["20s", "20h"] {
        for metric in ["abandoned_share", "asa_s", "service_level"] {
            let of = |line: &str| figure(&with(1, line, patience), metric);
            assert_eq!(of(LINE), of(&speaks), "{metric}, {patience}");
        }
    }
}

#[test]
fn whoever_does_not_wait_hears_a_free_agents_phone_ring() {
    assert_eq!(share_abandoned(20), 0.0);
    // One agent is busy with four callers in five: nearly so often one in five leaves.
    let share = share_abandoned(1);
    assert!((0.14..0.2).contains(&share), "{share}");
}

#[test]
fn what_has_not_happened_in_a_few_runs_is_not_known_to_be_rare() {
    let model = model(20);
    let wanted: Wanted = "abandoned=5%".parse().expect("a width");
    let until = |most| {
        let (runs, reached) = run_until(
            &model,
            1,
            (std::slice::from_ref(&wanted), most),
            |_| (),
            &|| (),
        );
        (runs.len(), reached[0].reached, reached[0].runs_needed)
    };
    assert_eq!(until(30), (30, false, Some(100)));
    assert_eq!(until(1000), (100, true, Some(100)));
}
