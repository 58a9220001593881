//! What a step says against what it does: spoken keys, hidden keys, labels, numbers of options.

use super::super::diagnostic::Diagnostic;
use super::super::diagnostic::Diagnostics;
use super::super::diagnostic::Place;
use super::super::graph;
use super::super::lower::StepTrace;
use super::super::prompt;
use super::super::tree::Name;
use super::listening;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::StepKind;
use crate::exchange::id::KeyNodeId;
use crate::exchange::id::StepId;

/// Options besides 0, `*` and `#` that callers keep in mind.
const OPTIONS_MAX: usize = 5;

/// Checks one step.
pub(super) fn check(plan: &Dialplan, step: StepId, trace: &StepTrace, out: &mut Diagnostics) {
    let keys = match &plan.step(step).kind {
        StepKind::Menu(menu) => menu.keys,
        StepKind::Collect(collect) => collect.keys,
        StepKind::Directory(directory) => directory.keys,
        StepKind::Queue(queue) => plan.queue(*queue).keys,
        // Announcements speak of other telephones, too.
        _ => return,
    };
    let texts = trace.words.as_ref().map_or(&[][..], |words| &words.texts);
    // Of an entry digits are what callers enter.
    let enters = matches!(
        plan.step(step).kind,
        StepKind::Collect(_) | StepKind::Directory(_)
    );
    spoken_keys(plan, keys, (texts, enters), trace, out);
    hidden_keys(texts, trace, out);
    unused_labels(trace, out);
    if let StepKind::Menu(menu) = &plan.step(step).kind {
        too_many_options(trace, out);
        key_order(texts, trace, out);
        listening::check(plan, step, menu, trace, out);
    }
    prefix_keys(plan, keys, trace, out);
}

fn spoken_keys(
    plan: &Dialplan,
    root: KeyNodeId,
    (texts, enters): (&[Name], bool),
    trace: &StepTrace,
    out: &mut Diagnostics,
) {
    let Some(root) = plan.key_nodes.get(root.index()) else {
        return;
    };
    let bound = |c: char| {
        let key = crate::exchange::key::Key::from_char(c);
        let leads = key.is_some_and(|key| root.next[key.index()].is_some());
        leads || trace.built_in_keys.contains(&c) || (enters && c.is_ascii_digit())
    };
    for text in texts {
        for (key, span) in prompt::spoken_keys(&text.text) {
            if bound(key) {
                continue;
            }
            let place = inside(text, span);
            let message = format!("the prompt speaks of the key {key}, which does nothing");
            let help = format!("add the key {key}, or say another one; {{options}} says them all");
            let diagnostic = Diagnostic::error("spoken-key-not-bound", place, message);
            out.push(diagnostic.label("callers will press this").help(help));
        }
    }
}

/// The place of words inside a text. Where the file writes the text in another way than it
/// reads (escapes, line ends), the whole text is the place.
fn inside(text: &Name, span: std::ops::Range<usize>) -> Place {
    const QUOTES: usize = 1;
    let plain = text.place.span.len() == text.text.len() + 2 * QUOTES;
    let start = text.place.span.start + QUOTES;
    let span = if plain {
        start + span.start..start + span.end
    } else {
        text.place.span.clone()
    };
    Place {
        file: text.place.file,
        span,
    }
}

fn hidden_keys(texts: &[Name], trace: &StepTrace, out: &mut Diagnostics) {
    let spoken: Vec<char> = texts
        .iter()
        .flat_map(|text| prompt::spoken_keys(&text.text))
        .map(|(key, _)| key)
        .collect();
    for key in &trace.keys {
        let named = key.label.is_some() && trace.options_spoken;
        let first = key.name.text.chars().next();
        if named || first.is_some_and(|first| spoken.contains(&first)) {
            continue;
        }
        let message = format!("the key {} works and is not announced", key.name.text);
        let diagnostic = Diagnostic::info("hidden-key", key.name.place.clone(), message);
        let help = match key.label {
            Some(_) => "say {options}, which speak the labels, or say it in words",
            None => "give it a `label` and say {options}, or say it in words",
        };
        out.push(diagnostic.help(help));
    }
}

fn unused_labels(trace: &StepTrace, out: &mut Diagnostics) {
    if trace.options_spoken {
        return;
    }
    for label in trace.keys.iter().filter_map(|key| key.label.as_ref()) {
        let message = "this label is never spoken";
        let diagnostic = Diagnostic::info("label-not-used", label.clone(), message);
        let help = match trace.kind {
            "queue" => "add `announce`, or say {options}",
            _ => "say {options}",
        };
        out.push(diagnostic.help(help));
    }
}

