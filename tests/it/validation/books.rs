//! What must hold exactly, in every run: Little's law in every queue, and nobody lost.

use super::watch;
use super::watch::Run;
use std::path::Path;
use strowger::exchange::record::AgentState;
use strowger::measure::tally::CallTally;
use strowger::measure::tally::QueueTally;
use strowger::menu::diagnostic::Diagnostics;
use strowger::menu::source::Sources;
use strowger::sim::study::load;

/// Days that ship.
const DAYS: [&str; 4] = ["ordinary-day", "overload", "part-time", "skills"];
const RUNS: u32 = 2;
const SEED: u64 = 1;

/// The sums of some runs of one scenario.
pub(super) struct Books {
    pub(super) scenario: &'static str,
    pub(super) calls: CallTally,
    pub(super) queues: Vec<QueueBooks>,
    /// Agents in conversation: their time, and the number of conversations integrated over time.
    pub(super) talking_ms: (u64, u64),
}

/// The sums of one queue.
pub(super) struct QueueBooks {
    pub(super) name: String,
    pub(super) tally: QueueTally,
    /// Waits of those who were still waiting at the end.
    pub(super) left_over_ms: u64,
    /// The number waiting integrated over time.
    pub(super) area_ms: u64,
}

pub(super) fn all() -> Vec<Books> {
    DAYS.into_iter().map(books).collect()
}

fn books(scenario: &'static str) -> Books {
    let path = format!("scenarios/{scenario}.scenario.toml");
    let mut sources = Sources::default();
    let mut problems = Diagnostics::default();
    let cases = load(Path::new(&path), None, &mut sources, &mut problems);
    let model = cases
        .unwrap_or_else(|| panic!("{}", problems.render(&sources, false)))
        .base;
    let names = model.plan.queues.iter().map(|queue| queue.name.clone());
    let queue = |name| QueueBooks {
        name,
        tally: QueueTally::default(),
        left_over_ms: 0,
        area_ms: 0,
    };
    let mut books = Books {
        scenario,
        calls: CallTally::default(),
        queues: names.map(queue).collect(),
        talking_ms: (0, 0),
    };
    for replication in 0..RUNS {
        books.add(&watch::run(&model, SEED, replication));
    }
    books
}

impl Books {
    fn add(&mut self, run: &Run) {
        self.calls += run.figures.total.calls;
        let agents = run.figures.agents.iter();
        let talking = agents.map(|agent| agent.in_state_ms(AgentState::Talking));
        self.talking_ms.0 += talking.sum::<u64>();
        self.talking_ms.1 += run.talks_area_ms;
        let found = run.figures.queues.iter().zip(&run.seen);
        for (queue, (figures, seen)) in self.queues.iter_mut().zip(found) {
            queue.tally += figures.total.tally;
            queue.left_over_ms += seen.left_over_ms;
            queue.area_ms += seen.area_ms;
        }
    }

    /// Panics unless all of it balances.
    pub(super) fn balance(&self) {
        let Self {
            scenario,
            calls,
            queues,
            talking_ms,
        } = self;
        assert!(calls.attempts > 1000, "{scenario}: {calls:?}");
        let ended = calls.outcomes() + calls.in_progress;
        assert_eq!(calls.attempts, ended, "{scenario}");
        assert_eq!(
            talking_ms.0, talking_ms.1,
            "{scenario}: agents in conversation"
        );
        for queue in queues {
            let name = &queue.name;
            queue.tally.assert_balance();
            assert!(queue.tally.entered > 0, "{scenario}: nobody joined {name}");
            assert_eq!(queue.waits_ms(), queue.area_ms, "{scenario}: {name}");
        }
    }
}

impl QueueBooks {
    /// The sum of all waits.
    pub(super) fn waits_ms(&self) -> u64 {
        self.tally.wait_ms + self.left_over_ms
    }
}
