//! The queues: who waits, how long, and how well they were served today.

use super::Canvas;
use super::Part;
use super::words::number;
use super::words::some;
use super::words::time;
use crate::cli::terminal::Ink;
use crate::cli::terminal::Line;
use crate::daemon::wallboard::QueueView;
use crate::daemon::wallboard::Wallboard;
use crate::report::style::Style;
use std::cmp::Reverse;

/// Columns of the mark before a name.
pub(super) const INDENT: usize = 4;
/// The narrowest name, and the widest.
const NAME: (usize, usize) = (10, 30);
/// The narrowest bar, and the widest.
const BAR: (usize, usize) = (8, 30);
/// The share in figures.
const LEVEL: usize = 6;

/// A column: its headings, its width, from how many columns on it is shown, and what is in it.
struct Column {
    heading: &'static str,
    short: &'static str,
    width: (usize, usize),
    from: usize,
    cell: fn(&QueueView, Style) -> (Ink, String),
}

/// Up to here headings are short and columns narrow.
const NARROW: usize = 100;

#[rustfmt::skip]
const COLUMNS: &[Column] = &[
    Column::new("waiting", "wait", (6, 9), 0, waiting),
    Column::new("longest", "longest", (9, 10), 0, longest),
    Column::new("answered", "answ.", (7, 10), 0, |queue, style| count(queue.answered, style)),
    Column::new("abandoned", "aband.", (7, 11), 66, |queue, style| count(queue.abandoned, style)),
    Column::new("lost", "lost", (6, 7), 76, |queue, style| count(queue.lost, style)),
    Column::new("ASA", "ASA", (6, 8), 72, asa),
];

/// From here on the line of a queue is shown, in so many columns.
const LINE_FROM: usize = 80;
const LINE: (usize, usize) = (9, 16);
/// From here on the goal is written out beside the bar, in so many columns.
const GOAL_FROM: usize = 116;
const GOAL: usize = 14;

pub(super) fn part(canvas: Canvas, board: &Wallboard) -> Option<Part<'static>> {
    let mut queues: Vec<&QueueView> = board.queues.iter().collect();
    queues.sort_by_key(|queue| (Reverse(queue.longest_wait_s), Reverse(queue.waiting)));
    let plan = Plan::of(canvas, &queues);
    let lines: Vec<String> = queues.iter().map(|queue| plan.row(queue)).collect();
    let count = lines.len();
    (count > 0).then(|| Part {
        turn: 3,
        heading: plan.heading(),
        lines,
        more: Box::new(move |shown| format!("{} more queues not shown", count - shown)),
    })
}

/// How wide what is.
struct Plan {
    canvas: Canvas,
    name: usize,
    line: usize,
    bar: usize,
    goal: usize,
}

impl Plan {
    fn of(canvas: Canvas, queues: &[&QueueView]) -> Self {
        let columns = canvas.columns;
        let narrow = usize::from(columns > NARROW);
        let line = if columns >= LINE_FROM {
            [LINE.0, LINE.1][narrow]
        } else {
            0
        };
        let goal = if columns >= GOAL_FROM { GOAL } else { 0 };
        let cells = shown(columns).map(|column| column.width(columns));
        let fixed = INDENT + line + goal + cells.sum::<usize>() + LEVEL + 2 + 1;
        let longest = queues
            .iter()
            .map(|queue| queue.queue.chars().count() + 2)
            .max();
        let flexible = columns.saturating_sub(fixed);
        let wanted = longest.unwrap_or(0).clamp(NAME.0, NAME.1);
        let name = wanted.min(flexible.saturating_sub(BAR.0)).max(NAME.0);
        Self {
            canvas,
            name,
            line,
            bar: flexible.saturating_sub(name).clamp(1, BAR.1),
            goal,
        }
    }

    fn heading(&self) -> String {
        let columns = self.canvas.columns;
        let mut line = self.canvas.line().to(1);
        line = line.left(Ink::Bold, "QUEUES", INDENT + self.name - 1);
        if self.line > 0 {
            line = line.left(Ink::Dim, "line", self.line);
        }
        for column in shown(columns) {
            let heading = if columns > NARROW {
                column.heading
            } else {
                column.short
            };
            line = line.right(Ink::Dim, heading, column.width(columns));
        }
        let level = if self.bar + LEVEL > 12 {
            "service level"
        } else {
            "level"
        };
        line = line.put(Ink::Plain, "  ");
        line.put(Ink::Dim, level).finish()
    }

