//! Calls back that were promised: of which queues, how many, and for how long the first has waited.

use super::Canvas;
use super::Part;
use super::queues::INDENT;
use super::words::number;
use super::words::time;
use crate::cli::terminal::Ink;
use crate::daemon::wallboard::QueueView;
use crate::daemon::wallboard::Wallboard;
use std::cmp::Reverse;

/// The narrowest name, and the widest.
const NAME: (usize, usize) = (14, 28);
const PROMISED: usize = 10;
const OLDEST: usize = 12;

/// Shown only while there are any.
pub(super) fn part(canvas: Canvas, board: &Wallboard) -> Option<Part<'static>> {
    let queues = board.queues.iter().filter(|queue| queue.callbacks > 0);
    let mut queues: Vec<&QueueView> = queues.collect();
    queues.sort_by_key(|queue| Reverse(queue.oldest_callback_s));
    let longest = queues.iter().map(|queue| queue.queue.chars().count() + 2);
    let name = longest.max().unwrap_or(0).clamp(NAME.0, NAME.1);
    let heading = canvas.line().to(1);
    let heading = heading
        .left(Ink::Bold, "CALLS BACK", INDENT + name - 1)
        .right(Ink::Dim, "promised", PROMISED)
        .right(Ink::Dim, "oldest", OLDEST);
    let lines = queues.iter().map(|queue| row(canvas, queue, name));
    let count = queues.len();
    (count > 0).then(|| Part {
        turn: 2,
        heading: heading.finish(),
        lines: lines.collect(),
        more: Box::new(move |shown| format!("{} more queues not shown", count - shown)),
    })
}

fn row(canvas: Canvas, queue: &QueueView, name: usize) -> String {
    let line = canvas.line().to(INDENT).left(Ink::Bold, &queue.queue, name);
    line.right(Ink::Plain, &number(queue.callbacks as u64), PROMISED)
        .right(Ink::Plain, &time(queue.oldest_callback_s), OLDEST)
        .put(Ink::Dim, &format!("  {}", queue.line))
        .finish()
}
