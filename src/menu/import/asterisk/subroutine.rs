//! `Gosub` and `Macro`: lines that stand elsewhere, as if they stood here.

use super::app;
use super::dialplan::Line;
use super::dialplan::Position;
use super::flow::After;
use super::flow::Flow;
use super::flow::Stretch;
use super::jump;
use super::text::arguments;
use super::words;
use super::words::Frame;
use super::words::Known;

/// Subroutines inside of each other at most.
const FRAMES_MAX: usize = 8;
/// Arguments of one at most.
const ARGUMENTS_MAX: usize = 16;

/// A subroutine that is called, and with what.
struct Called {
    at: Position,
    arguments: Vec<String>,
    is_macro: bool,
}

/// `Gosub(context,extension,priority(arguments))`
pub(super) fn gosub(
    flow: &mut Flow<'_>,
    stretch: &mut Stretch,
    line: &Line,
    list: &[String],
) -> After {
    let called = called(flow, list, &stretch.at);
    enter(flow, stretch, line, called)
}

/// `Macro(name,arguments)`, which is the context `macro-name`.
pub(super) fn run_macro(
    flow: &mut Flow<'_>,
    stretch: &mut Stretch,
    line: &Line,
    list: &[String],
) -> After {
    let called = Called {
        at: Position {
            context: format!("macro-{}", list[0]),
            extension: "s".to_owned(),
            priority: 1,
        },
        arguments: list[1..].to_vec(),
        is_macro: true,
    };
    let (extension, context) = (stretch.at.extension.clone(), stretch.at.context.clone());
    if !extension.starts_with('_') && stretch.known.frames.is_empty() {
        stretch.known.set("MACRO_EXTEN", &extension);
        stretch.known.set("MACRO_CONTEXT", &context);
    }
    enter(flow, stretch, line, Some(called))
}

/// `GosubIf(condition?one:other)`
pub(super) fn gosub_if(
    flow: &mut Flow<'_>,
    stretch: &mut Stretch,
    line: &Line,
    filled: &str,
) -> After {
    let (condition, yes, no) = jump::ways(filled);
    if let Some(holds) = words::holds(condition) {
        let note = format!("`{}` is decided before the call", line.written);
        flow.draft.tally.approximate(&line.place, note);
        return match if holds { yes } else { no } {
            Some(list) => gosub(flow, stretch, line, &list),
            None => After::Next,
        };
    }
    let mut way = |list: Option<Vec<String>>| {
        let called = list.and_then(|list| called(flow, &list, &stretch.at));
        let inside = called.and_then(|called| inside(flow, stretch, called));
        match inside {
            Some((at, known)) => flow.to(at, &known),
            None => flow.next(stretch),
        }
    };
    let both = (way(yes), way(no));
    jump::undecided(flow, stretch, line, condition, both)
}

/// `Return`, and the end of a macro.
pub(super) fn leave(flow: &Flow<'_>, stretch: &mut Stretch) -> After {
    match stretch.known.leave() {
        Some(back) => After::At(flow.plan.after(&back)),
        None => After::Goes(super::super::draft::To::HangUp),
    }
}

fn enter(flow: &mut Flow<'_>, stretch: &mut Stretch, line: &Line, called: Option<Called>) -> After {
    let inside = called.and_then(|called| inside(flow, stretch, called));
    match inside {
        Some((at, known)) => {
            stretch.known = known;
            After::At(at)
        }
        None => app::unknown(flow, stretch, line),
    }
}

/// The first line of a subroutine, with what is known there; none where it is not in these files.
fn inside(flow: &Flow<'_>, stretch: &Stretch, called: Called) -> Option<(Position, Known)> {
    let mut known = stretch.known.clone();
    let at = flow.plan.canonical(called.at);
    flow.plan.line(&at)?;
    // One that calls itself would go on without end.
    let is_inside = known.frames.iter().any(|frame| frame.from == at);
    if is_inside || known.frames.len() == FRAMES_MAX || called.arguments.len() > ARGUMENTS_MAX {
        return None;
    }
    let frame = Frame {
        from: at.clone(),
        back: stretch.at.clone(),
        is_macro: called.is_macro,
        before: known.arguments(),
    };
    known.enter(frame, &called.arguments);
    Some((at, known))
}

fn called(flow: &Flow<'_>, list: &[String], at: &Position) -> Option<Called> {
    let mut list = list.to_vec();
    let last = list.pop()?;
    let (priority, given) = match last.split_once('(') {
        Some((priority, given)) => (priority, given.strip_suffix(')').unwrap_or(given)),
        None => (last.as_str(), ""),
    };
    list.push(priority.trim().to_owned());
    Some(Called {
        at: flow.target(&list, at)?,
        arguments: match given.is_empty() {
            true => Vec::new(),
            false => arguments(given),
        },
        is_macro: false,
    })
}
