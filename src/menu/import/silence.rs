//! Ways of silent callers: here they end, however often the original asks again.

use super::super::graph::Via;
use super::draft::Draft;
use super::draft::To;
use super::write;
use std::collections::BTreeMap;

/// Ends every way on which a silent caller would go round for ever.
pub(super) fn end(draft: &mut Draft) {
    let mut graph = Graph::of(draft);
    while let Some((place, exit)) = graph.closing_exit(draft) {
        graph.next[place].retain(|(other, _)| *other != exit);
        let step = &mut draft.steps[place];
        let (via, to) = step.exits[exit].clone();
        step.exits[exit].1 = To::HangUp;
        let (field, to) = (via.field(), write::target(&to));
        let todo = format!(
            "the original goes on to \"{to}\" and never lets a silent caller go; here `{field}` ends \
             the call"
        );
        step.add_todo(&todo);
        if let Some(place) = &step.place {
            draft.tally.approximate(place, todo);
        }
    }
}

/// The ways that lead on without a key, by step: the exit and the step it leads to.
struct Graph {
    next: Vec<Vec<(usize, usize)>>,
}

impl Graph {
    fn of(draft: &Draft) -> Self {
        let names = draft.steps.iter().enumerate();
        let names: BTreeMap<&str, usize> = names
            .map(|(place, step)| (step.name.as_str(), place))
            .collect();
        let start = names.get(draft.start.as_str()).copied();
        let before = before(draft, &names);
        let target = |place: usize, to: &To| match to {
            To::Step(name) => names.get(name.as_str()).copied().into_iter().collect(),
            To::Start => start.into_iter().collect(),
            To::Repeat => vec![place],
            To::Back => menus_before(draft, &before, place),
            To::HangUp => Vec::new(),
        };
        let mut next: Vec<Vec<(usize, usize)>> = Vec::new();
        for (place, step) in draft.steps.iter().enumerate() {
            let silent = step.exits.iter().enumerate();
            let silent = silent.filter(|(_, (via, _))| via.is_silent());
            let ways = silent.flat_map(|(exit, (_, to))| {
                let targets: Vec<usize> = target(place, to);
                targets.into_iter().map(move |target| (exit, target))
            });
            next.push(ways.collect());
        }
        Self { next }
    }

    /// The step and the exit that closes a loop, best one at which a caller is given up on.
    fn closing_exit(&self, draft: &Draft) -> Option<(usize, usize)> {
        let (mut done, mut on_way) = (vec![false; self.next.len()], vec![false; self.next.len()]);
        for root in 0..self.next.len() {
            // The way so far: the step, and how many of its exits have been looked at.
            let mut way: Vec<(usize, usize)> = vec![(root, 0)];
            on_way[root] = !done[root];
            while let Some((step, looked)) = way.last_mut() {
                let exits = &self.next[*step];
                let Some((_, target)) = exits.get(*looked).filter(|_| !done[*step]) else {
                    (done[*step], on_way[*step]) = (true, false);
                    way.pop();
                    continue;
                };
                *looked += 1;
                if on_way[*target] {
                    let first = way.iter().position(|(step, _)| step == target);
                    return self.best(draft, &way[first.unwrap_or(0)..]);
                }
                if !done[*target] {
                    on_way[*target] = true;
                    way.push((*target, 0));
                }
            }
        }
        None
    }

    fn best(&self, draft: &Draft, way: &[(usize, usize)]) -> Option<(usize, usize)> {
        let exits = way.iter();
        let exits = exits.map(|(step, looked)| (*step, self.next[*step][looked - 1].0));
        let rank = |(step, exit): &(usize, usize)| match draft.steps[*step].exits[*exit].0 {
            Via::GiveUp => 2,
            Via::Timeout => 1,
            _ => 0,
        };
        exits.max_by_key(rank)
    }
}

/// The steps from which a step can be reached at once.
fn before(draft: &Draft, names: &BTreeMap<&str, usize>) -> Vec<Vec<usize>> {
    let mut before = vec![Vec::new(); draft.steps.len()];
    for (place, step) in draft.steps.iter().enumerate() {
        for to in step.ways() {
            if let To::Step(name) = to
                && let Some(target) = names.get(name.as_str())
            {
                before[*target].push(place);
            }
        }
    }
    before
}

/// The menus from which a call may have come to a step, and the start.
fn menus_before(draft: &Draft, before: &[Vec<usize>], place: usize) -> Vec<usize> {
    let mut seen = vec![false; draft.steps.len()];
    let (mut open, mut menus) = (vec![place], Vec::new());
    while let Some(at) = open.pop() {
        if std::mem::replace(&mut seen[at], true) {
            continue;
        }
        if draft.steps[at].name == draft.start {
            menus.push(at);
        }
        let (are_menus, others): (Vec<usize>, Vec<usize>) = before[at]
            .iter()
            .partition(|from| draft.steps[**from].kind == "menu");
        menus.extend(are_menus);
        open.extend(others);
    }
    menus.sort_unstable();
    menus.dedup();
    menus
}
