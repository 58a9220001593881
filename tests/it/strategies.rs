//! Other systems' strategies, faults included: each is pinned by the day on which it shows.
//!
//! The rules are those of Asterisk 22 (`app_queue.c`, `calc_metric`), FreeSWITCH 1.11
//! (`mod_callcenter.c`), Amazon Connect, Genesys and Avaya, as `docs/DISPATCH.md` sums them up.

use crate::site;
use std::fmt::Write as _;
use std::sync::Arc;
use strowger::exchange::Exchange;
use strowger::exchange::effect::Effect;
use strowger::exchange::id::AgentId;
use strowger::exchange::id::CallId;
use strowger::exchange::id::LineId;
use strowger::exchange::input::Input;
use strowger::exchange::record::Record;
use strowger::exchange::time::Tick;

const LINE: &str = r#"
format = 1
[line]
name = "Line"
groups = "groups.toml"
timezone = "Etc/UTC"
languages = ["en"]
start = "desk"
[queue.desk]
group = "desk"
max_wait = "60m"
timeout = "@hangup"
full = "@hangup"
no_agents = "@hangup"
"#;

/// A desk whose phones answer by themselves, so that whoever is chosen talks at once.
struct Desk {
    exchange: Exchange,
    now: Tick,
    effects: Vec<Effect>,
    tag: u64,
    /// The call of each agent.
    talks: Vec<Option<CallId>>,
}

impl Desk {
    /// A group with these settings and agents, named a, b, c… with their own settings.
    fn new(group: &str, agents: &[&str]) -> Self {
        let mut groups = format!(
            "format = 1\n[group.desk]\n{group}\nring = \"0s\"\nrest = \"0s\"\n\
             wrap_up = {{ limit = \"0s\" }}\n"
        );
        for (place, settings) in agents.iter().enumerate() {
            let name = char::from(b'a' + place as u8);
            let _ = write!(groups, "[agent.{name}]\ngroups = [\"desk\"]\n{settings}\n");
        }
        Self::of(LINE, &groups)
    }

    fn of(line: &str, groups: &str) -> Self {
        let plan = site::plan_of(&[("line.toml", line), ("groups.toml", groups)]);
        Self {
            talks: vec![None; plan.agents.len()],
            exchange: Exchange::new(Arc::new(plan), site::unix_ms("2026-11-23T09:00")),
            now: Tick(0),
            effects: Vec::new(),
            tag: 0,
        }
    }

    /// A desk of so many agents without settings of their own, all at work.
    fn started(strategy: &str, agents: usize) -> Self {
        let mut desk = Self::new(&format!("strategy = \"{strategy}\""), &vec![""; agents]);
        for agent in 0..agents {
            desk.starts(agent);
        }
        desk
    }

    fn after(&mut self, seconds: u64) -> &mut Self {
        self.now.0 += seconds * 1000;
        self.exchange.wake(self.now, &mut self.effects);
        self
    }

    fn does(&mut self, input: Input) -> Option<usize> {
        self.exchange.handle(self.now, input, &mut self.effects);
        let mut chosen = None;
        for effect in std::mem::take(&mut self.effects) {
            match effect {
                Effect::Record(Record::Offered(decision)) => {
                    let agent = decision.agent.index();
                    self.talks[agent] = Some(decision.call);
                    chosen = Some(agent);
                }
                Effect::Ignored(why) => panic!("{why:?}"),
                _ => {}
            }
        }
        assert!(self.exchange.is_exclusive() && self.exchange.is_sound());
        chosen
    }

    fn starts(&mut self, agent: usize) -> Option<usize> {
        let agent = AgentId(agent as u32);
        self.does(Input::AgentSignedIn { agent });
        self.does(Input::AgentReady { agent })
    }

    fn pauses(&mut self, agent: usize) {
        let (agent, reason) = (AgentId(agent as u32), None);
        self.does(Input::AgentPaused { agent, reason });
    }

    fn returns(&mut self, agent: usize) -> Option<usize> {
        let agent = AgentId(agent as u32);
        self.does(Input::AgentReady { agent })
    }

    /// Somebody calls: who is chosen, if anybody is free.
    fn rings(&mut self) -> Option<usize> {
        self.dials(0)
    }

    fn dials(&mut self, line: u16) -> Option<usize> {
        self.tag += 1;
        self.does(Input::CallArrived {
            line: LineId(line),
            tag: self.tag,
            caller: self.tag,
            agent: None,
        })
    }

