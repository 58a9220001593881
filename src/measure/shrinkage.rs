//! What is lost of the time on the roster, which the records of runs do not know.

use super::confidence::Confidence;
use super::confidence::Figure;
use super::confidence::Part;
use super::run::RunFigures;
use super::summary::Summary;
use crate::exchange::time::Span;

impl Summary {
    /// The same with the shrinkage of these runs, in each of which so much time of all people together
    /// is on the roster.
    #[must_use]
    pub fn with_shrinkage(mut self, rostered: Span, runs: &[RunFigures]) -> Self {
        let rostered_ms = rostered.0 as f64;
        let part = |run: &RunFigures| Part {
            over: rostered_ms - run.total.load.available_ms as f64,
            under: rostered_ms,
        };
        let confidence = Confidence::new(self.level, runs.len());
        let figure = confidence.ratio(runs.iter().map(part));
        // Work after the ends of shifts may be more than what was lost.
        let figure = Figure {
            mean: figure.mean.map(|mean| mean.max(0.0)),
            ..figure.clamped(0.0, 1.0)
        };
        self.total.0.push(("shrinkage", figure));
        self
    }
}
