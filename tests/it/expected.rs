//! Expected waits: what moves them, and what must not.

use crate::site;
use std::fmt::Write as _;
use std::sync::Arc;
use strowger::exchange::Exchange;
use strowger::exchange::dialplan::Dialplan;
use strowger::exchange::effect::Effect;
use strowger::exchange::id::AgentId;
use strowger::exchange::id::CallId;
use strowger::exchange::id::LineId;
use strowger::exchange::input::Input;
use strowger::exchange::time::Span;
use strowger::exchange::time::Tick;

/// Two lines, one queue each. Agents `a…` take the calls of both, `b…` of the second only.
fn line(skill: &str) -> String {
    format!(
        "format = 1\n[line]\nname = \"L\"\ngroups = \"groups.toml\"\ntimezone = \"Etc/UTC\"\n\
         languages = [\"en\"]\nstart = \"q\"\n[queue.q]\ngroup = \"all\"\nskills = [\"{skill}\"]\n\
         max_wait = \"2h\"\ntimeout = \"@hangup\"\nno_agents = \"@hangup\"\n"
    )
}

struct Site {
    exchange: Exchange,
    now: Tick,
    calls: Vec<CallId>,
    effects: Vec<Effect>,
}

impl Site {
    fn new(both: usize, second: usize) -> Self {
        let mut groups = "format = 1\n[group.all]\nring = \"0s\"\nrest = \"0s\"\n\
                          wrap_up = { limit = \"0s\" }\n"
            .to_owned();
        for agent in 0..both {
            let skills = "skills = { one = 100, two = 100 }";
            let _ = writeln!(groups, "[agent.a{agent}]\ngroups = [\"all\"]\n{skills}");
        }
        for agent in 0..second {
            let skills = "skills = { two = 100 }";
            let _ = writeln!(groups, "[agent.b{agent}]\ngroups = [\"all\"]\n{skills}");
        }
        let (one, two) = (line("one"), line("two"));
        let plan = site::plan_of(&[
            ("one.toml", &one),
            ("two.toml", &two),
            ("groups.toml", &groups),
        ]);
        Self::at_work(plan, both + second)
    }

    /// One line with more in its queue and its group, an agent of each of these tiers.
    fn tiered(queue: &str, group: &str, tiers: &[usize]) -> Self {
        let line = format!("{}{queue}\n", line("one"));
        let mut groups = format!(
            "format = 1\n[group.all]\nring = \"0s\"\nrest = \"0s\"\n\
             wrap_up = {{ limit = \"0s\" }}\n{group}\n"
        );
        for (agent, tier) in tiers.iter().enumerate() {
            let _ = writeln!(
                groups,
                "[agent.a{agent}]\ngroups = [\"all\"]\ntier = {tier}\nskills = {{ one = 100 }}"
            );
        }
        let plan = site::plan_of(&[("one.toml", &line), ("groups.toml", &groups)]);
        Self::at_work(plan, tiers.len())
    }

    fn at_work(plan: Dialplan, agents: usize) -> Self {
        let mut site = Self {
            exchange: Exchange::new(Arc::new(plan), 0),
            now: Tick(0),
            calls: Vec::new(),
            effects: Vec::new(),
        };
        for agent in 0..agents {
            let agent = AgentId(agent as u32);
            site.does(Input::AgentSignedIn { agent });
            site.does(Input::AgentReady { agent });
        }
        site
    }

    fn does(&mut self, input: Input) {
        self.exchange.handle(self.now, input, &mut self.effects);
        for effect in std::mem::take(&mut self.effects) {
            match effect {
                Effect::Answer { call, .. } => self.calls.push(call),
                Effect::Ignored(why) => panic!("{why:?}"),
                _ => {}
            }
        }
    }

    /// Somebody calls a line; the place among the calls.
    fn calls(&mut self, line: u16) -> usize {
        let (tag, agent) = (self.calls.len() as u64, None);
        let (line, caller) = (LineId(line), 0);
        self.does(Input::CallArrived {
            line,
            tag,
            caller,
            agent,
        });
        self.calls.len() - 1
    }

