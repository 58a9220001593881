//! Expected waits, held against those that come: in busy days of people who know different things.

use crate::written::cases;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use strowger::exchange::id::CallId;
use strowger::exchange::id::LaneId;
use strowger::exchange::record::Record;
use strowger::exchange::time::Tick;
use strowger::sim::run;

/// How far the mean of the expected waits may be from that of the actual ones. Where some wait for a stage, it
/// is above it: whoever is answered before that has waited less.
const OFF_MAX: f64 = 0.25;
const RUNS: u64 = 4;
const LINE: &str = "format = 1\n[line]\nname = \"L\"\ngroups = \"groups.toml\"\n\
    timezone = \"Etc/UTC\"\nlanguages = [\"en\", \"es\"]\nstart = \"language\"\nmax_call = \"12h\"\n\
    [menu.language]\nsay.en = \"1\"\nsay.es = \"2\"\nspeak = \"all\"\ngive_up = \"q\"\n\
    [menu.language.keys]\n1 = { go = \"q\", language = \"en\" }\n2 = { go = \"q\", language = \"es\" }\n\
    [queue.q]\ngroup = \"g\"\nmax_wait = \"8h\"\ntimeout = \"@hangup\"\nfull = \"@hangup\"\n\
    no_agents = \"@hangup\"\n";
const GROUP: &str =
    "format = 1\n[group.g]\nring = \"0s\"\nrest = \"0s\"\nwrap_up = { limit = \"0s\" }\n";

/// For each lane: waits, the sum of the expected ones, and that of those that came.
type Waits = BTreeMap<LaneId, (u32, f64, f64)>;

/// A day of people with these skills and tiers, this part of whose callers speak Spanish.
fn waits(queue: &str, group: &str, people: &[(usize, &str, u8)], spanish: f64) -> Waits {
    let mut roster = "date,agent,groups,skills,tier,start,end\n".to_owned();
    for (kind, (count, skills, tier)) in people.iter().enumerate() {
        for one in 0..*count {
            let _ = writeln!(
                roster,
                "2026-11-23,p{kind}-{one},g,{skills},{tier},00:00,24:00"
            );
        }
    }
    let mut forecast = "date,start,interval_min,line,calls\n".to_owned();
    for hour in 0..24 {
        let _ = writeln!(forecast, "2026-11-23,{hour:02}:00,60,line,130");
    }
    let scenario = format!(
        "menu = \"line.toml\"\nforecast = \"forecast.csv\"\nroster = \"roster.csv\"\n\
         [wants.person]\nshare = 1.0\nneeds = \"q\"\n[agents]\nanswers = \"0s\"\n[callers]\nslips = 0.0\nsilent = 0.0\n\
         languages = {{ en = {}, es = {spanish} }}\n\
         talk = {{ distribution = \"exponential\", mean = \"300s\" }}\n\
         patience = {{ distribution = \"exponential\", mean = \"24h\" }}\n",
        1.0 - spanish
    );
    in_days(&[
        ("line.toml", &*[LINE, queue].concat()),
        ("groups.toml", &*[GROUP, group].concat()),
        ("forecast.csv", &forecast),
        ("roster.csv", &roster),
        ("day.scenario.toml", &scenario),
    ])
}

/// Expected and actual waits of the scenario among these files.
fn in_days(files: &[(&str, &str)]) -> Waits {
    let cases = cases(files);
    let mut waits = Waits::new();
    for replication in 0..RUNS {
        let mut in_line: BTreeMap<CallId, (LaneId, Tick, f64)> = BTreeMap::new();
        run(
            &cases.base,
            1,
            replication,
            &mut |now: Tick, record: &Record| match *record {
                Record::Queued {
                    call,
                    lane,
                    waiting: 1..,
                    expected,
                    ..
                } => {
                    in_line.insert(call, (lane, now, expected.as_seconds()));
                }
                Record::Offered(decision) => {
                    if let Some((lane, since, expected)) = in_line.remove(&decision.call) {
                        let (count, told, came) = waits.entry(lane).or_default();
                        *count += 1;
                        *told += expected;
                        *came += now.since(since).as_seconds();
                    }
                }
                _ => {}
            },
        );
    }
    waits
}

#[track_caller]
fn come_true(waits: &Waits, lanes: usize) {
    assert_eq!(waits.len(), lanes);
    for (lane, (count, told, came)) in waits {
        let off = told / came - 1.0;
        let count_f = f64::from(*count);
        assert!(*count > 1000, "{lane:?}: {count}");
        assert!(
            off.abs() < OFF_MAX,
            "{lane:?}: expected {:.0} s, came {:.0} s",
            told / count_f,
            came / count_f
        );
    }
}

#[test]
fn waits_come_true_where_some_people_speak_a_second_language() {
    let people = [(8, "en=100", 0), (4, "en=100 es=100", 0)];
    let waits = waits("skills = [\"{language}\"]\n", "", &people, 0.3);
    come_true(&waits, 2);
}

#[test]
fn waits_come_true_where_others_come_in_after_a_while() {
    let people = [(4, "", 0), (4, "", 1), (4, "", 2)];
    let tiers = "tiers = { wait = \"60s\", times_tier = true }\n";
    come_true(&waits("", tiers, &people, 0.0), 1);
}

#[test]
fn waits_come_true_where_a_second_language_has_tiers() {
    let people = [
        (4, "en=100", 0),
        (2, "en=100 es=100", 0),
        (4, "en=100", 1),
        (3, "en=100 es=100", 1),
    ];
    let skills = "skills = [\"{language}\"]\n";
    come_true(
        &waits(skills, "tiers = { wait = \"45s\" }\n", &people, 0.25),
        2,
    );
}

