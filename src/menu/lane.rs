//! The lanes in which a queue's callers wait: what is asked of agents, and of whom after a while.

use super::diagnostic::Diagnostic;
use super::fields::Fields;
use super::lower::Lowering;
use super::lower::SkillTrace;
use super::tree::Name;
use crate::exchange::dialplan::LEVEL_MAX;
use crate::exchange::dialplan::Lane;
use crate::exchange::dialplan::Stage;
use crate::exchange::id::GroupId;
use crate::exchange::id::LaneId;
use crate::exchange::time::Span;
use std::collections::BTreeSet;
use std::iter::once;

/// What stands for the language of the call in `skills`.
const LANGUAGE: &str = "{language}";
pub(super) const RELAXED_AFTER: std::ops::RangeInclusive<Span> =
    Span::seconds(1)..=Span::minutes(60);
/// Times at which a queue may ask for less.
const RELAX_MAX: usize = 8;

/// What is asked of an agent, as written: names with their least levels.
type Asked = Vec<(Name, u8)>;

impl Lowering<'_> {
    /// The lanes of a queue at first, and those after a while.
    pub(super) fn lanes(
        &mut self,
        group: Option<GroupId>,
        fields: &mut Fields<'_>,
    ) -> (Vec<LaneId>, Vec<Stage>) {
        let traced = self.trace.skills.len();
        let first = skills(fields);
        let relaxed = relaxed(fields, &first);
        let openings = self.openings(group);
        let tier_at = |time: Span| {
            let open = openings.iter().filter(|(after, _)| *after <= time);
            let tier = open.map(|(_, tier)| *tier).max()?;
            let all = openings.iter().all(|(_, other)| *other <= tier);
            (!all).then_some(tier)
        };
        let lanes = self.lanes_for(group, &first, tier_at(Span::ZERO));
        let times = relaxed.iter().map(|(after, _)| *after);
        let times: BTreeSet<Span> = times
            .chain(openings.iter().map(|(after, _)| *after))
            .collect();
        let mut stages = Vec::new();
        for after in times.into_iter().filter(|after| *after > Span::ZERO) {
            let latest = relaxed.iter().rfind(|(from, _)| *from <= after);
            let asked = latest.map_or(&first, |(_, asked)| asked);
            let lanes = self.lanes_for(group, asked, tier_at(after));
            stages.push(Stage { after, lanes });
        }
        for trace in &mut self.trace.skills[traced..] {
            trace.later = later(trace.lane, &lanes, &stages);
        }
        (lanes, stages)
    }

    /// When each tier of the group's agents comes in; nothing where all do at once.
    fn openings(&self, group: Option<GroupId>) -> Vec<(Span, u8)> {
        let Some(group) = group else {
            return Vec::new();
        };
        let rules = self.roster.groups[group.index()].tiers;
        if rules.wait == Span::ZERO {
            return Vec::new();
        }
        let tiers = self.roster.tiers(group, self.people);
        if tiers.len() < 2 {
            return Vec::new();
        }
        let wait = |place: usize, tier: u8| match place {
            0 => Span::ZERO,
            _ if rules.times_tier => Span(rules.wait.0 * u64::from(tier)),
            _ => rules.wait,
        };
        let tiers = tiers.into_iter().enumerate();
        tiers
            .map(|(place, tier)| (wait(place, tier), tier))
            .collect()
    }

    /// The lane of each language of the site.
    fn lanes_for(
        &mut self,
        group: Option<GroupId>,
        asked: &Asked,
        tier_max: Option<u8>,
    ) -> Vec<LaneId> {
        let own: Vec<LaneId> = (0..self.tags.len())
            .map(|language| self.lane(group, asked, language, tier_max))
            .collect();
        // Languages that the line does not speak never occur here.
        let mut lanes = vec![own[0]; self.plan.languages.len()];
        for (language, lane) in self.languages.iter().zip(own) {
            lanes[language.index()] = lane;
        }
        lanes
    }

    fn lane(
        &mut self,
        group: Option<GroupId>,
        asked: &Asked,
        language: usize,
        tier_max: Option<u8>,
    ) -> LaneId {
        let named = |name: &Name| match name.text.as_str() {
            LANGUAGE => self.tags[language].clone(),
            name => name.to_owned(),
        };
        let mut skills: Vec<(String, u8)> = Vec::new();
        for (name, level) in asked {
            let name = named(name);
            match skills.iter_mut().find(|(other, _)| *other == name) {
                Some((_, least)) => *least = (*least).max(*level),
                None => skills.push((name, *level)),
            }
        }
        skills.sort();
        let id = |place: usize| LaneId(place as u16);
        let known = group.is_some();
        let group = group.unwrap_or(GroupId(0));
        let same =
            |lane: &Lane| lane.group == group && lane.skills == skills && lane.tier_max == tier_max;
        let found = self.plan.lanes.iter().position(same);
        let place = found.unwrap_or_else(|| {
            self.plan.lanes.push(Lane {
                group,
                skills: skills.clone(),
                tier_max,
                profiles: Vec::new(),
                ranks: Vec::new(),
                neighbours: Vec::new(),
            });
            self.plan.lanes.len() - 1
        });
        for (name, level) in asked.iter().filter(|_| known) {
            let trace = SkillTrace {
                lane: id(place),
                name: named(name),
                level: *level,
                place: name.place.clone(),
                later: Vec::new(),
            };
            // The lanes of several tiers ask for the same.
            let same = |other: &SkillTrace| other.place == trace.place && other.name == trace.name;
            if !self.trace.skills.iter().any(same) {
                self.trace.skills.push(trace);
            }
        }
        id(place)
    }
}

