//! The sites that random days are lived at: one as it always was, and one for every other number,
//! with the rules of its queues, groups and agents drawn.

use super::Chance;
use crate::site;
use std::fmt::Write as _;
use strowger::exchange::dialplan::Dialplan;

/// Four queues over two groups. Keys 1 to 8 lead to them in English and Spanish. What stands for
/// `#queue#` are rules of that queue.
const LINE: &str = r#"
format = 1
[line]
name = "Line"
groups = "groups.toml"
timezone = "Etc/UTC"
languages = ["en", "es"]
start = "main"
trunks = 40
reserve = 4
max_call = "20m"
[defaults]
first_key = "4s"
next_key = "2s"
tries = 2
give_up = "support"
[menu.main]
say.en = "Press 1 to 8."
say.es = "Pulse de 1 a 8."
[menu.main.keys]
1 = { go = "sales", language = "en" }
2 = { go = "sales", language = "es" }
3 = { go = "support", language = "en" }
4 = { go = "support", language = "es" }
5 = { go = "members", language = "en" }
6 = { go = "members", language = "es" }
7 = { go = "urgent", language = "en" }
8 = { go = "urgent", language = "es" }
[queue.sales]
group = "sales"
max_wait = "40s"
timeout = "support"
full = "support"
no_agents = "support"
#sales#
[queue.support]
group = "support"
say.en = "Hold."
say.es = "Espere."
announce = { position = true, wait = true, first = "20s", every = "30s" }
max_wait = "3m"
timeout = "message"
full = "message"
no_agents = "message"
after = "thanks"
#support#
[queue.support.keys]
9 = { go = "message", label = { en = "a message", es = "un mensaje" } }
[queue.members]
group = "support"
max_wait = "3m"
timeout = "sales"
full = "message"
no_agents = "message"
all_paused = "message"
#members#
[queue.urgent]
group = "support"
max_wait = "3m"
timeout = "message"
full = "message"
no_agents = "message"
#urgent#
[say.thanks]
say.en = "Thank you."
say.es = "Gracias."
then = "@hangup"
[record.message]
say.en = "Leave a message."
say.es = "Deje un mensaje."
max = "30s"
mailbox = "support"
then = "thanks"
"#;

/// The rules of the four queues, in their order.
type Rules = [String; 4];

/// The first site, with this many agents of eight kinds: one queue with a skill by language, one
/// with a head start, one for emergencies.
pub(crate) fn plan(agents: usize) -> Dialplan {
    const KINDS: [&str; 8] = [
        r#"groups = ["sales"]"#,
        r#"groups = ["sales", "support"], skills = { en = 50 }"#,
        r#"groups = ["support"], skills = { en = 50 }"#,
        r#"groups = ["support"], skills = { es = 50 }"#,
        r#"groups = ["support"], skills = { en = 50, es = 50, vip = 1 }"#,
        r#"groups = ["sales", "support"], skills = { en = 50, es = 50 }"#,
        r#"groups = ["support"], skills = { en = 50 }, weight = 0.5"#,
        r#"groups = ["sales"], skills = { en = 10 }"#,
    ];
    let room = agents.max(6);
    let mut groups = format!(
        r#"
format = 1
[group.sales]
ring = "10s"
max_waiting = {room}
catch_up = 2
rest = "0s"
wrap_up = {{ limit = "0s", then = "ready" }}
[group.support]
ring = "12s"
max_waiting = {room}
catch_up = 3
rest = "5s"
wrap_up = {{ limit = "20s", then = "ready" }}
[agent]
"#
    );
    for agent in 0..agents {
        let _ = writeln!(groups, "a{agent} = {{ {} }}", KINDS[agent % KINDS.len()]);
    }
    let rules = [
        "",
        "skills = [\"{language}\"]",
        "skills = [\"vip\"]\nhead_start = \"45s\"",
        "emergency = true",
    ];
    compiled(&rules.map(str::to_owned), &groups, 5 * agents)
}

/// The agents of every drawn site.
const AGENTS: usize = 8;

/// The site of a number; the first one is number 0.
pub(crate) fn numbered(site: u16) -> Dialplan {
    if site == 0 {
        return plan(AGENTS);
    }
    let chance = &mut Chance(u64::from(site));
    let tiers = chance.below(3) == 0;
    let mut groups = "format = 1\n".to_owned();
    for name in ["sales", "support"] {
        let _ = writeln!(groups, "[group.{name}]\n{}", group(chance, tiers));
    }
    groups.push_str("[agent]\n");
    // Few kinds, so that several share one.
    let kinds: Vec<String> = (0..1 + chance.below(4))
        .map(|_| kind(chance, tiers))
        .collect();
    for agent in 0..AGENTS {
        let kind = &kinds[chance.below(kinds.len() as u64) as usize];
        let weight = chance.pick(&[
            "",
            "",
            "",
            ", weight = 0.5",
            ", weight = 0.7",
            ", weight = 2",
        ]);
        let _ = writeln!(groups, "a{agent} = {{ {kind}{weight} }}");
    }
    compiled(&queues(chance), &groups, 5 * AGENTS)
}

