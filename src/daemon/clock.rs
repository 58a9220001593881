//! Time, anchored to the wall clock and never going backwards.

use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use std::fmt;
use std::time::Duration;
use std::time::Instant;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

/// A step of the wall clock is followed at this share of the time that passes, in percent: a clock
/// set right by a second is caught up with in ten.
const SLEW_PERCENT: i64 = 10;
/// A wall clock that is further away was set.
pub const LEAP: Span = Span::minutes(5);
/// Time that may have passed between two runs: 31 days. A wall clock that is further ahead was wrong before,
/// or is now.
pub const OUTAGE_MAX: Span = Span::minutes(31 * 24 * 60);
/// The latest time that a wall clock may show: three centuries after 1970.
const WALL_US_MAX: i64 = 300 * 366 * 24 * 3_600_000_000;

/// A wall clock was set, by so many milliseconds. No time has passed; but dates and opening hours are others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leap {
    ahead_ms: i64,
}

impl Leap {
    /// Of a wall clock that is so many milliseconds ahead of a daemon that runs; none if time follows it by
    /// and by.
    pub fn of(ahead_ms: i64) -> Option<Self> {
        (ahead_ms.unsigned_abs() > LEAP.0).then_some(Self { ahead_ms })
    }

    /// Of a wall clock that is so many milliseconds ahead of what the last run has seen; none if as long may
    /// have passed since.
    pub fn between_runs(ahead_ms: i64) -> Option<Self> {
        Self::of(ahead_ms).filter(|_| ahead_ms < 0 || ahead_ms as u64 > OUTAGE_MAX.0)
    }

    /// By how many milliseconds: ahead if more than 0.
    pub fn ahead_ms(self) -> i64 {
        self.ahead_ms
    }
}

impl fmt::Display for Leap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the clock is {} {} what it was: dates and opening hours go by it from now on",
            length(self.ahead_ms.unsigned_abs()),
            if self.ahead_ms < 0 {
                "behind"
            } else {
                "ahead of"
            }
        )
    }
}

/// In the largest unit that says enough.
fn length(ms: u64) -> String {
    let minutes = (ms + 30_000) / 60_000;
    match minutes {
        0..120 => format!("{minutes} minutes"),
        120..2880 => format!("{} hours", minutes / 60),
        _ => format!("{} days", minutes / 1440),
    }
}

/// Ticks for the owner: whole milliseconds from the journal's origin.
#[derive(Debug)]
pub struct Clock {
    origin_ms: i64,
    /// The tick in microseconds, and the moment at which it was true.
    now_us: i64,
    read: Instant,
    /// How far the wall clock was ahead then.
    ahead_us: i64,
}

impl Clock {
    /// A clock that goes on after `last`, the last tick in the journal.
    pub fn after(last: Tick, origin_ms: i64) -> Self {
        Self::at(last, origin_ms, wall_us(), Instant::now())
    }

    fn at(last: Tick, origin_ms: i64, wall_us: i64, read: Instant) -> Self {
        let wall = wall_us - origin_ms * 1000;
        let now_us = wall.max(last.0 as i64 * 1000);
        Self {
            origin_ms,
            now_us,
            read,
            ahead_us: wall - now_us,
        }
    }

    /// The tick now.
    pub fn now(&mut self) -> Tick {
        self.tick(wall_us(), Instant::now())
    }

    /// What is to be done about the wall clock as it was at the last look, if anything.
    pub fn leap(&self) -> Option<Leap> {
        Leap::of(self.ahead_us / 1000)
    }

    /// When a tick comes, for sleeping.
    pub fn instant(&self, tick: Tick) -> Instant {
        let ahead_us = (tick.0 as i64 * 1000 - self.now_us).max(0);
        self.read + Duration::from_micros(ahead_us as u64)
    }

    fn tick(&mut self, wall_us: i64, read: Instant) -> Tick {
        let passed = read.saturating_duration_since(self.read).as_micros() as i64;
        let wall = wall_us - self.origin_ms * 1000;
        self.now_us += passed;
        let ahead = wall - self.now_us;
        if Leap::of(ahead / 1000).is_none() {
            let slew = passed * SLEW_PERCENT / 100;
            self.now_us += ahead.clamp(-slew, slew);
        }
        (self.read, self.ahead_us) = (read, wall - self.now_us);
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
        .map_or(0, |since| since.as_micros().min(WALL_US_MAX as u128) as i64)
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
    fn a_clock_that_is_far_away_is_not_followed_by_and_by() {
        let start = Instant::now();
        for (wall_s, ahead_ms) in [
            (301, None),
            (302, Some(301_000)),
            (-299, None),
            (-300, Some(-301_000)),
            (2_678_402, Some(2_678_401_000)),
        ] {
            let leap = ahead_ms.map(|ahead_ms| Leap { ahead_ms });
            let mut clock = Clock::at(Tick(0), 0, 0, start);
            assert_eq!(clock.leap(), None);
            let now = clock.tick(wall_s * SECOND_US, start + Duration::from_secs(1));
            assert_eq!(clock.leap(), leap, "{wall_s} s");
            assert_eq!(now == Tick(1000), leap.is_some());
        }
    }

    #[test]
    fn a_month_may_pass_between_two_runs() {
        let month_ms = OUTAGE_MAX.0 as i64;
        for (ahead_ms, is_leap) in [
            (month_ms, false),
            (month_ms + 1, true),
            (-300_000, false),
            (-300_001, true),
        ] {
            let leap = Leap::between_runs(ahead_ms);
            assert_eq!(leap.is_some(), is_leap, "{ahead_ms} ms");
        }
    }

    #[test]
    fn after_a_restart_time_goes_on_even_if_the_clock_was_set_back() {
        let clock = Clock::at(Tick(5000), 0, SECOND_US, Instant::now());
        assert_eq!(clock.now_us, 5 * SECOND_US);
    }
}
