//! One queue and one group, in a steady state.

use super::site;
use super::site::Site;
use super::system::Held;
use super::system::System;
use super::system::Unit;
use super::watch::Run;
use crate::exact::erlang;
use crate::exact::erlang::ErlangA;
use crate::exact::patience;
use crate::exact::patience::Survival;
use strowger::measure::confidence::Part;

/// Erlangs of most of these systems.
const LOAD: f64 = 10.0;
const AHT_S: f64 = 180.0;
const PATIENCE_S: f64 = 60.0;
const WITHIN_S: f64 = 20.0;
const RUNS: u32 = 24;

/// What the plain systems differ in.
pub(crate) struct Plain<'a> {
    pub(crate) agents: u32,
    pub(crate) talk: &'a str,
    pub(crate) patience: &'a str,
    /// Lines of `[line]`.
    pub(crate) line: &'a str,
    /// Lines of `[group.agents]`.
    pub(crate) group: &'a str,
    /// Lines of `[callers]`.
    pub(crate) callers: &'a str,
    pub(crate) calls_per_hour: f64,
    pub(crate) warm_up_h: u32,
    /// Of the statistics.
    pub(crate) hours: u32,
}

impl Default for Plain<'_> {
    fn default() -> Self {
        Self {
            agents: 10,
            talk: r#"{ distribution = "exponential", mean = "180s" }"#,
            patience: r#"{ distribution = "exponential", mean = "60s" }"#,
            line: "",
            group: "",
            callers: "",
            calls_per_hour: LOAD / AHT_S * 3600.0,
            warm_up_h: 1,
            hours: 24,
        }
    }
}

impl Plain<'_> {
    pub(crate) fn site(&self) -> Site {
        let Self { talk, patience, .. } = self;
        let head = format!(
            "[run]\nlength = \"{}h\"\nwarm_up = \"{}h\"\n[demand]\nv = {{ calls_per_hour = {} }}\n\
             [staff]\nagents = {}",
            self.warm_up_h + self.hours,
            self.warm_up_h,
            self.calls_per_hour,
            self.agents
        );
        let callers = format!("talk = {talk}\npatience = {patience}\n{}", self.callers);
        Site(vec![
            site::line("queue", self.line, &site::queue("queue", "")),
            site::group(self.group),
            site::scenario(&head, &callers, ""),
        ])
    }
}

/// Erlang's systems.
pub(super) fn erlangs() -> Vec<System> {
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

/// M/M/n+G for laws of patience with the same mean.
pub(super) fn patiences() -> Vec<System> {
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

pub(super) fn abandoned(exact: f64) -> Held {
    Held::metric("abandoned ÷ queued", Unit::Share, "abandoned_share", exact)
}

pub(super) fn wait(exact: f64) -> Held {
    let name = "mean wait of all who queued";
    Held::metric(name, Unit::Seconds, "wait_mean_s", exact)
}

fn within(exact: f64) -> Held {
    let name = "answered within 20 s ÷ queued";
    Held::metric(name, Unit::Share, "service_level_of_entered", exact)
}

pub(super) fn occupancy(exact: f64) -> Held {
    Held::metric("occupancy", Unit::Share, "occupancy", exact)
}

/// The share of those who joined a queue for whom nobody was free.
pub(super) fn waits(queue: usize, exact: f64) -> Held {
    let part = move |run: &Run| Part::new(run.seen[queue].waited, run.seen[queue].joined);
    Held::counted("nobody free ÷ queued", Unit::Share, exact, part)
}

/// The mean number waiting.
pub(super) fn waiting(queue: usize, exact: f64) -> Held {
    let part = move |run: &Run| Part::new(run.seen[queue].area_ms, run.length_ms);
    Held::counted("mean number waiting", Unit::Number, exact, part)
}

pub(super) fn share_of_attempts(name: &str, exact: f64, count: fn(&Run) -> u64) -> Held {
    let part = move |run: &Run| Part::new(count(run), run.figures.total.calls.attempts);
    Held::counted(&format!("{name} ÷ attempts"), Unit::Share, exact, part)
}
