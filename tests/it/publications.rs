//! Menus that are published again and again under calls that go on, with crashes in between: nobody loses
//! a call, a place or a promise, and what nobody follows any more leaves the plan.

use crate::storm::driver::MORNING_MS;
use crate::storm::driver::open;
use crate::storm::driver::published;
use strowger::daemon::bridge::protocol::Act;
use strowger::daemon::bridge::protocol::Capability;
use strowger::daemon::bridge::protocol::Event;
use strowger::daemon::bridge::protocol::Hello;
use strowger::daemon::bridge::protocol::PROTOCOL;
use strowger::daemon::bridge::protocol::Report;
use strowger::daemon::bridge::protocol::Resume;
use strowger::daemon::entry::AgentAct;
use strowger::daemon::journal::memory::Disk;
use strowger::daemon::journal::rows::Rows;
use strowger::daemon::menus::Menus;
use strowger::daemon::owner::Owner;
use strowger::daemon::owner::SwitchOn;
use strowger::daemon::owner::snapshot_of;
use strowger::daemon::recover::Opening;
use strowger::daemon::recover::rebuild;
use strowger::daemon::recover::recover;
use strowger::daemon::site::BridgeId;
use strowger::daemon::site::Words;
use strowger::daemon::wallboard::Wallboard;
use strowger::exchange::Switch;
use strowger::exchange::limits::VERSIONS_MAX;
use strowger::exchange::limits::VERSIONS_SPARE;
use strowger::exchange::time::Span;
use strowger::exchange::time::Tick;
use strowger::menu::Request;
use strowger::menu::compile;
use strowger::menu::diagnostic::Diagnostics;
use strowger::menu::source::Sources;

const PUBLICATIONS: u64 = 300;
/// Of calls that come one with each, so many go on at one time.
const CALLS: u64 = 3;

pub(crate) const GROUPS: &str = "format = 1\n[group.support]\nrest = \"0s\"\n\
    wrap_up = { limit = \"10m\", then = \"ready\" }\n\
    [agent.ana]\ngroups = [\"support\"]\ndevice = \"SIP/ana\"\n";

/// A line that says which menus these are, with more and other steps in some of them.
pub(crate) fn menus(number: u64) -> Menus {
    let more = (0..number % 4)
        .map(|step| format!("[say.more-{step}]\nsay = \"More {number}.\"\nthen = \"main\"\n"));
    let more: String = more.collect();
    let keys = (0..number % 4).map(|step| {
        format!(
            "{} = {{ go = \"more-{step}\", label = \"more {number}\" }}\n",
            step + 5
        )
    });
    let keys: String = keys.collect();
    let line = format!(
        r#"
format = 1
[line]
name = "Shop"
groups = "groups.toml"
timezone = "Etc/UTC"
languages = ["en"]
start = "main"
max_call = "23h"
{more}
[menu.main]
say = "Menus {number}. {{options}}"
give_up = "support"
[menu.main.keys]
1 = {{ go = "support", label = "a person" }}
2 = {{ go = "call-me", label = "a call back" }}
{keys}
[queue.support]
group = "support"
max_wait = "22h"
timeout = "@hangup"
full = "@hangup"
no_agents = "@hangup"
returning = "10m"
[callback.call-me]
queue = "support"
say = "We will call you back."
then = "@hangup"
"#
    );
    let mut lines = vec![("shop.toml", line.as_str())];
    if number.is_multiple_of(3) {
        let other = "format = 1\n[line]\nname = \"Other\"\ngroups = \"groups.toml\"\n\
            timezone = \"Etc/UTC\"\nlanguages = [\"en\"]\nstart = \"hello\"\n\
            [say.hello]\nsay = \"Hello.\"\nthen = \"@hangup\"\n";
        // Before the shop: its places move.
        lines.insert(0, ("other.toml", other));
    }
    compiled(&lines)
}

/// Menus of these lines, and of the groups file that is here.
pub(crate) fn compiled(lines: &[(&str, &str)]) -> Menus {
    compiled_with(GROUPS, lines)
}

/// Menus of these lines and groups.
pub(crate) fn compiled_with(groups: &str, lines: &[(&str, &str)]) -> Menus {
    let mut sources = Sources::default();
    sources.add("groups.toml".as_ref(), groups.to_owned());
    for (name, text) in lines {
        sources.add(name.as_ref(), (*text).to_owned());
    }
    let request = Request {
        lines: lines.iter().map(|(name, _)| name.into()).collect(),
        ..Request::default()
    };
    let mut problems = Diagnostics::default();
    let plan = compile(&request, &mut sources, &mut problems);
    let plan = plan.unwrap_or_else(|| panic!("{}", problems.render(&sources, false)));
    Menus::new(plan, &sources)
}

