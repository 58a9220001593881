//! `# lint: allow(hidden-key)` on the line above, or behind what it is about: what is meant to be as it
//! is, is not reported.

use super::codes;
use super::codes::Code;
use super::comments::comments;
use super::diagnostic::AUDIO_CODES;
use super::diagnostic::CODES;
use super::diagnostic::Diagnostic;
use super::diagnostic::Diagnostics;
use super::diagnostic::Place;
use super::diagnostic::Severity;
use super::fix::Fix;
use super::source::FileId;
use super::source::Sources;
use std::collections::BTreeMap;
use std::ops::Range;

/// What a comment begins with that allows something.
const MARK: &str = "lint:";

/// Codes that are looked for only where a day is known.
const DATED: [&str; 4] = [
    "answer-expires-soon",
    "expired-answer",
    "holidays-past",
    "missing-hour",
];

/// What is left of the problems of some files.
pub(crate) struct Kept {
    /// What is not allowed.
    pub(crate) problems: Diagnostics,
    /// What is allowed and not found, to be reported so that no such remark outlives its reason.
    pub(crate) unused: Vec<Diagnostic>,
    /// The same of files that were included: another line may need it.
    pub(super) shared: Vec<Diagnostic>,
}

/// Allowances of files that several lines include: of no use where none of these lines needs them.
#[derive(Default)]
pub(super) struct Shared {
    /// How many lines include a file.
    lines: BTreeMap<FileId, usize>,
    /// What they allow in vain, and how many of them do.
    idle: Vec<(Diagnostic, usize)>,
    /// A line was not looked at to the end.
    has_holes: bool,
}

impl Shared {
    /// A line that was looked at to the end includes these files, of which it needs no such allowances.
    pub(super) fn line(&mut self, included: &[FileId], idle: Vec<Diagnostic>) {
        for file in included {
            *self.lines.entry(*file).or_default() += 1;
        }
        for diagnostic in idle {
            match self.idle.iter_mut().find(|(known, _)| *known == diagnostic) {
                Some((_, count)) => *count += 1,
                None => self.idle.push((diagnostic, 1)),
            }
        }
    }

    /// A line has errors: nobody knows what it needs.
    pub(super) fn hole(&mut self) {
        self.has_holes = true;
    }

    /// What no line needs.
    pub(super) fn report(self, out: &mut Diagnostics) {
        let lines = |diagnostic: &Diagnostic| {
            let file = diagnostic.place.as_ref().map(|place| place.file);
            file.and_then(|file| self.lines.get(&file)).copied()
        };
        let idle = self.idle.iter().filter(|_| !self.has_holes);
        for (diagnostic, count) in idle {
            if lines(diagnostic) == Some(*count) {
                out.push(diagnostic.clone());
            }
        }
    }
}

/// A code that is allowed on one line.
struct Allowed {
    code: String,
    /// The code in the remark.
    place: Place,
    /// The line it is about, from its first byte to its last.
    line: Range<usize>,
    /// It stands behind what it is about.
    is_behind: bool,
    fate: Fate,
}

impl Allowed {
    fn shown_line(&self) -> &'static str {
        match self.is_behind {
            true => "this line",
            false => "the next line",
        }
    }
}

/// What became of an allowance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// Nothing of the kind was found.
    Idle,
    /// Something was, and is allowed.
    Used,
    /// What was found is an error.
    Refused,
}

/// Takes out what is allowed where it is found.
///
/// `included` are files that others may include too; `known` are the codes that these files can draw;
/// `dated`, whether it is known which day it is.
pub(crate) fn apply(
    files: &[FileId],
    included: &[FileId],
    known: &[&[Code]],
    dated: bool,
    sources: &Sources,
    found: Diagnostics,
) -> Kept {
    let is_dated = |code: &str| DATED.contains(&code);
    let looked_for = |code: &str| !is_of_recordings(code) && (dated || !is_dated(code));
    sift(files, included, known, looked_for, sources, found)
}

/// The same where only recordings were looked at.
pub(super) fn apply_to_recordings(
    files: &[FileId],
    included: &[FileId],
    sources: &Sources,
    found: Diagnostics,
) -> Kept {
    sift(
        files,
        included,
        &[CODES, AUDIO_CODES],
        is_of_recordings,
        sources,
        found,
    )
}

fn is_of_recordings(code: &str) -> bool {
    codes::named(code, &[AUDIO_CODES]).is_some()
}

