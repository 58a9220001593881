//! Calls back as the daemon records and shows them, in virtual time: what counts as talk, what comes of
//! numbers that nothing can dial or that may not be dialled, and what the wallboard says.

use crate::site;
use std::sync::Arc;
use strowger::daemon::bridge::protocol::Act;
use strowger::daemon::bridge::protocol::Capability;
use strowger::daemon::bridge::protocol::Event;
use strowger::daemon::entry::AgentAct;
use strowger::daemon::entry::Entry;
use strowger::daemon::entry::What;
use strowger::daemon::journal::rows::CdrRow;
use strowger::daemon::site::Edition;
use strowger::daemon::site::Site;
use strowger::daemon::wallboard::QueueView;
use strowger::daemon::wallboard::Wallboard;
use strowger::exchange::dialplan::Dialplan;
use strowger::exchange::record::AgentState;
use strowger::exchange::time::Tick;

pub(crate) const GROUPS: &str = "format = 1\n[group.support]\nrest = \"0s\"\n\
    wrap_up = { limit = \"0s\", then = \"ready\" }\n\
    [agent.ana]\ngroups = [\"support\"]\ndevice = \"SIP/ana\"\n";
const LINE: &str = r#"
format = 1
[line]
name = "Shop"
groups = "groups.toml"
timezone = "Etc/UTC"
languages = ["en"]
numbers = ["+441632960100"]
start = "call-me"
[dialling]
deny = ["+449"]
[queue.support]
group = "support"
max_wait = "10m"
timeout = "@hangup"
full = "@hangup"
no_agents = "@hangup"
[callback.call-me]
queue = "support"
say = "We will call you back."
confirm = false
attempts = 3
retry = "10m"
then = "@hangup"
"#;

fn plan(line: &str) -> Arc<Dialplan> {
    plan_with(line, GROUPS)
}

pub(crate) fn plan_with(line: &str, groups: &str) -> Arc<Dialplan> {
    let files = [("shop.toml", line), ("groups.toml", groups)];
    Arc::new(site::plan_of(&files))
}

/// A site that time passes over.
pub(crate) struct Day {
    pub(crate) site: Site,
    now: u64,
    seq: u64,
    pub(crate) ended: Vec<CdrRow>,
}

impl Day {
    /// A bridge that can do this is there, and Ana is free.
    fn begins(can: &[Capability]) -> Self {
        Self::with(plan(LINE), can)
    }

    pub(crate) fn with(plan: Arc<Dialplan>, can: &[Capability]) -> Self {
        let mut day = Self {
            site: Site::new(plan, 1, site::unix_ms("2026-11-23T09:00")),
            now: 0,
            seq: 0,
            ended: Vec::new(),
        };
        day.joins("b", can);
        for act in [AgentAct::SignIn, AgentAct::Ready] {
            day.ana_does(act);
        }
        day
    }

    pub(crate) fn ana_does(&mut self, act: AgentAct) {
        let agent = "ana".to_owned();
        self.happens(What::Agent { agent, act });
    }

    pub(crate) fn happens(&mut self, what: What) {
        let at = self.now;
        let applied = self.site.apply(&Entry { at, what });
        assert_eq!(applied.refused, None);
        self.ended.extend(applied.cdrs);
    }

    /// Newer menus are put in force.
    pub(crate) fn publishes(&mut self, version: u64, line: &str) {
        let edition = Edition {
            plan: plan(line),
            version,
            live: true,
        };
        let published = self.site.publish(Tick(self.now), &edition);
        published.expect("nothing is in the way");
    }

    pub(crate) fn passes(&mut self, seconds: u64) {
        self.now += seconds * 1000;
        self.happens(What::Wake);
    }

    fn joins(&mut self, bridge: &str, can: &[Capability]) {
        self.joins_with(bridge, can, &[]);
    }

