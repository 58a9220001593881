//! What the wallboard counts of a queue.

use crate::publications::GROUPS;
use crate::publications::Site;
use crate::publications::compiled_with;
use strowger::daemon::bridge::protocol::Event;
use strowger::daemon::entry::AgentAct;
use strowger::daemon::wallboard::Wallboard;
use strowger::exchange::time::Tick;

#[test]
fn whoever_joined_a_queue_is_found_again_on_the_wallboard() {
    let line = "format = 1\n[line]\nname = \"Shop\"\ngroups = \"groups.toml\"\ntimezone = \"Etc/UTC\"\n\
        languages = [\"en\"]\nstart = \"support\"\n[queue.support]\ngroup = \"support\"\n\
        max_wait = \"1h\"\ntimeout = \"@hangup\"\nfull = \"bye\"\nno_agents = \"@hangup\"\n\
        [queue.support.keys]\n1 = { go = \"bye\", label = \"no more\" }\n\
        [say.bye]\nsay = \"Goodbye.\"\nthen = \"@hangup\"\n";
    let groups = GROUPS.replace("rest =", "max_waiting = 1\nrest =");
    let mut site = Site::of(compiled_with(&groups, &[("shop.toml", line)]));
    site.ana(AgentAct::Ready);
    site.calls("1", None);
    let (_, offer) = site.rings().expect("ana is free");
    site.reports(Event::AgentAnswered { offer });
    site.passes(1);
    site.calls("2", None);
    site.passes(30);
    let (call, key) = ("2".to_owned(), '1');
    site.reports(Event::Key { call, key });
    site.calls("3", None);
    site.passes(30);
    site.hangs_up("3");
    site.calls("4", None);
    site.calls("5", None);
    let board = Wallboard::of(site.owner.site(), Tick(site.now), None);
    let queue = &board.queues[0];
    assert_eq!(
        (queue.answered, queue.abandoned, queue.left_by_key),
        (1, 1, 1)
    );
    assert_eq!((queue.lost, queue.turned_away, queue.waiting), (1, 1, 1));
    assert_eq!(queue.entered, 4);
}
