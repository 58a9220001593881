//! Fairness to callers.

use super::scene::ANA;
use super::scene::BEN;
use super::scene::CHI;
use super::scene::SECOND;
use super::scene::SUPPORT;
use super::scene::Scene;
use super::scene::TWO_MINUTES;
use super::scene::plan;
use crate::exchange::record::AgentState;
use crate::exchange::record::Because;
use crate::exchange::record::OfferEnd;
use crate::exchange::record::Outcome;
use crate::exchange::record::Unqueued;
use crate::exchange::time::Span;
use crate::measure::run::RunFigures;
use crate::measure::summary::Summary;

/// All three work on something that has no part in this; so many callers come, a second apart.
fn waiting(calls: u32) -> Scene {
    let mut scene = Scene::new(TWO_MINUTES);
    for agent in [ANA, BEN, CHI] {
        scene.at(0.0).agent(agent, AgentState::WrapUp);
    }
    for call in 0..calls {
        scene
            .at(1.0 + f64::from(call))
            .arrive(call, 1 + u64::from(call))
            .join(call, SUPPORT, call + 1);
    }
    scene.at(20.0);
    scene
}

fn order(run: &RunFigures) -> (u64, u64, u64) {
    let fairness = &run.fairness;
    (
        fairness.answered,
        fairness.inversions,
        fairness.overtakes_max,
    )
}

#[test]
fn whoever_goes_before_an_earlier_caller_overtakes() {
    let mut scene = waiting(3);
    scene
        .offer(2, ANA, Because::AgentFree)
        .pick_up(2, ANA, SUPPORT);
    scene
        .offer(1, BEN, Because::AgentFree)
        .pick_up(1, BEN, SUPPORT);
    scene.hang_up(1, BEN, AgentState::WrapUp);
    scene
        .offer(0, BEN, Because::AgentFree)
        .pick_up(0, BEN, SUPPORT);
    let run = scene.finish(120.0);
    assert_eq!(order(&run), (3, 2, 2), "the first one was overtaken twice");
    let metrics = Summary::new(&plan(), TWO_MINUTES, &[run], 0.95).fairness;
    let inversions = metrics.mean("inversions_per_1000").unwrap();
    assert!((inversions - 2000.0 / 3.0).abs() < 1e-9);
    assert_eq!(metrics.mean("overtakes_max"), Some(2.0));
}

#[test]
fn callers_in_line_for_others_are_not_overtaken() {
    let mut scene = waiting(1);
    scene.arrive(1, 2).join(1, SECOND, 1);
    scene
        .offer(1, CHI, Because::AgentFree)
        .pick_up(1, CHI, SECOND);
    assert_eq!(order(&scene.finish(120.0)), (1, 0, 0));
}

#[test]
fn the_order_is_that_of_the_first_queue() {
    let mut scene = waiting(1);
    scene.arrive(1, 2).join(1, SECOND, 1);
    scene
        .at(30.0)
        .leave(0, SUPPORT, Unqueued::Overflowed(SECOND))
        .join(0, SECOND, 2);
    scene
        .at(31.0)
        .offer(1, CHI, Because::AgentFree)
        .pick_up(1, CHI, SECOND);
    assert_eq!(order(&scene.finish(120.0)), (1, 1, 1));
}

#[test]
fn whose_phone_rings_is_not_in_line_until_it_has_rung_out() {
    let mut scene = waiting(3);
    scene.offer(0, ANA, Because::AgentFree);
    scene
        .at(21.0)
        .offer(1, BEN, Because::AgentFree)
        .pick_up(1, BEN, SUPPORT);
    scene
        .at(32.0)
        .offer_ends(0, ANA, OfferEnd::NoAnswer)
        .agent(ANA, AgentState::NotReady);
    scene.hang_up(1, BEN, AgentState::WrapUp);
    scene
        .at(33.0)
        .offer(2, BEN, Because::AgentFree)
        .pick_up(2, BEN, SUPPORT);
    assert_eq!(order(&scene.finish(120.0)), (2, 1, 1));
}

#[test]
fn who_has_left_is_not_overtaken() {
    let mut scene = waiting(4);
    scene
        .leave(0, SUPPORT, Unqueued::Abandoned)
        .end(0, Outcome::Abandoned);
    // hangs up while a phone rings
    scene
        .offer(1, ANA, Because::AgentFree)
        .at(22.0)
        .leave(1, SUPPORT, Unqueued::Abandoned)
        .offer_ends(1, ANA, OfferEnd::CallerGone)
        .end(1, Outcome::Abandoned);
    scene
        .offer(2, ANA, Because::AgentFree)
        .pick_up(2, ANA, SUPPORT);
    assert_eq!(order(&scene.finish(120.0)), (1, 0, 0));
}

