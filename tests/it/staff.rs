//! The search for the fewest agents.

use crate::check::folder;
use crate::cli::run;
use crate::cli::run_says;
use crate::temporary::Temporary;
use serde_json::Value;
use serde_json::json;
use std::fs;

const TINY: &str = "tests/it/tiny/tiny.scenario.toml";
const DAY: &str = "scenarios/ordinary-day.scenario.toml";

fn json_of(args: &[&str]) -> Value {
    let all = [&["staff"], args, &["--format", "json"]].concat();
    let (code, out, err) = run(&all);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    serde_json::from_str(&out).expect("JSON")
}

fn intervals<'j>(found: &'j Value, group: &str) -> &'j Vec<Value> {
    let intervals = found["groups"][group]["intervals"].as_array();
    intervals.expect("intervals")
}

/// A queue of Erlang's theory at so many calls an hour, with goals.
fn erlang(calls: f64, patience: &str, goals: &str) -> Temporary {
    let scenario = format!(
        "format = 1\nmenu = \"erlang-a.toml\"\n[run]\nruns = 4\nlength = \"110h\"\nwarm_up = \"10h\"\n\
         [demand]\nerlang-a = {{ calls_per_hour = {calls:?} }}\n[staff]\nagents = 3\n\
         [agents]\nanswers = \"0s\"\n\
         [callers]\nlanguages = {{ en = 1.0 }}\nwrap_up = \"0s\"\n\
         talk = {{ distribution = \"exponential\", mean = \"300s\" }}\npatience = {patience}\n\
         [goals]\n\"queue.queue\".{goals}\n"
    );
    folder(&[
        (
            "erlang-a.toml",
            include_str!("../../scenarios/erlang-a.toml"),
        ),
        (
            "erlang-a.groups.toml",
            include_str!("../../scenarios/erlang-a.groups.toml"),
        ),
        ("a.scenario.toml", &scenario),
    ])
}

#[test]
fn by_the_formulas_no_number_of_agents_is_enough_for_everybody() {
    for (goal, by_c, by_a) in [
        ("abandoned = \"<= 0%\"", false, false),
        ("service_level = \">= 100% in 20s\"", false, false),
        ("service_level = \">= 99.9% in 20s\"", true, true),
    ] {
        let files = erlang(2.0, "\"10m\"", goal);
        let found = json_of(&[&files.path().join("a.scenario.toml").display().to_string()]);
        let all = &intervals(&found, "agents")[0];
        let is_told = |name: &str| all[name].as_u64().is_some();
        assert_eq!(
            (is_told("erlang_c"), is_told("erlang_a")),
            (by_c, by_a),
            "{goal}: {all}"
        );
    }
}

/// What a steady state needs, and what the formulas say of it.
#[track_caller]
fn steady(calls: f64, patience: &str, goals: &str) -> (u64, Option<u64>, u64) {
    let files = erlang(calls, patience, goals);
    let path = files.path().join("a.scenario.toml");
    let found = json_of(&[&path.display().to_string()]);
    let [all] = &intervals(&found, "agents")[..] else {
        panic!("a steady state is one interval");
    };
    assert_eq!(found["checked"]["judged_intervals"], 1);
    let by = |name: &str| all[name].as_u64();
    (
        by("needed").expect("needed"),
        by("erlang_c"),
        by("erlang_a").expect("Erlang A"),
    )
}

