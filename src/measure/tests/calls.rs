//! Attempts, callers and outcomes.

use super::scene::SUPPORT;
use super::scene::Scene;
use super::scene::TWO_MINUTES;
use crate::exchange::record::Blocked;
use crate::exchange::record::Outcome;
use crate::exchange::record::Unqueued;
use crate::exchange::time::Tick;
use crate::measure::frame::Frame;
use crate::measure::tally::CallTally;

#[test]
fn an_outcome_belongs_to_the_interval_of_the_arrival() {
    let mut scene = Scene::new(TWO_MINUTES);
    scene
        .at(50.0)
        .arrive(0, 1)
        .at(70.0)
        .end(0, Outcome::Message);
    scene.at(80.0).blocked(2);
    let run = scene.finish(120.0);
    assert_eq!(run.intervals[0].calls.message, 1);
    assert_eq!(run.intervals[1].calls.message, 0);
    assert_eq!(run.intervals[1].calls.blocked, 1);
    assert_eq!((run.total.calls.attempts, run.total.calls.callers), (2, 2));
}

#[test]
fn a_line_is_wasted_on_attempts_that_bring_nothing() {
    let mut scene = Scene::new(TWO_MINUTES);
    scene
        .at(10.0)
        .arrive(0, 1)
        .arrive(1, 2)
        .arrive(2, 3)
        .blocked(4);
    scene.at(40.0).end(0, Outcome::Message);
    scene.at(50.0).end(1, Outcome::LeftInMenu);
    scene.at(70.0).end(2, Outcome::SelfServedProbable);
    scene
        .at(80.0)
        .arrive(3, 5)
        .at(85.0)
        .end(3, Outcome::Callback);
    let before = scene.finish(100.0);
    assert_eq!(before.total.calls.trunk_ms, 135_000);
    assert_eq!(before.total.calls.trunk_wasted_ms, 40_000);
    assert_eq!(before.intervals[0].calls.trunk_ms, 130_000, "by arrival");
    assert_eq!(before.intervals[0].callers_served, 1);
    assert_eq!(before.intervals[1].callers_served, 1, "when it came");
}

#[test]
fn an_answer_that_was_not_enough_has_wasted_its_line() {
    let mut scene = Scene::new(TWO_MINUTES);
    scene
        .at(10.0)
        .arrive(0, 1)
        .at(70.0)
        .end(0, Outcome::SelfServedProbable);
    scene.at(100.0).arrive(0, 1);
    let run = scene.finish(120.0);
    assert_eq!(run.intervals[0].calls.trunk_wasted_ms, 60_000);
    assert_eq!(
        run.total.calls.trunk_ms, 80_000,
        "what goes on counts so far"
    );
    assert_eq!(run.intervals[1].callers_served, 0);
    assert_eq!(run.total.callers_served, 0);
}

#[test]
fn a_call_that_lasts_beyond_the_end_is_in_progress() {
    let mut scene = Scene::new(TWO_MINUTES);
    scene.at(10.0).arrive(0, 1).join(0, SUPPORT, 1);
    let run = scene.finish(120.0);
    assert_eq!(run.total.calls.in_progress, 1);
    assert_eq!(run.total.calls.queued, 1);
    assert_eq!(run.queues[0].total.tally.waiting_at_end, 1);
    assert_eq!(run.total.callers_unserved, 0, "it is not over yet");
}

#[test]
fn a_redial_is_an_attempt_and_no_caller() {
    let mut scene = Scene::new(TWO_MINUTES);
    scene
        .at(1.0)
        .blocked(1)
        .at(2.0)
        .blocked(2)
        .at(61.0)
        .blocked(1);
    scene
        .at(62.0)
        .arrive(0, 2)
        .at(65.0)
        .end(0, Outcome::Message);
    let run = scene.finish(120.0);
    assert_eq!((run.total.calls.attempts, run.total.calls.callers), (4, 2));
    assert_eq!(run.intervals[1].calls.callers, 0);
    assert_eq!(run.total.callers_unserved, 1, "the first one got nothing");
}

#[test]
fn those_who_called_too_often_are_told_from_those_who_found_no_line() {
    let mut scene = Scene::new(TWO_MINUTES);
    scene
        .at(1.0)
        .blocked(1)
        .blocked_for(Blocked::CallerLimit, 2);
    scene.at(61.0).blocked_for(Blocked::CallerLimit, 2);
    let run = scene.finish(120.0);
    let of = |calls: &CallTally| (calls.blocked, calls.blocked_by_limit);
    assert_eq!(of(&run.total.calls), (3, 2));
    assert_eq!(of(&run.intervals[1].calls), (1, 1));
}

#[test]
fn callers_without_a_number_are_all_different() {
    let mut scene = Scene::new(TWO_MINUTES);
    scene.at(1.0).blocked(0).blocked(0);
    let run = scene.finish(120.0);
    assert_eq!(run.total.calls.callers, 2);
    assert_eq!(run.total.callers_unserved, 2);
}

