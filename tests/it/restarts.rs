//! Starts with other menus while nobody calls: what was counted, switched and reported stays.

use crate::publications::GROUPS;
use crate::publications::Site;
use crate::publications::compiled;
use crate::publications::compiled_with;
use crate::publications::hello;
use crate::publications::menus;
use strowger::daemon::bridge::protocol::Event;
use strowger::daemon::entry::AgentAct;
use strowger::daemon::menus::Menus;
use strowger::daemon::owner::SNAPSHOT_ENTRIES;
use strowger::daemon::owner::SwitchOn;
use strowger::daemon::site::BRIDGES_MAX;
use strowger::daemon::site::BridgeId;
use strowger::daemon::wallboard::AgentView;
use strowger::daemon::wallboard::Wallboard;
use strowger::exchange::Switch;
use strowger::exchange::record::AgentState;
use strowger::exchange::time::Tick;

const OTHER: &str = "format = 1\n[line]\nname = \"Other\"\ngroups = \"groups.toml\"\n\
    timezone = \"Etc/UTC\"\nlanguages = [\"en\"]\nstart = \"hello\"\n\
    [say.hello]\nsay = \"Hello.\"\nthen = \"@hangup\"\n";

impl Site {
    fn starts_with(&mut self, menus: Menus) -> Wallboard {
        self.start = menus;
        self.crashes(false);
        Wallboard::of(self.owner.site(), Tick(self.now), None)
    }
}

/// The same menus with these reasons for breaks.
fn with_reasons(reasons: &str) -> Menus {
    let groups = format!("{GROUPS}\n").replace(
        "format = 1\n",
        &format!("format = 1\npause_reasons = [{reasons}]\n"),
    );
    compiled_with(&groups, &[("other.toml", OTHER)])
}

#[test]
fn the_days_counts_go_on() {
    let mut site = Site::new();
    site.calls("a", Some('1'));
    site.passes(30);
    site.hangs_up("a");
    site.passes(1);
    for number in [1, 3, 2] {
        let board = site.starts_with(menus(number));
        let shop = board.lines.iter().find(|line| line.line == "shop");
        let shop = shop.expect("the line");
        assert_eq!(board.menus_version, site.owner.site().version());
        assert_eq!((shop.attempts, shop.in_progress), (1, 0));
        assert_eq!(shop.outcomes["abandoned"], 1);
        let queue = &board.queues[0];
        let counted = (queue.entered, queue.abandoned, queue.waiting);
        assert_eq!(counted, (1, 1, 0));
        assert_eq!(board.agents[0].since_s, 31);
    }
    site.passes(24 * 3600);
    let attempts = |site: &Site| {
        let board = Wallboard::of(site.owner.site(), Tick(site.now), None);
        board.lines.iter().map(|line| line.attempts).sum::<u64>()
    };
    assert_eq!(attempts(&site), 0, "a new day begins at nothing");
    site.calls("b", None);
    assert_eq!(attempts(&site), 1);
}

#[test]
fn a_phone_that_cannot_be_rung_is_not_rung() {
    let mut site = Site::new();
    site.ana(AgentAct::Ready);
    let state = |reachable| Event::DeviceState {
        device: "SIP/ana".to_owned(),
        reachable,
    };
    site.reports(state(false));
    let board = site.starts_with(menus(1));
    assert!(!board.agents[0].reachable);
    assert_eq!(board.agents[0].state, AgentState::NotReady);
    site.calls("a", Some('1'));
    assert_eq!(site.rings(), None);
    site.reports(state(true));
    assert!(site.rings().is_some());
}