fn too_many_options(trace: &StepTrace, out: &mut Diagnostics) {
    let counted = |text: &str| !["0", "*", "#"].contains(&text);
    let options = trace
        .keys
        .iter()
        .filter(|key| counted(&key.name.text))
        .count();
    if options <= OPTIONS_MAX {
        return;
    }
    let message = format!("this menu has {options} options");
    let diagnostic = Diagnostic::warning("too-many-options", trace.name.clone(), message);
    let help = format!("callers keep {OPTIONS_MAX} in mind; lead to a second menu");
    out.push(diagnostic.label("besides 0, * and #").help(help));
}

/// Options that are not spoken in the order of their keys, or leave one out. 9 often leads back, and 0, `*` and `#` are
/// signs: these stand anywhere.
fn key_order(texts: &[Name], trace: &StepTrace, out: &mut Diagnostics) {
    let counted = |key: &char| ('1'..='8').contains(key);
    let mut spoken: Vec<(char, Place)> = Vec::new();
    if trace.options_spoken {
        for key in trace.keys.iter().filter(|key| key.label.is_some()) {
            let first = key.name.text.chars().next().filter(counted);
            spoken.extend(first.map(|first| (first, key.name.place.clone())));
        }
    } else if let Some(text) = texts.first() {
        for (key, span) in prompt::spoken_keys(&text.text) {
            if counted(&key) {
                spoken.push((key, inside(text, span)));
            }
        }
    }
    let back = spoken.windows(2).find(|pair| pair[1].0 < pair[0].0);
    if let Some([(before, _), (key, place)]) = back {
        let message = format!("the key {key} is spoken after the key {before}");
        let diagnostic = Diagnostic::info("key-order", place.clone(), message);
        out.push(diagnostic.help("callers expect 1, 2, 3: speak the options in that order"));
        return;
    }
    // A key that works without being spoken of is hidden, and not left out. Longer keys are numbers
    // that people know.
    let works = |key: char| trace.keys.iter().any(|own| own.name.text.starts_with(key));
    let short = |key: char| {
        trace
            .keys
            .iter()
            .any(|own| own.name.text == key.to_string())
    };
    let gap = spoken.windows(2).find_map(|pair| {
        let between = (pair[0].0..pair[1].0).skip(1);
        let skipped = between.into_iter().find(|key| !works(*key))?;
        short(pair[1].0).then(|| (skipped, pair[1].clone()))
    });
    if let Some((skipped, (key, place))) = gap {
        let message = format!("the key {key} is spoken, and no key {skipped} before it");
        let diagnostic = Diagnostic::info("key-order", place, message);
        out.push(diagnostic.help("callers expect 1, 2, 3: leave no key out"));
    }
}

/// Keys that are the beginning of others wait to see whether more comes.
fn prefix_keys(plan: &Dialplan, root: KeyNodeId, trace: &StepTrace, out: &mut Diagnostics) {
    for key in &trace.keys {
        let mut node = plan.key_nodes.get(root.index());
        for c in key.name.text.chars() {
            let index = crate::exchange::key::Key::from_char(c).map_or(0, |key| key.index());
            let next = node.and_then(|node| node.next[index]);
            node = next.and_then(|next| plan.key_nodes.get(next.index()));
        }
        if node.is_none_or(|node| node.is_leaf()) {
            continue;
        }
        let longer = graph::actions(plan, root);
        let longer = longer
            .iter()
            .map(|action| &plan.key_actions[*action as usize].key);
        let longer: Vec<&str> = longer
            .map(String::as_str)
            .filter(|other| begins(&key.name.text, other))
            .collect();
        let message = format!(
            "the key {} begins longer ones: {}",
            key.name.text,
            longer.join(", ")
        );
        let diagnostic = Diagnostic::info("prefix-key", key.name.place.clone(), message);
        out.push(diagnostic.label("waits `next_key` to see whether more comes"));
    }
}

/// Whether keys that fit the first pattern may be the beginning of keys that fit the second.
fn begins(first: &str, second: &str) -> bool {
    let fits = |(a, b): (char, char)| a == b || a == 'x' || b == 'x';
    first.len() < second.len() && first.chars().zip(second.chars()).all(fits)
}
