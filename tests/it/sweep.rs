//! Sweeps: what overload does to a line and what cures it, dimension by dimension.

use crate::check::folder;
use crate::cli::strowger;
use crate::temporary::Temporary;
use serde_json::Value;

const SPIKE: &str = "scenarios/spike.scenario.toml";
const TINY: &str = "tests/it/tiny/tiny.scenario.toml";

/// The ladder that the scenario tries out last, as flags.
const LADDER: [&str; 8] = [
    "--set",
    "queue.support.overload.offer_callback=60s",
    "--set",
    "queue.support.overload.no_queue=90s",
    "--set",
    "callers.accepts_callback=0.6",
    "--set",
    "callback.call-back.spare_agents=3",
];

fn json(args: &[&str]) -> Value {
    let all = [&["sweep"], args, &["--format", "json"]].concat();
    let output = strowger(&all).output().expect("the program runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((output.status.code(), said.as_str()), (Some(0), ""));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn mean(figure: &Value) -> f64 {
    figure["mean"].as_f64().expect("a mean")
}

fn points(sweep: &Value) -> &Vec<Value> {
    sweep["points"].as_array().expect("points")
}

#[test]
fn a_spike_takes_the_lines_and_the_ladder_gives_them_back() {
    let spike = ["--runs", "3", "--spike", "10:00-10:40", "--load", "1"];
    let without = json(&[&[SPIKE], &spike[..]].concat());
    let with = json(&[&[SPIKE], &spike[..], &LADDER].concat());
    let (without, with) = (&points(&without)[0], &points(&with)[0]);
    let total = |point: &Value, name: &str| mean(&point["total"][name]);
    // The lines collapse: two in five attempts find none, and everybody calls again.
    let lost = total(without, "blocked") / total(without, "attempts");
    assert!(lost > 0.3, "{lost}");
    assert!(total(without, "attempts_per_caller") > 1.5);
    assert!(total(with, "blocked") < 0.1 * total(without, "blocked"));
    assert!(total(with, "attempts_per_caller") < 1.1);
    assert!(total(with, "trunk_wasted_s") < 0.5 * total(without, "trunk_wasted_s"));
    assert_eq!(
        mean(&with["total"]["callers"]),
        mean(&without["total"]["callers"])
    );
    assert!(mean(&with["goodput_per_h"]) > 1.05 * mean(&without["goodput_per_h"]));
    // And it takes longer until all is well again.
    for point in [without, with] {
        assert_eq!(point["recovery_missing_runs"], 0, "{}", point["recovery_s"]);
    }
    let (slow, fast) = (mean(&without["recovery_s"]), mean(&with["recovery_s"]));
    assert!(slow > 1.5 * fast && slow < 3600.0, "{slow} {fast}");
}

/// A day of a small line, on which so many people are there, and callers do as is said of them.
fn tiny(people: u32, callers: &str) -> Temporary {
    let scenario = format!(
        "format = 1\nmenu = \"tiny.toml\"\nforecast = \"forecast.csv\"\n[run]\nruns = 5\n\
         [staff]\nsupport = {people}\n[wants.help]\nshare = 1.0\nneeds = \"support\"\n\
         [callers]\ntalk = \"3m\"\n{callers}"
    );
    let files = [
        (
            "forecast.csv",
            "date,start,interval_min,line,calls\n2026-11-23,09:00,30,tiny,30\n2026-11-23,09:30,30,tiny,60\n",
        ),
        ("tiny.toml", include_str!("tiny/tiny.toml")),
        ("tiny.groups.toml", include_str!("tiny/tiny.groups.toml")),
        ("a.scenario.toml", &scenario),
    ];
    folder(&files)
}

#[test]
fn where_nobody_is_served_no_larger_load_is_asked_for() {
    let directory = tiny(0, "leaves_message = 0.0\n");
    let mut command = strowger(&["sweep", "a.scenario.toml", "-q", "--load", "1,2"]);
    let output = command.current_dir(directory.path()).output();
    let page = String::from_utf8(output.expect("the program runs").stdout).expect("text");
    assert!(
        page.contains("\n  Nobody got what they called for.\n"),
        "{page}"
    );
    assert!(!page.contains("knee"), "{page}");
}

#[test]
fn a_ramp_on_which_nobody_is_served_asks_for_no_more_runs() {
    let directory = tiny(0, "leaves_message = 0.0\n");
    let mut command = strowger(&["sweep", "a.scenario.toml", "-q", "--ramp", "--load", "1,2"]);
    let output = command.current_dir(directory.path()).output();
    let page = String::from_utf8(output.expect("the program runs").stdout).expect("text");
    assert!(
        page.contains("\n  On the way up nobody got what they called for: ")
            && !page.contains("Try more"),
        "{page}"
    );
}

/// Five agents who are hardly busy: the goodput grows with the load far beyond the loads that were asked for.
#[test]
fn twice_the_knee_is_judged_like_every_other_point() {
    let directory = tiny(5, "");
    let path = directory.path().join("a.scenario.toml");
    let swept = json(&[
        path.to_str().expect("a path"),
        "--set",
        "line.trunks=100",
        "--load",
        "1.7,1.85",
    ]);
    let power = |point: &Value| {
        let goodput = mean(&point["goodput_per_h"]);
        goodput * goodput / mean(&point["offered_per_h"])
    };
    let powers: Vec<f64> = points(&swept).iter().map(power).collect();
    let most = powers.iter().copied().fold(0.0, f64::max);
    let first = powers.iter().position(|power| *power >= most);
    let first = first.expect("a largest power");
    let knee = match first + 1 < powers.len() {
        true => points(&swept)[first]["at"]["load"].clone(),
        false => Value::Null,
    };
    assert_eq!(swept["knee"], knee, "{powers:?}");
    assert!(powers.len() > 2, "twice a knee was looked at: {powers:?}");
}

/// The agents and lines of a spike are the limit, and not the range in which one looks for it.
#[test]
fn the_knee_does_not_go_by_the_range_of_loads() {
    let knee = |loads| json(&[SPIKE, "--runs", "2", "--load", loads])["knee"].as_f64();
    let knees = ["0.5..2.5/5", "0.5..4/8", "0.5..20/40"].map(knee);
    assert_eq!(knees, [Some(1.5); 3]);
}

#[test]
fn a_spike_as_it_is_written_changes_nothing() {
    let plain = json(&[SPIKE, "--runs", "2", "--load", "1"]);
    let spike = json(&[
        SPIKE,
        "--runs",
        "2",
        "--load",
        "1",
        "--spike",
        "10:07-10:33",
    ]);
    let (plain, spike) = (&points(&plain)[0], &points(&spike)[0]);
    for part in ["total", "queues", "fairness"] {
        assert_eq!(plain[part], spike[part], "{part}");
    }
}

#[test]
fn a_line_with_few_calls_does_not_tell_when_it_has_recovered() {
    let swept = json(&[
        TINY,
        "--runs",
        "3",
        "--spike",
        "09:00-10:00",
        "--load",
        "1,8",
    ]);
    for point in points(&swept) {
        assert_eq!(point["recovery_s"]["mean"], Value::Null);
        assert_eq!(point["recovery_missing_runs"], 0);
        assert_eq!(point["recovery_untold_runs"], 3);
    }
}

#[test]
fn rows_and_columns_of_a_table_are_sweeps_of_one_dimension() {
    let patient = "callers.patience.mean=30s,90s,5m";
    let grid = json(&[TINY, "--runs", "2", "--set", patient, "--load", "1,8"]);
    let figures = |point: &Value| {
        let parts = [
            "total",
            "queues",
            "fairness",
            "offered_per_h",
            "goodput_per_h",
        ];
        parts.map(|part| point[part].clone())
    };
    let all: Vec<_> = points(&grid).iter().map(figures).collect();
    assert_eq!(all.len(), 6);
    assert_eq!(points(&grid)[4]["at"]["callers.patience.mean"], "90s");
    assert_eq!(points(&grid)[4]["at"]["load"], 8);
    // A row, with a load that holds for all points.
    let row = json(&[TINY, "--runs", "2", "--set", patient, "--load", "8"]);
    let row: Vec<_> = points(&row).iter().map(figures).collect();
    assert_eq!(all[3..], row);
    // A column, with a key that does; twice the knee may come on top.
    let set = "callers.patience.mean=90s";
    let column = json(&[TINY, "--runs", "2", "--set", set, "--load", "1,8"]);
    let column: Vec<_> = points(&column).iter().map(figures).collect();
    assert_eq!([&all[1], &all[4]], [&column[0], &column[1]]);
    let best = grid["best"]["load"].as_f64();
    assert_eq!(best, Some(8.0));
}

#[test]
fn two_keys_make_a_table_too() {
    let rows = "line.trunks=3,6";
    let columns = "group.support.max_waiting=0..4/2";
    let args = [TINY, "--runs", "1", "--set", rows, "--set", columns];
    let grid = json(&args);
    let at: Vec<_> = points(&grid)
        .iter()
        .map(|point| point["at"].to_string())
        .collect();
    assert_eq!(at.len(), 4);
    assert!(at[1].contains("\"line.trunks\":3") && at[1].contains("max_waiting\":4"));
    assert!(at[2].contains("\"line.trunks\":6") && at[2].contains("max_waiting\":0"));
    assert_eq!(grid["knee"], Value::Null);
}

#[test]
fn a_key_that_is_set_is_what_the_what_if_would_be() {
    // The scenario's own what-if of this name sets the same.
    let output = strowger(&["simulate", SPIKE, "--runs", "1", "--format", "json"]).output();
    let output = output.expect("the program runs").stdout;
    let study: Value = serde_json::from_slice(&output).expect("JSON");
    let what_if = &study["what_ifs"][3];
    assert_eq!(what_if["name"], "the same, offered to those in line, too");
    let swept = json(&[&[SPIKE, "--runs", "1", "--load", "1"], &LADDER[..]].concat());
    let point = &points(&swept)[0];
    for part in ["total", "queues", "fairness"] {
        assert_eq!(what_if[part], point[part], "{part}");
    }
}

#[test]
fn agents_are_added_as_a_what_if_adds_them() {
    let day = "scenarios/ordinary-day.scenario.toml";
    let output = strowger(&["simulate", day, "--runs", "1", "--format", "json"]).output();
    let output = output.expect("the program runs").stdout;
    let study: Value = serde_json::from_slice(&output).expect("JSON");
    let what_ifs = study["what_ifs"].as_array().expect("what-ifs");
    let two_fewer = what_ifs
        .iter()
        .find(|what_if| what_if["name"] == "two people fewer");
    let two_fewer = two_fewer.expect("a what-if with two agents fewer");
    // Beside another dimension, as planners look at heads.
    let heads = ["--set", "add_agents.support=-2,0", "--load", "1,2"];
    let swept = json(&[&[day, "--runs", "1"], &heads[..]].concat());
    let at = |load: usize, heads: usize| &points(&swept)[2 * load + heads];
    assert_eq!(at(0, 0)["at"]["add_agents.support"], -2);
    for part in ["total", "queues", "fairness"] {
        assert_eq!(at(0, 0)[part], two_fewer[part], "{part}");
        assert_eq!(at(0, 1)[part], study[part], "{part}");
    }
    let occupancy = |point: &Value| mean(&point["groups"]["support"]["occupancy"]);
    assert!(occupancy(at(1, 0)) > occupancy(at(1, 1)));
}

#[test]
fn the_way_down_is_measured_beside_the_way_up() {
    let ramp = json(&[SPIKE, "--runs", "3", "--ramp", "--load", "0.5,1,2"]);
    let levels = ramp["levels"].as_array().expect("levels");
    assert_eq!(levels.len(), 3);
    let [low, middle, high] = &levels[..] else {
        panic!("three levels")
    };
    assert_eq!(
        (&high["down"], &high["lost_per_h"]),
        (&Value::Null, &Value::Null)
    );
    // What is offered is what the scenario has in a mean hour, times the load.
    let day: f64 = 450.3 * 13.0 + 1351.0 * 2.0;
    for level in levels {
        let load = level["load"].as_f64().expect("a load");
        let offered = level["offered_per_h"].as_f64().expect("a rate");
        assert!(
            (offered / (day / 5.0 * load) - 1.0).abs() < 0.1,
            "{offered}"
        );
    }
    let way = |level: &Value, way: &str, name: &str| mean(&level[way][name]);
    // Below the knee a line serves whoever comes.
    let served = way(low, "up", "goodput_per_h") / low["offered_per_h"].as_f64().expect("a rate");
    assert!((0.85..1.15).contains(&served), "{served}");
    // After the overload everybody is still calling again, at a load that was bearable before.
    let (up, down) = (
        way(middle, "up", "attempts_per_caller"),
        way(middle, "down", "attempts_per_caller"),
    );
    assert!(down > up + 0.05, "{up} {down}");
    let lost = way(middle, "up", "goodput_per_h") - way(middle, "down", "goodput_per_h");
    assert!((mean(&middle["lost_per_h"]) - lost).abs() < 1e-3);
    assert!(way(high, "up", "blocked_share") > 0.5);
}

#[test]
fn the_hours_of_a_run_add_up() {
    let output = strowger(&["simulate", TINY, "--runs", "3", "--format", "json"]).output();
    let output = output.expect("the program runs").stdout;
    let study: Value = serde_json::from_slice(&output).expect("JSON");
    let intervals = study["intervals"].as_array().expect("intervals");
    for name in ["callers_served", "trunk_s", "trunk_wasted_s"] {
        let parts: f64 = intervals.iter().map(|interval| mean(&interval[name])).sum();
        let whole = mean(&study["total"][name]);
        assert!(
            whole > 0.0 && (parts / whole - 1.0).abs() < 1e-6,
            "{name}: {parts} {whole}"
        );
    }
}

/// The same line with one trunk instead of six, and a queue that nobody of the base has: in a folder of its own.
#[test]
fn a_changed_menu_is_swept_and_tried_as_a_what_if() {
    let files = tiny(3, "");
    let next = files.path().join("next");
    std::fs::create_dir(&next).expect("a folder");
    let line = include_str!("tiny/tiny.toml")
        .replace("trunks    = 6", "trunks = 1")
        .replace("tiny.groups.toml", "../tiny.groups.toml")
        .replace("[queue.support]", "[queue.first]\ngroup = \"support\"\nmax_wait = \"1s\"\ntimeout = \"support\"\nfull = \"message\"\nno_agents = \"message\"\n[queue.support]")
        .replace("0 = { go = \"support\"", "2 = { go = \"first\", label = \"somebody at once\" }\n0 = { go = \"support\"");
    std::fs::write(next.join("tiny.toml"), line).expect("a line");
    let path = files.path().join("a.scenario.toml");
    let scenario = path.display().to_string();
    let swept = json(&[&scenario, "--set", "menu=tiny.toml,next/tiny.toml"]);
    let blocked = |place: usize| mean(&points(&swept)[place]["total"]["blocked"]);
    assert!(
        blocked(1) > 2.0 * blocked(0),
        "{} {}",
        blocked(0),
        blocked(1)
    );
    let queues = points(&swept)[1]["queues"].as_object().expect("queues");
    assert!(queues.contains_key("first"));
    let csv = [
        "sweep",
        &scenario,
        "--set",
        "menu=tiny.toml,next/tiny.toml",
        "--format",
        "csv",
    ];
    let output = strowger(&csv).output().expect("the program runs");
    let csv = String::from_utf8(output.stdout).expect("text");
    let cells: Vec<usize> = csv.lines().map(|line| line.split(',').count()).collect();
    assert!(csv.contains("queue.first.turned_away"), "{csv}");
    assert!(
        cells.len() == 3 && cells.iter().all(|count| *count == cells[0]),
        "{cells:?}"
    );

    let what_if = "[[what_if]]\nname = \"one line\"\nset = { menu = \"next/tiny.toml\" }\n";
    let text = std::fs::read_to_string(&path).expect("the scenario");
    std::fs::write(&path, format!("{text}\n{what_if}")).expect("the scenario");
    let output = strowger(&["simulate", &scenario, "--format", "json"]).output();
    let report: Value = serde_json::from_slice(&output.expect("a run").stdout).expect("JSON");
    let other = &report["what_ifs"][0];
    assert_eq!(mean(&other["total"]["blocked"]), blocked(1));
    assert_eq!(other["differences"]["blocked"]["real"], true);

    let refused = |text: String| {
        std::fs::write(&path, text).expect("the scenario");
        let output = strowger(&["simulate", &scenario]).output().expect("a run");
        assert!(matches!(output.status.code(), Some(1 | 3)));
        String::from_utf8(output.stderr).expect("text")
    };
    // A step that only the present line has: it is said whose fault that is.
    let line = std::fs::read_to_string(next.join("tiny.toml")).expect("a line");
    let less = line
        .replace("[queue.support]", "[queue.others]")
        .replace("\"support\"", "\"others\"");
    let less = less
        .replace("group = \"others\"", "group = \"support\"")
        .replace("group     = \"others\"", "group     = \"support\"");
    std::fs::write(next.join("tiny.toml"), less).expect("a line");
    let said = refused(format!("{text}\n{what_if}"));
    assert!(
        said.contains("does not fit the menu files of \"one line\""),
        "{said}"
    );
    assert!(said.contains("no step is called \"support\""), "{said}");
    // A file that is not there is told where it is named, and nothing else of it.
    let said = refused(format!("{text}\n{}", what_if.replace("next/", "nowhere/")));
    let missing = "error[unreadable]: there is no file ";
    assert!(
        said.contains(missing) && said.contains("set = { menu = \"nowhere/tiny.toml\" }\n"),
        "{said}"
    );
    assert!(!said.contains("does not fit"), "{said}");
    let said = refused(text.replace("\"tiny.toml\"", "\"tinier.toml\""));
    assert!(
        said.contains(missing) && said.contains("^^^ named here"),
        "{said}"
    );
    let said = refused(text + "\n" + &what_if.replace("next/tiny.toml", "next/other.toml"));
    assert!(
        said.contains("is called `tiny.toml`") && said.contains("next/tiny.toml"),
        "{said}"
    );
}

#[test]
fn menus_of_several_lines_are_for_what_ifs() {
    let files = tiny(3, "");
    let path = files.path().join("a.scenario.toml");
    let text = std::fs::read_to_string(&path).expect("the scenario");
    let scenario = path.display().to_string();
    let refused = |value: &str| {
        let output = strowger(&["sweep", &scenario, "--set", value]).output();
        let output = output.expect("the program runs");
        assert_ne!(output.status.code(), Some(0));
        String::from_utf8(output.stderr).expect("text")
    };
    let said = refused("menu=[\"tiny.toml\"],[\"next/tiny.toml\"]");
    assert!(
        said.contains("a value of --set is no list: write a `[[what_if]]`"),
        "{said}"
    );
    let line = include_str!("tiny/tiny.toml");
    std::fs::write(files.path().join("other.toml"), line).expect("a line");
    let both = text.replace("\"tiny.toml\"", "[\"tiny.toml\", \"other.toml\"]");
    std::fs::write(&path, both).expect("the scenario");
    let said = refused("menu=next/tiny.toml");
    assert!(said.contains("is called `other.toml`"), "{said}");
    assert!(
        said.contains("name all lines of the scenario in a `[[what_if]]`"),
        "{said}"
    );
}
