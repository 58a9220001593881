//! Agents who invite colleagues, at a daemon: across crashes and under newer menus.

use crate::publications::Site;
use crate::publications::compiled_with;
use strowger::daemon::bridge::protocol::Act;
use strowger::daemon::bridge::protocol::Event;
use strowger::daemon::entry::AgentAct;
use strowger::daemon::menus::Menus;
use strowger::daemon::site::AgentObjection;
use strowger::daemon::wallboard::AgentView;
use strowger::daemon::wallboard::Invited;
use strowger::daemon::wallboard::Wallboard;
use strowger::exchange::limits::VERSIONS_SPARE;
use strowger::exchange::record::AgentState;
use strowger::exchange::record::TurnedAway;
use strowger::exchange::time::Tick;

const GROUPS: &str = "format = 1\n[group.support]\nrest = \"0s\"\n\
    wrap_up = { limit = \"10m\", then = \"ready\" }\n[group.experts]\n\
    [agent.ana]\ngroups = [\"support\"]\ndevice = \"SIP/ana\"\n\
    [agent.eva]\ngroups = [\"experts\"]\ndevice = \"SIP/eva\"\n";

/// Menus whose queues are elsewhere in the plan from one version to the next.
fn menus(number: u64) -> Menus {
    let queue = |name: &str, group: &str| {
        format!(
            "[queue.{name}]\ngroup = \"{group}\"\nmax_wait = \"2h\"\ntimeout = \"@hangup\"\n\
             full = \"@hangup\"\nno_agents = \"@hangup\"\n"
        )
    };
    let line = |name: &str, more: &str| {
        format!(
            "format = 1\n[line]\nname = \"{name} {number}\"\ngroups = \"groups.toml\"\n\
             timezone = \"Etc/UTC\"\nlanguages = [\"en\"]\nstart = \"support\"\n{more}{}{}",
            queue("support", "support"),
            queue("experts", "experts")
        )
    };
    let others = (0..number % 3).map(|place| queue(&format!("other-{place}"), "support"));
    let others: String = others.collect();
    let (shop, before) = (line("Shop", &others), line("Before", ""));
    let mut lines = vec![("shop.toml", shop.as_str())];
    if number.is_multiple_of(2) {
        lines.insert(0, ("before.toml", before.as_str()));
    }
    compiled_with(GROUPS, &lines)
}

/// A call that Ana has answered 10 seconds ago, under the first of many versions.
struct Scene {
    site: Site,
    version: u64,
}

impl Scene {
    fn new() -> Self {
        let mut site = Site::of(menus(0));
        site.ana(AgentAct::Ready);
        site.calls("1", None);
        site.passes(5);
        let mut scene = Self { site, version: 0 };
        scene.answers();
        scene.site.passes(10);
        scene
    }

    /// Whoever was rung last.
    fn answers(&mut self) -> u64 {
        let (_, offer) = self.site.rings().expect("a phone rings");
        self.site.reports(Event::AgentAnswered { offer });
        offer
    }

    fn acts(&mut self, agent: &str, act: AgentAct) {
        self.site.owner.agent(agent, act).expect("it may be done");
    }

    /// The daemon is killed, and so many newer menus come that others leave the plan.
    fn lives_on(&mut self, with_snapshot: bool) {
        for _ in 0..VERSIONS_SPARE + 3 {
            self.version += 1;
            self.site.owner.commit().expect("there is room");
            let published = self.site.owner.publish(&menus(self.version));
            published.expect("nothing is in the way");
        }
        self.site.crashes(with_snapshot);
    }

    fn agents(&self) -> [AgentView; 2] {
        let agents = AgentView::all(self.site.owner.site(), Tick(self.site.now));
        agents.try_into().expect("two agents")
    }

    /// The ringings that the bridge was asked to join with their callers.
    fn joined(&self) -> Vec<u64> {
        self.site.all_asked(|act| match act {
            Act::Connect { offer, .. } => Some(*offer),
            _ => None,
        })
    }

    fn parted(&self) -> Vec<u64> {
        self.site.all_asked(|act| match act {
            Act::Disconnect { offer, .. } => Some(*offer),
            _ => None,
        })
    }

    /// Agent, queue, wait and talk of the call that has ended.
    fn ends(&mut self) -> (Option<String>, Option<String>, i64, i64) {
        self.site.hangs_up("1");
        self.site.owner.commit().expect("there is room");
        let rows = self.site.owner.journal().recent_cdrs(1).expect("it reads");
        let row = rows.into_iter().next().expect("a record");
        (row.agent, row.queue, row.wait_ms, row.talk_ms)
    }
}

fn named(name: &str) -> Option<String> {
    Some(name.to_owned())
}

fn experts() -> AgentAct {
    let queue = "experts".to_owned();
    AgentAct::InviteFromQueue { queue }
}