    /// The agent's caller hangs up: who is given the next one in line is the agent.
    fn ends(&mut self, agent: usize) -> Option<usize> {
        let call = self.talks[agent].take().expect("the agent talks");
        self.does(Input::CallerHungUp { call })
    }

    /// Somebody calls and is done after so many seconds.
    fn serves(&mut self, seconds: u64) -> usize {
        let agent = self.rings().expect("somebody is free");
        self.after(seconds).ends(agent);
        agent
    }

    fn serves_in_turn(&mut self, calls: usize) -> Vec<usize> {
        (0..calls).map(|_| self.serves(10)).collect()
    }
}

#[test]
fn longest_idle_counts_from_becoming_available() {
    let mut desk = Desk::started("longest-idle", 3);
    assert_eq!(desk.serves_in_turn(6), [0, 1, 2, 0, 1, 2]);
    // Back from a break is at the end of the line, whatever was done before.
    desk.pauses(0);
    desk.after(600).returns(0);
    assert_eq!(desk.serves_in_turn(3), [1, 2, 0]);
}

#[test]
fn longest_idle_since_the_last_bridge_takes_lunch_for_idleness() {
    let mut desk = Desk::started("longest-idle-bridge", 3);
    assert_eq!(desk.serves_in_turn(3), [0, 1, 2]);
    desk.pauses(2);
    assert_eq!(desk.serves_in_turn(2), [0, 1]);
    // Only now back, and rung before everybody who sat there all the time.
    desk.after(600).returns(2);
    assert_eq!(desk.serves(10), 2);
}

#[test]
fn longest_idle_since_the_last_bridge_rings_the_newcomer_first() {
    let mut desk = Desk::new("strategy = \"longest-idle-bridge\"", &["", "", ""]);
    desk.starts(0);
    desk.starts(1);
    assert_eq!(desk.serves_in_turn(2), [0, 1]);
    desk.starts(2);
    assert_eq!(desk.serves_in_turn(2), [2, 0]);
}

#[test]
fn longest_idle_since_the_last_bridge_has_a_clock_of_whole_seconds() {
    let mut desk = Desk::started("longest-idle-bridge", 2);
    let (first, second) = (desk.rings().unwrap(), desk.rings().unwrap());
    assert_eq!((first, second), (0, 1));
    // b ends 400 ms before a, in the same second: the order of the file decides.
    desk.now.0 += 100;
    desk.ends(1);
    desk.now.0 += 400;
    desk.ends(0);
    assert_eq!(desk.rings(), Some(0));
}

