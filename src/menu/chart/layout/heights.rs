//! How high everything stands: as level with what it is tied to as the order allows.

use super::Columns;
use super::Item;
use super::Size;
use super::entry;
use super::size;

const ROUNDS: usize = 30;
/// Room between two cards, and beside a line that passes.
const BETWEEN_CARDS: f64 = 26.0;
const BESIDE_LINES: f64 = 16.0;

/// The top of each item, by column.
pub(super) fn tops(columns: &Columns, sizes: &[Size]) -> Vec<Vec<f64>> {
    let mut tops: Vec<Vec<f64>> = columns
        .items
        .iter()
        .map(|items| level(items, &vec![(0.0, 1.0); items.len()], sizes))
        .collect();
    for round in 0..ROUNDS {
        let count = columns.items.len();
        for at in 0..count {
            let column = if round % 2 == 0 { at } else { count - 1 - at };
            let wanted: Vec<(f64, f64)> = (0..columns.items[column].len())
                .map(|place| wanted(columns, column, place, &tops, sizes))
                .collect();
            tops[column] = level(&columns.items[column], &wanted, sizes);
        }
    }
    let highest = tops.iter().flatten().copied().fold(f64::INFINITY, f64::min);
    for top in tops.iter_mut().flatten() {
        *top = (*top - highest).round();
    }
    tops
}

/// The top at which all lines of an item would be level, and how much that matters.
fn wanted(
    columns: &Columns,
    column: usize,
    place: usize,
    tops: &[Vec<f64>],
    sizes: &[Size],
) -> (f64, f64) {
    let item = columns.items[column][place];
    let top = |column: usize, item: Item| {
        let place = columns.items[column]
            .iter()
            .position(|other| *other == item);
        place.map_or(0.0, |place| tops[column][place])
    };
    let (mut sum, mut weights) = (0.0, 0.0);
    let mut tie = |at: f64, weight: f64| {
        sum += at * weight;
        weights += weight;
    };
    if column > 0 {
        for link in columns.links[column - 1]
            .iter()
            .filter(|link| link.to == item)
        {
            let leaves = top(column - 1, link.from) + link.port;
            tie(leaves - entry(item, sizes), weight(link.from, item));
        }
    }
    if let Some(links) = columns.links.get(column) {
        for link in links.iter().filter(|link| link.from == item) {
            let comes = top(column + 1, link.to) + entry(link.to, sizes);
            tie(comes - link.port, weight(item, link.to));
        }
    }
    if weights > 0.0 {
        (sum / weights, weights)
    } else {
        (tops[column][place], 0.1)
    }
}

/// Long lines had better be straight.
fn weight(from: Item, to: Item) -> f64 {
    match (from, to) {
        (Item::Card(_), Item::Card(_)) => 1.0,
        (Item::Passing(_), Item::Passing(_)) => 8.0,
        _ => 2.0,
    }
}

/// The tops nearest to those that are wanted, in order and with room between them: pool adjacent
/// violators (Ayer et al., 1955) over what is left when the least distances are taken away.
fn level(items: &[Item], wanted: &[(f64, f64)], sizes: &[Size]) -> Vec<f64> {
    let mut offsets = vec![0.0; items.len()];
    for place in 1..items.len() {
        let (before, item) = (items[place - 1], items[place]);
        let cards = matches!((before, item), (Item::Card(_), Item::Card(_)));
        let room = if cards { BETWEEN_CARDS } else { BESIDE_LINES };
        offsets[place] = offsets[place - 1] + size(before, sizes).1 + room;
    }
    let mut pools: Vec<(f64, f64, usize)> = Vec::new();
    for ((want, weight), offset) in wanted.iter().zip(&offsets) {
        let mut pool = (want - offset, *weight, 1);
        while let Some((mean, total, count)) = pools.pop() {
            if mean <= pool.0 {
                pools.push((mean, total, count));
                break;
            }
            let all = total + pool.1;
            pool = ((mean * total + pool.0 * pool.1) / all, all, count + pool.2);
        }
        pools.push(pool);
    }
    let means = pools
        .iter()
        .flat_map(|(mean, _, count)| std::iter::repeat_n(*mean, *count));
    means
        .zip(offsets)
        .map(|(mean, offset)| mean + offset)
        .collect()
}