    /// A bridge says hello that has forgotten everything but these calls.
    fn joins_with(&mut self, bridge: &str, can: &[Capability], calls: &[&str]) {
        let calls = calls.iter().map(|call| (*call).to_owned());
        self.happens(What::BridgeJoined {
            bridge: bridge.to_owned(),
            can: can.to_vec(),
            devices: vec!["SIP/".to_owned()],
            calls: Some(calls.collect()),
        });
        // What it reports is numbered from 1 again.
        if bridge == "b" {
            self.seq = 0;
        }
    }

    pub(crate) fn reports(&mut self, event: Event) {
        self.seq += 1;
        let (bridge, seq) = ("b".to_owned(), self.seq);
        self.happens(What::Reported { bridge, seq, event });
    }

    /// A call comes, mostly from the same number.
    fn comes(&mut self, call: &str) {
        self.comes_from(call, "+441632960001");
    }

    pub(crate) fn comes_from(&mut self, call: &str, from: &str) {
        self.reports(Event::CallStarted {
            call: call.to_owned(),
            line: Some("shop".to_owned()),
            number: None,
            from: Some(from.to_owned()),
            device: None,
        });
    }

    fn loses(&mut self, bridge: &str) {
        let (bridge, patience_ms) = (bridge.to_owned(), 60_000);
        self.happens(What::BridgeLost {
            bridge,
            patience_ms,
        });
    }

    fn leaves(&mut self, call: &str) {
        let call = call.to_owned();
        self.reports(Event::CallEnded { call });
    }

    /// Whom bridge "b" was asked to dial, by which call.
    pub(crate) fn dialled(&self) -> Vec<(String, String)> {
        let id = self.site.bridges().find("b").expect("it was here");
        let effects = self.site.bridges().effects_after(id, 0);
        let dialled = effects.filter_map(|effect| match &effect.act {
            Act::Dial { call, number, .. } => Some((call.clone(), number.clone())),
            _ => None,
        });
        dialled.collect()
    }

    /// The ringing of Ana's phone, if it rings.
    pub(crate) fn rings(&self) -> Option<u64> {
        (self.ana() == Some(AgentState::Ringing)).then(|| self.last_offer())
    }

    /// The last ringing that bridge "b" was asked for.
    pub(crate) fn last_offer(&self) -> u64 {
        let id = self.site.bridges().find("b").expect("it was here");
        let effects = self.site.bridges().effects_after(id, 0);
        let rung = effects.filter_map(|effect| match effect.act {
            Act::Ring { offer, .. } => Some(offer),
            _ => None,
        });
        rung.last().expect("a phone rang")
    }

    /// What a bridge was asked to do about agents and numbers, in order.
    pub(crate) fn told(&self, bridge: &str) -> Vec<&'static str> {
        let id = self.site.bridges().find(bridge).expect("it was here");
        let effects = self.site.bridges().effects_after(id, 0);
        let told = effects.filter_map(|effect| match effect.act {
            Act::Ring { .. } => Some("ring"),
            Act::CancelRing { .. } => Some("cancel_ring"),
            Act::Connect { .. } => Some("connect"),
            Act::Disconnect { .. } => Some("disconnect"),
            Act::Dial { .. } => Some("dial"),
            _ => None,
        });
        told.collect()
    }

    /// How many calls this bridge has been asked to hang up, since it began to count.
    fn hung_up(&self, bridge: &str) -> usize {
        let id = self.site.bridges().find(bridge).expect("it was here");
        let effects = self.site.bridges().effects_after(id, 0);
        let hung_up = effects.filter(|effect| matches!(effect.act, Act::HangUp { .. }));
        hung_up.count()
    }

    /// Somebody asks for a call back and hangs up; its name.
    fn asks(&mut self) -> String {
        self.comes("a");
        self.passes(2);
        self.reports(Event::CallEnded {
            call: "a".to_owned(),
        });
        assert_eq!(self.ended.pop().expect("a record").outcome, "callback");
        "callback-1.0".to_owned()
    }

    /// Ana picks up whatever rings.
    pub(crate) fn picks_up(&mut self, offer: u64) {
        self.reports(Event::AgentAnswered { offer });
    }

    fn ana(&self) -> Option<AgentState> {
        let agent = self.site.agent_named("ana").expect("she works here");
        self.site.exchange().agent_state(agent)
    }

    pub(crate) fn queue(&self) -> QueueView {
        let board = Wallboard::of(&self.site, Tick(self.now), None);
        board.queues.into_iter().next().expect("a queue")
    }
}

