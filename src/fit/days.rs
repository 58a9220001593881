//! Which days are looked at, and what a typical one of them is like.

use super::slots::clocks_change;
use super::volumes::Volumes;
use crate::exchange::time::Span;
use crate::sim::sheet::clock;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::fmt;

/// An interval that has so many calls on most days, and none on one of them, was not open then, or is missing:
/// by chance alone nobody calls on one day in 480 million, and on a day half as busy on one in 22,000.
const USUAL_MIN: f64 = 20.0;

/// Which days are taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Monday first.
    pub weekdays: [bool; 7],
    /// The first date.
    pub from: Option<Date>,
    /// The last date.
    pub to: Option<Date>,
    /// Dates that are left out, such as holidays.
    pub skip: Vec<Date>,
}

impl Default for Choice {
    fn default() -> Self {
        Self {
            weekdays: [true; 7],
            from: None,
            to: None,
            skip: Vec::new(),
        }
    }
}

impl Choice {
    /// Whether a date is taken.
    pub fn takes(&self, date: Date) -> bool {
        let weekday = date.weekday().to_monday_zero_offset().unsigned_abs();
        self.weekdays[usize::from(weekday)]
            && self.from.is_none_or(|from| from <= date)
            && self.to.is_none_or(|to| date <= to)
            && !self.skip.contains(&date)
    }
}

/// Why a day that was chosen is no day like the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// The clocks are changed on it.
    ClockChange,
    /// Nobody called in an interval in which there are calls on most days.
    Nobody {
        /// Minutes after midnight.
        at: u32,
    },
    /// There were calls in an interval in which there are none on most days.
    Somebody {
        /// Minutes after midnight.
        at: u32,
    },
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ClockChange => f.write_str("the clocks are changed on it"),
            Self::Nobody { at } => {
                write!(
                    f,
                    "no calls at {}, when most days have them",
                    clock(i64::from(*at))
                )
            }
            Self::Somebody { at } => {
                write!(
                    f,
                    "calls at {}, when most days have none",
                    clock(i64::from(*at))
                )
            }
        }
    }
}

/// The calls of one line on a typical day.
#[derive(Clone, Debug, PartialEq)]
pub struct LineCalls {
    /// Its name.
    pub line: String,
    /// The mean of each interval over the days.
    pub calls: Vec<f64>,
}

/// The days that are looked at, and what they have in common.
#[derive(Clone, Debug, PartialEq)]
pub struct Days {
    /// The length of every interval.
    pub interval: Span,
    /// When the first one begins, in minutes after midnight.
    pub first_minute: u32,
    /// The days, in order.
    pub used: Vec<Date>,
    /// Days that were chosen, and are like no others.
    pub left_out: Vec<(Date, LeftOut)>,
    /// Calls to all lines by day and interval.
    pub calls: Vec<Vec<f64>>,
    /// Mean calls by line.
    pub lines: Vec<LineCalls>,
}

impl Days {
    /// The days with calls to these lines, in intervals of so many minutes.
    pub(super) fn of(
        (volumes, names): (&Volumes, &[&str]),
        minutes: u32,
        choice: &Choice,
        zone: Option<&TimeZone>,
    ) -> Option<Self> {
        let times = (minutes / volumes.minutes) as usize;
        let sum = |date: Date| {
            let mut all = vec![0.0; volumes.per_day() / times];
            for line in names {
                let day = volumes.day(line, date, times);
                all.iter_mut().zip(day).for_each(|(all, own)| *all += own);
            }
            all
        };
        let (mut days, mut left_out) = (Vec::new(), Vec::new());
        for date in volumes
            .dates()
            .into_iter()
            .filter(|date| choice.takes(*date))
        {
            let calls = sum(date);
            if calls.iter().sum::<f64>() == 0.0 {
                // Closed, or not recorded.
                continue;
            }
            match zone.is_some_and(|zone| clocks_change(zone, date)) {
                true => left_out.push((date, LeftOut::ClockChange)),
                false => days.push((date, calls)),
            }
        }
        let usual = Usual::of(&days);
        days.retain(|(date, calls)| match usual.differs(calls, minutes) {
            Some(why) => {
                left_out.push((*date, why));
                false
            }
            None => true,
        });
        left_out.sort_by_key(|(date, _)| *date);
        let called = |slot: &usize| days.iter().any(|(_, calls)| calls[*slot] > 0.0);
        let slots = volumes.per_day() / times;
        let first = (0..slots).find(called)?;
        let last = (0..slots).rfind(called)?;
        let used: Vec<Date> = days.iter().map(|(date, _)| *date).collect();
        let line = |name: &&str| {
            let mut calls = vec![0.0; last + 1 - first];
            for date in &used {
                let day = volumes.day(name, *date, times);
                let own = day[first..=last].iter();
                calls.iter_mut().zip(own).for_each(|(sum, own)| *sum += own);
            }
            let mean = |sum: f64| sum / used.len() as f64;
            LineCalls {
                line: (*name).to_owned(),
                calls: calls.into_iter().map(mean).collect(),
            }
        };
        let lines = names.iter().map(line);
        let lines = lines.filter(|line| line.calls.iter().any(|calls| *calls > 0.0));
        Some(Self {
            interval: Span::minutes(minutes.into()),
            first_minute: first as u32 * minutes,
            lines: lines.collect(),
            calls: days
                .iter()
                .map(|(_, calls)| calls[first..=last].to_vec())
                .collect(),
            used,
            left_out,
        })
    }

    /// When an interval begins: `09:30`.
    pub fn start(&self, slot: usize) -> String {
        clock(i64::from(self.first_minute + slot as u32 * self.minutes()))
    }

    /// The length of every interval in minutes.
    pub fn minutes(&self) -> u32 {
        (self.interval.0 / 60_000) as u32
    }
}

/// In which intervals most days have calls, and many.
struct Usual {
    /// By interval: whether most days have calls; and the mean of those that have.
    slots: Vec<(bool, f64)>,
}

impl Usual {
    fn of(days: &[(Date, Vec<f64>)]) -> Self {
        let slots = days.first().map_or(0, |(_, calls)| calls.len());
        let usual = |slot: usize| {
            let with = days.iter().map(|(_, calls)| calls[slot]);
            let with = with.filter(|calls| *calls > 0.0);
            let count = with.clone().count();
            (
                count * 2 > days.len(),
                with.sum::<f64>() / count.max(1) as f64,
            )
        };
        Self {
            slots: (0..slots).map(usual).collect(),
        }
    }

    fn differs(&self, calls: &[f64], minutes: u32) -> Option<LeftOut> {
        let mut slots = self.slots.iter().zip(calls).enumerate();
        slots.find_map(|(slot, ((is_usual, mean), calls))| {
            let at = slot as u32 * minutes;
            match (is_usual, *calls) {
                (true, 0.0) if *mean >= USUAL_MIN => Some(LeftOut::Nobody { at }),
                (false, calls) if calls >= USUAL_MIN => Some(LeftOut::Somebody { at }),
                _ => None,
            }
        })
    }
}