#[test]
fn waits_come_true_where_anybody_will_do_after_a_while() {
    let people = [(8, "en=100", 0), (4, "es=100", 0)];
    let relax = "skills = [\"{language}\"]\nrelax = [{ after = \"90s\", skills = [] }]\n";
    come_true(&waits(relax, "", &people, 0.4), 2);
}

#[test]
fn waits_come_true_where_people_take_short_and_long_calls_of_two_groups() {
    let queue = |name: &str| {
        format!(
            "[queue.{name}]\ngroup = \"{name}\"\nmax_wait = \"8h\"\ntimeout = \"@hangup\"\nfull = \"@hangup\"\nno_agents = \"@hangup\"\n"
        )
    };
    let menu = "format = 1\n[line]\nname = \"L\"\ngroups = \"groups.toml\"\ntimezone = \"Etc/UTC\"\n\
                languages = [\"en\"]\nstart = \"main\"\nmax_call = \"12h\"\n\
                [menu.main]\nsay = \"{options}\"\ngive_up = \"short\"\n[menu.main.keys]\n\
                1 = { go = \"short\", label = \"a\" }\n2 = { go = \"long\", label = \"b\" }\n";
    let line = [menu, &queue("short"), &queue("long")].concat();
    let group = |name: &str| {
        format!("[group.{name}]\nring = \"0s\"\nrest = \"0s\"\nwrap_up = {{ limit = \"0s\" }}\n")
    };
    let groups = ["format = 1\n", &group("short"), &group("long")].concat();
    let mut roster = "date,agent,groups,start,end\n".to_owned();
    for one in 0..10 {
        let _ = writeln!(roster, "2026-11-23,p{one},short long,00:00,24:00");
    }
    let mut forecast = "date,start,interval_min,line,want,calls\n".to_owned();
    for hour in 0..24 {
        for (want, calls) in [("short", 200), ("long", 35)] {
            let _ = writeln!(forecast, "2026-11-23,{hour:02}:00,60,line,{want},{calls}");
        }
    }
    let want = |name: &str, mean: &str| {
        format!(
            "[wants.{name}]\nneeds = \"{name}\"\ntalk = {{ distribution = \"exponential\", mean = \"{mean}\" }}\n"
        )
    };
    let scenario = format!(
        "menu = \"line.toml\"\nforecast = \"forecast.csv\"\nroster = \"roster.csv\"\n{}{}\
         [agents]\nanswers = \"0s\"\n[callers]\nslips = 0.0\nsilent = 0.0\n\
         patience = {{ distribution = \"exponential\", mean = \"24h\" }}\n",
        want("short", "60s"),
        want("long", "600s")
    );
    let waits = in_days(&[
        ("line.toml", &line),
        ("groups.toml", &groups),
        ("forecast.csv", &forecast),
        ("roster.csv", &roster),
        ("day.scenario.toml", &scenario),
    ]);
    come_true(&waits, 2);
}

/// Whoever has an agent of its own is told no more than that one needs, however many other lines share the rest.
#[test]
fn waits_are_bounded_by_agents_whom_no_other_line_keeps_busy() {
    const OTHERS: [&str; 3] = ["b", "c", "d"];
    let all = ["a", "b", "c", "d"];
    let queue = |name: &str| {
        format!(
            "[queue.{name}]\ngroup = \"g\"\nskills = [\"{name}\"]\nmax_wait = \"8h\"\n\
             timeout = \"@hangup\"\nfull = \"@hangup\"\nno_agents = \"@hangup\"\n"
        )
    };
    let keys = (1..).zip(all);
    let keys =
        keys.map(|(key, name)| format!("{key} = {{ go = \"{name}\", label = \"{name}\" }}\n"));
    let menu = "format = 1\n[line]\nname = \"L\"\ngroups = \"groups.toml\"\ntimezone = \"Etc/UTC\"\n\
                languages = [\"en\"]\nstart = \"main\"\nmax_call = \"12h\"\n\
                [menu.main]\nsay = \"{options}\"\ngive_up = \"a\"\n[menu.main.keys]\n";
    let line = menu.to_owned() + &keys.collect::<String>() + &all.map(queue).concat();
    let mut roster = "date,agent,groups,skills,start,end\n".to_owned();
    for one in 0..9 {
        let _ = writeln!(roster, "2026-11-23,p{one},g,a b c d,00:00,24:00");
    }
    roster += "2026-11-23,alone,g,a,00:00,24:00\n";
    let mut forecast = "date,start,interval_min,line,want,calls\n".to_owned();
    for hour in 0..24 {
        let _ = writeln!(forecast, "2026-11-23,{hour:02}:00,60,line,a,6");
        for want in OTHERS {
            let _ = writeln!(forecast, "2026-11-23,{hour:02}:00,60,line,{want},35");
        }
    }
    let scenario = format!(
        "menu = \"line.toml\"\nforecast = \"forecast.csv\"\nroster = \"roster.csv\"\n{}\
         [agents]\nanswers = \"0s\"\n[callers]\nslips = 0.0\nsilent = 0.0\n\
         talk = {{ distribution = \"exponential\", mean = \"300s\" }}\n\
         patience = {{ distribution = \"exponential\", mean = \"24h\" }}\n",
        all.map(|name| format!("[wants.{name}]\nneeds = \"{name}\"\n"))
            .concat()
    );
    let waits = in_days(&[
        ("line.toml", &line),
        ("groups.toml", GROUP),
        ("forecast.csv", &forecast),
        ("roster.csv", &roster),
        ("day.scenario.toml", &scenario),
    ]);
    let few = waits.values().min_by_key(|(count, ..)| *count);
    let (count, told, came) = *few.expect("somebody waited");
    assert!(count > 50, "{count}");
    assert!(told < 1.5 * came, "told {told}, came {came}");
}