/// A daemon whose bridge comes back after every crash.
pub(crate) struct Site {
    /// With which it starts, and starts again.
    pub(crate) start: Menus,
    pub(crate) disk: Disk,
    pub(crate) owner: Owner,
    pub(crate) now: u64,
    /// By how much the wall clock is wrong, in milliseconds.
    pub(crate) wrong_ms: i64,
    seq: u64,
    crashes: u32,
}

impl Site {
    pub(crate) fn new() -> Self {
        Self::of(menus(0))
    }

    pub(crate) fn of(start: Menus) -> Self {
        let disk = published(&start);
        let owner = begin(&disk, &start, MORNING_MS);
        let mut site = Self {
            start,
            disk,
            owner,
            now: 0,
            wrong_ms: 0,
            seq: 0,
            crashes: 0,
        };
        site.join(None);
        for act in [AgentAct::SignIn, AgentAct::Pause { reason: None }] {
            site.ana(act);
        }
        site
    }

    fn join(&mut self, resume: Option<Resume>) {
        let hello = Hello {
            resume,
            ..hello("b")
        };
        self.owner.join(&hello).expect("it is welcome");
    }

    pub(crate) fn ana(&mut self, act: AgentAct) {
        self.owner.agent("ana", act).expect("she may");
    }

    pub(crate) fn passes(&mut self, seconds: u64) {
        self.owner.commit().expect("there is room");
        self.now += seconds * 1000;
        self.owner.begin(Tick(self.now));
    }

    pub(crate) fn reports(&mut self, event: Event) {
        self.seq += 1;
        let report = Report {
            seq: self.seq,
            at_ms: None,
            event,
        };
        let taken = self.owner.report(BridgeId(0), Tick(self.now), report);
        taken.expect("it is as it should be");
    }

    pub(crate) fn calls(&mut self, call: &str, key: Option<char>) {
        self.calls_line("shop", call, key);
    }

    pub(crate) fn calls_line(&mut self, line: &str, call: &str, key: Option<char>) {
        self.reports(Event::CallStarted {
            call: call.to_owned(),
            line: Some(line.to_owned()),
            number: None,
            from: Some(format!("+4416329601{call}")),
            device: None,
        });
        if let Some(key) = key {
            let call = call.to_owned();
            self.reports(Event::Key { call, key });
        }
    }

    pub(crate) fn hangs_up(&mut self, call: &str) {
        let call = call.to_owned();
        self.reports(Event::CallEnded { call });
    }

    /// The process is killed; the next one has the same state, down to its hash.
    pub(crate) fn crashes(&mut self, with_snapshot: bool) {
        self.is_down(with_snapshot, 0);
    }

    /// The same, and it takes so long until the next one begins.
    pub(crate) fn crashes_for(&mut self, seconds: u64) {
        self.is_down(false, seconds);
    }

    fn is_down(&mut self, with_snapshot: bool, seconds: u64) {
        self.owner.commit().expect("there is room");
        if with_snapshot {
            let snapshot = snapshot_of(self.owner.site());
            let mut sink = self.owner.journal().snapshot_sink();
            let written = sink.write(&snapshot).expect("a disk that works");
            self.owner.keep_snapshot(written);
            // Without an entry of its own.
            let journal = self.owner.journal();
            journal.commit(&Rows::default()).expect("there is room");
        }
        let before = self.owner.site().hash();
        self.disk.crash();
        let (site, _) = rebuild(&mut open(&self.disk)).expect("a journal in order");
        let site = site.expect("menus were published");
        assert_eq!(site.hash(), before, "another state came back");
        self.disk.crash();
        self.now += seconds * 1000;
        let wall_ms = MORNING_MS + self.now as i64 + self.wrong_ms;
        self.owner = begin(&self.disk, &self.start, wall_ms);
        self.owner.begin(Tick(self.now));
        self.comes_back();
        self.crashes += 1;
    }

    /// The bridge goes on where it left off.
    pub(crate) fn comes_back(&mut self) {
        let bridge = self.owner.site().bridges().get(BridgeId(0));
        let (session, effect) = (bridge.session, bridge.sent);
        self.join(Some(Resume { session, effect }));
    }

    /// What the bridge was last asked for of this kind.
    pub(crate) fn asked<T>(&self, what: impl Fn(&Act) -> Option<T>) -> Option<T> {
        self.all_asked(what).pop()
    }

    /// All of this kind that the bridge was asked for in this session.
    pub(crate) fn all_asked<T>(&self, what: impl Fn(&Act) -> Option<T>) -> Vec<T> {
        let effects = self.owner.site().bridges().effects_after(BridgeId(0), 0);
        effects.filter_map(|effect| what(&effect.act)).collect()
    }

