//! Days on which the clocks change: opening hours, forecast and people mean the same hours.

use crate::written::cases;
use std::fmt::Write as _;
use strowger::exchange::dialplan::StepKind;
use strowger::exchange::record::Record;
use strowger::exchange::time::Tick;
use strowger::sim::replicate::replicate;
use strowger::sim::run;
use strowger::sim::study::LEVEL;

const LINE: &str = r#"
format = 1
[line]
name = "Shop"
groups = "groups.toml"
timezone = "Europe/Berlin"
languages = ["en"]
start = "support"
[calendar.desk]
open = ["mon-sun 09:00-17:00"]
[queue.support]
group = "support"
hours = "desk"
closed = "@hangup"
full = "@hangup"
no_agents = "@hangup"
"#;

/// The hours in which callers join the queue, on a day with 60 calls an hour.
fn open_hours(day: &str) -> (u64, u64, Vec<String>) {
    let (mut calls, mut staff) = (
        "date,start,interval_min,line,calls\n".to_owned(),
        "date,start,interval_min,group,agents\n".to_owned(),
    );
    for hour in 0..24 {
        let _ = writeln!(calls, "{day},{hour:02}:00,60,shop,60");
        let _ = writeln!(staff, "{day},{hour:02}:00,60,support,20");
    }
    let scenario = "menu = \"shop.toml\"\nforecast = \"calls.csv\"\nstaff = \"staff.csv\"\n\
                    [callers]\ntalk = \"1m\"\n";
    let cases = cases(&[
        ("shop.toml", LINE),
        ("groups.toml", "format = 1\n[group.support]\n"),
        ("calls.csv", &calls),
        ("staff.csv", &staff),
        ("day.scenario.toml", scenario),
    ]);
    let mut queued = Vec::new();
    let mut note = |now: Tick, record: &Record| {
        if matches!(record, Record::Queued { .. }) {
            queued.push(now.0 / 3_600_000);
        }
    };
    run(&cases.base, 1, 0, &mut note);
    let assumed = cases.base.scenario().assumptions().iter();
    let clock = assumed.filter(|(name, _)| name == "run.clock");
    let first = queued.first().copied().expect("callers");
    let last = queued.last().copied().expect("callers");
    (first, last, clock.map(|(_, what)| what.clone()).collect())
}

#[test]
fn the_hours_of_a_day_on_which_the_clocks_change_are_those_of_its_forecast() {
    let (first, last, assumed) = open_hours("2026-03-28");
    assert_eq!((first, last, assumed.len()), (9, 16, 0));
    for day in ["2026-03-29", "2026-10-25"] {
        let (first, last, assumed) = open_hours(day);
        assert_eq!((first, last), (9, 16), "{day}");
        assert!(
            assumed.len() == 1 && assumed[0].contains(day),
            "{assumed:?}"
        );
    }
}

/// In Berlin clocks go from 2:00 to 3:00 on 29 March 2026.
#[test]
fn a_run_that_begins_at_a_time_that_there_is_not_is_warned_of() {
    let line = crate::written::LINE.replace("Etc/UTC", "Europe/Berlin");
    let said = |start: &str| {
        let scenario = format!(
            "menu = \"line.toml\"\nstaff = {{ support = 3 }}\n\
             run = {{ length = \"100h\", warm_up = \"1h\", start = {start} }}\n\
             [demand]\nline = {{ calls_per_hour = 10.0 }}\n[callers]\ntalk = \"60s\"\n"
        );
        crate::written::said(&[
            ("line.toml", &line),
            ("groups.toml", "format = 1\n[group.support]\n"),
            ("day.scenario.toml", &scenario),
        ])
    };
    let words = "warning[missing-hour]: the run begins on 2026-03-29 at 02:30:00, and there is no such time then";
    assert!(
        said("2026-03-29T02:30:00").contains(words),
        "{}",
        said("2026-03-29T02:30:00")
    );
    assert!(!said("2026-03-29T03:30:00").contains("missing-hour"));
}

#[test]
fn recorded_calls_at_times_that_there_are_not_are_warned_of() {
    let line = crate::written::LINE.replace("Etc/UTC", "Europe/Berlin");
    let said = |times: &[&str]| {
        let rows = times.iter().map(|time| format!("2026-03-29 {time},line\n"));
        let calls: String = rows.collect();
        crate::written::said(&[
            ("line.toml", &line),
            ("groups.toml", "format = 1\n[group.support]\n"),
            ("calls.csv", &format!("time,line\n{calls}")),
            (
                "day.scenario.toml",
                "menu = \"line.toml\"\narrivals = \"calls.csv\"\nstaff = { support = 3 }\n\
                 wants = { person = { share = 1.0, needs = \"support\" } }\n\
                 callers = { talk = \"60s\" }\n",
            ),
        ])
    };
    let all = said(&["01:30:00", "02:30:00", "02:59:59.999", "03:00:00"]);
    let words = "warning[missing-hour]: row 3, column `time`: there is no 02:30:00 on 2026-03-29, nor in \
                 another row: clocks go forward over it";
    assert!(all.contains(words), "{all}");
    assert!(
        all.contains("times are those of the line, in Europe/Berlin"),
        "{all}"
    );
    assert_eq!(all.matches("missing-hour").count(), 1, "{all}");
    let fine = said(&["01:59:59.999", "03:00:00"]);
    assert!(!fine.contains("missing-hour"), "{fine}");
}

