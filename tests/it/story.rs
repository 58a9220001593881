//! One call's story, of a call made by hand.

use crate::site::plan_of;
use crate::written::cases;
use std::fmt::Write as _;
use std::sync::Arc;
use strowger::exchange::Exchange;
use strowger::exchange::effect::Effect;
use strowger::exchange::id::AgentId;
use strowger::exchange::id::LineId;
use strowger::exchange::id::QueueId;
use strowger::exchange::input::Input;
use strowger::exchange::input::Transferee;
use strowger::exchange::key::Key;
use strowger::exchange::record::Record;
use strowger::exchange::time::Tick;
use strowger::report::story::Sentence;
use strowger::report::story::Story;
use strowger::sim::Witness;
use strowger::sim::run;

const LINE: &str = r#"
format = 1
[line]
name = "Line"
groups = "groups.toml"
timezone = "Etc/UTC"
languages = ["en"]
start = "support"
[queue.support]
group = "support"
no_agents = "@hangup"
"#;

const GROUPS: &str = r#"
format = 1
[group.support]
ring = "10s"
[agent.ana]
groups = ["support"]
[agent.ben]
groups = ["support"]
[agent.cid]
groups = ["support"]
"#;

const CALL: Input = Input::CallArrived {
    line: LineId(0),
    tag: 1,
    caller: 1,
    agent: None,
};

/// An exchange, and the story of its first call.
struct Told {
    exchange: Exchange,
    story: Story,
}

impl Told {
    fn new(line: &str) -> Self {
        Self::of(line, GROUPS)
    }

    fn of(line: &str, groups: &str) -> Self {
        let plan = Arc::new(plan_of(&[("line.toml", line), ("groups.toml", groups)]));
        Self {
            exchange: Exchange::new(plan.clone(), 0),
            story: Story::new(plan, 0, 1),
        }
    }

    fn at(&mut self, ms: u64, input: Option<Input>) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.story.look(&self.exchange);
        match input {
            Some(input) => self.exchange.handle(Tick(ms), input, &mut effects),
            None => self.exchange.wake(Tick(ms), &mut effects),
        }
        for effect in &effects {
            if let Effect::Record(record) = effect {
                self.story.record(Tick(ms), record);
            }
        }
        effects
    }
}

#[test]
fn the_recording_of_a_conversation_is_told() {
    let line = LINE.replace(
        "group = \"support\"\n",
        "group = \"support\"\nrecording = \"ask\"\n",
    );
    let mut told = Told::new(&line);
    let agent = AgentId(0);
    told.at(0, Some(Input::AgentSignedIn { agent }));
    told.at(0, Some(Input::AgentReady { agent }));
    let effects = told.at(1000, Some(CALL));
    let Some(Effect::Answer { call, .. }) = effects.first().copied() else {
        panic!("{effects:?}");
    };
    let key = Key::from_char('1').expect("a key");
    let effects = told.at(2000, Some(Input::Key { call, key }));
    let offers = effects.iter().find_map(|effect| match effect {
        Effect::Ring { offer, .. } => Some(*offer),
        _ => None,
    });
    let offer = offers.expect("a ring");
    told.at(3000, Some(Input::AgentAnswered { agent, offer }));
    told.at(4000, Some(Input::RecordingPaused { agent }));
    told.at(5000, Some(Input::RecordingResumed { agent }));
    told.at(6000, Some(Input::RecordingFailed { call }));
    told.at(7000, Some(Input::CallerHungUp { call }));
    let told = told.story.tell().expect("a story");
    let words: Vec<&str> = told.iter().map(|sentence| &*sentence.words).collect();
    let expected = [
        "The caller agrees to being recorded.",
        "The conversation is recorded from now on.",
        "ana pauses the recording.",
        "ana lets the recording go on.",
        "The conversation cannot be recorded.",
    ];
    let about = words.iter().filter(|words| words.contains("record"));
    assert_eq!(about.copied().collect::<Vec<_>>(), expected, "{words:#?}");
}

