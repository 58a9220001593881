//! What a menu file cannot decide yet: look-ups, and comparisons of what they brought.
//!
//! This is the one place where a look-up becomes a step.

use super::super::graph::Via;
use super::draft::Step;
use super::draft::To;

/// A question to another system, or a comparison of an answer.
#[derive(Clone, Debug)]
pub(super) struct Lookup {
    /// What is asked, as the original writes it.
    pub(super) asks: String,
    /// The answers that are told apart, and where each leads.
    pub(super) cases: Vec<(String, To)>,
    /// Any other answer.
    pub(super) otherwise: To,
    /// No answer.
    pub(super) failed: To,
}

impl Lookup {
    /// A signpost that goes on as with any other answer, and says what was asked.
    pub(super) fn step(self, id: &str) -> Step {
        let mut step = signpost(id, self.otherwise.clone(), self.failed);
        step.add_todo(format!(
            "{}; for now the call goes the way of any other answer",
            self.asks
        ));
        for (place, (answer, to)) in self.cases.into_iter().enumerate() {
            // One other way can be kept in sight.
            if place == 0 {
                step.exits[1].1 = to.clone();
            }
            step.cases.push((answer, to));
        }
        step
    }
}

/// A step that only leads on: it is open always.
pub(super) fn signpost(id: &str, to: To, closed: To) -> Step {
    let step = Step::new("hours", id).text("calendar", "always");
    step.exit(Via::Open, to).exit(Via::Closed, closed)
}
