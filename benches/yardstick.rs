//! The yardstick: Erlang A as a bare loop, with nothing in it but the model.
//!
//! 100 agents, exponential handling of 300 s, patience of 120 s, first come, first served. Events
//! lie in a four-ary heap; arrivals are kept out of it. This is the speed limit that the simulator,
//! with its menus, records and fair shares, is compared with. It takes as long as the same loop
//! written with pointers: a slower one would flatter the simulator.

use std::collections::VecDeque;

const AGENTS: u32 = 100;
/// Mean time between arrivals, in seconds: 95 Erlangs.
pub(crate) const BETWEEN_S: f64 = 300.0 / 95.0;
/// Mean handling time, in seconds.
pub(crate) const HANDLING_S: f64 = 300.0;
/// Mean patience, in seconds.
pub(crate) const PATIENCE_S: f64 = 120.0;
pub(crate) const WITHIN_S: f64 = 20.0;

/// Where the lengths of time come from, in seconds.
pub(crate) trait Draws {
    /// To the next arrival.
    fn between(&mut self) -> f64;
    /// Handling and patience of the caller with this number.
    fn caller(&mut self, number: u64) -> (f64, f64);
}

/// What came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Outcome {
    pub(crate) calls: u64,
    /// Arrivals, talks that ended, and patience that did, whether still in the queue or not.
    pub(crate) events: u64,
    pub(crate) abandoned: u64,
    pub(crate) within_20s: u64,
    pub(crate) wait_sum_s: f64,
}

impl Outcome {
    /// Mean wait of all calls, in seconds.
    pub(crate) fn wait_mean_s(&self) -> f64 {
        self.wait_sum_s / self.calls as f64
    }
}

/// A caller in the queue.
#[derive(Clone, Copy, Default)]
struct Waiting {
    since: f64,
    handling: f64,
    there: bool,
}

/// Callers in the queue, and events to come, at one time; a power of two, so that a mask stands in
/// for the check of every index.
const ROOM: usize = 4096;

/// Runs the loop until so many callers have come and all of them have gone.
pub(crate) fn erlang_a(calls: u64, draws: &mut impl Draws) -> Outcome {
    let mut outcome = Outcome::default();
    let mut idle: VecDeque<u32> = (0..AGENTS).collect();
    let mut events = Heap::new();
    let mut room = Box::new([Waiting::default(); ROOM]);
    let (mut head, mut tail) = (0u32, 0u32);
    let at = |number: u32| number as usize % ROOM;
    let mut arrival = draws.between();
    loop {
        if arrival <= events.first().at() {
            if arrival == f64::INFINITY {
                return outcome;
            }
            let now = arrival;
            outcome.events += 1;
            let (handling, patience) = draws.caller(outcome.calls);
            outcome.calls += 1;
            if let Some(agent) = idle.pop_front() {
                outcome.within_20s += 1;
                events.push(Event::new(now + handling, agent, TALK_ENDS));
            } else {
                room[at(tail)] = Waiting {
                    since: now,
                    handling,
                    there: true,
                };
                events.push(Event::new(now + patience, tail, PATIENCE_ENDS));
                tail = tail.wrapping_add(1);
            }
            arrival = if outcome.calls < calls {
                now + draws.between()
            } else {
                f64::INFINITY
            };
            continue;
        }
        let event = events.pop();
        let now = event.at();
        outcome.events += 1;
        if event.kind() == TALK_ENDS {
            while head != tail && !room[at(head)].there {
                head = head.wrapping_add(1);
            }
            if head == tail {
                idle.push_back(event.subject());
                continue;
            }
            let caller = &mut room[at(head)];
            caller.there = false;
            head = head.wrapping_add(1);
            let wait = now - caller.since;
            outcome.wait_sum_s += wait;
            outcome.within_20s += u64::from(wait <= WITHIN_S);
            events.push(Event::new(
                now + caller.handling,
                event.subject(),
                TALK_ENDS,
            ));
        } else if event.subject().wrapping_sub(head) < tail.wrapping_sub(head) {
            let caller = &mut room[at(event.subject())];
            if caller.there {
                caller.there = false;
                outcome.abandoned += 1;
                outcome.wait_sum_s += now - caller.since;
            }
        }
    }
}