#[test]
fn several_phones_that_ring_for_one_call_are_one_offer() {
    let mut scene = waiting(2);
    scene
        .offer(1, ANA, Because::AgentFree)
        .offer(1, BEN, Because::AgentFree);
    scene
        .offer_ends(1, BEN, OfferEnd::NoAnswer)
        .agent(BEN, AgentState::NotReady);
    scene.pick_up(1, ANA, SUPPORT);
    let run = scene.finish(120.0);
    assert_eq!(order(&run), (1, 1, 1));
}

#[test]
fn expected_waits_are_held_against_those_that_came() {
    let mut scene = Scene::new(TWO_MINUTES);
    scene.at(0.0).agent(ANA, AgentState::WrapUp);
    scene.arrive(0, 1).join_to_wait(0, SUPPORT, 1, 60);
    scene.arrive(1, 2).join_to_wait(1, SUPPORT, 2, 20);
    scene.arrive(2, 3).join_to_wait(2, SUPPORT, 3, 90);
    // to the ringing, not to the answer
    scene.at(40.0).offer(0, ANA, Because::AgentFree);
    scene.at(45.0).pick_up(0, ANA, SUPPORT);
    scene.at(50.0).hang_up(0, ANA, AgentState::WrapUp);
    scene
        .offer(1, ANA, Because::AgentFree)
        .pick_up(1, ANA, SUPPORT);
    scene
        .at(60.0)
        .leave(2, SUPPORT, Unqueued::Abandoned)
        .end(2, Outcome::Abandoned);
    // somebody was free: no wait was expected, and none came
    scene.agent(BEN, AgentState::Idle);
    scene.give(3, BEN, Because::CallerCame);
    let run = scene.finish(120.0);
    let promises = run.fairness.promises;
    assert_eq!((promises.waits, promises.expected_ms), (2, 80_000));
    assert_eq!((promises.bias_ms, promises.error_ms), (-10_000, 50_000));
    let metrics = Summary::new(&plan(), TWO_MINUTES, &[run], 0.95).fairness;
    assert_eq!(metrics.mean("expected_wait_s"), Some(40.0));
    assert_eq!(metrics.mean("expected_wait_bias_s"), Some(-5.0));
    assert_eq!(metrics.mean("expected_wait_error_s"), Some(25.0));
}

#[test]
fn a_bias_below_nothing_has_a_whole_interval() {
    let run = |actual: f64| {
        let mut scene = Scene::new(TWO_MINUTES);
        scene.at(0.0).agent(ANA, AgentState::WrapUp);
        scene.arrive(0, 1).join_to_wait(0, SUPPORT, 1, 10);
        scene
            .at(actual)
            .offer(0, ANA, Because::AgentFree)
            .pick_up(0, ANA, SUPPORT);
        scene.finish(120.0)
    };
    let runs = [run(20.0), run(30.0)];
    let metrics = Summary::new(&plan(), TWO_MINUTES, &runs, 0.95).fairness;
    let bias = metrics.get("expected_wait_bias_s");
    assert_eq!(bias.mean, Some(-15.0));
    assert!(bias.low < Some(-70.0) && bias.high > Some(40.0), "{bias:?}");
}

#[test]
fn waits_are_summed_up_by_class() {
    let mut plan = plan();
    plan.queues[1].head_start = Span::seconds(90);
    let mut scene = waiting(1);
    scene.at(21.0).leave(0, SUPPORT, Unqueued::Answered(ANA));
    scene.arrive(1, 2).join(1, SECOND, 1);
    scene
        .at(25.0)
        .leave(1, SECOND, Unqueued::Abandoned)
        .end(1, Outcome::Abandoned);
    let summary = Summary::new(&plan, TWO_MINUTES, &[scene.finish(120.0)], 0.95);
    let names: Vec<_> = summary
        .classes
        .iter()
        .map(|row| row.name.as_str())
        .collect();
    assert_eq!(names, ["normal", "90s head start"]);
    let (normal, early) = (&summary.classes[0].total, &summary.classes[1].total);
    assert_eq!(normal.mean("asa_s"), Some(20.0));
    assert_eq!(normal.mean("wait_max_s"), Some(20.0));
    assert_eq!(
        (early.mean("entered"), early.mean("answered")),
        (Some(1.0), Some(0.0))
    );
    assert_eq!(
        (early.mean("asa_s"), early.mean("wait_mean_s")),
        (None, Some(4.0))
    );
}
