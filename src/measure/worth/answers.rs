//! Recorded answers: how often each was played, and what callers did next.

use super::Handled;
use super::carried::Carried;
use super::homes::Homes;
use super::tally::AnswerTally;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::id::LineId;
use crate::exchange::id::QueueId;
use crate::exchange::id::StepId;
use crate::exchange::record::Outcome;
use serde::Deserialize;
use serde::Serialize;

/// No answer.
pub const NO_ANSWER: u32 = u32::MAX;

/// The steps that are answers, in the order of the dialplan; those that say what a look-up has found
/// are.
pub fn answer_steps(plan: &Dialplan) -> impl Iterator<Item = StepId> {
    let steps = plan.steps.iter().enumerate();
    let answers = steps.filter(|(_, step)| step.kind.is_answer());
    answers.map(|(place, _)| StepId(place as u32))
}

/// What a call has heard that nothing has followed yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Heard {
    /// The last answer.
    last: u32,
    /// Whether enough of it was heard.
    enough: bool,
    /// The one before, when the last was cut off and enough of this was heard: what the call comes to
    /// may be owed to it.
    before: u32,
}

impl Default for Heard {
    fn default() -> Self {
        Self {
            last: NO_ANSWER,
            enough: false,
            before: NO_ANSWER,
        }
    }
}

fn add_queue(queues: &mut Vec<(QueueId, u64)>, queue: QueueId, count: u64) {
    match queues.iter_mut().find(|(known, _)| *known == queue) {
        Some((_, sum)) => *sum += count,
        None => queues.push((queue, count)),
    }
}

impl Heard {
    /// The answers are counted elsewhere.
    pub(super) fn carry(&mut self, moved: &[u32]) {
        for answer in [&mut self.last, &mut self.before] {
            *answer = moved.get(*answer as usize).copied().unwrap_or(NO_ANSWER);
        }
    }

    #[inline]
    pub(super) fn is_some(self) -> bool {
        self.last != NO_ANSWER
    }
}

/// All answers.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Answers {
    /// The place of each step among the answers, [`NO_ANSWER`] for all others.
    places: Vec<u32>,
    tallies: Vec<AnswerTally>,
    /// For each: the queues that callers came to after it, and how often.
    queues: Vec<Vec<(QueueId, u64)>>,
}

impl Answers {
    pub(super) fn new(plan: &Dialplan) -> Self {
        let mut places = vec![NO_ANSWER; plan.steps.len()];
        let mut count = 0;
        for step in answer_steps(plan) {
            places[step.index()] = count;
            count += 1;
        }
        Self {
            places,
            tallies: vec![AnswerTally::default(); count as usize],
            queues: vec![Vec::new(); count as usize],
        }
    }

    pub(super) fn reset(&mut self) {
        self.tallies.fill(AnswerTally::default());
        self.queues.iter_mut().for_each(Vec::clear);
    }

    /// Goes over to other menus. Gives where each answer is counted from now on, [`NO_ANSWER`] where it is
    /// no more.
    pub(super) fn carry(&mut self, carried: &Carried<'_>) -> Vec<u32> {
        let before = std::mem::replace(self, Self::new(carried.now()));
        let mut moved = vec![NO_ANSWER; before.tallies.len()];
        for step in carried.steps() {
            let old = before.places[step.index()];
            let new = carried.step(step).map(|step| self.places[step.index()]);
            if let (Some(tally), Some(new)) = (before.tallies.get(old as usize), new)
                && let Some(sum) = self.tallies.get_mut(new as usize)
            {
                sum.add(tally);
                for (queue, count) in &before.queues[old as usize] {
                    if let Some(queue) = carried.queue(*queue) {
                        add_queue(&mut self.queues[new as usize], queue, *count);
                    }
                }
                moved[old as usize] = new;
            }
        }
        moved
    }

