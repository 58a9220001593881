//! Groups files: groups of agents, and the people in them.

use super::diagnostic::Diagnostic;
use super::diagnostic::Diagnostics;
use super::diagnostic::Place;
use super::fields::Fields;
use super::fields::not_yet;
use super::reasons;
use super::tree::Data;
use super::tree::Name;
use super::tree::Table;
use crate::exchange::dialplan::Group;
use crate::exchange::id::GroupId;
use crate::exchange::strategy::Strategy;
use crate::exchange::time::Span;

/// A full share of calls, in millionths.
pub const FULL_WEIGHT: u32 = 1_000_000;
/// The best a person can be at something.
pub(super) const LEVEL_MAX: u8 = 100;

/// A phone that rings for no time answers by itself.
const RINGS: std::ops::RangeInclusive<Span> = Span::ZERO..=Span::minutes(5);
const HOUR: Span = Span::minutes(60);
const WAITING_LIMIT: i64 = 1_000_000;
const GROUPS_MAX: usize = 10_000;

/// Somebody who takes calls.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    /// The name, unique in the site.
    pub name: String,
    /// The groups.
    pub groups: Vec<String>,
    /// Names and levels; none means: qualifies for everything that is asked of the groups.
    pub skills: Option<Vec<(String, u8)>>,
    /// The share of calls owed, in millionths; 1,000,000 is a full share.
    pub weight: u32,
}

/// An agent of a groups file.
#[derive(Clone, Debug)]
pub(super) struct AgentEntry {
    pub(super) person: Person,
    pub(super) title: String,
    pub(super) device: String,
    /// Where each of the person's groups is named.
    pub(super) group_places: Vec<Name>,
}

/// What groups files say.
#[derive(Clone, Debug, Default)]
pub(super) struct Roster {
    pub(super) groups: Vec<Group>,
    /// Where each group is written.
    pub(super) places: Vec<Place>,
    pub(super) agents: Vec<AgentEntry>,
    /// What breaks are for.
    pub(super) pause_reasons: Vec<String>,
}

impl Roster {
    /// The group with this name.
    pub(super) fn group(&self, name: &str) -> Option<GroupId> {
        let place = self.groups.iter().position(|group| group.name == name)?;
        Some(GroupId(place as u16))
    }

    /// The names of all groups.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.groups.iter().map(|group| group.name.as_str())
    }

    /// Reads a groups file into the roster.
    pub(super) fn read(&mut self, table: &Table, place: Place, out: &mut Diagnostics) {
        let mut root = Fields::new(table, "a groups file", place);
        root.format();
        if root.value("line").is_some() {
            let place = root.key_place("line").unwrap_or_else(|| root.place());
            let message = "this is a line, not a groups file";
            let help = "a groups file holds [group.*] and [agent.*]";
            root.push(Diagnostic::error("bad-groups", place, message).help(help));
        }
        reasons::read(&mut root, &mut self.pause_reasons);
        let groups = root.named("group").unwrap_or_default();
        let agents = root.named("agent").unwrap_or_default();
        if groups.is_empty() {
            let place = root.place();
            let message = "this groups file has no groups";
            let help = "add a table: [group.support]";
            root.push(Diagnostic::error("bad-groups", place, message).help(help));
        }
        root.finish(out);
        for (name, fields) in groups {
            self.read_group(name, fields, out);
        }
        for (name, fields) in agents {
            self.read_agent(name, fields, out);
        }
    }

    fn read_group(&mut self, key: &Name, mut fields: Fields<'_>, out: &mut Diagnostics) {
        let (name, place) = (&key.text, key.place.clone());
        let group = group(name, &mut fields);
        if let Some(before) = self.group(name) {
            let message = format!("two groups are called \"{name}\"");
            let first = self.places[before.index()].clone();
            let diagnostic = Diagnostic::error("bad-groups", place, message);
            fields.push(diagnostic.label("here again").related(first, "first here"));
        } else if self.groups.len() < GROUPS_MAX {
            self.groups.push(group);
            self.places.push(place);
        } else {
            let message = format!("more than {GROUPS_MAX} groups");
            fields.push(Diagnostic::error("bad-groups", place, message));
        }
        fields.finish(out);
    }

    fn read_agent(&mut self, key: &Name, mut fields: Fields<'_>, out: &mut Diagnostics) {
        let (name, place) = (&key.text, key.place.clone());
        let agent = agent(name, &mut fields);
        if self.agents.iter().any(|other| other.person.name == *name) {
            let message = format!("two agents are called \"{name}\"");
            fields.push(Diagnostic::error("bad-groups", place, message));
        } else {
            self.agents.push(agent);
        }
        fields.finish(out);
    }

    /// Reports groups that agents name and nobody defines.
    pub(super) fn check_agents(&self, out: &mut Diagnostics) {
        for agent in &self.agents {
            for group in &agent.group_places {
                if self.group(&group.text).is_none() {
                    out.push(unknown_group(group, self.names()));
                }
            }
        }
    }
}

