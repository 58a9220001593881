//! Bridges that are lost and come back: everybody has the place that they had, whatever their calls are
//! called, and whoever was handed to a colleague still waits for that one.

use crate::publications::Site;
use crate::publications::compiled_with;
use crate::publications::hello;
use crate::publications::menus as calling_back;
use strowger::daemon::bridge::protocol::Act;
use strowger::daemon::bridge::protocol::Event;
use strowger::daemon::bridge::protocol::Hello;
use strowger::daemon::entry::AgentAct;
use strowger::daemon::menus::Menus;
use strowger::daemon::site::BridgeId;
use strowger::daemon::wallboard::AgentView;
use strowger::exchange::record::AgentState;
use strowger::exchange::time::Tick;

const GROUPS: &str = "format = 1\n[group.support]\nrest = \"0s\"\nring = \"30s\"\n\
    wrap_up = { limit = \"10s\", then = \"ready\" }\n\
    [agent.ana]\ngroups = [\"support\"]\ndevice = \"SIP/ana\"\n\
    [agent.ben]\ngroups = [\"support\"]\ndevice = \"SIP/ben\"\n\
    [agent.cleo]\ngroups = [\"support\"]\ndevice = \"SIP/cleo\"\n";
const LINE: &str = "format = 1\n[line]\nname = \"Shop\"\ngroups = \"groups.toml\"\n\
    timezone = \"Etc/UTC\"\nlanguages = [\"en\"]\nstart = \"support\"\n\
    [queue.support]\ngroup = \"support\"\nmax_wait = \"1h\"\ntimeout = \"@hangup\"\n\
    full = \"@hangup\"\nno_agents = \"@hangup\"\n";

fn menus() -> Menus {
    compiled_with(GROUPS, &[("shop.toml", LINE)])
}

/// How the bridge is lost and comes back.
#[derive(Clone, Copy, Debug)]
enum Loss {
    Crash,
    Connection,
    /// It has forgotten all but its calls, and lists them in this order.
    Memory(&'static [&'static str]),
}

impl Site {
    fn acts(&mut self, agent: &str, act: AgentAct) {
        self.owner.agent(agent, act).expect("it may be done");
    }

    fn begins_work(&mut self, agent: &str) {
        self.acts(agent, AgentAct::SignIn);
        self.acts(agent, AgentAct::Ready);
    }

    /// Somebody calls, and whoever is free answers.
    fn is_answered(&mut self, call: &str) {
        self.calls(call, None);
        let (_, offer) = self.rings().expect("somebody is free");
        self.reports(Event::AgentAnswered { offer });
    }

    fn loses_bridge(&mut self, loss: Loss, for_s: u64) {
        match loss {
            Loss::Crash => self.crashes_for(for_s),
            Loss::Connection | Loss::Memory(_) => {
                self.owner.lose("b");
                self.passes(for_s);
                match loss {
                    Loss::Memory(calls) => self.comes_back_with(calls),
                    _ => self.comes_back(),
                }
            }
        }
    }

    fn comes_back_with(&mut self, calls: &[&str]) {
        let hello = Hello {
            calls: calls.iter().map(|call| (*call).to_owned()).collect(),
            ..hello("b")
        };
        self.owner.join(&hello).expect("it is welcome");
    }

    /// The calls and agents for whom it was asked to ring and may not have done so yet, in order.
    fn rung(&self) -> Vec<(String, String)> {
        self.rung_by(BridgeId(0))
    }

    fn rung_by(&self, bridge: BridgeId) -> Vec<(String, String)> {
        let effects = self.owner.site().bridges().effects_after(bridge, 0);
        let rung = effects.filter_map(|effect| match &effect.act {
            Act::Ring { call, agent, .. } => Some((call.clone(), agent.clone())),
            _ => None,
        });
        rung.collect()
    }
}

fn pair(call: &str, agent: &str) -> (String, String) {
    (call.to_owned(), agent.to_owned())
}

#[test]
fn callers_in_line_are_taken_in_the_order_in_which_they_came() {
    let losses = [
        Loss::Crash,
        Loss::Connection,
        Loss::Memory(&["a", "b", "c", "m", "n", "z"]),
        Loss::Memory(&["n", "c", "z", "b", "a", "m"]),
    ];
    for loss in losses {
        let mut site = Site::of(menus());
        for agent in ["ben", "cleo"] {
            site.begins_work(agent);
        }
        for call in ["m", "n"] {
            site.is_answered(call);
        }
        for call in ["z", "c", "b", "a"] {
            site.passes(1);
            site.calls(call, None);
        }
        // The talks end, and wrap-up while the bridge is away.
        site.hangs_up("m");
        site.hangs_up("n");
        site.loses_bridge(loss, 20);
        // What was asked for before is carried out, or forgotten.
        let rung = site.rung();
        let calls: Vec<&str> = rung.iter().map(|(call, _)| call.as_str()).collect();
        assert_eq!(calls, ["z", "c"], "{loss:?}");
        assert!(site.owner.site().exchange().is_sound());
    }
}

