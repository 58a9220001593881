//! Time, anchored to the wall clock and never going backwards.

use crate::exchange::time::Tick;
use std::time::Duration;
use std::time::Instant;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

/// A step of the wall clock is followed at this share of the time that passes, in percent: a clock
/// set right by a second is caught up with in ten.
const SLEW_PERCENT: i64 = 10;

/// Ticks for the owner: whole milliseconds from the journal's origin.
#[derive(Debug)]
pub struct Clock {
    origin_ms: i64,
    /// The tick in microseconds, and the moment at which it was true.
    now_us: i64,
    read: Instant,
}

impl Clock {
    /// A clock that goes on after `last`, the last tick in the journal.
    pub fn after(last: Tick, origin_ms: i64) -> Self {
        Self::at(last, origin_ms, wall_us(), Instant::now())
    }

    fn at(last: Tick, origin_ms: i64, wall_us: i64, read: Instant) -> Self {
        let wall = wall_us - origin_ms * 1000;
        Self {
            origin_ms,
            now_us: wall.max(last.0 as i64 * 1000),
            read,
        }
    }

    /// The tick now.
    pub fn now(&mut self) -> Tick {
        self.tick(wall_us(), Instant::now())
    }

    /// When a tick comes, for sleeping.
    pub fn instant(&self, tick: Tick) -> Instant {
        let ahead_us = (tick.0 as i64 * 1000 - self.now_us).max(0);
        self.read + Duration::from_micros(ahead_us as u64)
    }

    fn tick(&mut self, wall_us: i64, read: Instant) -> Tick {
        let passed = read.saturating_duration_since(self.read).as_micros() as i64;
        let wall = wall_us - self.origin_ms * 1000;
        let slew = passed * SLEW_PERCENT / 100;
        let drift = (wall - (self.now_us + passed)).clamp(-slew, slew);
        self.now_us += passed + drift;
        self.read = read;
        Tick((self.now_us / 1000) as u64)
    }
}

/// The wall clock, as Unix time in milliseconds.
pub fn wall_ms() -> i64 {
    wall_us() / 1000
}

fn wall_us() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_micros() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND_US: i64 = 1_000_000;

    #[test]
    fn a_clock_set_back_makes_time_slower_never_negative() {
        let start = Instant::now();
        let mut clock = Clock::at(Tick(0), 0, 100 * SECOND_US, start);
        let mut last = Tick(0);
        // Set back by half a minute, it is caught up with at a tenth of the pace.
        for second in 1..=400 {
            let now = clock.tick(
                (70 + second) * SECOND_US,
                start + Duration::from_secs(second as u64),
            );
            assert!(now > last);
            last = now;
        }
        assert_eq!(last, Tick(470_000));
    }

    #[test]
    fn a_clock_set_forward_is_followed_without_a_leap() {
        let start = Instant::now();
        let mut clock = Clock::at(Tick(0), 0, 0, start);
        let now = clock.tick(61 * SECOND_US, start + Duration::from_secs(1));
        assert_eq!(now, Tick(1100));
    }

    #[test]
    fn after_a_restart_time_goes_on_even_if_the_clock_was_set_back() {
        let clock = Clock::at(Tick(5000), 0, SECOND_US, Instant::now());
        assert_eq!(clock.now_us, 5 * SECOND_US);
    }
}
