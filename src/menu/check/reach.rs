//! What can be reached: from the start, and from each step.

use super::super::diagnostic::Diagnostic;
use super::super::diagnostic::Diagnostics;
use super::super::graph::Via;
use super::super::include::Included;
use super::super::source::FileId;
use super::Graph;
use super::far;
use super::sequence;
use crate::exchange::dialplan::StepKind;
use crate::exchange::dialplan::Target;
use crate::exchange::id::StepId;
use crate::exchange::id::VariableId;

/// Checks one line.
pub(super) fn check(graph: &Graph<'_>, included: &[Included], out: &mut Diagnostics) {
    if graph.exits.is_empty() {
        return;
    }
    let mut from = vec![graph.start];
    from.extend(asked_for(graph));
    let reached = graph.reachable(&from, |_, _| true);
    unreachable(graph, &reached, included, out);
    unused_includes(graph, &reached, included, out);
    no_way_to_a_person(graph, &reached, out);
    hang_up_without_answer(graph, &reached, out);
    offers_without_callback(graph, out);
    unset_placeholders(graph, out);
    far::check(graph, out);
    sequence::check(graph, &reached, out);
}

/// Steps by which other programs ask for calls back, and the queues whose agents make them.
fn asked_for(graph: &Graph<'_>) -> Vec<StepId> {
    let asked = graph.steps().filter_map(|step| match graph.kind(step) {
        StepKind::Callback(callback) if callback.by_request => Some([step, callback.queue]),
        _ => None,
    });
    // Where no queue is named, the mistake is told by itself.
    asked.flatten().filter(|step| graph.has(*step)).collect()
}

fn unreachable(graph: &Graph<'_>, reached: &[bool], included: &[Included], out: &mut Diagnostics) {
    for step in graph.steps().filter(|step| !graph.contains(reached, *step)) {
        let name = graph.name(step);
        let place = graph.trace(step).name.clone();
        // It is the other step that nothing leads to.
        if graph.trace(step).is_part {
            continue;
        }
        // A file that several lines include need not be of use to each as a whole.
        if included.iter().any(|file| file.file == place.file) {
            continue;
        }
        // Whoever is called back comes to the agents of a queue.
        let calls_back = |other: StepId| match graph.kind(other) {
            StepKind::Callback(callback) => callback.queue == step,
            _ => false,
        };
        let mut others = graph
            .steps()
            .filter(|other| graph.contains(reached, *other));
        if others.any(calls_back) {
            continue;
        }
        // Agents may hand callers on to any queue.
        let message = match graph.kind(step) {
            StepKind::Queue(_) => {
                format!("callers come to \"{name}\" only when agents hand them on")
            }
            _ => format!("no call ever comes to \"{name}\""),
        };
        let diagnostic = Diagnostic::warning("unreachable", place, message);
        out.push(diagnostic.label("no key and no step leads here"));
    }
}

/// Files that are included for nothing.
fn unused_includes(
    graph: &Graph<'_>,
    reached: &[bool],
    included: &[Included],
    out: &mut Diagnostics,
) {
    let used = |file: FileId| {
        let mut steps = graph.steps().filter(|step| graph.contains(reached, *step));
        steps.any(|step| graph.trace(step).name.file == file)
    };
    for file in included.iter().filter(|file| !used(file.file)) {
        let message = "no call ever comes to a step of this file";
        let diagnostic = Diagnostic::info("include-unused", file.place.clone(), message);
        out.push(diagnostic.help("leave it out, or lead a key to one of its steps"));
    }
}

/// Menus from which callers come to nobody, by no key and no patience. Agents who come to a `duty`
/// step are served.
fn no_way_to_a_person(graph: &Graph<'_>, reached: &[bool], out: &mut Diagnostics) {
    let helps = |step: StepId| {
        matches!(
            graph.kind(step),
            StepKind::Queue(_)
                | StepKind::Callback(_)
                | StepKind::Transfer(_)
                | StepKind::Record(_)
                | StepKind::Ticket(_)
                | StepKind::Duty(_)
        )
    };
    let helped = graph.leading_to(helps);
    let lost = |step: StepId| !graph.contains(&helped, step);
    let help = "lead somewhere to a queue, a transfer or a message";
    if lost(graph.start) {
        let message = "no call of this line ever comes to a person";
        let place = graph.start_place.clone();
        out.push(Diagnostic::warning("no-way-to-a-person", place, message).help(help));
        return;
    }
    let menus = graph.steps().filter(|step| graph.is_menu(*step));
    for step in menus.filter(|step| graph.contains(reached, *step) && lost(*step)) {
        let message = format!("from \"{}\" there is no way to a person", graph.name(step));
        let place = graph.trace(step).name.clone();
        out.push(Diagnostic::warning("no-way-to-a-person", place, message).help(help));
    }
}

