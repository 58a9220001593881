//! A wallboard as lines of text: the pure part of `watch`.
//!
//! What matters is read from afar: the head says whether calls are taken, the queues come with the
//! longest wait first, the people with those first who need a look. States have words and marks, so
//! that colour is never needed.

mod agents;
mod callbacks;
mod head;
mod lines;
mod queues;
mod words;

use crate::cli::terminal::Ink;
use crate::cli::terminal::Line;
use crate::cli::terminal::Size;
use crate::daemon::wallboard::Wallboard;
use crate::report::style::Style;

/// The smallest terminal on which everything has its place.
const COLUMNS_MIN: usize = 60;
const ROWS_MIN: usize = 15;
/// From here on there is room for empty lines between the parts.
const ROWS_AIRY: usize = 22;

/// How the wallboard comes here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Contact {
    /// It is printed, and that is all.
    Once,
    /// From this address, nothing has come yet.
    Connecting(String),
    /// From this address, as it changes.
    Live(String),
    /// Not any more.
    Lost {
        /// Why.
        why: String,
        /// How old the last one is, if there was one.
        age_s: Option<u64>,
    },
}

/// Draws a wallboard in at most as many lines as there are rows, none wider than the columns.
pub(super) fn draw(
    board: Option<&Wallboard>,
    contact: &Contact,
    style: Style,
    size: Size,
) -> Vec<String> {
    let live = *contact != Contact::Once;
    if live && (size.columns < COLUMNS_MIN || size.rows < ROWS_MIN) {
        return too_small(style, size);
    }
    let canvas = Canvas {
        style,
        columns: size.columns,
    };
    let mut lines = head::draw(canvas, board, contact);
    let foot = head::foot(canvas, board, contact);
    if let Some(board) = board {
        let room = size.rows - lines.len() - foot.iter().len();
        let airy = size.rows >= ROWS_AIRY;
        lines.extend(parts(canvas, board, room, airy));
    }
    if let Some(foot) = foot {
        lines.resize(size.rows - 1, String::new());
        lines.push(foot);
    }
    lines
}

fn too_small(style: Style, size: Size) -> Vec<String> {
    let canvas = Canvas {
        style,
        columns: size.columns,
    };
    let text = format!("{COLUMNS_MIN} columns and {ROWS_MIN} rows are needed");
    let line = canvas.line().put(Ink::Plain, &text).finish();
    vec![line; size.rows.min(1)]
}

/// What is drawn on.
#[derive(Clone, Copy)]
struct Canvas {
    style: Style,
    columns: usize,
}

impl Canvas {
    fn line(self) -> Line {
        Line::new(self.style, self.columns)
    }
}

/// A part of the wallboard: a heading, and a line for each thing, the most urgent first.
struct Part<'a> {
    /// Rows in one turn, when there are too few.
    turn: usize,
    heading: String,
    lines: Vec<String>,
    /// What is said of everything after so many lines.
    more: Box<dyn Fn(usize) -> String + 'a>,
}

/// Queues, calls back, people and lines, each with its share of the room.
fn parts(canvas: Canvas, board: &Wallboard, room: usize, airy: bool) -> Vec<String> {
    let parts: Vec<Part<'_>> = [
        queues::part(canvas, board),
        callbacks::part(canvas, board),
        agents::part(canvas, board),
        lines::part(canvas, board),
    ]
    .into_iter()
    .flatten()
    .collect();
    let around = parts.len() * (1 + usize::from(airy));
    let wanted = parts.iter().map(|part| (part.lines.len(), part.turn));
    let wanted: Vec<(usize, usize)> = wanted.collect();
    let given = share(room.saturating_sub(around), &wanted);
    let mut all = Vec::new();
    for (part, given) in parts.into_iter().zip(given) {
        if airy {
            all.push(String::new());
        }
        all.push(part.heading.clone());
        all.extend(fit(canvas, part, given));
    }
    all.truncate(room);
    all
}

/// Divides rows in turns until all are given or nobody wants more; lines can wait a little.
fn share(room: usize, wanted: &[(usize, usize)]) -> Vec<usize> {
    let mut given = vec![0; wanted.len()];
    let mut left = room;
    while left > 0
        && given
            .iter()
            .zip(wanted)
            .any(|(given, (wanted, _))| given < wanted)
    {
        for (given, (wanted, turn)) in given.iter_mut().zip(wanted) {
            let more = (*turn).min(wanted - *given).min(left);
            *given += more;
            left -= more;
        }
    }
    given
}

/// The first lines of a part; if there are more, the last line says how many are not shown.
fn fit(canvas: Canvas, mut part: Part<'_>, given: usize) -> Vec<String> {
    if part.lines.len() > given {
        let shown = given.saturating_sub(1);
        part.lines.truncate(shown);
        let text = (part.more)(shown);
        let more = canvas.line().to(queues::INDENT).put(Ink::Dim, &text);
        part.lines.push(more.finish());
    }
    part.lines
}
