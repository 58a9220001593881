//! The timer wheel against the standard binary heap: the same entries, taken in the same order.
//!
//! Every entry that fires is followed by another one, so the number of pending entries stays. A
//! heap cannot take an entry out of its middle: it keeps what was cancelled until its time has come,
//! as every program with deadlines in a heap does.

#[expect(dead_code, reason = "shared: this bench prints columns of its own")]
mod pair;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use strowger::exchange::time::Span;
use strowger::exchange::time::Tick;
use strowger::exchange::wheel::Wheel;
use strowger::sim::distribution::Distribution;
use strowger::sim::stream::Purpose;
use strowger::sim::stream::Streams;

/// From scheduling to firing, on average.
const AHEAD: Span = Span::seconds(8);

/// Entries in the order of their times, of equal times in the order in which they were added.
trait Calendar {
    /// Adds an entry.
    fn push(&mut self, at: u64, name: u64);
    /// Takes the earliest entry.
    fn pop(&mut self) -> (u64, u64);
}

/// One that also lets go of entries.
trait Cancels: Calendar {
    /// Adds an entry and takes it out again.
    fn push_and_cancel(&mut self, at: u64, name: u64);
}

impl Calendar for Wheel<u64> {
    fn push(&mut self, at: u64, name: u64) {
        self.schedule(Tick(at), name);
    }

    fn pop(&mut self) -> (u64, u64) {
        let (at, name) = Self::pop(self).expect("entries are pending");
        (at.0, name)
    }
}

impl Cancels for Wheel<u64> {
    fn push_and_cancel(&mut self, at: u64, name: u64) {
        let timer = self.schedule(Tick(at), name);
        self.cancel(timer);
    }
}

type Heap = BinaryHeap<Reverse<(u64, u64)>>;

impl Calendar for Heap {
    fn push(&mut self, at: u64, name: u64) {
        Self::push(self, Reverse((at, name)));
    }

    fn pop(&mut self) -> (u64, u64) {
        let Reverse(entry) = Self::pop(self).expect("entries are pending");
        entry
    }
}

/// A heap that passes over what was cancelled.
#[derive(Default)]
struct LazyHeap {
    entries: Heap,
    /// By name.
    cancelled: Vec<bool>,
}

impl Calendar for LazyHeap {
    fn push(&mut self, at: u64, name: u64) {
        self.entries.push(Reverse((at, name)));
        self.cancelled.push(false);
    }

    fn pop(&mut self) -> (u64, u64) {
        loop {
            let entry = Calendar::pop(&mut self.entries);
            if !self.cancelled[entry.1 as usize] {
                return entry;
            }
        }
    }
}

impl Cancels for LazyHeap {
    fn push_and_cancel(&mut self, at: u64, name: u64) {
        self.entries.push(Reverse((at, name)));
        self.cancelled.push(true);
    }
}

/// A calendar at work.
struct Work<'a, C> {
    calendar: C,
    aheads: &'a [u64],
    names: u64,
    /// Stands for the order in which entries came out.
    order: u64,
}

impl<'a, C: Calendar> Work<'a, C> {
    fn new(calendar: C, aheads: &'a [u64], pending: u64) -> Self {
        let mut work = Self {
            calendar,
            aheads,
            names: 0,
            order: 0,
        };
        for _ in 0..pending {
            let at = work.next_ahead();
            work.calendar.push(at, work.names);
            work.names += 1;
        }
        work
    }

    fn next_ahead(&self) -> u64 {
        self.aheads[self.names as usize % self.aheads.len()]
    }

    /// Fires so many entries, each followed by another one.
    fn fire(&mut self, times: u64) -> u64 {
        for _ in 0..times {
            self.fire_one();
        }
        times
    }

    fn fire_one(&mut self) -> u64 {
        let (now, name) = self.calendar.pop();
        self.order = (self.order.rotate_left(7) ^ now).wrapping_add(name);
        let at = now + self.next_ahead();
        self.calendar.push(at, self.names);
        self.names += 1;
        now
    }
}

impl<C: Cancels> Work<'_, C> {
    /// The same, and each time an entry is added and cancelled as well.
    fn fire_and_cancel(&mut self, times: u64) -> u64 {
        for _ in 0..times {
            let now = self.fire_one();
            let at = now + self.next_ahead();
            self.calendar.push_and_cancel(at, self.names);
            self.names += 1;
        }
        times
    }
}

fn main() {
    let aheads = aheads();
    println!(
        "{:<44} {:>10} {:>10} {:>10}",
        "one fires, one is added", "wheel, ns", "heap, ns", "heap/wheel"
    );
    for pending in sizes() {
        let mut wheel = Work::new(Wheel::new(), &aheads, pending);
        let mut heap = Work::new(Heap::new(), &aheads, pending);
        let times = pair::size(pending.max(200_000), 2000);
        // Until the times of the pending entries look as they will ever after.
        wheel.fire(pending);
        heap.fire(pending);
        let measured = pair::measure(|| wheel.fire(times), || heap.fire(times));
        assert_eq!(wheel.order, heap.order, "entries came out in another order");
        print(pending, measured);
    }
    println!("one fires, one is added, one is added and cancelled");
    for pending in sizes() {
        let mut wheel = Work::new(Wheel::new(), &aheads, pending);
        let mut heap = Work::new(LazyHeap::default(), &aheads, pending);
        let times = pair::size(pending.max(200_000), 2000);
        wheel.fire_and_cancel(pending);
        heap.fire_and_cancel(pending);
        let measured = pair::measure(
            || wheel.fire_and_cancel(times),
            || heap.fire_and_cancel(times),
        );
        assert_eq!(wheel.order, heap.order, "entries came out in another order");
        print(pending, measured);
    }
}

fn print(pending: u64, measured: pair::Pair) {
    println!(
        "{pending:>34} pending  {:>10.1} {:>10.1} {:>10.2}",
        measured.first * 1e9,
        measured.second * 1e9,
        measured.ratio
    );
}

fn sizes() -> Vec<u64> {
    match pair::rounds() == 1 {
        true => vec![1000],
        false => vec![1000, 10_000, 100_000, 1_000_000],
    }
}

/// Times from scheduling to firing, in milliseconds; a prime number of them, so that they do not
/// fall into step with anything.
fn aheads() -> Vec<u64> {
    let mut stream = Streams::new(1, 0).stream(Purpose::Arrivals, 0);
    let ahead = Distribution::exponential(AHEAD);
    (0..65_521).map(|_| ahead.sample(stream.unit()).0).collect()
}