fn sift(
    files: &[FileId],
    included: &[FileId],
    known: &[&[Code]],
    looked_for: impl Fn(&str) -> bool,
    sources: &Sources,
    found: Diagnostics,
) -> Kept {
    let mut problems = Diagnostics::default();
    let mut allowed: Vec<Allowed> = Vec::new();
    for file in files.iter().chain(included) {
        let text = &sources.get(*file).text;
        read(*file, text, known, &mut allowed, &mut problems);
    }
    // What has errors is not looked at to the end.
    let whole = !found.has_errors();
    for problem in found.into_list() {
        let about = |one: &&mut Allowed| {
            let here = problem.place.as_ref().is_some_and(|place| {
                place.file == one.place.file && one.line.contains(&place.span.start)
            });
            here && one.code == problem.code
        };
        let allowance = allowed.iter_mut().find(about);
        match (allowance, problem.severity) {
            (Some(one), Severity::Warning | Severity::Info) => one.fate = Fate::Used,
            (Some(one), Severity::Error) => {
                one.fate = Fate::Refused;
                problems.push(problem);
            }
            (None, _) => problems.push(problem),
        }
    }
    let is_of_no_use = |one: &&Allowed| match one.fate {
        Fate::Used => false,
        Fate::Refused => true,
        Fate::Idle => whole && looked_for(&one.code),
    };
    let of_no_use = allowed.iter().filter(is_of_no_use);
    let (shared, own): (Vec<&Allowed>, Vec<&Allowed>) =
        of_no_use.partition(|one| included.contains(&one.place.file) && one.fate == Fate::Idle);
    Kept {
        problems,
        unused: own.into_iter().map(unused_allow).collect(),
        shared: shared.into_iter().map(shared_allow).collect(),
    }
}

/// Another line that includes the file may need it: nothing is wrong for certain, or mended.
fn shared_allow(one: &Allowed) -> Diagnostic {
    let (code, line) = (&one.code, one.shown_line());
    let message = format!("no line that was looked at has a `{code}` on {line} to allow");
    let diagnostic = Diagnostic::info("unused-allow", one.place.clone(), message);
    diagnostic.help("leave it out, unless another line includes this file and needs it")
}

fn unused_allow(one: &Allowed) -> Diagnostic {
    let (code, line) = (&one.code, one.shown_line());
    let (message, help) = match one.fate {
        Fate::Refused => (
            format!("`{code}` is an error on {line}, and errors cannot be allowed"),
            "leave this out, and mend what is wrong",
        ),
        Fate::Idle | Fate::Used => (
            format!("there is no `{code}` on {line} to allow"),
            "leave it out",
        ),
    };
    let diagnostic = Diagnostic::warning("unused-allow", one.place.clone(), message);
    diagnostic.help(help).fix(Fix::Disallow)
}

/// The remarks of one file.
fn read(
    file: FileId,
    text: &str,
    known: &[&[Code]],
    allowed: &mut Vec<Allowed>,
    out: &mut Diagnostics,
) {
    let mut windows = text.as_bytes().windows(MARK.len());
    if !windows.any(|bytes| bytes.eq_ignore_ascii_case(MARK.as_bytes())) {
        return;
    }
    // Remarks may stand one below the other.
    let mut waiting: Vec<(String, Place)> = Vec::new();
    let mut allow = |codes: Vec<(String, Place)>, line: &Range<usize>, is_behind| {
        allowed.extend(codes.into_iter().map(|(code, place)| Allowed {
            code,
            place,
            line: line.clone(),
            is_behind,
            fate: Fate::Idle,
        }));
    };
    let mut comments = comments(text).into_iter().peekable();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let span = start..start + line.len();
        let comment = comments.next_if(|at| span.contains(at));
        let is_alone = line.trim_start().starts_with('#');
        let mut codes = Vec::new();
        let capitals = comment.and_then(|at| in_capitals(text, at..span.end));
        let read = comment.filter(|_| capitals.is_none());
        if let Some(span) = capitals {
            out.push(small_letters(&text[span.clone()], Place { file, span }));
        }
        for (code, span) in read.map_or_else(Vec::new, |at| codes_in(text, at..span.end)) {
            let place = Place { file, span };
            match codes::named(&code, known) {
                Some(_) => codes.push((code, place)),
                None => out.push(unknown(&code, known, place)),
            }
        }
        if is_alone {
            waiting.append(&mut codes);
        } else {
            allow(std::mem::take(&mut waiting), &span, false);
            allow(codes, &span, true);
        }
        start = span.end;
    }
    allow(waiting, &(0..0), false);
}

/// What stands between the brackets of `allow(…)` in a comment, whatever is said behind them; of anything
/// else that is marked, all of it.
fn codes_in(text: &str, comment: Range<usize>) -> Vec<(String, Range<usize>)> {
    let written = text[comment.clone()].trim_start_matches(['#', ' ', '\t']);
    let Some(remark) = written.strip_prefix(MARK).map(str::trim_start) else {
        return Vec::new();
    };
    let inner = remark.strip_prefix("allow").map(str::trim_start);
    let inner = inner.and_then(|rest| rest.strip_prefix('('));
    let (inside, mut at) = match inner.and_then(|rest| Some((rest, rest.split_once(')')?.0))) {
        Some((rest, inside)) => (inside, comment.end - rest.len()),
        None => (remark.trim_end(), comment.end - remark.len()),
    };
    let mut codes = Vec::new();
    for part in inside.split(',') {
        let code = part.trim();
        let from = at + part.find(code).unwrap_or(0);
        codes.push((code.to_owned(), from..from + code.len()));
        at += part.len() + 1;
    }
    codes
}

