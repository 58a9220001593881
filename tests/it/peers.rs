//! Who may take the same calls shares them, whatever else they can do.

use crate::written::LINE;
use crate::written::cases;
use std::fmt::Write as _;
use strowger::measure::Collector;
use strowger::sim::run;

/// The share errors of a day of six people whose level of a skill is this, as root mean square.
fn share_error(levels: [u8; 6], strategy: &str) -> f64 {
    let line = LINE.replace(
        "group = \"support\"",
        "group = \"support\"\nskills = [\"en=70\"]",
    );
    let groups = format!("format = 1\n[group.support]\nstrategy = \"{strategy}\"\n");
    let mut roster = "date,agent,groups,skills,start,end,breaks\n".to_owned();
    for (place, level) in levels.iter().enumerate() {
        let _ = writeln!(
            roster,
            "2026-11-23,p{place},support,en={level},09:00,19:00,"
        );
    }
    let mut forecast = "date,start,interval_min,line,calls\n".to_owned();
    for hour in 9..19 {
        let _ = writeln!(forecast, "2026-11-23,{hour:02}:00,60,line,20");
    }
    let scenario = "menu = \"line.toml\"\nforecast = \"forecast.csv\"\nroster = \"roster.csv\"\n\
                    [callers]\ntalk = \"240s\"\n";
    let cases = cases(&[
        ("line.toml", &line),
        ("groups.toml", &groups),
        ("forecast.csv", &forecast),
        ("roster.csv", &roster),
        ("day.scenario.toml", scenario),
    ]);
    let model = cases.base;
    let mut collector = Collector::new(&model.plan, model.frame);
    run(&model, 1, 0, &mut collector);
    let shares = collector.finish(model.frame.until).fairness.shares;
    let calls: Vec<f64> = shares.iter().map(|share| share.calls as f64).collect();
    let mean = calls.iter().sum::<f64>() / calls.len() as f64;
    let errors = shares.iter().map(|share| {
        let due = share.due as f64 / (1u64 << 32) as f64;
        assert!((due - mean).abs() < 1e-3, "the same is due to all: {due}");
        (share.calls as f64 - due).powi(2)
    });
    (errors.sum::<f64>() / calls.len() as f64).sqrt()
}

#[test]
fn a_level_that_nobody_asks_for_makes_nobody_a_kind_of_their_own() {
    for levels in [[85; 6], [81, 82, 83, 84, 85, 86]] {
        let unfair = share_error(levels, "linear");
        assert!(
            unfair > 10.0,
            "whoever is first in the list takes most: {unfair}"
        );
        let fair = share_error(levels, "fair");
        assert!(fair < 1.0, "{fair}");
    }
}
