//! Asterisk: `extensions.conf`, followed from where a call begins, and `queues.conf`.

mod app;
pub(super) mod dialplan;
pub(super) mod flow;
mod jump;
mod menu;
mod pattern;
pub(super) mod queues;
pub(super) mod text;
mod times;
pub(super) mod words;

use super::super::diagnostic::Diagnostic;
use super::super::diagnostic::Diagnostics;
use super::super::diagnostic::Place;
use super::super::diagnostic::Severity;
use super::super::source::FileId;
use super::super::source::Sources;
use super::super::source::open;
use super::super::value;
use super::Request;
use super::draft::Draft;
use super::draft::To;
use dialplan::Context;
use dialplan::Dialplan;
use dialplan::Position;
use flow::Flow;
use queues::Queues;
use text::Item;
use words::Known;

/// Files that are included are read so deep.
const INCLUDES_MAX: usize = 64;

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

/// Reads all files and those that they include.
pub(super) fn gather(
    files: &[FileId],
    sources: &mut Sources,
    out: &mut Diagnostics,
    draft: &mut Draft,
) -> Option<(Dialplan, Queues)> {
    let (mut plan, mut queues) = (Dialplan::default(), Queues::default());
    let mut open_files: Vec<FileId> = files.to_vec();
    let mut next = 0;
    while let Some(file) = open_files.get(next).copied() {
        next += 1;
        let source = sources.get(file);
        if let Some(diagnostic) = foreign(file, &source.text) {
            out.push(diagnostic);
            return None;
        }
        if is_queues(file, sources) {
            queues.read(file, &source.text);
            continue;
        }
        let includes = plan.read(file, &source.text.clone(), draft);
        for (name, place) in includes {
            include(&name, place, &mut open_files, sources, draft);
        }
    }
    if plan.lines > dialplan::LINES_MAX {
        let message = format!("more than {} lines of a dialplan", dialplan::LINES_MAX);
        out.push(Diagnostic::new("too-large", Severity::Error, None, message));
        return None;
    }
    if plan.lines == 0 {
        out.push(empty(files, sources));
        return None;
    }
    Some((plan, queues))
}

fn include(
    name: &str,
    place: Place,
    files: &mut Vec<FileId>,
    sources: &mut Sources,
    draft: &mut Draft,
) {
    let path = sources.beside(place.file, name);
    let mut ignored = Diagnostics::default();
    let found = match files.len() < INCLUDES_MAX && !name.contains('*') {
        true => open(&path, None, sources, &mut ignored),
        false => None,
    };
    match found {
        Some(file) if files.contains(&file) => {}
        Some(file) => {
            draft.tally.convert(&place);
            files.push(file);
        }
        None => {
            let note =
                format!("{name} is included here and cannot be read: name it with this file");
            draft.tally.skip(&place, note);
        }
    }
}

/// Files in another language, which would be misread.
fn foreign(file: FileId, text: &str) -> Option<Diagnostic> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let words = line.trim();
        let place = Place {
            file,
            span: start..start + line.trim_end().len(),
        };
        start += line.len();
        let is_block = words.ends_with('{');
        let begins = |word: &str| words.starts_with(word) && is_block;
        if begins("context ")
            || begins("abstract context ")
            || begins("globals")
            || begins("macro ")
        {
            let diagnostic =
                Diagnostic::error("other-language", place, "this is AEL, not extensions.conf");
            return Some(diagnostic.label("contexts in braces").help(
                "load it into Asterisk and import what `dialplan save` (or `aelparse -w`) writes",
            ));
        }
        if words.starts_with('<') {
            let diagnostic =
                Diagnostic::error("other-language", place, "this is XML, not extensions.conf");
            return Some(diagnostic.help("`strowger import freeswitch` and `voicexml` read XML"));
        }
        if words.starts_with('[') || words.starts_with("exten") {
            return None;
        }
        if words.starts_with('{') {
            let diagnostic =
                Diagnostic::error("other-language", place, "this is JSON, not extensions.conf");
            return Some(diagnostic.help("`strowger import twilio` and `connect` read JSON"));
        }
    }
    None
}

/// A file of queues has no extensions, and members or a strategy.
fn is_queues(file: FileId, sources: &Sources) -> bool {
    let source = sources.get(file);
    let items = text::items(file, &source.text);
    let has = |keys: &[&str]| {
        items
            .iter()
            .any(|(item, _)| matches!(item, Item::Entry(key, _) if keys.contains(&key.as_str())))
    };
    let name = source
        .path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy();
    let is_named = name.to_lowercase().contains("queues");
    !has(&["exten", "same"]) && (is_named || has(&["member", "strategy"]))
}

fn empty(files: &[FileId], sources: &Sources) -> Diagnostic {
    let file = files[0];
    let text = &sources.get(file).text;
    if let Some(start) = text.find(";--").filter(|_| text.contains("exten")) {
        let place = Place {
            file,
            span: start..start + 3,
        };
        let message = "all of this file's dialplan stands in block comments, so it holds none";
        return Diagnostic::error("nothing-to-import", place, message)
            .label("Asterisk reads on behind the next --;")
            .help("take out the lines with ;-- and --; around what you want, and import again");
    }
    let place = Place { file, span: 0..0 };
    Diagnostic::error(
        "nothing-to-import",
        place,
        "there is no `exten =>` in these files",
    )
    .help("a dialplan is in extensions.conf, or in a file that it includes")
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
        let is_dialled = extension.name.bytes().all(|c| c.is_ascii_digit());
        is_dialled
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

/// Lines to which no call of the line comes, context by context.
fn elsewhere(plan: &Dialplan, draft: &mut Draft) {
    for context in &plan.contexts {
        let lines = context
            .extensions
            .iter()
            .flat_map(|extension| extension.lines.values());
        let unseen = lines.filter(|line| !draft.tally.has(&line.place)).count();
        if unseen > 0 {
            let lines = if unseen == 1 {
                "1 line".to_owned()
            } else {
                format!("{unseen} lines")
            };
            let note = format!(
                "{lines} of [{}]: no call of this line comes there",
                context.name
            );
            draft.tally.elsewhere(&context.place, unseen, note);
        }
    }
}
