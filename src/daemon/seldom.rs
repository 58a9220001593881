//! What is said in the log again and again, and would fill it.

use std::time::Duration;
use std::time::Instant;

/// From one time to the next.
const PAUSE: Duration = Duration::from_secs(60);

/// Something that is said once a minute at most.
#[derive(Debug, Default)]
pub(super) struct Seldom {
    said: Option<Instant>,
}

impl Seldom {
    /// Whether it is to be said now.
    pub(super) fn is_due(&mut self, now: Instant) -> bool {
        let is_due = self.said.is_none_or(|said| now - said >= PAUSE);
        if is_due {
            self.said = Some(now);
        }
        is_due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_said_at_once_and_then_once_a_minute() {
        let (start, mut seldom) = (Instant::now(), Seldom::default());
        let due = |seconds| start + Duration::from_secs(seconds);
        let said = [0, 1, 59, 60, 61, 120].map(|seconds| seldom.is_due(due(seconds)));
        assert_eq!(said, [true, false, false, true, false, true]);
    }
}