#[test]
fn the_ringing_of_the_callers_phone_is_no_talk() {
    let mut day = Day::begins(&[Capability::Ring, Capability::Dial]);
    let call = day.asks();
    day.passes(3);
    day.picks_up(1);
    day.passes(25);
    day.reports(Event::DialAnswered { call: call.clone() });
    day.passes(40);
    day.reports(Event::CallEnded { call });
    let row = day.ended.pop().expect("a record");
    assert_eq!(
        (row.outcome.as_str(), row.talk_ms),
        ("callback_served", 40_000)
    );
    assert_eq!(row.agent.as_deref(), Some("ana"));
}

#[test]
fn an_agent_who_hangs_up_before_the_caller_answers_has_not_talked() {
    let mut day = Day::begins(&[Capability::Ring, Capability::Dial]);
    let call = day.asks();
    day.picks_up(1);
    day.passes(25);
    day.reports(Event::AgentHungUp { offer: 1 });
    day.passes(600);
    day.picks_up(2);
    day.reports(Event::DialAnswered { call: call.clone() });
    day.passes(7);
    day.reports(Event::CallEnded { call });
    assert_eq!(day.ended.pop().expect("a record").talk_ms, 7_000);
}

#[test]
fn a_call_back_that_nothing_can_dial_rings_nobody_and_is_given_up_after_its_attempts() {
    let mut day = Day::begins(&[Capability::Dial, Capability::Ring]);
    day.ana_does(AgentAct::Pause { reason: None });
    let call = day.asks();
    // From now on one bridge can ring, and the other dial.
    day.joins("b", &[Capability::Dial]);
    day.joins("c", &[Capability::Ring]);
    day.ana_does(AgentAct::Ready);
    for _ in 0..2 {
        assert_eq!(day.ana(), Some(AgentState::Idle), "nobody's phone rings");
        assert!(day.ended.is_empty(), "it is tried again");
        day.passes(600);
    }
    let row = day.ended.pop().expect("a record");
    assert_eq!(
        (row.call, row.outcome.as_str()),
        (call, "callback_undialled")
    );
    assert_eq!(row.detail.as_deref(), Some("no-bridge"));
    assert_eq!((row.wait_ms, row.talk_ms), (0, 0));
    let board = Wallboard::of(&day.site, Tick(day.now), None);
    assert_eq!(board.agents[0].missed, 0, "the agent has missed nothing");
    assert_eq!(day.ana(), Some(AgentState::Idle));
    assert!(day.told("b").is_empty() && day.told("c").is_empty());
}

#[test]
fn no_call_back_is_promised_until_a_bridge_has_come_that_could_make_it() {
    let mut day = Day::begins(&[Capability::Dial]);
    day.joins("c", &[Capability::Ring]);
    let asks = |day: &mut Day| {
        day.comes("a");
        day.passes(2);
        let at = day.ended.pop().map(|row| row.outcome);
        (at, day.queue().callbacks)
    };
    // The line hangs up where none can be promised.
    let none = (Some("left_in_menu".to_owned()), 0);
    assert_eq!(asks(&mut day), none);
    day.joins("c", &[Capability::Ring, Capability::Dial]);
    // It is waited for while it is only away, in a snapshot too.
    day.loses("c");
    let text = serde_json::to_string(&day.site).expect("plain data");
    let again: Site = serde_json::from_str(&text).expect("a snapshot");
    day.site = again.restore(&[plan(LINE)]).expect("the same menus");
    assert_eq!(asks(&mut day), (None, 1));
    day.leaves("a");
    day.joins("c", &[]);
    day.comes_from("other", "+441632960002");
    day.passes(2);
    assert_eq!(day.queue().callbacks, 1, "of before");
}

