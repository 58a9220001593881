//! Scenarios of several lines, which share people and nothing else.

use crate::cli::strowger;
use crate::exact::erlang;
use crate::temporary::Temporary;
use crate::written::cases;
use crate::written::said;
use crate::written::try_cases;
use std::fs;
use std::path::Path;
use strowger::exchange::id::LineId;
use strowger::exchange::record::Record;
use strowger::exchange::time::Span;
use strowger::exchange::time::Tick;
use strowger::measure::RunFigures;
use strowger::measure::Summary;
use strowger::sim::model::Model;
use strowger::sim::replicate::replicate;
use strowger::sim::run;
use strowger::sim::study::Cases;
use strowger::sim::study::LEVEL;

const GROUPS: &str = "format = 1\n[group.agents]\nring = \"0s\"\nrest = \"0s\"\n";

/// A line that begins in a queue, and has so many trunks.
fn plain(trunks: &str) -> String {
    format!(
        "format = 1\n[line]\nname = \"Line\"\ngroups = \"groups.toml\"\ntimezone = \"Etc/UTC\"\n\
         languages = [\"en\"]\nstart = \"support\"\n{trunks}\n[queue.support]\ngroup = \"agents\"\n\
         max_wait = \"24h\"\ntimeout = \"@hangup\"\nfull = \"@hangup\"\nno_agents = \"@hangup\"\n"
    )
}

/// A line with a menu, an answer that only it has, and two queues of which others have one.
fn menu(own: &str) -> String {
    format!(
        "format = 1\n[line]\nname = \"{own}\"\ngroups = \"groups.toml\"\ntimezone = \"Etc/UTC\"\n\
         languages = [\"en\"]\nstart = \"main\"\n[menu.main]\nsay = \"{{options}}\"\n\
         give_up = \"support\"\n[menu.main.keys]\n1 = {{ go = \"hours-{own}\", label = \"hours\" }}\n\
         2 = {{ go = \"{own}-desk\", label = \"the desk\" }}\n0 = {{ go = \"support\", label = \"a person\" }}\n\
         [answer.hours-{own}]\nquestion = \"When?\"\nsay = \"From nine to five, on every day.\"\n\
         then = \"main\"\n{}{}",
        queue("support"),
        queue(&format!("{own}-desk"))
    )
}

fn queue(name: &str) -> String {
    format!(
        "[queue.{name}]\ngroup = \"agents\"\nmax_wait = \"10m\"\ntimeout = \"@hangup\"\n\
         full = \"@hangup\"\nno_agents = \"@hangup\"\n"
    )
}

fn files<'f>(lines: &'f [(&str, String)], scenario: &'f str) -> Vec<(&'f str, &'f str)> {
    let lines = lines.iter().map(|(name, text)| (*name, text.as_str()));
    let others = [("groups.toml", GROUPS), ("day.scenario.toml", scenario)];
    others.into_iter().chain(lines).collect()
}

