//! Erlang's systems, and those that are solved like them.

use super::plain::AHT_S;
use super::plain::LOAD;
use super::plain::PATIENCE_S;
use super::plain::Plain;
use super::plain::RUNS;
use super::plain::WITHIN_S;
use super::plain::abandoned;
use super::plain::occupancy;
use super::plain::share_of_attempts;
use super::plain::wait;
use super::plain::waiting;
use super::plain::waits;
use super::plain::within;
use super::site;
use super::site::Site;
use super::system::Held;
use super::system::System;
use super::system::Unit;
use crate::exact::erlang;

pub(super) fn systems() -> Vec<System> {
    vec![
        erlang_b(),
        erlang_b_of_any_law(),
        erlang_b_of_whole_handling(),
        erlang_c(),
        room(),
        lines(),
    ]
}

fn erlang_b() -> System {
    let lost = erlang::erlang_b(LOAD, 10);
    System {
        name: "Erlang B: M/M/10/10",
        about: "10 Erlangs for 10 agents and a queue without room (`max_waiting = 0`). Exact: \
                Erlang's loss formula (1917)."
            .to_owned(),
        site: Plain {
            group: "max_waiting = 0",
            ..Plain::default()
        }
        .site(),
        runs: RUNS,
        figures: vec![
            share_of_attempts("turned away", lost, |run| {
                run.figures.total.calls.turned_away
            }),
            occupancy(LOAD * (1.0 - lost) / 10.0),
        ],
    }
}

fn erlang_b_of_any_law() -> System {
    let lost = erlang::erlang_b(LOAD, 12);
    System {
        name: "Erlang B by trunks: M/G/12/12",
        about: "10 Erlangs for 12 agents behind 12 trunks; talks are log-normal with a standard \
                deviation of 1.5 times the mean. Exact: Erlang's loss formula, in which only the mean \
                counts (Sevastyanov 1957)."
            .to_owned(),
        site: Plain {
            agents: 12,
            talk: r#"{ distribution = "lognormal", mean = "180s", cv = 1.5 }"#,
            line: "trunks = 12",
            warm_up_h: 2,
            ..Plain::default()
        }
        .site(),
        runs: RUNS,
        figures: vec![
            share_of_attempts("blocked", lost, |run| run.figures.total.calls.blocked),
            occupancy(LOAD * (1.0 - lost) / 12.0),
        ],
    }
}

fn erlang_b_of_whole_handling() -> System {
    let load = LOAD / AHT_S * (4.0 + 130.0 + 46.0);
    let lost = erlang::erlang_b(load, 10);
    let plain = Plain {
        talk: r#"{ distribution = "erlang", mean = "130s", phases = 3 }"#,
        patience: "\"24h\"",
        group: "max_waiting = 0",
        ..Plain::default()
    };
    let Site(mut files) = plain.site();
    let group = &mut files[1].1;
    *group = group.replace("ring = \"0s\"", "ring = \"20s\"");
    *group = group.replace("limit = \"0s\"", "limit = \"1h\"");
    let scenario = &mut files[2].1;
    *scenario = scenario.replace("answers = \"0s\"", "answers = \"4s\"");
    let wrap_up = format!("wrap_up = {}", site::exponential(46.0));
    *scenario = scenario.replace("wrap_up = \"0s\"", &wrap_up);
    System {
        name: "Erlang B of ringing, talk and wrap-up: M/G/10/10",
        about: "10 Erlangs for 10 agents and a queue without room: phones ring for 4 s, talks last 130 s \
                (Erlang with 3 phases), wrap-up 46 s (exponential). Exact: Erlang's loss formula for the \
                sum of the three."
            .to_owned(),
        site: Site(files),
        runs: RUNS,
        figures: vec![
            share_of_attempts("turned away", lost, |run| run.figures.total.calls.turned_away),
            occupancy(load * (1.0 - lost) / 10.0),
            Held::metric("handling time", Unit::Seconds, "aht_s", 130.0 + 46.0),
        ],
    }
}

/// M/M/n/K: the chain of Erlang A with trunks, for callers who never give up.
fn room() -> System {
    let exact = erlang::erlang_a_with_lines(LOAD, 10, AHT_S, f64::INFINITY, 15);
    let queued = 1.0 - exact.blocked;
    System {
        name: "A queue with room for five: M/M/10/15",
        about:
            "10 Erlangs for 10 agents, `max_waiting = 5`, and a patience of 24 hours that nobody \
                loses. Exact: the birth-and-death chain."
                .to_owned(),
        site: Plain {
            patience: "\"24h\"",
            group: "max_waiting = 5",
            ..Plain::default()
        }
        .site(),
        runs: RUNS,
        figures: vec![
            share_of_attempts("turned away", exact.blocked, |run| {
                run.figures.total.calls.turned_away
            }),
            waits(0, exact.waits / queued),
            Held::metric("mean wait", Unit::Seconds, "asa_s", exact.wait_s),
            occupancy(exact.occupancy),
        ],
    }
}

fn erlang_c() -> System {
    let exact = erlang::erlang_c(LOAD, 13, AHT_S, WITHIN_S).expect("a load below the agents");
    System {
        name: "Erlang C: M/M/13",
        about: "10 Erlangs for 13 agents, and a patience of 24 hours that nobody loses. Exact: \
                Erlang's delay formula (1917)."
            .to_owned(),
        site: Plain {
            agents: 13,
            patience: "\"24h\"",
            warm_up_h: 4,
            ..Plain::default()
        }
        .site(),
        // Long queues take long to go: runs differ more.
        runs: 2 * RUNS,
        figures: vec![
            waits(0, exact.waits),
            Held::metric("mean wait", Unit::Seconds, "asa_s", exact.asa_s),
            waiting(0, LOAD / AHT_S * exact.asa_s),
            within(exact.service_level),
            occupancy(exact.occupancy),
        ],
    }
}

fn lines() -> System {
    let exact = erlang::erlang_a_with_lines(LOAD, 10, AHT_S, PATIENCE_S, 13);
    let queued = 1.0 - exact.blocked;
    System {
        name: "Erlang A with trunks: M/M/10/13+M",
        about:
            "10 Erlangs for 10 agents behind 13 trunks, exponential patience of 60 s. Exact: the \
                birth-and-death chain."
                .to_owned(),
        site: Plain {
            line: "trunks = 13",
            ..Plain::default()
        }
        .site(),
        runs: RUNS,
        figures: vec![
            share_of_attempts("blocked", exact.blocked, |run| {
                run.figures.total.calls.blocked
            }),
            waits(0, exact.waits / queued),
            abandoned(exact.abandons / queued),
            wait(exact.wait_s),
            occupancy(exact.occupancy),
        ],
    }
}
