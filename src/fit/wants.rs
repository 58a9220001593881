//! What the callers of a line want: the queue in which they waited, or what else the line has for them.

use super::findings::Findings;
use super::record::Outcome;
use super::ways::Ways;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::StepKind;
use crate::exchange::dialplan::Target;
use crate::exchange::id::LineId;
use crate::exchange::id::QueueId;
use crate::exchange::id::StepId;
use crate::menu::graph::Via;
use crate::menu::graph::exits;
use std::collections::BTreeSet;

/// What those who call a line want, in shares of the calls of which that is known: those that found the line busy or
/// were turned away may have wanted anything.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Wanted {
    /// The queue at which the line begins, if it does: all come to it, whatever they want.
    pub(super) straight: Option<QueueId>,
    /// Queues that the menu has.
    pub(super) queues: Vec<(QueueId, f64)>,
    /// Steps that ended calls without a queue.
    pub(super) ends: Vec<End>,
    /// Queues that the menu does not have, in which callers waited.
    pub(super) gone: Vec<String>,
    /// The share that waited in these.
    pub(super) gone_share: f64,
    /// The share that came to no queue, while the line has no step that would have ended such calls.
    pub(super) endless_share: f64,
}

/// Where some callers go who come to no queue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct End {
    pub(super) step: StepId,
    pub(super) share: f64,
    /// Whether how these calls ended says so; otherwise it is where all go of whom no more is known.
    pub(super) is_told: bool,
    /// How many steps of its kind callers may choose.
    pub(super) alike: usize,
}

impl Wanted {
    /// The share of the calls to the line that the scenario has somebody for: its forecast goes without the others, for
    /// they would come to the queues.
    pub(super) fn kept(&self) -> f64 {
        let left_out = self.gone_share + self.endless_share;
        // Where nothing is known at all the calls are all that there is.
        match left_out < 1.0 {
            true => 1.0 - left_out,
            false => 1.0,
        }
    }
}

/// What those want who call a line; nothing where no menu or no record tells.
pub(super) fn of(findings: &Findings, plan: Option<&Dialplan>, line: &str) -> Wanted {
    let ways = findings
        .calls
        .as_ref()
        .and_then(|calls| calls.first_ways.get(line));
    let place = plan.and_then(|plan| plan.lines.iter().position(|known| known.name == line));
    match (plan, ways, place) {
        (Some(plan), Some(ways), Some(place)) => wanted(plan, LineId(place as u16), ways),
        _ => Wanted::default(),
    }
}

fn wanted(plan: &Dialplan, line: LineId, ways: &Ways) -> Wanted {
    let named = |name: &str| named(plan, line, name);
    let straight = match plan.step(plan.line(line).start).kind {
        StepKind::Queue(queue) => Some(queue),
        _ => None,
    };
    let mut wanted = Wanted {
        straight,
        ..Wanted::default()
    };
    let choices = Choices::of(plan, line);
    let no_queue = ways.no_queue.iter();
    let no_queue = no_queue.filter(|(how, _)| straight.is_none() && choices.may_want(**how));
    let queued: u64 = ways.queues.values().sum();
    let all = queued + no_queue.clone().map(|(_, calls)| calls).sum::<u64>();
    let share = |calls: u64| calls as f64 / all.max(1) as f64;
    for (name, calls) in &ways.queues {
        // The line's only way in has been called otherwise.
        match named(name).or(straight) {
            Some(queue) => wanted.queues.push((queue, share(*calls))),
            None => {
                wanted.gone.push(name.clone());
                wanted.gone_share += share(*calls);
            }
        }
    }
    for (how, calls) in no_queue {
        match choices.end(*how) {
            Some(end) => wanted.end(End {
                share: share(*calls),
                ..end
            }),
            None => wanted.endless_share += share(*calls),
        }
    }
    wanted
}

/// The queue of a line that has this name.
pub(super) fn queue_named(plan: &Dialplan, line: &str, queue: &str) -> Option<QueueId> {
    let line = plan.lines.iter().position(|known| known.name == line)?;
    named(plan, LineId(line as u16), queue)
}

fn named(plan: &Dialplan, line: LineId, queue: &str) -> Option<QueueId> {
    let queues = plan.queues.iter();
    let mut own = queues.map(|one| one.name == queue && plan.step(one.step).line == line);
    own.position(|is_own| is_own)
        .map(|place| QueueId(place as u16))
}

