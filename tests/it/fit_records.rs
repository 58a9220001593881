//! Call records as they are exported: in any order, with numbers withheld, and with rows that are wrong.

use crate::check::folder;
use crate::cli::run;
use serde_json::Value;

const HEADER: &str = "line,caller,queue,started_ms,ended_ms,wait_ms,talk_ms,outcome";
/// 23 November 2026, 00:00 UTC.
const MIDNIGHT_MS: i64 = 1_795_392_000_000;

/// A row: somebody calls so many seconds after midnight, and waits for a minute.
fn row(caller: &str, at_s: i64, outcome: &str) -> String {
    let started = MIDNIGHT_MS + at_s * 1000;
    let ended = started + 60_000;
    format!("shop,{caller},support,{started},{ended},60000,0,{outcome}")
}

/// 200 callers hang up, and every second one calls again after five minutes.
fn redials(caller: impl Fn(i64) -> String) -> Vec<String> {
    let calls = (0..200).flat_map(|place| {
        let (who, at_s) = (caller(place), place * 400);
        let first = row(&who, at_s, "abandoned");
        let again = (place % 2 == 0).then(|| row(&who, at_s + 360, "callback"));
        std::iter::once(first).chain(again)
    });
    calls.collect()
}

/// What is found in some files of such rows.
fn found(files: &[Vec<String>]) -> Value {
    let names: Vec<String> = (0..files.len())
        .map(|place| format!("{place}.csv"))
        .collect();
    let texts = files
        .iter()
        .map(|rows| format!("{HEADER}\n{}\n", rows.join("\n")));
    let texts: Vec<String> = texts.collect();
    let files = names
        .iter()
        .map(String::as_str)
        .zip(texts.iter().map(String::as_str));
    let made = folder(&files.collect::<Vec<_>>());
    let paths = names
        .iter()
        .map(|name| made.path().join(name).display().to_string());
    let paths: Vec<String> = paths.collect();
    let mut args = vec!["fit"];
    args.extend(paths.iter().map(String::as_str));
    args.extend(["--format", "json"]);
    let (code, json, err) = run(&args);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    serde_json::from_str(&json).expect("JSON")
}

#[test]
fn redials_are_known_in_whatever_order_calls_come() {
    let rows = redials(|place| format!("caller-{place}"));
    let in_order = found(std::slice::from_ref(&rows));
    let redial = &in_order["records"]["redial"];
    assert_eq!(redial["after"]["abandoned"]["share"]["mean"], 0.5);
    assert_eq!(in_order["calls_a_day"]["mean"], 200.0);
    let reversed: Vec<String> = rows.iter().rev().cloned().collect();
    let (mut odd, mut even) = (Vec::new(), Vec::new());
    for (place, row) in rows.into_iter().enumerate() {
        if place % 2 == 0 {
            even.push(row);
        } else {
            odd.push(row);
        }
    }
    for other in [found(&[reversed]), found(&[odd, even])] {
        assert_eq!(other["records"], in_order["records"]);
        assert_eq!(other["forecast"], in_order["forecast"]);
    }
}

/// Of callers whose numbers are withheld as many are taken to call again as of the others.
#[test]
fn a_forecast_of_first_attempts_has_no_redials_of_withheld_numbers() {
    let mut rows = redials(|place| format!("caller-{place}"));
    // The same calls a second later.
    for row in redials(|_| String::new()) {
        rows.push(row.replace("000,60000", "999,60000"));
    }
    let found = found(&[rows]);
    assert_eq!(found["calls_a_day"]["mean"], 400.0);
    assert_eq!(found["records"]["redial"]["withheld"], 200);
}

#[test]
fn callers_who_call_again_late_are_told() {
    let page = |delay_s: i64| {
        let calls = (0..100).flat_map(|place| {
            let (who, at_s) = (format!("caller-{place}"), place * 400);
            let again = row(&who, at_s + 60 + delay_s, "callback");
            [row(&who, at_s, "abandoned"), again]
        });
        let rows: Vec<String> = calls.collect();
        let made = folder(&[("calls.csv", &format!("{HEADER}\n{}\n", rows.join("\n")))]);
        run(&["fit", &made.path().join("calls.csv").display().to_string()]).1
    };
    let words = "Callers take so long to call again";
    assert!(page(1100).contains(words));
    assert!(!page(900).contains(words));
}

/// One call of a hundred years would be longer than all others together.
#[test]
fn a_call_whose_end_nobody_noticed_is_told() {
    let mut rows = redials(|place| format!("caller-{place}"));
    rows[3] = format!(
        "shop,a,support,{MIDNIGHT_MS},{},0,3000000000000,answered",
        MIDNIGHT_MS + 3_200_000_000_000
    );
    let text = format!("{HEADER}\n{}\n", rows.join("\n"));
    let made = folder(&[("calls.csv", &text)]);
    let (code, _, err) = run(&["fit", &made.path().join("calls.csv").display().to_string()]);
    assert_eq!(code, Some(1));
    assert!(
        err.contains("calls.csv:5:30\n") && err.contains("longer than two days"),
        "{err}"
    );
}
