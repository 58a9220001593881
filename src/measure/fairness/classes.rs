//! Classes of callers: who counts as having come earlier, and who goes before everybody.

use crate::exchange::dialplan::Dialplan;
use crate::exchange::time::Span;
use crate::measure::run::RunFigures;
use crate::measure::tally::QueueTally;
use serde::Deserialize;
use serde::Serialize;

/// Queues whose callers have the same priority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Class {
    /// `normal`, `90s head start`, `emergency`.
    pub name: String,
    /// Their places in the dialplan.
    pub queues: Vec<usize>,
}

/// What became of a class in one run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassSums {
    /// Entries of all its queues.
    pub tally: QueueTally,
    /// The longest wait that ended in one of them.
    pub wait_max_ms: u64,
}

impl Class {
    /// The classes of a dialplan's queues, those with the least priority first.
    pub fn all(plan: &Dialplan) -> Vec<Self> {
        let mut kinds: Vec<(bool, Span)> = plan
            .queues
            .iter()
            .map(|queue| (queue.emergency, queue.head_start))
            .collect();
        let of_queues = kinds.clone();
        kinds.sort_unstable();
        kinds.dedup();
        let class = |kind: (bool, Span)| Self {
            name: name(kind),
            queues: (0..of_queues.len())
                .filter(|queue| of_queues[*queue] == kind)
                .collect(),
        };
        kinds.into_iter().map(class).collect()
    }

    /// What became of it in one run.
    pub(in crate::measure) fn sums(&self, run: &RunFigures) -> ClassSums {
        let mut sums = ClassSums::default();
        for queue in &self.queues {
            let total = &run.queues[*queue].total;
            sums.tally += total.tally;
            sums.wait_max_ms = sums.wait_max_ms.max(total.waits.max_ms);
        }
        sums
    }
}

fn name((emergency, head_start): (bool, Span)) -> String {
    match (emergency, head_start) {
        (false, Span::ZERO) => "normal".to_owned(),
        (false, head_start) => format!("{head_start} head start"),
        (true, Span::ZERO) => "emergency".to_owned(),
        (true, head_start) => format!("emergency, {head_start} head start"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::tests::scene;

    #[test]
    fn queues_of_one_priority_are_one_class() {
        let mut plan = scene::plan();
        let names = |plan: &Dialplan| {
            let class = |class: Class| (class.name, class.queues);
            Class::all(plan).into_iter().map(class).collect::<Vec<_>>()
        };
        assert_eq!(names(&plan), [("normal".to_owned(), vec![0, 1])]);
        plan.queues[1].head_start = Span::seconds(90);
        plan.queues.push(plan.queues[1].clone());
        plan.queues[2].emergency = true;
        plan.queues.push(plan.queues[0].clone());
        plan.queues[3].emergency = true;
        let expected = [
            ("normal", vec![0]),
            ("90s head start", vec![1]),
            ("emergency", vec![3]),
            ("emergency, 90s head start", vec![2]),
        ];
        let expected = expected.map(|(name, queues)| (name.to_owned(), queues));
        assert_eq!(names(&plan), expected);
    }
}