/// Whether callers of the line of a step may come from one queue to another after they have waited.
pub(super) fn sends_on(plan: &Dialplan, step: StepId) -> bool {
    let line = plan.step(step).line;
    let queues = plan.queues.iter().map(|queue| queue.step);
    let mut own = queues.filter(|step| plan.step(*step).line == line);
    own.any(|from| {
        let mut seen = BTreeSet::new();
        let ways = exits(plan, from).into_iter();
        let after_a_wait = ways.filter(|exit| matches!(exit.via, Via::Timeout | Via::Key(_)));
        let mut next: Vec<Target> = after_a_wait.map(|exit| exit.to).collect();
        while let Some(to) = next.pop() {
            let Target::Step(to) = to else { continue };
            let is_queue = matches!(plan.step(to).kind, StepKind::Queue(_));
            if is_queue && to != from {
                return true;
            }
            if !is_queue && seen.insert(to) {
                next.extend(exits(plan, to).into_iter().map(|exit| exit.to));
            }
        }
        false
    })
}

impl Wanted {
    fn end(&mut self, end: End) {
        let mut known = self.ends.iter_mut();
        match known.find(|known| (known.step, known.is_told) == (end.step, end.is_told)) {
            Some(known) => known.share += end.share,
            None => self.ends.push(end),
        }
    }
}

/// The steps at which calls may end without a queue by what callers choose, in the order of the menu file.
struct Choices {
    answers: Vec<StepId>,
    messages: Vec<StepId>,
    outside: Vec<StepId>,
    callbacks: Vec<StepId>,
}

impl Choices {
    fn of(plan: &Dialplan, line: LineId) -> Self {
        let mut seen = BTreeSet::new();
        let mut next = vec![plan.line(line).start];
        while let Some(step) = next.pop() {
            if !seen.insert(step) || matches!(plan.step(step).kind, StepKind::Queue(_)) {
                continue;
            }
            for exit in exits(plan, step) {
                let is_chosen = matches!(
                    exit.via,
                    Via::Key(_)
                        | Via::Entry(_)
                        | Via::Then
                        | Via::Go
                        | Via::Case(_)
                        | Via::Open
                        | Via::Stranger
                );
                if let (true, Target::Step(to)) = (is_chosen, exit.to) {
                    next.push(to);
                }
            }
        }
        let of = |is: fn(&StepKind) -> bool| {
            let steps = seen.iter().filter(|step| is(&plan.step(**step).kind));
            steps.copied().collect()
        };
        Self {
            answers: of(is_answer),
            messages: of(|kind| matches!(kind, StepKind::Record(_))),
            outside: of(|kind| matches!(kind, StepKind::Transfer(_))),
            callbacks: of(|kind| matches!(kind, StepKind::Callback(_))),
        }
    }

    /// The steps of the kind that ends calls so, where there is one.
    fn told(&self, how: Outcome) -> Option<&[StepId]> {
        match how {
            Outcome::Message => Some(&self.messages),
            Outcome::TransferredOut => Some(&self.outside),
            Outcome::Callback => Some(&self.callbacks),
            _ => None,
        }
    }

    /// Whether callers without a queue whose calls ended so may have wanted that. Otherwise they found a queue closed or
    /// full, or pressed nothing, and were sent on.
    fn may_want(&self, how: Outcome) -> bool {
        let is_refused = matches!(how, Outcome::Blocked | Outcome::TurnedAway);
        !is_refused && self.told(how).is_none_or(|steps| !steps.is_empty())
    }

    /// Where they go; it has no share yet.
    fn end(&self, how: Outcome) -> Option<End> {
        let told = self.told(how);
        let others = [&self.answers, &self.messages, &self.outside];
        let others = others.into_iter().find(|steps| !steps.is_empty());
        let steps = told.or(others.map(Vec::as_slice))?;
        Some(End {
            step: *steps.first()?,
            share: 0.0,
            is_told: told.is_some(),
            alike: steps.len(),
        })
    }
}

/// Whether a step is the recorded answer to a question: what a look-up has found is that to none.
pub(super) fn is_answer(kind: &StepKind) -> bool {
    let StepKind::Say(say) = kind else {
        return false;
    };
    let answer = say.answer.as_ref();
    answer.is_some_and(|answer| !answer.question.is_empty())
}
