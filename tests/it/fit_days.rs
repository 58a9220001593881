//! Which days of records are looked at, and by which clock.

use crate::check::folder;
use crate::cli::run;
use crate::fit_ways::CALL;
use crate::fit_ways::Call;
use crate::fit_ways::Fitted;
use crate::fit_ways::GROUPS;
use crate::fit_ways::calls_to;
use crate::fit_ways::desk;
use crate::fit_ways::fitted;
use crate::fit_ways::records;
use serde_json::Value;

fn days(found: &Value) -> Vec<&str> {
    let days = found["days"].as_array().expect("days");
    days.iter().filter_map(Value::as_str).collect()
}

#[test]
fn days_are_those_of_which_all_lines_have_records() {
    let line = |line, queue, days| {
        calls_to(queue, days, 600, 30)
            .into_iter()
            .map(move |call| Call { line, ..call })
    };
    let counted = |calls: Vec<Call>| {
        let files = folder(&[("calls.csv", &records(&calls))]);
        let path = files.path().join("calls.csv").display().to_string();
        run(&["fit", &path, "--format", "json"])
    };
    let overlapping = line("shop", "sales", 0..10).chain(line("bank", "support", 4..14));
    let (code, json, _) = counted(overlapping.collect());
    assert_eq!(code, Some(0));
    let found: Value = serde_json::from_str(&json).expect("JSON");
    let days = days(&found);
    assert_eq!(
        (days.len(), days[0], days[5]),
        (6, "2026-03-06", "2026-03-11")
    );
    assert_eq!(
        found["left_out"][0]["why"],
        "there are no calls to bank before 2026-03-06"
    );
    assert_eq!(
        found["left_out"][7]["why"],
        "there are no calls to shop after 2026-03-11"
    );
    // A line that hardly anybody calls, and one that is closed on Saturdays, leave the days as they are.
    let mut calls: Vec<Call> = line("shop", "sales", 0..13).collect();
    calls.extend(line("bank", "support", 0..5));
    calls.extend(line("bank", "support", 7..12));
    calls.extend(line("desk", "sales", 3..4).take(5));
    let (_, json, _) = counted(calls);
    let found: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(found["days"].as_array().map(Vec::len), Some(13));
    let (code, _, err) = counted(
        line("shop", "sales", 0..5)
            .chain(line("bank", "support", 7..12))
            .collect(),
    );
    assert_eq!(code, Some(1));
    let why = "no day has calls to all lines: there are none to bank before 2026-03-09, and none to shop after \
               2026-03-06; fit them apart";
    assert!(err.contains(why), "{err}");
}

#[test]
fn a_calendar_that_keeps_nobody_from_a_queue_makes_no_other_day() {
    let calls = calls_to("sales", 0..5, 600, 30);
    let promo = "[calendar.promo]\nopen = [\"mon 09:00-12:00\"]\n[defaults]";
    let line = desk("09:00-17:00", "").replace("[defaults]", promo);
    let fitted = fitted(&[("desk.toml", &line)], &calls, &[]);
    assert_eq!(days(&fitted.found).len(), 5);
}

#[test]
fn days_with_other_hours_in_the_menu_are_left_out() {
    let calls = calls_to("sales", 0..21, 600, 30);
    let fitted = fitted(&[("desk.toml", &desk("09:00-17:00", ""))], &calls, &[]);
    // Three weeks without their Saturdays and Sundays, and two holidays.
    assert_eq!(days(&fitted.found).len(), 13);
    let why = "the menu has other hours for it than for most days";
    let left_out = fitted.found["left_out"].as_array().expect("days");
    assert!(left_out.iter().all(|day| day["why"] == why), "{left_out:?}");
    assert!(
        fitted.forecast.contains("2026-03-20,10:00,"),
        "{}",
        fitted.forecast
    );
}