/// A site of one group whose agents differ in nothing, and take calls from one lane.
pub(crate) fn of_equals(catch_up: u16, agents: usize) -> Dialplan {
    let mut groups = "format = 1\n".to_owned();
    for name in ["sales", "support"] {
        let _ = writeln!(
            groups,
            "[group.{name}]\ncatch_up = {catch_up}\nledger = \"week\"\nring = \"10s\"\n\
             rest = \"0s\"\nshort_talk = \"0s\"\nwrap_up = {{ limit = \"0s\" }}"
        );
    }
    groups.push_str("[agent]\n");
    for agent in 0..agents {
        let _ = writeln!(groups, "a{agent} = {{ groups = [\"support\"] }}");
    }
    compiled(&[const { String::new() }; 4], &groups, 5 * agents)
}

fn compiled(rules: &Rules, groups: &str, trunks: usize) -> Dialplan {
    let mut line = LINE.replace("trunks = 40", &format!("trunks = {trunks}"));
    for (name, rules) in ["#sales#", "#support#", "#members#", "#urgent#"]
        .iter()
        .zip(rules)
    {
        line = line.replace(name, rules);
    }
    site::plan_of(&[("line.toml", &line), ("groups.toml", groups)])
}

fn queues(chance: &mut Chance) -> Rules {
    let prefers = ["", "", "prefer_last = \"15s\"", "prefer_last = \"45s\""];
    let asks = [
        "",
        "skills = [\"{language}\"]",
        "skills = [\"en=70\"]\nrelax = [{ after = \"10s\", skills = [\"en=20\"] }]",
        "skills = [\"vip=60\"]\nrelax = [{ after = \"8s\", skills = [\"vip=20\"] }, \
         { after = \"20s\", skills = [] }]",
    ];
    let precedes = [
        "",
        "",
        "head_start = \"45s\"",
        "emergency = true",
        "weight = 2",
    ];
    std::array::from_fn(|_| {
        let parts = [
            chance.pick(&prefers),
            chance.pick(&asks),
            chance.pick(&precedes),
        ];
        parts.join("\n")
    })
}

fn group(chance: &mut Chance, tiers: bool) -> String {
    let strategies = [
        "longest-idle",
        "longest-idle-bridge",
        "fewest-calls",
        "fewest-calls-reset",
        "round-robin",
        "least-occupied",
        "random",
        "weighted-random",
        "linear",
        "ring-all",
    ];
    let strategy = match chance.below(5) {
        0 | 1 => chance.pick(&strategies),
        _ => "fair",
    };
    let room = chance.below(10);
    let parts = [
        format!("strategy = \"{strategy}\"\nmax_waiting = {room}"),
        format!("catch_up = {}", chance.below(5)),
        chance
            .pick(&["ring = \"10s\"", "ring = \"10s\"", "ring = \"0s\""])
            .to_owned(),
        chance.pick(&["rest = \"0s\"", "rest = \"5s\""]).to_owned(),
        chance
            .pick(&[
                "wrap_up = { limit = \"0s\" }",
                "wrap_up = { limit = \"20s\", then = \"ready\", extensions = 2 }",
                "wrap_up = { limit = \"20s\", then = \"not-ready\" }",
            ])
            .to_owned(),
        chance
            .pick(&[
                "",
                "rona = { then = \"ready\", after = [\"5s\", \"20s\"] }",
                "rona = { then = \"ready\", after = [\"10s\"] }",
            ])
            .to_owned(),
        chance
            .pick(&["", "ledger = \"shift\"", "ledger = \"week\""])
            .to_owned(),
        chance
            .pick(&["", "", "equal_work = 0.5", "equal_work = 1.0"])
            .to_owned(),
        chance
            .pick(&["", "", "tie_within = 1.5", "tie_within = 0.3"])
            .to_owned(),
        chance
            .pick(&[
                "short_talk = \"10s\"",
                "short_talk = \"0s\"",
                "short_talk = \"1m\"",
            ])
            .to_owned(),
        chance.pick(&["", "", "rank_by_skill = true"]).to_owned(),
        match tiers {
            true => chance
                .pick(&[
                    "",
                    "tiers = { ignore_up_to = 3 }",
                    "tiers = { wait = \"10s\" }",
                    "tiers = { wait = \"10s\", times_tier = true }",
                    "tiers = { wait = \"10s\", skip_empty = false, ignore_up_to = 2 }",
                ])
                .to_owned(),
            false => String::new(),
        },
    ];
    parts.join("\n")
}

fn kind(chance: &mut Chance, tiers: bool) -> String {
    let groups = chance.pick(&[
        r#"["sales"]"#,
        r#"["support"]"#,
        r#"["support"]"#,
        r#"["sales", "support"]"#,
    ]);
    let skills = chance.pick(&[
        "",
        ", skills = { en = 50 }",
        ", skills = { es = 50 }",
        ", skills = { en = 90, es = 30, vip = 30 }",
        ", skills = { vip = 80, en = 20 }",
    ]);
    let tier = match tiers {
        true => chance.pick(&["", ", tier = 1", ", tier = 3"]),
        false => "",
    };
    format!("groups = {groups}{skills}{tier}")
}
