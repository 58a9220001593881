//! A bad day made by hand: sums that a day of 40 trunks and too few agents might have come to.

use crate::exchange::dialplan::Dialplan;
use crate::exchange::record::AgentState;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use crate::measure::confidence::Confidence;
use crate::measure::counts::WaitCounts;
use crate::measure::fairness::FairnessFigures;
use crate::measure::fairness::figures::Share;
use crate::measure::fairness::fixed::ONE_CALL;
use crate::measure::fairness::promises::Promises;
use crate::measure::frame::Frame;
use crate::measure::paired::Difference;
use crate::measure::paired::mark_real;
use crate::measure::row::Metrics;
use crate::measure::run::GroupFigures;
use crate::measure::run::QueueFigures;
use crate::measure::run::QueueSums;
use crate::measure::run::RunFigures;
use crate::measure::run::Sums;
use crate::measure::summary::Summary;
use crate::measure::tally::AgentTally;
use crate::measure::tally::CallTally;
use crate::measure::tally::Load;
use crate::measure::tally::QueueTally;
use crate::measure::tests::scene::plan;
use crate::measure::waits::Quantiles;
use crate::measure::worth::WorthFigures;
use crate::report::study::Case;
use crate::report::study::GoalResult;
use crate::report::study::Study;

/// Attempts per half hour from 09:00, for 100 % of the calls.
const ATTEMPTS: [u64; 8] = [120, 210, 340, 420, 380, 290, 200, 130];

pub(super) fn study() -> Study {
    Study {
        scenario: "scenarios/overload.scenario.toml".into(),
        title: "Video support".into(),
        span: "2026-11-23 09:00-13:00".into(),
        seed: 1,
        version: "0.1.0".into(),
        starts: (0..8)
            .map(|at| format!("{:02}:{:02}", 9 + at / 2, at % 2 * 30))
            .collect(),
        base: case("base", 100),
        what_ifs: vec![
            case("+20 % calls", 120),
            case("3 more agents on the desk", 75),
        ],
        assumptions: vec![(
            "wrap-up".into(),
            "none, for the scenario gives no length".into(),
        )],
        files: vec![
            (
                "scenarios/overload.scenario.toml".into(),
                "5f1d8a20c6e1".into(),
            ),
            ("menus/video.toml".into(), "09cc41b7e0aa".into()),
        ],
        precision: Vec::new(),
        notes: Vec::new(),
        command: "strowger simulate scenarios/overload.scenario.toml --seed 1 --runs 3".into(),
    }
}

pub(super) fn steady() -> Study {
    let frame = Frame::whole(Tick(0), Tick(14_400_000));
    let runs = runs(60, false);
    let mut study = study();
    study.base.summary = Summary::new(&plan(), frame, &runs[..1], 0.95);
    study.base.goals.clear();
    study.what_ifs.clear();
    study.starts.clear();
    study.span = "steady state of 4h".into();
    study.notes = vec![
        "The warm-up was fixed at 1h by the scenario; whether it is long enough was \
                        not examined."
            .into(),
    ];
    study
}

/// So short that the whole object can be read: one interval and no variants.
pub(super) fn short() -> Study {
    let frame = Frame {
        from: Tick(0),
        interval: Span::minutes(30),
        intervals: 1,
        until: Tick(1_800_000),
    };
    let mut runs = runs(100, true);
    for run in &mut runs {
        run.intervals.truncate(1);
        run.queues
            .iter_mut()
            .for_each(|queue| queue.intervals.truncate(1));
        run.groups
            .iter_mut()
            .for_each(|group| group.intervals.truncate(1));
    }
    let mut study = study();
    study.base.summary = Summary::new(&plan(), frame, &runs, 0.95);
    study.what_ifs.clear();
    study.starts.truncate(1);
    study
}

