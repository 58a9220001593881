//! What callers want at which time of the day, and what those do who come to a mailbox.

use crate::fit_ways::Call;
use crate::fit_ways::Fitted;
use crate::fit_ways::HOURS;
use crate::fit_ways::MAILBOX;
use crate::fit_ways::calls_to;
use crate::fit_ways::desk;
use crate::fit_ways::ended;
use crate::fit_ways::fitted;

/// By day two queues; by night another one, and a mailbox.
const HOSPITAL: &str = r#"
format = 1
[line]
name      = "Hospital"
groups    = "people.groups.toml"
timezone  = "Etc/UTC"
languages = ["en"]
start     = "when"
[calendar.day]
open = ["mon-sun 08:00-18:00"]
[defaults]
give_up = "message"
[hours.when]
calendar = "day"
open     = "main"
closed   = "night"
[menu.main]
say = "Welcome. {options}"
[menu.main.keys]
1 = { go = "sales", label = "sales" }
2 = { go = "support", label = "support" }
[menu.night]
say = "Good evening. {options}"
[menu.night.keys]
1 = { go = "emergency", label = "emergencies" }
2 = { go = "message", label = "a message" }
[queue.sales]
group     = "agents"
max_wait  = "1h"
timeout   = "message"
full      = "message"
no_agents = "message"
[queue.support]
group     = "agents"
max_wait  = "1h"
timeout   = "message"
full      = "message"
no_agents = "message"
[queue.emergency]
group     = "second"
max_wait  = "1h"
timeout   = "message"
full      = "message"
no_agents = "message"
[record.message]
say     = "Please leave a message."
mailbox = "agents"
then    = "@hangup"
"#;

#[track_caller]
fn has_row(fitted: &Fitted, row: &str) {
    assert!(fitted.forecast.contains(row), "{row}: {}", fitted.forecast);
}

#[test]
fn who_calls_at_other_hours_wants_what_there_is_then() {
    let to = |line, calls: Vec<Call>| calls.into_iter().map(move |call| Call { line, ..call });
    let mut calls = calls_to("sales", 0..5, 600, 60);
    calls.extend(calls_to("support", 0..5, 600, 60));
    calls.extend(calls_to("emergency", 0..5, 1200, 20));
    calls.extend(ended("message", calls_to("", 0..5, 1200, 10)));
    // As few as these are at midnight, they want what others want by night.
    calls.extend(calls_to("emergency", 0..1, 1380, 2));
    let calls: Vec<Call> = to("hospital", calls).collect();
    let fitted = fitted(&[("hospital.toml", HOSPITAL)], &calls, &[]);
    fitted.is_fine();
    has_row(&fitted, "date,start,interval_min,line,calls,want\n");
    has_row(&fitted, ",10:00,30,hospital,30,sales\n");
    has_row(&fitted, ",20:00,30,hospital,0,sales\n");
    has_row(&fitted, ",20:00,30,hospital,10,emergency\n");
    has_row(&fitted, ",20:00,30,hospital,5,message\n");
    assert_eq!(fitted.says("wants.sales.share"), None);
    assert!(fitted.says("wants.emergency.needs").is_some());
}

#[test]
fn wants_that_differ_by_the_time_of_day_are_in_the_forecast() {
    let by = |hour: i64, sales: i64, support: i64| {
        let mut calls = calls_to("sales", 0..5, hour * 60, sales);
        calls.extend(calls_to("support", 0..5, hour * 60, support));
        calls
    };
    // Two minutes each: a load of 2 erlangs where 60 come in an hour.
    let even: Vec<Call> = (9..13).flat_map(|hour| by(hour, 30, 30)).collect();
    let menus = desk("09:00-17:00", "");
    let same = fitted(&[("desk.toml", &menus)], &even, &[]);
    same.is_fine();
    assert_eq!(same.number("wants.sales.share"), 0.5);
    has_row(&same, "date,start,interval_min,line,calls\n");
    let one_by_one: Vec<Call> = (9..11)
        .flat_map(|hour| by(hour, 60, 6))
        .chain((11..13).flat_map(|hour| by(hour, 6, 60)))
        .collect();
    let apart = fitted(&[("desk.toml", &menus)], &one_by_one, &[]);
    apart.is_fine();
    assert_eq!(apart.says("wants.sales.share"), None);
    has_row(&apart, ",09:00,30,desk,30,sales\n");
    has_row(&apart, ",12:00,30,desk,3,sales\n");
    has_row(&apart, ",12:00,30,desk,30,support\n");
    // By the load of its own busiest interval: 2 erlangs and the square root of 2.
    for group in ["agents", "second"] {
        let heads = apart.says(&format!("staff.{group}"));
        assert_eq!(heads.and_then(|heads| heads.as_integer()), Some(4));
    }
}

