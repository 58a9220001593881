//! By which intervals a line is judged: those in which callers could come, and some came.

use crate::written::cases;
use strowger::exchange::time::Span;
use strowger::measure::judged::came;
use strowger::sim::model::Model;
use strowger::sim::study::CaseResult;
use strowger::sim::study::run_case;

/// A queue that is open from nine to twelve, behind words that take a few seconds.
const LINE: &str = r#"
format = 1
[line]
name = "Line"
groups = "groups.toml"
timezone = "Europe/Berlin"
languages = ["en"]
start = "hello"
[calendar.desk]
open = ["mon-fri 09:00-12:00"]
[say.hello]
say = "Welcome. This call may take a while, so please have your number at hand."
then = "help"
[queue.help]
group = "agents"
hours = "desk"
closed = "@hangup"
max_wait = "1h"
timeout = "@hangup"
full = "@hangup"
no_agents = "@hangup"
"#;
/// The same, but the whole line closes.
const CLOSING: &str = "[hours.door]\ncalendar = \"desk\"\nopen = \"hello\"\nclosed = \"@hangup\"\n";
const GROUPS: &str = "format = 1\n[group.agents]\nrest = \"0s\"\n\
                      service_level = { answer_within = \"20s\", target = 0.8 }\n";

fn model(line: &str, calls: [u32; 4], staff: [u32; 4], goal: &str) -> Model {
    let table = |head: &str, tail: &str, rows: [u32; 4]| {
        let rows = rows.iter().enumerate();
        let rows = rows.map(|(at, row)| format!("2026-11-23,{:02}:00,60,{tail},{row}\n", 9 + at));
        format!("{head}\n{}", rows.collect::<String>())
    };
    let scenario = format!(
        "menu = \"line.toml\"\nforecast = \"forecast.csv\"\nstaff = \"staff.csv\"\n\
         [wants.help]\nshare = 1.0\nneeds = \"help\"\n[callers]\ntalk = \"5m\"\n[goals]\n{goal}\n"
    );
    let cases = cases(&[
        ("line.toml", line),
        ("groups.toml", GROUPS),
        (
            "forecast.csv",
            &table("date,start,interval_min,line,calls", "line", calls),
        ),
        (
            "staff.csv",
            &table("date,start,interval_min,group,agents", "agents", staff),
        ),
        ("day.scenario.toml", &scenario),
    ]);
    cases.base
}

fn ran(model: &Model) -> CaseResult {
    run_case(model, 1, 10, &|| ())
}

const SERVED: &str = "\"queue.help\".service_level = \">= 80% in 20s, 100% of intervals\"";

#[test]
fn who_comes_just_after_closing_is_no_interval_of_a_goal() {
    let result = ran(&model(LINE, [1200, 1200, 1200, 0], [150; 4], SERVED));
    let (summary, verdict) = (&result.summary, &result.verdicts[0]);
    let late = summary.queues[0].intervals[3].mean("turned_away");
    assert!(late > Some(0.5), "some come after closing: {late:?}");
    assert_eq!(
        summary.queues[0].intervals[3].mean("service_level"),
        Some(0.0)
    );
    assert_eq!(summary.queues[0].judged, [true, true, true, false]);
    assert_eq!(summary.groups[0].judged, [true, true, true, false]);
    assert_eq!(summary.judged, [true, true, true, false]);
    assert_eq!(verdict.share_of_intervals, Some(1.0));
    assert!(verdict.met);
}

#[test]
fn a_line_that_closes_closes_its_queues() {
    let open = LINE.replace("hours = \"desk\"\nclosed = \"@hangup\"\n", "");
    let open = open.replace("start = \"hello\"", "start = \"door\"");
    let line = format!("{open}{CLOSING}");
    // Everybody goes home at twelve, when the last callers still hear the words.
    let result = ran(&model(
        &line,
        [1200, 1200, 1200, 0],
        [150, 150, 150, 0],
        SERVED,
    ));
    let summary = &result.summary;
    let late = came(&summary.queues[0].intervals[3]);
    assert!(late > 0.5, "some come after closing: {late}");
    assert_eq!(summary.queues[0].judged, [true, true, true, false]);
    assert_eq!(result.verdicts[0].share_of_intervals, Some(1.0));
}

#[test]
fn an_interval_to_which_hardly_anybody_comes_is_not_judged() {
    let open = LINE.replace("hours = \"desk\"\nclosed = \"@hangup\"\n", "");
    // One call in ten runs comes at ten, when nobody is there.
    let mut model = model(&open, [60, 1, 60, 60], [60, 0, 60, 60], SERVED);
    model.first_attempts = vec![0.1];
    let judged = |model: &Model| ran(model).summary.queues[0].judged.clone();
    assert_eq!(judged(&model), [true, false, true, true]);
    model.first_attempts = vec![5.0];
    let result = ran(&model);
    assert_eq!(result.summary.queues[0].judged, [true; 4]);
    assert_eq!(result.verdicts[0].share_of_intervals, Some(0.75));
}

#[test]
fn an_interval_without_any_answer_misses_its_goal_for_waits() {
    let open = LINE.replace("hours = \"desk\"\nclosed = \"@hangup\"\n", "");
    let goal = "\"queue.help\".asa = \"<= 20s, 100% of intervals\"";
    // In the third hour nobody is there, and everybody is turned away.
    let result = ran(&model(&open, [60; 4], [20, 20, 0, 20], goal));
    let third = &result.summary.queues[0].intervals[2];
    assert_eq!(third.mean("asa_s"), None);
    assert!(third.mean("turned_away") > Some(30.0));
    assert_eq!(result.verdicts[0].share_of_intervals, Some(0.75));
    assert!(!result.verdicts[0].met);
}

#[test]
fn each_queue_is_judged_by_the_time_of_its_own_goal() {
    let second = "[queue.sales]\ngroup = \"agents\"\nmax_wait = \"1h\"\ntimeout = \"@hangup\"\n\
                  full = \"@hangup\"\nno_agents = \"@hangup\"\n";
    let line = format!("{LINE}{second}{}", second.replace("sales", "returns"));
    let [calls, staff] = [[600; 4], [52; 4]];
    let model = |goals: &str| ran(&model(&line, calls, staff, goals));
    let long = "\"queue.help\".service_level = \">= 50% in 5m\"";
    let alone = model(long);
    let beside = model(&format!(
        "{long}\n\"queue.sales\".service_level = \">= 50% in 1s\""
    ));
    assert!(alone.verdicts[0].value.mean > Some(0.5));
    assert_eq!(beside.verdicts[0].value, alone.verdicts[0].value);
    let times = beside.summary.queues.iter().map(|row| row.answer_within);
    let seconds = [300, 1, 20].map(|seconds| Some(Span::seconds(seconds)));
    assert!(times.eq(seconds), "the last has that of the group");
}
