//! Urgent callers before others, for the same agents.

use super::plain::Plain;
use super::plain::occupancy;
use super::site;
use super::site::Site;
use super::system::Held;
use super::system::System;
use super::system::Unit;
use crate::exact::erlang;
use strowger::measure::Summary;

const LOAD: f64 = 10.0;
const AHT_S: f64 = 180.0;
const AGENTS: u32 = 13;
const URGENT: f64 = 0.4;

pub(super) fn systems() -> Vec<System> {
    vec![priority()]
}

/// The mean wait of a class is C·AHT / n / ((1 - load before it) · (1 - that and its own)), loads per
/// agent, C the probability of waiting.
fn priority() -> System {
    let erlang = erlang::erlang_c(LOAD, AGENTS, AHT_S, 20.0).expect("a load below the agents");
    let base_s = erlang.waits * AHT_S / f64::from(AGENTS);
    let urgent_left = 1.0 - URGENT * erlang.occupancy;
    let urgent_s = base_s / urgent_left;
    let usual_s = urgent_s / (1.0 - erlang.occupancy);
    let wait = |queue: &'static str, exact| {
        let figure = move |summary: &Summary| {
            let row = summary.queue(queue).expect("a queue of this name");
            row.total.get("asa_s")
        };
        let name = format!("{queue}: mean wait");
        Held::reported(&name, Unit::Seconds, exact, figure)
    };
    System {
        name: "Priority without interruption: M/M/13 with two classes",
        about:
            "10 Erlangs for 13 agents; 4 in 10 callers are urgent (`emergency = true`), and nobody \
                loses a patience of 24 hours. Exact: Cobham (Operations Research 2, 1954)."
                .to_owned(),
        site: site(),
        // Long queues take long to go: runs differ more.
        runs: 48,
        figures: vec![
            wait("urgent", urgent_s),
            wait("usual", usual_s),
            occupancy(erlang.occupancy),
        ],
    }
}

fn site() -> Site {
    let plain = Plain {
        agents: AGENTS,
        patience: "\"24h\"",
        callers: "listens = \"2s\"",
        warm_up_h: 4,
        ..Plain::default()
    };
    let Site(mut files) = plain.site();
    let usual = site::queue("usual", "");
    let urgent = site::queue("urgent", "emergency = true");
    let steps = format!("{}{usual}{urgent}", site::menu(&["usual", "urgent"]));
    files[0] = site::line("main", "", &steps);
    let wants = [("usual", 1.0 - URGENT), ("urgent", URGENT)];
    for (queue, share) in wants {
        let want = format!("[wants.{queue}]\nshare = {share}\nneeds = \"{queue}\"\n");
        files[2].1.push_str(&want);
    }
    Site(files)
}
