//! Where cards stand: in columns from left to right, so that every line leads to the right.
//!
//! The steps of Sugiyama, Tagawa and Toda ("Methods for visual understanding of hierarchical system
//! structures", 1981): rows that lead back are left to be said in words, columns by the longest way
//! from the start, order by barycentres, heights by isotonic regression. Lines to one card that pass
//! a column pass it together.

mod columns;
mod heights;
mod order;

pub(super) use columns::forward;

/// The size of a card and where lines leave it.
#[derive(Clone, Debug)]
pub(super) struct Size {
    pub(super) width: f64,
    pub(super) height: f64,
    /// Where lines come in, from the top.
    pub(super) entry: f64,
    /// Where the line of each row leaves, from the top, and the card to which it leads; none where
    /// it has no line.
    pub(super) rows: Vec<(f64, Option<usize>)>,
}

/// A point of the chart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
}

/// A piece of a line, from one column to the next or through one.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Piece {
    pub(super) from: Point,
    pub(super) to: Point,
    /// The card to which the whole line leads.
    pub(super) target: usize,
    /// Whether it ends at that card.
    pub(super) last: bool,
}

/// Where everything is.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    /// The upper left corner of each card.
    pub(super) corners: Vec<Point>,
    /// The width that each card has in its column.
    pub(super) widths: Vec<f64>,
    pub(super) pieces: Vec<Piece>,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// Something that takes room in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Item {
    Card(usize),
    /// Lines to a card on their way through this column.
    Passing(usize),
}

/// A line from one column to the next.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Link {
    /// Where it leaves its item, from the top.
    port: f64,
    from: Item,
    to: Item,
}

/// The columns of a chart: what stands in each, from the top, and the links to the next.
struct Columns {
    items: Vec<Vec<Item>>,
    links: Vec<Vec<Link>>,
}

/// Lays out cards; calls begin at `start`. Rows that lead to a card lead forward.
pub(super) fn layout(sizes: &[Size], start: usize) -> Layout {
    let mut columns = columns::columns(sizes, start);
    order::order(&mut columns, sizes);
    let tops = heights::tops(&columns, sizes);
    place(sizes, &columns, &tops)
}

fn place(sizes: &[Size], columns: &Columns, tops: &[Vec<f64>]) -> Layout {
    let mut corners = vec![Point { x: 0.0, y: 0.0 }; sizes.len()];
    let mut widths = vec![0.0; sizes.len()];
    let (mut x, mut width, mut height) = (0.0, 0.0, 0.0_f64);
    let mut lefts = Vec::new();
    for (column, items) in columns.items.iter().enumerate() {
        width = items
            .iter()
            .map(|item| size(*item, sizes).0)
            .fold(0.0, f64::max);
        lefts.push((x, width));
        for (item, top) in items.iter().zip(&tops[column]) {
            if let Item::Card(card) = item {
                corners[*card] = Point { x, y: *top };
                widths[*card] = width;
            }
            height = height.max(top + size(*item, sizes).1);
        }
        x += width + gap(columns.links.get(column).map_or(0, Vec::len));
    }
    let right = lefts.last().map_or(0.0, |(left, _)| left + width);
    let pieces = pieces(sizes, columns, tops, &lefts);
    Layout {
        corners,
        widths,
        pieces,
        width: right,
        height,
    }
}

/// Room between two columns, the more the more lines have to turn in it.
fn gap(links: usize) -> f64 {
    const LEAST: f64 = 40.0;
    const MOST: f64 = 110.0;
    (LEAST + 4.0 * links as f64).min(MOST)
}

