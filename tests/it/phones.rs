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
