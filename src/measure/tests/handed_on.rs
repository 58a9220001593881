//! Calls that an agent answered and that came to nothing all the same.

use super::scene::ANA;
use super::scene::BEN;
use super::scene::CHI;
use super::scene::SECOND;
use super::scene::SUPPORT;
use super::scene::Scene;
use super::scene::TWO_MINUTES;
use crate::exchange::record::Outcome;
use crate::exchange::record::Party;
use crate::exchange::record::Unqueued;

/// Three calls come together and are answered at once: one is cut off in the talk after 50 s, one is
/// handed on after 30 s and hangs up after 60 s, one ends well after 20 s.
fn three_calls() -> Scene {
    let mut scene = Scene::new(TWO_MINUTES);
    for (call, agent, queue) in [(0, ANA, SUPPORT), (1, CHI, SECOND), (2, BEN, SUPPORT)] {
        scene.arrive(call, 1 + u64::from(call)).join(call, queue, 0);
        scene.leave(call, queue, Unqueued::Answered(agent));
    }
    scene.at(20.0).part(2, BEN, 0.0).end(2, Outcome::Answered);
    scene.at(30.0).part_by(Party::Agent, 1, CHI, 0.0);
    scene.queue_anew(1).join(1, SUPPORT, 1);
    scene
        .at(50.0)
        .part_by(Party::System, 0, ANA, 0.0)
        .end(0, Outcome::Answered);
    scene
        .at(60.0)
        .leave(1, SUPPORT, Unqueued::Abandoned)
        .end(1, Outcome::Answered);
    scene
}

#[test]
fn a_talk_that_was_cut_off_and_a_caller_lost_after_one_have_wasted_their_lines() {
    let calls = three_calls().finish(120.0).total.calls;
    assert_eq!((calls.talks_cut_off, calls.lost_after_talk), (1, 1));
    assert_eq!(calls.trunk_ms, 20_000 + 50_000 + 60_000);
    assert_eq!(calls.trunk_wasted_ms, 50_000 + 60_000);
}

#[test]
fn the_wait_after_a_talk_is_a_wait_of_its_own_in_the_service_level() {
    let run = three_calls().finish(120.0);
    let queues = run.total.queues;
    assert_eq!((queues.answered_within, run.total.offered()), (3, 4));
    assert_eq!(queues.wait_ms, 30_000, "from the hand-over on");
    let rows = run.queues.iter().map(|queue| queue.total.tally.offered());
    assert_eq!(rows.sum::<u64>(), 4, "the queues add up to the total");
}

/// Ana talks to a caller from the beginning, and invites Chi after 20 s.
fn invited() -> Scene {
    let mut scene = Scene::new(TWO_MINUTES);
    scene.arrive(0, 1).join(0, SUPPORT, 0);
    scene.leave(0, SUPPORT, Unqueued::Answered(ANA));
    scene.at(20.0).queue_anew(0).join(0, SECOND, 1);
    scene
}

#[test]
fn an_invitation_that_nobody_answers_is_no_wait_and_loses_nobody() {
    let mut scene = invited();
    scene.at(50.0).leave(0, SECOND, Unqueued::Withdrawn);
    scene.at(60.0).part(0, ANA, 0.0).end(0, Outcome::Answered);
    let run = scene.finish(120.0);
    run.total.calls.assert_balance();
    let calls = run.total.calls;
    assert_eq!((calls.handed_on, calls.lost_after_talk), (0, 0));
    assert_eq!((calls.trunk_wasted_ms, run.total.callers_served), (0, 1));
    let second = run.queues[1].total.tally;
    second.assert_balance();
    assert_eq!((second.entered, second.withdrawn, second.waits), (1, 1, 0));
    assert_eq!((second.offered(), second.length_max), (0, 1));
    assert_eq!(run.total.offered(), 1, "the call itself");
}

#[test]
fn two_agents_in_one_call_have_a_talk_each() {
    let mut scene = invited();
    scene.at(30.0).leave(0, SECOND, Unqueued::Answered(CHI));
    scene.at(40.0).part_by(Party::Agent, 0, ANA, 0.0);
    scene.at(90.0).part(0, CHI, 30.0).end(0, Outcome::Answered);
    let run = scene.finish(120.0);
    let talks = run.queues.iter().map(|queue| {
        let tally = queue.total.tally;
        (tally.answered, tally.talks, tally.talk_ms)
    });
    let talks: Vec<_> = talks.collect();
    assert_eq!(talks, [(1, 1, 40_000), (1, 1, 60_000)]);
    let calls = run.total.calls;
    assert_eq!((calls.answered, calls.handed_on), (1, 1));
    assert_eq!((calls.lost_after_talk, run.total.callers_served), (0, 1));
}
