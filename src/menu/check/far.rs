//! How far callers have to go: menus on the way to whatever they want, and speech on the way to a
//! person.

use super::super::diagnostic::Diagnostic;
use super::super::diagnostic::Diagnostics;
use super::super::graph::Via;
use super::super::lower::StepTrace;
use super::super::prompt;
use super::Graph;
use crate::exchange::dialplan::Collect;
use crate::exchange::dialplan::Directory;
use crate::exchange::dialplan::Menu;
use crate::exchange::dialplan::Patience;
use crate::exchange::dialplan::StepKind;
use crate::exchange::id::PromptId;
use crate::exchange::id::StepId;
use crate::exchange::time::Span;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::VecDeque;

/// Menus that callers go through before a person or an answer.
const MENUS_MAX: u32 = 3;
/// Speech that callers listen to before a person.
const PERSON_WITHIN: Span = Span::seconds(60);
/// Words around a label that is spoken as an option: "for ..., press 1".
const OPTION_WORDS: &str = "for press key";

/// Checks one line.
pub(super) fn check(graph: &Graph<'_>, out: &mut Diagnostics) {
    too_deep(graph, out);
    person_too_far(graph, out);
}

fn is_person(graph: &Graph<'_>, step: StepId) -> bool {
    matches!(
        graph.kind(step),
        StepKind::Queue(_) | StepKind::Callback(_) | StepKind::Transfer(_)
    )
}

/// Menus that are one too many on the shortest way to a person or an answer.
///
/// What is offered to callers who have heard an answer is no longer on the way to it.
fn too_deep(graph: &Graph<'_>, out: &mut Diagnostics) {
    let menus = menus_before(graph);
    let depth = |step: StepId| menus[step.index() - graph.first];
    let wanted = |step: StepId| is_person(graph, step) || graph.kind(step).is_answer();
    for menu in graph.steps().filter(|step| graph.is_menu(*step)) {
        if depth(menu) != Some(MENUS_MAX) {
            continue;
        }
        let mut next = graph
            .next(menu, |via| matches!(via, Via::Key(_)))
            .into_iter();
        let deep = next.find(|step| wanted(*step) && depth(*step) > Some(MENUS_MAX));
        let Some(deep) = deep else {
            continue;
        };
        let message = format!(
            "callers go through {} menus before \"{}\"",
            MENUS_MAX + 1,
            graph.name(deep)
        );
        let diagnostic = Diagnostic::warning("too-deep", graph.trace(menu).name.clone(), message);
        let diagnostic = diagnostic.label(format!("after {MENUS_MAX} others on the shortest way"));
        out.push(diagnostic.help("lead to it from an earlier menu, or put two menus together"));
    }
}

/// The fewest menus through which a call has come to each step; none where it never comes before it
/// has heard an answer.
fn menus_before(graph: &Graph<'_>) -> Vec<Option<u32>> {
    let mut menus: Vec<Option<u32>> = vec![None; graph.exits.len()];
    let mut open = VecDeque::from([(graph.start, 0)]);
    while let Some((step, count)) = open.pop_front() {
        let place = step.index() - graph.first;
        if menus[place].is_some_and(|known| known <= count) {
            continue;
        }
        menus[place] = Some(count);
        if graph.kind(step).is_answer() {
            continue;
        }
        let is_menu = graph.is_menu(step);
        for next in graph.next(step, |_| true) {
            match is_menu {
                true => open.push_back((next, count + 1)),
                false => open.push_front((next, count)),
            }
        }
    }
    menus
}

fn person_too_far(graph: &Graph<'_>, out: &mut Diagnostics) {
    let Some(span) = speech_before_a_person(graph) else {
        return;
    };
    if span <= PERSON_WITHIN {
        return;
    }
    let seconds = span.0.div_ceil(1000);
    let message = format!("callers listen for {seconds} seconds before they come to a person");
    let diagnostic = Diagnostic::warning("person-too-far", graph.start_place.clone(), message);
    let help = format!(
        "offer a person earlier, or say less before: at most {} seconds",
        PERSON_WITHIN.0 / 1000
    );
    out.push(diagnostic.label("on the shortest way from here").help(help));
}