/// `lint: allow` before a bracket, if there is a capital letter in it.
fn in_capitals(text: &str, comment: Range<usize>) -> Option<Range<usize>> {
    let written = text[comment.clone()].trim_start_matches(['#', ' ', '\t']);
    let small = written.to_ascii_lowercase();
    let rest = small
        .strip_prefix(MARK)?
        .trim_start()
        .strip_prefix("allow")?;
    let words = small.len() - rest.len();
    let from = comment.end - written.len();
    let is_meant = rest.trim_start().starts_with('(');
    (is_meant && written[..words] != small[..words]).then_some(from..from + words)
}

fn small_letters(words: &str, place: Place) -> Diagnostic {
    let message = format!("`{words}` allows nothing: it is written in small letters");
    let diagnostic = Diagnostic::warning("unknown-allow", place, message);
    let small = words.to_ascii_lowercase();
    let diagnostic = diagnostic.help(format!("write `{small}`"));
    diagnostic.rename(words, &small)
}

fn unknown(code: &str, known: &[&[Code]], place: Place) -> Diagnostic {
    let message = format!("there is no code \"{code}\" to allow");
    let diagnostic = Diagnostic::warning("unknown-allow", place, message);
    let names = known.iter().copied().flatten().map(|code| code.name);
    match super::value::nearest(code, names.clone()) {
        Some(_) => diagnostic.suggest(code, names),
        None => diagnostic.help("write # lint: allow(CODE)"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// The codes that a comment allows, as they stand in the text.
    fn codes_of(text: &str) -> Vec<&str> {
        let codes = codes_in(text, text.find('#').expect("a comment")..text.len());
        for (code, span) in &codes {
            assert_eq!(&text[span.clone()], code);
        }
        codes.into_iter().map(|(_, span)| &text[span]).collect()
    }

    #[test]
    fn codes_are_found_whatever_is_said_behind_them() {
        assert_eq!(codes_of("# lint: allow(a, b)"), ["a", "b"]);
        assert_eq!(
            codes_of("1 = 2 #lint:allow( a ,b)  a (good) reason\n"),
            ["a", "b"]
        );
        assert_eq!(codes_of("## lint: allow (a): why, é"), ["a"]);
        assert_eq!(codes_of("# lint: a, b \n"), ["a", "b"]);
        assert_eq!(codes_of("# lint: allow(a"), ["allow(a"]);
        assert_eq!(codes_of("# a lint: allow(a)"), [""; 0]);
    }

    #[test]
    fn capital_letters_are_found_where_something_is_to_be_allowed() {
        let words = |text: &'static str| {
            let at = text.find('#').expect("a comment");
            in_capitals(text, at..text.len()).map(|words| &text[words])
        };
        assert_eq!(words("é = 1 # Lint:  Allow (a)\n"), Some("Lint:  Allow"));
        assert_eq!(words("## lint: ALLOW(a): why"), Some("lint: ALLOW"));
        assert_eq!(words("# lint: allow(A)"), None);
        assert_eq!(words("# Lint: we allow this (for now)"), None);
    }

    /// What is left of one problem on the third line of a file, and what was allowed in vain.
    fn kept(code: &'static str, severity: Severity, dated: bool) -> Vec<&'static str> {
        let text = "# lint: allow(hidden-key, expired-answer)\n# why\n1 = \"sales\"\n";
        let mut sources = Sources::default();
        let file = sources.add(Path::new("a.toml"), text.to_owned());
        let mut found = Diagnostics::default();
        let span = text.len() - 3..text.len() - 1;
        let place = Place { file, span };
        found.push(Diagnostic::new(code, severity, Some(place), "found"));
        let kept = apply(&[file], &[], &[CODES], dated, &sources, found);
        let problems = kept.problems.into_list().into_iter();
        let all = problems.chain(kept.unused);
        all.map(|problem| problem.code).collect()
    }

    #[test]
    fn what_depends_on_the_day_is_in_vain_only_where_the_day_is_known() {
        assert_eq!(kept("hidden-key", Severity::Info, false), [""; 0]);
        assert_eq!(kept("hidden-key", Severity::Info, true), ["unused-allow"]);
    }

    #[test]
    fn errors_are_not_allowed_and_hide_what_else_is_in_vain() {
        assert_eq!(
            kept("hidden-key", Severity::Error, true),
            ["hidden-key", "unused-allow"]
        );
        assert_eq!(kept("dead-end", Severity::Error, true), ["dead-end"]);
    }
}
