//! Groups files: groups of agents, and the people in them.

use super::diagnostic::Diagnostic;
use super::diagnostic::Diagnostics;
use super::diagnostic::Place;
use super::fields::Fields;
use super::group;
use super::reasons;
use super::schema;
use super::tree::Data;
use super::tree::Name;
use super::tree::Table;
use super::unset;
use super::unset::Unset;
use crate::exchange::dialplan::Group;
use crate::exchange::id::GroupId;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// A full share of calls, in millionths.
pub const FULL_WEIGHT: u32 = 1_000_000;

/// The highest tier.
pub const TIERS_MAX: u8 = 99;
const GROUPS_MAX: usize = 10_000;

/// Somebody who takes calls.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Person {
    /// The name, unique in the site.
    pub name: String,
    /// The groups.
    pub groups: Vec<String>,
    /// Names and levels; none means: qualifies for everything that is asked of the groups.
    pub skills: Option<Vec<(String, u8)>>,
    /// The share of calls owed, in millionths; 1,000,000 is a full share.
    pub weight: u32,
    /// The tier in groups where it is not 0.
    pub tiers: Vec<(String, u8)>,
}

impl Person {
    /// The tier in a group; none for somebody who is not in it.
    pub(super) fn tier_in(&self, group: &str) -> Option<u8> {
        let tier = self.tiers.iter().find(|(name, _)| name == group);
        let is_in = self.groups.iter().any(|name| name == group);
        is_in.then(|| tier.map_or(0, |(_, tier)| *tier))
    }
}

/// An agent of a groups file.
#[derive(Clone, Debug)]
pub(super) struct AgentEntry {
    pub(super) person: Person,
    pub(super) title: String,
    pub(super) device: String,
    /// Where the device is named.
    device_place: Option<Place>,
    /// Where each of the person's groups is named.
    pub(super) group_places: Vec<Name>,
}

/// What groups files say.
#[derive(Clone, Debug, Default)]
pub(super) struct Roster {
    pub(super) groups: Vec<Group>,
    /// Where each group is written.
    pub(super) places: Vec<Place>,
    /// The settings that each group leaves out.
    pub(super) unset: Vec<Vec<Unset>>,
    pub(super) agents: Vec<AgentEntry>,
    /// What agents are called.
    called: BTreeSet<String>,
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
        root = root.shaped(Some(&schema::groups::GROUPS));
        root.format();
        if let Some(place) = root.foreign("line") {
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
        let group = group::read(name, &mut fields);
        if let Some(before) = self.group(name) {
            let message = format!("two groups are called \"{name}\"");
            let first = self.places[before.index()].clone();
            let diagnostic = Diagnostic::error("bad-groups", place, message);
            fields.push(diagnostic.label("here again").related(first, "first here"));
        } else if self.groups.len() < GROUPS_MAX {
            self.groups.push(group);
            self.unset.push(unset::unset(fields.entries()));
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
        if self.called.insert(name.clone()) {
            self.agents.push(agent);
        } else {
            let message = format!("two agents are called \"{name}\"");
            fields.push(Diagnostic::error("bad-groups", place, message));
        }
        fields.finish(out);
    }

    /// The tiers of a group's agents (those of the files, or `people` in their place), lowest first.
    pub(super) fn tiers(&self, group: GroupId, people: Option<&[Person]>) -> Vec<u8> {
        let name = &self.groups[group.index()].name;
        let of_files = || self.agents.iter().map(|agent| &agent.person);
        let mut tiers: Vec<u8> = match people {
            Some(people) => people.iter().filter_map(|at| at.tier_in(name)).collect(),
            None => of_files().filter_map(|at| at.tier_in(name)).collect(),
        };
        tiers.sort_unstable();
        tiers.dedup();
        tiers
    }

    /// Reports groups that agents name and nobody defines, and devices that several agents have.
    pub(super) fn check_agents(&self, out: &mut Diagnostics) {
        let mut devices: BTreeMap<&str, (&str, &Place)> = BTreeMap::new();
        for agent in &self.agents {
            let Some(place) = &agent.device_place else {
                continue;
            };
            let (name, device) = (agent.person.name.as_str(), agent.device.as_str());
            match devices.get(device) {
                Some((other, first)) => {
                    out.push(shared_device((other, name), device, (first, place)));
                }
                None => drop(devices.insert(device, (name, place))),
            }
        }
        for agent in &self.agents {
            for group in &agent.group_places {
                if self.group(&group.text).is_none() {
                    out.push(unknown_group(group, self.names()));
                }
            }
        }
    }
}

/// One device that two agents have.
fn shared_device(
    (other, name): (&str, &str),
    device: &str,
    (first, again): (&Place, &Place),
) -> Diagnostic {
    let message = format!("\"{other}\" and \"{name}\" have the same device, \"{device}\"");
    Diagnostic::warning("shared-device", again.clone(), message)
        .label("here again")
        .related(first.clone(), "first here")
        .help("give each agent a device, or have them work at different times and allow this")
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

fn agent(name: &str, fields: &mut Fields<'_>) -> AgentEntry {
    let groups = fields.texts("groups").unwrap_or_default();
    fields.require("groups", "groups = [\"support\"]");
    let weight = fields.number("weight", 0.01..=100.0).unwrap_or(1.0);
    let title = fields
        .text("name")
        .map_or_else(|| name.to_owned(), |title| title.text);
    let device = fields.text("device");
    AgentEntry {
        title,
        device_place: device.as_ref().map(|device| device.place.clone()),
        device: device.map_or_else(String::new, |device| device.text),
        person: Person {
            name: name.to_owned(),
            groups: groups.iter().map(|group| group.text.clone()).collect(),
            skills: Some(skills(fields)),
            tiers: tiers(fields, &groups),
            weight: (weight * f64::from(FULL_WEIGHT)).round() as u32,
        },
        group_places: groups,
    }
}

/// `tier = 1`, or one for each group: `tier = { support = 1 }`.
fn tiers(fields: &mut Fields<'_>, groups: &[Name]) -> Vec<(String, u8)> {
    let is_table = fields
        .value("tier")
        .is_some_and(|value| matches!(value.data, Data::Table(_)));
    if !is_table {
        let tier = fields.integer("tier", 0..=i64::from(TIERS_MAX));
        let each = groups.iter().map(|group| group.text.clone());
        return tier.map_or_else(Vec::new, |tier| {
            each.map(|name| (name, tier as u8)).collect()
        });
    }
    let Some(mut inner) = fields.inner("tier") else {
        return Vec::new();
    };
    let mut tiers = Vec::new();
    for entry in inner.entries() {
        let tier = inner.integer(&entry.key.text, 0..=i64::from(TIERS_MAX));
        if groups.iter().any(|group| group.text == entry.key.text) {
            tiers.extend(tier.map(|tier| (entry.key.text.clone(), tier as u8)));
        } else {
            let names = groups.iter().map(|group| group.text.as_str());
            inner.push(unknown_group(&entry.key, names).label("not a group of this agent"));
        }
    }
    fields.absorb(inner);
    tiers
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
