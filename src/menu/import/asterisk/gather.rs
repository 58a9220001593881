//! The files of a dialplan, each read where another includes it.

use super::super::super::diagnostic::Diagnostic;
use super::super::super::diagnostic::Diagnostics;
use super::super::super::diagnostic::Place;
use super::super::super::diagnostic::Severity;
use super::super::super::source::FileId;
use super::super::super::source::Sources;
use super::super::draft::Draft;
use super::super::include::Includes;
use super::super::include::Wanted;
use super::super::tally::Tally;
use super::dialplan;
use super::dialplan::Dialplan;
use super::dialplan::Reader;
use super::queues::Queues;
use super::text;
use super::text::Item;

/// Reads all files and those that they include.
pub(in super::super) fn gather(
    files: &[FileId],
    sources: &mut Sources,
    out: &mut Diagnostics,
    draft: &mut Draft,
) -> Option<(Dialplan, Queues)> {
    let mut gathering = Gathering {
        includes: Includes::new(files, Vec::new(), sources),
        plan: Dialplan::default(),
        queues: Queues::default(),
        read: Vec::new(),
        open: Vec::new(),
        sources,
        draft,
        out,
    };
    // A file that another of them includes is read there; of those that lead to each other, the first.
    let included = gathering.included(files);
    let roots = files.iter().filter(|file| !included.contains(file));
    for file in roots.chain(files) {
        if !gathering.read.contains(file) {
            gathering.file(*file, At::default());
        }
    }
    let Gathering { plan, queues, .. } = gathering;
    if out.has_errors() {
        return None;
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

/// To where the reading of a file has come; a file that it includes goes on there.
#[derive(Clone, Debug, Default)]
struct At {
    dialplan: Reader,
    /// The file holds queues and no dialplan.
    is_queues: bool,
    in_queue: bool,
}

struct Gathering<'g> {
    includes: Includes,
    plan: Dialplan,
    queues: Queues,
    /// Files that were read, wherever.
    read: Vec<FileId>,
    /// The file that is being read, and those that lead to it.
    open: Vec<FileId>,
    sources: &'g mut Sources,
    draft: &'g mut Draft,
    out: &'g mut Diagnostics,
}

impl Gathering<'_> {
    /// Those of the files that are included by another.
    fn included(&mut self, files: &[FileId]) -> Vec<FileId> {
        let mut included = Vec::new();
        let (mut tally, mut out) = (Tally::default(), Diagnostics::default());
        let mut includes = Includes::new(files, Vec::new(), self.sources);
        for file in files {
            for (item, place) in items(*file, self.sources) {
                let Some(wanted) = wanted(&item, &place) else {
                    continue;
                };
                let found = includes.find(&wanted, &[*file], self.sources, &mut tally, &mut out);
                included.extend(found);
            }
        }
        included
    }

    /// Reads a file in the place to which the one that includes it has come; where it ends.
    fn file(&mut self, file: FileId, mut at: At) -> At {
        self.read.push(file);
        if let Some(diagnostic) = foreign(file, &self.sources.get(file).text) {
            self.out.push(diagnostic);
            return at;
        }
        let items = items(file, self.sources);
        at.is_queues = is_queues(&items, at.is_queues || is_named_so(file, self.sources));
        self.open.push(file);
        for (item, place) in items {
            if let Some(wanted) = wanted(&item, &place) {
                at = self.include(&wanted, at);
            } else if let Item::Exec(program) = &item {
                let note = format!(
                    "`#exec {program}` runs a program, which is not done here: name a file with its output"
                );
                self.draft.tally.skip(&place, note);
            } else if at.is_queues {
                let tally = &mut self.draft.tally;
                self.queues.item(item, place, &mut at.in_queue, tally);
            } else {
                at.dialplan.item(item, &place, &mut self.plan, self.draft);
            }
        }
        self.open.pop();
        at
    }

    fn include(&mut self, wanted: &Wanted, mut at: At) -> At {
        let (sources, tally) = (&mut *self.sources, &mut self.draft.tally);
        let found = self
            .includes
            .find(wanted, &self.open, sources, tally, self.out);
        for file in found {
            if self.out.has_errors() {
                break;
            }
            let after = self.file(file, at.clone());
            // A section that begins in a file ends with it.
            if after.dialplan.is_beside(&at.dialplan) {
                at.dialplan = after.dialplan;
            }
        }
        at
    }
}

fn items(file: FileId, sources: &Sources) -> Vec<(Item, Place)> {
    text::items(file, &sources.get(file).text)
}

fn wanted(item: &Item, place: &Place) -> Option<Wanted> {
    match item {
        Item::Include { name, is_optional } => Some(Wanted {
            name: name.clone(),
            place: place.clone(),
            is_optional: *is_optional,
        }),
        _ => None,
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

/// A file of queues has no extensions, and a name that says so, or members or a strategy.
fn is_queues(items: &[(Item, Place)], is_named_so: bool) -> bool {
    let has = |keys: &[&str]| {
        items
            .iter()
            .any(|(item, _)| matches!(item, Item::Entry(key, _) if keys.contains(&key.as_str())))
    };
    !has(&["exten", "same"]) && (is_named_so || has(&["member", "strategy"]))
}

fn is_named_so(file: FileId, sources: &Sources) -> bool {
    let name = sources.get(file).path.file_name().unwrap_or_default();
    name.to_string_lossy().to_lowercase().contains("queues")
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
