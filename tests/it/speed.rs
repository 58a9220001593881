//! How long people take: by who they are, which queue it is, and how good they are at what it asks for.

use crate::written::cases;
use crate::written::shop;
use std::collections::BTreeMap;
use strowger::exchange::record::Record;
use strowger::exchange::time::Span;
use strowger::exchange::time::Tick;
use strowger::sim::run;

const KEYS: &str = r#"
1 = { go = "billing", label = "bills" }
2 = { go = "claims", label = "claims" }
3 = { go = "help", label = "help" }
[queue.billing]
group = "support"
skills = ["bills"]
full = "@hangup"
no_agents = "@hangup"
[queue.claims]
group = "support"
skills = ["bills", "law"]
relax = [{ after = "20s", skills = ["bills"] }]
full = "@hangup"
no_agents = "@hangup"
[queue.help]
group = "support"
full = "@hangup"
no_agents = "@hangup"
"#;
const GROUPS: &str = "format = 1\n[group.support]\nwrap_up = { limit = \"10m\" }\n";
const ROSTER: &str = "\
date,agent,groups,skills,speed,start,end
2026-11-23,ana,support,bills=100 law=60,1.5,09:00,12:00
2026-11-23,ben,support,bills=75 law=100,1.2 billing=0.8,09:00,12:00
2026-11-23,cid,support,bills=50,help=0.5,09:00,12:00
";
const SCENARIO: &str = r#"
menu = "shop.toml"
forecast = "forecast.csv"
roster = "roster.csv"
[keys.main]
1 = 0.4
2 = 0.3
3 = 0.3
[callers]
talk = "100s"
wrap_up = "20s"
patience = "10m"
slips = 0.0
silent = 0.0
[agents]
speed_at_skill = { 0 = 3.0, 50 = 2.0, 100 = 1.0 }
"#;
const FORECAST: &str = "date,start,interval_min,line,calls\n2026-11-23,09:00,180,shop,200\n";

#[test]
fn everybody_takes_as_long_as_person_queue_and_skill_say() {
    let cases = cases(&[
        ("shop.toml", &shop(KEYS)),
        ("groups.toml", GROUPS),
        ("roster.csv", ROSTER),
        ("forecast.csv", FORECAST),
        ("day.scenario.toml", SCENARIO),
    ]);
    let model = cases.base;
    let mut talks: BTreeMap<(String, String), Vec<Span>> = BTreeMap::new();
    run(&model, 1, 0, &mut |now: Tick, record: &Record| {
        if let Record::TalkEnded {
            agent,
            queue,
            since,
            ..
        } = *record
        {
            let agent = model.plan.agents[agent.index()].name.clone();
            let queue = model.plan.queue(queue).name.clone();
            talks.entry((agent, queue)).or_default().push(now - since);
        }
    });
    let seconds = |agent: &str, queue: &str| -> f64 {
        let talks = &talks[&(agent.to_owned(), queue.to_owned())];
        assert!(talks.iter().all(|talk| *talk == talks[0]), "{talks:?}");
        talks[0].as_seconds()
    };
    // 100 s, times the person's speed on the queue, times that of the lowest level asked for.
    assert_eq!(seconds("ana", "billing"), 150.0);
    assert_eq!(seconds("ana", "claims"), 100.0 * 1.5 * 1.8);
    assert_eq!(seconds("ana", "help"), 150.0);
    assert_eq!(seconds("ben", "billing"), 100.0 * 0.8 * 1.5);
    assert_eq!(seconds("ben", "claims"), 100.0 * 1.2 * 1.5);
    assert_eq!(seconds("ben", "help"), 120.0);
    assert_eq!(seconds("cid", "billing"), 200.0);
    assert_eq!(seconds("cid", "help"), 50.0);
    // What was asked for at first counts, also where less is asked for after a while.
    assert_eq!(seconds("cid", "claims"), 300.0);
}
