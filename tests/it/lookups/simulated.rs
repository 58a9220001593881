//! Simulated look-ups take their time, fail, and hold trunks meanwhile.

use crate::written::cases;
use std::collections::BTreeMap;
use std::path::Path;
use strowger::exchange::dialplan::LookupResult;
use strowger::exchange::record::Outcome;
use strowger::exchange::record::Record;
use strowger::exchange::time::Span;
use strowger::exchange::time::Tick;
use strowger::measure::Summary;
use strowger::menu::diagnostic::Diagnostics;
use strowger::menu::source::Sources;
use strowger::sim::model::Model;
use strowger::sim::replicate::replicate;
use strowger::sim::run;
use strowger::sim::study;

const LINE: &str = r#"
[line]
name = "Shop"
groups = "groups.toml"
timezone = "UTC"
languages = ["en"]
trunks = 500
start = "main"
[defaults]
give_up = "@hangup"
[menu.main]
say = "{options}"
[menu.main.keys]
1 = { go = "number", label = "an order" }
0 = { go = "support", label = "a person" }
[collect.number]
say = "Your number."
digits = 6
save = "order"
go = "status"
[lookup.status]
url = "https://shop.example/{order}"
timeout = "2s"
say = "One moment."
save = { state = "/status" }
branch = "state"
[lookup.status.case]
shipped = "shipped"
packed = "packed"
any = "support"
[lookup.status.error]
404 = "support"
timeout = "support"
any = "support"
[say.shipped]
say = "It is on its way."
then = "@hangup"
[say.packed]
say = "We are packing it."
then = "@hangup"
[queue.support]
group = "support"
full = "@hangup"
no_agents = "@hangup"
"#;
const GROUPS: &str = "format = 1\n[group.support]\n";

fn scenario(lookup: &str) -> String {
    format!(
        r#"
menu = "shop.toml"
[run]
length = "2h"
warm_up = "0s"
[wants.order]
share = 1.0
answered_by = "status"
satisfied = 0.8
else = "support"
[demand]
shop = {{ calls_per_hour = 5000 }}
[callers]
slips = 0.0
silent = 0.0
talk = "10s"
redial = {{ after_blocked = 0.0, after_abandoned = 0.0, unsolved = 0.0, delay = "4m", attempts = 1 }}
[staff]
support = 100
{lookup}
"#
    )
}

fn model(lookup: &str) -> Model {
    let scenario = scenario(lookup);
    let files = [
        ("shop.toml", LINE),
        ("groups.toml", GROUPS),
        ("day.scenario.toml", scenario.as_str()),
    ];
    cases(&files).base
}

/// What look-ups came to, with how long they took; and what calls came to.
fn outcomes(model: &Model) -> (Vec<(LookupResult, Span)>, BTreeMap<Outcome, u32>) {
    let (mut results, mut outcomes) = (Vec::new(), BTreeMap::new());
    let mut note = |_: Tick, record: &Record| match *record {
        Record::LookedUp { result, took, .. } => results.push((result, took)),
        Record::Ended { outcome, .. } => *outcomes.entry(outcome).or_insert(0) += 1,
        _ => {}
    };
    run(model, 7, 0, &mut note);
    (results, outcomes)
}

