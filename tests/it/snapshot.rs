//! A serialized exchange is the exchange: given its plan again it goes on as if nothing had been,
//! and bridges that come and go leave its books in order.

use crate::day;
use crate::day::Chance;
use crate::day::Day;
use proptest::prelude::*;
use std::sync::Arc;
use strowger::exchange::Exchange;
use strowger::exchange::dialplan::Dialplan;
use strowger::exchange::effect::Effect;
use strowger::exchange::id::AgentId;
use strowger::exchange::id::CallId;
use strowger::exchange::input::Input;
use strowger::exchange::time::Span;

const AGENTS: usize = 8;

fn copy(exchange: &Exchange, plan: &Arc<Dialplan>) -> Exchange {
    let text = serde_json::to_string(exchange).expect("plain data");
    let bare: Exchange = serde_json::from_str(&text).expect("as it was written");
    let copy = bare.restore(plan.clone(), &[]).expect("the same plan");
    assert_eq!(serde_json::to_string(&copy).expect("plain data"), text);
    copy
}

/// What bridges and phones do to a random call or agent.
fn weather(chance: &mut Chance) -> Input {
    let call = CallId {
        index: chance.below(40) as u32,
        generation: chance.below(3) as u32,
    };
    let agent = AgentId(chance.below(AGENTS as u64) as u32);
    match chance.below(6) {
        0 | 1 => Input::CallAdrift {
            call,
            patience: Span(chance.below(20_000)),
        },
        2 => Input::CallBack {
            call,
            afresh: false,
        },
        3 => Input::CallBack { call, afresh: true },
        4 => Input::AgentUnreachable { agent },
        _ => Input::AgentReachable { agent },
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_day_goes_on_from_a_snapshot_as_it_would_have(seed: u64, every in 1..200_usize) {
        let plan = Arc::new(day::plan(AGENTS));
        let inputs = Day::inputs(plan.clone(), seed, 1500);
        let mut whole = Exchange::new(plan.clone(), day::origin_ms());
        let mut cut = whole.clone();
        let (mut one, mut two): (Vec<Effect>, Vec<Effect>) = (Vec::new(), Vec::new());
        let mut chance = Chance(seed);
        for (number, (at, input)) in inputs.into_iter().enumerate() {
            let mut all = vec![input];
            if chance.below(5) == 0 {
                all.push(weather(&mut chance));
            }
            for input in all {
                whole.handle(at, input, &mut one);
                cut.handle(at, input, &mut two);
                prop_assert!(whole.is_sound() && whole.is_exclusive(), "{seed} at {number}: {input:?}");
            }
            if number % every == 0 {
                cut = copy(&cut, &plan);
            }
        }
        prop_assert_eq!(one, two);
    }
}

#[test]
fn another_plan_is_not_taken_for_the_same() {
    let plan = Arc::new(day::plan(AGENTS));
    let text = serde_json::to_string(&Exchange::new(plan, 0)).expect("plain data");
    let bare: Exchange = serde_json::from_str(&text).expect("as it was written");
    assert!(bare.restore(Arc::new(day::plan(AGENTS + 1)), &[]).is_none());
}
