//! What the menu says of the hours: which queues can be reached when, and which days have the same.

use crate::exchange::calendar::DayHours;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::id::LineId;
use crate::exchange::id::QueueId;
use crate::sim::openings;
use jiff::civil::Date;
use jiff::civil::date;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::sync::Arc;

/// From which days of calendars are counted.
const EPOCH: Date = date(1970, 1, 1);
const MINUTE_MS: i64 = 60_000;
/// Minutes of a day, and of the parts in which its hours are looked at.
const DAY_MIN: u32 = 1440;
const PART_MIN: usize = 15;
/// The most minutes of a line that are remembered.
const KNOWN_MAX: usize = 10_000;

/// The hours of the lines whose menus are known.
#[derive(Debug)]
pub(super) struct Hours {
    plan: Option<Arc<Dialplan>>,
    /// By line, minutes that were asked for, and what is open then.
    known: BTreeMap<String, BTreeMap<i64, Arc<[QueueId]>>>,
}

impl Hours {
    pub(super) fn new(plan: Option<&Arc<Dialplan>>) -> Self {
        Self {
            plan: plan.cloned(),
            known: BTreeMap::new(),
        }
    }

    /// The queues that callers of a line can come to at this Unix time in milliseconds; none where no menu tells.
    pub(super) fn open(&mut self, line: &str, unix_ms: i64) -> Arc<[QueueId]> {
        let minute = unix_ms.div_euclid(MINUTE_MS);
        let known = self.known.get(line).and_then(|known| known.get(&minute));
        if let Some(open) = known {
            return Arc::clone(open);
        }
        let open = self.found(line, minute * MINUTE_MS);
        let known = self.known.entry(line.to_owned()).or_default();
        if known.len() == KNOWN_MAX {
            // Records are mostly in order, and these are over.
            known.clear();
        }
        known.insert(minute, Arc::clone(&open));
        open
    }

    fn found(&self, line: &str, unix_ms: i64) -> Arc<[QueueId]> {
        let Some(plan) = &self.plan else {
            return Arc::default();
        };
        let place = plan.lines.iter().position(|known| known.name == line);
        let place = place.map(|place| LineId(place as u16));
        place.map_or_else(Arc::default, |line| {
            openings::at(plan, line, unix_ms).into()
        })
    }
}

/// Those of some dates on which the same queues can be reached at the same times as on most of them; all of them where no
/// menu tells.
pub(super) fn typical(dates: &[Date], plan: Option<&Dialplan>) -> Vec<bool> {
    let Some(plan) = plan else {
        return vec![true; dates.len()];
    };
    // Days for which all calendars say the same are looked at once.
    let hours = |date: &Date| -> Vec<&DayHours> {
        let since = EPOCH.until(*date).map_or(0, |span| span.get_days());
        let calendars = plan.calendars.iter();
        calendars.map(|one| one.hours_of(since)).collect()
    };
    let mut known: Vec<(Vec<&DayHours>, Vec<Vec<QueueId>>)> = Vec::new();
    let mut kind = |date: &Date| {
        let hours = hours(date);
        let place = known.iter().position(|(other, _)| *other == hours);
        let place = place.unwrap_or_else(|| {
            known.push((hours, reached(plan, *date)));
            known.len() - 1
        });
        let reached = &known[place].1;
        let mut all = known.iter();
        all.position(|(_, other)| other == reached).unwrap_or(place)
    };
    let all: Vec<usize> = dates.iter().map(&mut kind).collect();
    let alike = |own: &&usize| all.iter().filter(|other| other == own).count();
    // Of several with as many the last one.
    let most = all.iter().max_by_key(alike);
    all.iter().map(|own| Some(own) == most).collect()
}

/// The queues that callers of each line can come to in each part of a day.
fn reached(plan: &Dialplan, date: Date) -> Vec<Vec<QueueId>> {
    let lines = plan.lines.iter().enumerate();
    let lines = lines.flat_map(|(place, line)| {
        let zone = TimeZone::get(&line.timezone).unwrap_or(TimeZone::UTC);
        (0..DAY_MIN).step_by(PART_MIN).map(move |minute| {
            let at = date.at((minute / 60) as i8, (minute % 60) as i8, 0, 0);
            let at = zone.to_ambiguous_timestamp(at).compatible();
            let unix_ms = at.map_or(0, |at| at.as_millisecond());
            openings::at(plan, LineId(place as u16), unix_ms)
        })
    });
    lines.collect()
}
