//! Callers who were promised calls back by two steps: one number is dialled once at a time.

use crate::site;
use std::sync::Arc;
use strowger::exchange::Exchange;
use strowger::exchange::effect::Effect;
use strowger::exchange::id::AgentId;
use strowger::exchange::id::CallId;
use strowger::exchange::id::LineId;
use strowger::exchange::id::OfferId;
use strowger::exchange::id::StepId;
use strowger::exchange::input::Input;
use strowger::exchange::key::Key;
use strowger::exchange::record::CallbackEnd;
use strowger::exchange::record::CallbackFact;
use strowger::exchange::record::Record;
use strowger::exchange::time::Span;
use strowger::exchange::time::Tick;

const LINE: &str = r#"
format = 1
[line]
name = "Line"
groups = "groups.toml"
timezone = "Etc/UTC"
languages = ["en"]
start = "main"
[menu.main]
say = "{options}"
give_up = "@hangup"
[menu.main.keys]
1 = { go = "from-support", label = "a call from support" }
2 = { go = "from-experts", label = "a call from our experts" }
[queue.support]
group = "support"
full = "@hangup"
no_agents = "@hangup"
[queue.experts]
group = "experts"
full = "@hangup"
no_agents = "@hangup"
[callback.from-support]
queue = "support"
say = "We will call you."
spare_agents = 0
retry = "10m"
then = "main"
[callback.from-experts]
queue = "experts"
say = "They will call you."
spare_agents = 0
retry = "10m"
then = "main"
"#;