#[test]
fn talks_that_are_longer_in_the_afternoon_are_told_and_keep_more_people_busy() {
    let calls: Vec<Call> = (9..17)
        .flat_map(|hour| calls_to("sales", 0..10, hour * 60, 30))
        .enumerate()
        .map(|(place, call)| {
            let longer = if call.at.1 < 13 * 60 { 1 } else { 3 };
            Call {
                talk_s: longer * (60 + (place as i64 * 37) % 120),
                ..call
            }
        })
        .collect();
    let fitted = fitted(&[("desk.toml", &desk("09:00-17:00", ""))], &calls, &[]);
    fitted.is_fine();
    let words = "Talks of sales differ by the time of day";
    assert!(fitted.scenario.contains(words), "{}", fitted.scenario);
    // 30 calls an hour of six minutes are 3 erlangs; of the four that they last for all day 2.
    let heads = fitted.says("staff.agents").and_then(|it| it.as_integer());
    assert_eq!(heads, Some(5), "{}", fitted.scenario);
}

/// Those who hang up at the tone are turned away, or have left the menus if they had chosen the mailbox.
#[test]
fn not_all_leave_a_message() {
    let waited = |outcome, minute| {
        let calls = calls_to("support", 0..5, minute, 12).into_iter();
        calls.map(move |call| Call {
            wait_s: 100,
            talk_s: 0,
            outcome,
            ..call
        })
    };
    let mut calls = calls_to("sales", 0..5, 600, 30);
    calls.extend(waited("message", 600));
    calls.extend(waited("turned_away", 600));
    calls.extend(ended("message", calls_to("", 0..5, 600, 10)));
    calls.extend(ended("left_in_menu", calls_to("", 0..5, 600, 36)));
    let keys = format!("{MAILBOX}\n{HOURS}");
    let fitted = fitted(&[("desk.toml", &desk("09:00-17:00", &keys))], &calls, &[]);
    fitted.is_fine();
    assert_eq!(fitted.number("callers.leaves_message"), 0.5);
    for (want, share) in [("message", 0.2), ("desk-no-queue", 0.26)] {
        let found = fitted.number(&format!("wants.{want}.share"));
        assert_eq!(found, share, "{want}: {}", fitted.scenario);
    }
    let sales = calls_to("sales", 0..5, 600, 30);
    let unknown = crate::fit_ways::fitted(&[("desk.toml", &desk("09:00-17:00", ""))], &sales, &[]);
    assert_eq!(unknown.number("callers.leaves_message"), 1.0);
    let todo = unknown.found["todo"].to_string();
    assert!(
        todo.contains("how many of those who come to a mailbox"),
        "{todo}"
    );
}

#[test]
fn who_wants_to_be_called_back_talks_as_long_as_the_others() {
    let back = "3 = { go = \"back\", label = \"a call back\" }\n[callback.back]\nqueue = \"support\"\n\
                say = \"We call you back.\"\nthen = \"@hangup\"";
    let line = desk("09:00-17:00", back)
        .replace("[defaults]", "[dialling]\nallow = [\"+44\"]\n[defaults]");
    let longer = |call| Call {
        talk_s: 400,
        ..call
    };
    let mut calls = calls_to("sales", 0..5, 600, 30);
    calls.extend(calls_to("support", 0..5, 600, 30).into_iter().map(longer));
    calls.extend(ended("callback", calls_to("", 0..5, 600, 30)));
    let fitted = fitted(&[("desk.toml", &line)], &calls, &[]);
    fitted.is_fine();
    for want in ["support", "back"] {
        let mean = fitted.says(&format!("wants.{want}.talk.mean"));
        let mean = mean.as_ref().and_then(|mean| mean.as_str());
        assert_eq!(mean, Some("400s"), "{want}: {}", fitted.scenario);
    }
}
