//! The command line: what it says, and how it ends.
//!
//! `SNAPSHOTS=overwrite cargo test --test it` writes `tests/it/cli/` anew.

use crate::temporary::Temporary;
use snapbox::Assert;
use snapbox::Data;
use std::io::Read;
use std::path::Path;
use std::process::Command;
use std::process::Output;
use std::process::Stdio;

const TINY: &str = "tests/it/tiny/tiny.scenario.toml";

/// The program in a plain terminal of 100 columns.
pub(crate) fn strowger(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_strowger"));
    command
        .args(args)
        .env_remove("CLICOLOR_FORCE")
        .env_remove("LC_ALL")
        .env("NO_COLOR", "1")
        .env("LC_CTYPE", "C.UTF-8")
        .env("COLUMNS", "100");
    command
}

pub(crate) fn run(args: &[&str]) -> (Option<i32>, String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = strowger(args).output().expect("the program runs");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (status.code(), text(stdout), text(stderr))
}

/// Compares with `tests/it/cli/<name>.txt`.
#[track_caller]
pub(crate) fn says(name: &str, text: String) {
    let path = format!("tests/it/cli/{name}.txt");
    let expected = Data::read_from(Path::new(&path), None);
    let assert = Assert::new().action_env("SNAPSHOTS");
    assert.normalize_paths(false).eq(text, expected);
}

/// What a run says on both streams, and its exit code.
#[track_caller]
pub(crate) fn run_says(name: &str, args: &[&str]) {
    let (code, out, err) = run(args);
    let code = code.map_or("a signal".to_owned(), |code| code.to_string());
    let command = ["strowger"]
        .iter()
        .chain(args)
        .copied()
        .collect::<Vec<_>>()
        .join(" ");
    let err = match err.is_empty() {
        true => String::new(),
        false => format!("--- stderr\n{err}"),
    };
    says(name, format!("$ {command}\n{out}{err}--- exit {code}\n"));
}

#[test]
fn help_says_what_there_is() {
    run_says("help", &["--help"]);
    run_says("help-check", &["check", "--help"]);
    run_says("help-simulate", &["simulate", "--help"]);
    run_says("help-compare", &["compare", "--help"]);
    run_says("help-fit", &["fit", "--help"]);
    run_says("help-import", &["import", "--help"]);
    run_says("help-merge", &["merge", "--help"]);
    run_says("help-sweep", &["sweep", "--help"]);
    run_says("help-test", &["test", "--help"]);
    run_says("help-try", &["try", "--help"]);
    run_says("help-watch", &["watch", "--help"]);
}

#[test]
fn wrong_usage_ends_with_2() {
    run_says("no-command", &[]);
    run_says("unknown-command", &["simulat", TINY]);
    run_says("no-runs", &["simulate", TINY, "--runs", "0"]);
    run_says("no-seed", &["simulate", TINY, "--seed", "abc"]);
    run_says("no-version", &["rollback", "--to", "last"]);
    let serve = ["serve", TINY, "--data", "nowhere", "--agent-hour", "free"];
    run_says("no-cost", &[&serve[..], &["--currency", "EUR"]].concat());
    run_says("no-file", &["check"]);
}

#[test]
fn check_shows_all_problems() {
    let bad = "tests/menus/invalid/unknown-target.toml";
    run_says("check-errors", &["check", bad]);
    run_says("check-errors-json", &["check", bad, "--format", "json"]);
    run_says("check-fine", &["check", TINY, "--at", "2026-11-23"]);
    let fine = ["check", TINY, "--at", "2026-11-23", "--format", "json"];
    run_says("check-fine-json", &fine);
    let expired = "tests/menus/invalid/expired-answer.toml";
    run_says("check-warning", &["check", expired, "--at", "2026-11-23"]);
}