#[test]
fn fewest_calls_floods_whoever_comes_in_at_noon() {
    let mut desk = Desk::new("strategy = \"fewest-calls\"", &["", "", ""]);
    desk.starts(0);
    desk.starts(1);
    assert_eq!(desk.serves_in_turn(10), [0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
    desk.starts(2);
    assert_eq!(desk.serves_in_turn(6), [2, 2, 2, 2, 2, 0]);
}

#[test]
fn fewest_calls_counts_a_call_only_when_it_is_over() {
    let mut desk = Desk::started("fewest-calls", 2);
    assert_eq!((desk.rings(), desk.rings()), (Some(0), Some(1)));
    desk.after(10).ends(1);
    // b has one call; a, who talks, still counts as having none. A break does not change it.
    desk.pauses(1);
    desk.returns(1);
    desk.after(10).ends(0);
    assert_eq!(desk.serves_in_turn(3), [0, 1, 0]);
}

#[test]
fn fewest_calls_of_freeswitch_forgets_everything_at_a_break() {
    let mut desk = Desk::started("fewest-calls-reset", 2);
    assert_eq!(desk.serves_in_turn(6), [0, 1, 0, 1, 0, 1]);
    desk.pauses(1);
    desk.returns(1);
    // A pause of no time, and b has had no calls today.
    assert_eq!(desk.serves_in_turn(4), [1, 1, 1, 0]);
}

#[test]
fn round_robin_goes_on_after_the_one_rung_last() {
    let mut desk = Desk::started("round-robin", 4);
    assert_eq!(desk.serves_in_turn(5), [0, 1, 2, 3, 0]);
    // b is busy: passed over, and not asked again before the others were.
    assert_eq!(desk.rings(), Some(1));
    assert_eq!(desk.serves_in_turn(3), [2, 3, 0]);
    desk.ends(1);
    assert_eq!(desk.serves_in_turn(2), [1, 2]);
}

#[test]
fn least_occupied_gives_the_short_calls_to_those_who_are_quick() {
    let mut desk = Desk::started("least-occupied", 2);
    // a is busy 300 s, b 10 s at a time: b takes calls until it has been as busy.
    assert_eq!(desk.serves(300), 0);
    assert_eq!(desk.serves_in_turn(30), vec![1; 30]);
    // As busy as the other, and first in the file.
    assert_eq!(desk.serves(10), 0);
}

#[test]
fn least_occupied_counts_from_signing_in() {
    let mut desk = Desk::new("strategy = \"least-occupied\"", &["", ""]);
    desk.starts(0);
    desk.serves(300);
    desk.after(300).starts(1);
    assert_eq!(desk.serves(100), 1);
    // b: 100 s of 100 s; a: 300 s of 700 s.
    assert_eq!(desk.serves(10), 0);
}

#[test]
fn random_gives_everybody_a_part_and_is_the_same_again() {
    let shares = |strategy: &str| {
        let mut desk = Desk::started(strategy, 4);
        let mut calls = [0_u32; 4];
        for agent in desk.serves_in_turn(4000) {
            calls[agent] += 1;
        }
        calls
    };
    for strategy in ["random", "weighted-random"] {
        let calls = shares(strategy);
        // 1000 each, with a standard deviation of 27.
        assert!(
            calls.iter().all(|calls| calls.abs_diff(1000) < 110),
            "{calls:?}"
        );
        assert_eq!(calls, shares(strategy));
    }
}

/// Asterisk's `wrandom`: the least of rand() % ((1 + penalty) * 1000). Against a penalty of 1 the
/// one without wins with 3/4.
#[test]
fn weighted_random_takes_a_tier_for_a_weight() {
    let mut desk = Desk::new("strategy = \"weighted-random\"", &["", "tier = 1"]);
    desk.starts(0);
    desk.starts(1);
    let firsts = desk
        .serves_in_turn(4000)
        .iter()
        .filter(|agent| **agent == 0)
        .count();
    assert!(firsts.abs_diff(3000) < 110, "{firsts}");
}

#[test]
fn linear_asks_in_the_order_of_the_file() {
    let mut desk = Desk::started("linear", 3);
    assert_eq!(desk.serves_in_turn(3), [0, 0, 0]);
    assert_eq!(
        (desk.rings(), desk.rings(), desk.rings()),
        (Some(0), Some(1), Some(2))
    );
    desk.ends(2);
    desk.ends(1);
    assert_eq!(desk.serves(10), 1);
}

#[test]
fn penalties_are_strict_levels_whatever_the_strategy() {
    for strategy in [
        "fair",
        "longest-idle",
        "fewest-calls",
        "round-robin",
        "least-occupied",
        "random",
    ] {
        let group = format!("strategy = \"{strategy}\"");
        let mut desk = Desk::new(&group, &["tier = 1", "", ""]);
        (0..3).for_each(|agent| {
            desk.starts(agent);
        });
        assert!(
            desk.serves_in_turn(20).iter().all(|agent| *agent > 0),
            "{strategy}"
        );
        assert_ne!(desk.rings(), Some(0));
        assert_ne!(desk.rings(), Some(0));
        assert_eq!(desk.rings(), Some(0), "{strategy}");
    }
}

#[test]
fn with_few_members_penalties_do_not_matter() {
    let group = "strategy = \"fewest-calls\"\ntiers = { ignore_up_to = 2 }";
    let mut desk = Desk::new(group, &["", "tier = 5", "tier = 5"]);
    desk.starts(0);
    desk.starts(1);
    assert_eq!(desk.serves_in_turn(4), [0, 1, 0, 1]);
    desk.starts(2);
    assert_eq!(desk.serves_in_turn(4), [0, 0, 0, 0]);
}

#[test]
fn a_heavier_queue_starves_a_lighter_one() {
    let queue = |name: &str, weight: u32| {
        LINE.replace(
            "[queue.desk]",
            &format!("[queue.{name}]\nweight = {weight}"),
        )
        .replace("start = \"desk\"", &format!("start = \"{name}\""))
    };
    let groups = "format = 1\n[group.desk]\nstrategy = \"fewest-calls\"\nring = \"0s\"\n\
                  rest = \"0s\"\nwrap_up = { limit = \"0s\" }\n[agent.a]\ngroups = [\"desk\"]\n";
    let (light, heavy) = (queue("light", 0), queue("heavy", 2));
    let plan = site::plan_of(&[
        ("light.toml", &light),
        ("heavy.toml", &heavy),
        ("groups.toml", groups),
    ]);
    let mut desk = Desk::of(&light, groups);
    desk.exchange = Exchange::new(Arc::new(plan), 0);
    desk.starts(0);
    assert_eq!(desk.dials(0), Some(0));
    desk.after(1).dials(0);
    for _ in 0..5 {
        desk.after(10).dials(1);
        let before = desk.talks[0];
        desk.ends(0);
        assert_ne!(desk.talks[0], before);
    }
    // The caller of the light queue still waits, and came before all of them.
    assert_eq!(desk.exchange.calls_in_progress(), 2);
}

#[test]
fn better_skilled_come_first_where_the_group_wants_it() {
    let line = LINE.replace(
        "group = \"desk\"",
        "group = \"desk\"\nskills = [\"french\"]",
    );
    let groups = |ranks: bool| {
        format!(
            "format = 1\n[group.desk]\nrank_by_skill = {ranks}\nring = \"0s\"\nrest = \"0s\"\n\
             wrap_up = {{ limit = \"0s\" }}\n\
             [agent.a]\ngroups = [\"desk\"]\nskills = {{ french = 40 }}\n\
             [agent.b]\ngroups = [\"desk\"]\nskills = {{ french = 90 }}\n"
        )
    };
    for (ranks, expected) in [(false, [0, 1, 0, 1]), (true, [1, 1, 1, 1])] {
        let mut desk = Desk::of(&line, &groups(ranks));
        desk.starts(0);
        desk.starts(1);
        assert_eq!(desk.serves_in_turn(4), expected);
    }
}

#[test]
fn equal_work_gives_the_slow_fewer_calls() {
    let mut desk = Desk::new("equal_work = 1.0\ncatch_up = 50", &["", ""]);
    desk.starts(0);
    desk.starts(1);
    let mut seconds = [0, 0];
    for _ in 0..200 {
        let agent = desk.rings().expect("somebody is free");
        let takes = [200, 100][agent];
        seconds[agent] += takes;
        desk.after(takes).ends(agent);
    }
    let ratio = f64::from(seconds[0] as u32) / f64::from(seconds[1] as u32);
    assert!((ratio - 1.0).abs() < 0.05, "{seconds:?}");
}

#[test]
fn nearly_equal_shares_go_by_idleness() {
    let mut desk = Desk::new("tie_within = 3.0", &["", "", ""]);
    desk.starts(0);
    desk.starts(1);
    desk.starts(2);
    // a takes two calls in a row only if it has been idle the longest.
    assert_eq!(desk.serves_in_turn(6), [0, 1, 2, 0, 1, 2]);
    let mut exact = Desk::new("", &["weight = 2", ""]);
    exact.starts(0);
    exact.starts(1);
    assert_eq!(exact.serves_in_turn(6), [0, 1, 0, 1, 0, 0]);
}

#[test]
fn the_ledger_lasts_a_shift_a_day_or_a_week() {
    // a and b share ten calls, a goes home owing two; what is left of that the next morning?
    let owed = |ledger: &str| {
        let mut desk = Desk::new(&format!("ledger = \"{ledger}\""), &["", ""]);
        desk.starts(0);
        desk.starts(1);
        assert_eq!(desk.rings(), Some(0));
        assert_eq!(desk.rings(), Some(1));
        desk.after(10).ends(0);
        assert_eq!(desk.serves_in_turn(4), [0, 0, 0, 0]);
        let first = desk.exchange.agent_lag(AgentId(0));
        desk.does(Input::AgentSignedOut { agent: AgentId(0) });
        desk.after(24 * 3600).starts(0);
        (first, desk.exchange.agent_lag(AgentId(0)))
    };
    let (before, after) = owed("week");
    assert!(before < 0 && after < 0, "{before} {after}");
    for ledger in ["shift", "day"] {
        assert_eq!(owed(ledger).1, 0, "{ledger}");
    }
}
