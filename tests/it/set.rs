//! What-ifs and sweeps that set how other systems and surveys are answered, what is to be reached, and what it costs.

use crate::cli::strowger;
use crate::temporary::Temporary;
use crate::written::cases;
use crate::written::said;
use crate::written::try_cases;
use serde_json::Value;
use serde_json::json;
use std::fs;
use strowger::exchange::dialplan::LookupResult;
use strowger::sim::model::Model;
use strowger::sim::scenario::Oracle;

const LINE: &str = r#"
format = 1
[line]
name = "Shop"
groups = "groups.toml"
timezone = "Etc/UTC"
languages = ["en"]
start = "status"
[lookup.status]
url = "https://shop.example/{caller}"
timeout = "2s"
save = { state = "/status" }
branch = "state"
[lookup.status.case]
shipped = "shipped"
any = "support"
[lookup.status.error]
any = "support"
[answer.shipped]
question = "Where is my order?"
say = "It is on its way."
then = "@hangup"
[queue.support]
group = "support"
full = "@hangup"
no_agents = "@hangup"
after = "csat"
[survey.csat]
then = "@hangup"
[[survey.csat.ask]]
id = "solved"
say = "Is it solved? Press 1 for yes or 2 for no."
keys = "12"
"#;
const GROUPS: &str = "format = 1\n[group.support]\n";
const DAY: &str = r#"
menu = "shop.toml"
staff = { support = 4 }
run = { length = "2h", runs = 4 }
demand = { shop = { calls_per_hour = 100.0 } }
[wants.order]
share = 1.0
answered_by = "status"
satisfied = 0.9
else = "support"
[callers]
talk = "1m"
[lookup.status]
latency = "200ms"
case = { shipped = 0.6, any = 0.2 }
error = { any = 0.2 }
[survey.csat]
answers = 0.5
solved = { 1 = 0.8, 2 = 0.2 }
[goals]
"queue.support".service_level = ">= 80% in 20s"
"group.support".occupancy = "<= 90%"
[costs]
agent_hour = 30.0
currency = "EUR"
"#;

/// A what-if that sets this.
fn set(name: &str, settings: &str) -> String {
    format!("[[what_if]]\nname = \"{name}\"\nset = {{ {settings} }}\n")
}

