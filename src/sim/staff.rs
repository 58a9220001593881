//! Staff: head counts by group and interval, and the people who keep whole shifts behind them.

use super::scenario::names::Names;
use super::sheet::Kind;
use super::sheet::Row;
use super::sheet::Sheet;
use super::sheet::Slot;
use super::sheet::clock;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::id::GroupId;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use crate::menu::diagnostic::Diagnostics;
use crate::menu::diagnostic::Place;
use crate::menu::source::Sources;
use crate::menu::value;
use jiff::civil::DateTime;
use jiff::civil::Time;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::collections::VecDeque;
use std::path::Path;

/// The most people of one kind on duty at a time.
pub const AGENTS_MAX: u32 = 100_000;
/// The level of a skill that a file names without one.
pub const SKILL_LEVEL: u8 = 100;

const KIND: Kind = Kind {
    code: "staff-row",
    required: &["date", "start", "interval_min", "group", "agents"],
    optional: &["skills"],
};

/// Skills with their levels, in the order of their names.
pub type Skills = Vec<(String, u8)>;

/// Head counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Staff {
    /// From tick 0 to the first interval, in milliseconds; negative when people come before.
    first_ms: i64,
    interval: Span,
    blocks: Vec<Block>,
}

/// People of one kind.
#[derive(Clone, Debug, PartialEq)]
struct Block {
    group: GroupId,
    skills: Option<Skills>,
    heads: Vec<u32>,
}

/// One person's time on duty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shift {
    /// `support-01`.
    pub name: String,
    /// The group.
    pub group: GroupId,
    /// What the person can; none means everything that callers of the group may need.
    pub skills: Option<Skills>,
    /// Comes.
    pub from: Tick,
    /// Goes, perhaps after the run's end.
    pub to: Tick,
}

impl Staff {
    /// The same people from tick 0 to the end of a run.
    pub fn constant(length: Span, heads: Vec<(GroupId, u32)>) -> Self {
        let blocks = heads.into_iter().map(|(group, heads)| Block {
            group,
            skills: None,
            heads: vec![heads],
        });
        Self {
            first_ms: 0,
            interval: length,
            blocks: blocks.collect(),
        }
    }

    /// Reads a staff file; all wrong rows are reported. `named_at` is where its name stands,
    /// `origin` the local time of tick 0, if it is known.
    pub(super) fn read(
        path: &Path,
        named_at: &Place,
        origin: Option<DateTime>,
        names: &Names<'_>,
        sources: &mut Sources,
        problems: &mut Diagnostics,
    ) -> Option<Self> {
        let sheet = Sheet::read(path, named_at, &KIND, sources, problems)?;
        let staff = staff(&sheet, &rows(&sheet, names), origin, names);
        let fine = sheet.finish(problems);
        staff.filter(|_| fine)
    }

    /// Whether anybody of the group ever comes.
    pub fn has(&self, group: GroupId) -> bool {
        self.blocks
            .iter()
            .any(|block| block.group == group && block.heads.iter().any(|heads| *heads > 0))
    }

    /// When the last interval ends, from tick 0.
    pub fn end(&self) -> Span {
        let intervals = self.blocks.first().map_or(0, |block| block.heads.len());
        let end = self.first_ms + (self.interval.0 * intervals as u64) as i64;
        // Nobody at all is nothing that could end early.
        if intervals == 0 {
            Span(u64::MAX)
        } else {
            Span(end.max(0) as u64)
        }
    }

    /// Adds people to a group (or takes them away) whenever anybody of it is on duty. They are of
    /// the group's most frequent kind.
    pub fn add(&mut self, group: GroupId, people: i64) {
        let intervals = self.blocks.first().map_or(0, |block| block.heads.len());
        let mut of_group: Vec<&mut Block> = self
            .blocks
            .iter_mut()
            .filter(|block| block.group == group)
            .collect();
        of_group.sort_by_key(|block| {
            std::cmp::Reverse(block.heads.iter().copied().map(u64::from).sum::<u64>())
        });
        for place in 0..intervals {
            let mut left = people;
            if of_group.iter().all(|block| block.heads[place] == 0) {
                continue;
            }
            for block in &mut of_group {
                let heads = i64::from(block.heads[place]);
                let now = (heads + left).clamp(0, i64::from(AGENTS_MAX));
                left -= now - heads;
                block.heads[place] = now as u32;
            }
        }
    }

