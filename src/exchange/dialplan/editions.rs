//! Versions of menus side by side in one plan: where each begins, and how those that no call follows any
//! more are left out. What stays moves together, and every id with it.

use super::Dialplan;
use super::renumber::Renumbering;
use crate::exchange::id::GroupId;
use crate::exchange::id::LaneId;
use crate::exchange::id::LanguageId;
use crate::exchange::id::LineId;
use crate::exchange::id::QueueId;
use crate::exchange::id::ReasonId;
use crate::exchange::id::StepId;
use serde::Deserialize;
use serde::Serialize;

const FOLLOWED: &str = "menus that a call follows are kept";

/// A place in every list that menus have to themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounds {
    /// Of the lines.
    pub lines: u16,
    /// Of the steps.
    pub steps: u32,
    /// Of the prompts.
    pub prompts: u32,
    /// Of the key nodes.
    pub key_nodes: u32,
    /// Of the key actions.
    pub key_actions: u32,
    /// Of the calendars.
    pub calendars: u16,
    /// Of the queues.
    pub queues: u16,
}

impl Dialplan {
    /// Versions of menus of which it is made.
    pub fn editions(&self) -> usize {
        self.newer.len() + 1
    }

    /// The version that a line belongs to: 0 is the oldest.
    pub fn edition_of(&self, line: LineId) -> usize {
        self.newer.partition_point(|from| from.lines <= line.0)
    }

    /// The ends of all lists.
    pub(super) fn ends(&self) -> Bounds {
        Bounds {
            lines: self.lines.len() as u16,
            steps: self.steps.len() as u32,
            prompts: self.prompts.len() as u32,
            key_nodes: self.key_nodes.len() as u32,
            key_actions: self.key_actions.len() as u32,
            calendars: self.calendars.len() as u16,
            queues: self.queues.len() as u16,
        }
    }

    /// From where to where a version is.
    fn bounds(&self, edition: usize) -> (Bounds, Bounds) {
        let from = edition.checked_sub(1).map(|before| self.newer[before]);
        let to = self.newer.get(edition).copied();
        (from.unwrap_or_default(), to.unwrap_or_else(|| self.ends()))
    }

    /// The plan with these of its versions alone, and where everything is in it. People, and what they
    /// are asked for, stay where they are.
    #[must_use]
    pub(in crate::exchange) fn with_editions(&self, kept: &[bool]) -> (Self, Moved) {
        let mut plan = Self {
            lines: Vec::new(),
            steps: Vec::new(),
            prompts: Vec::new(),
            key_nodes: Vec::new(),
            key_actions: Vec::new(),
            calendars: Vec::new(),
            queues: Vec::new(),
            newer: Vec::new(),
            ..self.people()
        };
        let mut moved = Moved::nothing(self, kept);
        for (edition, _) in kept.iter().enumerate().filter(|(_, kept)| **kept) {
            let (here, part) = (plan.ends(), self.bounds(edition));
            if here.lines > 0 {
                plan.newer.push(here);
            }
            plan.add_menus(self, part, &self.moving(part.0, here));
            plan.find_roots(here.lines.into(), here.queues.into());
            moved.note(part, here);
        }
        moved.find_roots(self, &plan);
        (plan, moved)
    }

    /// Everything but the menus.
    fn people(&self) -> Self {
        Self {
            zone: self.zone.clone(),
            lanes: self.lanes.clone(),
            groups: self.groups.clone(),
            profiles: self.profiles.clone(),
            agents: self.agents.clone(),
            pause_reasons: self.pause_reasons.clone(),
            languages: self.languages.clone(),
            ..Self::default()
        }
    }

    /// How the ids of menus change that move from one place to another; whom they share stays.
    fn moving(&self, from: Bounds, to: Bounds) -> Renumbering {
        Renumbering {
            lines: to.lines.wrapping_sub(from.lines),
            steps: to.steps.wrapping_sub(from.steps),
            prompts: to.prompts.wrapping_sub(from.prompts),
            key_nodes: to.key_nodes.wrapping_sub(from.key_nodes),
            key_actions: to.key_actions.wrapping_sub(from.key_actions),
            calendars: to.calendars.wrapping_sub(from.calendars),
            queues: to.queues.wrapping_sub(from.queues),
            languages: (0..self.languages.len())
                .map(|id| LanguageId(id as u8))
                .collect(),
            reasons: (0..self.pause_reasons.len())
                .map(|id| ReasonId(id as u8))
                .collect(),
            lanes: (0..self.lanes.len()).map(|id| LaneId(id as u16)).collect(),
            groups: (0..self.groups.len())
                .map(|id| GroupId(id as u16))
                .collect(),
        }
    }
}

