//! Which days are looked at, and what a typical one of them is like.

use super::hours::typical;
use super::reading::Request;
use super::slots::clocks_change;
use super::volumes::Volumes;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::time::Span;
use crate::sim::sheet::clock;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::BTreeSet;
use std::fmt;

/// Intervals in a row that have so many calls on most days, and none on one of them, were not open then, or are missing:
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
    pub skip: BTreeSet<Date>,
}

impl Default for Choice {
    fn default() -> Self {
        Self {
            weekdays: [true; 7],
            from: None,
            to: None,
            skip: BTreeSet::new(),
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
    /// It is before the first calls to a line.
    Before {
        /// Which one.
        line: String,
        /// The day of these.
        first: Date,
    },
    /// It is after the last ones.
    After {
        /// To which line.
        line: String,
        /// The day of these.
        last: Date,
    },
    /// By the menu it has other opening hours than most days.
    OtherHours,
    /// Nobody called in intervals in which there are calls on most days.
    Nobody {
        /// When they begin, in minutes after midnight.
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
            Self::Before { line, first } => {
                write!(f, "there are no calls to {line} before {first}")
            }
            Self::After { line, last } => write!(f, "there are no calls to {line} after {last}"),
            Self::OtherHours => f.write_str("the menu has other hours for it than for most days"),
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
    /// The days with calls to these lines, in intervals of so many minutes, but for those that are left out.
    ///
    /// # Errors
    /// Why no day is left.
    pub(super) fn of(
        (volumes, names): (&Volumes, &[&str]),
        minutes: u32,
        choice: &Choice,
        left_out: Vec<(Date, LeftOut)>,
    ) -> Result<Self, NoDay> {
        let times = (minutes / volumes.minutes) as usize;
        let mut days = called((volumes, names), times, choice);
        let is_left_out = |date: &Date| {
            left_out
                .binary_search_by_key(date, |(date, _)| *date)
                .is_ok()
        };
        days.retain(|(date, _)| !is_left_out(date));
        let called = |slot: &usize| days.iter().any(|(_, calls)| calls[*slot] > 0.0);
        let slots = volumes.per_day() / times;
        let first = (0..slots).find(called).ok_or(NoDay::Left)?;
        let last = (0..slots).rfind(called).ok_or(NoDay::Left)?;
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
        Ok(Self {
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

/// The chosen days that are not like the others, in order, each with why it is left out.
///
/// # Errors
/// If no day is one of all lines.
pub(super) fn unlike(
    (volumes, names): (&Volumes, &[&str]),
    minutes: u32,
    request: &Request,
) -> Result<Vec<(Date, LeftOut)>, NoDay> {
    let times = (minutes / volumes.minutes) as usize;
    let mut alike = Alike {
        days: called((volumes, names), times, &request.choice),
        left_out: Vec::new(),
    };
    alike.of_one_clock(request.timezone.as_ref());
    alike.of_all_lines(volumes, names)?;
    alike.of_one_kind_of_hours(request.plan.as_deref());
    alike.of_usual_intervals(minutes);
    Ok(alike.left_out)
}

/// The chosen days with calls to any of these lines, each with all of them: on others it was closed, or nothing was
/// recorded.
fn called((volumes, names): (&Volumes, &[&str]), times: usize, choice: &Choice) -> Vec<Day> {
    let sum = |date: Date| {
        let mut all = vec![0.0; volumes.per_day() / times];
        for line in names {
            let day = volumes.day(line, date, times);
            all.iter_mut().zip(day).for_each(|(all, own)| *all += own);
        }
        (date, all)
    };
    let dates = volumes.dates().into_iter();
    let days = dates.filter(|date| choice.takes(*date)).map(sum);
    days.filter(|(_, all)| all.iter().any(|calls| *calls > 0.0))
        .collect()
}

/// Why there are no days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NoDay {
    /// None has calls, or all are left out.
    Left,
    /// No day is one of all lines.
    InCommon {
        /// The line that was called last of all, and from when on.
        late: (String, Date),
        /// The one that was called no more first of all, and until when.
        early: (String, Date),
    },
}

/// A date, and its calls to all lines by interval.
type Day = (Date, Vec<f64>);

/// Days that are to be alike, and those that are not like them.
struct Alike {
    days: Vec<Day>,
    left_out: Vec<(Date, LeftOut)>,
}

impl Alike {
    /// Leaves out the days for which there is a reason.
    fn leave_out(&mut self, mut why: impl FnMut(usize, &Day) -> Option<LeftOut>) {
        let mut place = 0;
        self.days.retain(|day| {
            let why = why(place, day);
            place += 1;
            let is_alike = why.is_none();
            self.left_out.extend(why.map(|why| (day.0, why)));
            is_alike
        });
        self.left_out.sort_by_key(|(date, _)| *date);
    }

    fn of_one_clock(&mut self, zone: Option<&TimeZone>) {
        let Some(zone) = zone else { return };
        self.leave_out(|_, (date, _)| clocks_change(zone, *date).then_some(LeftOut::ClockChange));
    }

    /// Leaves the days of which all lines have records: calls of a part of the days are no mean of all of them.
    fn of_all_lines(&mut self, volumes: &Volumes, names: &[&str]) -> Result<(), NoDay> {
        let dates: Vec<Date> = self.days.iter().map(|(date, _)| *date).collect();
        let spans = names.iter().filter_map(|name| {
            let calls = |date: &Date| volumes.day(name, *date, 1).iter().sum();
            let calls: Vec<f64> = dates.iter().map(calls).collect();
            let (first, last) = span_of(&dates, &calls)?;
            Some(((*name).to_owned(), first, last))
        });
        let spans: Vec<(String, Date, Date)> = spans.collect();
        self.leave_out(|_, (date, _)| {
            let before = spans.iter().find(|(_, first, _)| date < first);
            let after = spans.iter().find(|(_, _, last)| last < date);
            let before = before.map(|(line, first, _)| LeftOut::Before {
                line: line.clone(),
                first: *first,
            });
            before.or(after.map(|(line, _, last)| LeftOut::After {
                line: line.clone(),
                last: *last,
            }))
        });
        let late = spans.iter().max_by_key(|(_, first, _)| *first);
        let early = spans.iter().min_by_key(|(_, _, last)| *last);
        match (late, early) {
            (Some((late, first, _)), Some((early, _, last))) if first > last => {
                Err(NoDay::InCommon {
                    late: (late.clone(), *first),
                    early: (early.clone(), *last),
                })
            }
            _ => Ok(()),
        }
    }

    fn of_one_kind_of_hours(&mut self, plan: Option<&Dialplan>) {
        let dates: Vec<Date> = self.days.iter().map(|(date, _)| *date).collect();
        let typical = typical(&dates, plan);
        self.leave_out(|place, _| (!typical[place]).then_some(LeftOut::OtherHours));
    }

    fn of_usual_intervals(&mut self, minutes: u32) {
        let usual = Usual::of(&self.days);
        self.leave_out(|_, (_, calls)| usual.differs(calls, minutes));
    }
}

/// From when until when a line has records; none where hardly anybody calls it. The days before and after are its own,
/// too, unless it is beyond chance that nobody called then, as many as do on these days of the week.
fn span_of(dates: &[Date], calls: &[f64]) -> Option<(Date, Date)> {
    let called = |calls: &f64| *calls > 0.0;
    let (first, last) = (
        calls.iter().position(called)?,
        calls.iter().rposition(called)?,
    );
    if calls.iter().sum::<f64>() < USUAL_MIN {
        return None;
    }
    let weekday = |place: usize| dates[place].weekday();
    let usual = |place: usize| {
        let own = (first..=last).filter(|other| weekday(*other) == weekday(place));
        let (days, sum) = own.fold((0.0, 0.0), |(days, sum), other| {
            (days + 1.0, sum + calls[other])
        });
        if days > 0.0 { sum / days } else { 0.0 }
    };
    let is_missed = |mut places: std::ops::Range<usize>| {
        let mut missed = 0.0;
        places.any(|place| {
            missed += usual(place);
            missed >= USUAL_MIN
        })
    };
    let from = if is_missed(0..first) { first } else { 0 };
    let to = match is_missed(last + 1..dates.len()) {
        true => last,
        false => dates.len() - 1,
    };
    Some((dates[from], dates[to]))
}

/// In which intervals most days have calls, and how many.
struct Usual {
    /// By interval: whether most days have calls; and their mean.
    slots: Vec<(bool, f64)>,
}

impl Usual {
    fn of(days: &[Day]) -> Self {
        let slots = days.first().map_or(0, |(_, calls)| calls.len());
        let usual = |slot: usize| {
            let calls = days.iter().map(|(_, calls)| calls[slot]);
            let with = calls.clone().filter(|calls| *calls > 0.0).count();
            (
                with * 2 > days.len(),
                calls.sum::<f64>() / days.len() as f64,
            )
        };
        Self {
            slots: (0..slots).map(usual).collect(),
        }
    }

    fn differs(&self, calls: &[f64], minutes: u32) -> Option<LeftOut> {
        let (mut missed, mut from) = (0.0, 0);
        for (slot, ((is_usual, mean), calls)) in self.slots.iter().zip(calls).enumerate() {
            let at = |slot: usize| slot as u32 * minutes;
            if !is_usual && *calls >= USUAL_MIN {
                return Some(LeftOut::Somebody { at: at(slot) });
            }
            if *calls > 0.0 {
                missed = 0.0;
            } else if *is_usual {
                from = if missed == 0.0 { slot } else { from };
                missed += mean;
            }
            if missed >= USUAL_MIN {
                return Some(LeftOut::Nobody { at: at(from) });
            }
        }
        None
    }
}
