//! Figures that are controlled by the callers who came.

use crate::cli::strowger;
use crate::temporary::Temporary;
use crate::validation::plain::Plain;
use serde_json::Value;
use std::fs;
use strowger::measure::RunFigures;
use strowger::measure::Summary;
use strowger::measure::control::Uncontrolled;
use strowger::sim::replicate::replicate;
use strowger::sim::study::CaseResult;
use strowger::sim::study::LEVEL;
use strowger::sim::study::what_if_of;

/// Days of four hours, some of them far busier than others.
fn days() -> Plain<'static> {
    Plain {
        warm_up_h: 0,
        hours: 4,
        callers: "busyness = { cv = 0.2 }",
        run: "control_variate = \"callers\"",
        ..Plain::default()
    }
}

/// The runs of a scenario in studies of so many, and all of them together.
fn studies(days: &Plain<'_>, studies: u32, each: u32) -> (Vec<Summary>, Summary) {
    let model = days.site().model();
    let runs: Vec<RunFigures> = replicate(&model, 5, 0..studies * each, &|| ());
    let some = runs.chunks(each as usize);
    let some = some.map(|runs| model.summary(runs, LEVEL)).collect();
    (some, model.summary(&runs, LEVEL))
}

fn half_width(summary: &Summary, name: &str) -> f64 {
    let figure = summary.total.get(name);
    figure.half_width().expect("runs that tell")
}

/// What many more runs say is taken for the truth.
#[test]
fn intervals_are_right_as_often_as_they_say_and_far_narrower() {
    let (controlled, truth) = studies(&days(), 120, 20);
    let plain = Plain { run: "", ..days() };
    let (plain, _) = studies(&plain, 120, 20);
    let figures = [
        ("service_level", 0.5),
        ("abandoned_share", 0.5),
        ("wait_mean_s", 0.5),
        ("wait_p90_s", 0.6),
        ("occupancy", 0.5),
        ("abandoned", 0.5),
        ("attempts", 0.01),
    ];
    for (name, most) in figures {
        let true_value = truth.total.mean(name).expect("a value");
        let held = controlled.iter().map(|one| one.total.get(name));
        let held = held.filter(|figure| figure.contains(true_value)).count();
        // 114 are expected at 95 in 100; fewer than 106 would come once in 500 times.
        assert!(held >= 106, "{name}: {held} of 120");
        let width = |all: &[Summary]| all.iter().map(|one| half_width(one, name)).sum::<f64>();
        let times = width(&controlled) / width(&plain);
        assert!(times < most, "{name}: {times} of the width");
    }
}

/// One more at work, held against the same callers without: with and without control.
#[test]
fn differences_are_right_as_often_as_they_say_and_narrower_than_of_other_callers() {
    for run in ["", "control_variate = \"callers\""] {
        let base = Plain { run, ..days() };
        let more = Plain {
            agents: 11,
            ..base.clone()
        };
        let models = [base, more].map(|plain| plain.site().model());
        let [base, more] = &models;
        let all = models
            .each_ref()
            .map(|model| replicate(model, 5, 0..2400, &|| ()));
        let [before, after] = &all;
        let truth = what_if_of((base, before), more, after);
        let studies = before.chunks(20).zip(after.chunks(20));
        let studies: Vec<CaseResult> = studies
            .map(|(before, after)| what_if_of((base, before), more, after))
            .collect();
        for metric in [
            "service_level",
            "abandoned_share",
            "wait_mean_s",
            "occupancy",
        ] {
            let of = |result: &CaseResult| {
                let mut differences = result.differences.iter();
                let (_, found) = differences
                    .find(|(name, _)| *name == metric)
                    .expect("a value");
                found.figure
            };
            let exact = of(&truth).mean.expect("a difference");
            let held = studies.iter().filter(|one| of(one).contains(exact)).count();
            // 114 are expected at 95 in 100; fewer than 106 would come once in 500 times.
            assert!(held >= 106, "{run} {metric}: {held} of 120");
            let narrow = |one: &&CaseResult| {
                let apart = half_width(&one.summary, metric) * std::f64::consts::SQRT_2;
                of(one).half_width().expect("runs that tell") < apart
            };
            let narrow = studies.iter().filter(narrow).count();
            assert!(narrow >= 115, "{run} {metric}: {narrow} of 120");
        }
    }
}