#[test]
fn a_bridge_is_told_what_the_menus_want_of_it() {
    let more = "\n[transfer.out]\nto = \"+441632960999\"\nfailed = \"@hangup\"\n\
        [record.mail]\nsay = \"Speak.\"\nmailbox = \"m\"\nthen = \"@hangup\"\n";
    let menu = "[menu.start]\nsay = \"{options}\"\n[menu.start.keys]\n1 = { go = \"out\", label = \"a\" }\n\
        2 = { go = \"mail\", label = \"b\" }\n3 = { go = \"call-me\", label = \"c\" }\n";
    let line = LINE.replace("start = \"call-me\"", "start = \"start\"") + menu + more;
    let groups = GROUPS.to_owned() + "[agent.ben]\ngroups = [\"support\"]\ndevice = \"SIP/ben\"\n";
    let mut day = Day::with(plan_with(&line, &groups), &[]);
    let warnings = |day: &mut Day, can: &[Capability], devices: &[&str]| {
        let devices = devices.iter().map(|device| (*device).to_owned());
        day.happens(What::BridgeJoined {
            bridge: "b".to_owned(),
            can: can.to_vec(),
            devices: devices.collect(),
            calls: Some(Vec::new()),
        });
        let id = day.site.bridges().find("b").expect("it is here");
        day.site.warnings(id)
    };
    let all = [
        Capability::Ring,
        Capability::Record,
        Capability::Transfer,
        Capability::Dial,
    ];
    assert_eq!(warnings(&mut day, &all, &["SIP/"]), [""; 0]);
    for (lacking, words) in [
        (0, "can ring"),
        (1, "can record"),
        (2, "can transfer"),
        (3, "can dial"),
    ] {
        let mut can = all.to_vec();
        can.remove(lacking);
        let said = warnings(&mut day, &can, &["SIP/"]);
        assert!(said.iter().any(|said| said.contains(words)), "{said:?}");
    }
    for (devices, words) in [
        (&[][..], "phone of ana (SIP/ana), nor of another agent"),
        (&["SIP/ana"], "phone of ben (SIP/ben):"),
        (&["PJSIP/"], "phone of ana (SIP/ana), nor of another agent"),
    ] {
        let said = warnings(&mut day, &all, devices);
        assert!(said.iter().any(|said| said.contains(words)), "{said:?}");
    }
}

#[test]
fn a_bridge_that_is_away_uses_up_no_attempts_of_a_call_back() {
    let mut day = Day::begins(&[Capability::Ring, Capability::Dial]);
    // The bridge that took the promise goes; the one that is there can only ring.
    day.joins("c", &[Capability::Ring]);
    day.ana_does(AgentAct::Pause { reason: None });
    let call = day.asks();
    day.loses("b");
    day.ana_does(AgentAct::Ready);
    for _ in 0..10 {
        day.passes(600);
        assert_eq!(day.ana(), Some(AgentState::Idle), "nobody's phone rings");
    }
    let text = serde_json::to_string(&day.site).expect("plain data");
    let again: Site = serde_json::from_str(&text).expect("a snapshot");
    day.site = again.restore(&[plan(LINE)]).expect("the same menus");
    // It is dialled once the bridge is there, not at the next attempt; all three are left.
    day.passes(30);
    day.joins("b", &[Capability::Ring, Capability::Dial]);
    for attempt in 1..=3 {
        assert_eq!(day.ana(), Some(AgentState::Ringing), "attempt {attempt}");
        assert!(day.ended.is_empty());
        let rung = day.last_offer();
        day.picks_up(rung);
        day.reports(Event::DialFailed { call: call.clone() });
        day.passes(600);
    }
    let row = day.ended.pop().expect("a record");
    assert_eq!((row.call, row.detail), (call, None));
    assert_eq!(row.outcome, "callback_unreached");
}

