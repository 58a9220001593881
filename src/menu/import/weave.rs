//! Steps that are known by what the original calls them, until all of them have names.
//!
//! Many pieces of an original are no step of their own: they only lead on. Such a piece is an
//! alias, and whatever leads to it leads to where it goes.

use super::draft::Draft;
use super::draft::Step;
use super::draft::To;
use super::draft::Value;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// Steps and aliases by the original's ids.
#[derive(Clone, Debug, Default)]
pub(super) struct Weave {
    /// The id is in the step's `name` until the end; beside it the name it should have.
    steps: Vec<(Step, String)>,
    ids: BTreeSet<String>,
    aliases: BTreeMap<String, To>,
}

impl Weave {
    /// A step. Its `name` is the id by which others lead to it; of several with one id, to the first.
    pub(super) fn step(&mut self, step: Step, wanted: &str) {
        if self.ids.insert(step.name.clone()) {
            self.steps.push((step, wanted.to_owned()));
        }
    }

    /// A piece that only leads on.
    pub(super) fn alias(&mut self, id: &str, to: To) {
        self.aliases.insert(id.to_owned(), to);
    }

    /// Adds a way that nothing here leads to a piece. One that only leads on becomes a step for it, which
    /// `signpost` makes of where it goes.
    pub(super) fn case(
        &mut self,
        id: &str,
        (case, to): (String, To),
        signpost: impl FnOnce(To) -> Step,
    ) {
        if let Some(on) = self.aliases.remove(id) {
            self.step(signpost(on), "branch");
        }
        if let Some((step, _)) = self.steps.iter_mut().find(|(step, _)| step.name == id) {
            step.cases.push((case, to));
        }
    }

    /// Gives the steps their names and puts them into the draft; where a call begins.
    pub(super) fn finish(self, start: &To, draft: &mut Draft) -> To {
        let mut names: BTreeMap<String, String> = BTreeMap::new();
        for (step, wanted) in &self.steps {
            let name = draft.names.unique(wanted);
            names.insert(step.name.clone(), name);
        }
        let named = |to: &To| match self.resolve(to) {
            To::Step(id) => To::Step(names.get(&id).cloned().unwrap_or(id)),
            other => other,
        };
        let start = named(start);
        for (step, _) in &self.steps {
            let mut step = step.clone();
            if let Some(name) = names.get(&step.name) {
                step.name.clone_from(name);
            }
            for (_, to) in &mut step.exits {
                *to = named(to);
            }
            for key in &mut step.keys {
                key.to = named(&key.to);
            }
            for (_, to) in &mut step.cases {
                *to = named(to);
            }
            for (_, value) in &mut step.fields {
                if let Value::Step(id) = value
                    && let Some(name) = names.get(id)
                {
                    id.clone_from(name);
                }
            }
            draft.steps.push(step);
        }
        start
    }

    /// Where an alias leads in the end; aliases that only lead to each other lead nowhere.
    fn resolve(&self, to: &To) -> To {
        let mut to = to;
        for _ in 0..=self.aliases.len() {
            match to {
                To::Step(id) => match self.aliases.get(id) {
                    Some(next) => to = next,
                    None => return to.clone(),
                },
                other => return other.clone(),
            }
        }
        To::HangUp
    }
}
