//! Checks of the compiled plan: what makes a call go wrong although every file can be read.

mod far;
mod listening;
mod loops;
mod reach;
mod sequence;
mod words;

use super::diagnostic::Diagnostic;
use super::diagnostic::Diagnostics;
use super::diagnostic::Place;
use super::diagnostic::Severity;
use super::graph;
use super::graph::Exit;
use super::graph::Via;
use super::lower::StepTrace;
use super::lower::Trace;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::StepKind;
use crate::exchange::dialplan::Target;
use crate::exchange::id::LineId;
use crate::exchange::id::StepId;

/// Codes of errors that leave exits unread: then nothing is known of what is reached.
const HOLES: [&str; 9] = [
    "dead-end",
    "duplicate-key",
    "duplicate-step",
    "missing-field",
    "not-yet",
    "syntax",
    "too-large",
    "unknown-key",
    "wrong-type",
];

/// Checks that every id has room.
pub(super) fn sizes(plan: &Dialplan, out: &mut Diagnostics) {
    const SMALL_IDS: usize = u16::MAX as usize;
    let counts = [
        ("queues", plan.queues.len(), SMALL_IDS),
        ("kinds of waiting callers", plan.lanes.len(), SMALL_IDS),
        ("kinds of agents", plan.profiles.len(), SMALL_IDS),
        ("calendars", plan.calendars.len(), SMALL_IDS),
        (
            "languages",
            plan.languages.len(),
            super::compile::LANGUAGES_MAX,
        ),
    ];
    for (what, count, most) in counts.into_iter().filter(|(_, count, most)| count > most) {
        let message = format!("{count} {what} are too many: at most {most}");
        out.push(Diagnostic::new("too-large", Severity::Error, None, message));
    }
}

/// Checks what is said, step by step.
pub(super) fn words(plan: &Dialplan, trace: &Trace, out: &mut Diagnostics) {
    for (place, step) in trace.steps.iter().enumerate() {
        words::check(plan, StepId(place as u32), step, out);
    }
}

/// Checks where calls go, line by line.
pub(super) fn graph(plan: &Dialplan, trace: &Trace, out: &mut Diagnostics) {
    let whole = !trace.holes && !HOLES.iter().any(|code| out.has(code));
    for (place, start) in trace.lines.iter().enumerate() {
        let graph = Graph::new(plan, trace, LineId(place as u16), start.clone());
        if whole {
            reach::check(&graph, &trace.included[place], out);
        }
        loops::check(&graph, out);
    }
}

/// One line as a graph over its own steps.
struct Graph<'a> {
    plan: &'a Dialplan,
    trace: &'a Trace,
    start: StepId,
    /// Where the start is named.
    start_place: Place,
    /// The line's steps lie together in the plan.
    first: usize,
    exits: Vec<Vec<Exit>>,
    /// The menus to which `@back` may lead, by step.
    back: Vec<Vec<StepId>>,
}

impl<'a> Graph<'a> {
    fn new(plan: &'a Dialplan, trace: &'a Trace, line: LineId, start_place: Place) -> Self {
        let first = plan.steps.partition_point(|step| step.line < line);
        let count = plan.steps.partition_point(|step| step.line <= line) - first;
        let id = |place: usize| StepId((first + place) as u32);
        let exits = (0..count)
            .map(|place| graph::exits(plan, id(place)))
            .collect();
        let start = plan.line(line).start;
        let back = vec![Vec::new(); count];
        let mut graph = Self {
            plan,
            trace,
            start,
            start_place,
            first,
            exits,
            back,
        };
        if count > 0 {
            graph.back = graph.menus_before();
        }
        graph
    }

    fn steps(&self) -> impl Iterator<Item = StepId> + use<> {
        let first = self.first;
        (0..self.exits.len()).map(move |place| StepId((first + place) as u32))
    }

    fn exits(&self, step: StepId) -> &[Exit] {
        &self.exits[step.index() - self.first]
    }

    fn trace(&self, step: StepId) -> &StepTrace {
        &self.trace.steps[step.index()]
    }

    fn name(&self, step: StepId) -> &str {
        &self.plan.step(step).name
    }

