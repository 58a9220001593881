//! Fairness to agents.

use super::scene::ANA;
use super::scene::BEN;
use super::scene::CHI;
use super::scene::SUPPORT;
use super::scene::Scene;
use super::scene::TWO_MINUTES;
use super::scene::plan;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::id::AgentId;
use crate::exchange::id::LaneId;
use crate::exchange::id::ProfileId;
use crate::exchange::record::AgentState;
use crate::exchange::record::Because;
use crate::exchange::record::OfferEnd;
use crate::exchange::record::Outcome;
use crate::exchange::record::Unqueued;
use crate::exchange::time::Tick;
use crate::measure::fairness::fixed::as_calls;
use crate::measure::frame::Frame;
use crate::measure::row::Metrics;
use crate::measure::run::RunFigures;
use crate::measure::summary::Summary;

const TWO_HOURS: Frame = Frame {
    from: Tick(0),
    interval: crate::exchange::time::Span::ZERO,
    intervals: 0,
    until: Tick(7_200_000),
};

fn fairness(frame: Frame, run: RunFigures) -> Metrics {
    Summary::new(&plan(), frame, &[run], 0.95).fairness
}

#[track_caller]
fn is(metrics: &Metrics, name: &str, expected: f64) {
    let value = metrics.mean(name).expect(name);
    assert!((value - expected).abs() < 1e-6, "{name} is {value}");
}

/// Ana and Ben are free from the beginning.
fn desk(plan: &Dialplan, frame: Frame) -> Scene {
    let mut scene = Scene::of(plan, frame);
    scene
        .at(0.0)
        .agent(ANA, AgentState::Idle)
        .agent(BEN, AgentState::Idle);
    scene
}

#[test]
fn a_share_error_is_what_was_answered_less_what_was_due() {
    let mut scene = desk(&plan(), TWO_MINUTES);
    for (call, agent) in [(0, ANA), (1, ANA), (2, BEN), (3, ANA)] {
        scene
            .at(f64::from(call))
            .give(call, agent, Because::AgentFree)
            .hang_up(call, agent, AgentState::Idle);
    }
    let metrics = fairness(TWO_MINUTES, scene.finish(120.0));
    is(&metrics, "share_error_rms", 1.0);
    is(&metrics, "share_error_max", 1.0);
    // 3 and 1 of 2 calls due each
    is(&metrics, "spread", 1.0);
    is(&metrics, "jain", 0.8);
    is(&metrics, "gini", 0.25);
    // nobody had a choice
    is(&metrics, "share_error_dispatcher_rms", 0.0);
    is(&metrics, "share_error_structural_rms", 1.0);
    assert_eq!(metrics.mean("inequitable_share"), None);
}

#[test]
fn a_break_is_neither_a_debt_nor_a_credit() {
    let mut scene = desk(&plan(), TWO_MINUTES);
    scene.at(1.0).agent(BEN, AgentState::Paused);
    scene.give(0, ANA, Because::CallerCame);
    scene.at(2.0).agent(BEN, AgentState::NotReady);
    scene.hang_up(0, ANA, AgentState::WrapUp);
    scene.give(1, ANA, Because::AgentFree);
    let run = scene.at(3.0).agent(BEN, AgentState::Idle).finish(120.0);
    let dues = run.fairness.shares.iter().map(|share| as_calls(share.due));
    let dues: Vec<f64> = dues.map(f64::round).collect();
    assert_eq!(dues, [2.0, 0.0, 0.0]);
    let there = run.fairness.shares.iter().map(|share| share.was_there);
    assert_eq!(there.collect::<Vec<_>>(), [true, true, false]);
    let metrics = fairness(TWO_MINUTES, run);
    is(&metrics, "share_error_max", 0.0);
    is(&metrics, "spread", 0.0);
}

#[test]
fn half_a_weight_is_due_half_as_much() {
    let mut plan = plan();
    plan.agents[1].weight = 500_000;
    let mut scene = desk(&plan, TWO_MINUTES);
    for call in 0..3 {
        let agent = if call < 2 { ANA } else { BEN };
        scene.give(call, agent, Because::AgentFree);
        scene.hang_up(call, agent, AgentState::Idle);
    }
    let metrics = fairness(TWO_MINUTES, scene.finish(120.0));
    is(&metrics, "share_error_max", 0.0);
    is(&metrics, "jain", 1.0);
}

