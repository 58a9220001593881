//! What the menu says of the hours: which queues can be reached when, and which days have the same.

use crate::exchange::calendar::DayHours;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::id::LineId;
use crate::exchange::id::QueueId;
use crate::sim::openings;
use jiff::civil::Date;
use jiff::civil::date;
use std::collections::BTreeMap;
use std::sync::Arc;

/// From which days of calendars are counted.
const EPOCH: Date = date(1970, 1, 1);
const MINUTE_MS: i64 = 60_000;
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

/// Those of some dates that have the opening hours of most of them; all of them where no menu tells.
pub(super) fn typical(dates: &[Date], plan: Option<&Dialplan>) -> Vec<bool> {
    let hours = |date: &Date| -> Vec<&DayHours> {
        let since = EPOCH.until(*date).map_or(0, |span| span.get_days());
        let calendars = plan.map_or(&[][..], |plan| &plan.calendars);
        calendars.iter().map(|one| one.hours_of(since)).collect()
    };
    let all: Vec<Vec<&DayHours>> = dates.iter().map(hours).collect();
    let alike = |own: &&Vec<&DayHours>| all.iter().filter(|other| other == own).count();
    // Of several with as many the last one.
    let most = all.iter().max_by_key(alike);
    all.iter().map(|own| Some(own) == most).collect()
}
