//! Callers of all kinds of patience.

use super::plain::AHT_S;
use super::plain::LOAD;
use super::plain::PATIENCE_S;
use super::plain::Plain;
use super::plain::RUNS;
use super::plain::WITHIN_S;
use super::plain::abandoned;
use super::plain::occupancy;
use super::plain::wait;
use super::plain::waiting;
use super::plain::waits;
use super::plain::within;
use super::site;
use super::system::Held;
use super::system::System;
use crate::exact::erlang;
use crate::exact::erlang::ErlangA;
use crate::exact::patience;
use crate::exact::patience::Survival;

/// M/M/n+G for laws of patience with the same mean.
pub(super) fn systems() -> Vec<System> {
    let laws: [(&'static str, &str, &str, Survival); 8] = [
        (
            "Erlang A: M/M/10+M",
            "exponential with a mean of 60 s",
            r#"{ distribution = "exponential", mean = "60s" }"#,
            patience::exponential(PATIENCE_S),
        ),
        (
            "M/M/10+D",
            "60 s for everybody",
            r#"{ distribution = "fixed", value = "60s" }"#,
            patience::deterministic(PATIENCE_S),
        ),
        (
            "M/M/10+U",
            "uniform from 0 to 120 s",
            r#"{ distribution = "uniform", min = "0s", max = "120s" }"#,
            patience::uniform(PATIENCE_S),
        ),
        (
            "M/M/10+E2",
            "Erlang with 2 phases and a mean of 60 s",
            r#"{ distribution = "erlang", mean = "60s", phases = 2 }"#,
            patience::erlang_2(PATIENCE_S),
        ),
        (
            "M/M/10+LN",
            "log-normal with a mean and a standard deviation of 60 s",
            r#"{ distribution = "lognormal", mean = "60s", cv = 1.0 }"#,
            patience::lognormal(PATIENCE_S),
        ),
        (
            "M/M/10+W",
            "Weibull with shape 0.7 and a mean of 60 s",
            r#"{ distribution = "weibull", mean = "60s", shape = 0.7 }"#,
            patience::weibull(PATIENCE_S),
        ),
        (
            "M/M/10+H2",
            "hyperexponential, one half with a mean of 15 s, the other of 105 s",
            r#"{ distribution = "hyperexponential", share = 0.5, first = "15s", second = "105s" }"#,
            patience::hyperexponential(PATIENCE_S),
        ),
        (
            "M/M/10+M with balking",
            "nothing for one caller in ten, exponential with a mean of 60 s for the others",
            r#"{ distribution = "hyperexponential", share = 0.1, first = "0s", second = "60s" }"#,
            patience::one_in_ten_balks(PATIENCE_S),
        ),
    ];
    let system = |(name, law, text, survival): (&'static str, &str, &str, Survival)| {
        let exact = erlang::erlang_a(LOAD, 10, AHT_S, WITHIN_S, PATIENCE_S, survival);
        System {
            name,
            about: format!(
                "10 Erlangs for 10 agents. Patience: {law}. Exact: the integrals \
                 of Zeltyn and Mandelbaum (Queueing Systems 51, 2005)."
            ),
            site: Plain {
                patience: text,
                ..Plain::default()
            }
            .site(),
            runs: RUNS,
            figures: of_erlang_a(&exact),
        }
    };
    laws.into_iter().map(system).chain([large()]).collect()
}

/// A row of the tables that are often reprinted.
fn large() -> System {
    let patience = patience::exponential(120.0);
    let exact = erlang::erlang_a(95.0, 100, 300.0, WITHIN_S, 120.0, patience);
    System {
        name: "Erlang A, large: M/M/100+M",
        about:
            "95 Erlangs for 100 agents, talks of 300 s, exponential patience of 120 s. Exact: as \
                above."
                .to_owned(),
        site: Plain {
            agents: 100,
            talk: &site::exponential(300.0),
            patience: &site::exponential(120.0),
            calls_per_hour: 1140.0,
            warm_up_h: 2,
            hours: 8,
            ..Plain::default()
        }
        .site(),
        runs: RUNS,
        figures: of_erlang_a(&exact),
    }
}

fn of_erlang_a(exact: &ErlangA) -> Vec<Held> {
    vec![
        waits(0, exact.waits),
        abandoned(exact.abandons),
        wait(exact.wait_s),
        waiting(0, exact.waiting),
        within(exact.answered_within),
        occupancy(exact.occupancy),
    ]
}