#[test]
fn a_probable_self_service_is_undone_by_the_next_attempt() {
    let mut scene = Scene::new(TWO_MINUTES);
    scene
        .at(1.0)
        .arrive(0, 1)
        .at(30.0)
        .end(0, Outcome::SelfServedProbable);
    scene
        .at(31.0)
        .arrive(1, 2)
        .at(40.0)
        .end(1, Outcome::SelfServedProbable);
    scene.at(70.0).blocked(1);
    let run = scene.finish(120.0);
    assert_eq!(run.intervals[0].calls.self_served_probable, 1);
    assert_eq!(run.intervals[0].calls.left_in_menu, 1);
    assert_eq!(run.total.calls.contained, 2, "neither asked for a person");
    assert_eq!(run.total.callers_unserved, 1);
}

#[test]
fn a_day_later_it_stands() {
    let day = 86_400.0;
    let frame = Frame::whole(Tick(0), Tick(3 * 86_400_000));
    let mut scene = Scene::new(frame);
    scene
        .at(0.0)
        .arrive(0, 1)
        .at(10.0)
        .end(0, Outcome::SelfServedProbable);
    scene.at(day + 10.001).blocked(1);
    let run = scene.finish(2.0 * day);
    assert_eq!(run.total.calls.self_served_probable, 1);

    let mut scene = Scene::new(frame);
    scene
        .at(0.0)
        .arrive(0, 1)
        .at(10.0)
        .end(0, Outcome::SelfServedProbable);
    scene.at(day + 10.0).blocked(1);
    let run = scene.finish(2.0 * day);
    assert_eq!(run.total.calls.left_in_menu, 1);
}

#[test]
fn a_confirmed_self_service_stands_whoever_calls_again() {
    let mut scene = Scene::new(TWO_MINUTES);
    scene
        .at(1.0)
        .arrive(0, 1)
        .at(30.0)
        .end(0, Outcome::SelfServedConfirmed);
    scene
        .at(70.0)
        .arrive(0, 1)
        .at(71.0)
        .end(0, Outcome::LeftInMenu);
    let run = scene.finish(120.0);
    assert_eq!(run.total.calls.self_served_confirmed, 1);
    assert_eq!(run.total.calls.left_in_menu, 1);
}

#[test]
fn the_warm_up_and_those_who_came_in_it_do_not_count() {
    let frame = Frame::whole(Tick(60_000), Tick(120_000));
    let mut scene = Scene::new(frame);
    scene.at(10.0).arrive(0, 1).join(0, SUPPORT, 1).blocked(2);
    scene
        .at(70.0)
        .leave(0, SUPPORT, Unqueued::Abandoned)
        .end(0, Outcome::Abandoned);
    scene.at(80.0).blocked(2).blocked(3);
    let run = scene.finish(130.0);
    assert_eq!(run.total.calls.attempts, 2);
    assert_eq!(
        run.total.calls.callers, 1,
        "the second one came first in the warm-up"
    );
    assert_eq!(run.total.calls.abandoned, 0);
    assert_eq!(run.queues[0].total.tally.entered, 0);
    assert_eq!(
        run.queues[0].total.tally.length_max, 1,
        "but the queue was that long"
    );
    assert!(run.intervals.is_empty());
}

#[test]
fn what_arrives_after_the_end_does_not_count_but_those_before_are_followed() {
    let mut scene = Scene::new(TWO_MINUTES);
    scene
        .at(119.0)
        .arrive(0, 1)
        .at(121.0)
        .arrive(1, 2)
        .join(0, SUPPORT, 1);
    scene
        .at(125.0)
        .leave(0, SUPPORT, Unqueued::Abandoned)
        .end(0, Outcome::Abandoned);
    let run = scene.finish(130.0);
    assert_eq!(
        (run.total.calls.attempts, run.total.calls.abandoned),
        (1, 1)
    );
    assert_eq!(run.queues[0].intervals[1].tally.abandoned, 1);
    assert_eq!(run.total.calls.in_progress, 0);
}

#[test]
fn somebody_served_after_the_end_was_served_all_the_same() {
    let mut scene = Scene::new(TWO_MINUTES);
    scene.at(119.0).arrive(0, 1).at(121.0).blocked(2);
    scene.at(125.0).end(0, Outcome::Message);
    let run = scene.finish(130.0);
    assert_eq!(
        (run.total.calls.callers, run.total.callers_unserved),
        (1, 0)
    );
}

#[test]
fn a_collector_that_was_reset_counts_like_a_new_one() {
    let mut scene = Scene::new(TWO_MINUTES);
    scene
        .at(1.0)
        .arrive(0, 1)
        .join(0, SUPPORT, 3)
        .at(70.0)
        .blocked(1);
    let first = scene.finish(120.0);
    scene.collector.reset();
    scene
        .at(1.0)
        .arrive(0, 1)
        .join(0, SUPPORT, 3)
        .at(70.0)
        .blocked(1);
    assert_eq!(scene.finish(120.0), first);
}

#[test]
#[should_panic(expected = "order of time")]
fn time_does_not_go_backwards() {
    let mut scene = Scene::new(TWO_MINUTES);
    scene.at(2.0).blocked(1).at(1.0).blocked(2);
}
