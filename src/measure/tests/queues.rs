//! Queue entries, waits and service levels.

use super::scene::ANA;
use super::scene::CHI;
use super::scene::SECOND;
use super::scene::SUPPORT;
use super::scene::Scene;
use super::scene::TWO_MINUTES;
use crate::exchange::record::Because;
use crate::exchange::record::OfferEnd;
use crate::exchange::record::Outcome;
use crate::exchange::record::Unqueued;

#[test]
fn a_short_abandon_is_no_fault_of_the_service_level() {
    let mut scene = Scene::new(TWO_MINUTES);
    scene
        .at(0.0)
        .arrive(0, 1)
        .join(0, SUPPORT, 1)
        .arrive(1, 2)
        .join(1, SUPPORT, 2);
    scene
        .at(5.0)
        .leave(0, SUPPORT, Unqueued::Abandoned)
        .end(0, Outcome::Abandoned);
    scene
        .at(5.001)
        .leave(1, SUPPORT, Unqueued::Abandoned)
        .end(1, Outcome::Abandoned);
    let run = scene.finish(120.0);
    let tally = run.queues[0].total.tally;
    assert_eq!((tally.abandoned, tally.abandoned_short), (2, 1));
    assert_eq!((tally.offered(), run.total.offered()), (1, 1));
    assert_eq!(tally.length_max, 2);
}

#[test]
fn a_wait_of_nothing_is_a_wait() {
    let mut scene = Scene::new(TWO_MINUTES);
    scene.at(1.0).arrive(0, 1).join(0, SUPPORT, 1);
    scene.leave(0, SUPPORT, Unqueued::Answered(ANA));
    scene.at(2.0).arrive(1, 2).join(1, SUPPORT, 1);
    scene.at(22.0).leave(1, SUPPORT, Unqueued::Answered(ANA));
    scene.at(30.0).arrive(2, 3).join(2, SUPPORT, 1);
    scene.at(50.001).leave(2, SUPPORT, Unqueued::Answered(ANA));
    let run = scene.finish(120.0);
    let queue = &run.queues[0].total;
    assert_eq!(
        (queue.tally.answered, queue.tally.answered_within),
        (3, 2),
        "20 s is within 20 s"
    );
    assert_eq!(queue.tally.wait_answered_ms, 40_001);
    assert_eq!((queue.waits.p50_ms, queue.waits.count), (20_000, 3));
    assert_eq!(queue.waits.max_ms, 20_001);
    assert_eq!(run.agents[0].calls, 3);
}

#[test]
fn an_overflow_is_one_wait_and_for_the_whole_one_call() {
    let mut scene = Scene::new(TWO_MINUTES);
    scene.at(50.0).arrive(0, 1).join(0, SUPPORT, 1);
    scene
        .at(65.0)
        .leave(0, SUPPORT, Unqueued::Overflowed(SECOND))
        .join(0, SECOND, 1);
    scene
        .at(68.0)
        .leave(0, SECOND, Unqueued::Answered(CHI))
        .end(0, Outcome::Answered);
    let run = scene.finish(120.0);
    let (support, second) = (&run.queues[0], &run.queues[1]);
    assert_eq!(support.intervals[0].tally.overflowed_out, 1);
    assert_eq!(support.total.tally.offered(), 1);
    assert_eq!(support.total.waits.count, 0, "the wait has not ended here");
    assert_eq!(second.intervals[1].tally.overflowed_in, 1);
    assert_eq!(second.total.tally.wait_answered_ms, 18_000);
    assert_eq!(second.total.tally.answered_within, 1);
    assert_eq!((run.total.offered(), run.total.waits_begun()), (1, 1));
    assert_eq!(run.total.queues.answered_within, 1);
    assert_eq!(
        run.total.queues.length_max, 1,
        "never in two queues at once"
    );
}

#[test]
fn an_overflow_that_comes_back_is_not_for_good() {
    let mut scene = Scene::new(TWO_MINUTES);
    scene.at(0.0).arrive(0, 1).join(0, SUPPORT, 1);
    scene
        .at(10.0)
        .leave(0, SUPPORT, Unqueued::Overflowed(SECOND))
        .join(0, SECOND, 1);
    scene
        .at(20.0)
        .leave(0, SECOND, Unqueued::Overflowed(SUPPORT))
        .join(0, SUPPORT, 1);
    scene
        .at(30.0)
        .leave(0, SUPPORT, Unqueued::Abandoned)
        .end(0, Outcome::Abandoned);
    let run = scene.finish(120.0);
    let tally = run.queues[0].total.tally;
    assert_eq!(
        (tally.entered, tally.overflowed_out, tally.overflowed_back),
        (2, 1, 1)
    );
    assert_eq!(tally.offered(), 1);
    assert_eq!(run.queues[1].total.tally.offered(), 1);
    assert_eq!(run.total.offered(), 1);
    assert_eq!(run.queues[0].total.waits.max_ms, 30_000);
}