#[test]
fn import_writes_a_line_and_says_what_is_different() {
    let bank = "tests/import/voicexml/bank.vxml";
    run_says("import", &["import", "voicexml", bank]);
    let json = ["import", "voicexml", bank, "--format", "json"];
    run_says("import-json", &json);
    let macros = "tests/import/invalid/freeswitch-macros.xml";
    run_says("import-nothing", &["import", "freeswitch", macros]);
    run_says("import-unreadable", &["import", "twilio", "nowhere.json"]);
}

#[test]
fn import_overwrites_nothing_unless_it_is_told_to() {
    let folder = Temporary::new(&std::env::temp_dir());
    let out = folder.path().to_str().expect("a path");
    let call = |more: &[&str]| {
        let conf = "tests/import/asterisk/extensions.conf";
        let mut args = vec!["import", "asterisk", conf, "--out", out];
        args.extend(more);
        run(&args)
    };
    let (code, stdout, stderr) = call(&[]);
    assert_eq!((code, stdout.as_str()), (Some(0), ""), "{stderr}");
    assert!(stderr.contains("wrote "), "{stderr}");
    let line = folder.path().join("incoming.toml");
    let groups = folder.path().join("groups.toml");
    assert!(line.exists() && groups.exists());
    std::fs::write(&line, "mine").expect("a file");
    std::fs::remove_file(&groups).expect("a file");
    let (code, _, stderr) = call(&[]);
    assert_eq!(code, Some(1));
    assert!(stderr.contains("nothing was written"), "{stderr}");
    assert_eq!(std::fs::read_to_string(&line).expect("a file"), "mine");
    assert!(!groups.exists());
    assert_eq!(call(&["--force"]).0, Some(0));
    assert!(groups.exists());
}

#[test]
fn what_cannot_be_read_ends_with_3() {
    run_says("check-unreadable", &["check", "nowhere.toml"]);
    run_says(
        "simulate-unreadable",
        &["simulate", "nowhere.scenario.toml"],
    );
}

#[test]
fn call_tests_with_mistakes_are_told_to_programs() {
    let slip = "tests/calls/invalid/bad-value.test.toml";
    let args = ["test", slip, "--format", "json"];
    let (code, out, err) = run(&args);
    assert_eq!((code, err.as_str()), (Some(1), ""));
    let found: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(found[0]["severity"], "error", "{out}");
    // As `check` has them.
    assert_eq!(run(&["check", slip, "--format", "json"]).1, out);
}

#[test]
fn a_wrong_scenario_is_not_simulated() {
    let slip = "tests/it/tiny/slip.scenario.toml";
    run_says("simulate-wrong", &["simulate", slip]);
}

#[test]
fn simulate_reports_for_people() {
    let (code, out, err) = run(&["simulate", TINY]);
    assert_eq!((code, err.as_str()), (Some(4), ""), "the goal is missed");
    // The last lines tell how long it took, which files were read and which version this is.
    let what_happened = out.split("\nASSUMED").next().expect("a report");
    says("simulate", format!("{what_happened}\n"));
    let widest = out.lines().map(|line| line.chars().count()).max();
    assert!(widest <= Some(100), "a line of {widest:?} columns");
}

#[test]
fn a_steady_state_says_how_it_was_cut() {
    for (name, file) in [
        ("steady", "tests/it/tiny/steady.scenario.toml"),
        ("too-short", "tests/it/tiny/too-short.scenario.toml"),
    ] {
        let (code, out, err) = run(&["simulate", file]);
        assert_eq!((code, err.as_str()), (Some(0), ""));
        let beginning = out.split("\nFAIRNESS").next().expect("a report");
        says(name, format!("{beginning}\n"));
    }
}

#[test]
fn simulate_reports_for_programs() {
    let (code, out, _) = run(&["simulate", TINY, "--format", "json", "--runs", "2"]);
    assert_eq!(code, Some(4));
    let json: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    let mut keys = String::new();
    list_keys(&json, "", &mut keys);
    says("simulate-json-keys", keys);
}

