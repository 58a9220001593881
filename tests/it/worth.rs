//! The shop line with callers who behave as in its scenario: which answer saves most, and which fails.

use crate::cli::strowger;
use serde_json::Value;

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