    fn row(&self, queue: &QueueView) -> String {
        let style = self.canvas.style;
        let met = queue.service_level.map(|level| level >= queue.goal);
        let (ink, mark) = match met {
            Some(true) => (Ink::Good, style.mark(true)),
            Some(false) => (Ink::Bad, style.mark(false)),
            None => (Ink::Plain, ""),
        };
        let mut line = self.canvas.line().to(1).put(ink, mark).to(INDENT);
        line = line.left(Ink::Bold, &queue.queue, self.name);
        if self.line > 0 {
            line = line.left(Ink::Dim, &queue.line, self.line);
        }
        for column in shown(self.canvas.columns) {
            let (ink, text) = (column.cell)(queue, style);
            line = line.right(ink, &text, column.width(self.canvas.columns));
        }
        line = bar(line.put(Ink::Plain, "  "), style, queue, self.bar);
        line = match queue.service_level {
            Some(level) => line.right(ink, &format!("{:.0} %", level * 100.0), LEVEL),
            None => line.right(Ink::Dim, &some(0, style), LEVEL),
        };
        if self.goal > 0 {
            let goal = format!(" of {:.0} in {} s", queue.goal * 100.0, queue.goal_within_s);
            line = line.put(Ink::Dim, &goal);
        }
        line.finish()
    }
}

impl Column {
    const fn new(
        heading: &'static str,
        short: &'static str,
        width: (usize, usize),
        from: usize,
        cell: fn(&QueueView, Style) -> (Ink, String),
    ) -> Self {
        Self {
            heading,
            short,
            width,
            from,
            cell,
        }
    }

    fn width(&self, columns: usize) -> usize {
        if columns > NARROW {
            self.width.1
        } else {
            self.width.0
        }
    }
}

fn shown(columns: usize) -> impl Iterator<Item = &'static Column> {
    COLUMNS.iter().filter(move |column| column.from <= columns)
}

fn count(count: u64, style: Style) -> (Ink, String) {
    (Ink::Plain, some(count, style))
}

fn waiting(queue: &QueueView, style: Style) -> (Ink, String) {
    match queue.waiting {
        0 => (Ink::Dim, some(0, style)),
        waiting => (Ink::Bold, number(waiting as u64)),
    }
}

fn asa(queue: &QueueView, style: Style) -> (Ink, String) {
    match queue.asa_s {
        Some(asa) => (Ink::Plain, format!("{asa:.0} s")),
        None => (Ink::Dim, some(0, style)),
    }
}

/// The longest wait; one that is longer than the goal is marked.
fn longest(queue: &QueueView, style: Style) -> (Ink, String) {
    let wait = queue.longest_wait_s;
    if queue.waiting == 0 {
        (Ink::Dim, format!("{} ", some(0, style)))
    } else if wait > queue.goal_within_s {
        (Ink::Bad, format!("{}!", time(wait)))
    } else {
        (Ink::Bold, format!("{} ", time(wait)))
    }
}

/// Eighths of a cell.
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// A bar of the service level with a mark where it should reach to.
fn bar(line: Line, style: Style, queue: &QueueView, width: usize) -> Line {
    let level = queue.service_level.unwrap_or(0.0).clamp(0.0, 1.0);
    let goal = queue.goal.clamp(0.0, 1.0);
    let ink = if level >= goal { Ink::Good } else { Ink::Bad };
    let mark = ((goal * width as f64) as usize).min(width - 1);
    let eighths = (level * (width * 8) as f64).round() as usize;
    let sign = if style.unicode { "┃" } else { "|" };
    let line = cells(line, style, ink, (0, mark), eighths);
    let line = line.put(Ink::Bold, sign);
    cells(line, style, ink, (mark + 1, width), eighths)
}

/// The cells of a bar from one to another.
fn cells(line: Line, style: Style, ink: Ink, (from, to): (usize, usize), eighths: usize) -> Line {
    let (full, empty) = if style.unicode {
        ("█", "·")
    } else {
        ("#", ".")
    };
    let part = |cell: usize| eighths.saturating_sub(cell * 8).min(8);
    let whole = (from..to).filter(|cell| part(*cell) == 8).count();
    let torn = match part(from + whole) {
        eighth if style.unicode && from + whole < to => EIGHTHS[eighth],
        eighth if from + whole < to && eighth >= 4 => full,
        _ => "",
    };
    let rest = to - from - whole - usize::from(!torn.is_empty());
    line.put(ink, &full.repeat(whole))
        .put(ink, torn)
        .put(Ink::Dim, &empty.repeat(rest))
}
