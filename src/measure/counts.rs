//! How many waited how long: a distribution of waits that is small, and can be carried elsewhere.

use serde::Deserialize;
use serde::Serialize;

/// Waits of one queue in one interval of a run. Exact while they are few, from about a thousand on by
/// the values of a histogram that are a thousandth apart; those of nothing are always exact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitCounts {
    /// Waits of nothing.
    pub zeros: u64,
    /// Milliseconds, rising, and how many waited so long.
    pub waits: Vec<(u32, u32)>,
}

impl WaitCounts {
    /// Adds waits that are as long as those added last, or longer.
    pub(super) fn push(&mut self, wait_ms: u32, count: u32) {
        match self.waits.last_mut() {
            Some((last, counted)) if *last == wait_ms => *counted += count,
            _ => self.waits.push((wait_ms, count)),
        }
    }

    /// All waits.
    pub fn count(&self) -> u64 {
        let waits = self.waits.iter().map(|(_, count)| u64::from(*count));
        self.zeros + waits.sum::<u64>()
    }

    /// Those of so many milliseconds at most.
    pub fn up_to(&self, wait_ms: u64) -> u64 {
        let waits = self.waits.iter();
        let short = waits.take_while(|(wait, _)| u64::from(*wait) <= wait_ms);
        self.zeros + short.map(|(_, count)| u64::from(*count)).sum::<u64>()
    }
}
