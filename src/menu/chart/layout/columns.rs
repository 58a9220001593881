//! Which rows lead forward, and in which column each card stands.

use super::Columns;
use super::Item;
use super::Link;
use super::Size;

/// For each row of each card: whether it leads to another card, and not back to one on the way to
/// it.
pub(in super::super) fn forward(rows: &[Vec<Option<usize>>], start: usize) -> Vec<Vec<bool>> {
    let led = |row: &Vec<Option<usize>>| row.iter().map(Option::is_some).collect();
    let mut lines: Vec<Vec<bool>> = rows.iter().map(led).collect();
    let mut state = vec![State::New; rows.len()];
    for root in std::iter::once(start).chain(0..rows.len()) {
        if root >= rows.len() || state[root] != State::New {
            continue;
        }
        state[root] = State::OnTheWay;
        let mut way = vec![(root, 0)];
        while let Some((card, row)) = way.last_mut() {
            let (card, next) = (*card, *row);
            *row += 1;
            match rows[card].get(next) {
                None => {
                    state[card] = State::Done;
                    way.pop();
                }
                Some(None) => {}
                Some(Some(to)) => match state[*to] {
                    State::New => {
                        state[*to] = State::OnTheWay;
                        way.push((*to, 0));
                    }
                    State::OnTheWay => lines[card][next] = false,
                    State::Done => {}
                },
            }
        }
    }
    lines
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    OnTheWay,
    Done,
}

/// Cards in their columns, and what passes through them on the way to later ones.
pub(super) fn columns(sizes: &[Size], start: usize) -> Columns {
    let depths = depths(sizes);
    let count = depths.iter().max().map_or(0, |deepest| deepest + 1);
    let mut columns = Columns {
        items: vec![Vec::new(); count],
        links: vec![Vec::new(); count.saturating_sub(1)],
    };
    for card in walk(sizes, start) {
        add(&mut columns.items[depths[card]], Item::Card(card));
        for (port, target) in ways(&sizes[card]) {
            let (mut from, mut port) = (Item::Card(card), port);
            for depth in depths[card] + 1..=depths[target] {
                let item = if depth == depths[target] {
                    Item::Card(target)
                } else {
                    Item::Passing(target)
                };
                add(&mut columns.items[depth], item);
                let link = Link {
                    port,
                    from,
                    to: item,
                };
                let links = &mut columns.links[depth - 1];
                if !links.contains(&link) {
                    links.push(link);
                }
                (from, port) = (item, 0.0);
            }
        }
    }
    columns
}

/// The rows that have lines, and the cards to which these lead.
fn ways(size: &Size) -> impl DoubleEndedIterator<Item = (f64, usize)> {
    let rows = size.rows.iter();
    rows.filter_map(|(port, to)| Some((*port, (*to)?)))
}

fn add(items: &mut Vec<Item>, item: Item) {
    if !items.contains(&item) {
        items.push(item);
    }
}

/// The length of the longest way to each card.
fn depths(sizes: &[Size]) -> Vec<usize> {
    let mut waiting = vec![0; sizes.len()];
    for (_, to) in sizes.iter().flat_map(ways) {
        waiting[to] += 1;
    }
    let mut depths = vec![0; sizes.len()];
    let ready = |card: &usize| waiting[*card] == 0;
    let mut open: Vec<usize> = (0..sizes.len()).filter(ready).collect();
    while let Some(card) = open.pop() {
        for (_, to) in ways(&sizes[card]) {
            depths[to] = depths[to].max(depths[card] + 1);
            waiting[to] -= 1;
            if waiting[to] == 0 {
                open.push(to);
            }
        }
    }
    depths
}

/// All cards, each after the one that leads to it first: an order in which few lines cross.
fn walk(sizes: &[Size], start: usize) -> Vec<usize> {
    let mut seen = vec![false; sizes.len()];
    let mut order = Vec::new();
    for root in std::iter::once(start).chain(0..sizes.len()) {
        let mut open = vec![root];
        while let Some(card) = open.pop() {
            if card >= sizes.len() || std::mem::replace(&mut seen[card], true) {
                continue;
            }
            order.push(card);
            open.extend(ways(&sizes[card]).rev().map(|(_, to)| to));
        }
    }
    order
}