#[test]
fn a_choice_is_held_against_those_who_might_have_been_chosen() {
    let mut scene = desk(&plan(), TWO_MINUTES);
    // equally owed, equally long free
    scene.at(10.0).give(0, ANA, Because::CallerCame);
    scene.at(20.0).hang_up(0, ANA, AgentState::Idle);
    // Ben is owed half a call, Ana owes half a one, and Ben has been free since before her first
    scene.at(30.0).give(1, ANA, Because::CallerCame);
    scene.at(40.0).hang_up(1, ANA, AgentState::Idle);
    scene.at(50.0).give(2, BEN, Because::CallerCame);
    let run = scene.finish(120.0);
    assert_eq!((run.fairness.choices, run.fairness.inequitable), (3, 1));
    assert_eq!(run.fairness.streak_max, 2);
    let shares = run.fairness.shares.clone();
    let metrics = fairness(TWO_MINUTES, run);
    is(&metrics, "inequitable_share", 1.0 / 3.0);
    is(&metrics, "longest_streak", 2.0);
    is(&metrics, "carpool_debt_max", 1.0);
    // Ana has half a call too many, Ben too few: her second call should have been his
    let wrongs = |agent: AgentId| (shares[agent.index()].undue, shares[agent.index()].passed);
    assert_eq!((wrongs(ANA), wrongs(BEN)), ((1, 0), (0, 1)));
    is(&metrics, "share_error_rms", 0.5);
    is(&metrics, "share_error_dispatcher_rms", 0.5);
    is(&metrics, "share_error_structural_rms", 0.0);
}

#[test]
fn whoever_has_been_free_the_longest_breaks_no_streak() {
    let mut scene = desk(&plan(), TWO_MINUTES);
    for call in 0..4 {
        let agent = if call % 2 == 0 { ANA } else { BEN };
        scene.at(f64::from(call) * 10.0 + 5.0);
        scene.give(call, agent, Because::CallerCame);
        scene.at(f64::from(call) * 10.0 + 9.0);
        scene.hang_up(call, agent, AgentState::Idle);
    }
    let run = scene.finish(120.0);
    assert_eq!((run.fairness.choices, run.fairness.streak_max), (4, 0));
    assert_eq!(run.fairness.inequitable, 0);
}

#[test]
fn an_offer_that_comes_to_nothing_is_no_choice() {
    let mut scene = desk(&plan(), TWO_MINUTES);
    scene
        .at(1.0)
        .arrive(0, 1)
        .join(0, SUPPORT, 0)
        .offer(0, ANA, Because::CallerCame);
    scene
        .at(13.0)
        .offer_ends(0, ANA, OfferEnd::NoAnswer)
        .agent(ANA, AgentState::NotReady)
        .offer(0, BEN, Because::CallerCame);
    scene.at(14.0).pick_up(0, BEN, SUPPORT);
    let run = scene.finish(120.0);
    assert_eq!((run.fairness.choices, run.fairness.missed_offers), (0, 1));
    let wrongs = run.fairness.shares.iter();
    assert!(wrongs.clone().all(|share| share.undue + share.passed == 0));
    let metrics = fairness(TWO_MINUTES, run);
    is(&metrics, "missed_offers", 1.0);
    is(&metrics, "share_error_max", 0.0);
}

#[test]
fn a_phone_that_nobody_answers_passes_nobody_over() {
    // Ben is owed a whole call more than Ana when her phone rings again.
    let ring_again = || {
        let mut scene = desk(&plan(), TWO_MINUTES);
        scene.at(10.0).give(0, ANA, Because::CallerCame);
        scene.at(20.0).hang_up(0, ANA, AgentState::Idle);
        scene.at(30.0).arrive(1, 2).join(1, SUPPORT, 0);
        scene.offer(1, ANA, Because::CallerCame);
        scene
    };
    let passed = |run: RunFigures| run.fairness.shares[BEN.index()].passed;
    assert_eq!(passed(ring_again().finish(120.0)), 0, "it rings at the end");
    let mut scene = ring_again();
    scene.at(40.0).offer_ends(1, ANA, OfferEnd::NoAnswer);
    scene.agent(ANA, AgentState::NotReady);
    scene.offer(1, BEN, Because::CallerCame);
    scene.at(41.0).pick_up(1, BEN, SUPPORT);
    assert_eq!(passed(scene.finish(120.0)), 0, "it rang in vain");
    let mut scene = ring_again();
    scene.at(40.0).pick_up(1, ANA, SUPPORT);
    assert_eq!(passed(scene.finish(120.0)), 1, "it was answered");
}

