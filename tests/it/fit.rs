//! From recorded calls to a scenario: what was simulated is found again, and what is wrong is told.

use crate::check::folder;
use crate::cli::run;
use crate::cli::run_says;
use crate::temporary::Temporary;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// 164 days of a bank, by half hours.
const BANK: &str = "scenarios/bank-counts.csv";
const TALKS: [(&str, f64, f64, f64); 3] = [
    ("orders", 0.5, 240.0, 1.0),
    ("billing", 0.2, 360.0, 1.2),
    ("technical", 0.3, 300.0, 0.8),
];
/// Agents of the scenario that is simulated.
const AGENTS: u32 = 30;
const DAYS: u32 = 40;

fn path(files: &Temporary, name: &str) -> String {
    files.path().join(name).display().to_string()
}

/// A day of 12 hours and two more in which nobody calls, so that all calls end before it does.
fn forecast() -> String {
    let mut rows = "date,start,interval_min,line,calls\n".to_owned();
    for slot in 0..28 {
        let minutes = 9 * 60 + 30 * slot;
        let calls = match slot {
            0..24 => 100 + 10 * (12 - (slot - 12_i32).abs()),
            _ => 0,
        };
        let (hour, minute) = (minutes / 60, minutes % 60);
        let row = format!("2026-03-02,{hour:02}:{minute:02},30,skills,{calls}\n");
        rows.push_str(&row);
    }
    rows
}

/// A scenario of which everything is known.
fn known(patience: &str) -> Temporary {
    let wants = TALKS.map(|(name, share, mean, cv)| {
        format!(
            "[wants.{name}]\nshare = {share:?}\nneeds = \"{name}\"\n\
             talk = {{ distribution = \"lognormal\", mean = \"{mean}s\", cv = {cv:?} }}\n"
        )
    });
    let scenario = format!(
        "format = 1\nmenu = \"skills.toml\"\nforecast = \"forecast.csv\"\n[run]\nruns = {DAYS}\n\
         [staff]\nagents = {AGENTS}\n{}\
         [callers]\nlistens = \"2s\"\nslips = 0.0\nsilent = 0.0\npatience = {patience}\n\
         redial = {{ after_abandoned = 0.4, delay = \"5m\" }}\n\
         busyness = {{ cv = 0.1, within = {{ cv = 0.15, correlation = 0.6 }} }}\n",
        wants.concat()
    );
    folder(&[
        ("skills.toml", include_str!("../../scenarios/skills.toml")),
        (
            "skills.groups.toml",
            include_str!("../../scenarios/skills.groups.toml"),
        ),
        ("forecast.csv", &forecast()),
        ("known.scenario.toml", &scenario),
    ])
}

