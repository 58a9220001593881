//! What happens before what: surveys before any service, queues that are offered while they are
//! closed, entries that nothing reads.

use super::super::diagnostic::Diagnostic;
use super::super::diagnostic::Diagnostics;
use super::super::graph;
use super::super::graph::Via;
use super::Graph;
use crate::exchange::dialplan::Lookup;
use crate::exchange::dialplan::Piece;
use crate::exchange::dialplan::StepKind;
use crate::exchange::dialplan::Target;
use crate::exchange::id::CalendarId;
use crate::exchange::id::StepId;
use crate::exchange::id::VariableId;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// Checks one line.
pub(super) fn check(graph: &Graph<'_>, reached: &[bool], out: &mut Diagnostics) {
    surveys_before_service(graph, out);
    offers_closed_queue(graph, reached, out);
    wrong_inputs(graph, reached, out);
}

/// Surveys to which calls come that were given nothing yet.
fn surveys_before_service(graph: &Graph<'_>, out: &mut Diagnostics) {
    let unserved = graph.reachable(&[graph.start], |step, via| !serves(graph, step, via));
    for step in graph
        .steps()
        .filter(|step| graph.contains(&unserved, *step))
    {
        if !matches!(graph.kind(step), StepKind::Survey(_)) {
            continue;
        }
        let message = format!(
            "calls come to \"{}\" before anything was done for them",
            graph.name(step)
        );
        let place = graph.trace(step).name.clone();
        let diagnostic = Diagnostic::warning("survey-before-service", place, message);
        let help = "lead here from an answer, from `after` of a queue, or from a key whose outcome \
                    is \"self-served\"";
        out.push(diagnostic.label("there is nothing to judge yet").help(help));
    }
}

/// Whether a call that leaves a step this way was given something there.
fn serves(graph: &Graph<'_>, step: StepId, via: Via) -> bool {
    match graph.kind(step) {
        StepKind::Say(say) => say.answer.is_some() && via != Via::Expired,
        StepKind::Queue(_) => via == Via::After,
        StepKind::Record(_) | StepKind::Callback(_) | StepKind::Ticket(_) => via == Via::Then,
        StepKind::Duty(_) => true,
        _ => graph::action(graph.plan, via).is_some_and(|action| action.self_served),
    }
}

/// Options that lead back to their own menu while the hours behind them are closed, where the menu is
/// heard then.
fn offers_closed_queue(graph: &Graph<'_>, reached: &[bool], out: &mut Diagnostics) {
    // The calendars that are asked, with what is reached while each is closed.
    let mut closed: BTreeMap<CalendarId, Vec<bool>> = BTreeMap::new();
    let menus = graph.steps().filter(|step| graph.is_menu(*step));
    for menu in menus.filter(|step| graph.contains(reached, *step)) {
        for exit in graph.exits(menu) {
            let (Via::Key(action), Target::Step(behind)) = (exit.via, exit.to) else {
                continue;
            };
            let Some((calendar, to)) = asked(graph, behind) else {
                continue;
            };
            let key = &graph.plan.key_actions[action as usize].key;
            let own = graph.trace(menu).keys.iter();
            let Some(own) = own.into_iter().find(|own| own.name.text == *key) else {
                continue;
            };
            if !comes_back(graph, behind, to, menu) {
                continue;
            }
            let heard = closed
                .entry(calendar)
                .or_insert_with(|| while_closed(graph, calendar));
            if !graph.contains(heard, menu) {
                continue;
            }
            let name = &graph.plan.calendars[calendar.index()].name;
            let message = format!(
                "the key {key} is offered when \"{}\" is closed, and leads back here",
                graph.name(behind)
            );
            let place = own.name.place.clone();
            let diagnostic = Diagnostic::warning("offers-closed-queue", place, message);
            let help = format!(
                "ask \"{name}\" before this menu with an `hours` step, or lead callers who come too \
                 late to a message"
            );
            out.push(diagnostic.label("callers go round").help(help));
        }
    }
}

