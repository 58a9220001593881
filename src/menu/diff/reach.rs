//! Which steps callers can come to, and by which keys.

use super::portrait::Portrait;
use super::view::View;
use crate::exchange::dialplan::StepKind;
use crate::exchange::dialplan::Target;
use crate::exchange::id::StepId;
use crate::menu::graph;
use crate::menu::graph::Via;
use std::collections::BTreeMap;
use std::collections::VecDeque;

/// The steps that can be reached, each with the keys that lead there from the start of the line,
/// where keys and what goes by itself are enough.
pub(super) struct Reach {
    steps: BTreeMap<StepId, Option<Vec<String>>>,
}

impl Reach {
    pub(super) fn of(view: View<'_>) -> Self {
        let mut steps = BTreeMap::new();
        let start = view.line().start;
        // First by keys alone, those steps nearest that need the fewest.
        let mut open = VecDeque::from([(start, Vec::new())]);
        while let Some((step, keys)) = open.pop_front() {
            if steps.contains_key(&step) {
                continue;
            }
            let exits = graph::exits(view.plan, step);
            for exit in exits.iter().rev().filter(|exit| goes_by_itself(exit.via)) {
                if let Target::Step(next) = view.plain(exit.to) {
                    open.push_front((next, keys.clone()));
                }
            }
            for exit in exits {
                let action = graph::action(view.plan, exit.via);
                if let (Some(action), Target::Step(next)) = (action, view.plain(exit.to)) {
                    let pressed = keys.iter().chain([&action.key]).cloned();
                    open.push_back((next, pressed.collect()));
                }
            }
            steps.insert(step, Some(keys));
        }
        // Then by everything else that may happen.
        let mut open: Vec<StepId> = steps.keys().copied().collect();
        while let Some(step) = open.pop() {
            for exit in graph::exits(view.plan, step) {
                if let Target::Step(next) = view.plain(exit.to)
                    && !steps.contains_key(&next)
                {
                    steps.insert(next, None);
                    open.push(next);
                }
            }
        }
        Self { steps }
    }

    pub(super) fn has(&self, step: StepId) -> bool {
        self.steps.contains_key(&step)
    }

    /// The keys from the start of the line; none where something else has to happen.
    pub(super) fn keys(&self, step: StepId) -> Option<&[String]> {
        self.steps.get(&step)?.as_deref()
    }
}

fn goes_by_itself(via: Via) -> bool {
    matches!(via, Via::Then | Via::Open)
}

/// What a caller hears first who is led to a step: its words, or those of the step after it.
pub(super) fn heard(view: View<'_>, step: StepId) -> String {
    /// Steps without words that are passed.
    const PASSED_MAX: usize = 20;
    let mut step = step;
    for _ in 0..PASSED_MAX {
        let portrait = Portrait::of(view, step);
        if let Some(words) = portrait.opening().filter(|words| !words.is_empty()) {
            return format!("\"{words}\"");
        }
        let next = match &view.step(step).kind {
            StepKind::Hours(hours) => hours.open,
            StepKind::Queue(queue) => {
                let group = &view.plan.group(view.plan.queue(*queue).group).name;
                return format!("music, and waits for {group}");
            }
            StepKind::Transfer(transfer) => return format!("how {} is dialled", transfer.to),
            _ => break,
        };
        match view.plain(next) {
            Target::Step(next) => step = next,
            _ => break,
        }
    }
    format!("what {} says", view.step(step).name)
}