fn shop_and_bank() -> [(&'static str, String); 2] {
    [("shop.toml", menu("shop")), ("bank.toml", menu("bank"))]
}

/// What both want, and how many call.
const SITE: &str = r#"
menu = ["shop.toml", "bank.toml"]
[demand]
shop = { calls_per_hour = 60.0 }
bank = { calls_per_hour = 40.0 }
[run]
length = "8h"
runs = 4
[staff]
agents = 6
[callers]
talk = { distribution = "exponential", mean = "180s" }
slips = 0.0
silent = 0.0
[wants.hours]
share = 0.4
answered_by = "hours-shop"
satisfied = 0.5
else = "shop/support"
[wants.desk]
share = 0.6
needs = "shop-desk"
[wants.account]
share = 1.0
needs = "bank/support"
"#;

fn site(more: &str) -> Cases {
    let scenario = format!("{SITE}{more}");
    cases(&files(&shop_and_bank(), &scenario))
}

fn summary(model: &Model) -> Summary {
    model.summary(&replicate(model, 3, 0..4, &|| ()), LEVEL)
}

/// Mean and standard error of what each run gives.
fn mean(runs: &[RunFigures], of: impl Fn(&RunFigures) -> f64) -> (f64, f64) {
    let values: Vec<f64> = runs.iter().map(of).collect();
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values
        .iter()
        .map(|value| (value - mean) * (value - mean))
        .sum();
    (mean, (squares / (n - 1.0) / n).sqrt())
}

#[track_caller]
fn is_exact((mean, error): (f64, f64), exact: f64) {
    assert!(
        (mean - exact).abs() < 2.576 * error,
        "{mean} ± {error}: {exact}"
    );
}

const PLAIN: &str = r#"
menu = ["a.toml", "b.toml"]
[demand]
a = { calls_per_hour = 80.0 }
b = { calls_per_hour = 40.0 }
[run]
length = "42h"
warm_up = "2h"
[callers]
talk = { distribution = "exponential", mean = "180s" }
patience = "24h"
"#;

#[test]
fn each_line_loses_the_calls_that_its_own_trunks_cannot_take() {
    let lines = [
        ("a.toml", plain("trunks = 5")),
        ("b.toml", plain("trunks = 2")),
    ];
    let scenario = format!("{PLAIN}[staff]\nagents = 7\n");
    let model = cases(&files(&lines, &scenario)).base;
    let runs = replicate(&model, 1, 0..20, &|| ());
    for (line, load, trunks) in [(0, 4.0, 5), (1, 2.0, 2)] {
        let blocked = |run: &RunFigures| {
            let line = run.lines[line].total;
            line.blocked as f64 / line.attempts as f64
        };
        is_exact(mean(&runs, blocked), erlang::erlang_b(load, trunks));
    }
    for run in &runs {
        let sum = |of: fn(&strowger::measure::lines::LineTally) -> u64| -> u64 {
            run.lines.iter().map(|line| of(&line.total)).sum()
        };
        let calls = &run.total.calls;
        assert_eq!(sum(|line| line.attempts), calls.attempts);
        assert_eq!(sum(|line| line.blocked), calls.blocked);
        assert_eq!(sum(|line| line.answered), calls.answered);
        let of_queues = run.queues.iter().map(|queue| queue.total.tally.answered);
        assert_eq!(of_queues.sum::<u64>(), run.groups[0].answered);
    }
    let rows = model.summary(&runs, LEVEL).lines;
    let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["a", "b"]);
}

#[test]
fn callers_of_all_lines_wait_for_the_same_people() {
    let lines = [("a.toml", plain("")), ("b.toml", plain(""))];
    let scenario = format!("{PLAIN}[staff]\nagents = 8\n");
    let model = cases(&files(&lines, &scenario)).base;
    let runs = replicate(&model, 1, 0..20, &|| ());
    let exact = erlang::erlang_c(6.0, 8, 180.0, 20.0).expect("less than they can do");
    let asa = |run: &RunFigures| {
        let queues = run.queues.iter().map(|queue| queue.total.tally);
        let wait: u64 = queues.clone().map(|at| at.wait_answered_ms).sum();
        wait as f64 / 1000.0 / queues.map(|at| at.answered).sum::<u64>() as f64
    };
    is_exact(mean(&runs, asa), exact.asa_s);
    for queue in 0..2 {
        let own = |run: &RunFigures| {
            let tally = run.queues[queue].total.tally;
            tally.wait_answered_ms as f64 / 1000.0 / tally.answered as f64
        };
        is_exact(mean(&runs, own), exact.asa_s);
    }
}

/// When calls to a line came, and when callers of it came to a queue.
fn came(model: &Model, line: &str) -> Vec<Tick> {
    let line = model.plan.line_named(line).expect("a line");
    let mut ticks = Vec::new();
    let mut note = |now: Tick, record: &Record| match *record {
        Record::Arrived { line: called, .. } if called == line => ticks.push(now),
        Record::Queued { queue, .. } => {
            let step = model.plan.queue(queue).step;
            if model.plan.step(step).line == line {
                ticks.push(now);
            }
        }
        _ => {}
    };
    run(model, 5, 0, &mut note);
    ticks
}