/// Ana has had a call that was half due to Ben; then both phones ring, and one of them answers.
fn both_ring(faster: AgentId, slower: AgentId) -> RunFigures {
    let mut scene = desk(&plan(), TWO_MINUTES);
    scene.at(1.0).give(0, ANA, Because::CallerCame);
    scene.at(10.0).hang_up(0, ANA, AgentState::Idle);
    scene
        .at(20.0)
        .arrive(1, 2)
        .join(1, SUPPORT, 0)
        .offer(1, BEN, Because::CallerCame)
        .offer(1, ANA, Because::CallerCame);
    scene
        .at(23.0)
        .offer_ends(1, faster, OfferEnd::Answered)
        .agent(faster, AgentState::Talking)
        .offer_ends(1, slower, OfferEnd::Taken)
        .agent(slower, AgentState::Idle)
        .leave(1, SUPPORT, Unqueued::Answered(faster));
    // nobody is in line any more, and so nobody is overtaken
    scene.at(30.0).agent(CHI, AgentState::Idle);
    scene.give(2, CHI, Because::CallerCame);
    scene.finish(120.0)
}

#[test]
fn where_all_phones_ring_whoever_answers_was_chosen_among_all() {
    let run = both_ring(ANA, BEN);
    let fairness = &run.fairness;
    assert_eq!((fairness.choices, fairness.inequitable), (2, 1));
    assert_eq!((fairness.streak_max, fairness.inversions), (2, 0));
    let wrongs = |run: &RunFigures| {
        let shares = run.fairness.shares.iter();
        shares
            .map(|share| (share.undue, share.passed))
            .collect::<Vec<_>>()
    };
    assert_eq!(wrongs(&run), [(1, 0), (0, 1), (0, 0)]);
    assert!((as_calls(fairness.carpool_worst) - 1.0).abs() < 1e-6);
    assert_eq!(run.fairness.missed_offers, 0);
    let run = both_ring(BEN, ANA);
    assert_eq!((run.fairness.choices, run.fairness.inequitable), (2, 0));
    assert_eq!(wrongs(&run), [(0, 0); 3]);
}

#[test]
fn agents_of_several_profiles_may_be_free_for_a_call() {
    let mut plan = plan();
    plan.lanes[0].profiles = vec![ProfileId(0), ProfileId(1)];
    plan.profiles[1].lanes = vec![LaneId(0), LaneId(1)];
    let mut scene = desk(&plan, TWO_MINUTES);
    scene.agent(CHI, AgentState::Idle);
    scene
        .at(1.0)
        .arrive(0, 1)
        .join(0, SUPPORT, 0)
        .offer_in(0, CHI, LaneId(0), Because::CallerCame)
        .pick_up(0, CHI, SUPPORT);
    // for the other lane there is nobody but Chi
    scene.hang_up(0, CHI, AgentState::Idle);
    scene.at(2.0).give(1, CHI, Because::CallerCame);
    let run = scene.finish(120.0);
    assert_eq!(run.fairness.choices, 1);
    assert!((as_calls(run.fairness.carpool_worst) - 2.0 / 3.0).abs() < 1e-6);
    // both calls were due to Chi, who is alone of her kind
    let chi = run.fairness.shares[CHI.index()];
    assert_eq!((chi.calls, as_calls(chi.error()).round()), (2, 0.0));
}

#[test]
fn a_joiner_is_looked_at_for_half_an_hour() {
    let mut scene = Scene::new(TWO_HOURS);
    scene.at(0.0).agent(ANA, AgentState::Idle);
    scene.at(1.0).give(0, ANA, Because::CallerCame);
    scene.hang_up(0, ANA, AgentState::Idle);
    scene.at(1800.0).agent(BEN, AgentState::Idle);
    for (call, agent) in [(1, BEN), (2, BEN), (3, ANA), (4, BEN)] {
        scene.at(2000.0 + f64::from(call));
        scene.give(call, agent, Because::CallerCame);
        scene.hang_up(call, agent, AgentState::Idle);
    }
    scene.at(3600.0).give(5, BEN, Because::CallerCame);
    // the first of her kind, however late
    scene.at(5000.0).agent(CHI, AgentState::Idle);
    scene.give(6, CHI, Because::CallerCame);
    let run = scene.finish(7200.0);
    assert_eq!(run.fairness.joiners_calls, 3);
    is(&fairness(TWO_HOURS, run), "join_flood", 1.5);
}

#[test]
fn who_comes_back_is_no_joiner() {
    let mut scene = Scene::new(TWO_HOURS);
    scene.at(0.0).agent(ANA, AgentState::Idle);
    scene.at(10.0).agent(BEN, AgentState::Idle);
    scene.at(20.0).agent(BEN, AgentState::Paused);
    scene.at(3000.0).agent(BEN, AgentState::Idle);
    scene.at(3001.0).give(0, BEN, Because::CallerCame);
    let metrics = fairness(TWO_HOURS, scene.finish(7200.0));
    assert_eq!(metrics.mean("join_flood"), None);
}

