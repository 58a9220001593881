//! Days with a roster: people come, take breaks and go as it says, each at a speed of their own.

use crate::day::Chance;
use crate::written;
use crate::written::LINE;
use std::fmt::Write as _;
use std::path::Path;
use strowger::exchange::id::AgentId;
use strowger::exchange::id::QueueId;
use strowger::exchange::record::AgentState;
use strowger::exchange::record::Record;
use strowger::exchange::time::Span;
use strowger::exchange::time::Tick;
use strowger::menu::diagnostic::Diagnostics;
use strowger::menu::source::Sources;
use strowger::sim::model::Model;
use strowger::sim::run;
use strowger::sim::scenario::Scenario;
use strowger::sim::study::load;
use strowger::sim::worker::Break;
use strowger::sim::worker::Worker;

/// Calls of exactly 100 s with 20 s of work after them.
const HABITS: &str = r#"
[callers]
talk = "100s"
wrap_up = "20s"
patience = "4m"
[agents]
answers = "3s"
"#;

/// The line `[group.support]` of people who finish their work after calls.
const GROUP: &str = "wrap_up = { limit = \"60s\", then = \"ready\" }";

/// A roster on which something of everything happens; the run begins at 09:00.
const ROSTER: &str = "\
date,agent,groups,weight,speed,start,end,breaks
2026-11-23,ana,support,,1,09:00,12:00,09:30-09:45 10:30-11:00 11:50-12:00
2026-11-23,ben,support,0.5,1.25,08:00,11:30,08:55-09:10 10:00-10:15
2026-11-23,chloe,support,,0.8,09:20,10:20,09:40-09:50 10:05-10:10
2026-11-23,chloe,support,,0.8,10:21,11:40,11:00-11:20
2026-11-23,dan,support,,1.4,10:30,12:00,11:00-11:15
";

/// The day from 09:00 to 13:00, of which the roster covers three hours.
fn model(roster: &str, group: &str, habits: &str) -> Model {
    let mut forecast = "date,start,interval_min,line,calls\n".to_owned();
    for start in ["09:00", "10:00", "11:00", "12:00"] {
        let _ = writeln!(forecast, "2026-11-23,{start},60,line,90");
    }
    let groups = format!("format = 1\n[group.support]\nrest = \"5s\"\n{group}\n");
    let files = "menu = \"line.toml\"\nforecast = \"forecast.csv\"\nroster = \"roster.csv\"\n";
    let files = format!("{files}{habits}");
    let cases = written::cases(&[
        ("line.toml", LINE),
        ("groups.toml", &groups),
        ("forecast.csv", &forecast),
        ("roster.csv", roster),
        ("day.scenario.toml", &files),
    ]);
    cases.base
}

/// What somebody did, from and to.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Stretch {
    state: AgentState,
    from: Tick,
    to: Tick,
}

/// Everybody's day, by agent.
fn days(model: &Model, replication: u64) -> Vec<Vec<Stretch>> {
    let mut days: Vec<Vec<Stretch>> = vec![Vec::new(); model.plan.agents.len()];
    run(model, 1, replication, &mut |now: Tick, record: &Record| {
        if let Record::Agent { agent, state } = *record {
            let day: &mut Vec<Stretch> = &mut days[agent.index()];
            if let Some(last) = day.last_mut() {
                last.to = now;
            }
            let (from, to) = (now, model.frame.until);
            day.push(Stretch { state, from, to });
        }
    });
    days
}

/// The people, each with a day.
fn everybody<'m>(
    model: &'m Model,
    days: &'m [Vec<Stretch>],
) -> impl Iterator<Item = (&'m Worker, &'m [Stretch])> {
    let workers = model.scenario().workers.iter();
    workers.zip(days.iter().map(Vec::as_slice))
}

fn of(day: &[Stretch], state: AgentState) -> impl Iterator<Item = &Stretch> {
    day.iter().filter(move |stretch| stretch.state == state)
}

/// Nobody is rung outside a shift; who is there after it is at the end of a call, and goes home.
fn keeps_to_the_roster(worker: &Worker, day: &[Stretch]) {
    let name = &worker.name;
    let at_work = |at: Tick| {
        let mut shifts = worker.shifts.iter();
        shifts.any(|shift| shift.from <= at && at < shift.to)
    };
    for stretch in day {
        match stretch.state {
            // Picked up before the end of the shift, or carried over from a call that was.
            AgentState::Talking => assert!(at_work(stretch.from), "{name}: {stretch:?}"),
            AgentState::WrapUp | AgentState::SignedOut => {}
            _ => {
                let last = Tick(stretch.to.0.saturating_sub(1));
                let there = at_work(stretch.from) && at_work(last);
                assert!(there || stretch.from == stretch.to, "{name}: {stretch:?}");
            }
        }
    }
    let goes = day.last().map(|stretch| stretch.state);
    assert!(matches!(goes, None | Some(AgentState::SignedOut)), "{name}");
}