#[test]
fn whose_phone_rang_is_rung_again_for_the_same_caller() {
    for loss in [Loss::Crash, Loss::Connection, Loss::Memory(&["a", "b"])] {
        let mut site = Site::of(menus());
        site.begins_work("ben");
        site.calls("b", None);
        site.passes(1);
        site.calls("a", None);
        assert_eq!(site.rung(), [pair("b", "ben")]);
        site.loses_bridge(loss, 5);
        assert_eq!(site.rung(), [pair("b", "ben")], "{loss:?}");
    }
}

/// Ana, who comes first in the list, hands the caller "a" on to ben.
fn hands_on(site: &mut Site) {
    site.acts("ana", AgentAct::Ready);
    site.is_answered("a");
    site.begins_work("ben");
    let colleague = "ben".to_owned();
    site.acts("ana", AgentAct::TransferToAgent { colleague });
    site.acts("ana", AgentAct::Ready);
    assert_eq!(site.rung().last(), Some(&pair("a", "ben")));
}

#[test]
fn a_caller_who_was_handed_to_a_colleague_waits_for_that_one() {
    for loss in [Loss::Crash, Loss::Connection, Loss::Memory(&["a"])] {
        let mut site = Site::of(menus());
        hands_on(&mut site);
        site.loses_bridge(loss, 5);
        assert_eq!(site.rung().last(), Some(&pair("a", "ben")), "{loss:?}");
        assert!(
            !site.rung().iter().skip(1).any(|(_, agent)| agent == "ana"),
            "{loss:?}"
        );
    }
}

#[test]
fn a_colleague_who_goes_home_meanwhile_is_waited_for_no_longer() {
    let mut site = Site::of(menus());
    hands_on(&mut site);
    site.owner.lose("b");
    site.passes(5);
    site.acts("ben", AgentAct::SignOut);
    site.comes_back();
    assert_eq!(site.rung().last(), Some(&pair("a", "ana")));
}

#[test]
fn a_phone_that_rang_for_a_call_back_is_rung_by_another_bridge() {
    let mut site = Site::of(calling_back(0));
    let (other, _) = site.owner.join(&hello("other")).expect("it is welcome");
    site.calls("promise", Some('2'));
    site.hangs_up("promise");
    site.acts("ana", AgentAct::Ready);
    let (promise, _) = site.rings().expect("her phone rings");
    site.owner.lose("b");
    assert_eq!(site.rung_by(other), [pair(&promise, "ana")]);
    // For longer than a phone rings.
    site.owner.lose("other");
    site.passes(40);
    let ana = AgentView::all(site.owner.site(), Tick(site.now)).remove(0);
    assert_eq!((ana.state, ana.missed), (AgentState::NotReady, 0));
    site.comes_back();
    // What was asked for before is carried out, or forgotten.
    assert_eq!(site.rung(), [pair(&promise, "ana")]);
    assert!(site.owner.site().exchange().is_sound());
}

#[test]
fn whoever_was_cut_off_in_line_and_calls_again_has_the_place_that_was_kept() {
    let mut site = Site::of(calling_back(0));
    site.calls("early", Some('1'));
    site.owner.lose("b");
    // The bridge is waited for no longer.
    site.passes(61);
    site.comes_back();
    site.calls("late", Some('1'));
    site.passes(1);
    site.calls("early", Some('1'));
    site.acts("ana", AgentAct::Ready);
    assert_eq!(site.rung(), [pair("early", "ana")]);
}

#[test]
fn a_bridge_that_was_gone_before_a_crash_has_its_time_from_the_start_on() {
    let mut site = Site::of(menus());
    site.begins_work("ben");
    site.acts("ben", AgentAct::Pause { reason: None });
    site.calls("a", None);
    for (gone_s, down_s) in [(30, 50), (59, 3), (0, 1200)] {
        site.owner.lose("b");
        site.passes(gone_s);
        site.crashes_for(down_s);
        let left = site.owner.site().exchange().calls_in_progress();
        assert_eq!(left, 1, "gone for {gone_s} s, and down for {down_s} s");
    }
    site.owner.lose("b");
    site.passes(61);
    site.comes_back();
    assert_eq!(site.owner.site().exchange().calls_in_progress(), 0);
}
