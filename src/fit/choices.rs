//! Where the menu lets callers go by what they choose, and what was left to them.

use super::aims::End;
use super::record::Outcome;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::StepKind;
use crate::exchange::dialplan::Target;
use crate::exchange::id::CalendarId;
use crate::exchange::id::LineId;
use crate::exchange::id::StepId;
use crate::menu::graph::Via;
use crate::menu::graph::exits;
use crate::sim::openings;
use std::collections::BTreeSet;

/// The steps at which calls may end without a queue by what callers choose, in the order of the menu file.
#[derive(Debug)]
pub(super) struct Choices {
    answers: Vec<StepId>,
    messages: Vec<StepId>,
    outside: Vec<StepId>,
    callbacks: Vec<StepId>,
    /// Whether some come to a queue that is closed then, so that how their calls end does not tell what they wanted.
    pub(super) is_blind: bool,
}

impl Choices {
    /// Those of callers who call a line at this Unix time in milliseconds; inside all hours where none is known.
    pub(super) fn of(plan: &Dialplan, line: LineId, at_ms: Option<i64>) -> Self {
        let is_open = |calendar: CalendarId| {
            let calendar = &plan.calendars[calendar.index()];
            at_ms.is_none_or(|at_ms| openings::is_open(calendar, at_ms))
        };
        let (mut seen, mut chosen) = (BTreeSet::new(), BTreeSet::new());
        let mut is_blind = false;
        // What a closed line leads to was given to callers, until they press a key there.
        let mut next = vec![(plan.line(line).start, false)];
        while let Some((step, is_given)) = next.pop() {
            if !seen.insert((step, is_given)) {
                continue;
            }
            if !is_given {
                chosen.insert(step);
            }
            let mut opens = true;
            match &plan.step(step).kind {
                StepKind::Queue(queue) => {
                    let hours = plan.queue(*queue).hours;
                    is_blind |= hours.is_some_and(|(calendar, _)| !is_open(calendar));
                    continue;
                }
                StepKind::Hours(hours) => opens = is_open(hours.calendar),
                _ => {}
            }
            for exit in exits(plan, step) {
                let is_given = match exit.via {
                    Via::Key(_) | Via::Entry(_) => false,
                    Via::Then | Via::Go | Via::Case(_) | Via::Stranger => is_given,
                    Via::Open if opens => is_given,
                    Via::Closed if !opens => true,
                    _ => continue,
                };
                if let Target::Step(to) = exit.to {
                    next.push((to, is_given));
                }
            }
        }
        let of = |is: fn(&StepKind) -> bool| {
            let steps = chosen.iter().filter(|step| is(&plan.step(**step).kind));
            steps.copied().collect()
        };
        Self {
            answers: of(is_answer),
            messages: of(|kind| matches!(kind, StepKind::Record(_))),
            outside: of(|kind| matches!(kind, StepKind::Transfer(_))),
            callbacks: of(|kind| matches!(kind, StepKind::Callback(_))),
            is_blind,
        }
    }

    /// Whether callers may choose to leave a message.
    pub(super) fn has_messages(&self) -> bool {
        !self.messages.is_empty()
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
    pub(super) fn may_want(&self, how: Outcome) -> bool {
        let is_refused = matches!(how, Outcome::Blocked | Outcome::TurnedAway);
        !is_refused && self.told(how).is_none_or(|steps| !steps.is_empty())
    }

    /// Where they go.
    pub(super) fn end(&self, how: Outcome) -> Option<End> {
        let told = self.told(how);
        let others = [&self.answers, &self.messages, &self.outside];
        let others = others.into_iter().find(|steps| !steps.is_empty());
        let steps = told.or(others.map(Vec::as_slice))?;
        Some(End {
            step: *steps.first()?,
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

/// Whether callers for whom a queue is closed, or who have waited for as long as they may, come to a mailbox.
pub(super) fn leads_to_a_mailbox(plan: &Dialplan, queue: StepId, is_way: fn(Via) -> bool) -> bool {
    let ways = exits(plan, queue).into_iter();
    let mut next: Vec<Target> = ways
        .filter(|exit| is_way(exit.via))
        .map(|exit| exit.to)
        .collect();
    let mut seen = BTreeSet::new();
    while let Some(to) = next.pop() {
        let Target::Step(to) = to else { continue };
        if !seen.insert(to) {
            continue;
        }
        match plan.step(to).kind {
            StepKind::Record(_) => return true,
            StepKind::Say(_) => {
                let after = exits(plan, to).into_iter();
                next.extend(
                    after
                        .filter(|exit| matches!(exit.via, Via::Then))
                        .map(|exit| exit.to),
                );
            }
            _ => {}
        }
    }
    false
}
