//! From older menus to newer ones: where what was counted goes on being counted.
//!
//! A step is the same as one of the same kind and name in another version of its line; a key of it, as
//! long as callers are told the same of it; a question of a survey, as long as it has the same answers.

use super::rows::label;
use super::tally::Way;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::Moved;
use crate::exchange::dialplan::StepKind;
use crate::exchange::id::QueueId;
use crate::exchange::id::StepId;
use std::collections::BTreeMap;
use std::mem::discriminant;

/// Where the steps and queues of one plan are in another.
pub(super) struct Carried<'p> {
    before: &'p Dialplan,
    now: &'p Dialplan,
    /// The last step of each name, by line.
    newest: BTreeMap<(&'p str, &'p str), StepId>,
    kept: Kept<'p>,
}

/// Which of the versions before are still there.
enum Kept<'p> {
    /// All, and each where it was.
    All,
    /// Those that are kept, and where they have come to.
    Some(&'p Moved),
    /// All, but the last version of each is what counts.
    Last,
    /// None.
    None,
}

impl<'p> Carried<'p> {
    /// By newer menus, which may have made others leave the plan.
    pub(super) fn grown(before: &'p Dialplan, now: &'p Dialplan, moved: Option<&'p Moved>) -> Self {
        let kept = moved.map_or(Kept::All, Kept::Some);
        Self::new(before, now, kept)
    }

    /// Within one plan, to the last version of everything.
    pub(super) fn together(plan: &'p Dialplan) -> Self {
        Self::new(plan, plan, Kept::Last)
    }

    /// By menus in the place of all before them.
    pub(super) fn renewed(before: &'p Dialplan, now: &'p Dialplan) -> Self {
        Self::new(before, now, Kept::None)
    }

    fn new(before: &'p Dialplan, now: &'p Dialplan, kept: Kept<'p>) -> Self {
        // Newer versions come after older ones.
        let steps = (0..).map(StepId).zip(&now.steps);
        let named = steps.map(|(id, step)| {
            let line = now.line(step.line).name.as_str();
            ((line, step.name.as_str()), id)
        });
        Self {
            before,
            now,
            newest: named.collect(),
            kept,
        }
    }

    /// The steps of the plan before.
    pub(super) fn steps(&self) -> impl Iterator<Item = StepId> + use<> {
        (0..self.before.steps.len() as u32).map(StepId)
    }

    /// The plan after it.
    pub(super) fn now(&self) -> &'p Dialplan {
        self.now
    }

    fn kept_step(&self, step: StepId) -> Option<StepId> {
        match self.kept {
            Kept::All => Some(step),
            Kept::Some(moved) => moved.step(step),
            Kept::Last | Kept::None => None,
        }
    }

    /// What is in no later version stays where it is, if it is still there.
    fn or_stays<T>(&self, new: Option<T>, old: T) -> Option<T> {
        match self.kept {
            Kept::Last => new.or(Some(old)),
            Kept::All | Kept::Some(_) | Kept::None => new,
        }
    }

    /// Where a step is; none if it is in no version that is there.
    pub(super) fn step(&self, step: StepId) -> Option<StepId> {
        let new = self.kept_step(step).or_else(|| self.same(step));
        self.or_stays(new, step)
    }

    /// The last step that is the same.
    fn same(&self, step: StepId) -> Option<StepId> {
        let old = self.before.step(step);
        let line = self.before.line(old.line).name.as_str();
        let new = *self.newest.get(&(line, old.name.as_str()))?;
        let same = discriminant(&old.kind) == discriminant(&self.now.step(new).kind);
        same.then_some(new)
    }

    /// Where a queue is.
    pub(super) fn queue(&self, queue: QueueId) -> Option<QueueId> {
        let kept = match self.kept {
            Kept::All => Some(queue),
            Kept::Some(moved) => moved.queue(queue),
            Kept::Last | Kept::None => None,
        };
        let new = kept.or_else(|| {
            let step = self.same(self.before.queue(queue).step)?;
            match self.now.step(step).kind {
                StepKind::Queue(new) => Some(new),
                _ => None,
            }
        });
        self.or_stays(new, queue)
    }

    /// A way from a step, while it means the same.
    pub(super) fn way(&self, (step, way): (StepId, Way)) -> Option<(StepId, Way)> {
        let kept = self.kept_step(step).map(|kept| (kept, way));
        let new = kept.or_else(|| self.same_way(step, way));
        self.or_stays(new, (step, way))
    }

    fn same_way(&self, step: StepId, way: Way) -> Option<(StepId, Way)> {
        let new = self.same(step)?;
        match way {
            Way::Key(key) => {
                let told = label(self.before, step, key) == label(self.now, new, key);
                told.then_some((new, way))
            }
            Way::Name(entry) => {
                let entry = self.entry(step, entry, new)?;
                Some((new, Way::Name(entry)))
            }
            Way::Entry | Way::Wrong | Way::Silence | Way::Onward => Some((new, way)),
        }
    }

    /// A name of a directory, by its place.
    fn entry(&self, step: StepId, entry: u16, new: StepId) -> Option<u16> {
        let entries = |plan: &'p Dialplan, step: StepId| match &plan.step(step).kind {
            StepKind::Directory(directory) => &directory.entries[..],
            _ => &[],
        };
        let name = &entries(self.before, step).get(usize::from(entry))?.name;
        let mut others = entries(self.now, new).iter();
        let place = others.position(|other| other.name == *name)?;
        Some(place as u16)
    }

    /// A question of a survey, while it has the same answers.
    pub(super) fn question(&self, step: StepId, ask: u8) -> Option<(StepId, u8)> {
        let kept = self.kept_step(step).map(|kept| (kept, ask));
        let new = kept.or_else(|| self.same_question(step, ask));
        self.or_stays(new, (step, ask))
    }

    fn same_question(&self, step: StepId, ask: u8) -> Option<(StepId, u8)> {
        let new = self.same(step)?;
        let asks = |plan: &'p Dialplan, step: StepId| match &plan.step(step).kind {
            StepKind::Survey(survey) => &survey.asks[..],
            _ => &[],
        };
        let old = asks(self.before, step).get(usize::from(ask))?;
        let mut others = asks(self.now, new).iter();
        let place = others.position(|other| other.id == old.id && other.scale == old.scale)?;
        Some((new, place as u8))
    }
}