/// The day with these what-ifs, and another version of the line, whose queue has another name.
fn files(more: &str) -> [(&'static str, String); 4] {
    let next = LINE.replace("groups.toml", "../groups.toml");
    let next = next
        .replace("queue.support", "queue.people")
        .replace("any = \"support\"", "any = \"people\"");
    [
        ("shop.toml", LINE.to_owned()),
        ("next/shop.toml", next),
        ("groups.toml", GROUPS.to_owned()),
        ("day.scenario.toml", format!("{DAY}{more}")),
    ]
}

fn borrowed<'f>(files: &'f [(&'static str, String); 4]) -> Vec<(&'static str, &'f str)> {
    files.iter().map(|(name, text)| (*name, &**text)).collect()
}

/// The one what-if that sets this.
fn one(settings: &str) -> Model {
    let files = files(&set("other", settings));
    let mut cases = cases(&borrowed(&files));
    cases.what_ifs.remove(0).1
}

/// What is said of a what-if that sets this.
fn told(settings: &str) -> String {
    said(&borrowed(&files(&set("other", settings))))
}

fn oracle(model: &Model) -> &Oracle {
    &model.scenario().oracles[0]
}

/// The shares of what comes of the look-up: shipped, any other case, errors.
fn shares(settings: &str) -> Vec<f64> {
    let model = one(settings);
    let results = oracle(&model).results.iter();
    results
        .map(|(_, share)| (share * 1e6).round() / 1e6)
        .collect()
}

#[test]
fn a_what_if_sets_how_other_systems_answer() {
    let slow = one(r#""lookup.status.latency" = "8s""#);
    assert_eq!(oracle(&slow).latency.mean_s(), 8.0);
    assert_eq!(shares(r#""lookup.status.latency" = "8s""#), [0.6, 0.2, 0.2]);
    assert_eq!(
        shares(r#""lookup.status.error.any" = 0.6"#),
        [0.3, 0.1, 0.6],
        "the others share what is left"
    );
    let set_two = r#""lookup.status.error.any" = 0.1, "lookup.status.case.shipped" = 0.5"#;
    assert_eq!(shares(set_two), [0.5, 0.4, 0.1]);
    let whole = r#""lookup.status" = { case = { shipped = 0.7, any = 0.3 } }"#;
    assert_eq!(shares(whole), [0.7, 0.3]);
    assert_eq!(shares("lookup = {}"), [1.0], "as if it said nothing");
    let errors = r#"lookup = { status = { error = { any = 0.2 } } }"#;
    assert_eq!(shares(errors), [0.8, 0.2], "the rest is answered");
}

#[test]
fn a_what_if_sets_how_surveys_are_answered() {
    let opinion = |settings: &str| {
        let model = one(settings);
        let opinion = model.scenario().opinions[0].clone();
        (opinion.answers, opinion.shares)
    };
    let (answers, shares) = opinion(r#""survey.csat.answers" = 0.9"#);
    assert_eq!((answers, shares), (0.9, vec![vec![(1, 0.8), (2, 0.2)]]));
    let (answers, shares) = opinion(r#""survey.csat.solved.1" = 0.25"#);
    assert_eq!((answers, shares), (0.5, vec![vec![(1, 0.25), (2, 0.75)]]));
}

#[test]
fn a_ladder_is_taken_away_and_what_is_wrong_with_its_rungs_is_told_where_it_is_set() {
    let is_there = |settings: &str| one(settings).plan.queues[0].overload.is_some();
    assert!(is_there(
        "\"queue.support.overload\" = { no_queue = \"5m\" }"
    ));
    assert!(!is_there("\"queue.support.overload\" = {}"));
    let rungs = "\"queue.support.overload\" = { no_queue = \"1m\", offer_callback = \"2m\" }";
    let why = told(rungs);
    assert!(
        why.contains("from 2m on, before the queue closes, from 1m on"),
        "{why}"
    );
    assert!(why.contains("day.scenario.toml:"), "{why}");
}

#[test]
fn what_the_line_says_of_look_ups_and_surveys_stays_the_lines() {
    let has = |settings: &str, text: &str| {
        let plan = format!("{:?}", one(settings).plan.steps);
        assert!(plan.contains(text), "{settings}: {plan}");
    };
    has(r#""lookup.status.timeout" = "3s""#, "Span(3000)");
    has(r#""survey.csat.first_key" = "9s""#, "Span(9000)");
    let led = one(r#""lookup.status.error.any" = "shipped""#);
    let base = one(r#""lookup.status.latency" = "8s""#);
    assert_ne!(led.plan.steps, base.plan.steps);
    assert_eq!(oracle(&led).results.len(), oracle(&base).results.len());
    let both = r#""lookup.status.timeout" = "9s", "lookup.status.latency" = "8s""#;
    has(both, "Span(9000)");
    assert_eq!(oracle(&one(both)).latency.mean_s(), 8.0);
}

#[test]
fn wrong_keys_and_values_are_told_where_they_stand() {
    let line = format!("{DAY}{}", set("other", "X"));
    let line = line.lines().count();
    for (settings, what, help) in [
        (
            r#""lookup.status.latncy" = "8s""#,
            "[lookup.status] has no field `latncy`",
            "did you mean \"latency\"?",
        ),
        (
            r#""lookup.staus.latency" = "8s""#,
            "no look-up is called \"staus\"",
            "did you mean \"status\"?",
        ),
        (
            r#""lookup.status.case.shiped" = 0.1"#,
            "the look-up has no case \"shiped\"",
            "did you mean \"shipped\"?",
        ),
        (
            r#""lookup.status.case" = { shipped = 0.7, any = 0.7 }"#,
            "the shares of cases and errors add up to 1.4, not to 1",
            "make them add up to 1",
        ),
        (
            r#""lookup.status.error.any" = "20%""#,
            "`any` has to be a number from 0 to 1",
            "write it without quotes: 0.2",
        ),
        (
            r#""survey.csat.solvd.1" = 0.1"#,
            "[survey.csat] has no field `solvd`",
            "did you mean \"solved\"?",
        ),
        (
            r#""goals.queue.suport.asa" = "<= 20s""#,
            "no queue is called \"suport\"",
            "did you mean \"support\"?",
        ),
        (
            r#""goals.queue.support.asa" = "20s""#,
            "this is not a goal for `asa`",
            "write \"<= 20s\"",
        ),
        (
            r#""costs.agent_huor" = 20"#,
            "[costs] has no field `agent_huor`",
            "did you mean \"agent_hour\"?",
        ),
        (
            r#""goal.queue.support.asa" = "<= 20s""#,
            "\"goal.queue.support.asa\" cannot be set by a what-if",
            "did you mean \"goals.queue.support.asa\"?",
        ),
        (
            r#""calers.balks" = 0.1"#,
            "\"calers.balks\" cannot be set by a what-if",
            "did you mean \"callers.balks\"?",
        ),
        (
            r#""quue.support.max_wait" = "5m""#,
            "\"quue.support.max_wait\" cannot be set by a what-if",
            "did you mean \"queue.support.max_wait\"?",
        ),
    ] {
        let said = told(settings);
        let place = format!("--> day.scenario.toml:{line}:");
        for part in [what, help, &place] {
            assert!(said.contains(part), "{settings}: {part}: {said}");
        }
        assert!(try_cases(&borrowed(&files(&set("other", settings)))).is_err());
    }
}

#[test]
fn goals_of_a_queue_that_the_menus_of_a_what_if_lack_are_void_there() {
    let next = r#"menu = "next/shop.toml", "wants.order.else" = "people""#;
    let model = one(next);
    assert_eq!(model.scenario().void_goals, ["queue.support"]);
    assert_eq!(model.scenario().goals.len(), 1, "that of the group is left");
    let remark = "note[void-goal]: the goals of \"queue.support\" are void in \"other\"";
    assert!(told(next).contains(remark), "{}", told(next));

    let goals = "\"group.support\" = { occupancy = \"<= 80%\" }";
    let own = format!("{next}, goals = {{ \"queue.people\" = {{ asa = \"<= 9s\" }}, {goals} }}");
    assert!(one(&own).scenario().void_goals.is_empty());
    assert_eq!(one(&own).scenario().goals.len(), 2);
    assert!(!told(&own).contains("void-goal"), "{}", told(&own));

    let wrong = told(&format!("{next}, \"goals.queue.peeple.asa\" = \"<= 9s\""));
    assert!(
        wrong.contains("error[unknown-queue]: no queue is called \"peeple\""),
        "{wrong}"
    );
    let wrong = told(&format!("{next}, \"goals.queue.support.asa\" = \"<= 9s\""));
    assert!(
        wrong.contains("error[unknown-queue]: no queue is called \"support\""),
        "{wrong}"
    );
}

/// The day in files.
struct Files(Temporary);

impl Files {
    fn new(more: &str) -> Self {
        let directory = Temporary::new(&std::env::temp_dir());
        fs::create_dir(directory.path().join("next")).expect("a folder");
        for (name, text) in files(more) {
            fs::write(directory.path().join(name), text).expect("a file");
        }
        Self(directory)
    }

    /// What a command says and how it ends.
    fn run(&self, args: &[&str]) -> (Option<i32>, String) {
        let output = strowger(args).current_dir(self.0.path()).output();
        let output = output.expect("the program runs");
        let text = String::from_utf8(output.stdout).expect("text");
        let said = String::from_utf8(output.stderr).expect("text");
        assert!(!said.contains("error"), "{args:?}: {said}");
        (output.status.code(), text)
    }

    fn json(&self, args: &[&str]) -> Value {
        let (_, text) = self.run(&[args, &["--format", "json"]].concat());
        serde_json::from_str(&text).expect("JSON")
    }
}

const SIMULATE: [&str; 2] = ["simulate", "day.scenario.toml"];

fn what_ifs() -> String {
    [
        set("slow", r#""lookup.status.latency" = "8s""#),
        set("fails", r#""lookup.status.error.any" = 0.9"#),
        set("dear", r#""costs.agent_hour" = 45"#),
        set(
            "dollars",
            r#"costs = { agent_hour = 60, currency = "USD" }"#,
        ),
        set(
            "lower",
            r#""goals.queue.support.service_level" = ">= 1% in 30s""#,
        ),
        set("none", "goals = {}"),
        set(
            "next",
            r#"menu = "next/shop.toml", "wants.order.else" = "people""#,
        ),
    ]
    .concat()
}

#[test]
fn every_case_is_judged_by_its_own_goals_and_priced_by_its_own_costs() {
    let report = Files::new(&what_ifs()).json(&SIMULATE);
    let case = |name: &str| {
        let all = report["what_ifs"].as_array().expect("cases");
        let found = all.iter().find(|case| case["name"] == name);
        found.expect("the case").clone()
    };
    let wanted = |case: &Value| -> Vec<String> {
        let goals = case["goals"].as_array().expect("goals").iter();
        goals
            .map(|goal| format!("{} {}", goal["subject"], goal["wanted"]).replace('"', ""))
            .collect()
    };
    let usual = ["queue.support >= 80% in 20s", "group.support <= 90%"];
    assert_eq!(wanted(&report), usual);
    assert_eq!(wanted(&case("slow")), usual);
    assert_eq!(
        wanted(&case("lower")),
        ["queue.support >= 1% in 30s", "group.support <= 90%"]
    );
    assert_eq!(case("lower")["goals"][0]["met"], true);
    assert!(wanted(&case("none")).is_empty());
    assert_eq!(wanted(&case("next")), ["group.support <= 90%"]);
    let void = "The goals of queue.support are void in \"next\": its menu files have nothing of this name.";
    assert!(
        report["notes"]
            .as_array()
            .expect("notes")
            .contains(&json!(void)),
        "{}",
        report["notes"]
    );

    let saved = |case: &Value| case["answers"][0]["saved_money"]["mean"].as_f64();
    let base = saved(&report).expect("a sum");
    assert!(base > 0.0);
    let near = |name: &str, factor: f64| {
        let money = saved(&case(name)).expect("a sum");
        assert!(
            (money / base - factor).abs() < 1e-6,
            "{name}: {money} {base}"
        );
    };
    near("dear", 1.5);
    near("dollars", 2.0);
    assert_eq!(case("dollars")["costs"]["currency"], "USD");
    assert_eq!(case("dear")["costs"]["currency"], "EUR");
    assert_eq!(report["costs"]["agent_hour"], 30.0);
    let failed = |case: &Value| case["lookups"][0]["lookup_found_share"]["mean"].as_f64();
    assert!(failed(&report) > Some(0.7) && failed(&case("fails")) < Some(0.2));
    assert_eq!(failed(&case("slow")), Some(0.0), "later than its time-out");
}

#[test]
fn service_levels_of_other_times_are_not_compared() {
    let report = Files::new(&what_ifs()).json(&SIMULATE);
    let all = report["what_ifs"].as_array().expect("cases");
    for case in all {
        let differences = case["differences"].as_object().expect("differences");
        let is_other = case["name"] == "lower";
        assert_eq!(differences.contains_key("service_level"), !is_other);
        assert!(differences.contains_key("asa_s"));
    }
    let note = "Service levels of \"lower\" are of other times to answer than those of the base case: their \
                differences are left out.";
    assert!(
        report["notes"]
            .as_array()
            .expect("notes")
            .contains(&json!(note)),
        "{}",
        report["notes"]
    );
}

#[test]
fn the_page_shows_goals_and_costs_side_by_side() {
    let (_, page) = Files::new(&what_ifs()).run(&SIMULATE);
    let line = |begin: &str| {
        let found = page
            .lines()
            .filter(|line| line.trim_start().starts_with(begin));
        found.map(str::trim_end).collect::<Vec<_>>()
    };
    assert!(page.contains("WHAT ANSWERS SAVE"), "{page}");
    assert!(
        line("an hour of an agent")[0].contains("30.00 EUR"),
        "{page}"
    );
    assert!(page.contains("60.00 USD"), "{page}");
    let lower = line("support: service level >= 1% in 30s");
    assert_eq!(lower.len(), 1, "beside the case that has it alone: {page}");
    assert!(
        !page.contains("service level within"),
        "times differ: {page}"
    );

    let (_, page) = Files::new(&set("slow", r#""lookup.status.latency" = "8s""#)).run(&SIMULATE);
    assert!(!page.contains("WHAT ANSWERS SAVE"), "{page}");
    assert!(page.contains("service level within 20s"), "{page}");
}

#[test]
fn parts_of_such_a_study_come_to_the_same_report() {
    let files = Files::new(&what_ifs());
    for format in ["human", "json"] {
        let (exit, whole) = files.run(&[&SIMULATE[..], &["--format", format]].concat());
        for part in ["1/2", "2/2"] {
            let (_, text) = files.run(&[&SIMULATE[..], &["--shard", part]].concat());
            fs::write(files.0.path().join(part.replace('/', "-")), text).expect("a part");
        }
        let merged = files.run(&["merge", "2-2", "1-2", "--format", format]);
        assert_eq!(merged, (exit, whole));
    }
}

#[test]
fn sweeps_set_them_too_in_two_dimensions() {
    let files = Files::new("");
    let sweep = [
        "sweep",
        "day.scenario.toml",
        "--set",
        "lookup.status.error.any=0.0..0.8/3",
        "--set",
        "costs.agent_hour=20..40/2",
    ];
    let found = files.json(&sweep);
    let points = found["points"].as_array().expect("points");
    assert_eq!(points.len(), 6);
    let of = |place: usize| {
        let point = &points[place];
        let found = point["lookups"][0]["lookup_found_share"]["mean"].as_f64();
        let money = point["answers"][0]["saved_money"]["mean"].as_f64();
        (found.expect("a share"), money.expect("a sum"))
    };
    assert_eq!(of(0).0, 1.0);
    assert!(of(0).0 > of(2).0 && of(2).0 > of(4).0);
    assert!((of(1).1 / of(0).1 - 2.0).abs() < 1e-6, "twice the costs");
    let (_, page) = files.run(&sweep);
    let heading = "WHAT ANSWERS SAVE   EUR in an average run";
    assert!(page.contains(heading), "{page}");
    let (_, page) = files.run(&[&sweep[..2], &sweep[4..]].concat());
    assert!(page.contains("WHAT ANSWERS SAVE"), "{page}");
    let (_, table) = files.run(&[&sweep[..], &["--format", "csv"]].concat());
    let head = table.lines().next().expect("a head");
    assert!(head.ends_with(",saved_s,saved_money"), "{head}");
}

#[test]
fn a_sweep_that_sets_goals_says_which_are_met() {
    let files = Files::new("");
    let goals = "goals.queue.support.service_level=\">= 1% in 9s, 1% of intervals\",>= 100% in 1s";
    let sweep = ["sweep", "day.scenario.toml", "--set", goals];
    let found = files.json(&sweep);
    let of = |place: usize| &found["points"][place]["goals"][0];
    assert_eq!(of(0)["wanted"], ">= 1% in 9s, 1% of intervals");
    assert_eq!(
        (&of(0)["met"], &of(1)["met"]),
        (&json!(true), &json!(false))
    );
    let (exit, page) = files.run(&sweep);
    assert_eq!(exit, Some(0));
    assert!(
        page.contains("GOALS   the figure of each, and whether it is met"),
        "{page}"
    );
    let (_, table) = files.run(&[&sweep[..], &["--format", "csv"]].concat());
    let rows: Vec<&str> = table.lines().collect();
    assert!(
        rows[0].contains(",goal.queue.support.service_level_met,"),
        "{}",
        rows[0]
    );
    assert!(
        rows[1].contains(",true,") && rows[2].contains(",false,"),
        "{table}"
    );

    let load = ["--load", "1,2"];
    let (_, page) = files.run(&[&sweep[..], &load].concat());
    assert!(page.contains("GOALS   met, of all"), "{page}");
    let (_, page) = files.run(&[&["sweep", "day.scenario.toml"][..], &load].concat());
    assert!(!page.contains("GOALS"), "{page}");
}

#[test]
fn a_look_up_that_fails_says_so_by_its_results() {
    let failed = |model: &Model| {
        let results = oracle(model).results.iter();
        let failed = results.filter(|(result, _)| !matches!(result, LookupResult::Found(_)));
        failed.map(|(_, share)| share).sum::<f64>()
    };
    assert!(
        (failed(&one(
            r#""lookup.status.error" = { any = 0.5, timeout = 0.25 }"#
        )) - 0.75)
            .abs()
            < 1e-9
    );
}