#[test]
fn other_lines_change_nothing_for_the_callers_of_one() {
    let lines = [
        ("shop.toml", menu("shop")),
        ("bank.toml", menu("bank")),
        ("post.toml", menu("post")),
    ];
    let rest = "[run]\nlength = \"5h\"\n[staff]\nagents = 200\n[callers]\ntalk = \"100s\"\n";
    let model = |menus: &[&str]| {
        let names: Vec<String> = menus
            .iter()
            .map(|name| format!("\"{name}.toml\""))
            .collect();
        let demand: String = menus
            .iter()
            .map(|name| format!("demand.{name}.calls_per_hour = 60.0\n"))
            .collect();
        let keys: String = menus
            .iter()
            .map(|name| format!("[keys.\"{name}/main\"]\n1 = 0.3\n0 = 0.7\n"))
            .collect();
        let scenario = format!("menu = [{}]\n{demand}{rest}{keys}", names.join(", "));
        cases(&files(&lines, &scenario)).base
    };
    let alone = came(&model(&["shop"]), "shop");
    assert!(alone.len() > 400);
    let three = model(&["shop", "bank", "post"]);
    assert_eq!(came(&three, "shop"), alone);
    let turned = model(&["shop", "post", "bank"]);
    for line in ["shop", "bank", "post"] {
        assert_eq!(came(&turned, line), came(&three, line), "{line}");
    }
    assert_ne!(came(&three, "bank"), alone);
    assert_ne!(came(&three, "bank"), came(&three, "post"));
}

#[test]
fn wants_are_those_of_the_callers_of_their_line() {
    let model = site("").base;
    let runs = replicate(&model, 3, 0..10, &|| ());
    let share = |want: usize, line: usize| {
        move |run: &RunFigures| {
            let wanted = run.worth.wants[want].calls as f64;
            wanted / run.lines[line].total.attempts as f64
        }
    };
    // Those who are still in the menus when a run ends have not told.
    for (want, line, exact) in [(0, 0, 0.4), (1, 0, 0.6)] {
        let (mean, error) = mean(&runs, share(want, line));
        assert!(
            (mean - exact).abs() < 2.576 * error + 0.01,
            "{want}: {mean}"
        );
    }
    let (accounts, _) = mean(&runs, share(2, 1));
    assert!(accounts > 0.95 && accounts <= 1.0, "{accounts}");
}

#[test]
fn names_that_lines_share_are_told_apart_by_the_line() {
    let cases = site(
        "[goals]\n\"queue.bank/support\".asa = \"<= 20s\"\n\"queue.bank/bank-desk\".asa = \"<= 20s\"\n\
         [transfers.\"bank/support\"]\nshare = 0.5\nto = \"bank-desk\"\n\
         [[what_if]]\nname = \"few lines\"\nset = { \"bank/line.trunks\" = 1 }\n\
         [[what_if]]\nname = \"nobody waits\"\nset = { \"queue.bank/support.max_wait\" = \"1s\" }\n\
         [[what_if]]\nname = \"all satisfied\"\nset = { \"wants.hours.satisfied\" = 1.0 }\n",
    );
    let base = summary(&cases.base);
    let names: Vec<&str> = base.queues.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(
        names,
        ["shop/support", "shop-desk", "bank/support", "bank-desk"]
    );
    let entered = |summary: &Summary, name: &str| {
        let queue = summary.queue(name).expect("a queue");
        queue.total.mean("entered").unwrap_or(0.0)
    };
    let handed_on = entered(&base, "bank-desk") / entered(&base, "bank/support");
    assert!((0.4..0.6).contains(&handed_on), "{handed_on}");
    let blocked = |summary: &Summary| -> Vec<f64> {
        let lines = summary.lines.iter();
        lines
            .map(|line| line.total.mean("blocked").unwrap_or(0.0))
            .collect()
    };
    assert_eq!(blocked(&base), [0.0, 0.0]);
    let few = summary(&cases.what_ifs[0].1);
    assert!(
        blocked(&few)[0] == 0.0 && blocked(&few)[1] > 100.0,
        "{few:?}"
    );
    let all = summary(&cases.what_ifs[2].1);
    assert!(entered(&all, "shop/support") < 0.2 * entered(&base, "shop/support"));
    assert_eq!(entered(&all, "shop-desk"), entered(&base, "shop-desk"));
    let plan = &cases.what_ifs[1].1.plan;
    let waits: Vec<_> = plan.queues.iter().map(|queue| queue.max_wait).collect();
    let ten = Some(Span::minutes(10));
    assert_eq!(waits, [ten, ten, Some(Span::seconds(1)), ten]);
}

