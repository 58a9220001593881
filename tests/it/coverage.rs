//! People who come late, go early, or cannot do what is asked for.

use crate::written::LINE;
use std::path::Path;
use strowger::menu::diagnostic::Diagnostics;
use strowger::menu::source::Sources;
use strowger::sim::study::load;

const FORECAST: &str = "date,start,interval_min,line,calls\n2026-11-23,09:00,60,shop,100\n\
                        2026-11-23,10:00,60,shop,100\n2026-11-23,11:00,60,shop,100\n";
const HOURS: &str =
    "hours = \"desk\"\nclosed = \"@hangup\"\n[calendar.desk]\nopen = [\"mon 10:00-11:00\"]\n";

/// What is said of these people: codes that begin so, and messages.
fn said_of(
    begins: &str,
    (line, groups): (&str, &str),
    forecast: &str,
    (key, table): (&str, &str),
) -> Vec<(&'static str, String)> {
    let scenario = format!(
        "menu = \"shop.toml\"\nforecast = \"calls.csv\"\n{key} = \"people.csv\"\n\
         [callers]\ntalk = \"3m\"\n"
    );
    let mut sources = Sources::default();
    for (name, text) in [
        ("shop.toml", line),
        ("groups.toml", groups),
        ("calls.csv", forecast),
        ("people.csv", table),
        ("day.scenario.toml", &scenario),
    ] {
        sources.add(Path::new(name), text.to_owned());
    }
    let mut problems = Diagnostics::default();
    let path = Path::new("day.scenario.toml");
    let cases = load(path, None, &mut sources, &mut problems);
    assert!(cases.is_some(), "{}", problems.render(&sources, false));
    let problems = problems.sorted().into_iter();
    problems
        .filter(|problem| problem.code.starts_with(begins))
        .map(|problem| (problem.code, problem.message.clone()))
        .collect()
}

/// What is said of when they are on duty.
fn said(line: &str, forecast: &str, people: (&str, &str)) -> Vec<(&'static str, String)> {
    let groups = "format = 1\n[group.support]\n";
    said_of("staff-", (line, groups), forecast, people)
}

fn staff(row: &str) -> String {
    format!("date,start,interval_min,group,agents\n2026-11-23,{row}\n")
}

fn roster(times: &str) -> String {
    format!("date,agent,groups,start,end\n2026-11-23,ana,support,{times}\n")
}

#[test]
fn people_who_come_late_or_not_at_all_are_noticed() {
    let late = |people: (&str, &str)| {
        let said = said(LINE, FORECAST, people);
        let [(code, message)] = &said[..] else {
            panic!("{people:?}: {said:?}");
        };
        assert_eq!(*code, "staff-comes-late");
        message.clone()
    };
    assert!(
        late(("staff", &staff("10:00,120,support,12"))).contains("nobody is on duty until then")
    );
    assert!(late(("staff", &staff("13:00,60,support,12"))).contains("nobody is on duty all day"));
    assert!(late(("roster", &roster("09:30,12:00"))).contains("the roster begins after"));
    for people in [
        ("staff", staff("09:00,180,support,12")),
        ("staff", staff("08:00,240,support,12")),
        ("roster", roster("09:00,12:00")),
    ] {
        assert_eq!(said(LINE, FORECAST, (people.0, &people.1)), []);
    }
}

#[test]
fn nobody_need_be_there_while_every_queue_is_closed_or_nobody_calls() {
    let midday = roster("10:00,11:00");
    let both = said(LINE, FORECAST, ("roster", &midday));
    let codes = both.iter().map(|(code, _)| *code);
    assert_eq!(
        codes.collect::<Vec<_>>(),
        ["staff-comes-late", "staff-ends-early"]
    );
    assert_eq!(
        said(&format!("{LINE}{HOURS}"), FORECAST, ("roster", &midday)),
        []
    );
    let quiet = FORECAST.replace("09:00,60,shop,100", "09:00,60,shop,0");
    let quiet = quiet.replace("11:00,60,shop,100", "11:00,60,shop,0");
    assert_eq!(said(LINE, &quiet, ("roster", &midday)), []);
}

const ASKS: &str = "skills = [\"{language}=70\"]\nrelax = [{ after = \"40s\", skills = [] }]\n";
const LEARNER: &str = "[agent.ann]\ngroups = [\"support\"]\nskills = { en = 50 }\n";

#[test]
fn skills_are_looked_for_among_the_people_of_the_scenario() {
    let line = format!("{LINE}{ASKS}");
    let groups = format!("format = 1\n[group.support]\n{LEARNER}");
    let unskilled = |people: (&str, &str)| {
        let said = said_of("unknown-skill", (&line, &groups), FORECAST, people);
        said.len()
    };
    let skilled = |skills: &str| {
        format!(
            "date,agent,groups,start,end,skills\n\
             2026-11-23,ben,support,09:00,12:00,{skills}\n"
        )
    };
    assert_eq!(unskilled(("roster", &skilled("en=70"))), 0);
    assert_eq!(unskilled(("roster", &skilled("en=69"))), 1);
    // Head counts without skills can do whatever is asked for.
    assert_eq!(unskilled(("staff", &staff("09:00,180,support,12"))), 0);
}
