//! By which way calls came to people: what callers ask for that no answer gives.

use super::carried::Carried;
use super::tally::RequestTally;
use super::tally::Way;
use crate::exchange::id::StepId;
use serde::Deserialize;
use serde::Serialize;

/// All ways that were taken, in the order of steps and keys.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Requests {
    tallies: Vec<RequestTally>,
    /// The place of the way that was counted last: one is often taken again.
    #[serde(skip)]
    last: usize,
}

impl Requests {
    pub(super) fn reset(&mut self) {
        self.tallies.clear();
    }

    /// A call has come to people for the first time.
    #[inline]
    pub(super) fn count(&mut self, from: Option<(StepId, Way)>, after_answer: bool) {
        let tally = self.tally(from);
        tally.calls += 1;
        tally.after_answer += u64::from(after_answer);
    }

    /// Goes over to other menus.
    pub(super) fn carry(&mut self, carried: &Carried<'_>) {
        for tally in std::mem::take(&mut self.tallies) {
            let from = match tally.from {
                Some(from) => carried.way(from).map(Some),
                None => Some(None),
            };
            if let Some(from) = from {
                let sum = self.tally(from);
                sum.calls += tally.calls;
                sum.after_answer += tally.after_answer;
            }
        }
    }

    /// The sums of a way.
    #[inline(always)]
    fn tally(&mut self, from: Option<(StepId, Way)>) -> &mut RequestTally {
        let last = self.tallies.get(self.last);
        if last.is_none_or(|tally| tally.from != from) {
            self.last = self.find(from);
        }
        &mut self.tallies[self.last]
    }

    #[inline(never)]
    fn find(&mut self, from: Option<(StepId, Way)>) -> usize {
        let found = self.tallies.binary_search_by_key(&from, |tally| tally.from);
        found.unwrap_or_else(|place| self.insert(place, from))
    }

    #[cold]
    fn insert(&mut self, place: usize, from: Option<(StepId, Way)>) -> usize {
        let none = RequestTally {
            from,
            calls: 0,
            after_answer: 0,
        };
        self.tallies.insert(place, none);
        place
    }

    pub(super) fn tallies(&self) -> &[RequestTally] {
        &self.tallies
    }
}
