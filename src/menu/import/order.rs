//! The steps in the order in which a reader meets them: from the start, key by key.

use super::draft::Draft;
use super::draft::To;
use std::collections::BTreeMap;

/// Orders the steps; those to which no call comes are last.
pub(super) fn by_reading(draft: &mut Draft) {
    let names = draft.steps.iter().enumerate();
    let names: BTreeMap<&str, usize> = names
        .map(|(place, step)| (step.name.as_str(), place))
        .collect();
    let mut ranks = vec![usize::MAX; draft.steps.len()];
    let mut open: Vec<usize> = names
        .get(draft.start.as_str())
        .copied()
        .into_iter()
        .collect();
    let mut next = 0;
    while let Some(at) = open.pop() {
        if ranks[at] != usize::MAX {
            continue;
        }
        ranks[at] = next;
        next += 1;
        let step = &draft.steps[at];
        let keys = step.keys.iter().map(|key| &key.to);
        let ways = keys.chain(step.exits.iter().map(|(_, to)| to));
        let ways = ways.chain(step.cases.iter().map(|(_, to)| to));
        let ahead = ways.filter_map(|to| match to {
            To::Step(name) => names.get(name.as_str()).copied(),
            _ => None,
        });
        let ahead: Vec<usize> = ahead.collect();
        open.extend(ahead.into_iter().rev());
    }
    let mut ranked: Vec<(usize, _)> = ranks.into_iter().zip(draft.steps.drain(..)).collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    draft.steps.extend(ranked.into_iter().map(|(_, step)| step));
}
