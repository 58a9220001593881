//! What the log says of bridges that come: two programs with the same name, which take it from each other without
//! end, do not fill it.

use crate::daemon::seldom::SeldomOfEach;
use std::time::Instant;

/// Bridges that came.
#[derive(Debug, Default)]
pub(super) struct Comings {
    replaced: SeldomOfEach,
}

impl Comings {
    /// What to say of a bridge that is there, with so many calls, if anything. `replaces`: another connection has
    /// spoken for it until now.
    pub(super) fn tell(
        &self,
        (bridge, calls): (&str, usize),
        replaces: bool,
        now: Instant,
    ) -> Option<String> {
        if replaces && !self.replaced.is_due(bridge, now) {
            return None;
        }
        let how = match replaces {
            true => ", and ends another connection of the same name",
            false => "",
        };
        Some(format!(
            "bridge \"{bridge}\" is there{how}; its calls in progress: {calls}"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn two_that_take_a_name_from_each_other_are_told_once_a_minute() {
        let (comings, start) = (Comings::default(), Instant::now());
        let tell = |replaces, seconds| {
            comings.tell(("b", 2), replaces, start + Duration::from_secs(seconds))
        };
        let there = Some("bridge \"b\" is there; its calls in progress: 2".to_owned());
        assert_eq!(tell(false, 0), there);
        let said: Vec<String> = (0..120).filter_map(|second| tell(true, second)).collect();
        let other = "bridge \"b\" is there, and ends another connection of the same name; its calls in progress: 2";
        assert_eq!(said, [other; 2]);
        // One that was gone comes back.
        assert_eq!(tell(false, 121), there);
    }
}
