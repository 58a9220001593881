//! Records of calls say what their outcomes do not.

use crate::publications::Site;
use crate::publications::menus;
use strowger::daemon::bridge::protocol::Event;
use strowger::daemon::entry::AgentAct;

impl Site {
    /// The outcome of the last call and what its record says beside it.
    fn last_record(&mut self) -> (String, Option<String>) {
        self.passes(1);
        let rows = self.owner.journal().recent_cdrs(1).expect("it reads");
        (rows[0].outcome.clone(), rows[0].detail.clone())
    }

    fn talks(&mut self) {
        self.ana(AgentAct::Ready);
        self.calls("a", Some('1'));
        let (_, offer) = self.rings().expect("ana is free");
        self.reports(Event::AgentAnswered { offer });
    }
}

#[test]
fn a_call_that_lasted_as_long_as_it_may_is_told_from_one_whose_bridge_did_not_come_back() {
    for (outcome, talks) in [("answered", true), ("ended_by_system", false)] {
        for (why, seconds) in [("max-call", 23 * 3600), ("bridge-gone", 61)] {
            let mut site = Site::of(menus(1));
            match talks {
                true => site.talks(),
                false => site.calls("a", None),
            }
            if why == "bridge-gone" {
                site.owner.lose("b");
            }
            site.passes(seconds);
            let told = (outcome.to_owned(), Some(why.to_owned()));
            assert_eq!(site.last_record(), told);
        }
    }
    let mut site = Site::of(menus(1));
    site.talks();
    site.hangs_up("a");
    assert_eq!(site.last_record(), ("answered".to_owned(), None));
}