/// The lanes that come after this one for callers of the same language.
fn later(lane: LaneId, first: &[LaneId], stages: &[Stage]) -> Vec<(Span, LaneId)> {
    let times = once(first).chain(stages.iter().map(|stage| &stage.lanes[..]));
    let found = times.enumerate().find_map(|(passed, lanes)| {
        let language = lanes.iter().position(|own| *own == lane)?;
        Some((passed, language))
    });
    let (passed, language) = found.unwrap_or((stages.len(), 0));
    let left = stages.iter().skip(passed);
    left.map(|stage| (stage.after, stage.lanes[language]))
        .collect()
}

/// Reads `skills = ["{language}", "billing=70"]`.
fn skills(fields: &mut Fields<'_>) -> Asked {
    let mut skills = Vec::new();
    for item in fields.texts("skills").unwrap_or_default() {
        let (name, level) = match item.text.split_once('=') {
            Some((name, level)) => (name.trim().to_owned(), level.trim().parse().ok()),
            None => (item.text.clone(), Some(1)),
        };
        let level = level.filter(|level| (1..=LEVEL_MAX).contains(level));
        let slot = name.contains('{') && name != LANGUAGE;
        match level {
            Some(level) if !name.is_empty() && !slot => {
                let place = item.place;
                skills.push((Name { text: name, place }, level));
            }
            _ => {
                let message = format!("\"{}\" does not name a skill", item.text);
                let help = "write \"billing\", \"billing=70\" or \"{language}\"";
                fields.bad_value(item.place, message, help);
            }
        }
    }
    skills
}

/// Reads `relax = [{ after = "60s", skills = [] }]`: what is asked for later, never more than before.
fn relaxed(fields: &mut Fields<'_>, first: &Asked) -> Vec<(Span, Asked)> {
    let mut stages: Vec<(Span, Asked)> = Vec::new();
    for mut inner in fields.repeated("relax") {
        inner.require("after", "from the start of the wait: `after = \"60s\"`");
        inner.require(
            "skills",
            "what is still asked for: `skills = []` is nothing",
        );
        let after = inner.duration("after", RELAXED_AFTER);
        let asked = skills(&mut inner);
        let before = stages.last().map_or(first, |(_, asked)| asked);
        for (name, level) in &asked {
            let asked_before = before
                .iter()
                .any(|(other, least)| other.text == name.text && least >= level);
            if !asked_before {
                let message = format!("\"{}\" asks for more than before", name.text);
                let help = "a relaxed queue asks for fewer skills, or lower levels";
                inner.bad_value(name.place.clone(), message, help);
            }
        }
        if let Some(after) = after {
            if stages.last().is_some_and(|(last, _)| *last >= after) {
                let place = inner.key_place("after").unwrap_or_else(|| inner.place());
                inner.bad_value(
                    place,
                    "`after` is not later than the one before",
                    "in the order of time",
                );
            }
            stages.push((after, asked));
        }
        fields.absorb(inner);
    }
    if stages.len() > RELAX_MAX {
        let place = fields.key_place("relax").unwrap_or_else(|| fields.place());
        let message = format!("more than {RELAX_MAX} times to ask for less");
        fields.push(Diagnostic::error("too-large", place, message));
        stages.truncate(RELAX_MAX);
    }
    stages
}