/// The paths of all keys, one a line; of a list the first entry stands for all.
fn list_keys(value: &serde_json::Value, path: &str, keys: &mut String) {
    match value {
        serde_json::Value::Object(map) => {
            let is_figure = map.len() == 3 && map.contains_key("mean");
            if is_figure || path == ".definitions" {
                keys.extend([path, "\n"]);
                return;
            }
            for (key, value) in map {
                list_keys(value, &format!("{path}.{key}"), keys);
            }
        }
        serde_json::Value::Array(list) if !list.is_empty() => {
            list_keys(&list[0], &format!("{path}[]"), keys);
        }
        _ => keys.extend([path, "\n"]),
    }
}

#[test]
fn simulate_runs_until_figures_are_sure_enough() {
    const NO_GOALS: &str = "tests/it/tiny/no-goals.scenario.toml";
    let until =
        |more: &[&'static str]| [&["simulate", NO_GOALS, "--format", "json"], more].concat();
    let json = |args: &[&str]| {
        let (code, out, said) = run(args);
        let mut json: serde_json::Value = serde_json::from_str(&out).expect("JSON");
        let object = json.as_object_mut().expect("an object");
        let precision = object.remove("precision").expect("how sure it is");
        let missed = precision[0]["reached"] == false;
        let exit = if missed { 4 } else { 0 };
        assert_eq!((code, said.as_str()), (Some(exit), ""));
        (json, precision)
    };
    let asked = [
        "--until",
        "service_level=4pt",
        "--until",
        "queue.support.asa_s=25%",
    ];
    let (study, precision) = json(&until(&asked));
    for one in precision.as_array().expect("a list") {
        assert_eq!(one["reached"], true, "{one}");
    }
    let half = precision[0]["half_width"].as_f64().expect("a width");
    assert!(half <= 0.04 && half > 0.02, "{half}");
    // The same as if the number of runs had been known.
    let runs = study["runs"].to_string();
    let (again, nothing) = json(&until(&["--runs", runs.leak()]));
    assert_eq!((study, nothing), (again, serde_json::json!([])));
    let (study, precision) = json(&until(&["--until", "service_level=0.1pt", "--runs", "25"]));
    assert_eq!(
        (&study["runs"], &precision[0]["reached"]),
        (&25.into(), &false.into())
    );
    let needed = precision[0]["runs_needed"].as_u64().expect("a number");
    assert!(needed > 10_000, "{needed}");
    let wrong = |name: &str, wanted: &'static str| {
        run_says(name, &["simulate", NO_GOALS, "--until", wanted]);
    };
    wrong("until-unknown", "queue.suport.asa_s=1s");
    wrong("until-unit", "service_level=1s");
    wrong("until-width", "service_level");
    let (code, out, _) = run(&[
        "simulate",
        NO_GOALS,
        "--until",
        "asa_s=0.01s",
        "--runs",
        "30",
    ]);
    assert_eq!(code, Some(4));
    assert!(out.contains("NOT REACHED: asa_s is known to ±"), "{out}");
}