#[test]
fn three_in_a_call_outlive_crashes_and_newer_menus() {
    let mut scene = Scene::new();
    scene.acts("eva", AgentAct::SignIn);
    scene.acts("ana", experts());
    for with_snapshot in [true, false] {
        scene.lives_on(with_snapshot);
        let [ana, _] = scene.agents();
        assert_eq!(ana.inviting, Some(Invited::Queue("experts".to_owned())));
        assert_eq!((ana.state, ana.with), (AgentState::Talking, None));
    }
    scene.site.passes(20);
    scene.acts("eva", AgentAct::Ready);
    scene.lives_on(true);
    scene.site.passes(5);
    let guest = scene.answers();
    assert!(scene.joined().contains(&guest));
    for with_snapshot in [true, false] {
        scene.lives_on(with_snapshot);
        let [ana, eva] = scene.agents();
        assert_eq!((ana.inviting, ana.with), (None, named("eva")));
        assert_eq!((eva.state, eva.with), (AgentState::Talking, named("ana")));
    }
    scene.site.passes(20);
    scene.site.reports(Event::AgentHungUp { offer: 1 });
    assert_eq!(scene.parted(), [1]);
    scene.lives_on(false);
    scene.site.passes(60);
    // Rung for 5 s, then in company all the time.
    let talk_ms = 1000 * (10 + 25 + 20 + 60);
    assert_eq!(
        scene.ends(),
        (named("eva"), named("experts"), 5000, talk_ms)
    );
    // Of the other the bridge had been told before.
    assert_eq!(scene.parted(), [guest]);
}

#[test]
fn a_bridge_that_has_forgotten_everything_joins_all_three_again() {
    let mut scene = Scene::new();
    scene.acts("eva", AgentAct::SignIn);
    scene.acts("eva", AgentAct::Ready);
    scene.acts("ana", experts());
    let guest = scene.answers();
    scene.site.owner.commit().expect("there is room");
    let hello = strowger::daemon::bridge::protocol::Hello {
        calls: vec!["1".to_owned()],
        ..crate::publications::hello("b")
    };
    scene.site.owner.join(&hello).expect("it is welcome");
    assert_eq!(scene.joined(), [1, guest]);
}

#[test]
fn the_colleague_may_leave_first_and_the_record_is_the_agents() {
    let mut scene = Scene::new();
    scene.acts("eva", AgentAct::SignIn);
    scene.acts("eva", AgentAct::Ready);
    scene.acts("ana", experts());
    scene.site.passes(3);
    let guest = scene.answers();
    scene.site.passes(20);
    scene.site.reports(Event::AgentHungUp { offer: guest });
    assert_eq!(scene.parted(), [guest]);
    let [ana, eva] = scene.agents();
    assert_eq!((ana.state, ana.with), (AgentState::Talking, None));
    assert_eq!((eva.answered, eva.with), (1, None));
    scene.site.passes(10);
    let talk_ms = 1000 * (10 + 3 + 20 + 10);
    assert_eq!(
        scene.ends(),
        (named("ana"), named("support"), 5000, talk_ms)
    );
}

#[test]
fn who_cannot_invite_hears_why_and_the_talk_goes_on() {
    let mut scene = Scene::new();
    let invite = |scene: &mut Scene, act| scene.site.owner.agent("ana", act);
    let nobody = AgentObjection::NobodyToInvite(TurnedAway::NoAgents);
    assert_eq!(invite(&mut scene, experts()), Err(nobody));
    let queues = ["support", "experts"].map(str::to_owned);
    let golf = AgentAct::InviteFromQueue {
        queue: "golf".to_owned(),
    };
    let unknown = AgentObjection::UnknownQueue(queues.to_vec());
    assert_eq!(invite(&mut scene, golf), Err(unknown));
    let whom = |colleague: &str| AgentAct::InviteAgent {
        colleague: colleague.to_owned(),
    };
    let away = AgentObjection::ColleagueAway(AgentState::SignedOut);
    assert_eq!(invite(&mut scene, whom("eva")), Err(away));
    assert_eq!(
        invite(&mut scene, whom("ana")),
        Err(AgentObjection::Oneself)
    );
    let not_now = Err(AgentObjection::NotNow(AgentState::Talking));
    assert_eq!(invite(&mut scene, AgentAct::WithdrawInvitation), not_now);
    scene.acts("eva", AgentAct::SignIn);
    scene.acts("ana", experts());
    assert_eq!(invite(&mut scene, experts()), not_now, "one at a time");
    scene.acts("ana", AgentAct::WithdrawInvitation);
    let board = Wallboard::of(scene.site.owner.site(), Tick(scene.site.now), None);
    let mut queues = board.queues.iter();
    let of_experts = queues.find(|queue| (&*queue.line, &*queue.queue) == ("shop", "experts"));
    let counts = of_experts.map(|queue| (queue.entered, queue.withdrawn, queue.lost));
    assert_eq!(counts, Some((1, 1, 0)));
    scene.site.passes(10);
    assert_eq!(scene.ends(), (named("ana"), named("support"), 5000, 20_000));
}

#[test]
fn an_agent_who_hangs_up_has_handed_the_caller_on() {
    let mut scene = Scene::new();
    scene.acts("eva", AgentAct::SignIn);
    scene.acts("ana", experts());
    scene.site.passes(10);
    scene.site.reports(Event::AgentHungUp { offer: 1 });
    assert_eq!(scene.parted(), [1]);
    scene.lives_on(true);
    scene.site.passes(30);
    scene.acts("eva", AgentAct::Ready);
    let guest = scene.answers();
    assert!(scene.joined().contains(&guest));
    scene.site.passes(40);
    // The wait with an agent on the line was none of the caller's.
    let (wait_ms, talk_ms) = (5000 + 30_000, 1000 * (10 + 10 + 40));
    assert_eq!(
        scene.ends(),
        (named("eva"), named("experts"), wait_ms, talk_ms)
    );
}