    /// The people behind the head counts: when a count falls, those who came first go first; when
    /// it rises, new people come. Nobody comes twice.
    pub fn shifts(&self, dialplan: &Dialplan) -> Vec<Shift> {
        let mut shifts = Vec::new();
        for block in &self.blocks {
            self.shifts_of(block, &mut shifts);
        }
        shifts.sort_by_key(|shift| (shift.group, shift.from));
        let mut place = 0;
        while place < shifts.len() {
            let group = shifts[place].group;
            let people = shifts[place..].partition_point(|shift| shift.group == group);
            let width = people.to_string().len().max(2);
            let name = &dialplan.group(group).name;
            for (number, shift) in shifts[place..place + people].iter_mut().enumerate() {
                shift.name = format!("{name}-{:0width$}", number + 1);
            }
            place += people;
        }
        shifts
    }

    fn shifts_of(&self, block: &Block, shifts: &mut Vec<Shift>) {
        let tick = |place: usize| {
            let ms = self.first_ms + (self.interval.0 * place as u64) as i64;
            Tick(ms.max(0) as u64)
        };
        let mut on_duty: VecDeque<usize> = VecDeque::new();
        for (place, heads) in block.heads.iter().enumerate() {
            while on_duty.len() > *heads as usize {
                if let Some(goes) = on_duty.pop_front() {
                    shifts[goes].to = tick(place);
                }
            }
            while on_duty.len() < *heads as usize {
                on_duty.push_back(shifts.len());
                shifts.push(Shift {
                    name: String::new(),
                    group: block.group,
                    skills: block.skills.clone(),
                    from: tick(place),
                    to: tick(block.heads.len()),
                });
            }
        }
        // Those who went before tick 0 are not there at all.
        shifts.retain(|shift| shift.to > shift.from);
    }
}

/// What a row says.
struct Entry<'s> {
    row: &'s Row,
    slot: Slot,
    group: GroupId,
    skills: Option<Skills>,
    agents: u32,
}

fn rows<'s>(sheet: &'s Sheet, names: &Names<'_>) -> Vec<Entry<'s>> {
    let mut entries = Vec::new();
    for row in &sheet.rows {
        let slot = sheet.slot(row);
        let name = sheet.cell(row, "group").unwrap_or("");
        let group = names.group(name);
        if group.is_none() {
            let message = format!("there is no group `{name}`");
            let help = value::suggestion(name, names.groups());
            sheet.wrong_as("unknown-group", row, "group", message, help);
        }
        let agents = sheet.number(row, "agents", f64::from(AGENTS_MAX));
        if agents.is_some_and(|agents| agents.fract() > 0.0) {
            let message = "people come whole";
            sheet.wrong(row, "agents", message, None);
        }
        let skills = skills(sheet, row);
        if let (Some(slot), Some(group), Some(agents), Some(skills)) = (slot, group, agents, skills)
        {
            entries.push(Entry {
                row,
                slot,
                group,
                skills,
                agents: agents as u32,
            });
        }
    }
    entries
}

/// `es ca` or `en=90 es=100`; an empty cell is like no column.
fn skills(sheet: &Sheet, row: &Row) -> Option<Option<Skills>> {
    let text = sheet.cell(row, "skills").unwrap_or("");
    let mut skills = Skills::new();
    for word in text.split_whitespace() {
        let (name, level) = match word.split_once('=') {
            Some((name, level)) => (name, level.parse().ok().filter(|level| *level <= 100)),
            None => (word, Some(SKILL_LEVEL)),
        };
        let Some(level) = level.filter(|_| !name.is_empty()) else {
            let message = format!("`{word}` is not a skill with a level from 0 to 100");
            let help = Some("write `es ca`, or with levels `es=100 ca=80`".to_owned());
            sheet.wrong(row, "skills", message, help);
            return None;
        };
        skills.push((name.to_owned(), level));
    }
    skills.sort();
    Some((!skills.is_empty()).then_some(skills))
}