/// A group that nobody defines.
pub(super) fn unknown_group<'a>(
    name: &Name,
    groups: impl Iterator<Item = &'a str> + Clone,
) -> Diagnostic {
    let message = format!("no group is called \"{}\"", name.text);
    Diagnostic::error("unknown-group", name.place.clone(), message)
        .label("no such group")
        .suggest(&name.text, groups)
}

fn group(name: &str, fields: &mut Fields<'_>) -> Group {
    let usual = Group::default();
    let (wrap_up, wrap_up_then_ready) = wrap_up(fields, &usual);
    let (answer_within, target_permille) = service_level(fields, &usual);
    rona(fields);
    Group {
        name: name.to_owned(),
        strategy: strategy(fields),
        ring: fields.duration("ring", RINGS).unwrap_or(usual.ring),
        wrap_up,
        wrap_up_then_ready,
        max_waiting: fields
            .integer("max_waiting", 0..=WAITING_LIMIT)
            .map(|number| number as u32),
        answer_within,
        target_permille,
        short_abandon: fields
            .duration("short_abandon", Span::ZERO..=Span::minutes(1))
            .unwrap_or(usual.short_abandon),
        catch_up: fields
            .integer("catch_up", 0..=1000)
            .map_or(usual.catch_up, |number| number as u16),
        rest: fields
            .duration("rest", Span::ZERO..=Span::minutes(10))
            .unwrap_or(usual.rest),
    }
}

fn strategy(fields: &mut Fields<'_>) -> Strategy {
    let names = Strategy::ALL.map(Strategy::name);
    let name = fields.word("strategy", &names);
    name.and_then(Strategy::named).unwrap_or_default()
}

fn wrap_up(fields: &mut Fields<'_>, usual: &Group) -> (Span, bool) {
    let default = (usual.wrap_up, usual.wrap_up_then_ready);
    let Some(mut inner) = fields.inner("wrap_up") else {
        return default;
    };
    let limit = inner
        .duration("limit", Span::ZERO..=HOUR)
        .unwrap_or(default.0);
    let then = inner
        .word("then", &["ready", "not-ready"])
        .unwrap_or("ready");
    fields.absorb(inner);
    (limit, then == "ready")
}

fn service_level(fields: &mut Fields<'_>, usual: &Group) -> (Span, u16) {
    let default = (usual.answer_within, usual.target_permille);
    let Some(mut inner) = fields.inner("service_level") else {
        return default;
    };
    let within = inner
        .duration("answer_within", Span::seconds(1)..=HOUR)
        .unwrap_or(default.0);
    let share = inner.number("target", 0.0..=1.0);
    fields.absorb(inner);
    (
        within,
        share.map_or(default.1, |share| (share * 1000.0).round() as u16),
    )
}

fn rona(fields: &mut Fields<'_>) {
    let Some(mut inner) = fields.inner("rona") else {
        return;
    };
    if let Some(then) = inner.text("then").filter(|then| then.text != "not-ready") {
        let feature = "a return by itself after an unanswered ring";
        inner.push(not_yet(
            then.place,
            feature,
            "rona = { then = \"not-ready\" }",
        ));
    }
    fields.absorb(inner);
}

fn agent(name: &str, fields: &mut Fields<'_>) -> AgentEntry {
    let groups = fields.texts("groups").unwrap_or_default();
    fields.require("groups", "groups = [\"support\"]");
    let weight = fields.number("weight", 0.01..=100.0).unwrap_or(1.0);
    let title = fields
        .text("name")
        .map_or_else(|| name.to_owned(), |title| title.text);
    AgentEntry {
        title,
        device: fields
            .text("device")
            .map_or_else(String::new, |device| device.text),
        person: Person {
            name: name.to_owned(),
            groups: groups.iter().map(|group| group.text.clone()).collect(),
            skills: Some(skills(fields)),
            weight: (weight * f64::from(FULL_WEIGHT)).round() as u32,
        },
        group_places: groups,
    }
}

fn skills(fields: &mut Fields<'_>) -> Vec<(String, u8)> {
    let mut skills = Vec::new();
    for entry in fields
        .table("skills")
        .map_or(&[][..], |table| &table.entries)
    {
        match entry.value.data {
            Data::Integer(level @ 0..=100) => skills.push((entry.key.text.clone(), level as u8)),
            Data::Integer(level) => {
                let message = format!("a skill cannot be {level}");
                fields.bad_value(entry.value.place.clone(), message, "from 0 to 100");
            }
            _ => fields.wrong_type("skills", &entry.value, "levels from 0 to 100"),
        }
    }
    skills.sort();
    skills
}
