//! Which days, which callers and which ways: records that are written by hand, and the scenario that comes of them.

use crate::check::folder;
use crate::cli::run;
use crate::temporary::Temporary;
use serde_json::Value;
use std::fmt::Write as _;
use std::fs;

/// Monday, 2 March 2026, in milliseconds since 1970.
const MONDAY_MS: i64 = 1_772_409_600_000;
const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
const GROUPS: &str = r#"
format = 1
[group.agents]
ring = "0s"
[group.second]
ring = "0s"
[agent.a]
name   = "A"
device = "PJSIP/1"
groups = ["agents"]
[agent.b]
name   = "B"
device = "PJSIP/2"
groups = ["second"]
"#;
/// `HOURS` and `ANSWER` are put in where a test needs them.
const DESK: &str = r#"
format = 1
[line]
name      = "Desk"
groups    = "people.groups.toml"
timezone  = "Etc/UTC"
languages = ["en"]
start     = "main"
[calendar.open]
open   = ["mon-fri HOURS", "sat-sun 10:00-13:00"]
closed = [2026-03-18, 2026-03-19]
[defaults]
give_up = "message"
[menu.main]
say = "Welcome. {options}"
[menu.main.keys]
1 = { go = "sales", label = "sales" }
2 = { go = "support", label = "support" }
ANSWER
[queue.sales]
group     = "agents"
hours     = "open"
closed    = "message"
max_wait  = "1h"
timeout   = "message"
full      = "message"
no_agents = "message"
[queue.support]
group     = "second"
hours     = "open"
closed    = "message"
max_wait  = "1h"
timeout   = "message"
full      = "message"
no_agents = "message"
[record.message]
say     = "Please leave a message."
mailbox = "agents"
then    = "@hangup"
"#;

fn desk(hours: &str, answer: &str) -> String {
    DESK.replace("HOURS", hours).replace("ANSWER", answer)
}

/// A call to the desk.
#[derive(Clone, Copy)]
struct Call {
    line: &'static str,
    queue: &'static str,
    /// Days after the first Monday, and minutes after midnight.
    at: (i64, i64),
    wait_s: i64,
    talk_s: i64,
    outcome: &'static str,
    caller: Option<usize>,
}

/// Answered by sales at noon.
const CALL: Call = Call {
    line: "desk",
    queue: "sales",
    at: (0, 12 * 60),
    wait_s: 0,
    talk_s: 120,
    outcome: "answered",
    caller: None,
};

/// Records in the order in which calls ended.
fn records(calls: &[Call]) -> String {
    let times = |call: &Call| {
        let (day, minute) = call.at;
        let started = MONDAY_MS + day * DAY_MS + minute * MINUTE_MS;
        (started, started + 1000 * (5 + call.wait_s + call.talk_s))
    };
    let mut calls: Vec<(usize, &Call)> = calls.iter().enumerate().collect();
    calls.sort_by_key(|(_, call)| times(call).1);
    let mut text =
        "call,line,caller,queue,started_ms,ended_ms,wait_ms,talk_ms,outcome\n".to_owned();
    for (number, call) in calls {
        let (started, ended) = times(call);
        let caller = call.caller.map_or_else(String::new, |it| it.to_string());
        let (wait_ms, talk_ms) = (1000 * call.wait_s, 1000 * call.talk_s);
        let Call {
            line,
            queue,
            outcome,
            ..
        } = call;
        writeln!(
            text,
            "{number},{line},{caller},{queue},{started},{ended},{wait_ms},{talk_ms},{outcome}"
        )
        .expect("a text takes it");
    }
    text
}

/// A folder with menus and records, and what is found in these.
struct Fitted {
    files: Temporary,
    found: Value,
    scenario: String,
    forecast: String,
}

#[track_caller]
fn fitted(menus: &[(&str, &str)], calls: &[Call], flags: &[&str]) -> Fitted {
    let files = folder(menus);
    let path = |name: &str| files.path().join(name).display().to_string();
    fs::write(path("people.groups.toml"), GROUPS).expect("written");
    fs::write(path("calls.csv"), records(calls)).expect("written");
    let (records, out) = (path("calls.csv"), path("fitted"));
    let menus: Vec<String> = menus.iter().map(|(name, _)| path(name)).collect();
    let mut args = vec!["fit", &records, "--out", &out, "--format", "json"];
    for menu in &menus {
        args.extend(["--menu", menu]);
    }
    args.extend(flags);
    let (code, json, err) = run(&args);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let written = |name: &str| fs::read_to_string(path(name)).expect("written");
    Fitted {
        found: serde_json::from_str(&json).expect("JSON"),
        scenario: written("fitted/fitted.scenario.toml"),
        forecast: written("fitted/forecast.csv"),
        files,
    }
}

impl Fitted {
    /// What one key of the scenario says, such as `wants.sales.share`.
    #[track_caller]
    fn says(&self, path: &str) -> Option<toml::Value> {
        let whole: toml::Table = self.scenario.parse().expect("TOML");
        let mut item = toml::Value::Table(whole);
        for key in path.split('.') {
            item = item.get(key)?.clone();
        }
        Some(item)
    }

    #[track_caller]
    fn number(&self, path: &str) -> f64 {
        let item = self.says(path);
        let number = item.and_then(|item| item.as_float());
        number.unwrap_or_else(|| panic!("{path}: {}", self.scenario))
    }

    #[track_caller]
    fn is_fine(&self) {
        let written = self.files.path().join("fitted/fitted.scenario.toml");
        let (code, _, err) = run(&["check", &written.display().to_string()]);
        assert_eq!(code, Some(0), "{err}{}", self.scenario);
    }
}

/// Of those who wait in a queue as many give up in any second, whatever their number; the others are answered late.
fn waits(queue: &'static str, patience_s: f64, callers: i64) -> Vec<Call> {
    let one = |place: i64| {
        let share = (place as f64 + 0.5) / callers as f64;
        let wait_s = (-patience_s * (1.0 - share).ln()) as i64;
        let gives_up = wait_s < 300;
        Call {
            queue,
            at: (place % 5, 600 + place % 100),
            wait_s: wait_s.min(300),
            talk_s: if gives_up { 0 } else { 60 },
            outcome: if gives_up { "abandoned" } else { "answered" },
            ..CALL
        }
    };
    (0..callers).map(one).collect()
}

#[test]
fn each_queue_has_the_patience_of_its_callers() {
    let mut calls = waits("sales", 40.0, 400);
    calls.extend(waits("support", 400.0, 400));
    let fitted = fitted(&[("desk.toml", &desk("09:00-17:00", ""))], &calls, &[]);
    fitted.is_fine();
    let mean_s = |queue: &str| {
        let law = fitted.says(&format!("wants.{queue}.patience"));
        let law = law.unwrap_or_else(|| panic!("{}", fitted.scenario));
        assert_eq!(law["distribution"].as_str(), Some("exponential"));
        let mean = law["mean"].as_str().expect("a length");
        let (digits, unit) = mean.split_at(mean.find('m').unwrap_or(mean.len() - 1));
        let mean: f64 = digits.parse().expect("a number");
        if unit == "ms" { mean / 1000.0 } else { mean }
    };
    assert!((mean_s("sales") - 40.0).abs() < 4.0, "{}", fitted.scenario);
    assert!(
        (mean_s("support") - 400.0).abs() < 40.0,
        "{}",
        fitted.scenario
    );
    let by_queue = &fitted.found["records"]["patience_by_queue"];
    assert_eq!(by_queue["sales"]["waits"], 400);
}
