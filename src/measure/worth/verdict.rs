//! Which answer saves most, which do not work, and what has none.

use super::WorthRows;
use crate::measure::row::Row;

/// An answer that settles a smaller share of the calls that hear it does not work.
pub(super) const WORKS_FROM: f64 = 0.5;
/// Fewer playings in all runs together tell nothing of an answer.
pub(super) const PLAYED_MIN: f64 = 30.0;

impl WorthRows {
    /// The answers that were played.
    pub fn played(&self) -> impl Iterator<Item = &Row> {
        let played = |row: &&Row| row.total.mean("played").unwrap_or(0.0) > 0.0;
        self.answers.iter().filter(played)
    }

    /// The time that all answers together save agents, in an average run.
    pub fn saved_s(&self) -> f64 {
        let saved = |row: &Row| row.total.mean("saved_s").unwrap_or(0.0);
        self.played().map(saved).sum()
    }

    /// What that is worth; none where nothing is said of costs.
    pub fn saved_money(&self) -> Option<f64> {
        Some(self.saved_s() / 3600.0 * self.costs.as_ref()?.agent_hour)
    }

    /// The answer that saves agents the most time, if any saves some.
    pub fn best(&self) -> Option<&Row> {
        let saved = |row: &Row| row.total.mean("saved_s").unwrap_or(0.0);
        let best = self.played().max_by(|a, b| saved(a).total_cmp(&saved(b)));
        best.filter(|row| saved(row) > 0.0)
    }

    /// Whether an answer works; unknown while it was hardly ever played.
    pub fn works(&self, answer: &Row) -> Option<bool> {
        let played = answer.total.mean("played").unwrap_or(0.0) * self.runs as f64;
        let settled = answer.total.mean("settled_share").unwrap_or(0.0);
        (played >= PLAYED_MIN).then_some(settled >= WORKS_FROM)
    }

    /// The answers that do not work, the worst first.
    pub fn failing(&self) -> Vec<&Row> {
        let settled = |row: &Row| row.total.mean("settled_share").unwrap_or(0.0);
        let failing = self.played().filter(|row| self.works(row) == Some(false));
        let mut failing: Vec<&Row> = failing.collect();
        failing.sort_by(|a, b| settled(a).total_cmp(&settled(b)));
        failing
    }

    /// What no recording has satisfied of what callers wanted, that of most calls first.
    pub fn unanswered(&self) -> Vec<&Row> {
        let to_person = |row: &Row| row.total.mean("wanted_to_person").unwrap_or(0.0);
        let satisfied = |row: &Row| row.total.mean("wanted_satisfied_share").unwrap_or(0.0);
        let without = self.wants.iter();
        let without = without.filter(|row| satisfied(row) == 0.0 && to_person(row) > 0.0);
        let mut without: Vec<&Row> = without.collect();
        without.sort_by(|a, b| to_person(b).total_cmp(&to_person(a)));
        without
    }
}