/// Where in a plan everything is that was kept of the one before.
#[derive(Clone, Debug)]
pub struct Moved {
    editions: Vec<bool>,
    lines: Vec<Option<LineId>>,
    steps: Vec<Option<StepId>>,
    queues: Vec<Option<QueueId>>,
    /// Where lines and queues are counted that were counted here.
    line_roots: Vec<Option<LineId>>,
    queue_roots: Vec<Option<QueueId>>,
    /// How many lines and queues there are now.
    sizes: (usize, usize),
}

impl Moved {
    fn nothing(plan: &Dialplan, kept: &[bool]) -> Self {
        Self {
            editions: kept.to_vec(),
            lines: vec![None; plan.lines.len()],
            steps: vec![None; plan.steps.len()],
            queues: vec![None; plan.queues.len()],
            line_roots: vec![None; plan.lines.len()],
            queue_roots: vec![None; plan.queues.len()],
            sizes: (0, 0),
        }
    }

    fn note(&mut self, (from, to): (Bounds, Bounds), here: Bounds) {
        for (new, old) in (here.lines..).zip(from.lines..to.lines) {
            self.lines[usize::from(old)] = Some(LineId(new));
        }
        for (new, old) in (here.steps..).zip(from.steps..to.steps) {
            self.steps[old as usize] = Some(StepId(new));
        }
        for (new, old) in (here.queues..).zip(from.queues..to.queues) {
            self.queues[usize::from(old)] = Some(QueueId(new));
        }
    }

    fn find_roots(&mut self, before: &Dialplan, now: &Dialplan) {
        self.sizes = (now.lines.len(), now.queues.len());
        for (old, new) in (0..).map(LineId).zip(&self.lines) {
            if let Some(new) = new {
                self.line_roots[before.line_root(old).index()] = Some(now.line_root(*new));
            }
        }
        for (old, new) in (0..).map(QueueId).zip(&self.queues) {
            if let Some(new) = new {
                self.queue_roots[before.queue_root(old).index()] = Some(now.queue_root(*new));
            }
        }
    }

    /// Whether a version was kept.
    pub fn has_kept(&self, edition: usize) -> bool {
        self.editions[edition]
    }

    /// A line, if it was kept.
    pub fn line(&self, id: LineId) -> Option<LineId> {
        self.lines[id.index()]
    }

    /// A step, if it was kept.
    pub fn step(&self, id: StepId) -> Option<StepId> {
        self.steps[id.index()]
    }

    /// A queue, if it was kept.
    pub fn queue(&self, id: QueueId) -> Option<QueueId> {
        self.queues[id.index()]
    }

    /// Goes over to the new id of a line that a call follows: such a one is always kept.
    pub fn follow_line(&self, id: &mut LineId) {
        *id = self.line(*id).expect(FOLLOWED);
    }

    /// The same of a step.
    pub fn follow_step(&self, id: &mut StepId) {
        *id = self.step(*id).expect(FOLLOWED);
    }

    /// The same of a queue.
    pub fn follow_queue(&self, id: &mut QueueId) {
        *id = self.queue(*id).expect(FOLLOWED);
    }

    /// Where a line is counted that was counted here, if one of its versions was kept.
    pub fn line_root(&self, id: LineId) -> Option<LineId> {
        self.line_roots[id.index()]
    }

    /// Where a queue is counted that was counted here, if one of its versions was kept.
    pub fn queue_root(&self, id: QueueId) -> Option<QueueId> {
        self.queue_roots[id.index()]
    }

    /// What is known of each line alone, in the new order.
    pub(in crate::exchange) fn each_line<T: Clone>(&self, list: &[T], nothing: &T) -> Vec<T> {
        let places = self.lines.iter().map(|id| id.map(LineId::index));
        sorted(list, places, self.sizes.0, nothing)
    }

    /// What is known of each queue alone, in the new order.
    pub(in crate::exchange) fn each_queue<T: Clone>(&self, list: &[T], nothing: &T) -> Vec<T> {
        let places = self.queues.iter().map(|id| id.map(QueueId::index));
        sorted(list, places, self.sizes.1, nothing)
    }

    /// What is counted of all versions of a line together, in the new order.
    pub fn lines_counted<T: Clone>(&self, list: &[T], nothing: &T) -> Vec<T> {
        let places = self.line_roots.iter().map(|id| id.map(LineId::index));
        sorted(list, places, self.sizes.0, nothing)
    }

    /// What is counted of all versions of a queue together, in the new order.
    pub fn queues_counted<T: Clone>(&self, list: &[T], nothing: &T) -> Vec<T> {
        let places = self.queue_roots.iter().map(|id| id.map(QueueId::index));
        sorted(list, places, self.sizes.1, nothing)
    }
}

fn sorted<T: Clone>(
    list: &[T],
    places: impl Iterator<Item = Option<usize>>,
    size: usize,
    nothing: &T,
) -> Vec<T> {
    let mut sorted = vec![nothing.clone(); size];
    for (item, place) in list.iter().zip(places) {
        if let Some(place) = place {
            sorted[place] = item.clone();
        }
    }
    sorted
}