/// On Saturdays, which have other hours, callers want something else, talk for longer, and call again.
#[test]
fn what_is_left_out_is_left_out_of_every_figure() {
    let mut calls = Vec::new();
    for week in [0, 7] {
        calls.extend(calls_to("sales", week..week + 5, 600, 30));
        let on_saturday = calls_to("support", week + 5..week + 6, 600, 60).into_iter();
        calls.extend(on_saturday.clone().map(|call| Call {
            talk_s: 900,
            ..call
        }));
        calls.extend(on_saturday.enumerate().map(|(place, call)| Call {
            at: (call.at.0, call.at.1 + place as i64 % 2 * 30),
            wait_s: 20,
            talk_s: 0,
            outcome: "abandoned",
            caller: Some(place / 2),
            ..call
        }));
    }
    let menus = desk("09:00-17:00", "");
    let whole = fitted(&[("desk.toml", &menus)], &calls, &[]);
    let weekdays = fitted(&[("desk.toml", &menus)], &calls, &["--days", "mon-fri"]);
    assert_eq!(
        whole.found["left_out"].as_array().map(Vec::len),
        Some(2),
        "{}",
        whole.found
    );
    assert_eq!(whole.found["records"], weekdays.found["records"]);
    assert_eq!(whole.found["records"]["count"], 300);
    // But for the names of the files it is made of.
    let made = |fitted: &Fitted| {
        let begin = fitted.scenario.find("format ").expect("a scenario");
        fitted.scenario[begin..].to_owned()
    };
    assert_eq!(made(&whole), made(&weekdays));
    assert_eq!(whole.forecast, weekdays.forecast);
}

#[test]
fn a_part_of_a_day_that_is_missing_is_seen_where_few_call_too() {
    let mut calls = Vec::new();
    for hour in 9..17 {
        // The first day begins at noon.
        let from = if hour < 12 { 1 } else { 0 };
        calls.extend(calls_to("sales", from..5, hour * 60, 10));
    }
    let fitted = fitted(&[("desk.toml", &desk("09:00-17:00", ""))], &calls, &[]);
    assert_eq!(days(&fitted.found)[0], "2026-03-03");
    assert_eq!(
        fitted.found["left_out"][0]["why"],
        "no calls at 09:00, when most days have them"
    );
    // An hour without calls, in which those who called last are served.
    assert!(
        fitted.forecast.ends_with(",17:30,30,desk,0\n"),
        "{}",
        fitted.forecast
    );
}

#[test]
fn the_clock_is_that_of_the_menu() {
    let files = folder(&[
        ("desk.toml", &desk("09:00-17:00", "")),
        ("people.groups.toml", GROUPS),
        ("calls.csv", &records(&[CALL])),
    ]);
    let path = |name: &str| files.path().join(name).display().to_string();
    let (calls, menu) = (path("calls.csv"), path("desk.toml"));
    let by = |zone| run(&["fit", &calls, "--menu", &menu, "--timezone", zone]);
    let (code, _, err) = by("Asia/Tokyo");
    assert_eq!(code, Some(2));
    assert!(
        err.contains("is not the clock of the menu, Etc/UTC"),
        "{err}"
    );
    assert_eq!(by("Etc/UTC").0, Some(0));
}

#[test]
fn runs_are_recorded_on_days_of_the_same_hours() {
    let scenario = "format = 1\nmenu = \"desk.toml\"\nforecast = \"forecast.csv\"\n[run]\nruns = 3\n[staff]\n\
                    agents = 3\nsecond = 3\n[wants.sales]\nshare = 1.0\nneeds = \"sales\"\n[callers]\n\
                    talk = \"1m\"\n";
    let files = folder(&[
        ("desk.toml", &desk("09:00-17:00", "")),
        ("people.groups.toml", GROUPS),
        (
            "forecast.csv",
            "date,start,interval_min,line,calls\n2026-03-11,12:00,60,desk,20\n2026-03-11,13:00,60,desk,0\n",
        ),
        ("desk.scenario.toml", scenario),
    ]);
    let path = |name: &str| files.path().join(name).display().to_string();
    let (scenario, calls, menu) = (
        path("desk.scenario.toml"),
        path("calls.csv"),
        path("desk.toml"),
    );
    let (code, _, err) = run(&["simulate", &scenario, "--records", &calls]);
    assert_eq!(code, Some(0), "{err}");
    let (_, json, _) = run(&["fit", &calls, "--menu", &menu, "--format", "json"]);
    let found: Value = serde_json::from_str(&json).expect("JSON");
    // The Wednesday between is a holiday.
    assert_eq!(days(&found), ["2026-03-11", "2026-03-25", "2026-04-01"]);
}