/// Goals of which the exact figure with n agents, and with n - 1, lies well away from the bound.
#[test]
fn where_erlang_is_exact_the_search_finds_what_erlang_says() {
    let exponential = "{ distribution = \"exponential\", mean = \"120s\" }";
    // 20 erlangs: 21 agents answer 76.3 % in time, 22 do 81.6 %.
    let level = "service_level = \">= 79% in 20s\"";
    let (needed, _, erlang_a) = steady(240.0, exponential, level);
    assert_eq!((needed, erlang_a), (22, 22));
    // With 22 agents 6.5 % hang up, with 23 4.8 %.
    let (needed, _, erlang_a) = steady(240.0, exponential, "abandoned = \"<= 5.6%\"");
    assert_eq!((needed, erlang_a), (23, 23));
    // Where everybody waits, 24 answer 77.2 % in time, and 25 do 85.0 %: Erlang C.
    let (needed, erlang_c, _) = steady(240.0, "\"24h\"", "service_level = \">= 81% in 20s\"");
    assert_eq!((needed, erlang_c), (25, Some(25)));
}

#[test]
fn batches_of_a_steady_state_are_no_intervals() {
    let files = erlang(240.0, "\"2m\"", "asa = \"<= 20s\"");
    let path = files.path().join("a.scenario.toml");
    let scenario = fs::read_to_string(&path).expect("a scenario");
    let scenario = scenario
        .replace("warm_up = \"10h\"", "warm_up = \"auto\"")
        .replace("runs = 4\n", "");
    fs::write(&path, scenario).expect("a file");
    let found = json_of(&[&path.display().to_string()]);
    let load = intervals(&found, "agents")[0]["load_erlangs"].as_f64();
    assert!(
        load.is_some_and(|load| (load - 20.0).abs() < 2.0),
        "{load:?}"
    );
}

