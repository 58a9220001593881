//! Figures by name, and the queue, group or agent whose they are.

use super::figure::Figure;
use crate::exchange::time::Span;

/// Metrics by name, in the order in which they are printed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metrics(pub Vec<(&'static str, Figure)>);

impl Metrics {
    /// A metric; undefined when there is none of this name.
    pub fn get(&self, name: &str) -> Figure {
        self.find(name).unwrap_or(Figure::NONE)
    }

    /// A metric, if there is one of this name.
    pub fn find(&self, name: &str) -> Option<Figure> {
        let found = self.0.iter().find(|(known, _)| *known == name)?;
        Some(found.1)
    }

    /// The mean of a metric, if it has one.
    pub fn mean(&self, name: &str) -> Option<f64> {
        self.get(name).mean
    }
}

/// One queue, group or agent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// Its name; a queue's has its line before it where another line has such a step: `video/support`.
    pub name: String,
    /// The whole run.
    pub total: Metrics,
    /// One per interval; agents have none.
    pub intervals: Vec<Metrics>,
    /// For each interval of a queue or a group, whether it is judged by it; see [`super::judged`].
    pub judged: Vec<bool>,
    /// The T of a queue's service level.
    pub answer_within: Option<Span>,
    /// What is to be known beside its name: the question of an answer, the label of a key.
    pub about: Vec<(&'static str, String)>,
}

/// From this share of a queue's entries on those who still wait at the end of a run matter.
const STILL_WAITING_LEAST: f64 = 0.01;

impl Row {
    /// How many callers of a queue still waited when a run ended, and which share of its entries they
    /// are; none where these are few. They count in no service level and no wait.
    pub fn still_waiting(&self) -> Option<(f64, f64)> {
        let waiting = self.total.mean("waiting_at_end")?;
        let share = waiting / self.total.mean("entered")?;
        (share >= STILL_WAITING_LEAST).then_some((waiting, share))
    }
}