#[test]
fn sweep_finds_the_knee_and_what_is_left_beyond() {
    let of = |more: &[&'static str]| [&["sweep", TINY, "--runs", "3"], more].concat();
    run_says("sweep", &of(&["--load", "5,10,15,25,40"]));
    run_says("sweep-growing", &of(&["--load", "0.5..2"]));
    run_says("sweep-wrong", &of(&["--load", "0..4"]));
    run_says("sweep-steps", &of(&["--load", "1..2/1"]));
    let (code, out, _) = run(&of(&["--load", "1,45", "--format", "json"]));
    let json: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!((code, &json["knee"]), (Some(0), &serde_json::json!(4)));
    // Twice the knee is run though it was not asked for, and was the knee itself twice.
    let points = json["points"].as_array().expect("points");
    let loads: Vec<_> = points.iter().map(|point| point["load"].as_f64()).collect();
    assert_eq!(loads, [1.0, 2.0, 4.0, 8.0, 45.0].map(Some));
    let goodput = |place: usize| {
        points[place]["goodput_per_h"]["mean"]
            .as_f64()
            .expect("a rate")
    };
    let kept = json["goodput_kept"].as_f64().expect("a share");
    assert!((kept - goodput(3) / goodput(2)).abs() < 1e-4, "{kept}");
    // At the scenario's own load it is what `simulate` says.
    let (_, out, _) = run(&["simulate", TINY, "--runs", "3", "--format", "json"]);
    let whole: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(
        (&points[0]["total"], &points[0]["fairness"]),
        (&whole["total"], &whole["fairness"])
    );
    let served = whole["total"]["callers_served"]["mean"]
        .as_f64()
        .expect("a count");
    assert!((goodput(0) - served / 2.0).abs() < 1e-3, "two hours");
    // The table says the same.
    let (_, out, _) = run(&of(&["--load", "1,45", "--format", "csv"]));
    let rows: Vec<Vec<&str>> = out.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(rows.len(), 6);
    assert!(rows.iter().all(|row| row.len() == rows[0].len()));
    let column = rows[0]
        .iter()
        .position(|name| *name == "goodput_per_h")
        .expect("a column");
    for (place, row) in rows[1..].iter().enumerate() {
        let said: f64 = row[column].parse().expect("a rate");
        assert!((said - goodput(place)).abs() < 1e-3, "{said}");
    }
}

#[test]
fn sweep_sets_one_key_after_another() {
    let of = |more: &[&'static str]| [&["sweep", TINY, "--runs", "3"], more].concat();
    let patience = "callers.patience.mean=30s..5m/4";
    run_says("sweep-set", &of(&["--set", patience, "--load", "4"]));
    let trunks = "line.trunks=2..8/4";
    run_says("sweep-table", &of(&["--set", trunks, "--set", patience]));
    run_says(
        "sweep-table-csv",
        &of(&[
            "--set",
            "line.trunks=2,8",
            "--load",
            "1,4",
            "--format",
            "csv",
        ]),
    );
    // The same problems as in a file, at their place in the flag.
    run_says(
        "sweep-set-path",
        &of(&["--set", "group.suport.max_waiting=1..5"]),
    );
    run_says(
        "sweep-set-field",
        &of(&["--set", "queue.support.overlaod.no_queue=1m,2m"]),
    );
    run_says("sweep-set-type", &of(&["--set", "line.trunks=5,many"]));
    run_says(
        "sweep-set-range",
        &of(&["--set", "callers.satisfied=0.5..1.5/3"]),
    );
    run_says(
        "sweep-set-agents",
        &of(&["--set", "add_agents.support=0..3"]),
    );
    run_says(
        "sweep-set-agents-fewer",
        &of(&["--set", "add_agents.support=-3,-1,0"]),
    );
    run_says(
        "sweep-set-agents-group",
        &of(&["--set", "add_agents.suport=1,2"]),
    );
    run_says(
        "sweep-set-agents-type",
        &of(&["--set", "add_agents.support=1,many,1.5,20000"]),
    );
    run_says("sweep-set-agents-where", &of(&["--set", "add_agents=1..3"]));
    let by_name = "scenarios/part-time.scenario.toml";
    let added = ["sweep", by_name, "--set", "add_agents.agents=1,2"];
    run_says("sweep-set-agents-roster", &added);
    run_says("sweep-set-study", &of(&["--set", "run.seed=1..3"]));
    run_says("sweep-set-nobody", &of(&["--set", "caller.patience=1..3"]));
    run_says("sweep-set-kinds", &of(&["--set", "line.trunks=1s..5"]));
    let dimensions = ["--set", "a.b=1,2", "--set", "c.d=1,2", "--load", "1,2"];
    run_says("sweep-dimensions", &of(&dimensions));
    run_says("sweep-twice", &of(&["--set", "a.b=1,2", "--set", "a.b=3"]));
    run_says(
        "sweep-points",
        &of(&["--set", "a.b=1..50/50", "--load", "1..4/50"]),
    );
}

#[test]
fn sweep_looks_at_a_spike_and_at_both_ways_of_a_ramp() {
    let of = |more: &[&'static str]| [&["sweep", TINY, "--runs", "3"], more].concat();
    run_says(
        "sweep-spike",
        &of(&["--load", "1,8", "--spike", "09:00-10:00"]),
    );
    run_says("sweep-spike-wrong", &of(&["--spike", "9-10"]));
    run_says("sweep-spike-when", &of(&["--spike", "10:00-12:00"]));
    run_says("sweep-spike-reversed", &of(&["--spike", "10:40-10:00"]));
    run_says("sweep-ramp", &of(&["--ramp", "--load", "1,4,8"]));
    run_says(
        "sweep-ramp-csv",
        &of(&["--ramp", "--load", "1,4", "--format", "csv"]),
    );
    run_says("sweep-ramp-levels", &of(&["--ramp", "--load", "1..4/30"]));
    run_says(
        "sweep-ramp-set",
        &of(&["--ramp", "--set", "line.trunks=1,2"]),
    );
}

#[test]
fn sweeps_fit_a_terminal() {
    let of = |more: &[&'static str]| [&["sweep", TINY, "--runs", "1"], more].concat();
    let table = ["--set", "line.trunks=2..16/15", "--load", "1,100"];
    let spike = ["--load", "1,100", "--spike", "09:00-10:00"];
    let long = [
        "--set",
        "group.support.strategy=weighted-random,longest-idle-bridge",
    ];
    for more in [&table[..], &spike, &long, &["--ramp", "--load", "1,100"]] {
        for (columns, most) in [("80", 80), ("100", 100)] {
            let output = strowger(&of(more)).env("COLUMNS", columns).output();
            let output = output.expect("the program runs");
            assert_eq!(output.status.code(), Some(0));
            let text = String::from_utf8(output.stdout).expect("text");
            let page = text.split("THE SAME AGAIN").next().expect("a page");
            let widest = page.lines().max_by_key(|line| line.chars().count());
            let widest = widest.expect("a line");
            assert!(widest.chars().count() <= most, "{columns}: {widest}");
        }
    }
}

#[test]
fn simulate_tells_the_story_of_a_call() {
    let tiny = ["simulate", TINY, "--explain"];
    let with = |more: &[&'static str]| [&tiny[..], more].concat();
    run_says("explain", &with(&["longest-wait"]));
    run_says("explain-first", &with(&["1", "--run", "2", "--seed", "7"]));
    run_says("explain-line", &with(&["45", "--seed", "3"]));
    run_says("explain-none", &with(&["99999"]));
    run_says("explain-wrong", &with(&["soon"]));
    let (code, out, _) = run(&with(&["3", "--format", "json"]));
    let json: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!((code, &json["attempt"]), (Some(0), &serde_json::json!(3)));
    assert!(json["story"][0]["words"].is_string(), "{out}");
    // People who come and go, and a choice among many.
    let people = [
        "simulate",
        "scenarios/part-time.scenario.toml",
        "--explain",
        "250",
    ];
    run_says("explain-choice", &people);
}

#[test]
fn a_story_says_who_got_ahead_and_goes_on_with_the_call_back() {
    let order = ["simulate", "tests/it/story/line.scenario.toml", "--explain"];
    let of = |attempt: &'static str| [&order[..], &[attempt]].concat();
    run_says("explain-ahead", &of("30"));
    run_says("explain-alone", &of("159"));
}

#[test]
fn simulate_prints_the_ledger_of_an_agent() {
    let part_time = ["simulate", "scenarios/part-time.scenario.toml", "--ledger"];
    let of = |agent: &'static str| [&part_time[..], &[agent]].concat();
    run_says("ledger", &of("paula"));
    run_says("ledger-nobody", &of("pauli"));
    let (code, out, _) = run(&[&of("paula")[..], &["--format", "json"]].concat());
    let json: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(
        (code, &json["agent"]),
        (Some(0), &serde_json::json!("paula"))
    );
    let hours = json["hours"].as_array().expect("hours");
    let took: u64 = hours.iter().filter_map(|hour| hour["took"].as_u64()).sum();
    assert!(
        out.contains(&format!("\"took\": {}", hours[0]["took"])) && took > 20,
        "{out}"
    );
}

#[test]
fn compare_puts_strategies_beside_each_other() {
    let three = "fair,longest-idle,fewest-calls";
    let scenario = "scenarios/part-time.scenario.toml";
    let args = ["compare", scenario, "--strategies", three, "--runs", "6"];
    run_says("compare", &args);
    let (code, out, _) = run(&[&args[..], &["--format", "json"]].concat());
    let json: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(
        (code, &json["baseline"]),
        (Some(0), &serde_json::json!("fair"))
    );
    let error = |name: &str| {
        let figure = &json["strategies"][name]["fairness"]["share_error_rms"];
        figure["mean"].as_f64().expect("a figure")
    };
    assert!(error("fair") < error("longest-idle") && error("fair") < error("fewest-calls"));
    let real = &json["differences"]["fewest-calls"]["share_error_rms"]["real"];
    assert_eq!(real, &serde_json::json!(true));
    run_says(
        "compare-unknown",
        &["compare", scenario, "--strategies", "fair,fairest"],
    );
}

/// The picture of `docs/FAIRNESS.md` is what the command beside it draws.
#[test]
fn the_picture_of_the_docs_is_drawn_from_a_run() {
    let drawn = std::env::temp_dir().join(format!("strowger-{}.svg", std::process::id()));
    let path = drawn.to_str().expect("a path");
    let page = include_str!("../../docs/FAIRNESS.md");
    let command = page.split("strowger compare ").nth(1).expect("a command");
    let command = command.split("```").next().expect("its end");
    let words = command.replace("fairness.svg", path).replace('\\', "");
    let mut args = vec!["compare"];
    args.extend(words.split_whitespace());
    // It is the first day that is drawn.
    let (code, _, err) = run(&[&args[..], &["--runs", "1"]].concat());
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let text = std::fs::read_to_string(&drawn).expect("a picture");
    std::fs::remove_file(&drawn).expect("it can be removed");
    let expected = Data::read_from(Path::new("docs/fairness.svg"), None);
    Assert::new()
        .action_env("SNAPSHOTS")
        .eq(text, expected.raw());
}

#[test]
fn goals_that_are_met_end_with_0() {
    let (code, out, err) = run(&["simulate", "tests/it/tiny/no-goals.scenario.toml"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert!(out.contains("WHAT HAPPENED"), "{out}");
}

#[test]
fn a_reader_who_has_had_enough_is_no_error() {
    let mut child = strowger(&["simulate", TINY, "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    drop(child.stdout.take());
    let mut err = String::new();
    let stderr = child.stderr.as_mut().expect("a pipe");
    stderr.read_to_string(&mut err).expect("text");
    let code = child.wait().expect("an end").code();
    assert_eq!((code, err.as_str()), (Some(4), ""));
}

#[test]
fn help_that_cannot_be_written_ends_like_any_other_output() {
    for args in [
        &["--help"][..],
        &["--version"],
        &["check", "--help"],
        &["help", "try"],
    ] {
        let mut full = std::fs::OpenOptions::new();
        let full = full.write(true).open("/dev/full").expect("a full disk");
        let output = strowger(args)
            .stdout(full)
            .output()
            .expect("the program runs");
        let err = String::from_utf8(output.stderr).expect("text");
        assert_eq!(output.status.code(), Some(74), "{args:?}");
        assert!(err.starts_with("error: cannot write the output: "), "{err}");
        let (gone, end) = std::io::pipe().expect("a pipe");
        drop(gone);
        let output = strowger(args)
            .stdout(end)
            .output()
            .expect("the program runs");
        assert_eq!(
            (output.status.code(), output.stderr),
            (Some(0), Vec::new()),
            "{args:?}"
        );
    }
}
