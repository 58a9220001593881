//! A day from an empty system, with other calls and other staff in each interval.

use super::site;
use super::site::Site;
use super::site::exponential;
use super::system::Held;
use super::system::System;
use super::system::Unit;
use super::watch::Run;
use crate::exact::day::Day;
use crate::exact::day::Piece;
use std::fmt::Write as _;
use strowger::measure::Summary;
use strowger::measure::figure::Part;

const AHT_S: f64 = 180.0;
const PATIENCE_S: f64 = 90.0;
const INTERVAL_S: f64 = 1800.0;
const BALKS: f64 = 0.1;
/// Fewer abandoned than this are not looked at.
const RARE: f64 = 0.01;
/// Start, calls expected, agents.
const INTERVALS: [(&str, u32, usize); 8] = [
    ("09:00", 40, 8),
    ("09:30", 80, 8),
    ("10:00", 100, 8),
    ("10:30", 70, 5),
    ("11:00", 60, 5),
    ("11:30", 90, 8),
    ("12:00", 40, 8),
    ("12:30", 10, 8),
];

pub(super) fn systems() -> Vec<System> {
    vec![morning()]
}

fn morning() -> System {
    let pieces = INTERVALS.map(|(_, calls, agents)| Piece {
        length_s: INTERVAL_S,
        rate: f64::from(calls) / INTERVAL_S,
        agents,
    });
    let day = Day {
        aht_s: AHT_S,
        patience_s: PATIENCE_S,
        balks: BALKS,
        pieces: pieces.to_vec(),
        step_s: 1.0,
    };
    let whole = day.solve();
    let mut figures = Vec::new();
    for (at, ((start, ..), exact)) in INTERVALS.into_iter().zip(&whole).enumerate() {
        let metric = |what: &str, unit, metric: &'static str, exact| {
            let figure = move |summary: &Summary| summary.intervals[at].get(metric);
            Held::reported(&format!("{start} {what}"), unit, exact, figure)
        };
        // Where hardly anybody waits there is nothing to compare.
        if exact.abandoned > RARE * exact.came {
            let abandoned = exact.abandoned / exact.came;
            let wait_s = exact.waits_s / exact.came;
            figures.extend([
                metric(
                    "abandoned ÷ queued",
                    Unit::Share,
                    "abandoned_share",
                    abandoned,
                ),
                metric("mean wait", Unit::Seconds, "wait_mean_s", wait_s),
            ]);
        }
        figures.push(metric(
            "occupancy",
            Unit::Share,
            "occupancy",
            exact.occupancy,
        ));
    }
    let abandoned = whole.iter().map(|found| found.abandoned).sum();
    let waiting = whole.iter().map(|found| found.waiting).sum::<f64>() / whole.len() as f64;
    figures.push(Held::metric(
        "abandoned in the day",
        Unit::Number,
        "abandoned",
        abandoned,
    ));
    figures.push(Held::counted(
        "mean number waiting",
        Unit::Number,
        waiting,
        |run: &Run| Part::new(run.seen[0].area_ms, run.length_ms),
    ));
    System {
        name: "A day that changes: M(t)/M/n(t)+M with balking",
        about: format!(
            "Half hours with {} expected calls and {} agents, from an empty system; 180 s, one caller in \
             ten does not wait, exponential patience of 90 s for the others. Any of the free agents is \
             as likely as another to take a call (`strategy = \"random\"`), and whoever goes finishes the \
             call in progress. Figures are of those who came in the half hour. Exact: Kolmogorov's forward equations for the calls in progress, the \
             backward equations for what becomes of a caller, by Runge and Kutta's method.",
            listed(|(_, calls, _)| calls.to_string()),
            listed(|(.., agents)| agents.to_string()),
        ),
        site: site(),
        runs: 600,
        figures,
    }
}

fn listed(of: fn((&str, u32, usize)) -> String) -> String {
    INTERVALS.map(of).join(", ")
}

fn site() -> Site {
    let callers = format!(
        "talk = {}\npatience = {{ distribution = \"hyperexponential\", share = {BALKS}, first = \"0s\", \
         second = \"{PATIENCE_S}s\" }}",
        exponential(AHT_S)
    );
    let mut forecast = "date,start,interval_min,line,calls\n".to_owned();
    let mut staff = "date,start,interval_min,group,agents\n".to_owned();
    for (start, calls, agents) in INTERVALS {
        let _ = writeln!(forecast, "2024-01-01,{start},30,v,{calls}");
        let _ = writeln!(staff, "2024-01-01,{start},30,agents,{agents}");
    }
    let head =
        "forecast = \"calls.csv\"\nstaff = \"staff.csv\"\nforecast_counts = \"first-attempts\"";
    Site(vec![
        site::line("queue", "", &site::queue("queue", "")),
        site::group("strategy = \"random\""),
        site::scenario(head, &callers, ""),
        ("calls.csv", forecast),
        ("staff.csv", staff),
    ])
}