/// What is said where these words stand in the place of others.
fn said_of(words: &str, others: &str) -> String {
    assert!(SITE.contains(words), "{words}");
    let scenario = SITE.replace(words, others);
    said(&files(&shop_and_bank(), &scenario))
}

#[test]
fn what_cannot_be_told_apart_is_said() {
    let needs = "needs = \"bank/support\"";
    let with = |more: &str| said_of(needs, &format!("{needs}\n{more}"));
    for (said, expected) in [
        (
            said_of(needs, "needs = \"support\""),
            "error[ambiguous-name]: several lines have \"support\": shop, bank",
        ),
        (
            said_of(needs, "needs = \"support\""),
            "help: write it with its line: \"shop/support\" or \"bank/support\"",
        ),
        (
            with("[goals]\n\"queue.support\".asa = \"<= 20s\""),
            "error[ambiguous-name]: several lines have \"support\"",
        ),
        (
            with("[transfers.\"bank/support\"]\nshare = 0.1\nto = \"shop/support\""),
            "error[unknown-queue]: the line of \"bank/support\" has no queue \"shop/support\"",
        ),
        (
            with("[[what_if]]\nname = \"x\"\nset = { \"line.trunks\" = 3 }"),
            "help: write it with its line: \"shop/line.trunks\" or \"bank/line.trunks\"",
        ),
        (
            with("[[what_if]]\nname = \"x\"\nset = { \"queue.support.max_wait\" = \"3m\" }"),
            "\"queue.shop/support.max_wait\" or \"queue.bank/support.max_wait\"",
        ),
        (
            with(
                "[[what_if]]\nname = \"x\"\nset = { \"queue.bank-desk.max_wait\" = \"3m\", \
                 \"queue.bank/bank-desk.max_wait\" = \"4m\" }",
            ),
            "error[duplicate-key]: \"queue.bank-desk.max_wait\" and \
             \"queue.bank/bank-desk.max_wait\" are the same",
        ),
        (
            with("[[what_if]]\nname = \"x\"\nset = { \"queue.post/support.max_wait\" = \"3m\" }"),
            "error[unknown-path]: there is nothing to set",
        ),
        (
            with("[[what_if]]\nname = \"x\"\nset = { \"queue.bank/suport.max_wait\" = \"3m\" }"),
            "help: did you mean \"bank/support\"?",
        ),
        (
            with(
                "[transfers.bank-desk]\nshare = 0.1\nto = \"bank/support\"\n\
                  [transfers.\"bank/bank-desk\"]\nshare = 0.6\nto = \"bank/support\"",
            ),
            "error[duplicate-key]: \"bank-desk\" and \"bank/bank-desk\" are the same",
        ),
        (
            with(
                "[goals]\n\"queue.shop-desk\".asa = \"<= 20s\"\n\
                  \"queue.shop/shop-desk\".asa = \"<= 40s\"",
            ),
            "error[duplicate-key]: \"queue.shop-desk\" and \"queue.shop/shop-desk\" are the same",
        ),
        (
            said_of("else = \"shop/support\"", "else = \"bank/support\""),
            "\"bank/support\" is a step of another line than \"hours-shop\"",
        ),
        (
            said_of("share = 0.6", "share = 0.5"),
            "the shares of the wants of the line \"shop\" add up to 0.9, not to 1",
        ),
        (
            said_of(needs, "needs = \"shop-desk\""),
            "nobody who calls the line \"bank\" wants anything",
        ),
        (
            said_of("bank = { calls_per_hour = 40.0 }\n", ""),
            "warning[line-without-calls]: nobody calls the line \"bank\"",
        ),
        (
            said_of("\"bank.toml\"]", "\"bank.toml\", \"shop.toml\"]"),
            "error[duplicate-line]: two lines are called \"shop\"",
        ),
        (
            said_of("[\"shop.toml\", \"bank.toml\"]", "[]"),
            "error[bad-value]: `menu` names no file",
        ),
        (said_of("\"bank.toml\"]", "7]"), "error[wrong-type]"),
    ] {
        assert!(said.contains(expected), "{expected}:\n{said}");
    }
}

