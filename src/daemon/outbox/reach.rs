//! Which systems take what they are told: the log has a line when one does not any more and one when it does
//! again, whatever waits for it.

use crate::daemon::seldom::Seldom;
use std::collections::BTreeMap;
use std::time::Instant;

/// Addresses that are remembered: more than menus name.
const ADDRESSES_MAX: usize = 1024;

/// How systems were reached last, by address.
#[derive(Debug, Default)]
pub(super) struct Reach {
    systems: BTreeMap<String, System>,
}

/// One system.
#[derive(Debug, Default)]
struct System {
    /// It was said that it takes nothing.
    is_down: bool,
    failed: Seldom,
    given_up: Seldom,
}

impl Reach {
    /// Something was not taken; what to say of it. `last`: it is given up.
    pub(super) fn failed(
        &mut self,
        address: &str,
        (why, last): (&str, bool),
        now: Instant,
    ) -> Option<String> {
        let system = self.system(address)?;
        if last {
            let said = format!("what waits for {address} longest is given up ({why})");
            return system.given_up.is_due(now).then_some(said);
        }
        // One that takes some and others not would fill the log, too.
        if system.is_down || !system.failed.is_due(now) {
            return None;
        }
        system.is_down = true;
        Some(format!(
            "{address} does not take what it is told ({why}): all is tried again for three days"
        ))
    }

    /// Something was taken; what to say of it.
    pub(super) fn taken(&mut self, address: &str) -> Option<String> {
        let system = self.systems.get_mut(address)?;
        std::mem::take(&mut system.is_down)
            .then(|| format!("{address} takes what it is told again"))
    }

    fn system(&mut self, address: &str) -> Option<&mut System> {
        if !self.systems.contains_key(address) {
            if self.systems.len() == ADDRESSES_MAX {
                self.systems.retain(|_, system| system.is_down);
            }
            if self.systems.len() < ADDRESSES_MAX {
                self.systems.insert(address.to_owned(), System::default());
            }
        }
        self.systems.get_mut(address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const OFFICE: &str = "https://office.example";

    #[test]
    fn one_line_when_it_is_down_and_one_when_it_is_back() {
        let (mut reach, now) = (Reach::default(), Instant::now());
        let refused = ("connection refused", false);
        assert_eq!(reach.taken(OFFICE), None);
        let down = "https://office.example does not take what it is told (connection refused): all is \
                    tried again for three days";
        assert_eq!(reach.failed(OFFICE, refused, now).as_deref(), Some(down));
        for seconds in [0, 1, 100] {
            let later = now + Duration::from_secs(seconds);
            assert_eq!(reach.failed(OFFICE, refused, later), None);
        }
        assert!(
            reach
                .failed("https://other.example", refused, now)
                .is_some()
        );
        let back = "https://office.example takes what it is told again";
        assert_eq!(reach.taken(OFFICE).as_deref(), Some(back));
        assert_eq!(reach.taken(OFFICE), None);
    }

    #[test]
    fn one_that_takes_some_and_others_not_is_told_once_a_minute() {
        let (mut reach, now) = (Reach::default(), Instant::now());
        let lines = (0..120).map(|second| {
            let later = now + Duration::from_secs(second);
            let failed = reach.failed(OFFICE, ("the answer is 422", false), later);
            usize::from(failed.is_some()) + usize::from(reach.taken(OFFICE).is_some())
        });
        assert_eq!(lines.sum::<usize>(), 4);
    }

    #[test]
    fn what_is_given_up_is_told_once_a_minute() {
        let (mut reach, now) = (Reach::default(), Instant::now());
        let last = ("the answer is 503", true);
        let said = reach.failed(OFFICE, last, now).expect("the first");
        assert_eq!(
            said,
            "what waits for https://office.example longest is given up (the answer is 503)"
        );
        assert_eq!(reach.failed(OFFICE, last, now), None);
    }
}
