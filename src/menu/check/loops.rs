//! Ways that never end.

use super::super::diagnostic::Diagnostic;
use super::super::diagnostic::Diagnostics;
use super::super::diagnostic::Place;
use super::super::graph::Via;
use super::Graph;
use crate::exchange::dialplan::StepKind;
use crate::exchange::dialplan::Target;
use crate::exchange::id::StepId;

/// Checks one line.
pub(super) fn check(graph: &Graph<'_>, out: &mut Diagnostics) {
    let automatic = cycles(graph, Via::is_automatic);
    for cycle in &automatic {
        let message = format!("calls go round {} for ever", way(graph, cycle));
        let help = "let one of these steps lead out, or wait for the caller with a menu";
        report(
            graph,
            cycle,
            Via::is_automatic,
            ("automatic-loop", message, help),
            out,
        );
    }
    let overlaps = |cycle: &Vec<StepId>| {
        let known = automatic.iter().flatten();
        known.into_iter().any(|step| cycle.contains(step))
    };
    for cycle in cycles(graph, Via::is_silent)
        .iter()
        .filter(|cycle| !overlaps(cycle))
    {
        let (code, message) = if can_end(graph, cycle[0]) {
            let message = format!("a silent caller goes round {} for ever", way(graph, cycle));
            ("silence-loop", message)
        } else {
            let message = format!("no call that comes to {} ever ends", way(graph, cycle));
            ("no-exit", message)
        };
        let help = "let the last of these steps lead to \"@hangup\", a queue or a message";
        report(graph, cycle, Via::is_silent, (code, message, help), out);
    }
}

fn report(
    graph: &Graph<'_>,
    cycle: &[StepId],
    wanted: fn(Via) -> bool,
    (code, message, help): (&'static str, String, &str),
    out: &mut Diagnostics,
) {
    let last = cycle[cycle.len() - 1];
    let diagnostic = Diagnostic::error(code, closing_exit(graph, last, cycle[0], wanted), message);
    out.push(
        diagnostic
            .label(format!("back to \"{}\"", graph.name(cycle[0])))
            .help(help),
    );
}

/// Where the exit is written that closes the loop.
fn closing_exit(graph: &Graph<'_>, last: StepId, first: StepId, wanted: fn(Via) -> bool) -> Place {
    let leads = |to: Target| graph.targets(last, to).contains(&first);
    let exits = graph.exits(last).iter();
    let closing = exits.filter(|exit| wanted(exit.via) && leads(exit.to));
    let written = closing.map(|exit| graph.trace(last).exit(exit.via));
    written
        .min_by_key(|place| place.span.start)
        .unwrap_or_else(|| graph.trace(last).name.clone())
}

fn way(graph: &Graph<'_>, cycle: &[StepId]) -> String {
    const NAMED: usize = 6;
    let mut names: Vec<String> = cycle
        .iter()
        .take(NAMED)
        .map(|step| format!("\"{}\"", graph.name(*step)))
        .collect();
    if cycle.len() > NAMED {
        names.push("…".to_owned());
    }
    names.join(" → ")
}

/// Whether any way leads from a step to an end: a hang-up, an agent, another number.
fn can_end(graph: &Graph<'_>, step: StepId) -> bool {
    let after = graph.reachable(&[step], |_, _| true);
    graph
        .steps()
        .filter(|step| graph.contains(&after, *step))
        .any(|step| {
            let ends = matches!(graph.kind(step), StepKind::Queue(_) | StepKind::Transfer(_));
            ends || graph
                .exits(step)
                .iter()
                .any(|exit| exit.to == Target::HangUp)
        })
}

/// One shortest loop of each knot of steps that lead to each other, by the exits that are wanted.
fn cycles(graph: &Graph<'_>, wanted: fn(Via) -> bool) -> Vec<Vec<StepId>> {
    let mut cycles: Vec<Vec<StepId>> = Vec::new();
    let mut done = vec![false; graph.exits.len()];
    for step in graph.steps() {
        if graph.contains(&done, step) {
            continue;
        }
        let Some(cycle) = shortest_cycle(graph, step, wanted) else {
            continue;
        };
        // The rest of the knot is not reported again.
        let after = graph.reachable(&[step], |_, via| wanted(via));
        for other in graph.steps().filter(|other| graph.contains(&after, *other)) {
            let back = graph.reachable(&[other], |_, via| wanted(via));
            done[other.index() - graph.first] |= graph.contains(&back, step);
        }
        cycles.push(cycle);
    }
    cycles
}

/// The shortest way from a step to itself.
fn shortest_cycle(
    graph: &Graph<'_>,
    start: StepId,
    wanted: fn(Via) -> bool,
) -> Option<Vec<StepId>> {
    let mut came_from: Vec<Option<StepId>> = vec![None; graph.exits.len()];
    let mut layer = std::collections::VecDeque::from([start]);
    while let Some(step) = layer.pop_front() {
        for next in graph.next(step, wanted) {
            if next == start {
                return Some(walk_back(graph, &came_from, start, step));
            }
            let place = next.index() - graph.first;
            if came_from[place].is_none() {
                came_from[place] = Some(step);
                layer.push_back(next);
            }
        }
    }
    None
}

fn walk_back(
    graph: &Graph<'_>,
    came_from: &[Option<StepId>],
    start: StepId,
    last: StepId,
) -> Vec<StepId> {
    let mut way = vec![last];
    let mut step = last;
    while step != start {
        match came_from[step.index() - graph.first] {
            Some(before) => step = before,
            None => break,
        }
        way.push(step);
    }
    way.reverse();
    way
}
