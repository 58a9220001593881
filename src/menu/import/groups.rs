//! The groups file that goes with a line: who answers its queues.

use super::names::kebab;
use super::write;
use crate::exchange::time::Span;
use std::fmt::Write as _;

/// A group of agents.
#[derive(Clone, Debug, Default)]
pub(super) struct Group {
    pub(super) name: String,
    /// Fields as TOML writes them.
    pub(super) fields: Vec<(&'static str, String)>,
    pub(super) todos: Vec<String>,
}

/// Somebody who answers.
#[derive(Clone, Debug, Default)]
pub(super) struct Agent {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) device: String,
    /// Each with the tier in it.
    pub(super) groups: Vec<(String, i64)>,
}

/// All of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Groups {
    pub(super) groups: Vec<Group>,
    pub(super) agents: Vec<Agent>,
}

impl Group {
    pub(super) fn set(&mut self, field: &'static str, written: impl Into<String>) {
        if self.fields.iter().all(|(other, _)| *other != field) {
            self.fields.push((field, written.into()));
        }
    }

    pub(super) fn time(&mut self, field: &'static str, time: Span) {
        self.set(field, format!("\"{time}\""));
    }

    pub(super) fn todo(&mut self, todo: impl Into<String>) {
        let todo = todo.into();
        if !self.todos.contains(&todo) {
            self.todos.push(todo);
        }
    }
}

impl Groups {
    /// The group of a queue with this name in the original, made when there is none yet.
    pub(super) fn group(&mut self, original: &str) -> &mut Group {
        let name = kebab(original, "queue");
        let place = self.groups.iter().position(|group| group.name == name);
        let place = place.unwrap_or_else(|| {
            self.groups.push(Group {
                name,
                ..Group::default()
            });
            self.groups.len() - 1
        });
        &mut self.groups[place]
    }

    /// Somebody in a group, and the tier there; from 0.
    pub(super) fn member(&mut self, agent: &str, device: &str, group: &str, tier: i64) {
        let group = self.group(group).name.clone();
        let tier = tier.clamp(0, i64::from(super::super::groups::TIERS_MAX));
        let name = kebab(agent, "agent");
        let place = self.agents.iter().position(|other| other.name == name);
        let place = place.unwrap_or_else(|| {
            self.agents.push(Agent {
                name,
                title: agent.to_owned(),
                ..Agent::default()
            });
            self.agents.len() - 1
        });
        let agent = &mut self.agents[place];
        if agent.device.is_empty() {
            agent.device = device.to_owned();
        }
        if agent.groups.iter().all(|(other, _)| *other != group) {
            agent.groups.push((group, tier));
        }
    }

    /// The text of the file; none when no queue needs one.
    pub(super) fn write(&self, origin: &str) -> Option<String> {
        if self.groups.is_empty() {
            return None;
        }
        let mut text = format!("# The groups and agents of {origin}.\nformat = 1\n");
        for group in &self.groups {
            text.push('\n');
            write::todos(&mut text, &group.todos);
            let has_agents = |agent: &Agent| agent.groups.iter().any(|(at, _)| *at == group.name);
            if !self.agents.iter().any(has_agents) {
                let todo = format!(
                    "nobody is in this group: add agents, [agent.ana] with groups = [\"{}\"]",
                    group.name
                );
                write::todos(&mut text, &[todo]);
            }
            let _ = writeln!(text, "[group.{}]", group.name);
            write::aligned(&mut text, &group.fields);
        }
        for agent in &self.agents {
            let _ = write!(text, "\n[agent.{}]\n", agent.name);
            write::aligned(&mut text, &agent.fields());
        }
        Some(text)
    }
}

impl Agent {
    fn fields(&self) -> Vec<(&'static str, String)> {
        let names = self.groups.iter().map(|(name, _)| format!("\"{name}\""));
        let groups = names.collect::<Vec<String>>().join(", ");
        let mut fields = vec![
            ("name", write::quoted(&self.title)),
            ("groups", format!("[{groups}]")),
        ];
        if !self.device.is_empty() {
            fields.insert(1, ("device", write::quoted(&self.device)));
        }
        let tiers = self.groups.iter().filter(|(_, tier)| *tier > 0);
        let tiers = tiers.map(|(name, tier)| format!("{name} = {tier}"));
        let tiers = tiers.collect::<Vec<String>>().join(", ");
        if !tiers.is_empty() {
            fields.push(("tier", format!("{{ {tiers} }}")));
        }
        fields
    }
}
