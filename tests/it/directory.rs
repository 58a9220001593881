//! Names spelled on the keypad: by imaginary callers, at random, in large directories, and while
//! newer menus are published.

use crate::day::Chance;
use crate::site;
use crate::written::cases;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;
use strowger::exchange::Exchange;
use strowger::exchange::dialplan::Dialplan;
use strowger::exchange::dialplan::StepKind;
use strowger::exchange::dialplan::StepNames;
use strowger::exchange::effect::Effect;
use strowger::exchange::id::CallId;
use strowger::exchange::id::LineId;
use strowger::exchange::id::PlayId;
use strowger::exchange::input::Input;
use strowger::exchange::key::Key;
use strowger::exchange::record::KeyResult;
use strowger::exchange::record::Record;
use strowger::exchange::time::Span;
use strowger::exchange::time::Tick;
use strowger::measure::worth::Way;
use strowger::measure::worth::way;
use strowger::report::story::Story;
use strowger::sim::replicate::replicate;
use strowger::sim::run;

const HEAD: &str = r#"
format = 1
[line]
name = "Shop"
groups = "groups.toml"
timezone = "Etc/UTC"
languages = ["en"]
start = "staff"
[defaults]
give_up = "support"
[queue.support]
group = "support"
max_wait = "1m"
timeout = "@hangup"
full = "@hangup"
no_agents = "@hangup"
[record.word]
say = "Leave a message."
mailbox = "word"
then = "@hangup"
[answer.returns]
question = "How do I return something?"
say = "Send it back."
then = "@hangup"
[directory.staff]
say = "Spell a name."
"#;

/// A line that begins with a directory of these entries.
fn line(more: &str, entries: &str) -> String {
    format!("{HEAD}{more}\n[directory.staff.entries]\n{entries}")
}

fn plan(more: &str, entries: &str) -> Dialplan {
    let groups = "[group.support]\n[agent.ana]\ngroups = [\"support\"]\n";
    site::plan_of(&[("shop.toml", &line(more, entries)), ("groups.toml", groups)])
}

/// One call, and what comes of it.
struct Caller {
    exchange: Exchange,
    now: Tick,
    effects: Vec<Effect>,
    call: CallId,
    last: Option<PlayId>,
}

impl Caller {
    fn of(plan: Dialplan) -> Self {
        let mut exchange = Exchange::new(Arc::new(plan), site::unix_ms("2026-11-23T09:00"));
        let mut effects = Vec::with_capacity(4096);
        let arrived = Input::CallArrived {
            line: LineId(0),
            tag: 1,
            caller: 1,
            agent: None,
        };
        exchange.handle(Tick(0), arrived, &mut effects);
        let call = effects.iter().find_map(|effect| match effect {
            Effect::Answer { call, .. } => Some(*call),
            _ => None,
        });
        let mut caller = Self {
            exchange,
            now: Tick(0),
            effects,
            call: call.expect("the call is answered"),
            last: None,
        };
        caller.note_plays();
        caller
    }

    fn note_plays(&mut self) {
        for effect in &self.effects {
            match effect {
                Effect::Play { play, .. } => self.last = Some(*play),
                Effect::Stop { .. } => self.last = None,
                _ => {}
            }
        }
    }

    fn does(&mut self, input: Input) {
        self.effects.clear();
        self.exchange.handle(self.now, input, &mut self.effects);
        self.note_plays();
    }

    fn presses(&mut self, keys: &str) {
        for key in keys.chars().filter_map(Key::from_char) {
            self.does(Input::Key {
                call: self.call,
                key,
            });
        }
    }

    fn hears_all(&mut self) {
        if let Some(play) = self.last.take() {
            let call = self.call;
            self.does(Input::PromptEnded { call, play });
        }
    }

    fn waits(&mut self, span: Span) {
        self.now += span;
        self.effects.clear();
        self.exchange.wake(self.now, &mut self.effects);
        self.note_plays();
    }

    /// The name of the step that was come to last.
    fn at(&self, plan: &Dialplan) -> Option<String> {
        let entered = self.effects.iter().rev().find_map(|effect| match effect {
            Effect::Record(Record::Entered { step, .. }) => Some(*step),
            _ => None,
        });
        entered.map(|step| plan.step(step).name.clone())
    }