#[test]
fn a_gap_is_from_the_end_of_wrap_up_to_the_next_ringing() {
    let mut scene = desk(&plan(), TWO_MINUTES);
    scene.at(10.0).give(0, ANA, Because::CallerCame);
    scene.at(20.0).hang_up(0, ANA, AgentState::WrapUp);
    scene.at(25.0).agent(ANA, AgentState::Resting);
    scene.at(30.0).agent(ANA, AgentState::Idle);
    scene.at(32.0).give(1, ANA, Because::CallerCame);
    // on to the next one without a breath
    scene.at(40.0).part(1, ANA, 32.0).end(1, Outcome::Answered);
    scene.give(2, ANA, Because::AgentFree);
    // a break is no gap
    scene.at(50.0).hang_up(2, ANA, AgentState::Paused);
    scene.at(80.0).agent(ANA, AgentState::Idle);
    scene.at(90.0).give(3, ANA, Because::CallerCame);
    let run = scene.finish(120.0);
    assert_eq!(
        (run.fairness.rest_gaps, run.fairness.rest_gap_p10_ms),
        (2, 0)
    );
}

#[test]
fn nine_in_ten_gaps_are_longer_than_the_tenth() {
    let mut scene = desk(&plan(), TWO_HOURS);
    for call in 0..11 {
        scene.at(f64::from(call) * 100.0);
        scene.give(call, ANA, Because::CallerCame);
        // free for 1, 2, … 10 s before the next
        scene.at(f64::from(call) * 100.0 + 99.0 - f64::from(call));
        scene.hang_up(call, ANA, AgentState::Idle);
    }
    let metrics = fairness(TWO_HOURS, scene.finish(7200.0));
    is(&metrics, "rest_gap_p10_s", 1.0);
}

#[test]
fn occupancies_are_compared() {
    let mut scene = desk(&plan(), TWO_MINUTES);
    scene.give(0, ANA, Because::CallerCame);
    scene.at(60.0).hang_up(0, ANA, AgentState::Idle);
    scene.give(1, BEN, Because::CallerCame);
    scene.at(90.0).hang_up(1, BEN, AgentState::Idle);
    // 60 and 30 of 120 s: mean 3/8, deviation 1/8
    let metrics = fairness(TWO_MINUTES, scene.finish(120.0));
    is(&metrics, "occupancy_cv", 1.0 / 3.0);
}

#[test]
fn a_warm_up_does_not_count_and_is_remembered() {
    let frame = Frame::whole(Tick(60_000), Tick(120_000));
    let mut scene = desk(&plan(), frame);
    for call in 0..3 {
        scene.at(10.0 + f64::from(call));
        scene.give(call, ANA, Because::CallerCame);
        scene.hang_up(call, ANA, AgentState::Idle);
    }
    scene.at(70.0).give(3, ANA, Because::CallerCame);
    let run = scene.finish(120.0);
    // what Ben is owed from the warm-up he is owed after it
    assert_eq!((run.fairness.choices, run.fairness.inequitable), (1, 1));
    assert_eq!(run.fairness.shares[0].calls, 1);
    assert!(run.fairness.shares[1].was_there, "without a record in it");
    // Ben has been free all the time, and that began before statistics did
    assert_eq!(run.fairness.streak_max, 4);
    is(&fairness(frame, run), "share_error_max", 0.5);
}

#[test]
fn a_site_without_people_has_no_fairness() {
    let metrics = fairness(TWO_MINUTES, Scene::new(TWO_MINUTES).finish(120.0));
    for name in [
        "share_error_rms",
        "share_error_max",
        "jain",
        "gini",
        "spread",
    ] {
        assert_eq!(metrics.mean(name), None, "{name}");
    }
}

#[test]
fn a_collector_forgets_the_last_run() {
    let day = |scene: &mut Scene| {
        scene
            .at(0.0)
            .agent(ANA, AgentState::Idle)
            .agent(BEN, AgentState::Idle);
        scene.at(1.0).give(0, ANA, Because::CallerCame);
        scene.arrive(1, 2).join_to_wait(1, SUPPORT, 1, 30);
        scene.at(5.0).hang_up(0, ANA, AgentState::WrapUp);
        scene.offer(1, ANA, Because::AgentFree);
        scene.at(7.0).pick_up(1, ANA, SUPPORT);
        scene.finish(120.0)
    };
    let mut scene = Scene::new(TWO_MINUTES);
    let first = day(&mut scene);
    scene.forget();
    assert_eq!(day(&mut scene), first);
    assert!(first.fairness.choices > 0 && first.fairness.promises.waits > 0);
}
