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
pub(crate) const GROUPS: &str = r#"
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

pub(crate) fn desk(hours: &str, answer: &str) -> String {
    DESK.replace("HOURS", hours).replace("ANSWER", answer)
}

/// A call to the desk.
#[derive(Clone, Copy)]
pub(crate) struct Call {
    pub(crate) line: &'static str,
    pub(crate) queue: &'static str,
    /// Days after the first Monday, and minutes after midnight.
    pub(crate) at: (i64, i64),
    pub(crate) wait_s: i64,
    pub(crate) talk_s: i64,
    pub(crate) outcome: &'static str,
    pub(crate) caller: Option<usize>,
}

/// Answered by sales at noon.
pub(crate) const CALL: Call = Call {
    line: "desk",
    queue: "sales",
    at: (0, 12 * 60),
    wait_s: 0,
    talk_s: 120,
    outcome: "answered",
    caller: None,
};

/// Records in the order in which calls ended.
pub(crate) fn records(calls: &[Call]) -> String {
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
pub(crate) struct Fitted {
    pub(crate) files: Temporary,
    pub(crate) found: Value,
    pub(crate) scenario: String,
    pub(crate) forecast: String,
}

#[track_caller]
pub(crate) fn fitted(menus: &[(&str, &str)], calls: &[Call], flags: &[&str]) -> Fitted {
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
    pub(crate) fn says(&self, path: &str) -> Option<toml::Value> {
        let whole: toml::Table = self.scenario.parse().expect("TOML");
        let mut item = toml::Value::Table(whole);
        for key in path.split('.') {
            item = item.get(key)?.clone();
        }
        Some(item)
    }

    #[track_caller]
    pub(crate) fn number(&self, path: &str) -> f64 {
        let item = self.says(path);
        let number = item.and_then(|item| item.as_float());
        number.unwrap_or_else(|| panic!("{path}: {}", self.scenario))
    }

    #[track_caller]
    pub(crate) fn is_fine(&self) {
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

#[test]
fn where_a_queue_sends_callers_on_patience_is_that_of_all() {
    let mut calls = waits("sales", 40.0, 400);
    calls.extend(waits("support", 400.0, 400));
    let line = desk("09:00-17:00", "");
    let sends_on = line.replacen("timeout   = \"message\"", "timeout   = \"support\"", 1);
    let fitted = fitted(&[("desk.toml", &sends_on)], &calls, &[]);
    fitted.is_fine();
    assert_eq!(fitted.says("wants.sales.patience"), None);
    assert!(fitted.says("callers.patience").is_some());
}

/// So many calls to a queue on each of these days, spread over an hour from a minute on.
pub(crate) fn calls_to(
    queue: &'static str,
    days: std::ops::Range<i64>,
    minute: i64,
    count: i64,
) -> Vec<Call> {
    let one = |(day, place): (i64, i64)| Call {
        queue,
        at: (day, minute + place * 60 / count),
        ..CALL
    };
    days.flat_map(|day| (0..count).map(move |place| one((day, place))))
        .collect()
}

/// The same calls, come to no queue, and ended like this.
pub(crate) fn ended(outcome: &'static str, calls: Vec<Call>) -> Vec<Call> {
    let end = |call| Call {
        queue: "",
        talk_s: 0,
        outcome,
        ..call
    };
    calls.into_iter().map(end).collect()
}

#[test]
fn lines_that_begin_at_queues_have_talks_of_their_own() {
    let queue = |group: &str| {
        format!(
            "format = 1\n[line]\nname = \"L\"\ngroups = \"people.groups.toml\"\ntimezone = \"Etc/UTC\"\n\
             languages = [\"en\"]\nstart = \"queue\"\n[queue.queue]\ngroup = \"{group}\"\nmax_wait = \"1h\"\n\
             timeout = \"@hangup\"\nfull = \"@hangup\"\nno_agents = \"@hangup\"\n"
        )
    };
    let of = |line: &'static str, talk_s: i64| {
        let calls = calls_to("queue", 0..5, 600, 30).into_iter();
        calls.map(move |call| Call {
            line,
            talk_s,
            ..call
        })
    };
    let calls: Vec<Call> = of("aa", 120).chain(of("bb", 400)).collect();
    let (aa, bb) = (queue("agents"), queue("second"));
    let fitted = fitted(&[("aa.toml", &aa), ("bb.toml", &bb)], &calls, &[]);
    fitted.is_fine();
    for (want, mean) in [("aa-queue", "120s"), ("bb-queue", "400s")] {
        assert_eq!(fitted.number(&format!("wants.{want}.share")), 1.0);
        let talk = fitted.says(&format!("wants.{want}.talk.mean"));
        assert_eq!(talk.as_ref().and_then(|mean| mean.as_str()), Some(mean));
    }
}

pub(crate) const MAILBOX: &str = "3 = { go = \"message\", label = \"a message\" }";
pub(crate) const HOURS: &str = "4 = { go = \"hours\", label = \"our hours\" }\n[answer.hours]\nquestion = \"When are you open?\"\n\
                     say = \"From nine to five.\"\nthen = \"@hangup\"";

#[test]
fn who_left_a_message_wanted_to_where_a_key_leads_to_it() {
    let mut calls = calls_to("sales", 0..5, 600, 30);
    calls.extend(calls_to("support", 0..5, 600, 40));
    calls.extend(ended("message", calls_to("", 0..5, 600, 30)));
    // Refused at the door, and blocked: they may have wanted anything.
    calls.extend(ended("turned_away", calls_to("", 0..5, 600, 20)));
    calls.extend(ended("blocked", calls_to("", 0..5, 600, 20)));
    let with_key = fitted(&[("desk.toml", &desk("09:00-17:00", MAILBOX))], &calls, &[]);
    with_key.is_fine();
    for (want, share) in [("sales", 0.3), ("support", 0.4), ("message", 0.3)] {
        assert_eq!(with_key.number(&format!("wants.{want}.share")), share);
    }
    // Wrong keys are in where calls went.
    assert_eq!(with_key.number("callers.slips"), 0.0);
    assert_eq!(with_key.number("callers.leaves_message"), 1.0);
    // Without one the mailbox is what was left to them.
    let without = fitted(&[("desk.toml", &desk("09:00-17:00", HOURS))], &calls, &[]);
    without.is_fine();
    assert_eq!(without.number("wants.sales.share"), 0.4286);
    assert_eq!(without.says("wants.desk-no-queue"), None);
}

#[test]
fn who_calls_outside_the_hours_wants_what_others_want() {
    let mut calls = calls_to("sales", 0..5, 600, 30);
    calls.extend(calls_to("support", 0..5, 600, 30));
    calls.extend(ended("message", calls_to("", 0..5, 1200, 90)));
    calls.extend(ended("left_in_menu", calls_to("", 0..5, 1300, 10)));
    calls.extend(ended("self_served_probable", calls_to("", 0..5, 600, 20)));
    let fitted = fitted(&[("desk.toml", &desk("09:00-17:00", HOURS))], &calls, &[]);
    fitted.is_fine();
    let shares = ["sales", "support", "desk-no-queue"];
    let shares = shares.map(|want| fitted.number(&format!("wants.{want}.share")));
    assert_eq!(shares, [0.375, 0.375, 0.25]);
    assert!(
        fitted.forecast.contains(",20:00,30,desk,45\n"),
        "{}",
        fitted.forecast
    );
}

#[test]
fn the_forecast_goes_without_callers_of_whom_is_not_known_what_they_want() {
    let mut calls = calls_to("sales", 0..5, 600, 30);
    calls.extend(calls_to("returns", 0..5, 600, 20));
    calls.extend(ended("left_in_menu", calls_to("", 0..5, 600, 10)));
    let fitted = fitted(&[("desk.toml", &desk("09:00-17:00", ""))], &calls, &[]);
    fitted.is_fine();
    assert_eq!(fitted.number("wants.sales.share"), 1.0);
    assert!(
        fitted.forecast.contains(",10:00,30,desk,15\n"),
        "{}",
        fitted.forecast
    );
    let todo = fitted.found["todo"].to_string();
    for part in [
        "33.3 % of the calls to desk waited in queues",
        "(returns)",
        "16.7 %",
    ] {
        assert!(todo.contains(part), "{todo}");
    }
}

/// The first call of each of these callers is in vain; of each two one calls again five minutes later, and of these again
/// one, and so on.
fn who_call_again(callers: usize) -> Vec<Call> {
    let mut calls = Vec::new();
    for caller in 1..=callers {
        let attempts = 1 + caller.trailing_zeros() as i64;
        let first = 540 + (caller % 300) as i64;
        calls.extend((0..attempts).map(|attempt| Call {
            at: (caller as i64 % 5, first + 6 * attempt),
            wait_s: 30,
            talk_s: 0,
            outcome: "abandoned",
            caller: Some(caller),
            ..CALL
        }));
    }
    calls
}

#[test]
fn who_found_no_line_free_calls_again_after_another_delay() {
    let mut calls = who_call_again(200);
    let blocked = calls.clone().into_iter().map(|call| Call {
        queue: "",
        at: (call.at.0, 540 + 2 * (call.at.1 - 540)),
        wait_s: 0,
        outcome: "blocked",
        caller: call.caller.map(|caller| caller + 1000),
        ..call
    });
    calls.extend(blocked.collect::<Vec<Call>>());
    let fitted = fitted(&[("desk.toml", &desk("00:00-24:00", ""))], &calls, &[]);
    let delay = |name: &str| {
        let delay = fitted.says(&format!("callers.redial.{name}"));
        delay.and_then(|delay| delay.as_str().map(str::to_owned))
    };
    // Six and twelve minutes without 35 and 5 seconds of the attempt before.
    assert_eq!(
        delay("delay").as_deref(),
        Some("325s"),
        "{}",
        fitted.scenario
    );
    assert_eq!(delay("delay_blocked").as_deref(), Some("715s"));
}

#[test]
fn nobody_stops_calling_again_at_a_number_of_attempts() {
    let calls = who_call_again(200);
    let fitted = fitted(&[("desk.toml", &desk("09:00-17:00", ""))], &calls, &[]);
    let attempts = fitted.says("callers.redial.attempts");
    assert_eq!(attempts.and_then(|it| it.as_integer()), Some(100));
}

#[test]
fn names_of_files_and_of_queues_cannot_break_the_scenario() {
    let calls = [Call {
        queue: "a\u{1}b",
        ..CALL
    }; 3];
    let mut both = calls_to("sales", 0..2, 600, 5);
    both.extend(calls);
    let fitted = fitted(&[("desk.toml", &desk("09:00-17:00", ""))], &both, &[]);
    assert!(fitted.scenario.contains("(a b)"), "{}", fitted.scenario);
    assert_eq!(fitted.number("wants.sales.share"), 1.0);
}

#[cfg(unix)]
#[test]
fn menus_are_found_from_a_folder_that_is_a_link() {
    let fitted = fitted(&[("desk.toml", &desk("09:00-17:00", ""))], &[CALL], &[]);
    let path = |name: &str| fitted.files.path().join(name).display().to_string();
    fs::create_dir_all(path("far/away")).expect("a folder");
    std::os::unix::fs::symlink(path("far/away"), path("link")).expect("a link");
    let (calls, menu, out) = (path("calls.csv"), path("desk.toml"), path("link/new"));
    let (code, _, err) = run(&["fit", &calls, "--menu", &menu, "--out", &out]);
    assert_eq!(code, Some(0), "{err}");
    let written = fs::read_to_string(path("far/away/new/fitted.scenario.toml")).expect("written");
    assert!(
        written.contains("menu     = \"../../../desk.toml\""),
        "{written}"
    );
}

#[test]
fn what_is_written_of_runs_goes_to_files_of_their_own() {
    let files = folder(&[]);
    let one = files.path().join("x").display().to_string();
    let tiny = "tests/it/tiny/tiny.scenario.toml";
    let (code, _, err) = run(&["simulate", tiny, "--hdr-log", &one, "--records", &one]);
    assert_eq!(code, Some(2));
    assert!(
        err.contains("--hdr-log and --records name one file"),
        "{err}"
    );
}

#[test]
fn no_two_wants_have_one_name() {
    let line = desk("09:00-17:00", "").replace("support", "b-sales");
    let of = |line: &'static str, queue: &'static str| {
        let calls = calls_to(queue, 0..5, 600, 30).into_iter();
        calls.map(move |call| Call { line, ..call })
    };
    let calls: Vec<Call> = of("a", "b-sales").chain(of("a-b", "sales")).collect();
    let fitted = fitted(&[("a.toml", &line), ("a-b.toml", &line)], &calls, &[]);
    fitted.is_fine();
    for want in ["a-b-sales", "a-b-sales-2"] {
        assert_eq!(fitted.number(&format!("wants.{want}.share")), 1.0);
    }
}