    fn hangs_up(&mut self, call: usize) {
        let call = self.calls[call];
        self.does(Input::CallerHungUp { call });
    }

    fn expected(&self, call: usize) -> Span {
        let wait = self.exchange.expected_wait(self.calls[call]);
        wait.expect("the call waits")
    }
}

#[test]
fn an_expected_wait_does_not_grow_by_waiting() {
    let mut site = Site::new(3, 0);
    let calls: Vec<usize> = (0..8).map(|_| site.calls(0)).collect();
    let before: Vec<Span> = calls[3..].iter().map(|call| site.expected(*call)).collect();
    assert!(before.is_sorted(), "{before:?}");
    for _ in 0..60 {
        site.now += Span::seconds(30);
        site.exchange.wake(site.now, &mut site.effects);
        let now: Vec<Span> = calls[3..].iter().map(|call| site.expected(*call)).collect();
        assert_eq!(now, before);
    }
}

#[test]
fn it_falls_when_somebody_ahead_goes_and_rises_when_an_agent_does() {
    let mut site = Site::new(3, 0);
    for _ in 0..8 {
        site.calls(0);
    }
    let before = site.expected(7);
    site.hangs_up(5);
    let less = site.expected(7);
    assert!(less < before, "{less} {before}");
    site.hangs_up(0);
    let still_less = site.expected(7);
    assert!(still_less < less, "{still_less} {less}");
    // The agent who took the fourth call goes home after it.
    let agent = AgentId(0);
    site.does(Input::AgentSignedOut { agent });
    site.hangs_up(3);
    let more = site.expected(7);
    assert!(more > still_less, "{more} {still_less}");
}

#[test]
fn callers_of_another_queue_count_as_far_as_agents_are_shared() {
    // All who take the first line's calls also take the second's, whose callers came before.
    let mut shared = Site::new(2, 0);
    for line in [0, 0, 1, 1, 1, 0] {
        shared.calls(line);
    }
    // One of four of the second line's agents takes the first line's calls too.
    let mut partly = Site::new(1, 3);
    for line in [0, 1, 1, 1, 1, 1, 1, 0] {
        partly.calls(line);
    }
    let mut alone = Site::new(1, 0);
    for line in [0, 0] {
        alone.calls(line);
    }
    // One agent, nobody ahead: one handling time; a quarter of three callers more ahead of it.
    let (nobody, some) = (alone.expected(1), partly.expected(7));
    assert!(nobody < some && some.0 < 2 * nobody.0, "{nobody} {some}");
    // Two agents and three ahead: about two handling times.
    let four = shared.expected(5).0 as f64 / nobody.0 as f64;
    assert!((1.2..2.1).contains(&four), "{four}");
}

#[test]
fn agents_whom_others_keep_busy_are_not_waited_for_where_there_are_more() {
    // Two take the calls of both lines, eight of the second only; ten callers wait in the first.
    let first_waits = |site: &mut Site| (0..10).for_each(|_| _ = site.calls(0));
    let (mut both, mut alone) = (Site::new(2, 8), Site::new(0, 8));
    (0..2).for_each(|_| _ = both.calls(0));
    for site in [&mut both, &mut alone] {
        (0..8).for_each(|_| _ = site.calls(1));
    }
    first_waits(&mut both);
    let waits = [&mut both, &mut alone].map(|site| {
        let calls: Vec<usize> = (0..3).map(|_| site.calls(1)).collect();
        site.expected(calls[2])
    });
    // The eight are there for the three of the second line, whatever the two have to do.
    is_about(waits[0], waits[1]);
    // A caller of the first line stands behind those of the second only as far as they are more than
    // the eight can take.
    let last = both.calls(0);
    let mut first = Site::new(2, 0);
    (0..2).for_each(|_| _ = first.calls(0));
    first_waits(&mut first);
    let same = first.calls(0);
    is_about(both.expected(last), first.expected(same));
}

