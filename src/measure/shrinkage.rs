//! What is lost of the time on the roster, which the records of runs do not know.

use super::confidence::Confidence;
use super::figure::Part;
use super::run::RunFigures;
use super::summary::Summary;
use crate::exchange::time::Span;

impl Summary {
    /// The same with the shrinkage of these runs, in each of which so much time of all people together
    /// is on the roster.
    #[must_use]
    pub fn with_shrinkage(mut self, rostered: Span, runs: &[RunFigures]) -> Self {
        let rostered_ms = rostered.0 as f64;
        let worked_ms = |run: &RunFigures| run.total.load.available_ms - run.overtime_ms;
        let part = |run: &RunFigures| Part {
            over: rostered_ms - worked_ms(run) as f64,
            under: rostered_ms,
        };
        let confidence = Confidence::new(self.level, runs.len());
        let figure = confidence.ratio(runs.iter().map(part));
        self.total.0.push(("shrinkage", figure.clamped(0.0, 1.0)));
        self
    }
}