#[test]
fn breaks_keep_their_reason_by_its_name() {
    let of_ana = |site: &Site| AgentView::all(site.owner.site(), Tick(site.now)).remove(0);
    let mut site = Site::of(with_reasons(r#""x", "y", "lunch""#));
    let reason = Some("lunch".to_owned());
    site.ana(AgentAct::Pause { reason });
    for (reasons, known) in [
        (r#""tea", "lunch""#, Some("lunch")),
        (r#""lunch""#, Some("lunch")),
        (r#""tea""#, None),
    ] {
        site.starts_with(with_reasons(reasons));
        let ana = of_ana(&site);
        assert_eq!(ana.state, AgentState::Paused, "{reasons}");
        assert_eq!(ana.reason.as_deref(), known, "{reasons}");
    }
}

#[test]
fn whoever_wanted_a_break_or_to_go_after_a_call_has_it() {
    for (act, state) in [
        (AgentAct::Pause { reason: None }, AgentState::Paused),
        (AgentAct::SignOut, AgentState::SignedOut),
        (AgentAct::ExtendWrapUp, AgentState::Idle),
    ] {
        let mut site = Site::new();
        site.ana(AgentAct::Ready);
        site.calls("a", Some('1'));
        let (_, offer) = site.rings().expect("ana is free");
        site.reports(Event::AgentAnswered { offer });
        site.hangs_up("a");
        site.ana(act);
        let board = site.starts_with(menus(1));
        assert_eq!(board.agents[0].state, state);
        assert_eq!(board.agents[0].answered, 1);
    }
}

#[test]
fn a_line_that_was_closed_comes_back_closed() {
    let mut site = Site::new();
    let closed = |board: &Wallboard| {
        board
            .lines
            .iter()
            .map(|line| line.closed)
            .collect::<Vec<_>>()
    };
    assert!((site.owner).switch("shop", Switch::Closure, Some(SwitchOn::default())));
    for _ in 0..2 {
        let other = site.starts_with(compiled(&[("other.toml", OTHER)]));
        assert_eq!(closed(&other), [false]);
    }
    let shop = site.starts_with(menus(1));
    assert_eq!(closed(&shop), [true]);
    site.owner.switch("shop", Switch::Closure, None);
    site.starts_with(compiled(&[("other.toml", OTHER)]));
    let shop = site.starts_with(menus(1));
    assert_eq!(closed(&shop), [false]);
}

#[test]
fn bridges_that_are_gone_make_room_for_others_unless_their_calls_go_on() {
    let mut site = Site::new();
    site.calls("a", None);
    site.owner.lose("b");
    let known = |site: &Site, name: &str| site.owner.site().bridges().find(name).is_some();
    for number in 0..3 * BRIDGES_MAX {
        let name = format!("pod-{number}");
        let (id, _) = site.owner.join(&hello(&name)).expect("there is room");
        assert_eq!(site.owner.site().bridges().get(id).name, name);
        site.owner.lose(&name);
        if number % 50 == 49 {
            site.crashes(number % 100 == 99);
            site.owner.lose("b");
        }
    }
    assert_eq!(site.owner.site().bridges().len(), BRIDGES_MAX);
    assert!(known(&site, "b"), "its call goes on");
    let last = 3 * BRIDGES_MAX;
    assert!(known(&site, &format!("pod-{}", last - BRIDGES_MAX + 1)));
    assert!(!known(&site, &format!("pod-{}", last - BRIDGES_MAX)));
    site.comes_back();
    site.hangs_up("a");
    for number in 0..BRIDGES_MAX - 1 {
        let joined = site.owner.join(&hello(&format!("here-{number}")));
        joined.expect("the place of one that is gone");
    }
    assert!(site.owner.join(&hello("one-more")).is_err());
    site.owner.lose("b");
    assert!(site.owner.join(&hello("one-more")).is_ok(), "b is gone");
}

#[test]
fn snapshots_come_however_often_the_daemon_is_restarted() {
    let mut site = Site::new();
    let is_due_after = |site: &mut Site, entries| {
        for _ in 0..entries {
            let received = site.owner.site().bridges().get(BridgeId(0)).received;
            site.owner.pass(BridgeId(0), received + 1);
        }
        site.passes(6);
        site.owner.snapshot_due().is_some()
    };
    assert!(!is_due_after(&mut site, SNAPSHOT_ENTRIES / 2));
    site.crashes(false);
    assert!(is_due_after(&mut site, SNAPSHOT_ENTRIES / 2));
    site.crashes(true);
    assert!(
        !is_due_after(&mut site, 1),
        "the next as many entries later"
    );
}