fn case(name: &str, percent: u64) -> Case {
    let frame = Frame {
        from: Tick(0),
        interval: Span::minutes(30),
        intervals: 8,
        until: Tick(14_400_000),
    };
    let summary = Summary::new(&plan(), frame, &runs(percent, true), 0.95);
    let goal = |subject: &str, metric: &str, wanted: &str, share, met| GoalResult {
        still_waiting: None,
        subject: subject.into(),
        metric: metric.into(),
        wanted: wanted.into(),
        goal: format!("{subject} {metric} {wanted}"),
        value: match subject {
            "queue.support" => summary.queues[0].total.get(metric),
            _ => summary.total.get(metric),
        },
        share_of_intervals: share,
        met,
        certain: Some(metric != "abandoned_share"),
        share_of_runs: Some(0.25),
    };
    let half = |at: &&Metrics| at.mean("service_level") >= Some(0.5);
    let reached = summary.queues[0].intervals.iter().filter(half).count();
    Case {
        name: name.into(),
        goals: vec![
            goal(
                "queue.support",
                "service_level",
                ">= 80% in 20s",
                None,
                false,
            ),
            goal(
                "queue.support",
                "service_level",
                ">= 50% in 20s, 90% of intervals",
                Some(reached as f64 / 8.0),
                false,
            ),
            goal("total", "abandoned_share", "<= 5%", None, false),
            goal("total", "occupancy", "<= 99%", None, true),
        ],
        summary,
        differences: differences(percent),
    }
}

/// What a busier day has more, or a quieter one less; nothing of the base case.
fn differences(percent: u64) -> Vec<(&'static str, Difference)> {
    let confidence = Confidence::new(0.95, 3);
    let (base, busier) = (runs(100, false), runs(percent, false));
    let names = ["service_level", "abandoned_share", "asa_s", "attempts"];
    let names = names.into_iter().filter(|_| percent != 100);
    let (from, to) = ((&confidence, &base[..]), (&confidence, &busier[..]));
    let difference = |name| {
        (
            name,
            Difference::of_metric(name, from, to).expect("three runs"),
        )
    };
    let mut all: Vec<_> = names.map(difference).collect();
    mark_real(all.iter_mut().map(|(_, difference)| difference), 0.95);
    all
}

fn runs(percent: u64, intervals: bool) -> Vec<RunFigures> {
    (0..3)
        .map(|run| day(&plan(), percent, run, intervals))
        .collect()
}

fn day(plan: &Dialplan, percent: u64, run: u64, with_intervals: bool) -> RunFigures {
    let intervals: Vec<_> = ATTEMPTS
        .iter()
        .enumerate()
        .map(|(at, &attempts)| interval(attempts * percent / 100 + run * (at as u64 + 2)))
        .collect();
    let mut total = Sums::default();
    for sums in &intervals {
        total.calls += sums.calls;
        total.queues += sums.queues;
        total.lost += sums.lost;
        total.load += sums.load;
    }
    total.calls.assert_balance();
    total.waits = waits(90, total.queues.waits);
    total.callers_unserved = total.calls.callers
        - total.calls.answered
        - total.calls.message
        - total.calls.self_served_confirmed
        - total.calls.self_served_probable;
    total.callers_served = total.calls.callers - total.callers_unserved;
    let support = |sums: &Sums| QueueSums {
        tally: sums.queues,
        waits: sums.waits,
        load: sums.load,
    };
    let idle = QueueSums::default();
    let loads = |load: &dyn Fn(&Sums) -> Load| intervals.iter().map(load).collect::<Vec<_>>();
    let calls = total.queues.answered;
    let queues = vec![
        QueueFigures {
            total: support(&total),
            intervals: intervals.iter().map(support).collect(),
            waits: intervals.iter().map(|sums| counts(sums.waits)).collect(),
        },
        QueueFigures {
            total: idle,
            intervals: vec![idle; intervals.len()],
            waits: vec![WaitCounts::default(); intervals.len()],
        },
    ];
    let groups = vec![
        GroupFigures {
            load: total.load,
            intervals: loads(&|sums| sums.load),
            answered: calls,
            calls: vec![calls / 2, calls - calls / 2],
        },
        GroupFigures {
            intervals: loads(&|_| Load::default()),
            ..GroupFigures::default()
        },
    ];
    let mut figures = RunFigures {
        came: total.calls.callers,
        overtime_ms: 0,
        agents: plan.agents.iter().map(|_| agent(calls / 2)).collect(),
        fairness: fairness(calls, run),
        worth: WorthFigures::default(),
        total,
        intervals,
        classes: Vec::new(),
        lines: Vec::new(),
        queues,
        groups,
    };
    if !with_intervals {
        figures.intervals.clear();
        figures
            .queues
            .iter_mut()
            .for_each(|queue| queue.intervals.clear());
        figures
            .groups
            .iter_mut()
            .for_each(|group| group.intervals.clear());
    }
    figures
}

