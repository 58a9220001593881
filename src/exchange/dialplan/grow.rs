//! Menus that are published while calls go on: the plan grows. Everything that calls are in the middle
//! of keeps its place, what is new comes after it, and only people are the same for all.

use super::Agent;
use super::Bounds;
use super::Dialplan;
use super::Lane;
use super::Line;
use super::Profile;
use super::Queue;
use super::renumber::Renumbering;
use crate::exchange::id::AgentId;
use crate::exchange::id::GroupId;
use crate::exchange::id::LaneId;
use crate::exchange::id::LanguageId;
use crate::exchange::id::LineId;
use crate::exchange::id::QueueId;
use crate::exchange::id::ReasonId;
use crate::exchange::limits::LANES_MAX;
use crate::exchange::limits::LANGUAGES_MAX;
use crate::exchange::limits::LINES_MAX;
use crate::exchange::limits::QUEUES_MAX;

/// A plan that has grown, and who and what the newest menus do not name any more.
#[derive(Clone, Debug)]
pub struct Growth {
    /// The plan.
    pub plan: Dialplan,
    /// Agents whom the newest menus do not name.
    pub agents_gone: Vec<AgentId>,
    /// Groups that they do not name.
    pub groups_gone: Vec<GroupId>,
}

impl Dialplan {
    /// The plan with newer menus added: their lines take the calls that come, the lines before stay for
    /// those who are in them. Groups and agents of the same name are the same, by the newer rules. None
    /// if there would be too much of anything.
    #[must_use]
    pub fn grown_with(&self, newer: &Self) -> Option<Growth> {
        let mut plan = self.clone();
        plan.zone = newer.zone.clone();
        let reasons = plan.add_reasons(newer)?;
        let languages = plan.add_languages(newer)?;
        let (groups, groups_gone) = plan.take_groups(newer);
        let lanes = plan.add_lanes(newer, &groups);
        let agents_gone = plan.take_people(newer, &groups);
        for line in &mut plan.lines {
            line.retired = true;
        }
        let here = self.ends();
        let renumbering = Renumbering {
            lines: here.lines,
            steps: here.steps,
            prompts: here.prompts,
            key_nodes: here.key_nodes,
            key_actions: here.key_actions,
            calendars: here.calendars,
            queues: here.queues,
            languages,
            reasons,
            lanes,
            groups,
        };
        plan.newer.push(here);
        plan.add_menus(newer, (Bounds::default(), newer.ends()), &renumbering);
        plan.find_roots(self.lines.len(), self.queues.len());
        plan.find_servers();
        let fits = plan.lines.len() <= LINES_MAX
            && plan.queues.len() <= QUEUES_MAX
            && plan.lanes.len() <= LANES_MAX
            && plan.profiles.len() <= LANES_MAX
            && plan.calendars.len() <= LINES_MAX;
        fits.then_some(Growth {
            plan,
            agents_gone,
            groups_gone,
        })
    }

    fn add_reasons(&mut self, newer: &Self) -> Option<Vec<ReasonId>> {
        let places = union(&mut self.pause_reasons, &newer.pause_reasons);
        let places = places.map(|place| u8::try_from(place).ok().map(ReasonId));
        places.collect()
    }

    /// A language that is new has no words in the lines before, which do not speak it.
    fn add_languages(&mut self, newer: &Self) -> Option<Vec<LanguageId>> {
        let places = union(&mut self.languages, &newer.languages);
        let places: Option<_> = places
            .map(|place| u8::try_from(place).ok().map(LanguageId))
            .collect();
        let languages = self.languages.len();
        for prompt in &mut self.prompts {
            prompt.speech.resize(languages, Default::default());
        }
        for queue in &mut self.queues {
            for lanes in queue.lane_lists() {
                let any = lanes.first().copied().unwrap_or(LaneId(0));
                lanes.resize(languages, any);
            }
        }
        places.filter(|_| languages <= LANGUAGES_MAX)
    }

    /// Groups of the same name take the newer rules.
    fn take_groups(&mut self, newer: &Self) -> (Vec<GroupId>, Vec<GroupId>) {
        let mut ids = Vec::new();
        for group in &newer.groups {
            let same = self
                .groups
                .iter()
                .position(|other| other.name == group.name);
            match same {
                Some(place) => self.groups[place] = group.clone(),
                None => self.groups.push(group.clone()),
            }
            ids.push(GroupId(same.unwrap_or(self.groups.len() - 1) as u16));
        }
        let all = (0..self.groups.len()).map(|place| GroupId(place as u16));
        let gone = all.filter(|id| !ids.contains(id)).collect();
        (ids, gone)
    }

    /// Callers who ask for the same stand in the same line, whichever menus they follow.
    fn add_lanes(&mut self, newer: &Self, groups: &[GroupId]) -> Vec<LaneId> {
        let mut ids = Vec::new();
        for lane in &newer.lanes {
            let group = groups[lane.group.index()];
            let same = |other: &Lane| {
                (other.group, &other.skills, other.tier_max) == (group, &lane.skills, lane.tier_max)
            };
            let place = self.lanes.iter().position(same).unwrap_or_else(|| {
                self.lanes.push(Lane {
                    group,
                    ..lane.clone()
                });
                self.lanes.len() - 1
            });
            ids.push(LaneId(place as u16));
        }
        ids
    }