#[test]
fn answers_come_by_their_shares_and_take_their_time() {
    let model = model(
        "[lookup.status]\nlatency = { p50 = \"300ms\", p99 = \"1s\" }\n\
         case = { shipped = 0.6, packed = 0.2, any = 0.1 }\nerror = { 404 = 0.06, timeout = 0.04 }",
    );
    let (results, outcomes) = outcomes(&model);
    let count = results.len() as f64;
    assert!(count > 8000.0, "{count} look-ups");
    let share = |wanted: LookupResult| {
        results
            .iter()
            .filter(|(result, _)| *result == wanted)
            .count() as f64
            / count
    };
    for (result, expected) in [
        (LookupResult::Found(Some(0)), 0.6),
        (LookupResult::Found(Some(1)), 0.2),
        (LookupResult::Found(None), 0.1),
        (LookupResult::Status(404), 0.06),
        (LookupResult::TimedOut, 0.04),
    ] {
        // Three standard errors of a share; a timeout may also be a slow answer.
        let error = 3.0 * f64::sqrt(expected * (1.0 - expected) / count) + 0.002;
        assert!(
            (share(result) - expected).abs() < error,
            "{result:?}: {}",
            share(result)
        );
    }
    let found: Vec<u64> = {
        let mut found: Vec<u64> = results
            .iter()
            .filter(|(result, _)| result.is_found())
            .map(|(_, took)| took.0)
            .collect();
        found.sort_unstable();
        found
    };
    let at = |share: f64| found[(found.len() as f64 * share) as usize] as f64;
    assert!((at(0.5) / 300.0 - 1.0).abs() < 0.05, "median {}", at(0.5));
    assert!((at(0.99) / 1000.0 - 1.0).abs() < 0.15, "99 % {}", at(0.99));
    // Four fifths of those who were told are content: their calls ended with a result that was heard.
    let served = f64::from(outcomes[&Outcome::SelfServedProbable]) / count;
    assert!((served - 0.8).abs() < 0.05, "{served} served");
    let answered = f64::from(outcomes[&Outcome::Answered]) / count;
    assert!((answered - 0.2).abs() < 0.05, "{answered} answered");
}

#[test]
fn a_slow_system_holds_trunks() {
    let in_use = |latency: &str| {
        let model = model(&format!("[lookup.status]\nlatency = \"{latency}\""));
        let mut ends = Vec::new();
        let mut note = |now: Tick, record: &Record| {
            if let Record::Ended { arrived, .. } = *record {
                ends.push((now - arrived).0);
            }
        };
        run(&model, 7, 0, &mut note);
        ends.iter().sum::<u64>() as f64 / ends.len() as f64
    };
    // Words of 600 ms are begun after 600 ms, and said to their end.
    let (fast, slow) = (in_use("100ms"), in_use("1900ms"));
    assert!((slow - fast - 1800.0).abs() < 200.0, "{fast} and {slow} ms");
}

#[test]
fn what_a_scenario_says_of_look_ups_is_checked() {
    let mut sources = Sources::default();
    let lookup = r#"[lookup.stock]
latency = "1s"
[lookup.status]
latency = { p50 = "2s", p99 = "1s" }
case = { shiped = 0.6, packed = 0.2 }
error = { 200 = 0.1 }
"#;
    for (name, text) in [
        ("shop.toml", LINE),
        ("groups.toml", GROUPS),
        ("day.scenario.toml", &scenario(lookup)),
    ] {
        sources.add(Path::new(name), text.to_owned());
    }
    let mut problems = Diagnostics::default();
    let path = Path::new("day.scenario.toml");
    assert!(study::load(path, None, &mut sources, &mut problems).is_none());
    let text = problems.render(&sources, false);
    for wanted in [
        "no look-up is called \"stock\"",
        "`p99` is shorter than `p50`",
        "the look-up has no case \"shiped\"",
        "did you mean \"shipped\"?",
        "the look-up has no error \"200\"",
        "the shares of cases and errors add up to 0.9, not to 1",
    ] {
        assert!(text.contains(wanted), "{wanted} is not in:\n{text}");
    }
}

/// A line that asks who calls before the first word, and where nobody needs to press a key.
const WHO: &str = r#"
[line]
name = "Shop"
groups = "groups.toml"
timezone = "UTC"
languages = ["en", "es"]
trunks = 500
start = "who"
[lookup.who]
url = "https://shop.example/callers/{caller}"
timeout = "2s"
save = { lang = "/language", class = "/class" }
set = { language = "lang", class = "class" }
classes = { gold = "1h", silver = "5m" }
then = "support"
error = { any = "support" }
[queue.support]
group = "support"
max_wait = "30m"
timeout = "@hangup"
full = "@hangup"
no_agents = "@hangup"
"#;

