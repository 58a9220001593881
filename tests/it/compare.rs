//! Strategies are compared on the same callers.

use std::path::Path;
use strowger::exchange::strategy::Strategy;
use strowger::measure::Figure;
use strowger::menu::diagnostic::Diagnostics;
use strowger::menu::source::Sources;
use strowger::sim::compare::Contender;
use strowger::sim::compare::compare;
use strowger::sim::study::load;

const RUNS: u32 = 4;

fn contenders(scenario: &str, strategies: &[Strategy]) -> Vec<Contender> {
    let (mut sources, mut problems) = (Sources::default(), Diagnostics::default());
    let cases = load(Path::new(scenario), None, &mut sources, &mut problems);
    let base = cases.expect("the scenario is fine").base;
    compare(&base, strategies, 3, RUNS, &|| ())
}

fn callers(contender: &Contender) -> Figure {
    contender.result.summary.total.get("callers")
}

#[test]
fn every_strategy_meets_the_same_callers() {
    // Phones ring, calls are missed, and callers redial in one of them.
    for scenario in [
        "tests/it/tiny/tiny.scenario.toml",
        "scenarios/skills.scenario.toml",
    ] {
        let all = contenders(scenario, &Strategy::ALL);
        for one in &all[1..] {
            assert_eq!(callers(one), callers(&all[0]), "{:?}", one.strategy);
            assert!(!one.differences.is_empty());
        }
    }
}

#[test]
fn a_strategy_does_not_differ_from_itself() {
    let twice = [Strategy::Fair, Strategy::Fair];
    let twins = contenders("scenarios/part-time.scenario.toml", &twice);
    assert!(twins[0].differences.is_empty());
    for (name, difference) in &twins[1].differences {
        let figure = difference.figure;
        assert_eq!(figure.mean.unwrap_or(0.0), 0.0, "{name}");
        assert!(!difference.real && figure.half_width().unwrap_or(0.0) == 0.0);
    }
}
