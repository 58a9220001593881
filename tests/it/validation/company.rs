//! Agents who stay on the line until a colleague has answered.

use super::plain::RUNS;
use super::plain::waits;
use super::site;
use super::site::Site;
use super::site::exponential;
use super::system::Held;
use super::system::System;
use super::system::Unit;
use crate::exact::erlang;
use strowger::measure::Summary;

/// In the order of the line's file.
const SUPPORT: usize = 0;
const EXPERTS: usize = 1;
const CALLS_PER_HOUR: f64 = 200.0;
const TALK_S: f64 = 180.0;
const INTRODUCTION_S: f64 = 120.0;
const SHARE: f64 = 0.5;
/// Of support so many that nobody waits for them.
const AGENTS: [u32; 2] = [60, 5];

pub(super) fn systems() -> Vec<System> {
    vec![warm_transfers()]
}

/// What leaves a queue in which nobody waits is Poisson (Mirasol 1963), and so is every part of it that is
/// drawn by lot: those who come to the experts, whatever holds their agents afterwards.
fn warm_transfers() -> System {
    let rate = CALLS_PER_HOUR / 3600.0;
    let load = rate * SHARE * INTRODUCTION_S;
    let exact = erlang::erlang_c(load, AGENTS[EXPERTS], INTRODUCTION_S, 20.0);
    let exact = exact.expect("a load below the experts");
    let talk_s = TALK_S + SHARE * (exact.asa_s + INTRODUCTION_S);
    let of = |queue: usize, name: &str, unit, metric: &'static str, exact| {
        let figure = move |summary: &Summary| summary.queues[queue].total.get(metric);
        Held::reported(name, unit, exact, figure)
    };
    System {
        name: "Agents who introduce their callers",
        about: format!(
            "{CALLS_PER_HOUR} calls an hour, and nobody waits for support (180 s). In half of the talks the \
             agent invites one of 5 experts (`warm = true`), stays until one has answered, and then for an \
             introduction of {INTRODUCTION_S} s (exponential), with which all is said. Exact: Erlang's delay \
             formula for the experts, whose callers come as the talks end, at random (Mirasol 1963), and \
             Little's law for the agents."
        ),
        site: site(),
        runs: RUNS,
        figures: vec![
            waits(EXPERTS, exact.waits).called("experts: "),
            of(
                EXPERTS,
                "experts: mean wait",
                Unit::Seconds,
                "asa_s",
                exact.asa_s,
            ),
            of(
                EXPERTS,
                "experts: occupancy",
                Unit::Share,
                "occupancy",
                exact.occupancy,
            ),
            of(
                SUPPORT,
                "support: mean talk",
                Unit::Seconds,
                "talk_mean_s",
                talk_s,
            ),
            of(
                SUPPORT,
                "support: occupancy",
                Unit::Share,
                "occupancy",
                rate * talk_s / f64::from(AGENTS[SUPPORT]),
            ),
        ],
    }
}

fn site() -> Site {
    let experts = site::queue("experts", "").replace("\"agents\"", "\"experts\"");
    let steps = site::queue("support", "") + &experts;
    let (file, groups) = site::group("");
    let of_experts = groups.split("[agent.a]").next().unwrap_or_default();
    let of_experts = of_experts.replace("format = 1", "");
    let of_experts = of_experts.replace("[group.agents]", "[group.experts]");
    let head = format!(
        "[run]\nlength = \"25h\"\nwarm_up = \"1h\"\n\
         [demand]\nv = {{ calls_per_hour = {CALLS_PER_HOUR} }}\n\
         [staff]\nagents = {}\nexperts = {}",
        AGENTS[SUPPORT], AGENTS[EXPERTS]
    );
    let transfers = format!(
        "[transfers.support]\nshare = {SHARE}\nto = \"experts\"\nwarm = true\n\
         introduction = {}\ntalk = \"0s\"",
        exponential(INTRODUCTION_S)
    );
    let talk = format!("talk = {}", exponential(TALK_S));
    Site(vec![
        site::line("support", "", &steps),
        (file, groups + &of_experts),
        site::scenario(&head, &talk, &transfers),
    ])
}
