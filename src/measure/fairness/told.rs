//! Classes of callers that look-ups tell: how those of a high class wait, and who is turned away.

use super::classes::ClassSums;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::Recognition;
use crate::exchange::dialplan::StepKind;
use crate::exchange::id::StepId;
use crate::exchange::record::Unqueued;
use crate::measure::tally::Rule;

/// What callers are called of whom no look-up has told a class.
const NONE: &str = "no class";

/// The names of the classes that a plan's look-ups tell, that of callers without one first; no names where
/// no look-up tells any. A name means the same class in every look-up.
pub fn names(plan: &Dialplan) -> Vec<&str> {
    let mut names = Vec::new();
    for (_, set) in recognitions(plan) {
        for (name, _) in &set.classes {
            if names.is_empty() {
                names.push(NONE);
            }
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
    }
    names
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
    of_lookups: Vec<(StepId, Vec<u8>)>,
    sums: Vec<ClassSums>,
}

impl ToldClasses {
    /// The class of callers without one.
    pub(in crate::measure) const NONE: u8 = 0;

    pub(in crate::measure) fn new(plan: &Dialplan) -> Self {
        let names = names(plan);
        let place = |(name, _): &(String, _)| {
            let place = names.iter().position(|known| known == name);
            place.map_or(Self::NONE, |place| place as u8)
        };
        let places =
            |(step, set): (StepId, &Recognition)| (step, set.classes.iter().map(place).collect());
        Self {
            of_lookups: recognitions(plan).map(places).collect(),
            sums: vec![ClassSums::default(); names.len()],
        }
    }

    pub(in crate::measure) fn reset(&mut self) {
        self.sums.fill(ClassSums::default());
    }

    /// The class that a look-up means by its own number.
    pub(in crate::measure) fn of(&self, step: StepId, class: u8) -> u8 {
        let mut lookups = self.of_lookups.iter();
        let places = lookups.find(|(known, _)| *known == step);
        let place = places.and_then(|(_, places)| places.get(usize::from(class)));
        place.copied().unwrap_or(Self::NONE)
    }

    /// A call of a class has joined a queue.
    #[inline]
    pub(in crate::measure) fn entered(&mut self, class: u8) {
        if let Some(sums) = self.sums.get_mut(usize::from(class)) {
            sums.tally.entered += 1;
        }
    }

    /// One has left a queue, after such a wait.
    #[inline]
    pub(in crate::measure) fn left(&mut self, class: u8, how: Unqueued, wait_ms: u64, rule: Rule) {
        if let Some(sums) = self.sums.get_mut(usize::from(class))
            && sums.tally.left(how, wait_ms, rule)
        {
            sums.wait_max_ms = sums.wait_max_ms.max(wait_ms);
        }
    }

    /// One was turned away at the door of a queue.
    #[inline]
    pub(in crate::measure) fn turned_away(&mut self, class: u8) {
        if let Some(sums) = self.sums.get_mut(usize::from(class)) {
            sums.tally.turned_away += 1;
        }
    }

    /// What has come to all of them, in the order of their names.
    pub(in crate::measure) fn sums(&self) -> Vec<ClassSums> {
        self.sums.clone()
    }
}