/// Whether a break is cut by the end of its shift.
fn cut(worker: &Worker, at: &Stretch) -> bool {
    worker.shifts.iter().any(|shift| shift.to == at.to)
}

#[test]
fn people_come_take_breaks_and_go_as_the_roster_says() {
    let model = model(ROSTER, GROUP, HABITS);
    let mut late = 0;
    for replication in 0..20 {
        let days = days(&model, replication);
        for (worker, day) in everybody(&model, &days) {
            keeps_to_the_roster(worker, day);
            let taken: Vec<&Stretch> = of(day, AgentState::Paused).collect();
            let mut planned = worker.shifts.iter().flat_map(|shift| &shift.breaks);
            for at in &taken {
                // A break that a call has put off till after the shift is not taken at all.
                let Break { at: due, length } = *planned
                    .by_ref()
                    .take_while(|due| due.at <= at.from)
                    .find(|due| at.from.0 - due.at.0 < Span::minutes(5).0)
                    .unwrap_or_else(|| panic!("{}: {at:?} is in nobody's plan", worker.name));
                assert!(at.to - at.from == length || cut(worker, at), "{at:?}");
                // It began late because of a call, and only so.
                late += u32::from(at.from > due);
                let before = day.iter().rev().find(|stretch| stretch.to == at.from);
                let before = before.map(|stretch| stretch.state);
                assert!(at.from == due || before == Some(AgentState::WrapUp));
            }
            assert!(taken.len() >= 2 || worker.name == "dan" || worker.name == "chloe");
        }
    }
    assert!(late > 20, "calls put breaks off: {late}");
}

#[test]
fn the_work_of_each_takes_as_long_as_their_speed_says() {
    let model = model(ROSTER, GROUP, HABITS);
    let days = days(&model, 0);
    for (worker, day) in everybody(&model, &days) {
        let talk = worker.takes(Span::seconds(100), QueueId(0), 1.0);
        let wrap_up = worker.takes(Span::seconds(20), QueueId(0), 1.0);
        let took = |state| of(day, state).map(|stretch| stretch.to - stretch.from);
        assert!(took(AgentState::Talking).count() > 10, "{}", worker.name);
        assert!(took(AgentState::Talking).all(|span| span == talk));
        assert!(took(AgentState::WrapUp).all(|span| span == wrap_up));
    }
    let weights: Vec<u32> = model.plan.agents.iter().map(|agent| agent.weight).collect();
    assert_eq!(weights, [1_000_000, 500_000, 1_000_000, 1_000_000]);
}

#[test]
fn a_higher_tier_answers_only_when_the_lower_one_is_busy() {
    let mut roster = "date,agent,groups,tier,start,end\n".to_owned();
    for (agent, tier) in [
        ("ana", "2"),
        ("ben", ""),
        ("cid", "0"),
        ("dora", ""),
        ("emil", ""),
        ("fay", "0"),
    ] {
        let _ = writeln!(roster, "2026-11-23,{agent},support,{tier},09:00,13:00");
    }
    let model = model(&roster, GROUP, HABITS);
    let (mut times, mut free) = ([0; 6], [false; 6]);
    run(&model, 1, 0, &mut |_: Tick, record: &Record| match record {
        Record::Agent { agent, state } => free[agent.index()] = *state == AgentState::Idle,
        Record::Offered(decision) => {
            times[decision.agent.index()] += 1;
            let ana = decision.agent == AgentId(0);
            assert!(!ana || free[1..] == [false; 5], "a lower tier was free");
        }
        _ => {}
    });
    assert!(times[0] > 20 && 2 * times[1] > 3 * times[0], "{times:?}");
}

#[test]
fn people_of_too_many_kinds_are_refused() {
    let mut roster = "date,agent,groups,skills,tier,start,end\n".to_owned();
    for kind in 0..10_100 {
        let (skill, tier) = (kind / 100, kind % 100);
        let _ = writeln!(
            roster,
            "2026-11-23,a{kind},support,s{skill},{tier},09:00,13:00"
        );
    }
    let said = std::panic::catch_unwind(|| model(&roster, GROUP, HABITS)).expect_err("refused");
    let said = said.downcast_ref::<String>().expect("what is wrong");
    assert!(said.contains("people of 10100 kinds"), "{said}");
}

