//! What callers enter and look-ups find, under one name on both sides: the name is for those who write
//! lines, and no caller ever hears it.

use super::view::View;
use crate::exchange::dialplan::StepKind;
use crate::exchange::id::StepId;
use crate::exchange::id::VariableId;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// What the old line saves under other names than the new one.
#[derive(Debug, Default)]
pub(super) struct Renamed {
    names: BTreeMap<VariableId, String>,
}

impl Renamed {
    /// What the same steps save in the same way, and what nothing else is called on either side.
    pub(super) fn find(old: View<'_>, new: View<'_>) -> Self {
        let steps: BTreeMap<&str, StepId> = new
            .steps()
            .map(|id| (new.step(id).name.as_str(), id))
            .collect();
        let mut met: BTreeMap<VariableId, BTreeSet<VariableId>> = BTreeMap::new();
        for id in old.steps() {
            let step = old.step(id);
            let Some(other) = steps.get(step.name.as_str()) else {
                continue;
            };
            for (was, now) in both(&step.kind, &new.step(*other).kind) {
                met.entry(was).or_default().insert(now);
            }
        }
        let knows = |view: View<'_>, name: &str| {
            let mut names = view.line().variables.iter();
            names.any(|other| other == name)
        };
        let mut names: BTreeMap<VariableId, String> = BTreeMap::new();
        let mut taken = BTreeSet::new();
        for (was, now) in met {
            let mut now = now.into_iter();
            let (Some(only), None) = (now.next(), now.next()) else {
                continue;
            };
            let (before, after) = (old.variable(was), new.variable(only));
            if !knows(new, before) && !knows(old, after) && taken.insert(only) {
                names.insert(was, after.to_owned());
            }
        }
        Self { names }
    }

    pub(super) fn name(&self, id: VariableId) -> Option<&str> {
        self.names.get(&id).map(String::as_str)
    }
}

/// What two steps save from the same place.
fn both(old: &StepKind, new: &StepKind) -> Vec<(VariableId, VariableId)> {
    match (old, new) {
        (StepKind::Collect(old), StepKind::Collect(new)) => vec![(old.save, new.save)],
        (StepKind::Lookup(old), StepKind::Lookup(new)) => {
            let partner = |pointer: &str| new.save.iter().find(|saved| saved.pointer == pointer);
            let pairs = old.save.iter().filter_map(|saved| {
                let partner = partner(&saved.pointer)?;
                Some((saved.variable, partner.variable))
            });
            pairs.collect()
        }
        _ => Vec::new(),
    }
}
