//! Transcripts of rehearsed calls on the terminal.

use super::terminal::clean;
use super::terminal::cut;
use crate::rehearse::Told;
use crate::rehearse::Who;
use crate::report::style::Style;
use unicode_width::UnicodeWidthStr;

/// Columns of the time, and the widest column of the step.
const TIME: usize = 10;
const STEP_MAX: usize = 24;
/// The narrowest column of words.
const WORDS_MIN: usize = 20;

/// Lines for all that is told, with times and steps, each `indent` columns to the right.
pub(super) fn rows(told: &[Told], style: Style, indent: usize) -> Vec<String> {
    let widest = told.iter().map(|line| line.step.width()).max();
    let step_width = widest.unwrap_or_default().min(STEP_MAX) + 2;
    let before = indent + TIME + step_width;
    let width = style.width.saturating_sub(before).max(WORDS_MIN);
    let mut rows = Vec::new();
    let mut last = "";
    for line in told {
        let step = if line.step == last { "" } else { &line.step };
        last = &line.step;
        let step = cut(step, STEP_MAX);
        let step = format!("{step}{}", " ".repeat(step_width - step.width()));
        for (place, words) in wrap(&words(line, style), width).into_iter().enumerate() {
            let words = ink(line.who, &words, style);
            rows.push(match place {
                0 => {
                    let time = style.dim(&format!("{:>8}  ", time(line.at_ms)));
                    format!("{}{time}{step}{words}", " ".repeat(indent))
                }
                _ => format!("{}{words}", " ".repeat(before)),
            });
        }
    }
    rows
}

fn words(line: &Told, style: Style) -> String {
    let text = clean(&line.text, style.unicode);
    let (open, close, more) = match style.unicode {
        true => ("“", "”", "…"),
        false => ("\"", "\"", "..."),
    };
    match line.who {
        Who::Line => format!("{open}{text}{close}"),
        Who::LineStill => format!("{open}{text} {more}"),
        Who::LineCut => format!("{open}{text}{close} (cut short)"),
        Who::Caller => format!("> {text}"),
        Who::Others => format!("[{text}]"),
    }
}

fn ink(who: Who, words: &str, style: Style) -> String {
    match who {
        Who::Line | Who::LineStill | Who::LineCut => words.to_owned(),
        Who::Caller => style.bold(words),
        Who::Others => style.dim(words),
    }
}

/// `0:05.2`: tenths of seconds.
pub(super) fn time(ms: u64) -> String {
    let tenths = ms / 100;
    format!("{}:{:02}.{}", tenths / 600, tenths / 10 % 60, tenths % 10)
}

/// A text in lines of at most so many columns, broken between words where there are any.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("there is one");
        let free = width.saturating_sub(line.width() + 1);
        if line.is_empty() {
            line.push_str(&cut(word, width));
        } else if word.width() <= free {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(cut(word, width));
        }
    }
    lines
}
