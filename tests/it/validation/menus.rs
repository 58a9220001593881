//! Menus before the agents, on the same trunks.

use super::plain::Plain;
use super::plain::abandoned;
use super::plain::occupancy;
use super::plain::share_of_attempts;
use super::plain::wait;
use super::plain::waiting;
use super::plain::waits;
use super::site;
use super::site::Site;
use super::system::System;
use crate::exact::ivr::Ivr;

pub(super) fn systems() -> Vec<System> {
    vec![shared_trunks()]
}

fn shared_trunks() -> System {
    let ivr = Ivr {
        rate: 400.0 / 3600.0,
        menus_s: 40.0,
        goes_on: 0.5,
        agents: 10,
        aht_s: 180.0,
        patience_s: 60.0,
        trunks: 18,
    };
    let exact = ivr.solve();
    System {
        name: "Menus and agents that share trunks",
        about: "400 calls an hour on 18 trunks. Callers spend 20 to 60 s in a menu, every length as \
                likely as any other; then one half hangs up, the other half queues for 10 agents (180 s, \
                exponential patience of 60 s). Exact: the product form of Baskett, Chandy, Muntz and \
                Palacios (1975), cut off at 18 calls."
            .to_owned(),
        site: site(),
        runs: 24,
        figures: vec![
            share_of_attempts("blocked", exact.blocked, |run| run.figures.total.calls.blocked),
            share_of_attempts("left in the menu", exact.left_in_menu, |run| {
                run.figures.total.calls.left_in_menu
            }),
            waits(0, exact.waits),
            abandoned(exact.abandons),
            wait(exact.wait_s),
            waiting(0, exact.waiting),
            occupancy(exact.occupancy),
        ],
    }
}

/// The plain site with a menu before the queue.
fn site() -> Site {
    let plain = Plain {
        callers: r#"listens = { distribution = "uniform", min = "20s", max = "60s" }"#,
        calls_per_hour: 400.0,
        hours: 14,
        ..Plain::default()
    };
    let Site(mut files) = plain.site();
    // Nobody is asked twice: the menu waits for longer than anybody listens.
    let steps = format!("{}{}", site::menu(&["queue"]), site::queue("queue", ""));
    files[0] = site::line("main", "trunks = 18", &steps);
    files[2].1 += "[keys.main]\n1 = 0.5\nhangup = 0.5\n";
    Site(files)
}
