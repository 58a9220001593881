//! Scenario files: what is wrong with them is reported exactly as recorded beside them.
//!
//! `SNAPSHOTS=overwrite cargo test --test scenarios` records anew.

use mutations::apply;
use mutations::mutation;
use proptest::prelude::*;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use strowger::exchange::dialplan::Dialplan;
use strowger::exchange::time::Span;
use strowger::exchange::time::Tick;
use strowger::menu::diagnostic::Diagnostics;
use strowger::menu::source::Sources;
use strowger::sim::scenario::Behaviour;
use strowger::sim::scenario::KINDS_MAX;
use strowger::sim::scenario::Press;
use strowger::sim::scenario::Scenario;
use strowger::sim::scenario::ScenarioFile;

mod mutations;
mod plans;

fn files(folder: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .expect("a folder of scenarios")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.to_string_lossy().ends_with(".scenario.toml"))
        .collect();
    files.sort();
    files
}

/// The scenario and its what-ifs, checked against one dialplan, and what is wrong with them.
fn check(path: &Path, dialplan: &Dialplan) -> (Vec<Option<Scenario>>, String) {
    check_among(Sources::default(), path, dialplan)
}

fn check_among(
    mut sources: Sources,
    path: &Path,
    dialplan: &Dialplan,
) -> (Vec<Option<Scenario>>, String) {
    let mut problems = Diagnostics::default();
    let mut scenarios = Vec::new();
    if let Some(file) = ScenarioFile::read(path, &mut sources, &mut problems) {
        scenarios.push(file.check(dialplan, &mut sources, &mut problems));
        for what_if in 0..file.what_ifs.len() {
            let variant = file.with(what_if, &sources);
            scenarios.push(variant.check(dialplan, &mut sources, &mut problems));
        }
    }
    (scenarios, problems.render(&sources, false))
}