/// Queues that let calls go with nothing but words.
fn hang_up_without_answer(graph: &Graph<'_>, reached: &[bool], out: &mut Diagnostics) {
    let queues = graph
        .steps()
        .filter(|step| matches!(graph.kind(*step), StepKind::Queue(_)));
    for step in queues.filter(|step| graph.contains(reached, *step)) {
        let trace = graph.trace(step);
        for exit in graph.exits(step).iter().filter(|exit| exit.via.is_silent()) {
            // An exit that is left out has its own warning.
            let Some((_, place)) = trace.exits.iter().find(|(via, _)| *via == exit.via) else {
                continue;
            };
            if !only_words(graph, step, exit.to) {
                continue;
            }
            let field = exit.via.field();
            let message = format!("`{field}` ends the call without a message or an answer");
            let diagnostic = Diagnostic::warning("hang-up-without-answer", place.clone(), message);
            let help = "lead to a `record` step, or to a menu with answers";
            out.push(diagnostic.label("callers are sent away here").help(help));
        }
    }
}

/// Queues that offer a call back by none of their keys.
fn offers_without_callback(graph: &Graph<'_>, out: &mut Diagnostics) {
    let books = |to: Target, from: StepId| {
        let mut steps = graph.targets(from, to).into_iter();
        steps.any(|step| matches!(graph.kind(step), StepKind::Callback(_)))
    };
    for step in graph.steps() {
        let StepKind::Queue(queue) = graph.kind(step) else {
            continue;
        };
        let overload = graph.plan.queue(*queue).overload;
        let offers = overload.is_some_and(|overload| overload.offer_callback.is_some());
        let mut exits = graph.exits(step).iter();
        if offers && !exits.any(|exit| matches!(exit.via, Via::Key(_)) && books(exit.to, step)) {
            let message = format!("no key of \"{}\" leads to a call back", graph.name(step));
            let place = graph.trace(step).name.clone();
            let diagnostic = Diagnostic::warning("offer-without-callback", place, message);
            let help = "add a key under [queue.*.keys] that leads to a `callback` step";
            out.push(
                diagnostic
                    .label("its overload ladder offers one")
                    .help(help),
            );
        }
    }
}

/// Whether a call that goes this way hears at most announcements before it ends.
fn only_words(graph: &Graph<'_>, from: StepId, to: Target) -> bool {
    let talks_only = |step: StepId| match graph.kind(step) {
        StepKind::Say(say) => say.answer.is_none(),
        StepKind::Hours(_) | StepKind::Duty(_) => true,
        _ => false,
    };
    let mut seen = Vec::new();
    let mut open = graph.targets(from, to);
    if open.is_empty() {
        return to == Target::HangUp;
    }
    while let Some(step) = open.pop() {
        if seen.contains(&step) {
            continue;
        }
        seen.push(step);
        if !talks_only(step) {
            return false;
        }
        open.extend(graph.next(step, Via::is_automatic));
    }
    true
}

/// Entries that are spoken on a way on which no step has saved them.
fn unset_placeholders(graph: &Graph<'_>, out: &mut Diagnostics) {
    let saves = |step: StepId, via: Via, variable: VariableId| match graph.kind(step) {
        StepKind::Collect(collect) => via == Via::Go && collect.save == variable,
        StepKind::Lookup(lookup) => {
            let found = matches!(via, Via::Case(_) | Via::Then);
            found && lookup.save.iter().any(|saved| saved.variable == variable)
        }
        _ => false,
    };
    let spoken = graph
        .steps()
        .flat_map(|step| graph.trace(step).slots.iter());
    let mut variables: Vec<VariableId> = spoken.map(|(variable, _)| *variable).collect();
    variables.sort_unstable();
    variables.dedup();
    for variable in variables {
        // `@back` only leads to where the call has been before, with no more saved than now.
        let unset = graph.reachable(&[graph.start], |step, via| !saves(step, via, variable));
        for step in graph.steps().filter(|step| graph.contains(&unset, *step)) {
            let slots = graph.trace(step).slots.iter();
            for (_, place) in slots.filter(|(spoken, _)| *spoken == variable) {
                let line = graph.plan.line(graph.plan.step(step).line);
                let name = &line.variables[variable.index()];
                let message = format!("a call can come here before \"{name}\" is saved");
                let diagnostic = Diagnostic::error("unset-placeholder", place.clone(), message);
                let help = "lead here only from the `go` of the `collect` step, or the cases of the \
                            `lookup` step, that saves it";
                out.push(diagnostic.label("nothing to say then").help(help));
            }
        }
    }
}