/// The calendar that a step asks, and where calls go outside its hours.
fn asked(graph: &Graph<'_>, step: StepId) -> Option<(CalendarId, Target)> {
    match graph.kind(step) {
        StepKind::Queue(queue) => graph.plan.queue(*queue).hours,
        // Only hours before a queue say when people are there.
        StepKind::Hours(hours) => match hours.open {
            Target::Step(open) if matches!(graph.kind(open), StepKind::Queue(_)) => {
                Some((hours.calendar, hours.closed))
            }
            _ => None,
        },
        _ => None,
    }
}

/// Whether a call that goes this way comes to the menu again, with nothing but words before.
fn comes_back(graph: &Graph<'_>, from: StepId, to: Target, menu: StepId) -> bool {
    let mut seen = Vec::new();
    let mut open = graph.targets(from, to);
    while let Some(step) = open.pop() {
        if step == menu {
            return true;
        }
        let words = matches!(graph.kind(step), StepKind::Say(say) if say.answer.is_none());
        if !words || seen.contains(&step) {
            continue;
        }
        seen.push(step);
        open.extend(graph.next(step, |via| via == Via::Then));
    }
    false
}

/// What is reached while a calendar is closed all the time.
fn while_closed(graph: &Graph<'_>, calendar: CalendarId) -> Vec<bool> {
    graph.reachable(&[graph.start], |step, via| match graph.kind(step) {
        StepKind::Hours(hours) if hours.calendar == calendar => via == Via::Closed,
        StepKind::Queue(queue) => match graph.plan.queue(*queue).hours {
            Some((hours, _)) if hours == calendar => via == Via::Closed,
            _ => true,
        },
        _ => true,
    })
}

/// Look-ups that ask with an entry of an earlier step, right after another entry that nothing reads.
fn wrong_inputs(graph: &Graph<'_>, reached: &[bool], out: &mut Diagnostics) {
    let slots = graph.steps().flat_map(|step| &graph.trace(step).slots);
    // What a request or a prompt has a placeholder for.
    let read: BTreeSet<VariableId> = slots.map(|(variable, _)| *variable).collect();
    let entered: BTreeSet<VariableId> = graph
        .steps()
        .filter_map(|step| entry(graph, step))
        .collect();
    for step in graph.steps().filter(|step| graph.contains(reached, *step)) {
        let StepKind::Collect(collect) = graph.kind(step) else {
            continue;
        };
        let Target::Step(next) = collect.go else {
            continue;
        };
        let StepKind::Lookup(lookup) = graph.kind(next) else {
            continue;
        };
        if read.contains(&collect.save) {
            continue;
        }
        let mut asked = saved(lookup).filter(|variable| entered.contains(variable));
        let Some(other) = asked.next() else {
            continue;
        };
        let names = &graph.plan.line(graph.plan.step(step).line).variables;
        let (own, other_name) = (&names[collect.save.index()], &names[other.index()]);
        let slots = graph.trace(next).slots.iter();
        let place = slots.into_iter().find(|(variable, _)| *variable == other);
        let place = place.map_or_else(
            || graph.trace(next).name.clone(),
            |(_, place)| place.clone(),
        );
        let message =
            format!("this asks with \"{other_name}\" right after callers entered \"{own}\"");
        let diagnostic = Diagnostic::warning("wrong-input", place, message);
        let help = format!("ask with {{{own}}}, or leave out the step that nothing reads");
        let entered = graph.trace(step).name.clone();
        let diagnostic = diagnostic.related(entered, format!("nothing reads \"{own}\""));
        out.push(diagnostic.label("an entry of another step").help(help));
    }
}

/// What callers enter in a step.
fn entry(graph: &Graph<'_>, step: StepId) -> Option<VariableId> {
    match graph.kind(step) {
        StepKind::Collect(collect) => Some(collect.save),
        _ => None,
    }
}

/// What a look-up asks with.
fn saved(lookup: &Lookup) -> impl Iterator<Item = VariableId> {
    let request = &lookup.request;
    let body = request.body.iter().flat_map(|(_, pieces)| pieces);
    let pieces = request.url.iter().chain(body);
    pieces.filter_map(|piece| match piece {
        Piece::Saved(variable) => Some(*variable),
        _ => None,
    })
}