/// 60 attempts get to an agent, 80 more find a trunk, the rest are blocked; a third are redials.
fn interval(attempts: u64) -> Sums {
    let blocked = attempts.saturating_sub(240);
    let accepted = attempts - blocked;
    let self_served = accepted / 4;
    let queued = accepted - self_served - accepted / 20 - accepted / 50;
    let answered = queued.min(110);
    let abandoned = queued - answered;
    let pressure = queued.saturating_sub(60);
    let within = answered - answered.min(pressure * answered / 130);
    let calls = CallTally {
        attempts,
        callers: attempts - blocked * 3 / 4 - abandoned / 3,
        blocked,
        self_served_confirmed: self_served / 3,
        self_served_probable: self_served - self_served / 3,
        contained: self_served + accepted / 20,
        left_in_menu: accepted / 20,
        message: accepted / 50,
        answered,
        abandoned,
        queued,
        trunk_ms: answered * 260_000 + self_served * 70_000 + abandoned * 120_000,
        trunk_wasted_ms: abandoned * 120_000,
        ..CallTally::default()
    };
    calls.assert_balance();
    Sums {
        calls,
        queues: QueueTally {
            entered: queued,
            answered,
            answered_within: within,
            abandoned,
            abandoned_short: abandoned / 10,
            wait_answered_ms: answered * pressure * 1500,
            waits: queued,
            wait_ms: queued * pressure * 1400,
            talks: answered,
            talk_ms: answered * 180_000,
            wrap_up_ms: answered * 20_000,
            length_max: pressure / 4,
            ..QueueTally::default()
        },
        waits: waits(pressure, queued),
        load: Load {
            busy_ms: answered * 206_000,
            available_ms: 13 * 1_800_000,
        },
        ..Sums::default()
    }
}

/// Ana took a few calls more than were due, Ben so many fewer.
fn fairness(calls: u64, run: u64) -> FairnessFigures {
    let due = calls as i64 * ONE_CALL / 2;
    let (ana, ben) = (calls / 2 + 5 + run, calls - calls / 2 - 5 - run);
    let share = |calls: u64, undue: u64, passed: u64| Share {
        was_there: true,
        calls,
        due,
        undue,
        passed,
        undue_forgiven: undue / 2,
        passed_forgiven: passed / 2,
    };
    FairnessFigures {
        shares: vec![share(ana, 2, 0), share(ben, 0, 2), Share::default()],
        choices: 90,
        inequitable: 6 + run,
        inequitable_forgiven: 1 + run,
        carpool_worst: 3 * ONE_CALL,
        streak_max: 4 + run,
        joiners_calls: 22 + run,
        joiners_due: 20 * ONE_CALL,
        rest_gaps: calls,
        rest_gap_p10_ms: 5000,
        missed_offers: 3,
        answered: calls,
        inversions: 2 * run,
        overtakes_max: run,
        promises: Promises {
            waits: calls / 2,
            expected_ms: calls * 50_000,
            error_ms: calls * 20_000,
            bias_ms: calls as i64 * (2000 * run as i64 - 9000),
        },
    }
}

fn waits(pressure: u64, count: u64) -> Quantiles {
    Quantiles {
        p50_ms: pressure * 1100,
        p90_ms: pressure * 3300,
        p99_ms: pressure * 5200,
        max_ms: pressure * 6100,
        count,
        clipped: 0,
    }
}

/// Waits with these quantiles: half as long as the median, and so on.
fn counts(waits: Quantiles) -> WaitCounts {
    let [half, nine, most] = [500, 900, 990].map(|part| waits.count * part / 1000);
    let ways = [
        (waits.p50_ms, half),
        (waits.p90_ms, nine - half),
        (waits.p99_ms, most - nine),
        (waits.max_ms, waits.count - most),
    ];
    let some = ways.iter().filter(|(ms, count)| *ms * *count > 0);
    let waits: Vec<_> = some
        .map(|(ms, count)| (*ms as u32, *count as u32))
        .collect();
    let counted: u32 = waits.iter().map(|(_, count)| count).sum();
    WaitCounts {
        zeros: ways.iter().map(|(_, count)| count).sum::<u64>() - u64::from(counted),
        waits,
    }
}

fn agent(calls: u64) -> AgentTally {
    let mut agent = AgentTally {
        calls,
        ..AgentTally::default()
    };
    agent.state_ms[AgentState::Talking as usize] = calls * 18_000;
    agent.state_ms[AgentState::Idle as usize] = 14_400_000 - calls * 18_000;
    agent
}
