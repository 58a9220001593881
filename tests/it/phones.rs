//! Agents' phones: one that two share, and one that calls.

use crate::publications::GROUPS;
use crate::publications::Site;
use crate::publications::compiled_with;
use strowger::daemon::bridge::protocol::Event;
use strowger::daemon::entry::AgentAct;
use strowger::daemon::site::AgentObjection;
use strowger::daemon::wallboard::AgentView;
use strowger::exchange::record::AgentState;
use strowger::exchange::time::Tick;

const LINE: &str = "format = 1\n[line]\nname = \"Shop\"\ngroups = \"groups.toml\"\n\
    timezone = \"Etc/UTC\"\nlanguages = [\"en\"]\nstart = \"hello\"\n\
    [say.hello]\nsay = \"Hello.\"\nthen = \"@hangup\"\n";

#[test]
fn what_is_said_of_a_phone_holds_for_all_who_have_it() {
    let groups = format!(
        "{GROUPS}[agent.ben]\ngroups = [\"support\"]\ndevice = \"SIP/ana\"\n\
         [agent.eva]\ngroups = [\"support\"]\ndevice = \"SIP/eva\"\n"
    );
    let mut site = Site::of(compiled_with(&groups, &[("shop.toml", LINE)]));
    for reachable in [true, false, false, true] {
        let device = "SIP/ana".to_owned();
        site.reports(Event::DeviceState { device, reachable });
        let agents = AgentView::all(site.owner.site(), Tick(site.now));
        let now: Vec<bool> = agents.iter().map(|agent| agent.reachable).collect();
        assert_eq!(now, [reachable, reachable, true]);
    }
}

/// A bridge says at its start how all phones are. Each of them alone is looked at: else this takes minutes.
#[test]
fn phones_are_reported_one_after_the_other() {
    const PHONES: usize = 5000;
    let more = (0..PHONES).map(|number| {
        format!("[agent.a{number}]\ngroups = [\"support\"]\ndevice = \"SIP/{number}\"\n")
    });
    let groups: String = [GROUPS.to_owned()].into_iter().chain(more).collect();
    let mut site = Site::of(compiled_with(&groups, &[("shop.toml", LINE)]));
    for number in 0..PHONES {
        let device = format!("SIP/{number}");
        site.reports(Event::DeviceState {
            device,
            reachable: false,
        });
    }
    let agents = AgentView::all(site.owner.site(), Tick(site.now));
    let reachable = agents.iter().filter(|agent| agent.reachable);
    let reachable: Vec<&str> = reachable.map(|agent| agent.agent.as_str()).collect();
    assert_eq!(reachable, ["ana"]);
}

#[test]
fn what_is_said_of_a_phone_holds_for_whoever_has_it_in_newer_menus() {
    let shop = [("shop.toml", LINE)];
    let ben = "[agent.ben]\ngroups = [\"support\"]\ndevice = \"SIP/ana\"\n";
    let newer = GROUPS.replace("SIP/ana", "SIP/new") + ben;
    let mut site = Site::of(compiled_with(GROUPS, &shop));
    let device = "SIP/ana".to_owned();
    let reachable = false;
    site.reports(Event::DeviceState { device, reachable });
    site.owner.commit().expect("there is room");
    let published = site.owner.publish(&compiled_with(&newer, &shop));
    published.expect("nothing is in the way");
    let reachable = |site: &Site| {
        let agents = AgentView::all(site.owner.site(), Tick(site.now));
        let reachable = agents.into_iter().filter(|agent| agent.reachable);
        reachable.map(|agent| agent.agent).collect::<Vec<_>>()
    };
    assert_eq!(reachable(&site), ["ana"]);
    site.crashes(true);
    site.comes_back();
    assert_eq!(reachable(&site), ["ana"]);
}

fn ana(site: &Site) -> AgentView {
    let agents = AgentView::all(site.owner.site(), Tick(site.now));
    agents.into_iter().next().expect("she works here")
}

#[test]
fn two_who_share_a_phone_are_not_at_work_together() {
    let groups = format!("{GROUPS}[agent.ben]\ngroups = [\"support\"]\ndevice = \"SIP/ana\"\n");
    let mut site = Site::of(compiled_with(&groups, &[("shop.toml", LINE)]));
    let taken = AgentObjection::PhoneTaken("ana".to_owned());
    assert_eq!(site.owner.agent("ben", AgentAct::SignIn), Err(taken));
    site.ana(AgentAct::SignOut);
    assert_eq!(site.owner.agent("ben", AgentAct::SignIn), Ok(()));
    let taken = AgentObjection::PhoneTaken("ben".to_owned());
    assert_eq!(site.owner.agent("ana", AgentAct::SignIn), Err(taken));
}

#[test]
fn nobody_rings_a_phone_that_calls() {
    let mut site = Site::new();
    site.ana(AgentAct::Ready);
    site.reports(Event::CallStarted {
        call: "own".to_owned(),
        line: Some("shop".to_owned()),
        number: None,
        from: Some("201".to_owned()),
        device: Some("SIP/ana".to_owned()),
    });
    let now = ana(&site);
    assert_eq!(now.state, AgentState::NotReady);
    assert_eq!(now.out_of_reach.as_deref(), Some("calling"));
    // Nor for another caller, also after a crash.
    site.passes(1);
    site.crashes(true);
    site.comes_back();
    let (call, key) = ("own".to_owned(), '1');
    site.reports(Event::Key { call, key });
    assert_eq!(site.rings(), None);
    site.hangs_up("own");
    let now = ana(&site);
    assert_eq!((now.state, now.missed), (AgentState::Idle, 0));
    assert_eq!(now.out_of_reach, None);
    site.calls("2", Some('1'));
    assert!(site.rings().is_some());
}

#[test]
fn why_a_phone_cannot_be_rung_is_told() {
    let mut site = Site::new();
    let device = || "SIP/ana".to_owned();
    for (reachable, why) in [(false, Some("reported")), (true, None)] {
        let device = device();
        site.reports(Event::DeviceState { device, reachable });
        assert_eq!(ana(&site).out_of_reach.as_deref(), why);
    }
    site.owner.lose("b");
    assert_eq!(ana(&site).out_of_reach.as_deref(), Some("no-bridge"));
}

#[test]
fn what_was_asked_for_during_a_call_is_told() {
    let groups = format!("{GROUPS}[group.sales]\n");
    let line = LINE.replace("start = \"hello\"", "start = \"support\"")
        + "[queue.support]\ngroup = \"support\"\nmax_wait = \"1h\"\ntimeout = \"@hangup\"\nfull = \"@hangup\"\n\
           no_agents = \"@hangup\"\n";
    let mut site = Site::of(compiled_with(&groups, &[("shop.toml", &line)]));
    site.ana(AgentAct::Ready);
    site.calls("1", None);
    let (_, offer) = site.rings().expect("ana is free");
    site.reports(Event::AgentAnswered { offer });
    assert_eq!(ana(&site).then, None);
    site.ana(AgentAct::Pause { reason: None });
    site.ana(AgentAct::Move {
        groups: vec!["sales".to_owned()],
    });
    let now = ana(&site);
    assert_eq!(now.state, AgentState::Talking);
    assert_eq!(now.then, Some(AgentState::Paused));
    assert_eq!(now.then_groups, ["sales"]);
    site.ana(AgentAct::SignOut);
    assert_eq!(ana(&site).then, Some(AgentState::SignedOut));
    site.ana(AgentAct::Ready);
    assert_eq!(ana(&site).then, None);
}
