//! One phone that two agents share.

use crate::publications::GROUPS;
use crate::publications::Site;
use crate::publications::compiled_with;
use strowger::daemon::bridge::protocol::Event;
use strowger::daemon::wallboard::AgentView;
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
