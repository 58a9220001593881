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

/// What is said of a file, without its folder.
fn said(name: &str, text: &str) -> String {
    let made = folder(&[(name, text)]);
    let (_, _, err) = run(&["fit", &made.path().join(name).display().to_string()]);
    err.replace(&format!("{}/", made.path().display()), "")
}

#[track_caller]
fn says(name: &str, text: &str, words: &[&str]) {
    let err = said(name, text);
    for words in words {
        assert!(err.contains(words), "{words}: {err}");
    }
}

/// An object, with one of its texts put in the place of another.
fn object(instead: &str, of: &str) -> String {
    let object = "{\"line\":\"shop\",\"started_ms\":1795591407068,\"ended_ms\":1795591408076,\"wait_ms\":2,\
                  \"talk_ms\":1005,\"outcome\":\"answered\"}";
    object.replace(of, instead)
}

#[test]
fn json_is_told_in_the_words_of_tables_and_with_its_place() {
    let [right, word, gone] = [
        object("1005", "1005"),
        object("\"long\"", "1005"),
        object("gone", "answered"),
    ];
    // Each is told, and the others are read on.
    let all = [
        "`talk_ms`: `long` is not a whole number of milliseconds",
        "there is no outcome `gone`",
    ];
    let lines = [right.as_str(), &word, &right, &gone].join("\n");
    says(
        "calls.jsonl",
        &lines,
        &[&all[..], &["calls.jsonl:2:80", "calls.jsonl:4:95"]].concat(),
    );
    says(
        "calls.json",
        &format!("[\n{word},\n{gone}]"),
        &[&all[..], &["calls.json:2:80"]].concat(),
    );
    says(
        "calls.json",
        &object("", "\"line\":\"shop\","),
        &["`line` is missing", "calls.json:1:1"],
    );
    says(
        "calls.json",
        &object("null", "1005"),
        &["`talk_ms` is missing"],
    );
    says(
        "calls.json",
        &object("1.5", "1005"),
        &["`talk_ms`: `1.5` is not"],
    );
    says(
        "calls.json",
        &object("7", "\"shop\""),
        &["`line`: `7` is not a text"],
    );
    says(
        "calls.json",
        &object("\"a\",\"line\":\"b\"", "\"shop\""),
        &["`line` is there twice"],
    );
    says(
        "calls.json",
        &right[..50],
        &["the file ends in the middle of a record"],
    );
    says(
        "calls.json",
        "[3]",
        &["a call record is an object in braces"],
    );
    says("calls.json", &format!("[{right};]"), &["this is no JSON: "]);
    says(
        "calls.json",
        "[]",
        &["there is no call record in calls.json"],
    );
}

#[test]
fn tables_are_read_however_they_were_saved() {
    let rows = redials(|place| format!("caller-{place}"));
    let wrong = rows[1].replace(",60000,", ",1m,");
    let text = [HEADER, &rows[0], &wrong].join("\n");
    let place = "calls.csv:3:51";
    says("calls.csv", &text, &[place]);
    says("calls.csv", &format!("\u{feff}{text}"), &[place]);
    says("calls.csv", &text.replace('\n', "\r\n"), &[place]);
    says("calls.csv", &text.replace('\n', "\r"), &[place]);
    // Files that were put together.
    let twice = [HEADER, &rows[0], HEADER, &rows[1]].join("\n");
    assert!(!said("calls.csv", &twice).contains("error"));
    says(
        "calls.csv",
        HEADER,
        &["there is no call record in calls.csv"],
    );
    let counts =
        "\"date\",\"start\",\"interval_min\",\"queue\",\"calls\"\n2026-11-23,09:00,30,support,31\n";
    assert!(!said("counts.csv", counts).contains("error"));
}

#[test]
fn what_cannot_be_read_comes_with_what_to_do() {
    let rows =
        "2026-11-23,09:00,30,shop,31\n2026-11-23,09:30,30,shop,12\n2026-11-23,10:00,30,shop,9\n";
    let counts = format!("date,start,interval_min,line,calls\n{rows}");
    let err = said("counts.csv", &format!("{counts}{rows}"));
    assert_eq!(err.matches("a second row for").count(), 1, "{err}");
    assert!(
        err.contains("3 rows of intervals that had one already"),
        "{err}"
    );
    let made = folder(&[("counts.csv", &counts)]);
    let path = made.path().join("counts.csv").display().to_string();
    let told = |args: &[&str]| run(&[&["fit"], args].concat()).2;
    assert!(told(&["-"]).contains("write it to a file first"));
    assert!(told(&[&path, "--out", &path]).contains("is a file, and has to be a folder"));
    let (code, _, err) = run(&["fit", &path, "--skip", "2026-11-24, 2026-11-25"]);
    assert_eq!(code, Some(0), "{err}");
    assert!(told(&[&path, "--skip", "today"]).contains("write dates such as 2026-12-25"));
}
