//! What `catch_up` forgives is the operator's doing, not the dispatcher's.

use crate::written::LINE;
use crate::written::cases;
use strowger::exchange::time::Span;
use strowger::exchange::time::Tick;
use strowger::measure::RunFigures;
use strowger::sim::model::Model;
use strowger::sim::replicate::replicate;

/// A day and a half on end, in which callers wait most of the time.
fn model(group: &str) -> Model {
    let groups = format!("format = 1\n[group.support]\nrest = \"0s\"\n{group}\n");
    let scenario = "menu = \"line.toml\"\ndemand = { line = { calls_per_hour = 100 } }\n\
                    staff = { support = 10 }\n[run]\nlength = \"36h\"\n\
                    [callers]\npatience = \"8h\"\n\
                    talk = { distribution = \"exponential\", mean = \"300s\" }\n";
    let cases = cases(&[
        ("line.toml", LINE),
        ("groups.toml", &groups),
        ("day.scenario.toml", scenario),
    ]);
    cases.base
}

fn runs(group: &str) -> Vec<RunFigures> {
    replicate(&model(group), 1, 0..4, &|| ())
}

#[test]
fn no_choice_goes_against_what_is_owed_after_forgiving() {
    let mut inequitable = 0;
    for run in runs("catch_up = 8") {
        let fairness = &run.fairness;
        assert_eq!(fairness.inequitable, fairness.inequitable_forgiven);
        inequitable += fairness.inequitable;
        for share in &fairness.shares {
            assert_eq!(share.dispatchers(), 0, "{share:?}");
        }
    }
    assert!(inequitable > 100, "something was forgiven: {inequitable}");
}

#[test]
fn where_nothing_is_forgiven_no_choice_is_inequitable() {
    for run in runs("catch_up = 1000") {
        let fairness = &run.fairness;
        assert!(fairness.choices > 500, "{}", fairness.choices);
        assert_eq!(
            (fairness.inequitable, fairness.inequitable_forgiven),
            (0, 0)
        );
    }
}

#[test]
fn what_is_owed_from_a_warm_up_is_made_up_for_after_it() {
    for strategy in ["fair", "fewest-calls"] {
        let mut model = model(&format!("catch_up = 1000\nstrategy = \"{strategy}\""));
        model.frame.from = Tick(0) + Span::minutes(12 * 60);
        for run in replicate(&model, 1, 0..4, &|| ()) {
            let fairness = &run.fairness;
            assert!(fairness.choices > 500, "{}", fairness.choices);
            assert_eq!(fairness.inequitable, 0, "{strategy}");
            let calls: u64 = fairness.shares.iter().map(|share| share.calls).sum();
            let answered = run.total.queues.answered;
            // those who joined before the warm-up was over, and were answered after it, count here alone
            assert!(
                (answered..answered + 100).contains(&calls),
                "{calls} {answered}"
            );
        }
    }
}

#[test]
fn other_strategies_have_nobody_to_forgive() {
    for run in runs("catch_up = 8\nstrategy = \"longest-idle\"") {
        assert!(run.fairness.inequitable > 100);
        assert_eq!(run.fairness.inequitable_forgiven, 0);
    }
}