/// A day in Berlin with 60 calls an hour to a line that is always open, and as many to one that opens from 9 to 5
/// by the clock of another place; it has an answer that is true until that day is over there.
fn two_places(day: &str, zone: &str) -> [(&'static str, String); 6] {
    let (mut calls, mut staff) = (
        "date,start,interval_min,line,calls\n".to_owned(),
        "date,start,interval_min,group,agents\n".to_owned(),
    );
    for hour in 0..24 {
        let _ = writeln!(calls, "{day},{hour:02}:00,60,shop,60");
        let _ = writeln!(calls, "{day},{hour:02}:00,60,bank,60");
        let _ = writeln!(staff, "{day},{hour:02}:00,60,support,20");
    }
    let shop = LINE.replace("hours = \"desk\"\nclosed = \"@hangup\"\n", "");
    let shop = shop.replace("[calendar.desk]\nopen = [\"mon-sun 09:00-17:00\"]\n", "");
    let bank = LINE.replace("Europe/Berlin", zone)
        + &format!(
            "[queue.support.keys]\n1 = \"rates\"\n[answer.rates]\nquestion = \"Rates?\"\n\
             say = \"Two per cent.\"\nthen = \"@hangup\"\nvalid_until = {day}\nexpired = \"@hangup\"\n"
        );
    let scenario = "menu = [\"shop.toml\", \"bank.toml\"]\nforecast = \"calls.csv\"\n\
                    staff = \"staff.csv\"\n[callers]\ntalk = \"1m\"\n";
    [
        ("shop.toml", shop),
        ("bank.toml", bank),
        ("groups.toml", "format = 1\n[group.support]\n".to_owned()),
        ("calls.csv", calls),
        ("staff.csv", staff),
        ("day.scenario.toml", scenario.to_owned()),
    ]
}

fn named<'f>(files: &'f [(&'static str, String)]) -> Vec<(&'f str, &'f str)> {
    files
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .collect()
}

#[test]
fn a_line_with_another_clock_opens_by_it_in_the_day_of_the_first_line_and_that_is_said() {
    let files = two_places("2026-11-23", "Asia/Tokyo");
    let words = "note[other-clock]: the line \"bank\" opens by the clock of Asia/Tokyo, and the run goes by that \
                 of Europe/Berlin, the first line's";
    let said = crate::written::said(&named(&files));
    assert!(said.contains(words), "{said}");
    // The change of the clocks in Berlin is left out on one of these days, and in Lagos there is none.
    for (day, is_another) in [
        ("2026-03-28", false),
        ("2026-03-29", false),
        ("2026-03-30", true),
    ] {
        let said = crate::written::said(&named(&two_places(day, "Africa/Lagos")));
        assert_eq!(said.contains("other-clock"), is_another, "{day}: {said}");
    }
    // From 9 to 5 in Tokyo it is from 1 to 9 in Berlin.
    let model = cases(&named(&files)).base;
    let runs = replicate(&model, 1, 0..3, &|| ());
    let entered = |hour: usize| {
        let queue = &runs[0].queues[1].intervals[hour].tally;
        queue.entered > 0
    };
    let open: Vec<usize> = (0..24).filter(|hour| entered(*hour)).collect();
    assert_eq!(open, (1..9).collect::<Vec<_>>());
    let judged = &model.summary(&runs, LEVEL).queues[1].judged;
    let judged: Vec<usize> = (0..24).filter(|hour| judged[*hour]).collect();
    assert_eq!(judged, open);
    // Clocks that say the same are one.
    let said = crate::written::said(&named(&two_places("2026-11-23", "Europe/Paris")));
    assert!(!said.contains("other-clock"), "{said}");
}

#[test]
fn answers_of_other_places_end_with_their_own_day_when_a_change_of_the_clocks_is_left_out() {
    let model = cases(&named(&two_places("2026-03-29", "Asia/Tokyo"))).base;
    let expires = model.plan.steps.iter().find_map(|step| match &step.kind {
        StepKind::Say(say) => say.answer.as_ref()?.expires_ms,
        _ => None,
    });
    let midnight: jiff::Timestamp = "2026-03-29T15:00:00Z".parse().expect("a moment");
    assert_eq!(expires, Some(midnight.as_millisecond()));
}