    fn ended(&self) -> usize {
        let ended = |effect: &&Effect| matches!(effect, Effect::Record(Record::Ended { .. }));
        self.effects.iter().filter(ended).count()
    }
}

#[test]
fn imaginary_callers_spell_what_they_want_and_find_it() {
    let line = line(
        "",
        "\"Ann Lee\" = \"word\"\n\"Anna Leeman\" = \"support\"\n\"returns\" = \"returns\"\n",
    );
    let scenario = r#"
menu = "shop.toml"
demand.shop.calls_per_hour = 200.0
run.length = "2h"
[wants.word]
share = 0.4
needs = "word"
[wants.person]
share = 0.3
needs = "support"
[wants.returns]
share = 0.3
answered_by = "returns"
satisfied = 1.0
[callers]
talk = { distribution = "exponential", mean = "60s" }
slips = 0.2
silent = 0.0
leaves_message = 1.0
[staff]
support = 50
"#;
    let cases = cases(&[
        ("shop.toml", &line),
        ("groups.toml", "[group.support]\n"),
        ("day.scenario.toml", scenario),
    ]);
    let model = &cases.base;
    let mut chosen: BTreeMap<u16, u32> = BTreeMap::new();
    let (mut wrong, mut calls) = (0, 0);
    let mut note = |_: Tick, record: &Record| match record {
        Record::Chosen { entry, .. } => *chosen.entry(*entry).or_default() += 1,
        Record::Pressed { result, .. } if *result == KeyResult::Wrong => wrong += 1,
        Record::Arrived { .. } => calls += 1,
        _ => {}
    };
    run(model, 7, 0, &mut note);
    let (ann, anna, returns) = (chosen[&0], chosen[&1], chosen[&2]);
    assert!(calls > 300, "{calls}");
    assert!(wrong > 20, "callers slip: {wrong}");
    // Nearly everybody finds what they want, in the shares in which they want it.
    assert!(
        ann + anna + returns > calls * 95 / 100,
        "{chosen:?} of {calls}"
    );
    let share = f64::from(ann) / f64::from(ann + anna + returns);
    assert!((0.3..0.5).contains(&share), "{share}");
    assert_eq!(chosen.len(), 3);
    // The report says by which name they came to people.
    let figures = replicate(model, 7, 0..1, &|| ());
    let requests = figures[0].worth.requests.iter();
    let by_name: Vec<Way> = requests
        .filter_map(|request| request.from.map(|(_, way)| way))
        .filter(|way| matches!(way, Way::Name(_)))
        .collect();
    assert_eq!(by_name, [Way::Name(1)]);
    let words = way(
        (&model.plan, &StepNames::new(&model.plan)),
        Some((model.plan.line(LineId(0)).start, Way::Name(1))),
    );
    assert_eq!(
        words[1..],
        [
            ("by", "a name".to_owned()),
            ("label", "Anna Leeman".to_owned())
        ]
    );
}

#[test]
fn any_keys_at_any_time_lead_to_one_end() {
    let entries = "\"Ann Lee\" = \"word\"\n\"Ann Leeman\" = \"support\"\n\"Bob\" = \"returns\"\n\
                   \"Amy\" = \"@repeat\"\n\"Cora 10\" = \"@start\"\n\"Dan\" = \"@back\"\n";
    let more = "offered = 1\ntries = 2\n";
    let plan = plan(more, entries);
    let mut chance = Chance(11);
    for _ in 0..3000 {
        let mut caller = Caller::of(plan.clone());
        let mut ended = 0;
        for _ in 0..25 {
            match chance.below(10) {
                0 => caller.hears_all(),
                1 => caller.waits(Span(chance.below(9000))),
                _ => {
                    let keys = "2226533*#0123";
                    let place = chance.below(keys.len() as u64) as usize;
                    caller.presses(&keys[place..=place]);
                }
            }
            ended += caller.ended();
            if ended > 0 {
                break;
            }
            assert!(caller.exchange.is_sound());
        }
        if ended == 0 {
            let call = caller.call;
            caller.does(Input::CallerHungUp { call });
            ended = caller.ended();
        }
        assert_eq!(ended, 1);
    }
}

