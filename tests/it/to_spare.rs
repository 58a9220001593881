//! Calls back that are made only while agents are to spare, at a pace, and on the trunks that there are:
//! here those for which another program has asked.

use crate::asked_for;
use crate::called_back;
use crate::site;
use std::fmt::Write as _;
use std::sync::Arc;
use strowger::daemon::bridge::protocol::Event;
use strowger::daemon::entry::What;
use strowger::daemon::site::CallbackRequest;
use strowger::exchange::Exchange;
use strowger::exchange::effect::Effect;
use strowger::exchange::id::AgentId;
use strowger::exchange::id::LanguageId;
use strowger::exchange::id::LineId;
use strowger::exchange::id::OfferId;
use strowger::exchange::id::StepId;
use strowger::exchange::input::Input;
use strowger::exchange::time::Tick;

/// A line for English and Spanish, whose agents speak one or the other; the step has these settings.
fn exchange(line: &str, agents: &[&str], step: &str) -> Exchange {
    let line = format!(
        r#"
format = 1
[line]
name = "Line"
groups = "groups.toml"
timezone = "Etc/UTC"
languages = ["en", "es"]
start = "callers"
{line}
[dialling]
allow = ["+44"]
[queue.callers]
group = "all"
skills = ["{{language}}=1"]
full = "@hangup"
no_agents = "@hangup"
[queue.out]
group = "all"
skills = ["{{language}}=1"]
full = "@hangup"
no_agents = "@hangup"
[callback.calls]
queue = "out"
by_request = true
say = {{ en = "We call.", es = "Llamamos." }}
then = "@hangup"
{step}
"#
    );
    let mut groups =
        "format = 1\n[group.all]\nring = \"20s\"\nrest = \"0s\"\nwrap_up = { limit = \"0s\", then = \"ready\" }\n"
            .to_owned();
    for (place, skill) in agents.iter().enumerate() {
        let _ = writeln!(
            groups,
            "[agent.a{place}]\ngroups = [\"all\"]\nskills = {{ {skill} = 1 }}"
        );
    }
    let plan = site::plan_of(&[("line.toml", &line), ("groups.toml", &groups)]);
    Exchange::new(Arc::new(plan), site::unix_ms("2026-11-23T10:00"))
}

struct Day {
    exchange: Exchange,
    now: Tick,
    /// Phones that ring.
    rings: Vec<(AgentId, OfferId)>,
    dialled: usize,
    tag: u64,
}

impl Day {
    fn of(exchange: Exchange) -> Self {
        Self {
            exchange,
            now: Tick(0),
            rings: Vec::new(),
            dialled: 0,
            tag: 0,
        }
    }

    fn takes(&mut self, input: Input) {
        let mut effects = Vec::new();
        self.exchange.handle(self.now, input, &mut effects);
        for effect in effects {
            match effect {
                Effect::Ring { agent, offer, .. } => self.rings.push((agent, offer)),
                Effect::CancelRing { agent, .. } => self.rings.retain(|(rung, _)| *rung != agent),
                Effect::Dial { .. } => self.dialled += 1,
                Effect::Ignored(why) => panic!("{why:?}"),
                _ => {}
            }
        }
        assert!(self.exchange.is_sound());
    }

    fn comes(&mut self, agent: u32) {
        let agent = AgentId(agent);
        self.takes(Input::AgentSignedIn { agent });
        self.takes(Input::AgentReady { agent });
    }

    fn is_asked(&mut self, language: u8) {
        self.tag += 1;
        let (tag, now) = (self.tag, self.now);
        let steps = &self.exchange.plan().steps;
        let step = steps.iter().position(|step| step.name == "calls");
        self.takes(Input::CallbackAsked {
            step: StepId(step.expect("the step") as u32),
            tag,
            caller: 100 + tag,
            language: LanguageId(language),
            not_before: now,
        });
    }

    fn caller(&mut self) {
        self.tag += 1;
        let tag = self.tag;
        self.takes(Input::CallArrived {
            line: LineId(0),
            tag,
            caller: tag,
            agent: None,
        });
    }

