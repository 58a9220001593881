//! Callers who call again.

use super::plain::Plain;
use super::plain::abandoned;
use super::plain::occupancy;
use super::plain::share_of_attempts;
use super::plain::wait;
use super::plain::waiting;
use super::system::Held;
use super::system::System;
use super::system::Unit;
use super::watch::Run;
use crate::exact::redial::Redial;
use strowger::measure::figure::Part;

pub(super) fn systems() -> Vec<System> {
    vec![redials()]
}

fn redials() -> System {
    let redial = Redial {
        rate: 180.0 / 3600.0,
        agents: 8,
        aht_s: 180.0,
        patience_s: 60.0,
        trunks: 11,
        after_blocked: 0.8,
        after_abandoned: 0.5,
        delay_s: 300.0,
    };
    let exact = redial.solve();
    let attempts = |run: &Run| Part::new(run.figures.total.calls.attempts, callers(run));
    let answered = |run: &Run| Part::new(run.figures.total.queues.answered, callers(run));
    System {
        name: "Callers who call again",
        about: "180 callers an hour on 11 trunks for 8 agents (180 s, exponential patience of 60 s). 8 \
                in 10 call again after the busy signal, 5 in 10 after hanging up, after an exponential \
                time of 300 s. Exact: the Markov chain of calls in progress and callers who are about \
                to call again."
            .to_owned(),
        site: Plain {
            agents: 8,
            line: "trunks = 11",
            callers: r#"redial = { after_blocked = 0.8, after_abandoned = 0.5, attempts = 100, delay = { distribution = "exponential", mean = "300s" } }"#,
            calls_per_hour: 180.0,
            warm_up_h: 2,
            ..Plain::default()
        }
        .site(),
        runs: 24,
        figures: vec![
            Held::counted("attempts ÷ callers", Unit::Number, exact.attempts, attempts),
            Held::counted("answered ÷ callers", Unit::Share, exact.answered, answered),
            share_of_attempts("blocked", exact.blocked, |run| run.figures.total.calls.blocked),
            abandoned(exact.abandons),
            wait(exact.wait_s),
            waiting(0, exact.waiting),
            occupancy(exact.occupancy),
        ],
    }
}

fn callers(run: &Run) -> u64 {
    run.figures.total.calls.callers
}
