//! What steps are called where a plan has several lines.

use super::Dialplan;
use super::Step;
use super::StepKind;
use crate::exchange::id::QueueId;
use crate::exchange::id::StepId;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Stands between a line and what is of this line only.
pub const OF_LINE: char = '/';

/// A name with its line before it: `shop/support`.
pub fn with_line(line: &str, name: &str) -> String {
    format!("{line}{OF_LINE}{name}")
}

/// The names of all steps: as they are written, and with their line before them where another line has
/// such a name, too: `support`, `shop/support`.
#[derive(Clone, Debug)]
pub struct StepNames<'p> {
    plan: &'p Dialplan,
    names: Vec<Cow<'p, str>>,
}

impl<'p> StepNames<'p> {
    /// Those of a plan. Versions of a line that are out of force are no lines of their own.
    pub fn new(plan: &'p Dialplan) -> Self {
        // The line of each name; none where there are several.
        let mut owners: BTreeMap<&str, Option<&str>> = BTreeMap::new();
        for step in &plan.steps {
            let line = &plan.line(step.line).name;
            let owner = owners.entry(&step.name).or_insert(Some(line));
            *owner = owner.filter(|other| other == line);
        }
        let name = |step: &'p Step| match owners.get(step.name.as_str()) {
            Some(None) => Cow::Owned(with_line(&plan.line(step.line).name, &step.name)),
            _ => Cow::Borrowed(step.name.as_str()),
        };
        Self {
            plan,
            names: plan.steps.iter().map(name).collect(),
        }
    }

    /// What a step is called.
    pub fn of(&self, step: StepId) -> &str {
        &self.names[step.index()]
    }

    /// What a queue is called.
    pub fn of_queue(&self, queue: QueueId) -> &str {
        self.of(self.plan.queue(queue).step)
    }

    /// The steps of such a kind that somebody may mean who writes this name, with or without its line:
    /// several where several lines have one.
    pub fn meant<'n>(
        &'n self,
        name: &'n str,
        kind: fn(&StepKind) -> bool,
    ) -> impl Iterator<Item = StepId> + 'n {
        let with_line = name.split_once(OF_LINE);
        let steps = self.plan.steps.iter().enumerate();
        let is_meant = move |step: &Step| {
            step.name == name
                || with_line.is_some_and(|(line, own)| {
                    step.name == own && self.plan.line(step.line).name == line
                })
        };
        let steps = steps.filter(move |(_, step)| kind(&step.kind) && is_meant(step));
        steps.map(|(place, _)| StepId(place as u32))
    }

    /// The name with its line, wherever it is.
    pub fn with_line(&self, step: StepId) -> String {
        let step = self.plan.step(step);
        with_line(&self.plan.line(step.line).name, &step.name)
    }

    /// All steps of such a kind, in their order.
    pub fn all(&self, kind: fn(&StepKind) -> bool) -> impl Iterator<Item = &str> + Clone {
        let steps = self.plan.steps.iter().zip(&self.names);
        let steps = steps.filter(move |(step, _)| kind(&step.kind));
        steps.map(|(_, name)| name.as_ref())
    }
}