/// Records of the calls of a scenario, and what is found in them; what is written lies in `fitted`.
fn fitted(files: &Temporary, seed: &str) -> Value {
    let (scenario, records) = (path(files, "known.scenario.toml"), path(files, "calls.csv"));
    let (menu, out) = (path(files, "skills.toml"), path(files, "fitted"));
    let (code, _, err) = run(&["simulate", &scenario, "--seed", seed, "--records", &records]);
    assert_eq!(code, Some(0), "{err}");
    let (code, json, err) = run(&[
        "fit", &records, "--menu", &menu, "--out", &out, "--format", "json",
    ]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    serde_json::from_str(&json).expect("JSON")
}

/// Holds the true value against an interval.
#[track_caller]
fn holds(what: &str, figure: &Value, truth: f64) {
    let end = |name: &str| figure[name].as_f64().unwrap_or(f64::NAN);
    let (low, high) = (end("low"), end("high"));
    assert!(
        low <= truth && truth <= high,
        "{what}: {truth} is not in {figure}"
    );
}

#[track_caller]
fn holds_all_but_patience(found: &Value) {
    holds("busyness", &found["busyness"]["cv"], 0.1);
    holds("within", &found["within"]["cv"], 0.15);
    holds("correlation", &found["correlation"], 0.6);
    let calls = 24.0 * 100.0 + 10.0 * 144.0;
    holds("calls", &found["calls_a_day"], calls);
    let records = &found["records"];
    for (name, _, mean, cv) in TALKS {
        holds(name, &records["talk_by_queue"][name]["mean_s"], mean);
        holds(name, &records["talk_by_queue"][name]["cv"], cv);
    }
    let redial = &records["redial"];
    holds("redial", &redial["after"]["abandoned"]["share"], 0.4);
    holds("delay", &redial["delay_s"], 300.0);
}

#[test]
fn what_was_simulated_is_found_again() {
    let files = known("{ distribution = \"exponential\", mean = \"120s\" }");
    let found = fitted(&files, "7");
    holds_all_but_patience(&found);
    let hazard = found["records"]["patience"]["hazard"].as_array();
    let [one] = &hazard.expect("pieces")[..] else {
        panic!("one piece: {hazard:?}");
    };
    holds("patience", &one["per_minute"], 0.5);
    for point in found["records"]["patience"]["survival"]
        .as_array()
        .expect("points")
    {
        let seconds = point["after_s"].as_f64().expect("seconds");
        holds("survival", &point["share"], (-seconds / 120.0).exp());
    }
}

#[test]
fn a_peak_of_hang_ups_is_found_where_it_is() {
    let files = known(
        "{ distribution = \"hazard\", from = [\"0s\", \"30s\", \"40s\"], per_minute = [0.3, 3.0, 0.5] }",
    );
    let found = fitted(&files, "21");
    holds_all_but_patience(&found);
    let hazard = found["records"]["patience"]["hazard"]
        .as_array()
        .expect("pieces");
    let begins: Vec<u64> = hazard
        .iter()
        .filter_map(|piece| piece["from_s"].as_u64())
        .collect();
    assert_eq!(begins, [0, 30, 40]);
    for (piece, rate) in hazard.iter().zip([0.3, 3.0, 0.5]) {
        holds("hazard", &piece["per_minute"], rate);
    }
}

/// Figures of a scenario, with the ends of their intervals.
fn simulated(scenario: &str) -> Value {
    let (code, json, err) = run(&["simulate", scenario, "--runs", "40", "--format", "json"]);
    assert_eq!(code, Some(0), "{err}");
    serde_json::from_str(&json).expect("JSON")
}

#[test]
fn the_scenario_that_is_written_is_like_the_one_that_was_recorded() {
    let files = known("{ distribution = \"lognormal\", mean = \"180s\", cv = 1.1 }");
    fitted(&files, "9");
    let written = path(&files, "fitted/fitted.scenario.toml");
    let (code, _, err) = run(&["check", &written]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    // Who was on duty is in no record.
    let text = fs::read_to_string(&written).expect("a scenario");
    let begin = text.find("\nagents = ").expect("agents") + 1;
    let end = begin + text[begin..].find('\n').expect("an end");
    let text = format!("{}agents = {AGENTS}{}", &text[..begin], &text[end..]);
    fs::write(&written, text).expect("written");
    let source = simulated(&path(&files, "known.scenario.toml"));
    let fitted = simulated(&written);
    for name in [
        "attempts",
        "abandoned_share",
        "talk_mean_s",
        "wait_mean_s",
        "redials",
    ] {
        let of = |json: &Value, end: &str| {
            let figure = &json["total"][name];
            figure[end]
                .as_f64()
                .unwrap_or_else(|| panic!("{name}: {figure}"))
        };
        let apart = (of(&source, "mean") - of(&fitted, "mean")).abs();
        let width = |json| of(json, "high") - of(json, "low");
        // Half of either interval, and what the fit itself is unsure of.
        assert!(apart <= width(&source) + width(&fitted), "{name}: {apart}");
    }
}

#[test]
fn a_bank_is_far_from_poisson() {
    run_says("fit-bank", &["fit", BANK]);
    let (code, json, _) = run(&["fit", BANK, "--format", "json", "--days", "mon-fri"]);
    assert_eq!(code, Some(0));
    let found: Value = serde_json::from_str(&json).expect("JSON");
    let number = |name: &str| found[name].as_f64().expect("a number");
    // From 07:00 to 21:00: with five minutes more it is 262.
    assert_eq!(number("dispersion").round(), 261.0);
    assert_eq!(found["days"].as_array().map(Vec::len), Some(164));
    let forecast = found["forecast"].as_str().expect("a forecast");
    assert!(forecast.starts_with("date,start,interval_min,line,calls\n2003-10-16,07:00,30,bank,"));
    let scenario = found["scenario"].as_str().expect("a scenario");
    assert!(scenario.contains("busyness = { cv = 0.0"), "{scenario}");
}

/// Says what comes of some files, named without their folder.
#[track_caller]
fn says(name: &str, files: &[(&str, &str)], flags: &[&str]) {
    let made = folder(files);
    let names: Vec<String> = files.iter().map(|(name, _)| path(&made, name)).collect();
    let mut args = vec!["fit"];
    args.extend(names.iter().map(String::as_str));
    args.extend(flags);
    let (code, out, err) = run(&args);
    let plain = |text: String| {
        let folder = format!("{}/", made.path().display());
        text.replace(&folder, "")
    };
    let code = code.map_or("a signal".to_owned(), |code| code.to_string());
    let text = format!("{}--- stderr\n{}--- exit {code}\n", plain(out), plain(err));
    crate::cli::says(name, text);
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    says(
        "fit-wrong-counts",
        &[(
            "counts.csv",
            "date,start,interval_min,line,calls\n\
             2026-11-23,09:00,30,shop,31\n\
             2026-11-23,09:30,30,shop,many\n\
             2026-11-23,09:15,30,shop,4\n\
             \n\
             2026-11-23,10:00,15,shop,4\n\
             2026-11-23,09:00,30,shop,12\n\
             2026-11-23,10:30,30,shop\n\
             2026-11-31,10:30,30,shop,5\n\
             2026-11-23,11:30,30,\"a, b\",7.5\n",
        )],
        &[],
    );
    says(
        "fit-wrong-records",
        &[(
            "calls.csv",
            "line,caller,queue,started_ms,ended_ms,wait_ms,talk_ms,outcome\n\
             shop,a,support,1795591407,1795591587,4000,176000,answered\n\
             shop,a,support,1795591407068,1795591400000,4000,176000,answered\n\
             shop,a,support,1795591407068,1795591587068,-1,176000,answered\n\
             shop,a,support,1795591407068,1795591587068,1,176000,gone\n",
        )],
        &[],
    );
    says(
        "fit-empty",
        &[
            ("counts.csv", ""),
            ("only.csv", "date,start,interval_min,line,calls\n"),
        ],
        &[],
    );
    says(
        "fit-semicolons",
        &[(
            "counts.csv",
            "date;start;interval_min;line;calls\n2026-11-23;09:00;30;shop;31\n",
        )],
        &[],
    );
    says("fit-other", &[("people.csv", "name,age\nAna,30\n")], &[]);
    let record = "{\"line\":\"shop\",\"started_ms\":1795591407068,\"ended_ms\":1795591408076,\"wait_ms\":2,\
                  \"talk_ms\":1005,\"outcome\":\"answered\"}\n";
    says(
        "fit-wrong-json",
        &[(
            "calls.ndjson",
            &format!("{record}{}", record.replace("1005", "\"long\"")),
        )],
        &[],
    );
    says(
        "fit-mixed",
        &[
            ("calls.ndjson", record),
            (
                "counts.csv",
                "date,start,interval_min,line,calls\n2026-11-23,09:00,30,shop,31\n",
            ),
        ],
        &[],
    );
}

#[test]
fn of_too_little_nothing_is_guessed() {
    let counts = "date,start,interval_min,line,calls\n\
                  2026-11-23,09:00,30,\"shop, the\",31\n2026-11-23,10:00,30,\"shop, the\",12\n";
    says("fit-one-day", &[("counts.csv", counts)], &[]);
    let list = "[{\"position\":10,\"number\":0,\"call\":\"a\",\"bridge\":\"b\",\"line\":\"desk\",\
                \"caller\":\"+441632960001\",\"agent\":\"ana\",\"queue\":\"support\",\
                \"started_ms\":1795591407068,\"ended_ms\":1795591408076,\"wait_ms\":2,\"talk_ms\":1005,\
                \"outcome\":\"answered\",\"detail\":null,\"menus_version\":1,\"consent\":\"agreed\",\
                \"recordings\":1}]";
    says(
        "fit-one-call",
        &[("calls.json", list), ("again.json", list)],
        &["--timezone", "Europe/London"],
    );
    says("fit-no-day", &[("counts.csv", counts)], &["--days", "tue"]);
}

#[test]
fn days_of_other_hours_and_of_other_clocks_are_left_out_and_told() {
    let mut rows = "date,start,interval_min,line,calls\n".to_owned();
    for day in 16..=31 {
        for hour in 8..18 {
            let calls = match (day, hour) {
                // Half a day, and an evening more.
                (19, 12..) => 0,
                _ => 60 + (day * hour) % 17,
            };
            let row = format!("2026-03-{day},{hour:02}:00,60,shop,{calls}\n");
            rows.push_str(&row);
        }
    }
    rows.push_str("2026-03-20,20:00,60,shop,45\n");
    says(
        "fit-other-hours",
        &[("counts.csv", &rows)],
        &["--timezone", "Europe/Berlin", "--skip", "2026-03-21"],
    );
}

#[test]
fn calls_that_are_counted_by_queue_stay_so_where_lines_begin_there() {
    let counts = "date,start,interval_min,queue,calls\n2026-11-23,09:00,30,support,31\n";
    let quiet = "2026-11-23,09:30,30,support,0\n2026-11-23,10:00,30,support,0\n";
    let made = folder(&[("counts.csv", counts)]);
    let counted = path(&made, "counts.csv");
    let (code, json, err) = run(&["fit", &counted, "--format", "json"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let found: Value = serde_json::from_str(&json).expect("JSON");
    let forecast = format!("{counts}{quiet}");
    assert_eq!(found["forecast"].as_str(), Some(&*forecast));
    let scenario = found["scenario"].as_str().expect("a scenario");
    assert!(scenario.contains("menu     = \"line.toml\""), "{scenario}");
    let (code, _, err) = run(&["fit", &counted, "--menu", "menus/shop.toml"]);
    assert_eq!(code, Some(1));
    assert!(
        err.contains("no line of --menu begins at `support`"),
        "{err}"
    );
}

#[test]
fn nothing_is_written_over() {
    let files = folder(&[]);
    let out = path(&files, "out");
    let (code, _, err) = run(&["fit", BANK, "--out", &out]);
    assert_eq!(code, Some(0), "{err}");
    let (code, out_text, err) = run(&["fit", BANK, "--out", &out]);
    assert_eq!((code, out_text.as_str()), (Some(1), ""));
    assert!(
        err.contains("is there already; nothing was written. Add --force"),
        "{err}"
    );
    let (code, _, _) = run(&["fit", BANK, "--out", &out, "--force"]);
    assert_eq!(code, Some(0));
    assert!(Path::new(&out).join("forecast.csv").exists());
}

#[test]
fn simulated_records_have_the_fields_of_real_ones() {
    let api = fs::read_to_string("docs/API.md").expect("a page");
    let begin = api.find("[{\"position\":14").expect("an example");
    let end = begin + api[begin..].find("```").expect("its end");
    let list: Vec<serde_json::Map<String, Value>> =
        serde_json::from_str(&api[begin..end]).expect("JSON");
    let made = folder(&[]);
    let records = path(&made, "calls.csv");
    let tiny = "tests/it/tiny/tiny.scenario.toml";
    let (code, _, err) = run(&["simulate", tiny, "--runs", "2", "--records", &records]);
    assert!(code == Some(0) || code == Some(4), "{err}");
    let text = fs::read_to_string(&records).expect("records");
    let mut lines = text.lines();
    let header: BTreeSet<&str> = lines.next().expect("a header").split(',').collect();
    let fields: BTreeSet<&str> = list[0].keys().map(String::as_str).collect();
    assert_eq!(header, fields);
    // The second run is a week later.
    let days: BTreeSet<i64> = lines
        .filter_map(|line| line.split(',').nth(8)?.parse::<i64>().ok())
        .map(|started_ms| started_ms / 86_400_000)
        .collect();
    let days: Vec<i64> = days.into_iter().collect();
    assert!(
        matches!(days[..], [one, other] if other - one == 7),
        "{days:?}"
    );
}