#[test]
fn turning_callers_away_never_improves_the_service_level() {
    let mut scene = Scene::new(TWO_MINUTES);
    scene
        .at(0.0)
        .arrive(0, 1)
        .turn_away(0, SUPPORT)
        .turn_away(0, SECOND);
    scene.end(0, Outcome::TurnedAway);
    scene
        .arrive(1, 2)
        .turn_away(1, SUPPORT)
        .at(9.0)
        .end(1, Outcome::Message);
    scene.arrive(2, 3).turn_away(2, SUPPORT).join(2, SECOND, 1);
    scene
        .at(10.0)
        .leave(2, SECOND, Unqueued::Answered(CHI))
        .end(2, Outcome::Answered);
    let run = scene.finish(120.0);
    assert_eq!(run.queues[0].total.tally.offered(), 3);
    assert_eq!(run.queues[1].total.tally.offered(), 2);
    assert_eq!(
        (run.total.lost, run.total.offered()),
        (2, 3),
        "each call once"
    );
    assert_eq!(run.total.calls.turned_away, 1);
    assert_eq!(run.total.calls.queued, 1);
    assert_eq!(run.total.calls.contained, 0);
}

#[test]
fn every_way_out_of_a_queue_is_in_the_balance() {
    let mut scene = Scene::new(TWO_MINUTES);
    for call in 0..4 {
        scene
            .at(f64::from(call))
            .arrive(call, 1 + u64::from(call))
            .join(call, SUPPORT, call + 1);
    }
    scene
        .at(40.0)
        .leave(0, SUPPORT, Unqueued::TimedOut)
        .end(0, Outcome::TurnedAway);
    scene
        .at(41.0)
        .leave(1, SUPPORT, Unqueued::ByKey)
        .end(1, Outcome::Message);
    scene
        .at(42.0)
        .leave(2, SUPPORT, Unqueued::BySystem)
        .end(2, Outcome::EndedBySystem);
    let run = scene.finish(120.0);
    let tally = run.queues[0].total.tally;
    assert_eq!(
        (tally.entered, tally.timed_out, tally.left_by_key),
        (4, 1, 1)
    );
    assert_eq!((tally.ended_by_system, tally.waiting_at_end), (1, 1));
    assert_eq!(
        tally.offered(),
        2,
        "of these, the formula asks for the timed out and the cut off"
    );
    assert_eq!(tally.waits, 3);
    assert_eq!(
        run.queues[0].intervals[1].tally.length_max, 1,
        "one was still waiting"
    );
}

#[test]
fn in_line_is_for_whom_nobody_is_free() {
    let mut scene = Scene::new(TWO_MINUTES);
    // Somebody is free at once, and does not answer: in line from then on.
    scene.at(1.0).arrive(0, 1).join(0, SUPPORT, 0);
    scene.offer(0, ANA, Because::CallerCame);
    scene.at(2.0).arrive(1, 2).join(1, SUPPORT, 1);
    scene.offer_ends(0, ANA, OfferEnd::NoAnswer);
    scene.at(65.0).offer(1, ANA, Because::AgentFree);
    scene.leave(1, SUPPORT, Unqueued::Answered(ANA));
    scene.leave(0, SUPPORT, Unqueued::Abandoned);
    scene.at(70.0).arrive(2, 3).join(2, SECOND, 0);
    scene.offer(2, CHI, Because::CallerCame);
    scene.leave(2, SECOND, Unqueued::Answered(CHI));
    let run = scene.finish(120.0);
    let longest = |queue: usize, at: usize| run.queues[queue].intervals[at].tally.length_max;
    assert_eq!([longest(0, 0), longest(0, 1)], [2, 2]);
    assert_eq!([longest(1, 0), longest(1, 1)], [0, 0]);
    assert_eq!(run.total.queues.length_max, 2);
}