const KNOWN: &str = r#"
menu = "shop.toml"
[run]
length = "12h"
warm_up = "0s"
[wants.help]
share = 1.0
needs = "support"
[demand]
shop = { calls_per_hour = 300 }
[callers]
languages = { en = 0.5, es = 0.5 }
talk = "3m"
[staff]
support = 12
[lookup.who]
latency = "300ms"
class = { gold = 0.2, silver = 0.3 }
knows_language = 0.8
"#;

#[test]
fn callers_are_known_by_their_shares_and_their_class_goes_first() {
    let files = [
        ("shop.toml", WHO),
        ("groups.toml", GROUPS),
        ("day.scenario.toml", KNOWN),
    ];
    let model = cases(&files).base;
    let mut known = BTreeMap::new();
    // Calls and all their waits in ms, of gold, of silver, and of none.
    let mut waits = [(0_u32, 0_u64); 3];
    let (mut calls, mut languages) = (0_u32, [0_u32; 2]);
    let mut note = |now: Tick, record: &Record| match *record {
        Record::LookedUp { .. } => calls += 1,
        Record::Recognized { call, what, .. } => {
            known.insert(call, what);
            if let Some(language) = what.language.is() {
                languages[language.index()] += 1;
            }
        }
        Record::Unqueued { call, first, .. } => {
            let class = known.get(&call).and_then(|what| what.class.is());
            let of = &mut waits[class.map_or(2, usize::from)];
            *of = (of.0 + 1, of.1 + (now - first).0);
        }
        Record::Ended { call, .. } => {
            known.remove(&call);
        }
        _ => {}
    };
    run(&model, 7, 0, &mut note);
    assert!(calls > 3000, "{calls} calls");
    let share = |count: u32| f64::from(count) / f64::from(calls);
    // Three standard errors of a share.
    let is_near = |found: f64, wanted: f64| {
        (found - wanted).abs() < 3.0 * f64::sqrt(wanted * (1.0 - wanted) / f64::from(calls))
    };
    let found = [
        (share(waits[0].0), 0.2),
        (share(waits[1].0), 0.3),
        (share(languages[0]), 0.4),
        (share(languages[1]), 0.4),
    ];
    for (found, wanted) in found {
        assert!(is_near(found, wanted), "{found} instead of {wanted}");
    }
    let [gold, silver, others] = waits.map(|(calls, ms)| ms as f64 / 1000.0 / f64::from(calls));
    assert!(
        gold < 0.7 * silver && silver < 0.6 * others,
        "gold {gold} s, silver {silver} s, others {others} s"
    );
    // Reports count the same by class: those of none first.
    let counted = replicate(&model, 7, 0..1, &|| ()).remove(0).classes;
    let counted = counted.iter().map(|class| &class.tally);
    let counted: Vec<_> = counted
        .map(|tally| (tally.waits as u32, tally.wait_ms))
        .collect();
    assert_eq!(counted, [waits[2], waits[0], waits[1]]);
}