    fn kind(&self, step: StepId) -> &StepKind {
        &self.plan.step(step).kind
    }

    /// The steps to which a target may lead.
    fn targets(&self, from: StepId, to: Target) -> Vec<StepId> {
        match to {
            Target::Step(step) => vec![step],
            Target::Start => vec![self.start],
            Target::Repeat => vec![from],
            Target::Back => self.back[from.index() - self.first].clone(),
            Target::HangUp => Vec::new(),
        }
    }

    /// The steps after a step, by the exits that are wanted.
    fn next(&self, from: StepId, wanted: impl Fn(Via) -> bool) -> Vec<StepId> {
        let exits = self.exits(from).iter().filter(|exit| wanted(exit.via));
        exits.flat_map(|exit| self.targets(from, exit.to)).collect()
    }

    /// All steps that can be reached from some, themselves included.
    fn reachable(&self, from: &[StepId], wanted: impl Fn(StepId, Via) -> bool) -> Vec<bool> {
        let mut seen = vec![false; self.exits.len()];
        let mut open = from.to_vec();
        while let Some(step) = open.pop() {
            let place = step.index() - self.first;
            if std::mem::replace(&mut seen[place], true) {
                continue;
            }
            open.extend(self.next(step, |via| wanted(step, via)));
        }
        seen
    }

    /// All steps from which one of some can be reached, by any exit, these included.
    fn leading_to(&self, wanted: impl Fn(StepId) -> bool) -> Vec<bool> {
        let mut before: Vec<Vec<StepId>> = vec![Vec::new(); self.exits.len()];
        for step in self.steps() {
            for next in self.next(step, |_| true) {
                before[next.index() - self.first].push(step);
            }
        }
        let mut seen = vec![false; self.exits.len()];
        let mut open: Vec<StepId> = self.steps().filter(|step| wanted(*step)).collect();
        while let Some(step) = open.pop() {
            let place = step.index() - self.first;
            if !std::mem::replace(&mut seen[place], true) {
                open.extend(&before[place]);
            }
        }
        seen
    }

    /// Whether a step is one of this line.
    fn has(&self, step: StepId) -> bool {
        (self.first..self.first + self.exits.len()).contains(&step.index())
    }

    fn contains(&self, set: &[bool], step: StepId) -> bool {
        set[step.index() - self.first]
    }

    /// For each step, where `@back` may lead: the menus through which a call may have come to it
    /// last, and the start of the line where it may have come through none.
    ///
    /// From each menu the search goes on through everything that is not a menu.
    fn menus_before(&self) -> Vec<Vec<StepId>> {
        let mut before = vec![Vec::new(); self.exits.len()];
        // The last search that came to each step: cheaper than a list for each search.
        let mut seen = vec![None; self.exits.len()];
        for menu in self.steps().filter(|step| self.is_menu(*step)) {
            let next = self.next_named(menu);
            self.lead_back(next, menu, Some(menu), &mut seen, &mut before);
        }
        seen.fill(None);
        self.lead_back(vec![self.start], self.start, None, &mut seen, &mut before);
        before
    }

    /// Notes where `@back` leads for every step that is reached from `open` through no menu.
    fn lead_back(
        &self,
        mut open: Vec<StepId>,
        to: StepId,
        but: Option<StepId>,
        seen: &mut [Option<StepId>],
        before: &mut [Vec<StepId>],
    ) {
        while let Some(step) = open.pop() {
            let place = step.index() - self.first;
            if Some(step) == but || seen[place].replace(to) == Some(to) {
                continue;
            }
            before[place].push(to);
            if !self.is_menu(step) {
                open.extend(self.next_named(step));
            }
        }
    }

    /// The steps after a step, without `@back`, which is only being worked out.
    fn next_named(&self, from: StepId) -> Vec<StepId> {
        let exits = self
            .exits(from)
            .iter()
            .filter(|exit| exit.to != Target::Back);
        exits.flat_map(|exit| self.targets(from, exit.to)).collect()
    }

    fn is_menu(&self, step: StepId) -> bool {
        matches!(self.kind(step), StepKind::Menu(_))
    }
}
