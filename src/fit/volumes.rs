//! Calls by line, day and interval.

use super::slots::DAY_MINUTES;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// The most lines that are told apart.
pub(super) const LINES_MAX: usize = 100;
/// The most days: ten years and some more.
pub(super) const DAYS_MAX: usize = 4000;
/// No row says anything of an interval.
const NONE: u32 = u32::MAX;
/// The most calls in one interval.
pub(super) const CALLS_MAX: u32 = 10_000_000;

/// Calls of every day, by line.
#[derive(Debug)]
pub(super) struct Volumes {
    /// The length of every interval, in minutes.
    pub(super) minutes: u32,
    /// What the calls are counted by: `line`, or `queue`.
    pub(super) column: &'static str,
    lines: BTreeMap<String, BTreeMap<Date, Vec<u32>>>,
}

/// Why calls cannot be noted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// There are lines enough.
    Lines,
    /// There are days enough.
    Days,
    /// They are known already.
    Twice,
}

impl Volumes {
    pub(super) fn new(minutes: u32) -> Self {
        Self {
            minutes,
            column: "line",
            lines: BTreeMap::new(),
        }
    }

    /// How many intervals a day has.
    pub(super) fn per_day(&self) -> usize {
        (DAY_MINUTES / self.minutes) as usize
    }

    fn cell(&mut self, line: &str, date: Date, slot: usize) -> Result<&mut u32, Refused> {
        let per_day = self.per_day();
        if !self.lines.contains_key(line) {
            if self.lines.len() == LINES_MAX {
                return Err(Refused::Lines);
            }
            self.lines.insert(line.to_owned(), BTreeMap::new());
        }
        let days = self.lines.get_mut(line).expect("a line that is there");
        if days.len() == DAYS_MAX && !days.contains_key(&date) {
            return Err(Refused::Days);
        }
        let day = days.entry(date).or_insert_with(|| vec![NONE; per_day]);
        Ok(&mut day[slot])
    }

    /// Notes how many calls an interval has had.
    pub(super) fn set(
        &mut self,
        (line, date, slot): (&str, Date, usize),
        calls: u32,
    ) -> Result<(), Refused> {
        let cell = self.cell(line, date, slot)?;
        if *cell != NONE {
            return Err(Refused::Twice);
        }
        *cell = calls;
        Ok(())
    }

    /// Takes some of the calls out, and of others, of which it is not known whether they are like these, as large a
    /// share as of the rest of their line's.
    pub(super) fn take_out(&mut self, some: &Self, unknown: &Self) {
        for (line, days) in &mut self.lines {
            let all: u64 = days.values().map(|day| calls(day)).sum();
            let known = all - unknown.calls_to(line);
            let share = some.calls_to(line) as f64 / known.max(1) as f64;
            // What is rounded off is left for the next interval.
            let mut rest = 0.0;
            for (date, day) in days {
                for (slot, cell) in day.iter_mut().enumerate() {
                    rest += share * f64::from(unknown.calls_at(line, *date, slot));
                    let whole = (rest + 0.5).floor();
                    rest -= whole;
                    let out = some.calls_at(line, *date, slot) + whole as u32;
                    if *cell != NONE {
                        *cell = cell.saturating_sub(out);
                    }
                }
            }
        }
    }

    fn calls_to(&self, line: &str) -> u64 {
        let days = self.lines.get(line);
        days.map_or(0, |days| days.values().map(|day| calls(day)).sum())
    }

    fn calls_at(&self, line: &str, date: Date, slot: usize) -> u32 {
        let day = self.lines.get(line).and_then(|days| days.get(&date));
        let known = day.map_or(0, |day| day[slot]);
        if known == NONE { 0 } else { known }
    }

    /// Notes one call.
    pub(super) fn add(&mut self, (line, date, slot): (&str, Date, usize)) -> Result<(), Refused> {
        let cell = self.cell(line, date, slot)?;
        *cell = match *cell {
            NONE => 1,
            calls => calls + 1,
        };
        Ok(())
    }

    pub(super) fn lines(&self) -> impl Iterator<Item = &str> + Clone {
        self.lines.keys().map(String::as_str)
    }

    /// All dates on which anything is said of any line.
    pub(super) fn dates(&self) -> Vec<Date> {
        let mut dates: Vec<Date> = self
            .lines
            .values()
            .flat_map(BTreeMap::keys)
            .copied()
            .collect();
        dates.sort_unstable();
        dates.dedup();
        dates
    }

    /// The calls to a line on a date in intervals so many times as long; nothing known is no calls.
    pub(super) fn day(&self, line: &str, date: Date, times: usize) -> Vec<f64> {
        let known = self.lines.get(line).and_then(|days| days.get(&date));
        let Some(day) = known else {
            return vec![0.0; self.per_day() / times];
        };
        let sum = |slots: &[u32]| {
            let calls = slots.iter().filter(|calls| **calls != NONE);
            calls.map(|calls| f64::from(*calls)).sum()
        };
        day.chunks(times).map(sum).collect()
    }
}

fn calls(day: &[u32]) -> u64 {
    let known = day.iter().filter(|calls| **calls != NONE);
    known.map(|calls| u64::from(*calls)).sum()
}