/// Whoever is gold is gold tomorrow: else shedding by class would let in whoever calls often enough.
#[test]
fn what_is_known_of_a_caller_stays_known() {
    let again = "[lookup.again]\nurl = \"https://shop.example/callers/{caller}\"\ntimeout = \"2s\"\n\
        save = { lang = \"/language\", class = \"/class\" }\nset = { language = \"lang\", class = \"class\" }\n\
        classes = { gold = \"1h\", silver = \"5m\" }\nthen = \"support\"\nerror = { any = \"support\" }\n";
    let line = WHO.replacen("then = \"support\"", "then = \"again\"", 1) + again;
    let day = KNOWN.replace("support = 12", "support = 6").replace(
        "talk = ",
        "redial = { after_abandoned = 1.0, delay = \"1m\", attempts = 9 }\ntalk = ",
    );
    let (_, known) = day.split_once("[lookup.who]").expect("a look-up");
    let day = format!("{day}[lookup.again]{known}");
    let files = [
        ("shop.toml", line.as_str()),
        ("groups.toml", GROUPS),
        ("day.scenario.toml", day.as_str()),
    ];
    let (mut callers, mut told) = (BTreeMap::new(), BTreeMap::new());
    let mut said = BTreeMap::<_, Vec<_>>::new();
    let mut note = |_: Tick, record: &Record| match *record {
        Record::Arrived { call, caller, .. } => _ = callers.insert(call, caller),
        Record::Recognized { call, what, .. } => _ = told.insert(call, what),
        Record::LookedUp { call, .. } => {
            let of_caller = said.entry(callers[&call]).or_default();
            of_caller.push(told.remove(&call).unwrap_or_default());
        }
        _ => {}
    };
    run(&cases(&files).base, 7, 0, &mut note);
    let often = said.values().filter(|said| said.len() > 6);
    assert!(often.count() > 300, "they call again and again");
    for (caller, said) in said {
        assert!(
            said.iter().all(|told| *told == said[0]),
            "{caller}: {said:?}"
        );
    }
}

#[test]
fn those_of_no_class_are_turned_away_first() {
    let line = format!("{WHO}overload = {{ no_queue = \"1m\" }}\n");
    let day = KNOWN.replace("support = 12", "support = 9");
    let files = [
        ("shop.toml", line.as_str()),
        ("groups.toml", GROUPS),
        ("day.scenario.toml", day.as_str()),
    ];
    let model = cases(&files).base;
    let run = replicate(&model, 7, 0..1, &|| ()).remove(0);
    let turned_away: Vec<_> = (run.classes.iter())
        .map(|class| class.tally.turned_away)
        .collect();
    let [none, gold, silver] = turned_away[..] else {
        panic!("{turned_away:?}");
    };
    // Half of the callers are of none, a fifth are gold.
    assert!(
        none > 800 && silver < none / 3 && gold < silver / 4,
        "{turned_away:?}"
    );
    let of_queue = run.queues[0].total.tally.turned_away;
    assert_eq!(none + gold + silver, of_queue);
    let summary = Summary::new(&model.plan, model.frame, &[run], 0.95);
    let rows = summary.told_classes.iter();
    let rows: Vec<_> = rows
        .map(|row| (row.name.as_str(), row.total.mean("turned_away")))
        .collect();
    let said = |name, count: u64| (name, Some(count as f64));
    assert_eq!(
        rows,
        [
            said("no class", none),
            said("gold", gold),
            said("silver", silver)
        ]
    );
}

#[test]
fn the_examples_of_lines_and_of_a_scenario_fit_each_other() {
    let page = include_str!("../../../docs/LOOKUPS.md");
    let example = |begin: &str| {
        let (_, rest) = page
            .split_once(&format!("```toml\n{begin}"))
            .expect("an example");
        let (rest, _) = rest.split_once("```").expect("its end");
        format!("{begin}{rest}")
    };
    let line = LINE.split_once("[lookup.status]").expect("a look-up").0;
    let line = line
        .replace("start = \"main\"", "start = \"who\"")
        .replace("go = \"status\"", "go = \"order-status\"");
    let said = ["support", "order-not-found", "anything-else"]
        .map(|name| format!("[say.{name}]\nsay = \"One moment.\"\nthen = \"@hangup\"\n"));
    let line = line
        + &example("[lookup.order-status]\nurl")
        + &example("[lookup.who]\nurl")
        + &said.concat();
    let day = scenario(&example("[lookup.order-status]\nlatency"));
    let day = day.replace("\"status\"", "\"order-status\"");
    let files = [
        ("shop.toml", line.as_str()),
        ("groups.toml", GROUPS),
        ("day.scenario.toml", day.as_str()),
    ];
    cases(&files);
}