#[test]
fn whoever_is_of_a_later_tier_does_not_lack_a_skill() {
    let line = LINE.replace(
        "group = \"support\"\n",
        "group = \"support\"\nskills = [\"en=70\"]\n",
    );
    let groups = "format = 1\n[group.support]\ntiers = { wait = \"20s\" }\n\
                  [agent.ana]\ngroups = [\"support\"]\nskills = { en = 90 }\n\
                  [agent.ben]\ngroups = [\"support\"]\nskills = { en = 90 }\ntier = 1\n\
                  [agent.cid]\ngroups = [\"support\"]\nskills = { en = 50 }\n";
    let mut told = Told::of(&line, groups);
    for agent in [0, 1, 2].map(AgentId) {
        told.at(0, Some(Input::AgentSignedIn { agent }));
        told.at(0, Some(Input::AgentReady { agent }));
    }
    told.at(1000, Some(CALL));
    let told = told.story.tell().expect("a story");
    let all: Vec<&str> = told
        .iter()
        .flat_map(|at| at.details.iter())
        .map(|at| &**at)
        .collect();
    let about = |name: &str| all.iter().copied().find(|words| words.ends_with(name));
    assert_eq!(
        about("ben"),
        Some("may not take it yet, of a later tier: ben"),
        "{all:#?}"
    );
    assert_eq!(
        about("cid"),
        Some("may not take it, which asks for en: cid"),
        "{all:#?}"
    );
}

#[test]
fn who_is_passed_over_after_a_missed_call_is_told() {
    let mut told = Told::new(LINE);
    let [ana, ben, cid] = [0, 1, 2].map(AgentId);
    let mut at = |ms: u64, input: Option<Input>| drop(told.at(ms, input));
    for agent in [ana, ben, cid] {
        at(0, Some(Input::AgentSignedIn { agent }));
        at(0, Some(Input::AgentReady { agent }));
    }
    at(1000, Some(CALL));
    // Ana's phone rings out; she is back while Ben's does.
    at(11_000, None);
    at(12_000, Some(Input::AgentReady { agent: ana }));
    at(21_000, None);
    let told = told.story.tell().expect("a story");
    let words: Vec<&str> = told.iter().map(|sentence| &*sentence.words).collect();
    let last = words.last().expect("something happened");
    assert!(last.contains("cid's phone rings"), "{words:#?}");
    assert!(
        last.ends_with("ana, free as well, has missed this call before."),
        "{words:#?}"
    );
    let before = words.iter().rev().skip(1);
    assert!(before.clone().all(|words| !words.contains("free as well")));
}

/// Tells the story of an attempt.
struct Watch(Story);

impl Witness for Watch {
    fn look(&mut self, exchange: &Exchange) {
        self.0.look(exchange);
    }

    fn record(&mut self, now: Tick, record: &Record) {
        self.0.record(now, record);
    }
}

#[test]
fn whoever_came_before_is_counted_once_and_when_served() {
    let calls: String = (0..5)
        .map(|second| format!("2026-11-23 09:00:0{second},line\n"))
        .collect();
    let scenario = "menu = \"line.toml\"\narrivals = \"calls.csv\"\n[run]\nlength = \"8h\"\n[staff]\n\
                    support = 2\n[agents]\nmisses = 0.6\n[wants.person]\nshare = 1.0\n\
                    needs = \"support\"\n[callers]\ntalk = \"60s\"\npatience = \"4h\"\n";
    let cases = cases(&[
        ("line.toml", LINE),
        (
            "groups.toml",
            "format = 1\n[group.support]\nrest = \"0s\"\nrona = { then = \"ready\", after = [\"10s\"] }\n",
        ),
        ("calls.csv", &format!("time,line\n{calls}")),
        ("day.scenario.toml", scenario),
    ]);
    for replication in 0..20 {
        let (plan, origin) = (cases.base.plan.clone(), cases.base.origin_ms);
        let mut watch = Watch(Story::new(plan, origin, 5));
        run(&cases.base, 1, replication, &mut watch);
        let told = watch.0.tell().expect("a story");
        let before = told.iter().filter_map(|sentence| {
            let (count, verb) = sentence.words.split_once(" who came before ")?;
            assert_eq!(count == "One", verb.starts_with("was served"), "{verb}");
            count.parse::<u32>().ok().or(Some(1))
        });
        assert!(before.sum::<u32>() <= 4, "{replication}: {told:#?}");
        assert!(
            told.iter()
                .any(|sentence| sentence.words.contains("answers after"))
        );
    }
}

