//! How every metric is made of sums: a numerator and a denominator for each run.

use super::confidence::Part;
use super::fairness::Spread;
use super::run::GroupFigures;
use super::run::QueueSums;
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
    ("blocked", |at| count(at.calls.blocked)),
    ("self_served", |at| count(at.calls.self_served_confirmed + at.calls.self_served_probable)),
    ("self_served_confirmed", |at| count(at.calls.self_served_confirmed)),
    ("self_served_probable", |at| count(at.calls.self_served_probable)),
    ("contained", |at| count(at.calls.contained)),
    ("left_in_menu", |at| count(at.calls.left_in_menu)),
    ("message", |at| count(at.calls.message)),
    ("callback", |_| count(0)), // booked by a later issue; the name is kept for it
    ("transferred_out", |at| count(at.calls.transferred_out)),
    ("turned_away", |at| count(at.calls.turned_away)),
    ("answered", |at| count(at.calls.answered)),
    ("abandoned", |at| count(at.calls.abandoned)),
    ("ended_by_system", |at| count(at.calls.ended_by_system)),
    ("in_progress", |at| count(at.calls.in_progress)),
    ("queued", |at| count(at.calls.queued)),
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
    ("talk_s", |at| seconds(at.in_state_ms(AgentState::Talking))),
    ("wrap_up_s", |at| seconds(at.in_state_ms(AgentState::WrapUp))),
    ("idle_s", |at| seconds(at.in_state_ms(AgentState::Idle) + at.in_state_ms(AgentState::Resting))),
    ("break_s", |at| seconds(at.in_state_ms(AgentState::Paused))),
    ("not_ready_s", |at| seconds(at.in_state_ms(AgentState::NotReady))),
    ("missed", |at| count(at.missed)),
    ("declined", |at| count(at.declined)),
    ("occupancy", |at| occupancy(&at.load())),
];

fn count(count: u64) -> Part {
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

fn spread(group: &GroupFigures, of: fn(&Spread) -> f64) -> Part {
    Spread::of(&group.calls).map_or(Part::NOTHING, |spread| Part::value(of(&spread)))
}
