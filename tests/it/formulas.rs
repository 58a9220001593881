//! What `strowger erlang` says.

use crate::cli::run;
use crate::cli::run_says;
use serde_json::Value;

const HALF_AN_HOUR: [&str; 5] = ["erlang", "--calls", "300", "--talk", "4m"];

#[track_caller]
fn says(name: &str, more: &[&str]) {
    run_says(name, &[&HALF_AN_HOUR[..], more].concat());
}

#[test]
fn the_formulas_tell_people_and_programs() {
    run_says("help-erlang", &["erlang", "--help"]);
    says("erlang", &[]);
    let more = [
        "--patience",
        "3m",
        "--menus",
        "40s",
        "--goal",
        "service_level >= 80% in 20s",
        "--goal",
        "abandoned <= 3%",
    ];
    says("erlang-patience", &more);
    says("erlang-agents", &["--patience", "3m", "--agents", "35"]);
    says("erlang-no-number", &["--goal", "asa <= 0s"]);
    let few = [
        "erlang",
        "--calls",
        "1",
        "--talk",
        "4m",
        "--agents",
        "1",
        "--patience",
        "2m",
        "--format",
        "json",
    ];
    run_says("erlang-json", &few);
}

#[test]
fn what_the_formulas_cannot_tell_is_refused() {
    says("erlang-no-patience", &["--goal", "abandoned <= 3%"]);
    says("erlang-goal", &["--goal", "wait <= 20s"]);
    says("erlang-goal-time", &["--goal", "service_level >= 80%"]);
    says("erlang-blocked", &["--blocked", "0.01"]);
    let talk = ["erlang", "--calls", "300", "--talk", "240"];
    run_says("erlang-time", &talk);
    let many = ["erlang", "--calls", "1000000", "--talk", "24h"];
    run_says("erlang-too-many", &many);
}

#[test]
fn numbers_are_told_however_large_they_are() {
    let crowd = [
        "erlang",
        "--calls",
        "100000",
        "--interval",
        "1s",
        "--talk",
        "1s",
        "--patience",
        "24h",
        "--agents",
        "30000",
        "--goal",
        "abandoned <= 3%",
        "--blocked",
        "1%",
    ];
    let (code, out, err) = run(&crowd);
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    assert!(out.contains("too many   "), "{out}");
    let (_, out, _) = run(&[&crowd[..], &["--format", "json"]].concat());
    let told: Value = serde_json::from_str(&out).expect("JSON");
    assert!(told["erlang_a"]["lines"]["needed"].is_null(), "{told}");
    // Of callers who hang up Erlang C knows nothing, and Erlang A all.
    for (formula, meets) in [("erlang_c", Value::Null), ("erlang_a", Value::Bool(false))] {
        let rows = told[formula]["agents"].as_array().expect("rows");
        let own = rows.iter().map(|row| &row["meets_goals"]);
        assert!(
            own.clone().count() > 0 && own.clone().all(|own| *own == meets),
            "{told}"
        );
    }
    let (_, out, _) = run(&[
        "erlang",
        "--calls",
        "1000000",
        "--interval",
        "1s",
        "--talk",
        "50ms",
        "--menus",
        "900ms",
        "--goal",
        "service_level >= 80% in 1234567ms",
        "--blocked",
        "0.0001%",
    ]);
    assert!(out.contains("  in 1234567ms"), "{out}");
    assert!(out.contains("\n  1,00"), "{out}");
}

/// `scenarios/erlang-a.scenario.toml`, by whose exact figures the simulator is held.
#[test]
fn the_formulas_are_those_by_which_the_simulator_is_held() {
    let args = [
        "erlang",
        "--calls",
        "1140",
        "--interval",
        "1h",
        "--talk",
        "300s",
        "--patience",
        "120s",
        "--agents",
        "100",
        "--format",
        "json",
    ];
    let (code, out, err) = run(&args);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let told: Value = serde_json::from_str(&out).expect("JSON");
    let rows = told["erlang_a"]["agents"].as_array().expect("rows");
    let row = rows.iter().find(|row| row["agents"] == 100);
    let row = row.expect("the row that was asked for");
    for (metric, exact) in [
        ("abandoned_share", 0.027_053_6),
        ("service_level", 0.922_379),
        ("occupancy", 0.924_299),
        ("waits", 0.252_767),
    ] {
        let told = row[metric].as_f64().expect("a figure");
        assert!((told - exact).abs() < 1e-6, "{metric}: {told}, not {exact}");
    }
}
