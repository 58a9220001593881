//! Two queues by skill.

use super::plain::waiting;
use super::plain::waits;
use super::site;
use super::site::Site;
use super::site::exponential;
use super::system::Held;
use super::system::System;
use super::system::Unit;
use super::watch::Run;
use crate::exact::skills::Kind;
use crate::exact::skills::Skills;
use std::fmt::Write as _;
use strowger::exchange::dialplan::Agent;
use strowger::measure::Summary;
use strowger::measure::figure::Part;
use strowger::measure::tally::AgentTally;

/// The queues, in the order of the line's file.
const QUEUES: [&str; 2] = ["usual", "urgent"];
const CALLS_PER_HOUR: f64 = 180.0;
const SHARES: [f64; 2] = [0.6, 0.4];
/// Those for usual calls, for urgent ones, for both: in the order of the staff file.
const AGENTS: [u8; 3] = [3, 2, 4];

pub(super) fn systems() -> Vec<System> {
    vec![two_skills()]
}

fn two_skills() -> System {
    let kind = |kind: usize, aht_s, patience_s| Kind {
        rate: CALLS_PER_HOUR * SHARES[kind] / 3600.0,
        aht_s,
        patience_s,
        agents: AGENTS[kind],
    };
    let skills = Skills {
        usual: kind(0, 180.0, 90.0),
        urgent: kind(1, 150.0, 60.0),
        both: AGENTS[2],
    };
    let exact = skills.solve();
    let mut figures = Vec::new();
    for (place, queue) in QUEUES.into_iter().enumerate() {
        let of_queue = |what: &str, unit, metric: &'static str, exact| {
            let figure = move |summary: &Summary| summary.queues[place].total.get(metric);
            Held::reported(&format!("{queue}: {what}"), unit, exact, figure)
        };
        let named = |held: Held| held.called(&format!("{queue}: "));
        let wait = "mean wait of all who queued";
        figures.extend([
            named(waits(place, exact.waits[place])),
            of_queue(
                "abandoned ÷ queued",
                Unit::Share,
                "abandoned_share",
                exact.abandons[place],
            ),
            of_queue(wait, Unit::Seconds, "wait_mean_s", exact.wait_s[place]),
            named(waiting(place, exact.waiting[place])),
        ]);
    }
    let site = site(&skills);
    let plan = site.model().plan;
    // Whoever takes both has both skills, in the order of the alphabet.
    let [usual, urgent, both] = [&["usual"][..], &["urgent"], &["urgent", "usual"]].map(|skills| {
        let has = |agent: &Agent| {
            let profile = &plan.profiles[agent.profile.index()];
            profile.skills.iter().map(|(name, _)| name).eq(skills)
        };
        let agents = plan.agents.iter().enumerate();
        let found = agents.filter(|(_, agent)| has(agent));
        found.map(|(place, _)| place).collect()
    });
    figures.extend([
        occupancy("agents for usual calls", exact.occupancy[0], usual),
        occupancy("agents for urgent calls", exact.occupancy[1], urgent),
        occupancy("agents for both", exact.occupancy_both, both),
    ]);
    System {
        name: "Two skills",
        about: "180 calls an hour: 6 in 10 usual (180 s, exponential patience of 90 s), 4 in 10 urgent \
                (150 s, 60 s; `emergency = true`). 3 agents take usual calls, 2 urgent ones, 4 both, and \
                these come in after the others (`tier = 1`). Exact: the Markov chain in six dimensions."
            .to_owned(),
        site,
        runs: 28,
        figures,
    }
}

/// The occupancy of a part of the agents.
fn occupancy(who: &str, exact: f64, agents: Vec<usize>) -> Held {
    let part = move |run: &Run| {
        let agents = agents.iter().map(|place| &run.figures.agents[*place]);
        let loads = agents.map(AgentTally::load);
        let sums = loads.fold((0, 0), |sums, load| {
            (sums.0 + load.busy_ms, sums.1 + load.available_ms)
        });
        Part::new(sums.0, sums.1)
    };
    Held::counted(&format!("occupancy of the {who}"), Unit::Share, exact, part)
}

fn site(skills: &Skills) -> Site {
    let menu = site::menu(&QUEUES);
    let usual = site::queue("usual", r#"skills = ["usual"]"#);
    let urgent = site::queue("urgent", "skills = [\"urgent\"]\nemergency = true");
    let head = format!(
        "staff = \"v.csv\"\n[run]\nlength = \"24h\"\nwarm_up = \"1h\"\n\
         [demand]\nv = {{ calls_per_hour = {CALLS_PER_HOUR} }}"
    );
    let want = |place: usize, kind: &Kind| {
        format!(
            "[wants.{}]\nshare = {}\nneeds = \"{0}\"\ntalk = {}\npatience = {}\n",
            QUEUES[place],
            SHARES[place],
            exponential(kind.aht_s),
            exponential(kind.patience_s)
        )
    };
    let wants = want(0, &skills.usual) + &want(1, &skills.urgent);
    Site(vec![
        site::line("main", "", &format!("{menu}{usual}{urgent}")),
        site::group(""),
        site::scenario(&head, "listens = \"2s\"", &wants),
        ("v.csv", staff()),
    ])
}

fn staff() -> String {
    let mut text = "date,start,interval_min,group,agents,skills,tier\n".to_owned();
    for (skills, agents, tier) in [
        ("usual", AGENTS[0], 0),
        ("urgent", AGENTS[1], 0),
        ("usual urgent", AGENTS[2], 1),
    ] {
        let who = format!("{agents},{skills},{tier}");
        let _ = writeln!(text, "2024-01-01,00:00,1440,agents,{who}");
    }
    text
}
