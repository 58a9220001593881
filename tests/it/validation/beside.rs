//! Callers beside people who are called while agents are to spare.

use super::plain::AHT_S;
use super::plain::PATIENCE_S;
use super::plain::Plain;
use super::plain::RUNS;
use super::plain::abandoned;
use super::plain::occupancy;
use super::plain::wait;
use super::plain::waiting;
use super::plain::waits;
use super::site;
use super::site::Site;
use super::system::Held;
use super::system::System;
use super::system::Unit;
use super::watch::Run;
use crate::exact::beside::beside_a_list;
use strowger::measure::figure::Part;

const LOAD: f64 = 6.0;
const AGENTS: u32 = 10;
const SPARE: u32 = 2;
/// Far more than there is time for, so that somebody is always to be called.
const ASKED_PER_HOUR: f64 = 500.0;

pub(super) fn systems() -> Vec<System> {
    vec![a_list_without_end()]
}

fn a_list_without_end() -> System {
    let exact = beside_a_list(LOAD, (AGENTS, SPARE), AHT_S, PATIENCE_S);
    let per_hour = |run: &Run| Part::new(run.reached * 3_600_000, run.length_ms);
    System {
        name: "Callers beside a list without end",
        about: format!(
            "{LOAD} Erlangs for {AGENTS} agents, patience of {PATIENCE_S} s (exponential). Whenever more than \
             {SPARE} agents are free and nobody waits, one of them calls somebody (`spare_agents = {SPARE}`), who \
             answers at once and talks as long as a caller. Exact: a birth-and-death process that never has \
             fewer than {} busy agents.",
            AGENTS - SPARE
        ),
        site: site(),
        runs: RUNS,
        figures: vec![
            waits(0, exact.waits),
            abandoned(exact.abandons),
            wait(exact.wait_s),
            waiting(0, exact.waiting),
            occupancy(exact.occupancy),
            Held::counted(
                "calls out an hour",
                Unit::Number,
                exact.calls_out * 3600.0,
                per_hour,
            ),
        ],
    }
}

fn site() -> Site {
    let plain = Plain {
        agents: AGENTS,
        calls_per_hour: LOAD / AHT_S * 3600.0,
        ..Plain::default()
    };
    let Site(mut files) = plain.site();
    let out = format!(
        "[dialling]\nallow = [\"+44\"]\n[callback.list]\nqueue = \"out\"\nby_request = true\nspare_agents = \
         {SPARE}\nsay = \"We call you.\"\nthen = \"@hangup\"\n"
    );
    let steps = site::queue("queue", "") + &site::queue("out", "") + &out;
    files[0] = site::line("queue", "", &steps);
    let list = format!(
        "[outbound.list]\ncalls_per_hour = {ASKED_PER_HOUR}\nreached = 1.0\npicks_up = \"0s\"\n"
    );
    files[2].1.push_str(&list);
    Site(files)
}