const TALK_ENDS: u32 = 1;
const PATIENCE_ENDS: u32 = 2;

/// A moment (the bits of a positive number order like the number) and what happens then.
#[derive(Clone, Copy)]
struct Event(u64, u64);

impl Event {
    /// Later than everything.
    const NEVER: Self = Self(f64::INFINITY.to_bits(), 0);

    fn new(at: f64, subject: u32, kind: u32) -> Self {
        Self(at.to_bits(), (u64::from(kind) << 32) | u64::from(subject))
    }

    fn at(self) -> f64 {
        f64::from_bits(self.0)
    }

    fn kind(self) -> u32 {
        (self.1 >> 32) as u32
    }

    fn subject(self) -> u32 {
        self.1 as u32
    }
}

/// A heap in which every entry has four below it.
struct Heap {
    entries: Box<[Event; ROOM]>,
    len: usize,
}

impl Heap {
    fn new() -> Self {
        Self {
            entries: Box::new([Event::NEVER; ROOM]),
            len: 0,
        }
    }

    /// The earliest event; [`Event::NEVER`] when there is none.
    fn first(&self) -> Event {
        self.entries[0]
    }

    fn push(&mut self, event: Event) {
        assert!(self.len < ROOM, "more events than there is room for");
        let mut place = self.len;
        self.len += 1;
        while place > 0 {
            let above = (place - 1) / 4;
            let parent = self.entries[above % ROOM];
            if parent.0 <= event.0 {
                break;
            }
            self.entries[place % ROOM] = parent;
            place = above;
        }
        self.entries[place % ROOM] = event;
    }

    /// Takes the earliest event; there has to be one.
    fn pop(&mut self) -> Event {
        let first = self.first();
        self.len -= 1;
        let len = self.len;
        let last = std::mem::replace(&mut self.entries[len % ROOM], Event::NEVER);
        let mut place = 0;
        loop {
            let below = 4 * place + 1;
            if below >= len {
                break;
            }
            let mut least = below;
            for other in below + 1..(below + 4).min(len) {
                if self.entries[other % ROOM].0 < self.entries[least % ROOM].0 {
                    least = other;
                }
            }
            if self.entries[least % ROOM].0 >= last.0 {
                break;
            }
            self.entries[place % ROOM] = self.entries[least % ROOM];
            place = least;
        }
        if len > 0 {
            self.entries[place % ROOM] = last;
        }
        first
    }
}

/// Three generators of its own, xoshiro256++ (Blackman and Vigna, 2019) seeded by SplitMix64, and
/// the platform's logarithm: as fast as it gets, at the price of results that differ by platform.
pub(crate) struct Bare {
    streams: [[u64; 4]; 3],
}

impl Bare {
    /// Streams from a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            streams: [seed, seed ^ 0xA5A5, seed ^ 0x005A_5A5A].map(seeded),
        }
    }
}

impl Draws for Bare {
    fn between(&mut self) -> f64 {
        exponential(&mut self.streams[0], BETWEEN_S)
    }

    fn caller(&mut self, _: u64) -> (f64, f64) {
        let handling = exponential(&mut self.streams[1], HANDLING_S);
        (handling, exponential(&mut self.streams[2], PATIENCE_S))
    }
}

pub(crate) fn seeded(mut state: u64) -> [u64; 4] {
    std::array::from_fn(|_| {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let word = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        word ^ (word >> 31)
    })
}

pub(crate) fn exponential(s: &mut [u64; 4], mean: f64) -> f64 {
    let word = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
    let shifted = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = s[3].rotate_left(45);
    let unit = ((word >> 11) as f64 + 0.5) * (1.0 / (1u64 << 53) as f64);
    -mean * unit.ln()
}
