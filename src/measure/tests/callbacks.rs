//! Calls back: what becomes of those that were promised.

use super::scene::ANA;
use super::scene::SUPPORT;
use super::scene::Scene;
use super::scene::TWO_MINUTES;
use super::scene::id;
use crate::exchange::record::AgentState;
use crate::exchange::record::AskedBy;
use crate::exchange::record::CallbackEnd;
use crate::exchange::record::CallbackFact;
use crate::exchange::record::Outcome;
use crate::exchange::record::Record;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use crate::measure::metrics;

/// A call that ends with the promise of a call back, which has a number ten higher.
fn promise(scene: &mut Scene, call: u32) {
    promise_on(scene, call, 1 + u64::from(call));
}

/// The same on another number.
fn promise_on(scene: &mut Scene, call: u32, number: u64) {
    scene.arrive(call, 1 + u64::from(call));
    scene.tell(fact(
        call + 10,
        CallbackFact::Booked {
            by: AskedBy::Call(id(call)),
            caller: number,
            expected: Span::seconds(30),
            from: Tick(0),
        },
    ));
    scene.end(call, Outcome::Callback);
}

#[test]
fn whoever_is_called_back_on_another_number_is_who_called() {
    let mut scene = Scene::new(TWO_MINUTES);
    promise_on(&mut scene, 0, u64::MAX);
    promise_on(&mut scene, 1, u64::MAX - 1);
    promise_on(&mut scene, 2, u64::MAX - 2);
    one_is_reached_and_the_next_is_not(&mut scene);
    let run = scene.finish(120.0);
    assert_eq!(run.total.callers_served, 1, "reached");
    assert_eq!(
        run.total.callers_unserved, 1,
        "unreached, and one is not over yet"
    );
}

fn one_is_reached_and_the_next_is_not(scene: &mut Scene) {
    scene.agent(ANA, AgentState::Talking);
    scene.at(20.0).tell(fact(
        10,
        CallbackFact::Reached {
            agent: ANA,
            booked: Tick(0),
        },
    ));
    scene.tell(fact(10, CallbackFact::Ended(CallbackEnd::Served)));
    scene.tell(fact(11, CallbackFact::Ended(CallbackEnd::Unreached)));
}

fn fact(call: u32, what: CallbackFact) -> Record {
    Record::Callback {
        call: id(call),
        queue: SUPPORT,
        what,
    }
}

#[test]
fn whatever_becomes_of_those_promised_adds_up() {
    let mut scene = Scene::new(TWO_MINUTES);
    (0..5).for_each(|call| promise(&mut scene, call));
    one_is_reached_and_the_next_is_not(&mut scene);
    scene.tell(fact(12, CallbackFact::Ended(CallbackEnd::Withdrawn)));
    scene.tell(fact(13, CallbackFact::Ended(CallbackEnd::Withdrawn)));
    let run = scene.finish(120.0);
    let figure = |name: &str| metrics::of_run(name, &run).expect("a figure of every run");
    let ways = ["reached", "unreached", "withdrawn", "open"];
    let ways = ways.map(|way| figure(&format!("callbacks_{way}")));
    assert_eq!(
        (figure("callbacks_booked"), ways),
        (5.0, [1.0, 1.0, 2.0, 1.0])
    );
}

#[test]
fn calls_that_nobody_on_the_line_has_asked_for_are_counted_apart() {
    let mut scene = Scene::new(TWO_MINUTES);
    promise(&mut scene, 0);
    for call in [11, 12] {
        scene.tell(fact(
            call,
            CallbackFact::Booked {
                by: AskedBy::Program(7),
                caller: 50 + u64::from(call),
                expected: Span::ZERO,
                from: Tick(0),
            },
        ));
    }
    one_is_reached_and_the_next_is_not(&mut scene);
    let run = scene.finish(120.0);
    let (back, out) = (run.total.callbacks, run.total.outbound);
    assert_eq!((back.booked, back.reached, back.open()), (1, 1, 0));
    assert_eq!(
        (out.booked, out.reached, out.unreached, out.open()),
        (2, 0, 1, 1)
    );
    assert_eq!(run.total.callers_served, 1, "who was called is no caller");
}
