//! Problems in the user's files: collected, spanned, coded; never an early return.

use super::codes::codes;
use super::fix::Edit;
use super::fix::Fix;
use super::source::FileId;
use super::source::Source;
use super::source::Sources;
use super::value;
use annotate_snippets::{Annotation, AnnotationKind, Level, Renderer, Snippet};
use serde::Serialize;
use std::collections::BTreeMap;
use std::ops::Range;

/// How much a problem matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing is loaded.
    Error,
    /// A call may go wrong.
    Warning,
    /// Worth knowing.
    Info,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// Bytes.
    pub span: Range<usize>,
}

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Kebab-case, unique to the kind of mistake.
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// The fact: lowercase, no full stop.
    pub message: String,
    /// Where; none for a file that could not be read.
    pub place: Option<Place>,
    /// What the caret says.
    pub label: String,
    /// A second place that explains the first.
    pub related: Option<(Place, String)>,
    /// What to do.
    pub help: Option<String>,
    /// What can be done without asking.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// Whether it keeps everything from being loaded.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// An error.
    pub fn error(code: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, Some(place), message)
    }

    /// A warning.
    pub fn warning(code: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, Some(place), message)
    }

    /// A remark.
    pub fn info(code: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Info, Some(place), message)
    }

    /// A problem with a severity, perhaps without a place.
    pub fn new(
        code: &'static str,
        severity: Severity,
        place: Option<Place>,
        message: impl Into<String>,
    ) -> Self {
        let message = message.into();
        Self {
            code,
            severity,
            message,
            place,
            label: String::new(),
            related: None,
            help: None,
            fix: None,
        }
    }

    /// With words at the caret.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// With advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// With the name that was probably meant, or else the names there are.
    #[must_use]
    pub fn suggest<'a>(
        mut self,
        name: &str,
        candidates: impl IntoIterator<Item = &'a str> + Clone,
    ) -> Self {
        self.help = value::suggestion(name, candidates.clone());
        match value::surely(name, candidates) {
            Some(sure) => self.rename(name, sure),
            None => self,
        }
    }

    /// With the only name that can be meant.
    #[must_use]
    pub fn rename(self, from: &str, to: &str) -> Self {
        let (from, to) = (from.to_owned(), to.to_owned());
        self.fix(Fix::Rename { from, to })
    }

    /// With a mend.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }

    /// With a second place.
    #[must_use]
    pub fn related(mut self, place: Place, label: impl Into<String>) -> Self {
        self.related = Some((place, label.into()));
        self
    }
}

codes! {
    /// The code of every problem that a menu or groups file can have.
    CODES:
    "always-closed",
    "ambiguous-name",
    "answer-expires-soon",
    "audio-clash",
    "automatic-loop",
    "bad-groups",
    "bad-value",
    "barge-in-off-on-menu",
    "callback-outside-hours",
    "closed-and-special",
    "dead-end",
    "digits-impossible",
    "duplicate-key",
    "duplicate-line",
    "duplicate-step",
    "empty-text",
    "expired-answer",
    "hang-up-without-answer",
    "hidden-key",
    "holidays-past",
    "ics",
    "include-unused",
    "key-order",
    "label-not-used",
    "long-prompt",
    "lookup-case-not-total",
    "lookup-without-fallback",
    "lookup-without-timeout",
    "missing-field",
    "missing-hour",
    "missing-language",
    "never-closed",
    "no-exit",
    "no-next-step",
    "no-repeat-key",
    "no-way-to-a-person",
    "not-yet",
    "number-clash",
    "number-not-allowed",
    "offer-without-callback",
    "offers-closed-queue",
    "person-too-far",
    "prefix-key",
    "question-without-keys",
    "queue-weight",
    "queue-without-full",
    "queue-without-no-agents",
    "queue-without-timeout",
    "same-spelling",
    "secret-in-address",
    "secret-in-the-clear",
    "secret-not-masked",
    "secret-spoken",
    "shared-device",
    "silence-loop",
    "spelled-zero",
    "spoken-key-not-bound",
    "survey-before-service",
    "syntax",
    "too-deep",
    "too-large",
    "too-many-keys",
    "too-many-options",
    "unknown-allow",
    "unknown-calendar",
    "unknown-group",
    "unknown-key",
    "unknown-language",
    "unknown-path",
    "unknown-placeholder",
    "unknown-reason",
    "unknown-skill",
    "unknown-target",
    "unknown-timezone",
    "unreachable",
    "unreadable",
    "unset-placeholder",
    "unspellable-name",
    "unspelled-word",
    "unused-allow",
    "unused-phrase",
    "wrong-input",
    "wrong-type",
}

