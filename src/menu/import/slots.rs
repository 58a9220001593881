//! What was looked up or entered, and is said or sent: only where every call has it.

use super::super::graph::Via;
use super::draft::Draft;
use super::draft::NOWHERE;
use super::draft::Step;
use super::draft::To;
use super::draft::Value;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// Placeholders that mean something wherever they may stand.
pub(super) const ALWAYS: [&str; 5] = ["caller", "language", "line", "notice", "options"];

/// Takes placeholders out of steps to which a call may come before their value is saved.
pub(super) fn check(draft: &mut Draft) {
    let steps = draft.steps.iter();
    let names: BTreeSet<String> = steps
        .flat_map(|step| [saved(step), used(step)].concat())
        .collect();
    for name in names {
        let slot = format!("{{{name}}}");
        let spoken = [format!("{{{name}:text}}"), format!("{{{name}:digits}}")];
        let uses = |step: &Step| used(step).contains(&name);
        if !draft.steps.iter().any(uses) {
            continue;
        }
        let is_saved = draft.steps.iter().any(|step| saved(step).contains(&name));
        let without = match is_saved {
            true => reached_without(draft, &name),
            false => vec![true; draft.steps.len()],
        };
        let steps = draft.steps.iter_mut().enumerate();
        for (_, step) in steps.filter(|(place, step)| without[*place] && uses(step)) {
            if let Some(say) = &mut step.say {
                for spoken in &spoken {
                    say.text = say.text.replace(spoken, "…");
                }
            }
            if let Some(asked) = &mut step.asked {
                asked.body.retain(|(_, text)| !text.contains(&slot));
            }
            let mut todo = format!("{slot} stood here, and some calls come here without it");
            if let Some(asked) = &mut step.asked
                && asked.url.contains(&slot)
            {
                todo = format!("{todo}: set `url`, which was {}", asked.url);
                NOWHERE.clone_into(&mut asked.url);
            }
            if let Some(place) = &step.place {
                draft.tally.approximate(place, &todo);
            }
            step.add_todo(todo);
        }
    }
}

/// The names under which a step saves something.
fn saved(step: &Step) -> Vec<String> {
    let values = step.asked.iter().flat_map(|asked| &asked.save);
    let mut names: Vec<String> = values.map(|(name, _)| name.clone()).collect();
    for (field, value) in &step.fields {
        if let ("collect", "save", Value::Text(name)) = (step.kind, *field, value) {
            names.push(name.clone());
        }
    }
    names
}

/// The names of what a step says or sends, but for that of the caller; perhaps nothing saves it.
fn used(step: &Step) -> Vec<String> {
    let asked = step.asked.iter();
    let sent = asked.clone().flat_map(|asked| &asked.body);
    let sent = sent.map(|(_, text)| text.as_str());
    let sent = sent.chain(asked.map(|asked| asked.url.as_str()));
    let said = step.say.iter().map(|say| say.text.as_str());
    let pieces = sent.chain(said).flat_map(|text| text.split('{').skip(1));
    let names = pieces.filter_map(|piece| piece.split_once('}')?.0.split(':').next());
    let names = names.filter(|name| !ALWAYS.contains(name));
    names.map(str::to_owned).collect()
}

/// The steps to which a call may come that has saved nothing under a name.
fn reached_without(draft: &Draft, name: &str) -> Vec<bool> {
    let places = draft.steps.iter().enumerate();
    let places: BTreeMap<&str, usize> = places
        .map(|(place, step)| (step.name.as_str(), place))
        .collect();
    let mut reached = vec![false; draft.steps.len()];
    let mut open: Vec<&str> = vec![&draft.start];
    while let Some(next) = open.pop() {
        let Some(place) = places.get(next) else {
            continue;
        };
        if std::mem::replace(&mut reached[*place], true) {
            continue;
        }
        let step = &draft.steps[*place];
        let saves = saved(step).iter().any(|other| other == name);
        let exits = step.exits.iter();
        let exits =
            exits.filter(|(via, _)| !(saves && matches!(via, Via::Go | Via::Then | Via::Case(_))));
        let keys = step.keys.iter().map(|key| &key.to);
        // `@back` leads to where the call has been before, and `@start` to where it began.
        for to in exits.map(|(_, to)| to).chain(keys) {
            if let To::Step(next) = to {
                open.push(next);
            }
        }
    }
    reached
}
