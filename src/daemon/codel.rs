//! Controlled delay: sheds what has waited too long once everything waits too long.
//!
//! After Nichols and Jacobson, "Controlling queue delay", ACM Queue 2012, in the form for servers of
//! Maurer, "Fail at scale", ACM Queue 2015: overloaded when even the shortest wait of an interval
//! was above the target; then whatever waited more than twice the target is shed.

use std::time::Duration;
use std::time::Instant;

/// The wait that is always acceptable.
pub const TARGET: Duration = Duration::from_millis(5);
/// Over how long the shortest wait is taken.
pub const INTERVAL: Duration = Duration::from_millis(100);

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
    /// Whether something that came then, and is taken out now, is to be shed.
    pub fn sheds(&mut self, came: Instant, now: Instant) -> bool {
        let waited = now.saturating_duration_since(came);
        match self.until {
            Some(until) if now < until => self.shortest = self.shortest.min(waited),
            _ => {
                self.overloaded = self.until.is_some() && self.shortest > TARGET;
                (self.shortest, self.until) = (waited, Some(now + INTERVAL));
            }
        }
        self.overloaded && waited > 2 * TARGET
    }

    /// Nothing waits any more.
    pub fn is_empty_now(&mut self) {
        self.shortest = Duration::ZERO;
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
        assert!(!codel.sheds(at(0), at(50)));
        assert!(!codel.sheds(at(98), at(99)));
        assert!(!codel.sheds(at(100), at(160)));
        // A standing queue: everything waits 40 ms at least for an interval, from 160 to 260.
        for ms in (160..220).step_by(10) {
            assert!(!codel.sheds(at(ms), at(ms + 40)), "{ms}");
        }
        assert!(codel.sheds(at(220), at(260)));
        // What has not waited long is taken even then.
        assert!(!codel.sheds(at(306), at(311)));
        // Drained, it is over.
        codel.is_empty_now();
        assert!(codel.sheds(at(300), at(320)));
        assert!(!codel.sheds(at(400), at(440)));
    }
}