codes! {
    /// The code of every problem that recordings can have.
    AUDIO_CODES:
    "audio-format",
    "audio-language",
    "audio-level",
    "audio-placeholder",
    "audio-shared",
    "missing-audio",
    "text-audio-drift",
    "unused-audio-file",
}

codes! {
    /// The code of every problem that only a file of call tests can have.
    CALL_CODES:
    "duplicate-call",
    "unknown-agent",
    "unknown-lookup",
    "unknown-outcome",
    "unknown-step",
    "unknown-value",
}

codes! {
    /// The code of every problem that only files of another system can have.
    IMPORT_CODES:
    "nothing-to-import",
    "other-language",
    "unknown-start",
}

/// All problems found so far.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Notes a problem.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// Whether a problem of this kind was found.
    pub fn has(&self, code: &str) -> bool {
        self.list.iter().any(|diagnostic| diagnostic.code == code)
    }

    /// Adds the problems of another list.
    pub fn append(&mut self, other: Self) {
        self.list.extend(other.list);
    }

    /// The problems in the order in which they were found.
    pub(super) fn into_list(self) -> Vec<Diagnostic> {
        self.list
    }

    /// Adds what is not known yet.
    pub fn append_new(&mut self, other: Self) {
        let at = |diagnostic: &Diagnostic| {
            let place = diagnostic.place.as_ref();
            let place = place.map(|place| (place.file, place.span.start));
            (place, diagnostic.code)
        };
        let mut known: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (place, diagnostic) in self.list.iter().enumerate() {
            known.entry(at(diagnostic)).or_default().push(place);
        }
        for diagnostic in other.list {
            let same = known.entry(at(&diagnostic)).or_default();
            if same.iter().all(|place| self.list[*place] != diagnostic) {
                same.push(self.list.len());
                self.list.push(diagnostic);
            }
        }
    }

    /// The problems as somebody else grades them; those of no severity are left out.
    #[must_use]
    pub fn graded(mut self, grade: impl Fn(&Diagnostic) -> Option<Severity>) -> Self {
        self.list.retain_mut(|diagnostic| {
            let severity = grade(diagnostic);
            diagnostic.severity = severity.unwrap_or(diagnostic.severity);
            severity.is_some()
        });
        self
    }

    /// The same without what is merely worth knowing.
    #[must_use]
    pub fn without_remarks(&self) -> Self {
        let matters = |diagnostic: &&Diagnostic| diagnostic.severity != Severity::Info;
        Self {
            list: self.list.iter().filter(matters).cloned().collect(),
        }
    }

    /// Whether nothing may be loaded.
    pub fn has_errors(&self) -> bool {
        self.list
            .iter()
            .any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// The problems, file by file and from top to bottom, each once. What is no syntax comes first: other
    /// problems of the file may come from it.
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let mut list: Vec<&Diagnostic> = self.list.iter().collect();
        list.sort_by_key(|diagnostic| {
            let place = diagnostic.place.as_ref();
            let file = place.map(|place| place.file);
            let start = place.map(|place| place.span.start);
            let is_read = diagnostic.code != "syntax";
            (file, is_read, start, diagnostic.severity, diagnostic.code)
        });
        list.dedup();
        list
    }

    /// As rustc would show them.
    pub fn render(&self, sources: &Sources, colour: bool) -> String {
        let renderer = if colour {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        let mut out = String::new();
        for diagnostic in self.sorted() {
            out.push_str(&harmless(render_one(diagnostic, sources, &renderer)));
            out.push_str("\n\n");
        }
        out
    }

    /// As a program wants them: one object each.
    pub fn to_json(&self, sources: &Sources) -> Vec<JsonDiagnostic> {
        self.sorted()
            .into_iter()
            .map(|diagnostic| JsonDiagnostic::new(diagnostic, sources))
            .collect()
    }
}

