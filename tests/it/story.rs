//! One call's story, of a call made by hand.

use crate::site::plan_of;
use std::sync::Arc;
use strowger::exchange::Exchange;
use strowger::exchange::effect::Effect;
use strowger::exchange::id::AgentId;
use strowger::exchange::id::LineId;
use strowger::exchange::input::Input;
use strowger::exchange::time::Tick;
use strowger::report::story::Story;

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

#[test]
fn who_is_passed_over_after_a_missed_call_is_told() {
    let plan = Arc::new(plan_of(&[("line.toml", LINE), ("groups.toml", GROUPS)]));
    let mut exchange = Exchange::new(plan.clone(), 0);
    let mut story = Story::new(plan, 0, 1);
    let [ana, ben, cid] = [0, 1, 2].map(AgentId);
    let mut at = |ms: u64, input: Option<Input>| {
        let mut effects = Vec::new();
        story.look(&exchange);
        match input {
            Some(input) => exchange.handle(Tick(ms), input, &mut effects),
            None => exchange.wake(Tick(ms), &mut effects),
        }
        for effect in &effects {
            if let Effect::Record(record) = effect {
                story.record(Tick(ms), record);
            }
        }
    };
    for agent in [ana, ben, cid] {
        at(0, Some(Input::AgentSignedIn { agent }));
        at(0, Some(Input::AgentReady { agent }));
    }
    let call = Input::CallArrived {
        line: LineId(0),
        tag: 1,
        caller: 1,
        agent: None,
    };
    at(1000, Some(call));
    // Ana's phone rings out; she is back while Ben's does.
    at(11_000, None);
    at(12_000, Some(Input::AgentReady { agent: ana }));
    at(21_000, None);
    let told = story.tell().expect("a story");
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