/// What is said of every choice among several who are free, on a day of people like these: those who were free
/// with what is owed to them, the chosen one marked.
fn choices(group: &str, queue: &str, people: &[(&str, u8, u8)]) -> Vec<Sentence> {
    let mut roster = "date,agent,groups,skills,tier,start,end\n".to_owned();
    for (name, level, tier) in people {
        let _ = writeln!(
            roster,
            "2026-11-23,{name},support,en={level},{tier},09:00,10:00"
        );
    }
    let calls: String = (0..60)
        .map(|call| format!("2026-11-23 09:{:02}:{:02},line\n", call / 2, call * 17 % 60))
        .collect();
    let line = LINE.replace("[queue.support]\n", &format!("[queue.support]\n{queue}"));
    let groups = format!("format = 1\n[group.support]\nrest = \"0s\"\n{group}");
    let cases = cases(&[
        ("line.toml", &line),
        ("groups.toml", &groups),
        ("calls.csv", &format!("time,line\n{calls}")),
        ("roster.csv", &roster),
        (
            "day.scenario.toml",
            "menu = \"line.toml\"\narrivals = \"calls.csv\"\nroster = \"roster.csv\"\n\
             [wants.person]\nshare = 1.0\nneeds = \"support\"\n[callers]\n\
             talk = { distribution = \"exponential\", mean = \"60s\" }\n",
        ),
    ]);
    let told = (1..=60).flat_map(|attempt| {
        let (plan, origin) = (cases.base.plan.clone(), cases.base.origin_ms);
        let mut watch = Watch(Story::new(plan, origin, attempt));
        run(&cases.base, 3, 0, &mut watch);
        watch.0.tell().expect("a story")
    });
    let told = told.filter(|sentence| sentence.words.contains("are free, and"));
    told.collect()
}

/// Who of those who were free stands first in the list, owed the most, and who was chosen.
fn first_and_chosen(sentence: &Sentence) -> (&str, &str) {
    let free = sentence
        .details
        .iter()
        .filter(|line| line.contains("free for"));
    let names = free.map(|line| {
        (
            line.split(' ').next().unwrap_or(""),
            line.ends_with("chosen"),
        )
    });
    let first = names.clone().next().expect("somebody is free").0;
    let chosen = names.clone().find(|(_, is_chosen)| *is_chosen);
    (first, chosen.expect("somebody is chosen").0)
}

#[test]
fn a_choice_is_told_by_what_has_decided_it() {
    let equals = [
        ("ana", 60, 0),
        ("ben", 90, 0),
        ("cid", 100, 0),
        ("eve", 90, 0),
    ];
    let tiers = [
        ("ana", 90, 0),
        ("ben", 90, 1),
        ("cid", 90, 0),
        ("eve", 90, 1),
    ];
    let skills = "skills = [\"en=50\"]\n";
    let days = [
        ("", "", &equals, ["is owed the most", "owed the most alike"]),
        (
            "rank_by_skill = true\n",
            skills,
            &equals,
            ["is the best skilled", "of the best skilled "],
        ),
        (
            "tiers = { wait = \"0s\" }\n",
            "",
            &tiers,
            ["is of tier 0", "of those of tier 0 "],
        ),
        (
            "tie_within = 3\n",
            "",
            &equals,
            ["differ by less than 3 calls", "alike"],
        ),
    ];
    for (group, queue, people, reasons) in days {
        let told = choices(group, queue, people);
        assert!(told.len() > 20, "{group}: {}", told.len());
        for reason in reasons {
            let is_told = told.iter().any(|sentence| sentence.words.contains(reason));
            assert!(is_told, "{group}: {reason}\n{told:#?}");
        }
        for sentence in &told {
            let (first, chosen) = first_and_chosen(sentence);
            let words = &sentence.words;
            let is_by_shares = words.contains(" owe") && !words.contains(" of th");
            assert!(!is_by_shares || first == chosen, "{group}: {sentence:#?}");
            let marked = |line: &String| line.contains("owes") && line.ends_with("chosen");
            let owes = sentence.details.iter().any(marked);
            let is_right = !owes || !words.contains("is owed the most");
            assert!(is_right, "{group}: {sentence:#?}");
        }
    }
    // With few signed in, tiers do not count, and nothing is said of them.
    let few = choices("tiers = { wait = \"0s\", ignore_up_to = 10 }\n", "", &tiers);
    let words = few.iter().map(|sentence| &*sentence.words);
    assert!(
        words.clone().all(|words| !words.contains("tier")),
        "{few:#?}"
    );
}

