//! Sums of call records, kept while these are read.

use super::days::Choice;
use super::findings::Calls;
use super::findings::queue_name;
use super::hours::Hours;
use super::patience::Waits;
use super::reading::Request;
use super::record::Outcome;
use super::record::Record;
use super::records::RECORDS_MAX;
use super::records::Taker;
use super::redial;
use super::redial::Attempt;
use super::redial::KEPT_MAX;
use super::redial::Redials;
use super::slots::local;
use super::slots::minute;
use super::talk::Talks;
use super::talk_by_time::TalksByTime;
use super::volumes::DAYS_MAX;
use super::volumes::LINES_MAX;
use super::volumes::Refused;
use super::volumes::Volumes;
use super::ways::ByHours;
use super::went::Went;
use crate::measure::course::is_withheld;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::collections::HashSet;
use std::hash::DefaultHasher;
use std::hash::Hash;
use std::hash::Hasher;

/// The length of intervals, unless another is asked for, in minutes.
const USUAL_INTERVAL: u32 = 30;

/// Sums of call records.
#[derive(Debug)]
pub(super) struct Sums {
    zone: TimeZone,
    choice: Choice,
    lines: Vec<String>,
    /// Lines that calls were to besides.
    pub(super) other_lines: BTreeSet<String>,
    /// All calls; those of them of callers who call again; and those of which nobody knows.
    volumes: Volumes,
    again: Volumes,
    withheld: Volumes,
    seen: HashSet<u64>,
    taken: u64,
    twice: u64,
    left_out: u64,
    cut_off: u64,
    talks: Talks,
    /// By line and queue.
    talks_by_queue: BTreeMap<String, BTreeMap<String, Talks>>,
    talks_by_time: BTreeMap<String, BTreeMap<String, TalksByTime>>,
    waits: Waits,
    waits_by_queue: BTreeMap<String, BTreeMap<String, Waits>>,
    redials: Redials,
    went: Went,
    hours: Hours,
    /// Of all calls, and of those that are no redials, as far as that is known.
    ways: BTreeMap<String, ByHours>,
    first_ways: BTreeMap<String, ByHours>,
}

impl Sums {
    pub(super) fn new(request: &Request) -> Self {
        Self {
            zone: request.timezone.clone().unwrap_or(TimeZone::UTC),
            choice: request.choice.clone(),
            lines: request.lines(),
            other_lines: BTreeSet::new(),
            volumes: Volumes::new(request.interval.unwrap_or(USUAL_INTERVAL)),
            again: Volumes::new(request.interval.unwrap_or(USUAL_INTERVAL)),
            withheld: Volumes::new(request.interval.unwrap_or(USUAL_INTERVAL)),
            seen: HashSet::new(),
            taken: 0,
            twice: 0,
            left_out: 0,
            cut_off: 0,
            talks: Talks::default(),
            talks_by_queue: BTreeMap::new(),
            talks_by_time: BTreeMap::new(),
            waits: Waits::default(),
            redials: Redials::keeping(KEPT_MAX),
            went: Went::default(),
            waits_by_queue: BTreeMap::new(),
            hours: Hours::new(request.plan.as_ref()),
            ways: BTreeMap::new(),
            first_ways: BTreeMap::new(),
        }
    }

    /// Whether not one record was read.
    pub(super) fn is_empty(&self) -> bool {
        self.seen.is_empty()
    }

    /// Whether this record was not there before.
    fn is_new(&mut self, record: &Record) -> bool {
        let who = (&record.bridge, &record.call, &record.line, &record.caller);
        let times = (
            record.started_ms,
            record.ended_ms,
            record.wait_ms,
            record.talk_ms,
        );
        self.seen
            .insert(hash(&(who, times, &record.queue, &record.outcome)))
    }
}