/// The renderer shows the control characters of ASCII as signs; those beyond, which files may hold, act
/// on some terminals just as well.
fn harmless(text: String) -> String {
    let acts = |c: char| matches!(c, '\u{80}'..='\u{9f}');
    match text.contains(acts) {
        true => text.replace(acts, "\u{fffd}"),
        false => text,
    }
}

fn render_one(diagnostic: &Diagnostic, sources: &Sources, renderer: &Renderer) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::NOTE,
    };
    let mut group = level
        .primary_title(diagnostic.message.as_str())
        .id(diagnostic.code)
        .elements(std::iter::empty::<annotate_snippets::Message<'_>>());
    if let Some(place) = &diagnostic.place {
        let related = diagnostic.related.as_ref();
        let (beside, elsewhere): (Vec<_>, Vec<_>) = related
            .into_iter()
            .partition(|(related, _)| related.file == place.file);
        let main = (AnnotationKind::Primary, &place.span, &diagnostic.label);
        let notes = beside
            .iter()
            .map(|(place, label)| (AnnotationKind::Context, &place.span, label));
        let marks: Vec<Mark<'_>> = std::iter::once(main).chain(notes).collect();
        group = group.element(snippet(sources.get(place.file), &marks));
        for (place, label) in elsewhere {
            let marks = [(AnnotationKind::Context, &place.span, label)];
            group = group.element(snippet(sources.get(place.file), &marks));
        }
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    renderer.render(&[group])
}

/// How a place is marked, and what is said there.
type Mark<'d> = (AnnotationKind, &'d Range<usize>, &'d String);

/// The lines of a file that have marks.
fn snippet<'d>(source: &'d Source, marks: &[Mark<'d>]) -> Snippet<'d, Annotation<'d>> {
    let starts = marks.iter().map(|(_, span, _)| span.start);
    let ends = marks.iter().map(|(_, span, _)| span.end);
    let all = starts.min().unwrap_or(0)..ends.max().unwrap_or(0);
    let (window, first_line) = source.lines_around(&all);
    let annotations = marks.iter().map(|(kind, span, label)| {
        let span = span.start - window.start..span.end - window.start;
        kind.span(span).label(label.as_str())
    });
    Snippet::source(&source.text[window.clone()])
        .line_start(first_line)
        .path(source.path.to_string_lossy())
        .annotations(annotations)
}

/// The shape of `--format json`.
#[derive(Clone, Debug, Serialize)]
pub struct JsonDiagnostic {
    /// The kind of mistake.
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// The fact.
    pub message: String,
    /// The file, if the problem is in one.
    pub file: Option<String>,
    /// From 1.
    pub line: Option<usize>,
    /// From 1, in characters.
    pub column: Option<usize>,
    /// What to do.
    pub help: Option<String>,
    /// The change of the same file that mends it, where it needs no thought (`check --fix`).
    pub fix: Option<JsonFix>,
}

/// A change of a text: what is between two places goes, and a text comes. Lines and columns are from 1,
/// columns in characters; the end is the first character that stays.
#[derive(Clone, Debug, Serialize)]
pub struct JsonFix {
    /// Where it begins.
    pub line: usize,
    /// Where it begins.
    pub column: usize,
    /// Where it ends.
    pub end_line: usize,
    /// Where it ends.
    pub end_column: usize,
    /// What comes; nothing where something only goes.
    pub text: String,
}

impl JsonFix {
    fn new(edit: Edit, sources: &Sources) -> Self {
        let (line, column) = sources.position(edit.file, edit.span.start);
        let (end_line, end_column) = sources.position(edit.file, edit.span.end);
        Self {
            line,
            column,
            end_line,
            end_column,
            text: edit.text,
        }
    }
}

impl JsonDiagnostic {
    fn new(diagnostic: &Diagnostic, sources: &Sources) -> Self {
        let place = diagnostic.place.as_ref();
        let position = place.map(|place| sources.position(place.file, place.span.start));
        Self {
            code: diagnostic.code,
            severity: diagnostic.severity,
            message: diagnostic.message.clone(),
            file: place.map(|place| sources.get(place.file).path.display().to_string()),
            line: position.map(|(line, _)| line),
            column: position.map(|(_, column)| column),
            help: diagnostic.help.clone(),
            fix: Edit::of(diagnostic, sources).map(|edit| JsonFix::new(edit, sources)),
        }
    }
}
