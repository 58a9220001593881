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
}

impl Requests {
    pub(super) fn reset(&mut self) {
        self.tallies.clear();
    }

    /// A call has come to people for the first time.
    pub(super) fn count(&mut self, from: Option<(StepId, Way)>, after_answer: bool) {
        self.add(RequestTally {
            from,
            calls: 1,
            after_answer: u64::from(after_answer),
        });
    }

    /// Goes over to other menus.
    pub(super) fn carry(&mut self, carried: &Carried<'_>) {
        for tally in std::mem::take(&mut self.tallies) {
            let from = match tally.from {
                Some(from) => carried.way(from).map(Some),
                None => Some(None),
            };
            if let Some(from) = from {
                self.add(RequestTally { from, ..tally });
            }
        }
    }

    fn add(&mut self, more: RequestTally) {
        let from = more.from;
        let found = self.tallies.binary_search_by_key(&from, |tally| tally.from);
        let place = found.unwrap_or_else(|place| {
            let none = RequestTally {
                from,
                calls: 0,
                after_answer: 0,
            };
            self.tallies.insert(place, none);
            place
        });
        let tally = &mut self.tallies[place];
        tally.calls += more.calls;
        tally.after_answer += more.after_answer;
    }

    pub(super) fn tallies(&self) -> &[RequestTally] {
        &self.tallies
    }
}