/// The least speech between the start and any person; none where there is no way to one.
fn speech_before_a_person(graph: &Graph<'_>) -> Option<Span> {
    let mut known: Vec<Option<u64>> = vec![None; graph.exits.len()];
    let mut open = BinaryHeap::from([Reverse((0, graph.start))]);
    while let Some(Reverse((ms, step))) = open.pop() {
        if is_person(graph, step) {
            return Some(Span(ms));
        }
        let place = step.index() - graph.first;
        if known[place].replace(ms).is_some() {
            continue;
        }
        for exit in graph.exits(step) {
            let after = ms + heard(graph, step, exit.via).0;
            let next = graph.targets(step, exit.to).into_iter();
            open.extend(next.map(|next| Reverse((after, next))));
        }
    }
    None
}

/// What a caller listens to in a step before leaving it this way.
fn heard(graph: &Graph<'_>, step: StepId, via: Via) -> Span {
    match (graph.kind(step), via) {
        (StepKind::Say(say), _) if !say.when_notice => length(graph, step, say.prompt),
        (StepKind::Menu(menu), Via::Key(action)) => {
            let key = graph.plan.key_actions[action as usize].key.as_str();
            let whole = length(graph, step, menu.prompt);
            option_heard(graph, step, key).map_or(whole, |early| Span(early.0.min(whole.0)))
        }
        (
            StepKind::Menu(Menu {
                prompt, patience, ..
            }),
            _,
        )
        | (
            StepKind::Collect(Collect {
                prompt, patience, ..
            })
            | StepKind::Directory(Directory {
                prompt, patience, ..
            }),
            Via::GiveUp,
        ) => silent(length(graph, step, *prompt), *patience),
        (StepKind::Collect(collect), _) => length(graph, step, collect.prompt),
        (StepKind::Directory(directory), _) => length(graph, step, directory.prompt),
        _ => Span::ZERO,
    }
}

/// All that passes until the last try is over.
fn silent(prompt: Span, patience: Patience) -> Span {
    Span((prompt.0 + patience.first_key.0) * u64::from(patience.silences))
}

/// In the first language of the line.
fn length(graph: &Graph<'_>, step: StepId, prompt: PromptId) -> Span {
    let line = graph.plan.line(graph.plan.step(step).line);
    let language = line.languages.first();
    language.map_or(Span::ZERO, |language| {
        graph.plan.speech(prompt, *language).length
    })
}

/// When a key of a menu has been announced; none where it is not.
fn option_heard(graph: &Graph<'_>, step: StepId, key: &str) -> Option<Span> {
    let trace = graph.trace(step);
    let line = graph.plan.line(graph.plan.step(step).line);
    let language = line.languages.first()?;
    let tag = &graph.plan.languages[language.index()];
    let text = trace.words.as_ref()?.texts.first()?;
    let spoken = prompt::spoken_keys(&text.text);
    let said = spoken.iter().find(|(said, _)| key.starts_with(*said));
    if let Some((_, span)) = said {
        return Some(prompt::time_to_say(&text.text[..span.end], tag));
    }
    let (before, _) = text.text.split_once("{options}")?;
    let options = labels_up_to(trace, key)?;
    let spoken =
        options.map(|label| prompt::time_to_say(&format!("{label} {OPTION_WORDS}"), tag).0);
    Some(Span(
        prompt::time_to_say(before, tag).0 + spoken.sum::<u64>(),
    ))
}

/// The labels that are spoken until a key has been; none where the key has none.
fn labels_up_to<'t>(trace: &'t StepTrace, key: &str) -> Option<impl Iterator<Item = &'t str>> {
    let place = trace.keys.iter().position(|own| own.name.text == key)?;
    trace.keys[place].label.as_ref()?;
    let keys = trace.keys[..=place].iter();
    Some(keys.filter_map(|own| own.spoken.as_deref()))
}