    pub(super) fn heard(&mut self, so_far: &mut Heard, step: StepId, enough: bool) {
        let answer = self.places[step.index()];
        let Some(tally) = self.tallies.get_mut(answer as usize) else {
            return;
        };
        tally.played += 1;
        tally.heard += u64::from(enough);
        tally.open += 1;
        let Heard {
            last,
            enough: was_enough,
            before,
        } = *so_far;
        let before = match (enough, was_enough) {
            // What was heard before may yet be what settles the call.
            (false, true) => last,
            (false, false) => {
                self.follow(last, |tally| &mut tally.to_another);
                before
            }
            (true, _) => {
                self.follow(last, |tally| &mut tally.to_another);
                self.follow(before, |tally| &mut tally.to_another);
                NO_ANSWER
            }
        };
        *so_far = Heard {
            last: answer,
            enough,
            before,
        };
    }

    pub(super) fn person_wanted(&mut self, heard: &mut Heard, queue: Option<QueueId>) {
        let Heard { last, before, .. } = std::mem::take(heard);
        self.follow(last, |tally| &mut tally.to_person);
        self.follow(before, |tally| &mut tally.to_another);
        let Some(queue) = queue else { return };
        add_queue(&mut self.queues[last as usize], queue, 1);
    }

    pub(super) fn ended(&mut self, heard: Heard, outcome: Outcome) -> u32 {
        let Heard {
            last,
            enough,
            before,
        } = heard;
        match outcome {
            Outcome::SelfServedConfirmed => {
                self.follow(last, |tally| &mut tally.confirmed);
                self.follow(before, |tally| &mut tally.to_another);
                NO_ANSWER
            }
            Outcome::SelfServedProbable => {
                let (settled, left) = match enough {
                    true => (last, before),
                    false => (before, last),
                };
                self.follow(settled, |tally| &mut tally.probable);
                self.follow(left, |tally| &mut tally.left);
                settled
            }
            _ => {
                self.follow(last, |tally| &mut tally.left);
                self.follow(before, |tally| &mut tally.to_another);
                NO_ANSWER
            }
        }
    }

    pub(super) fn came_back(&mut self, answer: u32) {
        if let Some(tally) = self.tallies.get_mut(answer as usize) {
            tally.probable -= 1;
            tally.came_back += 1;
        }
    }

    /// The sums, with the time of agents that each has saved: that of handling the calls it settled, as
    /// long as the agents of the queues take to which callers came after it; of all queues of its line, where
    /// nobody did. Nothing is known of a line whose calls no agent has handled.
    pub(super) fn tallies(&self, homes: &Homes, handling: &[Handled]) -> Vec<AnswerTally> {
        let handled = |queue: QueueId| handling.get(queue.index()).copied().unwrap_or_default();
        let usual = |line: LineId| {
            let queues = homes.queues_of(line).map(handled);
            let add = |sum: Handled, one: Handled| Handled {
                calls: sum.calls + one.calls,
                ms: sum.ms + one.ms,
            };
            queues.fold(Handled::default(), add).mean_ms()
        };
        let of_queue = |queue: QueueId| {
            let own = handled(queue).mean_ms();
            own.or_else(|| usual(homes.of_queue(queue)?))
        };
        let answers = self
            .tallies
            .iter()
            .zip(&self.queues)
            .zip(homes.of_answers());
        let tallies = answers.map(|((tally, queues), line)| {
            tally.assert_balance();
            let calls: u64 = queues.iter().map(|(_, count)| count).sum();
            let ms = queues
                .iter()
                .map(|&(queue, count)| Some(of_queue(queue)? * count));
            let each = match calls {
                0 => usual(line),
                _ => ms.sum::<Option<u64>>().map(|ms| ms / calls),
            };
            AnswerTally {
                saved_ms: match tally.settled() {
                    0 => Some(0),
                    settled => each.map(|each| settled * each),
                },
                ..*tally
            }
        });
        tallies.collect()
    }

    /// What follows a playing is known.
    fn follow(&mut self, answer: u32, by: fn(&mut AnswerTally) -> &mut u64) {
        if let Some(tally) = self.tallies.get_mut(answer as usize) {
            tally.open -= 1;
            *by(tally) += 1;
        }
    }
}