#[test]
fn outcomes_still_add_up_to_the_attempts() {
    let (_, all) = studies(&days(), 1, 30);
    let mean = |name: &str| all.total.mean(name).expect("a count");
    let outcomes = ["answered", "abandoned", "in_progress"].map(mean);
    assert!((outcomes.iter().sum::<f64>() - mean("attempts")).abs() < 1e-6);
    let controlled = all.controlled.expect("a control variate");
    // 200 calls an hour, of which nobody calls twice.
    assert_eq!(controlled.expected, 800.0);
    assert!((mean("attempts") - 800.0).abs() < 1e-6);
    assert!(controlled.came != 800.0 && controlled.worth_runs.expect("an interval") > 45.0);
}

#[test]
fn few_runs_are_not_controlled() {
    let (_, few) = studies(&days(), 1, 19);
    let plain = Plain { run: "", ..days() };
    let (_, plain) = studies(&plain, 1, 19);
    assert_eq!(few.total, plain.total);
    let controlled = few.controlled.expect("it was asked for");
    assert_eq!(controlled.why_not, Some(Uncontrolled::FewRuns));
    assert_eq!(plain.controlled, None);
}

/// The tiny scenario, controlled.
fn tiny(directory: &Temporary) {
    for file in fs::read_dir("tests/it/tiny").expect("the tiny scenario") {
        let file = file.expect("a file");
        fs::copy(file.path(), directory.path().join(file.file_name())).expect("a copy");
    }
    let path = directory.path().join("tiny.scenario.toml");
    let text = fs::read_to_string(&path).expect("the scenario");
    let text = text.replace("[run]\n", "[run]\ncontrol_variate = \"callers\"\n");
    fs::write(path, text).expect("the scenario");
}

fn run(directory: &Temporary, arguments: &[&str]) -> String {
    let mut command = strowger(arguments);
    let output = command.current_dir(directory.path()).output();
    let output = output.expect("the program runs");
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn reports_say_what_it_has_done() {
    let directory = Temporary::new(&std::env::temp_dir());
    tiny(&directory);
    let simulate = |more: &[&str]| {
        let tiny = ["simulate", "tiny.scenario.toml", "--quiet"];
        run(&directory, &[&tiny, more].concat())
    };
    let said = simulate(&["--runs", "40"]);
    let line = "Controlled by the callers: figures are those of the 60 to be expected, not of the ";
    let flat = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains(line), "{said}");
    let few = simulate(&[]);
    assert!(
        few.contains("Not controlled by the callers: that takes 20 runs"),
        "{few}"
    );
    let json = simulate(&["--runs", "40", "--format", "json"]);
    let json: Value = serde_json::from_str(&json).expect("JSON");
    let control = &json["control_variate"];
    assert_eq!(
        (&control["name"], &control["expected"]),
        (&"callers".into(), &60.into())
    );
    assert_eq!(control["applies"], true);
    assert!(
        control["service_level_worth_runs"].as_f64() > Some(0.0),
        "{control}"
    );
    let attempts = &json["total"]["callers"]["mean"];
    assert_eq!(attempts, 60, "as many as were to be expected");
}

#[test]
fn what_holds_of_all_cases_is_said_once() {
    let directory = Temporary::new(&std::env::temp_dir());
    tiny(&directory);
    let strategies = ["--strategies", "fair,random,linear", "--quiet"];
    let page = run(
        &directory,
        &[&["compare", "tiny.scenario.toml"], &strategies[..]].concat(),
    );
    let said: Vec<&str> = page.lines().filter(|line| line.contains('!')).collect();
    assert_eq!(
        said,
        ["  ! Not controlled by the callers: that takes 20 runs."]
    );
}

#[test]
fn parts_of_a_controlled_study_make_the_same_report() {
    // Of a forecast of attempts fewer callers are to be expected, which no part finds anew.
    for counts in ["first-attempts", "attempts"] {
        let directory = Temporary::new(&std::env::temp_dir());
        tiny(&directory);
        let path = directory.path().join("tiny.scenario.toml");
        let text = fs::read_to_string(&path).expect("the scenario");
        fs::write(path, text.replace("first-attempts", counts)).expect("the scenario");
        let runs = ["simulate", "tiny.scenario.toml", "--quiet", "--runs", "24"];
        let whole = run(&directory, &runs);
        assert!(whole.contains("Controlled by the callers"));
        let parts = ["1/3", "2/3", "3/3"].map(|part| {
            let text = run(&directory, &[&runs[..], &["--shard", part]].concat());
            let name = format!("part-{}", &part[..1]);
            fs::write(directory.path().join(&name), text).expect("a part");
            name
        });
        let merge = ["merge", &parts[2], &parts[0], &parts[1]];
        assert_eq!(run(&directory, &merge), whole, "{counts}");
    }
}