    fn rung(&self) -> Vec<u32> {
        self.rings.iter().map(|(agent, _)| agent.0).collect()
    }

    /// The phone that rang first is picked up, or refused.
    fn picks_up(&mut self) {
        let (agent, offer) = self.rings.remove(0);
        self.takes(Input::AgentAnswered { agent, offer });
    }

    fn declines(&mut self) {
        let (agent, offer) = self.rings.remove(0);
        self.takes(Input::AgentDeclined { agent, offer });
    }
}

#[test]
fn agents_are_to_spare_of_those_who_speak_the_language() {
    let mut day = Day::of(exchange("", &["en", "en", "es", "es"], "spare_agents = 1"));
    (0..3).for_each(|agent| day.comes(agent));
    day.is_asked(1);
    assert_eq!(day.rung(), [0; 0], "one speaks Spanish, and is kept free");
    day.is_asked(0);
    assert_eq!(
        day.rung().len(),
        1,
        "of two who speak English one is to spare"
    );
    assert!(day.rung()[0] < 2);
    day.comes(3);
    assert_eq!(day.rung().len(), 2, "of two who speak Spanish, too");
    assert!(day.rung()[1] >= 2);
}

#[test]
fn whoever_was_rung_in_vain_is_called_when_agents_are_to_spare_again() {
    let mut day = Day::of(exchange("", &["en", "en", "en"], "spare_agents = 1"));
    (0..2).for_each(|agent| day.comes(agent));
    day.is_asked(0);
    day.caller();
    day.caller();
    assert_eq!(
        day.rung().len(),
        2,
        "one for the call out, one for a caller; another caller waits"
    );
    day.declines();
    day.comes(2);
    day.picks_up();
    day.picks_up();
    assert_eq!(
        (day.rung().len(), day.dialled),
        (0, 0),
        "callers were first"
    );
}

#[test]
fn no_more_phones_ring_for_calls_back_than_there_are_trunks() {
    let line = "trunks = 2\nreserve = 0";
    for step in ["", "spare_agents = 0"] {
        let mut day = Day::of(exchange(line, &["en"; 6], step));
        (0..6).for_each(|_| day.is_asked(0));
        (0..6).for_each(|agent| day.comes(agent));
        assert_eq!(day.rung().len(), 2, "{step}");
        day.picks_up();
        assert_eq!((day.rung().len(), day.dialled), (1, 1), "{step}");
        day.declines();
        assert_eq!(day.rung().len(), 1, "somebody else: {step}");
        day.picks_up();
        assert_eq!((day.rung().len(), day.dialled), (0, 2), "{step}");
    }
}

#[test]
fn the_pace_of_a_step_is_one_for_all_versions_of_the_menus() {
    let mut day = called_back::Day::with(
        called_back::plan_with(&version(1), called_back::GROUPS),
        &asked_for::CAN_DO,
    );
    for version_of in 1..=3 {
        for nth in 0..2 {
            day.happens(What::CallbackAsked(CallbackRequest {
                line: "shop".to_owned(),
                step: "web-form".to_owned(),
                number: format!("+44163296{version_of:02}{nth:02}"),
                language: None,
                not_before: 0,
            }));
        }
        day.publishes(version_of + 1, &version(version_of + 1));
    }
    // Ana dials, and nobody answers.
    for _ in 0..60 {
        while let Some(offer) = day.rings() {
            day.picks_up(offer);
            let (call, _) = day.dialled().pop().expect("it is dialled");
            day.reports(Event::DialFailed { call });
        }
        day.passes(1);
    }
    assert!(
        day.dialled().len() <= 7,
        "six in a minute, and the first: {:?}",
        day.dialled()
    );
    assert!(day.dialled().len() >= 6, "{:?}", day.dialled());
}

fn version(number: u64) -> String {
    asked_for::LINE
        .replace("attempts = 2", "attempts = 1\nper_minute = 6")
        .replace("name = \"Shop\"", &format!("name = \"Shop {number}\""))
}
