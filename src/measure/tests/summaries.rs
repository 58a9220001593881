//! Figures over several runs.

use super::scene::ANA;
use super::scene::SUPPORT;
use super::scene::Scene;
use super::scene::TWO_MINUTES;
use super::scene::line;
use super::scene::plan;
use super::worth;
use crate::exchange::dialplan::Step;
use crate::exchange::id::LineId;
use crate::exchange::record::Outcome;
use crate::exchange::record::Unqueued;
use crate::exchange::time::Span;
use crate::measure::definitions::DEFINITIONS;
use crate::measure::definitions::definition;
use crate::measure::figure::Figure;
use crate::measure::maker::queue_names;
use crate::measure::row::Metrics;
use crate::measure::run::RunFigures;
use crate::measure::summary::Summary;

/// A run in which so many are answered at once and so many abandon after 30 s.
fn run(answered: u32, abandoned: u32) -> RunFigures {
    let mut scene = Scene::new(TWO_MINUTES);
    let all = answered + abandoned;
    for call in 0..all {
        scene
            .at(1.0)
            .arrive(call, 1 + u64::from(call))
            .join(call, SUPPORT, call + 1);
    }
    for call in 0..answered {
        scene
            .leave(call, SUPPORT, Unqueued::Answered(ANA))
            .end(call, Outcome::Answered);
    }
    scene.at(31.0);
    for call in answered..all {
        scene
            .leave(call, SUPPORT, Unqueued::Abandoned)
            .end(call, Outcome::Abandoned);
    }
    scene.finish(120.0)
}

#[test]
fn shares_over_runs_are_ratios_of_sums() {
    let runs = [run(9, 1), run(10, 80)];
    let summary = Summary::new(&plan(), TWO_MINUTES, &runs, 0.95);
    let level = summary.total.get("service_level");
    assert_eq!(level.mean, Some(0.19));
    assert_eq!(
        (level.low, level.high),
        (Some(0.0), Some(1.0)),
        "cut to what a share can be"
    );
    assert_eq!(summary.total.mean("attempts"), Some(50.0));
    assert_eq!(summary.total.mean("asa_s"), Some(0.0));
    assert_eq!(summary.total.mean("wait_max_s"), Some(30.0));
    let support = summary.queue("support").unwrap();
    assert_eq!(support.intervals[0].mean("abandoned_share"), Some(0.81));
    assert_eq!(support.intervals[1].get("abandoned_share"), Figure::NONE);
    assert_eq!(support.intervals[1].mean("entered"), Some(0.0));
}

#[test]
fn one_run_has_means_only() {
    let summary = Summary::new(&plan(), TWO_MINUTES, &[run(1, 1)], 0.95);
    let attempts = summary.total.get("attempts");
    assert_eq!(
        (attempts.mean, attempts.low, attempts.high),
        (Some(2.0), None, None)
    );
}

#[test]
fn every_metric_has_a_definition_and_every_definition_a_metric() {
    let runs = [worth::run()];
    let summary = Summary::new(&worth::plan(), TWO_MINUTES, &runs, 0.95);
    let summary = summary.with_shrinkage(Span::minutes(2), &runs);
    let summary = summary.with_costs(&worth::costs(32.0));
    let names = |metrics: &Metrics| metrics.0.iter().map(|(name, _)| *name).collect::<Vec<_>>();
    let mut used = names(&summary.total);
    used.extend(names(&summary.fairness));
    for rows in [
        &summary.queues,
        &summary.groups,
        &summary.agents,
        &summary.classes,
        &summary.worth.answers,
        &summary.worth.requests,
        &summary.worth.lookups,
        &summary.worth.surveys,
        &summary.worth.wants,
    ] {
        used.extend(rows.iter().flat_map(|row| names(&row.total)));
        used.extend(rows[0].intervals.iter().flat_map(names));
    }
    for name in &used {
        assert!(definition(name).sentence.ends_with('.'), "{name}");
    }
    for one in DEFINITIONS {
        assert!(used.contains(&one.name), "{} is never shown", one.name);
    }
}

#[test]
fn queues_are_named_with_their_line_where_another_has_such_a_step() {
    let mut plan = plan();
    assert_eq!(queue_names(&plan), ["support", "second"]);
    plan.lines.push(line("shop"));
    assert_eq!(queue_names(&plan), ["support", "second"]);
    let other = Step {
        line: LineId(1),
        ..plan.step(plan.queues[0].step).clone()
    };
    plan.steps.push(other);
    assert_eq!(queue_names(&plan), ["video/support", "second"]);
}
