//! How every metric is made of sums: a numerator and a denominator for each run.

use super::fairness::FairnessFigures;
use super::fairness::Spread;
use super::fairness::classes::ClassSums;
use super::fairness::evenness;
use super::fairness::figures::Share;
use super::fairness::fixed::as_calls;
use super::figure::Part;
use super::run::GroupFigures;
use super::run::QueueSums;
use super::run::RunFigures;
use super::run::Sums;
use super::tally::AgentTally;
use super::tally::Load;
use super::tally::QueueTally;
use super::waits::Quantiles;
use crate::exchange::record::AgentState;

/// A metric's name and its part in one run.
pub(super) type Metric<T> = (&'static str, fn(&T) -> Part);

/// Metrics of everything together, for the run and for an interval.
#[rustfmt::skip]
pub(super) const WHOLE: &[Metric<Sums>] = &[
    ("attempts", |at| count(at.calls.attempts)),
    ("callers", |at| count(at.calls.callers)),
    ("redials", |at| Part::value(at.calls.attempts as f64 - at.calls.callers as f64)),
    ("attempts_per_caller", |at| Part::new(at.calls.attempts, at.calls.callers)),
    ("callers_served", |at| count(at.callers_served)),
    ("trunk_s", |at| seconds(at.calls.trunk_ms)),
    ("trunk_wasted_s", |at| seconds(at.calls.trunk_wasted_ms)),
    ("blocked", |at| count(at.calls.blocked)),
    ("blocked_by_limit", |at| count(at.calls.blocked_by_limit)),
    ("self_served", |at| count(at.calls.self_served_confirmed + at.calls.self_served_probable)),
    ("self_served_confirmed", |at| count(at.calls.self_served_confirmed)),
    ("self_served_probable", |at| count(at.calls.self_served_probable)),
    ("contained", |at| count(at.calls.contained)),
    ("left_in_menu", |at| count(at.calls.left_in_menu)),
    ("message", |at| count(at.calls.message)),
    ("callback", |at| count(at.calls.callback)),
    ("transferred_out", |at| count(at.calls.transferred_out)),
    ("turned_away", |at| count(at.calls.turned_away)),
    ("answered", |at| count(at.calls.answered)),
    ("abandoned", |at| count(at.calls.abandoned)),
    ("ended_by_system", |at| count(at.calls.ended_by_system)),
    ("in_progress", |at| count(at.calls.in_progress)),
    ("queued", |at| count(at.calls.queued)),
    ("handed_on", |at| count(at.calls.handed_on)),
    ("lost_after_talk", |at| count(at.calls.lost_after_talk)),
    ("talks_cut_off", |at| count(at.calls.talks_cut_off)),
    ("abandoned_share", |at| Part::new(at.calls.abandoned, at.calls.queued)),
    ("service_level", |at| Part::new(at.queues.answered_within, at.offered())),
    ("service_level_of_entered", |at| Part::new(at.queues.answered_within, at.waits_begun())),
    ("service_level_of_answered", |at| of_answered(&at.queues)),
    ("asa_s", |at| asa(&at.queues)),
    ("wait_mean_s", |at| wait_mean(&at.queues)),
    ("wait_p50_s", |at| wait(&at.waits, at.waits.p50_ms)),
    ("wait_p90_s", |at| wait(&at.waits, at.waits.p90_ms)),
    ("wait_p99_s", |at| wait(&at.waits, at.waits.p99_ms)),
    ("wait_max_s", |at| wait(&at.waits, at.waits.max_ms)),
    ("queue_length_max", |at| count(at.queues.length_max)),
    ("talk_mean_s", |at| talk_mean(&at.queues)),
    ("aht_s", |at| handling(&at.queues)),
    ("occupancy", |at| occupancy(&at.load)),
    ("callbacks_booked", |at| count(at.callbacks.booked)),
    ("callbacks_reached", |at| count(at.callbacks.reached)),
    ("callbacks_on_time", |at| Part::new(at.callbacks.on_time, at.callbacks.reached)),
    ("callbacks_unreached", |at| count(at.callbacks.unreached)),
    ("callbacks_withdrawn", |at| count(at.callbacks.withdrawn)),
    ("callbacks_open", |at| count(at.callbacks.open())),
    ("callback_wait_s", |at| seconds_each(at.callbacks.wait_ms, at.callbacks.reached)),
    ("outbound_asked", |at| count(at.outbound.booked)),
    ("outbound_dialled", |at| count(at.outbound.dialled)),
    ("outbound_reached", |at| count(at.outbound.reached)),
    ("outbound_unreached", |at| count(at.outbound.unreached)),
    ("outbound_withdrawn", |at| count(at.outbound.withdrawn)),
    ("outbound_open", |at| count(at.outbound.open())),
    ("outbound_wait_s", |at| seconds_each(at.outbound.wait_ms, at.outbound.reached)),
];

/// Metrics of the whole run only.
pub(super) const RUN: &[Metric<Sums>] = &[("callers_unserved", |at| count(at.callers_unserved))];

/// Metrics of one queue, for the run and for an interval.
#[rustfmt::skip]
pub(super) const QUEUE: &[Metric<QueueSums>] = &[
    ("queued", |at| count(at.tally.entered)),
    ("entered", |at| count(at.tally.entered)),
    ("overflowed_in", |at| count(at.tally.overflowed_in)),
    ("answered", |at| count(at.tally.answered)),
    ("abandoned", |at| count(at.tally.abandoned)),
    ("overflowed_out", |at| count(at.tally.overflowed_out)),
    ("left_by_key", |at| count(at.tally.left_by_key)),
    ("timed_out", |at| count(at.tally.timed_out)),
    ("ended_by_system", |at| count(at.tally.ended_by_system)),
    ("withdrawn", |at| count(at.tally.withdrawn)),
    ("waiting_at_end", |at| count(at.tally.waiting_at_end)),
    ("turned_away", |at| count(at.tally.turned_away)),
    ("abandoned_share", |at| Part::new(at.tally.abandoned, at.tally.entered)),
    ("service_level", |at| Part::new(at.tally.answered_within, at.tally.offered())),
    ("service_level_of_entered", |at| Part::new(at.tally.answered_within, at.tally.entered)),
    ("service_level_of_answered", |at| of_answered(&at.tally)),
    ("asa_s", |at| asa(&at.tally)),
    ("wait_mean_s", |at| wait_mean(&at.tally)),
    ("wait_p50_s", |at| wait(&at.waits, at.waits.p50_ms)),
    ("wait_p90_s", |at| wait(&at.waits, at.waits.p90_ms)),
    ("wait_p99_s", |at| wait(&at.waits, at.waits.p99_ms)),
    ("wait_max_s", |at| wait(&at.waits, at.waits.max_ms)),
    ("queue_length_max", |at| count(at.tally.length_max)),
    ("talk_mean_s", |at| talk_mean(&at.tally)),
    ("aht_s", |at| handling(&at.tally)),
    ("occupancy", |at| occupancy(&at.load)),
];

/// Metrics of one group in the run.
#[rustfmt::skip]
pub(super) const GROUP: &[Metric<GroupFigures>] = &[
    ("occupancy", |at| occupancy(&at.load)),
    ("agents", |at| count(at.calls.len() as u64)),
    ("calls", |at| count(at.answered)),
    ("calls_per_agent", |at| Part::new(at.calls.iter().sum(), at.calls.len() as u64)),
    ("calls_per_agent_sd", |at| spread(at, |spread| spread.sd)),
    ("calls_per_agent_min", |at| spread(at, |spread| spread.min as f64)),
    ("calls_per_agent_max", |at| spread(at, |spread| spread.max as f64)),
    ("fairness", |at| spread(at, |spread| spread.jain)),
];

/// Metrics of one group in an interval.
pub(super) const GROUP_INTERVAL: &[Metric<Load>] = &[("occupancy", occupancy)];

/// Metrics of one agent in the run.
#[rustfmt::skip]
pub(super) const AGENT: &[Metric<AgentTally>] = &[
    ("calls", |at| count(at.calls)),
    ("signed_in_s", |at| seconds(at.signed_in_ms())),
    ("ringing_s", |at| seconds(at.in_state_ms(AgentState::Ringing))),
    ("dialling_s", |at| seconds(at.dialling_ms)),
    ("talk_s", |at| seconds(at.talk_ms())),
    ("wrap_up_s", |at| seconds(at.in_state_ms(AgentState::WrapUp))),
    ("idle_s", |at| seconds(at.in_state_ms(AgentState::Idle) + at.in_state_ms(AgentState::Resting))),
    ("break_s", |at| seconds(at.in_state_ms(AgentState::Paused))),
    ("not_ready_s", |at| seconds(at.in_state_ms(AgentState::NotReady))),
    ("missed", |at| count(at.missed)),
    ("declined", |at| count(at.declined)),
    ("occupancy", |at| occupancy(&at.load())),
];

/// Fairness: values of each run, and their mean over those that have one.
#[rustfmt::skip]
pub(super) const FAIRNESS_OF_RUNS: &[Metric<RunFigures>] = &[
    ("share_error_rms", |at| rms(at, Share::error)),
    ("share_error_max", |at| most(&at.fairness)),
    ("share_error_dispatcher_rms", |at| rms(at, Share::dispatchers)),
    ("share_error_forgiven_rms", |at| rms(at, Share::forgiven)),
    ("share_error_structural_rms", |at| rms(at, Share::structural)),
    ("spread", |at| some(evenness::range(&of_due(&at.fairness)))),
    ("jain", |at| some(evenness::jain(&of_due(&at.fairness)))),
    ("gini", |at| some(evenness::gini(of_due(&at.fairness)))),
    ("occupancy_cv", |at| some(evenness::coefficient_of_variation(&occupancies(at)))),
    ("carpool_debt_max", |at| Part::value(as_calls(at.fairness.carpool_worst))),
    ("longest_streak", |at| count(at.fairness.streak_max)),
    ("rest_gap_p10_s", |at| rest_gap(&at.fairness)),
    ("missed_offers", |at| count(at.fairness.missed_offers)),
    ("overtakes_max", |at| count(at.fairness.overtakes_max)),
];

/// Fairness: ratios of sums over all runs.
#[rustfmt::skip]
pub(super) const FAIRNESS_OF_SUMS: &[Metric<RunFigures>] = &[
    ("inequitable_share", |at| Part::new(at.fairness.inequitable, at.fairness.choices)),
    ("inequitable_forgiven_share", |at| Part::new(at.fairness.inequitable_forgiven, at.fairness.choices)),
    ("join_flood", |at| join_flood(&at.fairness)),
    ("inversions_per_1000", |at| Part::new(1000 * at.fairness.inversions, at.fairness.answered)),
    ("expected_wait_s", |at| promised(&at.fairness, at.fairness.promises.expected_ms as f64)),
    ("expected_wait_bias_s", |at| promised(&at.fairness, at.fairness.promises.bias_ms as f64)),
    ("expected_wait_error_s", |at| promised(&at.fairness, at.fairness.promises.error_ms as f64)),
];

/// Metrics of the callers of one class.
#[rustfmt::skip]
pub(super) const CLASS: &[Metric<ClassSums>] = &[
    ("entered", |at| count(at.tally.entered)),
    ("answered", |at| count(at.tally.answered)),
    ("abandoned", |at| count(at.tally.abandoned)),
    ("turned_away", |at| count(at.tally.turned_away)),
    ("abandoned_share", |at| Part::new(at.tally.abandoned, at.tally.entered)),
    ("service_level_of_answered", |at| of_answered(&at.tally)),
    ("asa_s", |at| asa(&at.tally)),
    ("wait_mean_s", |at| wait_mean(&at.tally)),
    ("wait_max_s", |at| wait_max(at)),
];

/// The value of a metric of the whole or of fairness in one run, if it has one.
pub fn of_run(name: &str, run: &RunFigures) -> Option<f64> {
    let fairness = FAIRNESS_OF_RUNS.iter().chain(FAIRNESS_OF_SUMS);
    let fairness = fairness.filter(|(known, _)| *known == name);
    let mut parts = fairness.map(|(_, part)| part(run));
    value(parts.next().or_else(|| of_whole(name, &run.total))?)
}

/// The value of a metric of one queue in one run, or an interval of it, if it has one.
pub fn of_queue(name: &str, sums: &QueueSums) -> Option<f64> {
    value_of(QUEUE, name, sums)
}

/// The same of the time of a group's agents.
pub fn of_load(name: &str, load: &Load) -> Option<f64> {
    value_of(GROUP_INTERVAL, name, load)
}

fn value_of<T>(metrics: &[Metric<T>], name: &str, at: &T) -> Option<f64> {
    let (_, part) = metrics.iter().find(|(known, _)| *known == name)?;
    value(part(at))
}

fn value(part: Part) -> Option<f64> {
    (part.under > 0.0).then(|| part.over / part.under)
}

/// The part of a metric of everything together, if there is one of this name.
pub(super) fn of_whole(name: &str, sums: &Sums) -> Option<Part> {
    let mut known = WHOLE.iter().chain(RUN);
    let (_, part) = known.find(|(known, _)| *known == name)?;
    Some(part(sums))
}

pub(super) fn count(count: u64) -> Part {
    Part::value(count as f64)
}

fn seconds(ms: u64) -> Part {
    Part::value(ms as f64 / 1000.0)
}

/// Milliseconds of several, as seconds each.
fn seconds_each(ms: u64, of: u64) -> Part {
    Part {
        over: ms as f64 / 1000.0,
        under: of as f64,
    }
}

/// A quantile, which runs without any wait do not have.
fn wait(waits: &Quantiles, ms: u64) -> Part {
    match waits.count {
        0 => Part::NOTHING,
        _ => seconds(ms),
    }
}

fn asa(tally: &QueueTally) -> Part {
    seconds_each(tally.wait_answered_ms, tally.answered)
}

fn wait_mean(tally: &QueueTally) -> Part {
    seconds_each(tally.wait_ms, tally.waits)
}

fn of_answered(tally: &QueueTally) -> Part {
    Part::new(tally.answered_within, tally.answered)
}

fn talk_mean(tally: &QueueTally) -> Part {
    seconds_each(tally.talk_ms, tally.talks)
}

fn handling(tally: &QueueTally) -> Part {
    seconds_each(tally.talk_ms + tally.wrap_up_ms, tally.talks)
}

fn occupancy(load: &Load) -> Part {
    Part::new(load.busy_ms, load.available_ms)
}

/// A value that some runs do not have.
fn some(value: Option<f64>) -> Part {
    value.map_or(Part::NOTHING, Part::value)
}

/// The agents who were at work.
fn at_work(run: &FairnessFigures) -> impl Iterator<Item = &Share> {
    run.shares.iter().filter(|share| share.was_there)
}

fn rms(run: &RunFigures, error: fn(&Share) -> i64) -> Part {
    let errors: Vec<f64> = at_work(&run.fairness)
        .map(|share| as_calls(error(share)))
        .collect();
    some(evenness::root_mean_square(&errors))
}

fn most(run: &FairnessFigures) -> Part {
    let errors = at_work(run).map(|share| share.error().abs());
    some(errors.max().map(as_calls))
}

/// Calls answered over calls due, of those to whom one or more was due.
fn of_due(run: &FairnessFigures) -> Vec<f64> {
    let due = at_work(run).filter(|share| share.is_due_a_call());
    due.map(|share| share.calls as f64 / as_calls(share.due))
        .collect()
}

fn occupancies(run: &RunFigures) -> Vec<f64> {
    let loads = run.agents.iter().map(AgentTally::load);
    loads
        .filter(|load| load.available_ms > 0)
        .map(|load| load.busy_ms as f64 / load.available_ms as f64)
        .collect()
}

fn join_flood(run: &FairnessFigures) -> Part {
    Part {
        over: run.joiners_calls as f64,
        under: as_calls(run.joiners_due),
    }
}

fn rest_gap(run: &FairnessFigures) -> Part {
    match run.rest_gaps {
        0 => Part::NOTHING,
        _ => seconds(run.rest_gap_p10_ms),
    }
}

/// Milliseconds of the waits that were held against what was expected, as seconds each.
fn promised(run: &FairnessFigures, ms: f64) -> Part {
    Part {
        over: ms / 1000.0,
        under: run.promises.waits as f64,
    }
}

fn wait_max(class: &ClassSums) -> Part {
    match class.tally.waits {
        0 => Part::NOTHING,
        _ => seconds(class.wait_max_ms),
    }
}

fn spread(group: &GroupFigures, of: fn(&Spread) -> f64) -> Part {
    Spread::of(&group.calls).map_or(Part::NOTHING, |spread| Part::value(of(&spread)))
}
