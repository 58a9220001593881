//! Which attempt of a run waited the longest.

use crate::exchange::id::CallId;
use crate::exchange::record::Record;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use std::collections::BTreeMap;

/// Finds the attempt whose wait was the longest.
#[derive(Clone, Debug, Default)]
pub struct LongestWait {
    attempts: u64,
    calls: BTreeMap<CallId, u64>,
    longest: Option<(Span, u64)>,
}

impl LongestWait {
    /// Takes the next record.
    pub fn record(&mut self, now: Tick, record: &Record) {
        match *record {
            Record::Blocked { .. } => self.attempts += 1,
            Record::Arrived { call, .. } => {
                self.attempts += 1;
                self.calls.insert(call, self.attempts);
            }
            Record::Unqueued { call, first, .. } => {
                let wait = now - first;
                let longer = self.longest.is_none_or(|(longest, _)| wait > longest);
                if let Some(attempt) = self.calls.get(&call).filter(|_| longer) {
                    self.longest = Some((wait, *attempt));
                }
            }
            Record::Ended { call, .. } => {
                self.calls.remove(&call);
            }
            _ => {}
        }
    }

    /// The attempt, from 1 in the order of arrival; none if nobody waited.
    pub fn attempt(&self) -> Option<u64> {
        self.longest.map(|(_, attempt)| attempt)
    }
}
