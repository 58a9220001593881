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
    /// What was last said of it.
    pub fn is_overloaded(&self) -> bool {
        self.overloaded
    }

    /// Notes the wait of something that came then and is taken out now. Whether everything waits
    /// too long: then what [`is_late`] is to be shed.
    pub fn overloaded(&mut self, came: Instant, now: Instant) -> bool {
        let waited = now.saturating_duration_since(came);
        match self.until {
            Some(until) if now < until => self.shortest = self.shortest.min(waited),
            until => {
                let just = until.is_some_and(|until| now < until + INTERVAL);
                self.overloaded = just && self.shortest > TARGET;
                (self.shortest, self.until) = (waited, Some(now + INTERVAL));
            }
        }
        self.overloaded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_let_through_and_a_standing_queue_is_not() {
        let (mut codel, start) = (Codel::default(), Instant::now());
        let at = |ms: u64| start + Duration::from_millis(ms);
        // A burst: long waits, but not for a whole interval.
        assert!(!codel.overloaded(at(0), at(50)));
        assert!(!codel.overloaded(at(98), at(99)));
        assert!(!codel.overloaded(at(100), at(160)));
        // A standing queue: everything waits 40 ms at least for an interval, from 160 to 260.
        for ms in (160..220).step_by(10) {
            assert!(!codel.overloaded(at(ms), at(ms + 40)), "{ms}");
        }
        assert!(codel.overloaded(at(220), at(260)));
        // Something comes through in time: it is over with the interval.
        assert!(codel.overloaded(at(306), at(309)));
        assert!(!codel.overloaded(at(320), at(365)));
    }

    #[test]
    fn a_wait_of_long_ago_says_nothing() {
        let (mut codel, start) = (Codel::default(), Instant::now());
        let at = |ms: u64| start + Duration::from_millis(ms);
        assert!(!codel.overloaded(at(0), at(50)));
        assert!(!codel.overloaded(at(300), at(350)));
        assert!(codel.overloaded(at(410), at(460)));
    }
}