#[test]
fn the_draws_are_the_callers_whoever_answers() {
    let slower = ROSTER.replace(",1.25,", ",2.5,");
    let longest = |roster: &str| {
        let model = model(roster, GROUP, &HABITS.replace("\"100s\"", LOGNORMAL));
        // Before anybody's speed shows in who takes whom.
        let mut first: Option<(AgentId, Span)> = None;
        run(&model, 1, 0, &mut |now: Tick, record: &Record| {
            if let Record::TalkEnded { agent, since, .. } = *record
                && model.scenario().workers[agent.index()].name == "ben"
            {
                first.get_or_insert((agent, now - since));
            }
        });
        first.expect("ben talks")
    };
    let ((one, usual), (other, slow)) = (longest(ROSTER), longest(&slower));
    assert_eq!(one, other);
    assert!(slow.0.abs_diff(2 * usual.0) <= 2, "{usual} and {slow}");
}

const LOGNORMAL: &str = r#"{ distribution = "lognormal", mean = "100s", cv = 1.0 }"#;

#[test]
fn who_is_late_comes_so_much_later_and_misses_what_was_before() {
    let late = format!("{HABITS}late = {{ share = 1.0, by = \"25m\" }}\n");
    let model = model(ROSTER, GROUP, &late);
    let days = days(&model, 0);
    let first = |name: &str| {
        let (_, day) = everybody(&model, &days)
            .find(|(worker, _)| worker.name == name)
            .expect("a person of the roster");
        let comes: Vec<u64> = of(day, AgentState::NotReady)
            .map(|stretch| stretch.from.0 / 60_000)
            .collect();
        (comes, minutes_off(day))
    };
    // The break of 09:30 comes five minutes after ana, the last one goes on to the end of her shift.
    let (comes, off) = first("ana");
    assert_eq!((comes, off.len(), &off[..2]), (vec![25], 3, &[15, 30][..]));
    // An hour before the run.
    assert_eq!(first("ben"), (vec![0], vec![10, 15]));
    // Twice, and when the first of her breaks has begun.
    assert_eq!(first("chloe"), (vec![45, 106], vec![5, 20]));
}

#[test]
fn who_would_come_after_the_shift_does_not_come() {
    let late = format!("{HABITS}late = {{ share = 1.0, by = \"2h\" }}\n");
    let model = model(ROSTER, GROUP, &late);
    let days: Vec<bool> = days(&model, 0).iter().map(Vec::is_empty).collect();
    assert_eq!(days, [false, false, true, true]);
}

/// The day of one person who has a call all the time: each takes so long.
fn busy_day(talk: &str, shifts: &[&str]) -> Vec<Stretch> {
    let mut roster = "date,agent,groups,start,end,breaks\n".to_owned();
    for shift in shifts {
        let _ = writeln!(roster, "2026-11-23,ana,support,{shift}");
    }
    let habits = HABITS.replace("100s", talk).replace("\"20s\"", "\"0s\"");
    let model = model(&roster, GROUP, &habits.replace("4m", "2h"));
    days(&model, 0).remove(0)
}

fn minutes_off(day: &[Stretch]) -> Vec<u64> {
    let off = of(day, AgentState::Paused);
    off.map(|stretch| (stretch.to - stretch.from).0 / 60_000)
        .collect()
}

#[test]
fn breaks_that_were_due_in_one_call_are_taken_one_after_the_other() {
    let day = busy_day("20m", &["09:00,12:00,09:05-09:10 09:12-09:20 11:00-11:10"]);
    assert_eq!(minutes_off(&day), [13, 10]);
}

#[test]
fn a_break_that_is_due_during_a_break_follows_it() {
    // The first begins after a call of nine minutes, two minutes before the second is due.
    let day = busy_day("9m", &["09:00,12:00,09:05-09:10 09:12-09:20 11:00-11:10"]);
    let off = of(&day, AgentState::Paused).next().expect("a break");
    assert!(off.from < Tick(Span::minutes(12).0), "{off:?}");
    assert_eq!(minutes_off(&day), [13, 10]);
}

#[test]
fn a_break_that_its_shift_had_no_time_for_is_lost() {
    let shifts = ["09:00,09:40,09:25-09:28", "10:00,12:00,10:30-10:35"];
    let day = busy_day("50m", &shifts);
    assert_eq!(minutes_off(&day), [5]);
}

