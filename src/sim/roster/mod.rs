//! Rosters: people by name, each with shifts, breaks, a share of the calls and a speed.

mod csv;
mod row;

pub use row::WEIGHTS;

use super::scenario::names::Names;
use super::sheet::Kind;
use super::sheet::Sheet;
use super::sheet::clock;
use super::worker::Shift;
use super::worker::Worker;
use crate::exchange::id::GroupId;
use crate::exchange::time::Span;
use crate::menu::FULL_WEIGHT;
use crate::menu::diagnostic::Diagnostics;
use crate::menu::diagnostic::Place;
use crate::menu::source::Sources;
use jiff::civil::DateTime;
use jiff::civil::Time;
use row::Entry;
use row::Hours;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

const KIND: Kind = Kind {
    code: "roster-row",
    required: &["date", "agent", "groups", "start", "end"],
    optional: &["skills", "tier", "weight", "speed", "breaks"],
};
const MINUTE_MS: i64 = 60_000;

/// People by name.
#[derive(Clone, Debug, PartialEq)]
pub struct Roster {
    /// In the order of the file. Who goes before tick 0 is left out.
    pub workers: Vec<Worker>,
}

impl Roster {
    /// Reads a roster; all wrong cells are reported. `named_at` is where its name stands, `origin`
    /// the local time of tick 0, if it is known.
    pub(super) fn read(
        path: &Path,
        named_at: &Place,
        origin: Option<DateTime>,
        names: &Names<'_>,
        sources: &mut Sources,
        problems: &mut Diagnostics,
    ) -> Option<Self> {
        let sheet = Sheet::read(path, named_at, &KIND, sources, problems)?;
        let roster = roster(&sheet, &row::read_all(&sheet, names), origin);
        let fine = sheet.finish(problems);
        roster.filter(|_| fine)
    }

    /// Whether anybody of the group ever comes.
    pub fn has(&self, group: GroupId) -> bool {
        let mut workers = self.workers.iter();
        workers.any(|worker| worker.groups.contains(&group))
    }

    /// From the first shift's beginning to the last one's end, from tick 0; none where nobody comes.
    pub fn covers(&self) -> Option<Range<Span>> {
        let shifts = self.workers.iter().flat_map(|worker| &worker.shifts);
        let first = shifts.clone().map(|shift| shift.from.0).min()?;
        let last = shifts.map(|shift| shift.to.0).max()?;
        Some(Span(first)..Span(last))
    }
}

fn roster(sheet: &Sheet, entries: &[Entry<'_>], origin: Option<DateTime>) -> Option<Roster> {
    let first = entries.first()?.date;
    let origin = origin.unwrap_or_else(|| first.to_datetime(Time::midnight()));
    let mut people: Vec<Vec<&Entry<'_>>> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for entry in entries {
        if entry.date != origin.date() {
            sheet.another_day(entry.row, format_args!("the run's {}", origin.date()));
            continue;
        }
        let place = *places.entry(entry.agent).or_insert(people.len());
        if place == people.len() {
            people.push(Vec::new());
        }
        people[place].push(entry);
    }
    let midnight = origin.date().to_datetime(Time::midnight());
    let origin_ms = origin.duration_since(midnight).as_millis() as i64;
    let workers = people.into_iter().filter_map(|mut entries| {
        agree(sheet, &entries);
        entries.sort_by_key(|entry| entry.shift.from);
        apart(sheet, &entries);
        worker(&entries, origin_ms)
    });
    Some(Roster {
        workers: workers.collect(),
    })
}