/// Phones that ring so long, or answer by themselves; each agent alone, or both in both groups.
fn groups(both: bool, ring: &str) -> String {
    let (ana, ben) = match both {
        true => (r#"["support", "experts"]"#, r#"["support", "experts"]"#),
        false => (r#"["support"]"#, r#"["experts"]"#),
    };
    let rules = format!(
        "ring = \"{ring}\"\nrest = \"0s\"\nwrap_up = {{ limit = \"0s\", then = \"ready\" }}\n"
    );
    format!(
        "format = 1\n[group.support]\n{rules}[group.experts]\n{rules}\
         [agent]\nana = {{ groups = {ana} }}\nben = {{ groups = {ben} }}\n"
    )
}

const ANA: AgentId = AgentId(0);
const BEN: AgentId = AgentId(1);

struct Day {
    exchange: Exchange,
    now: Tick,
    /// Whose phone has rung, since this was last asked.
    rung: Vec<(AgentId, OfferId)>,
    /// Who was dialled, by which call, since this was last asked.
    dialled: Vec<(u64, CallId)>,
    ended: Vec<(CallId, CallbackEnd)>,
    calls: u64,
}

impl Day {
    fn new(both: bool) -> Self {
        Self::of(&groups(both, "0s"))
    }

    /// Phones that ring for ten seconds.
    fn ringing() -> Self {
        Self::of(&groups(false, "10s"))
    }

    fn of(groups: &str) -> Self {
        let files = [("line.toml", LINE), ("groups.toml", groups)];
        let plan = Arc::new(site::plan_of(&files));
        Self {
            exchange: Exchange::new(plan, site::unix_ms("2026-11-23T09:00")),
            now: Tick(0),
            rung: Vec::new(),
            dialled: Vec::new(),
            ended: Vec::new(),
            calls: 0,
        }
    }

    /// What is due by now falls due.
    fn wakes(&mut self) {
        let mut effects = Vec::new();
        self.exchange.wake(self.now, &mut effects);
        self.notes(&effects);
    }

    fn happens(&mut self, input: Input) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.now += Span::seconds(1);
        self.exchange.handle(self.now, input, &mut effects);
        self.notes(&effects);
        effects
    }

    fn notes(&mut self, effects: &[Effect]) {
        for effect in effects {
            match *effect {
                Effect::Ring { agent, offer, .. } => self.rung.push((agent, offer)),
                Effect::Dial { call, caller, .. } => self.dialled.push((caller, call)),
                Effect::Record(Record::Callback {
                    call,
                    what: CallbackFact::Ended(how),
                    ..
                }) => self.ended.push((call, how)),
                Effect::Ignored(reason) => panic!("{reason:?}"),
                _ => {}
            }
        }
    }

    /// Somebody comes to work.
    fn works(&mut self, agent: AgentId) {
        self.happens(Input::AgentSignedIn { agent });
        self.happens(Input::AgentReady { agent });
    }

    /// A caller is promised calls back by these keys, and hangs up.
    fn asks(&mut self, caller: u64, keys: &str) {
        self.calls += 1;
        let effects = self.happens(Input::CallArrived {
            line: LineId(0),
            tag: self.calls,
            caller,
            agent: None,
        });
        let Effect::Answer { call, .. } = effects[0] else {
            panic!("a free line");
        };
        for key in keys.chars() {
            let key = Key::from_char(key).expect("a key");
            let mut effects = self.happens(Input::Key { call, key });
            // The words of the promise, and those of the menu again.
            while let Some(play) = effects.iter().find_map(|effect| match effect {
                Effect::Play { play, step, .. } if !self.is_menu(*step) => Some(*play),
                _ => None,
            }) {
                effects = self.happens(Input::PromptEnded { call, play });
            }
        }
        self.happens(Input::CallerHungUp { call });
    }

    /// Whose phone has rung meanwhile.
    fn rung(&mut self) -> Vec<(AgentId, OfferId)> {
        std::mem::take(&mut self.rung)
    }

    fn is_menu(&self, step: StepId) -> bool {
        self.exchange.plan().step(step).name == "main"
    }

    /// Who was dialled meanwhile.
    fn dialled(&mut self) -> Vec<(u64, CallId)> {
        std::mem::take(&mut self.dialled)
    }
}

#[test]
fn a_number_is_dialled_for_one_promise_at_a_time() {
    let mut day = Day::new(false);
    day.asks(7, "12");
    day.works(ANA);
    let first = day.dialled();
    assert_eq!(first.len(), 1);
    day.works(BEN);
    assert_eq!(day.dialled(), [], "the telephone rings for Ana");
    // Nobody answers: the other promise is tried meanwhile.
    day.happens(Input::CallbackFailed { call: first[0].1 });
    let second = day.dialled();
    assert_eq!(second.len(), 1);
    assert_ne!(second[0], first[0]);
}

#[test]
fn whoever_is_reached_by_one_call_back_gets_no_other() {
    let mut day = Day::new(false);
    day.asks(7, "12");
    day.works(ANA);
    let first = day.dialled()[0].1;
    day.happens(Input::CallbackReached { call: first });
    assert_eq!(day.ended.len(), 1);
    assert_eq!(day.ended[0].1, CallbackEnd::Withdrawn);
    day.works(BEN);
    assert_eq!(day.dialled(), []);
    day.happens(Input::CallerHungUp { call: first });
    assert_eq!(day.ended[1], (first, CallbackEnd::Served));
    assert_eq!(day.exchange.callbacks_promised(), 0);
}

#[test]
fn calls_back_of_several_steps_go_by_place() {
    let mut day = Day::new(true);
    // The step that is written last is asked for first.
    for (caller, key) in [(1, "2"), (2, "1"), (3, "2"), (4, "1")] {
        day.asks(caller, key);
    }
    day.works(ANA);
    let mut order = Vec::new();
    while let [(caller, call)] = day.dialled()[..] {
        order.push(caller);
        day.happens(Input::CallbackReached { call });
        day.happens(Input::CallerHungUp { call });
    }
    assert_eq!(order, [1, 2, 3, 4]);
}

#[test]
fn one_phone_rings_for_all_promises_to_a_number() {
    let mut day = Day::ringing();
    day.asks(7, "12");
    day.works(ANA);
    let [(ANA, _)] = day.rung()[..] else {
        panic!("Ana is rung");
    };
    day.works(BEN);
    assert_eq!(day.rung(), [], "Ana's phone rings for this caller");
    // Ana does not answer: the other promise has its turn.
    day.now += Span::seconds(10);
    day.wakes();
    let [(BEN, offer)] = day.rung()[..] else {
        panic!("Ben is rung");
    };
    day.happens(Input::AgentReady { agent: ANA });
    assert_eq!(day.rung(), [], "Ben's phone rings for this caller");
    day.happens(Input::AgentAnswered { agent: BEN, offer });
    let dialled = day.dialled();
    assert_eq!(dialled.len(), 1);
    // The number does not answer either.
    day.happens(Input::CallbackFailed { call: dialled[0].1 });
    assert!(matches!(day.rung()[..], [(ANA, _)]));
}

#[test]
fn whoever_calls_meanwhile_is_rung_for_again_and_by_one_phone() {
    let mut day = Day::ringing();
    day.asks(7, "12");
    day.works(ANA);
    day.works(BEN);
    let rung = day.rung();
    assert_eq!(rung.len(), 1);
    // The caller is there again, and hangs up: nothing has changed.
    day.asks(7, "");
    assert_eq!(day.rung().len(), 1);
    assert_eq!(day.dialled(), []);
}