#[test]
fn with_those_who_are_needed_every_interval_meets_the_goals_and_with_one_fewer_it_does_not() {
    let (code, csv, err) = run(&["staff", DAY, "--runs", "6", "--format", "csv"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let rows: Vec<&str> = csv.lines().collect();
    assert_eq!(rows[0], "date,start,interval_min,group,agents");
    assert_eq!(rows.len(), 25);
    assert!(rows[1].starts_with("2026-11-23,09:00,30,support,"));

    let scenario = day(&[]);
    let level_of = |csv: &str| -> Vec<f64> {
        let files = folder(&[
            ("ordinary-day-staff.csv", csv),
            ("a.scenario.toml", &scenario),
        ]);
        let path = files.path().join("a.scenario.toml").display().to_string();
        let (_, out, _) = run(&["simulate", &path, "--runs", "6", "--format", "json"]);
        let report: Value = serde_json::from_str(&out).expect("JSON");
        let support = &report["queues"]["support"]["intervals"];
        let worst = |at: &Value| {
            let mean = |name: &str| at[name]["mean"].as_f64().expect("a mean");
            // How far above its goal the nearest figure is.
            (mean("service_level") - 0.8).min(0.05 - mean("abandoned_share"))
        };
        support
            .as_array()
            .expect("intervals")
            .iter()
            .map(worst)
            .collect()
    };
    let found = level_of(&csv);
    assert!(found.iter().all(|above| *above >= 0.0), "{found:?}");
    for fewer in [1, 9, 20] {
        let less = rows.iter().enumerate().map(|(place, row)| {
            let (all, agents) = row.rsplit_once(',').expect("a row");
            match agents.parse::<u32>() {
                Ok(agents) if place == fewer => format!("{all},{}\n", agents - 1),
                _ => format!("{row}\n"),
            }
        });
        let levels = level_of(&less.collect::<String>());
        let beside = levels
            .iter()
            .enumerate()
            .filter(|(at, _)| (at + 1).abs_diff(fewer) <= 1);
        assert!(
            beside.into_iter().any(|(_, above)| *above < 0.0),
            "{fewer}: {levels:?}"
        );
    }
}

#[test]
fn a_busier_day_needs_more() {
    let sum = |found: &Value| -> u64 {
        let needed = intervals(found, "support")
            .iter()
            .map(|at| at["needed"].as_u64());
        needed.map(|needed| needed.expect("needed")).sum()
    };
    let base = sum(&json_of(&[DAY, "--runs", "6"]));
    let busier = json_of(&[DAY, "--runs", "6", "--what-if", "+20 % calls"]);
    assert_eq!(busier["what_if"], "+20 % calls");
    let again = busier["command"].as_str().expect("a command");
    assert!(again.contains(" --what-if '+20 % calls' "), "{again}");
    let share = sum(&busier) as f64 / base as f64;
    assert!((1.1..1.25).contains(&share), "{share}");
}

#[test]
fn head_counts_for_the_whole_day_are_sought_by_the_intervals_of_the_forecast() {
    let found = json_of(&[TINY]);
    let forecast = fs::read_to_string("tests/it/tiny/tiny-forecast.csv").expect("a forecast");
    assert_eq!(
        intervals(&found, "support").len(),
        forecast.lines().count() - 1
    );
    assert_eq!(found["runs"], 200);
}

/// The tiny shop with changes to its scenario, and with this forecast.
fn tiny(changes: &[(&str, &str)], forecast: &str) -> Temporary {
    let mut scenario = fs::read_to_string(TINY).expect("a scenario");
    for (from, to) in changes {
        assert!(scenario.contains(from), "{from}");
        scenario = scenario.replace(from, to);
    }
    folder(&[
        ("a.scenario.toml", &scenario),
        ("tiny.toml", include_str!("tiny/tiny.toml")),
        ("tiny.groups.toml", include_str!("tiny/tiny.groups.toml")),
        ("tiny-forecast.csv", forecast),
    ])
}

/// How long calls are shows once somebody is there to answer them.
#[test]
fn long_talks_that_nobody_is_there_for_are_in_reach() {
    let talk = "talk     = { distribution = \"exponential\", mean = \"180s\" }";
    let changes = [("support = 2", "support = 0"), (talk, "talk = \"110m\"")];
    let forecast = "date,start,interval_min,line,calls\n2026-11-23,09:00,180,tiny,900\n";
    let files = tiny(&changes, forecast);
    let lines = fs::read_to_string(files.path().join("tiny.toml")).expect("a line");
    let lines = lines.replace("trunks    = 6\n", "");
    fs::write(files.path().join("tiny.toml"), lines).expect("a file");
    let path = files.path().join("a.scenario.toml").display().to_string();
    let (code, out, _) = run(&["staff", &path, "--runs", "1", "--format", "json"]);
    assert_eq!(code, Some(0));
    let found: Value = serde_json::from_str(&out).expect("JSON");
    let needed = intervals(&found, "support")[0]["needed"].as_u64();
    assert!(needed > Some(200), "{needed:?}");
}

/// By the forecast calls of the second hour last four times as long as those of the others.
#[test]
fn the_load_is_that_of_the_talks_of_the_interval() {
    let talk = "talk     = { distribution = \"exponential\", mean = \"180s\" }\n";
    let forecast = "date,start,interval_min,line,calls,aht_s\n2026-11-23,09:00,60,tiny,30,120\n\
                    2026-11-23,10:00,60,tiny,30,480\n2026-11-23,11:00,60,tiny,30,120\n\
                    2026-11-23,12:00,60,tiny,0,120\n";
    let files = tiny(&[(talk, ""), ("redial", "#redial")], forecast);
    let path = files.path().join("a.scenario.toml").display().to_string();
    let found = json_of(&[&path]);
    let load = |at: usize| {
        let load = intervals(&found, "support")[at]["load_erlangs"].as_f64();
        load.expect("a load")
    };
    assert!((3.4..4.6).contains(&(load(1) / load(0))), "{found:#}");
    assert!((3.4..4.6).contains(&(load(1) / load(2))), "{found:#}");
}

/// Callers of two languages, of whom one kind of people speaks both.
#[test]
fn kinds_of_people_keep_their_proportions() {
    let found = json_of(&["scenarios/overload.scenario.toml", "--runs", "4"]);
    for at in intervals(&found, "technical") {
        let kind = |name: &str| at["needed_by_kind"][name].as_u64().expect("a kind");
        let (both, one) = (kind("en vi"), kind("vi"));
        assert_eq!(both + one, at["needed"].as_u64().expect("needed"));
        assert!(both < one && both > 0, "{at}");
    }
}

#[test]
fn the_page_says_what_is_needed() {
    run_says("staff", &["staff", TINY, "--runs", "40"]);
}

#[test]
fn what_cannot_be_sought_is_said() {
    run_says(
        "staff-unknown-what-if",
        &["staff", DAY, "--what-if", "+20% calls"],
    );
    run_says("staff-base", &["staff", DAY, "--what-if", "base"]);
    run_says(
        "staff-without-goals",
        &["staff", "scenarios/spike.scenario.toml"],
    );
    let roster = fs::read_to_string("scenarios/part-time.scenario.toml").expect("a scenario");
    let (code, _, err) = {
        let files = folder(&[]);
        for entry in fs::read_dir("scenarios").expect("scenarios") {
            let path = entry.expect("an entry").path();
            let to = files.path().join(path.file_name().expect("a name"));
            fs::copy(&path, to).expect("a copy");
        }
        let path = files.path().join("a.scenario.toml");
        let goals = "[goals]\n\"group.desk\".occupancy = \"<= 88%\"\n";
        let group = roster_group(&files);
        fs::write(
            &path,
            format!("{roster}\n{}", goals.replace("desk", &group)),
        )
        .expect("a file");
        run(&["staff", &path.display().to_string()])
    };
    assert_eq!(code, Some(1));
    assert!(err.contains("a roster names its people"), "{err}");
    let nobody = tiny(
        &[("support = 2\n", "")],
        include_str!("tiny/tiny-forecast.csv"),
    );
    let path = nobody.path().join("a.scenario.toml").display().to_string();
    let (code, _, err) = run(&["staff", &path]);
    assert_eq!(code, Some(1));
    assert!(
        err.contains("a goal is about the group \"support\", of which `staff` says nothing"),
        "{err}"
    );
    let steady = erlang(240.0, "\"2m\"", "asa = \"<= 20s\"");
    let path = steady.path().join("a.scenario.toml").display().to_string();
    let (code, _, err) = run(&["staff", &path, "--format", "csv"]);
    assert_eq!(code, Some(2));
    assert!(err.contains("a steady state has none"), "{err}");
}

/// A group of the part-timers.
fn roster_group(files: &Temporary) -> String {
    let groups = fs::read_to_string(files.path().join("part-time.groups.toml")).expect("groups");
    let at = groups.split("[group.").nth(1).expect("a group");
    at.split(']').next().expect("a name").to_owned()
}

/// Phones ring for five seconds: nobody is answered within two.
#[test]
fn goals_out_of_reach_are_named() {
    let files = tiny(
        &[(">= 80% in 20s", ">= 80% in 2s")],
        include_str!("tiny/tiny-forecast.csv"),
    );
    let path = files.path().join("a.scenario.toml").display().to_string();
    let (code, out, err) = run(&["staff", &path, "--runs", "5"]);
    assert_eq!((code, out.as_str()), (Some(4), ""));
    assert!(
        err.contains("queue.support service_level >= 80% in 2s: at "),
        "{err}"
    );
}

/// The ordinary day with the paths of its files, and these changes.
fn day(changes: &[(&str, &str)]) -> String {
    let mut scenario = fs::read_to_string(DAY).expect("the day");
    let files = [
        ("../menus/shop.toml", "menus/shop.toml"),
        (
            "ordinary-day-forecast.csv",
            "scenarios/ordinary-day-forecast.csv",
        ),
    ];
    for (name, path) in files {
        let path = fs::canonicalize(path).expect(name).display().to_string();
        scenario = scenario.replace(name, &path);
    }
    for (from, to) in changes {
        assert!(scenario.contains(from), "{from}");
        scenario = scenario.replace(from, to);
    }
    scenario
}

#[test]
fn shifts_cover_what_is_needed_and_the_roster_file_is_that_roster() {
    let found = json_of(&[DAY, "--runs", "6"]);
    let roster = &found["roster"];
    let at_work = roster["at_work"]["support"].as_array().expect("intervals");
    let needed = intervals(&found, "support").iter().map(|at| &at["needed"]);
    for (needed, at_work) in needed.zip(at_work) {
        assert!(at_work.as_u64() >= needed.as_u64(), "{roster:#}");
    }
    assert_eq!(roster["missed"], json!([]));
    let shifts = roster["shifts"].as_array().expect("shifts");
    let people = shifts.iter().map(|one| one["people"].as_u64());
    let people: u64 = people.map(|people| people.expect("people")).sum();
    assert_eq!(roster["people"], people);
    let paid = |one: &Value| match one["shift"].as_str() {
        Some("full") => 8.0,
        Some("half") => 4.0,
        other => panic!("{other:?}"),
    };
    let paid: f64 = shifts
        .iter()
        .map(|one| paid(one) * one["people"].as_f64().expect("people"))
        .sum();
    assert_eq!(roster["paid_hours"], paid);

    let (code, rows, err) = run(&["staff", DAY, "--runs", "6", "--format", "roster"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert_eq!(rows.lines().count() as u64, people + 1);
    let staff = "staff    = \"ordinary-day-staff.csv\"";
    // Nobody can be taken off a roster by number.
    let fewer = "add_agents = { support = -2 }";
    let scenario = day(&[
        (staff, "roster = \"roster.csv\""),
        (fewer, "scale_calls = 0.9"),
    ]);
    let files = folder(&[("roster.csv", &rows), ("a.scenario.toml", &scenario)]);
    let path = files.path().join("a.scenario.toml").display().to_string();
    let (_, out, err) = run(&["simulate", &path, "--runs", "6", "--format", "json"]);
    let report: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{err}"));
    for part in ["queues", "groups", "total", "fairness"] {
        assert_eq!(report[part], found["with_roster"][part], "{part}");
    }
}

#[test]
fn shifts_that_do_not_cover_what_is_needed_are_told() {
    let staff = |shifts: &str| {
        let goals = format!("{shifts}\n[goals]");
        let forecast = include_str!("tiny/tiny-forecast.csv");
        let files = tiny(&[("[goals]", &goals)], forecast);
        let path = files.path().join("a.scenario.toml").display().to_string();
        run(&["staff", &path, "--runs", "10", "--format", "json"])
    };
    let (code, out, err) = staff("[shifts.early]\nstarts = \"08:00\"\nlength = \"2h\"\n");
    assert_eq!(code, Some(4));
    let needed: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(intervals(&needed, "support").len(), 2);
    // They are all missing from ten o'clock on, and nobody is before.
    let roster = &needed["roster"];
    let hours = intervals(&needed, "support")[1]["needed"].as_f64();
    assert_eq!(roster["missing_agent_hours"].as_f64(), hours);
    assert!(roster["least_paid_hours"].is_null() && roster["at_work"]["support"][1] == 0);
    let expected = "agents of the group \"support\" are needed at 10:00, when no shift";
    assert!(err.contains(expected), "{err}");
    let (code, _, err) = staff("[shifts.all-day]\nstarts = \"09:00\"\nlength = \"2h\"\nmost = 1\n");
    assert_eq!(code, Some(4));
    assert!(err.contains("no number of people on the shifts"), "{err}");
    let (code, _, err) = staff("[shifts.all-day]\nstarts = \"09:00\"\nlength = \"2h\"\n");
    assert_eq!((code, err.as_str()), (Some(0), ""));
    run_says(
        "staff-roster-without-shifts",
        &["staff", TINY, "--format", "roster"],
    );
}
