//! Agents' time.

use super::scene::ANA;
use super::scene::BEN;
use super::scene::SUPPORT;
use super::scene::Scene;
use super::scene::TWO_MINUTES;
use super::scene::id;
use crate::exchange::record::AgentState;
use crate::exchange::record::CallbackFact;
use crate::exchange::record::Outcome;
use crate::exchange::record::Record;
use crate::exchange::record::Unqueued;
use crate::exchange::time::Tick;
use crate::measure::frame::Frame;
use crate::measure::tally::Load;

#[test]
fn time_is_divided_at_the_borders_of_intervals() {
    let mut scene = Scene::new(TWO_MINUTES);
    scene.at(0.0).agent(ANA, AgentState::Idle);
    scene.at(40.0).agent(ANA, AgentState::Ringing);
    scene.at(50.0).agent(ANA, AgentState::Talking);
    scene.at(90.0).agent(ANA, AgentState::Paused);
    let run = scene.finish(200.0);
    let load = |busy_s: u64, available_s: u64| Load {
        busy_ms: busy_s * 1000,
        available_ms: available_s * 1000,
    };
    assert_eq!(run.groups[0].intervals[0], load(20, 60));
    assert_eq!(run.groups[0].intervals[1], load(30, 30));
    assert_eq!(run.groups[0].load, load(50, 90));
    assert_eq!(run.total.load, load(50, 90));
    let ana = &run.agents[0];
    assert_eq!(
        ana.in_state_ms(AgentState::Paused),
        30_000,
        "only up to the end"
    );
    assert_eq!(ana.in_state_ms(AgentState::Talking), 40_000);
    assert_eq!((ana.signed_in_ms(), ana.load()), (120_000, load(50, 90)));
}

#[test]
fn the_warm_up_is_cut_off() {
    let frame = Frame::whole(Tick(60_000), Tick(120_000));
    let mut scene = Scene::new(frame);
    scene.at(0.0).agent(ANA, AgentState::Talking);
    scene.at(70.0).agent(ANA, AgentState::Idle);
    let run = scene.finish(120.0);
    assert_eq!(run.total.load.busy_ms, 10_000);
    assert_eq!(run.total.load.available_ms, 60_000);
}

#[test]
fn a_state_that_outlasts_many_intervals_fills_them() {
    let mut scene = Scene::new(Frame {
        intervals: 10,
        until: Tick(600_000),
        ..TWO_MINUTES
    });
    scene.at(30.0).agent(BEN, AgentState::WrapUp);
    let run = scene.finish(590.0);
    assert_eq!(run.intervals[0].load.busy_ms, 30_000);
    assert!(
        run.intervals[1..9]
            .iter()
            .all(|at| at.load.busy_ms == 60_000)
    );
    assert_eq!(run.intervals[9].load.busy_ms, 50_000);
}

#[test]
fn handling_is_talk_and_wrap_up_of_the_queue_the_call_came_from() {
    let mut scene = Scene::new(TWO_MINUTES);
    scene.at(0.0).agent(ANA, AgentState::Idle);
    scene
        .at(10.0)
        .arrive(0, 1)
        .join(0, SUPPORT, 1)
        .agent(ANA, AgentState::Ringing);
    scene
        .at(15.0)
        .leave(0, SUPPORT, Unqueued::Answered(ANA))
        .agent(ANA, AgentState::Talking);
    scene
        .at(75.0)
        .part(0, ANA, 15.0)
        .end(0, Outcome::Answered)
        .agent(ANA, AgentState::WrapUp);
    scene.at(85.0).agent(ANA, AgentState::Resting);
    scene.at(90.0).agent(ANA, AgentState::Idle);
    let run = scene.finish(120.0);
    let tally = run.queues[0].intervals[0].tally;
    assert_eq!(
        (tally.talks, tally.talk_ms, tally.wrap_up_ms),
        (1, 60_000, 10_000)
    );
    assert_eq!(run.groups[0].calls, [1], "Ben was not there");
    assert_eq!(run.groups[0].answered, 1);
    assert_eq!(run.agents[0].in_state_ms(AgentState::Resting), 5_000);
}

#[test]
fn who_is_called_back_is_no_caller_before_the_answer() {
    let mut scene = Scene::new(TWO_MINUTES);
    let callback = |what| Record::Callback {
        call: id(7),
        queue: SUPPORT,
        what,
    };
    let dialled = callback(CallbackFact::Dialled { agent: ANA });
    scene.agent(ANA, AgentState::Idle);
    scene.at(10.0).agent(ANA, AgentState::Talking);
    scene.tell(dialled);
    // Nobody answers.
    scene.at(30.0);
    scene.tell(callback(CallbackFact::Unreached { agent: ANA }));
    scene.agent(ANA, AgentState::Idle);
    scene.at(50.0).agent(ANA, AgentState::Talking);
    scene.tell(dialled);
    scene.at(65.0);
    scene.tell(callback(CallbackFact::Reached {
        agent: ANA,
        booked: Tick(1000),
    }));
    scene.at(90.0).agent(ANA, AgentState::Idle);
    // The end of the run comes while it is dialled.
    scene.at(115.0).agent(ANA, AgentState::Talking);
    scene.tell(dialled);
    let run = scene.finish(200.0);
    let ana = &run.agents[0];
    assert_eq!((ana.dialling_ms, ana.talk_ms()), (40_000, 25_000));
    assert_eq!(ana.load().busy_ms, 65_000, "the agent is busy all the same");
}
