//! Classes of callers that look-ups tell: how those of a high class wait, and who is turned away.

use super::classes::ClassSums;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::Recognition;
use crate::exchange::dialplan::StepKind;
use crate::exchange::id::StepId;
use crate::exchange::record::Unqueued;
use crate::measure::tally::Rule;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

const NONE: &str = Recognition::NO_CLASS;

/// The names of the classes that a plan's look-ups tell, that of callers without one first; no names where
/// no look-up tells any. A name means the same class in every look-up.
pub fn names(plan: &Dialplan) -> Vec<&str> {
    let mut known = BTreeSet::from([NONE]);
    let all = recognitions(plan).flat_map(|(_, set)| &set.classes);
    let names = all.map(|(name, _)| name.as_str());
    let mut told: Vec<&str> = names.filter(|name| known.insert(*name)).collect();
    if !told.is_empty() {
        told.insert(0, NONE);
    }
    told
}

fn recognitions(plan: &Dialplan) -> impl Iterator<Item = (StepId, &Recognition)> {
    let steps = (0..).map(StepId).zip(&plan.steps);
    steps.filter_map(|(id, step)| match &step.kind {
        StepKind::Lookup(lookup) => Some((id, lookup.set.as_ref()?)),
        _ => None,
    })
}

/// What comes to the classes in one run; nothing is counted where there are none.
#[derive(Clone, Debug)]
pub(in crate::measure) struct ToldClasses {
    /// The classes of each look-up that tells some, as places in the names.
    of_lookups: BTreeMap<StepId, Vec<u32>>,
    sums: Vec<ClassSums>,
}

impl ToldClasses {
    /// The class of callers without one.
    pub(in crate::measure) const NONE: u32 = 0;

    pub(in crate::measure) fn new(plan: &Dialplan) -> Self {
        let names: BTreeMap<&str, u32> = names(plan).into_iter().zip(Self::NONE..).collect();
        let place = |(name, _): &(String, _)| names.get(name.as_str()).copied();
        let places = |set: &Recognition| set.classes.iter().filter_map(place).collect();
        Self {
            of_lookups: recognitions(plan)
                .map(|(step, set)| (step, places(set)))
                .collect(),
            sums: vec![ClassSums::default(); names.len()],
        }
    }

    pub(in crate::measure) fn reset(&mut self) {
        self.sums.fill(ClassSums::default());
    }

    /// The class that a look-up means by its own number.
    pub(in crate::measure) fn of(&self, step: StepId, class: u8) -> u32 {
        let places = self.of_lookups.get(&step);
        let place = places.and_then(|places| places.get(usize::from(class)));
        place.copied().unwrap_or(Self::NONE)
    }

    #[inline]
    fn at(&mut self, class: u32) -> Option<&mut ClassSums> {
        self.sums.get_mut(class as usize)
    }

    /// A call of a class has joined a queue.
    #[inline]
    pub(in crate::measure) fn entered(&mut self, class: u32) {
        if let Some(sums) = self.at(class) {
            sums.tally.entered += 1;
        }
    }

    /// One has left a queue, after such a wait.
    #[inline]
    pub(in crate::measure) fn left(&mut self, class: u32, how: Unqueued, wait_ms: u64, rule: Rule) {
        if let Some(sums) = self.at(class)
            && sums.tally.left(how, wait_ms, rule)
        {
            sums.wait_max_ms = sums.wait_max_ms.max(wait_ms);
        }
    }

    /// One was turned away at the door of a queue.
    #[inline]
    pub(in crate::measure) fn turned_away(&mut self, class: u32) {
        if let Some(sums) = self.at(class) {
            sums.tally.turned_away += 1;
        }
    }

    /// What has come to all of them, in the order of their names.
    pub(in crate::measure) fn sums(&self) -> Vec<ClassSums> {
        self.sums.clone()
    }
}