#[test]
fn calls_back_that_waited_for_a_bridge_go_by_their_places() {
    let (both, first, second) = (
        [Capability::Ring, Capability::Dial],
        "+441632960002",
        "+441632960003",
    );
    let mut day = Day::begins(&both);
    day.joins("c", &[Capability::Ring]);
    day.ana_does(AgentAct::Pause { reason: None });
    day.comes("a");
    day.comes_from("x", first);
    day.passes(2);
    day.leaves("x");
    day.leaves("a");
    // The one before them is over, and what comes next stands in its place of the table of calls.
    day.ana_does(AgentAct::Ready);
    day.passes(3);
    day.picks_up(day.last_offer());
    let (call, _) = day.dialled().pop().expect("the number of the first call");
    day.reports(Event::DialAnswered { call: call.clone() });
    day.ana_does(AgentAct::Pause { reason: None });
    day.leaves(&call);
    day.comes_from("y", second);
    day.passes(2);
    day.leaves("y");
    day.loses("b");
    day.ana_does(AgentAct::Ready);
    day.passes(60);
    assert_eq!(day.ana(), Some(AgentState::Idle), "nobody can dial");
    day.joins("b", &both);
    day.passes(3);
    day.picks_up(day.last_offer());
    let (_, number) = day.dialled().pop().expect("a number");
    assert_eq!(number, first);
}

#[test]
fn a_bridge_that_has_forgotten_that_it_dials_is_asked_again_for_no_longer_than_a_number_rings() {
    let can = [Capability::Ring, Capability::Dial];
    let line = LINE.replace("attempts = 3", "attempts = 2");
    let mut day = Day::with(plan(&line), &can);
    let call = day.asks();
    for attempt in 1..=2 {
        let rung = day.last_offer();
        day.picks_up(rung);
        day.passes(4);
        day.loses("b");
        day.passes(2);
        day.joins_with("b", &can, &[&call]);
        // It is called as before.
        let numbers: Vec<_> = day.dialled().into_iter().map(|(call, _)| call).collect();
        assert_eq!(numbers, [call.as_str()], "attempt {attempt}");
        day.passes(29);
        assert_eq!(day.ana(), Some(AgentState::Talking));
        day.passes(1);
        assert_eq!(day.ana(), Some(AgentState::Idle), "attempt {attempt}");
        day.passes(600);
    }
    let row = day.ended.pop().expect("a record");
    assert_eq!(
        (row.outcome.as_str(), row.talk_ms),
        ("callback_unreached", 0)
    );
}

#[test]
fn a_number_that_is_dialled_again_may_answer() {
    let can = [Capability::Ring, Capability::Dial];
    let mut day = Day::begins(&can);
    let call = day.asks();
    day.picks_up(1);
    day.loses("b");
    day.passes(5);
    day.joins_with("b", &can, &[&call]);
    day.passes(20);
    day.reports(Event::DialAnswered { call: call.clone() });
    day.passes(60);
    day.leaves(&call);
    let row = day.ended.pop().expect("a record");
    assert_eq!(
        (row.outcome.as_str(), row.talk_ms),
        ("callback_served", 60_000)
    );
}

#[test]
fn a_bridge_that_cannot_dial_any_more_is_not_asked_to_dial_again() {
    let all = [Capability::Ring, Capability::Dial];
    for can in [[Capability::Ring], [Capability::Dial]] {
        let mut day = Day::with(plan(&LINE.replace("attempts = 3", "attempts = 2")), &all);
        let call = day.asks();
        for attempt in 1..=2 {
            let rung = day.last_offer();
            day.picks_up(rung);
            assert_eq!(day.dialled().len(), 1, "attempt {attempt}");
            day.loses("b");
            day.passes(2);
            day.joins_with("b", &can, &[&call]);
            assert_eq!((day.told("b"), day.hung_up("b")), (vec!["disconnect"], 1));
            day.loses("b");
            day.joins("b", &all);
            assert_eq!(day.ana(), Some(AgentState::Idle));
            day.passes(600);
        }
        let row = day.ended.pop().expect("a record");
        let came_of_it = (row.outcome.as_str(), row.detail.as_deref());
        assert_eq!(came_of_it, ("callback_undialled", Some("no-bridge")));
    }
}