#[test]
fn a_call_may_last_into_the_next_shift() {
    let day = busy_day("7m", &["09:00,09:30,", "09:31,12:00,"]);
    let home: Vec<&Stretch> = of(&day, AgentState::SignedOut).collect();
    let [between, after] = &home[..] else {
        panic!("goes home twice: {home:?}");
    };
    // Goes and comes back at one moment, after the call.
    assert!(between.from > Tick(Span::minutes(31).0), "{between:?}");
    assert_eq!(between.from, between.to);
    assert!(after.from >= Tick(Span::minutes(180).0), "{after:?}");
    let talks = of(&day, AgentState::Talking).filter(|talk| talk.from >= between.to);
    assert!(talks.count() > 15);
}

#[test]
fn nothing_goes_wrong_at_the_worst_moment() {
    // Missed calls, wrap-up that is cut and not ended, breaks on the heels of breaks, short shifts.
    let group = "ring = \"8s\"\nwrap_up = { limit = \"30s\", then = \"not-ready\" }";
    let habits = r#"
[callers]
talk = { distribution = "lognormal", mean = "150s", cv = 1.5 }
wrap_up = { distribution = "exponential", mean = "30s" }
patience = { distribution = "exponential", mean = "90s" }
[agents]
answers = { distribution = "exponential", mean = "4s" }
misses = 0.2
returns = { distribution = "exponential", mean = "8m" }
late = { share = 0.3, by = { distribution = "exponential", mean = "10m" } }
"#;
    let restless = format!("{habits}absent = 0.1\naway = {{ share = 0.3, length = \"2m\" }}\n");
    for seed in 0..40 {
        let restless = model(&any_roster(seed), group, &restless);
        for (worker, day) in everybody(&restless, &days(&restless, seed)) {
            keeps_to_the_roster(worker, day);
        }
        let model = model(&any_roster(seed), group, habits);
        let days = days(&model, seed);
        for (worker, day) in everybody(&model, &days) {
            keeps_to_the_roster(worker, day);
            let off = |shift: &strowger::sim::worker::Shift| {
                shift.breaks.iter().map(|at| at.length.0).sum::<u64>()
            };
            let planned: u64 = worker.shifts.iter().map(off).sum();
            let taken = of(day, AgentState::Paused);
            let taken: u64 = taken.map(|stretch| (stretch.to - stretch.from).0).sum();
            assert!(taken <= planned, "{}: {taken} of {planned}", worker.name);
        }
    }
}

#[test]
fn the_scenarios_that_ship_bear_the_load_they_say() {
    // Mean handling in seconds, and the load of the comment.
    for (name, handling_s, load) in [("part-time", 300.0, 0.60), ("skills", 296.0, 0.75)] {
        let scenario = shipped(name);
        let (mut there_s, mut slowed_s) = (0.0, 0.0);
        for worker in &scenario.workers {
            for shift in &worker.shifts {
                let off = shift.breaks.iter().map(|at| at.length.0).sum::<u64>();
                let seconds = ((shift.to - shift.from).0 - off) as f64 / 1000.0;
                there_s += seconds;
                slowed_s += seconds * worker.speed.usual;
            }
        }
        let calls: f64 = scenario
            .demand
            .lines
            .iter()
            .flat_map(|line| &line.calls)
            .sum();
        let found = calls * handling_s * (slowed_s / there_s) / there_s;
        assert!((found - load).abs() < 0.001, "{name}: {found}");
    }
}

fn shipped(name: &str) -> Scenario {
    let (mut sources, mut problems) = (Sources::default(), Diagnostics::default());
    let path = format!("scenarios/{name}.scenario.toml");
    let cases = load(Path::new(&path), None, &mut sources, &mut problems);
    let cases = cases.unwrap_or_else(|| panic!("{}", problems.render(&sources, false)));
    cases.base.scenario().clone()
}

/// Twelve people with short shifts and many breaks, all over before noon.
fn any_roster(seed: u64) -> String {
    let mut chance = Chance(seed);
    let mut roster = "date,agent,groups,speed,start,end,breaks\n".to_owned();
    let clock = |minutes: u64| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    for agent in 0..12 {
        let speed = 0.5 + chance.below(20) as f64 / 10.0;
        let mut at = 8 * 60 + chance.below(90);
        for _ in 0..4 {
            let end = at + 5 + chance.below(60);
            if end >= 12 * 60 {
                break;
            }
            let (mut breaks, mut free) = (String::new(), at + chance.below(10));
            loop {
                let until = free + 1 + chance.below(8);
                if until > end {
                    break;
                }
                let _ = write!(breaks, "{}-{} ", clock(free), clock(until));
                free = until + chance.below(15);
            }
            let (from, to) = (clock(at), clock(end));
            let _ = writeln!(
                roster,
                "2026-11-23,a{agent},support,{speed},{from},{to},{breaks}"
            );
            at = end + chance.below(4);
        }
    }
    roster
}
