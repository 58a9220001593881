//! Agents whom somebody has moved to other groups, when menus are published.

use crate::publications::GROUPS;
use crate::publications::Site;
use crate::publications::compiled_with;
use strowger::daemon::entry::AgentAct;
use strowger::daemon::wallboard::Wallboard;
use strowger::exchange::limits::VERSIONS_SPARE;
use strowger::exchange::time::Tick;

#[test]
fn who_was_moved_stays_there_until_the_files_say_something_else_of_the_groups() {
    let two = GROUPS.replace("[agent.ana]", "[group.sales]\n[agent.ana]");
    let with = |groups: &str, words: u64| {
        let text = format!(
            "format = 1\n[line]\nname = \"Shop\"\ngroups = \"groups.toml\"\ntimezone = \"Etc/UTC\"\n\
             languages = [\"en\"]\nstart = \"hello\"\n[say.hello]\nsay = \"Number {words}.\"\nthen = \"@hangup\"\n"
        );
        compiled_with(groups, &[("shop.toml", &text)])
    };
    let mut site = Site::of(with(&two, 0));
    let groups = |site: &Site| {
        let board = Wallboard::of(site.owner.site(), Tick(site.now), None);
        board.agents[0].groups.clone()
    };
    let move_to = |site: &mut Site, group: &str| {
        let groups = vec![group.to_owned()];
        site.ana(AgentAct::Move { groups });
    };
    move_to(&mut site, "sales");
    // More versions than the plan keeps.
    for words in 1..=VERSIONS_SPARE as u64 + 3 {
        site.passes(5);
        let publication = site.owner.publish(&with(&two, words));
        let publication = publication.expect("nothing in the way");
        assert!(publication.moved_back.is_empty());
        assert_eq!(groups(&site), ["sales"]);
        site.passes(1);
        site.crashes(words % 2 == 0);
    }
    // Others come and go, and other rules hold.
    let more =
        two.replace("rest =", "max_waiting = 7\nrest =") + "[agent.ben]\ngroups = [\"sales\"]\n";
    site.passes(5);
    site.owner
        .publish(&with(&more, 0))
        .expect("nothing in the way");
    assert_eq!(groups(&site), ["sales"]);
    let both = two.replace("[\"support\"]", "[\"support\", \"sales\"]");
    site.passes(5);
    let publication = site
        .owner
        .publish(&with(&both, 0))
        .expect("nothing in the way");
    assert!(publication.moved_back.contains("ana"));
    assert_eq!(groups(&site), ["support", "sales"]);
    // Nor can anybody stay in a group that is gone.
    site.passes(5);
    site.owner
        .publish(&with(&two, 0))
        .expect("nothing in the way");
    move_to(&mut site, "sales");
    site.passes(5);
    let publication = site
        .owner
        .publish(&with(GROUPS, 0))
        .expect("nothing in the way");
    assert!(publication.moved_back.contains("ana"));
    assert_eq!(groups(&site), ["support"]);
    site.passes(1);
    site.crashes(true);
}
