//! Callers who still wait when a run ends are in no wait and no service level, which has to be said.

use crate::check::folder;
use crate::cli::strowger;
use crate::written::LINE;
use serde_json::Value;
use std::fmt::Write as _;

/// One agent with a talk of an hour, and so many callers who wait for the rest of a quarter.
fn simulate(waiting: u32, args: &[&str]) -> String {
    run("simulate", waiting, args)
}

fn run(command: &str, waiting: u32, args: &[&str]) -> String {
    let mut calls = "time,line\n2026-11-23 09:00:00,line\n".to_owned();
    for second in 0..waiting {
        let _ = writeln!(calls, "2026-11-23 09:01:{second:02},line");
    }
    let scenario = "menu = \"line.toml\"\narrivals = \"calls.csv\"\nstaff = { support = 1 }\n\
                    [run]\nruns = 1\n[callers]\ntalk = \"1h\"\npatience = \"24h\"\n\
                    [goals]\n\"queue.support\".service_level = \">= 80% in 20s\"\n\
                    \"queue.support\".abandoned = \"<= 5%\"\n\
                    [[what_if]]\nname = \"more people\"\nadd_agents = { support = 20 }\n";
    let folder = folder(&[
        ("line.toml", LINE),
        ("groups.toml", "format = 1\n[group.support]\n"),
        ("calls.csv", &calls),
        ("day.scenario.toml", scenario),
    ]);
    let mut command = strowger(&[command, "day.scenario.toml", "-q"]);
    let output = command.args(args).current_dir(folder.path()).output();
    String::from_utf8(output.expect("the program runs").stdout).expect("text")
}

#[test]
fn a_report_says_how_many_still_waited_and_which_goals_do_not_see_them() {
    let report = simulate(10, &[]);
    let head = report.split("\nWHAT HAPPENED").next().expect("a head");
    let expected = "\
Line   day.scenario.toml
2026-11-23 09:00-09:15   1 run, seed 1
  ! One run has no confidence intervals: use --runs.
  ! Callers still waited when the run ended, and their waits are in no service level, speed of
    answer or longest wait: base: 10 in \"support\", 91 of 100 that entered.

GOALS: 2 of 2 met                         base                more people
  support: service level >= 80% in 20s    ✓! 100.0 %          ✓ 100.0 %
  support: abandoned <= 5%                ✓ 0.0 %             ✓ 0.0 %
  ! callers who still waited at the end are not in it
";
    assert_eq!(head, expected);
    let json: Value = serde_json::from_str(&simulate(10, &["--format", "json"])).expect("JSON");
    assert_eq!(json["goals"][0]["still_waiting"], 10);
    assert_eq!(json["goals"][1]["still_waiting"], Value::Null);
    assert_eq!(
        json["what_ifs"][0]["goals"][0]["still_waiting"],
        Value::Null
    );
    let notes = json["notes"].as_array().expect("notes");
    assert!(notes.iter().any(|note| {
        note.as_str()
            .is_some_and(|note| note.contains("10 in \"support\""))
    }));
}

#[test]
fn where_everybody_is_answered_nothing_is_said() {
    assert!(!simulate(0, &[]).contains("still waited"));
}

#[test]
fn a_sweep_says_at_which_points() {
    let sweep = run(
        "sweep",
        10,
        &["--load", "1", "--set", "add_agents.support=0..20/2"],
    );
    let told = sweep.split_whitespace().collect::<Vec<_>>().join(" ");
    let expected = "Callers still waited when the run ended, and their waits are in no service \
                    level, speed of answer or longest wait: add_agents.support 0: 10 in \
                    \"support\", 91 of 100 that entered. ";
    assert!(told.contains(expected), "{sweep}");
}
