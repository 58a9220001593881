//! Which steps and keys of a line were used by calls.

use super::story::Story;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::Listing;
use crate::exchange::dialplan::StepKind;
use crate::exchange::id::KeyNodeId;
use crate::exchange::id::StepId;
use crate::exchange::key::Key;
use crate::menu::graph::Via;
use crate::menu::graph::exits;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What calls to one line have reached so far.
#[derive(Clone, Debug)]
pub struct Coverage {
    plan: Arc<Dialplan>,
    steps: BTreeSet<StepId>,
    actions: BTreeSet<u32>,
    chosen: BTreeSet<(StepId, u16)>,
}

/// How many of several things were reached.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Covered {
    /// Those that were.
    pub reached: usize,
    /// All of them.
    pub of: usize,
    /// The names of the others.
    pub missing: Vec<String>,
}

impl Covered {
    fn of(things: impl Iterator<Item = (String, bool)>) -> Self {
        let things: Vec<(String, bool)> = things.collect();
        let missing = things.iter().filter(|(_, reached)| !reached);
        let missing: Vec<String> = missing.map(|(name, _)| name.clone()).collect();
        Self {
            reached: things.len() - missing.len(),
            of: things.len(),
            missing,
        }
    }

    /// Whether at least so many of a hundred were reached.
    pub fn is_enough(&self, percent: u8) -> bool {
        self.reached * 100 >= self.of * usize::from(percent)
    }
}

impl Coverage {
    /// Nothing was reached yet.
    pub fn new(plan: Arc<Dialplan>) -> Self {
        Self {
            plan,
            steps: BTreeSet::new(),
            actions: BTreeSet::new(),
            chosen: BTreeSet::new(),
        }
    }

    /// A call has gone this way.
    pub fn add(&mut self, story: &Story) {
        self.steps.extend(story.entered());
        self.actions.extend(&story.actions);
        self.chosen.extend(story.chosen());
    }

    /// The line.
    pub fn plan(&self) -> &Dialplan {
        &self.plan
    }

    /// The steps, also those that are only passed.
    pub fn steps(&self) -> Covered {
        let steps = self.plan.steps.iter().enumerate();
        Covered::of(steps.map(|(place, step)| {
            let reached = self.steps.contains(&StepId(place as u32));
            (step.name.clone(), reached)
        }))
    }

    /// The keys and names of each step; each of `[global_keys]` once, wherever it is pressed.
    pub fn keys(&self) -> Covered {
        let mut own = Vec::new();
        let mut global: BTreeMap<&str, bool> = BTreeMap::new();
        for (place, step) in self.plan.steps.iter().enumerate() {
            own.extend(self.names(StepId(place as u32)));
            for action in actions_of(&self.plan, StepId(place as u32)) {
                let key = &self.plan.key_actions[action as usize];
                let reached = self.actions.contains(&action);
                match key.global {
                    true => *global.entry(&key.key).or_default() |= reached,
                    false => own.push((format!("{} {}", step.name, key.key), reached)),
                }
            }
        }
        let global = global.into_iter();
        let global = global.map(|(key, reached)| (format!("global {key}"), reached));
        Covered::of(own.into_iter().chain(global))
    }

    /// The names of a directory.
    fn names(&self, id: StepId) -> Vec<(String, bool)> {
        let step = self.plan.step(id);
        let StepKind::Directory(directory) = &step.kind else {
            return Vec::new();
        };
        let names = directory.entries.iter().enumerate();
        let name = |(place, entry): (usize, &Listing)| {
            let reached = self.chosen.contains(&(id, place as u16));
            (format!("{} \"{}\"", step.name, entry.name), reached)
        };
        names.map(name).collect()
    }
}

/// What the keys of a step do, each once.
fn actions_of(plan: &Dialplan, step: StepId) -> BTreeSet<u32> {
    let keys = exits(plan, step).into_iter();
    keys.filter_map(|exit| match exit.via {
        Via::Key(action) => Some(action),
        _ => None,
    })
    .collect()
}

/// What the keys did that a call has used up: all of them or the first, the last of which is `key`;
/// and how many they are.
pub(super) fn action(
    plan: &Dialplan,
    step: StepId,
    typed: &[Key],
    key: Key,
) -> Option<(u32, usize)> {
    let root = root(plan, step)?;
    let ends = (0..typed.len()).filter(|place| typed[*place] == key);
    ends.rev()
        .find_map(|place| Some((spelled(plan, root, &typed[..=place])?, place + 1)))
        .or_else(|| Some((spelled(plan, root, &[key])?, typed.len())))
}

/// What exactly these keys do.
fn spelled(plan: &Dialplan, root: KeyNodeId, keys: &[Key]) -> Option<u32> {
    let mut node = plan.key_node(root);
    for key in keys {
        node = plan.key_node(node.next[key.index()]?);
    }
    node.action
}

fn root(plan: &Dialplan, step: StepId) -> Option<KeyNodeId> {
    match &plan.step(step).kind {
        StepKind::Menu(menu) => Some(menu.keys),
        StepKind::Say(say) => Some(say.keys),
        StepKind::Callback(callback) => Some(callback.say.keys),
        StepKind::Collect(collect) => Some(collect.keys),
        StepKind::Directory(directory) => Some(directory.keys),
        StepKind::Queue(queue) => Some(plan.queue(*queue).keys),
        StepKind::Hours(_)
        | StepKind::Record(_)
        | StepKind::Ticket(_)
        | StepKind::Transfer(_)
        | StepKind::Duty(_)
        | StepKind::Lookup(_)
        | StepKind::Survey(_) => None,
    }
}