#[test]
fn a_thousand_names_are_searched_without_an_allocation() {
    let mut entries = String::new();
    for number in 0..1000 {
        let letter = |place: u32| char::from(b'a' + (number / 26_u32.pow(place) % 26) as u8);
        let name: String = (0..3).map(letter).collect();
        let _ = writeln!(entries, "\"{name}{number} weber\" = \"support\"");
    }
    let mut caller = Caller::of(plan("offered = 8\ntries = 20", &entries));
    let StepKind::Directory(directory) = &caller.exchange.plan().step(step(&caller)).kind else {
        panic!("a directory");
    };
    assert!(directory.spellings.len() >= 1000, "each is spelled");
    // Too many, too many again, none, one that was meant to be another, and a list.
    let keys = "93237#9323722#99999#2220*25#9*";
    // The wheel keeps deadlines that were called off for a while.
    let warm = "2220*".repeat(2000);
    caller.presses(&warm);
    caller.presses(keys);
    let counted = allocation_counter::measure(|| caller.presses(keys));
    assert_eq!(counted.count_total, 0);
    assert_eq!(caller.ended(), 0);
    assert!(
        caller.at(&caller.exchange.plan().clone()).is_none(),
        "still there"
    );
}

fn step(caller: &Caller) -> strowger::exchange::id::StepId {
    caller.exchange.plan().line(LineId(0)).start
}

#[test]
fn whoever_chooses_while_menus_are_published_keeps_the_old_names() {
    let old = plan("", "\"Ann\" = \"word\"\n\"Bob\" = \"support\"\n");
    let new = plan("", "\"Bob\" = \"support\"\n");
    for keys in ["", "26", "266"] {
        let mut caller = Caller::of(old.clone());
        caller.presses(keys);
        caller.effects.clear();
        let now = caller.now;
        let (exchange, effects) = (&mut caller.exchange, &mut caller.effects);
        exchange
            .publish(now, &new, effects)
            .expect("nothing is in the way");
        caller.presses(&"266"[keys.len()..]);
        caller.presses("1");
        assert_eq!(caller.at(&old), Some("word".to_owned()), "after {keys:?}");
    }
    let mut caller = Caller::of(old);
    let (exchange, effects) = (&mut caller.exchange, &mut caller.effects);
    exchange
        .publish(Tick(0), &new, effects)
        .expect("nothing is in the way");
    let text = serde_json::to_string(&caller.exchange).expect("it is written");
    assert!(text.contains("Spelling"), "the state is in a snapshot");
    // The next call knows only the new names.
    caller.does(Input::CallArrived {
        line: LineId(1),
        tag: 2,
        caller: 2,
        agent: None,
    });
    let next = caller.effects.iter().find_map(|effect| match effect {
        Effect::Answer { call, .. } => Some(*call),
        _ => None,
    });
    caller.call = next.expect("the call is answered");
    caller.presses("266#");
    let chosen = |effect: &Effect| matches!(effect, Effect::Record(Record::Chosen { .. }));
    assert!(!caller.effects.iter().any(chosen));
}

#[test]
fn names_that_nobody_can_tell_apart_by_ear_are_offered_together() {
    let plan = plan("", "\"Adam\" = \"word\"\n\"Beam\" = \"support\"\n");
    for (key, step) in [("1", "word"), ("2", "support")] {
        let mut caller = Caller::of(plan.clone());
        caller.presses("2326#");
        caller.presses(key);
        assert_eq!(caller.at(&plan).as_deref(), Some(step));
    }
}

#[test]
fn a_story_tells_which_name_was_taken() {
    let plan = plan("", "\"Ann\" = \"word\"\n\"Bob\" = \"support\"\n");
    let mut story = Story::new(Arc::new(plan.clone()), 0, 1);
    let mut caller = Caller::of(plan);
    for keys in ["", "266", "1"] {
        if !keys.is_empty() {
            caller.presses(keys);
        }
        for effect in &caller.effects {
            if let Effect::Record(record) = effect {
                story.record(Tick(0), record);
            }
        }
    }
    let told = story.tell().expect("a story");
    let words: Vec<&str> = told.iter().map(|sentence| &*sentence.words).collect();
    let asked = words
        .iter()
        .position(|words| words.contains("is asked for a name at"));
    let took = words
        .iter()
        .position(|words| *words == "The caller chooses \"Ann\".");
    assert!(asked.is_some() && asked < took, "{words:#?}");
}