#[test]
fn only_what_was_rung_is_told_to_stop() {
    let mut day = Day::begins(&[Capability::Ring, Capability::Dial]);
    day.asks();
    day.passes(3);
    assert_eq!(day.told("b"), ["ring"]);
    day.passes(60);
    assert_eq!(day.told("b"), ["ring", "cancel_ring"]);
}

#[test]
fn a_phone_that_answers_by_itself_is_called_back_from_a_bridge_that_rings_it() {
    let by_itself = GROUPS.replace("rest =", "ring = \"0s\"\nrest =");
    let mut day = Day::with(plan_with(LINE, &by_itself), &[Capability::Dial]);
    day.joins("c", &[Capability::Ring, Capability::Dial]);
    // The bridge that took the promise dials, and rings nobody.
    let call = day.asks();
    assert_eq!((day.told("b"), day.told("c")), (vec![], vec!["dial"]));
    let event = Event::DialAnswered { call };
    let (bridge, seq) = ("c".to_owned(), 1);
    day.happens(What::Reported { bridge, seq, event });
    assert_eq!(day.told("c"), ["dial", "ring", "connect"]);
}

#[test]
fn nobody_is_left_alone_with_a_phone_that_their_bridge_cannot_ring() {
    let by_itself = GROUPS.replace("rest =", "ring = \"0s\"\nrest =");
    let line = LINE.replace("start = \"call-me\"", "start = \"support\"");
    let mut day = Day::with(plan_with(&line, &by_itself), &[Capability::Dial]);
    day.joins("c", &[Capability::Ring]);
    day.comes("a");
    assert_eq!(day.told("b"), [""; 0]);
    let row = day.ended.pop().expect("the call is over");
    assert_eq!((row.call.as_str(), row.talk_ms), ("a", 0));
    assert_eq!(day.ana(), Some(AgentState::Idle));
}

#[test]
fn a_number_that_newer_menus_deny_is_not_dialled_any_more() {
    let mut day = Day::begins(&[Capability::Ring, Capability::Dial]);
    day.ana_does(AgentAct::Pause { reason: None });
    day.asks();
    let denies = LINE.replace("\"+449\"", "\"+449\", \"+4416329600\"");
    day.publishes(2, &denies);
    day.ana_does(AgentAct::Ready);
    assert_eq!(day.ana(), Some(AgentState::Idle), "nobody's phone rings");
    day.passes(600);
    day.passes(600);
    let row = day.ended.pop().expect("a record");
    assert_eq!(row.outcome, "callback_undialled");
    assert_eq!(row.detail.as_deref(), Some("number-not-allowed"));
}

#[test]
fn the_wallboard_counts_the_promised_and_says_how_old_the_first_is() {
    let mut day = Day::begins(&[Capability::Ring, Capability::Dial]);
    let shown = |day: &Day| (day.queue().callbacks, day.queue().oldest_callback_s);
    assert_eq!(shown(&day), (0, 0));
    let call = day.asks();
    day.passes(3);
    day.picks_up(1);
    day.passes(10);
    assert_eq!(shown(&day), (1, 15), "until the caller is reached");
    day.reports(Event::DialFailed { call: call.clone() });
    day.passes(600);
    assert_eq!(shown(&day), (1, 615));
    day.picks_up(2);
    day.reports(Event::DialAnswered { call });
    assert_eq!(shown(&day), (0, 0));
}
