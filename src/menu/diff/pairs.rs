//! Which step of the new line is which of the old one: by name, and where a name is gone, by what the
//! step does.

use super::portrait::Aspect;
use super::portrait::Portrait;
use super::portrait::Value;
use super::portrait::What;
use super::view::View;
use crate::exchange::dialplan::Target;
use crate::exchange::id::StepId;
use crate::menu::graph;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Rounds in which renamed steps are looked for: each may explain where others lead.
const ROUNDS_MAX: usize = 20;

/// Steps that are the same on both sides.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    /// The new step of each old one.
    new: BTreeMap<StepId, StepId>,
    /// The old step of each new one.
    old: BTreeMap<StepId, StepId>,
}

impl Pairs {
    pub(super) fn find(old: View<'_>, new: View<'_>) -> Self {
        let mut pairs = Self::default();
        let names: BTreeMap<&str, StepId> = new
            .steps()
            .map(|id| (new.step(id).name.as_str(), id))
            .collect();
        for id in old.steps() {
            if let Some(other) = names.get(old.step(id).name.as_str()) {
                pairs.add(id, *other);
            }
        }
        for _ in 0..ROUNDS_MAX {
            if !pairs.find_renamed(old, new) {
                break;
            }
        }
        pairs
    }

    fn add(&mut self, old: StepId, new: StepId) {
        self.new.insert(old, new);
        self.old.insert(new, old);
    }

    pub(super) fn new_of(&self, old: StepId) -> Option<StepId> {
        self.new.get(&old).copied()
    }

    pub(super) fn old_of(&self, new: StepId) -> Option<StepId> {
        self.old.get(&new).copied()
    }

    /// Whether both targets are the same place.
    pub(super) fn same_place(&self, old: Target, new: Target) -> bool {
        match (old, new) {
            (Target::Step(old), Target::Step(new)) => self.new_of(old) == Some(new),
            (old, new) => old == new,
        }
    }

    /// Pairs steps without a partner that say and do the same, if there is only one such on each side.
    fn find_renamed(&mut self, old: View<'_>, new: View<'_>) -> bool {
        let mut by_face: BTreeMap<String, (Vec<StepId>, Vec<StepId>)> = BTreeMap::new();
        for id in old.steps().filter(|id| self.new_of(*id).is_none()) {
            let face = face(old, id, |step| self.new_of(step));
            by_face.entry(face).or_default().0.push(id);
        }
        for id in new.steps().filter(|id| self.old_of(*id).is_none()) {
            let known = |step| self.old_of(step).map(|_| step);
            by_face.entry(face(new, id, known)).or_default().1.push(id);
        }
        let mut found = false;
        for (old, new) in by_face.into_values() {
            if let ([old], [new]) = (&old[..], &new[..]) {
                self.add(*old, *new);
                found = true;
            }
        }
        found
    }
}

/// All of a step but its name; steps that it leads to count by their partners.
fn face(view: View<'_>, id: StepId, partner: impl Fn(StepId) -> Option<StepId>) -> String {
    let portrait = Portrait::of(view, id);
    let mut face = portrait.kind.name().to_owned();
    let exits = graph::exits(view.plan, id).into_iter();
    let actions = exits.filter_map(|exit| graph::action(view.plan, exit.via));
    let everywhere: Vec<&str> = actions
        .filter(|action| action.global)
        .map(|action| action.key.as_str())
        .collect();
    for Aspect { what, name, value } in &portrait.aspects {
        // The keys of the whole line are no mark of a step.
        if *what == What::Key && everywhere.contains(&name.as_str()) {
            continue;
        }
        let value = match value {
            Value::To(Target::Step(step), with) => {
                // A step without a partner may be any.
                let step = match *step == id {
                    true => "itself".to_owned(),
                    false => partner(*step).map_or("?".to_owned(), |step| step.0.to_string()),
                };
                format!("{step}{with}")
            }
            Value::To(target, with) => format!("{target:?}{with}"),
            Value::Words(words) => format!("{words:?}"),
            Value::Hours(calendar) => {
                let calendar = &view.plan.calendars[calendar.index()];
                format!("{:?} {:?}", calendar.week, calendar.days)
            }
            Value::Text(text) => text.clone(),
        };
        let _ = write!(face, "\n{name}={value}");
    }
    face
}