    pub(crate) fn rings(&self) -> Option<(String, u64)> {
        self.asked(|act| match act {
            Act::Ring { call, offer, .. } => Some((call.clone(), *offer)),
            _ => None,
        })
    }
}

/// What a bridge of this name says that carries no calls.
pub(crate) fn hello(bridge: &str) -> Hello {
    Hello {
        protocol: PROTOCOL,
        bridge: bridge.to_owned(),
        token: None,
        can: vec![Capability::Ring, Capability::Dial, Capability::Record],
        devices: vec!["SIP/".to_owned()],
        clock_ms: 0,
        resume: None,
        calls: Vec::new(),
    }
}

fn begin(disk: &Disk, start: &Menus, wall_ms: i64) -> Owner {
    let opening = Opening {
        menus: Some(start.clone()),
        vault: None,
        patience: Span::seconds(60),
        wall_ms,
    };
    let recovered = recover(Box::new(open(disk)), opening);
    recovered.expect("a journal in order").0
}

#[test]
fn bridges_have_their_time_to_come_back_from_the_start_on_however_quiet_it_was_before() {
    for quiet in [1, 59, 61, 3600, 20 * 3600] {
        let mut site = Site::new();
        site.calls("listens", None);
        site.passes(quiet);
        site.crashes(false);
        assert_eq!(
            site.owner.site().exchange().calls_in_progress(),
            1,
            "{quiet}"
        );
    }
}

#[test]
fn three_hundred_publications_under_calls_lose_nobody_and_leave_a_small_plan() {
    let mut site = Site::new();
    // Three who stay on from the first menus: one waits, one was promised a call, one hears the menu.
    site.calls("waits", Some('1'));
    site.passes(1);
    site.calls("promise", Some('2'));
    site.hangs_up("promise");
    site.calls("listens", None);
    let mut largest = 0;
    for number in 1..=PUBLICATIONS {
        site.passes(60);
        let publication = site
            .owner
            .publish(&menus(number))
            .expect("nothing in the way");
        assert!(publication.changed && publication.version == number + 1);
        site.calls(&format!("{number:03}"), None);
        if let Some(ended) = number.checked_sub(CALLS).filter(|ended| *ended > 0) {
            site.hangs_up(&format!("{ended:03}"));
        }
        if number % 7 == 0 {
            site.crashes(number % 21 == 0);
        }
        // What callers follow (the first, the last few), what is in force, and a few to spare.
        let versions = site.owner.site().versions();
        assert!(
            versions.len() <= CALLS as usize + 3 + VERSIONS_SPARE,
            "{versions:?}"
        );
        assert_eq!(versions[0], 1);
        let plan = site.owner.site().exchange().plan().clone();
        assert_eq!(plan.editions(), versions.len());
        largest = largest.max(plan.steps.len());
        let exchange = site.owner.site().exchange();
        assert!(exchange.is_sound() && exchange.is_exclusive());
    }
    assert!(largest < 120, "{largest} steps");
    assert!(site.crashes > 40);
    // The caller in the first menus goes on in them.
    site.reports(Event::Key {
        call: "listens".to_owned(),
        key: '9',
    });
    let said = site.asked(|act| match act {
        Act::Play { call, parts, .. } if call == "listens" => Some(format!("{parts:?}")),
        _ => None,
    });
    assert!(said.expect("it is told something").contains("Menus 0."));
    // Of all versions of the line every call was counted, and the day's counts are those of one line.
    let now = Tick(site.now);
    let board = Wallboard::of(site.owner.site(), now, None);
    let shop = board.lines.iter().find(|line| line.line == "shop");
    let shop = shop.expect("the line");
    assert_eq!(
        (shop.attempts, shop.in_progress),
        (PUBLICATIONS + 3, 2 + CALLS as u32)
    );
    let queue = &board.queues[0];
    assert_eq!((queue.waiting, queue.callbacks, queue.entered), (1, 1, 1));
    // Whoever came first is served first, and the promise is kept in its place.
    site.calls("newest", Some('1'));
    site.ana(AgentAct::Ready);
    let mut served = Vec::new();
    for _ in 0..3 {
        let (call, offer) = site.rings().expect("somebody is served");
        site.reports(Event::AgentAnswered { offer });
        if call.starts_with("callback-") {
            let call = call.clone();
            site.reports(Event::DialAnswered { call });
        }
        site.passes(30);
        site.hangs_up(&call);
        served.push(call);
        site.passes(1);
        site.ana(AgentAct::WrapUpDone);
    }
    assert_eq!(served[0], "waits");
    assert!(served[1].starts_with("callback-"), "{served:?}");
    assert_eq!(served[2], "newest");
    site.crashes(true);
}

