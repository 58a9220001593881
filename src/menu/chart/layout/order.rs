//! The order within each column: by barycentres, keeping the best that was seen.

use super::Columns;
use super::Item;
use super::Link;
use super::Size;
use super::size;

const ROUNDS: usize = 24;

pub(super) fn order(columns: &mut Columns, sizes: &[Size]) {
    let mut best = columns.items.clone();
    let mut fewest = crossings(columns, sizes);
    for round in 0..ROUNDS {
        let count = columns.items.len();
        if round % 2 == 0 {
            for column in 1..count {
                sort_by_sources(columns, column, sizes);
            }
        } else {
            for column in (0..count.saturating_sub(1)).rev() {
                sort_by_targets(columns, column);
            }
        }
        let now = crossings(columns, sizes);
        if now < fewest {
            fewest = now;
            best.clone_from(&columns.items);
        }
    }
    columns.items = best;
}

fn place(items: &[Item], item: Item) -> f64 {
    let place = items.iter().position(|other| *other == item);
    place.unwrap_or(0) as f64
}

/// The place of a link's beginning: rows of one card in their order.
fn leaves(items: &[Item], link: &Link, sizes: &[Size]) -> f64 {
    let (_, height) = size(link.from, sizes);
    place(items, link.from)
        + if height > 0.0 {
            link.port / height
        } else {
            0.5
        }
}

fn sort_by_sources(columns: &mut Columns, column: usize, sizes: &[Size]) {
    let before = &columns.items[column - 1];
    let links = &columns.links[column - 1];
    let ends: Vec<(Item, f64)> = links
        .iter()
        .map(|link| (link.to, leaves(before, link, sizes)))
        .collect();
    sort(&mut columns.items[column], &ends);
}

fn sort_by_targets(columns: &mut Columns, column: usize) {
    let after = &columns.items[column + 1];
    let links = &columns.links[column];
    let ends: Vec<(Item, f64)> = links
        .iter()
        .map(|link| (link.from, place(after, link.to)))
        .collect();
    sort(&mut columns.items[column], &ends);
}

/// Sorts items by the mean of the places to which they are tied; an item without ties keeps its own.
fn sort(items: &mut [Item], ends: &[(Item, f64)]) {
    let mut keyed: Vec<(f64, Item)> = items
        .iter()
        .enumerate()
        .map(|(own, item)| {
            let tied = ends.iter().filter(|(other, _)| other == item);
            let (sum, count) =
                tied.fold((0.0, 0.0), |(sum, count), (_, at)| (sum + at, count + 1.0));
            (if count > 0.0 { sum / count } else { own as f64 }, *item)
        })
        .collect();
    keyed.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    for (slot, (_, item)) in items.iter_mut().zip(keyed) {
        *slot = item;
    }
}

/// How many pairs of links cross.
fn crossings(columns: &Columns, sizes: &[Size]) -> usize {
    let mut crossings = 0;
    for (column, links) in columns.links.iter().enumerate() {
        let (left, right) = (&columns.items[column], &columns.items[column + 1]);
        let mut ends: Vec<(f64, f64)> = links
            .iter()
            .map(|link| (leaves(left, link, sizes), place(right, link.to)))
            .collect();
        ends.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        for (at, (_, end)) in ends.iter().enumerate() {
            crossings += ends[at + 1..]
                .iter()
                .filter(|(_, other)| other < end)
                .count();
        }
    }
    crossings
}