fn pieces(
    sizes: &[Size],
    columns: &Columns,
    tops: &[Vec<f64>],
    lefts: &[(f64, f64)],
) -> Vec<Piece> {
    let top = |column: usize, item: Item| {
        let place = columns.items[column]
            .iter()
            .position(|other| *other == item);
        place.map_or(0.0, |place| tops[column][place])
    };
    let mut pieces = Vec::new();
    for (column, links) in columns.links.iter().enumerate() {
        let (left, width) = lefts[column];
        for link in links {
            let target = match link.to {
                Item::Card(card) | Item::Passing(card) => card,
            };
            let from = Point {
                x: left + width,
                y: top(column, link.from) + link.port,
            };
            let to = Point {
                x: lefts[column + 1].0,
                y: top(column + 1, link.to) + entry(link.to, sizes),
            };
            let last = link.to == Item::Card(target);
            pieces.push(Piece {
                from,
                to,
                target,
                last,
            });
        }
        for item in &columns.items[column] {
            if let Item::Passing(target) = *item {
                let y = top(column, *item);
                let (from, to) = (Point { x: left, y }, Point { x: left + width, y });
                pieces.push(Piece {
                    from,
                    to,
                    target,
                    last: false,
                });
            }
        }
    }
    pieces
}

fn size(item: Item, sizes: &[Size]) -> (f64, f64) {
    match item {
        Item::Card(card) => (sizes[card].width, sizes[card].height),
        Item::Passing(_) => (0.0, 0.0),
    }
}

fn entry(item: Item, sizes: &[Size]) -> f64 {
    match item {
        Item::Card(card) => sizes[card].entry,
        Item::Passing(_) => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(rows: &[usize]) -> Size {
        let row = |(place, to): (usize, &usize)| (40.0 + 20.0 * place as f64, Some(*to));
        Size {
            width: 100.0,
            height: 50.0 + 20.0 * rows.len() as f64,
            entry: 20.0,
            rows: rows.iter().enumerate().map(row).collect(),
        }
    }

    /// A menu with two answers, and a queue that all of them lead to.
    fn cards() -> Vec<Size> {
        vec![
            card(&[1, 2, 3]),
            card(&[3]),
            card(&[3]),
            card(&[4]),
            card(&[]),
        ]
    }

    #[test]
    fn what_leads_back_has_no_line() {
        let rows = [
            vec![Some(1), Some(2), None],
            vec![Some(0), Some(2)],
            vec![Some(2)],
        ];
        let lines = forward(&rows, 0);
        assert_eq!(
            lines,
            [vec![true, true, false], vec![false, true], vec![false]]
        );
    }

    #[test]
    fn every_line_leads_to_the_right() {
        let layout = layout(&cards(), 0);
        let column = |card: usize| layout.corners[card].x;
        assert!(column(0) < column(1) && column(1) < column(3) && column(3) < column(4));
        assert_eq!(column(1), column(2));
        let rightwards = |piece: &Piece| piece.from.x < piece.to.x;
        assert!(layout.pieces.iter().all(rightwards));
    }

    #[test]
    fn nothing_stands_on_something_else() {
        let sizes = cards();
        let layout = layout(&sizes, 0);
        let placed: Vec<(&Point, f64)> = layout
            .corners
            .iter()
            .zip(&sizes)
            .map(|(corner, size)| (corner, corner.y + size.height))
            .collect();
        for (at, (one, one_end)) in placed.iter().enumerate() {
            for (two, two_end) in &placed[at + 1..] {
                assert!(one.x != two.x || *one_end <= two.y || *two_end <= one.y);
            }
        }
        let inside = |corner: &Point| corner.x >= 0.0 && corner.y >= 0.0;
        assert!(layout.corners.iter().all(inside) && layout.height > 0.0);
    }

    #[test]
    fn lines_to_one_card_pass_a_column_together() {
        // Both rows of the first lead to the last, past the middle one.
        let sizes = [card(&[1, 2, 2]), card(&[2]), card(&[])];
        let layout = layout(&sizes, 0);
        let through = |piece: &&Piece| piece.from.y == piece.to.y && !piece.last;
        assert_eq!(layout.pieces.iter().filter(through).count(), 1);
        assert_eq!(layout.pieces.iter().filter(|piece| piece.last).count(), 3);
    }
}
