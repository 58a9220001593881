//! People become agents, agents of a kind a profile, and every lane learns who serves it.

use super::diagnostic::Diagnostic;
use super::diagnostic::Diagnostics;
use super::diagnostic::Severity;
use super::groups::Person;
use super::groups::Roster;
use super::lower::Trace;
use crate::exchange::dialplan::Agent;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::LEVEL_MAX;
use crate::exchange::dialplan::Profile;
use crate::exchange::id::GroupId;
use crate::exchange::id::ProfileId;
use std::collections::BTreeMap;

/// Kinds of agents, for which a [`ProfileId`] has room.
const PROFILES_MAX: usize = u16::MAX as usize;

/// What the agents of one profile have in common: groups, their tiers there, and skills.
type Kind = (Vec<GroupId>, Vec<u8>, Vec<(String, u8)>);

/// The profiles so far.
type Kinds = BTreeMap<Kind, ProfileId>;

/// Adds the agents: those of the groups files, or `people` instead of them.
pub(super) fn add(
    plan: &mut Dialplan,
    roster: &Roster,
    people: Option<&[Person]>,
    out: &mut Diagnostics,
) {
    let mut kinds = Kinds::new();
    match people {
        Some(people) => {
            for person in people {
                let (title, device) = (person.name.clone(), String::new());
                add_person(plan, &mut kinds, roster, person, (title, device), out);
            }
        }
        None => {
            for agent in &roster.agents {
                let (title, device) = (agent.title.clone(), agent.device.clone());
                // Unknown groups of the file were reported where they are written.
                let out = &mut Diagnostics::default();
                add_person(
                    plan,
                    &mut kinds,
                    roster,
                    &agent.person,
                    (title, device),
                    out,
                );
            }
        }
    }
    if plan.profiles.len() > PROFILES_MAX {
        let message = format!("agents of more than {PROFILES_MAX} kinds");
        let help = "agents are of one kind when they have the same groups, tiers and skills with the \
                    same levels";
        out.push(Diagnostic::new("too-large", Severity::Error, None, message).help(help));
        return;
    }
    plan.find_servers();
}

fn add_person(
    plan: &mut Dialplan,
    kinds: &mut Kinds,
    roster: &Roster,
    person: &Person,
    (title, device): (String, String),
    out: &mut Diagnostics,
) {
    let mut groups = Vec::new();
    for name in &person.groups {
        match roster.group(name) {
            Some(group) => groups.push(group),
            None => out.push(unknown_group(person, name, roster)),
        }
    }
    groups.sort_unstable();
    groups.dedup();
    let mut skills = match &person.skills {
        Some(skills) => skills.clone(),
        None => everything(plan, &groups),
    };
    skills.sort();
    let tier = |group: &GroupId| person.tier_in(&plan.group(*group).name).unwrap_or(0);
    let tiers = groups.iter().map(tier).collect();
    let profile = profile(plan, kinds, (groups, tiers, skills));
    plan.agents.push(Agent {
        name: person.name.clone(),
        title,
        device,
        profile,
        weight: person.weight,
    });
}

fn unknown_group(person: &Person, name: &str, roster: &Roster) -> Diagnostic {
    let message = format!(
        "\"{}\" is in a group \"{name}\", which nobody defines",
        person.name
    );
    Diagnostic::new("unknown-group", Severity::Error, None, message).suggest(name, roster.names())
}

/// All that any queue asks of these groups, at the highest level.
fn everything(plan: &Dialplan, groups: &[GroupId]) -> Vec<(String, u8)> {
    let asked = plan
        .lanes
        .iter()
        .filter(|lane| groups.contains(&lane.group));
    let mut skills: Vec<(String, u8)> = asked
        .flat_map(|lane| {
            lane.skills
                .iter()
                .map(|(name, _)| (name.clone(), LEVEL_MAX))
        })
        .collect();
    skills.sort();
    skills.dedup();
    skills
}

fn profile(plan: &mut Dialplan, kinds: &mut Kinds, kind: Kind) -> ProfileId {
    let next = ProfileId(plan.profiles.len() as u16);
    let id = *kinds.entry(kind.clone()).or_insert(next);
    if id == next {
        let (groups, tiers, skills) = kind;
        plan.profiles.push(Profile {
            groups,
            tiers,
            skills,
            lanes: Vec::new(),
        });
    }
    id
}

/// Warns of skills that queues ask for and nobody in the group has.
pub(super) fn check_skills(plan: &Dialplan, trace: &Trace, out: &mut Diagnostics) {
    for asked in &trace.skills {
        let group = plan.lanes[asked.lane.index()].group;
        let members = || {
            plan.profiles
                .iter()
                .filter(|profile| profile.groups.contains(&group))
        };
        let has = |profile: &Profile| {
            let enough =
                |(name, level): &(String, u8)| *name == asked.name && *level >= asked.level;
            profile.skills.iter().any(enough)
        };
        // A group that nobody is in yet is the roster's business.
        if members().next().is_none() || members().any(has) {
            continue;
        }
        let (group, name) = (&plan.group(group).name, &asked.name);
        let message = match asked.level {
            0 | 1 => format!("nobody in \"{group}\" has the skill \"{name}\""),
            level => format!("nobody in \"{group}\" has the skill \"{name}\" at {level} or more"),
        };
        let diagnostic = Diagnostic::warning("unknown-skill", asked.place.clone(), message);
        let known = members().flat_map(|profile| profile.skills.iter());
        let known: std::collections::BTreeSet<&str> = known
            .map(|(name, _)| name.as_str())
            .filter(|known| known != name)
            .collect();
        let mut later = asked.later.iter();
        let relief = later.find(|(_, lane)| !plan.lanes[lane.index()].profiles.is_empty());
        let diagnostic = diagnostic.label(match relief {
            Some((after, _)) => format!("no call is answered in the first {after} of its wait"),
            None => "no call is answered".to_owned(),
        });
        out.push(diagnostic.suggest(name, known));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_an_end_to_the_kinds_of_agents() {
        let person = |number: usize| Person {
            name: number.to_string(),
            skills: Some(vec![(number.to_string(), LEVEL_MAX)]),
            ..Person::default()
        };
        let problems = |kinds: usize| {
            let people: Vec<Person> = (0..kinds).map(person).collect();
            let (mut plan, mut out) = (Dialplan::default(), Diagnostics::default());
            add(&mut plan, &Roster::default(), Some(&people), &mut out);
            out.has_errors()
        };
        assert!(!problems(PROFILES_MAX) && problems(PROFILES_MAX + 1));
    }
}
