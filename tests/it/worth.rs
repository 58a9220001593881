//! The shop line with callers who behave as in its scenario: which answer saves most, and which fails.

use crate::cli::strowger;
use crate::temporary::Temporary;
use crate::written::cases;
use crate::written::shop;
use serde_json::Value;
use strowger::sim::replicate::replicate;

const SHOP: &str = "scenarios/ordinary-day.scenario.toml";

fn simulate(format: &str) -> String {
    let args = ["simulate", SHOP, "--runs", "4", "--format", format];
    let output = strowger(&args).output().expect("the program runs");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    String::from_utf8(output.stdout).expect("text")
}

fn rows<'r>(report: &'r Value, kind: &str) -> &'r Vec<Value> {
    report[kind].as_array().expect("rows")
}

fn mean(row: &Value, name: &str) -> f64 {
    row[name]["mean"].as_f64().expect("a mean")
}

fn named<'r>(rows: &'r [Value], name: &str) -> &'r Value {
    rows.iter().find(|row| row["name"] == name).expect("a row")
}

#[test]
fn the_report_names_the_answer_that_saves_most_and_the_one_that_fails() {
    let text = simulate("human");
    let told = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("Saves most: order-shipped: "), "{text}");
    assert!(
        told.contains("Does not work: payment, \"How can I pay?\""),
        "{text}"
    );
    assert_eq!(told.matches("Does not work: ").count(), 1, "{text}");
    assert!(told.contains("main, 3: help with a product "), "{text}");
    assert!(told.contains("No answer to: product-help ("), "{text}");
    assert!(told.contains("404: "), "what was refused: {text}");
    assert!(told.contains("csat satisfaction support "), "{text}");
}

#[test]
fn figures_of_answers_hang_together_and_with_what_callers_wanted() {
    let report: Value = serde_json::from_str(&simulate("json")).expect("JSON");
    let answers = rows(&report, "answers");
    assert_eq!(answers.len(), 7, "three of them say what was looked up");
    for answer in answers {
        let settled = mean(answer, "settled");
        let ways = ["settled_confirmed", "settled_probable"];
        let by_way: f64 = ways.iter().map(|name| mean(answer, name)).sum();
        assert!((settled - by_way).abs() < 1e-9, "{answer}");
        let money = mean(answer, "saved_s") / 3600.0 * 32.0;
        assert!(
            (mean(answer, "saved_money") - money).abs() < 0.01,
            "{answer}"
        );
    }
    let total = &report["total"];
    let served = mean(total, "self_served_confirmed") + mean(total, "self_served_probable");
    let settled: f64 = answers.iter().map(|answer| mean(answer, "settled")).sum();
    assert!((settled - served).abs() < 1e-6, "{settled} of {served}");
    // What the line can see agrees with what the callers know of themselves.
    let wants = rows(&report, "wants");
    for want in ["returns", "delivery", "payment"] {
        let seen = mean(named(answers, want), "settled_share");
        let truth = mean(named(wants, want), "wanted_satisfied_share");
        assert!(
            (seen - truth).abs() < 0.06,
            "{want}: {seen}, in truth {truth}"
        );
    }
    assert_eq!(report["costs"]["currency"], "USD");
}

/// An answer after which the line hangs up, and which a fifth of its callers find enough.
#[test]
fn what_the_line_takes_for_self_service_is_not_said_to_have_satisfied_anybody() {
    let answer = "then     = \"main\"";
    let line = include_str!("tiny/tiny.toml");
    assert!(line.contains(answer));
    let line = line.replacen(answer, "then     = \"@hangup\"", 1);
    let scenario = "format = 1\nmenu = \"tiny.toml\"\nforecast = \"tiny-forecast.csv\"\n\
        [run]\nruns = 10\n[staff]\nsupport = 4\n[callers]\ntalk = \"1m\"\n\
        [wants.hours]\nshare = 1.0\nanswered_by = \"hours\"\nsatisfied = 0.2\nelse = \"support\"\n";
    let files = [
        ("tiny.toml", line.as_str()),
        ("tiny.groups.toml", include_str!("tiny/tiny.groups.toml")),
        ("tiny-forecast.csv", include_str!("tiny/tiny-forecast.csv")),
        ("a.scenario.toml", scenario),
    ];
    let directory = Temporary::new(&std::env::temp_dir());
    for (name, text) in files {
        std::fs::write(directory.path().join(name), text).expect("a file");
    }
    let path = directory.path().join("a.scenario.toml");
    let path = path.to_str().expect("a path");
    let output = strowger(&["simulate", path]).output().expect("it runs");
    let warned = String::from_utf8(output.stderr).expect("text");
    assert!(warned.contains("warning[else-out-of-reach]"), "{warned}");
    let text = String::from_utf8(output.stdout).expect("text");
    let told = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for wanted in [
        "got what they called for, as far as the line can tell, and",
        "calls for self-served, as most of an answer was heard; a recording satisfied",
        "self-served as the line sees it",
    ] {
        assert!(told.contains(wanted), "{wanted}:\n{text}");
    }
    assert!(!told.contains("satisfied by a recorded answer"), "{text}");
    // Where both agree, as in the shop, nothing more is said.
    assert!(!simulate("human").contains("self-served as the line sees it"));
}

/// Whoever presses keys by shares may be content with an answer, but not with being greeted.
#[test]
fn a_greeting_is_enough_for_nobody() {
    let line = shop("1 = { go = \"desk\", label = \"a person\" }\n2 = { go = \"when\", label = \"our hours\" }\n")
        .replace("start = \"main\"", "start = \"hello\"")
        + "[say.hello]\nsay = \"Welcome.\"\nthen = \"main\"\n\
           [answer.when]\nquestion = \"When?\"\nsay = \"From nine to five.\"\nthen = \"main\"\n\
           [queue.desk]\ngroup = \"support\"\nfull = \"@hangup\"\nno_agents = \"@hangup\"\n";
    let attempts = |keys: &str| {
        let scenario = format!(
            "menu = \"shop.toml\"\nstaff = {{ support = 9 }}\nkeys.main = {{ {keys} }}\n\
             demand = {{ shop = {{ calls_per_hour = 30.0 }} }}\n\
             run = {{ length = \"50h\", warm_up = \"1h\" }}\n\
             callers = {{ talk = \"1m\", satisfied = 1.0, confirms = 0.0, slips = 0.0, silent = 0.0 }}\n"
        );
        let files = [
            ("shop.toml", line.as_str()),
            ("groups.toml", "format = 1\n[group.support]\n"),
            ("day.scenario.toml", &scenario),
        ];
        let run = replicate(&cases(&files).base, 1, 0..1, &|| ()).remove(0);
        run.total.calls
    };
    let calls = attempts("1 = 1.0");
    assert!(calls.attempts > 1000);
    assert!(calls.left_in_menu * 100 < calls.attempts, "{calls:?}");
    let calls = attempts("2 = 1.0");
    assert!(
        calls.self_served_probable * 100 > calls.attempts * 99,
        "{calls:?}"
    );
}