#[test]
fn a_busy_line_is_waited_for_with_the_agents_of_later_stages() {
    let mut tiers = Site::tiered("", "tiers = { wait = \"20s\" }", &[0, 1, 1, 1]);
    let mut equals = Site::tiered("", "", &[0, 0, 0, 0]);
    let waits = [&mut tiers, &mut equals].map(|site| {
        (0..4).for_each(|_| _ = site.calls(0));
        site.now += Span::seconds(20);
        site.exchange.wake(site.now, &mut site.effects);
        let calls: Vec<usize> = (0..4).map(|_| site.calls(0)).collect();
        site.expected(calls[3])
    });
    is_about(waits[0], waits[1]);
}

#[track_caller]
fn is_about(one: Span, other: Span) {
    let ratio = one.as_seconds() / other.as_seconds();
    assert!((0.95..1.05).contains(&ratio), "{one} {other}");
}

#[test]
fn a_caller_whom_a_free_agent_may_take_after_a_while_waits_no_longer_than_that() {
    let mut site = Site::tiered("", "tiers = { wait = \"20s\" }", &[0, 1, 1]);
    let calls: Vec<usize> = (0..4).map(|_| site.calls(0)).collect();
    // One talks to the agent of the first tier; of the second two are free for the three in line.
    assert_eq!(site.expected(calls[1]), Span::seconds(20));
    assert_eq!(site.expected(calls[2]), Span::seconds(20));
    let last = site.expected(calls[3]);
    assert!(last > Span::seconds(20), "{last}");
    site.now += Span::seconds(15);
    site.exchange.wake(site.now, &mut site.effects);
    assert_eq!(site.expected(calls[1]), Span::seconds(5));
    // Once they are taken, the last one has nobody before it, and all three agents take its calls.
    site.now += Span::seconds(5);
    site.exchange.wake(site.now, &mut site.effects);
    let left = site.expected(calls[3]);
    assert!(left < last && left > Span::ZERO, "{left} {last}");
}

#[test]
fn a_queue_that_widens_turns_nobody_away_who_is_answered_soon() {
    for (wait, joins) in [("60s", true), ("10s", false)] {
        let ladder = format!("overload = {{ no_queue = \"{wait}\" }}\nfull = \"@hangup\"");
        let mut site = Site::tiered(&ladder, "tiers = { wait = \"20s\" }", &[0, 1]);
        for _ in 0..2 {
            site.calls(0);
        }
        let second = site.exchange.expected_wait(site.calls[1]);
        assert_eq!(second.is_some(), joins, "{wait}");
    }
}

#[test]
fn agents_of_a_later_stage_are_no_promise_to_whoever_stands_behind_others_that_want_them() {
    let groups = "format = 1\n[group.all]\nring = \"0s\"\nrest = \"0s\"\n\
                  wrap_up = { limit = \"0s\" }\ntiers = { wait = \"60s\" }\n\
                  [agent.a]\ngroups = [\"all\"]\nskills = { one = 100 }\n\
                  [agent.b]\ngroups = [\"all\"]\nskills = { two = 100 }\n\
                  [agent.c]\ngroups = [\"all\"]\ntier = 1\nskills = { one = 100, two = 100 }\n";
    let (one, two) = (line("one"), line("two"));
    for (others, promised) in [(0, true), (1, false), (5, false)] {
        let files = [
            ("one.toml", &*one),
            ("two.toml", &*two),
            ("groups.toml", groups),
        ];
        let mut site = Site::at_work(site::plan_of(&files), 3);
        site.calls(0);
        site.calls(1);
        for _ in 0..others {
            site.calls(1);
        }
        let last = site.calls(0);
        let minute = Span::seconds(60);
        assert_eq!(site.expected(last) == minute, promised, "{others}");
        assert!(site.expected(last) >= minute, "{others}");
    }
}

#[test]
fn calls_that_take_no_time_are_waited_for_no_longer_than_the_ladder_believes() {
    let ladder = "overload = { no_queue = \"10s\" }\nfull = \"@hangup\"";
    let mut site = Site::tiered(ladder, "", &[0]);
    let first = site.calls(0);
    site.hangs_up(first);
    site.calls(0);
    let second = site.calls(0);
    assert!(site.expected(second) < Span::seconds(1));
}
