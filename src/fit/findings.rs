//! All that was found, each figure with what it comes of.

use super::busyness;
use super::days::Days;
use super::patience;
use super::redial;
use super::talk;
use super::talk_by_time;
use super::ways::ByHours;
use super::ways::Ways;
use crate::sim::sheet::clock;
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
    /// Those of first attempts alone, where it is known who calls again, by the queues that could be reached, where it is
    /// known which.
    pub first_ways: BTreeMap<String, ByHours>,
    /// Talks by interval, by queue, with the line where there are several.
    pub talk_by_time: BTreeMap<String, talk_by_time::Found>,
}

impl Calls {
    /// The law of the talks of a queue.
    pub fn talk_of(&self, line: &str, queue: &str) -> Option<&talk::Law> {
        let name = queue_name(self.ways.len() > 1, line, queue);
        self.talk_by_queue.get(&name)
    }

    /// How long talks of a queue are by the time of day.
    pub(super) fn talk_by_time_of(&self, line: &str, queue: &str) -> Option<&talk_by_time::Found> {
        let name = queue_name(self.ways.len() > 1, line, queue);
        self.talk_by_time.get(&name)
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
    /// A word on talks of a queue that are not as long at all times of the day.
    pub(super) fn talk_differs(&self, line: &str, queue: &str) -> Option<String> {
        let found = self.calls.as_ref()?.talk_by_time_of(line, queue)?;
        let by_length = |one: &(&usize, &f64), other: &(&usize, &f64)| one.1.total_cmp(other.1);
        let (short, least) = found.means_s.iter().min_by(by_length)?;
        let (long, most) = found.means_s.iter().max_by(by_length)?;
        let at = |slot: &usize| clock(*slot as i64 * i64::from(self.days.minutes()));
        Some(format!(
            "Talks of {queue} differ by the time of day: they last for {least:.0} s on average at {}, and {most:.0} s at {}",
            at(short),
            at(long)
        ))
    }

    /// Whether the days are those of first attempts: redials are known, and are not among them.
    pub fn has_redials_apart(&self) -> bool {
        let known = |calls: &Calls| matches!(calls.redial, redial::Found::Known(_));
        self.calls.as_ref().is_some_and(known)
    }
}
