//! Asterisk: `extensions.conf`, followed from where a call begins, and `queues.conf`.

mod app;
pub(super) mod dialplan;
pub(super) mod flow;
mod gather;
mod jump;
mod menu;
mod message;
mod pattern;
pub(super) mod queues;
mod setting;
mod subroutine;
pub(super) mod text;
mod times;
mod unread;
pub(super) mod words;

use super::super::diagnostic::Diagnostic;
use super::super::diagnostic::Diagnostics;
use super::super::diagnostic::Place;
use super::super::diagnostic::Severity;
use super::super::source::FileId;
use super::super::source::Sources;
use super::super::value;
use super::Request;
use super::draft::Draft;
use super::draft::To;
use dialplan::Context;
use dialplan::Dialplan;
use dialplan::Extension;
use dialplan::Position;
use flow::Flow;
pub(super) use gather::gather;
use queues::Queues;
use words::Known;

/// The shortest number that callers outside dial.
const NUMBER_DIGITS_MIN: usize = 3;

/// Reads a dialplan and its queues, and follows the calls of one line through it.
pub(super) fn read(
    request: &Request,
    files: &[FileId],
    sources: &mut Sources,
    out: &mut Diagnostics,
) -> Option<Draft> {
    let mut draft = Draft {
        language: "en".to_owned(),
        ..Draft::default()
    };
    let (plan, queues) = gather(files, sources, out, &mut draft)?;
    let start = start(request, &plan, out)?;
    draft.title.clone_from(&start.context);
    if start.extension.len() > 6
        && let Some(number) = super::number::dialable(&start.extension)
    {
        draft.numbers.push(number);
    } else if start.extension.starts_with('_') && is_number(&start.extension) {
        let todo = format!(
            "calls to {} come here: write the numbers that it stands for out in `numbers`",
            start.extension
        );
        draft.todos.push(todo);
    }
    lower(start, &plan, &queues, Dialect::Asterisk, &mut draft);
    Some(draft)
}

/// Who wrote a dialplan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// A person.
    Asterisk,
    /// FreePBX, whose destinations are known by their names.
    FreePbx,
}

/// Follows the calls of one line, and counts what they do not come to.
pub(super) fn lower(
    start: Position,
    plan: &Dialplan,
    queues: &Queues,
    dialect: Dialect,
    draft: &mut Draft,
) {
    let known = Known::new(&plan.globals);
    let begins = Flow::new(plan, queues, dialect, &start.context, draft).follow(start, &known);
    if let To::Step(name) = begins {
        draft.start = name;
    }
    queues.unused(draft);
    elsewhere(plan, draft);
}

/// Where calls begin: the place that is asked for, or the first that waits for keys, reads digits,
/// or leads to a queue.
pub(super) fn start(request: &Request, plan: &Dialplan, out: &mut Diagnostics) -> Option<Position> {
    if let Some(wanted) = &request.start {
        let found = named(plan, wanted);
        if found.is_none() {
            let message = format!("no call can begin at \"{wanted}\", which `--start` names");
            let names = plan.contexts.iter().map(|context| context.name.as_str());
            let context = wanted.split(',').next().unwrap_or(wanted);
            let mut diagnostic = Diagnostic::new("unknown-start", Severity::Error, None, message);
            diagnostic.help = value::suggestion(context, names);
            out.push(diagnostic);
        }
        return found;
    }
    for apps in [
        &["waitexten"][..],
        &["read"],
        &["queue"],
        &["background", "dial", "playback"],
    ] {
        for context in &plan.contexts {
            let waits = context.extensions.iter().find(|extension| {
                let mut lines = extension.lines.values();
                lines.any(|line| apps.contains(&line.app.as_str()))
                    && extension.lines.contains_key(&1)
            });
            if let Some(extension) = waits {
                let menu = Position {
                    context: context.name.clone(),
                    extension: extension.name.clone(),
                    priority: 1,
                };
                return Some(entry(plan, &menu).unwrap_or(menu));
            }
        }
    }
    let mut contexts = plan.contexts.iter();
    let first = contexts.find_map(|context| beginning(plan, context, None));
    if first.is_none() {
        let message = "no extension has a line 1: there is nowhere for a call to begin";
        let place = plan.contexts.first().map(|context| context.place.clone());
        out.push(Diagnostic::new(
            "nothing-to-import",
            Severity::Error,
            place,
            message,
        ));
    }
    first
}