/// Reports rows of one person that differ in more than their times.
fn agree(sheet: &Sheet, entries: &[&Entry<'_>]) {
    let Some((first, others)) = entries.split_first() else {
        return;
    };
    for entry in others {
        let (one, other) = (&first.traits, &entry.traits);
        let differences = [
            ("groups", one.groups != other.groups),
            ("skills", one.skills != other.skills),
            ("tier", one.tier != other.tier),
            ("weight", one.weight != other.weight),
            ("speed", one.speed != other.speed),
        ];
        for (column, _) in differences.iter().filter(|(_, differ)| *differ) {
            let (agent, number) = (entry.agent, first.row.number);
            let message = format!("not what row {number} says of `{agent}`");
            let help = "the rows of one person differ in their times only".to_owned();
            sheet.wrong(entry.row, column, message, Some(help));
        }
    }
}

/// Reports shifts of one person, in the order of time, that overlap.
fn apart(sheet: &Sheet, entries: &[&Entry<'_>]) {
    let Some((mut longest, others)) = entries.split_first() else {
        return;
    };
    for entry in others {
        if entry.shift.from < longest.shift.to {
            let (end, number) = (clock(longest.shift.to), longest.row.number);
            let agent = entry.agent;
            let message = format!("`{agent}` is on duty until {end} already, by row {number}");
            sheet.wrong(entry.row, "start", message, None);
        }
        if entry.shift.to > longest.shift.to {
            longest = entry;
        }
    }
}

/// None for somebody who goes before tick 0.
fn worker(entries: &[&Entry<'_>], origin_ms: i64) -> Option<Worker> {
    let first = entries.first()?;
    // Shifts that touch are one: nobody goes home and comes back at the same moment.
    let mut turns: Vec<(Hours, Vec<Hours>)> = Vec::new();
    for entry in entries {
        match turns.last_mut() {
            Some((shift, breaks)) if shift.to >= entry.shift.from => {
                shift.to = entry.shift.to;
                breaks.extend(&entry.breaks);
            }
            _ => turns.push((entry.shift, entry.breaks.clone())),
        }
    }
    let ms = |minutes: i64| minutes * MINUTE_MS - origin_ms;
    let span = |hours: &Hours| (ms(hours.from), ms(hours.to));
    let shifts = turns.iter().filter_map(|(shift, breaks)| {
        let (from_ms, to_ms) = span(shift);
        let breaks: Vec<_> = breaks.iter().map(span).collect();
        Shift::new(from_ms, to_ms, &breaks)
    });
    let shifts: Vec<Shift> = shifts.collect();
    let traits = &first.traits;
    (!shifts.is_empty()).then(|| Worker {
        name: first.agent.to_owned(),
        groups: traits.groups.clone(),
        skills: traits.skills.clone(),
        tier: traits.tier,
        weight: (traits.weight * f64::from(FULL_WEIGHT)).round() as u32,
        speed: traits.speed.clone(),
        shifts,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::dialplan::Dialplan;
    use crate::exchange::dialplan::Group;
    use crate::exchange::dialplan::StepNames;
    use crate::exchange::time::Tick;
    use crate::menu::source::FileId;
    use crate::sim::speed::Speed;
    use jiff::civil::date;

    const MINUTE: u64 = 60_000;

    /// A roster for a run that begins at 09:00, and what is wrong with it.
    fn read(text: &str) -> (Option<Roster>, String) {
        let group = |name: &str| Group {
            name: name.to_owned(),
            ..Group::default()
        };
        let dialplan = Dialplan {
            groups: vec![group("support"), group("sales")],
            ..Dialplan::default()
        };
        let mut sources = Sources::default();
        let path = Path::new("roster.csv");
        let file: FileId = sources.add(path, text.to_owned());
        let named_at = Place { file, span: 0..0 };
        let origin = Some(date(2026, 11, 23).at(9, 0, 0, 0));
        let steps = StepNames::new(&dialplan);
        let names = Names::new(&dialplan, &steps);
        let mut problems = Diagnostics::default();
        let roster = Roster::read(path, &named_at, origin, &names, &mut sources, &mut problems);
        (roster, problems.render(&sources, false))
    }

    fn people(text: &str) -> Vec<Worker> {
        let (roster, problems) = read(text);
        assert_eq!(problems, "");
        roster.expect("a roster").workers
    }

    /// From and to, in minutes from tick 0.
    fn minutes(worker: &Worker) -> Vec<(u64, u64)> {
        let minutes = |tick: Tick| tick.0 / MINUTE;
        let shifts = worker.shifts.iter();
        shifts
            .map(|shift| (minutes(shift.from), minutes(shift.to)))
            .collect()
    }

    #[test]
    fn columns_that_may_be_left_out_have_their_usual_values() {
        let people = people(
            "start,end,agent,date,groups\n\
             09:00,17:00,ana,2026-11-23,sales support sales\n",
        );
        let [ana] = &people[..] else {
            panic!("one person");
        };
        assert_eq!(ana.groups, [GroupId(0), GroupId(1)]);
        assert_eq!((ana.skills.as_ref(), ana.tier), (None, 0));
        assert_eq!(ana.weight, FULL_WEIGHT);
        assert_eq!(ana.speed, Speed::default());
        assert_eq!(minutes(ana), [(0, 480)]);
        assert!(ana.shifts[0].breaks.is_empty());
    }

    #[test]
    fn shifts_of_one_person_are_in_order_and_those_that_touch_are_one() {
        let people = people(
            "date,agent,groups,weight,start,end,breaks\n\
             2026-11-23,ana,sales,0.5,13:00,15:00,14:00-14:15\n\
             2026-11-23,ben,sales,,16:00,24:00,\n\
             2026-11-23,ana,sales,0.5,20:00,21:00,\n\
             2026-11-23,ana,sales,0.5,10:00,13:00,12:00-12:15 12:15-12:20\n",
        );
        let names: Vec<&str> = people.iter().map(|worker| worker.name.as_str()).collect();
        assert_eq!(names, ["ana", "ben"]);
        let ana = &people[0];
        assert_eq!(minutes(ana), [(60, 360), (660, 720)]);
        let breaks = ana.shifts[0].breaks.iter();
        let breaks: Vec<u64> = breaks.map(|at| at.at.0 / MINUTE).collect();
        assert_eq!(breaks, [180, 195, 300]);
        assert_eq!(ana.weight, FULL_WEIGHT / 2);
        assert_eq!(minutes(&people[1]), [(420, 900)]);
    }

    #[test]
    fn who_goes_before_the_run_begins_is_left_out() {
        let text = "date,agent,groups,start,end\n\
                    2026-11-23,ana,sales,00:00,09:00\n\
                    2026-11-23,ben,sales,08:00,09:01\n";
        let (roster, _) = read(text);
        let roster = roster.expect("a roster");
        assert_eq!(roster.workers.len(), 1);
        assert_eq!(minutes(&roster.workers[0]), [(0, 1)]);
        assert!(roster.has(GroupId(1)) && !roster.has(GroupId(0)));
        assert_eq!(roster.covers(), Some(Span::ZERO..Span::minutes(1)));
    }

    #[test]
    fn a_long_shift_is_seen_to_overlap_with_all_that_it_holds() {
        let text = "date,agent,groups,start,end\n\
                    2026-11-23,ana,sales,09:00,17:00\n\
                    2026-11-23,ana,sales,10:00,11:00\n\
                    2026-11-23,ana,sales,12:00,13:00\n";
        let (roster, problems) = read(text);
        assert_eq!(roster, None);
        assert_eq!(problems.matches("until 17:00 already, by row 2").count(), 2);
    }
}
