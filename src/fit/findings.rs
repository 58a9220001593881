//! All that was found, each figure with what it comes of.

use super::busyness;
use super::days::Days;
use super::patience;
use super::redial;
use super::talk;
use super::ways::Ways;
use std::collections::BTreeMap;

/// What was found in some files.
#[derive(Clone, Debug)]
pub struct Findings {
    /// The files, as they were named.
    pub files: Vec<String>,
    /// The time zone whose clock the days go by, if one was named.
    pub timezone: Option<String>,
    /// What the calls are counted by: `line`, or `queue`.
    pub column: &'static str,
    /// The days.
    pub days: Days,
    /// Lines that calls were to besides, which are left out.
    pub other_lines: Vec<String>,
    /// How busy they are.
    pub busyness: busyness::Found,
    /// What call records tell beyond counts.
    pub calls: Option<Calls>,
}

/// What call records tell.
#[derive(Clone, Debug)]
pub struct Calls {
    /// Records that were read and not left out.
    pub records: u64,
    /// Records that were there twice, and counted once.
    pub twice: u64,
    /// Calls back, and attempts to reach lines that there are not, which are left out.
    pub left_out: u64,
    /// Talks of all queues together; none of too few.
    pub talk: Option<talk::Law>,
    /// How many there are.
    pub talks: u64,
    /// Talks that were cut off, which would have lasted longer.
    pub cut_off: u64,
    /// Talks by queue, with the line where there are several, and where there are enough.
    pub talk_by_queue: BTreeMap<String, talk::Law>,
    /// Patience of all queues together.
    pub patience: patience::Found,
    /// That of each, with the line where there are several.
    pub patience_by_queue: BTreeMap<String, patience::Found>,
    /// Who calls again.
    pub redial: redial::Found,
    /// Ways of the calls, by line.
    pub ways: BTreeMap<String, Ways>,
    /// Those of first attempts alone, where it is known who calls again, in the hours in which the most queues can be
    /// reached, where it is known which.
    pub first_ways: BTreeMap<String, Ways>,
}

impl Calls {
    /// The law of the talks of a queue.
    pub fn talk_of(&self, line: &str, queue: &str) -> Option<&talk::Law> {
        let name = queue_name(self.ways.len() > 1, line, queue);
        self.talk_by_queue.get(&name)
    }

    /// The patience of those who waited in a queue, where that is not the only one.
    pub fn patience_of(&self, line: &str, queue: &str) -> Option<&patience::Found> {
        let name = queue_name(self.ways.len() > 1, line, queue);
        let found = self.patience_by_queue.get(&name);
        found.filter(|_| self.patience_by_queue.len() > 1)
    }
}

/// What a queue is called, where there may be several lines.
pub(super) fn queue_name(several: bool, line: &str, queue: &str) -> String {
    match several {
        true => format!("{line}/{queue}"),
        false => queue.to_owned(),
    }
}

impl Findings {
    /// Whether the days are those of first attempts: redials are known, and are not among them.
    pub fn has_redials_apart(&self) -> bool {
        let known = |calls: &Calls| matches!(calls.redial, redial::Found::Known(_));
        self.calls.as_ref().is_some_and(known)
    }
}