/// The extension that leads to a context that nobody dials: where calls come in, with the hours that
/// are looked at before the menu.
fn entry(plan: &Dialplan, menu: &Position) -> Option<Position> {
    if menu.extension != "s" {
        return None;
    }
    let others = plan
        .contexts
        .iter()
        .filter(|context| context.name != menu.context);
    let mut extensions = others.flat_map(|context| {
        let extensions = context.extensions.iter();
        extensions.map(move |extension| (context, extension))
    });
    let (context, extension) = extensions.find(|(context, extension)| {
        is_number(&extension.name)
            && extension.lines.iter().any(|(priority, line)| {
                let at = Position {
                    context: context.name.clone(),
                    extension: extension.name.clone(),
                    priority: *priority,
                };
                let jumps = jump::jumps(line).into_iter();
                let mut jumps = jumps.filter_map(|arguments| flow::target(plan, &arguments, &at));
                jumps.any(|target| target.context == menu.context && target.extension == "s")
            })
    })?;
    let at = Position {
        context: context.name.clone(),
        extension: extension.name.clone(),
        priority: 1,
    };
    plan.line(&at).is_some().then_some(at)
}

/// Whether calls from outside can come to an extension: it is a number or a pattern of numbers, and no key
/// of another menu.
fn is_number(extension: &str) -> bool {
    let digits = extension.bytes().filter(u8::is_ascii_digit).count();
    match extension.strip_prefix('_') {
        Some(pattern) => {
            digits >= NUMBER_DIGITS_MIN && pattern::is_dialled(extension) && !pattern.is_empty()
        }
        None => digits >= NUMBER_DIGITS_MIN && digits == extension.trim_start_matches('+').len(),
    }
}

/// `context`, or `context,extension`.
fn named(plan: &Dialplan, wanted: &str) -> Option<Position> {
    let mut parts = wanted.split(',').map(str::trim);
    let context = plan.context(parts.next()?)?;
    beginning(plan, context, parts.next())
}

/// Line 1 of an extension: of the one that is asked for, or of `s`, or of the first that has one.
fn beginning(plan: &Dialplan, context: &Context, extension: Option<&str>) -> Option<Position> {
    let names = context.extensions.iter();
    let names = names.map(|extension| extension.name.as_str());
    let candidates = match extension {
        Some(extension) => vec![extension],
        None => std::iter::once("s").chain(names).collect(),
    };
    let places = candidates.into_iter().map(|extension| Position {
        context: context.name.clone(),
        extension: extension.to_owned(),
        priority: 1,
    });
    let mut places = places.filter(|at| plan.line(at).is_some());
    places.next()
}

/// Extensions that Asterisk runs by itself: when.
const BY_ITSELF: [(&str, &str); 5] = [
    ("h", "when a call has ended"),
    ("T", "when the longest call is over"),
    ("o", "when 0 is pressed at a mailbox"),
    ("a", "when * is pressed at a mailbox"),
    ("e", "after an error"),
];

/// Lines to which no call of the line comes, context by context; and those that Asterisk runs by itself.
fn elsewhere(plan: &Dialplan, draft: &mut Draft) {
    for context in &plan.contexts {
        let lines = |extension: &Extension| -> (usize, Vec<Place>) {
            let places = extension.lines.values().map(|line| &line.place);
            let (seen, unseen): (Vec<&Place>, Vec<&Place>) =
                places.partition(|place| draft.tally.has(place));
            (seen.len(), unseen.into_iter().cloned().collect())
        };
        let all: Vec<(usize, Vec<Place>)> = context.extensions.iter().map(lines).collect();
        let is_visited = all.iter().any(|(seen, _)| *seen > 0);
        let mut others = 0;
        for (extension, (_, unseen)) in context.extensions.iter().zip(&all) {
            let when = BY_ITSELF.iter().find(|(own, _)| *own == extension.name);
            match (when.filter(|_| is_visited), unseen.first()) {
                (Some((own, when)), Some(first)) => {
                    let note = format!(
                        "`{own}` of [{}] is done {when}, and is not carried over",
                        context.name
                    );
                    draft.tally.elsewhere(first, unseen.len(), note);
                }
                _ => others += unseen.len(),
            }
        }
        if others > 0 {
            let lines = if others == 1 {
                "1 line".to_owned()
            } else {
                format!("{others} lines")
            };
            let note = format!(
                "{lines} of [{}]: no call of this line comes there",
                context.name
            );
            draft.tally.elsewhere(&context.place, others, note);
        }
    }
}
