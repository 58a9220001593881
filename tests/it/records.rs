//! Records of calls say what their outcomes do not.

use crate::publications::Site;
use crate::publications::compiled;
use crate::publications::menus;
use strowger::daemon::bridge::protocol::Act;
use strowger::daemon::bridge::protocol::Event;
use strowger::daemon::entry::AgentAct;

/// Callers leave a message, and nobody is there if they wait for somebody then.
const MAIL: &str = r#"
format = 1
[line]
name = "Shop"
groups = "groups.toml"
timezone = "Etc/UTC"
languages = ["en"]
start = "mail"
max_call = "2m"
[record.mail]
say = "Please speak after the tone."
mailbox = "night"
max = "10m"
then = "support"
[queue.support]
group = "support"
max_wait = "1m"
timeout = "@hangup"
full = "@hangup"
no_agents = "@hangup"
"#;

impl Site {
    /// The outcome of the last call and what its record says beside it.
    fn last_record(&mut self) -> (String, Option<String>) {
        self.passes(1);
        let rows = self.owner.journal().recent_cdrs(1).expect("it reads");
        (rows[0].outcome.clone(), rows[0].detail.clone())
    }

    /// The lengths of the messages that are kept, the latest first.
    fn messages(&mut self) -> Vec<i64> {
        self.passes(1);
        let rows = self.owner.journal().messages(9).expect("it reads");
        rows.iter().map(|row| row.length_ms).collect()
    }

    fn speaks(&mut self) {
        self.calls("a", None);
        let play = self.asked(|act| match act {
            Act::Play { play, .. } => Some(*play),
            _ => None,
        });
        let (call, play) = ("a".to_owned(), play.expect("words before the tone"));
        self.reports(Event::PlayDone { call, play });
    }

    fn has_recorded(&mut self, seconds: u64) {
        self.reports(Event::RecordingDone {
            call: "a".to_owned(),
            length_ms: Some(seconds * 1000),
            recording: Some("a".to_owned()),
        });
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

#[test]
fn a_call_that_has_left_a_message_is_one_whoever_ends_it() {
    for is_lost in [false, true] {
        let mut site = Site::of(compiled(&[("shop.toml", MAIL)]));
        site.speaks();
        site.passes(9);
        if is_lost {
            site.owner.lose("b");
        }
        site.passes(120);
        assert_eq!(site.last_record(), ("message".to_owned(), None));
        if is_lost {
            site.comes_back();
        }
        site.has_recorded(9);
        assert_eq!(site.messages(), [9000]);
    }
}

#[test]
fn whoever_waits_after_a_message_and_is_cut_off_was_cut_off() {
    let mut site = Site::of(compiled(&[("shop.toml", MAIL)]));
    site.speaks();
    site.passes(100);
    site.has_recorded(100);
    site.passes(30);
    let told = ("ended_by_system".to_owned(), Some("max-call".to_owned()));
    assert_eq!(site.last_record(), told);
}

#[test]
fn no_message_is_much_longer_than_its_recording_ran() {
    let mut site = Site::of(compiled(&[("shop.toml", MAIL)]));
    for (reported, kept) in [(9, 9000), (12, 12_000), (3600, 12_000)] {
        site.speaks();
        site.passes(10);
        site.hangs_up("a");
        site.has_recorded(reported);
        assert_eq!(site.messages()[0], kept);
    }
}
