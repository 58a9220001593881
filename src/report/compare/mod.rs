//! Strategies beside each other: a page for people, one object for programs.

mod json;
mod text;

pub use json::json;
pub use text::text;

use super::study::Case;
use super::study::Study;
use crate::measure::paired::Difference;

/// What a comparison found.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The scenario and how it was run. Its base case is that under the first strategy, its variants
    /// are those under the others; each is called after its strategy.
    pub study: Study,
    /// For each variant, the differences to the base by metric.
    pub differences: Vec<Vec<(&'static str, Difference)>>,
}

impl Comparison {
    /// Each variant with its differences to the base.
    fn variants(&self) -> impl Iterator<Item = (&Case, &[(&'static str, Difference)])> {
        let differences = self.differences.iter().map(Vec::as_slice);
        self.study.what_ifs.iter().zip(differences)
    }
}