fn staff(
    sheet: &Sheet,
    entries: &[Entry<'_>],
    origin: Option<DateTime>,
    names: &Names<'_>,
) -> Option<Staff> {
    let model = entries.first()?.slot;
    let origin = origin.unwrap_or_else(|| model.date.to_datetime(Time::midnight()));
    let mut kinds: BTreeMap<(GroupId, Option<Skills>), BTreeMap<i64, u32>> = BTreeMap::new();
    for entry in entries {
        let slot = entry.slot;
        if slot.date != origin.date() {
            let message = format!("another day than the run's {}", origin.date());
            sheet.wrong(entry.row, "date", message, None);
        } else if sheet.in_step(entry.row, slot, model) {
            let kind = (entry.group, entry.skills.clone());
            let slots = kinds.entry(kind).or_default();
            if slots.insert(slot.start, entry.agents).is_some() {
                let message = "a second row for this group, these skills and this interval";
                sheet.wrong(entry.row, "start", message, None);
            }
        }
    }
    let starts = || kinds.values().flat_map(BTreeMap::keys).copied();
    let (first, last) = (starts().min()?, starts().max()?);
    let all: Vec<i64> = (first..=last).step_by(model.minutes as usize).collect();
    gaps(sheet, entries, &all, names);
    let blocks = kinds.into_iter().map(|((group, skills), slots)| Block {
        group,
        skills,
        heads: all
            .iter()
            .map(|start| slots.get(start).copied().unwrap_or(0))
            .collect(),
    });
    let midnight = origin.date().to_datetime(Time::midnight());
    let since = origin.duration_since(midnight);
    Some(Staff {
        first_ms: first * 60_000 - since.as_millis() as i64,
        interval: Span::minutes(model.minutes as u64),
        blocks: blocks.collect(),
    })
}

/// Reports intervals for which a group has no row of any kind.
fn gaps(sheet: &Sheet, entries: &[Entry<'_>], all: &[i64], names: &Names<'_>) {
    let groups: BTreeSet<GroupId> = entries.iter().map(|entry| entry.group).collect();
    for group in groups {
        let mut near = None;
        for start in all {
            let of_group = || entries.iter().filter(|entry| entry.group == group);
            let here = of_group().find(|entry| entry.slot.start == *start);
            if here.is_none()
                && let Some(entry) = near.or_else(|| of_group().next())
            {
                let name = &names.dialplan.group(group).name;
                let message = format!("group `{name}` has no row for {}", clock(*start));
                let help = "when nobody is on duty, write 0 agents".to_owned();
                sheet.wrong(entry.row, "start", message, Some(help));
            }
            near = here.or(near);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::dialplan::Group;

    fn dialplan() -> Dialplan {
        let group = |name: &str| Group {
            name: name.to_owned(),
            ..Group::default()
        };
        Dialplan {
            groups: vec![group("support"), group("sales")],
            ..Dialplan::default()
        }
    }

    fn staff(heads: &[u32]) -> Staff {
        Staff {
            first_ms: 0,
            interval: Span::minutes(30),
            blocks: vec![Block {
                group: GroupId(0),
                skills: None,
                heads: heads.to_vec(),
            }],
        }
    }

    fn hours(shifts: &[Shift]) -> Vec<(&str, u64, u64)> {
        let half_hours = |tick: Tick| tick.0 / 1_800_000;
        shifts
            .iter()
            .map(|shift| {
                (
                    shift.name.as_str(),
                    half_hours(shift.from),
                    half_hours(shift.to),
                )
            })
            .collect()
    }

    #[test]
    fn those_who_came_first_go_first() {
        let shifts = staff(&[2, 3, 1, 2]).shifts(&dialplan());
        let expected = [
            ("support-01", 0, 2),
            ("support-02", 0, 2),
            ("support-03", 1, 4),
            ("support-04", 3, 4),
        ];
        assert_eq!(hours(&shifts), expected);
    }

    #[test]
    fn heads_and_people_agree_in_every_interval() {
        let heads = [0, 5, 9, 9, 3, 0, 4];
        let shifts = staff(&heads).shifts(&dialplan());
        for (place, count) in heads.iter().enumerate() {
            let at = Tick(place as u64 * 1_800_000 + 1);
            let on_duty = shifts
                .iter()
                .filter(|shift| shift.from < at && at < shift.to);
            assert_eq!(on_duty.count(), *count as usize);
        }
    }

    #[test]
    fn who_comes_before_tick_zero_is_there_at_tick_zero() {
        let mut staff = staff(&[2, 1, 1]);
        staff.first_ms = -1_800_000;
        assert_eq!(hours(&staff.shifts(&dialplan())), [("support-01", 0, 2)]);
        assert_eq!(staff.end(), Span::minutes(60));
    }

    #[test]
    fn added_people_come_with_the_others() {
        let mut more = staff(&[0, 2, 3, 0]);
        more.add(GroupId(0), 2);
        assert_eq!(more, staff(&[0, 4, 5, 0]));
        more.add(GroupId(0), -4);
        assert_eq!(more, staff(&[0, 0, 1, 0]));
        more.add(GroupId(1), 5);
        assert_eq!(more, staff(&[0, 0, 1, 0]));
    }
}