#[test]
fn callers_who_are_given_by_want_call_the_line_that_serves_them() {
    let plain = SITE
        .replace("share = 0.4\n", "")
        .replace("share = 0.6\n", "");
    let plain = plain.replace("share = 1.0\n", "").replace(
        "shop = { calls_per_hour = 60.0 }\nbank = { calls_per_hour = 40.0 }",
        "shop = { calls_per_hour = { hours = 20.0, desk = 40.0 } }\n\
         bank = { calls_per_hour = { account = 40.0 } }",
    );
    let model = cases(&files(&shop_and_bank(), &plain)).base;
    let summary = summary(&model);
    let wanted = |place: usize| {
        summary.worth.wants[place]
            .total
            .mean("wanted")
            .unwrap_or(0.0)
    };
    assert!(wanted(0) > 100.0 && wanted(1) > 250.0 && wanted(2) > 250.0);
    let wrong = plain.replace("{ account = 40.0 }", "{ account = 40.0, desk = 1.0 }");
    let said = try_cases(&files(&shop_and_bank(), &wrong)).expect_err("nobody serves them there");
    let expected =
        "what serves \"desk\" is a step of the line \"shop\", and its callers call \"bank\"";
    assert!(said.contains(expected), "{said}");
}

#[test]
fn forecasts_and_recorded_calls_are_by_line() {
    let rest = SITE.split_once("[staff]").expect("the rest").1;
    let forecast = "date,start,interval_min,line,calls\n2026-11-23,09:00,60,shop,30\n\
                    2026-11-23,09:00,60,bank,10\n";
    let scenario =
        format!("menu = [\"shop.toml\", \"bank.toml\"]\nforecast = \"calls.csv\"\n[staff]{rest}");
    let lines = shop_and_bank();
    let mut all = files(&lines, &scenario);
    all.push(("calls.csv", forecast));
    let model = cases(&all).base;
    let calls: Vec<_> = (model.scenario().demand.lines.iter())
        .map(|line| (line.line, line.calls.clone()))
        .collect();
    assert_eq!(calls, [(LineId(0), vec![30.0]), (LineId(1), vec![10.0])]);
    let intervals = &summary(&model).lines[1].intervals;
    assert!(intervals.len() == 1 && intervals[0].mean("attempts") > Some(2.0));

    let book = "time,line\n2026-11-23 09:01:00,shop\n2026-11-23 09:02:00,bank\n\
                2026-11-23 09:03:00,bank\n";
    let scenario = scenario.replace("forecast =", "arrivals =");
    let mut all = files(&lines, &scenario);
    all.push(("calls.csv", book));
    let runs = replicate(&cases(&all).base, 1, 0..1, &|| ());
    let attempts = runs[0].lines.iter().map(|line| line.total.attempts);
    assert_eq!(attempts.collect::<Vec<_>>(), [1, 2]);
}