#[test]
fn every_mistake_is_reported_as_recorded() {
    let overwrite = std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite");
    let mut wrong = Vec::new();
    for path in files("tests/scenarios/invalid") {
        let (scenarios, found) = check(&path, &plans::shop());
        assert!(
            scenarios.is_empty() || scenarios.iter().any(Option::is_none),
            "{} is accepted",
            path.display()
        );
        let record = path.with_extension("").with_extension("stderr");
        if overwrite {
            fs::write(&record, &found).expect("a record");
        } else if fs::read_to_string(&record).unwrap_or_default() != found {
            wrong.push(format!("{}:\n{found}", record.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn valid_scenarios_have_no_problems() {
    for path in files("tests/scenarios/valid") {
        let (scenarios, found) = check(&path, &plans::shop());
        assert_eq!(found, "", "{}", path.display());
        assert!(scenarios.iter().all(Option::is_some));
    }
}

fn base_and_what_if() -> (Scenario, Scenario) {
    let path = Path::new("tests/scenarios/valid/day.scenario.toml");
    let (mut scenarios, _) = check(path, &plans::shop());
    let what_if = scenarios.pop().flatten().expect("a what-if");
    (scenarios.pop().flatten().expect("a base"), what_if)
}

#[test]
fn a_day_is_what_its_files_say() {
    let (day, _) = base_and_what_if();
    assert_eq!(day.name, "day");
    assert_eq!(day.length, Span::minutes(90));
    assert_eq!(day.demand.lines[0].calls, [105.0, 150.5, 204.0]);
    // 09:00 in New York in November is 14:00 UTC.
    assert_eq!(day.start_unix_ms, 1_795_442_400_000);
    assert_eq!(day.start.to_string(), "2026-11-23T09:00:00");
    // Two who came at 08:30, of whom nobody stays; four and ten at 09:00; and three for sales.
    let names: Vec<&str> = day.workers.iter().map(|at| at.name.as_str()).collect();
    assert_eq!(names.first(), Some(&"support-01"));
    assert_eq!(names.last(), Some(&"sales-03"));
    let late = Tick(Span::minutes(61).0);
    let on_duty = |tick: Tick| {
        let shifts = day.workers.iter().flat_map(|worker| &worker.shifts);
        shifts
            .filter(|shift| shift.from <= tick && tick < shift.to)
            .count()
    };
    assert_eq!(on_duty(Tick(0)), 17);
    assert_eq!(on_duty(late), 15);
    assert!(day.goals[0].text.starts_with("queue.support service_level"));
}

#[test]
fn a_day_of_recorded_calls_is_as_long_as_it_says() {
    let day = |name: &str| {
        let path = format!("tests/scenarios/valid/{name}.scenario.toml");
        let (mut scenarios, _) = check(Path::new(&path), &plans::shop());
        scenarios.swap_remove(0).expect("a day")
    };
    let (short, said) = (day("recorded"), day("recorded-day"));
    assert_eq!(short.span(None), "2026-11-23 09:00-10:15");
    assert_eq!(said.span(None), "2026-11-23 08:30-10:30");
    let minutes = |day: &Scenario| {
        let recorded = day.demand.lines[0].recorded.as_ref().expect("recorded");
        recorded
            .times
            .iter()
            .map(|at| at.0 / 60_000)
            .collect::<Vec<_>>()
    };
    assert_eq!(minutes(&short), [3, 3, 31, 74]);
    assert_eq!(minutes(&said), [33, 33, 61, 104]);
    assert_eq!(said.demand.lines[0].calls.len(), 8);
}

#[test]
fn what_is_cut_of_a_day_is_not_in_the_time_that_is_told() {
    let path = Path::new("tests/scenarios/valid/warm-up.scenario.toml");
    let (scenarios, _) = check(path, &plans::shop());
    let day = scenarios[0].as_ref().expect("a day");
    assert_eq!(
        day.span(None),
        "2026-11-23 09:10-10:30, after 10m of warm-up"
    );
    assert_eq!(day.interval_starts(), ["09:10", "09:40", "10:10"]);
}

#[test]
fn defaults_are_listed() {
    let (day, _) = base_and_what_if();
    let assumed = |name: &str| {
        let found = day.assumptions().iter().find(|(known, _)| known == name);
        found.map(|(_, what)| what.as_str())
    };
    assert_eq!(
        assumed("callers.patience"),
        Some("lognormal, mean 3m, cv 1.1")
    );
    assert_eq!(assumed("agents.answers"), Some("fixed 3s"));
    assert_eq!(assumed("agents.late"), Some("nobody"));
    assert_eq!(assumed("callers.talk"), None);
    assert_eq!(assumed("forecast_counts"), Some("first-attempts"));
}

#[test]
fn a_what_if_changes_only_what_it_says() {
    let (base, mut what_if) = base_and_what_if();
    assert_eq!(
        what_if.what_if.as_deref(),
        Some("better answers, more people")
    );
    assert_eq!(what_if.demand.lines[0].calls[0], 126.0);
    assert_eq!(what_if.workers.len(), base.workers.len() + 2);
    let (Behaviour::Wants(before), Behaviour::Wants(after)) = (&base.behaviour, &what_if.behaviour)
    else {
        panic!("callers have wants");
    };
    assert_ne!(before[0], after[0]);
    assert_eq!(before[1], after[1]);
    what_if.demand = base.demand.clone();
    what_if.workers = base.workers.clone();
    what_if.staff = base.staff.clone();
    what_if.behaviour = base.behaviour.clone();
    what_if.what_if = None;
    assert_eq!(what_if, base);
}

#[test]
fn a_roster_brings_people_by_name_and_a_what_if_other_people() {
    let path = Path::new("tests/scenarios/valid/roster.scenario.toml");
    let (scenarios, _) = check(path, &plans::shop());
    let [Some(base), Some(head_counts), Some(same)] = &scenarios[..] else {
        panic!("a base and two what-ifs");
    };
    let names: Vec<&str> = base.workers.iter().map(|at| at.name.as_str()).collect();
    assert_eq!(names, ["ana", "ben", "chloe"]);
    let (ana, ben) = (&base.workers[0], &base.workers[1]);
    let en_vi = [("en".to_owned(), 90), ("vi".to_owned(), 100)];
    assert_eq!(ana.skills.as_deref(), Some(&en_vi[..]));
    assert_eq!(ana.shifts[0].begun, Span::minutes(60));
    // Of the break in progress when the run begins, the rest is left.
    assert_eq!(ana.shifts[0].breaks[0].length, Span::minutes(10));
    assert_eq!((ben.groups.len(), ben.shifts.len()), (2, 2));
    assert_eq!((ben.weight, ben.speed.usual), (1_000_000, 1.25));
    assert_eq!(head_counts.workers[0].name, "support-01");
    assert_eq!(same.workers, base.workers);
    assert_ne!(same.agents.late, base.agents.late);
}

#[test]
fn a_forecast_by_want_says_how_long_each_kind_takes() {
    let path = Path::new("tests/scenarios/valid/kinds.scenario.toml");
    let (scenarios, _) = check(path, &plans::shop());
    let day = scenarios[0].as_ref().expect("a day");
    let Behaviour::Wants(wants) = &day.behaviour else {
        panic!("callers have wants");
    };
    let [returns, help] = &wants[..] else {
        panic!("two wants");
    };
    // The mean over calls, less the wrap-up.
    assert_eq!(
        returns.talk.mean_s(),
        (40.0 * 300.0 + 60.0 * 320.0) / 100.0 - 20.0
    );
    assert_eq!(
        help.talk.mean_s(),
        (65.0 * 200.0 + 15.0 * 240.0) / 80.0 - 50.0
    );
    assert!((returns.share - 100.0 / 280.0).abs() < 1e-12);
    let assumed = |name: &str| day.assumptions().iter().any(|(known, _)| known == name);
    assert!(assumed("wants.help.talk") && !assumed("callers.talk"));
    // By line, want and interval; a row without a handling time has the mean.
    let factors = |place: usize| day.demand.lines[place].talk_factors.as_deref();
    let kinds = day
        .demand
        .lines
        .iter()
        .map(|line| line.kind.map(|kind| kind.want));
    assert_eq!(kinds.collect::<Vec<_>>(), [Some(0), Some(1), Some(1)]);
    let (returns_s, help_s) = (returns.talk.mean_s(), help.talk.mean_s());
    assert_eq!(
        factors(0),
        Some(&[280.0 / returns_s, 300.0 / returns_s][..])
    );
    assert_eq!(factors(1), Some(&[150.0 / help_s, 1.0][..]));
    assert_eq!(factors(2), Some(&[190.0 / help_s, 1.0][..]));
}

#[test]
fn people_of_too_many_kinds_are_refused() {
    let mut roster = "date,agent,groups,skills,start,end\n".to_owned();
    for kind in 0..=KINDS_MAX {
        let _ = writeln!(
            roster,
            "2026-11-23,a{kind},support sales,s{kind},09:00,17:00"
        );
    }
    let mut sources = Sources::default();
    sources.add(Path::new("tests/scenarios/valid/roster.csv"), roster);
    let path = Path::new("tests/scenarios/valid/roster.scenario.toml");
    let (scenarios, problems) = check_among(sources, path, &plans::shop());
    assert_eq!(scenarios[0], None);
    assert!(problems.contains("people of 10001 kinds"), "{problems}");
}

#[test]
fn menus_without_shares_get_equal_ones() {
    let path = Path::new("tests/scenarios/valid/keys.scenario.toml");
    let (scenarios, _) = check(path, &plans::shop());
    let steady = scenarios[0].as_ref().expect("a steady state");
    assert_eq!(steady.interval, None);
    assert_eq!(steady.demand.lines[0].calls, [6000.0]);
    let Behaviour::Keys(menus) = &steady.behaviour else {
        panic!("callers press keys");
    };
    assert_eq!(menus.len(), 2);
    assert_eq!(menus[0].shares[2].0, Press::HangUp);
    // `@back` is no option.
    assert_eq!(menus[1].shares.len(), 2);
    assert_eq!(menus[1].shares[0].1, 0.5);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_the_reader_panic(
        name in prop::sample::select(&["day", "attendance", "kinds-steady"][..]),
        changes in prop::collection::vec(mutation(), 1..4),
    ) {
        let path = format!("tests/scenarios/valid/{name}.scenario.toml");
        let path = Path::new(&path);
        let mut text = fs::read_to_string(path).expect("a scenario");
        for change in &changes {
            text = apply(&text, change);
        }
        let mut sources = Sources::default();
        sources.add(path, text);
        let (scenarios, problems) = check_among(sources, path, &plans::shop());
        let fine = !scenarios.is_empty() && scenarios.iter().all(Option::is_some);
        prop_assert_eq!(fine, !problems.contains("error["), "{}", problems);
    }

    #[test]
    fn no_roster_makes_the_reader_panic(changes in prop::collection::vec(mutation(), 1..4)) {
        let mut text = fs::read_to_string("tests/scenarios/valid/roster.csv").expect("a roster");
        for change in &changes {
            text = apply(&text, change);
        }
        let mut sources = Sources::default();
        sources.add(Path::new("tests/scenarios/valid/roster.csv"), text);
        let path = Path::new("tests/scenarios/valid/roster.scenario.toml");
        let (scenarios, problems) = check_among(sources, path, &plans::shop());
        prop_assert_eq!(scenarios.iter().all(Option::is_some), !problems.contains("error["));
    }
}