fn hash(of: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

impl Taker for Sums {
    fn take(&mut self, record: &Record) -> Result<(), String> {
        if self.seen.len() == RECORDS_MAX {
            return Err(format!("more than {RECORDS_MAX} records"));
        }
        if !self.is_new(record) {
            self.twice += 1;
            return Ok(());
        }
        let outcome = Outcome::named(&record.outcome).ok().flatten();
        let (Some(outcome), false) = (outcome, record.is_stray()) else {
            self.left_out += 1;
            return Ok(());
        };
        if !self.lines.is_empty() && !self.lines.contains(&record.line) {
            if self.other_lines.len() < LINES_MAX && !self.other_lines.contains(&record.line) {
                self.other_lines.insert(record.line.clone());
            }
            self.left_out += 1;
            return Ok(());
        }
        let Some(at) = local(&self.zone, record.started_ms) else {
            return Ok(());
        };
        let date = at.date();
        if !self.choice.takes(date) {
            return Ok(());
        }
        self.taken += 1;
        let slot = (minute(at) / self.volumes.minutes) as usize;
        let place = (record.line.as_str(), date, slot);
        self.volumes.add(place).map_err(|refused| match refused {
            Refused::Lines => format!("more than {LINES_MAX} lines"),
            Refused::Days | Refused::Twice => format!("more than {DAYS_MAX} days"),
        })?;
        self.who_called(record, outcome, place);
        self.waited(record, outcome, (date, slot));
        Ok(())
    }
}

impl Sums {
    /// Notes where a call went and who called, for who calls again.
    fn who_called(&mut self, record: &Record, outcome: Outcome, place: (&str, Date, usize)) {
        let queue = record.queue.as_deref();
        let open = self.hours.open(&record.line, record.started_ms);
        let (at, ended) = ((record.started_ms, place.2), (outcome, queue));
        of(&mut self.ways, &record.line).note(&open, at, ended);
        let caller = record.caller.as_ref().filter(|caller| !is_withheld(caller));
        let Some(caller) = caller else {
            self.redials.note_withheld(outcome);
            self.withheld
                .add(place)
                .expect("as many lines and days as all calls have");
            of(&mut self.first_ways, &record.line).note(&open, at, ended);
            return;
        };
        let attempt = Attempt {
            started_ms: record.started_ms,
            caller: hash(&(&record.line, caller)),
            // Two days at most.
            length_ms: (record.ended_ms - record.started_ms) as u32,
            way: self.went.way(&record.line, queue),
            outcome,
        };
        if self.redials.keep(attempt) {
            self.settle(false);
        }
    }

    /// Tells first attempts from others: of the older half of the calls, or of all of them.
    fn settle(&mut self, all: bool) {
        for attempt in self.redials.oldest(all) {
            let is_again = self.redials.is_again(&attempt);
            let (line, queue) = self.went.at(attempt.way);
            let at = local(&self.zone, attempt.started_ms).expect("a time that was taken");
            let slot = (minute(at) / self.again.minutes) as usize;
            if !is_again {
                let open = self.hours.open(line, attempt.started_ms);
                let (at, ended) = ((attempt.started_ms, slot), (attempt.outcome, queue));
                of(&mut self.first_ways, line).note(&open, at, ended);
                continue;
            }
            let added = self.again.add((line, at.date(), slot));
            added.expect("as many lines and days as all calls have");
        }
    }

    /// Notes how long a call waited, and how long it talked.
    fn waited(&mut self, record: &Record, outcome: Outcome, (date, slot): (Date, usize)) {
        let Some(queue) = record.queue.as_deref() else {
            return;
        };
        let by_queue = of(&mut self.waits_by_queue, &record.line);
        for waits in [&mut self.waits, of(by_queue, queue)] {
            waits.note(record.wait_ms, outcome == Outcome::Abandoned);
        }
        if outcome != Outcome::Answered || record.talk_ms == 0 {
            return;
        }
        let is_cut_off = record.is_cut_off();
        self.cut_off += u64::from(is_cut_off);
        let by_queue = of(&mut self.talks_by_queue, &record.line);
        for talks in [&mut self.talks, of(by_queue, queue)] {
            talks.note(date, record.talk_ms, is_cut_off);
        }
        let by_time = of(&mut self.talks_by_time, &record.line);
        of(by_time, queue).note(slot, record.talk_ms);
    }

    /// Calls by line, day and interval, once all are read: those of callers who do not call again, where it is
    /// known who does. Of withheld numbers as many are taken to call again as of others.
    pub(super) fn take_volumes(&mut self) -> Volumes {
        self.settle(true);
        let empty = Volumes::new(self.volumes.minutes);
        let mut volumes = std::mem::replace(&mut self.volumes, empty);
        if matches!(self.redials.found(), redial::Found::Known(_)) {
            volumes.take_out(&self.again, &self.withheld);
        }
        volumes
    }

    /// What is found in them.
    pub(super) fn found(self) -> Calls {
        let several = self.ways.len() > 1;
        let talk_by_queue = by_queue(several, &self.talks_by_queue, Talks::law);
        let patience_by_queue =
            by_queue(several, &self.waits_by_queue, |waits| Some(waits.found()));
        let redial = self.redials.found();
        let talk_by_time = by_queue(several, &self.talks_by_time, |talks| Some(talks.found()));
        let whole = self.ways.iter();
        let whole = whole.map(|(line, all)| (line.clone(), all.whole()));
        let whole = whole.collect();
        let first_ways = match redial {
            redial::Found::Known(_) => self.first_ways,
            _ => self.ways,
        };
        Calls {
            records: self.taken,
            twice: self.twice,
            left_out: self.left_out,
            talk: self.talks.law(),
            talks: self.talks.count(),
            cut_off: self.cut_off,
            talk_by_queue,
            patience: self.waits.found(),
            patience_by_queue,
            redial,
            talk_by_time,
            first_ways,
            ways: whole,
        }
    }
}

/// What is found of each queue that has something to find.
fn by_queue<T, F>(
    several: bool,
    lines: &BTreeMap<String, BTreeMap<String, T>>,
    found: impl Fn(&T) -> Option<F>,
) -> BTreeMap<String, F> {
    let mut all = BTreeMap::new();
    for (line, queues) in lines {
        for (queue, of_queue) in queues {
            let found = found(of_queue);
            all.extend(found.map(|found| (queue_name(several, line, queue), found)));
        }
    }
    all
}

/// The value of a name, which is looked for far more often than it is new.
fn of<'m, T: Default>(map: &'m mut BTreeMap<String, T>, name: &str) -> &'m mut T {
    if !map.contains_key(name) {
        map.insert(name.to_owned(), T::default());
    }
    map.get_mut(name).expect("a name that is there")
}
