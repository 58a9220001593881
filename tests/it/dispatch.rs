//! The dispatcher's guarantees (F1 to F6, C1, C3, E1) over random days.
//!
//! A day that goes wrong is named by its seed and length: `a_day(seed, steps)` lives it again.

use crate::day;
use crate::day::Day;
use crate::day::Timed;
use proptest::prelude::*;
use std::sync::Arc;
use strowger::exchange::effect::Effect;

const AGENTS: usize = 8;

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_decision_is_fair_and_nothing_is_lost(seed: u64, steps in 1..500_usize) {
        let day = a_day(seed, steps);
        prop_assert!(day.is_ok(), "{}", day.err().unwrap_or_default());
    }

    #[test]
    fn the_same_day_goes_the_same_way(seed: u64, steps in 1..300_usize) {
        let (one, two) = (a_day(seed, steps), a_day(seed, steps));
        prop_assert_eq!(one, two);
    }
}

#[test]
fn random_days_see_everything() {
    let plan = Arc::new(day::plan(AGENTS));
    let mut day = Day::new(plan, 1);
    for _ in 0..5000 {
        day.step().expect("a day in order");
    }
    let books = &day.books;
    let counts = (books.decisions, books.answered, books.ended);
    assert!(
        counts > (300, 150, 0) && books.answered > 150 && books.ended > 500,
        "{counts:?}"
    );
    let seen = |wanted: &str| {
        let shown = day.effects.iter().map(|(_, effect)| format!("{effect:?}"));
        shown.filter(|effect| effect.contains(wanted)).count() > 0
    };
    for wanted in [
        "NoAnswer",
        "Declined",
        "CallerGone",
        "AgentGone",
        "Overflowed",
        "TimedOut",
        "ByKey",
        "Abandoned",
        "Forgiven",
        "WrapUp",
        "Resting",
        "Paused",
        "NoAgents",
        "Full",
        "AllPaused",
        "StaleOffer",
        "CallerCame",
        "AgentFree",
        "Blocked",
    ] {
        assert!(seen(wanted), "no {wanted} in a long day");
    }
}

/// Lives a day; its effects, or what went wrong at which step.
fn a_day(seed: u64, steps: usize) -> Result<Vec<Timed<Effect>>, String> {
    let mut day = Day::new(Arc::new(day::plan(AGENTS)), seed);
    for step in 0..steps {
        day.step()
            .map_err(|problem| format!("a_day({seed}, {steps}), step {step}: {problem}"))?;
    }
    Ok(day.effects)
}
