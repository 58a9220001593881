//! What a menu file asks of a line and other systems do not: ways that end, keys that work.

use super::super::graph::Via;
use super::super::prompt;
use super::super::step;
use super::draft::Draft;
use super::draft::To;
use super::draft::Value;
use super::record;
use super::silence;
use super::slots;
use crate::exchange::limits::VARIABLES_MAX;
use std::collections::BTreeSet;

/// Makes a draft a line that can be loaded.
pub(super) fn finish(draft: &mut Draft) {
    known_targets(draft);
    menus_have_keys(draft);
    slots::check(draft);
    options_of_menus(draft);
    silence::end(draft);
    spoken_keys(draft);
    entries(draft);
    record::unlimited(draft);
}

/// Ways to steps that do not exist end here.
fn known_targets(draft: &mut Draft) {
    let names: BTreeSet<String> = draft.steps.iter().map(|step| step.name.clone()).collect();
    for step in &mut draft.steps {
        let mut lost = Vec::new();
        let exits = step.exits.iter_mut().map(|(_, to)| to);
        let cases = step.cases.iter_mut().map(|(_, to)| to);
        let keys = step.keys.iter_mut().map(|key| &mut key.to);
        for to in exits.chain(cases).chain(keys) {
            if let To::Step(name) = to
                && !names.contains(name)
            {
                lost.push(format!(
                    "\"{name}\" is not in these files: lead the call on"
                ));
                *to = To::HangUp;
            }
        }
        for todo in lost {
            if let Some(place) = &step.place {
                draft.tally.approximate(place, &todo);
            }
            step.add_todo(todo);
        }
    }
    if !names.contains(&draft.start)
        && let Some(first) = draft.steps.first()
    {
        if !draft.start.is_empty() {
            let todo = format!(
                "calls begin with \"{}\", which is not in these files: set `start`",
                draft.start
            );
            draft.todos.push(todo);
        }
        draft.start.clone_from(&first.name);
    }
}

/// A menu without keys only speaks.
fn menus_have_keys(draft: &mut Draft) {
    let menus = draft.steps.iter_mut().filter(|step| step.kind == "menu");
    for step in menus.filter(|step| step.keys.is_empty()) {
        step.kind = "say";
        step.fields.clear();
        for (via, _) in &mut step.exits {
            *via = Via::Then;
        }
        step.add_todo("the original waits for a key here, and none leads on");
    }
}

/// Only menus can say what their keys do.
fn options_of_menus(draft: &mut Draft) {
    let others = draft.steps.iter_mut().filter(|step| step.kind != "menu");
    let said = others.filter_map(|step| step.say.as_mut());
    for spoken in said.chain(draft.phrases.iter_mut().map(|(_, spoken)| spoken)) {
        let text = spoken.text.replace("{options}", "…");
        spoken.text = text;
    }
}

/// Callers press what a prompt tells them to press.
fn spoken_keys(draft: &mut Draft) {
    for step in &mut draft.steps {
        let Some(spoken) = &step.say else {
            continue;
        };
        let is_end = |c: char| {
            let end = ("end_key", Value::Text(c.to_string()));
            step.kind == "collect" && step.fields.contains(&end)
        };
        let leads = |c: char| {
            let mut keys = step.keys.iter();
            keys.any(|key| {
                key.keys.starts_with(c) || key.keys.starts_with('x') && c.is_ascii_digit()
            })
        };
        let spoken_keys = prompt::spoken_keys(&spoken.text);
        let mut idle = spoken_keys;
        idle.retain(|(key, _)| !is_end(*key) && !leads(*key));
        for (key, span) in idle.into_iter().rev() {
            let todo = format!("the prompt speaks of the key {key}, and the original binds none");
            step.add_todo(todo);
            match step.kind {
                "menu" => {
                    step.key(&key.to_string(), To::Repeat, "TODO");
                }
                // Here no key can be added that only the words need.
                "queue" | "collect" => {
                    if let Some(spoken) = &mut step.say {
                        spoken.text.replace_range(span, &format!("key-{key}"));
                    }
                }
                _ => {}
            }
        }
    }
}

/// Entries: secret ones are masked, and a call keeps only so many.
fn entries(draft: &mut Draft) {
    let mut saved: Vec<String> = Vec::new();
    for step in draft.steps.iter_mut().filter(|step| step.kind == "collect") {
        let name = step.name.clone();
        let Some((_, Value::Text(save))) =
            step.fields.iter_mut().find(|(field, _)| *field == "save")
        else {
            continue;
        };
        if !saved.contains(save) && saved.len() == VARIABLES_MAX {
            save.clone_from(&saved[VARIABLES_MAX - 1]);
            let todo = format!("a call keeps {VARIABLES_MAX} entries: this one shares a name");
            step.todos.push(todo);
        } else if !saved.contains(save) {
            saved.push(save.clone());
        }
        let save = save.clone();
        if step::sounds_secret(&name, &save) {
            step.fields.push(("secret", Value::Flag(true)));
        }
    }
}