#[test]
fn a_call_back_that_has_no_line_to_be_dialled_on_was_not_missed() {
    let cases = crate::callbacks::few_trunks();
    let told = (1..=120).flat_map(|attempt| {
        let (plan, origin) = (cases.base.plan.clone(), cases.base.origin_ms);
        let mut watch = Watch(Story::new(plan, origin, attempt));
        run(&cases.base, 1, 0, &mut watch);
        watch.0.tell().expect("a story")
    });
    let told: Vec<Sentence> = told.collect();
    let are = |words: &str| told.iter().filter(|at| at.words.contains(words)).count();
    // Everybody picks up.
    assert_eq!(are("missed or refused"), 0, "{told:#?}");
    assert!(are("no line was free to dial this call back") > 0);
    assert!(are("phone stops ringing: the number cannot be dialled now") > 0);
}

#[test]
fn a_call_back_is_promised_when_it_is_settled_on_which_number() {
    let line = LINE.replace("start = \"support\"", "start = \"back\"")
        + "[dialling]\ncountry = \"+44\"\n[callback.back]\nqueue = \"support\"\n\
           say = \"We will call you back.\"\nthen = \"@hangup\"\n";
    let words = |key: char| {
        let mut told = Told::new(&line);
        let effects = told.at(1000, Some(CALL));
        let Some(Effect::Answer { call, .. }) = effects.first().copied() else {
            panic!("{effects:?}");
        };
        let key = Key::from_char(key).expect("a key");
        told.at(2000, Some(Input::Key { call, key }));
        told.at(3000, Some(Input::CallerHungUp { call }));
        let told = told.story.tell().expect("a story");
        told.into_iter().map(|at| at.words).collect::<Vec<_>>()
    };
    let promised = |words: &[String]| words.iter().any(|at| at.contains("is promised"));
    // 1 confirms the caller's own number, 2 asks for another.
    let (confirmed, another) = (words('1'), words('2'));
    assert!(promised(&confirmed), "{confirmed:#?}");
    assert!(!promised(&another), "{another:#?}");
}

#[test]
fn two_agents_in_one_call_are_told_apart() {
    let mut told = Told::new(LINE);
    let [ana, ben] = [0, 1].map(AgentId);
    for agent in [ana, ben] {
        told.at(0, Some(Input::AgentSignedIn { agent }));
        told.at(0, Some(Input::AgentReady { agent }));
    }
    let answers = |told: &mut Told, ms: u64, effects: &[Effect]| {
        let offer = effects.iter().find_map(|effect| match *effect {
            Effect::Ring { agent, offer, .. } => Some((agent, offer)),
            _ => None,
        });
        let (agent, offer) = offer.expect("a phone rings");
        told.at(ms, Some(Input::AgentAnswered { agent, offer }));
    };
    let rings = told.at(1000, Some(CALL));
    answers(&mut told, 3000, &rings);
    let invite = Input::ColleagueInvited {
        agent: ana,
        to: Transferee::Queue(QueueId(0)),
    };
    told.at(10_000, Some(invite));
    told.at(12_000, Some(Input::InvitationWithdrawn { agent: ana }));
    let rings = told.at(20_000, Some(invite));
    answers(&mut told, 25_000, &rings);
    told.at(60_000, Some(Input::AgentHungUp { agent: ana }));
    told.at(90_000, Some(Input::AgentHungUp { agent: ben }));
    let told = told.story.tell().expect("a story");
    let words: Vec<&str> = told.iter().map(|sentence| &*sentence.words).collect();
    let expected = [
        "ana answers after a wait of 2 s.",
        "ana invites a colleague out of the queue \"support\"; somebody is free.",
        "The invitation is over after 2 s; nobody has answered it.",
        "ana invites a colleague out of the queue \"support\"; somebody is free.",
        "ben answers after 5 s, and talks to ana and the caller.",
        "After 57 s ana leaves the talk; the caller stays with ben.",
        "After 1:05 min ben ends the talk.",
    ];
    let about = words.iter().filter(|words| expected.contains(words));
    assert_eq!(about.copied().collect::<Vec<_>>(), expected, "{words:#?}");
}
