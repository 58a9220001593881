//! Staff: head counts by group and interval, and the people who keep whole shifts behind them.

use super::scenario::names::Names;
use super::sheet::Kind;
use super::sheet::Row;
use super::sheet::Sheet;
use super::sheet::Slot;
use super::sheet::clock;
use super::sheet::written;
use super::skills;
use super::skills::Skills;
use super::speed::Speed;
use super::worker::Shift;
use super::worker::Worker;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::id::GroupId;
use crate::exchange::time::Span;
use crate::menu::FULL_WEIGHT;
use crate::menu::diagnostic::Diagnostics;
use crate::menu::diagnostic::Place;
use crate::menu::source::Sources;
use crate::menu::value;
use jiff::civil::DateTime;
use jiff::civil::Time;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::collections::VecDeque;
use std::ops::Range;
use std::path::Path;

/// The most people of one kind on duty at a time.
pub const AGENTS_MAX: u32 = 100_000;

const KIND: Kind = Kind {
    code: "staff-row",
    required: &["date", "start", "interval_min", "group", "agents"],
    optional: &["skills", "tier"],
};

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
    tier: u8,
    heads: Vec<u32>,
}

impl Staff {
    /// The same people from tick 0 to the end of a run.
    pub fn constant(length: Span, heads: Vec<(GroupId, u32)>) -> Self {
        let blocks = heads.into_iter().map(|(group, heads)| Block {
            group,
            skills: None,
            tier: 0,
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

    /// From the first interval's beginning to the last one's end, from tick 0; none where there are none.
    pub fn covers(&self) -> Option<Range<Span>> {
        let intervals = self.intervals();
        let end_ms = self.first_ms + (self.interval.0 * intervals as u64) as i64;
        let since = |ms: i64| Span(ms.max(0) as u64);
        (intervals > 0).then(|| since(self.first_ms)..since(end_ms))
    }

    /// The least and the largest head count of a group at one time, when anybody of it is on duty.
    pub fn heads(&self, group: GroupId) -> Option<(u64, u64)> {
        let blocks = self.blocks.iter().filter(|block| block.group == group);
        let mut sums = Vec::new();
        for block in blocks {
            sums.resize(block.heads.len(), 0);
            for (sum, heads) in sums.iter_mut().zip(&block.heads) {
                *sum += u64::from(*heads);
            }
        }
        let on_duty = sums.into_iter().filter(|heads| *heads > 0);
        Some((on_duty.clone().min()?, on_duty.max()?))
    }

    /// Adds people to a group (or takes them away) whenever anybody of it is on duty. They are of
    /// the group's most frequent kind.
    pub fn add(&mut self, group: GroupId, people: i64) {
        let intervals = self.intervals();
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

    /// How many kinds of people there are, who differ in group, skills or tier.
    pub fn kinds(&self) -> usize {
        self.blocks.len()
    }

    /// How many intervals.
    pub fn intervals(&self) -> usize {
        self.blocks.first().map_or(0, |block| block.heads.len())
    }

    /// Group, skills and tier of a kind.
    pub fn kind(&self, kind: usize) -> (GroupId, Option<&Skills>, u8) {
        let block = &self.blocks[kind];
        (block.group, block.skills.as_ref(), block.tier)
    }

    /// The kinds of a group's people.
    pub fn kinds_of(&self, group: GroupId) -> impl Iterator<Item = usize> {
        (0..self.kinds()).filter(move |kind| self.blocks[*kind].group == group)
    }

    /// What tells a kind from others of its group: `en=90 es, tier 1`; nothing where it has neither.
    pub fn kind_words(&self, kind: usize) -> String {
        let (_, skills, tier) = self.kind(kind);
        let skills = skills.map(skills::written);
        let tier = (tier > 0).then(|| format!("tier {tier}"));
        skills
            .into_iter()
            .chain(tier)
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// The head count of a kind in an interval.
    pub fn at(&self, kind: usize, interval: usize) -> u32 {
        self.blocks[kind].heads[interval]
    }

    /// Puts another one in its place.
    pub fn put(&mut self, kind: usize, interval: usize, heads: u32) {
        self.blocks[kind].heads[interval] = heads.min(AGENTS_MAX);
    }

    /// When an interval begins, in milliseconds from tick 0 (before it where negative).
    pub fn begins_ms(&self, interval: usize) -> i64 {
        self.first_ms + (self.interval.0 * interval as u64) as i64
    }

    /// The same by the clock, where `start` is the local time of tick 0.
    pub fn begins(&self, interval: usize, start: DateTime) -> DateTime {
        let since = jiff::Span::new().milliseconds(self.begins_ms(interval));
        start.checked_add(since).unwrap_or(start)
    }

    /// How long each interval is.
    pub fn interval(&self) -> Span {
        self.interval
    }

    /// The same people, counted in intervals of this length until the end of a run, where they are the same
    /// ones all the time.
    #[must_use]
    pub fn divided(&self, interval: Span, length: Span) -> Self {
        if self.intervals() != 1 || self.begins_ms(0) > 0 || self.interval < length {
            return self.clone();
        }
        let count = length.0.div_ceil(interval.0) as usize;
        let blocks = self.blocks.iter().map(|block| Block {
            heads: vec![block.heads[0]; count],
            ..block.clone()
        });
        Self {
            first_ms: 0,
            interval,
            blocks: blocks.collect(),
        }
    }

    /// The head counts as a staff file says them; `start` is the local time of tick 0.
    pub fn csv(&self, dialplan: &Dialplan, start: DateTime) -> String {
        let has = |some: fn(&Block) -> bool| self.blocks.iter().any(some);
        let (skilled, tiered) = (
            has(|block| block.skills.is_some()),
            has(|block| block.tier > 0),
        );
        let optional = [("skills", skilled), ("tier", tiered)];
        let optional = optional.iter().filter(|(_, shown)| *shown);
        let heads = KIND.required.iter().copied();
        let heads = heads.chain(optional.map(|(name, _)| *name));
        let mut rows: Vec<Vec<String>> = vec![heads.map(str::to_owned).collect()];
        for block in &self.blocks {
            for (place, agents) in block.heads.iter().enumerate() {
                let begins = self.begins(place, start);
                let mut row = vec![
                    begins.date().to_string(),
                    begins.strftime("%H:%M").to_string(),
                    (self.interval.0 / 60_000).to_string(),
                    dialplan.group(block.group).name.clone(),
                    agents.to_string(),
                ];
                if skilled {
                    row.push(
                        block
                            .skills
                            .as_ref()
                            .map_or_else(String::new, skills::written),
                    );
                }
                if tiered {
                    row.push(block.tier.to_string());
                }
                rows.push(row);
            }
        }
        written(rows)
    }

    /// The people behind the head counts, `support-01`: when a count falls, those who came first go
    /// first; when it rises, new people come. Nobody comes twice.
    pub fn workers(&self, dialplan: &Dialplan) -> Vec<Worker> {
        let kinds = 0..self.kinds();
        let turns = kinds.flat_map(|kind| {
            let shifts = self.shifts(&self.blocks[kind]);
            shifts.into_iter().map(move |shift| (kind, shift))
        });
        self.rostered(dialplan, turns.collect())
    }

    /// People of these kinds with a shift each, named in the order in which they come.
    pub fn rostered(&self, dialplan: &Dialplan, mut turns: Vec<(usize, Shift)>) -> Vec<Worker> {
        let group = |kind: usize| self.blocks[kind].group;
        turns.sort_by_key(|(kind, shift)| (group(*kind), shift.from));
        let mut workers = Vec::new();
        for of_group in turns.chunk_by(|(one, _), (other, _)| group(*one) == group(*other)) {
            let width = of_group.len().to_string().len().max(2);
            for (number, (kind, shift)) in of_group.iter().enumerate() {
                let block = &self.blocks[*kind];
                let name = &dialplan.group(block.group).name;
                workers.push(Worker {
                    name: format!("{name}-{:0width$}", number + 1),
                    groups: vec![block.group],
                    skills: block.skills.clone(),
                    tier: block.tier,
                    weight: FULL_WEIGHT,
                    speed: Speed::default(),
                    shifts: vec![shift.clone()],
                });
            }
        }
        workers
    }

    /// One shift for each of the people of one kind.
    fn shifts(&self, block: &Block) -> Vec<Shift> {
        let ms = |place: usize| self.begins_ms(place);
        let mut turns: Vec<(i64, i64)> = Vec::new();
        let mut on_duty: VecDeque<usize> = VecDeque::new();
        for (place, heads) in block.heads.iter().enumerate() {
            while on_duty.len() > *heads as usize {
                if let Some(goes) = on_duty.pop_front() {
                    turns[goes].1 = ms(place);
                }
            }
            while on_duty.len() < *heads as usize {
                on_duty.push_back(turns.len());
                turns.push((ms(place), ms(block.heads.len())));
            }
        }
        let shifts = turns.into_iter();
        shifts
            .filter_map(|(from_ms, to_ms)| Shift::new(from_ms, to_ms, &[]))
            .collect()
    }
}

/// What people of one kind have in common.
type Kin = (GroupId, Option<Skills>, u8);

/// What a row says.
struct Entry<'s> {
    row: &'s Row,
    slot: Slot,
    group: GroupId,
    skills: Option<Skills>,
    tier: u8,
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
            let help = Some("write a whole number".to_owned());
            sheet.wrong(row, "agents", message, help);
        }
        let (skills, tier) = (skills::read(sheet, row, names), skills::tier(sheet, row));
        if let (Some(slot), Some(group), Some(agents)) = (slot, group, agents)
            && let (Some(skills), Some(tier)) = (skills, tier)
        {
            entries.push(Entry {
                row,
                slot,
                group,
                skills,
                tier,
                agents: agents as u32,
            });
        }
    }
    entries
}

fn staff(
    sheet: &Sheet,
    entries: &[Entry<'_>],
    origin: Option<DateTime>,
    names: &Names<'_>,
) -> Option<Staff> {
    let (of, model) = entries.first().map(|first| (first.row, first.slot))?;
    let origin = origin.unwrap_or_else(|| model.date.to_datetime(Time::midnight()));
    let mut kinds: BTreeMap<Kin, BTreeMap<i64, u32>> = BTreeMap::new();
    for entry in entries {
        let slot = entry.slot;
        if slot.date != origin.date() {
            sheet.another_day(entry.row, format_args!("the run's {}", origin.date()));
        } else if sheet.in_step(entry.row, slot, (of, model)) {
            let kind = (entry.group, entry.skills.clone(), entry.tier);
            let slots = kinds.entry(kind).or_default();
            if slots.insert(slot.start, entry.agents).is_some() {
                let message =
                    "a second row for this group, these skills, this tier and this interval";
                sheet.wrong(entry.row, "start", message, None);
            }
        }
    }
    let starts = || kinds.values().flat_map(BTreeMap::keys).copied();
    let (first, last) = (starts().min()?, starts().max()?);
    let all: Vec<i64> = (first..=last).step_by(model.minutes as usize).collect();
    gaps(sheet, entries, &all, names);
    let blocks = kinds
        .into_iter()
        .map(|((group, skills, tier), slots)| Block {
            group,
            skills,
            tier,
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
    use crate::exchange::time::Tick;

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
                tier: 0,
                heads: heads.to_vec(),
            }],
        }
    }

    /// Names, and half hours from which and to which they are on duty.
    fn hours(workers: &[Worker]) -> Vec<(&str, u64, u64)> {
        let half_hours = |tick: Tick| tick.0 / 1_800_000;
        workers
            .iter()
            .map(|Worker { name, shifts, .. }| match &shifts[..] {
                [shift] => (name.as_str(), half_hours(shift.from), half_hours(shift.to)),
                _ => panic!("{name} keeps one whole shift"),
            })
            .collect()
    }

    #[test]
    fn those_who_came_first_go_first() {
        let workers = staff(&[2, 3, 1, 2]).workers(&dialplan());
        let expected = [
            ("support-01", 0, 2),
            ("support-02", 0, 2),
            ("support-03", 1, 4),
            ("support-04", 3, 4),
        ];
        assert_eq!(hours(&workers), expected);
    }

    #[test]
    fn heads_and_people_agree_in_every_interval() {
        let heads = [0, 5, 9, 9, 3, 0, 4];
        let workers = staff(&heads).workers(&dialplan());
        for (place, count) in heads.iter().enumerate() {
            let at = Tick(place as u64 * 1_800_000 + 1);
            let shifts = workers.iter().map(|worker| &worker.shifts[0]);
            let on_duty = shifts.filter(|shift| shift.from < at && at < shift.to);
            assert_eq!(on_duty.count(), *count as usize);
        }
    }

    #[test]
    fn who_comes_before_tick_zero_is_there_at_tick_zero() {
        let mut staff = staff(&[2, 1, 1]);
        staff.first_ms = -1_800_000;
        let workers = staff.workers(&dialplan());
        assert_eq!(hours(&workers), [("support-01", 0, 2)]);
        assert_eq!(workers[0].shifts[0].begun, Span::minutes(30));
        assert_eq!(staff.covers(), Some(Span::ZERO..Span::minutes(60)));
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