/// What a command prints in a folder; a goal may be missed.
#[track_caller]
fn prints(folder: &Path, args: &[&str]) -> String {
    let mut command = strowger(args);
    let output = command.current_dir(folder).output();
    let output = output.expect("the program runs");
    let ended = output.status.code();
    assert!(matches!(ended, Some(0 | 4)), "{args:?}: {output:?}");
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn every_command_takes_a_scenario_of_several_lines() {
    let folder = Temporary::new(&std::env::temp_dir());
    for (name, text) in files(&shop_and_bank(), SITE) {
        fs::write(folder.path().join(name), text).expect("a file");
    }
    let day = "day.scenario.toml";
    let prints = |args: &[&str]| prints(folder.path(), args);
    let whole = prints(&["simulate", day]);
    assert!(
        whole.starts_with("shop, bank   day.scenario.toml\n"),
        "{whole}"
    );
    for part in ["1/2", "2/2"] {
        let text = prints(&["simulate", day, "--shard", part]);
        fs::write(folder.path().join(&part[..1]), text).expect("a part");
    }
    assert_eq!(prints(&["merge", "1", "2"]), whole);
    let story = prints(&["simulate", day, "--explain", "longest-wait"]);
    assert!(
        story.contains(" calls shop.") || story.contains(" calls bank."),
        "{story}"
    );
    let until = ["simulate", day, "--until", "line.bank.attempts=50%"];
    assert!(prints(&until).contains("line.bank.attempts"));
    let set = [
        "sweep",
        day,
        "--set",
        "bank/line.trunks=1,20",
        "--runs",
        "2",
    ];
    assert!(prints(&set).contains("bank/line.trunks"));
    prints(&["compare", day, "--runs", "2"]);
    prints(&["check", day]);
    let json: serde_json::Value =
        serde_json::from_str(&prints(&["simulate", day, "--format", "json"])).expect("JSON");
    assert!(json["lines"]["bank"]["attempts"]["mean"].as_f64() > Some(200.0));
    assert!(json["queues"]["bank/support"].is_object() && json["queues"]["shop-desk"].is_object());
    let schema: serde_json::Value = serde_json::from_str(&prints(&["schema", day])).expect("JSON");
    let queues = schema["properties"]["transfers"]["properties"].as_object();
    let queues: Vec<&String> = queues.expect("queues").keys().collect();
    let bare = ["bank-desk", "shop-desk"];
    let with_line = [
        "bank/bank-desk",
        "bank/support",
        "shop/shop-desk",
        "shop/support",
    ];
    assert_eq!(
        queues,
        [
            bare[0],
            with_line[0],
            with_line[1],
            bare[1],
            with_line[2],
            with_line[3]
        ]
    );
}

#[test]
fn parts_of_a_forecast_of_attempts_come_to_the_same_report() {
    let rest = SITE.split_once("[staff]").expect("the rest").1;
    let forecast = "date,start,interval_min,line,calls\n2026-11-23,09:00,60,shop,90\n\
                    2026-11-23,09:00,60,bank,60\n";
    let scenario = format!(
        "menu = [\"shop.toml\", \"bank.toml\"]\nforecast = \"calls.csv\"\n\
         forecast_counts = \"attempts\"\n[staff]{rest}"
    );
    let talk = "[callers]\n";
    let redial =
        "[callers]\npatience = \"20s\"\nredial = { after_abandoned = 0.8, delay = \"3m\" }\n";
    let scenario = scenario.replace(talk, redial);
    let folder = Temporary::new(&std::env::temp_dir());
    let lines = shop_and_bank();
    let mut all = files(&lines, &scenario);
    all.push(("calls.csv", forecast));
    for (name, text) in all {
        fs::write(folder.path().join(name), text).expect("a file");
    }
    let day = ["simulate", "day.scenario.toml", "--runs", "3"];
    let whole = prints(folder.path(), &day);
    for part in ["1/2", "2/2"] {
        let text = prints(folder.path(), &[&day[..], &["--shard", part]].concat());
        fs::write(folder.path().join(&part[..1]), text).expect("a part");
    }
    assert_eq!(prints(folder.path(), &["merge", "2", "1"]), whole);
    let said = whole.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("not counted twice: shop by 0."), "{whole}");
    assert!(said.contains(", bank by 0."), "{whole}");
}

#[test]
fn a_list_of_one_is_the_same_as_a_text() {
    let said = |list: bool| {
        let folder = Temporary::new(&std::env::temp_dir());
        for file in fs::read_dir("tests/it/tiny").expect("the tiny scenario") {
            let file = file.expect("a file");
            let to = folder.path().join(file.file_name());
            fs::copy(file.path(), to).expect("a copy");
        }
        let path = folder.path().join("tiny.scenario.toml");
        let text = fs::read_to_string(&path).expect("the scenario");
        let menu = "= \"tiny.toml\"";
        assert!(text.contains(menu), "{text}");
        if list {
            fs::write(&path, text.replace(menu, "= [\"tiny.toml\"]")).expect("the scenario");
        }
        let simulate = ["simulate", "tiny.scenario.toml", "--runs", "3"];
        let text = prints(folder.path(), &simulate);
        let json = prints(
            folder.path(),
            &[&simulate[..], &["--format", "json"]].concat(),
        );
        // But for the hash of the scenario itself.
        let is_hash = |line: &&str| {
            let words = line.trim().trim_end_matches(',');
            !words.ends_with("  tiny.scenario.toml")
                && !words.starts_with("\"tiny.scenario.toml\":")
        };
        let all = text + &json;
        let lines: Vec<&str> = all.lines().filter(is_hash).collect();
        lines.join("\n")
    };
    assert_eq!(said(true), said(false));
}
