//! The lines: what came today, and what became of it.

use super::Canvas;
use super::Part;
use super::queues::INDENT;
use super::words::number;
use super::words::some;
use super::words::sum;
use super::words::words;
use crate::cli::terminal::Ink;
use crate::daemon::wallboard::LineView;
use crate::daemon::wallboard::Wallboard;
use std::cmp::Reverse;

/// The narrowest name, and the widest.
const NAME: (usize, usize) = (14, 28);
const NOW: usize = 5;
const TODAY: usize = 8;

pub(super) fn part(canvas: Canvas, board: &Wallboard) -> Option<Part<'static>> {
    let mut views: Vec<&LineView> = board.lines.iter().collect();
    views.sort_by_key(|line| (Reverse(line.in_progress), Reverse(line.attempts)));
    let longest = views
        .iter()
        .map(|line| title(line).chars().count() + 2)
        .max();
    let widest = if canvas.columns < 80 { 17 } else { NAME.1 };
    let name = longest.unwrap_or(0).clamp(NAME.0, widest);
    let heading = canvas
        .line()
        .to(1)
        .left(Ink::Bold, "LINES", INDENT + name - 1);
    let heading = heading
        .right(Ink::Dim, "now", NOW)
        .right(Ink::Dim, "today", TODAY);
    let lines = views.iter().map(|line| row(canvas, line, name));
    let count = views.len();
    (count > 0).then(|| Part {
        turn: 2,
        heading: heading.put(Ink::Dim, "   what became of them").finish(),
        lines: lines.collect(),
        more: Box::new(move |shown| format!("{} more lines not shown", count - shown)),
    })
}

fn title(line: &LineView) -> &str {
    if line.title.is_empty() {
        &line.line
    } else {
        &line.title
    }
}

fn row(canvas: Canvas, view: &LineView, name: usize) -> String {
    let now = if view.in_progress > 0 {
        Ink::Bold
    } else {
        Ink::Dim
    };
    let mut line = canvas.line().to(INDENT).left(Ink::Bold, title(view), name);
    line = line.right(now, &some(u64::from(view.in_progress), canvas.style), NOW);
    line = line.right(Ink::Plain, &number(view.attempts), TODAY);
    let mut rest = outcomes(view);
    let mut gap = "   ";
    for word in switched(view) {
        line = line.put(Ink::Plain, gap).put(Ink::Notable, word);
        gap = ", ";
    }
    while !rest.is_empty() {
        let (count, word) = rest.remove(0);
        let text = format!("{gap}{} {word}", number(count));
        // Whatever is left unsaid is said to be.
        let others = sum(rest.iter().map(|(count, _)| *count));
        let more = |others| format!("{} more", number(others));
        let needed = if rest.is_empty() {
            0
        } else {
            more(others).len() + 2
        };
        if line.room() < text.chars().count() + needed {
            let all = more(others.saturating_add(count));
            return line.put(Ink::Plain, gap).put(Ink::Dim, &all).finish();
        }
        let ink = if word == "blocked" {
            Ink::Notable
        } else {
            Ink::Plain
        };
        line = line.put(ink, &text);
        gap = ", ";
    }
    line.finish()
}

/// What operators have switched on.
fn switched(view: &LineView) -> impl Iterator<Item = &'static str> {
    let closed = view.closed.then_some("CLOSED");
    let said = match view.says_notices {
        true => "notice",
        false => "notice that no step says",
    };
    let notice = (!view.notice.is_empty()).then_some(said);
    closed.into_iter().chain(notice)
}

/// What became of the attempts, the most frequent first, the blocked ones always.
fn outcomes(view: &LineView) -> Vec<(u64, String)> {
    let known = view.outcomes.iter().filter(|(_, count)| **count > 0);
    let mut known: Vec<(u64, String)> = known.map(|(name, count)| (*count, words(name))).collect();
    known.sort_by_key(|(count, _)| Reverse(*count));
    if view.blocked > 0 {
        known.insert(0, (view.blocked, "blocked".to_owned()));
    }
    known
}
