//! The interval log of waits, read back by what reads such logs.

use crate::cli::strowger;
use crate::temporary::Temporary;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hdrhistogram::Histogram;
use hdrhistogram::serialization::Deserializer;
use hdrhistogram::serialization::interval_log::IntervalLogIterator;
use hdrhistogram::serialization::interval_log::LogEntry;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::time::Duration;

const TINY: &str = "tests/it/tiny/tiny.scenario.toml";
const STEADY: &str = "tests/it/tiny/steady.scenario.toml";

/// One line of a log.
struct Line {
    tag: Option<String>,
    start: Duration,
    length: Duration,
    waits: Histogram<u64>,
}

/// Simulates, and gives the report and the log.
fn logged(scenario: &str, runs: &str) -> (Value, String, Vec<Line>) {
    let directory = Temporary::new(&std::env::temp_dir());
    let path = directory.path().join("waits.hlog");
    let log = path.display().to_string();
    let args = ["simulate", scenario, "--runs", runs, "--format", "json"];
    let mut command = strowger(&[&args[..], &["--hdr-log", log.as_str()]].concat());
    let output = command.output().expect("the program runs");
    assert!(matches!(output.status.code(), Some(0 | 4)), "{output:?}");
    let report = serde_json::from_slice(&output.stdout).expect("JSON");
    let text = fs::read_to_string(path).expect("a log");
    let lines = read(&text);
    (report, text, lines)
}

fn read(text: &str) -> Vec<Line> {
    let mut deserializer = Deserializer::new();
    let entries = IntervalLogIterator::new(text.as_bytes());
    let mut line = |entry: LogEntry<'_>| match entry {
        LogEntry::Interval(line) => {
            let bytes = STANDARD.decode(line.encoded_histogram()).expect("base64");
            Some(Line {
                tag: line.tag().map(|tag| tag.as_str().to_owned()),
                start: line.start_timestamp(),
                length: line.duration(),
                waits: deserializer
                    .deserialize(&mut bytes.as_slice())
                    .expect("a histogram"),
            })
        }
        LogEntry::BaseTime(time) | LogEntry::StartTime(time) => {
            assert!(time > Duration::from_secs(1_700_000_000));
            None
        }
    };
    entries
        .filter_map(|entry| line(entry.expect("an entry")))
        .collect()
}

/// All intervals of one tag together.
fn together(lines: &[Line], tag: Option<&str>) -> Histogram<u64> {
    let mut all = Histogram::new_with_bounds(1, 24 * 3_600_000, 3).expect("bounds");
    for line in lines.iter().filter(|line| line.tag.as_deref() == tag) {
        all.add(&line.waits).expect("the same bounds");
    }
    all
}

#[test]
fn a_log_holds_the_waits_of_every_interval() {
    let (report, text, lines) = logged(TINY, "5");
    assert!(text.starts_with("#strowger "), "{text}");
    assert!(text.contains("of 5 runs together\n#strowger simulate tests/it/tiny"));
    let intervals = report["intervals"].as_array().expect("intervals").len();
    assert_eq!(lines.len(), 2 * intervals);
    assert_eq!(lines[0].tag, None);
    assert_eq!(lines[1].tag.as_deref(), Some("support"));
    let half_hours = lines.iter().step_by(2).enumerate();
    for (place, line) in half_hours {
        assert_eq!(line.start, line.length * place as u32);
    }
    for tag in [None, Some("support")] {
        let waits = together(&lines, tag);
        let total = &report["total"];
        for (name, quantile) in [("wait_p50_s", 0.5), ("wait_p90_s", 0.9)] {
            let reported = total[name]["mean"].as_f64().expect("a quantile");
            let logged = waits.value_at_quantile(quantile) as f64 / 1000.0;
            assert!((logged - reported).abs() < 1e-6, "{name}: {logged}");
        }
        // Whoever waits at the end has not waited yet.
        let figure = |name: &str| total[name]["mean"].as_f64().expect("a count") * 5.0;
        let missing = figure("queued") - waits.len() as f64;
        assert!((-1e-6..=figure("in_progress") + 1e-6).contains(&missing));
    }
}

#[test]
fn a_steady_state_is_logged_by_its_batches() {
    let (report, _, lines) = logged(STEADY, "1");
    let steady = &report["steady"];
    assert_eq!(
        Some(lines.len() as u64),
        steady["batches"].as_u64().map(|count| 2 * count)
    );
    let warm_up = Duration::from_secs_f64(steady["warm_up_s"].as_f64().expect("a length"));
    assert_eq!(lines[0].start, warm_up);
    let last = lines.last().expect("lines");
    assert_eq!(last.start + last.length, Duration::from_secs(400 * 3600));
}

#[test]
fn a_log_that_cannot_be_written_ends_with_74() {
    for path in ["/dev/full", "nowhere/waits.hlog"] {
        let args = ["simulate", TINY, "--runs", "2", "--hdr-log", path];
        let output = strowger(&args).output().expect("the program runs");
        assert_eq!(output.status.code(), Some(74), "{path}");
        let said = String::from_utf8(output.stderr).expect("text");
        assert!(
            said.starts_with(&format!("error: cannot write {path}: ")),
            "{said}"
        );
    }
    assert!(!Path::new("nowhere").exists());
}
