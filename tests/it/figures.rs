//! The figures that `docs/SCENARIOS.md` lists for `--until` are those of a report.

use crate::cli::run;
use serde_json::Value;
use std::collections::BTreeSet;

/// The figures of a row of the page, by what stands before them.
fn listed(before: &str) -> BTreeSet<String> {
    let page = include_str!("../../docs/SCENARIOS.md");
    let head = format!("| {before} | ");
    let row = page.lines().find_map(|line| line.strip_prefix(&head));
    let names = row.expect("a row").split('`').skip(1).step_by(2);
    names.map(str::to_owned).collect()
}

/// The figures of a part of a report: what has a mean.
fn figures(part: &Value) -> BTreeSet<String> {
    let fields = part.as_object().expect("an object").iter();
    let figures = fields.filter(|(_, value)| value.get("mean").is_some());
    figures.map(|(name, _)| name.clone()).collect()
}

fn first(parts: &Value) -> &Value {
    let parts = parts.as_object().expect("an object");
    parts.values().next().expect("one")
}

#[test]
fn the_figures_of_the_page_are_those_of_a_report() {
    let scenario = "tests/it/tiny/no-goals.scenario.toml";
    let (code, out, err) = run(&["simulate", scenario, "--format", "json"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let report: Value = serde_json::from_str(&out).expect("JSON");
    for (before, part) in [
        ("nothing", &report["total"]),
        ("`queue.NAME.`", first(&report["queues"])),
        ("`group.NAME.`", first(&report["groups"])),
        ("`fairness.`", &report["fairness"]),
    ] {
        assert_eq!(listed(before), figures(part), "{before}");
    }
}
