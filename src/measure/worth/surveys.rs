//! Surveys: what callers have said, by question and queue.

use super::carried::Carried;
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
        let tally = self.tally((step, ask, queue));
        match answer {
            Some(answer) => tally.answers[usize::from(answer)] += 1,
            None => tally.silent += 1,
        }
    }

    /// Goes over to other menus. Of a queue that is in none of them nothing is known any more.
    pub(super) fn carry(&mut self, carried: &Carried<'_>) {
        for old in std::mem::take(&mut self.tallies) {
            let Some((step, ask)) = carried.question(old.step, old.ask) else {
                continue;
            };
            let queue = old.queue.and_then(|queue| carried.queue(queue));
            let tally = self.tally((step, ask, queue));
            for (sum, count) in tally.answers.iter_mut().zip(old.answers) {
                *sum += count;
            }
            tally.silent += old.silent;
        }
    }

    fn tally(&mut self, key: (StepId, u8, Option<QueueId>)) -> &mut SurveyTally {
        let of = |tally: &SurveyTally| (tally.step, tally.ask, tally.queue);
        let found = self.tallies.binary_search_by_key(&key, of);
        let place = found.unwrap_or_else(|place| {
            let (step, ask, queue) = key;
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
        &mut self.tallies[place]
    }

    pub(super) fn tallies(&self) -> &[SurveyTally] {
        &self.tallies
    }
}
