//! The yardstick for skills: five groups of 20 agents and five types of calls as a bare loop.
//!
//! A call of type i goes to the longest-idle agent of group i, else of group i + 1, else it waits; an
//! agent who becomes free takes the longest-waiting call of its own type or of the one before. Each
//! type comes at 19/300 calls a second, handling and patience are those of [`super::yardstick`].

use super::yardstick::HANDLING_S;
use super::yardstick::Outcome;
use super::yardstick::PATIENCE_S;
use super::yardstick::WITHIN_S;
use super::yardstick::exponential;
use super::yardstick::seeded;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::VecDeque;

/// Types of calls, and groups of agents.
const TYPES: usize = 5;
/// Agents of each group.
const AGENTS: usize = 20;
/// Calls of each type in a second.
const RATE: f64 = 19.0 / 300.0;

/// A moment, as the bits of a number that is not negative, and what happens.
type Event = (u64, Happens, u32);

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Happens {
    Arrival,
    TalkEnds,
    PatienceEnds,
}

#[derive(Clone, Copy, Default)]
struct Waiting {
    since: f64,
    handling: f64,
    kind: usize,
    there: bool,
}

/// Runs the loop until so many callers have come and all of them have gone.
pub(crate) fn skills(calls: u64, seed: u64) -> Outcome {
    let mut outcome = Outcome::default();
    let seeds = |part: u64| {
        std::array::from_fn::<_, TYPES, _>(|kind| seeded(seed * 1000 + part * 5 + kind as u64))
    };
    let (mut between, mut handling, mut patience) = (seeds(0), seeds(1), seeds(2));
    let mut idle: [VecDeque<u32>; TYPES] = std::array::from_fn(|group| {
        let agents = (0..AGENTS).map(|agent| (group * AGENTS + agent) as u32);
        agents.collect()
    });
    let mut line: [VecDeque<u32>; TYPES] = Default::default();
    let (mut room, mut free): (Vec<Waiting>, Vec<u32>) = Default::default();
    let mut events: BinaryHeap<Reverse<Event>> = BinaryHeap::new();
    let at = |events: &mut BinaryHeap<Reverse<Event>>, when: f64, what, subject| {
        events.push(Reverse((when.to_bits(), what, subject)));
    };
    for (kind, stream) in between.iter_mut().enumerate() {
        let first = exponential(stream, 1.0 / RATE);
        at(&mut events, first, Happens::Arrival, kind as u32);
    }
    while let Some(Reverse((moment, what, subject))) = events.pop() {
        let now = f64::from_bits(moment);
        outcome.events += 1;
        match what {
            Happens::Arrival if outcome.calls >= calls => {}
            Happens::Arrival => {
                let kind = subject as usize;
                outcome.calls += 1;
                let next = now + exponential(&mut between[kind], 1.0 / RATE);
                at(&mut events, next, Happens::Arrival, subject);
                let talk = exponential(&mut handling[kind], HANDLING_S);
                let willing = exponential(&mut patience[kind], PATIENCE_S);
                let other = (kind + 1) % TYPES;
                let agent = idle[kind].pop_front().or_else(|| idle[other].pop_front());
                if let Some(agent) = agent {
                    outcome.within_20s += 1;
                    at(&mut events, now + talk, Happens::TalkEnds, agent);
                    continue;
                }
                let place = free.pop().unwrap_or_else(|| {
                    room.push(Waiting::default());
                    room.len() as u32 - 1
                });
                room[place as usize] = Waiting {
                    since: now,
                    handling: talk,
                    kind,
                    there: true,
                };
                line[kind].push_back(place);
                at(&mut events, now + willing, Happens::PatienceEnds, place);
            }
            Happens::TalkEnds => {
                let group = subject as usize / AGENTS;
                let other = (group + TYPES - 1) % TYPES;
                let since = |kind: usize| {
                    let first = line[kind].front().map(|place| room[*place as usize].since);
                    first.unwrap_or(f64::INFINITY)
                };
                let kind = if since(group) <= since(other) {
                    group
                } else {
                    other
                };
                let Some(place) = line[kind].pop_front() else {
                    idle[group].push_back(subject);
                    continue;
                };
                let caller = &mut room[place as usize];
                caller.there = false;
                let wait = now - caller.since;
                outcome.wait_sum_s += wait;
                outcome.within_20s += u64::from(wait <= WITHIN_S);
                at(
                    &mut events,
                    now + caller.handling,
                    Happens::TalkEnds,
                    subject,
                );
            }
            Happens::PatienceEnds => {
                let caller = &mut room[subject as usize];
                if caller.there {
                    caller.there = false;
                    outcome.abandoned += 1;
                    outcome.wait_sum_s += now - caller.since;
                    let line = &mut line[caller.kind];
                    if let Some(place) = line.iter().position(|other| *other == subject) {
                        line.remove(place);
                    }
                }
                free.push(subject);
            }
        }
    }
    outcome
}