    /// Agents of the same name are the same; whoever is not named any more keeps a place without a name
    /// and without groups.
    fn take_people(&mut self, newer: &Self, groups: &[GroupId]) -> Vec<AgentId> {
        let mut profiles = Vec::new();
        for profile in &newer.profiles {
            let own = profile.groups.iter().map(|group| groups[group.index()]);
            profiles.push(self.profile_like(Profile {
                groups: own.collect(),
                ..profile.clone()
            }));
        }
        for person in &newer.agents {
            let person = Agent {
                profile: profiles[person.profile.index()],
                ..person.clone()
            };
            let same = self
                .agents
                .iter()
                .position(|other| other.name == person.name);
            match same {
                Some(place) => self.agents[place] = person,
                None => self.agents.push(person),
            }
        }
        let named = |agent: &Agent| newer.agents.iter().any(|other| other.name == agent.name);
        let nobody = self.profile_like(Profile::default());
        let mut gone = Vec::new();
        for (place, agent) in self.agents.iter_mut().enumerate() {
            if !agent.is_gone() && !named(agent) {
                (agent.name, agent.device) = (String::new(), String::new());
                agent.profile = nobody;
                gone.push(AgentId(place as u32));
            }
        }
        gone
    }

    /// Adds the menus of another plan that lie there.
    pub(super) fn add_menus(
        &mut self,
        newer: &Self,
        (from, to): (Bounds, Bounds),
        renumbering: &Renumbering,
    ) {
        let languages = self.languages.len();
        let long = |from: u32, to: u32| from as usize..to as usize;
        let short = |from: u16, to: u16| usize::from(from)..usize::from(to);
        let prompts = newer.prompts[long(from.prompts, to.prompts)]
            .iter()
            .cloned();
        self.prompts.extend(prompts.map(|mut prompt| {
            renumbering.prompt(&mut prompt, languages);
            prompt
        }));
        let nodes = newer.key_nodes[long(from.key_nodes, to.key_nodes)]
            .iter()
            .cloned();
        self.key_nodes.extend(nodes.map(|mut node| {
            renumbering.node(&mut node);
            node
        }));
        let actions = newer.key_actions[long(from.key_actions, to.key_actions)]
            .iter()
            .cloned();
        self.key_actions.extend(actions.map(|mut action| {
            renumbering.action(&mut action);
            action
        }));
        let calendars = &newer.calendars[short(from.calendars, to.calendars)];
        self.calendars.extend(calendars.iter().cloned());
        let queues = newer.queues[short(from.queues, to.queues)].iter().cloned();
        self.queues.extend(queues.map(|mut queue| {
            renumbering.queue(&mut queue, languages);
            queue
        }));
        let steps = newer.steps[long(from.steps, to.steps)].iter().cloned();
        self.steps.extend(steps.map(|mut step| {
            renumbering.step(&mut step);
            step
        }));
        let lines = newer.lines[short(from.lines, to.lines)].iter().cloned();
        self.lines.extend(lines.map(|mut line| {
            renumbering.line(&mut line);
            line
        }));
    }

    /// Lines and queues of the same name are counted where the first of them is.
    pub(super) fn find_roots(&mut self, lines: usize, queues: usize) {
        for place in lines..self.lines.len() {
            let (before, newer) = self.lines.split_at(lines);
            let name = &newer[place - lines].name;
            let same = before.iter().position(|line| line.name == *name);
            self.lines[place].root = same.map(|same| self.line_root(LineId(same as u16)));
        }
        let root_of = |plan: &Self, queue: &Queue| plan.line_root(plan.step(queue.step).line);
        for place in queues..self.queues.len() {
            let (before, newer) = self.queues.split_at(queues);
            let queue = &newer[place - queues];
            let line = root_of(self, queue);
            let same = before
                .iter()
                .position(|other| other.name == queue.name && root_of(self, other) == line);
            self.queues[place].root = same.map(|same| self.queue_root(QueueId(same as u16)));
        }
    }
}

impl Dialplan {
    /// The line whose file has this stem, in the newest menus.
    pub fn line_named(&self, name: &str) -> Option<LineId> {
        let is_it = |line: &Line| line.name == name && !line.retired;
        let place = self.lines.iter().position(is_it)?;
        Some(LineId(place as u16))
    }

    /// Where what all versions of a line share is counted: its trunks, callers and switches.
    pub fn line_root(&self, id: LineId) -> LineId {
        self.line(id).root.unwrap_or(id)
    }

    /// Where what all versions of a queue share is counted.
    pub fn queue_root(&self, id: QueueId) -> QueueId {
        self.queue(id).root.unwrap_or(id)
    }
}

impl Queue {
    /// The lanes by language of every stage.
    pub(super) fn lane_lists(&mut self) -> impl Iterator<Item = &mut Vec<LaneId>> {
        let stages = self.stages.iter_mut().map(|stage| &mut stage.lanes);
        std::iter::once(&mut self.lanes).chain(stages)
    }
}

/// Adds what is new to a list; the places of all that are in the newer one.
fn union<'a>(
    all: &'a mut Vec<String>,
    newer: &'a [String],
) -> impl Iterator<Item = usize> + use<'a> {
    newer.iter().map(|name| {
        all.iter()
            .position(|other| other == name)
            .unwrap_or_else(|| {
                all.push(name.clone());
                all.len() - 1
            })
    })
}
