//! Controlled delay: once everything waits too long, what has waited too long is shed.
//!
//! After Nichols and Jacobson, "Controlling queue delay", ACM Queue 2012, in the form for servers of
//! Maurer, "Fail at scale", ACM Queue 2015: overloaded when even the shortest wait of an interval
//! was above the target; then whatever waited more than twice the target may be shed.

use std::time::Duration;
use std::time::Instant;

/// The wait that is always acceptable.
pub const TARGET: Duration = Duration::from_millis(5);
/// Over how long the shortest wait is taken.
pub const INTERVAL: Duration = Duration::from_millis(100);

/// Whether whatever has waited this long is shed, if anything is.
pub fn is_late(waited: Duration) -> bool {
    waited > 2 * TARGET
}

/// Watches the waits of one mailbox.
#[derive(Debug)]
pub struct Codel {
    shortest: Duration,
    until: Option<Instant>,
    overloaded: bool,
}

impl Default for Codel {
    fn default() -> Self {
        Self {
            shortest: Duration::MAX,
            until: None,
            overloaded: false,
        }
    }
}

impl Codel {
    /// Whether everything waits too long: then what [`is_late`] is to be shed.
    pub fn is_overloaded(&self, now: Instant) -> bool {
        self.overloaded && self.is_recent(now)
    }

    /// Notes the wait of something that came then and is taken out now.
    pub fn note(&mut self, came: Instant, now: Instant) {
        let waited = now.saturating_duration_since(came);
        match self.until {
            Some(until) if now < until => self.shortest = self.shortest.min(waited),
            _ => {
                self.overloaded = self.is_recent(now) && self.shortest > TARGET;
                (self.shortest, self.until) = (waited, Some(now + INTERVAL));
            }
        }
    }

    /// Whether what is known is not older than an interval: longer ago says nothing.
    fn is_recent(&self, now: Instant) -> bool {
        self.until.is_some_and(|until| now < until + INTERVAL)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether there is overload after each of these: when it came, when it was taken out, in
    /// milliseconds.
    fn overloads(waits: &[(u64, u64)]) -> Vec<bool> {
        let (mut codel, start) = (Codel::default(), Instant::now());
        let at = |ms: u64| start + Duration::from_millis(ms);
        let after = waits.iter().map(|(came, taken)| {
            codel.note(at(*came), at(*taken));
            codel.is_overloaded(at(*taken))
        });
        after.collect()
    }

    #[test]
    fn a_burst_is_let_through_and_a_standing_queue_is_not() {
        // Long waits, but not for a whole interval.
        let burst = [(0, 50), (98, 99), (100, 160)];
        // Everything waits 40 ms at least for an interval, from 160 to 260.
        let standing = (160..220).step_by(10).map(|ms| (ms, ms + 40));
        // Something comes through in time: it is over with the interval.
        let end = [(220, 260), (306, 309), (320, 365)];
        let waits: Vec<_> = burst.into_iter().chain(standing).chain(end).collect();
        let told = overloads(&waits);
        assert_eq!(told[..9], [false; 9]);
        assert_eq!(told[9..], [true, true, false]);
    }

    #[test]
    fn a_wait_of_long_ago_says_nothing() {
        assert_eq!(
            overloads(&[(0, 50), (300, 350), (410, 460)]),
            [false, false, true]
        );
        let mut codel = Codel::default();
        let start = Instant::now();
        for ms in [0, 110] {
            codel.note(start, start + Duration::from_millis(ms + 50));
        }
        assert!(codel.is_overloaded(start + Duration::from_millis(200)));
        assert!(!codel.is_overloaded(start + Duration::from_millis(400)));
    }
}
