//! What is said in the log again and again, and would fill it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;
use std::time::Instant;

/// From one time to the next.
const PAUSE: Duration = Duration::from_secs(60);
/// Systems that are remembered: more than menus name.
const SYSTEMS_MAX: usize = 1024;

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

/// The same for each of several systems, which share it.
#[derive(Clone, Debug, Default)]
pub(super) struct SeldomOfEach {
    systems: Arc<Mutex<BTreeMap<String, Seldom>>>,
}

impl SeldomOfEach {
    /// Whether something of this system is to be said now.
    pub(super) fn is_due(&self, system: &str, now: Instant) -> bool {
        let systems = self.systems.lock();
        let mut systems = systems.unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = systems.get_mut(system) {
            return known.is_due(now);
        }
        if systems.len() == SYSTEMS_MAX {
            systems.clear();
        }
        systems.entry(system.to_owned()).or_default().is_due(now)
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

    #[test]
    fn what_is_said_of_one_system_keeps_nothing_of_another_back() {
        let (now, seldom) = (Instant::now(), SeldomOfEach::default());
        let said = ["a", "b", "a"].map(|system| seldom.is_due(system, now));
        assert_eq!(said, [true, true, false]);
    }
}
