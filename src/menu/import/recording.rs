//! Where an original begins to record its calls, and where it stops.
//!
//! Other systems record a call from one place of it to another. Here a queue says whether the conversations
//! with its agents are recorded: it is, where every call comes to it that way.

use super::super::diagnostic::Place;
use super::super::graph::Via;
use super::draft::Draft;
use super::draft::Step;
use super::draft::To;
use super::draft::Value;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// What stands for such a place until [`carry_over`].
const KIND: &str = "recording";
const IS_ON: &str = "is_on";
/// What is to be said of a call to a number outside that an original records.
pub(super) const TRANSFER: &str =
    "the original records this call; here only conversations with agents are recorded";

/// A place at which recording begins or stops.
pub(super) fn mark(id: &str, place: &Place, is_on: bool, then: To) -> Step {
    let step = Step::new(KIND, id).at(place);
    step.set(IS_ON, Value::Flag(is_on)).exit(Via::Then, then)
}

/// Whether conversations of this queue are recorded, whatever its callers did before.
pub(super) fn always(step: Step) -> Step {
    step.text("recording", "always")
}

/// Sets `recording` of queues, takes the places out of the way of calls, and says what is not recorded.
pub(super) fn carry_over(draft: &mut Draft) {
    let marks: Vec<usize> = places(draft, |step| step.kind == KIND).collect();
    let come = come_to(draft, &marks);
    let mut is_kept = false;
    for (step, (with, without)) in draft.steps.iter_mut().zip(come) {
        match step.kind {
            "queue" if has_own(step) => {}
            "queue" if with && !without => {
                step.fields.push(("recording", Value::Text("always".to_owned())));
            }
            "queue" if with => step.add_todo(
                "only some of the calls that come here are recorded in the original: set `recording`",
            ),
            "transfer" if with && !without => step.add_todo(TRANSFER),
            "transfer" if with => step.add_todo(
                "the original records some of these calls; here only conversations with agents are recorded",
            ),
            _ => {}
        }
        is_kept |= has_own(step);
    }
    for mark in marks {
        let step = &draft.steps[mark];
        let place = step.place.clone().filter(|_| is_on(step));
        let note = match is_kept {
            true => "only conversations with agents are recorded here, from the answer on",
            false => {
                "the original records calls; here only conversations with agents are recorded: set \
                 `recording` of a queue"
            }
        };
        if let Some(place) = place {
            draft.tally.approximate(&place, note);
        }
        if !is_kept && !draft.todos.iter().any(|todo| todo == note) {
            draft.todos.push(note.to_owned());
        }
    }
    if is_kept {
        draft.todos.push(
            "conversations are recorded, and the phrase `recorded` tells callers so before they wait: take \
             out what the original says of it, or put its words into [phrases.*]"
                .to_owned(),
        );
    }
    take_out(draft);
}

fn has_own(step: &Step) -> bool {
    step.fields.iter().any(|(field, _)| *field == "recording")
}

fn is_on(step: &Step) -> bool {
    step.fields.contains(&(IS_ON, Value::Flag(true)))
}

fn places(draft: &Draft, fits: impl Fn(&Step) -> bool) -> impl Iterator<Item = usize> {
    let steps = draft.steps.iter().enumerate();
    steps.filter_map(move |(place, step)| fits(step).then_some(place))
}

/// For each step, whether calls come to it that are recorded, and such that are not.
fn come_to(draft: &Draft, marks: &[usize]) -> Vec<(bool, bool)> {
    let mut come = vec![(false, false); draft.steps.len()];
    if marks.is_empty() {
        return come;
    }
    let names = draft.steps.iter().enumerate();
    let names: BTreeMap<&str, usize> = names
        .map(|(place, step)| (step.name.as_str(), place))
        .collect();
    let start = names.get(draft.start.as_str()).copied();
    let mut seen: BTreeSet<(usize, bool)> = BTreeSet::new();
    let mut open: Vec<(usize, bool)> = start.map(|start| (start, false)).into_iter().collect();
    while let Some((at, recorded)) = open.pop() {
        if !seen.insert((at, recorded)) {
            continue;
        }
        match recorded {
            true => come[at].0 = true,
            false => come[at].1 = true,
        }
        let step = &draft.steps[at];
        let recorded = match step.kind {
            KIND => is_on(step),
            _ => recorded,
        };
        // `@back` leads to where the call has been before, as it came there.
        let ways = step.ways().filter_map(|to| match to {
            To::Step(name) => names.get(name.as_str()).copied(),
            To::Start => start,
            To::Back | To::Repeat | To::HangUp => None,
        });
        open.extend(ways.map(|way| (way, recorded)));
    }
    come
}

/// Leads calls past the places at which nothing is left to do.
fn take_out(draft: &mut Draft) {
    let marks = draft.steps.iter().filter(|step| step.kind == KIND);
    let past: BTreeMap<String, To> = marks
        .map(|step| (step.name.clone(), step.exits[0].1.clone()))
        .collect();
    let lead = |to: &mut To| {
        for _ in 0..=past.len() {
            match to {
                To::Step(name) => match past.get(name) {
                    Some(next) => *to = next.clone(),
                    None => return,
                },
                _ => return,
            }
        }
        *to = To::HangUp;
    };
    let marks = draft.steps.extract_if(.., |step| step.kind == KIND);
    let left: Vec<_> = marks
        .map(|step| (step.name, step.todos, step.cases))
        .collect();
    for (name, todos, cases) in left {
        let mut to = To::Step(name);
        lead(&mut to);
        let found = draft
            .steps
            .iter_mut()
            .find(|step| to == To::Step(step.name.clone()));
        match found {
            Some(step) => {
                todos.into_iter().for_each(|todo| step.add_todo(todo));
                step.cases.extend(cases);
            }
            None => draft.todos.extend(todos),
        }
    }
    for step in &mut draft.steps {
        let exits = step.exits.iter_mut().map(|(_, to)| to);
        let keys = step.keys.iter_mut().map(|key| &mut key.to);
        let cases = step.cases.iter_mut().map(|(_, to)| to);
        exits.chain(keys).chain(cases).for_each(lead);
    }
    let mut start = To::Step(draft.start.clone());
    lead(&mut start);
    if let To::Step(name) = start {
        draft.start = name;
    }
}
