//! Ways that never end.

use super::super::diagnostic::Diagnostic;
use super::super::diagnostic::Diagnostics;
use super::super::diagnostic::Place;
use super::super::graph::Via;
use super::Graph;
use crate::exchange::dialplan::StepKind;
use crate::exchange::dialplan::Target;
use crate::exchange::id::StepId;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

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
    let known: BTreeSet<StepId> = automatic.into_iter().flatten().collect();
    let overlaps = |cycle: &Vec<StepId>| cycle.iter().any(|step| known.contains(step));
    let ending = graph.leading_to(|step| ends(graph, step));
    for cycle in cycles(graph, Via::is_silent)
        .iter()
        .filter(|cycle| !overlaps(cycle))
    {
        let (code, message) = if graph.contains(&ending, cycle[0]) {
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

/// Whether calls end here: by a hang-up, an agent, another number.
fn ends(graph: &Graph<'_>, step: StepId) -> bool {
    let served = matches!(graph.kind(step), StepKind::Queue(_) | StepKind::Transfer(_));
    let mut exits = graph.exits(step).iter();
    served || exits.any(|exit| exit.to == Target::HangUp)
}

/// One shortest loop of each knot of steps that lead to each other, by the exits that are wanted.
fn cycles(graph: &Graph<'_>, wanted: fn(Via) -> bool) -> Vec<Vec<StepId>> {
    let knots = knots(graph, wanted);
    let knot = |step: StepId| knots[step.index() - graph.first];
    let mut done = BTreeSet::new();
    let mut cycles: Vec<Vec<StepId>> = Vec::new();
    for step in graph.steps() {
        if done.contains(&knot(step)) {
            continue;
        }
        // A step that is no knot has a loop only where it leads to itself.
        let inside = |other: StepId| knot(other) == knot(step);
        if let Some(cycle) = shortest_cycle(graph, step, wanted, inside) {
            done.insert(knot(step));
            cycles.push(cycle);
        }
    }
    cycles
}

/// For each step the number of its knot: of the steps that lead to it and to which it leads
/// (Kosaraju's two searches).
fn knots(graph: &Graph<'_>, wanted: fn(Via) -> bool) -> Vec<usize> {
    let count = graph.exits.len();
    let place = |step: StepId| step.index() - graph.first;
    let next: Vec<Vec<usize>> = graph
        .steps()
        .map(|step| graph.next(step, wanted).into_iter().map(place).collect())
        .collect();
    let mut before: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (from, list) in next.iter().enumerate() {
        list.iter().for_each(|to| before[*to].push(from));
    }
    let mut knots = vec![usize::MAX; count];
    for root in last_left(&next).into_iter().rev() {
        let mut open = vec![root];
        while let Some(step) = open.pop() {
            if knots[step] == usize::MAX {
                knots[step] = root;
                open.extend(&before[step]);
            }
        }
    }
    knots
}

/// All places in the order in which a search from each leaves them.
fn last_left(next: &[Vec<usize>]) -> Vec<usize> {
    let mut left = Vec::new();
    let mut seen = vec![false; next.len()];
    for start in 0..next.len() {
        // A step, and how many of those after it have been looked at.
        let mut way = vec![(start, 0)];
        if std::mem::replace(&mut seen[start], true) {
            continue;
        }
        while let Some((step, looked_at)) = way.last_mut() {
            match next[*step].get(*looked_at) {
                Some(after) => {
                    *looked_at += 1;
                    if !std::mem::replace(&mut seen[*after], true) {
                        way.push((*after, 0));
                    }
                }
                None => {
                    left.push(*step);
                    way.pop();
                }
            }
        }
    }
    left
}

/// The shortest way from a step to itself, through nothing outside its knot.
fn shortest_cycle(
    graph: &Graph<'_>,
    start: StepId,
    wanted: fn(Via) -> bool,
    inside: impl Fn(StepId) -> bool,
) -> Option<Vec<StepId>> {
    let mut came_from: BTreeMap<StepId, StepId> = BTreeMap::new();
    let mut layer = std::collections::VecDeque::from([start]);
    while let Some(step) = layer.pop_front() {
        for next in graph.next(step, wanted) {
            if next == start {
                return Some(walk_back(&came_from, start, step));
            }
            if inside(next) && !came_from.contains_key(&next) {
                came_from.insert(next, step);
                layer.push_back(next);
            }
        }
    }
    None
}

fn walk_back(came_from: &BTreeMap<StepId, StepId>, start: StepId, last: StepId) -> Vec<StepId> {
    let mut way = vec![last];
    let mut step = last;
    while step != start {
        match came_from.get(&step) {
            Some(before) => step = *before,
            None => break,
        }
        way.push(step);
    }
    way.reverse();
    way
}
