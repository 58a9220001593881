//! Who does not come to a shift, and who is away from the phone: as often as the scenario says.

use crate::written::LINE;
use crate::written::cases;
use std::collections::BTreeSet;
use strowger::exchange::record::AgentState;
use strowger::exchange::record::Record;
use strowger::exchange::time::Span;
use strowger::exchange::time::Tick;
use strowger::measure::confidence::Confidence;
use strowger::measure::figure::Part;
use strowger::sim::model::Model;
use strowger::sim::replicate::replicate;
use strowger::sim::run;

const GROUPS: &str = "format = 1\n[group.support]\nrest = \"5s\"\nwrap_up = { limit = \"60s\" }\n";

/// Eight hours, forty people, and calls of exactly 100 s with 20 s of work after them.
fn models(habits: &str) -> Vec<Model> {
    models_of(habits, |_| 40)
}

/// The same with so many people at each hour.
fn models_of(habits: &str, heads: fn(u64) -> u32) -> Vec<Model> {
    let mut forecast = "date,start,interval_min,line,calls\n".to_owned();
    let mut staff = "date,start,interval_min,group,agents\n".to_owned();
    for hour in 9..17 {
        forecast += &["2026-11-23,", &clock(hour), ",60,line,600\n"].concat();
        let heads = heads(hour).to_string();
        staff += &["2026-11-23,", &clock(hour), ",60,support,", &heads, "\n"].concat();
    }
    let scenario = format!(
        "menu = \"line.toml\"\nforecast = \"forecast.csv\"\nstaff = \"staff.csv\"\n\
         [callers]\ntalk = \"100s\"\nwrap_up = \"20s\"\n[agents]\n{habits}"
    );
    let cases = cases(&[
        ("line.toml", LINE),
        ("groups.toml", GROUPS),
        ("forecast.csv", &forecast),
        ("staff.csv", &staff),
        ("day.scenario.toml", &scenario),
    ]);
    cases.all().map(|(_, model)| model.clone()).collect()
}

fn model(habits: &str) -> Model {
    models(habits).remove(0)
}

fn clock(hour: u64) -> String {
    format!("{hour:02}:00")
}

/// The agents who come in one run.
fn came(model: &Model, replication: u64) -> BTreeSet<usize> {
    let mut came = BTreeSet::new();
    run(model, 3, replication, &mut |_: Tick, record: &Record| {
        if let Record::Agent { agent, .. } = *record {
            came.insert(agent.index());
        }
    });
    came
}

#[test]
fn as_many_do_not_come_as_the_scenario_says() {
    let model = model("absent = 0.08\n");
    let (runs, people) = (60, model.plan.agents.len());
    let heads: usize = (0..runs).map(|run| came(&model, run).len()).sum();
    let (n, found) = (runs as f64 * people as f64, heads as f64);
    // The two-sided 99 % of a binomial number of persons and shifts.
    let error = 2.576 * (n * 0.08 * 0.92).sqrt();
    assert!((found - n * 0.92).abs() < error, "{found} of {n}");
}

#[test]
fn who_does_not_come_does_not_come_where_more_do_not() {
    let habits = "absent = 0.1\n[[what_if]]\nname = \"flu\"\nset = { \"agents.absent\" = 0.3 }\n";
    let models = models(habits);
    let (healthy, flu) = (came(&models[0], 0), came(&models[1], 0));
    assert!(flu.is_subset(&healthy) && flu.len() < healthy.len());
}

#[test]
fn as_much_time_is_lost_away_from_the_phone_as_the_scenario_says() {
    for away in [
        "{ share = 0.05, length = \"10m\" }",
        "{ share = 0.05, length = { distribution = \"gamma\", mean = \"12m\", cv = 0.5 } }",
    ] {
        let model = model(&format!("away = {away}\n"));
        let runs = replicate(&model, 3, 0..12, &|| ());
        let part = |run: &strowger::measure::RunFigures| {
            let away = run.agents.iter();
            let away = away.map(|agent| agent.in_state_ms(AgentState::Paused));
            let paid = Span::minutes(8 * 60).0 * run.agents.len() as u64;
            Part::new(away.sum(), paid)
        };
        let share = Confidence::new(0.99, runs.len()).ratio(runs.iter().map(part));
        assert!(share.contains(0.05), "{away}: {share:?}");
        assert!(
            share.half_width().expect("several runs") < 0.008,
            "{share:?}"
        );
    }
}

#[test]
fn work_after_the_end_of_a_shift_makes_up_for_nothing() {
    let go_in_the_middle = |hour| if hour < 13 { 40 } else { 15 };
    for (habits, lost) in [("", 0.0), ("late = { share = 1.0, by = \"12m\" }\n", 0.05)] {
        let model = models_of(habits, go_in_the_middle).remove(0);
        let runs = replicate(&model, 3, 0..4, &|| ());
        assert!(runs.iter().all(|run| run.overtime_ms > 0));
        let summary = model.summary(&runs, 0.95);
        let shrinkage = summary.total.mean("shrinkage").expect("people were there");
        // 12 minutes of four hours for 25 people, of eight for 15.
        let exact = lost * (25.0 + 15.0) * 4.0 / (25.0 * 4.0 + 15.0 * 8.0);
        assert!(
            (shrinkage - exact).abs() < 1e-9,
            "{habits} {shrinkage} {exact}"
        );
    }
}

#[test]
fn nobody_leaves_the_phone_in_a_talk() {
    let model = model("away = { share = 0.2, length = \"4m\" }\n");
    let mut since = vec![(AgentState::SignedOut, Tick(0)); model.plan.agents.len()];
    let (mut talks, mut left) = (0, 0);
    run(&model, 3, 0, &mut |now: Tick, record: &Record| {
        if let Record::Agent { agent, state } = *record {
            let (before, from) = std::mem::replace(&mut since[agent.index()], (state, now));
            if before == AgentState::Talking {
                talks += 1;
                assert_eq!(now - from, Span::seconds(100));
            }
            left += u32::from(state == AgentState::Paused);
        }
    });
    assert!(talks > 3000 && left > 500, "{talks} {left}");
}

#[test]
fn reports_say_what_is_lost_of_the_time_on_the_roster() {
    let model = model("absent = 0.1\naway = { share = 0.05, length = \"10m\" }\n");
    let runs = replicate(&model, 3, 0..12, &|| ());
    let shrinkage = model.summary(&runs, 0.99).total.get("shrinkage");
    // Of those who come, the share is away.
    assert!(shrinkage.contains(1.0 - 0.9 * 0.95), "{shrinkage:?}");
    let nothing = self::model("");
    let runs = replicate(&nothing, 3, 0..2, &|| ());
    let nothing = nothing.summary(&runs, 0.95).total.get("shrinkage");
    assert!(
        nothing.mean.expect("people are there") < 0.001,
        "{nothing:?}"
    );
}
