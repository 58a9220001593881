//! Surveys: what callers have said, by question and queue.

use super::tally::ANSWERS;
use super::tally::SurveyTally;
use crate::exchange::id::QueueId;
use crate::exchange::id::StepId;
use serde::Deserialize;
use serde::Serialize;

/// All questions that were put, in the order of steps, questions and queues.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Surveys {
    tallies: Vec<SurveyTally>,
}

impl Surveys {
    pub(super) fn reset(&mut self) {
        self.tallies.clear();
    }

    pub(super) fn count(
        &mut self,
        (step, ask): (StepId, u8),
        queue: Option<QueueId>,
        answer: Option<u8>,
    ) {
        let key = (step, ask, queue);
        let of = |tally: &SurveyTally| (tally.step, tally.ask, tally.queue);
        let found = self.tallies.binary_search_by_key(&key, of);
        let place = found.unwrap_or_else(|place| {
            let none = SurveyTally {
                step,
                ask,
                queue,
                answers: [0; ANSWERS],
                silent: 0,
            };
            self.tallies.insert(place, none);
            place
        });
        let tally = &mut self.tallies[place];
        match answer {
            Some(answer) => tally.answers[usize::from(answer)] += 1,
            None => tally.silent += 1,
        }
    }

    pub(super) fn tallies(&self) -> &[SurveyTally] {
        &self.tallies
    }
}