#[test]
fn an_agent_in_wrap_up_goes_on_by_the_rules_of_the_call_when_its_menus_have_gone() {
    let mut site = Site::new();
    site.ana(AgentAct::Ready);
    site.calls("first", Some('1'));
    let (_, offer) = site.rings().expect("ana is free");
    site.reports(Event::AgentAnswered { offer });
    let versions = VERSIONS_SPARE as u64 + 4;
    for number in 1..=versions {
        site.passes(5);
        site.owner
            .publish(&menus(number))
            .expect("nothing in the way");
    }
    let followed = site.owner.site().versions();
    assert_eq!(followed.len(), VERSIONS_SPARE + 3, "{followed:?}");
    assert_eq!(followed[..2], [1, 4]);
    site.hangs_up("first");
    for number in versions + 1..=versions + 3 {
        site.passes(5);
        assert_eq!(
            site.owner.site().versions()[0],
            1,
            "she writes down that call"
        );
        site.owner
            .publish(&menus(number))
            .expect("nothing in the way");
        site.crashes(number == versions + 2);
    }
    site.ana(AgentAct::WrapUpDone);
    site.owner.publish(&menus(0)).expect("nothing in the way");
    let followed = site.owner.site().versions();
    assert_eq!(followed.len(), VERSIONS_SPARE + 2, "{followed:?}");
    site.calls("next", Some('1'));
    let (call, _) = site.rings().expect("ana is free");
    assert_eq!(call, "next");
}

#[test]
fn a_hundred_versions_may_be_followed_and_no_more() {
    let mut site = Site::new();
    for number in 1..VERSIONS_MAX as u64 {
        site.calls(&format!("{number:03}"), None);
        site.passes(1);
        site.owner
            .publish(&menus(number))
            .expect("nothing in the way");
    }
    site.calls("100", None);
    assert_eq!(site.owner.site().versions().len(), VERSIONS_MAX);
    let before = site.owner.site().hash();
    let refused = site.owner.publish(&menus(100));
    assert!(refused.is_err(), "a hundred are followed");
    assert_eq!(site.owner.site().hash(), before, "nothing has changed");
    site.crashes(true);
    // One of them ends, in the middle: there is room for one more.
    site.hangs_up("050");
    site.owner
        .publish(&menus(100))
        .expect("there is room again");
    assert_eq!(site.owner.site().versions().len(), VERSIONS_MAX);
    assert!(!site.owner.site().versions().contains(&50));
    site.crashes(false);
}

#[test]
fn a_line_that_was_closed_and_left_out_for_long_comes_back_closed() {
    let mut site = Site::new();
    site.owner.publish(&menus(3)).expect("nothing in the way");
    let closed = SwitchOn {
        span: None,
        words: Words::new(),
    };
    assert!(site.owner.switch("other", Switch::Closure, Some(closed)));
    for number in 1..30 {
        site.passes(5);
        // The other line is in every third.
        site.owner
            .publish(&menus(number * 3 + 1))
            .expect("nothing in the way");
    }
    assert!(site.owner.site().versions().len() <= VERSIONS_SPARE + 2);
    site.crashes(true);
    site.owner.publish(&menus(6)).expect("nothing in the way");
    let board = Wallboard::of(site.owner.site(), Tick(site.now), None);
    let closed = board.lines.iter().filter(|line| line.closed);
    let closed: Vec<&str> = closed.map(|line| line.line.as_str()).collect();
    assert_eq!(closed, ["other"]);
}

/// Recordings of two lines may have one name: each prompt says of which line it is, also of one that has moved
/// in the plan, and in menus that are out of force.
#[test]
fn a_prompt_says_of_which_line_it_is() {
    let mut site = Site::of(menus(3));
    let line_of = |site: &Site, name: &str| {
        site.asked(|act| match act {
            Act::Play { call, line, .. } if call == name => Some(line.clone()),
            _ => None,
        })
    };
    site.calls_line("shop", "001", None);
    site.calls_line("other", "002", None);
    for number in [4, 5, 6] {
        site.passes(1);
        site.owner
            .publish(&menus(number))
            .expect("nothing in the way");
    }
    site.calls_line("shop", "003", Some('9'));
    site.reports(Event::Key {
        call: "001".to_owned(),
        key: '9',
    });
    let lines = ["001", "002", "003"].map(|call| line_of(&site, call).expect("words"));
    assert_eq!(lines, ["shop", "other", "shop"]);
}
